//! What comes from devices, from files of strangers, and from the workers that deal with both.

use onewindow_capture::{Limits, import as files, isolated};
use onewindow_scan::PageAssembly;
use onewindow_scan::escl as network;
use onewindow_scan::escl::{Announced, read_answer, scanners_in};
use onewindow_scan::pipe::{Report, read_order, read_report};

/// Any datagram as an answer of a scanner that announces itself.
pub fn discovery(bytes: &[u8]) {
    let mut announced = Announced::default();
    read_answer(bytes, &mut announced);
    let _scanners = scanners_in(&announced);
}

/// Any text as a network scanner's capabilities, status and address.
pub fn escl(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _capabilities = network::read_capabilities(text);
    let _status = network::read_status(text);
    if let Some(id) = network::scanner_at(text) {
        assert!(network::url_of(&id).is_some(), "an identity made here is read back");
    }
}

/// Any bytes as a file: every decoder behind `import::split`, within small limits; what is taken must also decode or say why not.
pub fn import(bytes: &[u8]) {
    let limits = Limits {
        max_pixels: 1_000_000,
        max_pages: 4,
        max_import_ms: 2_000,
        pdf_dpi: 50,
        ..Limits::default()
    };
    for page in files::split(bytes, "a.pdf", &limits).unwrap_or_default() {
        let _raster = page.decode(&limits);
    }
}

/// Any bytes as what a file-splitting worker says to its parent, which must not believe any length in them.
pub fn import_answers(bytes: &[u8]) {
    let limits = Limits {
        max_pixels: 100_000,
        max_pages: 4,
        ..Limits::default()
    };
    for page in isolated::read_answers(bytes, &limits).unwrap_or_default() {
        let _raster = page.decode(&limits);
    }
}

/// Any bytes as what a scan worker is told and says, and as rows of a page.
pub fn scan_pipe(bytes: &[u8]) {
    let _order = read_order(&mut &bytes[..]);
    let mut pipe = bytes;
    let mut page: Option<PageAssembly> = None;
    while let Ok(Some(report)) = read_report(&mut pipe) {
        match report {
            Report::PageStarted(parameters) => page = PageAssembly::new(parameters).ok(),
            Report::Rows(rows) => {
                if let Some(page) = &mut page {
                    let _pushed = page.push(&rows);
                }
            }
            Report::PageEnded => drop(page.take().map(PageAssembly::finish)),
            Report::Hello { .. }
            | Report::Entered { .. }
            | Report::Preparing
            | Report::Scanners { .. }
            | Report::Capabilities(_)
            | Report::Finished
            | Report::TooManyPages
            | Report::SourceMissing
            | Report::Failed { .. } => {}
        }
    }
}
