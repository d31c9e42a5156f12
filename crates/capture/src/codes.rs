//! Barcodes and QR codes on a page: first on a reduced picture, then on the full one when nothing was found.
//! Absent on purpose: what a code's text means.

use zxingcpp::{BarcodeFormat, BarcodeReader, ImageFormat, ImageView};

use crate::ocr::TextLine;
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
    let factor = reduction(gray);
    let small = gray.reduced(factor);
    if CLEAR.seen(&small).next().is_some() {
        read(&small, factor, false)
    } else {
        Vec::new()
    }
}

/// What a tile of a code looks like on the reduced page: ink in every row, while lines of text leave empty rows between them.
#[derive(Clone, Copy)]
struct Tile {
    /// Side in elements.
    side: u32,
    /// Contrast, at least.
    contrast: u8,
    /// Dark elements in every row, at least.
    in_row: usize,
    /// Dark elements in a hundred, at least.
    dark: usize,
}

/// A code that nobody overlooks; about eight millimetres of an A4 page.
const CLEAR: Tile = Tile {
    side: 48,
    contrast: 80,
    in_row: 3,
    dark: 30,
};
/// A part of a small or worn code, or of anything else that is not text; about four millimetres.
const FAINT: Tile = Tile {
    side: 24,
    contrast: 32,
    in_row: 1,
    dark: 20,
};

impl Tile {
    /// Corners of all tiles of a page that look like a code; each overlaps its neighbours by half.
    fn seen(self, small: &Gray) -> impl Iterator<Item = (u32, u32)> + '_ {
        let step = (self.side / 2) as usize;
        let last = move |side: u32| side.saturating_sub(self.side - 1);
        let rows = (0..last(small.height)).step_by(step);
        rows.flat_map(move |y| (0..last(small.width)).step_by(step).map(move |x| (x, y)))
            .filter(move |&(x, y)| self.is_at(small, x, y))
    }

    fn is_at(&self, small: &Gray, x: u32, y: u32) -> bool {
        let row = |dy: u32| &small.luma[((y + dy) * small.width + x) as usize..][..self.side as usize];
        let (mut low, mut high) = (255, 0);
        // A look at every fourth row tells most tiles apart.
        for dy in (0..self.side).step_by(4) {
            for &v in row(dy) {
                low = low.min(v);
                high = high.max(v);
            }
        }
        if high - low < self.contrast {
            return false;
        }
        let middle = low / 2 + high / 2;
        let mut dark = 0;
        for dy in 0..self.side {
            let count = row(dy).iter().filter(|&&v| v < middle).count();
            if count < self.in_row {
                return false;
            }
            dark += count;
        }
        let all = (self.side * self.side) as usize;
        (all * self.dark / 100..all * 3 / 4).contains(&dark)
    }
}

/// A line read with less confidence may be a code taken for text.
const SURELY_READ: f32 = 0.8;

/// All codes of a page whose lines were read: a long look, unless nothing on the page looks like a code but what was read as text.
pub(crate) fn find_codes_beside_text(gray: &Gray, lines: &[TextLine]) -> Vec<Code> {
    if shows_more_than_text(gray, lines) {
        find_all_codes(gray)
    } else {
        Vec::new()
    }
}

fn shows_more_than_text(gray: &Gray, lines: &[TextLine]) -> bool {
    let factor = reduction(gray);
    let is_text = |&(x, y): &(u32, u32)| {
        let middle = |at: u32| (at + FAINT.side / 2) * factor;
        let mut surely_read = lines.iter().filter(|line| line.confidence >= SURELY_READ);
        surely_read.any(|line| line.region.holds(middle(x), middle(y)))
    };
    FAINT.seen(&gray.reduced(factor)).any(|tile| !is_text(&tile))
}

/// By how much a page is reduced for the first look.
fn reduction(gray: &Gray) -> u32 {
    gray.width.max(gray.height).div_ceil(FIRST_SIDE_PX).max(1)
}

/// All codes that can be read, however long it takes (tenths of a second): reduced first, in full on a miss.
pub fn find_all_codes(gray: &Gray) -> Vec<Code> {
    let found = on_reduced(gray);
    if found.is_empty() { read(gray, 1, true) } else { found }
}

/// Nothing when the page is no larger than the reduced one would be.
fn on_reduced(gray: &Gray) -> Vec<Code> {
    let factor = reduction(gray);
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

#[cfg(test)]
mod tests {
    use qrcodegen::{QrCode, QrCodeEcc};

    use super::*;

    /// A page at 200 dpi with lines of bars, and the lines as they would be read.
    fn page_of_text() -> (Gray, Vec<TextLine>) {
        let mut gray = Gray {
            width: 1654,
            height: 2339,
            luma: vec![250; 1654 * 2339],
        };
        let mut lines = Vec::new();
        // A title as high as a code, and lines of usual height.
        for (top, height) in std::iter::once((40, 120)).chain((200..2000).step_by(60).map(|top| (top, 32))) {
            for x in (200..1400).filter(|x| x % 9 < 4) {
                (top..top + height).for_each(|y| gray.luma[(y * 1654 + x) as usize] = 30);
            }
            lines.push(TextLine {
                text: "字".to_owned(),
                region: Region {
                    x: 195,
                    y: top - 5,
                    width: 1210,
                    height: height + 10,
                },
                confidence: 0.95,
                places: Vec::new(),
            });
        }
        (gray, lines)
    }

    fn with_code(gray: &mut Gray, x: u32, y: u32, module_px: u32, ink: u8) {
        let code = QrCode::encode_text("https://example.invalid/1", QrCodeEcc::Medium).expect("short");
        for dy in 0..code.size() as u32 * module_px {
            for dx in 0..code.size() as u32 * module_px {
                if code.get_module((dx / module_px) as i32, (dy / module_px) as i32) {
                    gray.luma[((y + dy) * gray.width + x + dx) as usize] = ink;
                }
            }
        }
    }

    #[test]
    fn a_code_beside_text_is_found_however_small_or_pale() {
        for (module_px, ink) in [(3, 30), (4, 190), (8, 30)] {
            let (mut gray, lines) = page_of_text();
            with_code(&mut gray, 1300, 2050, module_px, ink);
            let texts: Vec<_> = find_codes_beside_text(&gray, &lines).into_iter().map(|code| code.text).collect();
            assert_eq!(texts, ["https://example.invalid/1"], "modules of {module_px}, ink {ink}");
        }
    }

    #[test]
    fn a_code_taken_for_an_unsure_line_is_found() {
        let (mut gray, mut lines) = page_of_text();
        with_code(&mut gray, 1300, 2050, 6, 30);
        lines.push(TextLine {
            text: "图".to_owned(),
            region: Region {
                x: 1290,
                y: 2040,
                width: 240,
                height: 240,
            },
            confidence: 0.5,
            places: Vec::new(),
        });
        assert_eq!(find_codes_beside_text(&gray, &lines).len(), 1);
    }

    #[test]
    fn nothing_but_text_does_not_look_like_a_code() {
        let (gray, lines) = page_of_text();
        assert!(!shows_more_than_text(&gray, &lines));
        // The title does, were it not read.
        assert!(shows_more_than_text(&gray, &[]));
    }
}
