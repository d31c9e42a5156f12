//! Any text as a network scanner's capabilities, status and address.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onewindow_scan::escl;

fuzz_target!(|text: &str| {
    let _ = escl::read_capabilities(text);
    let _ = escl::read_status(text);
    if let Some(id) = escl::scanner_at(text) {
        assert!(escl::url_of(&id).is_some(), "an identity made here is read back");
    }
});
