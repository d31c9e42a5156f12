//! What a counter may decide and sign by itself: numbers in blocks, and a key of its own that the centre vouches for.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::licence::KeyList;

/// A counter tells its public key and asks what it may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AllotmentRequest {
    /// Raw Ed25519 public key, hex. The private half never leaves the counter.
    pub public_key: String,
}

/// What the counter may use now. Asking again changes nothing but tops up blocks that run out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Allotment {
    /// Name of the counter's key in the list of keys.
    pub key_id: String,
    /// Last day for which it may sign, `2026-12-24`.
    pub key_valid_to: String,
    /// Blocks of numbers, also revoked and used ones.
    pub blocks: Vec<NumberBlock>,
    /// All keys and revocations, for checking without a network.
    pub keys: KeyList,
}

/// Numbers for results of one matter that the counter decides by mandate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NumberBlock {
    /// Name of the block.
    pub block: String,
    /// Bundle.
    pub bundle: String,
    /// Matter.
    pub matter: String,
    /// Full name of the body in whose name it is decided.
    pub authority: String,
    /// Numbers, to be used in order.
    pub numbers: Vec<String>,
    /// Last day on which it may be used.
    pub valid_to: String,
    /// The block may not be used any more.
    pub revoked: bool,
}
