//! What is derived from the device keys of a ring. Absent on purpose: where the ring comes from (`ring`).

use std::collections::BTreeMap;

use aws_lc_rs::aead::AES_256_GCM_SIV;
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use onewindow_case::ids::Digest;
use onewindow_journal::segment::SegmentKey;
use zeroize::Zeroizing;

use super::{SealKey, Secret};
use crate::fault::StoreFault;

/// Keys derived from the device keys, one for each use.
pub(crate) struct DeviceKeys {
    /// Newest version; the only one that seals.
    version: u32,
    versions: BTreeMap<u32, VersionKeys>,
    page_name: hmac::Key,
    check: [u8; 32],
    signing: Ed25519KeyPair,
}

struct VersionKeys {
    /// Seals records of the journal.
    journal: SegmentKey,
    /// Seals rows of the index; a repeated nonce would not betray it, since the index writes very many rows.
    index: SealKey,
    /// Wraps the keys of cases and of pages that belong to no case.
    wrap: SealKey,
}

/// What a ring holds, opened.
pub(crate) struct RingSecrets {
    pub(crate) page_names: Secret,
    pub(crate) check: [u8; 32],
    pub(crate) signing: Secret,
    pub(crate) versions: BTreeMap<u32, Secret>,
}

impl DeviceKeys {
    pub(crate) fn derive(ring: &RingSecrets) -> Result<Self, StoreFault> {
        let mut versions = BTreeMap::new();
        for (version, device) in &ring.versions {
            let keys = VersionKeys {
                journal: SegmentKey::new(&*expand(device, b"onewindow journal")?).ok_or_else(|| StoreFault::damaged("the journal key"))?,
                index: SealKey::with(&AES_256_GCM_SIV, &*expand(device, b"onewindow index")?)?,
                wrap: SealKey::new(&*expand(device, b"onewindow wrap")?)?,
            };
            versions.insert(*version, keys);
        }
        let version = versions.last_key_value().map(|(version, _)| *version).ok_or(StoreFault::WrongKey)?;
        Ok(Self {
            version,
            versions,
            page_name: hmac::Key::new(hmac::HMAC_SHA256, ring.page_names.as_slice()),
            check: ring.check,
            signing: Ed25519KeyPair::from_seed_unchecked(ring.signing.as_slice()).map_err(|_rejected| StoreFault::damaged("the signing key"))?,
        })
    }

    /// The version that seals.
    pub(crate) const fn version(&self) -> u32 {
        self.version
    }

    /// All versions that can still open something, newest first.
    pub(crate) fn versions(&self) -> impl Iterator<Item = u32> + '_ {
        self.versions.keys().rev().copied()
    }

    /// The key that seals, or sealed, records of the journal.
    pub(crate) fn journal(&self, version: u32) -> Result<&SegmentKey, StoreFault> {
        self.of(version).map(|keys| &keys.journal)
    }

    /// Seals and opens rows of the index: an index of another version is made anew.
    pub(crate) fn index(&self) -> Result<&SealKey, StoreFault> {
        self.of(self.version).map(|keys| &keys.index)
    }

    /// Wraps a key.
    pub(crate) fn wrap(&self, aad: &[u8], secret: &[u8]) -> Result<Vec<u8>, StoreFault> {
        self.of(self.version)?.wrap.seal(aad, secret)
    }

    /// Unwraps a key; also says which version had wrapped it.
    pub(crate) fn unwrap(&self, aad: &[u8], sealed: &[u8]) -> Option<(u32, Zeroizing<Vec<u8>>)> {
        self.versions
            .iter()
            .rev()
            .find_map(|(version, keys)| keys.wrap.open(aad, sealed.to_vec()).map(|secret| (*version, Zeroizing::new(secret))))
    }

    /// The name under which a page is kept: its digest would tell whoever has the same paper that it is here.
    pub(crate) fn page_name(&self, digest: &Digest) -> [u8; 32] {
        let mut name = [0; 32];
        name.copy_from_slice(hmac::sign(&self.page_name, digest.as_bytes()).as_ref());
        name
    }

    /// Tells whether this is the key a store was made with, and nothing else.
    pub(crate) const fn check(&self) -> &[u8; 32] {
        &self.check
    }

    /// Signs packets and exports for this device.
    pub(crate) const fn signing(&self) -> &Ed25519KeyPair {
        &self.signing
    }

    /// Public half of the signing key, hex.
    pub(crate) fn public_signing_key(&self) -> String {
        hex::encode(self.signing.public_key().as_ref())
    }

    fn of(&self, version: u32) -> Result<&VersionKeys, StoreFault> {
        self.versions.get(&version).ok_or_else(|| StoreFault::damaged(format!("device key {version}")))
    }
}

/// A key for one use, derived from a secret.
pub(super) fn expand(device: &Secret, label: &[u8]) -> Result<Secret, StoreFault> {
    let damaged = |_unspecified| StoreFault::damaged("the device key");
    let mut key = Zeroizing::new([0; 32]);
    let extracted = Salt::new(HKDF_SHA256, b"onewindow store 1").extract(device.as_slice());
    extracted
        .expand(&[label], HKDF_SHA256)
        .map_err(damaged)?
        .fill(key.as_mut_slice())
        .map_err(damaged)?;
    Ok(key)
}
