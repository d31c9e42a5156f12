//! The counter's use cases, one file a noun. The desk owns transactions, time and the work in the background; the window and the
//! command line are two faces of it.
//!
//! Every change of a case is read, decided and appended durably before anyone is told (`Desk::act`). Answers are in the words of
//! the contract with the window (crate `ipc`), so that both faces say the same. Absent on purpose: Tauri, sled, HTTP details.

mod audit;
mod blanks;
mod branch;
mod camera;
mod check;
mod clock;
mod config;
mod counter_papers;
mod day;
mod deadlines;
mod desk;
mod documents;
mod evidence;
mod fault;
mod feed;
mod guarded_clock;
mod history;
mod importing;
mod inbox;
mod intake;
mod judging;
mod lawful;
mod licences;
mod mandate;
mod naming;
mod offers;
mod outcome;
mod packets;
mod pages;
mod papers;
mod preview;
mod printers;
mod printing;
mod reading;
mod rearranging;
mod regions;
mod releases;
mod restored;
mod retention;
mod roster;
mod scanners;
mod scanning;
mod self_test;
mod sending;
mod session;
mod stacks;
mod standing;
mod supervisor;
mod undoing;
mod verification;
mod view;
mod visit;
mod worklist;

pub use audit::verify_audit;
pub use clock::{Clock, ManualClock, WallClock};
pub use config::{CounterConfig, DemoBlanks, DemoStaff, FILE_NAME, KeyPlace};
pub use desk::{Desk, DeskFolder, News};
pub use fault::DeskFault;
pub use onewindow_print::Language;
pub use onewindow_store::{Carried, KeySource, PacketMade, StoreFault};
pub use pages::Picture;
pub use verification::{CheckedCode, check_code, is_sealed_by};
