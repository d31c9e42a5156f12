//! What the counters of a branch may know of each other, and how a supervisor's word at one of them reaches another: it comes as an
//! entry of the supervisor's own journal, is checked against the staff list, and goes out as a word to the counter that has the case.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use onewindow_case::ids::CaseId;
use onewindow_journal::{CounterEvent, Entry};
use onewindow_wire::branch::{BranchCase, BranchQueue};
use onewindow_wire::feed::CentreWord;

use crate::access::CounterCaller;
use crate::centre::Centre;
use crate::database::{CaseRow, Change};
use crate::fault::CentreFault;
use crate::registry::Filed;

/// What the contract calls the role that may give a case back.
const SUPERVISOR: &str = "supervisor";

impl Centre {
    /// The queue of the caller's branch.
    pub(crate) async fn branch_queue(&self, caller: &CounterCaller) -> Result<BranchQueue, CentreFault> {
        let mut view = self.database.view().await?;
        Ok(BranchQueue {
            counters: view.counters_of(&caller.branch).await?,
            cases: view.cases_of_branch(&caller.branch).await?,
            time_ms: self.clock.now_ms(),
        })
    }

    /// A case of the caller's branch, whole.
    ///
    /// # Errors
    /// [`CentreFault::Unknown`] for a case of no or of another branch: the two are not told apart.
    pub(crate) async fn branch_case(&self, caller: &CounterCaller, case: &str) -> Result<BranchCase, CentreFault> {
        let id = CaseId::parse(case).ok_or(CentreFault::Malformed("case"))?;
        let mut view = self.database.view().await?;
        let row = view.find_case(id).await?.ok_or(CentreFault::Unknown("case"))?;
        let owner = view.find_counter(&row.counter).await?;
        if owner.is_none_or(|owner| owner.branch != caller.branch) {
            return Err(CentreFault::Unknown("case"));
        }
        let entries = view.entries_of_case(id).await?;
        Ok(BranchCase {
            counter: row.counter,
            entries: entries.into_iter().map(|bytes| STANDARD.encode(bytes)).collect(),
        })
    }

    /// Files an act of a counter itself. Only a supervisor's word on another counter's case concerns anybody else.
    pub(crate) async fn file_counter_act(&self, change: &mut Change, entry: &Entry, event: &CounterEvent) -> Result<Filed, CentreFault> {
        let by = entry.actor.staff_no.as_str();
        let (case, word) = match event {
            CounterEvent::BranchCaseReturned { case, reason } => {
                let word = CentreWord::Returned {
                    code: SUPERVISOR.to_owned(),
                    reason: reason.clone(),
                    by: Some(by.to_owned()),
                };
                (*case, word)
            }
            CounterEvent::BranchFindingPassed {
                case,
                code,
                material,
                field,
                reason,
            } => {
                let word = CentreWord::FindingPassed {
                    code: code.clone(),
                    material: material.as_ref().map(ToString::to_string),
                    field: field.as_ref().map(ToString::to_string),
                    reason: reason.clone(),
                    by: by.to_owned(),
                };
                (*case, word)
            }
            _concerns_nobody_else => return Ok(Filed::ASIDE),
        };
        match self.case_under(change, entry, case, by).await? {
            Ok(row) => {
                self.say(change, &row, &word).await?;
                Ok(Filed::ASIDE)
            }
            Err(code) => Ok(Filed::rejected(code)),
        }
    }

    /// The case, when `by` is a supervisor of the branch of both counters; else the closed word of the refusal.
    async fn case_under(&self, change: &mut Change, entry: &Entry, case: CaseId, by: &str) -> Result<Result<CaseRow, &'static str>, CentreFault> {
        let Some(row) = change.find_case(case).await? else {
            return Ok(Err("case_unknown"));
        };
        let (here, there) = (change.find_counter(entry.counter.as_str()).await?, change.find_counter(&row.counter).await?);
        let Some(branch) = here.zip(there).filter(|(here, there)| here.branch == there.branch).map(|(here, _)| here.branch) else {
            return Ok(Err("case_elsewhere"));
        };
        let staff = change.staff_of(&branch).await?;
        if staff.iter().any(|record| record.staff_no == by && record.role == SUPERVISOR) {
            Ok(Ok(row))
        } else {
            Ok(Err("not_supervisor"))
        }
    }
}
