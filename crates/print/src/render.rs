//! The one door from data to a finished document, and from a stored document to one more copy of it.

use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    data::{CopyFacts, DocumentData},
    drawing::Sheet,
    expand::{Scope, set_title},
    fault::PrintFault,
    fonts::FontShelf,
    kind::DocumentKind,
    layout::{Composer, lay_out, lay_out_copy},
    pdf::{self, Properties},
    shelf::TemplateShelf,
    template::{OnlyIn, Template},
};

/// The language of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Chinese as written on the mainland.
    Zh,
    /// English.
    En,
}

impl Language {
    /// BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }
}

/// On what the document is printed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Plain paper: licences get a neutral frame and the word SPECIMEN 样张, seals the word 样张.
    Demonstration,
    /// The real thing: licences are printed over their blanks.
    Overlay(Calibration),
}

/// How far a printer misses the paper; applied to licences only.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Shift to the right, in millimetres.
    pub offset_x_mm: f32,
    /// Shift downwards, in millimetres.
    pub offset_y_mm: f32,
    /// Enlargement; 1 is none.
    pub scale: f32,
}

impl Default for Calibration {
    fn default() -> Self {
        Self {
            offset_x_mm: 0.0,
            offset_y_mm: 0.0,
            scale: 1.0,
        }
    }
}

/// A finished document. These bytes are what is printed, archived and hashed; a reprint uses them again.
#[derive(Debug, Clone, PartialEq)]
pub struct RenderedDocument {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// SHA-256 of the PDF.
    pub sha256: [u8; 32],
    /// Number of sheets, one side each.
    pub pages: usize,
    /// Width and height of a sheet in millimetres.
    pub paper_mm: (f32, f32),
}

/// Renders a document with the built-in template.
///
/// # Errors
/// [`PrintFault`] when a field is empty or cannot be printed, or when something does not fit; nothing is printed then.
pub fn render(kind: DocumentKind, data: &DocumentData, language: Language, mode: Mode, fonts: &FontShelf) -> Result<RenderedDocument, PrintFault> {
    TemplateShelf::built_in().render(kind, data, language, mode, fonts)
}

impl TemplateShelf {
    /// Renders a document.
    ///
    /// # Errors
    /// [`PrintFault`] when a field is empty or cannot be printed, or when something does not fit; nothing is printed then.
    pub fn render(&self, kind: DocumentKind, data: &DocumentData, language: Language, mode: Mode, fonts: &FontShelf) -> Result<RenderedDocument, PrintFault> {
        let template = self.get(kind)?;
        let mut value = as_value(data)?;
        let title = write_title(template, &mut value, language)?;
        let composer = Composer::new(template, &value, language, mode, fonts);
        let sheets = adjust(kind, mode, lay_out(&composer)?);
        let sizes_mm: Vec<(f32, f32)> = sheets.iter().map(|sheet| (sheet.width_mm, sheet.height_mm)).collect();
        let layer = adjust(kind, mode, lay_out_copy(&composer, &sizes_mm)?);
        let properties = Properties {
            title: &title,
            author: &data.issuing_body,
            subject: &data.document_number,
            language: language.tag(),
            issued: data.dates.issued,
        };
        Ok(finished(pdf::write(&sheets, &layer, &properties, fonts)?, &sizes_mm))
    }

    /// One more copy of a stored document: the very same pages, with another layer that says which copy it is. The facts
    /// of the document are not read again, so a reprint can not differ from what was issued.
    ///
    /// # Errors
    /// [`PrintFault::Pdf`] when these are not the bytes of a document of ours; others when the layer cannot be drawn.
    pub fn stamp_copy(
        &self,
        kind: DocumentKind,
        stored: &[u8],
        facts: &CopyFacts,
        language: Language,
        mode: Mode,
        fonts: &FontShelf,
    ) -> Result<RenderedDocument, PrintFault> {
        let template = self.get(kind)?;
        let mut value = as_value(facts)?;
        set_title(&mut value, &template.title.literal(language));
        let composer = Composer::new(template, &value, language, mode, fonts);
        let sizes_mm = pdf::sheet_sizes_mm(stored)?;
        let layer = adjust(kind, mode, lay_out_copy(&composer, &sizes_mm)?);
        Ok(finished(pdf::replace_layer(stored, &layer, fonts)?, &sizes_mm))
    }
}

fn as_value(data: &impl Serialize) -> Result<Value, PrintFault> {
    serde_json::to_value(data).map_err(|error| PrintFault::Pdf { reason: error.to_string() })
}

fn write_title(template: &Template, value: &mut Value, language: Language) -> Result<String, PrintFault> {
    let title: String = Scope::new(value).fill(&template.title, language)?.into_iter().map(|span| span.text).collect();
    set_title(value, &title);
    Ok(title)
}

/// Moves what goes on a blank to where this printer hits it.
fn adjust(kind: DocumentKind, mode: Mode, sheets: Vec<Sheet>) -> Vec<Sheet> {
    match mode {
        Mode::Overlay(calibration) if kind.needs_blank() => {
            let offset_mm = [calibration.offset_x_mm, calibration.offset_y_mm];
            sheets.into_iter().map(|sheet| sheet.shifted(offset_mm, calibration.scale)).collect()
        }
        Mode::Demonstration | Mode::Overlay(_) => sheets,
    }
}

fn finished(pdf: Vec<u8>, sizes_mm: &[(f32, f32)]) -> RenderedDocument {
    let mut sha256 = [0; 32];
    sha256.copy_from_slice(digest(&SHA256, &pdf).as_ref());
    RenderedDocument {
        pdf,
        sha256,
        pages: sizes_mm.len(),
        paper_mm: sizes_mm.first().copied().unwrap_or_default(),
    }
}

impl<'a> Composer<'a> {
    fn new(template: &'a Template, data: &'a Value, language: Language, mode: Mode, fonts: &'a FontShelf) -> Self {
        Self {
            template,
            data,
            language,
            mode: match mode {
                Mode::Demonstration => OnlyIn::Demonstration,
                Mode::Overlay(_) => OnlyIn::Overlay,
            },
            fonts,
            parts: std::cell::Cell::new(0),
        }
    }
}
