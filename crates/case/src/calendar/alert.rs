//! The traffic light of a deadline.

use time::{Date, PrimitiveDateTime};

use super::{CalendarFault, OfficeHours, WorkingCalendar};
use crate::text::Bilingual;

/// How near a deadline is (红黄牌), from calm to late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AlertLevel {
    /// More than half of the working days are left.
    Green,
    /// Half of them or less.
    Yellow,
    /// The last working day.
    Orange,
    /// Past the close of business of the last day.
    Red,
}

impl AlertLevel {
    /// The machine name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Yellow => "yellow",
            Self::Orange => "orange",
            Self::Red => "red",
        }
    }

    /// The word for people.
    pub fn label(self) -> Bilingual {
        let (zh, en) = match self {
            Self::Green => ("正常", "in time"),
            Self::Yellow => ("预警", "half the time has gone"),
            Self::Orange => ("今日到期", "due today"),
            Self::Red => ("超期", "overdue"),
        };
        Bilingual {
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }

    /// The level when so many of all working days are left and the deadline has not passed; also for a frozen clock.
    pub fn of_days_left(left: u32, total: u32) -> Self {
        if left == 0 {
            Self::Orange
        } else if u64::from(left) * 2 > u64::from(total) {
            Self::Green
        } else {
            Self::Yellow
        }
    }
}

impl WorkingCalendar {
    /// The level at the given moment of a deadline that runs from `start` (day 0) to the close of business on `due`.
    pub fn alert_level(&self, start: Date, due: Date, now: PrimitiveDateTime, hours: &OfficeHours) -> Result<AlertLevel, CalendarFault> {
        if Self::is_overdue(hours.closing(due), now) {
            return Ok(AlertLevel::Red);
        }
        let days = |from| self.working_days_between(from, due).map(|days| u32::try_from(days).unwrap_or(0));
        Ok(AlertLevel::of_days_left(days(now.date())?, days(start)?))
    }
}
