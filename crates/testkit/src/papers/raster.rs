//! Shapes to pixels with smooth edges: filled outlines and lines of any width, in pixel units.
//! No text, no truth, no millimetres.

use image::RgbImage;

/// A colour, red, green, blue.
pub(super) type Colour = [u8; 3];

/// Fills the inside of outlines (non-zero winding, so overlapping strokes of a character stay filled).
pub(super) fn fill_edges(image: &mut RgbImage, edges: &[Edge], colour: Colour, opacity: f32) {
    const SUB_ROWS: u32 = 5;
    let fold =
        |first: usize, second: usize, start: f32, pick: fn(f32, f32) -> f32| edges.iter().fold(start, |best, edge| pick(best, pick(edge[first], edge[second])));
    let Some(mut mask) = Mask::new(
        image,
        fold(0, 2, f32::MAX, f32::min),
        fold(1, 3, f32::MAX, f32::min),
        fold(0, 2, f32::MIN, f32::max),
        fold(1, 3, f32::MIN, f32::max),
    ) else {
        return;
    };
    let mut crossings: Vec<(f32, i32)> = Vec::new();
    for sub_row in 0..mask.height * SUB_ROWS {
        let y = mask.top as f32 + (sub_row as f32 + 0.5) / SUB_ROWS as f32;
        crossings.clear();
        for [x0, y0, x1, y1] in edges {
            if (*y0 <= y) != (*y1 <= y) {
                crossings.push((x0 + (y - y0) / (y1 - y0) * (x1 - x0), if y1 > y0 { 1 } else { -1 }));
            }
        }
        crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut winding = 0;
        for pair in crossings.windows(2) {
            winding += pair[0].1;
            if winding != 0 {
                mask.span(sub_row / SUB_ROWS, pair[0].0, pair[1].0, 1.0 / SUB_ROWS as f32);
            }
        }
    }
    mask.ink(image, colour, opacity);
}

/// A straight piece of an outline in pixels: x and y of its start, x and y of its end.
pub(super) type Edge = [f32; 4];

/// How much of each pixel of a part of the image is covered.
pub(super) struct Mask {
    left: i64,
    top: i64,
    width: u32,
    height: u32,
    coverage: Vec<f32>,
}

impl Mask {
    /// A mask over the part of the image inside the given bounds; `None` when nothing of it is on the image.
    pub(super) fn new(image: &RgbImage, left: f32, top: f32, right: f32, bottom: f32) -> Option<Self> {
        let (left, top) = (left.floor().max(0.0) as i64, top.floor().max(0.0) as i64);
        let right = (right.ceil() as i64).min(i64::from(image.width()));
        let bottom = (bottom.ceil() as i64).min(i64::from(image.height()));
        let width = u32::try_from(right - left).ok().filter(|width| *width > 0)?;
        let height = u32::try_from(bottom - top).ok().filter(|height| *height > 0)?;
        Some(Self {
            left,
            top,
            width,
            height,
            coverage: vec![0.0; width as usize * height as usize],
        })
    }

    /// Adds part of a row from one x to another, weighted.
    fn span(&mut self, row: u32, from: f32, to: f32, weight: f32) {
        let from = (from - self.left as f32).clamp(0.0, self.width as f32);
        let to = (to - self.left as f32).clamp(0.0, self.width as f32);
        let start = row as usize * self.width as usize;
        let last = (to.ceil() as usize).min(self.width as usize);
        for column in from.floor() as usize..last {
            let covered = to.min(column as f32 + 1.0) - from.max(column as f32);
            self.coverage[start + column] += covered.max(0.0) * weight;
        }
    }

    /// Adds a line with round ends; where lines overlap the stronger one counts.
    pub(super) fn capsule(&mut self, (x0, y0): (f32, f32), (x1, y1): (f32, f32), half: f32) {
        let reach = half + 1.0;
        let clamp = |value: f32, origin: i64, limit: u32| (value - origin as f32).clamp(0.0, limit as f32) as usize;
        let (dx, dy) = (x1 - x0, y1 - y0);
        let length_squared = (dx * dx + dy * dy).max(1e-6);
        for row in clamp((y0.min(y1) - reach).floor(), self.top, self.height)..clamp((y0.max(y1) + reach).ceil(), self.top, self.height) {
            for column in clamp((x0.min(x1) - reach).floor(), self.left, self.width)..clamp((x0.max(x1) + reach).ceil(), self.left, self.width) {
                let x = self.left as f32 + column as f32 + 0.5;
                let y = self.top as f32 + row as f32 + 0.5;
                let along = (((x - x0) * dx + (y - y0) * dy) / length_squared).clamp(0.0, 1.0);
                let distance = (x - x0 - along * dx).hypot(y - y0 - along * dy);
                let covered = (half + 0.5 - distance).clamp(0.0, 1.0).min(2.0 * half);
                let cell = &mut self.coverage[row * self.width as usize + column];
                *cell = cell.max(covered);
            }
        }
    }

    pub(super) fn ink(&self, image: &mut RgbImage, colour: Colour, opacity: f32) {
        for (at, covered) in self.coverage.iter().enumerate().filter(|(_, covered)| **covered > 0.0) {
            let (column, row) = (at % self.width as usize, at / self.width as usize);
            mix(image, self.left + column as i64, self.top + row as i64, colour, covered.min(1.0) * opacity);
        }
    }
}

/// Lays ink over one pixel; pixels off the image are left out.
pub(super) fn mix(image: &mut RgbImage, x: i64, y: i64, colour: Colour, share: f32) {
    let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else {
        return;
    };
    if x >= image.width() || y >= image.height() {
        return;
    }
    let pixel = image.get_pixel_mut(x, y);
    let share = share.clamp(0.0, 1.0);
    for (old, new) in pixel.0.iter_mut().zip(colour) {
        *old = (f32::from(*old) + (f32::from(new) - f32::from(*old)) * share + 0.5) as u8;
    }
}

/// A point of a Bézier curve with any number of control points, `t` from 0 to 1.
pub(super) fn bezier(points: &[(f32, f32)], t: f32) -> (f32, f32) {
    let mut left = points.to_vec();
    while left.len() > 1 {
        left = left
            .windows(2)
            .map(|pair| (pair[0].0 + (pair[1].0 - pair[0].0) * t, pair[0].1 + (pair[1].1 - pair[0].1) * t))
            .collect();
    }
    left[0]
}
