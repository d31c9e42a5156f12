//! Framing of sealed batches in a segment file.
//!
//! ```text
//! header  "OWJS" format:2 counter:1+n epoch:4 number:4 first_seq:8 prev:32 nonce:12 tag:16
//! record  "OWR1" length:4 first_seq:8 count:2 durable_before:8 nonce:12 ciphertext+tag:length
//! plain   count × ( digest:32 owner:1(+16) length:4 body )
//! ```
//! One record is one append call: its tag makes the call atomic. `durable_before` says which entries were already on disk
//! when the record was written; with it a scan can tell a tail torn by a power cut (nobody was told it is safe) from
//! damage to entries that were acknowledged. Numbers are big-endian. AES-256-GCM binds every record to its counter, epoch,
//! segment and place. Absent on purpose: files and dice; the caller reads, writes and brings nonces.

mod scan;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use onewindow_case::ids::{CaseId, CounterId, Digest};
use uuid::Uuid;

pub use scan::{Damage, Scan, Scanned, scan};

/// Format number written into every segment header.
pub const SEGMENT_FORMAT: u16 = 1;
/// Most entries in one record.
pub const RECORD_LIMIT_ENTRIES: usize = 256;
/// Largest sealed part of one record, in bytes.
pub const RECORD_LIMIT_BYTES: usize = 2 * 1024 * 1024;
/// Bytes of the clear part of a record, before the sealed part.
pub const RECORD_CLEAR_BYTES: usize = RECORD_HEAD_BYTES + NONCE_LEN;

/// Random bytes that must never repeat under one key.
pub type NonceBytes = [u8; NONCE_LEN];

const HEADER_MAGIC: &[u8; 4] = b"OWJS";
const RECORD_MAGIC: &[u8; 4] = b"OWR1";
const RECORD_HEAD_BYTES: usize = 4 + 4 + 8 + 2 + 8;
const TAG_BYTES: usize = 16;

/// The key that seals the records of all segments of one counter.
pub struct SegmentKey(LessSafeKey);

impl SegmentKey {
    /// Wraps 32 secret bytes; `None` only if the cipher refuses them, which it has no reason to.
    pub fn new(secret: &[u8; 32]) -> Option<Self> {
        UnboundKey::new(&AES_256_GCM, secret).ok().map(|key| Self(LessSafeKey::new(key)))
    }
}

impl std::fmt::Debug for SegmentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SegmentKey")
    }
}

/// What a segment says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentHeader {
    /// The counter that wrote it.
    pub counter: CounterId,
    /// Epoch of all its entries.
    pub epoch: u32,
    /// Its number, also its file name, from 1.
    pub number: u32,
    /// Position of its first entry.
    pub first_seq: u64,
    /// Chain digest of the entry before its first.
    pub prev: Digest,
}

/// Entries of one append call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Position of the first entry.
    pub first_seq: u64,
    /// Highest position that was durable when this record was written.
    pub durable_before: u64,
    /// 1 to [`RECORD_LIMIT_ENTRIES`] entries.
    pub items: Vec<Item>,
}

/// One entry in its record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Chain digest after this entry: the chain can be followed even where a case was erased.
    pub digest: Digest,
    /// Whose key seals `body` once more; `None` when it is the entry's bytes themselves.
    pub owner: Option<CaseId>,
    /// The entry's bytes, or those sealed under the case's key.
    pub body: Vec<u8>,
}

/// Why bytes are no header or record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SegmentFault {
    /// Ends too early.
    #[error("the bytes end too early")]
    Truncated,
    /// Not ours, or overwritten.
    #[error("the bytes are not a segment's")]
    Unrecognised,
    /// Written by a newer version of the software.
    #[error("the segment has format {found}, newer than this software")]
    NewerFormat {
        /// The format it carries.
        found: u16,
    },
    /// The tag does not fit: changed, moved, or another key.
    #[error("the seal does not hold")]
    BrokenSeal,
    /// More or longer entries than a record may have.
    #[error("the record is larger than allowed")]
    TooLarge,
}

/// The bytes of a header.
///
/// # Errors
/// [`SegmentFault::TooLarge`] for a counter id over 255 bytes.
pub fn seal_header(key: &SegmentKey, header: &SegmentHeader, nonce: NonceBytes) -> Result<Vec<u8>, SegmentFault> {
    let counter = header.counter.as_str().as_bytes();
    let counter_len = u8::try_from(counter.len()).map_err(|_too_long| SegmentFault::TooLarge)?;
    let mut bytes = Vec::with_capacity(128);
    bytes.extend_from_slice(HEADER_MAGIC);
    bytes.extend_from_slice(&SEGMENT_FORMAT.to_be_bytes());
    bytes.push(counter_len);
    bytes.extend_from_slice(counter);
    bytes.extend_from_slice(&header.epoch.to_be_bytes());
    bytes.extend_from_slice(&header.number.to_be_bytes());
    bytes.extend_from_slice(&header.first_seq.to_be_bytes());
    bytes.extend_from_slice(header.prev.as_bytes());
    let mut tag = Vec::new();
    key.0
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(&bytes), &mut tag)
        .map_err(|_unspecified| SegmentFault::BrokenSeal)?;
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(&tag);
    Ok(bytes)
}

/// Reads a header; also says how many bytes it took.
///
/// # Errors
/// A [`SegmentFault`]; a header of another key is [`SegmentFault::BrokenSeal`].
pub fn open_header(key: &SegmentKey, bytes: &[u8]) -> Result<(SegmentHeader, usize), SegmentFault> {
    let mut reader = Reader { bytes, at: 0 };
    if reader.array::<4>()? != *HEADER_MAGIC {
        return Err(SegmentFault::Unrecognised);
    }
    let format = u16::from_be_bytes(reader.array()?);
    if format > SEGMENT_FORMAT {
        return Err(SegmentFault::NewerFormat { found: format });
    }
    let counter_len = usize::from(u8::from_be_bytes(reader.array()?));
    let counter = std::str::from_utf8(reader.slice(counter_len)?).map_err(|_no_text| SegmentFault::Unrecognised)?;
    let header = SegmentHeader {
        counter: CounterId::new(counter),
        epoch: u32::from_be_bytes(reader.array()?),
        number: u32::from_be_bytes(reader.array()?),
        first_seq: u64::from_be_bytes(reader.array()?),
        prev: Digest::new(reader.array()?),
    };
    let sealed = bytes.get(..reader.at).ok_or(SegmentFault::Truncated)?;
    let nonce = Nonce::assume_unique_for_key(reader.array()?);
    let mut tag: [u8; TAG_BYTES] = reader.array()?;
    key.0
        .open_in_place(nonce, Aad::from(sealed), &mut tag)
        .map_err(|_unspecified| SegmentFault::BrokenSeal)?;
    Ok((header, reader.at))
}

/// The bytes of a record in the segment of `header`.
///
/// # Errors
/// [`SegmentFault::TooLarge`] beyond the limits of this module, or for a record without entries.
pub fn seal_record(key: &SegmentKey, header: &SegmentHeader, record: &Record, nonce: NonceBytes) -> Result<Vec<u8>, SegmentFault> {
    if record.items.is_empty() || record.items.len() > RECORD_LIMIT_ENTRIES {
        return Err(SegmentFault::TooLarge);
    }
    let mut body = Vec::new();
    for item in &record.items {
        body.extend_from_slice(item.digest.as_bytes());
        body.push(u8::from(item.owner.is_some()));
        if let Some(owner) = item.owner {
            body.extend_from_slice(owner.as_uuid().as_bytes());
        }
        let length = u32::try_from(item.body.len()).map_err(|_too_long| SegmentFault::TooLarge)?;
        body.extend_from_slice(&length.to_be_bytes());
        body.extend_from_slice(&item.body);
    }
    let length = body.len() + TAG_BYTES;
    if length > RECORD_LIMIT_BYTES {
        return Err(SegmentFault::TooLarge);
    }
    let head = RecordHead {
        length: u32::try_from(length).map_err(|_too_long| SegmentFault::TooLarge)?,
        first_seq: record.first_seq,
        count: u16::try_from(record.items.len()).map_err(|_too_many| SegmentFault::TooLarge)?,
        durable_before: record.durable_before,
    };
    key.0
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(record_aad(header, &head)), &mut body)
        .map_err(|_unspecified| SegmentFault::BrokenSeal)?;
    let mut bytes = Vec::with_capacity(RECORD_CLEAR_BYTES + body.len());
    bytes.extend_from_slice(&head.to_bytes());
    bytes.extend_from_slice(&nonce);
    bytes.extend_from_slice(&body);
    Ok(bytes)
}

/// What the clear part of a record tells; not to be trusted before the record was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordOutline {
    /// Length of the whole record in bytes.
    pub len_bytes: usize,
    /// Position of its first entry.
    pub first_seq: u64,
    /// Number of its entries.
    pub count: u16,
}

/// Reads the clear part ([`RECORD_CLEAR_BYTES`] long) of the record that begins `bytes`.
///
/// # Errors
/// A [`SegmentFault`] when no record begins here.
pub fn outline(bytes: &[u8]) -> Result<RecordOutline, SegmentFault> {
    let head = RecordHead::read(&mut Reader { bytes, at: 0 })?;
    let length = usize::try_from(head.length).map_err(|_too_long| SegmentFault::TooLarge)?;
    Ok(RecordOutline {
        len_bytes: RECORD_CLEAR_BYTES + length,
        first_seq: head.first_seq,
        count: head.count,
    })
}

/// Length of the header of a segment of this counter, in bytes.
pub fn header_len(counter: &CounterId) -> usize {
    4 + 2 + 1 + counter.as_str().len() + 4 + 4 + 8 + 32 + NONCE_LEN + TAG_BYTES
}

/// Reads the record that begins `bytes`; also says how many bytes it took.
///
/// # Errors
/// A [`SegmentFault`].
pub fn open_record(key: &SegmentKey, header: &SegmentHeader, bytes: &[u8]) -> Result<(Record, usize), SegmentFault> {
    let mut reader = Reader { bytes, at: 0 };
    let head = RecordHead::read(&mut reader)?;
    let nonce = Nonce::assume_unique_for_key(reader.array()?);
    let length = usize::try_from(head.length).map_err(|_too_long| SegmentFault::TooLarge)?;
    let mut body = reader.slice(length)?.to_vec();
    let plain = key
        .0
        .open_in_place(nonce, Aad::from(record_aad(header, &head)), &mut body)
        .map_err(|_unspecified| SegmentFault::BrokenSeal)?;
    let mut inner = Reader { bytes: plain, at: 0 };
    let mut items = Vec::with_capacity(usize::from(head.count));
    for _ in 0..head.count {
        let digest = Digest::new(inner.array()?);
        let owner = if inner.array::<1>()? == [1] {
            Some(CaseId::new(Uuid::from_bytes(inner.array()?)))
        } else {
            None
        };
        let length = u32::from_be_bytes(inner.array()?);
        let length = usize::try_from(length).map_err(|_too_long| SegmentFault::TooLarge)?;
        items.push(Item {
            digest,
            owner,
            body: inner.slice(length)?.to_vec(),
        });
    }
    Ok((
        Record {
            first_seq: head.first_seq,
            durable_before: head.durable_before,
            items,
        },
        reader.at,
    ))
}

#[derive(Debug, Clone, Copy)]
struct RecordHead {
    length: u32,
    first_seq: u64,
    count: u16,
    durable_before: u64,
}

impl RecordHead {
    fn to_bytes(self) -> [u8; RECORD_HEAD_BYTES] {
        let mut bytes = [0_u8; RECORD_HEAD_BYTES];
        bytes[..4].copy_from_slice(RECORD_MAGIC);
        bytes[4..8].copy_from_slice(&self.length.to_be_bytes());
        bytes[8..16].copy_from_slice(&self.first_seq.to_be_bytes());
        bytes[16..18].copy_from_slice(&self.count.to_be_bytes());
        bytes[18..26].copy_from_slice(&self.durable_before.to_be_bytes());
        bytes
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, SegmentFault> {
        if reader.array::<4>()? != *RECORD_MAGIC {
            return Err(SegmentFault::Unrecognised);
        }
        let head = Self {
            length: u32::from_be_bytes(reader.array()?),
            first_seq: u64::from_be_bytes(reader.array()?),
            count: u16::from_be_bytes(reader.array()?),
            durable_before: u64::from_be_bytes(reader.array()?),
        };
        let fits = usize::try_from(head.length).is_ok_and(|length| (TAG_BYTES..=RECORD_LIMIT_BYTES).contains(&length));
        if fits && (1..=RECORD_LIMIT_ENTRIES).contains(&usize::from(head.count)) {
            Ok(head)
        } else {
            Err(SegmentFault::Unrecognised)
        }
    }
}

fn record_aad(header: &SegmentHeader, head: &RecordHead) -> Vec<u8> {
    let counter = header.counter.as_str().as_bytes();
    let mut aad = Vec::with_capacity(counter.len() + 8 + RECORD_HEAD_BYTES);
    aad.extend_from_slice(counter);
    aad.extend_from_slice(&header.epoch.to_be_bytes());
    aad.extend_from_slice(&header.number.to_be_bytes());
    aad.extend_from_slice(&head.to_bytes());
    aad
}

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    fn slice(&mut self, len: usize) -> Result<&'b [u8], SegmentFault> {
        let end = self.at.checked_add(len).ok_or(SegmentFault::Truncated)?;
        let slice = self.bytes.get(self.at..end).ok_or(SegmentFault::Truncated)?;
        self.at = end;
        Ok(slice)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], SegmentFault> {
        let mut array = [0_u8; N];
        array.copy_from_slice(self.slice(N)?);
        Ok(array)
    }
}
