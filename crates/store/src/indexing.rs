//! The index follows the journal. What is durable waits here, in memory, until a thread of its own has applied it; the callers who
//! wrote it are answered before that. Whoever asks for what only the index knows waits until it has caught up
//! ([`Backlog::settle`]), so everybody reads what was acknowledged to them. What waits when a process dies is in the journal and is
//! rolled forward at the next start.
//!
//! ```text
//! writer ── put ──► backlog (bounded) ── take, several batches together ──► ledger
//!                      ▲ find: cases as they are after what waits           │ applied: wakes who waits
//! ```
//! Absent on purpose: writing the journal (`writer`), and what an entry does to the index (`fold`).

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use onewindow_case::Case;
use onewindow_case::ids::CaseId;
use onewindow_journal::{Entry, Head};

use crate::core::{Core, LINES_LIMIT, Lines};
use crate::fault::StoreFault;
use crate::fold::{Changes, FoldFault, NewLine, Roll};
use crate::index::{IndexFault, MemoryIndex};
use crate::ledger::{Ledger, Position};
use crate::open::BROKEN_INDEX_FILE;

/// Entries that may wait; the writer takes no further calls until there is room. As many again may be being applied.
const BACKLOG_ENTRIES: usize = 1_024;
/// The same in bytes of the journal. One batch may be longer than this by itself.
const BACKLOG_BYTES: usize = 8 << 20;
/// How long the first batch waits for others, unless somebody needs the index: what several entries of one case change together is
/// then written once.
const LINGER: Duration = Duration::from_millis(2);
/// After this much rest the index is made durable.
const REST: Duration = Duration::from_millis(500);

/// One entry that has its place.
pub(crate) struct Chained {
    pub(crate) entry: Entry,
    pub(crate) position: Position,
}

/// Entries that were made durable together.
pub(crate) struct Durable {
    pub(crate) entries: Vec<Chained>,
    /// Every case among them as it is after them.
    pub(crate) cases: HashMap<CaseId, Arc<Case>>,
    pub(crate) head: Head,
    /// What they take in the journal, bytes.
    pub(crate) len_bytes: usize,
}

/// What is durable and not yet in the index.
#[derive(Default)]
pub(crate) struct Backlog {
    state: Mutex<State>,
    /// The indexing thread waits for work.
    filled: Condvar,
    /// Readers wait for the index, the writer for room.
    applied: Condvar,
    /// The index was changed since it was last made durable.
    unrested: AtomicBool,
}

#[derive(Default)]
struct State {
    waiting: Vec<Durable>,
    entries: usize,
    len_bytes: usize,
    /// Cases as they are after what waits, and the number of the last batch that changed each.
    cases: HashMap<CaseId, (u64, Arc<Case>)>,
    /// Batches put in so far, and applied so far.
    put: u64,
    applied: u64,
    /// Somebody waits for the index.
    awaited: bool,
    /// The indexing thread sleeps until it is woken.
    asleep: bool,
    closed: bool,
    /// The indexing thread is gone; nobody may wait for it.
    dead: bool,
}

impl State {
    const fn is_full(&self) -> bool {
        self.entries >= BACKLOG_ENTRIES || self.len_bytes >= BACKLOG_BYTES
    }

    const fn is_half_full(&self) -> bool {
        self.entries >= BACKLOG_ENTRIES / 2 || self.len_bytes >= BACKLOG_BYTES / 2
    }
}

impl Backlog {
    /// A case as it is after everything that waits; `None` when nothing of it waits, and the index knows it.
    pub(crate) fn find(&self, id: CaseId) -> Option<Arc<Case>> {
        self.state().cases.get(&id).map(|(_, case)| Arc::clone(case))
    }

    /// Takes durable entries in; called by the writer, before it answers.
    pub(crate) fn put(&self, durable: Durable) {
        self.touch();
        let mut state = self.state();
        state.put += 1;
        let number = state.put;
        state.entries += durable.entries.len();
        state.len_bytes += durable.len_bytes;
        state.cases.extend(durable.cases.iter().map(|(id, case)| (*id, (number, Arc::clone(case)))));
        state.waiting.push(durable);
        let is_first = state.waiting.len() == 1;
        self.wake(&mut state, is_first);
    }

    /// Returns when there is room for more.
    pub(crate) fn make_room(&self) {
        let mut state = self.state();
        while state.is_full() && !state.dead {
            self.wake(&mut state, true);
            state = self.applied.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Returns when the index knows everything that was acknowledged before this call.
    pub(crate) fn settle(&self) {
        let mut state = self.state();
        let through = state.put;
        while state.applied < through && !state.dead {
            state.awaited = true;
            self.wake(&mut state, true);
            state = self.applied.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Notes that the index was changed.
    pub(crate) fn touch(&self) {
        self.unrested.store(true, Ordering::Release);
    }

    /// Lets the indexing thread end, once nothing waits.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        self.wake(&mut state, true);
    }

    /// Wakes the indexing thread if it sleeps and there is a reason to.
    fn wake(&self, state: &mut MutexGuard<'_, State>, reason: bool) {
        if state.asleep && (reason || state.is_half_full()) {
            state.asleep = false;
            self.filled.notify_one();
        }
    }

    /// What waits, as soon as anything does; `Ok(None)` after a rest without anything, `Err` when the backlog is closed and empty.
    fn take(&self) -> Result<Option<Vec<Durable>>, Closed> {
        let mut state = self.state();
        while state.waiting.is_empty() {
            if state.closed {
                return Err(Closed);
            }
            let rested;
            (state, rested) = self.sleep(state, REST);
            if rested && state.waiting.is_empty() && !state.closed {
                return Ok(None);
            }
        }
        let begun = Instant::now();
        while let Some(left) = LINGER.checked_sub(begun.elapsed())
            && !state.awaited
            && !state.closed
            && !state.is_half_full()
        {
            state = self.sleep(state, left).0;
        }
        state.awaited = false;
        (state.entries, state.len_bytes) = (0, 0);
        Ok(Some(std::mem::take(&mut state.waiting)))
    }

    fn sleep<'s>(&self, mut state: MutexGuard<'s, State>, at_most: Duration) -> (MutexGuard<'s, State>, bool) {
        state.asleep = true;
        let (mut state, timed) = self.filled.wait_timeout(state, at_most).unwrap_or_else(PoisonError::into_inner);
        state.asleep = false;
        (state, timed.timed_out())
    }

    fn note_applied(&self, batches: usize) {
        let mut state = self.state();
        state.applied += batches as u64;
        let applied = state.applied;
        state.cases.retain(|_, (number, _)| *number > applied);
        drop(state);
        self.applied.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Nothing more will come.
struct Closed;

/// Says that the indexing thread is gone, also when it ends in a panic.
struct Presence<'c>(&'c Core);

impl Drop for Presence<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stopped.store(true, Ordering::Release);
        }
        self.0.backlog.state().dead = true;
        self.0.backlog.applied.notify_all();
    }
}

/// The indexing thread: works until the backlog is closed and empty.
pub(crate) fn run(core: &Core) {
    let _presence = Presence(core);
    loop {
        match core.backlog.take() {
            Ok(Some(batches)) => {
                follow(core, &batches);
                core.backlog.note_applied(batches.len());
            }
            Ok(None) => rest(core),
            Err(Closed) => break,
        }
    }
    rest(core);
}

/// Applies batches, a second time to the index that takes the place of one that failed.
fn follow(core: &Core, batches: &[Durable]) {
    for _attempt in 0..2 {
        let ledger = core.ledger();
        let fault = match apply(&ledger, batches) {
            Ok(lines) => {
                let mut kept = core.lines.write().unwrap_or_else(PoisonError::into_inner);
                lines.into_iter().for_each(|(before_seq, line)| kept.replace(before_seq, line));
                return;
            }
            Err(fault) => fault,
        };
        // The entries are durable whatever becomes of the index.
        if let Err(fault) = replace_index(core, &ledger, &fault) {
            tracing::error!(code = fault.code(), "the index could not be replaced");
            break;
        }
    }
    core.stopped.store(true, Ordering::Release);
}

/// An index that was rolled from the journal meanwhile has some of them already.
fn apply(ledger: &Ledger, batches: &[Durable]) -> Result<Vec<NewLine>, IndexFault> {
    let applied = ledger.meta().applied().unwrap_or_default();
    let missing = batches.iter().filter(|batch| batch.head.seq > applied.seq);
    let mut changes = Changes::new(ledger);
    let mut cases: HashMap<CaseId, &Arc<Case>> = HashMap::new();
    let mut head = None;
    for batch in missing {
        for chained in &batch.entries {
            changes.apply(&chained.entry, chained.position, true)?;
        }
        cases.extend(batch.cases.iter().map(|(id, case)| (*id, case)));
        head = Some(batch.head);
    }
    match head {
        Some(head) => changes.commit(head, |id| cases.get(&id).map(|case| Arc::clone(case))),
        None => Ok(Vec::new()),
    }
}

/// The index failed while at work: go on with one in memory, and let the next start build a new one on disk. Does nothing when
/// somebody else has replaced it meanwhile.
pub(crate) fn replace_index(core: &Core, failed: &Arc<Ledger>, fault: &IndexFault) -> Result<(), StoreFault> {
    let _one_at_a_time = core.index_care.lock().unwrap_or_else(PoisonError::into_inner);
    if !Arc::ptr_eq(failed, &core.ledger()) {
        return Ok(());
    }
    tracing::error!(%fault, "the index failed; going on with one in memory");
    let _marked = std::fs::write(core.dir.join(BROKEN_INDEX_FILE), fault.op);
    let ledger = Ledger::empty(Box::new(MemoryIndex::default()), Arc::clone(&core.device));
    match Roll::new(&ledger, &core.segments).forward(core.head(), &|_| {}) {
        Ok(()) => {}
        Err(FoldFault::Store(fault)) => return Err(fault),
        Err(FoldFault::Index(fault)) => return Err(StoreFault::damaged(fault.to_string())),
    }
    let mut draft = ledger.draft();
    draft.meta.delivered_through = failed.meta().delivered_through;
    draft.commit().map_err(|fault| StoreFault::damaged(fault.to_string()))?;
    let lines = ledger.summaries(LINES_LIMIT).ok().flatten().unwrap_or_default();
    *core.lines.write().unwrap_or_else(PoisonError::into_inner) = Lines::new(lines);
    core.cases.lock().unwrap_or_else(PoisonError::into_inner).clear();
    *core.ledger.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ledger);
    core.index_in_memory.store(true, Ordering::Release);
    Ok(())
}

/// Makes the index durable, if it was changed, so that the next start has little to roll forward.
pub(crate) fn rest(core: &Core) {
    if !core.backlog.unrested.swap(false, Ordering::AcqRel) {
        return;
    }
    core.mark.keep(core.head());
    let ledger = core.ledger();
    if let Err(fault) = ledger.make_durable()
        && let Err(fault) = replace_index(core, &ledger, &fault)
    {
        tracing::error!(code = fault.code(), "the index could not be replaced");
    }
}
