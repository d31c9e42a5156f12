//! The structure tree: what a screen reader or a text extractor learns about the lines on a page.
//!
//! Pieces stand in the order in which they are read on the page; tables have rows and cells. Running heads and feet,
//! lines and codes are artifacts.

use lopdf::{Dictionary, Document, Object, ObjectId, dictionary};

use super::{Properties, fault};
use crate::{
    drawing::{Mark, Part, Role, Sheet},
    fault::PrintFault,
};

/// The part of a mark that belongs to the tree.
pub(super) fn place_of(mark: &Mark) -> Option<Part> {
    match mark {
        Mark::Text { part, glyphs, .. } if !glyphs.is_empty() && part.role != Role::Repeat => Some(*part),
        Mark::Text { .. } | Mark::Line { .. } | Mark::Rect { .. } | Mark::Circle { .. } | Mark::Blocks { .. } => None,
    }
}

/// A piece of text and its lines: page (counted from 0) and number of marked content.
struct Piece {
    part: Part,
    lines: Vec<(usize, i64)>,
}

/// Adds the tree for sheets that were drawn in this order.
pub(super) fn add_tree(document: &mut Document, sheets: &[Sheet], properties: &Properties<'_>) -> Result<(), PrintFault> {
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    let root = document.new_object_id();
    let body = document.new_object_id();
    // For every page, the element of each of its marked contents; the last one is the layer of the copy.
    let mut parents: Vec<Vec<Object>> = sheets
        .iter()
        .map(|sheet| vec![Object::Null; sheet.marks.iter().filter_map(place_of).count()])
        .collect();
    let mut kids = Vec::new();
    let mut table: Option<(u32, ObjectId, Vec<Object>)> = None;
    let mut row: Option<(u32, ObjectId, ObjectId, Vec<Object>)> = None;
    for piece in pieces(sheets) {
        let cell = match piece.part.role {
            Role::Cell { table, row, head } => Some((table, row, head)),
            Role::Title | Role::Text | Role::Repeat => None,
        };
        if row.as_ref().is_some_and(|open| cell.map(|(_, row, _)| row) != Some(open.0)) || cell.is_none() {
            close_row(document, &mut row, &mut table);
        }
        if table.as_ref().is_some_and(|open| cell.map(|(table, _, _)| table) != Some(open.0)) {
            close_row(document, &mut row, &mut table);
            close_table(document, &mut table, body, &mut kids);
        }
        let parent = match cell {
            Some((table_number, row_number, _)) => {
                let table = table.get_or_insert_with(|| (table_number, document.new_object_id(), Vec::new()));
                row.get_or_insert_with(|| (row_number, document.new_object_id(), table.1, Vec::new())).1
            }
            None => body,
        };
        let kind = match piece.part.role {
            Role::Title => "H1",
            Role::Cell { head: true, .. } => "TH",
            Role::Cell { head: false, .. } => "TD",
            Role::Text | Role::Repeat => "P",
        };
        let element = add_element(document, kind, parent, &piece, &pages, &mut parents);
        match &mut row {
            Some(row) => row.3.push(element),
            None => kids.push(element),
        }
    }
    close_row(document, &mut row, &mut table);
    close_table(document, &mut table, body, &mut kids);
    let layers = add_layer_elements(document, body, &pages, &mut parents);
    kids.extend(layers);
    write_root(document, root, body, kids, parents, properties)?;
    number_pages(document, &pages)
}

fn pieces(sheets: &[Sheet]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (page, sheet) in sheets.iter().enumerate() {
        for (id, part) in sheet.marks.iter().filter_map(place_of).enumerate() {
            let line = (page, id as i64);
            match pieces.iter_mut().rev().find(|piece| piece.part.number == part.number) {
                Some(piece) => piece.lines.push(line),
                None => pieces.push(Piece { part, lines: vec![line] }),
            }
        }
    }
    // Items at fixed places are laid out after the flow, but the head of the first page is read first.
    let title = |piece: &Piece| piece.part.role != Role::Title;
    pieces.sort_by_key(title);
    pieces
}

fn add_element(document: &mut Document, kind: &str, parent: ObjectId, piece: &Piece, pages: &[ObjectId], parents: &mut [Vec<Object>]) -> Object {
    let element = document.new_object_id();
    let first = piece.lines.first().map_or(0, |line| line.0);
    let mut kids: Vec<Object> = piece
        .lines
        .iter()
        .map(|&(page, id)| {
            if page == first {
                return Object::Integer(id);
            }
            Object::Dictionary(dictionary! {
                "Type" => "MCR",
                "Pg" => pages[page],
                "MCID" => id,
            })
        })
        .collect();
    for &(page, id) in &piece.lines {
        parents[page][id as usize] = Object::Reference(element);
    }
    document.set_object(
        element,
        dictionary! {
            "S" => kind,
            "P" => parent,
            "Pg" => pages[first],
            "K" => if kids.len() == 1 { kids.remove(0) } else { Object::Array(kids) },
        },
    );
    Object::Reference(element)
}

fn close_row(document: &mut Document, row: &mut Option<(u32, ObjectId, ObjectId, Vec<Object>)>, table: &mut Option<(u32, ObjectId, Vec<Object>)>) {
    if let (Some((_, id, parent, cells)), Some(table)) = (row.take(), table) {
        document.set_object(
            id,
            dictionary! {
                    "S" => "TR",
                "P" => parent,
                "K" => cells,
            },
        );
        table.2.push(Object::Reference(id));
    }
}

fn close_table(document: &mut Document, table: &mut Option<(u32, ObjectId, Vec<Object>)>, body: ObjectId, kids: &mut Vec<Object>) {
    if let Some((_, id, rows)) = table.take() {
        document.set_object(
            id,
            dictionary! {
                    "S" => "Table",
                "P" => body,
                "K" => rows,
            },
        );
        kids.push(Object::Reference(id));
    }
}

/// One element a page for the layer that is put over it later.
fn add_layer_elements(document: &mut Document, body: ObjectId, pages: &[ObjectId], parents: &mut [Vec<Object>]) -> Vec<Object> {
    let mut elements = Vec::with_capacity(pages.len());
    for (&page, parents) in pages.iter().zip(parents) {
        let id = parents.len() as i64;
        let element = document.add_object(dictionary! {
            "S" => "P",
            "P" => body,
            "Pg" => page,
            "K" => id,
        });
        parents.push(Object::Reference(element));
        elements.push(Object::Reference(element));
    }
    elements
}

fn write_root(
    document: &mut Document,
    root: ObjectId,
    body: ObjectId,
    kids: Vec<Object>,
    parents: Vec<Vec<Object>>,
    properties: &Properties<'_>,
) -> Result<(), PrintFault> {
    document.set_object(
        body,
        dictionary! {
            "S" => "Document",
            "P" => root,
            "Lang" => Object::string_literal(properties.language),
            "K" => kids,
        },
    );
    let numbers: Vec<Object> = parents
        .into_iter()
        .enumerate()
        .flat_map(|(page, elements)| [Object::Integer(page as i64), Object::Array(elements)])
        .collect();
    let next = numbers.len() as i64 / 2;
    let tree = document.add_object(dictionary! { "Nums" => numbers });
    document.set_object(
        root,
        dictionary! {
            "Type" => "StructTreeRoot",
            "K" => body,
            "ParentTree" => tree,
            "ParentTreeNextKey" => next,
        },
    );
    let catalog = document.catalog_mut().map_err(fault)?;
    catalog.set("StructTreeRoot", root);
    let mut marked = Dictionary::new();
    marked.set("Marked", true);
    catalog.set("MarkInfo", marked);
    Ok(())
}

fn number_pages(document: &mut Document, pages: &[ObjectId]) -> Result<(), PrintFault> {
    for (number, &page) in pages.iter().enumerate() {
        let page = document.get_dictionary_mut(page).map_err(fault)?;
        page.set("StructParents", number as i64);
        page.set("Tabs", "S");
    }
    Ok(())
}
