//! Reading a calendar from text, and the calendar that the product carries.

use std::{collections::BTreeMap, sync::LazyLock};

use time::{Date, Month};

use super::{CalendarFault, SpecialDay, WorkingCalendar};
use crate::text::Bilingual;

impl WorkingCalendar {
    /// Reads lines of the form `date,kind,name_zh,name_en`: kind `off` or `work` with a day, `notice` with a year that the text covers.
    /// Comments begin with `#`; a heading that begins with `date,` is passed over.
    pub fn parse(text: &str) -> Result<Self, CalendarFault> {
        let mut notices = BTreeMap::new();
        let mut special_days = BTreeMap::new();
        for (number, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())) {
            if line.is_empty() || line.starts_with('#') || line.starts_with("date,") {
                continue;
            }
            let again = match read(line).ok_or(CalendarFault::LineUnreadable(number))? {
                Line::Notice(year, document) => notices.insert(year, document).is_some(),
                Line::Day(date, special) => special_days.insert(date, special).is_some(),
            };
            if again {
                return Err(CalendarFault::DayTwice(number));
            }
        }
        Self::new(notices, special_days)
    }

    /// The working days of mainland China, 2017 to 2026.
    pub fn mainland() -> &'static Self {
        &MAINLAND
    }
}

/// Reads only days, `date,kind,name_zh,name_en`, as a local notice has them; a notice of a year has no place in it.
///
/// # Errors
/// [`CalendarFault::LineUnreadable`] or [`CalendarFault::DayTwice`] with the line.
pub fn parse_days(text: &str) -> Result<BTreeMap<Date, SpecialDay>, CalendarFault> {
    let mut days = BTreeMap::new();
    for (number, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())) {
        if line.is_empty() || line.starts_with('#') || line.starts_with("date,") {
            continue;
        }
        let Some(Line::Day(date, special)) = read(line) else {
            return Err(CalendarFault::LineUnreadable(number));
        };
        if days.insert(date, special).is_some() {
            return Err(CalendarFault::DayTwice(number));
        }
    }
    Ok(days)
}

enum Line {
    Notice(i32, Bilingual),
    Day(Date, SpecialDay),
}

fn read(line: &str) -> Option<Line> {
    let mut columns = line.split(',');
    let (date, kind) = (columns.next()?, columns.next()?);
    // The English name is the last column and may hold commas of its own.
    let name = Bilingual {
        zh: columns.next()?.to_owned(),
        en: columns.collect::<Vec<_>>().join(","),
    };
    match kind {
        "notice" => Some(Line::Notice(date.parse().ok().filter(|year| (1900..=9999).contains(year))?, name)),
        "off" => Some(Line::Day(day(date)?, SpecialDay { working: false, name })),
        "work" => Some(Line::Day(day(date)?, SpecialDay { working: true, name })),
        _ => None,
    }
}

/// Reads `YYYY-MM-DD`.
fn day(text: &str) -> Option<Date> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()
}

static MAINLAND: LazyLock<WorkingCalendar> = LazyLock::new(|| {
    let text = include_str!("../../../../assets/calendar/cn-mainland.csv");
    // The text is part of the program and a test reads it: broken data here is a defect, not a state to go on in.
    WorkingCalendar::parse(text).expect("the calendar inside the program is sound")
});
