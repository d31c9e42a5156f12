//! From the bytes of a file to raw pages, one encoded picture each, within stated limits. The content decides what a file is,
//! never its name. Absent on purpose: any correction of a page (see `process`).
//! A hostile PDF can keep its drawer busy within one page: who takes files from strangers splits them in the worker process
//! ([`isolated::split_apart`]); [`split`] itself is for that worker, and for pages that went through it before.

mod header;
mod heic;
pub mod isolated;
mod pdf;
mod tiff;

use std::borrow::Cow;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use image::{DynamicImage, ImageFormat};
use serde::{Deserialize, Serialize};

use crate::encode;
use crate::fault::CaptureFault;
use crate::limits::Limits;
use crate::page::Wording;
use crate::raster::Raster;

pub use header::FileKind;

/// One page before correction.
#[derive(Debug, Clone, PartialEq)]
pub struct RawPage {
    /// Number within its file or stack, from 1.
    pub number: u32,
    /// The picture.
    pub content: RawContent,
    /// Resolution by the scanner or the file's header, when it is believable.
    pub dpi: Option<f32>,
    /// What was tolerated on the way.
    pub notes: Vec<ImportNote>,
}

/// The picture of a raw page. Its debug form leaves the picture out, so that no log can hold a paper.
#[derive(Clone, PartialEq)]
pub enum RawContent {
    /// A file holding exactly this page.
    File {
        /// What the file is.
        kind: FileKind,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// Rows as a scanner delivered them.
    Pixels(Raster),
}

impl std::fmt::Debug for RawContent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File { kind, bytes } => write!(f, "File({kind:?}, {} bytes)", bytes.len()),
            Self::Pixels(raster) => raster.fmt(f),
        }
    }
}

/// Something odd about a file that did not keep it out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportNote {
    /// Stable code: `wrong-extension`.
    pub code: String,
    /// What was tolerated.
    pub message: Wording,
}

impl RawPage {
    /// A page from scanner rows; `dpi` as set on the scanner.
    pub fn from_pixels(number: u32, raster: Raster, dpi: f32) -> Self {
        Self {
            number,
            content: RawContent::Pixels(raster),
            dpi: Some(dpi),
            notes: Vec::new(),
        }
    }

    /// The page as the bytes of one file for keeping, with its kind. Scanner rows become JPEG of quality 95.
    pub fn to_file(&self) -> Result<(FileKind, Vec<u8>), CaptureFault> {
        match &self.content {
            RawContent::File { kind, bytes } => Ok((*kind, bytes.clone())),
            RawContent::Pixels(raster) => Ok((FileKind::Jpeg, encode::jpeg(raster, encode::ORIGINAL_QUALITY, self.dpi)?)),
        }
    }

    /// The picture itself, turned as its own header says.
    ///
    /// # Errors
    /// `TooManyPixels` before anything is decoded, `TooSmall`, `Unreadable`.
    pub fn decode(&self, limits: &Limits) -> Result<Cow<'_, Raster>, CaptureFault> {
        match &self.content {
            RawContent::Pixels(raster) => {
                check_size(raster.width, raster.height, limits)?;
                Ok(Cow::Borrowed(raster))
            }
            RawContent::File { kind, bytes } => decode_file(*kind, bytes, limits).map(Cow::Owned),
        }
    }
}

/// The bytes of a file that someone named, never more than the limit for files.
///
/// # Errors
/// Outer: it is not there, can not be read, or is no file (a pipe or a device would never end). Inner: it is too large.
pub fn read_file(path: &Path, limits: &Limits) -> std::io::Result<Result<Vec<u8>, CaptureFault>> {
    // Asked before it is opened: opening a pipe waits for who writes into it.
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, "not a file"));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(limits.max_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(match bytes.len() as u64 {
        read if read > limits.max_bytes => Err(CaptureFault::TooManyBytes {
            bytes: read,
            max_bytes: limits.max_bytes,
        }),
        _ => Ok(bytes),
    })
}

/// Splits a file into its raw pages. `file_name` serves only for a note about a wrong extension.
///
/// # Errors
/// Every [`CaptureFault`]; nothing is half taken: either all pages come back or a fault.
pub fn split(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<Vec<RawPage>, CaptureFault> {
    if bytes.is_empty() {
        return Err(CaptureFault::Empty);
    }
    if bytes.len() as u64 > limits.max_bytes {
        return Err(CaptureFault::TooManyBytes {
            bytes: bytes.len() as u64,
            max_bytes: limits.max_bytes,
        });
    }
    if heic::is_heic(bytes) {
        return heic::page(bytes, limits).map(|page| vec![page]);
    }
    let kind = header::sniff(bytes)?;
    let deadline = Deadline::start(limits);
    let mut pages = match kind {
        FileKind::Pdf => guarded(|| pdf::split(bytes, limits, &deadline))?,
        FileKind::Tiff => split_tiff(bytes, limits, &deadline)?,
        FileKind::Jpeg | FileKind::Png | FileKind::WebP | FileKind::Bmp => vec![single(kind, bytes, limits)?],
    };
    if let Some(note) = extension_note(kind, file_name) {
        for page in &mut pages {
            page.notes.push(note.clone());
        }
    }
    Ok(pages)
}

/// A picture file as its only page. The header is checked now, the picture itself is decoded here too so that a cut-off file is
/// refused at the door and not after it was filed.
fn single(kind: FileKind, bytes: &[u8], limits: &Limits) -> Result<RawPage, CaptureFault> {
    decode_file(kind, bytes, limits)?;
    Ok(RawPage {
        number: 1,
        content: RawContent::File { kind, bytes: bytes.to_vec() },
        dpi: header::find_dpi(kind, bytes),
        notes: Vec::new(),
    })
}

/// One page stays the file it was; of several each becomes a JPEG of its own, so that a page never drags the whole stack along.
fn split_tiff(bytes: &[u8], limits: &Limits, deadline: &Deadline) -> Result<Vec<RawPage>, CaptureFault> {
    let directories = tiff::directories(bytes, limits)?;
    if let [only] = directories.as_slice() {
        check_size(only.width, only.height, limits)?;
        let mut page = single(FileKind::Tiff, bytes, limits)?;
        page.dpi = only.dpi;
        return Ok(vec![page]);
    }
    let mut pages = Vec::with_capacity(directories.len());
    let mut patched = bytes.to_vec();
    for (index, directory) in directories.iter().enumerate() {
        let number = index as u32 + 1;
        deadline.check(number)?;
        check_size(directory.width, directory.height, limits)?;
        tiff::point_at(&mut patched, directory);
        let raster = decode_file(FileKind::Tiff, &patched, limits)?;
        let jpeg = encode::jpeg(&raster, encode::ORIGINAL_QUALITY, directory.dpi)?;
        pages.push(RawPage {
            number,
            content: RawContent::File {
                kind: FileKind::Jpeg,
                bytes: jpeg,
            },
            dpi: directory.dpi,
            notes: Vec::new(),
        });
    }
    Ok(pages)
}

/// Decodes one picture file; its header is looked at first.
fn decode_file(kind: FileKind, bytes: &[u8], limits: &Limits) -> Result<Raster, CaptureFault> {
    let (width, height) = header::find_size(kind, bytes).ok_or_else(|| CaptureFault::Unreadable {
        detail: "no size in the header".to_owned(),
    })?;
    check_size(width, height, limits)?;
    let format = match kind {
        FileKind::Jpeg => ImageFormat::Jpeg,
        FileKind::Png => ImageFormat::Png,
        FileKind::Tiff => ImageFormat::Tiff,
        FileKind::WebP => ImageFormat::WebP,
        FileKind::Bmp => ImageFormat::Bmp,
        FileKind::Pdf => return Err(CaptureFault::UnsupportedType { seen: "pdf page" }),
    };
    if header::is_cut_off(kind, bytes) {
        return Err(CaptureFault::Unreadable {
            detail: "the picture ends too early".to_owned(),
        });
    }
    guarded(|| {
        // The one door of the decoders that is not generic: any other compiles all of them again into this crate.
        let mut picture = image::load_from_memory_with_format(bytes, format).map_err(unreadable)?;
        check_size(picture.width(), picture.height(), limits)?;
        picture.apply_orientation(header::orientation(kind, bytes));
        Ok(flattened(picture))
    })
}

/// Header segments of a JPEG: mark and body.
pub(crate) fn jpeg_segments(bytes: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    header::jpeg_segments(bytes)
}

/// A page this crate wrote itself.
pub(crate) fn decode_jpeg(bytes: &[u8], limits: &Limits) -> Result<Raster, CaptureFault> {
    decode_file(FileKind::Jpeg, bytes, limits)
}

/// Opaque eight-bit colour; what is transparent shows white paper.
fn flattened(picture: DynamicImage) -> Raster {
    let (width, height) = (picture.width(), picture.height());
    if !picture.color().has_alpha() {
        return Raster {
            width,
            height,
            rgb: picture.into_rgb8().into_raw(),
        };
    }
    let rgba = picture.into_rgba8().into_raw();
    let over_white = |value: u8, alpha: u8| ((u32::from(value) * u32::from(alpha) + 255 * (255 - u32::from(alpha)) + 127) / 255) as u8;
    let rgb = rgba
        .as_chunks::<4>()
        .0
        .iter()
        .flat_map(|p| [over_white(p[0], p[3]), over_white(p[1], p[3]), over_white(p[2], p[3])])
        .collect();
    Raster { width, height, rgb }
}

fn unreadable(error: image::ImageError) -> CaptureFault {
    CaptureFault::Unreadable { detail: error.to_string() }
}

fn check_size(width_px: u32, height_px: u32, limits: &Limits) -> Result<(), CaptureFault> {
    let pixels = u64::from(width_px) * u64::from(height_px);
    if pixels > limits.max_pixels || width_px > limits.max_side_px || height_px > limits.max_side_px {
        return Err(CaptureFault::TooManyPixels { width_px, height_px });
    }
    // A strip one element high cannot be a paper either; an eighth of the longer side is the narrowest receipt.
    if width_px.max(height_px) < limits.min_side_px || width_px.min(height_px) < limits.min_side_px / 4 {
        return Err(CaptureFault::TooSmall { width_px, height_px });
    }
    Ok(())
}

/// Runs a decoder; a panic inside it is damage in the file, not a defect of the counter.
fn guarded<T>(work: impl FnOnce() -> Result<T, CaptureFault>) -> Result<T, CaptureFault> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        Err(CaptureFault::Unreadable {
            detail: "the decoder gave up".to_owned(),
        })
    })
}

/// The time allowed for one file.
struct Deadline {
    started: Instant,
    max_ms: u64,
}

impl Deadline {
    fn start(limits: &Limits) -> Self {
        Self {
            started: Instant::now(),
            max_ms: limits.max_import_ms,
        }
    }

    fn check(&self, page: u32) -> Result<(), CaptureFault> {
        let elapsed_ms = self.started.elapsed().as_millis() as u64;
        if elapsed_ms > self.max_ms {
            Err(CaptureFault::TooSlow { elapsed_ms, page })
        } else {
            Ok(())
        }
    }
}

fn extension_note(kind: FileKind, file_name: &str) -> Option<ImportNote> {
    let (_, extension) = file_name.rsplit_once('.')?;
    let extension = extension.to_ascii_lowercase();
    if extension.len() > 5 || kind.extensions().contains(&extension.as_str()) {
        return None;
    }
    let seen = kind.extensions()[0];
    Some(ImportNote {
        code: "wrong-extension".to_owned(),
        message: Wording {
            zh: format!("文件名以 .{extension} 结尾,内容是 {seen};已按内容打开。"),
            en: format!("The file is named .{extension} but holds {seen}; it was opened by its content."),
        },
    })
}
