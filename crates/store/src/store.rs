//! The store as its callers see it. Every call may block on the disk: call it from a thread that may wait.
//! Absent on purpose: async, clocks, and what may happen to a case.

mod upkeep;

use std::fs::File;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use onewindow_case::Case;
use onewindow_case::ids::{CaseId, Digest};
use onewindow_delivery::PageWaiting;
use onewindow_journal::{CounterEvent, Entry, Event, Head};
use time::Date;

use crate::core::{Core, ReadFault};
use crate::fault::StoreFault;
use crate::fold::Progress;
use crate::indexing;
use crate::keys::KeySource;
use crate::ledger::Ledger;
use crate::open::{BALLAST_FILE, Identity, OpenReport, Options, open};
use crate::segments::{EntryBatch, Segments};
use crate::summary::CaseSummary;
use crate::verify::{ChainReport, PageReport, verify_chain, verify_pages};
use crate::writer::{Answer, Appended, Call, NewEntry, Stamp, Turns, Writer};

/// A counter's journal, cases and pages. Cheap to clone; the last clone that goes closes the store.
#[derive(Clone)]
pub struct Store(Arc<Handle>);

struct Handle {
    core: Arc<Core>,
    turns: Turns,
    indexing: Mutex<Option<JoinHandle<()>>>,
    _lock: File,
}

/// How much room is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// Free, in bytes.
    pub free_bytes: u64,
    /// Whether the ballast is still there; once it is gone somebody has to make room.
    pub ballast_present: bool,
    /// Whether a new case may begin.
    pub allows_new_cases: bool,
}

impl Store {
    /// Opens the store in `dir`, or makes a new one there. `progress` is called now and then while entries are applied.
    ///
    /// # Errors
    /// [`StoreFault::Locked`], [`StoreFault::WrongKey`], [`StoreFault::NewerFormat`], [`StoreFault::NotWritable`],
    /// [`StoreFault::DiskFull`], [`StoreFault::Damaged`] or [`StoreFault::Io`].
    pub fn open(dir: &Path, identity: &Identity, keys: &KeySource, progress: &dyn Fn(Progress)) -> Result<(Self, OpenReport), StoreFault> {
        Self::open_with(dir, identity, keys, &Options::default(), progress)
    }

    /// Opens with other figures than the usual ones.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(
        dir: &Path,
        identity: &Identity,
        keys: &KeySource,
        options: &Options,
        progress: &dyn Fn(Progress),
    ) -> Result<(Self, OpenReport), StoreFault> {
        let opened = open(dir, identity, keys, options, progress)?;
        let core = Arc::clone(&opened.core);
        core.backlog.touch();
        let thread = std::thread::Builder::new()
            .name("store-index".to_owned())
            .spawn(move || indexing::run(&core))
            .map_err(StoreFault::io("starting the indexing thread"))?;
        let handle = Handle {
            turns: Turns::new(Writer {
                core: Arc::clone(&opened.core),
                active: opened.active,
            }),
            core: opened.core,
            indexing: Mutex::new(Some(thread)),
            _lock: opened.lock,
        };
        Ok((Self(Arc::new(handle)), opened.report))
    }

    /// Appends entries; returns when they are durable. All or none of them survive a crash. At most 256 entries, 2 MiB.
    ///
    /// # Errors
    /// [`StoreFault::UnknownCase`] when the first event of a case does not open it, [`StoreFault::Stale`] when a case is opened
    /// twice, [`StoreFault::DiskFull`], [`StoreFault::TooLarge`], [`StoreFault::Stopped`], [`StoreFault::Damaged`], [`StoreFault::Io`].
    pub fn append(&self, entries: Vec<NewEntry>) -> Result<Vec<Appended>, StoreFault> {
        self.ask(|answer| Call::Append {
            entries,
            expected: None,
            answer,
        })
    }

    /// Appends only if the case is still at the revision on which the caller decided (0: does not exist).
    ///
    /// # Errors
    /// As [`Store::append`]; [`StoreFault::Stale`] tells the revision it is at.
    pub fn append_if(&self, case: CaseId, expected_revision: u32, entries: Vec<NewEntry>) -> Result<Vec<Appended>, StoreFault> {
        self.ask(|answer| Call::Append {
            entries,
            expected: Some((case, expected_revision)),
            answer,
        })
    }

    /// The case as it stands.
    ///
    /// # Errors
    /// [`StoreFault::Damaged`] when some of its entries or its key are lost; [`Store::history`] then still gives the rest.
    pub fn find_case(&self, id: CaseId) -> Result<Option<Arc<Case>>, StoreFault> {
        self.read_now(|core| core.find_case(id))
    }

    /// Lines of the work list, most recently changed first, from `skip` on, at most `max`. The newest 20,000 are kept.
    pub fn cases(&self, skip: usize, max: usize) -> Vec<Arc<CaseSummary>> {
        indexing::settle(&self.0.core);
        let lines = self.0.core.lines.read().unwrap_or_else(PoisonError::into_inner);
        lines.newest_first().skip(skip).take(max).cloned().collect()
    }

    /// The value last given to a setting of the counter, from the journal.
    ///
    /// # Errors
    /// [`StoreFault::Damaged`] or [`StoreFault::Io`].
    pub fn find_setting(&self, name: &str) -> Result<Option<String>, StoreFault> {
        self.read(|core| Ok(core.ledger().find_setting(name)?))
    }

    /// How many cases there are.
    pub fn case_count(&self) -> u64 {
        self.ledger().meta().cases
    }

    /// The line of one case, however old.
    ///
    /// # Errors
    /// [`StoreFault::Damaged`] or [`StoreFault::Io`].
    pub fn find_summary(&self, id: CaseId) -> Result<Option<CaseSummary>, StoreFault> {
        self.read(|core| {
            let ledger = core.ledger();
            match ledger.find_head(id)? {
                Some(head) => Ok(ledger.find_summary(head.last_seq)?),
                None => Ok(None),
            }
        })
    }

    /// Every entry of a case that can be read, in order.
    ///
    /// # Errors
    /// [`StoreFault::Damaged`] or [`StoreFault::Io`].
    pub fn history(&self, id: CaseId) -> Result<Vec<Entry>, StoreFault> {
        self.read(|core| {
            let positions: Vec<_> = core.ledger().positions(id)?.into_iter().map(|(_, position)| position).collect();
            let located = match core.segments.read(&positions) {
                Ok(located) => located,
                // One by one then, leaving out what cannot be read.
                Err(StoreFault::Damaged { .. }) => positions
                    .iter()
                    .filter_map(|position| core.segments.read(&[*position]).ok())
                    .flatten()
                    .collect(),
                Err(fault) => return Err(ReadFault::Store(fault)),
            };
            Ok(located.iter().filter_map(|located| Segments::decode(located).ok().flatten()).collect())
        })
    }

    /// Entries as bytes for sending: those after `seq`, at least one when there is one, at most `max_entries` of together
    /// `max_bytes`, all of one epoch.
    ///
    /// # Errors
    /// [`StoreFault::Damaged`] or [`StoreFault::Io`].
    pub fn entries_after(&self, seq: u64, max_entries: usize, max_bytes: usize) -> Result<EntryBatch, StoreFault> {
        self.0.core.segments.entries_after(seq, self.head().seq, max_entries, max_bytes)
    }

    /// The last durable entry.
    pub fn head(&self) -> Head {
        self.0.core.head()
    }

    /// Digest of the chain after an entry; `None` when the entry is not here or cannot be read.
    pub fn chain_at(&self, seq: u64) -> Option<Digest> {
        self.0.core.segments.find_digest(seq)
    }

    /// The epoch under which entries are written.
    pub fn epoch(&self) -> u32 {
        *self.0.core.epoch.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes under a higher epoch from now on, as the centre gives one at enrolment. The same epoch again changes nothing.
    ///
    /// # Errors
    /// [`StoreFault::Stale`] for a lower one; [`StoreFault::DiskFull`], [`StoreFault::Io`].
    pub fn begin_epoch(&self, epoch: u32) -> Result<(), StoreFault> {
        self.begin_epoch_behind(epoch, 0)
    }

    /// As [`Store::begin_epoch`], behind a position that is known to have been given although this journal does not hold it: an old
    /// state was put back.
    ///
    /// # Errors
    /// As [`Store::begin_epoch`].
    pub fn begin_epoch_behind(&self, epoch: u32, behind_seq: u64) -> Result<(), StoreFault> {
        self.ask(|answer| Call::BeginEpoch { epoch, behind_seq, answer })
    }

    /// Keeps a page, for a case or for the counter itself; durable when this returns. The same bytes are kept once.
    /// Name it in an entry only after this has returned. At most 64 MiB.
    ///
    /// # Errors
    /// [`StoreFault::UnknownCase`], [`StoreFault::TooLarge`], [`StoreFault::DiskFull`], [`StoreFault::NotWritable`], [`StoreFault::Io`].
    pub fn keep_page(&self, case: Option<CaseId>, bytes: &[u8]) -> Result<Digest, StoreFault> {
        self.0.core.pages.keep(case, bytes)
    }

    /// Keeps several pages, such as the original, the corrected page and its thumbnail, faster than one after the other.
    /// When one of them fails, others may be kept; keeping them again costs nothing.
    ///
    /// # Errors
    /// As [`Store::keep_page`].
    pub fn keep_pages(&self, case: Option<CaseId>, pages: &[&[u8]]) -> Result<Vec<Digest>, StoreFault> {
        self.0.core.pages.keep_all(case, pages)
    }

    /// The bytes of a page.
    ///
    /// # Errors
    /// [`StoreFault::UnknownPage`], [`StoreFault::Damaged`], [`StoreFault::Io`].
    pub fn read_page(&self, digest: &Digest) -> Result<Vec<u8>, StoreFault> {
        self.0.core.pages.read(digest)
    }

    /// Highest entry that the centre holds. May fall back to 0 after a rebuild; sending again is harmless.
    pub fn delivered_through(&self) -> u64 {
        self.ledger().meta().delivered_through
    }

    /// Notes what the centre holds; a lower value than before changes nothing.
    ///
    /// # Errors
    /// [`StoreFault::Stopped`], [`StoreFault::Damaged`].
    pub fn set_delivered_through(&self, seq: u64) -> Result<(), StoreFault> {
        self.ask(|answer| Call::Delivered { through: seq, answer })
    }

    /// Whether the centre holds a page that an entry names.
    ///
    /// # Errors
    /// [`StoreFault::Damaged`].
    pub fn page_delivered(&self, digest: &Digest) -> Result<bool, StoreFault> {
        self.read(|core| Ok(core.ledger().find_page(digest)?.is_some_and(|mark| mark.delivered)))
    }

    /// Notes that the centre holds a page.
    ///
    /// # Errors
    /// [`StoreFault::Stopped`], [`StoreFault::Damaged`].
    pub fn mark_page_delivered(&self, digest: &Digest) -> Result<(), StoreFault> {
        self.ask(|answer| Call::PageDelivered { digest: *digest, answer })
    }

    /// Pages named by entries that the centre does not hold yet, oldest first, at most `max`.
    ///
    /// # Errors
    /// [`StoreFault::Damaged`].
    pub fn undelivered_pages(&self, max: usize) -> Result<Vec<PageWaiting>, StoreFault> {
        self.read(|core| {
            let waiting = core.ledger().waiting(max)?;
            let sized = waiting.into_iter().map(|page| PageWaiting {
                digest: page.digest,
                case: page.case,
                size_bytes: core.pages.find_size(&page.digest).unwrap_or(0),
            });
            Ok(sized.collect())
        })
    }

    /// How many pages the centre does not hold yet.
    pub fn undelivered_page_count(&self) -> u64 {
        self.ledger().waiting_count()
    }

    /// How far the centre's feed is applied.
    pub fn feed_cursor(&self) -> u64 {
        self.ledger().meta().feed_cursor
    }

    /// Notes that the feed is applied up to `cursor`, as an entry of its own. Better: append
    /// [`CounterEvent::FeedApplied`] in the same call as what the feed brought.
    ///
    /// # Errors
    /// As [`Store::append`].
    pub fn set_feed_cursor(&self, cursor: u64, stamp: Stamp) -> Result<(), StoreFault> {
        let event = Event::Counter(CounterEvent::FeedApplied { cursor });
        let entry = NewEntry {
            case: None,
            time_ms: stamp.time_ms,
            business_date: stamp.business_date,
            actor: stamp.actor,
            event,
        };
        self.append(vec![entry]).map(|_| ())
    }

    /// The next case sequence of a day, from 1. Journalled before it is told, so it is never given twice.
    ///
    /// # Errors
    /// As [`Store::append`].
    pub fn next_case_sequence(&self, stamp: Stamp) -> Result<u32, StoreFault> {
        let series = format!("case/{}", day(stamp.business_date));
        self.ask(|answer| Call::TakeNumber { series, stamp, answer })
    }

    /// The next number of a kind of document within a year, from 1. Journalled before it is told, so it is never given twice.
    ///
    /// # Errors
    /// As [`Store::append`].
    pub fn next_document_number(&self, kind: &str, stamp: Stamp) -> Result<u32, StoreFault> {
        let series = format!("document/{kind}/{}", stamp.business_date.year());
        self.ask(|answer| Call::TakeNumber { series, stamp, answer })
    }

    /// How much room is left.
    ///
    /// # Errors
    /// [`StoreFault::Io`].
    pub fn space(&self) -> Result<Space, StoreFault> {
        let core = &self.0.core;
        let free_bytes = core.disk.free_bytes(&core.dir).map_err(StoreFault::io("asking for free space"))?;
        Ok(Space {
            free_bytes,
            ballast_present: core.dir.join(BALLAST_FILE).exists(),
            allows_new_cases: free_bytes >= core.reserve_bytes,
        })
    }

    /// Whether the index failed while at work and is kept in memory until the next start.
    pub fn index_in_memory(&self) -> bool {
        self.0.core.index_in_memory.load(Ordering::Acquire)
    }

    /// Reads the whole journal and follows its chain.
    ///
    /// # Errors
    /// [`StoreFault::Io`]; what is wrong with the journal itself is in the report.
    pub fn verify(&self) -> Result<ChainReport, StoreFault> {
        verify_chain(&self.0.core)
    }

    /// Reads every page that an entry names.
    ///
    /// # Errors
    /// [`StoreFault::Io`]; what is wrong with the pages is in the report.
    pub fn verify_pages(&self) -> Result<PageReport, StoreFault> {
        verify_pages(&self.0.core)
    }

    /// Makes the index durable too, so that the next start has nothing to roll forward.
    ///
    /// # Errors
    /// [`StoreFault::Stopped`].
    pub fn flush(&self) -> Result<(), StoreFault> {
        self.ask(|answer| Call::Flush { answer })
    }

    #[cfg(test)]
    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.0.core
    }

    fn ledger(&self) -> Arc<Ledger> {
        self.0.core.settled()
    }

    /// Asks the writer and waits for its answer.
    fn ask<T>(&self, call: impl FnOnce(Answer<T>) -> Call) -> Result<T, StoreFault> {
        let (answer, answered) = Answer::pair();
        self.0.turns.serve(call(answer));
        answered.take()
    }

    /// Reads what only the index knows, once it has caught up with what was acknowledged.
    fn read<T>(&self, read: impl Fn(&Core) -> Result<T, ReadFault>) -> Result<T, StoreFault> {
        indexing::settle(&self.0.core);
        self.read_now(read)
    }

    /// Reads; when the index fails, lets the writer replace it and reads once more.
    fn read_now<T>(&self, read: impl Fn(&Core) -> Result<T, ReadFault>) -> Result<T, StoreFault> {
        let failed = self.0.core.ledger();
        match read(&self.0.core) {
            Ok(value) => return Ok(value),
            Err(ReadFault::Store(fault)) => return Err(fault),
            Err(ReadFault::Index(fault)) => tracing::warn!(%fault, "the index failed a reader"),
        }
        self.ask(|answer| Call::ReplaceIndex { failed, answer })?;
        read(&self.0.core).map_err(|fault| match fault {
            ReadFault::Store(fault) => fault,
            ReadFault::Index(fault) => StoreFault::damaged(fault.to_string()),
        })
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("dir", &self.0.core.dir)
            .field("head", &self.head().seq)
            .finish_non_exhaustive()
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // Nobody asks any more: the index takes in what waits and is made durable; only then is the lock let go.
        self.core.backlog.close();
        if let Some(thread) = self.indexing.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _panicked = thread.join();
        }
    }
}

fn day(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

#[cfg(test)]
mod tests {
    //! An index that fails while at work costs nothing that was acknowledged, and nothing but time at the next start.

    use std::path::Path;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::{Arc, Condvar, Mutex, PoisonError};
    use std::time::Duration;

    use onewindow_case::CaseEvent;
    use onewindow_case::ids::{CaseId, CounterId, StaffNo};
    use onewindow_journal::{Actor, Event, Role};
    use time::macros::date;
    use uuid::Uuid;

    use super::Store;
    use crate::index::{Change, Index, IndexFault, MemoryIndex, Row, Table};
    use crate::ledger::Ledger;
    use crate::{Identity, KeySource, NewEntry, Options, RebuildReason, Stamp, StoreFault};

    /// Works this many times and fails from then on.
    struct Failing {
        inner: MemoryIndex,
        left: AtomicU64,
    }

    impl Failing {
        fn act(&self) -> Result<(), IndexFault> {
            let left = self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            left.map(|_| ()).map_err(|_| IndexFault {
                op: "acting",
                reason: "told to fail".to_owned(),
            })
        }
    }

    impl Index for Failing {
        fn find(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, IndexFault> {
            self.act()?;
            self.inner.find(table, key)
        }
        fn scan(&self, table: Table, from: &[u8], to: Option<&[u8]>, max: usize) -> Result<Vec<Row>, IndexFault> {
            self.act()?;
            self.inner.scan(table, from, to, max)
        }
        fn write(&self, changes: &[Change]) -> Result<(), IndexFault> {
            self.act()?;
            self.inner.write(changes)
        }
        fn make_durable(&self) -> Result<(), IndexFault> {
            self.act()
        }
    }

    fn open(dir: &Path) -> (Store, Option<RebuildReason>) {
        let options = Options {
            ballast_bytes: 0,
            reserve_bytes: 0,
            ..Options::default()
        };
        let identity = Identity {
            counter: CounterId::new("330302-01-003"),
        };
        let (store, report) = Store::open_with(dir, &identity, &KeySource::File, &options, &|_| {}).expect("opens");
        (store, report.rebuilt)
    }

    fn stamp() -> Stamp {
        Stamp {
            time_ms: 0,
            business_date: date!(2026 - 11 - 22),
            actor: Actor {
                staff_no: StaffNo::new("1001"),
                role: Role::Clerk,
            },
        }
    }

    fn event(n: u128, event: CaseEvent) -> NewEntry {
        NewEntry {
            case: Some(CaseId::new(Uuid::from_u128(n))),
            time_ms: 0,
            business_date: stamp().business_date,
            actor: stamp().actor,
            event: Event::Case(event),
        }
    }

    fn opened(n: u128) -> NewEntry {
        event(
            n,
            CaseEvent::Opened {
                case_no: n.to_string(),
                bundle: "newborn".into(),
                catalogue_version: String::new(),
                ticket: None,
            },
        )
    }

    #[test]
    fn an_index_that_fails_at_any_moment_costs_nothing_but_time() {
        let mut failures = 0;
        for works in 0..40 {
            let dir = tempfile::tempdir().expect("a temporary folder");
            let (store, _) = open(dir.path());
            let failing = Failing {
                inner: MemoryIndex::default(),
                left: AtomicU64::new(works),
            };
            let ledger = Ledger::empty(Box::new(failing), Arc::clone(&store.0.core.device));
            *store.0.core.ledger.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ledger);
            for n in 1..=3 {
                assert_eq!(store.next_case_sequence(stamp()).expect("taken"), n);
                store.append(vec![opened(u128::from(n))]).expect("appended");
                store.append(vec![event(u128::from(n), CaseEvent::SentBackSettled)]).expect("appended");
                let found = store.find_case(CaseId::new(Uuid::from_u128(u128::from(n)))).expect("readable").expect("there");
                assert_eq!(found.revision, 2, "failing after {works} acts");
                store.set_delivered_through(u64::from(n)).expect("noted");
                assert_eq!(store.delivered_through(), u64::from(n));
            }
            assert_eq!((store.case_count(), store.cases(0, 9).len()), (3, 3));
            // Nothing is left to be done, and to fail, at closing.
            store.flush().expect("flushed");
            let failed = store.index_in_memory();
            drop(store);
            let (store, rebuilt) = open(dir.path());
            assert_eq!(rebuilt, failed.then_some(RebuildReason::Failed), "failing after {works} acts");
            assert_eq!((store.case_count(), store.head().seq), (3, 9));
            failures += u32::from(failed);
        }
        assert!(failures > 20, "the acts are too few to fail at: {failures}");
    }
    /// Writes only while the gate is open.
    struct Gated {
        inner: MemoryIndex,
        gate: Arc<(Mutex<bool>, Condvar)>,
    }

    impl Index for Gated {
        fn find(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, IndexFault> {
            self.inner.find(table, key)
        }
        fn scan(&self, table: Table, from: &[u8], to: Option<&[u8]>, max: usize) -> Result<Vec<Row>, IndexFault> {
            self.inner.scan(table, from, to, max)
        }
        fn write(&self, changes: &[Change]) -> Result<(), IndexFault> {
            let (open, moved) = &*self.gate;
            let _open = moved.wait_while(open.lock().expect("not poisoned"), |open| !*open).expect("not poisoned");
            self.inner.write(changes)
        }
        fn make_durable(&self) -> Result<(), IndexFault> {
            Ok(())
        }
    }

    fn gated(dir: &Path) -> (Store, impl Fn()) {
        let (store, _) = open(dir);
        let gate = Arc::new((Mutex::new(false), Condvar::new()));
        let index = Gated {
            inner: MemoryIndex::default(),
            gate: Arc::clone(&gate),
        };
        let ledger = Ledger::empty(Box::new(index), Arc::clone(&store.0.core.device));
        *store.0.core.ledger.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(ledger);
        let open_gate = move || {
            *gate.0.lock().expect("not poisoned") = true;
            gate.1.notify_all();
        };
        (store, open_gate)
    }

    #[test]
    fn what_was_acknowledged_is_read_also_before_the_index_knows_it() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let (store, open_gate) = gated(dir.path());
        let id = CaseId::new(Uuid::from_u128(1));
        store.append(vec![opened(1)]).expect("answered although the index stands still");
        store
            .append_if(id, 1, vec![event(1, CaseEvent::SentBackSettled)])
            .expect("decided on what was acknowledged");
        assert_eq!(store.find_case(id).expect("readable").expect("there").revision, 2);
        let late = store.append_if(id, 1, vec![event(1, CaseEvent::SentBackSettled)]);
        assert!(matches!(late, Err(StoreFault::Stale { revision: 2 })), "{late:?}");
        std::thread::scope(|scope| {
            let lines = scope.spawn(|| store.cases(0, 9));
            let history = scope.spawn(|| store.history(id));
            std::thread::sleep(Duration::from_millis(50));
            assert!(!lines.is_finished() && !history.is_finished(), "what only the index knows waits for it");
            open_gate();
            assert_eq!(lines.join().expect("no panic")[0].revision, 2);
            assert_eq!(history.join().expect("no panic").expect("readable").len(), 2);
        });
        assert_eq!(store.find_case(id).expect("readable").expect("there").revision, 2);
    }

    #[test]
    fn what_waits_for_the_index_is_bounded() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let (store, open_gate) = gated(dir.path());
        store.append(vec![opened(1)]).expect("appended");
        let appended = AtomicU64::new(0);
        std::thread::scope(|scope| {
            let writing = scope.spawn(|| {
                for _ in 0..4_000 {
                    store.append(vec![event(1, CaseEvent::SentBackSettled)]).expect("appended");
                    appended.fetch_add(1, Ordering::SeqCst);
                }
            });
            // It stands still once as much waits as may.
            let mut before = u64::MAX;
            while appended.load(Ordering::SeqCst) != before {
                before = appended.load(Ordering::SeqCst);
                std::thread::sleep(Duration::from_millis(500));
            }
            assert!((1_000..2_100).contains(&before), "{before} entries wait");
            open_gate();
            writing.join().expect("no panic");
        });
        assert_eq!(store.cases(0, 9)[0].revision, 4_001);
    }
}
