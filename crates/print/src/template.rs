//! Templates: the layout of a document as data, in millimetres, with texts in both languages.
//!
//! A template is checked when it is read: unknown keys, unknown fields and columns wider than the page are refused
//! then, not at the printer. It has no loops or arithmetic; lists appear as tables, optional parts carry `when`.

use serde::Deserialize;
use serde_json::Value;

use crate::{
    Language,
    data::DocumentData,
    expand::{Piece, Scope, parse_pieces},
    fault::PrintFault,
};

/// The layout of one document.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Template {
    pub(crate) paper: PaperSize,
    pub(crate) margin_mm: Margin,
    pub(crate) title: Words,
    /// Typeface of text that does not say otherwise.
    #[serde(default)]
    pub(crate) font: TextFont,
    pub(crate) text_pt: f32,
    pub(crate) table_pt: f32,
    /// Items at fixed places on the first sheet.
    #[serde(default)]
    pub(crate) first: Vec<Item>,
    /// Items at fixed places on every further sheet.
    #[serde(default)]
    pub(crate) next: Vec<Item>,
    /// Items at fixed places on all sheets.
    #[serde(default)]
    pub(crate) every: Vec<Item>,
    /// Blocks that follow each other down the sheet and on to further ones.
    #[serde(default)]
    pub(crate) flow: Vec<Block>,
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
    /// Reads and checks a template.
    pub(crate) fn parse(name: &str, yaml: &str) -> Result<Self, PrintFault> {
        let fault = |reason: String| PrintFault::Template {
            template: name.to_owned(),
            reason,
        };
        let template: Self = serde_saphyr::from_str(yaml).map_err(|error| fault(error.to_string()))?;
        template.check().map_err(fault)?;
        Ok(template)
    }

    /// Width of the flow.
    pub(crate) fn flow_width_mm(&self) -> f32 {
        self.paper.width_mm - self.margin_mm.left - self.margin_mm.right
    }

    /// Every field must exist in the shape of the data, and every table must fit the page.
    fn check(&self) -> Result<(), String> {
        let shape = serde_json::to_value(DocumentData::complete_shape()).map_err(|error| error.to_string())?;
        let check = Check { shape: &shape };
        check.words(&self.title, None)?;
        for item in self.first.iter().chain(&self.next).chain(&self.every) {
            check.item(item)?;
        }
        for block in &self.flow {
            check.block(block, self.flow_width_mm())?;
        }
        Ok(())
    }
}

/// Looks names up in the shape of the data.
struct Check<'a> {
    shape: &'a Value,
}

impl Check<'_> {
    fn block(&self, block: &Block, width_mm: f32) -> Result<(), String> {
        match block {
            Block::Paragraph(paragraph) => {
                self.condition(&paragraph.show)?;
                self.words(&paragraph.text, None)
            }
            Block::Fields(fields) => fields.rows.iter().flatten().try_for_each(|pair| {
                self.condition(&pair.show)?;
                self.words(&pair.label, None)?;
                self.words(&pair.text, None)
            }),
            Block::Table(table) => self.table(table, width_mm),
            Block::Group(group) => {
                self.condition(&group.show)?;
                group.items.iter().try_for_each(|item| self.item(item))
            }
            Block::Gap(mm) if *mm >= 0.0 => Ok(()),
            Block::Gap(mm) => Err(format!("a gap of {mm} mm")),
        }
    }

    fn table(&self, table: &Table, width_mm: f32) -> Result<(), String> {
        let row = Scope::new(self.shape)
            .find(&table.rows)
            .and_then(|rows| rows.get(0).cloned())
            .ok_or_else(|| format!("{} is not a list", table.rows))?;
        if table.columns.iter().map(|column| column.width_mm).sum::<f32>() > width_mm + 0.01 {
            return Err(format!("the columns of {} are wider than the page", table.rows));
        }
        if let Some(caption) = &table.caption {
            self.words(caption, None)?;
        }
        table.columns.iter().try_for_each(|column| {
            self.words(&column.head, None)?;
            self.words(&column.text, Some(&row))?;
            column.more.as_ref().map_or(Ok(()), |more| {
                self.path(&more.when, Some(&row))?;
                self.words(&more.text, Some(&row))
            })
        })
    }

    fn item(&self, item: &Item) -> Result<(), String> {
        match item {
            Item::Text(text) => {
                self.condition(&text.show)?;
                self.words(&text.text, None)
            }
            Item::Line(line) => self.condition(&line.show),
            Item::Rect(rect) => self.condition(&rect.show),
            Item::Circle(circle) => self.condition(&circle.show),
            Item::Barcode(code) | Item::Qr(code) => {
                self.condition(&code.show)?;
                self.words(&code.text, None)
            }
        }
    }

    fn condition(&self, condition: &Condition) -> Result<(), String> {
        condition.when.iter().chain(&condition.unless).try_for_each(|path| self.path(path, None))
    }

    fn words(&self, words: &Words, row: Option<&Value>) -> Result<(), String> {
        words.zh.iter().chain(&words.en).try_for_each(|piece| match piece {
            Piece::Literal(_) => Ok(()),
            Piece::Field { path, .. } => self.path(path, row),
        })
    }

    fn path(&self, path: &str, row: Option<&Value>) -> Result<(), String> {
        let scope = Scope {
            row: row.map(|row| (row, 0)),
            page: Some((1, 1)),
            ..Scope::new(self.shape)
        };
        match scope.find(path) {
            Some(_) => Ok(()),
            None => Err(format!("there is no field {path}")),
        }
    }
}
