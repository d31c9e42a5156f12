//! Every act that changes the disk, behind a trait, so that tests can let any one of them fail.
//! Absent on purpose: reading. A failed read changes nothing and is reported where it happens.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::fault::StoreFault;

/// Acts that change the disk. The default methods are the real ones.
pub trait Disk: Send + Sync + 'static {
    /// Makes a folder whose parent exists; being there already is fine.
    ///
    /// # Errors
    /// What the system says.
    fn create_dir(&self, path: &Path) -> io::Result<bool> {
        match fs::create_dir(path) {
            Ok(()) => Ok(true),
            Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    /// Makes many folders of one parent, as one act; those that are there already are fine.
    ///
    /// # Errors
    /// What the system says; some may have been made.
    fn create_dirs(&self, paths: &[PathBuf]) -> io::Result<()> {
        paths.iter().try_for_each(|path| self.create_dir(path).map(|_made| ()))
    }

    /// Makes an empty file for writing, readable by its owner only.
    ///
    /// # Errors
    /// What the system says.
    fn create(&self, path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)
    }

    /// Opens a file for writing at its end.
    ///
    /// # Errors
    /// What the system says.
    fn open_append(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().append(true).open(path)
    }

    /// Writes all bytes.
    ///
    /// # Errors
    /// What the system says; a part may have been written.
    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        file.write_all(bytes)
    }

    /// Returns when the file's content would survive a power cut.
    ///
    /// # Errors
    /// What the system says; the content may then be on disk or not, for good.
    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    /// Returns when the folder's names would survive a power cut.
    ///
    /// # Errors
    /// What the system says.
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
    }

    /// Renames, replacing what has the new name.
    ///
    /// # Errors
    /// What the system says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    /// Cuts a file.
    ///
    /// # Errors
    /// What the system says.
    fn set_len(&self, file: &File, len_bytes: u64) -> io::Result<()> {
        file.set_len(len_bytes)
    }

    /// Removes a file.
    ///
    /// # Errors
    /// What the system says.
    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    /// Space that may still be used at this place, in bytes.
    ///
    /// # Errors
    /// What the system says.
    fn free_bytes(&self, path: &Path) -> io::Result<u64> {
        fs4::available_space(path)
    }
}

/// The disk as it is.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {}

/// Writes a whole file so that after a power cut it is there entirely or not at all: write, sync, rename, sync the folder.
/// `temporary` must lie on the same file system.
pub(crate) fn write_whole(disk: &dyn Disk, temporary: &Path, path: &Path, bytes: &[u8]) -> Result<(), StoreFault> {
    let written = write_and_rename(disk, temporary, path, bytes);
    if written.is_err() {
        // Best effort: what stays behind is removed at the next start.
        let _left_behind = disk.remove(temporary);
    }
    written
}

/// Writes a whole file whose content proves itself (sealed and named by its digest) and whose name is not in use, or only by
/// a damaged one. It is renamed before it and its folder are synced, both at once: the syncs then wait for the same commit of the file
/// system, and what a power cut leaves half written under the name is seen to be damaged, and was never acknowledged.
pub(crate) fn write_proven(disk: &dyn Disk, temporary: &Path, path: &Path, bytes: &[u8]) -> Result<(), StoreFault> {
    let renamed = || {
        let mut file = disk.create(temporary).map_err(StoreFault::io("creating a file"))?;
        disk.write(&mut file, bytes).map_err(StoreFault::io("writing a file"))?;
        disk.rename(temporary, path).map_err(StoreFault::io("renaming a file"))?;
        Ok(file)
    };
    let file = renamed().inspect_err(|_fault| {
        let _left_behind = disk.remove(temporary);
    })?;
    sync_with_folder(disk, &file, path).inspect_err(|_fault| {
        // After a failed sync it reads well and may not be on disk: whoever keeps it again must write it again.
        let _left_behind = disk.remove(path);
    })
}

/// Syncs a file and the folder it lies in, at the same time.
pub(crate) fn sync_with_folder(disk: &dyn Disk, file: &File, path: &Path) -> Result<(), StoreFault> {
    let folder = path.parent().unwrap_or(path);
    std::thread::scope(|scope| {
        let folder = scope.spawn(|| disk.sync_dir(folder));
        let synced = disk.sync(file).map_err(StoreFault::io("syncing a file"));
        let folder = folder.join().unwrap_or_else(|_panicked| Err(io::Error::other("a sync panicked")));
        synced.and(folder.map_err(StoreFault::io("syncing a folder")))
    })
}

fn write_and_rename(disk: &dyn Disk, temporary: &Path, path: &Path, bytes: &[u8]) -> Result<(), StoreFault> {
    let mut file = disk.create(temporary).map_err(StoreFault::io("creating a file"))?;
    disk.write(&mut file, bytes).map_err(StoreFault::io("writing a file"))?;
    disk.sync(&file).map_err(StoreFault::io("syncing a file"))?;
    disk.rename(temporary, path).map_err(StoreFault::io("renaming a file"))?;
    let parent = path.parent().unwrap_or(path);
    disk.sync_dir(parent).map_err(StoreFault::io("syncing a folder"))
}

/// Makes a folder and, when it is new, makes its name durable.
pub(crate) fn ensure_dir(disk: &dyn Disk, path: &Path) -> Result<(), StoreFault> {
    if path.is_dir() {
        return Ok(());
    }
    let made = disk.create_dir(path).map_err(StoreFault::io("creating a folder"))?;
    if made {
        let parent = path.parent().unwrap_or(path);
        disk.sync_dir(parent).map_err(StoreFault::io("syncing a folder")).inspect_err(|_fault| {
            // Were it there the next time, nobody would make its name durable; it is empty.
            let _stays = fs::remove_dir(path);
        })?;
    }
    Ok(())
}
