//! Whole pictures that devices send, decoded within bounds. Absent on purpose: handing them on, which the worker does.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, ImageReader};

/// Pixels of a page: A3 at 600 dpi.
const PAGE_PIXELS_MAX: u64 = 80_000_000;

/// Why a picture is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unusable {
    /// Its header announces more than a page can have; nothing was decoded.
    TooLarge,
    /// It can not be decoded.
    Damaged,
}

/// The picture, when it is of this kind and within bounds.
///
/// # Errors
/// See [`Unusable`].
pub fn decoded(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage, Unusable> {
    let mut header = ImageReader::new(Cursor::new(bytes));
    header.set_format(format);
    let (width, height) = header.into_dimensions().map_err(|_| Unusable::Damaged)?;
    if u64::from(width) * u64::from(height) > PAGE_PIXELS_MAX {
        return Err(Unusable::TooLarge);
    }
    image::load_from_memory_with_format(bytes, format).map_err(|_| Unusable::Damaged)
}
