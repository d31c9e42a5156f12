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

/// Pages of at most this many elements are looked at in full at once: photographs of a code, cards.
const FULL_AT_ONCE: u64 = 2_600_000;

/// The codes that show at the pace of the scanner: on a large page where the reduced page looks like a code, on a small page anywhere.
pub(crate) fn find_codes(gray: &Gray) -> Vec<Code> {
    if u64::from(gray.width) * u64::from(gray.height) <= FULL_AT_ONCE {
        let found = on_reduced(gray);
        return if found.is_empty() { read(gray, 1, true) } else { found };
    }
    let factor = gray.width.max(gray.height).div_ceil(FIRST_SIDE_PX).max(1);
    let small = gray.reduced(factor);
    if looks_like_code(&small) { read(&small, factor, false) } else { Vec::new() }
}

/// Side of the tiles looked at, elements of the reduced page: about eight millimetres of an A4 page.
const TILE: u32 = 48;
/// Contrast within a tile of a code.
const TILE_CONTRAST: u8 = 80;

/// Whether some tile has ink in every row and is dark to a third or more: lines of text leave empty rows between them, codes do not.
fn looks_like_code(small: &Gray) -> bool {
    let step = (TILE / 2) as usize;
    let rows = (0..small.height.saturating_sub(TILE - 1)).step_by(step);
    rows.flat_map(|y| (0..small.width.saturating_sub(TILE - 1)).step_by(step).map(move |x| (x, y)))
        .any(|(x, y)| is_dense(small, x, y))
}

fn is_dense(small: &Gray, x: u32, y: u32) -> bool {
    let row = |dy: u32| &small.luma[((y + dy) * small.width + x) as usize..][..TILE as usize];
    let (mut low, mut high) = (255, 0);
    // A look at every fourth row tells most tiles apart.
    for dy in (0..TILE).step_by(4) {
        for &v in row(dy) {
            low = low.min(v);
            high = high.max(v);
        }
    }
    if high - low < TILE_CONTRAST {
        return false;
    }
    let middle = low / 2 + high / 2;
    let mut dark = 0;
    for dy in 0..TILE {
        let count = row(dy).iter().filter(|&&v| v < middle).count();
        if count < 3 {
            return false;
        }
        dark += count;
    }
    let all = (TILE * TILE) as usize;
    (all * 3 / 10..all * 3 / 4).contains(&dark)
}

/// All codes that can be read, however long it takes (tenths of a second): reduced first, in full on a miss.
pub fn find_all_codes(gray: &Gray) -> Vec<Code> {
    let found = on_reduced(gray);
    if found.is_empty() { read(gray, 1, true) } else { found }
}

/// Nothing when the page is no larger than the reduced one would be.
fn on_reduced(gray: &Gray) -> Vec<Code> {
    let factor = gray.width.max(gray.height).div_ceil(FIRST_SIDE_PX).max(1);
    if factor == 1 {
        return Vec::new();
    }
    read(&gray.reduced(factor), factor, false)
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
