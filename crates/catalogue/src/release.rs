//! A catalogue as a signed release: one file that an office makes and every counter and centre can check before using it.
//!
//! The file is JSON: version, first day, the catalogue's files, the signer's key and an Ed25519 signature over a digest of every
//! file in order. Nothing in it is used before the signature of a trusted key fits and the files make a faultless catalogue.
//! Absent on purpose: keeping private keys safe, and sending releases about.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::catalogue::{Catalogue, CatalogueError, read_folder};
use crate::dates::written;

/// Ending of a release's file name.
pub const RELEASE_ENDING: &str = "owcat";
/// File beside the releases with one trusted public key a line, Base64; `#` begins a remark.
pub const KEYS_FILE: &str = "trusted-keys.txt";
/// Form of the file.
const FORMAT: u32 = 1;
/// What is signed begins with these words, so that no other signature of the same key can stand for a release.
const PURPOSE: &str = "onewindow catalogue release 1";
/// Largest release, in bytes.
const RELEASE_MAX: u64 = 64 * 1024 * 1024;
/// Most releases and keys looked at in a folder.
const FOLDER_MAX: usize = 200;

/// Why a release can not be made or used.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseFault {
    /// The file or folder could not be read or written.
    #[error("{path} could not be read or written")]
    Unreadable {
        /// Name of the file, without folders.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is larger than any release should be.
    #[error("the release is larger than {RELEASE_MAX} bytes")]
    TooLarge,
    /// The file is no release, or of a newer form.
    #[error("the file is no catalogue release of form {FORMAT}")]
    NotARelease,
    /// Signed by nobody who is trusted here.
    #[error("the release is signed with key {0}, which is not trusted here")]
    KeyNotTrusted(String),
    /// The content is not what was signed.
    #[error("the signature does not fit: the release was changed or damaged")]
    SignatureWrong,
    /// The head of the release and the catalogue inside say different things.
    #[error("the release says version {told}, its catalogue says {found}")]
    VersionDiffers {
        /// On the release.
        told: String,
        /// In the catalogue.
        found: String,
    },
    /// The private key is none.
    #[error("the private key can not be used")]
    KeyUnusable,
    /// The files do not make a catalogue.
    #[error("the catalogue of the release is faulty")]
    Faulty(#[from] CatalogueError),
}

/// A release that was checked.
#[derive(Debug)]
pub struct Release {
    /// The catalogue.
    pub catalogue: Catalogue,
    /// Public key of the signer, Base64.
    pub signed_by: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ReleaseFile {
    format: u32,
    version: String,
    effective: String,
    files: BTreeMap<String, String>,
    signed_by: String,
    signature: String,
}

/// Makes a new signing key: the private part as PKCS #8 bytes, the public part in Base64.
///
/// # Errors
/// [`ReleaseFault::KeyUnusable`] when the machine gives no random numbers.
pub fn new_signing_key() -> Result<(Vec<u8>, String), ReleaseFault> {
    let pair = Ed25519KeyPair::generate().map_err(|_| ReleaseFault::KeyUnusable)?;
    let private = pair.to_pkcs8().map_err(|_| ReleaseFault::KeyUnusable)?;
    Ok((private.as_ref().to_vec(), public_of(&pair)))
}

/// Packs a folder into a signed release. A faulty catalogue is never packed.
///
/// # Errors
/// Every fault of the catalogue, or a key that is none.
pub fn pack(folder: &Path, private_key: &[u8]) -> Result<String, ReleaseFault> {
    let source = read_folder(folder)?;
    let catalogue = Catalogue::parse(&source)?;
    let pair = Ed25519KeyPair::from_pkcs8(private_key).map_err(|_| ReleaseFault::KeyUnusable)?;
    let mut release = ReleaseFile {
        format: FORMAT,
        version: catalogue.version().to_owned(),
        effective: written(catalogue.effective()),
        files: source,
        signed_by: public_of(&pair),
        signature: String::new(),
    };
    release.signature = STANDARD.encode(pair.sign(&signed_bytes(&release)));
    serde_json::to_string_pretty(&release).map_err(|_| ReleaseFault::NotARelease)
}

/// Reads a release that one of the trusted keys signed.
///
/// # Errors
/// A [`ReleaseFault`]; nothing of the release was used then.
pub fn open(text: &str, trusted_keys: &[String]) -> Result<Release, ReleaseFault> {
    if text.len() as u64 > RELEASE_MAX {
        return Err(ReleaseFault::TooLarge);
    }
    let release: ReleaseFile = serde_json::from_str(text).map_err(|_| ReleaseFault::NotARelease)?;
    if release.format != FORMAT {
        return Err(ReleaseFault::NotARelease);
    }
    if !trusted_keys.contains(&release.signed_by) {
        return Err(ReleaseFault::KeyNotTrusted(release.signed_by.chars().take(64).collect()));
    }
    let key = STANDARD.decode(&release.signed_by).map_err(|_| ReleaseFault::SignatureWrong)?;
    let signature = STANDARD.decode(&release.signature).map_err(|_| ReleaseFault::SignatureWrong)?;
    UnparsedPublicKey::new(&ED25519, key)
        .verify(&signed_bytes(&release), &signature)
        .map_err(|_| ReleaseFault::SignatureWrong)?;
    let catalogue = Catalogue::parse(&release.files)?;
    if catalogue.version() != release.version || written(catalogue.effective()) != release.effective {
        return Err(ReleaseFault::VersionDiffers {
            told: release.version,
            found: catalogue.version().to_owned(),
        });
    }
    Ok(Release {
        catalogue,
        signed_by: release.signed_by,
    })
}

/// What a folder of releases holds: catalogues that may be used, and by file name why the others may not.
#[derive(Debug, Default)]
pub struct ReleaseFolder {
    /// Checked catalogues.
    pub catalogues: Vec<Arc<Catalogue>>,
    /// File and fault.
    pub faults: Vec<(String, ReleaseFault)>,
}

impl ReleaseFolder {
    /// Reads every release of a folder but those named in `known`. A folder that is not there holds nothing.
    pub fn read(folder: &Path, known: &dyn Fn(&str) -> bool) -> Self {
        let mut found = Self::default();
        let keys = trusted_keys(folder);
        for path in release_files(folder) {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if known(&name) {
                continue;
            }
            match read(&path, &name).and_then(|text| open(&text, &keys)) {
                Ok(release) => found.catalogues.push(Arc::new(release.catalogue)),
                Err(fault) => found.faults.push((name, fault)),
            }
        }
        found
    }

    /// Names of the release files in a folder, for telling whether anything is new without reading them.
    pub fn names(folder: &Path) -> Vec<String> {
        release_files(folder)
            .iter()
            .filter_map(|path| path.file_name().map(|name| name.to_string_lossy().into_owned()))
            .collect()
    }
}

/// The keys that a folder's releases may be signed with.
pub fn trusted_keys(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join(KEYS_FILE)).unwrap_or_default();
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    lines.filter(|line| !line.is_empty()).take(FOLDER_MAX).map(str::to_owned).collect()
}

fn release_files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries
        .take(FOLDER_MAX)
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == RELEASE_ENDING))
        .collect();
    files.sort();
    files
}

fn read(path: &Path, name: &str) -> Result<String, ReleaseFault> {
    let unreadable = |source| ReleaseFault::Unreadable { path: name.to_owned(), source };
    if fs::metadata(path).map_err(unreadable)?.len() > RELEASE_MAX {
        return Err(ReleaseFault::TooLarge);
    }
    fs::read_to_string(path).map_err(unreadable)
}

/// Purpose, version, first day, then name and digest of every file in the order of their names.
fn signed_bytes(release: &ReleaseFile) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in [PURPOSE, &release.version, &release.effective] {
        // Lengths lead, so that no text can be moved from one line to the next.
        bytes.extend_from_slice(&(line.len() as u64).to_be_bytes());
        bytes.extend_from_slice(line.as_bytes());
    }
    for (name, text) in &release.files {
        bytes.extend_from_slice(&(name.len() as u64).to_be_bytes());
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    }
    bytes
}

fn public_of(pair: &Ed25519KeyPair) -> String {
    STANDARD.encode(pair.public_key().as_ref())
}
