//! The layer that tells one copy of a document from another: a form drawn over each page, with fonts of its own.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::{fault, structure};
use crate::{fault::PrintFault, typeset::MM_PER_PT};

/// Name of the layer of a page, counted from 1; pages may share their resources.
pub(super) fn layer_name(page: u32) -> String {
    format!("OWCopy{page}")
}

/// Puts a layer over the pages, in place of one that is there.
pub(super) fn attach(document: &mut Document, mut layer: Document) -> Result<(), PrintFault> {
    layer.renumber_objects_with(document.max_id + 1);
    document.max_id = layer.max_id;
    let pages = document.get_pages();
    let sources = layer.get_pages();
    if pages.len() != sources.len() {
        return Err(PrintFault::Pdf {
            reason: "the layer has another number of pages".to_owned(),
        });
    }
    for ((number, page), source) in pages.iter().zip(sources.values()) {
        let form = form_of(&layer, *source)?;
        let form = document.add_object(form);
        let name = layer_name(*number);
        if !place(document, *page, &name, form)? {
            let call = structure::layer_call(document, *page, &name)?;
            document.add_page_contents(*page, call).map_err(fault)?;
        }
    }
    document.objects.extend(layer.objects);
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
fn form_of(layer: &Document, page: ObjectId) -> Result<Stream, PrintFault> {
    let dictionary = layer.get_dictionary(page).map_err(fault)?;
    let area = dictionary.get(b"MediaBox").map_err(fault)?.clone();
    let resources = dictionary.get(b"Resources").map_err(fault)?.clone();
    let head = dictionary! {
        "Type" => "XObject",
        "Subtype" => "Form",
        "BBox" => area,
        "Resources" => resources,
    };
    Ok(Stream::new(head, without_marks(&layer.get_page_content(page))))
}

/// A form is one piece of marked content as a whole, so the marks inside it go.
fn without_marks(content: &[u8]) -> Vec<u8> {
    let Ok(mut content) = lopdf::content::Content::decode(content) else {
        return content.to_vec();
    };
    content
        .operations
        .retain(|operation| !matches!(operation.operator.as_str(), "BDC" | "BMC" | "EMC"));
    content.encode().unwrap_or_default()
}

/// Names the form among the resources of a page; whether there was one before.
fn place(document: &mut Document, page: ObjectId, name: &str, form: ObjectId) -> Result<bool, PrintFault> {
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
    let known = forms.has(name.as_bytes());
    forms.set(name, Object::Reference(form));
    Ok(known)
}
