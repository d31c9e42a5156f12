//! The hash chain: every entry commits to all before it, so that a gap, a change or a fork is seen.
//! Absent on purpose: signatures; the device signs the head it reports, elsewhere.

use aws_lc_rs::digest::{Context, SHA256};
use onewindow_case::ids::Digest;

use crate::encoding::decode;

/// Where a chain stands: its last entry. An empty journal has seq 0 and 32 zero bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Position of the last entry, 0 when there is none.
    pub seq: u64,
    /// Chain digest of the last entry.
    pub digest: Digest,
}

impl Head {
    /// The head of an empty journal.
    pub const EMPTY: Self = Self {
        seq: 0,
        digest: Digest::new([0; 32]),
    };

    /// The head after one more entry.
    #[must_use]
    pub fn after(&self, bytes: &[u8]) -> Self {
        Self {
            seq: self.seq.saturating_add(1),
            digest: chain(&self.digest, bytes),
        }
    }
}

impl Default for Head {
    fn default() -> Self {
        Self::EMPTY
    }
}

/// The chain does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the chain breaks at entry {at_seq}: {kind}")]
pub struct ChainBreak {
    /// Position at which the first break was seen.
    pub at_seq: u64,
    /// What is wrong there.
    pub kind: ChainBreakKind,
}

/// What is wrong with an entry in its chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainBreakKind {
    /// Its bytes are no entry.
    #[error("the entry cannot be read")]
    Unreadable,
    /// It carries another position.
    #[error("the entry says it is number {found}")]
    WrongSequence {
        /// The position it carries.
        found: u64,
    },
    /// It was written after another entry than the one before it.
    #[error("the entry follows another one than the one before it")]
    WrongPredecessor,
    /// Its bytes are not those the chain was made from.
    #[error("the entry was changed after it was chained")]
    Changed,
    /// Entries are missing here.
    #[error("entries are missing")]
    Missing,
}

/// Chain digest of an entry: SHA-256 over the digest of the entry before and the entry's bytes.
pub fn chain(prev: &Digest, bytes: &[u8]) -> Digest {
    let mut context = Context::new(&SHA256);
    context.update(prev.as_bytes());
    context.update(bytes);
    let mut digest = [0_u8; 32];
    digest.copy_from_slice(context.finish().as_ref());
    Digest::new(digest)
}

/// Follows entries, given by their bytes and in order, from `start`.
///
/// # Errors
/// The first [`ChainBreak`].
pub fn verify<'b>(entries: impl IntoIterator<Item = &'b [u8]>, start: Head) -> Result<Head, ChainBreak> {
    let mut head = start;
    for bytes in entries {
        head = verify_next(head, bytes)?;
    }
    Ok(head)
}

/// Checks one entry against the head before it and gives the head after it.
///
/// # Errors
/// A [`ChainBreak`] at the position the entry should have.
pub fn verify_next(head: Head, bytes: &[u8]) -> Result<Head, ChainBreak> {
    let at_seq = head.seq.saturating_add(1);
    let at = |kind| ChainBreak { at_seq, kind };
    let entry = decode(bytes).map_err(|_unreadable| at(ChainBreakKind::Unreadable))?;
    if entry.seq != at_seq {
        return Err(at(ChainBreakKind::WrongSequence { found: entry.seq }));
    }
    if entry.prev != head.digest {
        return Err(at(ChainBreakKind::WrongPredecessor));
    }
    Ok(head.after(bytes))
}
