//! Import from a folder into which other programs and devices put files.
//!
//! Scanners write in pieces, so a file counts only when it has kept its size and time for a while. Deliberately
//! absent: reading and decoding (crate `capture` does that with its own limits), deleting or moving what was taken (the
//! caller decides once its pages are safe), and folders within the folder.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use crate::fault::ScanFault;

/// Entries of a folder looked at in one poll; a folder with more is not an import folder.
const ENTRIES_MAX: usize = 10_000;
/// Endings of files that may hold papers.
const ENDINGS: [&str; 10] = ["jpg", "jpeg", "png", "tif", "tiff", "webp", "bmp", "pdf", "heic", "heif"];

/// A watched folder.
#[derive(Debug)]
pub struct FolderInbox {
    folder: PathBuf,
    settle: Duration,
    seen: HashMap<PathBuf, Sighting>,
}

/// A file that has come to rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestingFile {
    /// Where it lies.
    pub path: PathBuf,
    /// Its size, bytes.
    pub length: u64,
    /// When it was last written, as far as the file system says.
    pub changed: Option<SystemTime>,
}

/// How a file looked when it last changed.
#[derive(Debug, Clone, Copy)]
struct Sighting {
    length: u64,
    changed: Option<SystemTime>,
    since: Instant,
    /// Its pages were kept; it counts again only when it changes.
    taken: bool,
}

impl FolderInbox {
    /// Watches a folder; files count when unchanged for `settle` (2 s suits devices on a network).
    pub fn new(folder: impl Into<PathBuf>, settle: Duration) -> Self {
        Self {
            folder: folder.into(),
            settle,
            seen: HashMap::new(),
        }
    }

    /// Looks into the folder and tells what has come to rest and was not taken, by name. The caller polls, once a second for
    /// example, and passes the time.
    ///
    /// # Errors
    /// [`ScanFault::InboxUnreadable`] when the folder cannot be read.
    pub fn poll(&mut self, now: Instant) -> Result<Vec<RestingFile>, ScanFault> {
        let unreadable = |error: std::io::Error| {
            tracing::debug!(%error, "the import folder cannot be read");
            ScanFault::InboxUnreadable
        };
        let mut present = HashMap::new();
        let mut resting = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(unreadable)?.take(ENTRIES_MAX) {
            let path = entry.map_err(unreadable)?.path();
            // A file that vanishes between the two looks is simply gone; links are not followed.
            let Ok(data) = fs::symlink_metadata(&path) else { continue };
            if !data.is_file() || data.len() == 0 || !may_hold_paper(&path) {
                continue;
            }
            let (length, changed) = (data.len(), data.modified().ok());
            let known = self.seen.get(&path).filter(|known| known.length == length && known.changed == changed);
            let sighting = known.copied().unwrap_or(Sighting {
                length,
                changed,
                since: now,
                taken: false,
            });
            if !sighting.taken && now.saturating_duration_since(sighting.since) >= self.settle {
                resting.push(RestingFile {
                    path: path.clone(),
                    length,
                    changed,
                });
            }
            present.insert(path, sighting);
        }
        self.seen = present;
        resting.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(resting)
    }

    /// The pages of a file are kept: it is not told again while it stays as it is.
    pub fn take(&mut self, path: &Path) {
        if let Some(sighting) = self.seen.get_mut(path) {
            sighting.taken = true;
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

    fn names(resting: &[RestingFile]) -> Vec<String> {
        let name = |file: &RestingFile| file.path.file_name().unwrap().to_string_lossy().into_owned();
        resting.iter().map(name).collect()
    }

    #[test]
    fn a_file_counts_from_when_it_has_come_to_rest_until_it_is_taken() {
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
        let resting = inbox.poll(at(4)).unwrap();
        assert_eq!(names(&resting), ["a.PDF", "b.jpg"]);
        assert_eq!(resting[1].length, 17);
        assert_eq!(names(&inbox.poll(at(5)).unwrap()).len(), 2, "it waits until it is taken");
        inbox.take(&resting[1].path);
        assert_eq!(names(&inbox.poll(at(6)).unwrap()), ["a.PDF"]);
        fs::write(folder.path().join("b.jpg"), b"another paper of that name").unwrap();
        assert_eq!(names(&inbox.poll(at(7)).unwrap()), ["a.PDF"]);
        assert_eq!(names(&inbox.poll(at(9)).unwrap()), ["a.PDF", "b.jpg"], "it has changed");
    }

    #[test]
    fn a_folder_that_is_not_there_is_a_fault() {
        let folder = tempfile::tempdir().unwrap();
        let mut inbox = FolderInbox::new(folder.path().join("none"), Duration::ZERO);
        assert_eq!(inbox.poll(Instant::now()), Err(ScanFault::InboxUnreadable));
    }
}
