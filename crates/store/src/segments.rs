//! The journal on disk: numbered segment files, read in any order, written only at the end of the last one.
//! Absent on purpose: batching and acknowledging (`writer`), and what entries mean.

mod reading;

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use onewindow_case::ids::{CaseId, CounterId, Digest};
use onewindow_journal::segment::{
    Damage, Item, RECORD_CLEAR_BYTES, RECORD_LIMIT_BYTES, Record, Scan, SegmentFault, SegmentHeader, SegmentKey, header_len, open_header, open_record, outline,
    scan, seal_header,
};
use onewindow_journal::{Entry, Head, decode};

use crate::disk::{Disk, write_whole};
use crate::fault::StoreFault;
use crate::keys::{CaseKeys, DeviceKeys, random};
use crate::ledger::Position;

/// A file longer than this is not ours; it is not read into memory.
const FILE_LIMIT_BYTES: u64 = 256 * 1024 * 1024;

pub(crate) struct Segments {
    dir: PathBuf,
    temporary: PathBuf,
    counter: CounterId,
    disk: Arc<dyn Disk>,
    device: Arc<DeviceKeys>,
    cases: Arc<CaseKeys>,
    list: RwLock<Vec<SegmentHeader>>,
    /// Version of the device key that sealed each segment.
    versions: RwLock<HashMap<u32, u32>>,
    /// Where the chain stood before the first segment that is kept; the journal before it was purged.
    base: RwLock<Head>,
    /// Where the entry after the last one sent lies, so that sending in order never walks a file twice.
    sending: Mutex<Option<(u64, u32, usize)>>,
}

/// One entry as it lies in the journal.
pub(crate) struct Located {
    pub(crate) position: Position,
    pub(crate) epoch: u32,
    /// Chain digest after the entry.
    pub(crate) digest: Digest,
    pub(crate) owner: Option<CaseId>,
    /// Its bytes; `None` when the key of its case is lost or was destroyed, or does not fit.
    pub(crate) bytes: Option<Vec<u8>>,
}

/// Entries to be sent, all of one epoch, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryBatch {
    /// Epoch of all of them; 0 when there are none.
    pub epoch: u32,
    /// Position and bytes of each.
    pub entries: Vec<(u64, Vec<u8>)>,
}

impl Segments {
    /// Reads the headers of all segments; also says which of them had to be reconstructed.
    pub(crate) fn load(
        dir: PathBuf,
        temporary: PathBuf,
        counter: CounterId,
        disk: Arc<dyn Disk>,
        device: Arc<DeviceKeys>,
        cases: Arc<CaseKeys>,
        base: Head,
    ) -> Result<(Self, Vec<u32>), StoreFault> {
        let segments = Self {
            dir,
            temporary,
            counter,
            disk,
            device,
            cases,
            list: RwLock::new(Vec::new()),
            versions: RwLock::new(HashMap::new()),
            base: RwLock::new(base),
            sending: Mutex::new(None),
        };
        let mut list: Vec<SegmentHeader> = Vec::new();
        let mut reconstructed = Vec::new();
        for number in segments.numbers()? {
            match segments.read_header(number)? {
                Some(header) => list.push(header),
                None => {
                    reconstructed.push(number);
                    if let Some(header) = segments.reconstruct_header(number, list.last())? {
                        list.push(header);
                    }
                }
            }
        }
        segments.drop_strays(&mut list)?;
        *segments.list.write().unwrap_or_else(PoisonError::into_inner) = list;
        Ok((segments, reconstructed))
    }

    /// Leaves out segments that were begun and never used: their making failed half way, and the one before them went on.
    fn drop_strays(&self, list: &mut Vec<SegmentHeader>) -> Result<(), StoreFault> {
        let last = list.last().map_or(0, |header| header.number);
        let mut kept: Vec<SegmentHeader> = Vec::with_capacity(list.len());
        for header in list.drain(..) {
            let len_bytes = fs::metadata(self.path(header.number)).map_err(StoreFault::io("reading a segment"))?.len();
            let empty = len_bytes <= header_len(&self.counter) as u64;
            let stray = match kept.last() {
                Some(before) if empty && header.number == last => self.scan(before)?.next_seq > header.first_seq,
                Some(_) => empty,
                None => false,
            };
            if !stray {
                kept.push(header);
            }
        }
        *list = kept;
        Ok(())
    }

    pub(crate) fn headers(&self) -> Vec<SegmentHeader> {
        self.list.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Begins a new segment; it is durable and listed when this returns.
    pub(crate) fn begin(&self, epoch: u32, head: Head) -> Result<ActiveSegment, StoreFault> {
        let last = self.numbers()?.last().copied().unwrap_or(0);
        let header = SegmentHeader {
            counter: self.counter.clone(),
            epoch,
            number: last + 1,
            first_seq: head.seq + 1,
            prev: head.digest,
        };
        let bytes = seal_header(self.device.journal(self.device.version())?, &header, random()?).map_err(|_too_long| StoreFault::TooLarge)?;
        let path = self.path(header.number);
        write_whole(&*self.disk, &self.temporary.join(format!("segment-{}", header.number)), &path, &bytes)?;
        let file = self.disk.open_append(&path).map_err(StoreFault::io("opening a segment"))?;
        self.note_version(header.number, self.device.version());
        self.list.write().unwrap_or_else(PoisonError::into_inner).push(header.clone());
        Ok(ActiveSegment {
            header,
            file,
            len_bytes: bytes.len() as u64,
        })
    }

    /// Goes on writing the last segment behind its last whole record, cutting off what a power cut tore.
    pub(crate) fn resume(&self, header: &SegmentHeader, found: &Scan) -> Result<ActiveSegment, StoreFault> {
        let file = self.disk.open_append(&self.path(header.number)).map_err(StoreFault::io("opening a segment"))?;
        if found.torn_tail_bytes > 0 {
            self.disk.set_len(&file, found.end as u64).map_err(StoreFault::io("cutting a segment"))?;
            self.disk.sync(&file).map_err(StoreFault::io("syncing a segment"))?;
        }
        Ok(ActiveSegment {
            header: header.clone(),
            file,
            len_bytes: found.end as u64,
        })
    }

    /// Reads a whole segment.
    pub(crate) fn scan(&self, header: &SegmentHeader) -> Result<Scan, StoreFault> {
        let path = self.path(header.number);
        let len_bytes = fs::metadata(&path).map_err(StoreFault::io("reading a segment"))?.len();
        if len_bytes > FILE_LIMIT_BYTES {
            return Err(StoreFault::damaged(format!("segment {} is far too long", header.number)));
        }
        let bytes = fs::read(&path).map_err(StoreFault::io("reading a segment"))?;
        Ok(scan(self.key_of(header.number)?, header, &bytes, header_len(&self.counter)))
    }

    /// Goes through every entry from `first` on, in order. Between segments, and within, lost stretches are told first.
    pub(crate) fn walk<F: From<StoreFault>>(
        &self,
        first: u64,
        mut on_damage: impl FnMut(u32, Damage),
        mut on_entry: impl FnMut(Located) -> Result<(), F>,
    ) -> Result<(), F> {
        let mut next_seq = self.base().seq + 1;
        let headers = self.headers();
        for (place, header) in headers.iter().enumerate() {
            if headers.get(place + 1).is_some_and(|next| next.first_seq <= first) {
                next_seq = headers[place + 1].first_seq;
                continue;
            }
            let found = self.scan(header)?;
            if header.first_seq > next_seq {
                on_damage(
                    header.number,
                    Damage {
                        offset: 0,
                        len_bytes: 0,
                        from_seq: next_seq,
                        to_seq: header.first_seq - 1,
                    },
                );
            }
            for damage in &found.damages {
                on_damage(header.number, *damage);
            }
            for scanned in found.records {
                let offset = scanned.offset;
                for located in self.locate(header, offset, scanned.record)? {
                    if located.position.seq >= first {
                        on_entry(located)?;
                    }
                }
            }
            next_seq = next_seq.max(found.next_seq);
        }
        Ok(())
    }

    /// Every entry of one segment that is there.
    pub(crate) fn read_segment(&self, header: &SegmentHeader) -> Result<Vec<Located>, StoreFault> {
        let mut located = Vec::new();
        for scanned in self.scan(header)?.records {
            located.extend(self.locate(header, scanned.offset, scanned.record)?);
        }
        Ok(located)
    }

    /// Entries after `seq` up to `through`, at least one when there is one, all of one epoch.
    pub(crate) fn entries_after(&self, seq: u64, through: u64, max_entries: usize, max_bytes: usize) -> Result<EntryBatch, StoreFault> {
        let mut batch = EntryBatch::default();
        let mut bytes_taken = 0;
        let Some((mut header, mut offset)) = self.find_place(seq + 1) else {
            return Ok(batch);
        };
        loop {
            let mut file = File::open(self.path(header.number)).map_err(StoreFault::io("opening a segment"))?;
            while let Some((record, len_bytes)) = self.read_whole_record(&header, &mut file, &mut offset)? {
                if record.first_seq > through {
                    return Ok(batch);
                }
                for located in self.locate(&header, offset, record)? {
                    let Some(bytes) = located.bytes.filter(|_| located.position.seq > seq && located.position.seq <= through) else {
                        continue;
                    };
                    bytes_taken += bytes.len();
                    if !batch.entries.is_empty() && (batch.entries.len() >= max_entries || bytes_taken > max_bytes) {
                        return Ok(batch);
                    }
                    batch.epoch = located.epoch;
                    batch.entries.push((located.position.seq, bytes));
                    *self.sending.lock().unwrap_or_else(PoisonError::into_inner) = Some((located.position.seq + 1, header.number, offset));
                }
                offset += len_bytes;
            }
            let Some(next) = self.headers().into_iter().find(|next| next.number > header.number) else {
                return Ok(batch);
            };
            if next.first_seq > through || (!batch.entries.is_empty() && next.epoch != batch.epoch) {
                return Ok(batch);
            }
            offset = header_len(&self.counter);
            header = next;
        }
    }

    /// The entry that a located item holds; `None` when it cannot be opened.
    pub(crate) fn decode(located: &Located) -> Result<Option<Entry>, StoreFault> {
        let Some(bytes) = &located.bytes else { return Ok(None) };
        decode(bytes)
            .map(Some)
            .map_err(|fault| StoreFault::damaged(format!("entry {}: {fault}", located.position.seq)))
    }

    fn locate(&self, header: &SegmentHeader, offset: usize, record: Record) -> Result<Vec<Located>, StoreFault> {
        let offset = u32::try_from(offset).map_err(|_too_long| StoreFault::damaged(format!("segment {}", header.number)))?;
        let mut located = Vec::with_capacity(record.items.len());
        for (slot, item) in record.items.into_iter().enumerate() {
            let slot_number = u16::try_from(slot).map_err(|_too_many| StoreFault::TooLarge)?;
            let seq = record.first_seq + u64::from(slot_number);
            let position = Position {
                seq,
                segment: header.number,
                offset,
                slot: slot_number,
            };
            let (digest, owner) = (item.digest, item.owner);
            located.push(Located {
                position,
                epoch: header.epoch,
                digest,
                owner,
                bytes: self.open_item(header.epoch, seq, item)?,
            });
        }
        Ok(located)
    }

    fn open_item(&self, epoch: u32, seq: u64, item: Item) -> Result<Option<Vec<u8>>, StoreFault> {
        let Some(case) = item.owner else { return Ok(Some(item.body)) };
        match self.cases.find(case) {
            Ok(Some(key)) => Ok(key.open(&self.item_aad(epoch, seq, case), item.body)),
            Ok(None) | Err(StoreFault::Damaged { .. }) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Binds an entry sealed under its case's key to its place.
    pub(crate) fn item_aad(&self, epoch: u32, seq: u64, case: CaseId) -> Vec<u8> {
        format!("onewindow entry|1|{}|{epoch}|{seq}|{case}", self.counter).into_bytes()
    }

    /// Chain digest after an entry.
    pub(crate) fn find_digest(&self, seq: u64) -> Option<Digest> {
        let (header, mut offset) = self.find_place(seq)?;
        let mut file = File::open(self.path(header.number)).ok()?;
        loop {
            let (record, len_bytes) = self.read_whole_record(&header, &mut file, &mut offset).ok()??;
            let slot = usize::try_from(seq.checked_sub(record.first_seq)?).ok()?;
            if let Some(item) = record.items.get(slot) {
                return Some(item.digest);
            }
            // Damage ended the search for the place before it was there.
            offset += len_bytes;
        }
    }

    /// The record at `offset`, or the next one behind damage, to which `offset` is moved; `None` at the end of the segment.
    fn read_whole_record(&self, header: &SegmentHeader, file: &mut File, offset: &mut usize) -> Result<Option<(Record, usize)>, StoreFault> {
        if let Some(bytes) = read_record_bytes(file, *offset as u64)
            && let Ok(whole) = open_record(self.key_of(header.number)?, header, &bytes)
        {
            return Ok(Some(whole));
        }
        let len_bytes = file.metadata().map_err(StoreFault::io("reading a segment"))?.len();
        if *offset as u64 >= len_bytes {
            return Ok(None);
        }
        let behind = self.scan(header)?.records.into_iter().find(|scanned| scanned.offset > *offset);
        Ok(behind.map(|scanned| {
            *offset = scanned.offset;
            (scanned.record, scanned.len_bytes)
        }))
    }

    /// Segment and offset of the record that holds `seq`, or of one before it from which it is reached record by record.
    fn find_place(&self, seq: u64) -> Option<(SegmentHeader, usize)> {
        let headers = self.headers();
        if let Some((next, number, offset)) = *self.sending.lock().unwrap_or_else(PoisonError::into_inner)
            && next == seq
        {
            return headers.into_iter().find(|header| header.number == number).map(|header| (header, offset));
        }
        let header = headers.iter().rev().find(|header| header.first_seq <= seq).or(headers.first())?.clone();
        let mut offset = header_len(&self.counter);
        let mut file = File::open(self.path(header.number)).ok()?;
        let (mut at, mut first_seq) = (offset, header.first_seq);
        // Outlines are not proven: where one does not lead to the next, the search ends before it, so that no whole record is passed.
        while let Some(next) = read_outline(&mut file, at as u64).filter(|next| next.first_seq == first_seq) {
            offset = at;
            at += next.len_bytes;
            first_seq += u64::from(next.count);
            if first_seq > seq {
                break;
            }
        }
        Some((header, offset))
    }

    fn find_header(&self, number: u32) -> Option<SegmentHeader> {
        self.list
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .find(|header| header.number == number)
            .cloned()
    }

    fn read_header(&self, number: u32) -> Result<Option<SegmentHeader>, StoreFault> {
        let mut file = File::open(self.path(number)).map_err(StoreFault::io("opening a segment"))?;
        let mut bytes = vec![0; header_len(&self.counter)];
        match file.read_exact(&mut bytes) {
            Ok(()) => {}
            Err(fault) if fault.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(fault) => return Err(StoreFault::io("reading a segment")(fault)),
        }
        for version in self.device.versions() {
            match open_header(self.device.journal(version)?, &bytes) {
                Ok((header, _)) => {
                    self.note_version(number, version);
                    return Ok(Some(header).filter(|header| header.number == number && header.counter == self.counter));
                }
                Err(SegmentFault::NewerFormat { found }) if found < 0x100 => return Err(StoreFault::NewerFormat { found: u32::from(found) }),
                Err(_damaged_or_another_key) => {}
            }
        }
        Ok(None)
    }

    /// A damaged header is put together again from the segment before it and the records, which prove it by their seals.
    fn reconstruct_header(&self, number: u32, before: Option<&SegmentHeader>) -> Result<Option<SegmentHeader>, StoreFault> {
        let bytes = fs::read(self.path(number)).map_err(StoreFault::io("reading a segment"))?;
        let start = header_len(&self.counter);
        let Some(first) = bytes.get(start..).and_then(|records| outline(records).ok()) else {
            return Ok(None);
        };
        let prev = match before {
            Some(before) => self
                .scan(before)?
                .records
                .last()
                .and_then(|last| last.record.items.last().map(|item| item.digest))
                .unwrap_or(before.prev),
            None => self.base().digest,
        };
        let epoch = before.map_or(1, |before| before.epoch);
        for version in self.device.versions() {
            for epoch in [epoch, epoch + 1] {
                let header = SegmentHeader {
                    counter: self.counter.clone(),
                    epoch,
                    number,
                    first_seq: first.first_seq,
                    prev,
                };
                let records = bytes.get(start..).unwrap_or_default();
                if open_record(self.device.journal(version)?, &header, records).is_ok() {
                    self.note_version(number, version);
                    return Ok(Some(header));
                }
            }
        }
        Ok(None)
    }

    /// Numbers of the segment files, in order.
    fn numbers(&self) -> Result<Vec<u32>, StoreFault> {
        let mut numbers = Vec::new();
        for file in fs::read_dir(&self.dir).map_err(StoreFault::io("listing segments"))? {
            let name = file.map_err(StoreFault::io("listing segments"))?.file_name();
            if let Some(number) = name.to_str().and_then(|name| name.strip_suffix(".owj")).and_then(|name| name.parse().ok()) {
                numbers.push(number);
            }
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Where the chain stood before the first segment that is kept.
    pub(crate) fn base(&self) -> Head {
        *self.base.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Versions of device keys that segments still need.
    pub(crate) fn versions_needed(&self) -> Vec<u32> {
        let versions = self.versions.read().unwrap_or_else(PoisonError::into_inner);
        self.headers().iter().filter_map(|header| versions.get(&header.number).copied()).collect()
    }

    /// Version of the device key that sealed a segment.
    pub(crate) fn version_of(&self, number: u32) -> u32 {
        let versions = self.versions.read().unwrap_or_else(PoisonError::into_inner);
        versions.get(&number).copied().unwrap_or(self.device.version())
    }

    /// Forgets and removes the first segment. The anchor that says so is durable before this is called.
    pub(crate) fn remove_first(&self, base: Head) -> Result<(), StoreFault> {
        let first = self.list.read().unwrap_or_else(PoisonError::into_inner).first().cloned();
        let Some(header) = first else { return Ok(()) };
        *self.base.write().unwrap_or_else(PoisonError::into_inner) = base;
        self.list.write().unwrap_or_else(PoisonError::into_inner).remove(0);
        self.disk.remove(&self.path(header.number)).map_err(StoreFault::io("removing a segment"))?;
        self.disk.sync_dir(&self.dir).map_err(StoreFault::io("syncing a folder"))
    }

    fn key_of(&self, number: u32) -> Result<&SegmentKey, StoreFault> {
        self.device.journal(self.version_of(number))
    }

    fn note_version(&self, number: u32, version: u32) {
        self.versions.write().unwrap_or_else(PoisonError::into_inner).insert(number, version);
    }

    fn path(&self, number: u32) -> PathBuf {
        segment_path(&self.dir, number)
    }
}

/// Where the segment with this number lies.
pub(crate) fn segment_path(dir: &Path, number: u32) -> PathBuf {
    dir.join(format!("{number:08}.owj"))
}

/// The segment that is written; only the writer has it.
pub(crate) struct ActiveSegment {
    pub(crate) header: SegmentHeader,
    file: File,
    pub(crate) len_bytes: u64,
}

impl ActiveSegment {
    /// Writes bytes and makes them durable. A failed write is undone; `Err((fault, false))` means that the file could not be
    /// brought back or a sync failed, so nothing more may be written to it.
    pub(crate) fn write(&mut self, disk: &dyn Disk, bytes: &[u8]) -> Result<(), (StoreFault, bool)> {
        if let Err(fault) = disk.write(&mut self.file, bytes) {
            let undone = disk.set_len(&self.file, self.len_bytes).is_ok();
            return Err((StoreFault::io("writing the journal")(fault), undone));
        }
        disk.sync(&self.file).map_err(|fault| (StoreFault::io("syncing the journal")(fault), false))?;
        self.len_bytes += bytes.len() as u64;
        Ok(())
    }
}

fn read_outline(file: &mut File, offset: u64) -> Option<onewindow_journal::segment::RecordOutline> {
    let mut clear = [0; RECORD_CLEAR_BYTES];
    file.seek(SeekFrom::Start(offset)).ok()?;
    file.read_exact(&mut clear).ok()?;
    outline(&clear).ok()
}

fn read_record_bytes(file: &mut File, offset: u64) -> Option<Vec<u8>> {
    let found = read_outline(file, offset)?;
    if found.len_bytes > RECORD_CLEAR_BYTES + RECORD_LIMIT_BYTES {
        return None;
    }
    let mut bytes = vec![0; found.len_bytes];
    file.seek(SeekFrom::Start(offset)).ok()?;
    file.read_exact(&mut bytes).ok()?;
    Some(bytes)
}
