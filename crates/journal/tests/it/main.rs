//! What crate `journal` promises, from outside.

mod chain;
mod encoding;
mod generated;
mod segment;
