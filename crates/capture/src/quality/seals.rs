//! Red seals that hardly show. A seal is a thin red ring of the size that seals have; its line is compared with the paper on both sides.
//!
//! Not found: seals that left no ring at all (less than about one level of red), oval, square and blue ones, those on pages without colour,
//! and a pale one on a page that bears a clear one or much else of clear red. Whether a paper that needs a seal has one is for people.

use crate::page::Region;
use crate::raster::Raster;

/// Radii of official seals, millimetres: 30 to 45 across by rule, smaller ones on cards and booklets.
const RADII_MM: std::ops::RangeInclusive<f32> = 7.5..=23.0;
/// Longer side of a page whose resolution is not known: seals keep about their share of a sheet and of a booklet.
const USUAL_SIDE_MM: f32 = 250.0;
/// Side of an element of the searched picture, millimetres: about the width of a ring.
const ELEMENT_MM: f32 = 0.7;
/// A ring of less red than this hardly shows; fresh ink has 150.
const PALE: f32 = 26.0;
/// Least red of a ring in the searched picture, where its line fills half of an element: when none is awaited, and when one is.
const LEAST: f32 = 2.0;
const LEAST_AWAITED: f32 = 1.2;
/// Parts of a ring, and how many of them must show.
const PARTS: usize = 32;
const PARTS_SHOWN: usize = 27;
/// Side of a tile whose median red is that of the paper, elements.
const TILE: usize = 32;
/// Rings looked at closely.
const CANDIDATES: usize = 5;
/// Side of the cells in which middles of rings are counted, and steps of their radius, elements.
const CELL: usize = 2;
const RADIUS_STEP: f32 = 1.5;
/// The reddest elements, so many at most, are asked of which rings they may be a part.
const VOTERS: usize = 1_200;
/// Fewest elements that must agree on a ring.
const VOTES_MIN: f32 = 12.0;
/// A page with more than this of clear red has a clear seal, a red head or a thumb's print, square millimetres.
const CLEAR_RED_MM2: f32 = 40.0;

/// The region of the pale seal, when there is one and no clear one. `awaited`: the paper is one that bears a seal.
pub(super) fn find_pale_seal(page: &Raster, dpi: Option<f32>, awaited: bool) -> Option<Region> {
    let dpi = dpi.unwrap_or(page.width.max(page.height) as f32 * 25.4 / USUAL_SIDE_MM);
    let factor = ((ELEMENT_MM * dpi / 25.4).round() as u32).max(1);
    if dpi < 90.0 || page.width.min(page.height) < factor * 24 {
        return None;
    }
    let map = RedMap::of(&page.reduced(factor), f32::from(u16::try_from(factor).ok()?) * 25.4 / dpi)?;
    let least = if awaited { LEAST_AWAITED } else { LEAST };
    let rings: Vec<(Ring, f32)> = map
        .candidates(least)
        .into_iter()
        .filter_map(|ring| map.settled(ring, least))
        .map(|ring| (ring, red_of_line(page, ring, factor as f32, dpi)))
        .collect();
    if rings.iter().any(|(_, red)| *red >= PALE) {
        return None;
    }
    let (ring, _) = rings.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let at = |middle: f32| ((middle - ring.radius).max(0.0) * factor as f32) as u32;
    let side = (ring.radius * 2.0 * factor as f32) as u32;
    Some(Region {
        x: at(ring.x),
        y: at(ring.y),
        width: side.min(page.width - at(ring.x)).max(1),
        height: side.min(page.height - at(ring.y)).max(1),
    })
}

/// A ring, in elements of the searched picture.
#[derive(Debug, Clone, Copy)]
struct Ring {
    x: f32,
    y: f32,
    radius: f32,
}

/// By how much each element is redder than the paper round it, in levels.
struct RedMap {
    width: usize,
    height: usize,
    red: Vec<f32>,
    element_mm: f32,
    /// Cosine and sine of the directions looked into from a middle.
    turns: [(f32, f32); PARTS],
}

impl RedMap {
    /// `None` for a page with too little that is at all red, or much that is clearly red.
    fn of(small: &Raster, element_mm: f32) -> Option<Self> {
        let (width, height) = (small.width as usize, small.height as usize);
        let redness: Vec<i16> = small.rgb.as_chunks::<3>().0.iter().map(|p| redness(*p)).collect();
        let mut red = vec![0.0; redness.len()];
        let mut tile = Vec::with_capacity(TILE * TILE);
        let (mut reddish, mut clear) = (0usize, 0usize);
        for (top, left) in (0..height).step_by(TILE).flat_map(|top| (0..width).step_by(TILE).map(move |left| (top, left))) {
            let rows = || (top..(top + TILE).min(height)).map(|y| y * width + left..y * width + (left + TILE).min(width));
            tile.clear();
            rows().for_each(|row| tile.extend_from_slice(&redness[row]));
            let middle = tile.len() / 2;
            let paper = *tile.select_nth_unstable(middle).1;
            for at in rows().flatten() {
                red[at] = f32::from(redness[at] - paper);
                reddish += usize::from(red[at] >= LEAST_AWAITED);
                clear += usize::from(red[at] >= PALE);
            }
        }
        let smallest = std::f32::consts::TAU * RADII_MM.start() / element_mm * 0.5;
        let clear_mm2 = clear as f32 * element_mm * element_mm;
        (reddish as f32 >= smallest && clear_mm2 <= CLEAR_RED_MM2).then(|| Self {
            width,
            height,
            red,
            element_mm,
            turns: std::array::from_fn(|part| {
                let (sin, cos) = (part as f32 / PARTS as f32 * std::f32::consts::TAU).sin_cos();
                (cos, sin)
            }),
        })
    }

    /// Circles on which much of what is faintly red lies, the likeliest first.
    fn candidates(&self, least: f32) -> Vec<Ring> {
        let radii = [RADII_MM.start(), RADII_MM.end()].map(|mm| mm / self.element_mm);
        let steps = ((radii[1] - radii[0]) / RADIUS_STEP).ceil() as usize;
        let (across, down) = (self.width / CELL + 1, self.height / CELL + 1);
        let mut votes = vec![0u16; steps * across * down];
        let mut reddish: Vec<usize> = (0..self.red.len()).filter(|at| self.red[*at] >= least).collect();
        if reddish.len() > VOTERS {
            reddish.select_nth_unstable_by(VOTERS, |a, b| self.red[*b].total_cmp(&self.red[*a]));
        }
        for at in reddish.iter().take(VOTERS) {
            let (x, y) = ((at % self.width) as f32 + 0.5, (at / self.width) as f32 + 0.5);
            for (step, (cos, sin)) in (0..steps).flat_map(|step| self.turns.iter().map(move |turn| (step, turn))) {
                let radius = radii[0] + step as f32 * RADIUS_STEP;
                let (x, y) = ((x + cos * radius) / CELL as f32, (y + sin * radius) / CELL as f32);
                if x >= 0.0 && y >= 0.0 && (x as usize) < across && (y as usize) < down {
                    votes[(step * down + y as usize) * across + x as usize] += 1;
                }
            }
        }
        let ring = |at: usize| Ring {
            x: (at % across * CELL + CELL / 2) as f32,
            y: (at / across % down * CELL + CELL / 2) as f32,
            radius: radii[0] + (at / across / down) as f32 * RADIUS_STEP,
        };
        let mut found: Vec<Ring> = Vec::new();
        for _ in 0..CANDIDATES {
            let Some((best, &most)) = votes.iter().enumerate().max_by_key(|(_, votes)| **votes) else {
                break;
            };
            let best = ring(best);
            if f32::from(most) < VOTES_MIN {
                break;
            }
            found.push(best);
            let is_near = |other: Ring| (other.x - best.x).powi(2) + (other.y - best.y).powi(2) < (best.radius * 0.3).powi(2);
            // The cells of the smallest radius stand for those of all others.
            let near: Vec<usize> = (0..across * down).filter(|cell| is_near(ring(*cell))).collect();
            for votes in votes.chunks_exact_mut(across * down) {
                near.iter().for_each(|cell| votes[*cell] = 0);
            }
        }
        found
    }

    /// The ring moved to where its line is clearest; `None` when too little of it shows.
    fn settled(&self, rough: Ring, least: f32) -> Option<Ring> {
        let clearest = |from: Ring, reach: f32, step: f32| {
            let offsets = || (0..=(2.0 * reach / step) as i32).map(move |at| at as f32 * step - reach);
            let places = offsets().flat_map(|dx| offsets().flat_map(move |dy| offsets().map(move |dr| (dx, dy, dr))));
            let moved = places.map(|(dx, dy, dr)| Ring {
                x: from.x + dx,
                y: from.y + dy,
                radius: from.radius + dr,
            });
            let mean = |ring: Ring| self.parts(ring).iter().sum::<f32>() / PARTS as f32;
            moved.map(|ring| (ring, mean(ring))).max_by(|a, b| a.1.total_cmp(&b.1))
        };
        let (near, _) = clearest(rough, 2.0, 1.0)?;
        let (ring, mean) = clearest(near, 0.8, 0.4)?;
        let shown = self.parts(ring).iter().filter(|part| **part >= mean * 0.35).count();
        (mean >= least && shown >= PARTS_SHOWN).then_some(ring)
    }

    /// Red on a circle less that outside it and in the gap inside it, by parts.
    fn parts(&self, ring: Ring) -> [f32; PARTS] {
        std::array::from_fn(|part| {
            let (cos, sin) = self.turns[part];
            let at = |away: f32| self.at(ring.x + cos * (ring.radius + away), ring.y + sin * (ring.radius + away));
            let inside = at(-1.4).min(at(-2.0)).min(at(-2.6));
            at(0.0) - inside.max(at(1.6).min(at(2.2)))
        })
    }

    fn at(&self, x: f32, y: f32) -> f32 {
        let inside = x >= 0.0 && y >= 0.0 && (x as usize) < self.width && (y as usize) < self.height;
        if inside { self.red[y as usize * self.width + x as usize] } else { 0.0 }
    }
}

/// How red a colour is, levels: gold and brown are not, pink is a little.
fn redness([r, g, b]: [u8; 3]) -> i16 {
    i16::from(r) - i16::from(g.max(b)) - i16::from(g.abs_diff(b))
}

/// How much redder the line of a ring is than the paper beside it, on the whole page: the middle one of all its parts. `factor` is by how
/// much the picture was reduced on which the ring was found.
fn red_of_line(page: &Raster, ring: Ring, factor: f32, dpi: f32) -> f32 {
    const PLACES: u16 = 96;
    const REACH_MM: f32 = 1.4;
    let reach = (REACH_MM * dpi / 25.4).ceil() as i32;
    let red = |x: f32, y: f32| {
        let (x, y) = (x.clamp(0.0, page.width as f32 - 1.0) as usize, y.clamp(0.0, page.height as f32 - 1.0) as usize);
        f32::from(redness(page.rgb.as_chunks::<3>().0[y * page.width as usize + x]))
    };
    let mut lines: Vec<f32> = (0..PLACES)
        .map(|place| {
            let (sin, cos) = (f32::from(place) / f32::from(PLACES) * std::f32::consts::TAU).sin_cos();
            let mut profile: Vec<f32> = (-reach..=reach)
                .map(|away| {
                    let radius = ring.radius * factor + away as f32;
                    let (x, y) = (ring.x * factor + cos * radius, ring.y * factor + sin * radius);
                    (red(x - sin, y + cos) + red(x, y) + red(x + sin, y - cos)) / 3.0
                })
                .collect();
            let line = profile.windows(3).map(|three| three.iter().sum::<f32>() / 3.0).fold(f32::MIN, f32::max);
            profile.sort_by(f32::total_cmp);
            // The ring's line takes less than half of the profile.
            line - profile[profile.len() / 3]
        })
        .collect();
    lines.sort_by(f32::total_cmp);
    lines[lines.len() / 2]
}
