//! The ring of device keys: made with the store, sealed under the root, longer by one with each rotation.
//!
//! A rotation adds a version, wraps every case's key anew and begins a new segment; a version that no segment needs any more is
//! destroyed. A change of the root only seals the ring anew: `ring.next` is written first, then the root, then `ring.next` takes
//! its place, so a crash anywhere leaves a root and a ring that fit.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use onewindow_journal::sealed_box::{open_box, seal_box};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::device::{RingSecrets, expand};
use super::root::{drop_other_roots, find_root, keep_root};
use super::{DeviceKeys, KeySource, SealKey, Secret, random};
use crate::disk::{Disk, ensure_dir, write_whole};
use crate::fault::StoreFault;

const RING_FILE: &str = "ring";
const COPY_FILE: &str = "ring.copy";
const NEXT_FILE: &str = "ring.next";
const RECOVERY_FILE: &str = "ring.recovery";
const RING_AAD: &[u8] = b"onewindow key ring|1";
const RECOVERY_PURPOSE: &[u8] = b"onewindow key ring 1";

/// What a rotation is to do.
#[derive(Debug, Clone)]
pub struct Rotation {
    /// Adds a device key; otherwise only the root changes.
    pub new_device_key: bool,
    /// Where the root is kept from now on.
    pub root: KeySource,
}

/// The keys of a store as they were found or made.
pub(crate) struct Laid {
    pub(crate) keys: DeviceKeys,
    pub(crate) ring: Ring,
}

/// What is known of a store before its keys are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Age {
    /// Nothing was ever written: keys may be made.
    New,
    /// Of format 1, or its format cannot be read: its one device key may be the root itself.
    BeforeRings,
    /// It has a ring.
    WithRing,
}

/// The ring itself, for those who change it.
pub(crate) struct Ring {
    dir: PathBuf,
    temporary: PathBuf,
    root: Secret,
    twin: RingTwin,
}

#[derive(Clone, Serialize, Deserialize)]
struct RingTwin {
    format: u32,
    page_names: String,
    check: String,
    signing: String,
    versions: BTreeMap<u32, String>,
    /// Every case's key is wrapped by this version or a later one.
    wrapped_by: u32,
}

impl Drop for RingTwin {
    fn drop(&mut self) {
        self.page_names.zeroize();
        self.signing.zeroize();
        self.versions.values_mut().for_each(Zeroize::zeroize);
    }
}

/// The keys of an existing store, or new ones for a new store.
pub(crate) fn lay_keys(disk: &dyn Disk, dir: &Path, temporary: &Path, source: &KeySource, age: Age) -> Result<Laid, StoreFault> {
    ensure_dir(disk, dir)?;
    if let KeySource::Recovery(secret) = source {
        return recover(dir, temporary, secret);
    }
    let root = match find_root(dir, source)? {
        Some(root) => root,
        None if age == Age::New => {
            let root = Zeroizing::new(random::<32>()?);
            keep_root(disk, dir, temporary, source, &root)?;
            root
        }
        None => return Err(StoreFault::WrongKey),
    };
    let twin = match (find_ring(disk, dir, temporary, &root)?, age) {
        (Some(twin), _) => twin,
        (None, Age::New) => RingTwin::fresh()?,
        (None, Age::BeforeRings) => RingTwin::from_device_key(&root)?,
        (None, Age::WithRing) => return Err(StoreFault::WrongKey),
    };
    let ring = Ring {
        dir: dir.to_owned(),
        temporary: temporary.to_owned(),
        root,
        twin,
    };
    ring.keep_if_needed(disk)?;
    Ok(Laid { keys: ring.keys()?, ring })
}

impl Ring {
    pub(crate) fn keys(&self) -> Result<DeviceKeys, StoreFault> {
        DeviceKeys::derive(&self.twin.secrets()?)
    }

    /// Whether wrapping anew was begun and not finished.
    pub(crate) fn wrapping_is_open(&self) -> bool {
        self.twin.versions.last_key_value().is_some_and(|(version, _)| *version > self.twin.wrapped_by)
    }

    /// Adds a device key; durable when this returns. Wrapping anew is open from now on.
    pub(crate) fn add_version(&mut self, disk: &dyn Disk) -> Result<(), StoreFault> {
        let next = self.twin.versions.last_key_value().map_or(1, |(version, _)| version.saturating_add(1));
        let secret = Zeroizing::new(random::<32>()?);
        self.twin.versions.insert(next, hex::encode(secret.as_slice()));
        self.keep(disk, &self.root)
    }

    /// Every key is wrapped by the newest version.
    pub(crate) fn wrapping_done(&mut self, disk: &dyn Disk) -> Result<(), StoreFault> {
        self.twin.wrapped_by = self.twin.versions.last_key_value().map_or(0, |(version, _)| *version);
        self.keep(disk, &self.root)
    }

    /// Destroys versions that nothing needs; `needed` are those of the segments.
    pub(crate) fn drop_unneeded(&mut self, disk: &dyn Disk, needed: &[u32]) -> Result<bool, StoreFault> {
        let before = self.twin.versions.len();
        let (newest, wrapped_by) = (self.twin.versions.last_key_value().map_or(0, |(version, _)| *version), self.twin.wrapped_by);
        self.twin
            .versions
            .retain(|version, _| *version == newest || *version >= wrapped_by || needed.contains(version));
        if self.twin.versions.len() == before {
            return Ok(false);
        }
        self.keep(disk, &self.root)?;
        Ok(true)
    }

    /// Seals the ring under a new root, kept as `source` says.
    pub(crate) fn change_root(&mut self, disk: &dyn Disk, source: &KeySource) -> Result<(), StoreFault> {
        let root = Zeroizing::new(random::<32>()?);
        let sealed = self.twin.seal(&root)?;
        write_whole(disk, &self.temporary, &self.dir.join(NEXT_FILE), &sealed)?;
        keep_root(disk, &self.dir, &self.temporary, source, &root)?;
        self.root = root;
        self.keep(disk, &self.root)?;
        let _stays = disk.remove(&self.dir.join(NEXT_FILE));
        drop_other_roots(disk, &self.dir, source);
        Ok(())
    }

    /// Keeps the ring in a box for the centre.
    pub(crate) fn keep_for_recovery(&self, disk: &dyn Disk, public: &[u8; 32]) -> Result<(), StoreFault> {
        let plain = self.twin.plain()?;
        let sealed = seal_box(public, &random()?, RECOVERY_PURPOSE, &plain).ok_or_else(|| StoreFault::damaged("the recovery key"))?;
        write_whole(disk, &self.temporary, &self.dir.join(RECOVERY_FILE), &sealed)
    }

    fn keep_if_needed(&self, disk: &dyn Disk) -> Result<(), StoreFault> {
        let whole = |name: &str| fs::read(self.dir.join(name)).is_ok_and(|sealed| RingTwin::open(&self.root, sealed).is_some());
        if whole(RING_FILE) && whole(COPY_FILE) {
            return Ok(());
        }
        self.keep(disk, &self.root)
    }

    fn keep(&self, disk: &dyn Disk, root: &Secret) -> Result<(), StoreFault> {
        for name in [COPY_FILE, RING_FILE] {
            write_whole(disk, &self.temporary, &self.dir.join(name), &self.twin.seal(root)?)?;
        }
        Ok(())
    }
}

/// The ring that fits the root: a copy stands in for a damaged one, and one that a crash kept from its place is put there.
fn find_ring(disk: &dyn Disk, dir: &Path, temporary: &Path, root: &Secret) -> Result<Option<RingTwin>, StoreFault> {
    let mut any = false;
    for name in [RING_FILE, COPY_FILE, NEXT_FILE] {
        let Ok(sealed) = fs::read(dir.join(name)) else { continue };
        any = true;
        if let Some(twin) = RingTwin::open(root, sealed) {
            if twin.format > 1 {
                return Err(StoreFault::NewerFormat { found: twin.format });
            }
            if name == NEXT_FILE {
                for name in [COPY_FILE, RING_FILE] {
                    write_whole(disk, temporary, &dir.join(name), &twin.seal(root)?)?;
                }
            }
            return Ok(Some(twin));
        }
    }
    if any { Err(StoreFault::WrongKey) } else { Ok(None) }
}

/// The ring of a store whose own keys are gone, opened by the centre.
fn recover(dir: &Path, temporary: &Path, secret: &Zeroizing<[u8; 32]>) -> Result<Laid, StoreFault> {
    let sealed = fs::read(dir.join(RECOVERY_FILE)).map_err(|_missing| StoreFault::WrongKey)?;
    let plain = Zeroizing::new(open_box(secret, RECOVERY_PURPOSE, &sealed).ok_or(StoreFault::WrongKey)?);
    let twin: RingTwin = serde_json::from_slice(&plain).map_err(|_no_ring| StoreFault::damaged("the key ring"))?;
    let ring = Ring {
        dir: dir.to_owned(),
        temporary: temporary.to_owned(),
        root: Zeroizing::new(random()?),
        twin,
    };
    Ok(Laid { keys: ring.keys()?, ring })
}

impl RingTwin {
    fn fresh() -> Result<Self, StoreFault> {
        let dice = || Ok::<_, StoreFault>(hex::encode(random::<32>()?));
        Ok(Self {
            format: 1,
            page_names: dice()?,
            check: dice()?,
            signing: dice()?,
            versions: BTreeMap::from([(1, dice()?)]),
            wrapped_by: 1,
        })
    }

    /// The ring of a store of format 1, whose one device key was the root itself.
    fn from_device_key(device: &Secret) -> Result<Self, StoreFault> {
        let page_names = expand(device, b"onewindow page names")?;
        let check = expand(device, b"onewindow check")?;
        Ok(Self {
            format: 1,
            page_names: hex::encode(page_names.as_slice()),
            check: hex::encode(check.as_slice()),
            signing: hex::encode(random::<32>()?),
            versions: BTreeMap::from([(1, hex::encode(device.as_slice()))]),
            wrapped_by: 1,
        })
    }

    fn plain(&self) -> Result<Zeroizing<Vec<u8>>, StoreFault> {
        serde_json::to_vec(self)
            .map(Zeroizing::new)
            .map_err(|_plain_data| StoreFault::damaged("the key ring"))
    }

    fn seal(&self, root: &Secret) -> Result<Vec<u8>, StoreFault> {
        SealKey::new(&*expand(root, b"onewindow key ring")?)?.seal(RING_AAD, &self.plain()?)
    }

    fn open(root: &Secret, sealed: Vec<u8>) -> Option<Self> {
        let key = SealKey::new(&*expand(root, b"onewindow key ring").ok()?).ok()?;
        let plain = Zeroizing::new(key.open(RING_AAD, sealed)?);
        serde_json::from_slice(&plain).ok()
    }

    fn secrets(&self) -> Result<RingSecrets, StoreFault> {
        let versions = self.versions.iter().map(|(version, text)| Ok((*version, secret(text)?)));
        Ok(RingSecrets {
            page_names: secret(&self.page_names)?,
            check: *secret(&self.check)?,
            signing: secret(&self.signing)?,
            versions: versions.collect::<Result<_, StoreFault>>()?,
        })
    }
}

fn secret(text: &str) -> Result<Secret, StoreFault> {
    let mut secret = Zeroizing::new([0; 32]);
    hex::decode_to_slice(text, secret.as_mut_slice()).map_err(|_no_hex| StoreFault::damaged("the key ring"))?;
    Ok(secret)
}
