//! Documents that a citizen carries home: rendered, signed, printed once, and followed to the end.
//!
//! Templates and data become a PDF ([`render()`]), the PDF goes to a printer over IPP ([`PrinterPort`]), and a small
//! state machine ([`job`]) makes sure that nothing is ever sent twice. Deliberately absent: the clock, the case, the
//! database, and any artwork of emblems or seals.

mod capability;
mod codes;
mod data;
mod drawing;
mod expand;
mod fault;
mod fonts;
pub mod job;
mod kind;
mod layout;
pub mod licence_code;
mod pdf;
mod place;
mod preview;
mod printer;
mod raster;
mod render;
mod shelf;
mod spooler;
mod template;
mod thermal;
mod typeset;

pub use capability::Capabilities;
pub use data::{
    Agent, Applicant, BlankLine, CertificateLine, Commitment, Condition, CopyFacts, CopyNote, Count, Dates, DayFigures, DaySheet, Decision, DeficiencyLine,
    Delivery, DocumentData, GuideLine, HandOver, HandOverLine, LicenceFields, MaterialLine, MatterLine, Money, MoneyLine, OutstandingLine, Procedure, Refusal,
    Service, Tenancy, Ticket,
};
pub use fault::PrintFault;
pub use fonts::FontShelf;
pub use kind::{DocumentKind, Medium};
pub use preview::preview_png;
pub use printer::{
    FoundJob, IppPrinter, JobId, JobProgress, JobTicket, MAX_JOB_NAME_BYTES, PortFault, PrinterPort, PrinterReason, PrinterState, PrinterStatus,
};
pub use raster::{SLIP_DOTS, SlipRaster, rasterize_slip};
pub use render::{Calibration, Language, Mode, RenderedDocument, render};
pub use shelf::{TemplateShelf, check_template, check_templates};
pub use spooler::SPOOLER_SCHEME;
#[cfg(windows)]
pub use spooler::SpoolerPrinter;
pub use thermal::{ThermalAddress, ThermalPrinter};
