//! Any one file of a store, replaced, patched or cut: it opens or says why not, and never returns anything that was not written.
//!
//! The store is the kept fixture of today's format, so its keys are known and the corpus stays valid. Its index is left alone here: it is
//! sled's own format, sled panics on some damage by design of the crate above it, and crate `store` tries damage to it in its own tests.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use onewindow_case::ids::{CaseId, CounterId, Digest};
use onewindow_journal::Entry;
use onewindow_store::disk::Disk;
use onewindow_store::{Identity, KeySource, Options, Store};

/// Everything the store of the fixture holds.
struct Whole {
    files: Vec<(PathBuf, Vec<u8>)>,
    cases: Vec<CaseId>,
    entries: BTreeMap<u64, Entry>,
    pages: Vec<(Digest, Vec<u8>)>,
}

static WHOLE: LazyLock<Option<Whole>> = LazyLock::new(|| read_whole().ok());

/// A disk that does not wait: nothing here outlives a call.
struct Hasty;

impl Disk for Hasty {
    fn sync(&self, _file: &File) -> io::Result<()> {
        Ok(())
    }
    fn sync_dir(&self, _path: &Path) -> io::Result<()> {
        Ok(())
    }
}

/// Names of the files that an input may harm, in the order of its first byte.
pub fn store_file_names() -> Vec<PathBuf> {
    let files = WHOLE.as_ref().map(|whole| whole.files.iter().map(|(name, _)| name.clone()));
    files.into_iter().flatten().collect()
}

/// How the first two bytes of an input are read.
enum Harm {
    /// The rest of the input is the file.
    Replace,
    /// The rest overwrites the file from a place on.
    Patch { at: usize },
    /// The file ends at a place.
    Cut { at: usize },
}

/// First byte: which file; second: how it is harmed; third and fourth: where, for the harms that need a place.
pub fn store_files(input: &[u8]) {
    let Some(whole) = WHOLE.as_ref() else {
        panic!("the fixture of today's format can be read")
    };
    let [which, how, rest @ ..] = input else { return };
    let place = |rest: &[u8]| usize::from(u16::from_be_bytes([rest.first().copied().unwrap_or(0), rest.get(1).copied().unwrap_or(0)]));
    let (harm, rest) = match how % 3 {
        0 => (Harm::Replace, rest),
        1 => (Harm::Patch { at: place(rest) }, rest.get(2..).unwrap_or_default()),
        _ => (Harm::Cut { at: place(rest) }, &[][..]),
    };
    let Ok(dir) = tempfile::tempdir() else { return };
    let victim = usize::from(*which) % whole.files.len();
    for (place, (name, bytes)) in whole.files.iter().enumerate() {
        let harmed = if place == victim { harmed(bytes, &harm, rest) } else { bytes.clone() };
        let path = dir.path().join(name);
        if path.parent().is_some_and(|parent| fs::create_dir_all(parent).is_err()) || fs::write(path, harmed).is_err() {
            return;
        }
    }
    if let Ok(store) = open(dir.path()) {
        compare(&store, whole);
    }
}

fn harmed(bytes: &[u8], harm: &Harm, rest: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    match *harm {
        Harm::Replace => rest.to_vec(),
        Harm::Patch { at } => {
            let at = at.min(bytes.len());
            let end = (at + rest.len()).min(bytes.len());
            bytes[at..end].copy_from_slice(&rest[..end - at]);
            bytes
        }
        Harm::Cut { at } => {
            bytes.truncate(at);
            bytes
        }
    }
}

fn open(dir: &Path) -> Result<Store, onewindow_store::StoreFault> {
    let identity = Identity {
        counter: CounterId::new("330302-01-003"),
    };
    let options = Options {
        ballast_bytes: 0,
        reserve_bytes: 0,
        disk: Arc::new(Hasty),
        ..Options::default()
    };
    Ok(Store::open_with(dir, &identity, &KeySource::File, &options, &|_| {})?.0)
}

/// What is returned is what was written; what cannot be returned is refused.
fn compare(store: &Store, whole: &Whole) {
    for case in &whole.cases {
        for entry in store.history(*case).unwrap_or_default() {
            assert_eq!(whole.entries.get(&entry.seq), Some(&entry), "an entry came back changed");
        }
        let _folded = store.find_case(*case);
    }
    for (digest, bytes) in &whole.pages {
        if let Ok(found) = store.read_page(digest) {
            assert_eq!(&found, bytes, "a page came back changed");
        }
    }
    let _chain = store.verify();
    let _pages = store.verify_pages();
}

/// Copies the fixture, opens the copy and notes everything in it.
fn read_whole() -> io::Result<Whole> {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/store/tests/fixtures/v2");
    let mut files = Vec::new();
    read_files(&fixture, &fixture, &mut files)?;
    let dir = tempfile::tempdir()?;
    for (name, bytes) in &files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(dir.path()))?;
        fs::write(path, bytes)?;
    }
    let store = open(dir.path()).map_err(io::Error::other)?;
    let mut entries = BTreeMap::new();
    store
        .each_entry(1, |entry| entries.insert(entry.seq, entry.clone()).is_none())
        .map_err(io::Error::other)?;
    let cases: Vec<_> = store.cases(0, usize::MAX).iter().map(|line| line.id).collect();
    let mut pages = Vec::new();
    for id in &cases {
        let case = store.find_case(*id).map_err(io::Error::other)?;
        for digest in case.iter().flat_map(|case| case.pages.iter().map(|page| page.original)) {
            pages.push((digest, store.read_page(&digest).map_err(io::Error::other)?));
        }
    }
    Ok(Whole { files, cases, entries, pages })
}

/// Every file but those of the index, sorted by name.
fn read_files(root: &Path, dir: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) -> io::Result<()> {
    let mut found: Vec<_> = fs::read_dir(dir)?.flatten().map(|file| file.path()).collect();
    found.sort();
    for path in found {
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != "index") {
                read_files(root, &path, files)?;
            }
        } else {
            let name = path.strip_prefix(root).map_err(io::Error::other)?.to_owned();
            files.push((name, fs::read(&path)?));
        }
    }
    Ok(())
}
