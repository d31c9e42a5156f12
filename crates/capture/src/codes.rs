//! Barcodes and QR codes on a page: first on a reduced picture, then on the full one when nothing was found.
//! Absent on purpose: what a code's text means.

use zxingcpp::{BarcodeFormat, BarcodeReader, ImageFormat, ImageView};

use crate::page::{Code, Region};
use crate::raster::Gray;

/// Most codes taken from one page.
const MAX_CODES: i32 = 16;
/// Longer side of the reduced picture tried first.
const FIRST_SIDE_PX: u32 = 1800;

/// Kinds that stand on papers here. Weaker linear codes (ITF, two-digit add-ons) are read out of plain text too often.
const FORMATS: [BarcodeFormat; 8] = [
    BarcodeFormat::QRCode,
    BarcodeFormat::MicroQRCode,
    BarcodeFormat::DataMatrix,
    BarcodeFormat::Aztec,
    BarcodeFormat::PDF417,
    BarcodeFormat::Code128,
    BarcodeFormat::Code39,
    BarcodeFormat::EAN13,
];

/// All codes that can be read, without repetition.
pub(crate) fn find_codes(gray: &Gray) -> Vec<Code> {
    let factor = gray.width.max(gray.height).div_ceil(FIRST_SIDE_PX).max(1);
    if factor > 1 {
        let found = read(&gray.reduced(factor), factor, false);
        if !found.is_empty() {
            return found;
        }
    }
    read(gray, 1, true)
}

fn read(gray: &Gray, scale: u32, try_harder: bool) -> Vec<Code> {
    let reader = BarcodeReader::new()
        .formats(FORMATS)
        .try_harder(try_harder)
        .try_rotate(true)
        .try_invert(false)
        .max_number_of_symbols(MAX_CODES);
    let Ok(view) = ImageView::from_slice(&gray.luma, gray.width, gray.height, ImageFormat::Lum) else {
        return Vec::new();
    };
    let mut codes: Vec<Code> = Vec::new();
    for barcode in reader.from(view).unwrap_or_default() {
        let text = barcode.text();
        if barcode.is_valid() && !text.is_empty() && !codes.iter().any(|c| c.text == text) {
            codes.push(Code {
                format: format!("{:?}", barcode.format()),
                text,
                region: region(&barcode.position(), gray, scale),
            });
        }
    }
    codes
}

fn region(position: &zxingcpp::Position, gray: &Gray, scale: u32) -> Region {
    let corners = [position.top_left, position.top_right, position.bottom_right, position.bottom_left];
    let bound = |value: i32, side: u32| value.clamp(0, side as i32) as u32 * scale;
    let xs = corners.map(|c| bound(c.x, gray.width));
    let ys = corners.map(|c| bound(c.y, gray.height));
    let (left, right) = (xs.into_iter().min().unwrap_or(0), xs.into_iter().max().unwrap_or(0));
    let (top, bottom) = (ys.into_iter().min().unwrap_or(0), ys.into_iter().max().unwrap_or(0));
    Region {
        x: left,
        y: top,
        width: (right - left).max(1),
        height: (bottom - top).max(1),
    }
}
