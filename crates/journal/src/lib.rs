//! The append-only, hash-chained record of everything a counter did: audit trail, outbox and sync log in one.
//!
//! [`encode`] turns an [`Entry`] into bytes once; from then on the bytes are the truth: they are chained, sealed, sent and
//! kept as they are and never encoded again. [`segment`] frames sealed batches of them for a file.
//! Absent on purpose: files, clocks, randomness (a nonce is brought by the caller) and any decision about what to send.

pub mod chain;
mod encoding;
pub mod entry;
pub mod packet;
pub mod receipt;
pub mod sealed_box;
pub mod segment;
mod twin;

pub use chain::{ChainBreak, ChainBreakKind, Head, chain, verify};
pub use encoding::{DecodeFault, ENTRY_FORMAT, ENTRY_LIMIT_BYTES, decode, encode};
pub use entry::{Actor, CounterEvent, Entry, Event, Role};
