//! One frame of a camera: compressed (MJPEG) or as pairs of pixels that share their colour (YUYV), and how it becomes a picture.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, ImageReader, RgbImage};

/// Largest frame in bytes; 16 megapixels of MJPEG take about 8 million.
pub const FRAME_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Most pixels of a frame; the largest document cameras have 24 million.
pub const FRAME_PIXELS_MAX: u64 = 40_000_000;

/// One frame as the camera gave it.
#[derive(Clone, PartialEq, Eq)]
pub enum Frame {
    /// A JPEG picture, possibly without its Huffman tables, as cameras send them.
    Jpeg(Vec<u8>),
    /// Uncompressed.
    Yuyv(Yuyv),
}

/// Two pixels in four bytes: brightness, blue, brightness, red; ITU-R BT.601 in its limited range, which is what V4L2 means by YUYV
/// when a driver says nothing else.
#[derive(Clone, PartialEq, Eq)]
pub struct Yuyv {
    /// Pixels a row; even.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
    /// Bytes a row, with padding.
    pub row_bytes: usize,
    /// Rows from the top.
    pub bytes: Vec<u8>,
}

/// How a camera packs its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PixelFormat {
    /// Motion JPEG.
    Mjpeg,
    /// YUYV 4:2:2.
    Yuyv,
}

/// A format and size that a camera offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// How pixels are packed.
    pub format: PixelFormat,
    /// Pixels a row.
    pub width_px: u32,
    /// Rows.
    pub height_px: u32,
}

/// The offer to take: the most pixels within [`FRAME_PIXELS_MAX`]; of two as large the compressed one, which comes more often a second
/// over the same cable.
pub fn best_offer(offers: &[Offer]) -> Option<Offer> {
    let pixels = |offer: &Offer| u64::from(offer.width_px) * u64::from(offer.height_px);
    let fitting = offers.iter().filter(|offer| (1..=FRAME_PIXELS_MAX).contains(&pixels(offer)));
    fitting.max_by_key(|offer| (pixels(offer), offer.format == PixelFormat::Mjpeg)).copied()
}

impl Frame {
    /// The picture; `None` when the frame is torn, too large or no picture at all.
    pub fn picture(&self) -> Option<DynamicImage> {
        match self {
            Self::Jpeg(bytes) => decode_jpeg(bytes),
            Self::Yuyv(yuyv) => yuyv.picture().map(DynamicImage::ImageRgb8),
        }
    }
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Jpeg(bytes) => write!(formatter, "Frame(JPEG, {} bytes)", bytes.len()),
            Self::Yuyv(yuyv) => write!(formatter, "Frame(YUYV, {}x{})", yuyv.width_px, yuyv.height_px),
        }
    }
}

impl Yuyv {
    fn picture(&self) -> Option<RgbImage> {
        let (width, height) = (self.width_px as usize, self.height_px as usize);
        let pixels = u64::from(self.width_px) * u64::from(self.height_px);
        let fits = width >= 2 && width.is_multiple_of(2) && height > 0 && pixels <= FRAME_PIXELS_MAX && self.row_bytes >= width * 2;
        if !fits || self.bytes.len() < self.row_bytes.checked_mul(height)? {
            return None;
        }
        let mut rgb = Vec::with_capacity(width * height * 3);
        for row in self.bytes.chunks_exact(self.row_bytes).take(height) {
            for pair in row[..width * 2].chunks_exact(4) {
                let (blue, red) = (i32::from(pair[1]) - 128, i32::from(pair[3]) - 128);
                rgb.extend(to_rgb(pair[0], blue, red));
                rgb.extend(to_rgb(pair[2], blue, red));
            }
        }
        RgbImage::from_raw(self.width_px, self.height_px, rgb)
    }
}

/// BT.601, limited range (16 to 235 for brightness), in 1/65536.
fn to_rgb(brightness: u8, blue: i32, red: i32) -> [u8; 3] {
    let y = (i32::from(brightness) - 16) * 76_309;
    let byte = |value: i32| ((value + 32_768) >> 16).clamp(0, 255) as u8;
    [byte(y + 104_597 * red), byte(y - 25_675 * blue - 53_279 * red), byte(y + 132_201 * blue)]
}

fn decode_jpeg(bytes: &[u8]) -> Option<DynamicImage> {
    if bytes.len() > FRAME_BYTES_MAX {
        return None;
    }
    let parts = JpegParts::of(bytes)?;
    // Decoders fill what is missing with grey and say nothing: a frame without its end is a torn one.
    let end = parts.end?;
    let bytes = &bytes[..end];
    let completed;
    let bytes = if parts.has_tables {
        bytes
    } else {
        completed = with_mark_of_motion_jpeg(bytes);
        &completed
    };
    let (width, height) = ImageReader::with_format(Cursor::new(bytes), ImageFormat::Jpeg).into_dimensions().ok()?;
    if u64::from(width) * u64::from(height) > FRAME_PIXELS_MAX {
        return None;
    }
    image::load_from_memory_with_format(bytes, ImageFormat::Jpeg).ok()
}

/// What there is in a JPEG file.
struct JpegParts {
    /// It brings its Huffman tables.
    has_tables: bool,
    /// Behind the end mark of the scan data.
    end: Option<usize>,
}

impl JpegParts {
    /// Walks the segments up to the scan data; `None` when it is no JPEG.
    fn of(bytes: &[u8]) -> Option<Self> {
        const HUFFMAN_TABLES: u8 = 0xc4;
        const SCAN: u8 = 0xda;
        if bytes.get(..2)? != [0xff, 0xd8] {
            return None;
        }
        let (mut at, mut has_tables) = (2, false);
        loop {
            let &[0xff, kind, high, low] = bytes.get(at..at + 4)? else { return None };
            has_tables |= kind == HUFFMAN_TABLES;
            let length = usize::from(u16::from_be_bytes([high, low]));
            if kind == SCAN {
                // Cameras pad a frame to a whole block; an end mark can not occur within scan data.
                let end = bytes[at..].windows(2).rposition(|pair| pair == [0xff, 0xd9]).map(|end| at + end + 2);
                return Some(Self { has_tables, end });
            }
            at += 2 + length.max(2);
        }
    }
}

/// Puts the mark `AVI1` behind the start, by which a decoder knows that the standard's own tables (ITU-T T.81, annex K.3) are meant.
fn with_mark_of_motion_jpeg(bytes: &[u8]) -> Vec<u8> {
    const MARK: [u8; 18] = *b"\xff\xe0\x00\x10AVI1\0\0\0\0\0\0\0\0\0\0";
    let mut marked = Vec::with_capacity(bytes.len() + MARK.len());
    marked.extend_from_slice(&bytes[..2]);
    marked.extend_from_slice(&MARK);
    marked.extend_from_slice(&bytes[2..]);
    marked
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use proptest::prelude::*;

    use super::*;
    use crate::page::{PixelColour, RawScan};

    /// A slope in red, another in green.
    fn slope(width_px: u32, height_px: u32) -> RgbImage {
        RgbImage::from_fn(width_px, height_px, |x, y| {
            image::Rgb([(x * 255 / width_px) as u8, (y * 255 / height_px) as u8, 90])
        })
    }

    fn jpeg(picture: &RgbImage) -> Vec<u8> {
        let page = RawScan {
            sequence: 1,
            width_px: picture.width(),
            height_px: picture.height(),
            dpi: 0,
            colour: PixelColour::Rgb,
            pixels: picture.as_raw().clone(),
            room: None,
        };
        page.to_jpeg(95).unwrap()
    }

    /// Leaves out every segment with Huffman tables, as camera chips do.
    fn without_tables(jpeg: &[u8]) -> Vec<u8> {
        let mut out = jpeg[..2].to_vec();
        let mut at = 2;
        while jpeg[at + 1] != 0xda {
            let length = 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
            if jpeg[at + 1] != 0xc4 {
                out.extend_from_slice(&jpeg[at..at + length]);
            }
            at += length;
        }
        out.extend_from_slice(&jpeg[at..]);
        out
    }

    fn worst_difference(one: &RgbImage, other: &RgbImage) -> u8 {
        assert_eq!(one.dimensions(), other.dimensions());
        one.as_raw().iter().zip(other.as_raw()).map(|(one, other)| one.abs_diff(*other)).max().unwrap()
    }

    #[test]
    fn a_frame_without_tables_and_with_padding_is_the_same_picture() {
        let whole = jpeg(&slope(64, 48));
        let expected = Frame::Jpeg(whole.clone()).picture().unwrap().into_rgb8();
        let mut bare = without_tables(&whole);
        assert!(bare.len() < whole.len(), "tables were there to leave out");
        bare.extend([0; 9000]);
        assert_eq!(Frame::Jpeg(bare).picture().unwrap().into_rgb8(), expected);
        assert!(worst_difference(&expected, &slope(64, 48)) < 40);
    }

    #[test]
    fn a_torn_frame_is_no_picture() {
        let whole = jpeg(&slope(64, 48));
        for length in [0, 1, 2, 20, whole.len() / 2, whole.len() - 2] {
            assert!(Frame::Jpeg(whole[..length].to_vec()).picture().is_none(), "{length} of {} bytes", whole.len());
        }
    }

    #[test]
    fn a_frame_larger_than_any_camera_is_refused_before_it_is_decoded() {
        let mut bomb = jpeg(&slope(16, 16));
        let size = bomb.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap() + 5;
        bomb[size..size + 4].copy_from_slice(&[0xff, 0xff, 0xff, 0xff]);
        assert!(Frame::Jpeg(bomb).picture().is_none());
    }

    #[test]
    fn pairs_of_pixels_become_the_colours_of_the_standard() {
        // Colour bars of 75 % (EBU Tech 3325): brightness, blue, red and what they are in RGB.
        for (y, u, v, rgb) in [
            (235, 128, 128, [255, 255, 255]),
            (16, 128, 128, [0, 0, 0]),
            (162, 44, 142, [191, 191, 0]),
            (65, 100, 212, [191, 0, 0]),
            (35, 212, 114, [0, 0, 191]),
        ] {
            let frame = Frame::Yuyv(Yuyv {
                width_px: 2,
                height_px: 1,
                row_bytes: 6,
                bytes: vec![y, u, y, v, 7, 7],
            });
            let picture = frame.picture().unwrap().into_rgb8();
            for pixel in picture.pixels() {
                let off = pixel.0.iter().zip(rgb).map(|(is, should)| is.abs_diff(should)).max().unwrap();
                assert!(off <= 2, "{y} {u} {v} became {:?}, not {rgb:?}", pixel.0);
            }
        }
    }

    #[test]
    fn the_largest_size_is_taken_and_compressed_where_both_exist() {
        let offer = |format, width_px, height_px| Offer { format, width_px, height_px };
        let offers = [
            offer(PixelFormat::Yuyv, 2592, 1944),
            offer(PixelFormat::Mjpeg, 2592, 1944),
            offer(PixelFormat::Mjpeg, 640, 480),
            offer(PixelFormat::Mjpeg, 60_000, 60_000),
            offer(PixelFormat::Yuyv, 0, 0),
        ];
        assert_eq!(best_offer(&offers), Some(offers[1]));
        assert_eq!(best_offer(&offers[..1]), Some(offers[0]));
        assert_eq!(best_offer(&offers[3..]), None, "nothing that can be taken");
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_picture_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..600), width_px in 0..40_u32, height_px in 0..40_u32, row_bytes in 0..90_usize) {
            if let Some(picture) = Frame::Yuyv(Yuyv { width_px, height_px, row_bytes, bytes: bytes.clone() }).picture() {
                prop_assert_eq!((picture.width(), picture.height()), (width_px, height_px));
            }
            let mut jpeg = vec![0xff, 0xd8];
            jpeg.extend(bytes);
            let _ = Frame::Jpeg(jpeg).picture();
        }
    }
}
