//! Whole documents: rendered, measured, read back by independent programs, printed on a virtual printer.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(clippy::print_stderr, reason = "a test that is skipped says so where the tests are run")]

mod archive;
mod documents;
mod fields;
mod golden;
mod jobs;
mod placing;
mod printing;
mod queue;
mod sample;
mod sample_acts;
mod sample_more;
mod slips;
mod tools;
mod validators;
