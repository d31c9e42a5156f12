//! Decides what to send next, when to try again and what an answer means. Pure: time, dice and answers go in, intents come out.
//! Absent on purpose: the network (crate `link`), the disk (crate `store`) and threads (crate `desk`).

use onewindow_case::ids::{CaseId, Digest};

/// A page that the centre does not hold yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageWaiting {
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// The case that named it first.
    pub case: Option<CaseId>,
    /// Its size in bytes; 0 when it is missing on disk.
    pub size_bytes: u64,
}
