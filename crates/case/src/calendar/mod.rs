//! Working days of the administration and every deadline counted in them.
//!
//! The days come from the yearly notices of the State Council (`assets/calendar/cn-mainland.csv`). A year without its notice is unknown:
//! counting into it is a fault, never a guess; [`WorkingCalendar::assuming_years`] makes the assumption where a provisional date (暂定)
//! has to be shown, and says so. Days are business dates and times are the centre's local time; this module reads no clock.
//! Absent on purpose: the state of a case. The rules and their legal base are named at each function.

use std::collections::BTreeMap;

use time::{Date, Duration, Month, Weekday};

use crate::text::Bilingual;

mod alert;
mod bundle;
mod law;
mod limit;
mod office_hours;
mod parse;
mod suspension;
#[cfg(test)]
mod vectors;

pub use alert::AlertLevel;
pub use bundle::{BundleMatter, BundleSchedule, MatterSchedule};
pub use law::{Approver, DeemedAcceptance, DueRevision, STATUTORY_TERMS, StatutoryTerm, deemed_withdrawn, earlier_due, find_statutory_term, revised_due};
pub use limit::Limit;
pub use office_hours::{DayHours, OfficeHours};
pub use parse::parse_days;
pub use suspension::FrozenClock;

/// Which days the administration works, for a run of whole years.
///
/// Counting is by a running total, so it costs the same for one day as for ten years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingCalendar {
    first_day: Date,
    /// At index n the count of working days among the first n days.
    worked: Vec<u32>,
    special_days: BTreeMap<Date, SpecialDay>,
    notices: BTreeMap<i32, Bilingual>,
    /// Years at the end that are assumed to have plain weeks.
    assumed_years: u16,
}

/// A day that a notice names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecialDay {
    /// Make-up working day (调休上班) or day off.
    pub working: bool,
    /// The holiday it belongs to.
    pub name: Bilingual,
}

/// Why a day cannot be told or a calendar cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarFault {
    /// No notice for this year is loaded.
    #[error("the working days of {0} are not known; load the calendar of that year")]
    YearUnknown(i32),
    /// The calendar names no year at all.
    #[error("the calendar holds no year")]
    NoYears,
    /// More years than a calendar may hold.
    #[error("the calendar holds more than {} years", WorkingCalendar::YEARS_MAX)]
    TooManyYears,
    /// A line of a calendar file is not of the form `date,kind,name_zh,name_en`.
    #[error("line {0} of the calendar cannot be read")]
    LineUnreadable(usize),
    /// A line of a calendar file names a day or year once more.
    #[error("line {0} of the calendar names a day again")]
    DayTwice(usize),
    /// A date and time lies outside every calendar.
    #[error("the date lies outside the calendar")]
    DateOutOfRange,
    /// A matter of a bundle waits for one that is not in the bundle.
    #[error("matter {0} of the bundle waits for a matter that is not in it")]
    MatterUnknown(usize),
    /// Two matters of a bundle have the same key.
    #[error("matter {0} of the bundle has the key of another one")]
    MatterTwice(usize),
    /// Matters of a bundle wait for one another.
    #[error("matter {0} of the bundle waits for itself")]
    MatterCycle(usize),
}

impl CalendarFault {
    /// The machine code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::YearUnknown(_) => "calendar-year-unknown",
            Self::NoYears => "calendar-no-years",
            Self::TooManyYears => "calendar-too-many-years",
            Self::LineUnreadable(_) => "calendar-line-unreadable",
            Self::DayTwice(_) => "calendar-day-twice",
            Self::DateOutOfRange => "calendar-date-out-of-range",
            Self::MatterUnknown(_) => "bundle-matter-unknown",
            Self::MatterTwice(_) => "bundle-matter-twice",
            Self::MatterCycle(_) => "bundle-matter-cycle",
        }
    }

    /// The sentence for people in both languages.
    pub fn message(&self) -> Bilingual {
        let zh = match self {
            Self::YearUnknown(year) => format!("{year} 年的工作日安排未知，请加载该年日历"),
            Self::NoYears => "日历中没有年份".to_owned(),
            Self::TooManyYears => format!("日历超过 {} 年", WorkingCalendar::YEARS_MAX),
            Self::LineUnreadable(line) => format!("日历第 {line} 行无法读取"),
            Self::DayTwice(line) => format!("日历第 {line} 行的日期重复"),
            Self::DateOutOfRange => "日期超出日历范围".to_owned(),
            Self::MatterUnknown(index) => format!("第 {index} 个事项的前置事项不在本件中"),
            Self::MatterTwice(index) => format!("第 {index} 个事项重复"),
            Self::MatterCycle(index) => format!("第 {index} 个事项互为前置"),
        };
        Bilingual { zh, en: self.to_string() }
    }
}

impl WorkingCalendar {
    /// The most years that a calendar may hold.
    pub const YEARS_MAX: usize = 200;
    /// A notice has moved days as early as the last days of the year before; this many days before the first unknown year
    /// may still change (the notices of 2017 to 2026 reached three days back).
    pub const NOTICE_REACH_DAYS: i64 = 14;

    /// A calendar of the years with a notice, whose numbers must follow one another. Days outside these years are kept for a later
    /// notice but cannot be counted.
    pub fn new(notices: BTreeMap<i32, Bilingual>, special_days: BTreeMap<Date, SpecialDay>) -> Result<Self, CalendarFault> {
        let (Some(first), Some(last)) = (notices.keys().next().copied(), notices.keys().next_back().copied()) else {
            return Err(CalendarFault::NoYears);
        };
        if notices.len() > Self::YEARS_MAX {
            return Err(CalendarFault::TooManyYears);
        }
        if let Some((_, gap)) = (first..=last)
            .zip(notices.keys())
            .map(|(year, known)| (*known, year))
            .find(|(known, year)| known != year)
        {
            return Err(CalendarFault::YearUnknown(gap));
        }
        let (first_day, worked) = running_total(first, last, &special_days)?;
        Ok(Self {
            first_day,
            worked,
            special_days,
            notices,
            assumed_years: 0,
        })
    }

    /// The same calendar with days of a local notice (typhoon closing, local extension) above the general ones.
    pub fn with_local_days(&self, days: BTreeMap<Date, SpecialDay>) -> Result<Self, CalendarFault> {
        let mut special_days = self.special_days.clone();
        special_days.extend(days);
        let assumed = self.assumed_years;
        Self::new(self.notices.clone(), special_days)?.assuming_years(assumed)
    }

    /// The same calendar with this many years behind the last notice, in which every Monday to Friday is taken for a working day.
    /// Dates in them are provisional and have to be counted again when the notice is there.
    pub fn assuming_years(&self, years: u16) -> Result<Self, CalendarFault> {
        if self.notices.len() + usize::from(years) > Self::YEARS_MAX {
            return Err(CalendarFault::TooManyYears);
        }
        let last = self.last_notice_year() + i32::from(years);
        let (first_day, worked) = running_total(self.first_day.year(), last, &self.special_days)?;
        Ok(Self {
            first_day,
            worked,
            assumed_years: years,
            ..self.clone()
        })
    }

    /// Whether the administration works on the day.
    pub fn is_working_day(&self, date: Date) -> Result<bool, CalendarFault> {
        let index = self.index(date)?;
        Ok(self.worked[index + 1] > self.worked[index])
    }

    /// The working day that is so many working days after `start`, which itself is day 0 whether it is a working day or not
    /// (行政许可法 art. 82; first day excluded after 民法典 art. 201). No days give `start`.
    pub fn add_working_days(&self, start: Date, days: u32) -> Result<Date, CalendarFault> {
        let index = self.index(start)?;
        if days == 0 {
            return Ok(start);
        }
        let wanted = self.worked[index + 1].saturating_add(days);
        let reached = self.worked.partition_point(|total| *total < wanted);
        if reached == self.worked.len() {
            Err(CalendarFault::YearUnknown(self.last_year() + 1))
        } else {
            self.day(reached - 1)
        }
    }

    /// How many working days lie after `from` up to and including `to`; negative when `to` is earlier.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<i64, CalendarFault> {
        let total = |date| self.index(date).map(|index| i64::from(self.worked[index + 1]));
        Ok(total(to)? - total(from)?)
    }

    /// The day itself when it is a working day, else the next one (民法典 art. 203).
    pub fn on_or_after(&self, date: Date) -> Result<Date, CalendarFault> {
        if self.is_working_day(date)? {
            Ok(date)
        } else {
            self.add_working_days(date, 1)
        }
    }

    /// The holiday or make-up day that a notice made of the day.
    pub fn find_special_day(&self, date: Date) -> Option<&SpecialDay> {
        self.special_days.get(&date)
    }

    /// Whether a notice that is not loaded yet may still change the day, so a deadline on it has to be shown as provisional (暂定).
    pub fn is_provisional(&self, date: Date) -> bool {
        let first_unknown = Date::from_calendar_date(self.last_notice_year() + 1, Month::January, 1);
        first_unknown.is_ok_and(|first_unknown| date.saturating_add(Duration::days(Self::NOTICE_REACH_DAYS)) >= first_unknown)
    }

    /// The last year whose notice is loaded.
    pub fn last_notice_year(&self) -> i32 {
        self.last_year() - i32::from(self.assumed_years)
    }

    /// The notices the calendar was made from, by year.
    pub fn notices(&self) -> &BTreeMap<i32, Bilingual> {
        &self.notices
    }

    fn last_year(&self) -> i32 {
        self.first_day.year() + self.notices.len() as i32 - 1 + i32::from(self.assumed_years)
    }

    fn index(&self, date: Date) -> Result<usize, CalendarFault> {
        if !(self.first_day.year()..=self.last_year()).contains(&date.year()) {
            return Err(CalendarFault::YearUnknown(date.year()));
        }
        usize::try_from((date - self.first_day).whole_days()).map_err(|_| CalendarFault::YearUnknown(date.year()))
    }

    fn day(&self, index: usize) -> Result<Date, CalendarFault> {
        let days = i64::try_from(index).map_err(|_| CalendarFault::DateOutOfRange)?;
        self.first_day.checked_add(Duration::days(days)).ok_or(CalendarFault::DateOutOfRange)
    }
}

/// Counts the working days of whole years: Monday to Friday, unless the day is special.
fn running_total(first: i32, last: i32, special_days: &BTreeMap<Date, SpecialDay>) -> Result<(Date, Vec<u32>), CalendarFault> {
    let first_day = Date::from_calendar_date(first, Month::January, 1).map_err(|_| CalendarFault::DateOutOfRange)?;
    let last_day = Date::from_calendar_date(last, Month::December, 31).map_err(|_| CalendarFault::DateOutOfRange)?;
    let mut worked = vec![0];
    let mut total = 0;
    let mut day = Some(first_day);
    while let Some(date) = day.filter(|date| *date <= last_day) {
        let plain = !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        total += u32::from(special_days.get(&date).map_or(plain, |special| special.working));
        worked.push(total);
        day = date.next_day();
    }
    Ok((first_day, worked))
}
