//! One data key a case, in a file of its own: two copies of 32 random bytes wrapped by the device key, so that one flipped
//! bit costs nothing. Removing the file is what makes a case unreadable.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use onewindow_case::ids::{CaseId, CounterId};
use zeroize::Zeroizing;

use super::{DeviceKeys, SEAL_BYTES, SealKey, random};
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
            cache: Mutex::new(HashMap::new()),
        }
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
        let aad = self.aad(case);
        let secret = content.chunks_exact(COPY_BYTES).find_map(|copy| self.device.wrap.open(&aad, copy.to_vec()));
        let secret = Zeroizing::new(secret.ok_or_else(|| StoreFault::damaged(format!("the key of case {case}")))?);
        let secret = Zeroizing::new(<[u8; 32]>::try_from(secret.as_slice()).map_err(|_length| StoreFault::damaged(format!("the key of case {case}")))?);
        let key = Arc::new(SealKey::new(&secret)?);
        self.remember(case, &key);
        Ok(Some(key))
    }

    /// The key of a case that is about to be opened; durable when this returns.
    pub(crate) fn find_or_create(&self, case: CaseId) -> Result<Arc<SealKey>, StoreFault> {
        if let Some(key) = self.find(case)? {
            return Ok(key);
        }
        let secret = Zeroizing::new(random::<32>()?);
        let mut content = Vec::with_capacity(2 * COPY_BYTES);
        for _copy in 0..2 {
            content.extend(self.device.wrap.seal(&self.aad(case), secret.as_slice())?);
        }
        let path = self.path(case);
        ensure_dir(&*self.disk, &self.dir)?;
        ensure_dir(&*self.disk, path.parent().unwrap_or(&self.dir))?;
        write_whole(&*self.disk, &self.temporary.join(format!("key-{case}")), &path, &content)?;
        let key = Arc::new(SealKey::new(&secret)?);
        self.remember(case, &key);
        Ok(key)
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
        format!("onewindow case key|1|{}|{case}", self.counter).into_bytes()
    }
}
