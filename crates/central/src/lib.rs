//! The central service: what counters send is kept, registered and passed to departments; what departments decide is numbered,
//! signed and told to the counters.
//!
//! [`Centre`] holds the books and the use cases, [`router()`] puts HTTP around them, `main` starts both. SQL is only in
//! `database`, page files only in `page_files`: PostgreSQL and an object store can take their places without anybody noticing.
//! Deliberately absent: deciding (departments do), judging papers (counters do), and anything the contract (`onewindow-wire`)
//! does not name.

mod access;
mod allotment;
mod arrivals;
mod blanks;
mod branch;
mod centre;
mod clock;
mod counter_keys;
mod database;
mod decisions;
mod demo;
mod dispatch;
mod due;
mod endpoint;
mod enrolment;
mod fault;
mod feed;
mod ingest;
mod licence;
mod number;
mod office;
mod openapi;
mod packets;
mod page_files;
mod problem;
mod recovery;
mod registry;
mod router;
mod throttle;
mod verification;

pub use centre::{Centre, CentreConfig};
pub use clock::Clock;
pub use demo::{DemoBranch, DemoCounter, DemoDepartment, DemoFile, DemoStaff};
pub use fault::CentreFault;
pub use openapi::openapi;
pub use router::{router, serve};
