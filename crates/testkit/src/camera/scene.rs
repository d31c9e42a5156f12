//! What a document camera sees: a table, a paper on it, a hand reaching in, a lamp's reflection. Some frames with different sensor noise
//! are drawn once and shown in turn.

use std::sync::Arc;

use image::{Rgb, RgbImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::papers::{Glare, Paper, PhotoOptions, Random, add_noise, empty_table, photographed};

/// Pixels of the camera, as of a common one of two megapixels.
const SIZE_PX: (u32, u32) = (1600, 1200);
/// Frames of one scene, and the deviation of their noise in levels of 255.
const FRAMES: u64 = 3;
const NOISE: f32 = 3.0;
/// Colour of a hand, and its half width as a share of the picture's height.
const HAND: [u8; 3] = [196, 150, 128];
const HAND_REACH: f32 = 0.09;

/// A scene, drawn.
#[derive(Debug, Clone)]
pub struct Scene {
    frames: Arc<[Vec<u8>]>,
    /// Without noise.
    still: Arc<RgbImage>,
}

impl Scene {
    /// A dark table with nothing on it.
    #[must_use]
    pub fn table() -> Self {
        Self::of(empty_table(SIZE_PX, &options(Vec::new())))
    }

    /// A paper wider than high, lying on the table a little askew.
    #[must_use]
    pub fn paper(paper: &Paper) -> Self {
        Self::of(photographed(paper, &options(Vec::new())).image)
    }

    /// The same with a lamp's reflection at a place, as shares of the paper's width and height.
    #[must_use]
    pub fn glaring(paper: &Paper, at: (f32, f32)) -> Self {
        let glare = Glare {
            at,
            radii_mm: (16.0, 11.0),
            strength: 2.4,
        };
        Self::of(photographed(paper, &options(vec![glare])).image)
    }

    /// This scene with a hand that reaches in from below to a point, as shares of the picture's width and height.
    #[must_use]
    pub fn with_hand(&self, to: (f32, f32)) -> Self {
        let mut picture = RgbImage::clone(&self.still);
        lay_hand(&mut picture, to);
        Self::of(picture)
    }

    /// A hand that comes and goes, one scene a position.
    #[must_use]
    pub fn hand_passing(&self) -> Vec<Self> {
        [0.8, 0.6, 0.45, 0.55, 0.75].iter().map(|y| self.with_hand((0.35 + y / 4.0, *y))).collect()
    }

    /// A frame as JPEG; the number says which.
    pub(super) fn frame(&self, number: usize) -> &[u8] {
        &self.frames[number % self.frames.len()]
    }

    fn of(still: RgbImage) -> Self {
        let frame = |seed| {
            let mut picture = still.clone();
            add_noise(&mut picture, NOISE, &mut Random::from_seed(seed));
            encode(&picture)
        };
        Self {
            frames: (1..=FRAMES).map(frame).collect(),
            still: Arc::new(still),
        }
    }
}

fn options(glare: Vec<Glare>) -> PhotoOptions {
    PhotoOptions {
        long_side_px: SIZE_PX.0,
        fill: 0.7,
        turn_deg: 2.0,
        tilt_deg: (1.5, -1.0),
        glare,
        blur_px: 0.6,
        shadow: 0.1,
        noise: 0.0,
        ..PhotoOptions::default()
    }
}

/// A finger and its wrist: everything near the line from below to the point.
fn lay_hand(picture: &mut RgbImage, to: (f32, f32)) {
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let tip = (to.0 * width, to.1 * height);
    let foot = (tip.0 + 0.12 * width, height * 1.1);
    let (along_x, along_y) = (foot.0 - tip.0, foot.1 - tip.1);
    let length = along_x * along_x + along_y * along_y;
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        let (dx, dy) = (x as f32 - tip.0, y as f32 - tip.1);
        let share = ((dx * along_x + dy * along_y) / length.max(1.0)).clamp(0.0, 1.0);
        let (off_x, off_y) = (dx - share * along_x, dy - share * along_y);
        let away = (off_x * off_x + off_y * off_y).sqrt() / (HAND_REACH * height);
        if away < 1.0 {
            let shade = 1.0 - 0.35 * away * away;
            *pixel = Rgb(HAND.map(|level| (f32::from(level) * shade) as u8));
        }
    }
}

fn encode(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 85);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    let (width, height) = (picture.width() as u16, picture.height() as u16);
    // A picture of these sides always fits; an empty frame would be seen at once as no picture.
    if encoder.encode(picture.as_raw(), width, height, ColorType::Rgb).is_err() {
        return Vec::new();
    }
    bytes
}
