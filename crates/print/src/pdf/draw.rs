//! The marks of a sheet as operators of a page. State that lasts (font, grey, pen) is written when it changes; lengths are
//! rounded to a hundredth of a point, which is finer than any printer.

use std::collections::BTreeMap;

use printpdf::{Color, DictItem, FontId, Greyscale, Line, LineDashPattern, LinePoint, Op, PdfFontHandle, Point, Pt};

use super::{embed::Codes, layer::layer_name, structure};
use crate::{
    drawing::{Area, Mark, Pen, Sheet},
    fonts::FontName,
    typeset::{MM_PER_PT, SetGlyph},
};

/// Distance of the control points that make a quarter circle of a Bézier curve.
const CIRCLE_KAPPA: f32 = 0.552_285;

/// What operators are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A page: lines of text are marked content, and the layer of the copy is called at the end.
    Page,
    /// The layer, which is one piece of marked content as a whole.
    Layer,
}

/// Draws a sheet; `number` counts from 1. On a page every line of text is marked content of its own, everything else is an
/// artifact: what the structure tree refers to.
pub(super) fn operations(sheet: &Sheet, number: u32, codes: &Codes, purpose: Purpose) -> Vec<Op> {
    let mut hand = Hand {
        codes,
        height_mm: sheet.height_mm,
        purpose,
        ops: Vec::new(),
        marked: 0,
        in_artifact: false,
        in_path: false,
        fill: None,
        pen: None,
        font: None,
    };
    for mark in &sheet.marks {
        hand.draw(mark);
    }
    hand.rest();
    if purpose == Purpose::Page {
        hand.begin_text();
        hand.ops.push(Op::SaveGraphicsState);
        hand.write("Do", vec![DictItem::Name(layer_name(number).into_bytes())]);
        hand.ops.push(Op::RestoreGraphicsState);
        hand.ops.push(Op::EndMarkedContent);
    }
    hand.ops
}

struct Hand<'a> {
    codes: &'a Codes,
    height_mm: f32,
    purpose: Purpose,
    ops: Vec<Op>,
    /// Marked contents so far.
    marked: i64,
    in_artifact: bool,
    /// Whether outlines wait for their stroke.
    in_path: bool,
    fill: Option<f32>,
    pen: Option<Pen>,
    font: Option<(FontName, f32)>,
}

impl Hand<'_> {
    fn draw(&mut self, mark: &Mark) {
        let is_text = structure::place_of(mark).is_some();
        if is_text {
            self.rest();
        }
        if self.purpose == Purpose::Page {
            if is_text {
                self.begin_text();
            } else if !std::mem::replace(&mut self.in_artifact, true) {
                self.ops.push(Op::BeginMarkedContent { tag: "Artifact".to_owned() });
            }
        }
        match mark {
            Mark::Text {
                x_mm,
                baseline_mm,
                size_pt,
                grey,
                glyphs,
                part: _,
            } => self.text(self.point(*x_mm, *baseline_mm), *size_pt, *grey, glyphs),
            Mark::Line { from_mm, to_mm, pen } => {
                let ends = [self.point(from_mm[0], from_mm[1]), self.point(to_mm[0], to_mm[1])];
                self.curve(ends.map(|p| LinePoint { p, bezier: false }).to_vec(), false, *pen);
            }
            Mark::Rect { area, pen } => {
                self.take(*pen);
                self.rectangle(*area);
                self.in_path = true;
            }
            Mark::Circle { centre_mm, radius_mm, pen } => {
                let around = |dx: f32, dy: f32| self.point(centre_mm[0] + dx * radius_mm, centre_mm[1] + dy * radius_mm);
                self.curve(circle(&around), true, *pen);
            }
            Mark::Blocks { areas } => {
                self.stroke();
                self.fill(0.0);
                areas.iter().for_each(|area| self.rectangle(*area));
                self.write("f", Vec::new());
            }
        }
        if is_text && self.purpose == Purpose::Page {
            self.ops.push(Op::EndMarkedContent);
        }
    }

    /// Ends what is open.
    fn rest(&mut self) {
        self.stroke();
        if std::mem::take(&mut self.in_artifact) {
            self.ops.push(Op::EndMarkedContent);
        }
    }

    fn begin_text(&mut self) {
        let id = DictItem::Dict {
            map: BTreeMap::from([("MCID".to_owned(), DictItem::Int(self.marked))]),
        };
        self.marked += 1;
        self.ops.push(Op::BeginMarkedContentWithProperties {
            tag: "P".to_owned(),
            properties: id,
        });
    }

    /// One line of text. Runs in different fonts follow each other where the pen is, so the whole line stays one text object
    /// and is copied out as one line.
    fn text(&mut self, start: Point, size_pt: f32, grey: f32, glyphs: &[SetGlyph]) {
        self.stroke();
        self.fill(grey);
        self.ops.push(Op::StartTextSection);
        self.ops.push(Op::SetTextCursor { pos: start });
        let size_pt = hundredths(size_pt);
        for run in glyphs.chunk_by(|a, b| a.font == b.font) {
            let Some(font) = run.first().map(|glyph| glyph.font) else { continue };
            if self.font != Some((font, size_pt)) {
                self.font = Some((font, size_pt));
                self.ops.push(Op::SetFont {
                    font: PdfFontHandle::External(FontId(font.pdf_id().to_owned())),
                    size: Pt(size_pt),
                });
            }
            let shown = self.show(run);
            self.write("TJ", vec![DictItem::Array(shown)]);
        }
        self.ops.push(Op::EndTextSection);
    }

    /// Codes with the gaps between them.
    fn show(&self, run: &[SetGlyph]) -> Vec<DictItem> {
        let (mut items, mut data) = (Vec::new(), Vec::new());
        let string = |data: &mut Vec<u8>| DictItem::String {
            data: std::mem::take(data),
            literal: true,
        };
        for glyph in run {
            data.extend(self.codes.get(glyph).to_be_bytes());
            // TJ counts in thousandths of an em, and a positive number moves to the left.
            let gap = -(glyph.gap_em * 1000.0).round();
            if gap != 0.0 {
                items.extend([string(&mut data), DictItem::Real(gap)]);
            }
        }
        if !data.is_empty() {
            items.push(string(&mut data));
        }
        items
    }

    fn fill(&mut self, grey: f32) {
        if self.fill != Some(grey) {
            self.fill = Some(grey);
            self.ops.push(Op::SetFillColor { col: grey_of(grey) });
        }
    }

    /// Takes a pen for the outline that follows.
    fn take(&mut self, pen: Pen) {
        if self.pen == Some(pen) {
            return;
        }
        self.stroke();
        if self.pen.is_none_or(|last| last.grey != pen.grey) {
            self.ops.push(Op::SetOutlineColor { col: grey_of(pen.grey) });
        }
        if self.pen.is_none_or(|last| last.width_mm != pen.width_mm) {
            self.ops.push(Op::SetOutlineThickness { pt: Pt(points(pen.width_mm)) });
        }
        if self.pen.is_none_or(|last| last.dashed != pen.dashed) {
            let dash = if pen.dashed {
                LineDashPattern::new(0.0, &[3.0, 2.2])
            } else {
                LineDashPattern::solid()
            };
            self.ops.push(Op::SetLineDashPattern { dash });
        }
        self.pen = Some(pen);
    }

    /// Strokes the outlines that wait for it.
    fn stroke(&mut self) {
        if std::mem::take(&mut self.in_path) {
            self.write("S", Vec::new());
        }
    }

    fn curve(&mut self, points: Vec<LinePoint>, is_closed: bool, pen: Pen) {
        self.stroke();
        self.take(pen);
        self.ops.push(Op::DrawLine {
            line: Line { points, is_closed },
        });
    }

    /// The edges are rounded, not the sides, so that neighbours stay without gaps.
    fn rectangle(&mut self, area: Area) {
        let (from, to) = (
            self.point(area.x_mm, area.y_mm + area.height_mm),
            self.point(area.x_mm + area.width_mm, area.y_mm),
        );
        let sides = [from.x.0, from.y.0, hundredths(to.x.0 - from.x.0), hundredths(to.y.0 - from.y.0)];
        self.write("re", sides.map(DictItem::Real).to_vec());
    }

    /// An operator that printpdf has no word for.
    fn write(&mut self, key: &str, value: Vec<DictItem>) {
        self.ops.push(Op::Unknown { key: key.to_owned(), value });
    }

    fn point(&self, x_mm: f32, y_mm: f32) -> Point {
        Point {
            x: Pt(points(x_mm)),
            y: Pt(points(self.height_mm - y_mm)),
        }
    }
}

fn points(mm: f32) -> f32 {
    hundredths(mm / MM_PER_PT)
}

fn hundredths(value: f32) -> f32 {
    (value * 100.0).round() / 100.0
}

/// A unit circle of four Bézier curves; `around` places its points.
fn circle(around: &dyn Fn(f32, f32) -> Point) -> Vec<LinePoint> {
    const K: f32 = CIRCLE_KAPPA;
    let control = |dx, dy| LinePoint {
        p: around(dx, dy),
        bezier: true,
    };
    let on = |dx, dy| LinePoint {
        p: around(dx, dy),
        bezier: false,
    };
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
