//! Pictures made from a corrected page on the clerk's word: turned by hand, or cut out to stand beside a value.
//! Absent on purpose: judging; a page turned by hand keeps the judgement of its arrival.

use crate::encode;
use crate::fault::CaptureFault;
use crate::import::{self, RawContent, RawPage};
use crate::limits::Limits;
use crate::raster::Raster;
use crate::reading::UprightPage;

/// Quality of a snippet: it is looked at once and not kept.
const SNIPPET_QUALITY: u8 = 85;

/// The page turned clockwise by quarter turns.
///
/// # Errors
/// The faults of decoding.
pub fn turn(page: &[u8], quarter_turns: u8) -> Result<UprightPage, CaptureFault> {
    let (raster, dpi) = decode(page)?;
    let turned = raster.turned(quarter_turns % 4);
    Ok(UprightPage {
        jpeg: encode::jpeg(&turned, encode::PAGE_QUALITY, dpi)?,
        thumb_jpeg: encode::thumbnail(&turned, dpi)?,
        width_px: turned.width,
        height_px: turned.height,
    })
}

/// The part of a page at `[x, y, width, height]` picture elements, as JPEG; what lies outside the page is left out.
///
/// # Errors
/// The faults of decoding; `TooSmall` when nothing of the page is in it.
pub fn snippet(page: &[u8], [x, y, width, height]: [u32; 4]) -> Result<Vec<u8>, CaptureFault> {
    let (raster, dpi) = decode(page)?;
    let width = width.min(raster.width.saturating_sub(x));
    let height = height.min(raster.height.saturating_sub(y));
    if width == 0 || height == 0 {
        return Err(CaptureFault::TooSmall {
            width_px: width,
            height_px: height,
        });
    }
    encode::jpeg(&raster.cropped(x, y, width, height), SNIPPET_QUALITY, dpi)
}

fn decode(page: &[u8]) -> Result<(Raster, Option<f32>), CaptureFault> {
    let limits = Limits::default();
    let raw: RawPage = import::split(page, "", &limits)?.into_iter().next().ok_or(CaptureFault::NoPages)?;
    debug_assert!(matches!(raw.content, RawContent::File { .. }), "a kept page is a file");
    Ok((raw.decode(&limits)?, raw.dpi))
}
