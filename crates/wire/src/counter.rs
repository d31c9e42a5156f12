//! What an enrolled counter asks the centre for besides sending: keys, a new epoch, and packets handed on.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A counter asks for the keys it needs to seal, to export and to check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CounterKeysRequest {
    /// Ed25519 public key under which the device signs packets and exports, hex.
    pub device_key: String,
}

/// The keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CounterKeysReply {
    /// The centre's recovery key: X25519, public, hex.
    pub recovery_key: String,
    /// The branch's packet key: X25519, **secret**, hex. Counters of one branch read each other's packets with it.
    pub branch_key: String,
    /// The office's word that the device is the counter's.
    pub device_certificate: DeviceWord,
}

/// An office's signature over a device key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeviceWord {
    /// Key of the office, by its name in the list of keys.
    pub key_id: String,
    /// Signature, hex.
    pub signature: String,
}

/// A restored counter asks for a new life of its journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EpochReply {
    /// Higher than every epoch of which the centre holds entries.
    pub epoch: u32,
}

/// A packet is at the centre, every entry and page of it. Sending it again gives the same answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PacketReceipt {
    /// SHA-256 of the packet, hex.
    pub digest: String,
    /// The counter whose packet it is.
    pub counter: String,
    /// Entries in it.
    pub entries: u64,
    /// Pages in it.
    pub pages: u64,
    /// It had been taken before.
    pub known: bool,
}
