//! From a mask of what differs from the ground to quadrilaterals. Absent on purpose: belief in them (see the module above).

use super::{FoundPaper, distance, hull, parts};
use crate::page::Corner;
use crate::raster::Raster;

/// Parts smaller than this share of the picture are no papers.
const PART_SHARE: usize = 80;
/// Parts smaller than this share of the picture, or of fewer elements, are dust.
const SPECK_SHARE: usize = 20_000;
const SPECK_MIN: usize = 9;

/// Quadrilaterals round the large connected parts whose distance from the ground reaches the threshold.
pub(super) fn solid(small: &Raster, distance: &[u8], threshold: u8) -> Vec<FoundPaper> {
    let (width, height) = (small.width as usize, small.height as usize);
    // Removes specks and bridges thin gaps: one step of opening, two of closing.
    let mask = morphed(distance, threshold, width, height, &[false, true, true, true, false, false]);
    let large = parts::large_parts(&mask, width, width * height / PART_SHARE);
    large.iter().filter_map(|part| quadrilateral(&mask, part, width, height)).collect()
}

/// What shows of papers as light as their ground.
pub(super) struct Outlines {
    /// Closed outlines, filled.
    pub closed: Vec<FoundPaper>,
    /// The quadrilateral round everything on the glass.
    pub together: Option<FoundPaper>,
    /// Everything that differs from the ground, specks left out.
    pub marks: Vec<bool>,
}

/// Closed outlines and what is round everything.
pub(super) fn outlines(small: &Raster, distance: &[u8], threshold: u8) -> Outlines {
    let (width, height) = (small.width as usize, small.height as usize);
    // Opening would take thin outlines away.
    let closed = morphed(distance, threshold, width, height, &[true, true, false, false]);
    let marks = parts::without_small(&closed, width, (width * height / SPECK_SHARE).max(SPECK_MIN));
    let filled = parts::without_holes(&marks, width, height);
    let large = parts::large_parts(&filled, width, width * height / PART_SHARE);
    let closed = large
        .iter()
        .filter_map(|part| quadrilateral(&filled, part, width, height))
        .filter(|paper| paper.fill > 0.9)
        .collect();
    let extremes: Vec<Corner> = parts::large_parts(&marks, width, 1).into_iter().flat_map(|part| part.extremes).collect();
    let together = parts::Part { count: 0, extremes };
    Outlines {
        closed,
        together: quadrilateral(&marks, &together, width, height),
        marks,
    }
}

/// Share of the picture that is marked outside the given papers (whose corners are `factor` times larger).
pub(super) fn stray_share(marks: &[bool], small: &Raster, papers: &[FoundPaper], factor: f32) -> f32 {
    let width = small.width as usize;
    // A shadow may reach a little beyond a paper's side.
    let margin = 0.008 * (small.width + small.height) as f32;
    let covers: Vec<[[f32; 3]; 4]> = papers
        .iter()
        .map(|paper| {
            let corners = paper.corners.map(|c| Corner {
                x: c.x / factor,
                y: c.y / factor,
            });
            [0, 1, 2, 3].map(|side| hull::line_of(corners[side], corners[(side + 1) % 4]))
        })
        .collect();
    let inside = |x: f32, y: f32| covers.iter().any(|lines| lines.iter().all(|l| l[0] * x + l[1] * y - l[2] <= margin));
    let stray = marks
        .iter()
        .enumerate()
        .filter(|&(at, &mark)| mark && !inside((at % width) as f32 + 0.5, (at / width) as f32 + 0.5))
        .count();
    stray as f32 / marks.len().max(1) as f32
}

/// The four sides of a part, when it is as convex and four-sided as a paper: a text block or a hand is not.
fn quadrilateral(mask: &[bool], part: &parts::Part, width: usize, height: usize) -> Option<FoundPaper> {
    let outline = hull::convex_hull(&part.extremes);
    let rough = hull::quadrilateral(&outline)?;
    let corners = refined(mask, width, height, &rough);
    let area = hull::area(&corners);
    let hull_area = hull::area(&outline);
    (area >= 1.0 && (0.9..=1.1).contains(&(hull_area / area))).then(|| FoundPaper {
        corners,
        sides_cut: sides_cut(&corners, width as f32, height as f32),
        fill: part.count as f32 / area,
    })
}

/// The mask after the given steps of growing and shrinking.
fn morphed(distance: &[u8], threshold: u8, width: usize, height: usize, steps: &[bool]) -> Vec<bool> {
    let mask = distance.iter().map(|&d| d >= threshold).collect();
    steps.iter().fold(mask, |mask, &grow| stepped(&mask, width, height, grow))
}

/// One step of growth or shrinking by the four neighbours; beyond the border counts as the element itself.
fn stepped(mask: &[bool], width: usize, height: usize, grow: bool) -> Vec<bool> {
    // Two plain joins instead of one that asks: the compiler then takes sixteen elements at a time.
    if grow {
        joined(mask, width, height, |a, b| a | b)
    } else {
        joined(mask, width, height, |a, b| a & b)
    }
}

/// Every element joined with its four neighbours.
fn joined(mask: &[bool], width: usize, height: usize, join: impl Fn(bool, bool) -> bool) -> Vec<bool> {
    let row = |y: usize| &mask[y * width..][..width];
    let mut out = mask.to_vec();
    for (y, target) in out.chunks_exact_mut(width).enumerate() {
        let (above, own, below) = (row(y.saturating_sub(1)), row(y), row((y + 1).min(height - 1)));
        for ((target, above), below) in target.iter_mut().zip(above).zip(below) {
            *target = join(*target, join(*above, *below));
        }
        for (target, left) in target[1..].iter_mut().zip(own) {
            *target = join(*target, *left);
        }
        for (target, right) in target.iter_mut().zip(&own[1..]) {
            *target = join(*target, *right);
        }
    }
    out
}

/// Moves each side onto the border of the mask: samples along the side, a line through them, outliers left out twice.
fn refined(mask: &[bool], width: usize, height: usize, rough: &[Corner; 4]) -> [Corner; 4] {
    let mut lines = [[0.0f32; 3]; 4];
    for side in 0..4 {
        let (a, b) = (rough[side], rough[(side + 1) % 4]);
        let points = border_points(mask, width, height, a, b);
        lines[side] = hull::line_through(&points).unwrap_or_else(|| hull::line_of(a, b));
    }
    let mut corners = *rough;
    for side in 0..4 {
        // The corner between the side before and this one.
        if let Some(point) = hull::intersection(&lines[(side + 3) % 4], &lines[side]) {
            let moved = distance(point, rough[side]);
            if moved < 0.06 * (width + height) as f32 {
                corners[side] = point;
            }
        }
    }
    corners
}

/// Points where the mask begins, walking inwards across the side from `a` to `b` (the inside is to its right).
fn border_points(mask: &[bool], width: usize, height: usize, a: Corner, b: Corner) -> Vec<Corner> {
    let length = distance(a, b).max(1.0);
    let (ux, uy) = ((b.x - a.x) / length, (b.y - a.y) / length);
    let (nx, ny) = (-uy, ux);
    let reach = 10.0f32;
    let samples = 64;
    let mut points = Vec::with_capacity(samples);
    for i in 0..samples {
        let t = length * (0.08 + 0.84 * i as f32 / (samples - 1) as f32);
        let (px, py) = (a.x + ux * t, a.y + uy * t);
        let mut step = -reach;
        while step <= reach {
            let (x, y) = (px + nx * step, py + ny * step);
            let inside = x >= 0.0 && y >= 0.0 && (x as usize) < width && (y as usize) < height;
            if inside && mask[y as usize * width + x as usize] {
                points.push(Corner { x, y });
                break;
            }
            step += 0.25;
        }
    }
    points
}

/// Sides whose both ends lie on the border of the picture.
fn sides_cut(corners: &[Corner; 4], width: f32, height: f32) -> u8 {
    let near = 1.6;
    (0..4)
        .filter(|&side| {
            let (a, b) = (corners[side], corners[(side + 1) % 4]);
            (a.x < near && b.x < near)
                || (a.y < near && b.y < near)
                || (a.x > width - near && b.x > width - near)
                || (a.y > height - near && b.y > height - near)
        })
        .count() as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_step_takes_exactly_the_four_neighbours(width in 1usize..9, height in 1usize..9, bits in any::<u64>(), grow in any::<bool>()) {
            let mask: Vec<bool> = (0..width * height).map(|at| bits.rotate_right(at as u32) & 1 == 1).collect();
            let stepped = stepped(&mask, width, height, grow);
            for (at, was) in mask.iter().enumerate() {
                let (x, y) = (at % width, at / width);
                let mut near = (0..mask.len()).filter(|other| (other % width).abs_diff(x) + (other / width).abs_diff(y) == 1);
                let changed = near.any(|other| mask[other] == grow);
                prop_assert_eq!(stepped[at], if changed { grow } else { *was }, "element {} of {:?}", at, mask);
            }
        }
    }
}
