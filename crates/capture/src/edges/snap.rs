//! Moves the sides of a found paper onto the steps of brightness of the full picture: the reduced picture finds a paper, this
//! measures it. A soft shadow beside a paper is no step; print inside it comes after its side. Absent on purpose: finding.

use super::{FoundPaper, hull};
use crate::page::Corner;
use crate::raster::Raster;

/// Places along a side where the step is looked for.
const PLACES: usize = 64;
/// Steps lower than this (of 255) are noise.
const STEP_MIN: f32 = 9.0;
/// The first step from outside that reaches this share of the steepest one is the side.
const STEP_SHARE: f32 = 0.55;
/// Share of the places that must agree on a line, within this distance in elements.
const AGREEING_MIN: f32 = 0.45;

/// The paper with every side on the step within `reach` elements of it; a side without a clear step stays.
pub(super) fn onto_steps(raster: &Raster, paper: FoundPaper, reach: f32) -> FoundPaper {
    let corners = paper.corners;
    let lines = [0, 1, 2, 3].map(|side| {
        let (a, b) = (corners[side], corners[(side + 1) % 4]);
        line_of_steps(raster, a, b, reach).unwrap_or_else(|| hull::line_of(a, b))
    });
    let mut snapped = corners;
    for side in 0..4 {
        if let Some(point) = hull::intersection(&lines[(side + 3) % 4], &lines[side]) {
            let old = corners[side];
            if (point.x - old.x).hypot(point.y - old.y) < reach * 2.0 {
                snapped[side] = point;
            }
        }
    }
    FoundPaper { corners: snapped, ..paper }
}

/// The line through the steps along the side from `a` to `b`; the paper lies to its right.
fn line_of_steps(raster: &Raster, a: Corner, b: Corner, reach: f32) -> Option<[f32; 3]> {
    let length = (b.x - a.x).hypot(b.y - a.y);
    if length < 40.0 {
        return None;
    }
    let along = ((b.x - a.x) / length, (b.y - a.y) / length);
    let points: Vec<Corner> = (0..PLACES)
        .filter_map(|i| {
            // Rounded corners are left out.
            let t = length * (0.09 + 0.82 * i as f32 / (PLACES - 1) as f32);
            step_across(raster, (a.x + along.0 * t, a.y + along.1 * t), along, reach)
        })
        .collect();
    if points.len() < PLACES / 2 {
        return None;
    }
    let line = hull::line_through(&points)?;
    let near = 1.0 + reach * 0.06;
    let agreeing = points.iter().filter(|p| (line[0] * p.x + line[1] * p.y - line[2]).abs() < near).count();
    // The line's own direction may be either way round; hull wants it as from a to b.
    let forward = hull::line_of(a, b);
    let same = line[0] * forward[0] + line[1] * forward[1] > 0.0;
    let line = if same { line } else { line.map(|v| -v) };
    (agreeing as f32 >= AGREEING_MIN * PLACES as f32).then_some(line)
}

/// Where brightness or colour steps when one walks inwards across the side at `place`.
fn step_across(raster: &Raster, place: (f32, f32), along: (f32, f32), reach: f32) -> Option<Corner> {
    let inward = (-along.1, along.0);
    let count = (reach * 4.0) as usize + 5;
    let at = |i: usize| -reach + i as f32 * 0.5 - 1.0;
    // The picture may end before the reach does.
    let colours = (0..count).map(|i| mean_along(raster, place.0 + inward.0 * at(i), place.1 + inward.1 * at(i), along));
    let mut colours = colours.enumerate().skip_while(|(_, colour)| colour.is_none());
    let (first, colour) = colours.next()?;
    let mut walk = vec![colour?];
    walk.extend(colours.map_while(|(_, colour)| colour));
    let count = walk.len();
    let at = |i: usize| at(i + first);
    if count < 12 {
        return None;
    }
    let rise = |i: usize| {
        let (before, after) = (walk[i - 2], walk[i + 2]);
        (0..3).map(|c| (after[c] - before[c]).abs()).fold(0.0, f32::max)
    };
    let rises: Vec<f32> = (2..count - 2).map(rise).collect();
    let steepest = rises.iter().copied().fold(0.0, f32::max);
    if steepest < STEP_MIN {
        return None;
    }
    let mut top = rises.iter().position(|&r| r >= steepest * STEP_SHARE)?;
    while rises.get(top + 1).is_some_and(|&next| next >= rises[top]) {
        top += 1;
    }
    let (from, to) = (top.saturating_sub(2), (top + 2).min(rises.len() - 1));
    let weight: f32 = rises[from..=to].iter().sum();
    let middle: f32 = (from..=to).map(|i| rises[i] * at(i + 2)).sum::<f32>() / weight;
    Some(Corner {
        x: place.0 + inward.0 * middle,
        y: place.1 + inward.1 * middle,
    })
}

/// The mean of seven elements along the side; `None` outside the picture.
fn mean_along(raster: &Raster, x: f32, y: f32, along: (f32, f32)) -> Option<[f32; 3]> {
    let mut sum = [0.0; 3];
    for step in -3i32..=3 {
        let (px, py) = (x + along.0 * step as f32, y + along.1 * step as f32);
        if px < 0.0 || py < 0.0 || px >= raster.width as f32 || py >= raster.height as f32 {
            return None;
        }
        let at = (py as usize * raster.width as usize + px as usize) * 3;
        for (sum, &value) in sum.iter_mut().zip(&raster.rgb[at..at + 3]) {
            *sum += f32::from(value);
        }
    }
    Some(sum.map(|s| s / 7.0))
}
