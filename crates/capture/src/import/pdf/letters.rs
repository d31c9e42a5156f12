//! The text of a PDF page as lines with places: what its letters say they are. Programs write wrong letters, and people can write what is
//! not to be seen, so nothing here proves anything. Absent on purpose: text that does not stand upright, which forms do not have.

use hayro::hayro_interpret::font::PositionedGlyph;
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::kurbo::{Affine, Point, Rect};

use crate::text_layer::{LINE_CHARS_MAX, LINES_MAX, Line};

/// Letters taken from one page.
const LETTERS_MAX: usize = 20_000;
/// Units of a letter's own square.
const UNITS: f64 = 1000.0;
/// How far a line may be off level, as the tangent of the angle.
const SLANT_MAX: f64 = 0.02;
/// Shares of a letter's size: above and below the line, off the line before, a space, a new column.
const ABOVE: f64 = 0.88;
const BELOW: f64 = 0.12;
const SAME_LINE: f64 = 0.3;
const SPACE: f64 = 0.2;
const COLUMN: f64 = 1.2;
/// How wide a letter is taken to be when nothing follows it: narrow ones half a square.
const NARROW: f64 = 0.5;

/// A letter and its place in points, from the top left corner of the page.
#[derive(Debug, Clone, PartialEq)]
struct Letter {
    text: String,
    left: f64,
    base: f64,
    size: f64,
}

/// The letters of a page as they come.
#[derive(Debug, Default)]
pub(super) struct Letters(Vec<Letter>);

impl Letters {
    /// Takes a letter that is drawn with this transform.
    pub(super) fn take(&mut self, glyph: &PositionedGlyph<'_>, transform: Affine) {
        if self.0.len() >= LETTERS_MAX {
            return;
        }
        let whole = transform * glyph.transform();
        let (origin, across, up) = (whole * Point::ZERO, whole * Point::new(UNITS, 0.0), whole * Point::new(0.0, UNITS));
        let (across, up) = (across - origin, up - origin);
        let stands = across.x > 0.0 && across.y.abs() <= SLANT_MAX * across.x && up.y < 0.0;
        let text = match (**glyph).as_unicode() {
            Some(BfString::Char(c)) => c.to_string(),
            Some(BfString::String(text)) => text,
            None => return,
        };
        let is_text = !text.is_empty() && text.chars().all(|c| !c.is_control() && c != char::REPLACEMENT_CHARACTER);
        if stands && is_text && up.y.abs() > 0.1 {
            self.0.push(Letter {
                text,
                left: origin.x,
                base: origin.y,
                size: up.y.abs(),
            });
        }
    }

    /// The lines of the page, from top to bottom, on a picture whose top left corner lies at `corner`; `px_per_pt` makes picture elements
    /// of points.
    pub(super) fn lines(&self, corner: Point, px_per_pt: f64) -> Vec<Line> {
        let mut lines: Vec<Growing> = Vec::new();
        for letter in &self.0 {
            let room = lines.len() < LINES_MAX;
            match lines.last_mut().filter(|line| line.goes_on_with(letter)) {
                Some(line) => line.add(letter),
                None if room => lines.push(Growing::begin(letter)),
                None => break,
            }
        }
        let mut lines: Vec<Line> = lines.into_iter().filter_map(|line| line.end(corner, px_per_pt)).collect();
        lines.sort_by_key(|line| (line.region.y, line.region.x));
        lines
    }
}

/// A line that letters are still added to.
struct Growing {
    text: String,
    place: Rect,
    base: f64,
    size: f64,
}

impl Growing {
    fn begin(letter: &Letter) -> Self {
        let mut line = Self {
            text: String::new(),
            place: Rect::new(letter.left, letter.base - letter.size * ABOVE, letter.left, letter.base + letter.size * BELOW),
            base: letter.base,
            size: letter.size,
        };
        line.add(letter);
        line
    }

    fn goes_on_with(&self, letter: &Letter) -> bool {
        let gap = letter.left - self.place.x1;
        let alike = (letter.size / self.size - 1.0).abs() < 0.5;
        let level = (letter.base - self.base).abs() <= SAME_LINE * self.size;
        alike && level && gap > -self.size && gap <= COLUMN * self.size && self.text.chars().count() < LINE_CHARS_MAX
    }

    fn add(&mut self, letter: &Letter) {
        let gap = letter.left - self.place.x1;
        if gap > SPACE * self.size && !self.text.is_empty() && !self.text.ends_with(' ') && letter.text != " " {
            self.text.push(' ');
        }
        let width: f64 = letter.text.chars().map(|c| if c.is_ascii() { NARROW } else { 1.0 }).sum();
        self.text.push_str(&letter.text);
        self.place.x1 = self.place.x1.max(letter.left + width * letter.size);
    }

    fn end(self, corner: Point, px_per_pt: f64) -> Option<Line> {
        let text = self.text.trim();
        let px = |pt: f64| (pt * px_per_pt).round().clamp(0.0, 100_000.0) as u32;
        let place = self.place - corner.to_vec2();
        let (x, y) = (px(place.x0), px(place.y0));
        (!text.is_empty()).then(|| Line {
            text: text.to_owned(),
            region: crate::page::Region {
                x,
                y,
                width: px(place.x1).saturating_sub(x).max(1),
                height: px(place.y1).saturating_sub(y).max(1),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(words: &[(&str, f64, f64, f64)]) -> Letters {
        let mut all = Vec::new();
        for (text, left, base, size) in words {
            let mut at = *left;
            for c in text.chars() {
                all.push(Letter {
                    text: c.to_string(),
                    left: at,
                    base: *base,
                    size: *size,
                });
                at += if c.is_ascii() { size * NARROW } else { *size };
            }
        }
        Letters(all)
    }

    #[test]
    fn letters_of_one_line_come_together_and_columns_stay_apart() {
        let page = letters(&[
            ("姓名", 50.0, 100.0, 12.0),
            ("林晓民", 120.0, 100.5, 12.0),
            ("330302", 50.0, 80.0, 12.0),
            ("ab", 92.0, 80.0, 12.0),
        ]);
        let lines: Vec<String> = page.lines(Point::ZERO, 1.0).into_iter().map(|line| line.text).collect();
        assert_eq!(lines, ["330302 ab", "姓名", "林晓民"]);
    }

    #[test]
    fn a_line_has_its_place_in_picture_elements() {
        let line = letters(&[("姓名", 72.0, 100.0, 10.0)]).lines(Point::ZERO, 300.0 / 72.0).remove(0);
        let region = line.region;
        assert_eq!((region.x, region.width), (300, 83));
        assert!(region.y.abs_diff(380) <= 1 && region.height.abs_diff(42) <= 1, "{region:?}");
    }
}
