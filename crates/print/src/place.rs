//! Single items at their places: text in boxes, lines, seal circles and codes.

use crate::{
    codes::{barcode, qr_code},
    drawing::{Area, Mark, Part, Pen, Role},
    expand::Scope,
    fault::PrintFault,
    layout::Composer,
    template::{Align, CodeItem, Item, TextItem},
    typeset::{Line, Style},
};

/// Height of the ideographs above the baseline, in em; the same in all our fonts.
const ASCENT_EM: f32 = 0.88;
/// Text in a box shrinks down to this part of its size, and never below [`MIN_SIZE_PT`].
const MIN_SHRINK: f32 = 0.55;
const MIN_SIZE_PT: f32 = 6.5;

/// Draws an item whose coordinates count from `origin_mm`; `role` is what its text is when it is not the title.
pub(crate) fn place_item(
    composer: &Composer<'_>,
    scope: &Scope<'_>,
    item: &Item,
    origin_mm: [f32; 2],
    role: Role,
    marks: &mut Vec<Mark>,
) -> Result<(), PrintFault> {
    let [x, y] = origin_mm;
    match item {
        Item::Text(text) if composer.is_shown(&text.show) => {
            let role = if role == Role::Text && text.text.is_title() { Role::Title } else { role };
            place_text(composer, scope, text, origin_mm, composer.part(role), marks)?;
        }
        Item::Line(line) if composer.is_shown(&line.show) => marks.push(Mark::Line {
            from_mm: [x + line.from_mm[0], y + line.from_mm[1]],
            to_mm: [x + line.to_mm[0], y + line.to_mm[1]],
            pen: Pen {
                width_mm: line.pen_mm,
                grey: line.grey,
                dashed: line.dashed,
            },
        }),
        Item::Rect(rect) if composer.is_shown(&rect.show) => marks.push(Mark::Rect {
            area: Area {
                x_mm: x + rect.x_mm,
                y_mm: y + rect.y_mm,
                width_mm: rect.width_mm,
                height_mm: rect.height_mm,
            },
            pen: Pen {
                width_mm: rect.pen_mm,
                grey: rect.grey,
                dashed: false,
            },
        }),
        Item::Circle(circle) if composer.is_shown(&circle.show) => {
            let radius_mm = circle.diameter_mm / 2.0;
            marks.push(Mark::Circle {
                centre_mm: [x + circle.x_mm + radius_mm, y + circle.y_mm + radius_mm],
                radius_mm,
                pen: Pen {
                    width_mm: 0.25,
                    grey: 0.45,
                    dashed: true,
                },
            });
        }
        Item::Barcode(code) if composer.is_shown(&code.show) => {
            let (field, text) = code_text(composer, scope, code)?;
            let area = Area {
                x_mm: x + code.x_mm,
                y_mm: y + code.y_mm,
                width_mm: code.width_mm,
                height_mm: code.height_mm,
            };
            marks.push(Mark::Blocks {
                areas: barcode(&field, &text, area)?,
            });
        }
        Item::Qr(code) if composer.is_shown(&code.show) => {
            let (field, text) = code_text(composer, scope, code)?;
            let areas = qr_code(&field, &text, [x + code.x_mm, y + code.y_mm], code.width_mm)?;
            marks.push(Mark::Blocks { areas });
        }
        Item::Text(_) | Item::Line(_) | Item::Rect(_) | Item::Circle(_) | Item::Barcode(_) | Item::Qr(_) => {}
    }
    Ok(())
}

/// A line of text in its place: the ideographs are centred in the height, the line in the width as asked.
pub(crate) fn place_line(line: &Line, style: Style, place: Area, align: Align, grey: f32, part: Part) -> Mark {
    let em_mm = style.em_mm();
    let slack_mm = (place.width_mm - line.width_em * em_mm).max(0.0);
    let shift_mm = match align {
        Align::Left => 0.0,
        Align::Centre => slack_mm / 2.0,
        Align::Right => slack_mm,
    };
    Mark::Text {
        x_mm: place.x_mm + shift_mm,
        baseline_mm: place.y_mm + (place.height_mm - em_mm) / 2.0 + ASCENT_EM * em_mm,
        size_pt: style.size_pt,
        grey,
        glyphs: line.glyphs.clone(),
        part,
    }
}

fn place_text(composer: &Composer<'_>, scope: &Scope<'_>, item: &TextItem, origin_mm: [f32; 2], part: Part, marks: &mut Vec<Mark>) -> Result<(), PrintFault> {
    let font = composer.font(item.font);
    let mut style = Style {
        font,
        size_pt: item.size_pt,
        tracking_em: composer.tracking_em(item.tracking_em),
    };
    let mut lines = composer.set(scope, &item.text, style, item.width_mm, 0.0)?;
    while lines.len() > item.max_lines {
        // Letter spacing goes first: a title that must shrink needs no air.
        style.tracking_em = 0.0;
        style.size_pt *= 0.96;
        if style.size_pt < (item.size_pt * MIN_SHRINK).max(MIN_SIZE_PT) {
            let field = item.text.first_field(composer.language);
            return Err(PrintFault::DoesNotFit { field });
        }
        lines = composer.set(scope, &item.text, style, item.width_mm, 0.0)?;
    }
    // Shrunk text keeps the pitch of the box, so that it stays centred where the full size would stand.
    let pitch_mm = Style {
        size_pt: item.size_pt,
        ..style
    }
    .em_mm()
        * item.line_height_em;
    for (index, line) in lines.iter().enumerate() {
        let place = Area {
            x_mm: origin_mm[0] + item.x_mm,
            y_mm: origin_mm[1] + item.y_mm + index as f32 * pitch_mm,
            width_mm: item.width_mm,
            height_mm: pitch_mm,
        };
        if !line.glyphs.is_empty() {
            marks.push(place_line(line, style, place, item.align, item.grey, part));
        }
    }
    Ok(())
}

/// The text of a code and the name of its first field, for faults.
fn code_text(composer: &Composer<'_>, scope: &Scope<'_>, code: &CodeItem) -> Result<(String, String), PrintFault> {
    let spans = scope.fill(&code.text, composer.language)?;
    let text = spans.iter().map(|span| span.text.as_str()).collect();
    Ok((code.text.first_field(composer.language), text))
}
