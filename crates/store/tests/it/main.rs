//! What crate `store` promises, from outside: real files in a temporary folder.

mod basics;
#[path = "../../../journal/tests/it/generated.rs"]
mod generated;
mod ground;
