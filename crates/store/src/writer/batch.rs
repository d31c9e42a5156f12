//! Calls on their way to the disk: checked against the state they will meet, numbered, chained, sealed.
//! Absent on purpose: the disk. A batch that cannot be written is refused as a whole and has changed nothing.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::sync::Arc;

use onewindow_case::ids::CaseId;
use onewindow_case::{Case, CaseEvent};
use onewindow_journal::segment::{Item, RECORD_LIMIT_BYTES, RECORD_LIMIT_ENTRIES, Record, SegmentHeader, seal_record};
use onewindow_journal::{CounterEvent, ENTRY_LIMIT_BYTES, Entry, Event, Head, encode};
use uuid::Uuid;

use super::{Answer, Appended, NewEntry, Stamp};
use crate::core::{Core, ReadFault};
use crate::fault::StoreFault;
use crate::index::IndexFault;
use crate::indexing::Chained;
use crate::keys::random;
use crate::ledger::Position;
use crate::segments::ActiveSegment;

/// Bytes written with one sync; a longer batch is answered with [`StoreFault::TooLarge`] only if a single call is that long.
const BATCH_LIMIT_BYTES: usize = 16 * RECORD_LIMIT_BYTES;

pub(super) struct Batch {
    core: Arc<Core>,
    header: SegmentHeader,
    offset: u64,
    durable_before: u64,
    /// Sealed records, to be written in one piece.
    pub(super) bytes: Vec<u8>,
    pub(super) head: Head,
    pub(super) entries: Vec<Chained>,
    /// Cases as they will be once the batch is written.
    pub(super) cases: HashMap<CaseId, Arc<Case>>,
    /// Cases as they were before the batch.
    known: HashMap<CaseId, Result<Option<Arc<Case>>, StoreFault>>,
    numbers: HashMap<String, u32>,
    answers: Vec<Waiting>,
}

/// Answers one call, once it is known whether the batch was written.
type Waiting = Box<dyn FnOnce(Result<(), StoreFault>) + Send>;

impl Batch {
    pub(super) fn new(core: &Arc<Core>, active: &ActiveSegment) -> Self {
        let head = core.head();
        Self {
            core: Arc::clone(core),
            header: active.header.clone(),
            offset: active.len_bytes,
            durable_before: head.seq,
            bytes: Vec::new(),
            head,
            entries: Vec::new(),
            cases: HashMap::new(),
            known: HashMap::new(),
            numbers: HashMap::new(),
            answers: Vec::new(),
        }
    }

    /// Reads every case that a call is about, so that the call itself needs nothing more of the index.
    pub(super) fn learn(&mut self, entries: &[NewEntry], expected: Option<(CaseId, u32)>) -> Result<(), IndexFault> {
        let ids = entries.iter().filter_map(|new| new.case).chain(expected.map(|(id, _)| id));
        for id in ids {
            if self.cases.contains_key(&id) || self.known.contains_key(&id) {
                continue;
            }
            match self.core.find_case(id) {
                Ok(case) => self.known.insert(id, Ok(case)),
                Err(ReadFault::Store(fault)) => self.known.insert(id, Err(fault)),
                Err(ReadFault::Index(fault)) => return Err(fault),
            };
        }
        Ok(())
    }

    /// Takes one call in, or tells it why not.
    pub(super) fn append(&mut self, entries: Vec<NewEntry>, expected: Option<(CaseId, u32)>, answer: Answer<Vec<Appended>>) {
        match self.admit(entries, expected) {
            Ok(appended) => self.answers.push(Box::new(move |written| answer.tell(written.map(|()| appended)))),
            Err(fault) => answer.tell(Err(fault)),
        }
    }

    /// The number of a series taken last, also within this batch.
    pub(super) fn number_before(&self, series: &str) -> Result<u32, IndexFault> {
        match self.numbers.get(series) {
            Some(number) => Ok(*number),
            None => self.core.settled().number(series),
        }
    }

    /// Takes the next number of a series.
    pub(super) fn take_number(&mut self, series: String, before: u32, stamp: Stamp, answer: Answer<u32>) {
        let number = before.saturating_add(1);
        let event = Event::Counter(CounterEvent::NumberTaken {
            series: series.clone(),
            number,
        });
        let entry = NewEntry {
            case: None,
            time_ms: stamp.time_ms,
            business_date: stamp.business_date,
            actor: stamp.actor,
            event,
        };
        match self.admit(vec![entry], None) {
            Ok(_) => {
                self.numbers.insert(series, number);
                self.answers.push(Box::new(move |written| answer.tell(written.map(|()| number))));
            }
            Err(fault) => answer.tell(Err(fault)),
        }
    }

    /// Everything is durable: answer all calls.
    pub(super) fn answer(self) {
        self.answers.into_iter().for_each(|answer| answer(Ok(())));
    }

    /// Nothing is durable: tell all calls why.
    pub(super) fn refuse(self, fault: &StoreFault) {
        self.answers.into_iter().for_each(|answer| answer(Err(fault.clone())));
    }

    fn admit(&mut self, entries: Vec<NewEntry>, expected: Option<(CaseId, u32)>) -> Result<Vec<Appended>, StoreFault> {
        if entries.len() > RECORD_LIMIT_ENTRIES || self.bytes.len() > BATCH_LIMIT_BYTES {
            return Err(StoreFault::TooLarge);
        }
        if let Some((case, expected)) = expected {
            let revision = self.find_case(case)?.map_or(0, |case| case.revision);
            if revision != expected {
                return Err(StoreFault::Stale { revision });
            }
        }
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let mut head = self.head;
        let mut revisions = HashMap::new();
        let mut chained = Vec::with_capacity(entries.len());
        let mut items = Vec::with_capacity(entries.len());
        for (slot, new) in entries.into_iter().enumerate() {
            let revision = self.revision_after(&mut revisions, &new)?;
            let entry = self.number(new, head, revision);
            let bytes = encode(&entry);
            if bytes.is_empty() || bytes.len() > ENTRY_LIMIT_BYTES {
                return Err(StoreFault::TooLarge);
            }
            head = head.after(&bytes);
            items.push(self.seal(&entry, head, bytes)?);
            let position = Position {
                seq: head.seq,
                segment: self.header.number,
                offset: u32::try_from(self.offset + self.bytes.len() as u64).map_err(|_too_long| StoreFault::TooLarge)?,
                slot: u16::try_from(slot).map_err(|_too_many| StoreFault::TooLarge)?,
            };
            chained.push(Chained { entry, position });
        }
        let record = Record {
            first_seq: self.head.seq + 1,
            durable_before: self.durable_before,
            items,
        };
        let sealed =
            seal_record(self.core.device.journal(self.core.device.version())?, &self.header, &record, random()?).map_err(|_too_large| StoreFault::TooLarge)?;
        // From here on nothing fails, so a refused call has left no trace.
        self.bytes.extend(sealed);
        self.head = head;
        chained.iter().for_each(|chained| self.fold(&chained.entry));
        let appended = chained
            .iter()
            .map(|chained| Appended {
                seq: chained.entry.seq,
                revision: chained.entry.revision,
            })
            .collect();
        self.entries.extend(chained);
        Ok(appended)
    }

    /// The revision of its case after a new entry, behind those of the same call before it; 0 for an entry that changes no case.
    fn revision_after(&self, revisions: &mut HashMap<CaseId, u32>, new: &NewEntry) -> Result<u32, StoreFault> {
        let (Some(id), Event::Case(event)) = (new.case, &new.event) else {
            // A case event without a case could never be folded.
            return if matches!(new.event, Event::Case(_)) {
                Err(StoreFault::UnknownCase(CaseId::new(Uuid::nil())))
            } else {
                Ok(0)
            };
        };
        let before = match revisions.get(&id) {
            Some(revision) => Some(*revision),
            None => self.find_case(id)?.map(|case| case.revision),
        };
        let revision = match (before, event) {
            (None, CaseEvent::Opened { .. }) => {
                self.check_space()?;
                self.core.case_keys.find_or_create(id)?;
                1
            }
            (None, _not_opening) => return Err(StoreFault::UnknownCase(id)),
            (Some(revision), CaseEvent::Opened { .. }) => return Err(StoreFault::Stale { revision }),
            (Some(revision), _not_opening) => revision.saturating_add(1),
        };
        revisions.insert(id, revision);
        Ok(revision)
    }

    /// Folds an entry that was admitted into its case. A case is copied once a batch, because readers may hold it as it was.
    fn fold(&mut self, entry: &Entry) {
        let (Some(id), Event::Case(event)) = (entry.case, &entry.event) else { return };
        match self.cases.entry(id) {
            Slot::Occupied(mut slot) => Arc::make_mut(slot.get_mut()).apply(event),
            Slot::Vacant(slot) => match self.known.get(&id) {
                Some(Ok(Some(case))) => Arc::make_mut(slot.insert(Arc::clone(case))).apply(event),
                Some(_) | None => drop(Case::open(id, event).map(|case| slot.insert(Arc::new(case)))),
            },
        }
    }

    fn find_case(&self, id: CaseId) -> Result<Option<Arc<Case>>, StoreFault> {
        match self.cases.get(&id) {
            Some(case) => Ok(Some(Arc::clone(case))),
            // Everything was learnt before; what was not is unknown.
            None => self.known.get(&id).cloned().unwrap_or(Ok(None)),
        }
    }

    /// No new case begins when the disk is nearly full: what is begun must be possible to finish.
    fn check_space(&self) -> Result<(), StoreFault> {
        let free_bytes = self.core.disk.free_bytes(&self.core.dir).map_err(StoreFault::io("asking for free space"))?;
        if free_bytes < self.core.reserve_bytes {
            Err(StoreFault::DiskFull)
        } else {
            Ok(())
        }
    }

    fn number(&self, new: NewEntry, head: Head, revision: u32) -> Entry {
        Entry {
            counter: self.core.counter.clone(),
            epoch: self.header.epoch,
            seq: head.seq + 1,
            prev: head.digest,
            case: new.case,
            revision,
            time_ms: new.time_ms,
            business_date: new.business_date,
            actor: new.actor,
            event: new.event,
        }
    }

    /// An entry of a case is sealed under the case's key, so that erasing the key erases the entry.
    fn seal(&self, entry: &Entry, head: Head, bytes: Vec<u8>) -> Result<Item, StoreFault> {
        let (Some(case), Event::Case(_)) = (entry.case, &entry.event) else {
            return Ok(Item {
                digest: head.digest,
                owner: None,
                body: bytes,
            });
        };
        let key = self.core.case_keys.find(case)?.ok_or(StoreFault::UnknownCase(case))?;
        let body = key.seal(&self.core.segments.item_aad(entry.epoch, entry.seq, case), &bytes)?;
        Ok(Item {
            digest: head.digest,
            owner: Some(case),
            body,
        })
    }
}
