//! Upkeep by the writer, between batches: erasing cases whose time is over, purging the journal's front, collecting orphaned pages.
//! Absent on purpose: deciding that it is time; see `retention`.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use onewindow_case::ids::CaseId;
use onewindow_journal::{CounterEvent, Event, Head};

use super::{Answer, Batch, NewEntry, Stamp, Writer};
use crate::core::ReadFault;
use crate::fault::StoreFault;
use crate::index::IndexFault;
use crate::indexing::settle;
use crate::retention::{ERASE_LIMIT, Retained, Retention, is_spent, pages_of_case, write_base};
use crate::summary::CaseSummary;

/// Lines looked at together.
const LINES_TOGETHER: usize = 256;

impl Writer {
    /// Lets go what may go. Stops early and without harm when anything fails; asking again goes on.
    pub(super) fn retain(&mut self, wish: &Retention) -> Result<Retained, StoreFault> {
        let committed = wish.receipt.committed();
        if self.core.segments.find_digest(committed.seq) != Some(committed.digest) && committed.seq > self.core.segments.base().seq {
            // The centre speaks of another past than this journal's.
            return Err(StoreFault::damaged("the centre's receipt does not fit the journal"));
        }
        let mut done = Retained::default();
        for line in self.closed_cases(wish)? {
            let pages_removed = self.erase(&line, &wish.stamp, "retention")?;
            done.cases_erased += 1;
            done.pages_removed += pages_removed;
        }
        self.purge(wish, &mut done)?;
        done.purged_through = self.core.segments.base().seq;
        let mut ring = self.core.ring.lock().unwrap_or_else(PoisonError::into_inner);
        if !ring.wrapping_is_open() {
            done.device_keys_destroyed = ring.drop_unneeded(&*self.core.disk, &self.core.segments.versions_needed())?;
        }
        Ok(done)
    }

    fn closed_cases(&self, wish: &Retention) -> Result<Vec<CaseSummary>, StoreFault> {
        let ledger = self.core.ledger();
        let mut closed = Vec::new();
        let mut before = None;
        while closed.len() < ERASE_LIMIT {
            let lines = ledger
                .summaries_through(wish.receipt.committed().seq, before, LINES_TOGETHER)
                .map_err(|fault| index_fault(&fault))?;
            let Some(last) = lines.last() else { break };
            before = Some(last.last_seq);
            for line in lines.into_iter().filter(|line| wish.covers(line)) {
                if self.pages_are_delivered(line.id)? {
                    closed.push(line);
                }
            }
        }
        closed.truncate(ERASE_LIMIT);
        Ok(closed)
    }

    fn pages_are_delivered(&self, id: CaseId) -> Result<bool, StoreFault> {
        let Some(case) = self.core.find_case(id).map_err(read_fault)? else {
            return Ok(false);
        };
        let ledger = self.core.ledger();
        for digest in pages_of_case(&case) {
            let mark = ledger.find_page(&digest).map_err(|fault| index_fault(&fault))?;
            if mark.is_some_and(|mark| !mark.delivered) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Journals that a case is erased, destroys its key and removes the pages that only it held; gives how many.
    fn erase(&mut self, line: &CaseSummary, stamp: &Stamp, reason: &str) -> Result<u32, StoreFault> {
        let case = self.core.find_case(line.id).map_err(read_fault)?;
        self.state(vec![counter_entry(
            stamp,
            CounterEvent::CaseErased {
                case: line.id,
                reason: reason.to_owned(),
            },
        )])?;
        self.core.lines.write().unwrap_or_else(PoisonError::into_inner).remove(line.last_seq);
        self.core.cases.lock().unwrap_or_else(PoisonError::into_inner).forget(line.id);
        let mut removed = Vec::new();
        for digest in case.iter().flat_map(|case| pages_of_case(case)) {
            if self.core.pages.release(&digest, line.id)? {
                removed.push(digest);
            }
        }
        self.core.case_keys.erase(line.id)?;
        self.change(|draft| removed.iter().try_for_each(|digest| draft.forget_page(digest)))?;
        Ok(u32::try_from(removed.len()).unwrap_or(u32::MAX))
    }

    /// Removes segments at the front in which nothing is needed any more.
    fn purge(&mut self, wish: &Retention, done: &mut Retained) -> Result<(), StoreFault> {
        let mut stated = false;
        loop {
            let headers = self.core.segments.headers();
            let [first, next, ..] = headers.as_slice() else { return Ok(()) };
            let end = Head {
                seq: next.first_seq - 1,
                digest: next.prev,
            };
            if end.seq > wish.receipt.committed().seq || !self.is_spent(first, wish.unchanged_since_ms)? {
                return Ok(());
            }
            if !stated {
                self.state_anew(wish, end.seq)?;
                stated = true;
            }
            let core = &self.core;
            write_base(&*core.disk, &core.dir, &core.counter, &core.device, end)?;
            core.segments.remove_first(end)?;
            done.segments_removed += 1;
        }
    }

    fn is_spent(&self, header: &onewindow_journal::segment::SegmentHeader, before_ms: i64) -> Result<bool, StoreFault> {
        let mut owners = BTreeSet::new();
        let mut young = false;
        for located in self.core.segments.read_segment(header)? {
            owners.extend(located.owner);
            if let Ok(Some(entry)) = crate::segments::Segments::decode(&located) {
                young |= entry.time_ms >= before_ms;
            }
        }
        let ledger = self.core.ledger();
        let is_known = |case| ledger.find_head(case).map(|head| head.is_some()).map_err(|fault| index_fault(&fault));
        Ok(!young && is_spent(owners, is_known)?)
    }

    /// Says once more, at the end of the journal, what the index must know for good.
    fn state_anew(&mut self, wish: &Retention, through: u64) -> Result<(), StoreFault> {
        let ledger = self.core.ledger();
        let standing = ledger.standing().map_err(|fault| index_fault(&fault))?;
        let cursor = ledger.meta().feed_cursor;
        let mut events: Vec<CounterEvent> = standing
            .settings
            .into_iter()
            .map(|(key, value)| CounterEvent::SettingChanged { key, value })
            .collect();
        events.extend(
            standing
                .numbers
                .into_iter()
                .map(|(series, number)| CounterEvent::NumberTaken { series, number }),
        );
        events.push(CounterEvent::FeedApplied { cursor });
        events.push(CounterEvent::JournalPurged { through });
        for together in events.chunks(64) {
            self.state(together.iter().map(|event| counter_entry(&wish.stamp, event.clone())).collect())?;
        }
        Ok(())
    }

    /// Writes entries of the counter itself; durable, and in the index, when this returns.
    fn state(&mut self, entries: Vec<NewEntry>) -> Result<(), StoreFault> {
        let (answer, answered) = Answer::pair();
        let mut batch = Batch::new(&self.core, &self.active);
        batch.append(entries, None, answer);
        self.write(batch);
        settle(&self.core);
        answered.take().map(|_| ())
    }

    /// Removes page files that no entry names and that are older than a crash could explain; gives how many.
    pub(super) fn collect_orphans(&mut self, before_ms: i64) -> Result<u32, StoreFault> {
        let ledger = self.core.ledger();
        let is_named = |name: &[u8]| ledger.names_page(name).map_err(|fault| index_fault(&fault));
        self.core.pages.collect_orphans(before_ms, is_named)
    }
}

fn counter_entry(stamp: &Stamp, event: CounterEvent) -> NewEntry {
    NewEntry {
        case: None,
        time_ms: stamp.time_ms,
        business_date: stamp.business_date,
        actor: stamp.actor.clone(),
        event: Event::Counter(event),
    }
}

fn index_fault(fault: &IndexFault) -> StoreFault {
    StoreFault::damaged(fault.to_string())
}

fn read_fault(fault: ReadFault) -> StoreFault {
    match fault {
        ReadFault::Store(fault) => fault,
        ReadFault::Index(fault) => index_fault(&fault),
    }
}
