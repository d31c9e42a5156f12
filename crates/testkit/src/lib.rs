//! testkit

pub mod escl;
pub mod papers;
pub mod printer;
