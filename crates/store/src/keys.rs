//! Keys, from the outside in: the *root* comes from the operating system's key store, a passphrase or a file; it opens the *ring*
//! of device keys, one a rotation; from the newest of them the keys of journal, index and key wrapping are derived, the former
//! ones still open what they sealed. Each case has a data key of its own, wrapped by the device key and, in a box, for the
//! centre's recovery key. Deleting that file makes the case unreadable for good.
//!
//! ```text
//! keys/device.key | device.sealed | device.system    root, raw, under a passphrase, or where the system keeps it
//! keys/ring  ring.copy                               device keys, sealed under the root, twice
//! keys/ring.recovery                                 the ring once more, in a box for the centre
//! keys/secrets/<name>                                what the centre gave: its recovery key, the branch's key, certificates
//! keys/cases/xx/<case>                               one data key a case
//! ```

mod case_keys;
mod device;
mod ring;
mod root;
mod secrets;

pub(crate) use case_keys::CaseKeys;
pub use case_keys::recover_case_key;
pub(crate) use device::DeviceKeys;
pub use ring::Rotation;
pub(crate) use ring::{Age, Laid, Ring, lay_keys};
pub(crate) use secrets::{RECOVERY_KEY, Secrets};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::fault::StoreFault;

/// Where the root of all keys comes from.
#[derive(Clone)]
pub enum KeySource {
    /// A file of 32 raw bytes, readable by its owner only. Protects nothing against somebody who holds the whole disk: for
    /// demonstration and tests.
    File,
    /// A file sealed under a passphrase (Argon2id).
    Passphrase(Zeroizing<String>),
    /// The key store of the operating system: Secret Service on Linux, the credential stores of Windows and macOS. Never
    /// keyutils, which forgets at a reboot.
    System,
    /// The centre's recovery secret: opens the store of a dead or restored PC without any key of its own.
    Recovery(Zeroizing<[u8; 32]>),
}

impl KeySource {
    /// The closed word, as in the set-up of a counter.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Passphrase(_) => "passphrase",
            Self::System => "system",
            Self::Recovery(_) => "recovery",
        }
    }
}

impl std::fmt::Debug for KeySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

/// 32 secret bytes, wiped when let go.
pub type Secret = Zeroizing<[u8; 32]>;

/// Length of what sealing adds: nonce and tag.
pub(crate) const SEAL_BYTES: usize = NONCE_LEN + 16;

/// A key for sealing small and large things with AES-256-GCM under fresh random nonces.
pub(crate) struct SealKey(LessSafeKey);

impl SealKey {
    pub(crate) fn new(secret: &[u8; 32]) -> Result<Self, StoreFault> {
        Self::with(&AES_256_GCM, secret)
    }

    pub(crate) fn with(algorithm: &'static aws_lc_rs::aead::Algorithm, secret: &[u8; 32]) -> Result<Self, StoreFault> {
        let key = UnboundKey::new(algorithm, secret).map_err(|_unspecified| StoreFault::damaged("a key of the wrong length"))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Nonce, ciphertext and tag.
    pub(crate) fn seal(&self, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreFault> {
        let mut sealed = Vec::with_capacity(plain.len() + SEAL_BYTES);
        self.seal_onto(aad, plain, &mut sealed)?;
        Ok(sealed)
    }

    /// As [`SealKey::seal`], behind what `bytes` hold already: large content is copied once only.
    pub(crate) fn seal_onto(&self, aad: &[u8], plain: &[u8], bytes: &mut Vec<u8>) -> Result<(), StoreFault> {
        let nonce: [u8; NONCE_LEN] = random()?;
        bytes.extend_from_slice(&nonce);
        let start = bytes.len();
        bytes.extend_from_slice(plain);
        let tag = self
            .0
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut bytes[start..])
            .map_err(|_unspecified| StoreFault::TooLarge)?;
        bytes.extend_from_slice(tag.as_ref());
        Ok(())
    }

    /// What was sealed; `None` when the seal does not hold.
    pub(crate) fn open(&self, aad: &[u8], mut sealed: Vec<u8>) -> Option<Vec<u8>> {
        if sealed.len() < SEAL_BYTES {
            return None;
        }
        let mut nonce = [0; NONCE_LEN];
        nonce.copy_from_slice(&sealed[..NONCE_LEN]);
        let plain_len = self
            .0
            .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut sealed[NONCE_LEN..])
            .ok()?
            .len();
        sealed.drain(..NONCE_LEN);
        sealed.truncate(plain_len);
        Some(sealed)
    }
}

/// Random bytes of the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], StoreFault> {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_unspecified| StoreFault::Stopped)?;
    Ok(bytes)
}
