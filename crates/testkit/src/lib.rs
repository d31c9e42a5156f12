//! testkit

pub mod camera;
pub mod cups;
pub mod departments;
pub mod escl;
pub mod papers;
pub mod printer;
pub mod thermal;
