//! testkit

pub mod escl;
