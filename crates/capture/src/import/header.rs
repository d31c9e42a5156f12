//! What the first bytes of a file say: its kind, size and resolution. Absent on purpose: decoding.

use image::metadata::Orientation;
use serde::{Deserialize, Serialize};

use super::tiff;
use crate::fault::CaptureFault;
use crate::limits::Limits;

/// Kinds of file that can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// TIFF, one page or many.
    Tiff,
    /// WebP.
    WebP,
    /// Windows bitmap.
    Bmp,
    /// PDF.
    Pdf,
}

impl FileKind {
    /// Usual extensions, the best one first.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Png => &["png"],
            Self::Tiff => &["tif", "tiff"],
            Self::WebP => &["webp"],
            Self::Bmp => &["bmp", "dib"],
            Self::Pdf => &["pdf"],
        }
    }
}

/// The kind of a file by its content.
pub(super) fn sniff(bytes: &[u8]) -> Result<FileKind, CaptureFault> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(&[0xFF, 0xD8, 0xFF]) {
        return Ok(FileKind::Jpeg);
    }
    if starts(b"\x89PNG\r\n\x1a\n") {
        return Ok(FileKind::Png);
    }
    if starts(b"II*\0") || starts(b"MM\0*") {
        return Ok(FileKind::Tiff);
    }
    if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Ok(FileKind::WebP);
    }
    if starts(b"BM") && bytes.len() > 26 {
        return Ok(FileKind::Bmp);
    }
    // Mail programs and scanners put bytes before the mark; readers accept it within the first kilobyte.
    let head = &bytes[..bytes.len().min(1024)];
    if head.windows(5).any(|w| w == b"%PDF-") {
        return Ok(FileKind::Pdf);
    }
    Err(refused(bytes))
}

/// What a refused file can look like.
pub(super) const SEEN: [&str; 6] = [
    "gif",
    "zip, ofd or office document",
    "old office document",
    "text with markup",
    "film or unknown picture",
    "unknown",
];

/// A known magic number cut short is damage; everything else is another kind of file.
fn refused(bytes: &[u8]) -> CaptureFault {
    const CUT: [&[u8]; 5] = [b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*", b"%PDF-"];
    if bytes.len() < 8 && CUT.iter().any(|magic| magic.starts_with(bytes)) {
        return CaptureFault::Unreadable {
            detail: "cut off within the first bytes".to_owned(),
        };
    }
    let seen = match bytes {
        [b'G', b'I', b'F', b'8', ..] => "gif",
        [b'P', b'K', 3, 4, ..] => "zip, ofd or office document",
        [0xD0, 0xCF, 0x11, 0xE0, ..] => "old office document",
        [b'<', ..] => "text with markup",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "film or unknown picture",
        _ => "unknown",
    };
    CaptureFault::UnsupportedType { seen }
}

/// Width and height as the header announces them, read without decoding.
pub(super) fn find_size(kind: FileKind, bytes: &[u8]) -> Option<(u32, u32)> {
    match kind {
        FileKind::Png => Some((be_u32(bytes, 16)?, be_u32(bytes, 20)?)),
        FileKind::Bmp => {
            let side = |at| {
                bytes
                    .get(at..at + 4)
                    .and_then(|b| b.try_into().ok())
                    .map(i32::from_le_bytes)
                    .map(i32::unsigned_abs)
            };
            // The oldest header keeps two bytes a side.
            if bytes.get(14) == Some(&12) {
                Some((le_u16(bytes, 18)?, le_u16(bytes, 20)?))
            } else {
                Some((side(18)?, side(22)?))
            }
        }
        FileKind::Jpeg => jpeg_segments(bytes)
            .find(|(marker, _)| is_frame(*marker))
            .and_then(|(_, body)| Some((be_u16(body, 3)?, be_u16(body, 1)?))),
        FileKind::Tiff => tiff::directories(bytes, &Limits::default()).ok()?.first().map(|d| (d.width, d.height)),
        FileKind::WebP => webp_size(bytes),
        FileKind::Pdf => None,
    }
}

/// Whether a JPEG ends where it should. The decoder fills what is missing with grey, which would pass for a page.
pub(super) fn is_cut_off(kind: FileKind, bytes: &[u8]) -> bool {
    if kind != FileKind::Jpeg {
        return false;
    }
    let head: usize = 2 + jpeg_segments(bytes).map(|(_, body)| body.len() + 4).sum::<usize>();
    // Within the picture's own data the end mark cannot occur by chance.
    !bytes[head.min(bytes.len())..].windows(2).rev().any(|pair| pair == [0xFF, 0xD9])
}

/// How the header says the picture must be turned.
pub(super) fn orientation(kind: FileKind, bytes: &[u8]) -> Orientation {
    let found = match kind {
        FileKind::Jpeg => jpeg_segments(bytes)
            .find_map(|(marker, body)| body.strip_prefix(b"Exif\0\0").filter(|_| marker == 0xE1))
            .and_then(Orientation::from_exif_chunk),
        FileKind::Tiff => tiff::directories(bytes, &Limits::default())
            .ok()
            .and_then(|d| Orientation::from_exif(d.first()?.orientation)),
        FileKind::Png | FileKind::WebP | FileKind::Bmp | FileKind::Pdf => None,
    };
    found.unwrap_or(Orientation::NoTransforms)
}

/// The three kinds of WebP keep their size at different places: lossy (14 bits a side after the start code), lossless (14 bits
/// packed, less one), extended (24 bits, less one).
fn webp_size(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8 " => Some((le_u16(bytes, 26)? & 0x3FFF, le_u16(bytes, 28)? & 0x3FFF)),
        b"VP8L" => {
            let packed = le_u16(bytes, 21)? | le_u16(bytes, 23)? << 16;
            Some(((packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1))
        }
        b"VP8X" => {
            let side = |at: usize| Some(le_u16(bytes, at)? + (u32::from(*bytes.get(at + 2)?) << 16) + 1);
            Some((side(24)?, side(27)?))
        }
        _ => None,
    }
}

/// Resolution by the header. Values a scanner would not write (72 and 96 are what programs put when they do not know) are not believed.
pub(super) fn find_dpi(kind: FileKind, bytes: &[u8]) -> Option<f32> {
    let dpi = match kind {
        FileKind::Jpeg => jfif_dpi(bytes)?,
        FileKind::Png => png_dpi(bytes)?,
        FileKind::Bmp => f32::from(u16::try_from(bytes.get(38..42).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes)?).ok()?) * 0.0254,
        FileKind::Tiff => return tiff::directories(bytes, &Limits::default()).ok()?.first()?.dpi,
        FileKind::WebP | FileKind::Pdf => return None,
    };
    believable(dpi)
}

/// Keeps a resolution only when a scanner could have written it.
pub(super) fn believable(dpi: f32) -> Option<f32> {
    (dpi.is_finite() && (99.0..=2401.0).contains(&dpi)).then_some(dpi)
}

/// The same JPEG with this resolution in its header, or with none where it is not known; its picture data stays as it is.
pub(super) fn with_density(jpeg: &[u8], dpi: Option<f32>) -> Vec<u8> {
    let dots = dpi.map_or(1, |dpi| dpi.round().clamp(1.0, 9600.0) as u16);
    let [high, low] = dots.to_be_bytes();
    let density = [u8::from(dpi.is_some()), high, low, high, low];
    let mut bytes = jpeg.to_vec();
    // Behind the start mark, the segment's mark and length, its name and its version.
    const DENSITY_AT: usize = 2 + 4 + 5 + 2;
    let has_own = jpeg.get(2..4) == Some(&[0xFF, 0xE0]) && jpeg.get(6..11) == Some(b"JFIF\0");
    match bytes.get_mut(DENSITY_AT..DENSITY_AT + density.len()).filter(|_| has_own) {
        Some(own) => own.copy_from_slice(&density),
        None => {
            let mut segment = vec![0xFF, 0xE0, 0, 16];
            segment.extend_from_slice(b"JFIF\0\x01\x02");
            segment.extend_from_slice(&density);
            segment.extend_from_slice(&[0, 0]);
            bytes.splice(2.min(jpeg.len())..2.min(jpeg.len()), segment);
        }
    }
    bytes
}

fn jfif_dpi(bytes: &[u8]) -> Option<f32> {
    let (_, body) = jpeg_segments(bytes).find(|(marker, body)| *marker == 0xE0 && body.starts_with(b"JFIF\0"))?;
    let density = be_u16(body, 8)? as f32;
    match body.get(7)? {
        1 => Some(density),
        2 => Some(density * 2.54),
        _ => None,
    }
}

fn png_dpi(bytes: &[u8]) -> Option<f32> {
    let mut at = 8usize;
    for _ in 0..64 {
        let length = be_u32(bytes, at)? as usize;
        let name = bytes.get(at + 4..at + 8)?;
        if name == b"pHYs" {
            let unit = *bytes.get(at + 16)?;
            return (unit == 1)
                .then(|| be_u32(bytes, at + 8).map(|per_metre| (per_metre as f32 * 0.0254).round()))
                .flatten();
        }
        if name == b"IDAT" {
            return None;
        }
        at = at.checked_add(length)?.checked_add(12)?;
    }
    None
}

/// Marker segments of a JPEG up to the first scan, at most 256 of them.
pub(super) fn jpeg_segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut at = 2usize;
    std::iter::from_fn(move || {
        while bytes.get(at..at + 2) == Some(&[0xFF, 0xFF]) {
            at += 1;
        }
        let &[0xFF, marker] = bytes.get(at..at + 2)? else { return None };
        if marker == 0xDA || marker == 0xD9 {
            return None;
        }
        let length = be_u16(bytes, at + 2)? as usize;
        let body = bytes.get(at + 4..at + 2 + length.max(2))?;
        at += 2 + length.max(2);
        Some((marker, body))
    })
    .take(256)
}

/// Start-of-frame markers; C4, C8 and CC in between mean something else.
fn is_frame(marker: u8) -> bool {
    (0xC0..=0xCF).contains(&marker) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

fn be_u32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes)
}

fn le_u16(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(|b| u32::from(u16::from_le_bytes(b)))
}

fn be_u16(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(|b| u32::from(u16::from_be_bytes(b)))
}
