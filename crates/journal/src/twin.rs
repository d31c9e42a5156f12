//! Serialisable twins of the case events and counter events. Converting is total in both directions: whatever could be
//! wrong (a digest that is no digest, a day that is no day) is refused while reading, by the small types at the end.
//! Absent on purpose: meaning. A new field is added with `default`, an existing tag is never given another meaning.

mod case_event;
mod case_value;
mod counter_event;
mod value;
mod visit;

pub(crate) use case_event::CaseEventTwin;
pub(crate) use counter_event::CounterEventTwin;
pub(crate) use value::{Day, Hex};
