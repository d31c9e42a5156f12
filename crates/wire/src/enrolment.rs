//! How a counter becomes known to the centre: an installer types a one-time code.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::licence::KeyList;

/// A counter asks to be known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EnrolRequest {
    /// One-time code, made by the supervisor at the centre.
    pub code: String,
    /// `330302-01-003`.
    pub counter: String,
}

/// The counter is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EnrolReply {
    /// Bearer token of the counter.
    pub token: String,
    /// Epoch to write entries under.
    pub epoch: u32,
    /// Staff of the branch, for offline sign-in.
    pub roster: Roster,
    /// Keys that licences are signed with.
    pub keys: KeyList,
    /// Public key of the root (hex) that seals every list of keys from now on; absent from older centres.
    #[serde(default)]
    pub root_key: Option<String>,
}

/// Staff who may sign in, also offline, until a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Roster {
    /// Last day, `2026-11-27`.
    pub valid_until: String,
    /// Staff.
    pub staff: Vec<StaffRecord>,
}

/// One member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StaffRecord {
    /// Number on the badge.
    pub staff_no: String,
    /// Name.
    pub name: String,
    /// `clerk`, `supervisor`, `installer`.
    pub role: String,
    /// Argon2id verifier in PHC form.
    pub pin_verifier: String,
}
