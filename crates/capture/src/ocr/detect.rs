//! Finds lines of text: a probability for every element of the reduced page, cut at a threshold, each connected part a line.
//! Boxes are widened by the factor the model was trained with.

use rten::Value;

use super::{Reader, TextBox};
use crate::encode::resized;
use crate::fault::OcrFault;
use crate::page::Corner;
use crate::raster::Raster;

/// An element belongs to a line from this probability on.
const ELEMENT_PROBABILITY: f32 = 0.3;
/// A line is kept from this mean probability on.
const LINE_PROBABILITY: f32 = 0.5;
/// The model marks the core of a line; this ratio of area to circumference gives the rest.
const WIDENING: f32 = 1.6;
/// Tilt beyond which a box is taken upright, radians: deskewing comes first, more than this is a seal or a drawing.
const MAX_TILT: f32 = 0.2;

pub(super) fn find_boxes(reader: &Reader, raster: &Raster, side_px: u32) -> Result<Vec<TextBox>, OcrFault> {
    let scale = side_px as f32 / raster.width.max(raster.height) as f32;
    let fit = |side: u32| ((side as f32 * scale / SIDE_STEP as f32).round() as u32).max(1) * SIDE_STEP;
    let (width, height) = (fit(raster.width), fit(raster.height));
    let small = resized(raster, width, height);
    let (left, top, small) = without_margins(&small);
    let input = planes(&small);
    let engine = |detail: String| OcrFault::Engine { detail };
    let value = Value::from_shape([1, 3, small.height as usize, small.width as usize], input).map_err(|e| engine(e.to_string()))?;
    let output = reader
        .detection
        .run_one(value.into(), Some(Reader::options(&reader.together)))
        .map_err(|e| engine(e.to_string()))?;
    let ([_, _, _, columns], probabilities) = output.into_shape_vec::<f32, 4>().map_err(|e| engine(e.to_string()))?;
    let (sx, sy) = (raster.width as f32 / width as f32, raster.height as f32 / height as f32);
    let boxes = parts(&probabilities, columns).into_iter().filter_map(|part| part.to_box(sx, sy));
    Ok(boxes.map(|found| found.moved(left as f32 * sx, top as f32 * sy)).collect())
}

/// The model takes sides that are a multiple of this.
const SIDE_STEP: u32 = 32;
/// Values of a row or column differ by less than this where there is nothing but paper.
const PAPER_CONTRAST: u8 = 24;
/// Elements of paper left round what is on the page.
const MARGIN: u32 = 16;

/// The part of a reduced page that has anything on it, and where it begins; the sides stay multiples of the step.
fn without_margins(small: &Raster) -> (u32, u32, Raster) {
    let gray = small.to_gray();
    let (width, height) = (gray.width as usize, gray.height as usize);
    let has_ink = |values: &mut dyn Iterator<Item = u8>| {
        let (low, high) = values.fold((u8::MAX, 0), |(low, high), value| (low.min(value), high.max(value)));
        high.saturating_sub(low) >= PAPER_CONTRAST
    };
    let row = |y: usize| has_ink(&mut gray.luma[y * width..][..width].iter().copied());
    let column = |x: usize| has_ink(&mut gray.luma[x..].iter().step_by(width).copied());
    let (top, bottom) = inked(height, row);
    let (left, right) = inked(width, column);
    let (x, wide) = stepped(left, right, gray.width);
    let (y, high) = stepped(top, bottom, gray.height);
    (x, y, small.cropped(x, y, wide, high))
}

/// First and last of so many rows or columns that have ink; all of them when none has.
fn inked(count: usize, has_ink: impl Fn(usize) -> bool) -> (u32, u32) {
    let first = (0..count).find(|&at| has_ink(at)).unwrap_or(0);
    let last = (first..count).rev().find(|&at| has_ink(at)).unwrap_or(count.saturating_sub(1));
    (first as u32, last as u32)
}

/// Begin and length of a range with its margin, the length a multiple of the step, within a side that is one too.
fn stepped(first: u32, last: u32, side: u32) -> (u32, u32) {
    let begin = first.saturating_sub(MARGIN);
    let length = (last + 1 + MARGIN - begin).next_multiple_of(SIDE_STEP).min(side);
    (begin.min(side - length), length)
}

/// Blue, green, red planes, scaled to -1..1.
fn planes(small: &Raster) -> Vec<f32> {
    let count = small.width as usize * small.height as usize;
    let mut input = Vec::with_capacity(count * 3);
    for channel in [2, 1, 0] {
        input.extend(small.rgb.as_chunks::<3>().0.iter().map(|p| f32::from(p[channel]) / 127.5 - 1.0));
    }
    input
}

/// Sums over the elements of one line.
struct Part {
    points: Vec<(f32, f32)>,
    probability: f32,
}

/// Connected parts (by the eight neighbours) above the element's probability.
fn parts(probabilities: &[f32], columns: usize) -> Vec<Part> {
    let mut seen = vec![false; probabilities.len()];
    let mut parts = Vec::new();
    let mut stack = Vec::new();
    for start in 0..probabilities.len() {
        if seen[start] || probabilities[start] < ELEMENT_PROBABILITY {
            continue;
        }
        let mut part = Part {
            points: Vec::new(),
            probability: 0.0,
        };
        seen[start] = true;
        stack.push(start);
        while let Some(at) = stack.pop() {
            let (x, y) = (at % columns, at / columns);
            part.points.push((x as f32 + 0.5, y as f32 + 0.5));
            part.probability += probabilities[at];
            for ny in y.saturating_sub(1)..=y + 1 {
                for nx in x.saturating_sub(1)..=(x + 1).min(columns - 1) {
                    let next = ny * columns + nx;
                    if next < seen.len() && !seen[next] && probabilities[next] >= ELEMENT_PROBABILITY {
                        seen[next] = true;
                        stack.push(next);
                    }
                }
            }
        }
        if part.points.len() >= 12 {
            parts.push(part);
        }
    }
    parts
}

impl Part {
    /// The widened box in elements of the page.
    fn to_box(&self, sx: f32, sy: f32) -> Option<TextBox> {
        let count = self.points.len() as f32;
        let score = self.probability / count;
        if score < LINE_PROBABILITY {
            return None;
        }
        let angle = self.tilt();
        let (sin, cos) = angle.sin_cos();
        let (mut u, mut v) = ((f32::MAX, f32::MIN), (f32::MAX, f32::MIN));
        for &(x, y) in &self.points {
            let (along, across) = (x * cos + y * sin, y * cos - x * sin);
            u = (u.0.min(along), u.1.max(along));
            v = (v.0.min(across), v.1.max(across));
        }
        let (length, thickness) = (u.1 - u.0 + 1.0, v.1 - v.0 + 1.0);
        let widening = length * thickness * WIDENING / (2.0 * (length + thickness));
        if length.min(thickness) + 2.0 * widening < 5.0 {
            return None;
        }
        let (mu, mv) = ((u.0 + u.1) / 2.0, (v.0 + v.1) / 2.0);
        Some(TextBox {
            centre: Corner {
                x: (mu * cos - mv * sin) * sx,
                y: (mu * sin + mv * cos) * sy,
            },
            half: ((length / 2.0 + widening) * sx, (thickness / 2.0 + widening) * sy),
            angle,
            score,
        })
    }

    /// Direction of a long flat part; 0 for everything else.
    fn tilt(&self) -> f32 {
        let count = self.points.len() as f32;
        let (mx, my) = (
            self.points.iter().map(|p| p.0).sum::<f32>() / count,
            self.points.iter().map(|p| p.1).sum::<f32>() / count,
        );
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for &(x, y) in &self.points {
            xx += (x - mx) * (x - mx);
            xy += (x - mx) * (y - my);
            yy += (y - my) * (y - my);
        }
        let angle = 0.5 * (2.0 * xy).atan2(xx - yy);
        // Only lines at least four times as long as thick tell their direction better than the page does.
        if xx > 16.0 * yy && (0.004..MAX_TILT).contains(&angle.abs()) {
            angle
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_on_a_page_stays_on_the_part_that_is_searched(
            size in (1u32..12, 1u32..12),
            marks in proptest::collection::vec((any::<u32>(), any::<u32>()), 0..5),
        ) {
            let (width, height) = (size.0 * SIDE_STEP, size.1 * SIDE_STEP);
            let mut small = Raster::filled(width, height, [250; 3]);
            let marks: Vec<(u32, u32)> = marks.into_iter().map(|(x, y)| (x % width, y % height)).collect();
            for (x, y) in &marks {
                let at = (y * width + x) as usize * 3;
                small.rgb[at..at + 3].fill(200);
            }
            let (left, top, part) = without_margins(&small);
            prop_assert_eq!((part.width % SIDE_STEP, part.height % SIDE_STEP), (0, 0));
            prop_assert!(left + part.width <= width && top + part.height <= height);
            for (x, y) in marks {
                prop_assert!((left..left + part.width).contains(&x) && (top..top + part.height).contains(&y));
                // With paper round it, unless the page itself ends there.
                prop_assert!(x - left >= MARGIN || left == 0);
                prop_assert!(left + part.width - x > MARGIN || left + part.width == width);
            }
        }
    }

    #[test]
    fn an_empty_page_is_searched_as_a_whole() {
        let (left, top, part) = without_margins(&Raster::filled(64, 96, [250; 3]));
        assert_eq!((left, top, part.width, part.height), (0, 0, 64, 96));
    }
}
