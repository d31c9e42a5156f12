//! The other counters of the branch, as the centre last told: what a supervisor reads. It lives in memory only, as long as the
//! supervisor is signed in; nothing of it is written to this counter's store.
//!
//! What the supervisor says of such a case is an entry of this counter's own journal. It is safe here at once, also without the
//! centre, and the centre passes it to the counter that has the case. Absent on purpose: changing another counter's case here.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use onewindow_case::Case;
use onewindow_case::ids::{CaseId, Digest, FieldKey, MaterialKey, StaffNo};
use onewindow_ipc::Words;
use onewindow_ipc::case_view::{CaseView, NodeState, SafeTrack, SentBackView};
use onewindow_ipc::session::Role;
use onewindow_ipc::supervisor::CounterRow;
use onewindow_ipc::worklist::WorklistRow;
use onewindow_journal::{Actor, CounterEvent, Entry, Event, Role as ActorRole, decode};
use onewindow_link::{Link, LinkFault};
use onewindow_wire::branch::{BranchCase, BranchCounter};
use time::Date;

use crate::clock::stamp;
use crate::desk::{Desk, lock};
use crate::fault::DeskFault;

/// How often the centre is asked while a supervisor is signed in, ms.
const ASK_EVERY_MS: i64 = 4_000;
/// Most cases read anew in one round, so that the line stays free for this counter's own work.
const READ_MAX: usize = 40;
/// Pictures of other counters' pages kept in memory.
const PICTURES_MAX: usize = 32;

/// What is known of the branch.
#[derive(Default)]
pub(crate) struct Branch {
    counters: Vec<BranchCounter>,
    cases: HashMap<CaseId, Elsewhere>,
    /// When the centre last told, ms since 1970 UTC.
    told_ms: Option<i64>,
    pictures: VecDeque<(Digest, Arc<Vec<u8>>)>,
}

/// A case at another counter.
#[derive(Clone)]
pub(crate) struct Elsewhere {
    counter: String,
    case: Arc<Case>,
    entries: Arc<Vec<Entry>>,
    /// Given back here; the other counter has not said so yet.
    returned: Option<(StaffNo, String)>,
}

impl Elsewhere {
    fn of(id: CaseId, told: &BranchCase) -> Option<Self> {
        let entries: Vec<Entry> = told
            .entries
            .iter()
            .map(|bytes| decode(&STANDARD.decode(bytes).ok()?).ok())
            .collect::<Option<_>>()?;
        let events: Vec<_> = entries
            .iter()
            .filter_map(|entry| match &entry.event {
                Event::Case(event) => Some(event.clone()),
                Event::Counter(_) => None,
            })
            .collect();
        Some(Self {
            counter: told.counter.clone(),
            case: Arc::new(Case::replay(id, &events)?),
            entries: Arc::new(entries),
            returned: None,
        })
    }

    fn opened_on(&self) -> Option<Date> {
        self.entries.first().map(|entry| entry.business_date)
    }

    fn opened_by(&self) -> &str {
        self.entries.first().map_or("", |entry| entry.actor.staff_no.as_str())
    }
}

impl Desk {
    /// A case of this counter, or for a supervisor one of the branch.
    pub(crate) fn case_to_read(&self, id: CaseId) -> Result<Arc<Case>, DeskFault> {
        match self.find_elsewhere(id)? {
            Some(elsewhere) => Ok(elsewhere.case),
            None => self.get_case(id),
        }
    }

    /// The case at another counter, when it is none of this one and a supervisor asks.
    pub(crate) fn find_elsewhere(&self, id: CaseId) -> Result<Option<Elsewhere>, DeskFault> {
        if self.shared.store.find_case(id)?.is_some() || self.require(&[Role::Supervisor]).is_err() {
            return Ok(None);
        }
        Ok(lock(&self.shared.branch).cases.get(&id).cloned())
    }

    /// Journal entries of a case at another counter, oldest first.
    pub(crate) fn entries_elsewhere(&self, id: CaseId) -> Result<Option<Arc<Vec<Entry>>>, DeskFault> {
        Ok(self.find_elsewhere(id)?.map(|elsewhere| elsewhere.entries))
    }

    /// What the window shows of a case at another counter.
    pub(crate) fn view_elsewhere(&self, elsewhere: &Elsewhere) -> Result<CaseView, DeskFault> {
        let mut view = self.case_view(&elsewhere.case)?;
        view.editable = false;
        view.safe = safe_elsewhere(elsewhere);
        if let Some((by, reason)) = &elsewhere.returned {
            view.sent_back = Some(SentBackView {
                by: self.staff_name(by.as_str()),
                reason: reason.clone(),
            });
        }
        Ok(view)
    }

    /// Bytes of a page of a case: from this counter's store, or from the centre when the case is at another counter.
    pub(crate) fn page_to_read(&self, id: CaseId, page: &Digest) -> Result<Vec<u8>, DeskFault> {
        if self.find_elsewhere(id)?.is_none() {
            return Ok(self.shared.store.read_page(page)?);
        }
        let kept = lock(&self.shared.branch)
            .pictures
            .iter()
            .find(|(kept, _)| kept == page)
            .map(|(_, bytes)| Arc::clone(bytes));
        if let Some(bytes) = kept {
            return Ok(bytes.as_ref().clone());
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| DeskFault::Defect(error.to_string()))?;
        let bytes = runtime.block_on(async {
            let link = self.known_link().await?;
            link.page(&page.to_string()).await.map_err(DeskFault::from)
        })?;
        if digest(&SHA256, &bytes).as_ref() != page.as_bytes() {
            return Err(DeskFault::CentreSilent);
        }
        let mut branch = lock(&self.shared.branch);
        while branch.pictures.len() >= PICTURES_MAX {
            branch.pictures.pop_front();
        }
        branch.pictures.push_back((*page, Arc::new(bytes.clone())));
        Ok(bytes)
    }

    /// Asks the centre for the branch, when a supervisor is signed in and the last word is old; forgets it when nobody reads it.
    pub(crate) async fn keep_branch_fresh(&self, link: &Link) {
        let now_ms = self.shared.clock.now_ms();
        if self.require(&[Role::Supervisor]).is_err() {
            return;
        }
        let is_fresh = lock(&self.shared.branch).told_ms.is_some_and(|told_ms| now_ms - told_ms < ASK_EVERY_MS);
        if is_fresh {
            return;
        }
        if let Err(fault) = self.read_branch(link, now_ms).await {
            tracing::debug!(%fault, "asking for the branch");
        }
    }

    /// Forgets what other counters have: nobody is signed in who may read it.
    pub(crate) fn forget_branch(&self) {
        *lock(&self.shared.branch) = Branch::default();
    }

    async fn read_branch(&self, link: &Link, now_ms: i64) -> Result<(), LinkFault> {
        let queue = link.branch().await?;
        let own = self.shared.config.counter.as_str();
        let there: Vec<(CaseId, u32)> = queue
            .cases
            .iter()
            .filter(|line| line.counter != own)
            .filter_map(|line| Some((CaseId::parse(&line.case)?, line.revision)))
            .collect();
        let stale: Vec<CaseId> = {
            let mut branch = lock(&self.shared.branch);
            let named: HashSet<CaseId> = there.iter().map(|(id, _)| *id).collect();
            branch.cases.retain(|id, _| named.contains(id));
            branch.counters = queue.counters;
            let known = |id: &CaseId| branch.cases.get(id).map(|known| known.case.revision);
            there
                .iter()
                .filter(|(id, revision)| known(id) != Some(*revision))
                .map(|(id, _)| *id)
                .take(READ_MAX)
                .collect()
        };
        for id in stale {
            let told = link.branch_case(&id.to_string()).await?;
            let Some(elsewhere) = Elsewhere::of(id, &told) else {
                tracing::warn!(case = %id, "a case of another counter can not be read");
                continue;
            };
            let case = Arc::clone(&elsewhere.case);
            lock(&self.shared.branch).cases.insert(id, elsewhere);
            self.tell_case(&case);
        }
        lock(&self.shared.branch).told_ms = Some(now_ms);
        Ok(())
    }

    /// Rows of the cases at other counters.
    pub(crate) fn rows_elsewhere(&self) -> Vec<WorklistRow> {
        let cases: Vec<Elsewhere> = lock(&self.shared.branch).cases.values().cloned().collect();
        cases.iter().map(|elsewhere| self.row_elsewhere(elsewhere)).collect()
    }

    fn row_elsewhere(&self, elsewhere: &Elsewhere) -> WorklistRow {
        let opened_ms = elsewhere.entries.first().map_or(0, |entry| entry.time_ms);
        let mut row = self.row_of(&elsewhere.case, elsewhere.opened_by(), opened_ms);
        row.counter = label_of(&elsewhere.counter);
        row.safe = safe_elsewhere(elsewhere);
        row.needs_me = false;
        if let Some((_, reason)) = &elsewhere.returned {
            row.note = Words::new(format!("退回待送达：{reason}"), format!("sent back, on its way: {reason}"));
        }
        row
    }

    /// The other counters of the branch.
    pub(crate) fn counters_elsewhere(&self, today: Date) -> Vec<CounterRow> {
        let branch = lock(&self.shared.branch);
        let own = self.shared.config.counter.as_str();
        let others = branch.counters.iter().filter(|counter| counter.counter != own);
        others
            .map(|counter| {
                let of_it = branch.cases.values().filter(|elsewhere| elsewhere.counter == counter.counter);
                let newest = of_it.clone().max_by_key(|elsewhere| elsewhere.entries.first().map(|entry| entry.time_ms));
                let clerk = newest.map(|elsewhere| self.staff_name(elsewhere.opened_by()));
                CounterRow {
                    counter: counter.counter.clone(),
                    label: label_of(&counter.counter),
                    clerk: clerk.unwrap_or_default(),
                    today: u32::try_from(of_it.filter(|elsewhere| elsewhere.opened_on() == Some(today)).count()).unwrap_or(u32::MAX),
                    unsent: None,
                    heard_at: counter.heard_ms.map(stamp),
                }
            })
            .collect()
    }

    /// Gives a case of another counter back: noted here durably, then passed on by the centre.
    pub(crate) fn send_back_elsewhere(&self, elsewhere: &Elsewhere, reason: String) -> Result<CaseView, DeskFault> {
        let actor = self.actor()?;
        let by = actor.staff_no.clone();
        let id = elsewhere.case.id;
        self.note(
            Some(actor),
            CounterEvent::BranchCaseReturned {
                case: id,
                reason: reason.clone(),
            },
        )?;
        let mut shown = elsewhere.clone();
        shown.returned = Some((by, reason));
        lock(&self.shared.branch).cases.insert(id, shown.clone());
        self.view_elsewhere(&shown)
    }

    /// Lets a finding of another counter's case pass: noted here durably, then passed on by the centre.
    pub(crate) fn pass_elsewhere(&self, elsewhere: &Elsewhere, finding: Passed, by: StaffNo) -> Result<CaseView, DeskFault> {
        if elsewhere.opened_by() == by.as_str() {
            return Err(DeskFault::OwnCase);
        }
        let actor = Actor {
            staff_no: by,
            role: ActorRole::Supervisor,
        };
        let event = CounterEvent::BranchFindingPassed {
            case: elsewhere.case.id,
            code: finding.code,
            material: finding.material,
            field: finding.field,
            reason: finding.reason,
        };
        self.note(Some(actor), event)?;
        self.view_elsewhere(elsewhere)
    }
}

/// A finding that a supervisor lets pass.
pub(crate) struct Passed {
    pub code: String,
    pub material: Option<MaterialKey>,
    pub field: Option<FieldKey>,
    pub reason: String,
}

/// `04` for `330302-01-004`: what stands over the counter.
pub(crate) fn label_of(counter: &str) -> String {
    let last = counter.rsplit('-').next().unwrap_or(counter);
    last.parse::<u32>().map_or_else(|_| last.to_owned(), |number| format!("{number:02}"))
}

fn safe_elsewhere(elsewhere: &Elsewhere) -> SafeTrack {
    let label = label_of(&elsewhere.counter);
    if elsewhere.case.sent_back.is_some() {
        return SafeTrack {
            here: NodeState::Full,
            centre: NodeState::Returned,
            words: Words::new(format!("{label} 号窗口，已退回"), format!("counter {label}, sent back")),
        };
    }
    SafeTrack {
        here: NodeState::Full,
        centre: NodeState::Full,
        words: Words::new(format!("{label} 号窗口，中心已收"), format!("counter {label}, at the centre")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_called_as_it_is_labelled() {
        for (counter, label) in [
            ("330302-01-004", "04"),
            ("330302-01-012", "12"),
            ("330302-01-123", "123"),
            ("", ""),
            ("x-y", "y"),
        ] {
            assert_eq!(label_of(counter), label, "{counter}");
        }
    }
}
