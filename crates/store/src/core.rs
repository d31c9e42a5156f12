//! What readers and the writer share. Readers never wait for the disk of a writer; what only the index knows they get as soon as it
//! has caught up with what was acknowledged (`indexing`).
//! Absent on purpose: anything that changes the journal (`writer`).

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use onewindow_case::Case;
use onewindow_case::ids::{CaseId, CounterId};
use onewindow_journal::Head;

use crate::disk::Disk;
use crate::fault::StoreFault;
use crate::fold::{FoldFault, fold_case};
use crate::index::IndexFault;
use crate::indexing::{Backlog, settle};
use crate::keys::{CaseKeys, DeviceKeys, Ring, Secrets};
use crate::ledger::{CaseHead, Ledger};
use crate::mark::Mark;
use crate::pages::Pages;
use crate::segments::Segments;
use crate::summary::CaseSummary;

/// Folded cases kept in memory.
const CASES_LIMIT: usize = 128;
/// Lines of the work list kept in memory, the most recently changed ones.
pub(crate) const LINES_LIMIT: usize = 20_000;

pub(crate) struct Core {
    pub(crate) dir: PathBuf,
    pub(crate) counter: CounterId,
    pub(crate) segment_bytes: u64,
    pub(crate) reserve_bytes: u64,
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) device: Arc<DeviceKeys>,
    pub(crate) ring: Mutex<Ring>,
    pub(crate) case_keys: Arc<CaseKeys>,
    pub(crate) secrets: Secrets,
    pub(crate) mark: Mark,
    pub(crate) pages: Pages,
    pub(crate) segments: Segments,
    pub(crate) ledger: RwLock<Arc<Ledger>>,
    /// What is durable and not yet in the index.
    pub(crate) backlog: Backlog,
    /// Held by whoever replaces the index or keeps the mark.
    pub(crate) index_care: Mutex<()>,
    pub(crate) head: RwLock<Head>,
    pub(crate) epoch: RwLock<u32>,
    pub(crate) stopped: AtomicBool,
    pub(crate) index_in_memory: AtomicBool,
    pub(crate) cases: Mutex<CaseCache>,
    pub(crate) lines: RwLock<Lines>,
}

/// Why a reader could not read.
pub(crate) enum ReadFault {
    /// The index failed or contradicts the journal: let the writer replace it and try again.
    Index(IndexFault),
    /// Nothing helps.
    Store(StoreFault),
}

impl From<FoldFault> for ReadFault {
    fn from(fault: FoldFault) -> Self {
        match fault {
            FoldFault::Index(fault) => Self::Index(fault),
            FoldFault::Store(fault) => Self::Store(fault),
        }
    }
}

impl From<IndexFault> for ReadFault {
    fn from(fault: IndexFault) -> Self {
        Self::Index(fault)
    }
}

impl Core {
    pub(crate) fn ledger(&self) -> Arc<Ledger> {
        Arc::clone(&self.ledger.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The index, once it knows everything that was acknowledged before this call.
    pub(crate) fn settled(&self) -> Arc<Ledger> {
        settle(self);
        self.ledger()
    }

    pub(crate) fn head(&self) -> Head {
        *self.head.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    /// The case as it stands; `None` when there is none.
    pub(crate) fn find_case(&self, id: CaseId) -> Result<Option<Arc<Case>>, ReadFault> {
        if let Some(case) = self.backlog.find(id) {
            return Ok(Some(case));
        }
        let ledger = self.ledger();
        let Some(head) = ledger.find_head(id)? else { return Ok(None) };
        if head.damaged {
            return Err(ReadFault::Store(StoreFault::damaged(format!("case {id}: entries are lost"))));
        }
        self.fold(&ledger, id, head).map(Some)
    }

    fn fold(&self, ledger: &Ledger, id: CaseId, head: CaseHead) -> Result<Arc<Case>, ReadFault> {
        if let Some(case) = self.cases.lock().unwrap_or_else(PoisonError::into_inner).find(id, head.revision) {
            return Ok(case);
        }
        // Without its key no index could tell more about the case.
        if self.case_keys.find(id).map_err(ReadFault::Store)?.is_none() {
            return Err(ReadFault::Store(StoreFault::damaged(format!("case {id}: its key is missing"))));
        }
        match fold_case(ledger, &self.segments, id)? {
            Some(case) if case.revision >= head.revision => {
                let case = Arc::new(case);
                self.cases.lock().unwrap_or_else(PoisonError::into_inner).keep(Arc::clone(&case));
                Ok(case)
            }
            Some(_) | None => Err(ReadFault::Index(IndexFault {
                op: "folding a case",
                reason: "rows are missing".to_owned(),
            })),
        }
    }
}

/// Folded cases, the least recently used ones forgotten first.
#[derive(Default)]
pub(crate) struct CaseCache {
    cases: HashMap<CaseId, (u64, Arc<Case>)>,
    clock: u64,
}

impl CaseCache {
    fn find(&mut self, id: CaseId, revision: u32) -> Option<Arc<Case>> {
        self.clock += 1;
        let (used, case) = self.cases.get_mut(&id)?;
        *used = self.clock;
        (case.revision >= revision).then(|| Arc::clone(case))
    }

    pub(crate) fn keep(&mut self, case: Arc<Case>) {
        self.clock += 1;
        let known = self.cases.get(&case.id).map_or(0, |(_, known)| known.revision);
        if known > case.revision {
            return;
        }
        self.cases.insert(case.id, (self.clock, case));
        if self.cases.len() > CASES_LIMIT
            && let Some(oldest) = self.cases.iter().min_by_key(|(_, (used, _))| *used).map(|(id, _)| *id)
        {
            self.cases.remove(&oldest);
        }
    }

    pub(crate) fn forget(&mut self, id: CaseId) {
        self.cases.remove(&id);
    }

    pub(crate) fn clear(&mut self) {
        self.cases.clear();
    }
}

/// Lines of the work list by their last change.
#[derive(Default)]
pub(crate) struct Lines(BTreeMap<u64, Arc<CaseSummary>>);

impl Lines {
    pub(crate) fn new(lines: Vec<CaseSummary>) -> Self {
        Self(lines.into_iter().map(|line| (line.last_seq, Arc::new(line))).collect())
    }

    pub(crate) fn replace(&mut self, before_seq: Option<u64>, line: CaseSummary) {
        if let Some(before_seq) = before_seq {
            self.0.remove(&before_seq);
        }
        self.0.insert(line.last_seq, Arc::new(line));
        if self.0.len() > LINES_LIMIT {
            self.0.pop_first();
        }
    }

    pub(crate) fn remove(&mut self, last_seq: u64) {
        self.0.remove(&last_seq);
    }

    /// Most recently changed first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &Arc<CaseSummary>> {
        self.0.values().rev()
    }
}
