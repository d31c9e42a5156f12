//! Reflections of a lamp: saturated spots whose surroundings fade towards them. A white photograph background or a white table
//! cell has sharp borders and is not one.

use crate::page::Region;
use crate::raster::Gray;

/// A reflection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reflection {
    pub region: Region,
    /// Share of the page.
    pub share: f32,
}

/// Brightness from which an element is saturated.
const SATURATED: u8 = 249;
/// A paper this bright shows no reflection: its white is everywhere near the limit.
const WHITE_PAPER: u8 = 244;

/// Reflections of at least the given share of the page, the largest first.
pub(super) fn find_reflections(gray: &Gray, median_luma: u8, least_share: f32) -> Vec<Reflection> {
    if median_luma >= WHITE_PAPER {
        return Vec::new();
    }
    let factor = (gray.width.max(gray.height) / 400).max(1);
    let small = gray.reduced(factor);
    let (width, height) = (small.width as usize, small.height as usize);
    let mut owner = vec![0u32; width * height];
    let mut reflections = Vec::new();
    for start in 0..owner.len() {
        if owner[start] != 0 || small.luma[start] < SATURATED {
            continue;
        }
        let spot = flood(&small, start, reflections.len() as u32 + 1, &mut owner);
        let share = spot.len() as f32 / owner.len() as f32;
        if share >= least_share && fades(&small, &spot, median_luma) {
            reflections.push(Reflection {
                region: bounds(&spot, width, factor),
                share,
            });
        }
    }
    reflections.sort_by(|a, b| b.share.total_cmp(&a.share));
    reflections
}

fn flood(small: &Gray, start: usize, mark: u32, owner: &mut [u32]) -> Vec<usize> {
    let width = small.width as usize;
    let mut spot = Vec::new();
    let mut stack = vec![start];
    owner[start] = mark;
    while let Some(at) = stack.pop() {
        spot.push(at);
        let x = at % width;
        let neighbours = [
            (x > 0).then(|| at - 1),
            (x + 1 < width).then_some(at + 1),
            at.checked_sub(width),
            Some(at + width),
        ];
        for next in neighbours.into_iter().flatten() {
            if next < owner.len() && owner[next] == 0 && small.luma[next] >= SATURATED {
                owner[next] = mark;
                stack.push(next);
            }
        }
    }
    spot
}

/// Whether most elements three to five steps outside the spot are still brighter than the paper; print within it is left out by
/// asking for most, not for the mean.
fn fades(small: &Gray, spot: &[usize], median_luma: u8) -> bool {
    let (width, height) = (small.width as i64, small.height as i64);
    let inside: std::collections::HashSet<usize> = spot.iter().copied().collect();
    let paper = f32::from(median_luma);
    let bright = paper + 0.25 * (255.0 - paper);
    let (mut fading, mut count) = (0u64, 0u64);
    for &at in spot {
        let (x, y) = (at as i64 % width, at as i64 / width);
        for (dx, dy) in [(3, 0), (-3, 0), (0, 3), (0, -3), (5, 0), (-5, 0), (0, 5), (0, -5)] {
            let (nx, ny) = (x + dx, y + dy);
            if nx < 0 || ny < 0 || nx >= width || ny >= height {
                continue;
            }
            let next = (ny * width + nx) as usize;
            if !inside.contains(&next) {
                fading += u64::from(f32::from(small.luma[next]) > bright);
                count += 1;
            }
        }
    }
    count > 0 && fading * 2 > count
}

fn bounds(spot: &[usize], width: usize, factor: u32) -> Region {
    let xs = || spot.iter().map(|at| (at % width) as u32);
    let ys = || spot.iter().map(|at| (at / width) as u32);
    let (left, right) = (xs().min().unwrap_or(0), xs().max().unwrap_or(0));
    let (top, bottom) = (ys().min().unwrap_or(0), ys().max().unwrap_or(0));
    Region {
        x: left * factor,
        y: top * factor,
        width: (right - left + 1) * factor,
        height: (bottom - top + 1) * factor,
    }
}
