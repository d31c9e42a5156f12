//! The device key and what is derived from it.

use std::fs;
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::aead::AES_256_GCM_SIV;
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use aws_lc_rs::hmac;
use onewindow_case::ids::Digest;
use onewindow_journal::segment::SegmentKey;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{KeySource, SealKey, Secret, random};
use crate::disk::{Disk, ensure_dir, write_whole};
use crate::fault::StoreFault;

const RAW_FILE: &str = "device.key";
const SEALED_FILE: &str = "device.sealed";
/// Argon2id at the second recommended option of RFC 9106: 64 MiB, 3 passes.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
/// A damaged or hostile file must not ask for more than this.
const MEMORY_LIMIT_KIB: u32 = 1024 * 1024;
const PASSES_LIMIT: u32 = 32;

/// Keys derived from the device key, one for each use.
pub(crate) struct DeviceKeys {
    /// Seals records of the journal.
    pub(crate) journal: SegmentKey,
    /// Seals rows of the index; a repeated nonce would not betray it, since the index writes very many rows.
    pub(crate) index: SealKey,
    /// Wraps the keys of cases and of pages that belong to no case.
    pub(crate) wrap: SealKey,
    page_name: hmac::Key,
    check: [u8; 32],
}

impl DeviceKeys {
    fn derive(device: &Secret) -> Result<Self, StoreFault> {
        let check = expand(device, b"onewindow check")?;
        Ok(Self {
            journal: SegmentKey::new(&*expand(device, b"onewindow journal")?).ok_or_else(|| StoreFault::damaged("the journal key"))?,
            index: SealKey::with(&AES_256_GCM_SIV, &*expand(device, b"onewindow index")?)?,
            wrap: SealKey::new(&*expand(device, b"onewindow wrap")?)?,
            page_name: hmac::Key::new(hmac::HMAC_SHA256, expand(device, b"onewindow page names")?.as_slice()),
            check: *check,
        })
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
}

/// The key of an existing store, or a new one when `fresh`.
pub(crate) fn load_or_create(disk: &dyn Disk, dir: &Path, temporary: &Path, source: &KeySource, fresh: bool) -> Result<DeviceKeys, StoreFault> {
    ensure_dir(disk, dir)?;
    let path = dir.join(match source {
        KeySource::File => RAW_FILE,
        KeySource::Passphrase(_) => SEALED_FILE,
    });
    if !path.exists() {
        let other = dir.join(match source {
            KeySource::File => SEALED_FILE,
            KeySource::Passphrase(_) => RAW_FILE,
        });
        if !fresh || other.exists() {
            return Err(StoreFault::WrongKey);
        }
        let device = Zeroizing::new(random::<32>()?);
        let content = match source {
            KeySource::File => Zeroizing::new(device.to_vec()),
            KeySource::Passphrase(passphrase) => Zeroizing::new(seal_with_passphrase(&device, passphrase)?),
        };
        write_whole(disk, temporary, &path, &content)?;
    }
    let content = Zeroizing::new(fs::read(&path).map_err(StoreFault::io("reading the key"))?);
    let device = match source {
        KeySource::File => Zeroizing::new(<[u8; 32]>::try_from(content.as_slice()).map_err(|_length| StoreFault::WrongKey)?),
        KeySource::Passphrase(passphrase) => open_with_passphrase(&content, passphrase)?,
    };
    DeviceKeys::derive(&device)
}

#[derive(Serialize, Deserialize)]
struct SealedKey {
    format: u32,
    kdf: String,
    memory_kib: u32,
    passes: u32,
    salt: String,
    sealed: String,
}

impl SealedKey {
    fn aad(&self) -> Vec<u8> {
        format!(
            "onewindow device key|{}|{}|{}|{}|{}",
            self.format, self.kdf, self.memory_kib, self.passes, self.salt
        )
        .into_bytes()
    }
}

fn seal_with_passphrase(device: &Secret, passphrase: &str) -> Result<Vec<u8>, StoreFault> {
    let salt = random::<16>()?;
    let mut file = SealedKey {
        format: 1,
        kdf: "argon2id".to_owned(),
        memory_kib: MEMORY_KIB,
        passes: PASSES,
        salt: hex::encode(salt),
        sealed: String::new(),
    };
    let key = stretch(passphrase, &salt, MEMORY_KIB, PASSES)?;
    file.sealed = hex::encode(SealKey::new(&key)?.seal(&file.aad(), device.as_slice())?);
    serde_json::to_vec(&file).map_err(|_plain_data| StoreFault::damaged("the device key file"))
}

fn open_with_passphrase(content: &[u8], passphrase: &str) -> Result<Secret, StoreFault> {
    let damaged = || StoreFault::damaged("the device key file");
    let file: SealedKey = serde_json::from_slice(content).map_err(|_no_key| damaged())?;
    if file.format > 1 {
        return Err(StoreFault::NewerFormat { found: file.format });
    }
    if file.memory_kib > MEMORY_LIMIT_KIB || file.passes > PASSES_LIMIT {
        return Err(damaged());
    }
    let salt = hex::decode(&file.salt).map_err(|_no_hex| damaged())?;
    let sealed = hex::decode(&file.sealed).map_err(|_no_hex| damaged())?;
    let key = stretch(passphrase, &salt, file.memory_kib, file.passes)?;
    let device = Zeroizing::new(SealKey::new(&key)?.open(&file.aad(), sealed).ok_or(StoreFault::WrongKey)?);
    <[u8; 32]>::try_from(device.as_slice()).map(Zeroizing::new).map_err(|_length| damaged())
}

fn stretch(passphrase: &str, salt: &[u8], memory_kib: u32, passes: u32) -> Result<Secret, StoreFault> {
    let damaged = |_invalid| StoreFault::damaged("the device key file");
    let params = Params::new(memory_kib, passes, 1, Some(32)).map_err(damaged)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, key.as_mut_slice())
        .map_err(damaged)?;
    Ok(key)
}

fn expand(device: &Secret, label: &[u8]) -> Result<Secret, StoreFault> {
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
