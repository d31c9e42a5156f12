//! What a file-splitting worker may be told by its parent: any bytes on its input.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = onewindow_capture::isolated::serve(bytes, std::io::sink());
});
