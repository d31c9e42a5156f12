//! Checks of a template against the shape of the data, made when it is read.

use serde_json::Value;

use super::{Block, Condition, Item, Table, Template, Words};
use crate::{
    data::{CopyFacts, DocumentData},
    expand::{Piece, Scope, set_title},
};

impl Template {
    /// Every field must exist in the shape of the data, and every table must fit the page.
    pub(super) fn check(&self) -> Result<(), String> {
        let mut shape = serde_json::to_value(DocumentData::complete_shape()).map_err(|error| error.to_string())?;
        Check { shape: &shape }.words(&self.title, None)?;
        set_title(&mut shape, "");
        let check = Check { shape: &shape };
        for item in self.first.iter().chain(&self.next).chain(&self.every) {
            check.item(item)?;
        }
        for block in &self.flow {
            check.block(block, self.flow_width_mm())?;
        }
        let mut shape = serde_json::to_value(CopyFacts::default()).map_err(|error| error.to_string())?;
        set_title(&mut shape, "");
        let check = Check { shape: &shape };
        self.copy.first.iter().chain(&self.copy.every).try_for_each(|item| check.item(item))
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
            Block::Part(name) => Err(format!("the frame has no part {name}")),
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
