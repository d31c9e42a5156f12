//! Days as text, `YYYY-MM-DD`, the form in which conditions see them. Absent on purpose: working days and the clock.

use time::{Date, Duration, Month};

/// Reads `2026-11-24`; also with a time behind it, which is ignored. `None` for anything else and for days that do not exist.
pub fn parse_date(text: &str) -> Option<Date> {
    let text = text.trim();
    let day = text.get(..10)?;
    if text.len() > 10 && !matches!(text.as_bytes()[10], b'T' | b' ') {
        return None;
    }
    let mut parts = day.split('-');
    let (year, month, number) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    if parts.next().is_some() || !digits(year, 4) || !digits(month, 2) || !digits(number, 2) {
        return None;
    }
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, number.parse().ok()?).ok()
}

/// The day so many days later (or earlier, when negative); `None` outside the calendar.
pub fn plus_days(date: Date, days: i64) -> Option<Date> {
    date.checked_add(Duration::seconds(days.checked_mul(86_400)?))
}

/// The same day so many months later; the last day of the month when that day does not exist. `None` outside the calendar.
pub fn plus_months(date: Date, months: i64) -> Option<Date> {
    let index = i64::from(date.year())
        .checked_mul(12)?
        .checked_add(i64::from(u8::from(date.month())) - 1)?
        .checked_add(months)?;
    let year = i32::try_from(index.div_euclid(12)).ok().filter(|year| (1..=9999).contains(year))?;
    let month = Month::try_from(u8::try_from(index.rem_euclid(12)).ok()? + 1).ok()?;
    let day = date.day().min(month.length(year));
    Date::from_calendar_date(year, month, day).ok()
}

/// Whole years from one day to another, negative when the second is earlier.
pub fn full_years(from: Date, to: Date) -> i64 {
    if to < from {
        return -full_years(to, from);
    }
    let years = i64::from(to.year() - from.year());
    let reached = (u8::from(to.month()), to.day()) >= (u8::from(from.month()), from.day());
    if reached { years } else { years - 1 }
}

/// `YYYY-MM-DD`.
pub(crate) fn written(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_does_not_exist_is_not_a_date() {
        for text in [
            "2026-02-30",
            "2026-13-01",
            "2026-1-1",
            "26-01-01",
            "2026-01-01x",
            "",
            "二〇二六",
            "2026-01-01-01",
            "２０２６-01-01",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn months_end_on_the_last_day() {
        let check = |text: &str, months, expected: &str| {
            let date = parse_date(text).and_then(|date| plus_months(date, months)).map(written);
            assert_eq!(date.as_deref(), Some(expected));
        };
        check("2026-01-31", 1, "2026-02-28");
        check("2024-02-29", 12, "2025-02-28");
        check("2026-01-15", -1, "2025-12-15");
    }

    #[test]
    fn a_birthday_counts_on_its_day() {
        let years = |a: &str, b: &str| full_years(parse_date(a).expect("date"), parse_date(b).expect("date"));
        assert_eq!(years("2000-08-31", "2018-08-30"), 17);
        assert_eq!(years("2000-08-31", "2018-08-31"), 18);
    }
}
