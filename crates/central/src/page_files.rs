//! Pages as files named by their digest: `pages/ab/cdef…`. The only module that touches them.
//!
//! A page is written to `incoming/`, hashed on its way, synced, renamed, and its folder synced before anybody is told that it
//! is here; so every file outside `incoming/` is whole. Reading checks the digest again. Absent on purpose: who may see what
//! (the database knows), and sealing at rest, which comes with the object store that will stand behind the same functions.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::digest::{Context, SHA256};
use onewindow_case::ids::Digest;
use onewindow_wire::MAX_PAGE_BYTES;
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt;

/// Why a page was not kept or not given.
#[derive(Debug, thiserror::Error)]
pub enum PageFault {
    /// The disk.
    #[error("{operation} failed on the disk of pages")]
    Disk {
        /// What was tried.
        operation: &'static str,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// The bytes are not those the digest names: damaged on the way.
    #[error("the bytes are not those that the digest names")]
    OtherBytes,
    /// More than [`MAX_PAGE_BYTES`].
    #[error("the page is larger than allowed")]
    TooLarge,
    /// The sender stopped in the middle.
    #[error("the page did not arrive in full")]
    Interrupted,
    /// What is on the disk is not what was written.
    #[error("a page on the disk is damaged")]
    Damaged,
}

impl PageFault {
    /// The closed word on the wire.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::OtherBytes | Self::Interrupted => "malformed",
            Self::TooLarge => "too_large",
            Self::Disk { .. } | Self::Damaged => "defect",
        }
    }
}

fn disk(operation: &'static str) -> impl FnOnce(io::Error) -> PageFault {
    move |source| PageFault::Disk { operation, source }
}

/// The folder of pages.
#[derive(Debug)]
pub(crate) struct PageFiles {
    dir: PathBuf,
    next_incoming: AtomicU64,
}

/// A page on its way in; dropped before [`PageFiles::keep`] nothing of it remains.
pub(crate) struct IncomingPage {
    file: File,
    path: PathBuf,
    hash: Context,
    size: usize,
}

impl PageFiles {
    /// Opens the folder and throws away what never arrived in full.
    pub(crate) async fn open(dir: &Path) -> Result<Self, PageFault> {
        let incoming = dir.join("incoming");
        if fs::try_exists(&incoming).await.map_err(disk("opening the folder"))? {
            fs::remove_dir_all(&incoming).await.map_err(disk("clearing what never arrived"))?;
        }
        fs::create_dir_all(&incoming).await.map_err(disk("making the folder"))?;
        sync_dir(dir).await?;
        Ok(Self {
            dir: dir.to_owned(),
            next_incoming: AtomicU64::new(0),
        })
    }

    /// A place for a page that begins to arrive.
    pub(crate) async fn begin(&self) -> Result<IncomingPage, PageFault> {
        let number = self.next_incoming.fetch_add(1, Ordering::Relaxed);
        let path = self.dir.join("incoming").join(number.to_string());
        let file = File::create_new(&path).await.map_err(disk("beginning a page"))?;
        Ok(IncomingPage {
            file,
            path,
            hash: Context::new(&SHA256),
            size: 0,
        })
    }

    /// A place for a packet that begins to arrive; what is in it goes with it.
    pub(crate) async fn begin_packet(&self) -> Result<IncomingPacket, PageFault> {
        let number = self.next_incoming.fetch_add(1, Ordering::Relaxed);
        let path = self.dir.join("incoming").join(format!("packet-{number}"));
        let file = File::create_new(&path).await.map_err(disk("beginning a packet"))?;
        Ok(IncomingPacket { file, path })
    }

    /// Makes an arrived page durable under its digest; gives its size in bytes. A page that is here already is written again
    /// all the same, which heals a damaged one.
    pub(crate) async fn keep(&self, mut incoming: IncomingPage, expected: &Digest) -> Result<u64, PageFault> {
        let hash = std::mem::replace(&mut incoming.hash, Context::new(&SHA256)).finish();
        if hash.as_ref() != expected.as_bytes() {
            return Err(PageFault::OtherBytes);
        }
        incoming.file.flush().await.map_err(disk("writing a page"))?;
        incoming.file.sync_all().await.map_err(disk("syncing a page"))?;
        let path = self.path(expected);
        let shard = path.parent().unwrap_or(&self.dir);
        if !fs::try_exists(shard).await.map_err(disk("finding a folder"))? {
            fs::create_dir_all(shard).await.map_err(disk("making a folder"))?;
            sync_dir(&self.dir).await?;
        }
        fs::rename(&incoming.path, &path).await.map_err(disk("naming a page"))?;
        sync_dir(shard).await?;
        Ok(incoming.size as u64)
    }

    /// The bytes of a page, checked against its digest.
    pub(crate) async fn find(&self, digest: &Digest) -> Result<Option<Vec<u8>>, PageFault> {
        let bytes = match fs::read(self.path(digest)).await {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(disk("reading a page")(error)),
        };
        if aws_lc_rs::digest::digest(&SHA256, &bytes).as_ref() == digest.as_bytes() {
            Ok(Some(bytes))
        } else {
            Err(PageFault::Damaged)
        }
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        let (shard, rest) = name.split_at(2);
        self.dir.join(shard).join(rest)
    }
}

/// A packet on its way in, gone once it was taken: its entries and pages are kept, not itself.
pub(crate) struct IncomingPacket {
    file: File,
    path: PathBuf,
}

impl IncomingPacket {
    /// Takes some more bytes.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), PageFault> {
        self.file.write_all(bytes).await.map_err(disk("writing a packet"))
    }

    /// Where it lies, once everything is written.
    pub(crate) async fn arrived(&mut self) -> Result<&Path, PageFault> {
        self.file.flush().await.map_err(disk("writing a packet"))?;
        Ok(&self.path)
    }
}

impl Drop for IncomingPacket {
    fn drop(&mut self) {
        let _gone = std::fs::remove_file(&self.path);
    }
}

impl IncomingPage {
    /// Takes some more bytes.
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<(), PageFault> {
        self.size = self.size.saturating_add(bytes.len());
        if self.size > MAX_PAGE_BYTES {
            return Err(PageFault::TooLarge);
        }
        self.hash.update(bytes);
        self.file.write_all(bytes).await.map_err(disk("writing a page"))
    }
}

impl Drop for IncomingPage {
    fn drop(&mut self) {
        // Nothing is there any more once the page has its name; what could not be removed goes at the next start.
        let _gone = std::fs::remove_file(&self.path);
    }
}

/// Makes renames in a folder durable.
async fn sync_dir(dir: &Path) -> Result<(), PageFault> {
    let folder = File::open(dir).await.map_err(disk("opening a folder"))?;
    folder.sync_all().await.map_err(disk("syncing a folder"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn digest_of(bytes: &[u8]) -> Digest {
        let mut digest = [0; 32];
        digest.copy_from_slice(aws_lc_rs::digest::digest(&SHA256, bytes).as_ref());
        Digest::new(digest)
    }

    async fn send(files: &PageFiles, bytes: &[u8], named: &Digest) -> Result<u64, PageFault> {
        let mut incoming = files.begin().await?;
        for chunk in bytes.chunks(7) {
            incoming.write(chunk).await?;
        }
        files.keep(incoming, named).await
    }

    #[tokio::test]
    async fn a_page_comes_back_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let files = PageFiles::open(dir.path()).await.unwrap();
        let bytes = b"a page of some bytes".repeat(100);
        let digest = digest_of(&bytes);
        assert_eq!(send(&files, &bytes, &digest).await.unwrap(), bytes.len() as u64);
        assert_eq!(send(&files, &bytes, &digest).await.unwrap(), bytes.len() as u64, "twice is harmless");
        assert_eq!(files.find(&digest).await.unwrap().unwrap(), bytes);
        assert_eq!(files.find(&digest_of(b"another")).await.unwrap(), None);
    }

    #[tokio::test]
    async fn other_bytes_leave_nothing_behind() {
        let dir = tempfile::tempdir().unwrap();
        let files = PageFiles::open(dir.path()).await.unwrap();
        let digest = digest_of(b"right");
        assert!(matches!(send(&files, b"wrong", &digest).await, Err(PageFault::OtherBytes)));
        assert_eq!(files.find(&digest).await.unwrap(), None);
        assert_eq!(std::fs::read_dir(dir.path().join("incoming")).unwrap().count(), 0, "what never arrived is gone");
    }

    #[tokio::test]
    async fn a_damaged_file_is_never_given_and_heals_when_sent_again() {
        let dir = tempfile::tempdir().unwrap();
        let files = PageFiles::open(dir.path()).await.unwrap();
        let digest = digest_of(b"right");
        send(&files, b"right", &digest).await.unwrap();
        std::fs::write(files.path(&digest), b"wrong").unwrap();
        assert!(matches!(files.find(&digest).await, Err(PageFault::Damaged)));
        send(&files, b"right", &digest).await.unwrap();
        assert_eq!(files.find(&digest).await.unwrap().unwrap(), b"right");
    }
}
