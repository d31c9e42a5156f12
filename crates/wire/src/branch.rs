//! What the centre tells the counters of one branch of each other: the branch's queue and single cases, so that a supervisor at any
//! of them sees all. A word of the supervisor goes the other way as an entry of the journal.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The queue of a branch, newest cases first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BranchQueue {
    /// Every counter of the branch, in the order of their numbers.
    pub counters: Vec<BranchCounter>,
    /// At most [`crate::MAX_BRANCH_CASES`].
    pub cases: Vec<BranchLine>,
    /// The centre's clock, ms since 1970 UTC.
    pub time_ms: i64,
}

/// A counter of the branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BranchCounter {
    /// `330302-01-003`.
    pub counter: String,
    /// When the newest entry of it arrived, ms since 1970 UTC; nothing when none ever did.
    pub heard_ms: Option<i64>,
}

/// A case of the branch: enough to know whether it has to be read again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BranchLine {
    /// Case (UUID).
    pub case: String,
    /// The counter that has it.
    pub counter: String,
    /// Entries that the centre holds of it.
    pub revision: u32,
}

/// A case of the branch, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BranchCase {
    /// The counter that has it.
    pub counter: String,
    /// Its entries in order of revision: the journal's own bytes, base64.
    pub entries: Vec<String>,
}
