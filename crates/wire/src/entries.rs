//! Journal entries and pages on their way to the centre.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Entries of one counter in order, without a gap among themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EntriesBatch {
    /// `330302-01-003`.
    pub counter: String,
    /// New after each installation or restore. Higher than the one in the entries themselves when they were written on an old state that
    /// was put back unnoticed: the centre then files them as a branch beside those that it holds at the same positions.
    pub epoch: u32,
    /// At most [`crate::MAX_BATCH_ENTRIES`].
    pub entries: Vec<EntryBytes>,
}

/// One entry as the counter chained it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EntryBytes {
    /// From 1, gap-free.
    pub seq: u64,
    /// The journal's bytes, base64.
    pub bytes: String,
}

/// What the centre holds now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EntriesReceipt {
    /// Highest contiguous entry that is durable at the centre.
    pub received_through: u64,
    /// Highest contiguous entry all of whose pages are durable too.
    pub committed_through: u64,
    /// Entries stored but not accepted as they are: a clerk must look at them.
    pub rejected: Vec<Rejection>,
    /// The centre's clock, ms since 1970 UTC.
    pub time_ms: i64,
    /// The office's signature under what is committed: only what it covers may be removed from the counter. Absent in receipts of
    /// older centres, and when nothing is committed.
    #[serde(default)]
    pub signed: Option<SignedCommit>,
}

/// The signed part of a receipt; what is signed is `onewindow_journal::receipt::CommitReceipt::message`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignedCommit {
    /// Epoch asked about.
    pub epoch: u32,
    /// Chain digest after `committed_through`, hex.
    pub chain: String,
    /// Key of the office, by its name in the list of keys.
    pub key_id: String,
    /// Ed25519 signature, hex.
    pub signature: String,
}

/// The centre stores every well-formed entry; this one it can not follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Rejection {
    /// Which entry.
    pub seq: u64,
    /// Closed word, such as `catalogue_unknown`, `case_unknown`.
    pub code: String,
}

/// Which of these pages does the centre not hold?
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PagesAsked {
    /// Digests in hex, at most 1,000.
    pub digests: Vec<String>,
}

/// These.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PagesMissing {
    /// Digests in hex.
    pub missing: Vec<String>,
}

/// A page is durable at the centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PageReceipt {
    /// Digest in hex, computed by the centre.
    pub digest: String,
    /// Size in bytes.
    pub size: u64,
}
