//! From a template and data to sheets: blocks flow down the page and on to further ones, items sit at fixed places.
//!
//! A row of a table stays whole unless it is taller than a sheet; the head of a table is repeated; a group is never
//! torn. Nothing is cut off: what cannot fit is a fault.

use std::cell::Cell as Counter;

use serde_json::Value;

use crate::{
    Language,
    drawing::{Area, Mark, Part, Pen, Role, Sheet},
    expand::Scope,
    fault::PrintFault,
    fonts::{FontName, FontShelf},
    place::{place_item, place_line},
    template::{Align, Block, Condition, FieldPair, Fields, Group, Item, OnlyIn, Paragraph, Table, Template, TextFont, Words},
    typeset::{Line, MM_PER_PT, Style, break_lines, find_glyphs, justify},
};

/// More sheets than this are a mistake in the data.
const MAX_SHEETS: usize = 60;
/// Longest slip from a roll.
const MAX_ROLL_MM: f32 = 2_000.0;
/// Space between a cell's edge and its text.
const CELL_PADDING_MM: [f32; 2] = [1.6, 1.1];
/// The same above and below where no grid is drawn.
const BARE_PADDING_MM: f32 = 0.35;
/// Space between a table's caption and its head.
const CAPTION_GAP_MM: f32 = 0.8;
const CELL_LINE_HEIGHT_EM: f32 = 1.35;
const GRID_PEN: Pen = Pen {
    width_mm: 0.2,
    grey: 0.0,
    dashed: false,
};

/// Everything that is needed to set a text of the template.
pub(crate) struct Composer<'a> {
    pub(crate) template: &'a Template,
    pub(crate) data: &'a Value,
    pub(crate) language: Language,
    pub(crate) mode: OnlyIn,
    pub(crate) fonts: &'a FontShelf,
    /// Pieces of text so far.
    pub(crate) parts: Counter<u32>,
}

/// Lays a document out.
pub(crate) fn lay_out(composer: &Composer<'_>) -> Result<Vec<Sheet>, PrintFault> {
    let template = composer.template;
    let mut flow = Flow {
        composer,
        sheets: vec![Vec::new()],
        y_mm: template.margin_mm.top,
    };
    for block in &template.flow {
        flow.add_block(block)?;
    }
    let count = flow.sheets.len();
    let height_mm = template.paper.height_mm.unwrap_or(flow.y_mm + template.margin_mm.bottom);
    let mut sheets = Vec::with_capacity(count);
    for (index, marks) in flow.sheets.into_iter().enumerate() {
        let mut sheet = Sheet {
            width_mm: template.paper.width_mm,
            height_mm,
            marks,
        };
        let scope = Scope {
            page: Some((index + 1, count)),
            ..Scope::new(composer.data)
        };
        let (items, role) = if index == 0 {
            (&template.first, Role::Text)
        } else {
            (&template.next, Role::Repeat)
        };
        for item in items {
            place_item(composer, &scope, item, [0.0, 0.0], role, &mut sheet.marks)?;
        }
        for item in &template.every {
            place_item(composer, &scope, item, [0.0, 0.0], Role::Repeat, &mut sheet.marks)?;
        }
        sheets.push(sheet);
    }
    Ok(sheets)
}

/// Lays out what tells one copy from another, for a document with sheets of these sizes.
pub(crate) fn lay_out_copy(composer: &Composer<'_>, sizes_mm: &[(f32, f32)]) -> Result<Vec<Sheet>, PrintFault> {
    let layer = &composer.template.copy;
    let mut sheets = Vec::with_capacity(sizes_mm.len());
    for (index, &(width_mm, height_mm)) in sizes_mm.iter().enumerate() {
        let scope = Scope {
            page: Some((index + 1, sizes_mm.len())),
            ..Scope::new(composer.data)
        };
        let first = if index == 0 { layer.first.as_slice() } else { &[] };
        let mut marks = Vec::new();
        for item in first.iter().chain(&layer.every) {
            place_item(composer, &scope, item, [0.0, 0.0], Role::Text, &mut marks)?;
        }
        sheets.push(Sheet { width_mm, height_mm, marks });
    }
    Ok(sheets)
}

impl Composer<'_> {
    pub(crate) fn scope(&self) -> Scope<'_> {
        Scope::new(self.data)
    }

    /// A new piece of text.
    pub(crate) fn part(&self, role: Role) -> Part {
        let number = self.parts.get();
        self.parts.set(number + 1);
        Part { number, role }
    }

    pub(crate) fn is_shown(&self, condition: &Condition) -> bool {
        condition.when.as_ref().is_none_or(|path| self.scope().is_given(path))
            && condition.unless.as_ref().is_none_or(|path| !self.scope().is_given(path))
            && condition.only.is_none_or(|mode| mode == self.mode)
    }

    pub(crate) fn font(&self, font: Option<TextFont>) -> FontName {
        match font.unwrap_or(self.template.font) {
            TextFont::Song => FontName::Song,
            TextFont::Bold => FontName::SongBold,
            TextFont::Hei => FontName::Hei,
        }
    }

    /// Letters are spaced in Chinese titles only; spaced Latin letters read as separate ones.
    pub(crate) fn tracking_em(&self, wanted_em: f32) -> f32 {
        match self.language {
            Language::Zh => wanted_em,
            Language::En => 0.0,
        }
    }

    /// Fills a text and breaks it into lines of `width_mm`.
    pub(crate) fn set(&self, scope: &Scope<'_>, words: &Words, style: Style, width_mm: f32, indent_em: f32) -> Result<Vec<Line>, PrintFault> {
        let spans = scope.fill(words, self.language)?;
        let glyphs = find_glyphs(&spans, style, self.fonts)?;
        Ok(break_lines(&glyphs, width_mm / style.em_mm(), indent_em))
    }
}

/// A cell whose text is already broken into lines.
struct Cell {
    lines: Vec<Line>,
    width_mm: f32,
    align: Align,
}

struct Flow<'a> {
    composer: &'a Composer<'a>,
    sheets: Vec<Vec<Mark>>,
    y_mm: f32,
}

impl Flow<'_> {
    fn add_block(&mut self, block: &Block) -> Result<(), PrintFault> {
        match block {
            Block::Paragraph(paragraph) => self.add_paragraph(paragraph),
            Block::Fields(fields) => self.add_fields(fields),
            Block::Table(table) => self.add_table(table),
            Block::Group(group) => self.add_group(group),
            Block::Gap(mm) => {
                self.y_mm += mm;
                Ok(())
            }
            // Replaced by the blocks of the frame when the template was read.
            Block::Part(_) => Ok(()),
        }
    }

    fn add_paragraph(&mut self, paragraph: &Paragraph) -> Result<(), PrintFault> {
        let composer = self.composer;
        if !composer.is_shown(&paragraph.show) {
            return Ok(());
        }
        let style = Style {
            font: composer.font(paragraph.font),
            size_pt: paragraph.size_pt.unwrap_or(composer.template.text_pt),
            tracking_em: composer.tracking_em(paragraph.tracking_em),
        };
        // Western paragraphs are set apart by space, not by an indent of two ideographs.
        let indent_em = if composer.language == Language::Zh { paragraph.indent_em } else { 0.0 };
        let width_mm = composer.template.flow_width_mm();
        let mut lines = composer.set(&composer.scope(), &paragraph.text, style, width_mm, indent_em)?;
        let pitch_mm = style.em_mm() * paragraph.line_height_em;
        let count = lines.len();
        let part = composer.part(if paragraph.text.is_title() { Role::Title } else { Role::Text });
        for (index, line) in lines.iter_mut().enumerate() {
            // Neither the first nor the last line of a paragraph stands alone on a sheet.
            let together = if index == 0 {
                count.min(2)
            } else if index + 2 == count {
                2
            } else {
                1
            };
            self.make_room(together as f32 * pitch_mm)?;
            let indent_mm = if index == 0 { indent_em * style.em_mm() } else { 0.0 };
            let left_mm = composer.template.margin_mm.left + indent_mm;
            if paragraph.align == Align::Left {
                justify(line, (width_mm - indent_mm) / style.em_mm());
            }
            let place = Area {
                x_mm: left_mm,
                y_mm: self.y_mm,
                width_mm: width_mm - indent_mm,
                height_mm: pitch_mm,
            };
            self.draw(place_line(line, style, place, paragraph.align, 0.0, part));
            self.y_mm += pitch_mm;
        }
        self.y_mm += paragraph.after_mm;
        Ok(())
    }

    fn add_fields(&mut self, fields: &Fields) -> Result<(), PrintFault> {
        for row in &fields.rows {
            let shown: Vec<&FieldPair> = row.iter().filter(|pair| self.composer.is_shown(&pair.show)).collect();
            if shown.is_empty() {
                continue;
            }
            let pair_mm = self.composer.template.flow_width_mm() / shown.len() as f32;
            let mut cells = Vec::with_capacity(shown.len() * 2);
            for pair in shown {
                let scope = self.composer.scope();
                cells.push(self.cell(&scope, &[&pair.label], fields.label_mm, Align::Left)?);
                cells.push(self.cell(&scope, &[&pair.text], pair_mm - fields.label_mm, Align::Left)?);
            }
            self.add_row(cells, fields.ruled, None, None)?;
        }
        self.y_mm += fields.after_mm;
        Ok(())
    }

    fn add_table(&mut self, table: &Table) -> Result<(), PrintFault> {
        let composer = self.composer;
        let list = composer.scope().find(&table.rows);
        let Some(rows) = list.as_ref().and_then(Value::as_array).filter(|rows| !rows.is_empty()) else {
            return Ok(());
        };
        let widths_mm = self.column_widths(table);
        let number = composer.part(Role::Text).number;
        let mut head = Vec::with_capacity(widths_mm.len());
        for (column, width_mm) in table.columns.iter().zip(&widths_mm) {
            head.push(self.cell(&composer.scope(), &[&column.head], *width_mm, Align::Centre)?);
        }
        for (index, row) in rows.iter().enumerate() {
            let scope = Scope {
                row: Some((row, index)),
                ..composer.scope()
            };
            let mut cells = Vec::with_capacity(widths_mm.len());
            for (column, width_mm) in table.columns.iter().zip(&widths_mm) {
                let more = column.more.iter().filter(|more| scope.is_given(&more.when)).map(|more| &more.text);
                let texts: Vec<&Words> = std::iter::once(&column.text).chain(more).collect();
                cells.push(self.cell(&scope, &texts, *width_mm, column.align)?);
            }
            if index == 0 {
                self.open_table(table, number, &head, &cells)?;
            }
            let row = Role::Cell {
                table: number,
                row: index as u32 + 1,
                head: false,
            };
            self.add_row(cells, table.ruled, Some(&head), Some(row))?;
        }
        self.y_mm += table.after_mm;
        Ok(())
    }

    /// Caption and head, on the sheet where the first row will be.
    fn open_table(&mut self, table: &Table, number: u32, head: &[Cell], first: &[Cell]) -> Result<(), PrintFault> {
        let composer = self.composer;
        let style = Style {
            font: composer.font(None),
            size_pt: composer.template.text_pt,
            tracking_em: 0.0,
        };
        let caption = match &table.caption {
            Some(words) => composer.set(&composer.scope(), words, style, composer.template.flow_width_mm(), 0.0)?,
            None => Vec::new(),
        };
        let pitch_mm = style.em_mm() * 1.5;
        let gap_mm = if caption.is_empty() { 0.0 } else { CAPTION_GAP_MM };
        let caption_mm = caption.len() as f32 * pitch_mm + gap_mm;
        let wanted_mm = caption_mm + self.row_height_mm(head, table.ruled) + self.row_height_mm(first, table.ruled);
        self.make_room(wanted_mm.min(self.sheet_room_mm()))?;
        let part = composer.part(Role::Text);
        for line in &caption {
            let place = Area {
                x_mm: composer.template.margin_mm.left,
                y_mm: self.y_mm,
                width_mm: composer.template.flow_width_mm(),
                height_mm: pitch_mm,
            };
            self.draw(place_line(line, style, place, Align::Left, 0.0, part));
            self.y_mm += pitch_mm;
        }
        self.y_mm += gap_mm;
        let role = Role::Cell {
            table: number,
            row: 0,
            head: true,
        };
        self.draw_row(head, table.ruled, role);
        Ok(())
    }

    fn column_widths(&self, table: &Table) -> Vec<f32> {
        let given: f32 = table.columns.iter().map(|column| column.width_mm).sum();
        let open = table.columns.iter().filter(|column| column.width_mm == 0.0).count().max(1);
        let rest_mm = (self.composer.template.flow_width_mm() - given) / open as f32;
        table
            .columns
            .iter()
            .map(|column| if column.width_mm == 0.0 { rest_mm } else { column.width_mm })
            .collect()
    }

    fn cell(&self, scope: &Scope<'_>, texts: &[&Words], width_mm: f32, align: Align) -> Result<Cell, PrintFault> {
        let inner_mm = width_mm - 2.0 * CELL_PADDING_MM[0];
        let mut lines = Vec::new();
        for words in texts {
            lines.extend(self.composer.set(scope, words, self.cell_style(), inner_mm, 0.0)?);
        }
        Ok(Cell { lines, width_mm, align })
    }

    fn cell_style(&self) -> Style {
        let template = self.composer.template;
        Style {
            font: self.composer.font(None),
            size_pt: template.table_pt,
            tracking_em: 0.0,
        }
    }

    fn cell_pitch_mm(&self) -> f32 {
        self.composer.template.table_pt * MM_PER_PT * CELL_LINE_HEIGHT_EM
    }

    fn row_height_mm(&self, cells: &[Cell], ruled: bool) -> f32 {
        let lines = cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(1).max(1);
        lines as f32 * self.cell_pitch_mm() + 2.0 * padding_mm(ruled)
    }

    /// Draws a row here or on a fresh sheet; a row taller than a sheet is cut between lines. Fields have no role: each is
    /// a label and a value.
    fn add_row(&mut self, mut cells: Vec<Cell>, ruled: bool, head: Option<&[Cell]>, role: Option<Role>) -> Result<(), PrintFault> {
        let role = role.unwrap_or(Role::Text);
        let head_mm = head.map_or(0.0, |head| self.row_height_mm(head, ruled));
        loop {
            let height_mm = self.row_height_mm(&cells, ruled);
            if self.y_mm + height_mm <= self.bottom_mm() + 0.01 {
                self.draw_row(&cells, ruled, role);
                return Ok(());
            }
            if height_mm + head_mm > self.sheet_room_mm() {
                let fitting = (self.bottom_mm() - self.y_mm - 2.0 * padding_mm(ruled)) / self.cell_pitch_mm();
                if fitting >= 2.0 {
                    let rest = cut_row(&mut cells, fitting as usize);
                    self.draw_row(&cells, ruled, role);
                    cells = rest;
                }
            }
            self.start_sheet()?;
            if let Some(head) = head {
                self.draw_row(head, ruled, Role::Repeat);
            }
        }
    }

    fn draw_row(&mut self, cells: &[Cell], ruled: bool, role: Role) {
        let (style, pitch_mm) = (self.cell_style(), self.cell_pitch_mm());
        let height_mm = self.row_height_mm(cells, ruled);
        let mut x_mm = self.composer.template.margin_mm.left;
        let (mut grid, mut marks) = (Vec::new(), Vec::new());
        for cell in cells {
            if ruled {
                let area = Area {
                    x_mm,
                    y_mm: self.y_mm,
                    width_mm: cell.width_mm,
                    height_mm,
                };
                grid.push(Mark::Rect { area, pen: GRID_PEN });
            }
            let part = self.composer.part(role);
            for (index, line) in cell.lines.iter().enumerate() {
                let place = Area {
                    x_mm: x_mm + CELL_PADDING_MM[0],
                    y_mm: self.y_mm + padding_mm(ruled) + index as f32 * pitch_mm,
                    width_mm: cell.width_mm - 2.0 * CELL_PADDING_MM[0],
                    height_mm: pitch_mm,
                };
                marks.push(place_line(line, style, place, cell.align, 0.0, part));
            }
            x_mm += cell.width_mm;
        }
        grid.into_iter().chain(marks).for_each(|mark| self.draw(mark));
        self.y_mm += height_mm;
    }

    fn add_group(&mut self, group: &Group) -> Result<(), PrintFault> {
        let composer = self.composer;
        if !composer.is_shown(&group.show) {
            return Ok(());
        }
        self.make_room(group.height_mm)?;
        let origin_mm = [composer.template.margin_mm.left, self.y_mm];
        for item in &group.items {
            self.place(item, origin_mm)?;
        }
        self.y_mm += group.height_mm;
        Ok(())
    }

    fn place(&mut self, item: &Item, origin_mm: [f32; 2]) -> Result<(), PrintFault> {
        let mut marks = Vec::new();
        place_item(self.composer, &self.composer.scope(), item, origin_mm, Role::Text, &mut marks)?;
        marks.into_iter().for_each(|mark| self.draw(mark));
        Ok(())
    }

    fn draw(&mut self, mark: Mark) {
        if let Some(sheet) = self.sheets.last_mut() {
            sheet.push(mark);
        }
    }

    fn make_room(&mut self, height_mm: f32) -> Result<(), PrintFault> {
        if self.y_mm + height_mm > self.bottom_mm() + 0.01 {
            self.start_sheet()
        } else {
            Ok(())
        }
    }

    fn start_sheet(&mut self) -> Result<(), PrintFault> {
        let margin = self.composer.template.margin_mm;
        if self.composer.template.paper.height_mm.is_none() || self.sheets.len() >= MAX_SHEETS {
            return Err(PrintFault::DoesNotFit { field: "document".to_owned() });
        }
        self.sheets.push(Vec::new());
        self.y_mm = margin.next_top.unwrap_or(margin.top);
        Ok(())
    }

    fn bottom_mm(&self) -> f32 {
        let template = self.composer.template;
        template.paper.height_mm.map_or(MAX_ROLL_MM, |height_mm| height_mm - template.margin_mm.bottom)
    }

    /// Room on a fresh sheet.
    fn sheet_room_mm(&self) -> f32 {
        let margin = self.composer.template.margin_mm;
        self.bottom_mm() - margin.next_top.unwrap_or(margin.top)
    }
}

fn padding_mm(ruled: bool) -> f32 {
    if ruled { CELL_PADDING_MM[1] } else { BARE_PADDING_MM }
}

/// Leaves the first `lines` lines of every cell in place and returns the rest.
fn cut_row(cells: &mut [Cell], lines: usize) -> Vec<Cell> {
    cells
        .iter_mut()
        .map(|cell| Cell {
            lines: cell.lines.split_off(lines.min(cell.lines.len())),
            width_mm: cell.width_mm,
            align: cell.align,
        })
        .collect()
}
