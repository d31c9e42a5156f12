//! What spoils a picture of a paper that is itself whole: fingers over its edge, moiré, too much light. Every one notes its fault, and
//! fingers the place they hide. Absent on purpose: wear of the paper, reflections, blur and shadow (see `scene`), pale seals (drawn so).

use image::RgbImage;

use super::Paper;
use super::random::Random;
use super::truth::{Fault, PixelBox, Spot};

/// Colours of skin in even light, from light to dark.
pub const SKIN: [[u8; 3]; 5] = [[238, 203, 180], [217, 166, 133], [186, 132, 99], [143, 94, 67], [98, 63, 46]];

/// A side of the paper as one reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The upper one.
    Top,
    /// The one at the ends of lines.
    Right,
    /// The lower one.
    Bottom,
    /// The one at the beginnings of lines.
    Left,
}

/// A finger that holds the paper at a side; its hand reaches in from beyond the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finger {
    /// The side it comes over.
    pub side: Side,
    /// Where on that side, 0 to 1 from its left or upper end.
    pub along: f32,
    /// How far the tip lies on the paper, millimetres.
    pub reach_mm: f32,
    /// Width, millimetres: a little finger has 13, a thumb 22.
    pub width_mm: f32,
    /// How far it leans from straight across the side, degrees.
    pub lean_deg: f32,
    /// Colour of the skin.
    pub skin: [u8; 3],
}

impl Finger {
    /// Any finger with skin of one of the kinds in [`SKIN`], away from the corners.
    pub fn any(random: &mut Random) -> Self {
        Self {
            side: *random.pick(&[Side::Top, Side::Right, Side::Bottom, Side::Left]),
            along: random.between(0.2, 0.8),
            reach_mm: random.between(9.0, 20.0),
            width_mm: random.between(13.0, 22.0),
            lean_deg: random.between(-25.0, 25.0),
            skin: *random.pick(&SKIN),
        }
    }

    /// The middle of its tip and a point far behind its hand, millimetres from the paper's top left corner.
    fn line_mm(&self, (width, height): (f32, f32)) -> ((f32, f32), (f32, f32)) {
        const FAR_MM: f32 = 400.0;
        let (edge, out) = match self.side {
            Side::Top => ((width * self.along, 0.0), (0.0, -1.0)),
            Side::Right => ((width, height * self.along), (1.0, 0.0)),
            Side::Bottom => ((width * self.along, height), (0.0, 1.0)),
            Side::Left => ((0.0, height * self.along), (-1.0, 0.0)),
        };
        let (sin, cos) = self.lean_deg.to_radians().sin_cos();
        let out = (out.0 * cos - out.1 * sin, out.0 * sin + out.1 * cos);
        let inwards = self.reach_mm - self.width_mm / 2.0;
        (
            (edge.0 - out.0 * inwards, edge.1 - out.1 * inwards),
            (edge.0 + out.0 * FAR_MM, edge.1 + out.1 * FAR_MM),
        )
    }

    /// The part of the paper it hides, in millimetres: the smallest upright rectangle round it.
    fn hidden_mm(&self, size_mm: (f32, f32)) -> [f32; 4] {
        let (tip, far) = self.line_mm(size_mm);
        let half = self.width_mm / 2.0;
        // Points of the outline on the paper: along both sides of the finger up to the edge, and round the tip.
        let length = (far.0 - tip.0).hypot(far.1 - tip.1);
        let (ux, uy) = ((far.0 - tip.0) / length, (far.1 - tip.1) / length);
        let straight = (0..=60).flat_map(|step| {
            let along = step as f32 * (self.reach_mm + self.width_mm) / 60.0;
            [-half, half].map(|across| (tip.0 + ux * along - uy * across, tip.1 + uy * along + ux * across))
        });
        let round = (0..36)
            .map(|step| (step as f32 * 10.0).to_radians())
            .map(|turn| (tip.0 + half * turn.cos(), tip.1 + half * turn.sin()));
        let inside = |point: &(f32, f32)| (0.0..=size_mm.0).contains(&point.0) && (0.0..=size_mm.1).contains(&point.1);
        let start = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
        straight.chain(round).filter(inside).fold(start, |[left, top, right, bottom], (x, y)| {
            [left.min(x), top.min(y), right.max(x), bottom.max(y)]
        })
    }

    /// The place it hides on a flat paper of so many pixels a millimetre.
    pub(super) fn spot(&self, size_mm: (f32, f32), px_per_mm: f32) -> Spot {
        let [left, top, right, bottom] = self.hidden_mm(size_mm).map(|mm| mm * px_per_mm);
        Spot {
            fault: Fault::Fingers,
            area: PixelBox::upright(left, top, right, bottom),
        }
    }

    /// Draws it into a scene; `place` tells where on the paper a pixel of the scene lies, in millimetres.
    pub(super) fn draw(&self, scene: &mut RgbImage, size_mm: (f32, f32), place: impl Fn(f32, f32) -> (f32, f32)) {
        let (tip, far) = self.line_mm(size_mm);
        let (dx, dy) = (far.0 - tip.0, far.1 - tip.1);
        let length_squared = dx * dx + dy * dy;
        let length = length_squared.sqrt();
        for (x, y, pixel) in scene.enumerate_pixels_mut() {
            let (px, py) = place(x as f32 + 0.5, y as f32 + 0.5);
            let along = (((px - tip.0) * dx + (py - tip.1) * dy) / length_squared).clamp(0.0, 1.0);
            let distance = (px - tip.0 - along * dx).hypot(py - tip.1 - along * dy);
            // Behind two joints begins the hand.
            let half = self.width_mm / 2.0 * (1.0 + ((along * length - 45.0) / 25.0).clamp(0.0, 2.2));
            let shade = 0.28 * (1.0 - (distance - half) / 3.0).clamp(0.0, 1.0);
            let cover = ((half - distance) / 0.25).clamp(0.0, 1.0);
            let round = 1.0 - 0.34 * (distance / half).powi(3).min(1.0);
            for (level, skin) in pixel.0.iter_mut().zip(self.skin) {
                let below = f32::from(*level) * (1.0 - shade);
                *level = (below * (1.0 - cover) + f32::from(skin) * round * cover + 0.5) as u8;
            }
        }
    }
}

/// Two crossing gratings, as where the dots of a screen or of a printed picture meet those of the sensor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moire {
    /// Distance from band to band, pixels.
    pub period_px: f32,
    /// Direction across the bands of the first grating, degrees from a row.
    pub angle_deg: f32,
    /// Height of a band above the mean, levels of 255 on white.
    pub levels: f32,
    /// How far the bands of red, green and blue lie apart, share of a period: 0 is grey.
    pub colour: f32,
    /// How much the bands bend over the picture, periods.
    pub bend: f32,
}

impl Moire {
    /// Any moiré that a reader minds.
    pub fn any(random: &mut Random) -> Self {
        Self {
            period_px: random.between(3.0, 11.0),
            angle_deg: random.between(12.0, 78.0),
            levels: random.between(7.0, 16.0),
            colour: random.between(0.0, 0.25),
            bend: random.between(0.0, 4.0),
        }
    }
}

/// The picture with moiré all over it.
#[must_use]
pub fn with_moire(paper: &Paper, moire: &Moire) -> Paper {
    let mut paper = paper.clone();
    let (sin, cos) = moire.angle_deg.to_radians().sin_cos();
    let (width, height) = (paper.image.width() as f32, paper.image.height() as f32);
    let turn = std::f32::consts::TAU / moire.period_px;
    for (x, y, pixel) in paper.image.enumerate_pixels_mut() {
        let (x, y) = (x as f32, y as f32);
        let bend = moire.bend * std::f32::consts::TAU * ((x / width) * (y / height));
        let first = (x * cos + y * sin) * turn + bend;
        // The second grating is never quite like the first.
        let second = (y * cos - x * sin) * turn * 0.93 - bend;
        for (channel, level) in pixel.0.iter_mut().enumerate() {
            let apart = channel as f32 * moire.colour * std::f32::consts::TAU;
            let wave = ((first + apart).cos() + (second + apart).cos()) * 0.5;
            *level = (f32::from(*level) * (1.0 + (wave - 0.5) * moire.levels / 255.0 * 2.0) + 0.5).clamp(0.0, 255.0) as u8;
        }
    }
    paper.truth.add_fault(Fault::Moire);
    paper
}

/// The picture with so many stops too much light, each twice as much: paper is white without a mark, light spreads over dark print, thin strokes go first.
#[must_use]
pub fn over_exposed(paper: &Paper, stops: f32) -> Paper {
    let mut paper = paper.clone();
    // Levels stand for light to the power of 2.2; light spreads in the lens and on the sensor before it is cut off.
    let gain = stops.exp2();
    let veil = 0.012 * gain;
    let spread = paper.dpi as f32 / 300.0 * 1.3;
    paper
        .image
        .pixels_mut()
        .flat_map(|pixel| pixel.0.iter_mut())
        .for_each(|level| *level = (linear(*level) * 255.0 + 0.5) as u8);
    paper.image = image::imageops::fast_blur(&paper.image, spread);
    let levels: Vec<u8> = (0..=255u8)
        .map(|light| ((f32::from(light) / 255.0 * gain + veil).min(1.0).powf(1.0 / 2.2) * 255.0 + 0.5) as u8)
        .collect();
    paper
        .image
        .pixels_mut()
        .flat_map(|pixel| pixel.0.iter_mut())
        .for_each(|level| *level = levels[usize::from(*level)]);
    paper.truth.add_fault(Fault::OverExposed);
    paper
}

fn linear(level: u8) -> f32 {
    (f32::from(level) / 255.0).powf(2.2)
}
