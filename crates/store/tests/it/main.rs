//! What crate `store` promises, from outside: real files in a temporary folder.
//! With `ONEWINDOW_SLOW=1` the fault tests run in full instead of in their short form; their counts are in `target/faults.json`.
#![allow(
    clippy::print_stdout,
    reason = "the counts of faults, losses and undetected damages are the result, not only pass or fail"
)]

mod basics;
mod damage;
mod faults;
mod fixtures;
mod full_disk;
#[path = "../../../journal/tests/it/generated.rs"]
mod generated;
mod ground;
mod keys;
mod kills;
mod logs;
mod packets;
mod power;
mod rebuild;
mod retention;
mod secrecy;
mod tally;
