//! What happens to a paper between the drawer and the file: laid on a flatbed, photographed on a table, worn and copied.
//! Every step carries the truth along, so a field's box stays where its ink is.

use image::{Rgb, RgbImage};

use super::damage::Finger;
use super::random::Random;
use super::sheet::{Ink, Sheet};
use super::truth::{Fault, Truth};
use super::{Paper, PaperError};

/// Where a paper lies on the A4 glass of a flatbed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// Left edge before turning, millimetres from the left of the scan.
    pub x_mm: f32,
    /// Top edge before turning, millimetres from the top of the scan.
    pub y_mm: f32,
    /// Turn about the paper's middle, clockwise, degrees; any value, 90 and 180 included.
    pub angle_deg: f32,
    /// Width and height of the scanned area, millimetres; normally [`Placement::A4`].
    pub glass_mm: (f32, f32),
}

impl Placement {
    /// The whole glass of an A4 flatbed.
    pub const A4: (f32, f32) = (210.0, 297.0);

    /// A place on the A4 glass.
    #[must_use]
    pub const fn at(x_mm: f32, y_mm: f32, angle_deg: f32) -> Self {
        Self {
            x_mm,
            y_mm,
            angle_deg,
            glass_mm: Self::A4,
        }
    }
}

/// Scans the paper lying on the glass under a white lid, at the paper's own resolution; a soft shadow runs along its edges.
#[must_use]
pub fn on_glass(paper: &Paper, placement: &Placement) -> Paper {
    let px_per_mm = paper.dpi as f32 / 25.4;
    let width = (placement.glass_mm.0 * px_per_mm).round().max(1.0) as u32;
    let height = (placement.glass_mm.1 * px_per_mm).round().max(1.0) as u32;
    let mut scene = RgbImage::from_pixel(width, height, Rgb([244, 244, 242]));
    let size = (paper.image.width() as f32, paper.image.height() as f32);
    let middle = (placement.x_mm * px_per_mm + size.0 / 2.0, placement.y_mm * px_per_mm + size.1 / 2.0);
    let (sin, cos) = placement.angle_deg.to_radians().sin_cos();
    let corners = sheet_corners(size).map(|(x, y)| (middle.0 + x * cos - y * sin, middle.1 + x * sin + y * cos));
    let map = Homography::onto(size, corners);
    let shadow = Shadow {
        offset_px: (0.25 * px_per_mm, 0.35 * px_per_mm),
        reach_px: 1.3 * px_per_mm,
        strength: 0.3,
    };
    lay(&mut scene, paper, &map, &shadow);
    let mut truth = paper.truth.moved((width, height), |point| map.place(point));
    if placement.angle_deg.rem_euclid(90.0) > 0.05 && placement.angle_deg.rem_euclid(90.0) < 89.95 {
        truth.add_fault(Fault::Skewed);
    }
    Paper {
        kind: paper.kind,
        image: scene,
        dpi: paper.dpi,
        truth,
    }
}

/// A lamp's reflection on a glossy paper.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glare {
    /// Middle of the spot as a share of the paper's width and height.
    pub at: (f32, f32),
    /// Half width and half height of the spot, millimetres.
    pub radii_mm: (f32, f32),
    /// 1 just reaches white in the middle, 2 and more burn out a wide core.
    pub strength: f32,
}

/// How a picture of a paper is taken.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoOptions {
    /// Longer side of the picture, pixels; the shorter is three quarters of it.
    pub long_side_px: u32,
    /// Share of the picture that the paper fills along its tighter side.
    pub fill: f32,
    /// Turn of the paper, clockwise, degrees.
    pub turn_deg: f32,
    /// Tilt of the camera about the paper's horizontal and vertical middle lines, degrees.
    pub tilt_deg: (f32, f32),
    /// Reflections.
    pub glare: Vec<Glare>,
    /// Deviation of the blur, pixels; zero for none.
    pub blur_px: f32,
    /// Darkness of a hand's or phone's shadow across a corner, 0 to 1.
    pub shadow: f32,
    /// Fingers that hold the paper.
    pub fingers: Vec<Finger>,
    /// Colour of the table.
    pub table: [u8; 3],
    /// Deviation of the sensor noise, levels of 255.
    pub noise: f32,
    /// Seed of table grain and noise.
    pub seed: u64,
}

impl Default for PhotoOptions {
    fn default() -> Self {
        Self {
            long_side_px: 2400,
            fill: 0.8,
            turn_deg: 3.0,
            tilt_deg: (14.0, -9.0),
            glare: Vec::new(),
            blur_px: 0.7,
            shadow: 0.25,
            fingers: Vec::new(),
            table: [74, 58, 46],
            noise: 2.5,
            seed: 1,
        }
    }
}

/// Takes a picture of the paper on a dark table.
#[must_use]
pub fn photographed(paper: &Paper, options: &PhotoOptions) -> Paper {
    let paper = &with_glare(paper, &options.glare);
    let short = options.long_side_px * 3 / 4;
    let upright = paper.image.height() > paper.image.width();
    let (width, height) = if upright {
        (short, options.long_side_px)
    } else {
        (options.long_side_px, short)
    };
    let mut random = Random::from_seed(options.seed);
    let mut scene = table(width, height, options.table, &mut random);
    let corners = camera_corners(paper, (width as f32, height as f32), options);
    let reduced = reduce(paper, &corners);
    let size = (reduced.width() as f32, reduced.height() as f32);
    let on_picture = Paper {
        image: reduced,
        ..paper.clone()
    };
    let shadow_px = (width.max(height) as f32) * 0.012;
    lay(
        &mut scene,
        &on_picture,
        &Homography::onto(size, corners),
        &Shadow {
            offset_px: (shadow_px * 0.4, shadow_px * 0.5),
            reach_px: shadow_px,
            strength: 0.55,
        },
    );
    let full = Homography::onto((paper.image.width() as f32, paper.image.height() as f32), corners);
    let px_per_mm = paper.image.width() as f32 / paper.truth.width_mm;
    let size_mm = (paper.truth.width_mm, paper.truth.height_mm);
    let mut truth = paper.truth.clone();
    for finger in &options.fingers {
        truth.add_spot(finger.spot(size_mm, px_per_mm));
        if let Some(back) = full.inverted() {
            finger.draw(&mut scene, size_mm, |x, y| {
                let (u, v) = back.apply(x, y);
                (u / px_per_mm, v / px_per_mm)
            });
        }
    }
    light(&mut scene, options.shadow);
    if options.blur_px > 0.0 {
        scene = image::imageops::fast_blur(&scene, options.blur_px);
    }
    add_noise(&mut scene, options.noise, &mut random);
    let mut truth = truth.moved((width, height), |point| full.place(point));
    note_photo_faults(&mut truth, options);
    Paper {
        kind: paper.kind,
        image: scene,
        dpi: paper.dpi,
        truth,
    }
}

/// A picture of the dark table with nothing on it, of these sides in pixels.
#[must_use]
pub fn empty_table((width, height): (u32, u32), options: &PhotoOptions) -> RgbImage {
    let mut random = Random::from_seed(options.seed);
    let mut scene = table(width, height, options.table, &mut random);
    light(&mut scene, options.shadow);
    add_noise(&mut scene, options.noise, &mut random);
    scene
}

/// What wears a paper or its scan out.
#[derive(Debug, Clone, PartialEq)]
pub struct Wear {
    /// Turn of the content on the page, clockwise, degrees.
    pub skew_deg: f32,
    /// Deviation of the noise, levels of 255.
    pub noise: f32,
    /// Deviation of the blur, pixels.
    pub blur_px: f32,
    /// Share of the contrast that is lost, 0 to 1.
    pub fade: f32,
    /// Folds across the page.
    pub creases: u32,
    /// Round stamps over the text.
    pub stamps: u32,
    /// Dust specks.
    pub specks: u32,
    /// Quality of an intermediate JPEG copy.
    pub jpeg_quality: Option<u8>,
    /// Seed of everything left to chance.
    pub seed: u64,
}

impl Default for Wear {
    fn default() -> Self {
        Self {
            skew_deg: 0.0,
            noise: 1.5,
            blur_px: 0.0,
            fade: 0.0,
            creases: 0,
            stamps: 0,
            specks: 0,
            jpeg_quality: None,
            seed: 1,
        }
    }
}

/// Wears the paper out; the image keeps its size.
///
/// # Errors
/// A missing typeface (stamps), or an image too large for the intermediate JPEG.
pub fn degrade(paper: &Paper, wear: &Wear) -> Result<Paper, PaperError> {
    let mut random = Random::from_seed(wear.seed);
    let mut worn = stamped(paper, wear.stamps, &mut random)?;
    for _ in 0..wear.creases {
        crease(&mut worn.image, &mut random);
        worn.truth.add_fault(Fault::Creased);
    }
    if wear.fade > 0.0 {
        worn.image
            .pixels_mut()
            .flat_map(|pixel| pixel.0.iter_mut())
            .for_each(|level| *level = (232.0 + (f32::from(*level) - 232.0) * (1.0 - wear.fade)).clamp(0.0, 255.0) as u8);
    }
    if wear.skew_deg != 0.0 {
        worn = skewed(&worn, wear.skew_deg);
    }
    for _ in 0..wear.specks {
        speck(&mut worn.image, &mut random);
    }
    if wear.blur_px > 0.0 {
        worn.image = image::imageops::fast_blur(&worn.image, wear.blur_px);
        worn.truth.add_fault(Fault::Blurred);
    }
    add_noise(&mut worn.image, wear.noise, &mut random);
    if let Some(quality) = wear.jpeg_quality {
        let bytes = super::encode_jpeg(&worn, quality)?;
        worn.image = image::load_from_memory(&bytes)
            .map_err(|error| PaperError::Encode { reason: error.to_string() })?
            .to_rgb8();
    }
    Ok(worn)
}

/// The paper with a lamp's reflections on it.
#[must_use]
pub fn with_glare(paper: &Paper, spots: &[Glare]) -> Paper {
    let mut paper = paper.clone();
    let px_per_mm = paper.image.width() as f32 / paper.truth.width_mm;
    let size = (paper.image.width() as f32, paper.image.height() as f32);
    for spot in spots {
        for (x, y, pixel) in paper.image.enumerate_pixels_mut() {
            let dx = (x as f32 - size.0 * spot.at.0) / (spot.radii_mm.0 * px_per_mm);
            let dy = (y as f32 - size.1 * spot.at.1) / (spot.radii_mm.1 * px_per_mm);
            let distance = dx * dx + dy * dy;
            if distance < 9.0 {
                let share = (spot.strength * (-distance).exp()).min(1.0);
                pixel.0 = pixel.0.map(|level| (f32::from(level) + (255.0 - f32::from(level)) * share).round() as u8);
            }
        }
        paper.truth.add_fault(Fault::Glare);
    }
    paper
}

fn note_photo_faults(truth: &mut Truth, options: &PhotoOptions) {
    let tilt = options.tilt_deg.0.abs().max(options.tilt_deg.1.abs());
    for (fault, present) in [
        (Fault::Perspective, tilt > 0.5),
        (Fault::Skewed, options.turn_deg.abs() > 0.3),
        (Fault::Shadow, options.shadow > 0.3),
        (Fault::Blurred, options.blur_px > 1.5),
    ] {
        if present {
            truth.add_fault(fault);
        }
    }
}

fn sheet_corners((width, height): (f32, f32)) -> [(f32, f32); 4] {
    let (x, y) = (width / 2.0, height / 2.0);
    [(-x, -y), (x, -y), (x, y), (-x, y)]
}

/// Corners of the paper on the picture: turned, tilted, seen from three diagonals away, fitted to the frame.
fn camera_corners(paper: &Paper, frame: (f32, f32), options: &PhotoOptions) -> [(f32, f32); 4] {
    let size = (paper.truth.width_mm, paper.truth.height_mm);
    let eye = 3.0 * size.0.hypot(size.1);
    let (turn_sin, turn_cos) = options.turn_deg.to_radians().sin_cos();
    let (x_sin, x_cos) = options.tilt_deg.0.to_radians().sin_cos();
    let (y_sin, y_cos) = options.tilt_deg.1.to_radians().sin_cos();
    let seen = sheet_corners(size).map(|(x, y)| {
        let (x, y) = (x * turn_cos - y * turn_sin, x * turn_sin + y * turn_cos);
        let (y, z) = (y * x_cos, y * x_sin);
        let (x, z) = (x * y_cos + z * y_sin, z * y_cos - x * y_sin);
        (x * eye / (eye - z), y * eye / (eye - z))
    });
    let low = |pick: fn(&(f32, f32)) -> f32| seen.iter().map(pick).fold(f32::MAX, f32::min);
    let high = |pick: fn(&(f32, f32)) -> f32| seen.iter().map(pick).fold(f32::MIN, f32::max);
    let (left, right, top, bottom) = (low(|p| p.0), high(|p| p.0), low(|p| p.1), high(|p| p.1));
    let scale = (frame.0 / (right - left)).min(frame.1 / (bottom - top)) * options.fill;
    seen.map(|(x, y)| {
        (
            frame.0 / 2.0 + (x - f32::midpoint(left, right)) * scale,
            frame.1 / 2.0 + (y - f32::midpoint(top, bottom)) * scale,
        )
    })
}

/// The paper's image brought to about the size it will have on the picture, so that thin lines do not flicker out.
fn reduce(paper: &Paper, corners: &[(f32, f32); 4]) -> RgbImage {
    let length = |a: (f32, f32), b: (f32, f32)| (a.0 - b.0).hypot(a.1 - b.1);
    let wanted = length(corners[0], corners[1]).max(length(corners[3], corners[2]));
    let share = wanted / paper.image.width() as f32;
    if share >= 0.95 {
        return paper.image.clone();
    }
    let scaled = |side: u32| ((side as f32 * share).round() as u32).max(1);
    image::imageops::resize(
        &paper.image,
        scaled(paper.image.width()),
        scaled(paper.image.height()),
        image::imageops::FilterType::Triangle,
    )
}

struct Shadow {
    offset_px: (f32, f32),
    reach_px: f32,
    strength: f32,
}

/// Lays the paper into the scene with its shadow, sampled bilinearly, rounded corners and smooth edges.
fn lay(scene: &mut RgbImage, paper: &Paper, map: &Homography, shadow: &Shadow) {
    let size = (paper.image.width() as f32, paper.image.height() as f32);
    let radius = paper.kind.corner_radius_mm() * size.0 / paper.truth.width_mm;
    let Some(back) = map.inverted() else {
        return;
    };
    let reach = shadow.reach_px * 2.0 + 4.0;
    let placed = sheet_corners(size).map(|(x, y)| map.apply(x + size.0 / 2.0, y + size.1 / 2.0));
    let bound = |pick: fn(&(f32, f32)) -> f32, limit: u32| {
        let low = placed.iter().map(pick).fold(f32::MAX, f32::min) - reach;
        let high = placed.iter().map(pick).fold(f32::MIN, f32::max) + reach;
        low.clamp(0.0, limit as f32) as u32..high.clamp(0.0, limit as f32) as u32
    };
    for y in bound(|point| point.1, scene.height()) {
        for x in bound(|point| point.0, scene.width()) {
            let (u, v) = back.apply(x as f32 + 0.5, y as f32 + 0.5);
            let pixel = scene.get_pixel_mut(x, y);
            let outside = distance_outside((u, v), size, radius);
            if outside > -1.0 {
                let away = distance_outside((u - shadow.offset_px.0, v - shadow.offset_px.1), size, radius);
                let dark = shadow.strength * (1.0 - away.max(0.0) / shadow.reach_px).max(0.0).powi(2);
                pixel.0 = pixel.0.map(|level| (f32::from(level) * (1.0 - dark) + 0.5) as u8);
            }
            let cover = (0.5 - outside).clamp(0.0, 1.0);
            if cover > 0.0 {
                let ink = sample(&paper.image, u - 0.5, v - 0.5);
                for (level, new) in pixel.0.iter_mut().zip(ink) {
                    *level = (f32::from(*level) * (1.0 - cover) + new * cover + 0.5) as u8;
                }
            }
        }
    }
}

/// How far a point lies outside a rounded rectangle from the origin, pixels; negative inside.
fn distance_outside((x, y): (f32, f32), (width, height): (f32, f32), radius: f32) -> f32 {
    let qx = (x - width / 2.0).abs() - width / 2.0 + radius;
    let qy = (y - height / 2.0).abs() - height / 2.0 + radius;
    let (ax, ay) = (qx.max(0.0), qy.max(0.0));
    // Plain square root: `hypot` guards against overflow that pixels never reach, at several times the cost.
    (ax * ax + ay * ay).sqrt() + qx.max(qy).min(0.0) - radius
}

fn sample(image: &RgbImage, x: f32, y: f32) -> [f32; 3] {
    let x = x.clamp(0.0, image.width() as f32 - 1.0);
    let y = y.clamp(0.0, image.height() as f32 - 1.0);
    let (left, top) = (x.floor() as u32, y.floor() as u32);
    let (right, bottom) = ((left + 1).min(image.width() - 1), (top + 1).min(image.height() - 1));
    let (fx, fy) = (x.fract(), y.fract());
    let [a, b, c, d] = [(left, top), (right, top), (left, bottom), (right, bottom)].map(|(px, py)| image.get_pixel(px, py).0);
    [0, 1, 2].map(|i| (f32::from(a[i]) * (1.0 - fx) + f32::from(b[i]) * fx) * (1.0 - fy) + (f32::from(c[i]) * (1.0 - fx) + f32::from(d[i]) * fx) * fy)
}

/// A dark table with a little grain running along it.
fn table(width: u32, height: u32, colour: [u8; 3], random: &mut Random) -> RgbImage {
    let waves: Vec<(f32, f32, f32)> = (0..6)
        .map(|_| (random.between(0.004, 0.05), random.between(0.0, 6.3), random.between(1.0, 4.0)))
        .collect();
    RgbImage::from_fn(width, height, |x, y| {
        let along = y as f32 + (x as f32 * 0.004).sin() * 14.0;
        let grain: f32 = waves
            .iter()
            .map(|(pace, phase, swing)| (along * pace + phase + x as f32 * pace * 0.05).sin() * swing)
            .sum();
        Rgb(colour.map(|level| (f32::from(level) + grain).clamp(0.0, 255.0) as u8))
    })
}

/// Light from the upper left that falls off, and a soft shadow over the lower right.
fn light(scene: &mut RgbImage, shadow: f32) {
    let (width, height) = (scene.width() as f32, scene.height() as f32);
    for (x, y, pixel) in scene.enumerate_pixels_mut() {
        let (u, v) = (x as f32 / width, y as f32 / height);
        let falloff = 1.0 - 0.16 * (u * 0.6 + v * 0.4);
        let edge = ((u * 0.8 + v - 1.15 + 0.06 * (v * 9.0).sin()) * 9.0).clamp(-8.0, 8.0);
        let factor = falloff * (1.0 - shadow / (1.0 + (-edge).exp()));
        pixel.0 = pixel.0.map(|level| (f32::from(level) * factor + 0.5) as u8);
    }
}

pub(crate) fn add_noise(image: &mut RgbImage, deviation: f32, random: &mut Random) {
    if deviation <= 0.0 {
        return;
    }
    for pixel in image.pixels_mut() {
        let shift = random.bell() * deviation;
        pixel.0 = pixel.0.map(|level| (f32::from(level) + shift + 0.5) as u8);
    }
}

fn stamped(paper: &Paper, count: u32, random: &mut Random) -> Result<Paper, PaperError> {
    if count == 0 {
        return Ok(paper.clone());
    }
    let mut sheet = Sheet::reopen(paper, random.next_bits())?;
    let (width, height) = (paper.truth.width_mm, paper.truth.height_mm);
    let diameter = (width.min(height) * 0.3).min(38.0);
    for _ in 0..count {
        let centre = (random.between(0.25, 0.75) * width, random.between(0.25, 0.75) * height);
        sheet.seal(centre, diameter, "云溪市政务服务中心", "收件专用章");
    }
    sheet.truth_mut().add_fault(Fault::Stamped);
    // A date stamp as desks put it beside the round one.
    sheet.text(width * 0.5, height * 0.12, "2026.11.24", Ink::hei(3.0).colour([60, 70, 150]).opacity(0.7));
    Ok(sheet.into_paper())
}

fn skewed(paper: &Paper, angle_deg: f32) -> Paper {
    let glass_mm = (paper.truth.width_mm, paper.truth.height_mm);
    on_glass(
        paper,
        &Placement {
            x_mm: 0.0,
            y_mm: 0.0,
            angle_deg,
            glass_mm,
        },
    )
}

/// A fold: a thin dark line between a lit and a shaded slope.
fn crease(image: &mut RgbImage, random: &mut Random) {
    let across = random.unit() < 0.5;
    let long = if across { image.height() } else { image.width() } as f32;
    let at = long * random.between(0.3, 0.7);
    let slope = random.between(-0.02, 0.02);
    let reach = long * 0.02;
    for (x, y, pixel) in image.enumerate_pixels_mut() {
        let (along, over) = if across { (x as f32, y as f32) } else { (y as f32, x as f32) };
        let distance = over - at - along * slope;
        if distance.abs() < reach {
            let slope_light = -distance.signum() * 0.10 * (1.0 - distance.abs() / reach);
            let line = if distance.abs() < 1.5 { -0.22 } else { 0.0 };
            pixel.0 = pixel.0.map(|level| (f32::from(level) * (1.0 + slope_light + line)).clamp(0.0, 255.0) as u8);
        }
    }
}

fn speck(image: &mut RgbImage, random: &mut Random) {
    let x = random.whole(0, image.width() - 1);
    let y = random.whole(0, image.height() - 1);
    let side = random.whole(1, 3);
    for (dx, dy) in (0..side).flat_map(|dx| (0..side).map(move |dy| (dx, dy))) {
        if x + dx < image.width() && y + dy < image.height() {
            image.put_pixel(x + dx, y + dy, Rgb([70, 68, 66]));
        }
    }
}

/// A projective map of the plane, row by row.
struct Homography([f32; 9]);

impl Homography {
    /// The map that takes a rectangle from the origin to four corners (Heckbert 1989, square to quadrilateral).
    fn onto((width, height): (f32, f32), [p0, p1, p2, p3]: [(f32, f32); 4]) -> Self {
        let (sx, sy) = (p0.0 - p1.0 + p2.0 - p3.0, p0.1 - p1.1 + p2.1 - p3.1);
        let (dx1, dy1) = (p1.0 - p2.0, p1.1 - p2.1);
        let (dx2, dy2) = (p3.0 - p2.0, p3.1 - p2.1);
        let det = dx1 * dy2 - dx2 * dy1;
        let (g, h) = ((sx * dy2 - dx2 * sy) / det, (dx1 * sy - sx * dy1) / det);
        Self([
            (p1.0 - p0.0 + g * p1.0) / width,
            (p3.0 - p0.0 + h * p3.0) / height,
            p0.0,
            (p1.1 - p0.1 + g * p1.1) / width,
            (p3.1 - p0.1 + h * p3.1) / height,
            p0.1,
            g / width,
            h / height,
            1.0,
        ])
    }

    fn apply(&self, x: f32, y: f32) -> (f32, f32) {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let depth = g * x + h * y + i;
        ((a * x + b * y + c) / depth, (d * x + e * y + f) / depth)
    }

    fn place(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        self.apply(x, y).into()
    }

    /// The way back; `None` for a map that flattens the plane.
    fn inverted(&self) -> Option<Self> {
        let [a, b, c, d, e, f, g, h, i] = self.0.map(f64::from);
        let det = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
        if det.abs() < 1e-12 {
            return None;
        }
        let adjoint = [
            e * i - f * h,
            c * h - b * i,
            b * f - c * e,
            f * g - d * i,
            a * i - c * g,
            c * d - a * f,
            d * h - e * g,
            b * g - a * h,
            a * e - b * d,
        ];
        Some(Self(adjoint.map(|value| (value / det) as f32)))
    }
}
