//! Running text on A4: headings, paragraphs and lines that hold one value, set from top to bottom.

use super::fonts::Face;
use super::sheet::{Ink, Sheet};
use super::{DrawOptions, PaperError, PaperKind};

/// A piece of running text.
pub(super) enum Block<'a> {
    /// Centred title of the document.
    Title(&'a str),
    /// Bold heading of a chapter.
    Heading(&'a str),
    /// A paragraph, indented by two characters.
    Text(&'a str),
    /// A line with one value: words before it, name of the field, value, words after it.
    Value(&'a str, &'a str, &'a str, &'a str),
}

const LEFT_MM: f32 = 26.0;
const WIDTH_MM: f32 = 158.0;

/// A page with its number at the foot and the specimen mark at the head.
pub(super) fn page(kind: PaperKind, options: &DrawOptions) -> Result<Sheet, PaperError> {
    let mut sheet = Sheet::new(kind, options, [254, 254, 253])?;
    sheet.text(184.0, 12.0, "样张 SPECIMEN", Ink::hei(2.6).spaced(0.3).colour([150, 156, 164]).right());
    if kind.page_count() > 1 {
        let foot = format!("第 {} 页　共 {} 页", options.page_no, kind.page_count());
        sheet.text(105.0, 280.0, &foot, Ink::song(3.4).centred());
    }
    Ok(sheet)
}

/// Sets the blocks from `y` on with the given leading; returns the y below the last one.
pub(super) fn flow(sheet: &mut Sheet, y: f32, line_mm: f32, blocks: &[Block<'_>]) -> f32 {
    let ink = Ink::song(4.2);
    let mut y = y;
    for block in blocks {
        match block {
            Block::Title(text) => {
                sheet.text(105.0, y, text, Ink::new(Face::SongBold, 7.4).spaced(0.8).centred());
                y += 18.0;
            }
            Block::Heading(text) => {
                sheet.text(LEFT_MM, y + 1.0, text, Ink::new(Face::HeiBold, 4.2));
                y += line_mm + 1.6;
            }
            Block::Text(text) => {
                y = sheet.paragraph(LEFT_MM, y, WIDTH_MM, line_mm, &format!("　　{text}"), ink).1;
            }
            Block::Value(before, key, value, after) => y = value_line(sheet, y, line_mm, ink, (before, key, value, after)),
        }
    }
    y
}

/// A value keeps its own box, so it is set apart from the words around it; a long one wraps under itself.
fn value_line(sheet: &mut Sheet, y: f32, line_mm: f32, ink: Ink, (before, key, value, after): (&str, &str, &str, &str)) -> f32 {
    let start = LEFT_MM + 2.0 * ink.size_mm;
    // Words that run into the value are parted from it as typesetters do; a colon has its own space.
    let apart_mm = if before.ends_with('：') { 0.0 } else { 0.6 };
    let lead = sheet.text_width_mm(before, ink) + apart_mm;
    sheet.text(start, y, before, ink);
    let left = LEFT_MM + WIDTH_MM - start - lead;
    let (area, below) = sheet.paragraph(start + lead, y, left, line_mm, value, ink);
    sheet.note_field(key, value, area);
    let last_mm = if below > y + line_mm * 1.5 { 0.0 } else { sheet.text_width_mm(value, ink) };
    if !after.is_empty() {
        sheet.text(start + lead + last_mm + 0.6, y, after, ink);
    }
    below
}
