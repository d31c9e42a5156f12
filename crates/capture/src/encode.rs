//! JPEG with half chroma resolution and the resolution in its header, and thumbnails. Absent on purpose: any other format.

use jpeg_encoder::{Encoder, ImageBuffer, JpegColorType, PixelDensity, SamplingFactor, rgb_to_ycbcr};

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
    let unwritable = |detail: String| CaptureFault::Unreadable { detail };
    let width = u16::try_from(raster.width).map_err(|e| unwritable(e.to_string()))?;
    let height = u16::try_from(raster.height).map_err(|e| unwritable(e.to_string()))?;
    let mut bytes = Vec::with_capacity(raster.rgb.len() / 10);
    let mut encoder = Encoder::new(&mut bytes, quality);
    if let Some(dpi) = dpi {
        encoder.set_density(PixelDensity::dpi(dpi.round().clamp(1.0, 9600.0) as u16));
    }
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    let rows = Rows {
        raster,
        width,
        height,
        colourless: raster.is_colourless(),
    };
    encoder.encode_image(rows).map_err(|e| unwritable(e.to_string()))?;
    Ok(bytes)
}

/// The rows of a picture in the encoder's colours. One kind of rows for all pages: the encoder is compiled once for each kind, and
/// its ready-made ones cost minutes.
struct Rows<'a> {
    raster: &'a Raster,
    width: u16,
    height: u16,
    colourless: bool,
}

impl ImageBuffer for Rows<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        if self.colourless { JpegColorType::Luma } else { JpegColorType::Ycbcr }
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let length = usize::from(self.width) * 3;
        let row = self.raster.rgb[usize::from(y) * length..][..length].as_chunks::<3>().0;
        let [luma, blue, red, _] = buffers;
        if self.colourless {
            luma.extend(row.iter().map(|p| p[1]));
            return;
        }
        let from = luma.len();
        for plane in [&mut *luma, &mut *blue, &mut *red] {
            plane.resize(from + row.len(), 0);
        }
        let planes = luma[from..].iter_mut().zip(&mut blue[from..]).zip(&mut red[from..]);
        for (p, ((luma, blue), red)) in row.iter().zip(planes) {
            (*luma, *blue, *red) = rgb_to_ycbcr(p[0], p[1], p[2]);
        }
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
