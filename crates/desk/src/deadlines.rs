//! Days that the law and the promises set: due dates of matters, last days of notices, traffic lights.

use std::collections::BTreeMap;
use std::path::Path;

use onewindow_case::calendar::{AlertLevel, BundleMatter, Limit, OfficeHours};
use onewindow_case::event::MatterDue;
use onewindow_case::ids::MatterId;
use onewindow_case::state::CaseState;
use onewindow_case::{Case, calendar};
use onewindow_catalogue::{Bundle, MatterDef, TimeLimit};
use onewindow_ipc::worklist::Alert;
use time::{Date, PrimitiveDateTime, Time};

use crate::desk::Desk;
use crate::fault::DeskFault;

/// Working days within which incomplete papers must be told of (licensing law art. 32).
pub(crate) const NOTICE_WD: u32 = 5;

impl Desk {
    /// The matters of an accepted case with their due days; those that wait for others get theirs when they start.
    pub(crate) fn matter_dues(&self, bundle: &Bundle, matters: &[MatterId], accepted_on: Date) -> Result<Vec<MatterDue>, DeskFault> {
        let schedule = self.schedule(bundle, matters, accepted_on)?;
        Ok(matters
            .iter()
            .filter_map(|id| bundle.find_matter(id))
            .map(|matter| {
                let starts_now = !matter.after.iter().any(|before| matters.contains(before));
                let due = schedule.iter().find(|(id, _)| id == &matter.id).map(|(_, due)| *due).filter(|_| starts_now);
                MatterDue {
                    matter: matter.id.clone(),
                    department: matter.department.clone(),
                    due,
                }
            })
            .collect())
    }

    /// The last days to be shown: those promised, or, before acceptance, those that accepting today would promise.
    pub(crate) fn shown_dues(&self, case: &Case, bundle: &Bundle, matters: &[MatterId]) -> BTreeMap<MatterId, Date> {
        if !case.matters.is_empty() {
            return case.matters.iter().filter_map(|matter| Some((matter.id.clone(), matter.due?))).collect();
        }
        let promised = self.matter_dues(bundle, matters, self.shared.clock.today()).unwrap_or_default();
        promised.into_iter().filter_map(|promise| Some((promise.matter, promise.due?))).collect()
    }

    /// The day by which the whole bundle is promised, and the one rule for it: printed notice, case view, work list and the
    /// supervisor's board with its lights all take it from here.
    ///
    /// It is the end of the critical path of all matters, counted from the acceptance, or from today before it, or a later day
    /// that a matter was given since. Matters that wait for others have no day of their own yet, so the latest day of those that
    /// have begun would promise too much, and their earliest is a day that nobody was promised. `matters` are those that
    /// accepting today would begin; what was accepted is in the case.
    pub(crate) fn promised_due(&self, case: &Case, bundle: &Bundle, matters: &[MatterId]) -> Option<Date> {
        let counted_from = case.accepted_on.unwrap_or_else(|| self.shared.clock.today());
        let accepted: Vec<_> = case.matters.iter().map(|matter| matter.id.clone()).collect();
        let matters = if accepted.is_empty() { matters } else { &accepted };
        self.bundle_due(bundle, matters, counted_from).max(case.due())
    }

    /// The day by which everything is promised when it is accepted on `day`: the end of the critical path.
    pub(crate) fn bundle_due(&self, bundle: &Bundle, matters: &[MatterId], day: Date) -> Option<Date> {
        self.schedule(bundle, matters, day).ok()?.into_iter().map(|(_, due)| due).max()
    }

    fn schedule(&self, bundle: &Bundle, matters: &[MatterId], day: Date) -> Result<Vec<(MatterId, Date)>, DeskFault> {
        let counted: Vec<_> = matters
            .iter()
            .filter_map(|id| bundle.find_matter(id))
            .map(|matter| BundleMatter {
                key: matter.id.clone(),
                limit: if matter.counted { limit(matter) } else { Limit::AtOnce },
                after: matter.after.iter().filter(|before| matters.contains(before)).cloned().collect(),
                completed_at: None,
            })
            .collect();
        let hours = OfficeHours::default();
        let schedule = self
            .shared
            .calendar
            .bundle_schedule(&counted, noon(day), &hours)
            .map_err(|fault| DeskFault::Defect(fault.to_string()))?;
        Ok(schedule.matters.into_iter().map(|matter| (matter.key, matter.due.date())).collect())
    }

    /// A day so many working days from today.
    pub(crate) fn working_days_from_today(&self, days: u32) -> Result<Date, DeskFault> {
        self.working_days_from(self.shared.clock.today(), days)
    }

    /// A day so many working days from another, which itself is not counted.
    pub(crate) fn working_days_from(&self, day: Date, days: u32) -> Result<Date, DeskFault> {
        self.shared
            .calendar
            .add_working_days(day, days)
            .map_err(|fault| DeskFault::Defect(fault.to_string()))
    }

    /// What the clerk has to keep: the day, the working days left (negative when late) and the light, all by the clock that runs. Once
    /// a case is accepted that is the promise for the whole bundle ([`Desk::promised_due`]); before it, the days that the law sets
    /// for an answer or a supplement.
    pub(crate) fn deadline(&self, case: &Case) -> (Option<Date>, Option<i32>, Alert) {
        let today = self.shared.clock.today();
        let Some((start, due)) = self.running_clock(case) else {
            return (None, None, Alert::None);
        };
        let left = self
            .shared
            .calendar
            .working_days_between(today, due)
            .ok()
            .and_then(|days| i32::try_from(days).ok());
        let level = self.shared.calendar.alert_level(start, due, noon(today), &OfficeHours::default());
        let alert = match level {
            Ok(AlertLevel::Green) => Alert::Green,
            Ok(AlertLevel::Yellow) => Alert::Yellow,
            Ok(AlertLevel::Orange) => Alert::Orange,
            Ok(AlertLevel::Red) => Alert::Red,
            Err(_) => Alert::None,
        };
        (Some(due), left, alert)
    }

    fn running_clock(&self, case: &Case) -> Option<(Date, Date)> {
        match case.state() {
            CaseState::Received => {
                let start = case.received_on?;
                Some((start, self.shared.calendar.add_working_days(start, NOTICE_WD).ok()?))
            }
            CaseState::Supplement => Some((case.received_on?, case.supplement_until?)),
            CaseState::Accepted | CaseState::AcceptedConditional | CaseState::InReview => {
                let promised = match self.get_bundle(case) {
                    Ok(bundle) => self.promised_due(case, &bundle, &[]),
                    Err(_unknown) => case.due(),
                };
                Some((case.accepted_on?, promised?))
            }
            CaseState::Draft
            | CaseState::NotRequired
            | CaseState::Rejected
            | CaseState::Withdrawn
            | CaseState::DeemedWithdrawn
            | CaseState::Revoked
            | CaseState::Suspended
            | CaseState::Ready
            | CaseState::Completed => None,
        }
    }
}

/// The shorter one of promise and law.
fn limit(matter: &MatterDef) -> Limit {
    match matter.promised {
        TimeLimit::AtOnce => Limit::AtOnce,
        TimeLimit::Minutes(minutes) => Limit::OfficeMinutes(minutes),
        TimeLimit::Hours(hours) => Limit::OfficeMinutes(hours.saturating_mul(60)),
        TimeLimit::WorkingDays(days) => Limit::WorkingDays(shorter(days, matter)),
        TimeLimit::CalendarDays(days) => Limit::CalendarDays(days),
    }
}

fn shorter(promised_wd: u32, matter: &MatterDef) -> u32 {
    match matter.statutory.as_ref().and_then(|statutory| statutory.limit) {
        Some(TimeLimit::WorkingDays(statutory_wd)) => promised_wd.min(statutory_wd),
        Some(TimeLimit::AtOnce | TimeLimit::Minutes(_) | TimeLimit::Hours(_) | TimeLimit::CalendarDays(_)) | None => promised_wd,
    }
}

/// Folder inside the data folder for calendars that are newer than the program.
const CALENDAR_FOLDER: &str = "calendar";
/// The days of the whole country; a notice of a new year comes as a new file of this name.
const COUNTRY_FILE: &str = "cn-mainland.csv";
/// Days of this place only: typhoon closing, local extension.
const LOCAL_FILE: &str = "local.csv";

/// The calendar of the mainland, reaching one provisional year beyond the last notice: deadlines near the year's end must be countable.
/// A newer file in the data folder takes the place of the built-in one; a broken or older one is told in the log and not used.
pub(crate) fn calendar(data: &Path) -> calendar::WorkingCalendar {
    let folder = data.join(CALENDAR_FOLDER);
    let built_in = calendar::WorkingCalendar::mainland();
    let newer = read_calendar(&folder.join(COUNTRY_FILE)).filter(|newer| newer.last_notice_year() >= built_in.last_notice_year());
    let mut announced = newer.unwrap_or_else(|| built_in.clone());
    if let Some(days) = read_days(&folder.join(LOCAL_FILE)) {
        match announced.with_local_days(days) {
            Ok(with_local) => announced = with_local,
            Err(fault) => tracing::warn!(%fault, "the local calendar is not used"),
        }
    }
    announced.assuming_years(1).unwrap_or_else(|_| announced.clone())
}

/// Largest calendar file, in bytes.
const CALENDAR_MAX: u64 = 1024 * 1024;

fn read_calendar(path: &Path) -> Option<calendar::WorkingCalendar> {
    let text = read_text(path)?;
    calendar::WorkingCalendar::parse(&text)
        .inspect_err(|fault| tracing::warn!(%fault, "the calendar in the data folder is not used"))
        .ok()
}

fn read_days(path: &Path) -> Option<BTreeMap<Date, calendar::SpecialDay>> {
    let text = read_text(path)?;
    calendar::parse_days(&text)
        .inspect_err(|fault| tracing::warn!(%fault, "the local calendar is not used"))
        .ok()
}

fn read_text(path: &Path) -> Option<String> {
    let size = std::fs::metadata(path).ok()?.len();
    if size > CALENDAR_MAX {
        tracing::warn!("a calendar file is too large");
        return None;
    }
    std::fs::read_to_string(path).ok()
}

fn noon(day: Date) -> PrimitiveDateTime {
    PrimitiveDateTime::new(day, Time::from_hms(10, 0, 0).unwrap_or(Time::MIDNIGHT))
}
