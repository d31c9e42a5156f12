//! Checking a printed licence.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Public keys of the offices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct KeyList {
    /// Keys; old ones stay.
    pub keys: Vec<PublicKey>,
    /// Numbers of licences that are no longer valid.
    pub revoked: Vec<String>,
    /// Ids of single sheets that are void although their licence holds; absent in lists of older centres.
    #[serde(default)]
    pub void_prints: Vec<String>,
    /// When the list was made, ms since 1970 UTC.
    pub made_at_ms: i64,
    /// The same list without this line as JSON, sealed by the centre's root key (COSE_Sign1, hex); empty from older centres.
    #[serde(default)]
    pub sealed: String,
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PublicKey {
    /// Key id as in the signed code.
    pub key_id: String,
    /// `ed25519`.
    pub algorithm: String,
    /// Raw public key, hex.
    pub public_key: String,
    /// Office.
    pub office: String,
    /// First day for which the key may sign, `2026-11-21`; absent in lists of older centres.
    #[serde(default)]
    pub valid_from: Option<String>,
    /// Last day for which the key may sign.
    #[serde(default)]
    pub valid_to: Option<String>,
    /// Kinds of licences that it may sign, such as `tenancy-proof`; empty for an office, which signs all.
    #[serde(default)]
    pub kinds: Vec<String>,
}

/// A scanned code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VerifyRequest {
    /// Text of the QR symbol.
    pub code: String,
}

/// What the code says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VerifyReply {
    /// Signed by an office on the list, unchanged, not revoked.
    pub valid: bool,
    /// Closed word when not valid: `malformed`, `unknown_key`, `bad_signature`, `revoked`, `expired`.
    pub reason: Option<String>,
    /// Lines of the licence.
    pub content: Vec<crate::feed::ContentLine>,
}
