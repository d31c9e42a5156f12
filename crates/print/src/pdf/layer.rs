//! The layer that tells one copy of a document from another: a form drawn over each page. The first one shares the fonts of the
//! pages; that of a reprint has its own.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::fault;
use crate::{fault::PrintFault, typeset::MM_PER_PT};

/// Name of the layer of a page, counted from 1; pages may share their resources.
pub(super) fn layer_name(page: u32) -> String {
    format!("OWCopy{page}")
}

/// Puts a layer over the pages, in place of one that is there; `fonts` is the list of its fonts.
pub(super) fn attach(document: &mut Document, layer: &Document, fonts: ObjectId) -> Result<(), PrintFault> {
    let pages = document.get_pages();
    let sources = layer.get_pages();
    if pages.len() != sources.len() {
        return Err(PrintFault::Pdf {
            reason: "the layer has another number of pages".to_owned(),
        });
    }
    for ((number, page), source) in pages.iter().zip(sources.values()) {
        let form = form_of(layer, *source, fonts)?;
        let form = document.add_object(form);
        place(document, *page, &layer_name(*number), form)?;
    }
    Ok(())
}

/// Sizes of all pages.
pub(super) fn sheet_sizes_mm(document: &Document) -> Result<Vec<(f32, f32)>, PrintFault> {
    document
        .page_iter()
        .map(|page| {
            let area = document
                .get_dictionary(page)
                .and_then(|page| page.get(b"MediaBox"))
                .and_then(Object::as_array)
                .map_err(fault)?;
            let edge = |index: usize| area.get(index).and_then(|edge| edge.as_float().ok()).unwrap_or_default();
            Ok(((edge(2) - edge(0)) * MM_PER_PT, (edge(3) - edge(1)) * MM_PER_PT))
        })
        .collect()
}

/// A page as a form.
fn form_of(layer: &Document, page: ObjectId, fonts: ObjectId) -> Result<Stream, PrintFault> {
    let area = layer.get_dictionary(page).and_then(|page| page.get(b"MediaBox")).map_err(fault)?.clone();
    let head = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Form",
        "BBox" => area,
        "Resources" => dictionary! { "Font" => fonts },
    };
    Ok(Stream::new(head, layer.get_page_content(page)))
}

/// Names the form among the resources of a page, whose content calls it.
fn place(document: &mut Document, page: ObjectId, name: &str, form: ObjectId) -> Result<(), PrintFault> {
    let resources = document.get_or_create_resources(page).and_then(Object::as_dict_mut).map_err(fault)?;
    let forms = match resources.get(b"XObject").and_then(Object::as_reference) {
        Ok(elsewhere) => document.get_dictionary_mut(elsewhere).map_err(fault)?,
        Err(_) => {
            if !resources.has(b"XObject") {
                resources.set("XObject", Dictionary::new());
            }
            resources.get_mut(b"XObject").and_then(Object::as_dict_mut).map_err(fault)?
        }
    };
    forms.set(name, Object::Reference(form));
    Ok(())
}
