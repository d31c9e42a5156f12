//! Writing the journal. Callers take turns at it (`turns`): whoever comes while nobody writes does it, for everybody who waits; each
//! call becomes one sealed record, the records are written together, synced once, and only then answered (group commit). The index
//! follows the journal, never the other way round (`indexing`).
//!
//! A failed write is undone and everything goes on. A failed sync is final: what is on disk then is unknown, so the store stops
//! and must be opened again. Absent on purpose: deciding what may happen to a case (crate `case`) and reading for callers.

mod batch;
mod turns;
mod upkeep;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use onewindow_case::ids::{CaseId, Digest};
use onewindow_journal::{Actor, Event};
use time::Date;

use crate::core::Core;
use crate::fault::StoreFault;
use crate::index::IndexFault;
use crate::indexing::{Durable, make_room, replace_index, rest, settle};
use crate::ledger::{Draft, Ledger};
use crate::open::BALLAST_FILE;
use crate::retention::{Retained, Retention};
use crate::segments::ActiveSegment;
use batch::Batch;
pub(crate) use turns::Turns;

/// One entry to be appended; the store adds counter, epoch, position, digest of the entry before and revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The case it belongs to.
    pub case: Option<CaseId>,
    /// Wall clock, ms since 1970 UTC.
    pub time_ms: i64,
    /// The day it counts for.
    pub business_date: Date,
    /// Who does it.
    pub actor: Actor,
    /// What happens.
    pub event: Event,
}

/// Where an entry now is, durably.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Position in the journal.
    pub seq: u64,
    /// Revision of its case after it; 0 without a case.
    pub revision: u32,
}

/// When and by whom a number is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Wall clock, ms since 1970 UTC.
    pub time_ms: i64,
    /// The day it counts for.
    pub business_date: Date,
    /// Who.
    pub actor: Actor,
}

/// Where a caller finds what became of its call.
pub(crate) struct Answer<T>(Arc<Mutex<Option<Result<T, StoreFault>>>>);

impl<T> Answer<T> {
    /// An answer, and the half of it that goes with the call.
    pub(crate) fn pair() -> (Self, Self) {
        let place = Arc::new(Mutex::new(None));
        (Self(Arc::clone(&place)), Self(place))
    }

    pub(crate) fn tell(&self, result: Result<T, StoreFault>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    }

    /// What was told; a call that was let go without a word was not done.
    pub(crate) fn take(&self) -> Result<T, StoreFault> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or(Err(StoreFault::Stopped))
    }
}

pub(crate) enum Call {
    Append {
        entries: Vec<NewEntry>,
        expected: Option<(CaseId, u32)>,
        answer: Answer<Vec<Appended>>,
    },
    TakeNumber {
        series: String,
        stamp: Stamp,
        answer: Answer<u32>,
    },
    Delivered {
        through: u64,
        answer: Answer<()>,
    },
    PageDelivered {
        digest: Digest,
        answer: Answer<()>,
    },
    BeginEpoch {
        epoch: u32,
        behind_seq: u64,
        answer: Answer<()>,
    },
    /// The index failed a reader.
    ReplaceIndex {
        failed: Arc<Ledger>,
        answer: Answer<()>,
    },
    Flush {
        answer: Answer<()>,
    },
    Retain {
        wish: Box<Retention>,
        answer: Answer<Retained>,
    },
    CollectOrphans {
        before_ms: i64,
        answer: Answer<u32>,
    },
}

pub(crate) struct Writer {
    pub(crate) core: Arc<Core>,
    pub(crate) active: ActiveSegment,
}

impl Writer {
    /// Serves calls in order; runs of appends are written together.
    fn serve(&mut self, calls: Vec<Call>) {
        make_room(&self.core);
        let mut batch = Batch::new(&self.core, &self.active);
        for call in calls {
            match call {
                Call::Append { entries, expected, answer } => {
                    let learnt;
                    (batch, learnt) = self.with_index(batch, |batch| batch.learn(&entries, expected));
                    match learnt {
                        Ok(()) => batch.append(entries, expected, answer),
                        Err(fault) => answer.tell(Err(StoreFault::damaged(fault.to_string()))),
                    }
                }
                Call::TakeNumber { series, stamp, answer } => {
                    let before;
                    (batch, before) = self.with_index(batch, |batch| batch.number_before(&series));
                    match before {
                        Ok(before) => batch.take_number(series, before, stamp, answer),
                        Err(fault) => answer.tell(Err(StoreFault::damaged(fault.to_string()))),
                    }
                }
                Call::Delivered { .. }
                | Call::PageDelivered { .. }
                | Call::BeginEpoch { .. }
                | Call::ReplaceIndex { .. }
                | Call::Flush { .. }
                | Call::Retain { .. }
                | Call::CollectOrphans { .. } => {
                    self.write(batch);
                    self.serve_other(call);
                    batch = Batch::new(&self.core, &self.active);
                }
            }
        }
        self.write(batch);
    }

    /// Asks the index what the next call needs; when it fails, what is batched is written, the index replaced and asked again.
    fn with_index<T>(&mut self, mut batch: Batch, ask: impl Fn(&mut Batch) -> Result<T, IndexFault>) -> (Batch, Result<T, IndexFault>) {
        let fault = match ask(&mut batch) {
            Ok(told) => return (batch, Ok(told)),
            Err(fault) => fault,
        };
        let failed = self.core.ledger();
        self.write(batch);
        settle(&self.core);
        if let Err(fault) = replace_index(&self.core, &failed, &fault) {
            tracing::error!(code = fault.code(), "the index could not be replaced");
        }
        let mut batch = Batch::new(&self.core, &self.active);
        let told = ask(&mut batch);
        (batch, told)
    }

    fn serve_other(&mut self, call: Call) {
        settle(&self.core);
        match call {
            Call::Append { .. } | Call::TakeNumber { .. } => {}
            Call::Delivered { through, answer } => {
                let through = through.min(self.core.head().seq);
                answer.tell(self.change(|draft| {
                    draft.meta.delivered_through = draft.meta.delivered_through.max(through);
                    Ok(())
                }));
            }
            Call::PageDelivered { digest, answer } => answer.tell(self.change(|draft| draft.deliver_page(&digest, None))),
            Call::BeginEpoch { epoch, behind_seq, answer } => answer.tell(self.begin_epoch(epoch, behind_seq)),
            // Several readers may have met the same failure.
            Call::ReplaceIndex { failed, answer } => answer.tell(replace_index(
                &self.core,
                &failed,
                &IndexFault {
                    op: "reading",
                    reason: "told by a reader".to_owned(),
                },
            )),
            Call::Flush { answer } => {
                rest(&self.core);
                answer.tell(Ok(()));
            }
            Call::Retain { wish, answer } => answer.tell(self.retain(&wish)),
            Call::CollectOrphans { before_ms, answer } => answer.tell(self.collect_orphans(before_ms)),
        }
    }

    /// Writes a batch and answers every call in it. The index is told what it has to apply before anybody is answered.
    fn write(&mut self, batch: Batch) {
        if let Some(mut batch) = self.make_durable(batch) {
            self.publish(&mut batch);
            batch.answer();
        }
    }

    /// Gives the batch back once it is durable; otherwise every call in it has been told why not.
    fn make_durable(&mut self, batch: Batch) -> Option<Batch> {
        if batch.bytes.is_empty() {
            batch.answer();
            return None;
        }
        if self.core.is_stopped() {
            batch.refuse(&StoreFault::Stopped);
            return None;
        }
        let mut written = self.active.write(&*self.core.disk, &batch.bytes);
        if let Err((StoreFault::DiskFull, true)) = written
            && self.release_ballast()
        {
            written = self.active.write(&*self.core.disk, &batch.bytes);
        }
        match written {
            Ok(()) => Some(batch),
            Err((fault, undone)) => {
                if !undone {
                    self.core.stopped.store(true, Ordering::Release);
                }
                tracing::error!(code = fault.code(), undone, "the journal could not be written");
                batch.refuse(&fault);
                None
            }
        }
    }

    fn publish(&mut self, batch: &mut Batch) {
        {
            let mut cache = self.core.cases.lock().unwrap_or_else(PoisonError::into_inner);
            for case in batch.cases.values() {
                cache.keep(Arc::clone(case));
            }
        }
        self.core.backlog.put(Durable {
            entries: std::mem::take(&mut batch.entries),
            cases: std::mem::take(&mut batch.cases),
            head: batch.head,
            len_bytes: batch.bytes.len(),
        });
        *self.core.head.write().unwrap_or_else(PoisonError::into_inner) = batch.head;
        if self.active.len_bytes >= self.core.segment_bytes
            && let Err(fault) = self.next_segment(self.active.header.epoch)
        {
            // The segment grows a little longer instead.
            tracing::warn!(code = fault.code(), "no new segment could be begun");
        }
    }

    fn next_segment(&mut self, epoch: u32) -> Result<(), StoreFault> {
        self.active = self.core.segments.begin(epoch, self.core.head())?;
        Ok(())
    }

    /// The next position is behind `behind_seq` too: whoever restores an old state must never give a position twice.
    fn begin_epoch(&mut self, epoch: u32, behind_seq: u64) -> Result<(), StoreFault> {
        let now = self.active.header.epoch;
        if epoch <= now {
            return if epoch == now { Ok(()) } else { Err(StoreFault::Stale { revision: now }) };
        }
        {
            let mut head = self.core.head.write().unwrap_or_else(PoisonError::into_inner);
            head.seq = head.seq.max(behind_seq);
        }
        self.next_segment(epoch)?;
        *self.core.epoch.write().unwrap_or_else(PoisonError::into_inner) = epoch;
        Ok(())
    }

    /// Changes the index by what is in no entry. Nothing waits to be applied meanwhile: two drafts at once would lose one's changes.
    fn change(&mut self, change: impl Fn(&mut Draft<'_>) -> Result<(), IndexFault>) -> Result<(), StoreFault> {
        let attempt = |ledger: &Ledger| {
            let mut draft = ledger.draft();
            change(&mut draft)?;
            draft.commit()
        };
        settle(&self.core);
        self.core.backlog.touch();
        let ledger = self.core.ledger();
        if let Err(fault) = attempt(&ledger) {
            replace_index(&self.core, &ledger, &fault)?;
            attempt(&self.core.ledger()).map_err(|fault| StoreFault::damaged(fault.to_string()))?;
        }
        Ok(())
    }

    fn release_ballast(&self) -> bool {
        let ballast = self.core.dir.join(BALLAST_FILE);
        ballast.exists() && self.core.disk.remove(&ballast).is_ok()
    }
}
