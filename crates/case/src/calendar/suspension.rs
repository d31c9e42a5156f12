//! Time that is not counted: hearing, tender, auction, inspection, test, quarantine, appraisal, expert review (行政许可法 art. 45),
//! and waiting for a supplement.

use time::Date;

use super::{CalendarFault, WorkingCalendar};

/// A stopped clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrozenClock {
    /// The day on which it stopped; it counts as used.
    pub suspended_on: Date,
    /// Working days that are left.
    pub remaining_days: u32,
    /// The due day that had already passed; stopping the clock does not heal it.
    pub lapsed_due: Option<Date>,
}

impl WorkingCalendar {
    /// Stops a clock that would end on `due`.
    pub fn suspend(&self, due: Date, on: Date) -> Result<FrozenClock, CalendarFault> {
        let remaining_days = u32::try_from(self.working_days_between(on, due)?).unwrap_or(0);
        Ok(FrozenClock {
            suspended_on: on,
            remaining_days,
            lapsed_due: (on > due).then_some(due),
        })
    }

    /// The due day of a clock that goes on, with the day of resumption as day 0.
    pub fn resume(&self, clock: &FrozenClock, on: Date) -> Result<Date, CalendarFault> {
        match clock.lapsed_due {
            Some(due) => Ok(due),
            None => self.on_or_after(self.add_working_days(on, clock.remaining_days)?),
        }
    }
}
