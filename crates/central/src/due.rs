//! Due days of matters: the shorter one of promise and law, counted from the start of the matter's own clock.
//! The arithmetic is the calendar's (crate `case`); absent on purpose: any state.

use std::sync::LazyLock;

use onewindow_case::calendar::{CalendarFault, FrozenClock, Limit, OfficeHours, WorkingCalendar, earlier_due};
use onewindow_catalogue::{MatterDef, TimeLimit};
use time::{Date, PrimitiveDateTime};

use crate::fault::CentreFault;

/// Years without a notice in which plain weeks are assumed: a matter accepted in December is due in January.
const ASSUMED_YEARS: u16 = 2;

static CALENDAR: LazyLock<WorkingCalendar> = LazyLock::new(|| {
    let announced = WorkingCalendar::mainland();
    announced.assuming_years(ASSUMED_YEARS).unwrap_or_else(|_| announced.clone())
});

/// The last day of a matter that starts with the acceptance of the case; a day printed on the notice holds unless the count is earlier.
pub(crate) fn due_after_acceptance(matter: &MatterDef, accepted_on: Date, printed: Option<Date>) -> Result<Date, CentreFault> {
    let counted = due(matter, OfficeHours::default().opening(accepted_on))?;
    Ok(earlier_due(printed, Some(counted)).unwrap_or(counted))
}

/// The last day of a matter that starts with the written completion of the one before it
/// (Zhejiang rules on at most one visit, art. 5).
pub(crate) fn due_after_completion(matter: &MatterDef, completed_at: PrimitiveDateTime) -> Result<Date, CentreFault> {
    due(matter, completed_at)
}

/// The new last day when a special procedure is over (licensing law art. 45).
pub(crate) fn due_after_resumption(due: Date, suspended_on: Date, resumed_on: Date) -> Result<Date, CentreFault> {
    let frozen: FrozenClock = CALENDAR.suspend(due, suspended_on)?;
    Ok(CALENDAR.resume(&frozen, resumed_on)?)
}

/// The new last day after an extension of so many working days (licensing law art. 42).
pub(crate) fn due_after_extension(due: Date, days: u32) -> Result<Date, CentreFault> {
    Ok(CALENDAR.add_working_days(due, days)?)
}

fn due(matter: &MatterDef, start: PrimitiveDateTime) -> Result<Date, CentreFault> {
    let hours = OfficeHours::default();
    let count = |limit: TimeLimit| -> Result<PrimitiveDateTime, CalendarFault> { CALENDAR.due_at(calendar_limit(limit), start, &hours) };
    let promised = count(matter.promised)?;
    let statutory = matter.statutory.as_ref().and_then(|statutory| statutory.limit).map(count).transpose()?;
    Ok(earlier_due(Some(promised), statutory).unwrap_or(promised).date())
}

fn calendar_limit(limit: TimeLimit) -> Limit {
    match limit {
        TimeLimit::AtOnce => Limit::AtOnce,
        TimeLimit::Minutes(minutes) => Limit::OfficeMinutes(minutes),
        TimeLimit::Hours(hours) => Limit::OfficeMinutes(hours.saturating_mul(60)),
        TimeLimit::WorkingDays(days) => Limit::WorkingDays(days),
        TimeLimit::CalendarDays(days) => Limit::CalendarDays(days),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use onewindow_case::ids::{BundleId, MatterId};
    use onewindow_catalogue::Catalogue;
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn a_clock_runs_on_working_days_only() {
        let catalogue = Catalogue::built_in().unwrap();
        let matter = |id: &str| {
            catalogue
                .find_bundle(&BundleId::new("karaoke"))
                .unwrap()
                .find_matter(&MatterId::new(id))
                .unwrap()
        };
        let friday = date!(2026 - 11 - 20);
        assert_eq!(
            due_after_acceptance(matter("business_licence"), friday, None).unwrap(),
            date!(2026 - 11 - 23),
            "one working day over a weekend"
        );
        assert_eq!(
            due_after_acceptance(matter("business_licence"), friday, Some(date!(2026 - 11 - 20))).unwrap(),
            friday,
            "an earlier promise on paper holds"
        );
        assert_eq!(
            due_after_acceptance(matter("business_licence"), friday, Some(date!(2026 - 12 - 20))).unwrap(),
            date!(2026 - 11 - 23)
        );
        let permit = due_after_completion(matter("entertainment_permit"), datetime!(2026-12-30 16:00)).unwrap();
        assert!(permit > date!(2027 - 01 - 10), "the count goes on into a year without a notice: {permit}");
    }

    #[test]
    fn a_suspended_clock_keeps_its_days() {
        let resumed = due_after_resumption(date!(2026 - 11 - 27), date!(2026 - 11 - 23), date!(2026 - 12 - 07)).unwrap();
        assert_eq!(resumed, date!(2026 - 12 - 11), "four working days were left");
        let late = due_after_resumption(date!(2026 - 11 - 20), date!(2026 - 11 - 23), date!(2026 - 12 - 07)).unwrap();
        assert_eq!(late, date!(2026 - 11 - 20), "a passed day is not healed");
    }
}
