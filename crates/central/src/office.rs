//! The office's signing key: made at the first start, kept in the data folder, readable by nobody else.
//!
//! Absent on purpose: key ceremonies and hardware; a signer that asks a hardware module has the same face.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use aws_lc_rs::digest::{SHA256, digest};
use onewindow_print::licence_code::{self, Ed25519Signer, LicenceClaims, LicenceSigner};

use crate::fault::CentreFault;

const SEED_FILE: &str = "office.ed25519";
/// The root signs lists of keys and nothing else.
const ROOT_SEED_FILE: &str = "root.ed25519";
const SEED_BYTES: usize = 32;

/// The key that signs licences.
pub(crate) struct Office {
    signer: Ed25519Signer,
    key_id: String,
    root: Ed25519Signer,
}

impl Office {
    /// Reads the key of a folder, or makes one.
    pub(crate) fn open(dir: &Path) -> Result<Self, CentreFault> {
        fs::create_dir_all(dir).map_err(key("making the folder"))?;
        let seed = read_or_make_seed(dir, SEED_FILE)?;
        // The key names itself, so that two keys can never have one name.
        let unnamed = Ed25519Signer::from_seed("", &seed)?;
        let name = hex::encode(digest(&SHA256, unnamed.public_key().as_bytes()));
        let key_id = format!("ow-{}", name.get(..12).unwrap_or_default());
        Ok(Self {
            signer: Ed25519Signer::from_seed(&key_id, &seed)?,
            key_id,
            root: Ed25519Signer::from_seed("root", &read_or_make_seed(dir, ROOT_SEED_FILE)?)?,
        })
    }

    /// Name of the key in codes and in the list of keys.
    pub(crate) fn key_id(&self) -> &str {
        &self.key_id
    }

    /// Hex.
    pub(crate) fn public_key(&self) -> String {
        self.signer.public_key()
    }

    /// The root's public key, hex: what a list of keys is checked with.
    pub(crate) fn root_key(&self) -> String {
        self.root.public_key()
    }

    /// A list under the root's seal, hex.
    pub(crate) fn seal<T: serde::Serialize>(&self, list: &T) -> Result<String, CentreFault> {
        Ok(hex::encode(licence_code::seal_list(list, &self.root)?))
    }

    /// Signature (hex) under a message that says itself what it is for, so that it can never be taken for a licence.
    pub(crate) fn sign_message(&self, message: &[u8]) -> Result<String, CentreFault> {
        Ok(hex::encode(self.signer.sign(message)?))
    }

    /// The text of a licence's code.
    pub(crate) fn sign(&self, claims: &LicenceClaims) -> Result<String, CentreFault> {
        Ok(licence_code::sign(claims, &self.signer)?)
    }
}

impl std::fmt::Debug for Office {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Office({})", self.key_id)
    }
}

/// 32 secret bytes in a file of their own, made at the first start and never changed.
pub(crate) fn read_or_make_seed(dir: &Path, name: &str) -> Result<[u8; SEED_BYTES], CentreFault> {
    match fs::read(dir.join(name)) {
        Ok(seed) => <[u8; SEED_BYTES]>::try_from(seed).map_err(|_| key("reading it")(io::ErrorKind::InvalidData.into())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => make_seed(dir, name),
        Err(error) => Err(key("reading it")(error)),
    }
}

fn make_seed(dir: &Path, name: &str) -> Result<[u8; SEED_BYTES], CentreFault> {
    let mut seed = [0; SEED_BYTES];
    aws_lc_rs::rand::fill(&mut seed).map_err(|_| key("making it")(io::ErrorKind::Other.into()))?;
    let path = dir.join(format!("{name}.new"));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path).map_err(key("writing it"))?;
    file.write_all(&seed).and_then(|()| file.sync_all()).map_err(key("writing it"))?;
    fs::rename(&path, dir.join(name)).map_err(key("naming it"))?;
    fs::File::open(dir).and_then(|folder| folder.sync_all()).map_err(key("syncing the folder"))?;
    // Read back what later starts will read: a licence must never be signed with a key that is lost.
    let mut kept = Vec::new();
    fs::File::open(dir.join(name))
        .and_then(|mut file| file.read_to_end(&mut kept))
        .map_err(key("reading it back"))?;
    if kept == seed {
        Ok(seed)
    } else {
        Err(key("reading it back")(io::ErrorKind::InvalidData.into()))
    }
}

fn key(operation: &'static str) -> impl FnOnce(io::Error) -> CentreFault {
    move |source| CentreFault::Key { operation, source }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let first = Office::open(dir.path()).unwrap();
        let second = Office::open(dir.path()).unwrap();
        assert_eq!((first.key_id(), first.public_key()), (second.key_id(), second.public_key()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(dir.path().join(SEED_FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "nobody else may read it");
        }
    }

    #[test]
    fn a_damaged_key_is_a_fault_and_no_new_key() {
        let dir = tempfile::tempdir().unwrap();
        Office::open(dir.path()).unwrap();
        fs::write(dir.path().join(SEED_FILE), [1; 31]).unwrap();
        assert!(matches!(Office::open(dir.path()), Err(CentreFault::Key { .. })));
    }
}
