//! What the centre gave to this counter and nobody else may change or read: small values, one sealed file each.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use onewindow_case::ids::CounterId;
use zeroize::Zeroizing;

use super::DeviceKeys;
use crate::disk::{Disk, ensure_dir, write_whole};
use crate::fault::StoreFault;

/// The centre's recovery key (public, hex): sealed, so that a thief cannot put his own in its place.
pub(crate) const RECOVERY_KEY: &str = "recovery-key";

pub(crate) struct Secrets {
    dir: PathBuf,
    temporary: PathBuf,
    counter: CounterId,
    disk: Arc<dyn Disk>,
    device: Arc<DeviceKeys>,
}

impl Secrets {
    pub(crate) fn new(dir: PathBuf, temporary: PathBuf, counter: CounterId, disk: Arc<dyn Disk>, device: Arc<DeviceKeys>) -> Self {
        Self {
            dir,
            temporary,
            counter,
            disk,
            device,
        }
    }

    /// A value; `None` when none was kept.
    pub(crate) fn find(&self, name: &str) -> Result<Option<Zeroizing<String>>, StoreFault> {
        let sealed = match fs::read(self.path(name)) {
            Ok(sealed) => sealed,
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(fault) => return Err(StoreFault::io("reading a secret")(fault)),
        };
        let damaged = || StoreFault::damaged(format!("secret {name}"));
        let (_, plain) = self.device.unwrap(&self.aad(name), &sealed).ok_or_else(damaged)?;
        let text = String::from_utf8(plain.to_vec()).map_err(|_no_text| damaged())?;
        Ok(Some(Zeroizing::new(text)))
    }

    /// Keeps a value; durable when this returns.
    pub(crate) fn keep(&self, name: &str, value: &str) -> Result<(), StoreFault> {
        ensure_dir(&*self.disk, &self.dir)?;
        let sealed = self.device.wrap(&self.aad(name), value.as_bytes())?;
        write_whole(&*self.disk, &self.temporary.join(format!("secret-{name}")), &self.path(name), &sealed)
    }

    /// Seals every value anew, with the newest device key.
    pub(crate) fn wrap_anew(&self) -> Result<(), StoreFault> {
        for file in fs::read_dir(&self.dir).into_iter().flatten().flatten() {
            let Some(name) = file.file_name().to_str().map(str::to_owned) else { continue };
            if let Some(value) = self.find(&name)? {
                self.keep(&name, &value)?;
            }
        }
        Ok(())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    fn aad(&self, name: &str) -> Vec<u8> {
        format!("onewindow secret|1|{}|{name}", self.counter).into_bytes()
    }
}
