//! Any datagram as an answer of a scanner that announces itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onewindow_scan::escl::{Announced, read_answer, scanners_in};

fuzz_target!(|bytes: &[u8]| {
    let mut announced = Announced::default();
    read_answer(bytes, &mut announced);
    let _ = scanners_in(&announced);
});
