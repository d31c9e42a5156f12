//! One data key a case, in a file of its own: two copies of 32 random bytes wrapped by the device key, so that one flipped bit
//! costs nothing, and, once the centre's recovery key is known, a box that only the centre opens. Removing the file is what
//! makes a case unreadable.
//!
//! ```text
//! key file  2 × ( nonce:12 key:32 tag:16 )  [ box for the centre:80 ]
//! ```

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use onewindow_case::ids::{CaseId, CounterId};
use onewindow_journal::sealed_box::{open_box, seal_box};
use zeroize::Zeroizing;

use super::{DeviceKeys, SEAL_BYTES, SealKey, Secret, random};
use crate::disk::{Disk, ensure_dir, write_whole};
use crate::fault::StoreFault;

/// Keys kept in memory at once.
const CACHE_LIMIT: usize = 1_024;
const COPY_BYTES: usize = 32 + SEAL_BYTES;

pub(crate) struct CaseKeys {
    dir: PathBuf,
    temporary: PathBuf,
    counter: CounterId,
    disk: Arc<dyn Disk>,
    device: Arc<DeviceKeys>,
    /// The centre's recovery key, once it is known.
    recovery: RwLock<Option<[u8; 32]>>,
    cache: Mutex<HashMap<CaseId, Arc<SealKey>>>,
}

impl CaseKeys {
    pub(crate) fn new(dir: PathBuf, temporary: PathBuf, counter: CounterId, disk: Arc<dyn Disk>, device: Arc<DeviceKeys>) -> Self {
        Self {
            dir,
            temporary,
            counter,
            disk,
            device,
            recovery: RwLock::new(None),
            cache: Mutex::new(HashMap::new()),
        }
    }

    /// From now on keys are also kept in a box for the centre.
    pub(crate) fn set_recovery(&self, public: [u8; 32]) {
        *self.recovery.write().unwrap_or_else(PoisonError::into_inner) = Some(public);
    }

    /// The key of a case; `None` when there is none, which for a case that exists means it was erased.
    pub(crate) fn find(&self, case: CaseId) -> Result<Option<Arc<SealKey>>, StoreFault> {
        if let Some(key) = self.cache.lock().unwrap_or_else(PoisonError::into_inner).get(&case) {
            return Ok(Some(Arc::clone(key)));
        }
        let content = match fs::read(self.path(case)) {
            Ok(content) => content,
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(fault) => return Err(StoreFault::io("reading a case key")(fault)),
        };
        let secret = self.secret_in(case, &content)?;
        let key = Arc::new(SealKey::new(&secret)?);
        self.remember(case, &key);
        Ok(Some(key))
    }

    fn secret_in(&self, case: CaseId, content: &[u8]) -> Result<Secret, StoreFault> {
        let aad = self.aad(case);
        let damaged = || StoreFault::damaged(format!("the key of case {case}"));
        let copies = content.get(..2 * COPY_BYTES).unwrap_or(content).chunks_exact(COPY_BYTES);
        let (_, secret) = copies.into_iter().find_map(|copy| self.device.unwrap(&aad, copy)).ok_or_else(damaged)?;
        <[u8; 32]>::try_from(secret.as_slice()).map(Zeroizing::new).map_err(|_length| damaged())
    }

    /// The key of a case that is about to be opened; durable when this returns.
    pub(crate) fn find_or_create(&self, case: CaseId) -> Result<Arc<SealKey>, StoreFault> {
        if let Some(key) = self.find(case)? {
            return Ok(key);
        }
        let secret = Zeroizing::new(random::<32>()?);
        self.write(case, &secret)?;
        let key = Arc::new(SealKey::new(&secret)?);
        self.remember(case, &key);
        Ok(key)
    }

    /// Writes every key once more: wrapped by the newest device key, and in a box for the centre. Going through it again changes
    /// nothing; a key that cannot be read is left as it is.
    pub(crate) fn wrap_anew(&self) -> Result<u64, StoreFault> {
        let mut count = 0;
        for case in self.all()? {
            let content = fs::read(self.path(case)).map_err(StoreFault::io("reading a case key"))?;
            match self.secret_in(case, &content) {
                Ok(secret) => {
                    self.write(case, &secret)?;
                    count += 1;
                }
                Err(fault) => tracing::warn!(%fault, "a case key cannot be wrapped anew"),
            }
        }
        Ok(count)
    }

    /// Destroys the key of a case; durable when this returns. Gives whether there was one.
    pub(crate) fn erase(&self, case: CaseId) -> Result<bool, StoreFault> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner).remove(&case);
        let path = self.path(case);
        if !path.exists() {
            return Ok(false);
        }
        self.disk.remove(&path).map_err(StoreFault::io("removing a case key"))?;
        self.disk
            .sync_dir(path.parent().unwrap_or(&self.dir))
            .map_err(StoreFault::io("syncing a folder"))?;
        Ok(true)
    }

    /// Cases that have a key.
    fn all(&self) -> Result<Vec<CaseId>, StoreFault> {
        let mut cases = Vec::new();
        if !self.dir.is_dir() {
            return Ok(cases);
        }
        for shard in fs::read_dir(&self.dir).map_err(StoreFault::io("listing case keys"))?.flatten() {
            for file in fs::read_dir(shard.path()).map_err(StoreFault::io("listing case keys"))?.flatten() {
                cases.extend(file.file_name().to_str().and_then(CaseId::parse));
            }
        }
        Ok(cases)
    }

    fn write(&self, case: CaseId, secret: &Secret) -> Result<(), StoreFault> {
        let aad = self.aad(case);
        let mut content = Vec::with_capacity(3 * COPY_BYTES);
        for _copy in 0..2 {
            content.extend(self.device.wrap(&aad, secret.as_slice())?);
        }
        let recovery = *self.recovery.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(public) = recovery {
            let sealed = seal_box(&public, &random()?, &aad, secret.as_slice());
            content.extend(sealed.ok_or_else(|| StoreFault::damaged("the recovery key"))?);
        }
        let path = self.path(case);
        ensure_dir(&*self.disk, &self.dir)?;
        ensure_dir(&*self.disk, path.parent().unwrap_or(&self.dir))?;
        write_whole(&*self.disk, &self.temporary.join(format!("key-{case}")), &path, &content)
    }

    fn remember(&self, case: CaseId, key: &Arc<SealKey>) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= CACHE_LIMIT {
            cache.clear();
        }
        cache.insert(case, Arc::clone(key));
    }

    fn path(&self, case: CaseId) -> PathBuf {
        // The last byte of a time-ordered UUID is random, so the folders fill evenly.
        let name = case.to_string();
        self.dir.join(name.get(name.len().saturating_sub(2)..).unwrap_or("00")).join(name)
    }

    fn aad(&self, case: CaseId) -> Vec<u8> {
        case_key_aad(&self.counter, case)
    }
}

/// The data key of a case out of its key file, opened with the centre's recovery secret and nothing else.
pub fn recover_case_key(counter: &CounterId, case: CaseId, file: &Path, recovery_secret: &[u8; 32]) -> Result<Secret, StoreFault> {
    let content = fs::read(file).map_err(StoreFault::io("reading a case key"))?;
    let sealed = content.get(2 * COPY_BYTES..).unwrap_or_default();
    let plain = open_box(recovery_secret, &case_key_aad(counter, case), sealed).ok_or(StoreFault::WrongKey)?;
    <[u8; 32]>::try_from(plain.as_slice())
        .map(Zeroizing::new)
        .map_err(|_length| StoreFault::WrongKey)
}

fn case_key_aad(counter: &CounterId, case: CaseId) -> Vec<u8> {
    format!("onewindow case key|1|{counter}|{case}").into_bytes()
}
