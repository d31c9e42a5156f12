//! JPEG with half chroma resolution and the resolution in its header, and thumbnails. Absent on purpose: any other format.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use jpeg_encoder::{ColorType, Encoder, PixelDensity, SamplingFactor};

use crate::fault::CaptureFault;
use crate::raster::Raster;

/// Quality of a corrected page; the archive asks for at least 85.
pub(crate) const PAGE_QUALITY: u8 = 88;
/// Quality of pages kept as original after being drawn or scanned as rows.
pub(crate) const ORIGINAL_QUALITY: u8 = 95;
/// Longest side of a thumbnail.
pub(crate) const THUMB_SIDE_PX: u32 = 320;

/// The picture as JPEG. A picture without colour is written without chroma.
pub(crate) fn jpeg(raster: &Raster, quality: u8, dpi: Option<f32>) -> Result<Vec<u8>, CaptureFault> {
    let unwritable = |detail: String| CaptureFault::Unreadable { detail };
    let width = u16::try_from(raster.width).map_err(|e| unwritable(e.to_string()))?;
    let height = u16::try_from(raster.height).map_err(|e| unwritable(e.to_string()))?;
    let mut bytes = Vec::with_capacity(raster.rgb.len() / 10);
    let mut encoder = Encoder::new(&mut bytes, quality);
    if let Some(dpi) = dpi {
        encoder.set_density(PixelDensity::dpi(dpi.round().clamp(1.0, 9600.0) as u16));
    }
    if raster.is_colourless() {
        encoder.encode(&raster.to_gray().luma, width, height, ColorType::Luma)
    } else {
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder.encode(&raster.rgb, width, height, ColorType::Rgb)
    }
    .map_err(|e| unwritable(e.to_string()))?;
    Ok(bytes)
}

/// A small picture of a page as JPEG.
pub(crate) fn thumbnail(raster: &Raster, dpi: Option<f32>) -> Result<Vec<u8>, CaptureFault> {
    let longer = raster.width.max(raster.height);
    if longer <= THUMB_SIDE_PX {
        return jpeg(raster, 82, dpi);
    }
    let scale = THUMB_SIDE_PX as f32 / longer as f32;
    let small = resized(raster, (raster.width as f32 * scale).round() as u32, (raster.height as f32 * scale).round() as u32);
    jpeg(&small, 82, dpi.map(|d| d * scale))
}

/// The picture at another size, averaged when smaller.
pub(crate) fn resized(raster: &Raster, width: u32, height: u32) -> Raster {
    let mut target = Image::new(width.max(1), height.max(1), PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
    let drawn = ImageRef::new(raster.width, raster.height, &raster.rgb, PixelType::U8x3)
        .map(|source| Resizer::new().resize(&source, &mut target, &options).is_ok())
        .unwrap_or(false);
    // Cannot happen for a raster whose length fits its size; the nearest whole reduction is then the honest stand-in.
    if !drawn {
        return raster.reduced((raster.width / width.max(1)).max(1));
    }
    Raster { width: width.max(1), height: height.max(1), rgb: target.into_vec() }
}
