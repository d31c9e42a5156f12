//! Finds papers lying on a background: a card on the scanner's white lid, a certificate on a dark table, a sheet before the black
//! lining of a feeder. Works on a reduced picture; corners come from lines fitted to the paper's sides, so rounded corners and a
//! dog-ear do not move them. Absent on purpose: cutting the papers out (see `process`).

use crate::page::Corner;
use crate::paper::{ID_1_MM, PaperHint, find_known_size, fits};
use crate::raster::{Raster, otsu};

mod fingers;
mod hull;
mod parts;
mod search;
mod snap;

pub(crate) use fingers::find_fingers;

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
/// Papers smaller than this share of the largest one beside them are left out.
const LEAST_BESIDE: f32 = 0.25;
/// A paper of more than this share of a light picture is the picture itself.
const PAGE_SHARE: f32 = 0.95;
/// Print beside a paper of which only the outline shows, share of the picture: more, and the outline is a frame printed on a sheet.
const STRAY_MAX: f32 = 0.003;

/// A picture reduced to be searched.
pub(crate) struct Overview {
    picture: Raster,
    /// By how much it is reduced.
    factor: u32,
}

impl Overview {
    pub(crate) fn of(raster: &Raster) -> Self {
        let factor = raster.width.max(raster.height).div_ceil(SEARCH_SIDE_PX).max(1);
        Self {
            picture: raster.reduced(factor),
            factor,
        }
    }
}

/// Papers on the picture, the largest first; empty when the picture is itself the page. `dpi` is the scanner's resolution, if known.
pub(crate) fn find_papers(raster: &Raster, overview: &Overview, dpi: Option<f32>, hint: &PaperHint) -> Vec<FoundPaper> {
    let (small, factor) = (&overview.picture, overview.factor);
    if small.width < 24 || small.height < 24 {
        return Vec::new();
    }
    let wanted = Wanted { raster, dpi, hint, factor };
    let mut best: Vec<FoundPaper> = Vec::new();
    let mut best_score = 0.0;
    for ground in grounds(small) {
        let distance = ground.distances(small);
        for threshold in ground.thresholds(&distance) {
            let papers = wanted.sharpened(search::solid(small, &distance, threshold));
            let papers: Vec<FoundPaper> = papers.into_iter().filter(|paper| wanted.is_believable(paper, ground.is_dark())).collect();
            let score: f32 = papers.iter().map(|p| p.fill * p.area()).sum();
            if score > best_score {
                best_score = score;
                best = papers;
            }
        }
        if best.is_empty() && !ground.is_dark() {
            best = wanted.outlined(small, &distance, ground.thresholds(&distance)[0]);
        }
    }
    best.sort_by(|a, b| b.area().total_cmp(&a.area()));
    // A pen or a coin beside a sheet is no paper of its own.
    let least = best.first().map_or(0.0, FoundPaper::area) * LEAST_BESIDE;
    best.retain(|paper| paper.area() >= least);
    best.truncate(MAX_PAPERS);
    best
}

/// What lies under a camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperInView {
    /// No paper's edges are seen: an empty table, or a paper larger than the picture.
    Nothing,
    /// A paper's edges are seen and leave the picture.
    Cut,
    /// A paper lies wholly in the picture.
    Whole,
}

/// What lies under a camera, by the edges in its small live picture (JPEG, within the limits of this crate). Takes some milliseconds.
pub fn paper_in_view(jpeg: &[u8]) -> PaperInView {
    let Ok(raster) = crate::import::decode_jpeg(jpeg, &crate::Limits::default()) else {
        return PaperInView::Nothing;
    };
    match find_papers(&raster, &Overview::of(&raster), None, &PaperHint::default()).first() {
        None => PaperInView::Nothing,
        Some(paper) if paper.sides_cut > 0 => PaperInView::Cut,
        Some(_) => PaperInView::Whole,
    }
}

/// A paper whose corners a person gave; `None` when they do not go round an area clockwise or hold almost nothing.
pub(crate) fn given_paper(corners: [Corner; 4]) -> Option<FoundPaper> {
    let turns_right = |i: usize| {
        let (a, b, c) = (corners[i], corners[(i + 1) % 4], corners[(i + 2) % 4]);
        (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x) > 0.0
    };
    let paper = FoundPaper {
        corners,
        sides_cut: 0,
        fill: 1.0,
    };
    let (width, height) = paper.size_px();
    ((0..4).all(turns_right) && width.min(height) >= 32.0).then_some(paper)
}

/// What papers are searched on and what is known about them.
struct Wanted<'a> {
    raster: &'a Raster,
    dpi: Option<f32>,
    hint: &'a PaperHint,
    /// By how much the searched picture is reduced.
    factor: u32,
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

    /// Width by height of the paper itself, seen by a camera whose middle is that of the picture.
    pub(crate) fn ratio(&self, picture: (u32, u32)) -> f32 {
        let centre = Corner {
            x: picture.0 as f32 / 2.0,
            y: picture.1 as f32 / 2.0,
        };
        let (width, height) = self.size_px();
        hull::true_ratio(&self.corners, centre).unwrap_or(width / height.max(1.0))
    }

    /// Whether a camera looked at it from the side: opposite sides differ by more than a hundredth, or angles by more than a degree.
    pub(crate) fn is_seen_aslant(&self) -> bool {
        let [a, b, c, d] = self.corners;
        let differ = |p: f32, q: f32| (p - q).abs() > 0.012 * p.max(q);
        let ((ux, uy), (vx, vy)) = ((b.x - a.x, b.y - a.y), (d.x - a.x, d.y - a.y));
        let cosine = (ux * vx + uy * vy) / (ux.hypot(uy) * vx.hypot(vy)).max(1.0);
        differ(distance(a, b), distance(d, c)) || differ(distance(a, d), distance(b, c)) || cosine.abs() > 0.018
    }

    pub(crate) fn area(&self) -> f32 {
        hull::area(&self.corners)
    }

    /// Angle of the top side in degrees, positive when it falls to the right.
    pub(crate) fn angle_deg(&self) -> f32 {
        let [a, b, c, d] = self.corners;
        ((b.y - a.y) + (c.y - d.y)).atan2((b.x - a.x) + (c.x - d.x)).to_degrees()
    }
}

impl Wanted<'_> {
    /// The papers in elements of the full picture, their sides moved onto the steps of brightness there.
    fn sharpened(&self, papers: Vec<FoundPaper>) -> Vec<FoundPaper> {
        let longer = self.raster.width.max(self.raster.height) as f32;
        // A soft shadow widens the reduced paper by about a millimetre.
        let shadow = self.dpi.map_or(longer * 0.004, |dpi| dpi / 25.4);
        let reach = self.factor as f32 * 3.0 + shadow;
        papers
            .into_iter()
            .map(|paper| snap::onto_steps(self.raster, paper.scaled(self.factor as f32), reach))
            .collect()
    }

    /// Whether this is a paper and not a frame, picture or block of text printed on one. On a light ground a paper must have the
    /// size of a paper; on a dark one everything rectangular and light is taken.
    fn is_believable(&self, paper: &FoundPaper, dark_ground: bool) -> bool {
        if !self.has_shape(paper) {
            return false;
        }
        if dark_ground {
            // A light band or picture on a dark page is not a paper; of a size that papers have it may be small.
            let known = self.size_mm(paper).is_some_and(|size| self.fits_hint(size) || find_known_size(size).is_some());
            return paper.fill > 0.5 && (known || self.share(paper) > 0.15);
        }
        if self.is_picture(paper) {
            return false;
        }
        match self.size_mm(paper) {
            Some(size) => paper.fill > 0.5 && (self.fits_hint(size) || find_known_size(size).is_some()),
            None => {
                let ratio = self.ratio(paper);
                let close = |known: f32| (ratio / known - 1.0).abs() < 0.06;
                let share = self.share(paper);
                let fits = if self.knows_size() {
                    self.hint.expected_sizes_mm().any(|(a, b)| close(a / b))
                } else {
                    close(1.585) || share > 0.15 && close(1.414)
                };
                paper.fill > 0.7 && share > 0.05 && fits
            }
        }
    }

    /// Papers as light as the ground, of which only the shadow along the sides shows: closed outlines of a paper's size, or all
    /// that lies on the glass taken together when that has the size of a card. Nothing else may be printed beside them.
    fn outlined(&self, small: &Raster, distance: &[u8], threshold: u8) -> Vec<FoundPaper> {
        let found = search::outlines(small, distance, threshold);
        let fitting = |paper: &FoundPaper| {
            self.has_shape(paper)
                && !self.is_picture(paper)
                && match self.size_mm(paper) {
                    Some(size) if self.knows_size() => self.fits_hint(size),
                    Some(size) => find_known_size(size).is_some(),
                    None => (self.ratio(paper) / (ID_1_MM.0 / ID_1_MM.1) - 1.0).abs() < 0.03 && self.share(paper) > 0.05,
                }
        };
        for candidates in [found.closed, found.together.into_iter().collect()] {
            let papers: Vec<FoundPaper> = self.sharpened(candidates).into_iter().filter(fitting).collect();
            if !papers.is_empty() && search::stray_share(&found.marks, small, &papers, self.factor as f32) <= STRAY_MAX {
                return papers;
            }
        }
        Vec::new()
    }

    /// Whether a sheet on a light ground fills the picture: its sides are then those of the scanner's bed, and its text tells the tilt.
    fn is_picture(&self, paper: &FoundPaper) -> bool {
        self.share(paper) > PAGE_SHARE
    }

    fn has_shape(&self, paper: &FoundPaper) -> bool {
        /// The longest known paper, an old birth certificate, is 2.4 times as wide as high.
        const RATIO_MAX: f32 = 2.6;
        let is_small = self.share(paper) < 0.015;
        (!is_small || self.size_mm(paper).is_some_and(|size| self.fits_hint(size)))
            && self.share(paper) < 0.995
            && hull::is_rectangular(&paper.corners)
            && self.ratio(paper) < RATIO_MAX
            && paper.corners.iter().all(|corner| self.is_on_picture(*corner))
    }

    /// Whether a corner can have been seen: lines of two sides that meet far beyond the picture were led astray.
    fn is_on_picture(&self, corner: Corner) -> bool {
        let (width, height) = (self.raster.width as f32, self.raster.height as f32);
        let margin = width.max(height) * 0.01;
        (-margin..width + margin).contains(&corner.x) && (-margin..height + margin).contains(&corner.y)
    }

    fn share(&self, paper: &FoundPaper) -> f32 {
        paper.area() / (self.raster.width as f32 * self.raster.height as f32)
    }

    fn size_mm(&self, paper: &FoundPaper) -> Option<(f32, f32)> {
        let (width, height) = paper.size_px();
        self.dpi.map(|dpi| (width * 25.4 / dpi, height * 25.4 / dpi))
    }

    fn fits_hint(&self, size: (f32, f32)) -> bool {
        self.hint.expected_sizes_mm().any(|expected| fits(size, expected, expected.0 * 0.03))
    }

    fn knows_size(&self) -> bool {
        self.hint.expected_sizes_mm().next().is_some()
    }

    /// Longer side by shorter side, perspective taken out.
    fn ratio(&self, paper: &FoundPaper) -> f32 {
        let ratio = paper.ratio((self.raster.width, self.raster.height));
        ratio.max(1.0 / ratio)
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

    /// How far each element is from the ground. On a dark ground only what is lighter counts: the shadow beside a paper is darker still.
    fn distances(&self, small: &Raster) -> Vec<u8> {
        let elements = small.rgb.as_chunks::<3>().0.iter();
        if !self.is_dark() {
            return elements.map(|&p| colour_distance(p, self.colour)).collect();
        }
        let lighter = |p: &[u8; 3]| [0, 1, 2].map(|i| p[i].saturating_sub(self.colour[i]));
        elements.map(|p| lighter(p).into_iter().max().unwrap_or(0)).collect()
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
