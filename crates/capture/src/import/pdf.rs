//! The pages of a PDF as pictures: the one a page consists of, else the page drawn; what its letters say comes along as a hint. Absent on purpose: scripts, forms and attachments, which are never run or opened,
//! and passwords.

mod embedded;
mod letters;

use std::sync::Arc;

use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro::kurbo::Point;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use super::{Deadline, FileKind, RawContent, RawPage};
use crate::encode;
use crate::fault::CaptureFault;
use crate::limits::Limits;
use crate::raster::Raster;
use crate::text_layer;

/// Points of PDF per inch.
const POINTS_PER_INCH: f32 = 72.0;

/// Takes the picture that a page consists of, or draws the page at the limit's resolution; one too large for the picture limit is drawn smaller.
pub(super) fn split(bytes: &[u8], limits: &Limits, deadline: &Deadline) -> Result<Vec<RawPage>, CaptureFault> {
    let pdf = Pdf::new(Arc::new(bytes.to_vec())).map_err(refused)?;
    let found = pdf.pages().len() as u32;
    if found == 0 {
        return Err(CaptureFault::NoPages);
    }
    if found > limits.max_pages {
        return Err(CaptureFault::TooManyPages {
            pages: found,
            max_pages: limits.max_pages,
        });
    }
    let settings = InterpreterSettings::default();
    let mut pages = Vec::with_capacity(found as usize);
    for (index, page) in pdf.pages().iter().enumerate() {
        let number = index as u32 + 1;
        deadline.check(number)?;
        let made = embedded::survey(page, &settings, limits);
        let (jpeg, dpi, (corner, px_per_pt)) = match made.picture {
            Some(picture) => {
                let (jpeg, dpi) = picture.to_file(limits)?;
                (jpeg, dpi, picture.scale())
            }
            None => {
                let (jpeg, dpi) = drawn(page, &settings, limits)?;
                (jpeg, Some(dpi), (Point::ZERO, f64::from(dpi / POINTS_PER_INCH)))
            }
        };
        let bytes = text_layer::carrying(jpeg, &made.letters.lines(corner, px_per_pt));
        pages.push(RawPage {
            number,
            content: RawContent::File { kind: FileKind::Jpeg, bytes },
            dpi,
            notes: Vec::new(),
        });
    }
    Ok(pages)
}

fn refused(error: LoadPdfError) -> CaptureFault {
    match error {
        LoadPdfError::Decryption(
            DecryptionError::PasswordProtected | DecryptionError::MissingIDEntry | DecryptionError::InvalidEncryption | DecryptionError::UnsupportedAlgorithm,
        ) => CaptureFault::EncryptedPdf,
        LoadPdfError::Invalid => CaptureFault::Unreadable {
            detail: "PDF: no readable structure".to_owned(),
        },
    }
}

/// A page drawn, as a JPEG with its resolution.
fn drawn(page: &Page<'_>, settings: &InterpreterSettings, limits: &Limits) -> Result<(Vec<u8>, f32), CaptureFault> {
    // A cache for each page: one for the whole file keeps every decoded picture until the end.
    let (raster, dpi) = draw(page, settings, limits);
    Ok((encode::jpeg(&raster, encode::ORIGINAL_QUALITY, Some(dpi))?, dpi))
}

/// One page on white, with the resolution it was drawn at.
fn draw(page: &Page<'_>, settings: &InterpreterSettings, limits: &Limits) -> (Raster, f32) {
    let (width_pt, height_pt) = page.render_dimensions();
    let (width_pt, height_pt) = (width_pt.clamp(1.0, 1e6), height_pt.clamp(1.0, 1e6));
    let wanted = limits.pdf_dpi as f32 / POINTS_PER_INCH;
    let by_area = (limits.max_pixels as f32 * 0.5 / (width_pt * height_pt)).sqrt();
    let by_side = limits.max_side_px as f32 / width_pt.max(height_pt);
    let scale = wanted.min(by_area).min(by_side);
    let pixmap = render(
        page,
        &RenderCache::new(),
        settings,
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: scale,
            y_scale: scale,
            bg_color: WHITE,
        },
    );
    let rgb = pixmap.data_as_u8_slice().as_chunks::<4>().0.iter().flat_map(|p| [p[0], p[1], p[2]]).collect();
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let raster = Raster::from_rgb(width, height, rgb).unwrap_or_else(|| Raster::filled(1, 1, [255; 3]));
    (raster, scale * POINTS_PER_INCH)
}
