//! From rows as a driver gives them to a page of plain pixels. Pure; all sizes come from a process that may lie, so
//! all are bounded.

use jpeg_encoder::{ColorType, Encoder, PixelDensity, SamplingFactor};
use serde::{Deserialize, Serialize};

use crate::fault::ScanFault;
use crate::rooms::PageRoom;

/// Pixels a row may have: A3 at 1200 dpi and some more.
const WIDTH_PX_MAX: usize = 30_000;
/// Rows a page may have; a JPEG holds 65,535.
const HEIGHT_PX_MAX: usize = 60_000;
/// Bytes of pixels a page may have: A3 in colour at 600 dpi takes 209 million.
const PAGE_BYTES_MAX: usize = 256 * 1024 * 1024;
/// Memory taken on the driver's word alone, before rows have come.
const RESERVE_BYTES_MAX: usize = 32 * 1024 * 1024;

/// A page as it came from the scanner.
#[derive(Clone, PartialEq, Eq)]
pub struct RawScan {
    /// Number given when the page was acquired; the order of paper, whatever happens later.
    pub sequence: u32,
    /// Pixels a row.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
    /// Resolution in effect, dots an inch; 0 when the driver does not say.
    pub dpi: u32,
    /// What a pixel is.
    pub colour: PixelColour,
    /// Rows from the top, pixels from the left, no padding.
    pub pixels: Vec<u8>,
    /// Its place among the decoded pages, where the scan was started with [`Scan::start_within`](crate::Scan::start_within).
    pub room: Option<PageRoom>,
}

impl std::fmt::Debug for RawScan {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            sequence,
            width_px,
            height_px,
            dpi,
            colour,
            pixels: _,
            room: _,
        } = self;
        write!(formatter, "RawScan(page {sequence}, {width_px}x{height_px} {colour:?}, {dpi} dpi)")
    }
}

/// What a pixel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PixelColour {
    /// One byte, 0 black.
    Gray,
    /// Three bytes: red, green, blue.
    Rgb,
}

impl PixelColour {
    fn bytes(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::Rgb => 3,
        }
    }
}

impl RawScan {
    /// Encodes the page as JPEG with its resolution in the header; quality 1 to 100, 92 keeps small print and seals.
    /// Chroma is halved (4:2:0), as scanners themselves do.
    ///
    /// # Errors
    /// [`ScanFault::PageTooLarge`] when a side has more pixels than a JPEG can hold.
    pub fn to_jpeg(&self, quality: u8) -> Result<Vec<u8>, ScanFault> {
        let too_large = ScanFault::PageTooLarge { sequence: self.sequence };
        let width = u16::try_from(self.width_px).map_err(|_| too_large)?;
        let height = u16::try_from(self.height_px).map_err(|_| too_large)?;
        let mut jpeg = Vec::with_capacity(self.pixels.len() / 8);
        let mut encoder = Encoder::new(&mut jpeg, quality.clamp(1, 100));
        if self.colour == PixelColour::Rgb {
            encoder.set_sampling_factor(SamplingFactor::F_2_2);
        }
        if let Ok(dpi @ 1..) = u16::try_from(self.dpi) {
            encoder.set_density(PixelDensity::dpi(dpi));
        }
        let kind = match self.colour {
            PixelColour::Gray => ColorType::Luma,
            PixelColour::Rgb => ColorType::Rgb,
        };
        encoder.encode(&self.pixels, width, height, kind).map_err(|_| too_large)?;
        Ok(jpeg)
    }
}

/// How a driver announces a page (`SANE_Parameters`), with its number and resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct PageParameters {
    /// Number of the page.
    pub sequence: u32,
    /// What a row holds.
    pub frame: FrameKind,
    /// Bits a sample.
    pub depth: i32,
    /// Bytes a row, with padding.
    pub bytes_per_line: i32,
    /// Pixels a row.
    pub pixels_per_line: i32,
    /// Rows; -1 when the driver does not know before the end.
    pub lines: i32,
    /// Resolution in effect, dots an inch; 0 when unknown.
    pub dpi: u32,
}

/// What a row holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FrameKind {
    /// One sample a pixel.
    Gray,
    /// Three samples a pixel.
    Rgb,
    /// One colour of a page that comes in three passes.
    SinglePass,
    /// Anything else (infrared, compressed).
    Other,
}

/// A page being put together from rows.
#[derive(Debug)]
pub struct PageAssembly {
    parameters: PageParameters,
    layout: Layout,
    rows_announced: Option<usize>,
    pixels: Vec<u8>,
    /// Bytes of a row that is not complete yet.
    partial: Vec<u8>,
}

/// How a row is read.
#[derive(Debug, Clone, Copy)]
struct Layout {
    row_bytes: usize,
    width: usize,
    colour: PixelColour,
    depth: Depth,
}

#[derive(Debug, Clone, Copy)]
enum Depth {
    One,
    Eight,
    Sixteen,
}

impl PageAssembly {
    /// Begins a page.
    ///
    /// # Errors
    /// [`ScanFault::UnsupportedFormat`] for forms that are not read here or contradict themselves,
    /// [`ScanFault::PageTooLarge`] above the bounds.
    pub fn new(parameters: PageParameters) -> Result<Self, ScanFault> {
        let layout = Layout::of(&parameters)?;
        let rows_announced = usize::try_from(parameters.lines).ok();
        if let Some(rows) = rows_announced {
            let bytes = rows.saturating_mul(layout.pixel_bytes());
            if rows > HEIGHT_PX_MAX || bytes > PAGE_BYTES_MAX {
                return Err(ScanFault::PageTooLarge { sequence: parameters.sequence });
            }
        }
        let reserve = rows_announced.unwrap_or(0).saturating_mul(layout.pixel_bytes()).min(RESERVE_BYTES_MAX);
        let pixels = Vec::with_capacity(reserve);
        Ok(Self {
            parameters,
            layout,
            rows_announced,
            pixels,
            partial: Vec::new(),
        })
    }

    /// Number of the page.
    pub fn sequence(&self) -> u32 {
        self.parameters.sequence
    }

    /// Rows complete so far.
    pub fn rows(&self) -> u32 {
        (self.pixels.len() / self.layout.pixel_bytes()) as u32
    }

    /// Rows announced; `None` when the driver does not know.
    pub fn rows_announced(&self) -> Option<u32> {
        self.rows_announced.map(|rows| rows as u32)
    }

    /// Takes bytes in any pieces.
    ///
    /// # Errors
    /// [`ScanFault::PageTooLarge`] when more rows come than a page may have.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), ScanFault> {
        let row_bytes = self.layout.row_bytes;
        if !self.partial.is_empty() {
            let missing = (row_bytes - self.partial.len()).min(bytes.len());
            self.partial.extend_from_slice(&bytes[..missing]);
            bytes = &bytes[missing..];
            if self.partial.len() == row_bytes {
                let row = std::mem::take(&mut self.partial);
                self.take_rows(&row)?;
            }
        }
        let whole = bytes.len() - bytes.len() % row_bytes;
        self.take_rows(&bytes[..whole])?;
        self.partial.extend_from_slice(&bytes[whole..]);
        Ok(())
    }

    /// Ends the page.
    ///
    /// # Errors
    /// [`ScanFault::ShortPage`] when no row came, the last row is torn or rows announced are missing: drivers report
    /// an early end as success.
    pub fn finish(self) -> Result<RawScan, ScanFault> {
        let rows = self.rows();
        let short = rows == 0 || !self.partial.is_empty() || self.rows_announced().is_some_and(|all| rows < all);
        if short {
            return Err(ScanFault::ShortPage { sequence: self.sequence() });
        }
        Ok(RawScan {
            sequence: self.parameters.sequence,
            width_px: self.layout.width as u32,
            height_px: rows,
            dpi: self.parameters.dpi,
            colour: self.layout.colour,
            pixels: self.pixels,
            room: None,
        })
    }

    /// Takes whole rows.
    fn take_rows(&mut self, rows: &[u8]) -> Result<(), ScanFault> {
        let layout = self.layout;
        let count = rows.len() / layout.row_bytes;
        let after = self.pixels.len() + count * layout.pixel_bytes();
        if after > PAGE_BYTES_MAX || after / layout.pixel_bytes() > HEIGHT_PX_MAX {
            return Err(ScanFault::PageTooLarge { sequence: self.sequence() });
        }
        let samples = layout.pixel_bytes();
        for row in rows.chunks_exact(layout.row_bytes) {
            match layout.depth {
                Depth::Eight => self.pixels.extend_from_slice(&row[..samples]),
                Depth::Sixteen => self.pixels.extend(
                    // Samples come in the byte order of this machine.
                    row[..samples * 2]
                        .chunks_exact(2)
                        .map(|pair| (u16::from_ne_bytes([pair[0], pair[1]]) >> 8) as u8),
                ),
                // A set bit is black, the first pixel is the highest bit.
                Depth::One => self
                    .pixels
                    .extend((0..samples).map(|column| if row[column / 8] & (0x80 >> (column % 8)) == 0 { 255 } else { 0 })),
            }
        }
        Ok(())
    }
}

impl Layout {
    fn of(parameters: &PageParameters) -> Result<Self, ScanFault> {
        let unsupported = ScanFault::UnsupportedFormat;
        let colour = match parameters.frame {
            FrameKind::Gray => PixelColour::Gray,
            FrameKind::Rgb => PixelColour::Rgb,
            FrameKind::SinglePass | FrameKind::Other => return Err(unsupported),
        };
        let depth = match (parameters.depth, colour) {
            (1, PixelColour::Gray) => Depth::One,
            (8, _) => Depth::Eight,
            (16, _) => Depth::Sixteen,
            _ => return Err(unsupported),
        };
        let width = usize::try_from(parameters.pixels_per_line).map_err(|_| unsupported)?;
        let row_bytes = usize::try_from(parameters.bytes_per_line).map_err(|_| unsupported)?;
        if width > WIDTH_PX_MAX || row_bytes > WIDTH_PX_MAX * 8 {
            return Err(ScanFault::PageTooLarge { sequence: parameters.sequence });
        }
        let samples = width * colour.bytes();
        let needed = match depth {
            Depth::One => samples.div_ceil(8),
            Depth::Eight => samples,
            Depth::Sixteen => samples * 2,
        };
        if width == 0 || row_bytes < needed {
            return Err(unsupported);
        }
        Ok(Self {
            row_bytes,
            width,
            colour,
            depth,
        })
    }

    /// Bytes a row takes in a [`RawScan`].
    fn pixel_bytes(&self) -> usize {
        self.width * self.colour.bytes()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use proptest::prelude::*;

    use super::*;

    fn parameters(frame: FrameKind, depth: i32, width: i32, row_bytes: i32, lines: i32) -> PageParameters {
        PageParameters {
            sequence: 1,
            frame,
            depth,
            bytes_per_line: row_bytes,
            pixels_per_line: width,
            lines,
            dpi: 300,
        }
    }

    fn assemble(parameters: PageParameters, bytes: &[u8]) -> Result<RawScan, ScanFault> {
        let mut page = PageAssembly::new(parameters)?;
        page.push(bytes)?;
        page.finish()
    }

    #[test]
    fn all_depths_become_bytes() {
        let check = |parameters, bytes: &[u8], pixels: &[u8]| {
            assert_eq!(assemble(parameters, bytes).unwrap().pixels, pixels);
        };
        check(parameters(FrameKind::Gray, 8, 2, 2, 2), &[1, 2, 3, 4], &[1, 2, 3, 4]);
        check(parameters(FrameKind::Gray, 8, 2, 3, 2), &[1, 2, 9, 3, 4, 9], &[1, 2, 3, 4]);
        check(parameters(FrameKind::Rgb, 8, 1, 3, -1), &[1, 2, 3, 4, 5, 6], &[1, 2, 3, 4, 5, 6]);
        check(parameters(FrameKind::Gray, 1, 3, 1, 1), &[0b1010_0000], &[0, 255, 0]);
        let deep: Vec<u8> = [0x1234_u16, 0xfedc].iter().flat_map(|sample| sample.to_ne_bytes()).collect();
        check(parameters(FrameKind::Gray, 16, 2, 4, 1), &deep, &[0x12, 0xfe]);
    }

    #[test]
    fn an_early_end_is_a_short_page_though_the_driver_says_success() {
        let short = Err(ScanFault::ShortPage { sequence: 1 });
        assert_eq!(assemble(parameters(FrameKind::Gray, 8, 2, 2, 2), &[]), short, "no byte at all");
        assert_eq!(assemble(parameters(FrameKind::Gray, 8, 2, 2, 2), &[1, 2]), short, "a row missing");
        assert_eq!(assemble(parameters(FrameKind::Gray, 8, 2, 2, -1), &[1, 2, 3]), short, "a torn row");
        assert_eq!(assemble(parameters(FrameKind::Gray, 8, 2, 2, -1), &[]), short, "unknown length, nothing came");
    }

    #[test]
    fn forms_we_do_not_read_are_refused() {
        let check = |parameters, fault| assert_eq!(PageAssembly::new(parameters).map(|_| ()), Err(fault));
        check(parameters(FrameKind::SinglePass, 8, 2, 2, 2), ScanFault::UnsupportedFormat);
        check(parameters(FrameKind::Other, 8, 2, 2, 2), ScanFault::UnsupportedFormat);
        check(parameters(FrameKind::Gray, 12, 2, 4, 2), ScanFault::UnsupportedFormat);
        check(parameters(FrameKind::Rgb, 8, 2, 4, 2), ScanFault::UnsupportedFormat);
        check(parameters(FrameKind::Gray, 8, 0, 0, 2), ScanFault::UnsupportedFormat);
        check(parameters(FrameKind::Gray, 8, -4, 4, 2), ScanFault::UnsupportedFormat);
        check(parameters(FrameKind::Gray, 8, 40_000, 40_000, 2), ScanFault::PageTooLarge { sequence: 1 });
        check(parameters(FrameKind::Gray, 8, 2, 2, 70_000), ScanFault::PageTooLarge { sequence: 1 });
        check(parameters(FrameKind::Rgb, 8, 20_000, 60_000, 50_000), ScanFault::PageTooLarge { sequence: 1 });
    }

    #[test]
    fn a_page_that_never_ends_is_stopped() {
        let mut page = PageAssembly::new(parameters(FrameKind::Gray, 8, 1, 1, -1)).unwrap();
        let rows = vec![0; HEIGHT_PX_MAX];
        page.push(&rows).unwrap();
        assert_eq!(page.push(&[0]), Err(ScanFault::PageTooLarge { sequence: 1 }));
    }

    #[test]
    fn the_resolution_is_in_the_jpeg_header() {
        let page = assemble(parameters(FrameKind::Rgb, 8, 16, 48, 16), &[128; 48 * 16]).unwrap();
        let jpeg = page.to_jpeg(92).unwrap();
        assert_eq!(&jpeg[..11], &[0xff, 0xd8, 0xff, 0xe0, 0, 16, b'J', b'F', b'I', b'F', 0]);
        assert_eq!(&jpeg[13..18], &[1, 300_u16.to_be_bytes()[0], 300_u16.to_be_bytes()[1], 1, 44]);
    }

    proptest! {
        #[test]
        fn pieces_of_any_size_give_the_same_page(bytes in proptest::collection::vec(any::<u8>(), 1..400), width in 1..9_i32, cuts in proptest::collection::vec(1..50_usize, 1..40)) {
            let parameters = parameters(FrameKind::Gray, 8, width, width + 1, -1);
            let whole = assemble(parameters, &bytes);
            let mut page = PageAssembly::new(parameters).unwrap();
            let mut rest = &bytes[..];
            for cut in cuts {
                let (piece, after) = rest.split_at(cut.min(rest.len()));
                page.push(piece).unwrap();
                rest = after;
            }
            page.push(rest).unwrap();
            prop_assert_eq!(page.finish(), whole);
        }

        #[test]
        fn any_announcement_is_taken_or_refused(depth in -1..20_i32, row_bytes in any::<i32>(), width in any::<i32>(), lines in any::<i32>()) {
            for frame in [FrameKind::Gray, FrameKind::Rgb, FrameKind::SinglePass, FrameKind::Other] {
                if let Ok(mut page) = PageAssembly::new(parameters(frame, depth, width, row_bytes, lines)) {
                    let _ = page.push(&[7; 1000]);
                    let _ = page.finish();
                }
            }
        }
    }
}
