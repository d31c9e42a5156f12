//! The numbers in which every way to a device tells how it went: those of `SANE_Status`, whoever says them.

/// `SANE_Status`; 0 is good.
pub(crate) type Status = i32;
pub(crate) const CANCELLED: Status = 2;
pub(crate) const BUSY: Status = 3;
pub(crate) const INVALID: Status = 4;
#[cfg(unix)]
pub(crate) const EOF: Status = 5;
pub(crate) const JAMMED: Status = 6;
pub(crate) const NO_DOCS: Status = 7;
pub(crate) const COVER_OPEN: Status = 8;
pub(crate) const IO: Status = 9;
pub(crate) const NO_MEMORY: Status = 10;
pub(crate) const WARMING_UP: Status = 12;
