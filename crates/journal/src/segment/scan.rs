//! Reading a whole segment: every record that holds, and what is wrong with the rest.

use super::{RECORD_MAGIC, Record, SegmentHeader, SegmentKey, open_record};

/// Most places tried while looking for the next whole record behind damage; keeps a hostile file from costing hours.
const RESYNC_LIMIT: usize = 10_000;

/// One record and where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// Offset in the file, bytes.
    pub offset: usize,
    /// Length in the file, bytes.
    pub len_bytes: usize,
    /// Its entries.
    pub record: Record,
}

/// Acknowledged entries that can not be read any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damage {
    /// Offset in the file, bytes.
    pub offset: usize,
    /// Damaged stretch, bytes; 0 when records are simply missing.
    pub len_bytes: usize,
    /// First lost position.
    pub from_seq: u64,
    /// Last lost position.
    pub to_seq: u64,
}

/// Everything found in a segment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scan {
    /// Whole records, in order.
    pub records: Vec<Scanned>,
    /// Losses between them.
    pub damages: Vec<Damage>,
    /// Bytes between records that make no record and cost no entry.
    pub stray_bytes: usize,
    /// End of the last whole record; what follows may be cut off.
    pub end: usize,
    /// Bytes behind `end` that make no record that could follow. A batch torn by a power cut looks like this, and so does damage to the very
    /// last record: only a witness elsewhere (the index, the centre) can tell.
    pub torn_tail_bytes: usize,
    /// Position the next entry gets, by this segment alone.
    pub next_seq: u64,
}

/// Scans the records of a segment. `start` is where they begin (the length of the header).
pub fn scan(key: &SegmentKey, header: &SegmentHeader, bytes: &[u8], start: usize) -> Scan {
    let mut found = Scan {
        end: start,
        next_seq: header.first_seq,
        ..Scan::default()
    };
    let mut at = start;
    while at < bytes.len() {
        match read_at(key, header, bytes, at) {
            Some(next) if next.record.first_seq == found.next_seq => {
                at = found.keep(next);
            }
            Some(_) | None => match next_whole(key, header, bytes, at, found.next_seq) {
                Some(next) => {
                    if next.record.first_seq == found.next_seq {
                        found.stray_bytes += next.offset - at;
                    } else {
                        found.damages.push(Damage {
                            offset: at,
                            len_bytes: next.offset - at,
                            from_seq: found.next_seq,
                            to_seq: next.record.first_seq - 1,
                        });
                    }
                    at = found.keep(next);
                }
                None => break,
            },
        }
    }
    found.torn_tail_bytes = bytes.len().saturating_sub(found.end);
    found
}

impl Scan {
    fn keep(&mut self, next: Scanned) -> usize {
        self.end = next.offset + next.len_bytes;
        self.next_seq = next.record.first_seq.saturating_add(next.record.items.len() as u64);
        self.records.push(next);
        self.end
    }
}

fn read_at(key: &SegmentKey, header: &SegmentHeader, bytes: &[u8], offset: usize) -> Option<Scanned> {
    let (record, len_bytes) = open_record(key, header, bytes.get(offset..)?).ok()?;
    Some(Scanned { offset, len_bytes, record })
}

/// The whole record with which the journal goes on behind `from`.
///
/// That is the record of `expected` itself, wherever it lies: its seal proves its place, so nothing is lost before it, and a torn
/// batch never looks so, because what tears a batch tears the record that is expected. Otherwise it is the first record beyond it,
/// if any such record proves that `expected` was acknowledged, that is, was durable before that record was written. If none does,
/// all of it belongs to one torn batch.
fn next_whole(key: &SegmentKey, header: &SegmentHeader, bytes: &[u8], from: usize, expected: u64) -> Option<Scanned> {
    let mut first = None;
    let mut at = from;
    for _ in 0..RESYNC_LIMIT {
        let offset = at + find_magic(bytes.get(at..)?)?;
        match read_at(key, header, bytes, offset) {
            Some(next) if next.record.first_seq == expected => return Some(next),
            Some(next) if next.record.first_seq > expected => {
                let proves = next.record.durable_before >= expected;
                at = offset + next.len_bytes;
                let kept = first.get_or_insert(next);
                if proves {
                    return Some(kept.clone());
                }
            }
            Some(_) | None => at = offset + 1,
        }
    }
    None
}

fn find_magic(bytes: &[u8]) -> Option<usize> {
    bytes.windows(RECORD_MAGIC.len()).position(|window| window == RECORD_MAGIC)
}
