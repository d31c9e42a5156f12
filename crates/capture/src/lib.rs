//! From raw bytes to an upright, cropped, judged, read page.
//!
//! Two steps: [`process`] takes a fraction of a second and gives a page that can be shown and kept; [`read`] takes seconds and gives
//! its text, codes and fields with evidence. Files come in through [`import::split`]. Untrusted bytes meet limits first
//! ([`Limits`]); nothing here panics on them. Absent on purpose: devices (crate `scan`), keeping (crate `store`), checking
//! against the case (crate `rules`), the clock (callers give the business date), the network, and threads beyond the reader's pool.

mod codes;
mod edges;
mod encode;
mod fault;
mod fields;
pub mod import;
mod likeness;
mod limits;
pub mod ocr;
mod page;
mod paper;
mod picture;
mod priority;
mod process;
mod quality;
mod raster;
mod reading;
mod skew;
mod straighten;
mod text_layer;
mod zone;

pub use codes::find_all_codes;
pub use edges::{PaperInView, paper_in_view};
pub use fault::{CaptureFault, OcrFault};
pub use fields::{Evidence, ReadField, field_keys};
pub use import::isolated;
pub use import::{FileKind, ImportNote, RawContent, RawPage};
pub use likeness::hamming;
pub use limits::Limits;
pub use ocr::{Reader, TextLine};
pub use page::{Code, Corner, PageVerdict, ProcessedPage, Quality, QualityFinding, Region, Timings, Wording};
pub use paper::{ID_1_MM, PaperHint, PaperKind, recognise_paper};
pub use picture::{fitted, halves, joined, snippet, turn, viewable};
pub use priority::give_way;
pub use process::{cut, process, process_each, residual_skew_deg};
pub use raster::{Gray, Raster};
pub use reading::{Reading, RecognisedPaper, UprightPage, read};
pub use skew::SKEW_CONFIDENCE_MIN;
pub use text_layer::read_file_text;
pub use zone::MrzReading;
