//! The index follows the journal. What is durable waits here, in memory, and the callers who wrote it are answered before it is
//! applied: by a thread of its own, or at once by whoever needs what only the index knows ([`settle`]), so everybody reads what was
//! acknowledged to them. What waits when a process dies is in the journal and is rolled forward at the next start.
//!
//! ```text
//! writer ── put ──► backlog (bounded) ── take, several batches together ──► ledger
//!                      ▲ find: cases as they are after what waits
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
const LINGER: Duration = Duration::from_millis(20);
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
    /// Held by whoever applies.
    applying: Mutex<()>,
    /// The index was changed since it was last made durable.
    unrested: AtomicBool,
}

#[derive(Default)]
struct State {
    waiting: Vec<Durable>,
    entries: usize,
    len_bytes: usize,
    /// Cases as they are after what waits or is being applied, and the number of the last batch that changed each.
    cases: HashMap<CaseId, (u64, Arc<Case>)>,
    /// Batches put in so far.
    put: u64,
    /// The indexing thread sleeps until it is woken.
    asleep: bool,
    closed: bool,
}

impl State {
    /// Whether a part of what may wait waits: 1 for all of it, 2 for half.
    const fn is_filled(&self, part: usize) -> bool {
        self.entries >= BACKLOG_ENTRIES / part || self.len_bytes >= BACKLOG_BYTES / part
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
        if state.waiting.len() == 1 || state.is_filled(2) {
            self.wake(&mut state);
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
        self.wake(&mut state);
    }

    fn wake(&self, state: &mut State) {
        if std::mem::take(&mut state.asleep) {
            self.filled.notify_one();
        }
    }

    /// Returns when something is to be done; lets the first batch wait for others.
    fn wait(&self) -> ToDo {
        let mut state = self.state();
        while state.waiting.is_empty() {
            if state.closed {
                return ToDo::End;
            }
            let has_rested;
            (state, has_rested) = self.sleep(state, REST);
            if has_rested && state.waiting.is_empty() && !state.closed {
                return ToDo::Rest;
            }
        }
        let begun = Instant::now();
        while let Some(left) = LINGER.checked_sub(begun.elapsed())
            && !state.closed
            && !state.is_filled(2)
        {
            state = self.sleep(state, left).0;
        }
        ToDo::Apply
    }

    /// Sleeps until it is woken, or for the time given; says whether that has passed.
    fn sleep<'s>(&self, mut state: MutexGuard<'s, State>, at_most: Duration) -> (MutexGuard<'s, State>, bool) {
        state.asleep = true;
        let (mut state, timed) = self.filled.wait_timeout(state, at_most).unwrap_or_else(PoisonError::into_inner);
        state.asleep = false;
        (state, timed.timed_out())
    }

    /// Everything that waits, and the number of the last batch.
    fn take(&self) -> (Vec<Durable>, u64) {
        let mut state = self.state();
        (state.entries, state.len_bytes) = (0, 0);
        (std::mem::take(&mut state.waiting), state.put)
    }

    /// The index knows everything up to the batch with this number.
    fn note_applied(&self, through: u64) {
        self.state().cases.retain(|_, (number, _)| *number > through);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the indexing thread is to do.
enum ToDo {
    Apply,
    /// Nothing has come for a while.
    Rest,
    /// Nothing more will come.
    End,
}

/// The indexing thread: works until the backlog is closed and empty.
pub(crate) fn run(core: &Core) {
    loop {
        match core.backlog.wait() {
            ToDo::Apply => settle(core),
            ToDo::Rest => rest(core),
            ToDo::End => break,
        }
    }
    rest(core);
}

/// Returns when the index knows everything that was acknowledged before this call. Waits for no sync.
pub(crate) fn settle(core: &Core) {
    let _one_at_a_time = core.backlog.applying.lock().unwrap_or_else(PoisonError::into_inner);
    let (batches, through) = core.backlog.take();
    if !batches.is_empty() {
        follow(core, &batches);
        core.backlog.note_applied(through);
    }
}

/// Returns when there is room in the backlog for a batch more.
pub(crate) fn make_room(core: &Core) {
    let is_full = core.backlog.state().is_filled(1);
    if is_full {
        settle(core);
    }
}

/// A panic half way would leave a gap in the index: nothing more is written then, and the next start builds it anew.
struct Following<'c>(&'c Core);

impl Drop for Following<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stopped.store(true, Ordering::Release);
            let _marked = std::fs::write(self.0.dir.join(BROKEN_INDEX_FILE), "a panic");
        }
    }
}

/// Applies batches, a second time to the index that takes the place of one that failed.
fn follow(core: &Core, batches: &[Durable]) {
    let _following = Following(core);
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
    {
        let _one_at_a_time = core.index_care.lock().unwrap_or_else(PoisonError::into_inner);
        core.mark.keep(core.head());
    }
    let ledger = core.ledger();
    if let Err(fault) = ledger.make_durable()
        && let Err(fault) = replace_index(core, &ledger, &fault)
    {
        tracing::error!(code = fault.code(), "the index could not be replaced");
    }
}
