//! JPEG with half chroma resolution and the resolution in its header, and thumbnails. Absent on purpose: any other format.

use turbojpeg::{Compressor, Image, PixelFormat, Subsamp};

use crate::fault::CaptureFault;
use crate::page::{Corner, whole};
use crate::raster::Raster;

/// Quality of a corrected page; the archive asks for at least 85.
pub(crate) const PAGE_QUALITY: u8 = 88;
/// Quality of pages kept as original after being drawn or scanned as rows.
pub(crate) const ORIGINAL_QUALITY: u8 = 95;
/// Longest side of a thumbnail.
pub(crate) const THUMB_SIDE_PX: u32 = 320;

/// The picture as JPEG. A picture without colour is written without chroma.
pub(crate) fn jpeg(raster: &Raster, quality: u8, dpi: Option<f32>) -> Result<Vec<u8>, CaptureFault> {
    let (width, height) = (raster.width as usize, raster.height as usize);
    let mut compressor = Compressor::new().map_err(unwritable)?;
    compressor.set_quality(i32::from(quality)).map_err(unwritable)?;
    let mut bytes = if raster.is_colourless() {
        compressor.set_subsamp(Subsamp::Gray).map_err(unwritable)?;
        let pixels: Vec<u8> = raster.rgb.as_chunks::<3>().0.iter().map(|p| p[1]).collect();
        let (format, pitch) = (PixelFormat::GRAY, width);
        let image = Image {
            pixels: pixels.as_slice(),
            width,
            pitch,
            height,
            format,
        };
        compressor.compress_to_vec(image).map_err(unwritable)?
    } else {
        compressor.set_subsamp(Subsamp::Sub2x2).map_err(unwritable)?;
        let (format, pitch) = (PixelFormat::RGB, width * 3);
        let image = Image {
            pixels: raster.rgb.as_slice(),
            width,
            pitch,
            height,
            format,
        };
        compressor.compress_to_vec(image).map_err(unwritable)?
    };
    if let Some(dpi) = dpi {
        write_resolution(&mut bytes, dpi.round().clamp(1.0, 9600.0) as u16);
    }
    Ok(bytes)
}

fn unwritable(error: turbojpeg::Error) -> CaptureFault {
    CaptureFault::Unreadable { detail: error.to_string() }
}

/// Writes the resolution into the JFIF header, where the encoder has no way to set it.
fn write_resolution(jpeg: &mut [u8], dpi: u16) {
    /// Start of image, then the header's marker, length, name and version (JFIF 1.02).
    const UNIT: usize = 13;
    const DOTS_PER_INCH: u8 = 1;
    let is_jfif = jpeg.get(6..11) == Some(b"JFIF\0");
    if let Some([unit, density @ ..]) = jpeg.get_mut(UNIT..UNIT + 5).filter(|_| is_jfif) {
        let [high, low] = dpi.to_be_bytes();
        *unit = DOTS_PER_INCH;
        density.copy_from_slice(&[high, low, high, low]);
    }
}

/// A small picture of a page as JPEG.
pub(crate) fn thumbnail(raster: &Raster, dpi: Option<f32>) -> Result<Vec<u8>, CaptureFault> {
    let longer = raster.width.max(raster.height);
    if longer <= THUMB_SIDE_PX {
        return jpeg(raster, 82, dpi);
    }
    let scale = THUMB_SIDE_PX as f32 / longer as f32;
    let small = resized(
        raster,
        (raster.width as f32 * scale).round() as u32,
        (raster.height as f32 * scale).round() as u32,
    );
    jpeg(&small, 82, dpi.map(|d| d * scale))
}

/// The picture at another size: whole factors by averaging, the rest between elements.
pub(crate) fn resized(raster: &Raster, width: u32, height: u32) -> Raster {
    let factor = (raster.width / width.max(1)).min(raster.height / height.max(1)).max(1);
    let part = raster.reduced(factor);
    if (part.width, part.height) == (width, height) {
        return part;
    }
    // Rows and columns that do not fill a whole block were dropped; the frame keeps the proportions of the full picture.
    let frame = whole(raster.width, raster.height).map(|c| Corner {
        x: c.x / factor as f32,
        y: c.y / factor as f32,
    });
    part.warped(&frame, width, height, [255; 3])
}
