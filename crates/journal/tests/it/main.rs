//! What crate `journal` promises, from outside.

mod chain;
mod corpus;
mod encoding;
mod generated;
mod segment;
