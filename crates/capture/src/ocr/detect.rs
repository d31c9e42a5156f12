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
    let fit = |side: u32| ((side as f32 * scale / 32.0).round() as u32).max(1) * 32;
    let (width, height) = (fit(raster.width), fit(raster.height));
    let small = resized(raster, width, height);
    let input = planes(&small);
    let engine = |detail: String| OcrFault::Engine { detail };
    let value = Value::from_shape([1, 3, height as usize, width as usize], input).map_err(|e| engine(e.to_string()))?;
    let output = reader
        .detection
        .run_one(value.into(), Some(Reader::options(&reader.together)))
        .map_err(|e| engine(e.to_string()))?;
    let ([_, _, rows, columns], probabilities) = output.into_shape_vec::<f32, 4>().map_err(|e| engine(e.to_string()))?;
    let (sx, sy) = (raster.width as f32 / columns as f32, raster.height as f32 / rows as f32);
    Ok(parts(&probabilities, columns).into_iter().filter_map(|part| part.to_box(sx, sy)).collect())
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
