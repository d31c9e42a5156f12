//! Endpoints: take a request apart, call a use case, put its answer together. About ten lines each.

pub(crate) mod allotment;
pub(crate) mod branch;
pub(crate) mod counter;
pub(crate) mod departments;
pub(crate) mod entries;
pub(crate) mod feed;
pub(crate) mod pages;
pub(crate) mod public;
mod request;
pub(crate) mod verify_page;
