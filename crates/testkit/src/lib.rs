//! testkit

pub mod escl;
pub mod papers;
