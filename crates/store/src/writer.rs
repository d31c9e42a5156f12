//! The one thread that writes the journal. It takes what is waiting, turns each call into one sealed record, writes them
//! together, syncs once, and only then answers (group commit). The index follows the journal, never the other way round.
//!
//! A failed write is undone and everything goes on. A failed sync is final: what is on disk then is unknown, so the store stops
//! and must be opened again. Absent on purpose: deciding what may happen to a case (crate `case`) and reading for callers.

mod batch;
mod upkeep;

use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use onewindow_case::ids::{CaseId, Digest};
use onewindow_journal::{Actor, Event};
use time::Date;

use crate::core::{Core, LINES_LIMIT, Lines};
use crate::fault::StoreFault;
use crate::fold::{Changes, FoldFault, NewLine, Roll};
use crate::index::{IndexFault, MemoryIndex};
use crate::ledger::{Draft, Ledger};
use crate::open::{BALLAST_FILE, BROKEN_INDEX_FILE};
use crate::retention::{Retained, Retention};
use crate::segments::ActiveSegment;
use batch::Batch;

/// Calls that are written together.
const BATCH_CALLS: usize = 64;
/// Calls that may wait; further callers block until there is room.
pub(crate) const QUEUE_CALLS: usize = 256;
/// After this much rest the index is made durable.
const REST: Duration = Duration::from_millis(500);

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

pub(crate) type Answer<T> = SyncSender<Result<T, StoreFault>>;

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
    /// The index was changed since it was last made durable.
    pub(crate) unrested: bool,
}

impl Writer {
    /// Works until every sender is gone.
    pub(crate) fn run(mut self, calls: &Receiver<Call>) {
        loop {
            let first = match calls.recv_timeout(REST) {
                Ok(call) => call,
                Err(RecvTimeoutError::Timeout) => {
                    self.rest();
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            };
            let mut waiting = vec![first];
            while waiting.len() < BATCH_CALLS
                && let Ok(call) = calls.try_recv()
            {
                waiting.push(call);
            }
            self.serve(waiting);
        }
        self.rest();
    }

    /// Serves calls in order; runs of appends are written together.
    fn serve(&mut self, calls: Vec<Call>) {
        let mut batch = Batch::new(&self.core, &self.active);
        for call in calls {
            match call {
                Call::Append { entries, expected, answer } => {
                    let learnt;
                    (batch, learnt) = self.with_index(batch, |batch| batch.learn(&entries, expected));
                    match learnt {
                        Ok(()) => batch.append(entries, expected, answer),
                        Err(fault) => tell(&answer, Err(StoreFault::damaged(fault.to_string()))),
                    }
                }
                Call::TakeNumber { series, stamp, answer } => {
                    let before;
                    (batch, before) = self.with_index(batch, |batch| batch.number_before(&series));
                    match before {
                        Ok(before) => batch.take_number(series, before, stamp, answer),
                        Err(fault) => tell(&answer, Err(StoreFault::damaged(fault.to_string()))),
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
        self.write(batch);
        if let Err(fault) = self.replace_index(&fault) {
            tracing::error!(code = fault.code(), "the index could not be replaced");
        }
        let mut batch = Batch::new(&self.core, &self.active);
        let told = ask(&mut batch);
        (batch, told)
    }

    fn serve_other(&mut self, call: Call) {
        match call {
            Call::Append { .. } | Call::TakeNumber { .. } => {}
            Call::Delivered { through, answer } => {
                let through = through.min(self.core.head().seq);
                tell(
                    &answer,
                    self.change(|draft| {
                        draft.meta.delivered_through = draft.meta.delivered_through.max(through);
                        Ok(())
                    }),
                );
            }
            Call::PageDelivered { digest, answer } => tell(&answer, self.change(|draft| draft.deliver_page(&digest, None))),
            Call::BeginEpoch { epoch, behind_seq, answer } => tell(&answer, self.begin_epoch(epoch, behind_seq)),
            Call::ReplaceIndex { failed, answer } => {
                // Several readers may have met the same failure.
                let replaced = !Arc::ptr_eq(&failed, &self.core.ledger());
                tell(
                    &answer,
                    if replaced {
                        Ok(())
                    } else {
                        self.replace_index(&IndexFault {
                            op: "reading",
                            reason: "told by a reader".to_owned(),
                        })
                    },
                );
            }
            Call::Flush { answer } => {
                self.rest();
                tell(&answer, Ok(()));
            }
            Call::Retain { wish, answer } => tell(&answer, self.retain(&wish)),
            Call::CollectOrphans { before_ms, answer } => tell(&answer, self.collect_orphans(before_ms)),
        }
    }

    /// Writes a batch, applies it to the index and answers every call in it.
    fn write(&mut self, batch: Batch) {
        let batch = match self.make_durable(batch) {
            Some(batch) => batch,
            None => return,
        };
        let applied = self.apply(&batch);
        self.unrested = true;
        self.publish(&batch, applied.as_deref().unwrap_or_default());
        if let Err(fault) = applied {
            // The entries are durable whatever becomes of the index.
            if let Err(fault) = self.replace_index(&fault) {
                tracing::error!(code = fault.code(), "the index could not be replaced");
                self.core.stopped.store(true, Ordering::Release);
            }
        }
        batch.answer();
    }

    fn apply(&self, batch: &Batch) -> Result<Vec<NewLine>, IndexFault> {
        let ledger = self.core.ledger();
        let mut changes = Changes::new(&ledger);
        for chained in &batch.entries {
            changes.apply(&chained.entry, chained.position, true)?;
        }
        changes.commit(batch.head, |id| batch.cases.get(&id).cloned())
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

    fn publish(&mut self, batch: &Batch, lines: &[NewLine]) {
        {
            let mut cache = self.core.cases.lock().unwrap_or_else(PoisonError::into_inner);
            for case in batch.cases.values() {
                cache.keep(Arc::clone(case));
            }
        }
        {
            let mut kept = self.core.lines.write().unwrap_or_else(PoisonError::into_inner);
            for (before_seq, line) in lines {
                kept.replace(*before_seq, line.clone());
            }
        }
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

    fn change(&mut self, change: impl Fn(&mut Draft<'_>) -> Result<(), IndexFault>) -> Result<(), StoreFault> {
        let attempt = |ledger: &Ledger| {
            let mut draft = ledger.draft();
            change(&mut draft)?;
            draft.commit()
        };
        self.unrested = true;
        if let Err(fault) = attempt(&self.core.ledger()) {
            self.replace_index(&fault)?;
            attempt(&self.core.ledger()).map_err(|fault| StoreFault::damaged(fault.to_string()))?;
        }
        Ok(())
    }

    /// The index failed while at work: go on with one in memory, and let the next start build a new one on disk.
    fn replace_index(&mut self, fault: &IndexFault) -> Result<(), StoreFault> {
        tracing::error!(%fault, "the index failed; going on with one in memory");
        let _marked = std::fs::write(self.core.dir.join(BROKEN_INDEX_FILE), fault.op);
        let before = self.core.ledger().meta();
        let ledger = Ledger::empty(Box::new(MemoryIndex::default()), Arc::clone(&self.core.device));
        let rolled = Roll::new(&ledger, &self.core.segments).forward(self.core.head(), &|_| {});
        match rolled {
            Ok(()) => {}
            Err(FoldFault::Store(fault)) => return Err(fault),
            Err(FoldFault::Index(fault)) => return Err(StoreFault::damaged(fault.to_string())),
        }
        let mut draft = ledger.draft();
        draft.meta.delivered_through = before.delivered_through;
        draft.commit().map_err(|fault| StoreFault::damaged(fault.to_string()))?;
        let lines = ledger.summaries(LINES_LIMIT).ok().flatten().unwrap_or_default();
        *self.core.lines.write().unwrap_or_else(PoisonError::into_inner) = Lines::new(lines);
        self.core.cases.lock().unwrap_or_else(PoisonError::into_inner).clear();
        *self.core.ledger.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ledger);
        self.core.index_in_memory.store(true, Ordering::Release);
        Ok(())
    }

    fn release_ballast(&self) -> bool {
        let ballast = self.core.dir.join(BALLAST_FILE);
        ballast.exists() && self.core.disk.remove(&ballast).is_ok()
    }

    fn rest(&mut self) {
        if !self.unrested {
            return;
        }
        self.unrested = false;
        self.core.mark.keep(self.core.head());
        if let Err(fault) = self.core.ledger().make_durable()
            && let Err(fault) = self.replace_index(&fault)
        {
            tracing::error!(code = fault.code(), "the index could not be replaced");
        }
    }
}

/// Answers a caller; one that has gone away needs no answer.
pub(crate) fn tell<T>(answer: &Answer<T>, result: Result<T, StoreFault>) {
    let _gone_away = answer.send(result);
}
