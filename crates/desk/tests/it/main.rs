//! The desk without a window: a counter in a folder of its own, with a clock that the test moves.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod day;
mod lone_counter;
