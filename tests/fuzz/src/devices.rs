//! What comes from devices, from files of strangers, and from the workers that deal with both.

use std::io::Cursor;

use image::{ImageFormat, ImageReader};
use onewindow_capture::{Limits, PaperHint, import as files, isolated, process_each, read_file_text};
use onewindow_scan::PageAssembly;
use onewindow_scan::camera::{Frame, PartReader, Yuyv, boundary_of};
use onewindow_scan::escl as network;
use onewindow_scan::escl::{Announced, read_answer, scanners_in};
use onewindow_scan::picture::decoded;
use onewindow_scan::pipe::{Report, read_order, read_report};
use time::Date;

/// Any bytes as a camera's stream over HTTP, as its content type, and as one frame in each of its forms. The first two bytes give the
/// sides of an uncompressed frame.
pub fn camera(bytes: &[u8]) {
    let boundary = std::str::from_utf8(bytes).ok().and_then(boundary_of);
    let mut parts = PartReader::new(bytes, boundary.as_deref().unwrap_or("frame"));
    while let Ok(part) = parts.next_part() {
        assert!(part.len() <= bytes.len(), "a part holds what came and no more");
        let _picture = small_picture(part);
    }
    let _picture = small_picture(bytes.to_vec());
    if let [width, height, rows @ ..] = bytes {
        let frame = Frame::Yuyv(Yuyv {
            width_px: u32::from(*width),
            height_px: u32::from(*height),
            row_bytes: usize::from(*width) * 2,
            bytes: rows.to_vec(),
        });
        if let Some(picture) = frame.picture() {
            assert_eq!((picture.width(), picture.height()), (u32::from(*width), u32::from(*height)));
        }
    }
}

/// Decodes a frame unless its header says that it is a large one, which is allowed and slow.
fn small_picture(jpeg: Vec<u8>) -> Option<(u32, u32)> {
    let large = |pair: &[u8]| pair[0] == 0xff && matches!(pair[1], 0xc0..=0xc2) && (pair[5] > 3 || pair[7] > 3);
    if jpeg.windows(9).any(large) {
        return None;
    }
    Frame::Jpeg(jpeg).picture().map(|picture| (picture.width(), picture.height()))
}

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

/// Any bytes as a file: every decoder behind `import::split`, within small limits; what is taken goes the way of a page, with the lines of
/// text that a picture carries in its header.
pub fn import(bytes: &[u8]) {
    let limits = Limits {
        max_pixels: 600_000,
        max_pages: 4,
        max_import_ms: 2_000,
        pdf_dpi: 50,
        ..Limits::default()
    };
    for page in files::split(bytes, "a.pdf", &limits).unwrap_or_default() {
        let pages = process_each(&page, &PaperHint::default(), &limits, None);
        for page in pages.unwrap_or_default() {
            let (_, fields) = read_file_text(&page, &PaperHint::default(), TODAY);
            assert!(
                fields.iter().all(|field| !field.evidence.is_proven()),
                "what a file says of itself proves nothing"
            );
        }
    }
}

/// A business date; only the age of what stands on a page depends on it.
const TODAY: Date = time::macros::date!(2026 - 11 - 21);

/// Any bytes as the whole picture that a network scanner or one of Windows sends for a page. The first byte says which.
pub fn scanned_picture(bytes: &[u8]) {
    let [which, bytes @ ..] = bytes else { return };
    let format = if which % 2 == 0 { ImageFormat::Jpeg } else { ImageFormat::Bmp };
    // Large pictures are allowed and slow: their headers alone are looked at here.
    let small = ImageReader::with_format(Cursor::new(bytes), format).into_dimensions();
    if small.is_ok_and(|(width, height)| u64::from(width) * u64::from(height) > 1_000_000) {
        return;
    }
    let _picture = decoded(bytes, format);
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
            | Report::Preview(_)
            | Report::Looked { .. }
            | Report::CameraFailed { .. }
            | Report::Finished
            | Report::GlassInstead
            | Report::JamOrEmpty
            | Report::TooManyPages
            | Report::PageTooLarge { .. }
            | Report::SourceMissing
            | Report::Failed { .. } => {}
        }
    }
}
