//! A sheet as a picture, drawn from the very PDF that is printed: what the clerk sees is what comes out.

use hayro::{
    PixmapSettings, RenderCache, RenderSettings, hayro_interpret::InterpreterSettings, hayro_syntax::Pdf, render, vello_cpu::color::palette::css::WHITE,
};

use crate::fault::PrintFault;

/// Pictures are drawn at most this large on either side.
const MAX_SIDE_PX: f32 = 6_000.0;

/// Draws one sheet, counted from 0, as a PNG picture on white.
///
/// # Errors
/// [`PrintFault::Pdf`] when these are not the bytes of a document, or it has no such sheet.
pub fn preview_png(pdf: &[u8], sheet: usize, dpi: f32) -> Result<Vec<u8>, PrintFault> {
    let fault = |reason: &str| PrintFault::Pdf { reason: reason.to_owned() };
    let pdf = Pdf::new(pdf.to_vec()).map_err(|error| PrintFault::Pdf { reason: format!("{error:?}") })?;
    let page = pdf.pages().get(sheet).ok_or_else(|| fault("there is no such sheet"))?;
    let (width_pt, height_pt) = page.render_dimensions();
    let scale = (dpi / 72.0).clamp(0.1, MAX_SIDE_PX / width_pt.max(height_pt).max(1.0));
    let settings = PixmapSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: WHITE,
    };
    let cache = RenderCache::new();
    let picture = render(page, &cache, &InterpreterSettings::default(), &RenderSettings::default(), &settings);
    picture.into_png().map_err(|error| PrintFault::Pdf { reason: format!("{error:?}") })
}
