//! Paper and ink: a page measured in millimetres on which text, lines, shapes, seals and signatures are put,
//! noting down as truth where every piece of text came to lie.
//! Knows nothing of any particular document and reads no pixels back.

use ab_glyph::{Font, OutlineCurve, PxScale, point};
use image::{Rgb, RgbImage};

use super::fonts::{Face, Fonts};
use super::random::Random;
use super::raster::{Colour, Edge, Mask, bezier, fill_edges, mix};
use super::truth::{Code, Fault, Field, Line, PixelBox, Spot, Truth};
use super::{DrawOptions, Paper, PaperError, PaperKind};

/// Printer's black: never quite black on paper.
pub(super) const BLACK: Colour = [34, 33, 36];
/// Stamp ink.
pub(super) const SEAL_RED: Colour = [204, 44, 48];
/// A seal of less strength is a fault of the paper.
const PALE_SEAL_PERCENT: u32 = 20;
/// Pen ink.
pub(super) const PEN_BLUE: Colour = [30, 42, 96];

/// How a run of text is set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ink {
    face: Face,
    /// Size of the em square, millimetres.
    pub(super) size_mm: f32,
    colour: Colour,
    opacity: f32,
    /// Added after every character, millimetres.
    spacing_mm: f32,
    /// Fixed distance from character to character, millimetres.
    pitch_mm: Option<f32>,
    align: f32,
}

impl Ink {
    pub(super) const fn new(face: Face, size_mm: f32) -> Self {
        Self {
            face,
            size_mm,
            colour: BLACK,
            opacity: 0.95,
            spacing_mm: 0.0,
            pitch_mm: None,
            align: 0.0,
        }
    }
    pub(super) const fn song(size_mm: f32) -> Self {
        Self::new(Face::Song, size_mm)
    }
    pub(super) const fn hei(size_mm: f32) -> Self {
        Self::new(Face::Hei, size_mm)
    }
    pub(super) const fn colour(mut self, colour: Colour) -> Self {
        self.colour = colour;
        self
    }
    pub(super) const fn opacity(mut self, opacity: f32) -> Self {
        self.opacity = opacity;
        self
    }
    pub(super) const fn spaced(mut self, spacing_mm: f32) -> Self {
        self.spacing_mm = spacing_mm;
        self
    }
    pub(super) const fn pitch(mut self, pitch_mm: f32) -> Self {
        self.pitch_mm = Some(pitch_mm);
        self
    }
    /// The given x is the middle of the text.
    pub(super) const fn centred(mut self) -> Self {
        self.align = 0.5;
        self
    }
    /// The given x is the right end of the text.
    pub(super) const fn right(mut self) -> Self {
        self.align = 1.0;
        self
    }
}

/// A rectangle on the page in millimetres.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) width: f32,
    pub(super) height: f32,
}

impl Area {
    pub(super) const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { x, y, width, height }
    }
    pub(super) fn centre(&self) -> (f32, f32) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }
}

/// A page being drawn.
pub(super) struct Sheet {
    image: RgbImage,
    fonts: &'static Fonts,
    px_per_mm: f32,
    truth: Truth,
    /// Strength of seals, per cent.
    seal_percent: u32,
    pub(super) random: Random,
}

impl Sheet {
    /// A blank page of the kind's own size.
    pub(super) fn new(kind: PaperKind, options: &DrawOptions, paper: Colour) -> Result<Self, PaperError> {
        let (width_mm, height_mm) = kind.size_mm();
        let px_per_mm = options.dpi as f32 / 25.4;
        let width_px = (width_mm * px_per_mm).round() as u32;
        let height_px = (height_mm * px_per_mm).round() as u32;
        let (right, bottom) = (width_px as f32, height_px as f32);
        let truth = Truth {
            kind,
            page_no: options.page_no,
            page_count: kind.page_count(),
            dpi: options.dpi,
            width_mm,
            height_mm,
            image_width_px: width_px,
            image_height_px: height_px,
            corners: [[0.0, 0.0], [right, 0.0], [right, bottom], [0.0, bottom]],
            angle_deg: 0.0,
            fields: Vec::new(),
            codes: Vec::new(),
            lines: Vec::new(),
            faults: Vec::new(),
            spots: Vec::new(),
        };
        Ok(Self {
            image: RgbImage::from_pixel(width_px, height_px, Rgb(paper)),
            fonts: Fonts::get()?,
            px_per_mm,
            truth,
            seal_percent: options.seal_percent,
            random: Random::from_seed(options.seed),
        })
    }

    /// A finished page to be drawn on once more.
    pub(super) fn reopen(paper: &Paper, seed: u64) -> Result<Self, PaperError> {
        let px_per_mm = paper.dpi as f32 / 25.4;
        Ok(Self {
            image: paper.image.clone(),
            fonts: Fonts::get()?,
            px_per_mm,
            truth: paper.truth.clone(),
            seal_percent: 100,
            random: Random::from_seed(seed),
        })
    }

    /// The finished page.
    pub(super) fn into_paper(self) -> Paper {
        Paper {
            kind: self.truth.kind,
            image: self.image,
            dpi: self.truth.dpi,
            truth: self.truth,
        }
    }

    pub(super) fn truth_mut(&mut self) -> &mut Truth {
        &mut self.truth
    }

    /// Sets a run of text; `y_mm` is the top of the em square. Returns where the ink is, `None` for blanks only.
    pub(super) fn text(&mut self, x_mm: f32, y_mm: f32, text: &str, ink: Ink) -> Option<PixelBox> {
        let area = self.set(x_mm, y_mm, text, ink)?;
        self.truth.lines.push(Line { text: text.to_owned(), area });
        Some(area)
    }

    /// Sets a value and notes it as a field whose value is the printed text.
    pub(super) fn field(&mut self, key: &str, x_mm: f32, y_mm: f32, text: &str, ink: Ink) {
        let area = self.text(x_mm, y_mm, text, ink);
        self.note_field(key, text, area);
    }

    /// Notes a value that was printed in other words or in several runs.
    pub(super) fn note_field(&mut self, key: &str, value: &str, area: Option<PixelBox>) {
        if let Some(area) = area {
            self.truth.fields.push(Field {
                key: key.to_owned(),
                value: value.to_owned(),
                area,
            });
        }
    }

    /// Width of a run of text, millimetres.
    pub(super) fn text_width_mm(&self, text: &str, ink: Ink) -> f32 {
        text.chars().map(|c| self.advance_mm(c, ink)).sum::<f32>() - ink.spacing_mm
    }

    /// Sets text in lines of at most `width_mm`, without punctuation at the start of a line; returns the ink and the y below the last line.
    pub(super) fn paragraph(&mut self, x_mm: f32, y_mm: f32, width_mm: f32, line_mm: f32, text: &str, ink: Ink) -> (Option<PixelBox>, f32) {
        let mut y_mm = y_mm;
        let mut area = None;
        for line in self.wrap(text, width_mm, ink) {
            area = PixelBox::around(area, self.text(x_mm, y_mm, &line, ink));
            y_mm += line_mm;
        }
        (area, y_mm)
    }

    /// Sets text in the vertical middle of a cell, wrapped where needed, at the ink's own alignment with a small margin.
    pub(super) fn text_in(&mut self, cell: Area, text: &str, ink: Ink) -> Option<PixelBox> {
        const MARGIN_MM: f32 = 1.4;
        let inner_mm = cell.width - 2.0 * MARGIN_MM;
        let lines = self.wrap(text, inner_mm, ink);
        let line_mm = ink.size_mm * 1.3;
        let block_mm = line_mm * (lines.len() as f32 - 1.0) + ink.size_mm;
        let mut y_mm = cell.y + (cell.height - block_mm) / 2.0;
        let x_mm = cell.x + MARGIN_MM + inner_mm * ink.align;
        let mut area = None;
        for line in lines {
            area = PixelBox::around(area, self.text(x_mm, y_mm, &line, ink));
            y_mm += line_mm;
        }
        area
    }

    /// A value in a cell, noted as a field.
    pub(super) fn field_in(&mut self, key: &str, cell: Area, text: &str, ink: Ink) {
        let area = self.text_in(cell, text, ink);
        self.note_field(key, text, area);
    }

    /// Notes a code that was drawn.
    pub(super) fn note_code(&mut self, format: &str, text: &str, area: Area) {
        let area = PixelBox::upright(self.px(area.x), self.px(area.y), self.px(area.x + area.width), self.px(area.y + area.height));
        self.truth.codes.push(Code {
            format: format.to_owned(),
            text: text.to_owned(),
            area,
        });
    }

    /// A filled rectangle.
    pub(super) fn fill(&mut self, area: Area, colour: Colour) {
        let corners = [
            (area.x, area.y),
            (area.x + area.width, area.y),
            (area.x + area.width, area.y + area.height),
            (area.x, area.y + area.height),
        ];
        self.polygon(&corners, colour, 1.0);
    }

    /// The outline of a rectangle.
    pub(super) fn frame(&mut self, area: Area, width_mm: f32, colour: Colour) {
        let (right, bottom) = (area.x + area.width, area.y + area.height);
        for ends in [
            [(area.x, area.y), (right, area.y)],
            [(right, area.y), (right, bottom)],
            [(right, bottom), (area.x, bottom)],
            [(area.x, bottom), (area.x, area.y)],
        ] {
            self.stroke(&ends, width_mm, colour, 1.0);
        }
    }

    /// A filled polygon of millimetre points.
    pub(super) fn polygon(&mut self, points: &[(f32, f32)], colour: Colour, opacity: f32) {
        let scale = self.px_per_mm;
        let edges: Vec<Edge> = points
            .iter()
            .zip(points.iter().cycle().skip(1))
            .map(|(a, b)| [a.0 * scale, a.1 * scale, b.0 * scale, b.1 * scale])
            .collect();
        fill_edges(&mut self.image, &edges, colour, opacity);
    }

    /// A filled ellipse.
    pub(super) fn ellipse(&mut self, centre: (f32, f32), radii: (f32, f32), colour: Colour, opacity: f32) {
        let points: Vec<(f32, f32)> = (0..96)
            .map(|step| {
                let turn = step as f32 / 96.0 * std::f32::consts::TAU;
                (centre.0 + radii.0 * turn.cos(), centre.1 + radii.1 * turn.sin())
            })
            .collect();
        self.polygon(&points, colour, opacity);
    }

    /// A circle line; dashed where `dashes` is given (an even number of equal parts, every second drawn).
    pub(super) fn circle(&mut self, centre: (f32, f32), radius_mm: f32, width_mm: f32, colour: Colour, dashes: Option<u32>) {
        let at = |turn: f32| (centre.0 + radius_mm * turn.cos(), centre.1 + radius_mm * turn.sin());
        let arc = |from: f32, to: f32| (0..=24).map(|step| at(from + (to - from) * step as f32 / 24.0)).collect::<Vec<_>>();
        let parts = dashes.unwrap_or(8);
        for part in 0..parts {
            if dashes.is_some() && part % 2 == 1 {
                continue;
            }
            let turn = |part: u32| part as f32 / parts as f32 * std::f32::consts::TAU;
            self.stroke(&arc(turn(part), turn(part + 1)), width_mm, colour, 1.0);
        }
    }

    /// A line through millimetre points, with round ends.
    pub(super) fn stroke(&mut self, points: &[(f32, f32)], width_mm: f32, colour: Colour, opacity: f32) {
        let scale = self.px_per_mm;
        let half_px = (width_mm * scale / 2.0).max(0.3);
        let reach = half_px + 1.0;
        let points: Vec<(f32, f32)> = points.iter().map(|(x, y)| (x * scale, y * scale)).collect();
        let low = |pick: fn(&(f32, f32)) -> f32| points.iter().map(pick).fold(f32::MAX, f32::min) - reach;
        let high = |pick: fn(&(f32, f32)) -> f32| points.iter().map(pick).fold(f32::MIN, f32::max) + reach;
        let Some(mut mask) = Mask::new(&self.image, low(|p| p.0), low(|p| p.1), high(|p| p.0), high(|p| p.1)) else {
            return;
        };
        for pair in points.windows(2) {
            mask.capsule(pair[0], pair[1], half_px);
        }
        mask.ink(&mut self.image, colour, opacity);
    }

    /// A run of text along a circle, its first character at `from_deg` (0 = right, clockwise), heads outwards.
    pub(super) fn text_on_arc(&mut self, centre: (f32, f32), radius_mm: f32, (from_deg, to_deg): (f32, f32), text: &str, ink: Ink) {
        let count = text.chars().count();
        let mut edges = Vec::new();
        for (at, character) in text.chars().enumerate() {
            let part = if count > 1 { at as f32 / (count - 1) as f32 } else { 0.5 };
            let turn = (from_deg + (to_deg - from_deg) * part).to_radians();
            let base = (centre.0 + radius_mm * turn.cos(), centre.1 + radius_mm * turn.sin());
            let lean = turn + std::f32::consts::FRAC_PI_2;
            edges.extend(self.glyph_edges(character, ink, 0.0, |x, y| {
                (base.0 + x * lean.cos() - y * lean.sin(), base.1 + x * lean.sin() + y * lean.cos())
            }));
        }
        fill_edges(&mut self.image, &edges, ink.colour, ink.opacity);
    }

    /// A round seal: ring, name along the upper arc, 样张 where an emblem or star would be, a caption below.
    pub(super) fn seal(&mut self, centre: (f32, f32), diameter_mm: f32, name: &str, caption: &str) {
        let radius_mm = diameter_mm / 2.0;
        let count = name.chars().count() as f32;
        let size_mm = (diameter_mm * 0.115).min(radius_mm * 3.3 / count);
        let half_deg = (count * 11.5).min(112.0);
        let ring_mm = (diameter_mm * 0.025).max(0.5);
        let strength = self.seal_percent as f32 / 100.0;
        self.ring(centre, radius_mm - ring_mm * 0.6, ring_mm, strength);
        let ink = Ink::song(size_mm).colour(SEAL_RED).opacity(0.82 * strength);
        self.text_on_arc(
            centre,
            radius_mm - ring_mm * 1.5 - size_mm * 0.7,
            (-90.0 - half_deg, -90.0 + half_deg),
            name,
            ink,
        );
        let middle = Ink::hei(diameter_mm * 0.15).colour(SEAL_RED).opacity(0.8 * strength).centred();
        self.set(centre.0, centre.1 - diameter_mm * 0.075, "样张", middle);
        let below = Ink::hei(diameter_mm * 0.085).colour(SEAL_RED).opacity(0.85 * strength).centred();
        self.set(centre.0, centre.1 + radius_mm * 0.5, caption, below);
        if self.seal_percent < PALE_SEAL_PERCENT {
            let [left, top] = [centre.0, centre.1].map(|middle| (middle - radius_mm) * self.px_per_mm);
            let side = diameter_mm * self.px_per_mm;
            self.truth.add_spot(Spot {
                fault: Fault::PaleSeal,
                area: PixelBox::upright(left, top, left + side, top + side),
            });
        }
    }

    /// The ring of a seal, of one strength all round.
    fn ring(&mut self, centre: (f32, f32), radius_mm: f32, width_mm: f32, strength: f32) {
        if self.seal_percent == 100 {
            return self.circle(centre, radius_mm, width_mm, SEAL_RED, None);
        }
        let turns = (0..=192).map(|step| step as f32 / 192.0 * std::f32::consts::TAU);
        let points: Vec<(f32, f32)> = turns
            .map(|turn| (centre.0 + radius_mm * turn.cos(), centre.1 + radius_mm * turn.sin()))
            .collect();
        self.stroke(&points, width_mm, SEAL_RED, strength);
    }

    /// A name written by hand: leaning, uneven, close together.
    pub(super) fn signature(&mut self, x_mm: f32, y_mm: f32, name: &str, size_mm: f32) -> Option<PixelBox> {
        let ink = Ink::song(size_mm);
        let mut edges = Vec::new();
        let mut x = x_mm;
        for character in name.chars() {
            let lean = self.random.between(0.16, 0.3);
            let turn = self.random.between(-0.12, 0.06);
            let grow = self.random.between(0.9, 1.15);
            let base = (x + size_mm / 2.0, y_mm + size_mm / 2.0 + self.random.between(-0.08, 0.08) * size_mm);
            edges.extend(self.glyph_edges(character, ink, lean, |gx, gy| {
                (
                    base.0 + grow * (gx * turn.cos() - gy * turn.sin()),
                    base.1 + grow * (gx * turn.sin() + gy * turn.cos()),
                )
            }));
            x += size_mm * self.random.between(0.78, 0.9);
        }
        fill_edges(&mut self.image, &edges, PEN_BLUE, 0.88);
        let xs = || edges.iter().flat_map(|edge| [edge[0], edge[2]]);
        let ys = || edges.iter().flat_map(|edge| [edge[1], edge[3]]);
        let area = PixelBox::upright(
            xs().fold(f32::MAX, f32::min),
            ys().fold(f32::MAX, f32::min),
            xs().fold(f32::MIN, f32::max),
            ys().fold(f32::MIN, f32::max),
        );
        (!edges.is_empty()).then_some(area)
    }

    /// A field of fine crossing waves, the soft background of cards and certificates.
    pub(super) fn guilloche(&mut self, area: Area, count: u32, colour: Colour, opacity: f32) {
        for line in 0..count {
            let part = line as f32 / count as f32;
            let middle = area.y + area.height * (part * 1.2 - 0.1);
            let (swing, wave) = (area.height * 0.09, area.width / 2.6);
            let phase = part * 9.0;
            let steps = (area.width / 0.7).ceil() as u32;
            let mut run: Vec<(f32, f32)> = Vec::new();
            for step in 0..=steps {
                let x = area.x + area.width * step as f32 / steps as f32;
                let turn = (x - area.x) / wave * std::f32::consts::TAU;
                let y = middle + swing * (turn + phase).sin() + swing * 0.45 * (turn * 2.3 - phase * 0.7).cos();
                let inside = y > area.y && y < area.y + area.height;
                if inside {
                    run.push((x, y));
                }
                if (!inside || step == steps) && run.len() > 1 {
                    self.stroke(&run, 0.11, colour, opacity);
                }
                if !inside {
                    run.clear();
                }
            }
        }
    }

    /// A smooth passage of colour from left to right over the whole page.
    pub(super) fn wash(&mut self, left: Colour, middle: Colour, right: Colour) {
        let width = self.image.width().max(2) as f32;
        for (x, y, pixel) in self.image.enumerate_pixels_mut() {
            // The slight slope keeps the passage from looking like vertical bands.
            let part = ((x as f32 + y as f32 * 0.25) / (width * 1.15)).clamp(0.0, 1.0) * 2.0;
            let (from, to, share) = if part < 1.0 { (left, middle, part) } else { (middle, right, part - 1.0) };
            *pixel = Rgb([0, 1, 2].map(|i| (f32::from(from[i]) + (f32::from(to[i]) - f32::from(from[i])) * share).round() as u8));
        }
    }

    /// A barcode of module widths (bar first) in the given area.
    pub(super) fn bars(&mut self, widths: &[u8], area: Area) {
        let total: u32 = widths.iter().map(|width| u32::from(*width)).sum();
        // Whole pixels per module, or readers see bars of uneven width.
        let module_px = (area.width * self.px_per_mm / total as f32).floor().max(1.0);
        let mut x = self.px(area.x).round() / self.px_per_mm;
        for (at, width) in widths.iter().enumerate() {
            let run_mm = f32::from(*width) * module_px / self.px_per_mm;
            if at % 2 == 0 {
                self.fill(Area::new(x, area.y, run_mm, area.height), [20, 20, 20]);
            }
            x += run_mm;
        }
    }

    /// A QR code with its top left module at a place, of whole picture elements a module and at most so wide, millimetres; noted in the truth.
    pub(super) fn qr(&mut self, (x_mm, y_mm): (f32, f32), side_mm: f32, text: &str) -> Result<(), PaperError> {
        let code = qrcodegen::QrCode::encode_text(text, qrcodegen::QrCodeEcc::Medium).map_err(|_| PaperError::CodeTooLong)?;
        let modules = code.size();
        let module_px = (side_mm * self.px_per_mm / modules as f32).floor().max(1.0);
        let (left, top) = (self.px(x_mm).round(), self.px(y_mm).round());
        let step_mm = module_px / self.px_per_mm;
        for row in 0..modules {
            for column in 0..modules {
                if code.get_module(column, row) {
                    let x = (left + column as f32 * module_px) / self.px_per_mm;
                    let y = (top + row as f32 * module_px) / self.px_per_mm;
                    self.fill(Area::new(x, y, step_mm, step_mm), [20, 20, 20]);
                }
            }
        }
        let side_mm = step_mm * modules as f32;
        self.note_code("QRCode", text, Area::new(x_mm, y_mm, side_mm, side_mm));
        Ok(())
    }

    /// A picture pasted in, scaled to the area.
    pub(super) fn paste(&mut self, picture: &RgbImage, area: Area) {
        let (width, height) = (self.px(area.width).round() as u32, self.px(area.height).round() as u32);
        let scaled = image::imageops::resize(picture, width.max(1), height.max(1), image::imageops::FilterType::Triangle);
        let (left, top) = (self.px(area.x).round() as i64, self.px(area.y).round() as i64);
        image::imageops::replace(&mut self.image, &scaled, left, top);
    }

    /// A grey copy of another paper in the given area, with what is known about it.
    pub(super) fn paste_copy(&mut self, paper: &Paper, area: Area) {
        let grey = image::DynamicImage::ImageLuma8(image::imageops::grayscale(&paper.image)).to_rgb8();
        self.paste(&grey, area);
        let (left, top) = (self.px(area.x).round(), self.px(area.y).round());
        let scale = self.px(area.width).round() / paper.image.width() as f32;
        let size = (self.image.width(), self.image.height());
        let moved = paper.truth.moved(size, |[x, y]| [left + x * scale, top + y * scale]);
        self.truth.fields.extend(moved.fields);
        self.truth.lines.extend(moved.lines);
        for fault in moved.faults {
            self.truth.add_fault(fault);
        }
    }

    fn px(&self, mm: f32) -> f32 {
        mm * self.px_per_mm
    }

    fn advance_mm(&self, character: char, ink: Ink) -> f32 {
        if let Some(pitch_mm) = ink.pitch_mm {
            return pitch_mm;
        }
        let font = self.fonts.face(ink.face);
        let units = font.units_per_em().unwrap_or(1000.0);
        font.h_advance_unscaled(font.glyph_id(character)) / units * ink.size_mm + ink.spacing_mm
    }

    fn set(&mut self, x_mm: f32, y_mm: f32, text: &str, ink: Ink) -> Option<PixelBox> {
        let font = self.fonts.face(ink.face);
        let units = font.units_per_em().unwrap_or(1000.0);
        let em_px = self.px(ink.size_mm);
        // ab_glyph scales by ascent plus descent, papers are measured by the em square.
        let scale = PxScale::from(em_px * font.height_unscaled() / units);
        let mut x = self.px(x_mm - self.text_width_mm(text, ink) * ink.align);
        // The ideographic em square has 0.88 of its height above the baseline.
        let baseline = self.px(y_mm) + 0.88 * em_px;
        let mut area = None;
        for character in text.chars() {
            let id = font.glyph_id(character);
            let advance_px = self.px(self.advance_mm(character, ink));
            let own_px = font.h_advance_unscaled(id) / units * em_px;
            let indent = if ink.pitch_mm.is_some() { (advance_px - own_px) / 2.0 } else { 0.0 };
            if let Some(glyph) = font.outline_glyph(id.with_scale_and_position(scale, point(x + indent, baseline))) {
                let bounds = glyph.px_bounds();
                glyph.draw(|dx, dy, coverage| {
                    mix(
                        &mut self.image,
                        bounds.min.x as i64 + i64::from(dx),
                        bounds.min.y as i64 + i64::from(dy),
                        ink.colour,
                        coverage * ink.opacity,
                    )
                });
                area = PixelBox::around(area, Some(PixelBox::upright(bounds.min.x, bounds.min.y, bounds.max.x, bounds.max.y)));
            }
            x += advance_px;
        }
        area
    }

    fn wrap(&self, text: &str, width_mm: f32, ink: Ink) -> Vec<String> {
        const NOT_FIRST: &str = "，。、；：！？）》”’〕,.;:)%";
        let mut lines = Vec::new();
        for part in text.split('\n') {
            let mut line = String::new();
            let mut used_mm = 0.0;
            for character in part.chars() {
                let advance_mm = self.advance_mm(character, ink);
                let full = used_mm + advance_mm - ink.spacing_mm > width_mm + 0.01;
                if full && !line.is_empty() && !NOT_FIRST.contains(character) {
                    let kept = split_run(&mut line, character);
                    lines.push(std::mem::replace(&mut line, kept));
                    used_mm = self.text_width_mm(&line, ink).max(0.0);
                }
                line.push(character);
                used_mm += advance_mm;
            }
            lines.push(line);
        }
        lines
    }

    /// The outline of one character, its em square's middle at the origin, leaning to the right by `lean`.
    fn glyph_edges(&self, character: char, ink: Ink, lean: f32, place: impl Fn(f32, f32) -> (f32, f32)) -> Vec<Edge> {
        let font = self.fonts.face(ink.face);
        let units = font.units_per_em().unwrap_or(1000.0);
        let id = font.glyph_id(character);
        let half_advance = font.h_advance_unscaled(id) / 2.0;
        let scale = self.px_per_mm;
        let to_px = |p: ab_glyph::Point| {
            let (x, y) = ((p.x - half_advance) / units * ink.size_mm, (0.38 - p.y / units) * ink.size_mm);
            let (x, y) = place(x - lean * y, y);
            (x * scale, y * scale)
        };
        let Some(outline) = font.outline(id) else {
            return Vec::new();
        };
        let mut edges = Vec::new();
        for curve in &outline.curves {
            let points: Vec<(f32, f32)> = match *curve {
                OutlineCurve::Line(a, b) => vec![to_px(a), to_px(b)],
                OutlineCurve::Quad(a, b, c) => (0..=8).map(|i| bezier(&[to_px(a), to_px(b), to_px(c)], i as f32 / 8.0)).collect(),
                OutlineCurve::Cubic(a, b, c, d) => (0..=8).map(|i| bezier(&[to_px(a), to_px(b), to_px(c), to_px(d)], i as f32 / 8.0)).collect(),
            };
            edges.extend(points.windows(2).map(|pair| [pair[0].0, pair[0].1, pair[1].0, pair[1].1]));
        }
        edges
    }
}

/// When a line must break between two Latin letters or digits, the whole run goes to the next line (unless it fills the line alone).
fn split_run(line: &mut String, next: char) -> String {
    let in_run = |c: char| c.is_ascii_alphanumeric();
    if !in_run(next) {
        return String::new();
    }
    let start = line
        .char_indices()
        .rev()
        .take_while(|(_, c)| in_run(*c))
        .last()
        .map_or(line.len(), |(at, _)| at);
    if start == 0 { String::new() } else { line.split_off(start) }
}
