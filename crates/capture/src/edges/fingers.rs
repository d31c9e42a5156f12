//! Fingers over an edge of a photographed paper: what has the colour of skin, lies within the outline of the paper and goes on beyond it.
//! Colour alone is no sign (portraits, brown booklets); that it crosses the edge is.
//!
//! Not found, so that nothing else is taken for a hand: fingers of about the colour of the table; gloves, sleeves and rulers; a finger that
//! hides a corner alone or a whole side, or whose tip reaches less than some four millimetres onto a sheet; any on a paper that is as brown
//! as skin itself or that fills the picture; and those on pages of scanners.

use super::{Overview, colour_distance, grounds, hull, parts};
use crate::page::{Corner, Region};
use crate::raster::Raster;

/// Longer side of the picture searched.
const SIDE_PX: u32 = 300;
/// Least and greatest share of the paper that fingers hide.
const HIDDEN: std::ops::Range<f32> = 0.001_5..0.3;
/// A paper is at least this share of the picture, and this share of its outline is paper.
const PAPER_SHARE: f32 = 0.06;
const PAPER_FILL: f32 = 0.6;
/// Paper is at least this far from the colour of the table.
const PAPER_DISTANCE: u8 = 36;
/// How far skin must reach into the paper and out of it to cross the edge, elements.
const CROSSES: f32 = 4.0;
/// Hands are larger than this share of the picture.
const HAND_SHARE: usize = 2_000;

/// The smallest region of the whole picture that holds all of the fingers on the paper.
pub(crate) fn find_fingers(overview: &Overview) -> Option<Region> {
    let more = overview.picture.width.max(overview.picture.height).div_ceil(SIDE_PX).max(1);
    let small = overview.picture.reduced(more);
    let factor = overview.factor * more;
    let (width, height) = (small.width as usize, small.height as usize);
    if width.min(height) < 48 {
        return None;
    }
    let ground = grounds(&small).first()?.colour;
    let skin: Vec<bool> = small.rgb.as_chunks::<3>().0.iter().map(|&p| is_skin(p, ground)).collect();
    let hands = parts::large_parts(&skin, width, width * height / HAND_SHARE);
    if hands.is_empty() {
        return None;
    }
    let sheet = Sheet::find(&small, &skin, ground)?;
    let mut hidden = 0;
    let mut region: Option<Region> = None;
    for hand in hands {
        let depths = || hand.elements().map(|(x, y)| sheet.depth(x as f32 + 0.5, y as f32 + 0.5));
        let inside = depths().filter(|depth| *depth > 0.0).count();
        let beyond = depths().filter(|depth| *depth < -CROSSES).count();
        if !depths().any(|depth| depth > CROSSES) || beyond * 4 < inside {
            continue;
        }
        hidden += inside;
        for (x, y) in hand.elements().filter(|&(x, y)| sheet.depth(x as f32 + 0.5, y as f32 + 0.5) > 0.0) {
            let element = Region {
                x: x as u32 * factor,
                y: y as u32 * factor,
                width: factor,
                height: factor,
            };
            region = Some(region.map_or(element, |region| region.union(element)));
        }
    }
    region.filter(|_| HIDDEN.contains(&(hidden as f32 / sheet.area)))
}

/// The outline of the largest paper, hands left out.
struct Sheet {
    sides: Vec<[f32; 3]>,
    area: f32,
}

impl Sheet {
    fn find(small: &Raster, skin: &[bool], ground: [u8; 3]) -> Option<Self> {
        let elements = small.rgb.as_chunks::<3>().0.iter();
        let paper: Vec<bool> = elements
            .zip(skin)
            .map(|(&p, skin)| !skin && colour_distance(p, ground) >= PAPER_DISTANCE)
            .collect();
        let least = (paper.len() as f32 * PAPER_SHARE) as usize;
        let largest = parts::large_parts(&paper, small.width as usize, least)
            .into_iter()
            .max_by_key(|part| part.count)?;
        let outline = hull::convex_hull(&largest.extremes);
        let area = hull::area(&outline);
        let next = outline.iter().cycle().skip(1);
        (largest.count as f32 >= area * PAPER_FILL).then(|| Self {
            sides: outline.iter().zip(next).map(|(a, b): (&Corner, &Corner)| hull::line_of(*a, *b)).collect(),
            area,
        })
    }

    /// How far within the outline a place lies, elements; negative beyond it.
    fn depth(&self, x: f32, y: f32) -> f32 {
        self.sides.iter().map(|[a, b, c]| c - a * x - b * y).fold(f32::MAX, f32::min)
    }
}

/// Whether an element has the colour of skin, from light to dark, and is not the ground: red before green before blue, in the proportions
/// of skin in daylight and lamp light, and lighter than the ground or of another colour.
fn is_skin(p: [u8; 3], ground: [u8; 3]) -> bool {
    let [r, g, b] = p.map(f32::from);
    let (warmth, yellow) = (r - b, g - b);
    if r < 45.0 || !(0.2 * r..=0.7 * r).contains(&warmth) || !(0.13 * warmth..=0.6 * warmth).contains(&yellow) {
        return false;
    }
    let [ground_r, ground_g, ground_b] = ground.map(f32::from);
    let (sum, ground_sum) = (r + g + b, (ground_r + ground_g + ground_b).max(1.0));
    let other_colour = (r / sum - ground_r / ground_sum).abs() + (b / sum - ground_b / ground_sum).abs() > 0.08;
    other_colour || sum > ground_sum * 1.35
}
