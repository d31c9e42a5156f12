//! Versioned messages between counter and centre, and their paths. Every message may be sent twice, in any order, without harm:
//! entries are keyed by (counter, epoch, seq), pages by their digest, decisions by an id made by whoever sends them.
//!
//! Absent on purpose: HTTP, databases and the meaning of an entry. Journal entries travel as the very bytes that the counter
//! chained; the centre decodes them with crate `journal`.

pub mod allotment;
pub mod branch;
pub mod counter;
pub mod department;
pub mod enrolment;
pub mod entries;
pub mod feed;
pub mod licence;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Version of this contract; part of every path.
pub const VERSION: u32 = 1;

/// Most entries in one batch.
pub const MAX_BATCH_ENTRIES: usize = 256;

/// Most bytes of entries in one batch, before base64.
pub const MAX_BATCH_BYTES: usize = 256 * 1024;

/// Most cases in the queue of a branch.
pub const MAX_BRANCH_CASES: usize = 300;

/// Largest page that the centre takes, bytes.
pub const MAX_PAGE_BYTES: usize = 32 * 1024 * 1024;

/// Largest case packet that is taken over the line, bytes; a longer one is imported at the centre.
pub const MAX_PACKET_BYTES: u64 = 2 * 1024 * 1024 * 1024;

/// Paths, so that counter and centre can not differ. `{…}` parts are filled in by the caller.
pub mod path {
    /// `GET`: the centre is there; [`super::Health`].
    pub const HEALTH: &str = "/v1/health";
    /// `POST`: [`super::enrolment::EnrolRequest`] → [`super::enrolment::EnrolReply`].
    pub const ENROL: &str = "/v1/enrolments";
    /// `POST`: [`super::allotment::AllotmentRequest`] → [`super::allotment::Allotment`].
    pub const ALLOTMENT: &str = "/v1/allotment";
    /// `POST`: [`super::entries::EntriesBatch`] → [`super::entries::EntriesReceipt`].
    pub const ENTRIES: &str = "/v1/entries";
    /// `POST`: [`super::counter::CounterKeysRequest`] → [`super::counter::CounterKeysReply`].
    pub const COUNTER_KEYS: &str = "/v1/counters/keys";
    /// `POST` → [`super::counter::EpochReply`].
    pub const COUNTER_EPOCH: &str = "/v1/counters/epoch";
    /// `POST` the bytes of a case packet of a counter of the caller's branch → [`super::counter::PacketReceipt`].
    pub const PACKETS: &str = "/v1/packets";
    /// `POST`: [`super::entries::PagesAsked`] → [`super::entries::PagesMissing`].
    pub const PAGES_MISSING: &str = "/v1/pages/missing";
    /// `PUT` the bytes of a page, `GET` them back, `HEAD` asks whether the centre holds them. Last part: digest in hex.
    pub const PAGE: &str = "/v1/pages/{digest}";
    /// `GET ?after=&wait_s=` → [`super::feed::Feed`].
    pub const FEED: &str = "/v1/feed";
    /// `GET` → [`super::branch::BranchQueue`] of the asking counter's branch.
    pub const BRANCH: &str = "/v1/branch/cases";
    /// `GET` → [`super::branch::BranchCase`] of the asking counter's branch.
    pub const BRANCH_CASE: &str = "/v1/branch/cases/{case}";
    /// `GET` → [`super::enrolment::Roster`]: the staff of the asking counter's branch as of now.
    pub const ROSTER: &str = "/v1/branch/roster";
    /// `GET` → list of [`super::department::WorkItem`].
    pub const WORK: &str = "/v1/departments/{department}/work";
    /// `POST`: [`super::department::DecisionRequest`] → [`super::department::DecisionReply`].
    pub const DECISION: &str = "/v1/departments/{department}/decisions";
    /// `GET` → [`super::licence::KeyList`].
    pub const KEYS: &str = "/v1/licences/keys";
    /// `POST`: [`super::licence::VerifyRequest`] → [`super::licence::VerifyReply`].
    pub const VERIFY: &str = "/v1/licences/verify";
    /// `GET`: the public page on which anyone can check a printed code.
    pub const VERIFY_PAGE: &str = "/verify";
    /// `GET`: this contract as OpenAPI.
    pub const OPENAPI: &str = "/openapi.json";
}

/// Header that names the counter beside its bearer token.
pub const COUNTER_HEADER: &str = "x-onewindow-counter";

/// The centre is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Health {
    /// Always `onewindow-central`: a captive portal does not say so.
    pub service: String,
    /// [`VERSION`].
    pub version: u32,
    /// The centre's clock, ms since 1970 UTC.
    pub time_ms: i64,
}

/// Any answer of the centre that is not success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// Closed word: `unauthorised`, `malformed`, `chain_broken`, `conflict`, `too_large`, `busy`, `unknown`, `defect`, or of a refused
    /// packet: `packet-damaged`, `packet-truncated`, `packet-not-for-us`, `packet-bad-signature` …
    pub code: String,
    /// For the log; never shown to a clerk.
    pub detail: String,
    /// With `conflict` about entries: the first position at which the centre holds another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_seq: Option<u64>,
}
