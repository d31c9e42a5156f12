//! Office hours of a counter: when a receipt counts, when a day closes, how a promise in minutes runs.

use time::{Date, Duration, Month, PrimitiveDateTime, Time, macros::time};

use super::{CalendarFault, WorkingCalendar};

/// The hours of a counter in summer and winter; each centre sets its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfficeHours {
    /// First day of the summer hours, as month and day.
    pub summer_from: (Month, u8),
    /// Last day of the summer hours, as month and day.
    pub summer_until: (Month, u8),
    /// The hours in summer.
    pub summer: DayHours,
    /// The hours in the rest of the year.
    pub winter: DayHours,
}

/// The hours of one working day; each pair is opening and closing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayHours {
    /// Before the noon break.
    pub morning: (Time, Time),
    /// After the noon break; its end is the close of business.
    pub afternoon: (Time, Time),
}

/// 08:30-12:00 and 14:00-17:30, from June to September 14:30-17:30.
impl Default for OfficeHours {
    fn default() -> Self {
        let morning = (time!(8:30), time!(12:00));
        Self {
            summer_from: (Month::June, 1),
            summer_until: (Month::September, 30),
            summer: DayHours {
                morning,
                afternoon: (time!(14:30), time!(17:30)),
            },
            winter: DayHours {
                morning,
                afternoon: (time!(14:00), time!(17:30)),
            },
        }
    }
}

impl OfficeHours {
    /// The hours on a day, supposing it is a working day.
    pub fn on(&self, date: Date) -> DayHours {
        let day = (u8::from(date.month()), date.day());
        let bound = |(month, day): (Month, u8)| (u8::from(month), day);
        if (bound(self.summer_from)..=bound(self.summer_until)).contains(&day) {
            self.summer
        } else {
            self.winter
        }
    }

    /// The close of business.
    pub fn closing(&self, date: Date) -> PrimitiveDateTime {
        PrimitiveDateTime::new(date, self.on(date).afternoon.1)
    }

    /// The beginning of business.
    pub fn opening(&self, date: Date) -> PrimitiveDateTime {
        PrimitiveDateTime::new(date, self.on(date).morning.0)
    }
}

impl WorkingCalendar {
    /// When the clock of something handed in at the given moment starts: at that moment on a working day up to the close of business,
    /// or at a duty window that really accepts; else at the opening of the next working day (online, self-service terminal).
    /// The day of this moment is day 0 of every limit.
    pub fn clock_start(&self, at: PrimitiveDateTime, on_duty: bool, hours: &OfficeHours) -> Result<PrimitiveDateTime, CalendarFault> {
        let in_time = at <= hours.closing(at.date()) && self.is_working_day(at.date())?;
        if in_time || on_duty {
            return Ok(at);
        }
        Ok(hours.opening(self.add_working_days(at.date(), 1)?))
    }

    /// The moment after so many minutes inside office hours.
    pub fn add_office_minutes(&self, start: PrimitiveDateTime, minutes: u32, hours: &OfficeHours) -> Result<PrimitiveDateTime, CalendarFault> {
        let mut left = Duration::minutes(i64::from(minutes));
        let mut day = self.on_or_after(start.date())?;
        // Ends with the calendar at the latest: every round takes the next working day.
        loop {
            let DayHours { morning, afternoon } = hours.on(day);
            for (from, to) in [morning, afternoon] {
                let from = PrimitiveDateTime::new(day, from).max(start);
                let open = PrimitiveDateTime::new(day, to) - from;
                if open.is_positive() && left <= open {
                    return Ok(from + left);
                }
                left -= open.max(Duration::ZERO);
            }
            day = self.add_working_days(day, 1)?;
        }
    }

    /// Whether a due moment has passed: from the first minute after the close of business of the due day.
    pub fn is_overdue(due: PrimitiveDateTime, now: PrimitiveDateTime) -> bool {
        now > due
    }
}
