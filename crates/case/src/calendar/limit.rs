//! Time limits in the units that laws and promises use, and the moment at which they end.

use time::{Date, Duration, Month, PrimitiveDateTime};

use super::{CalendarFault, OfficeHours, WorkingCalendar};

/// A promised or statutory time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Limit {
    /// While the applicant waits (即办件): by the close of the day.
    AtOnce,
    /// Minutes that run only inside office hours.
    OfficeMinutes(u32),
    /// Working days; the first day is not counted.
    WorkingDays(u32),
    /// Calendar days; the first day is not counted, the end moves to a working day.
    CalendarDays(u32),
    /// Calendar months, to the same day of the month or its last one; the end moves to a working day.
    Months(u32),
    /// Calendar years, to the same day; the end moves to a working day.
    Years(u32),
}

impl WorkingCalendar {
    /// When a limit ends that starts at the given moment: at the close of business of its last day (民法典 art. 202, 203),
    /// for minutes at the minute. Give the start through [`WorkingCalendar::clock_start`].
    pub fn due_at(&self, limit: Limit, start: PrimitiveDateTime, hours: &OfficeHours) -> Result<PrimitiveDateTime, CalendarFault> {
        let day = match limit {
            Limit::OfficeMinutes(minutes) => return self.add_office_minutes(start, minutes, hours),
            Limit::AtOnce => self.on_or_after(start.date())?,
            // No days at all must still end on a day on which somebody works.
            Limit::WorkingDays(days) => self.on_or_after(self.add_working_days(start.date(), days)?)?,
            Limit::CalendarDays(days) => self.add_calendar_days(start.date(), days)?,
            Limit::Months(months) => self.add_months(start.date(), months)?,
            Limit::Years(years) => self.add_months(start.date(), years.checked_mul(12).ok_or(CalendarFault::DateOutOfRange)?)?,
        };
        Ok(hours.closing(day))
    }

    /// The day so many calendar days after `start`, moved to the next working day when nobody works on it.
    pub fn add_calendar_days(&self, start: Date, days: u32) -> Result<Date, CalendarFault> {
        self.on_or_after(start.checked_add(Duration::days(i64::from(days))).ok_or(CalendarFault::DateOutOfRange)?)
    }

    /// The same day so many months after `start`, or the last day of that month, moved to the next working day.
    pub fn add_months(&self, start: Date, months: u32) -> Result<Date, CalendarFault> {
        let months = i64::from(start.year()) * 12 + i64::from(u8::from(start.month())) - 1 + i64::from(months);
        let year = i32::try_from(months.div_euclid(12)).map_err(|_| CalendarFault::DateOutOfRange)?;
        let month = u8::try_from(months.rem_euclid(12) + 1).ok().and_then(|month| Month::try_from(month).ok());
        let date = month.and_then(|month| Date::from_calendar_date(year, month, start.day().min(month.length(year))).ok());
        self.on_or_after(date.ok_or(CalendarFault::DateOutOfRange)?)
    }
}
