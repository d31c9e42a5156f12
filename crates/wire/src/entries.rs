//! Journal entries and pages on their way to the centre.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Entries of one counter in order, without a gap among themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EntriesBatch {
    /// `330302-01-003`.
    pub counter: String,
    /// New after each installation or restore.
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
