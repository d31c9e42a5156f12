//! Keeps everything a counter did, safe against power cuts, full and failing disks, and thieves.
//!
//! The truth is the journal (append-only, chained, sealed segment files) and the pages (sealed files). The index, in sled, is
//! only ever derived from them and built anew whenever it is missing, behind, damaged or contradicts them. This is the only
//! crate that names sled, and only in `index`. Absent on purpose: what may happen to a case, clocks, async, the network.

mod core;
pub mod disk;
mod fault;
mod fold;
mod index;
mod indexing;
mod keys;
mod ledger;
mod mark;
mod open;
mod packet;
mod pages;
mod retention;
mod segments;
mod store;
mod summary;
mod verify;
mod writer;

pub use fault::StoreFault;
pub use fold::Progress;
pub use keys::{KeySource, Rotation, Secret, recover_case_key};
pub use onewindow_delivery::PageWaiting;
pub use open::{Identity, Loss, OpenReport, Options, RebuildReason};
pub use packet::{BRANCH_KEY, Carried, CarryFault, DEVICE_CERTIFICATE, PACKET_ENDING, PacketMade, PacketWish};
pub use pages::{PAGE_LIMIT_BYTES, digest_of};
pub use retention::{Retained, Retention};
pub use segments::EntryBatch;
pub use store::{Space, Store};
pub use summary::{CaseSummary, MatterSummary};
pub use verify::{ChainReport, PageReport};
pub use writer::{Appended, NewEntry, Stamp};
