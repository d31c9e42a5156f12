//! A slip as dots for a thermal printer, drawn from the very PDF that is previewed and archived.

use hayro::{
    PixmapSettings, RenderCache, RenderSettings, hayro_interpret::InterpreterSettings, hayro_syntax::Pdf, render, vello_cpu::color::palette::css::WHITE,
};

use crate::fault::PrintFault;

/// Dots across the paper that an 80 mm printer can print (72 mm at 203 dpi).
pub const SLIP_DOTS: u32 = 576;
/// Dots an inch.
const DPI: f32 = 203.0;
/// Longest slip; 2 m.
const MAX_ROWS: u32 = 16_000;
/// Darker than this is a dot. Text is thin, so the edge of a stroke counts.
const THRESHOLD: u32 = 150;

/// Black and white dots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipRaster {
    /// Rows.
    pub height: u32,
    /// Eight dots a byte, the leftmost highest, 1 is black; 72 bytes a row.
    pub rows: Vec<u8>,
}

/// Draws the first sheet of a slip, centred on the printable width.
///
/// # Errors
/// [`PrintFault::Pdf`] when these are not the bytes of a document; [`PrintFault::DoesNotFit`] when it is wider or longer
/// than a slip.
pub fn rasterize_slip(pdf: &[u8]) -> Result<SlipRaster, PrintFault> {
    let fault = |reason: String| PrintFault::Pdf { reason };
    let pdf = Pdf::new(pdf.to_vec()).map_err(|error| fault(format!("{error:?}")))?;
    let page = pdf.pages().first().ok_or_else(|| fault("there is no sheet".to_owned()))?;
    let (width_pt, height_pt) = page.render_dimensions();
    let scale = DPI / 72.0;
    let (width, height) = ((width_pt * scale) as u32, (height_pt * scale) as u32);
    if height > MAX_ROWS || width > SLIP_DOTS + 80 {
        return Err(PrintFault::DoesNotFit { field: "slip".to_owned() });
    }
    let settings = PixmapSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: WHITE,
    };
    let picture = render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &settings,
    );
    let (width, height) = (u32::from(picture.width()), u32::from(picture.height()));
    let pixels = picture.data_as_u8_slice();
    // The paper is wider than the print head on both sides.
    let left = width.saturating_sub(SLIP_DOTS) / 2;
    let mut rows = vec![0; (height * SLIP_DOTS / 8) as usize];
    for y in 0..height {
        for x in 0..SLIP_DOTS.min(width - left) {
            let at = ((y * width + x + left) * 4) as usize;
            let [red, green, blue] = [pixels[at], pixels[at + 1], pixels[at + 2]].map(u32::from);
            if (red * 299 + green * 587 + blue * 114) / 1_000 < THRESHOLD {
                rows[(y * SLIP_DOTS / 8 + x / 8) as usize] |= 0x80 >> (x % 8);
            }
        }
    }
    Ok(SlipRaster { height, rows })
}
