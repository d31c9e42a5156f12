//! Scanners: what is connected, and pages coming in from them.
//!
//! Network scanners are also reached without any driver of the system, by a client of our own ([`escl`]) in the same worker, and so are
//! document cameras ([`camera`]): with a picture that moves while the clerk lays down papers, and a shot when one lies still.
//!
//! Drivers written by others are unstable: a call into libsane may never come back. So every scan runs in a worker
//! process (`onewindow-scan-worker`) that streams rows over a pipe; this library starts it, gives every step a
//! deadline, and kills it when one passes. Blocking API on plain threads. Deliberately absent: linking libsane (only
//! the worker does), judging or storing pages (crates `capture` and `store`), and any retry the clerk did not ask for, but for the
//! picture of a camera, whose worker is started again.
//!
//! ```no_run
//! use onewindow_scan::{Batch, Profile, Scan, ScanEvent, WorkerConfig, list_scanners};
//! # fn main() -> Result<(), onewindow_scan::ScanFault> {
//! let config = WorkerConfig::find()?;
//! let scanner = list_scanners(&config)?.remove(0);
//! for event in Scan::start(&config, &Batch::new(scanner.id, Profile::default()))? {
//!     if let ScanEvent::Page(page) = event {
//!         let _jpeg = page.to_jpeg(92)?;
//!     }
//! }
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

pub mod camera;
mod capability;
pub mod escl;
mod fault;
mod folder;
mod intake;
mod live;
mod page;
pub mod picture;
pub mod pipe;
mod profile;
mod rooms;
mod scan;
mod still;
pub mod wia;
mod worker;

pub use capability::{Capabilities, DpiSpan, Resolutions, SourceCapabilities};
pub use fault::{CameraFault, ScanFault, Stage, Words};
pub use folder::{FolderInbox, RestingFile};
pub use live::{LivePicture, Shutter};
pub use page::{FrameKind, PageAssembly, PageParameters, PixelColour, RawScan};
pub use profile::{Batch, ColourMode, PaperSize, Profile, ScannerInfo, ScannerKind, Source};
pub use rooms::{PageRoom, PageRooms};
pub use scan::{Canceller, Scan, ScanEvent, Teardown};
pub use still::{Look, StillWatch, THUMB_SIDES};
pub use worker::{Deadlines, WorkerConfig, inspect_scanner, list_scanners, list_scanners_unless};
