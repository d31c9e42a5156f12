//! What the lamp would see: a sheet's picture brought to the resolution, colour and region a client asked for. A page
//! that already fits is passed on byte for byte, so that tests can compare and long feeds cost nothing.

use std::io::Cursor;

use anyhow::Context;
use image::{DynamicImage, GenericImage, ImageReader, Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder, PixelDensity, SamplingFactor};

use super::documents::{REGION_UNITS_PER_INCH, ScanSettings};

/// Quality of the device's own encoder.
const QUALITY: u8 = 92;
/// The white lid above the glass is never quite white.
const LID: Rgb<u8> = Rgb([250, 250, 249]);
/// Width an A4 sheet has; a picture that does not tell its resolution is taken to be this wide.
const SHEET_WIDTH_MM: f64 = 210.0;
const MM_PER_INCH: f64 = 25.4;
/// Pixels a side a sheet's picture may have.
const SIDE_PX_MAX: u32 = 20_000;

/// The JPEG the device sends for a sheet. An empty picture stands for an empty glass.
///
/// # Errors
/// When the picture cannot be decoded.
pub(super) fn expose(picture: &[u8], settings: &ScanSettings) -> anyhow::Result<Vec<u8>> {
    let to_px = |units: u32| (units * settings.dpi).div_ceil(REGION_UNITS_PER_INCH);
    let [left, top, width, height] = settings.region.map(to_px);
    if fits_already(picture, settings, width, height) {
        return Ok(picture.to_vec());
    }
    let mut canvas = RgbImage::from_pixel(width, height, LID);
    if !picture.is_empty() {
        let seen = resolve(picture, settings.dpi)?;
        if left < seen.width() && top < seen.height() {
            let part = seen.crop_imm(left, top, width.min(seen.width() - left), height.min(seen.height() - top));
            canvas.copy_from(&part.to_rgb8(), 0, 0).context("the part lies within the canvas")?;
        }
    }
    encode(canvas, settings)
}

/// Decodes a picture and scales it to the resolution asked for.
fn resolve(picture: &[u8], dpi: u32) -> anyhow::Result<DynamicImage> {
    let mut reader = ImageReader::new(Cursor::new(picture)).with_guessed_format()?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(SIDE_PX_MAX);
    limits.max_image_height = Some(SIDE_PX_MAX);
    reader.limits(limits);
    let decoded = reader.decode().context("a sheet's picture cannot be decoded")?;
    let own_dpi = jfif_dpi(picture).map_or_else(|| f64::from(decoded.width()) * MM_PER_INCH / SHEET_WIDTH_MM, f64::from);
    let factor = f64::from(dpi) / own_dpi;
    if (factor - 1.0).abs() < 0.005 {
        return Ok(decoded);
    }
    let scaled = |side: u32| ((f64::from(side) * factor).round() as u32).clamp(1, SIDE_PX_MAX);
    Ok(decoded.resize_exact(scaled(decoded.width()), scaled(decoded.height()), image::imageops::FilterType::Triangle))
}

fn encode(canvas: RgbImage, settings: &ScanSettings) -> anyhow::Result<Vec<u8>> {
    let (width, height) = (u16::try_from(canvas.width())?, u16::try_from(canvas.height())?);
    let dpi = u16::try_from(settings.dpi)?;
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_density(PixelDensity::dpi(dpi));
    if settings.colour {
        encoder.encode(canvas.as_raw(), width, height, ColorType::Rgb)?;
    } else {
        let gray = DynamicImage::ImageRgb8(canvas).into_luma8();
        encoder.encode(gray.as_raw(), width, height, ColorType::Luma)?;
    }
    Ok(jpeg)
}

/// Whether a picture is the JPEG asked for as it is: whole region, its own resolution, colour, size within 1 %.
fn fits_already(picture: &[u8], settings: &ScanSettings, width: u32, height: u32) -> bool {
    let whole = settings.region[0] == 0 && settings.region[1] == 0;
    if !whole || !settings.colour || jfif_dpi(picture) != Some(settings.dpi) {
        return false;
    }
    let Ok((own_width, own_height)) = ImageReader::new(Cursor::new(picture))
        .with_guessed_format()
        .map_err(image::ImageError::from)
        .and_then(ImageReader::into_dimensions)
    else {
        return false;
    };
    own_width.abs_diff(width) <= width / 100 && own_height.abs_diff(height) <= height / 100
}

/// Resolution a JFIF header gives in dots an inch; `None` for other files and for headers without a unit.
fn jfif_dpi(picture: &[u8]) -> Option<u32> {
    let header = picture.get(..18)?;
    if !header.starts_with(&[0xff, 0xd8, 0xff, 0xe0]) || &header[6..11] != b"JFIF\0" {
        return None;
    }
    let density = u32::from(u16::from_be_bytes([header[14], header[15]]));
    match header[13] {
        1 => Some(density),
        2 => Some((f64::from(density) * 2.54).round() as u32),
        _ => None,
    }
    .filter(|dpi| (30..=2400).contains(dpi))
}
