//! Any bytes as a file: every decoder behind `import::split`, within small limits; what is taken must also decode.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onewindow_capture::{Limits, import};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits {
        max_pixels: 1_000_000,
        max_pages: 4,
        max_import_ms: 2_000,
        pdf_dpi: 50,
        ..Limits::default()
    };
    for page in import::split(bytes, "a.pdf", &limits).unwrap_or_default() {
        let _ = page.decode(&limits);
    }
});
