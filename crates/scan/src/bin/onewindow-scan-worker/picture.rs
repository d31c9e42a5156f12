//! Pages that come as whole pictures, handed on as rows.

use image::DynamicImage;
use onewindow_scan::pipe::{PipeError, Report};
use onewindow_scan::{FrameKind, PageParameters};

pub(crate) use onewindow_scan::picture::{Unusable, decoded};

use crate::outbox::Outbox;

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
