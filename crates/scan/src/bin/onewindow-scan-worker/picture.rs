//! Pages that come as whole pictures: decoded within bounds and handed on as rows.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, ImageReader};
use onewindow_scan::pipe::{PipeError, Report};
use onewindow_scan::{FrameKind, PageParameters};

use crate::outbox::Outbox;

/// Pixels of a page: A3 at 600 dpi.
const PAGE_PIXELS_MAX: u64 = 80_000_000;

/// Why a picture is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unusable {
    TooLarge,
    Damaged,
}

/// The picture, when it is of this kind and within bounds.
pub(crate) fn decoded(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, Unusable> {
    let mut header = ImageReader::new(Cursor::new(bytes));
    header.set_format(format);
    let (width, height) = header.into_dimensions().map_err(|_| Unusable::Damaged)?;
    if u64::from(width) * u64::from(height) > PAGE_PIXELS_MAX {
        return Err(Unusable::TooLarge);
    }
    image::load_from_memory_with_format(bytes, format).map_err(|_| Unusable::Damaged)
}

/// Announces a page and hands on its rows, in grey when colour is not wanted. A picture that is not `whole` is announced and then ends
/// early, which the parent calls a short page.
pub(crate) fn send(outbox: &mut Outbox, page: DynamicImage, colour: bool, whole: bool, sequence: u32, dpi: u32) -> Result<(), PipeError> {
    let (width, height) = (page.width(), page.height());
    let (frame, samples, pixels) = if colour && page.color().has_color() {
        (FrameKind::Rgb, 3, page.into_rgb8().into_raw())
    } else {
        (FrameKind::Gray, 1, page.into_luma8().into_raw())
    };
    outbox.send(&Report::PageStarted(PageParameters {
        sequence,
        frame,
        depth: 8,
        bytes_per_line: (width * samples) as i32,
        pixels_per_line: width as i32,
        lines: height as i32,
        dpi,
    }))?;
    if whole {
        outbox.send_rows(&pixels)?;
    }
    outbox.send(&Report::PageEnded)
}
