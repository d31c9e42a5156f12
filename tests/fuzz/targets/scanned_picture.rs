#![no_main]
#![allow(missing_docs, reason = "libFuzzer's macro makes a public function")]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| onewindow_fuzz::scanned_picture(bytes));
