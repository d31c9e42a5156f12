//! What the rows of the index mean: typed, sealed where they hold personal data, and watched by a witness.
//!
//! The witness counts and sums the rows of every table in which a lost row would be a silent loss. It is kept in the meta
//! row, beside the position and chain digest up to which the journal is applied; at start all of it must agree, or the index
//! is rebuilt. Absent on purpose: which engine keeps the rows, and what an entry does to them (`fold`).

mod rows;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use onewindow_case::ids::{CaseId, Digest};
use onewindow_journal::Head;
use serde::{Deserialize, Serialize};

use crate::index::{Change, Index, IndexFault, Row, Table};
use crate::keys::DeviceKeys;
use crate::summary::CaseSummary;

pub(crate) use rows::{CaseHead, PageMark, Position, WaitingPage};
use rows::{Run, newest_first, next_key, position_key, row_aad, row_hash, tail_u32};

const META_KEY: &[u8] = b"meta";
/// 3: positions are kept as runs.
const LEDGER_FORMAT: u32 = 3;
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
                if let (Some(revision), Some(run)) = (tail_u32(key), Run::from_bytes(value)) {
                    positions.extend(run.positions(revision));
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

    /// Whether an entry names the page that is kept under this name.
    pub(crate) fn names_page(&self, name: &[u8]) -> Result<bool, IndexFault> {
        self.index.find(Table::Pages, name).map(|mark| mark.is_some())
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

    /// Lines whose last entry is at most `through`, from the newest on, behind the one whose last entry is `before`; at most `max`.
    pub(crate) fn summaries_through(&self, through: u64, before: Option<u64>, max: usize) -> Result<Vec<CaseSummary>, IndexFault> {
        let from = before.map_or_else(|| newest_first(through), |seq| next_key(&newest_first(seq)));
        let rows = self.index.scan(Table::Summaries, &from, None, max)?;
        Ok(rows
            .into_iter()
            .filter_map(|(key, sealed)| self.open(Table::Summaries, &key, sealed).and_then(|plain| CaseSummary::from_bytes(&plain)))
            .collect())
    }

    /// Every setting with its value, and every series with its highest number.
    pub(crate) fn standing(&self) -> Result<Standing, IndexFault> {
        let name = |key: &[u8]| String::from_utf8(key.to_vec()).ok();
        let settings = self
            .index
            .scan(Table::Settings, &[], None, usize::MAX)?
            .into_iter()
            .filter_map(|(key, sealed)| {
                let plain = self.open(Table::Settings, &key, sealed)?;
                Some((name(&key)?, String::from_utf8(plain).ok()?))
            });
        let numbers = self.index.scan(Table::Numbers, &[], None, usize::MAX)?.into_iter();
        let numbers = numbers.filter_map(|(key, value)| Some((name(&key)?, tail_u32(&value)?)));
        Ok(Standing {
            settings: settings.collect(),
            numbers: numbers.collect(),
        })
    }

    /// Begins a set of changes.
    pub(crate) fn draft(&self) -> Draft<'_> {
        Draft {
            ledger: self,
            rows: BTreeMap::new(),
            runs: BTreeMap::new(),
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
        let sealed = self.keys.index().and_then(|index| index.seal(&row_aad(table, key), plain));
        sealed.map_err(|fault| IndexFault {
            op: "sealing",
            reason: fault.to_string(),
        })
    }

    fn open(&self, table: Table, key: &[u8], sealed: Vec<u8>) -> Option<Vec<u8>> {
        self.keys.index().ok()?.open(&row_aad(table, key), sealed)
    }
}

/// What the index knows for good, wherever it was said.
pub(crate) struct Standing {
    /// Name and value.
    pub(crate) settings: Vec<(String, String)>,
    /// Series and highest number.
    pub(crate) numbers: Vec<(String, u32)>,
}

/// Changes that become visible together. Reads see the changes made so far.
pub(crate) struct Draft<'l> {
    ledger: &'l Ledger,
    rows: BTreeMap<(Table, Vec<u8>), Option<Vec<u8>>>,
    /// The run of each case that may still grow, by the revision it begins with.
    runs: BTreeMap<CaseId, (u32, Run)>,
    pub(crate) meta: Meta,
}

impl Draft<'_> {
    pub(crate) fn applied_through(&mut self, head: Head) {
        self.meta.applied_seq = head.seq;
        self.meta.applied_digest = head.digest.to_string();
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len() + self.runs.len()
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
        if let Some((begins, run)) = self.runs.get_mut(&case)
            && run.takes(*begins, revision, position)
        {
            run.count += 1;
            return Ok(());
        }
        let begun = Run { first: position, count: 1 };
        match self.runs.insert(case, (revision, begun)) {
            Some((begins, run)) => self.put(Table::Positions, position_key(case, begins), Some(run.to_bytes())),
            None => Ok(()),
        }
    }

    /// Forgets a case: its head, its line and where its entries lie.
    pub(crate) fn forget_case(&mut self, case: CaseId) -> Result<(), IndexFault> {
        if let Some(head) = self.find_head(case)? {
            self.put(Table::Summaries, newest_first(head.last_seq), None)?;
            self.put(Table::Heads, case.as_uuid().as_bytes().to_vec(), None)?;
            self.meta.cases = self.meta.cases.saturating_sub(1);
        }
        self.runs.remove(&case);
        let prefix = case.as_uuid();
        let drafted: Vec<_> = self
            .rows
            .keys()
            .filter(|(table, key)| *table == Table::Positions && key.starts_with(prefix.as_bytes()))
            .cloned()
            .collect();
        for (table, key) in drafted {
            self.put(table, key, None)?;
        }
        let (mut from, to) = (position_key(case, 0), next_key(&position_key(case, u32::MAX)));
        loop {
            let rows = self.ledger.index.scan(Table::Positions, &from, Some(&to), SCAN_ROWS)?;
            let count = rows.len();
            for (key, _) in rows {
                from = next_key(&key);
                self.put(Table::Positions, key, None)?;
            }
            if count < SCAN_ROWS {
                return Ok(());
            }
        }
    }

    /// Forgets a page: whether it is delivered, and that it waits.
    pub(crate) fn forget_page(&mut self, digest: &Digest) -> Result<(), IndexFault> {
        let name = self.ledger.keys.page_name(digest).to_vec();
        if let Some(mark) = self.find(Table::Pages, &name)?.and_then(|value| PageMark::from_bytes(&value)) {
            self.put(Table::Waiting, mark.waiting_key(), None)?;
            self.put(Table::Pages, name, None)?;
        }
        Ok(())
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
    pub(crate) fn commit(mut self) -> Result<(), IndexFault> {
        for (case, (begins, run)) in std::mem::take(&mut self.runs) {
            self.put(Table::Positions, position_key(case, begins), Some(run.to_bytes()))?;
        }
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
