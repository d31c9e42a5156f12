//! The drawing list: what is on the sheets, in millimetres from the top left, independent of any PDF engine.

use crate::typeset::SetGlyph;

/// One sheet.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sheet {
    pub(crate) width_mm: f32,
    pub(crate) height_mm: f32,
    pub(crate) marks: Vec<Mark>,
}

/// One thing drawn. Later marks lie on top of earlier ones.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Mark {
    /// A line of glyphs starting at `x_mm` on the baseline.
    Text {
        x_mm: f32,
        baseline_mm: f32,
        size_pt: f32,
        grey: f32,
        glyphs: Vec<SetGlyph>,
        part: Part,
    },
    /// A straight line.
    Line { from_mm: [f32; 2], to_mm: [f32; 2], pen: Pen },
    /// The outline of a rectangle.
    Rect { area: Area, pen: Pen },
    /// The outline of a circle.
    Circle { centre_mm: [f32; 2], radius_mm: f32, pen: Pen },
    /// Rectangles filled as one path, black: barcodes and QR codes.
    Blocks { areas: Vec<Area> },
}

/// What a line of text belongs to, for readers that do not see the page. Lines with one number are one piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) number: u32,
    pub(crate) role: Role,
}

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The title of the document.
    Title,
    /// A paragraph, label or value.
    Text,
    /// A cell of a table; tables and their rows are counted through the document.
    Cell { table: u32, row: u32, head: bool },
    /// Running heads and feet and repeated heads of tables: said once elsewhere, skipped when read aloud.
    Repeat,
}

/// A rectangle in millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) x_mm: f32,
    pub(crate) y_mm: f32,
    pub(crate) width_mm: f32,
    pub(crate) height_mm: f32,
}

/// How a line is drawn; `grey` is 0 for black and 1 for white.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pen {
    pub(crate) width_mm: f32,
    pub(crate) grey: f32,
    pub(crate) dashed: bool,
}

impl Sheet {
    /// The same sheet moved and scaled for a printer that does not hit the paper exactly.
    pub(crate) fn shifted(mut self, offset_mm: [f32; 2], scale: f32) -> Self {
        let x = |value: f32| value * scale + offset_mm[0];
        let y = |value: f32| value * scale + offset_mm[1];
        let shift_area = |area: &mut Area| {
            *area = Area {
                x_mm: x(area.x_mm),
                y_mm: y(area.y_mm),
                width_mm: area.width_mm * scale,
                height_mm: area.height_mm * scale,
            };
        };
        for mark in &mut self.marks {
            match mark {
                Mark::Text {
                    x_mm, baseline_mm, size_pt, ..
                } => {
                    (*x_mm, *baseline_mm, *size_pt) = (x(*x_mm), y(*baseline_mm), *size_pt * scale);
                }
                Mark::Line { from_mm, to_mm, .. } => {
                    *from_mm = [x(from_mm[0]), y(from_mm[1])];
                    *to_mm = [x(to_mm[0]), y(to_mm[1])];
                }
                Mark::Rect { area, .. } => shift_area(area),
                Mark::Circle { centre_mm, radius_mm, .. } => {
                    *centre_mm = [x(centre_mm[0]), y(centre_mm[1])];
                    *radius_mm *= scale;
                }
                Mark::Blocks { areas } => areas.iter_mut().for_each(shift_area),
            }
        }
        self
    }
}
