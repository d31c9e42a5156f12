//! The drawing list as PDF: printpdf writes pages and embeds subset fonts, a post-pass makes it PDF/A-2b with tags.
//!
//! What differs between copies of a document is a layer of its own (a form over each page), so that a reprint takes the
//! stored pages as they are.
//!
//! The same sheets give the same bytes on every computer with the same font files: resource names are fixed and the
//! file identifier is derived from the content. Deliberately absent: pictures, forms, scripts, links, encryption.

mod archive;
mod layer;
mod structure;

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use lopdf::{Dictionary, Document, Object};
use printpdf::{
    Codepoint, Color, DictItem, Greyscale, Line, LineDashPattern, LinePoint, Mm, Op, PaintMode, PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions,
    PdfWarnMsg, Point, Polygon, PolygonRing, Pt, TextItem, TextMatrix, WindingOrder,
};

use crate::{
    drawing::{Area, Mark, Pen, Sheet, find_used_fonts},
    fault::PrintFault,
    fonts::{FontName, FontShelf},
    typeset::SetGlyph,
};

/// Distance of the control points that make a quarter circle of a Bézier curve.
const CIRCLE_KAPPA: f32 = 0.552_285;

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
    let mut document = draw_sheets(sheets, properties.title, fonts)?;
    "1.7".clone_into(&mut document.version);
    archive::describe(&mut document, properties)?;
    structure::add_tree(&mut document, sheets, properties)?;
    layer::attach(&mut document, draw_sheets(layer, "", fonts)?)?;
    save(document, None)
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
    layer::attach(&mut document, draw_sheets(layer, "", fonts)?)?;
    save(document, first_id)
}

/// Width and height of the sheets of a stored document.
pub(crate) fn sheet_sizes_mm(stored: &[u8]) -> Result<Vec<(f32, f32)>, PrintFault> {
    let document = Document::load_mem(stored).map_err(fault)?;
    layer::sheet_sizes_mm(&document)
}

fn draw_sheets(sheets: &[Sheet], title: &str, fonts: &FontShelf) -> Result<Document, PrintFault> {
    let mut pdf = PdfDocument::new(title);
    for name in find_used_fonts(sheets) {
        let font = fonts.get_font(name)?.parsed.clone();
        pdf.resources.fonts.map.insert(name.pdf_id(), PdfFont::new(font));
    }
    pdf.pages = sheets.iter().map(page).collect();
    let mut warnings = Vec::new();
    let document = pdf.to_lopdf_document(&PdfSaveOptions::default(), &mut warnings);
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

/// Leaves nothing unused in the file and names it after its content. The first half of the name stays with a document
/// through all its copies. Small objects are packed together, which ISO 19005-2 allows.
fn save(mut document: Document, first_id: Option<Object>) -> Result<Vec<u8>, PrintFault> {
    let written = |result: std::io::Result<()>| result.map_err(|error| PrintFault::Pdf { reason: error.to_string() });
    let mut trailer = Dictionary::new();
    for key in [b"Root".as_slice(), b"Info"] {
        trailer.set(key, document.trailer.get(key).map_err(fault)?.clone());
    }
    document.trailer = trailer;
    document.prune_objects();
    document.renumber_objects();
    document.compress();
    let mut draft = Vec::new();
    written(document.save_to(&mut draft))?;
    let own = Object::String(digest(&SHA256, &draft).as_ref()[..16].to_vec(), lopdf::StringFormat::Hexadecimal);
    document.trailer.set("ID", vec![first_id.unwrap_or_else(|| own.clone()), own]);
    let mut bytes = Vec::with_capacity(draft.len());
    written(document.save_modern(&mut bytes))?;
    Ok(bytes)
}

pub(crate) fn fault(error: lopdf::Error) -> PrintFault {
    PrintFault::Pdf { reason: error.to_string() }
}

/// Every line of text is marked content of its own, everything else is an artifact: what the structure tree refers to.
fn page(sheet: &Sheet) -> PdfPage {
    let mut ops = Vec::new();
    let mut marked = 0;
    for mark in &sheet.marks {
        match structure::place_of(mark) {
            Some(_) => {
                let id = DictItem::Dict {
                    map: BTreeMap::from([("MCID".to_owned(), DictItem::Int(marked))]),
                };
                marked += 1;
                ops.push(Op::BeginMarkedContentWithProperties {
                    tag: "P".to_owned(),
                    properties: id,
                });
            }
            None => ops.push(Op::BeginMarkedContent { tag: "Artifact".to_owned() }),
        }
        draw(mark, sheet.height_mm, &mut ops);
        ops.push(Op::EndMarkedContent);
    }
    PdfPage::new(Mm(sheet.width_mm), Mm(sheet.height_mm), ops)
}

fn draw(mark: &Mark, sheet_height_mm: f32, ops: &mut Vec<Op>) {
    let point = |x_mm: f32, y_mm: f32| Point::new(Mm(x_mm), Mm(sheet_height_mm - y_mm));
    match mark {
        Mark::Text {
            x_mm,
            baseline_mm,
            size_pt,
            grey,
            glyphs,
            part: _,
        } => {
            draw_text(point(*x_mm, *baseline_mm), *size_pt, *grey, glyphs, ops);
        }
        Mark::Line { from_mm, to_mm, pen } => {
            let ends = [point(from_mm[0], from_mm[1]), point(to_mm[0], to_mm[1])];
            stroke(ends.map(corner).to_vec(), false, *pen, ops);
        }
        Mark::Rect { area, pen } => stroke(corners(*area, &point), true, *pen, ops),
        Mark::Circle { centre_mm, radius_mm, pen } => {
            let around = |dx: f32, dy: f32| point(centre_mm[0] + dx * radius_mm, centre_mm[1] + dy * radius_mm);
            stroke(circle(&around), true, *pen, ops);
        }
        Mark::Blocks { areas } => {
            ops.push(Op::SetFillColor { col: grey_of(0.0) });
            let rings = areas
                .iter()
                .map(|area| PolygonRing {
                    points: corners(*area, &point),
                })
                .collect();
            ops.push(Op::DrawPolygon {
                polygon: Polygon {
                    rings,
                    mode: PaintMode::Fill,
                    winding_order: WindingOrder::NonZero,
                },
            });
        }
    }
}

/// One line of text. Runs in different fonts follow each other at the natural pen position, so the whole line stays
/// one text object and is copied out as one line.
fn draw_text(start: Point, size_pt: f32, grey: f32, glyphs: &[SetGlyph], ops: &mut Vec<Op>) {
    ops.push(Op::SetFillColor { col: grey_of(grey) });
    ops.push(Op::StartTextSection);
    let mut x_pt = start.x.0;
    for run in glyphs.chunk_by(|a, b| a.font == b.font) {
        let Some(font) = run.first().map(|glyph| glyph.font) else { continue };
        ops.push(Op::SetFont {
            font: handle(font),
            size: Pt(size_pt),
        });
        ops.push(Op::SetTextMatrix {
            matrix: TextMatrix::Translate(Pt(x_pt), start.y),
        });
        let codes = run
            .iter()
            // TJ counts in thousandths of an em, and a positive number moves to the left.
            .map(|glyph| Codepoint::with_cid(glyph.gid, -(glyph.gap_em * 1000.0).round(), glyph.character.to_string()))
            .collect();
        ops.push(Op::ShowText {
            items: vec![TextItem::GlyphIds(codes)],
        });
        x_pt += run.iter().map(|glyph| (glyph.advance_em + glyph.gap_em) * size_pt).sum::<f32>();
    }
    ops.push(Op::EndTextSection);
}

fn handle(font: FontName) -> PdfFontHandle {
    PdfFontHandle::External(font.pdf_id())
}

fn stroke(points: Vec<LinePoint>, is_closed: bool, pen: Pen, ops: &mut Vec<Op>) {
    ops.push(Op::SetOutlineColor { col: grey_of(pen.grey) });
    ops.push(Op::SetOutlineThickness { pt: Mm(pen.width_mm).into() });
    ops.push(Op::SetLineDashPattern {
        dash: if pen.dashed {
            LineDashPattern::new(0.0, &[3.0, 2.2])
        } else {
            LineDashPattern::solid()
        },
    });
    ops.push(Op::DrawLine {
        line: Line { points, is_closed },
    });
}

fn corner(p: Point) -> LinePoint {
    LinePoint { p, bezier: false }
}

fn corners(area: Area, point: &dyn Fn(f32, f32) -> Point) -> Vec<LinePoint> {
    let Area {
        x_mm,
        y_mm,
        width_mm,
        height_mm,
    } = area;
    vec![
        corner(point(x_mm, y_mm)),
        corner(point(x_mm + width_mm, y_mm)),
        corner(point(x_mm + width_mm, y_mm + height_mm)),
        corner(point(x_mm, y_mm + height_mm)),
    ]
}

/// A unit circle of four Bézier curves; `around` places its points.
fn circle(around: &dyn Fn(f32, f32) -> Point) -> Vec<LinePoint> {
    const K: f32 = CIRCLE_KAPPA;
    let control = |dx, dy| LinePoint {
        p: around(dx, dy),
        bezier: true,
    };
    let on = |dx, dy| corner(around(dx, dy));
    vec![
        on(1.0, 0.0),
        control(1.0, K),
        control(K, 1.0),
        on(0.0, 1.0),
        control(-K, 1.0),
        control(-1.0, K),
        on(-1.0, 0.0),
        control(-1.0, -K),
        control(-K, -1.0),
        on(0.0, -1.0),
        control(K, -1.0),
        control(1.0, -K),
        on(1.0, 0.0),
    ]
}

fn grey_of(grey: f32) -> Color {
    Color::Greyscale(Greyscale::new(grey, None))
}
