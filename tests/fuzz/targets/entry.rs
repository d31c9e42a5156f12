//! Any bytes as a journal entry: a fault or an entry, and an entry that was read is written as bytes that read the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onewindow_journal::{decode, encode};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(entry) = decode(bytes) {
        let again = encode(&entry);
        assert_eq!(decode(&again).as_ref(), Ok(&entry), "what was read and written reads the same");
    }
});
