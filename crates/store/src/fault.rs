//! What can go wrong with the store, named by what somebody can do about it.

use std::io;
use std::sync::Arc;

use onewindow_case::ids::{CaseId, Digest};

/// Why the store did not do what was asked. After any of these the store on disk is whole; see the variants.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreFault {
    /// Another process has the store open: bring its window to the front.
    #[error("the store is open in another process")]
    Locked,
    /// The folder or file cannot be written: wrong owner or a read-only disk.
    #[error("the store is not writable ({op})")]
    NotWritable {
        /// What was tried.
        op: &'static str,
    },
    /// Too little space on the disk. Reading goes on; nothing that was acknowledged is touched.
    #[error("the disk is full")]
    DiskFull,
    /// The key or passphrase does not open this store.
    #[error("the key does not open the store")]
    WrongKey,
    /// The operating system's key store is not there or locked: unlock it, or use a passphrase.
    #[error("the system's key store cannot be used")]
    KeyStoreUnavailable,
    /// Nobody is known who could open a packet: the centre's recovery key has never been heard of here.
    #[error("no recipient is known for a packet")]
    NoRecipient,
    /// Written by a newer version of the software: install that one.
    #[error("the store has format {found}, newer than this software")]
    NewerFormat {
        /// The format found.
        found: u32,
    },
    /// Something on disk can not be read any more; the rest can.
    #[error("damaged: {place}")]
    Damaged {
        /// Where, without personal data.
        place: String,
    },
    /// The case has moved on since it was read: read it again and decide again.
    #[error("the case is at revision {revision} now")]
    Stale {
        /// Its revision now.
        revision: u32,
    },
    /// No such case; or the first event of a case does not open it.
    #[error("there is no case {0}")]
    UnknownCase(CaseId),
    /// No such page.
    #[error("there is no page {0}")]
    UnknownPage(Digest),
    /// More or longer entries, or a longer page, than the store takes at once.
    #[error("too large for one append")]
    TooLarge,
    /// The disk failed while data was being made safe, so nothing more is written until the store is opened again.
    #[error("the store has stopped; open it again")]
    Stopped,
    /// Any other failure of the disk.
    #[error("{op} failed")]
    Io {
        /// What was tried.
        op: &'static str,
        /// What the system said.
        #[source]
        source: Arc<io::Error>,
    },
}

impl StoreFault {
    /// The closed word that callers and the UI branch on.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Locked => "locked",
            Self::NotWritable { .. } => "not-writable",
            Self::DiskFull => "disk-full",
            Self::WrongKey => "wrong-key",
            Self::NoRecipient => "no-recipient",
            Self::KeyStoreUnavailable => "key-store-unavailable",
            Self::NewerFormat { .. } => "newer-format",
            Self::Damaged { .. } => "damaged",
            Self::Stale { .. } => "stale",
            Self::UnknownCase(_) => "unknown-case",
            Self::UnknownPage(_) => "unknown-page",
            Self::TooLarge => "too-large",
            Self::Stopped => "stopped",
            Self::Io { .. } => "io",
        }
    }

    pub(crate) fn io(op: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::NotWritable { op },
            _other => Self::Io { op, source: Arc::new(source) },
        }
    }

    pub(crate) fn damaged(place: impl Into<String>) -> Self {
        Self::Damaged { place: place.into() }
    }
}
