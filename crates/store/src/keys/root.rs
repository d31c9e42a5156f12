//! The root secret and where it is kept. Absent on purpose: what it opens (`ring`).

use std::fs;
use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{KeySource, SealKey, Secret, random};
use crate::disk::{Disk, write_whole};
use crate::fault::StoreFault;

const RAW_FILE: &str = "device.key";
const SEALED_FILE: &str = "device.sealed";
const SYSTEM_FILE: &str = "device.system";
/// Under this name the operating system's key store shows our entries.
const SYSTEM_SERVICE: &str = "onewindow";
/// Argon2id at the second recommended option of RFC 9106: 64 MiB, 3 passes.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
/// A damaged or hostile file must not ask for more than this.
const MEMORY_LIMIT_KIB: u32 = 1024 * 1024;
const PASSES_LIMIT: u32 = 32;

/// The root of an existing store; `None` when there is none of any kind. A root of another kind than asked for is a wrong key.
pub(super) fn find_root(dir: &Path, source: &KeySource) -> Result<Option<Secret>, StoreFault> {
    let path = dir.join(file_name(source));
    if !path.exists() {
        let other = [RAW_FILE, SEALED_FILE, SYSTEM_FILE].iter().any(|name| dir.join(name).exists());
        return if other { Err(StoreFault::WrongKey) } else { Ok(None) };
    }
    let content = Zeroizing::new(fs::read(&path).map_err(StoreFault::io("reading the key"))?);
    match source {
        KeySource::File => secret_of(&content).map(Some),
        KeySource::Passphrase(passphrase) => open_with_passphrase(&content, passphrase).map(Some),
        KeySource::System => from_system(&content).map(Some),
        KeySource::Recovery(_) => Err(StoreFault::WrongKey),
    }
}

/// Keeps a root so that [`find_root`] with the same source gives it back; durable when this returns.
pub(super) fn keep_root(disk: &dyn Disk, dir: &Path, temporary: &Path, source: &KeySource, root: &Secret) -> Result<(), StoreFault> {
    let content = match source {
        KeySource::File => Zeroizing::new(root.to_vec()),
        KeySource::Passphrase(passphrase) => Zeroizing::new(seal_with_passphrase(root, passphrase)?),
        KeySource::System => Zeroizing::new(into_system(root)?),
        KeySource::Recovery(_) => return Err(StoreFault::WrongKey),
    };
    write_whole(disk, temporary, &dir.join(file_name(source)), &content)
}

/// Removes roots of every other kind than `source`: they open nothing any more.
pub(super) fn drop_other_roots(disk: &dyn Disk, dir: &Path, source: &KeySource) {
    for name in [RAW_FILE, SEALED_FILE, SYSTEM_FILE] {
        let path: PathBuf = dir.join(name);
        if name == file_name(source) || !path.exists() {
            continue;
        }
        if name == SYSTEM_FILE
            && let Ok(content) = fs::read(&path)
        {
            forget_in_system(&content);
        }
        let _stays = disk.remove(&path);
    }
}

const fn file_name(source: &KeySource) -> &'static str {
    match source {
        KeySource::File | KeySource::Recovery(_) => RAW_FILE,
        KeySource::Passphrase(_) => SEALED_FILE,
        KeySource::System => SYSTEM_FILE,
    }
}

fn secret_of(bytes: &[u8]) -> Result<Secret, StoreFault> {
    <[u8; 32]>::try_from(bytes).map(Zeroizing::new).map_err(|_length| StoreFault::WrongKey)
}

/// Says under which name the operating system keeps the root. Holds no secret.
#[derive(Serialize, Deserialize)]
struct SystemEntry {
    format: u32,
    entry: String,
}

fn from_system(content: &[u8]) -> Result<Secret, StoreFault> {
    let named: SystemEntry = serde_json::from_slice(content).map_err(|_no_entry| StoreFault::damaged("the name of the device key"))?;
    if named.format > 1 {
        return Err(StoreFault::NewerFormat { found: named.format });
    }
    let entry = system_entry(&named.entry)?;
    let secret = Zeroizing::new(entry.get_secret().map_err(|fault| system_fault(&fault))?);
    secret_of(&secret)
}

/// A new entry each time: the one before stays until everything is sealed under the new root.
fn into_system(root: &Secret) -> Result<Vec<u8>, StoreFault> {
    let named = SystemEntry {
        format: 1,
        entry: format!("device-{}", Uuid::from_bytes(random()?)),
    };
    let entry = system_entry(&named.entry)?;
    entry.set_secret(root.as_slice()).map_err(|fault| system_fault(&fault))?;
    // Read back what every later start will read.
    let kept = Zeroizing::new(entry.get_secret().map_err(|fault| system_fault(&fault))?);
    if kept.as_slice() != root.as_slice() {
        return Err(StoreFault::KeyStoreUnavailable);
    }
    serde_json::to_vec(&named).map_err(|_plain_data| StoreFault::KeyStoreUnavailable)
}

fn forget_in_system(content: &[u8]) {
    let named = serde_json::from_slice::<SystemEntry>(content).ok();
    if let Some(entry) = named.and_then(|named| system_entry(&named.entry).ok()) {
        let _stays = entry.delete_credential();
    }
}

fn system_entry(name: &str) -> Result<keyring::Entry, StoreFault> {
    keyring::Entry::new(SYSTEM_SERVICE, name).map_err(|fault| system_fault(&fault))
}

/// An entry that is gone means a wiped key store: the recovery key is the way then, never a new key.
fn system_fault(fault: &keyring::Error) -> StoreFault {
    if matches!(fault, keyring::Error::NoEntry) {
        StoreFault::WrongKey
    } else {
        tracing::warn!(%fault, "the system's key store");
        StoreFault::KeyStoreUnavailable
    }
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
