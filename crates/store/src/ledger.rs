//! What the rows of the index mean: typed, sealed where they hold personal data, and watched by a witness.
//!
//! The witness counts and sums the rows of every table in which a lost row would be a silent loss. It is kept in the meta
//! row, beside the position and chain digest up to which the journal is applied; at start all of it must agree, or the index
//! is rebuilt. Absent on purpose: which engine keeps the rows, and what an entry does to them (`fold`).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::digest::{Context, SHA256};
use onewindow_case::ids::{CaseId, Digest};
use onewindow_journal::Head;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::index::{Change, Index, IndexFault, Row, Table};
use crate::keys::DeviceKeys;
use crate::summary::CaseSummary;

const META_KEY: &[u8] = b"meta";
const LEDGER_FORMAT: u32 = 2;
/// Rows read at once while going through a table.
const SCAN_ROWS: usize = 1_024;

pub(crate) struct Ledger {
    index: Box<dyn Index>,
    keys: Arc<DeviceKeys>,
    meta: Mutex<Meta>,
}

/// How far the journal is applied, and what else must never be silently lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Meta {
    format: u32,
    applied_seq: u64,
    applied_digest: String,
    pub(crate) delivered_through: u64,
    pub(crate) feed_cursor: u64,
    pub(crate) cases: u64,
    witness: BTreeMap<u8, Witness>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Witness {
    rows: u64,
    sum: u64,
}

/// Where an entry lies in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) seq: u64,
    pub(crate) segment: u32,
    pub(crate) offset: u32,
    pub(crate) slot: u16,
}

/// Where a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CaseHead {
    pub(crate) revision: u32,
    pub(crate) last_seq: u64,
    /// Entries of the case are lost: it can be looked at, not continued.
    pub(crate) damaged: bool,
}

/// What is known of a page that an entry named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageMark {
    pub(crate) seq: u64,
    pub(crate) slot: u8,
    pub(crate) revision: u32,
    pub(crate) delivered: bool,
}

/// A page that the centre does not hold yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WaitingPage {
    pub(crate) digest: Digest,
    pub(crate) case: Option<CaseId>,
}

impl Default for Meta {
    fn default() -> Self {
        Self {
            format: LEDGER_FORMAT,
            applied_seq: 0,
            applied_digest: Head::EMPTY.digest.to_string(),
            delivered_through: 0,
            feed_cursor: 0,
            cases: 0,
            witness: BTreeMap::new(),
        }
    }
}

impl Meta {
    pub(crate) fn applied(&self) -> Option<Head> {
        Digest::parse_hex(&self.applied_digest).map(|digest| Head { seq: self.applied_seq, digest })
    }
}

impl Ledger {
    /// An index that holds nothing yet.
    pub(crate) fn empty(index: Box<dyn Index>, keys: Arc<DeviceKeys>) -> Self {
        Self {
            index,
            keys,
            meta: Mutex::new(Meta::default()),
        }
    }

    /// An index from the disk; `Ok(None)` when it is empty or not whole.
    pub(crate) fn load(index: Box<dyn Index>, keys: Arc<DeviceKeys>) -> Result<Option<Self>, IndexFault> {
        let ledger = Self::empty(index, keys);
        let Some(sealed) = ledger.index.find(Table::Meta, META_KEY)? else {
            return Ok(None);
        };
        let meta = ledger
            .open(Table::Meta, META_KEY, sealed)
            .and_then(|plain| serde_json::from_slice::<Meta>(&plain).ok());
        let Some(meta) = meta.filter(|meta| meta.format == LEDGER_FORMAT && meta.applied().is_some()) else {
            return Ok(None);
        };
        for table in Table::WITNESSED {
            if ledger.count(table)? != meta.witness.get(&(table as u8)).copied().unwrap_or_default() {
                return Ok(None);
            }
        }
        *ledger.meta.lock().unwrap_or_else(PoisonError::into_inner) = meta;
        Ok(Some(ledger))
    }

    pub(crate) fn meta(&self) -> Meta {
        self.meta.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn make_durable(&self) -> Result<(), IndexFault> {
        self.index.make_durable()
    }

    pub(crate) fn find_head(&self, case: CaseId) -> Result<Option<CaseHead>, IndexFault> {
        Ok(self
            .index
            .find(Table::Heads, case.as_uuid().as_bytes())?
            .and_then(|value| CaseHead::from_bytes(&value)))
    }

    /// Places of all entries of a case, by revision.
    pub(crate) fn positions(&self, case: CaseId) -> Result<Vec<(u32, Position)>, IndexFault> {
        let mut positions = Vec::new();
        let mut from = position_key(case, 0);
        let to = next_key(&position_key(case, u32::MAX));
        loop {
            let rows = self.index.scan(Table::Positions, &from, Some(&to), SCAN_ROWS)?;
            for (key, value) in &rows {
                if let (Some(revision), Some(position)) = (tail_u32(key), Position::from_bytes(value)) {
                    positions.push((revision, position));
                }
            }
            match rows.last() {
                Some((key, _)) if rows.len() == SCAN_ROWS => from = next_key(key),
                Some(_) | None => return Ok(positions),
            }
        }
    }

    /// Summaries, newest first, at most `max`; `Ok(None)` when one of them cannot be read.
    pub(crate) fn summaries(&self, max: usize) -> Result<Option<Vec<CaseSummary>>, IndexFault> {
        let mut lines = Vec::new();
        let mut from = Vec::new();
        while lines.len() < max {
            let rows = self.index.scan(Table::Summaries, &from, None, SCAN_ROWS.min(max - lines.len()))?;
            let Some((last, _)) = rows.last() else { break };
            from = next_key(last);
            for (key, sealed) in rows {
                let Some(line) = self.open(Table::Summaries, &key, sealed).and_then(|plain| CaseSummary::from_bytes(&plain)) else {
                    return Ok(None);
                };
                lines.push(line);
            }
        }
        Ok(Some(lines))
    }

    pub(crate) fn find_summary(&self, last_seq: u64) -> Result<Option<CaseSummary>, IndexFault> {
        let key = newest_first(last_seq);
        let sealed = self.index.find(Table::Summaries, &key)?;
        Ok(sealed
            .and_then(|sealed| self.open(Table::Summaries, &key, sealed))
            .and_then(|plain| CaseSummary::from_bytes(&plain)))
    }

    pub(crate) fn find_page(&self, digest: &Digest) -> Result<Option<PageMark>, IndexFault> {
        Ok(self
            .index
            .find(Table::Pages, &self.keys.page_name(digest))?
            .and_then(|value| PageMark::from_bytes(&value)))
    }

    /// Pages that the centre does not hold yet, oldest first.
    pub(crate) fn waiting(&self, max: usize) -> Result<Vec<WaitingPage>, IndexFault> {
        let rows = self.index.scan(Table::Waiting, &[], None, max)?;
        Ok(rows
            .into_iter()
            .filter_map(|(key, sealed)| self.open(Table::Waiting, &key, sealed).and_then(|plain| WaitingPage::from_bytes(&plain)))
            .collect())
    }

    pub(crate) fn waiting_count(&self) -> u64 {
        self.meta().witness.get(&(Table::Waiting as u8)).map_or(0, |witness| witness.rows)
    }

    pub(crate) fn number(&self, series: &str) -> Result<u32, IndexFault> {
        let value = self.index.find(Table::Numbers, series.as_bytes())?;
        Ok(value.and_then(|value| tail_u32(&value)).unwrap_or(0))
    }

    /// The value of a setting, when it was ever set.
    pub(crate) fn find_setting(&self, name: &str) -> Result<Option<String>, IndexFault> {
        let key = name.as_bytes();
        let sealed = self.index.find(Table::Settings, key)?;
        Ok(sealed
            .and_then(|sealed| self.open(Table::Settings, key, sealed))
            .and_then(|plain| String::from_utf8(plain).ok()))
    }

    /// Begins a set of changes.
    pub(crate) fn draft(&self) -> Draft<'_> {
        Draft {
            ledger: self,
            rows: BTreeMap::new(),
            meta: self.meta(),
        }
    }

    fn count(&self, table: Table) -> Result<Witness, IndexFault> {
        let mut witness = Witness::default();
        let mut from = Vec::new();
        loop {
            let rows: Vec<Row> = self.index.scan(table, &from, None, SCAN_ROWS)?;
            for (key, value) in &rows {
                witness.add(table, key, value);
            }
            match rows.last() {
                Some((key, _)) if rows.len() == SCAN_ROWS => from = next_key(key),
                Some(_) | None => return Ok(witness),
            }
        }
    }

    fn seal(&self, table: Table, key: &[u8], plain: &[u8]) -> Result<Vec<u8>, IndexFault> {
        self.keys.index.seal(&row_aad(table, key), plain).map_err(|fault| IndexFault {
            op: "sealing",
            reason: fault.to_string(),
        })
    }

    fn open(&self, table: Table, key: &[u8], sealed: Vec<u8>) -> Option<Vec<u8>> {
        self.keys.index.open(&row_aad(table, key), sealed)
    }
}

/// Changes that become visible together. Reads see the changes made so far.
pub(crate) struct Draft<'l> {
    ledger: &'l Ledger,
    rows: BTreeMap<(Table, Vec<u8>), Option<Vec<u8>>>,
    pub(crate) meta: Meta,
}

impl Draft<'_> {
    pub(crate) fn applied_through(&mut self, head: Head) {
        self.meta.applied_seq = head.seq;
        self.meta.applied_digest = head.digest.to_string();
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn find_head(&self, case: CaseId) -> Result<Option<CaseHead>, IndexFault> {
        Ok(self
            .find(Table::Heads, case.as_uuid().as_bytes())?
            .and_then(|value| CaseHead::from_bytes(&value)))
    }

    pub(crate) fn set_head(&mut self, case: CaseId, head: CaseHead) -> Result<(), IndexFault> {
        self.put(Table::Heads, case.as_uuid().as_bytes().to_vec(), Some(head.to_bytes()))
    }

    pub(crate) fn add_position(&mut self, case: CaseId, revision: u32, position: Position) -> Result<(), IndexFault> {
        self.put(Table::Positions, position_key(case, revision), Some(position.to_bytes()))
    }

    pub(crate) fn find_summary(&self, last_seq: u64) -> Result<Option<CaseSummary>, IndexFault> {
        let key = newest_first(last_seq);
        let sealed = self.find(Table::Summaries, &key)?;
        Ok(sealed
            .and_then(|sealed| self.ledger.open(Table::Summaries, &key, sealed))
            .and_then(|plain| CaseSummary::from_bytes(&plain)))
    }

    /// Replaces the line of a case, whose line before was at `before_seq`.
    pub(crate) fn replace_summary(&mut self, before_seq: Option<u64>, line: &CaseSummary) -> Result<(), IndexFault> {
        if let Some(before_seq) = before_seq {
            self.put(Table::Summaries, newest_first(before_seq), None)?;
        }
        let key = newest_first(line.last_seq);
        let sealed = self.ledger.seal(Table::Summaries, &key, &line.to_bytes())?;
        self.put(Table::Summaries, key, Some(sealed))
    }

    /// Notes that an entry names a page; pages known already stay as they are.
    pub(crate) fn name_page(&mut self, digest: &Digest, case: Option<CaseId>, seq: u64, slot: u8, revision: u32) -> Result<(), IndexFault> {
        let name = self.ledger.keys.page_name(digest).to_vec();
        if self.find(Table::Pages, &name)?.is_some() {
            return Ok(());
        }
        let mark = PageMark {
            seq,
            slot,
            revision,
            delivered: false,
        };
        self.put(Table::Pages, name, Some(mark.to_bytes()))?;
        let key = mark.waiting_key();
        let sealed = self.ledger.seal(Table::Waiting, &key, &WaitingPage { digest: *digest, case }.to_bytes())?;
        self.put(Table::Waiting, key, Some(sealed))
    }

    /// Notes that the centre holds a page; `through` limits it to pages named up to that revision of their case.
    pub(crate) fn deliver_page(&mut self, digest: &Digest, through: Option<u32>) -> Result<(), IndexFault> {
        let name = self.ledger.keys.page_name(digest).to_vec();
        let Some(mark) = self.find(Table::Pages, &name)?.and_then(|value| PageMark::from_bytes(&value)) else {
            return Ok(());
        };
        if mark.delivered || through.is_some_and(|through| mark.revision > through) {
            return Ok(());
        }
        self.put(Table::Waiting, mark.waiting_key(), None)?;
        self.put(Table::Pages, name, Some(PageMark { delivered: true, ..mark }.to_bytes()))
    }

    pub(crate) fn number(&self, series: &str) -> Result<u32, IndexFault> {
        Ok(self.find(Table::Numbers, series.as_bytes())?.and_then(|value| tail_u32(&value)).unwrap_or(0))
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) -> Result<(), IndexFault> {
        let sealed = self.ledger.seal(Table::Settings, name.as_bytes(), value.as_bytes())?;
        self.put(Table::Settings, name.as_bytes().to_vec(), Some(sealed))
    }

    pub(crate) fn take_number(&mut self, series: &str, number: u32) -> Result<(), IndexFault> {
        if number > self.number(series)? {
            self.put(Table::Numbers, series.as_bytes().to_vec(), Some(number.to_be_bytes().to_vec()))?;
        }
        Ok(())
    }

    /// Makes all changes visible at once.
    pub(crate) fn commit(self) -> Result<(), IndexFault> {
        let meta = serde_json::to_vec(&self.meta).map_err(|fault| IndexFault {
            op: "writing",
            reason: fault.to_string(),
        })?;
        let mut changes: Vec<_> = self.rows.into_iter().map(|((table, key), value)| Change { table, key, value }).collect();
        changes.push(Change {
            table: Table::Meta,
            key: META_KEY.to_vec(),
            value: Some(self.ledger.seal(Table::Meta, META_KEY, &meta)?),
        });
        self.ledger.index.write(&changes)?;
        *self.ledger.meta.lock().unwrap_or_else(PoisonError::into_inner) = self.meta;
        Ok(())
    }

    fn find(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, IndexFault> {
        match self.rows.get(&(table, key.to_vec())) {
            Some(value) => Ok(value.clone()),
            None => self.ledger.index.find(table, key),
        }
    }

    fn put(&mut self, table: Table, key: Vec<u8>, value: Option<Vec<u8>>) -> Result<(), IndexFault> {
        if Table::WITNESSED.contains(&table) {
            let before = self.find(table, &key)?;
            let witness = self.meta.witness.entry(table as u8).or_default();
            if let Some(before) = before {
                witness.remove(table, &key, &before);
            }
            if let Some(value) = &value {
                witness.add(table, &key, value);
            }
        }
        self.rows.insert((table, key), value);
        Ok(())
    }
}

impl Witness {
    fn add(&mut self, table: Table, key: &[u8], value: &[u8]) {
        self.rows = self.rows.wrapping_add(1);
        self.sum = self.sum.wrapping_add(row_hash(table, key, value));
    }

    fn remove(&mut self, table: Table, key: &[u8], value: &[u8]) {
        self.rows = self.rows.wrapping_sub(1);
        self.sum = self.sum.wrapping_sub(row_hash(table, key, value));
    }
}

impl Position {
    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(18);
        bytes.extend_from_slice(&self.seq.to_be_bytes());
        bytes.extend_from_slice(&self.segment.to_be_bytes());
        bytes.extend_from_slice(&self.offset.to_be_bytes());
        bytes.extend_from_slice(&self.slot.to_be_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let seq = u64::from_be_bytes(bytes.get(..8)?.try_into().ok()?);
        let segment = u32::from_be_bytes(bytes.get(8..12)?.try_into().ok()?);
        let offset = u32::from_be_bytes(bytes.get(12..16)?.try_into().ok()?);
        let slot = u16::from_be_bytes(bytes.get(16..18)?.try_into().ok()?);
        Some(Self { seq, segment, offset, slot })
    }
}

impl CaseHead {
    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(13);
        bytes.push(u8::from(self.damaged));
        bytes.extend_from_slice(&self.last_seq.to_be_bytes());
        bytes.extend_from_slice(&self.revision.to_be_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let last_seq = u64::from_be_bytes(bytes.get(1..9)?.try_into().ok()?);
        Some(Self {
            damaged: *bytes.first()? != 0,
            last_seq,
            revision: tail_u32(bytes)?,
        })
    }
}

impl PageMark {
    fn waiting_key(self) -> Vec<u8> {
        let mut key = self.seq.to_be_bytes().to_vec();
        key.push(self.slot);
        key
    }

    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = self.waiting_key();
        bytes.push(u8::from(self.delivered));
        bytes.extend_from_slice(&self.revision.to_be_bytes());
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let seq = u64::from_be_bytes(bytes.get(..8)?.try_into().ok()?);
        Some(Self {
            seq,
            slot: *bytes.get(8)?,
            delivered: *bytes.get(9)? != 0,
            revision: tail_u32(bytes)?,
        })
    }
}

impl WaitingPage {
    fn to_bytes(self) -> Vec<u8> {
        let mut bytes = self.digest.as_bytes().to_vec();
        if let Some(case) = self.case {
            bytes.extend_from_slice(case.as_uuid().as_bytes());
        }
        bytes
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let digest = Digest::new(bytes.get(..32)?.try_into().ok()?);
        let case = bytes.get(32..48).and_then(|case| Uuid::from_slice(case).ok()).map(CaseId::new);
        Some(Self { digest, case })
    }
}

fn position_key(case: CaseId, revision: u32) -> Vec<u8> {
    let mut key = case.as_uuid().as_bytes().to_vec();
    key.extend_from_slice(&revision.to_be_bytes());
    key
}

fn newest_first(seq: u64) -> Vec<u8> {
    (u64::MAX - seq).to_be_bytes().to_vec()
}

/// The first key behind `key`.
fn next_key(key: &[u8]) -> Vec<u8> {
    let mut next = key.to_vec();
    next.push(0);
    next
}

fn tail_u32(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.last_chunk::<4>()?))
}

fn row_aad(table: Table, key: &[u8]) -> Vec<u8> {
    let mut aad = b"onewindow index|1|".to_vec();
    aad.push(table as u8);
    aad.extend_from_slice(key);
    aad
}

fn row_hash(table: Table, key: &[u8], value: &[u8]) -> u64 {
    let mut context = Context::new(&SHA256);
    context.update(&[table as u8]);
    context.update(&u32::try_from(key.len()).unwrap_or(u32::MAX).to_be_bytes());
    context.update(key);
    context.update(value);
    let mut first = [0; 8];
    first.copy_from_slice(&context.finish().as_ref()[..8]);
    u64::from_be_bytes(first)
}
