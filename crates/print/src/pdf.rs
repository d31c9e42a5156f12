//! The drawing list as PDF: printpdf writes pages and embeds subset fonts, a post-pass makes it PDF/A-2b with tags.
//!
//! What differs between copies of a document is a layer of its own (a form over each page), so that a reprint takes the
//! stored pages as they are.
//!
//! The same sheets give the same bytes on every computer with the same font files: resource names are fixed and the
//! file identifier is derived from the content. Deliberately absent: pictures, forms, scripts, links, encryption.

mod archive;
mod draw;
mod embed;
mod file;
mod layer;
mod outlines;
mod structure;

use lopdf::{Dictionary, Document, Object, dictionary};
use printpdf::{Mm, PdfDocument, PdfPage, PdfSaveOptions, PdfWarnMsg};

use crate::{drawing::Sheet, fault::PrintFault, fonts::FontShelf};
use draw::Purpose;
use embed::{Codes, Subsets};
pub(crate) use outlines::Programs;

/// What the document properties say.
pub(crate) struct Properties<'a> {
    pub(crate) title: &'a str,
    pub(crate) author: &'a str,
    pub(crate) subject: &'a str,
    /// BCP 47 tag of the language of the text.
    pub(crate) language: &'a str,
    /// Day of issue, China Standard Time.
    pub(crate) issued: time::Date,
}

/// Writes the sheets, and over them the layer that tells this copy from others.
pub(crate) fn write(sheets: &[Sheet], layer: &[Sheet], properties: &Properties<'_>, fonts: &FontShelf) -> Result<Vec<u8>, PrintFault> {
    let subsets = Subsets::of(sheets.iter().chain(layer));
    let codes = subsets.codes();
    let mut document = draw_sheets(sheets, &codes, Purpose::Page)?;
    "1.7".clone_into(&mut document.version);
    let named = subsets.embed(&mut document, fonts, "OW")?;
    let named = document.add_object(named);
    share_resources(&mut document, &dictionary! { "Font" => named })?;
    archive::describe(&mut document, properties)?;
    structure::add_tree(&mut document, sheets, properties)?;
    layer::attach(&mut document, &draw_sheets(layer, &codes, Purpose::Layer)?, named)?;
    file::write(&document, None)
}

/// The same document with another layer.
pub(crate) fn replace_layer(stored: &[u8], layer: &[Sheet], fonts: &FontShelf) -> Result<Vec<u8>, PrintFault> {
    let mut document = Document::load_mem(stored).map_err(fault)?;
    let first_id = document
        .trailer
        .get(b"ID")
        .and_then(Object::as_array)
        .ok()
        .and_then(|both| both.first())
        .cloned();
    let subsets = Subsets::of(layer.iter());
    let named = subsets.embed(&mut document, fonts, "CP")?;
    let named = document.add_object(named);
    layer::attach(&mut document, &draw_sheets(layer, &subsets.codes(), Purpose::Layer)?, named)?;
    file::write(&document, first_id)
}

/// Width and height of the sheets of a stored document.
pub(crate) fn sheet_sizes_mm(stored: &[u8]) -> Result<Vec<(f32, f32)>, PrintFault> {
    let document = Document::load_mem(stored).map_err(fault)?;
    layer::sheet_sizes_mm(&document)
}

/// printpdf writes the pages; their fonts are added afterwards, because its own subsets are a fifth larger.
fn draw_sheets(sheets: &[Sheet], codes: &Codes, purpose: Purpose) -> Result<Document, PrintFault> {
    let mut pdf = PdfDocument::new("");
    pdf.pages = (1..)
        .zip(sheets)
        .map(|(number, sheet)| PdfPage::new(Mm(sheet.width_mm), Mm(sheet.height_mm), draw::operations(sheet, number, codes, purpose)))
        .collect();
    let mut warnings = Vec::new();
    // Without `secure`, operators that printpdf has no name for are left out.
    let options = PdfSaveOptions {
        secure: false,
        ..PdfSaveOptions::default()
    };
    let document = pdf.to_lopdf_document(&options, &mut warnings);
    refuse_warnings(&warnings)?;
    Ok(document)
}

/// A warning of the engine means a glyph, font or colour that did not come out as asked.
fn refuse_warnings(warnings: &[PdfWarnMsg]) -> Result<(), PrintFault> {
    match warnings.first() {
        Some(warning) => Err(PrintFault::Pdf { reason: warning.msg.clone() }),
        None => Ok(()),
    }
}

/// One list of resources for all pages, in place of printpdf's, which name no fonts.
fn share_resources(document: &mut Document, resources: &Dictionary) -> Result<(), PrintFault> {
    let resources = document.add_object(resources.clone());
    let pages: Vec<_> = document.page_iter().collect();
    for page in pages {
        let page = document.get_dictionary_mut(page).map_err(fault)?;
        page.set("Resources", resources);
        // The same as the whole sheet, and empty.
        ["TrimBox", "CropBox", "Annots"].iter().for_each(|key| {
            page.remove(key.as_bytes());
        });
    }
    Ok(())
}

pub(crate) fn fault(error: lopdf::Error) -> PrintFault {
    PrintFault::Pdf { reason: error.to_string() }
}
