//! Rows as bytes: fixed widths, big-endian, so that they sort as they are read. A row that is none reads as nothing.

use aws_lc_rs::digest::{Context, SHA256};
use onewindow_case::ids::{CaseId, Digest};
use uuid::Uuid;

use crate::index::Table;

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

/// Entries of one case that lie side by side in one record: what one act appends is one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) first: Position,
    pub(crate) count: u16,
}

impl Run {
    /// Whether an entry lies right behind this run, which began with revision `begins`.
    pub(crate) fn takes(&self, begins: u32, revision: u32, position: Position) -> bool {
        let Self { first, count } = *self;
        count < u16::MAX
            && revision == begins + u32::from(count)
            && position
                == Position {
                    seq: first.seq + u64::from(count),
                    slot: first.slot.saturating_add(count),
                    ..first
                }
    }

    pub(crate) fn positions(self, begins: u32) -> impl Iterator<Item = (u32, Position)> {
        (0..self.count).map(move |step| {
            let position = Position {
                seq: self.first.seq + u64::from(step),
                slot: self.first.slot.saturating_add(step),
                ..self.first
            };
            (begins + u32::from(step), position)
        })
    }

    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(20);
        bytes.extend_from_slice(&self.first.seq.to_be_bytes());
        bytes.extend_from_slice(&self.first.segment.to_be_bytes());
        bytes.extend_from_slice(&self.first.offset.to_be_bytes());
        bytes.extend_from_slice(&self.first.slot.to_be_bytes());
        bytes.extend_from_slice(&self.count.to_be_bytes());
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let first = Position {
            seq: u64::from_be_bytes(bytes.get(..8)?.try_into().ok()?),
            segment: u32::from_be_bytes(bytes.get(8..12)?.try_into().ok()?),
            offset: u32::from_be_bytes(bytes.get(12..16)?.try_into().ok()?),
            slot: u16::from_be_bytes(bytes.get(16..18)?.try_into().ok()?),
        };
        let count = u16::from_be_bytes(bytes.get(18..20)?.try_into().ok()?);
        Some(Self { first, count })
    }
}

impl CaseHead {
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(13);
        bytes.push(u8::from(self.damaged));
        bytes.extend_from_slice(&self.last_seq.to_be_bytes());
        bytes.extend_from_slice(&self.revision.to_be_bytes());
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let last_seq = u64::from_be_bytes(bytes.get(1..9)?.try_into().ok()?);
        Some(Self {
            damaged: *bytes.first()? != 0,
            last_seq,
            revision: tail_u32(bytes)?,
        })
    }
}

impl PageMark {
    pub(crate) fn waiting_key(self) -> Vec<u8> {
        let mut key = self.seq.to_be_bytes().to_vec();
        key.push(self.slot);
        key
    }

    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = self.waiting_key();
        bytes.push(u8::from(self.delivered));
        bytes.extend_from_slice(&self.revision.to_be_bytes());
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
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
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = self.digest.as_bytes().to_vec();
        if let Some(case) = self.case {
            bytes.extend_from_slice(case.as_uuid().as_bytes());
        }
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let digest = Digest::new(bytes.get(..32)?.try_into().ok()?);
        let case = bytes.get(32..48).and_then(|case| Uuid::from_slice(case).ok()).map(CaseId::new);
        Some(Self { digest, case })
    }
}

pub(crate) fn position_key(case: CaseId, revision: u32) -> Vec<u8> {
    let mut key = case.as_uuid().as_bytes().to_vec();
    key.extend_from_slice(&revision.to_be_bytes());
    key
}

pub(crate) fn newest_first(seq: u64) -> Vec<u8> {
    (u64::MAX - seq).to_be_bytes().to_vec()
}

/// The first key behind `key`.
pub(crate) fn next_key(key: &[u8]) -> Vec<u8> {
    let mut next = key.to_vec();
    next.push(0);
    next
}

pub(crate) fn tail_u32(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.last_chunk::<4>()?))
}

pub(crate) fn row_aad(table: Table, key: &[u8]) -> Vec<u8> {
    let mut aad = b"onewindow index|1|".to_vec();
    aad.push(table as u8);
    aad.extend_from_slice(key);
    aad
}

pub(crate) fn row_hash(table: Table, key: &[u8], value: &[u8]) -> u64 {
    let mut context = Context::new(&SHA256);
    context.update(&[table as u8]);
    context.update(&u32::try_from(key.len()).unwrap_or(u32::MAX).to_be_bytes());
    context.update(key);
    context.update(value);
    let mut first = [0; 8];
    first.copy_from_slice(&context.finish().as_ref()[..8]);
    u64::from_be_bytes(first)
}
