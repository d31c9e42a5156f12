//! Whole pages through the public interface, drawn in the test itself.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test says why it was skipped, and stops where something is missing"
)]

mod drawing;
mod embedded;
mod file_text;
mod group_four;
mod hostile_files;
mod papers;
mod phone_photos;
mod quality;
mod reading;
mod upright;
mod zones;
