//! Cases, matters, materials, applicants, identifiers, deadlines and the rules of their state.
//!
//! A case is the fold of its [`event::CaseEvent`]s. Absent on purpose: I/O, clocks, async, randomness and serialisation;
//! every edge (disk, wire, window) keeps its own serialisable twin of these types.

pub mod amount;
pub mod calendar;
pub mod case;
#[allow(missing_docs, reason = "the sentence of a variant names its fields")]
pub mod decide;
#[allow(missing_docs, reason = "the sentence of a variant names its fields")]
pub mod event;
pub mod identifier;
pub mod ids;
pub mod print_job;
pub mod state;
pub mod text;

pub use case::Case;
pub use event::CaseEvent;
