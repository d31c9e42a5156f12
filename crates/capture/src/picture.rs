//! Pictures made from a corrected page on the clerk's word: turned by hand, cut out to stand beside a value, or fitted to a screen.
//! Absent on purpose: judging; a page turned by hand keeps the judgement of its arrival.

use crate::encode;
use crate::fault::CaptureFault;
use crate::import::{self, RawContent, RawPage};
use crate::likeness::perceptual_hash;
use crate::limits::Limits;
use crate::raster::Raster;
use crate::reading::UprightPage;

/// Quality of what is looked at once and not kept: a snippet, a page fitted to a screen.
const SCREEN_QUALITY: u8 = 85;

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
        perceptual_hash: perceptual_hash(&turned.to_gray()),
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
    encode::jpeg(&raster.cropped(x, y, width, height), SCREEN_QUALITY, dpi)
}

/// The page for a screen: a JPEG whose longer side has at least `side_px` elements and fewer than twice as many, or the page as it is
/// when it has no more. A window that is given this draws it in no time; a whole page has ten times the elements of a screen.
///
/// # Errors
/// The faults of decoding.
pub fn fitted(page: Vec<u8>, side_px: u32) -> Result<Vec<u8>, CaptureFault> {
    let (raster, dpi) = decode(&page)?;
    let factor = raster.width.max(raster.height) / side_px.max(1);
    if factor <= 1 {
        return viewable(page);
    }
    encode::jpeg(&raster.reduced(factor), SCREEN_QUALITY, dpi.map(|dpi| dpi / factor as f32))
}

/// Width of the white strip between two pages put on one sheet, elements.
const JOIN_GAP_PX: u32 = 60;

/// The two halves of a page, left and right of a wide one, top and bottom of a tall one: a booklet scanned open.
///
/// # Errors
/// The faults of decoding.
pub fn halves(page: &[u8]) -> Result<[RawPage; 2], CaptureFault> {
    let (raster, dpi) = decode(page)?;
    let (w, h) = (raster.width, raster.height);
    let parts = if w >= h {
        [raster.cropped(0, 0, w / 2, h), raster.cropped(w / 2, 0, w - w / 2, h)]
    } else {
        [raster.cropped(0, 0, w, h / 2), raster.cropped(0, h / 2, w, h - h / 2)]
    };
    Ok(parts.map(|part| raw(part, dpi)))
}

/// Two pages below one another on one white sheet: both sides of a card as one page of the file.
///
/// # Errors
/// The faults of decoding.
pub fn joined(upper: &[u8], lower: &[u8]) -> Result<RawPage, CaptureFault> {
    let ((upper, dpi), (lower, _)) = (decode(upper)?, decode(lower)?);
    let width = upper.width.max(lower.width) + 2 * JOIN_GAP_PX;
    let mut sheet = Raster::filled(width, upper.height + lower.height + 3 * JOIN_GAP_PX, [255; 3]);
    sheet.put(&upper, (width - upper.width) / 2, JOIN_GAP_PX);
    sheet.put(&lower, (width - lower.width) / 2, upper.height + 2 * JOIN_GAP_PX);
    Ok(raw(sheet, dpi))
}

/// The bytes of a kept page in a form that a window can show: what it can not (TIFF) becomes a JPEG.
///
/// # Errors
/// The faults of decoding.
pub fn viewable(page: Vec<u8>) -> Result<Vec<u8>, CaptureFault> {
    if page.starts_with(b"II*\0") || page.starts_with(b"MM\0*") {
        let (raster, dpi) = decode(&page)?;
        return encode::jpeg(&raster, encode::PAGE_QUALITY, dpi);
    }
    Ok(page)
}

fn raw(raster: Raster, dpi: Option<f32>) -> RawPage {
    RawPage {
        dpi,
        ..RawPage::from_pixels(1, raster, 0.0)
    }
}

fn decode(page: &[u8]) -> Result<(Raster, Option<f32>), CaptureFault> {
    let limits = Limits::default();
    let raw: RawPage = import::split(page, "", &limits)?.into_iter().next().ok_or(CaptureFault::NoPages)?;
    debug_assert!(matches!(raw.content, RawContent::File { .. }), "a kept page is a file");
    Ok((raw.decode(&limits)?.into_owned(), raw.dpi))
}
