//! Import from a folder into which other programs and devices put files.
//!
//! Scanners write in pieces, so a file is taken only when it has kept its size and time for a while. Deliberately
//! absent: decoding (crate `capture` does that with its own limits), deleting or moving what was taken (the caller
//! decides once the page is safe), and folders within the folder.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use crate::fault::ScanFault;

/// Largest file taken.
pub const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Entries of a folder looked at in one poll; a folder with more is not an import folder.
const ENTRIES_MAX: usize = 10_000;
/// Endings of files that may hold papers.
const ENDINGS: [&str; 8] = ["jpg", "jpeg", "png", "tif", "tiff", "webp", "bmp", "pdf"];

/// A watched folder.
#[derive(Debug)]
pub struct FolderInbox {
    folder: PathBuf,
    settle: Duration,
    seen: HashMap<PathBuf, Sighting>,
}

/// A file that has come to rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    /// Its bytes.
    File {
        /// Where it lies.
        path: PathBuf,
        /// All of it.
        bytes: Vec<u8>,
    },
    /// It is larger than [`FILE_BYTES_MAX`] or cannot be read; told once.
    Unusable {
        /// Where it lies.
        path: PathBuf,
        /// Its size, bytes.
        length: u64,
    },
}

/// How a file looked when it last changed.
#[derive(Debug, Clone, Copy)]
struct Sighting {
    length: u64,
    changed: Option<SystemTime>,
    since: Instant,
    taken: bool,
}

impl FolderInbox {
    /// Watches a folder; files are taken when unchanged for `settle` (2 s suits devices on a network).
    pub fn new(folder: impl Into<PathBuf>, settle: Duration) -> Self {
        Self {
            folder: folder.into(),
            settle,
            seen: HashMap::new(),
        }
    }

    /// Looks into the folder and takes what has come to rest, by name. A file is taken again only when it has changed.
    /// The caller polls, once a second for example, and passes the time.
    ///
    /// # Errors
    /// [`ScanFault::InboxUnreadable`] when the folder cannot be read.
    pub fn poll(&mut self, now: Instant) -> Result<Vec<Arrival>, ScanFault> {
        let unreadable = |error: std::io::Error| {
            tracing::warn!(%error, "the import folder cannot be read");
            ScanFault::InboxUnreadable
        };
        let mut present = HashMap::new();
        let mut rested = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(unreadable)?.take(ENTRIES_MAX) {
            let path = entry.map_err(unreadable)?.path();
            // A file that vanishes between the two looks is simply gone; links are not followed.
            let Ok(data) = fs::symlink_metadata(&path) else { continue };
            if !data.is_file() || data.len() == 0 || !may_hold_paper(&path) {
                continue;
            }
            let (length, changed) = (data.len(), data.modified().ok());
            let known = self.seen.get(&path).filter(|known| known.length == length && known.changed == changed);
            let mut sighting = known.copied().unwrap_or(Sighting {
                length,
                changed,
                since: now,
                taken: false,
            });
            if !sighting.taken && now.saturating_duration_since(sighting.since) >= self.settle {
                sighting.taken = true;
                rested.push(path.clone());
            }
            present.insert(path, sighting);
        }
        self.seen = present;
        rested.sort();
        Ok(rested.into_iter().map(take).collect())
    }
}

fn take(path: PathBuf) -> Arrival {
    let length = fs::metadata(&path).map_or(0, |data| data.len());
    if length > FILE_BYTES_MAX {
        return Arrival::Unusable { path, length };
    }
    match fs::read(&path) {
        Ok(bytes) => Arrival::File { path, bytes },
        Err(error) => {
            tracing::warn!(%error, "a file in the import folder cannot be read");
            Arrival::Unusable { path, length }
        }
    }
}

fn may_hold_paper(path: &Path) -> bool {
    let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    !hidden && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn names(arrivals: &[Arrival]) -> Vec<String> {
        let path = |arrival: &Arrival| match arrival {
            Arrival::File { path, .. } | Arrival::Unusable { path, .. } => path.clone(),
        };
        arrivals
            .iter()
            .map(|arrival| path(arrival).file_name().unwrap().to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn a_file_is_taken_once_when_it_has_come_to_rest() {
        let folder = tempfile::tempdir().unwrap();
        let mut inbox = FolderInbox::new(folder.path(), Duration::from_secs(2));
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        fs::write(folder.path().join("b.jpg"), b"half").unwrap();
        assert!(inbox.poll(at(0)).unwrap().is_empty(), "just seen");
        fs::write(folder.path().join("b.jpg"), b"half and the rest").unwrap();
        fs::write(folder.path().join("a.PDF"), b"x").unwrap();
        fs::write(folder.path().join("notes.txt"), b"x").unwrap();
        fs::write(folder.path().join(".hidden.jpg"), b"x").unwrap();
        fs::write(folder.path().join("empty.jpg"), b"").unwrap();
        assert!(inbox.poll(at(2)).unwrap().is_empty(), "it has grown since");
        let taken = inbox.poll(at(4)).unwrap();
        assert_eq!(names(&taken), ["a.PDF", "b.jpg"]);
        assert!(matches!(&taken[1], Arrival::File { bytes, .. } if bytes == b"half and the rest"));
        assert!(inbox.poll(at(9)).unwrap().is_empty(), "taken once");
    }

    #[test]
    fn a_folder_that_is_not_there_is_a_fault() {
        let folder = tempfile::tempdir().unwrap();
        let mut inbox = FolderInbox::new(folder.path().join("none"), Duration::ZERO);
        assert_eq!(inbox.poll(Instant::now()), Err(ScanFault::InboxUnreadable));
    }
}
