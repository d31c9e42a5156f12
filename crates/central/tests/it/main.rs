//! The centre over its real HTTP, on a port of its own, with a clock that the test moves.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod blanks;
mod branch;
mod counter;
mod crash;
mod departments;
mod enrolment;
mod entries;
mod feed;
mod http;
mod licences;
mod packets;
mod pages;
mod stand;
mod window;
