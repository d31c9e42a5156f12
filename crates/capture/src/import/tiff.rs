//! The chain of pages in a TIFF file: how many, how large, at which resolution. The picture decoder reads only the first page of
//! a file, so a page is chosen by pointing the file's head at it. Absent on purpose: pixels, BigTIFF.

use super::header::believable;
use crate::fault::CaptureFault;
use crate::limits::Limits;

/// One page of a TIFF.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Directory {
    /// Where its directory stands in the file.
    offset: u32,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) dpi: Option<f32>,
    /// As in Exif, 1 upright.
    pub(super) orientation: u8,
}

/// All pages in order. Reduced pictures (thumbnails) are left out.
pub(super) fn directories(bytes: &[u8], limits: &Limits) -> Result<Vec<Directory>, CaptureFault> {
    let file = File::of(bytes).ok_or_else(|| damaged("head"))?;
    let mut offset = file.u32(4).ok_or_else(|| damaged("head"))?;
    let mut seen = Vec::new();
    let mut pages = Vec::new();
    while offset != 0 {
        // A directory that points back is a loop, made or damaged.
        if seen.contains(&offset) {
            return Err(damaged("loop in the chain of pages"));
        }
        seen.push(offset);
        if seen.len() as u32 > limits.max_pages.saturating_mul(2) {
            return Err(CaptureFault::TooManyPages {
                pages: seen.len() as u32,
                max_pages: limits.max_pages,
            });
        }
        let (directory, next) = file.directory(offset).ok_or_else(|| damaged("directory"))?;
        pages.extend(directory);
        offset = next;
    }
    if pages.len() as u32 > limits.max_pages {
        return Err(CaptureFault::TooManyPages {
            pages: pages.len() as u32,
            max_pages: limits.max_pages,
        });
    }
    if pages.is_empty() { Err(CaptureFault::NoPages) } else { Ok(pages) }
}

/// Makes the given page the first one of the file.
pub(super) fn point_at(bytes: &mut [u8], directory: &Directory) {
    let little = bytes.first() == Some(&b'I');
    if let Some(head) = bytes.get_mut(4..8) {
        head.copy_from_slice(&if little {
            directory.offset.to_le_bytes()
        } else {
            directory.offset.to_be_bytes()
        });
    }
}

fn damaged(part: &str) -> CaptureFault {
    CaptureFault::Unreadable {
        detail: format!("TIFF: {part}"),
    }
}

struct File<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl<'a> File<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        Some(Self {
            bytes,
            little: *bytes.first()? == b'I',
        })
    }

    fn u16(&self, at: u32) -> Option<u32> {
        let at = at as usize;
        let pair: [u8; 2] = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(u32::from(if self.little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }))
    }

    fn u32(&self, at: u32) -> Option<u32> {
        let at = at as usize;
        let four: [u8; 4] = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) })
    }

    /// The page at an offset (none when it is only a thumbnail) and the offset of the next one.
    fn directory(&self, offset: u32) -> Option<(Option<Directory>, u32)> {
        let count = self.u16(offset)?;
        let (mut width, mut height, mut subfile, mut resolution, mut unit, mut orientation) = (0, 0, 0, None, 2, 1);
        for index in 0..count {
            let at = offset.checked_add(2)?.checked_add(index * 12)?;
            let value = if self.u16(at.checked_add(2)?)? == 3 {
                self.u16(at.checked_add(8)?)?
            } else {
                self.u32(at.checked_add(8)?)?
            };
            match self.u16(at)? {
                254 => subfile = value,
                256 => width = value,
                257 => height = value,
                274 => orientation = u8::try_from(value).unwrap_or(1),
                282 => resolution = self.rational(value),
                296 => unit = value,
                _ => {}
            }
        }
        let next = self.u32(offset.checked_add(2)?.checked_add(count * 12)?)?;
        let dpi = resolution
            .map(|r| if unit == 3 { r * 2.54 } else { r })
            .filter(|_| unit == 2 || unit == 3)
            .and_then(believable);
        let page = (subfile & 1 == 0).then_some(Directory {
            offset,
            width,
            height,
            dpi,
            orientation,
        });
        Some((page, next))
    }

    fn rational(&self, at: u32) -> Option<f32> {
        let below = self.u32(at.checked_add(4)?)?;
        (below > 0).then(|| self.u32(at).map(|above| above as f32 / below as f32)).flatten()
    }
}
