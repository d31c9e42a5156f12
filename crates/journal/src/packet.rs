//! A case packet: an unbroken stretch of a counter's journal and the pages it needs, as one sealed and signed stream of bytes.
//! It carries cases where there is no line, to the centre or to another counter of the branch.
//!
//! ```text
//! head    "OWPK" format:2 length:4 JSON of [`PacketHead`]        in clear: whose it is and for whom; nothing of a person
//! chunk   length:4 ciphertext+tag                                 AES-256-GCM under the packet's key, numbered, bound to the head
//! plain   kind:1 body      1 entries · 2 page · 3 end
//! tail    0:4 signature:64                                        Ed25519 of the device over the SHA-256 of all before
//! ```
//! The packet's key lies in a [`crate::sealed_box`] for each recipient. The end names how many entries and pages there were, so a
//! packet that was cut is seen; the signature is checked before anything of a packet is used. Absent on purpose: files, splitting
//! (see [`parts`]) and what is done with what a packet holds.

mod opening;
pub mod parts;
mod sealing;

use onewindow_case::ids::{CounterId, Digest};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use opening::{OpenKey, PacketOpener};
pub use sealing::{PacketSealer, SealKit};

use crate::chain::Head;

/// Format number written into every packet.
pub const PACKET_FORMAT: u16 = 1;
/// Longest page in a packet, in bytes.
pub const PACKET_PAGE_LIMIT_BYTES: usize = 64 * 1024 * 1024;
/// Longest chunk, in bytes.
const CHUNK_LIMIT_BYTES: usize = PACKET_PAGE_LIMIT_BYTES + 1024;
const HEAD_LIMIT_BYTES: usize = 64 * 1024;
const MAGIC: &[u8; 4] = b"OWPK";
const KIND_ENTRIES: u8 = 1;
const KIND_PAGE: u8 = 2;
const KIND_END: u8 = 3;
const SIGNATURE_BYTES: usize = 64;
const KEY_PURPOSE: &[u8] = b"onewindow packet key 1";

/// Who may open a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// The owner of the centre's recovery key.
    Centre,
    /// The counters of the branch.
    Branch,
}

/// The clear part of a packet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PacketHead {
    /// Name of this packet.
    pub packet: Uuid,
    /// The counter whose journal it is.
    pub counter: String,
    /// Wall clock of the counter when it was made, ms since 1970 UTC.
    pub made_ms: i64,
    /// Position of the entry before the first one in the packet.
    pub after_seq: u64,
    /// Chain digest of that entry, hex.
    pub after_digest: String,
    /// Position of the last entry.
    pub through_seq: u64,
    /// Cases that the packet was made for.
    pub cases: u32,
    /// Ed25519 public key of the device, hex.
    pub signer: String,
    /// The centre's word that the device is the counter's ([`DeviceCertificate`]), when it has given one.
    #[serde(default)]
    pub certificate: Option<DeviceCertificate>,
    /// Who can open it, each with the packet's key in a box, hex.
    pub recipients: Vec<(Recipient, String)>,
}

/// The office's signature under which device key a counter signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceCertificate {
    /// Key of the office, by its name in the list of keys.
    pub key_id: String,
    /// Ed25519 signature of [`DeviceCertificate::message`], hex.
    pub signature: String,
}

impl DeviceCertificate {
    /// What the office signs.
    pub fn message(counter: &str, device_key: &str) -> Vec<u8> {
        format!("onewindow device|1|{counter}|{device_key}").into_bytes()
    }

    /// Whether the office with this public key (hex) vouches for a device.
    pub fn holds(&self, office_key: &str, counter: &str, device_key: &str) -> bool {
        verify_signature(office_key, &Self::message(counter, device_key), &self.signature)
    }
}

/// One thing in a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PacketItem {
    /// Entries that follow one another: epoch, position and bytes of each.
    Entries(Vec<PackedEntry>),
    /// A page.
    Page {
        /// Its digest.
        digest: Digest,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

/// One entry as the counter chained it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedEntry {
    /// Its epoch.
    pub epoch: u32,
    /// Its position.
    pub seq: u64,
    /// The journal's bytes.
    pub bytes: Vec<u8>,
}

/// Why a packet is refused. It is refused whole: nothing of it was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PacketFault {
    /// Not a packet at all.
    #[error("the file is not a case packet")]
    Unrecognised,
    /// Written by a newer version of the software.
    #[error("the packet has format {found}, newer than this software")]
    NewerFormat {
        /// The format it carries.
        found: u16,
    },
    /// Ends too early: a part is missing or was cut.
    #[error("the packet ends too early")]
    Truncated,
    /// Changed since it was made.
    #[error("the packet was changed or damaged")]
    Damaged,
    /// Made for somebody else.
    #[error("the packet is sealed for somebody else")]
    NotForUs,
    /// The signature does not fit the device named.
    #[error("the packet is not signed by its counter")]
    BadSignature,
    /// Parts of different packets, or in the wrong order.
    #[error("a part of the packet is missing or of another packet")]
    WrongPart,
    /// Its entries do not follow one another.
    #[error("the entries in the packet do not follow one another")]
    BrokenChain,
    /// Longer than allowed.
    #[error("the packet is larger than allowed")]
    TooLarge,
}

impl PacketFault {
    /// The closed word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unrecognised => "packet-unrecognised",
            Self::NewerFormat { .. } => "packet-newer-format",
            Self::Truncated => "packet-truncated",
            Self::Damaged => "packet-damaged",
            Self::NotForUs => "packet-not-for-us",
            Self::BadSignature => "packet-bad-signature",
            Self::WrongPart => "packet-wrong-part",
            Self::BrokenChain => "packet-broken-chain",
            Self::TooLarge => "packet-too-large",
        }
    }
}

impl PacketHead {
    /// Where the journal stood before the first entry.
    pub fn after(&self) -> Option<Head> {
        Digest::parse_hex(&self.after_digest).map(|digest| Head { seq: self.after_seq, digest })
    }

    /// The counter.
    pub fn counter(&self) -> CounterId {
        CounterId::new(&self.counter)
    }
}

/// Whether an Ed25519 signature (hex) of the owner of `public_key` (hex) fits.
pub fn verify_signature(public_key: &str, message: &[u8], signature: &str) -> bool {
    use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
    let (Ok(public_key), Ok(signature)) = (hex::decode(public_key), hex::decode(signature)) else {
        return false;
    };
    UnparsedPublicKey::new(&ED25519, public_key).verify(message, &signature).is_ok()
}

fn chunk_aad(head: &[u8; 32], number: u64) -> Vec<u8> {
    let mut aad = b"onewindow packet chunk|1|".to_vec();
    aad.extend_from_slice(head);
    aad.extend_from_slice(&number.to_be_bytes());
    aad
}

/// A packet's key is used for this packet only, so counting is enough.
fn chunk_nonce(number: u64) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce[4..].copy_from_slice(&number.to_be_bytes());
    nonce
}

fn signed_message(digest: &[u8]) -> Vec<u8> {
    [b"onewindow packet|1|", digest].concat()
}
