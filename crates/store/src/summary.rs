//! One line of a work list for each case: enough to find, sort and colour it without reading the case.
//! Absent on purpose: words for people, and which day is today; whoever shows the line brings both.

use onewindow_case::Case;
use onewindow_case::event::CaseEvent;
use onewindow_case::ids::{BundleId, CaseId, DepartmentId, MatterId, StaffNo};
use onewindow_case::print_job::PrintState;
use onewindow_case::state::{CaseState, MatterState};
use onewindow_journal::{Entry, Event};
use serde::{Deserialize, Serialize};
use time::Date;
use uuid::Uuid;

/// One case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseSummary {
    /// Which case.
    pub id: CaseId,
    /// 24 digits.
    pub case_no: String,
    /// What is applied for.
    pub bundle: BundleId,
    /// Queue ticket, when there is one.
    pub ticket: Option<String>,
    /// Name of the applicant, once known.
    pub applicant: Option<String>,
    /// Where the case is.
    pub state: CaseState,
    /// Where its matters are, in their order.
    pub matters: Vec<MatterSummary>,
    /// Events folded.
    pub revision: u32,
    /// Position of its last entry in the journal.
    pub last_seq: u64,
    /// The clerk who opened it.
    pub opened_by: StaffNo,
    /// When, ms since 1970 UTC.
    pub opened_ms: i64,
    /// The day it was opened for.
    pub opened_on: Date,
    /// When anything last happened to it, ms since 1970 UTC.
    pub changed_ms: i64,
    /// Last day to bring what is missing.
    pub supplement_until: Option<Date>,
    /// Highest revision that the centre says it holds in full.
    pub received_revision: Option<u32>,
    /// Given back by the supervisor and not settled.
    pub sent_back: bool,
    /// A print of which nobody knows whether it came out.
    pub print_uncertain: bool,
    /// Pages that count.
    pub pages: u32,
}

/// One matter of a case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterSummary {
    /// Which matter.
    pub id: MatterId,
    /// Who decides.
    pub department: DepartmentId,
    /// Where it is.
    pub state: MatterState,
}

impl CaseSummary {
    /// The line for a case after it was touched, given the line before.
    pub(crate) fn after(before: Option<&Self>, case: &Case, touch: &Touch) -> Self {
        let opening = touch.opening.clone().or_else(|| {
            before.map(|line| Opening {
                by: line.opened_by.clone(),
                ms: line.opened_ms,
                on: line.opened_on,
            })
        });
        // The line before may be lost with its entries; the case is then shown as begun by whoever touched it last.
        let opening = opening.unwrap_or_else(|| touch.last.clone());
        Self {
            id: case.id,
            case_no: case.case_no.clone(),
            bundle: case.bundle.clone(),
            ticket: case.ticket.clone(),
            applicant: case.applicant.as_ref().map(|applicant| applicant.name.clone()),
            state: case.state(),
            matters: case
                .matters
                .iter()
                .map(|matter| MatterSummary {
                    id: matter.id.clone(),
                    department: matter.department.clone(),
                    state: matter.state,
                })
                .collect(),
            revision: case.revision,
            last_seq: touch.seq,
            opened_by: opening.by,
            opened_ms: opening.ms,
            opened_on: opening.on,
            changed_ms: touch.last.ms,
            supplement_until: case.supplement_until,
            received_revision: case.received_by_centre.map(|(revision, _)| revision),
            sent_back: case.sent_back.is_some(),
            print_uncertain: case.prints.iter().any(|print| matches!(print.state, PrintState::Uncertain { .. })),
            pages: u32::try_from(case.counted_pages().count()).unwrap_or(u32::MAX),
        }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        // Plain data into memory: cannot fail.
        serde_json::to_vec(&SummaryTwin::from(self)).unwrap_or_default()
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        serde_json::from_slice::<SummaryTwin>(bytes).ok()?.into_summary()
    }
}

/// Who touched a case last, and who opened it if that happened in the same stretch of entries.
#[derive(Debug, Clone)]
pub(crate) struct Touch {
    pub(crate) seq: u64,
    last: Opening,
    pub(crate) opening: Option<Opening>,
}

/// Who, when, for which day.
#[derive(Debug, Clone)]
pub(crate) struct Opening {
    by: StaffNo,
    ms: i64,
    on: Date,
}

impl Touch {
    /// The touch by an entry, behind an earlier opening.
    pub(crate) fn by(entry: &Entry, opening: Option<Opening>) -> Self {
        let last = Opening {
            by: entry.actor.staff_no.clone(),
            ms: entry.time_ms,
            on: entry.business_date,
        };
        let opens = matches!(entry.event, Event::Case(CaseEvent::Opened { .. }));
        Self {
            seq: entry.seq,
            opening: if opens { Some(last.clone()) } else { opening },
            last,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct SummaryTwin {
    id: Uuid,
    case_no: String,
    bundle: String,
    ticket: Option<String>,
    applicant: Option<String>,
    state: String,
    matters: Vec<(String, String, String)>,
    revision: u32,
    last_seq: u64,
    opened_by: String,
    opened_ms: i64,
    opened_on: i32,
    changed_ms: i64,
    supplement_until: Option<i32>,
    received_revision: Option<u32>,
    sent_back: bool,
    print_uncertain: bool,
    pages: u32,
}

impl From<&CaseSummary> for SummaryTwin {
    fn from(line: &CaseSummary) -> Self {
        Self {
            id: line.id.as_uuid(),
            case_no: line.case_no.clone(),
            bundle: line.bundle.to_string(),
            ticket: line.ticket.clone(),
            applicant: line.applicant.clone(),
            state: line.state.code().to_owned(),
            matters: line
                .matters
                .iter()
                .map(|matter| (matter.id.to_string(), matter.department.to_string(), matter.state.code().to_owned()))
                .collect(),
            revision: line.revision,
            last_seq: line.last_seq,
            opened_by: line.opened_by.to_string(),
            opened_ms: line.opened_ms,
            opened_on: line.opened_on.to_julian_day(),
            changed_ms: line.changed_ms,
            supplement_until: line.supplement_until.map(Date::to_julian_day),
            received_revision: line.received_revision,
            sent_back: line.sent_back,
            print_uncertain: line.print_uncertain,
            pages: line.pages,
        }
    }
}

impl SummaryTwin {
    fn into_summary(self) -> Option<CaseSummary> {
        let day = |julian: Option<i32>| julian.map(Date::from_julian_day).transpose().ok();
        let matters = self.matters.into_iter().map(|(id, department, state)| {
            let state = MatterState::ALL.into_iter().find(|known| known.code() == state)?;
            Some(MatterSummary {
                id: MatterId::new(id),
                department: DepartmentId::new(department),
                state,
            })
        });
        Some(CaseSummary {
            id: CaseId::new(self.id),
            case_no: self.case_no,
            bundle: BundleId::new(self.bundle),
            ticket: self.ticket,
            applicant: self.applicant,
            state: CaseState::ALL.into_iter().find(|known| known.code() == self.state)?,
            matters: matters.collect::<Option<_>>()?,
            revision: self.revision,
            last_seq: self.last_seq,
            opened_by: StaffNo::new(self.opened_by),
            opened_ms: self.opened_ms,
            opened_on: Date::from_julian_day(self.opened_on).ok()?,
            changed_ms: self.changed_ms,
            supplement_until: day(self.supplement_until)?,
            received_revision: self.received_revision,
            sent_back: self.sent_back,
            print_uncertain: self.print_uncertain,
            pages: self.pages,
        })
    }
}
