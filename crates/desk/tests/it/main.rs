//! The desk without a window: a counter in a folder of its own, with a clock that the test moves or with the virtual network scanner.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and says why it was skipped")]

mod camera;
mod catalogues;
mod counter;
mod day;
mod figures;
mod fillings;
mod inbox;
mod limits;
mod lone_counter;
mod outcomes;
mod page_acts;
mod paper;
mod restored;
mod scanners;
mod scanning;
mod stacks;
mod stand;
mod troubles;
mod visit;
mod whole;
