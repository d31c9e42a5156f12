//! Any bytes as what a scan worker says, and as rows of a page.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onewindow_scan::pipe::{Report, read_order, read_report};
use onewindow_scan::PageAssembly;

fuzz_target!(|bytes: &[u8]| {
    let _ = read_order(&mut &bytes[..]);
    let mut pipe = bytes;
    let mut page: Option<PageAssembly> = None;
    while let Ok(Some(report)) = read_report(&mut pipe) {
        match report {
            Report::PageStarted(parameters) => page = PageAssembly::new(parameters).ok(),
            Report::Rows(rows) => {
                if let Some(page) = &mut page {
                    let _ = page.push(&rows);
                }
            }
            _ => {}
        }
    }
});
