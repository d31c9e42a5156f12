//! Documents that a citizen carries home: rendered, signed, printed once, and followed to the end.
//!
//! Templates and data become a PDF ([`render()`]), the PDF goes to a printer over IPP ([`PrinterPort`]), and a small
//! state machine ([`job`]) makes sure that nothing is ever sent twice. Deliberately absent: the clock, the case, the
//! database, and any artwork of emblems or seals.

mod codes;
mod data;
mod drawing;
mod expand;
mod fault;
mod fonts;
pub mod job;
mod layout;
pub mod licence_code;
mod pdf;
mod place;
mod preview;
mod printer;
mod render;
mod template;
mod typeset;

pub use data::{
    Agent, Applicant, CertificateLine, CopyNote, Dates, DeficiencyLine, Delivery, DocumentData, LicenceFields, MaterialLine, MatterLine, OutstandingLine,
    Refusal,
};
pub use fault::PrintFault;
pub use fonts::FontShelf;
pub use preview::preview_png;
pub use printer::{
    FoundJob, IppPrinter, JobId, JobProgress, JobTicket, MAX_JOB_NAME_BYTES, PortFault, PrinterPort, PrinterReason, PrinterState, PrinterStatus,
};
pub use render::{Calibration, DocumentKind, Language, Mode, RenderedDocument, check_template, check_templates, render};
