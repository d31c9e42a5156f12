//! Finds papers lying on a background: a card on the scanner's white lid, a certificate on a dark table, a sheet before the black
//! lining of a feeder. Works on a reduced picture; corners come from lines fitted to the paper's sides, so rounded corners and a
//! dog-ear do not move them. Absent on purpose: cutting the papers out (see `process`).

use crate::page::Corner;
use crate::paper::{PaperHint, find_known_size, fits};
use crate::raster::{Raster, otsu};

mod hull;

/// A paper found on a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FoundPaper {
    /// Top left, top right, bottom right, bottom left in elements of the picture searched.
    pub corners: [Corner; 4],
    /// How many of its four sides run along the border of the picture.
    pub sides_cut: u8,
    /// Share of its area that differs from the background.
    pub fill: f32,
}

/// Longest side of the reduced picture on which papers are searched.
const SEARCH_SIDE_PX: u32 = 900;
/// Most papers returned from one picture.
const MAX_PAPERS: usize = 6;

/// Papers on the picture, the largest first; empty when the picture is itself the page. `dpi` is the scanner's resolution, if known.
pub(crate) fn find_papers(raster: &Raster, dpi: Option<f32>, hint: &PaperHint) -> Vec<FoundPaper> {
    let factor = raster.width.max(raster.height).div_ceil(SEARCH_SIDE_PX).max(1);
    let small = raster.reduced(factor);
    if small.width < 24 || small.height < 24 {
        return Vec::new();
    }
    let scale = factor as f32;
    let mut best: Vec<FoundPaper> = Vec::new();
    let mut best_score = 0.0;
    for ground in grounds(&small) {
        let distance = ground.distances(&small);
        for threshold in ground.thresholds(&distance) {
            let papers: Vec<FoundPaper> = search(&small, &distance, threshold)
                .into_iter()
                .map(|paper| paper.scaled(scale))
                .filter(|paper| paper.is_believable(raster, dpi, hint, ground.is_dark()))
                .collect();
            let score: f32 = papers.iter().map(|p| p.fill * p.area()).sum();
            if score > best_score {
                best_score = score;
                best = papers;
            }
        }
    }
    best.sort_by(|a, b| b.area().total_cmp(&a.area()));
    best.truncate(MAX_PAPERS);
    best
}

impl FoundPaper {
    fn scaled(mut self, scale: f32) -> Self {
        for corner in &mut self.corners {
            corner.x *= scale;
            corner.y *= scale;
        }
        self
    }

    /// Mean length of top and bottom, and of left and right.
    pub(crate) fn size_px(&self) -> (f32, f32) {
        let [a, b, c, d] = self.corners;
        ((distance(a, b) + distance(d, c)) / 2.0, (distance(a, d) + distance(b, c)) / 2.0)
    }

    pub(crate) fn area(&self) -> f32 {
        hull::area(&self.corners)
    }

    /// Angle of the top side in degrees, positive when it falls to the right.
    pub(crate) fn angle_deg(&self) -> f32 {
        let [a, b, c, d] = self.corners;
        ((b.y - a.y) + (c.y - d.y)).atan2((b.x - a.x) + (c.x - d.x)).to_degrees()
    }

    /// Whether this is a paper and not a frame, picture or block of text printed on one. On a light ground a paper must have the
    /// size of a paper; on a dark one everything rectangular and light is taken.
    fn is_believable(&self, raster: &Raster, dpi: Option<f32>, hint: &PaperHint, dark_ground: bool) -> bool {
        let whole = raster.width as f32 * raster.height as f32;
        let share = self.area() / whole;
        if !(0.015..0.995).contains(&share) || !hull::is_rectangular(&self.corners) {
            return false;
        }
        if dark_ground {
            return self.fill > 0.5;
        }
        let (width, height) = self.size_px();
        match dpi {
            Some(dpi) => {
                let size = (width * 25.4 / dpi, height * 25.4 / dpi);
                let expected = hint.expected_size_mm();
                self.fill > 0.5 && (expected.is_some_and(|e| fits(size, e, e.0 * 0.03)) || find_known_size(size).is_some())
            }
            None => {
                let ratio = width.max(height) / width.min(height).max(1.0);
                let wanted = hint.expected_size_mm().map(|(a, b)| a / b);
                let close = |known: f32| (ratio / known - 1.0).abs() < 0.06;
                self.fill > 0.7 && share > 0.05 && wanted.map_or(close(1.585) || close(1.414), close)
            }
        }
    }
}

fn distance(a: Corner, b: Corner) -> f32 {
    (a.x - b.x).hypot(a.y - b.y)
}

/// What a paper may lie on.
struct Ground {
    colour: [u8; 3],
    /// Usual deviation from that colour.
    spread: u8,
}

/// The colour round the picture; and black, when a part of the border is as black as the lining of a feeder.
fn grounds(small: &Raster) -> Vec<Ground> {
    let ring = ring(small);
    let mut channels = [[0u32; 256]; 3];
    for p in &ring {
        for i in 0..3 {
            channels[i][usize::from(p[i])] += 1;
        }
    }
    let colour = [0, 1, 2].map(|i| crate::raster::quantile(&channels[i], 0.5));
    let mut deviations = [0u32; 256];
    for p in &ring {
        deviations[usize::from(colour_distance(*p, colour))] += 1;
    }
    let mut grounds = vec![Ground {
        colour,
        spread: crate::raster::quantile(&deviations, 0.5),
    }];
    let black = ring.iter().filter(|p| p.iter().all(|&v| v < 56)).count() as f32 / ring.len().max(1) as f32;
    if (0.03..0.6).contains(&black) && !grounds[0].is_dark() {
        grounds.push(Ground { colour: [16; 3], spread: 12 });
    }
    grounds
}

/// Elements near the border of the picture.
fn ring(small: &Raster) -> Vec<[u8; 3]> {
    let inset = 2;
    let depth = (small.width.min(small.height) / 60).max(2);
    let mut ring = Vec::new();
    for y in inset..small.height - inset {
        for x in inset..small.width - inset {
            let margin = x.min(y).min(small.width - 1 - x).min(small.height - 1 - y);
            if margin < inset + depth {
                let at = (y * small.width + x) as usize * 3;
                ring.push([small.rgb[at], small.rgb[at + 1], small.rgb[at + 2]]);
            }
        }
    }
    ring
}

fn colour_distance(a: [u8; 3], b: [u8; 3]) -> u8 {
    a[0].abs_diff(b[0]).max(a[1].abs_diff(b[1])).max(a[2].abs_diff(b[2]))
}

impl Ground {
    fn is_dark(&self) -> bool {
        self.colour.iter().map(|&v| u32::from(v)).sum::<u32>() < 3 * 140
    }

    fn distances(&self, small: &Raster) -> Vec<u8> {
        small.rgb.as_chunks::<3>().0.iter().map(|&p| colour_distance(p, self.colour)).collect()
    }

    /// A sensitive, a middle and a statistical threshold.
    fn thresholds(&self, distance: &[u8]) -> [u8; 3] {
        let mut histogram = [0u32; 256];
        for &d in distance {
            histogram[usize::from(d)] += 1;
        }
        let low = (u32::from(self.spread) * 3 + 5).clamp(8, 60) as u8;
        let statistical = otsu(&histogram).max(low);
        [low, low / 2 + statistical / 2, statistical]
    }
}

/// Quadrilaterals round the large connected parts whose distance from the ground reaches the threshold.
fn search(small: &Raster, distance: &[u8], threshold: u8) -> Vec<FoundPaper> {
    let (width, height) = (small.width as usize, small.height as usize);
    let mut mask: Vec<bool> = distance.iter().map(|&d| d >= threshold).collect();
    opened_and_closed(&mut mask, width, height);
    let parts = hull::large_parts(&mask, width, height, width * height / 80);
    parts
        .into_iter()
        .filter_map(|part| {
            let outline = hull::convex_hull(&part.extremes);
            let rough = hull::quadrilateral(&outline)?;
            let corners = refined(&mask, width, height, &rough);
            let area = hull::area(&corners);
            let hull_area = hull::area(&outline);
            // The part must be as convex and four-sided as a paper: a text block or a hand is not.
            if area < 1.0 || hull_area / area < 0.9 || hull_area / area > 1.1 {
                return None;
            }
            Some(FoundPaper {
                corners,
                sides_cut: sides_cut(&corners, width as f32, height as f32),
                fill: part.count as f32 / area,
            })
        })
        .collect()
}

/// Removes specks and bridges thin gaps: one step of opening, two of closing.
fn opened_and_closed(mask: &mut Vec<bool>, width: usize, height: usize) {
    for grow in [false, true, true, true, false, false] {
        *mask = stepped(mask, width, height, grow);
    }
}

/// One step of growth or shrinking by the four neighbours; beyond the border counts as the element itself.
fn stepped(mask: &[bool], width: usize, height: usize, grow: bool) -> Vec<bool> {
    let mut out = mask.to_vec();
    for y in 0..height {
        for x in 0..width {
            let at = y * width + x;
            let left = x > 0 && mask[at - 1] == grow;
            let right = x + 1 < width && mask[at + 1] == grow;
            let above = y > 0 && mask[at - width] == grow;
            let below = y + 1 < height && mask[at + width] == grow;
            if left || right || above || below {
                out[at] = grow;
            }
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
