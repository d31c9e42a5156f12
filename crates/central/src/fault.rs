//! Everything that can go wrong at the centre, one variant for each thing somebody can act on, and its closed word on the wire.
//! Absent on purpose: HTTP (see `problem`).

use onewindow_case::calendar::CalendarFault;
use onewindow_catalogue::CatalogueError;
use onewindow_journal::ChainBreak;
use onewindow_journal::packet::PacketFault;
use onewindow_print::licence_code::CodeFault;

use crate::database::DatabaseFault;
use crate::page_files::PageFault;

/// Why the centre did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum CentreFault {
    /// No token, a wrong one, or one of somebody else.
    #[error("the token does not allow this")]
    Unauthorised,
    /// The request is not of the form the contract names.
    #[error("the request cannot be read: {0}")]
    Malformed(&'static str),
    /// Entries do not follow those that are here.
    #[error("the entries do not follow those that are here")]
    ChainBroken(#[source] ChainBreak),
    /// The counter's journal has two pasts: it was restored from an old state, or there are two of it.
    #[error("another entry than this is at position {at_seq}")]
    Forked {
        /// The first position that differs.
        at_seq: u64,
    },
    /// Something else is here already, or the state does not allow it.
    #[error("{0}")]
    Conflict(&'static str),
    /// More than the contract allows.
    #[error("the request is larger than allowed")]
    TooLarge,
    /// A case packet is refused whole.
    #[error("the packet is refused")]
    Packet(#[from] PacketFault),
    /// Too many at once; come back later.
    #[error("too many requests at once")]
    Busy {
        /// Seconds to wait.
        retry_after_s: u32,
    },
    /// There is no such thing, or not for this caller.
    #[error("there is no such {0}")]
    Unknown(&'static str),
    /// The books cannot be read or written.
    #[error(transparent)]
    Database(#[from] DatabaseFault),
    /// A page cannot be read or written.
    #[error(transparent)]
    Page(#[from] PageFault),
    /// The office's key cannot be read, made or used.
    #[error("the office's key cannot be used: {operation}")]
    Key {
        /// What was tried.
        operation: &'static str,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// A licence code could not be made.
    #[error("a licence code could not be made")]
    Code(#[from] CodeFault),
    /// The catalogue cannot be used.
    #[error("the catalogue cannot be used")]
    Catalogue(#[from] CatalogueError),
    /// A due day cannot be counted.
    #[error("a due day cannot be counted")]
    Calendar(#[from] CalendarFault),
    /// A series of numbers is used up.
    #[error("the series {0} has no number left")]
    SeriesUsedUp(String),
    /// The data folder cannot be used.
    #[error("the data folder cannot be used: {operation}")]
    Folder {
        /// What was tried.
        operation: &'static str,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// An invariant of this program does not hold.
    #[error("a defect: {0}")]
    Defect(&'static str),
}

impl CentreFault {
    /// The closed word of [`onewindow_wire::Problem`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthorised => "unauthorised",
            Self::Malformed(_) => "malformed",
            Self::ChainBroken(_) => "chain_broken",
            Self::Forked { .. } | Self::Conflict(_) => "conflict",
            Self::TooLarge => "too_large",
            Self::Busy { .. } => "busy",
            Self::Unknown(_) => "unknown",
            Self::Database(fault) if fault.is_busy() => "busy",
            Self::Page(fault) => fault.code(),
            Self::Packet(fault) => fault.code(),
            Self::Database(_)
            | Self::Key { .. }
            | Self::Code(_)
            | Self::Catalogue(_)
            | Self::Calendar(_)
            | Self::SeriesUsedUp(_)
            | Self::Folder { .. }
            | Self::Defect(_) => "defect",
        }
    }
}
