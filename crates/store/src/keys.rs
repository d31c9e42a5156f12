//! Keys: one device key, from which the keys of journal, index, page names and key wrapping are derived; and one data key
//! a case, wrapped by the device key in a file of its own. Deleting that file makes the case unreadable for good.
//! Absent on purpose: the operating system's key store (a further [`KeySource`]) and the centre's recovery key (a further wrap).

mod case_keys;
mod device;

pub(crate) use case_keys::CaseKeys;
pub(crate) use device::{DeviceKeys, load_or_create};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::fault::StoreFault;

/// Where the device key comes from.
#[derive(Clone)]
pub enum KeySource {
    /// A file of 32 raw bytes, readable by its owner only. Protects nothing against somebody who holds the whole disk: for
    /// demonstration and tests.
    File,
    /// A file sealed under a passphrase (Argon2id).
    Passphrase(Zeroizing<String>),
}

impl std::fmt::Debug for KeySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::File => "File",
            Self::Passphrase(_) => "Passphrase(..)",
        })
    }
}

pub(crate) type Secret = Zeroizing<[u8; 32]>;

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
        let nonce: [u8; NONCE_LEN] = random()?;
        let mut sealed = Vec::with_capacity(plain.len() + SEAL_BYTES);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let tag = self
            .0
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), &mut sealed[NONCE_LEN..])
            .map_err(|_unspecified| StoreFault::TooLarge)?;
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
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
