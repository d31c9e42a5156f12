//! Templates: the layout of a document as data, in millimetres, with texts in both languages.
//!
//! What documents of one family share (paper, head, foot, signature) is a frame, and a template names it. A template is
//! checked when it is read: unknown keys, unknown fields and columns wider than the page are refused then, not at the
//! printer. It has no loops or arithmetic; lists appear as tables, optional parts carry `when`.

mod check;
mod written;

use serde::Deserialize;

use crate::{
    Language,
    expand::{Piece, parse_pieces},
};

/// The layout of one document.
#[derive(Debug, Clone)]
pub(crate) struct Template {
    pub(crate) paper: PaperSize,
    pub(crate) margin_mm: Margin,
    pub(crate) title: Words,
    /// Typeface of text that does not say otherwise.
    pub(crate) font: TextFont,
    pub(crate) text_pt: f32,
    pub(crate) table_pt: f32,
    /// Items at fixed places on the first sheet.
    pub(crate) first: Vec<Item>,
    /// Items at fixed places on every further sheet.
    pub(crate) next: Vec<Item>,
    /// Items at fixed places on all sheets.
    pub(crate) every: Vec<Item>,
    /// What differs from copy to copy.
    pub(crate) copy: CopyLayer,
    /// Blocks that follow each other down the sheet and on to further ones.
    pub(crate) flow: Vec<Block>,
}

/// What tells one copy of a document from another, drawn in a layer of its own: a reprint is the stored document with
/// another such layer. It may name `copy`, `qr_text`, `blank_serial`, `title` and `page`, and nothing else.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct CopyLayer {
    /// Items on the first sheet.
    pub(crate) first: Vec<Item>,
    /// Items on all sheets.
    pub(crate) every: Vec<Item>,
}

/// Paper; without a height it is a roll, cut after the last block.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PaperSize {
    pub(crate) width_mm: f32,
    pub(crate) height_mm: Option<f32>,
}

/// Edges of the flow. `next_top` holds for further sheets, whose head is shorter.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Margin {
    pub(crate) top: f32,
    pub(crate) next_top: Option<f32>,
    pub(crate) right: f32,
    pub(crate) bottom: f32,
    pub(crate) left: f32,
}

/// Typefaces by use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TextFont {
    /// Serif, for notices and licences.
    #[default]
    Song,
    /// Serif bold, for titles.
    Bold,
    /// Sans serif, for slips.
    Hei,
}

/// Horizontal position inside a box or column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Align {
    #[default]
    Left,
    Centre,
    Right,
}

/// A text in both languages, already cut into literals and fields. A plain string serves both.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "RawWords")]
pub(crate) struct Words {
    pub(crate) zh: Vec<Piece>,
    pub(crate) en: Vec<Piece>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawWords {
    Both(String),
    Each { zh: String, en: String },
}

impl TryFrom<RawWords> for Words {
    type Error = String;

    fn try_from(raw: RawWords) -> Result<Self, String> {
        let (zh, en) = match raw {
            RawWords::Both(text) => (text.clone(), text),
            RawWords::Each { zh, en } => (zh, en),
        };
        Ok(Self {
            zh: parse_pieces(&zh)?,
            en: parse_pieces(&en)?,
        })
    }
}

impl Words {
    /// Whether the text is the title of the document and nothing else.
    pub(crate) fn is_title(&self) -> bool {
        matches!(self.zh.as_slice(), [Piece::Field { path, .. }] if path == "title")
    }

    /// The words without their fields, as a title without data.
    pub(crate) fn literal(&self, language: Language) -> String {
        let pieces = match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        };
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text.as_str(),
                Piece::Field { .. } => "",
            })
            .collect()
    }

    /// The first field that the text names, for faults that concern the whole text.
    pub(crate) fn first_field(&self, language: Language) -> String {
        let pieces = match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        };
        pieces
            .iter()
            .find_map(|piece| match piece {
                Piece::Field { path, .. } => Some(path.clone()),
                Piece::Literal(_) => None,
            })
            .unwrap_or_else(|| "template".to_owned())
    }
}

/// When a part is shown: `when` and `unless` name fields, `only` names a mode. All given conditions must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Condition {
    pub(crate) when: Option<String>,
    pub(crate) unless: Option<String>,
    pub(crate) only: Option<OnlyIn>,
}

/// The mode to which a part belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum OnlyIn {
    /// Plain paper with a neutral frame and the word SPECIMEN.
    Demonstration,
    /// The pre-printed blank.
    Overlay,
}

/// Something at a fixed place, measured from the top left of the sheet (or of its group).
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Item {
    Text(TextItem),
    Line(LineItem),
    Rect(RectItem),
    Circle(CircleItem),
    /// Code 128 set C of the digits in the text.
    Barcode(CodeItem),
    /// QR code; level Q, four quiet modules inside the box.
    Qr(CodeItem),
}

/// Text in a box. It shrinks to fit `max_lines`; when it still does not fit, the print stops.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TextItem {
    pub(crate) x_mm: f32,
    pub(crate) y_mm: f32,
    pub(crate) width_mm: f32,
    pub(crate) text: Words,
    pub(crate) size_pt: f32,
    #[serde(default)]
    pub(crate) font: Option<TextFont>,
    #[serde(default)]
    pub(crate) align: Align,
    #[serde(default)]
    pub(crate) tracking_em: f32,
    #[serde(default = "one_line")]
    pub(crate) max_lines: usize,
    #[serde(default = "item_line_height")]
    pub(crate) line_height_em: f32,
    #[serde(default)]
    pub(crate) grey: f32,
    #[serde(default)]
    pub(crate) show: Condition,
}

/// A straight line.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LineItem {
    pub(crate) from_mm: [f32; 2],
    pub(crate) to_mm: [f32; 2],
    #[serde(default = "thin")]
    pub(crate) pen_mm: f32,
    #[serde(default)]
    pub(crate) dashed: bool,
    #[serde(default)]
    pub(crate) grey: f32,
    #[serde(default)]
    pub(crate) show: Condition,
}

/// The outline of a rectangle.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RectItem {
    pub(crate) x_mm: f32,
    pub(crate) y_mm: f32,
    pub(crate) width_mm: f32,
    pub(crate) height_mm: f32,
    #[serde(default = "thin")]
    pub(crate) pen_mm: f32,
    #[serde(default)]
    pub(crate) grey: f32,
    #[serde(default)]
    pub(crate) show: Condition,
}

/// A dashed circle: the place for a seal.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CircleItem {
    pub(crate) x_mm: f32,
    pub(crate) y_mm: f32,
    pub(crate) diameter_mm: f32,
    #[serde(default)]
    pub(crate) show: Condition,
}

/// A machine-readable code in a box; a QR code takes the width for both sides.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeItem {
    pub(crate) x_mm: f32,
    pub(crate) y_mm: f32,
    pub(crate) width_mm: f32,
    #[serde(default)]
    pub(crate) height_mm: f32,
    pub(crate) text: Words,
    #[serde(default)]
    pub(crate) show: Condition,
}

/// A part of the flow.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Block {
    Paragraph(Paragraph),
    Fields(Fields),
    Table(Table),
    /// Items that stay together on one sheet.
    Group(Group),
    /// Blocks of the frame under this name; replaced by them when the template is read.
    Part(String),
    /// Empty space in millimetres.
    Gap(f32),
}

/// Running text, justified.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Paragraph {
    pub(crate) text: Words,
    #[serde(default)]
    pub(crate) size_pt: Option<f32>,
    #[serde(default)]
    pub(crate) font: Option<TextFont>,
    #[serde(default)]
    pub(crate) align: Align,
    #[serde(default)]
    pub(crate) indent_em: f32,
    #[serde(default)]
    pub(crate) tracking_em: f32,
    #[serde(default = "paragraph_line_height")]
    pub(crate) line_height_em: f32,
    #[serde(default)]
    pub(crate) after_mm: f32,
    #[serde(default)]
    pub(crate) show: Condition,
}

/// A grid of labels and values; a row holds one or two pairs.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fields {
    pub(crate) label_mm: f32,
    /// Grid lines; slips go without.
    #[serde(default = "yes")]
    pub(crate) ruled: bool,
    pub(crate) rows: Vec<Vec<FieldPair>>,
    #[serde(default)]
    pub(crate) after_mm: f32,
}

/// A label with its value.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldPair {
    pub(crate) label: Words,
    pub(crate) text: Words,
    #[serde(default)]
    pub(crate) show: Condition,
}

/// A list as a table whose head is repeated on every sheet.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    /// Field that holds the list.
    pub(crate) rows: String,
    #[serde(default)]
    pub(crate) caption: Option<Words>,
    #[serde(default = "yes")]
    pub(crate) ruled: bool,
    pub(crate) columns: Vec<Column>,
    #[serde(default)]
    pub(crate) after_mm: f32,
}

/// A column; width 0 takes what the others leave.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Column {
    pub(crate) head: Words,
    pub(crate) width_mm: f32,
    pub(crate) text: Words,
    /// A further paragraph in the cell, shown under its own condition.
    #[serde(default)]
    pub(crate) more: Option<More>,
    #[serde(default)]
    pub(crate) align: Align,
}

/// A further paragraph in a cell.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct More {
    pub(crate) when: String,
    pub(crate) text: Words,
}

/// Items that are placed relative to the flow and never torn apart.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Group {
    pub(crate) height_mm: f32,
    pub(crate) items: Vec<Item>,
    #[serde(default)]
    pub(crate) show: Condition,
}

fn one_line() -> usize {
    1
}
fn item_line_height() -> f32 {
    1.35
}
fn paragraph_line_height() -> f32 {
    1.65
}
fn thin() -> f32 {
    0.2
}
fn yes() -> bool {
    true
}

impl Template {
    /// Width of the flow.
    pub(crate) fn flow_width_mm(&self) -> f32 {
        self.paper.width_mm - self.margin_mm.left - self.margin_mm.right
    }
}
