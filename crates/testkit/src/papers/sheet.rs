//! Paper and ink: a page measured in millimetres on which text, lines, shapes, seals and signatures are put,
//! noting down as truth where every piece of text came to lie.
//! Knows nothing of any particular document and reads no pixels back.

use ab_glyph::{Font, OutlineCurve, PxScale, point};
use image::{Rgb, RgbImage};

use super::fonts::{Face, Fonts};
use super::random::Random;
use super::truth::{Code, Field, Line, PixelBox, Truth};
use super::{DrawOptions, Paper, PaperError, PaperKind};

/// A colour, red, green, blue.
pub(super) type Colour = [u8; 3];

/// Printer's black: never quite black on paper.
pub(super) const BLACK: Colour = [34, 33, 36];
/// Stamp ink.
pub(super) const SEAL_RED: Colour = [204, 44, 48];
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
        Self { face, size_mm, colour: BLACK, opacity: 0.95, spacing_mm: 0.0, pitch_mm: None, align: 0.0 }
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
        };
        Ok(Self { image: RgbImage::from_pixel(width_px, height_px, Rgb(paper)), fonts: Fonts::get()?, px_per_mm, truth, random: Random::from_seed(options.seed) })
    }

    /// A finished page to be drawn on once more.
    pub(super) fn reopen(paper: &Paper, seed: u64) -> Result<Self, PaperError> {
        let px_per_mm = paper.dpi as f32 / 25.4;
        Ok(Self { image: paper.image.clone(), fonts: Fonts::get()?, px_per_mm, truth: paper.truth.clone(), random: Random::from_seed(seed) })
    }

    /// The finished page.
    pub(super) fn into_paper(self) -> Paper {
        Paper { kind: self.truth.kind, image: self.image, dpi: self.truth.dpi, truth: self.truth }
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
            self.truth.fields.push(Field { key: key.to_owned(), value: value.to_owned(), area });
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
        self.truth.codes.push(Code { format: format.to_owned(), text: text.to_owned(), area });
    }

    /// A filled rectangle.
    pub(super) fn fill(&mut self, area: Area, colour: Colour) {
        let corners = [(area.x, area.y), (area.x + area.width, area.y), (area.x + area.width, area.y + area.height), (area.x, area.y + area.height)];
        self.polygon(&corners, colour, 1.0);
    }

    /// The outline of a rectangle.
    pub(super) fn frame(&mut self, area: Area, width_mm: f32, colour: Colour) {
        let (right, bottom) = (area.x + area.width, area.y + area.height);
        for ends in [[(area.x, area.y), (right, area.y)], [(right, area.y), (right, bottom)], [(right, bottom), (area.x, bottom)], [(area.x, bottom), (area.x, area.y)]] {
            self.stroke(&ends, width_mm, colour, 1.0);
        }
    }

    /// A filled polygon of millimetre points.
    pub(super) fn polygon(&mut self, points: &[(f32, f32)], colour: Colour, opacity: f32) {
        let scale = self.px_per_mm;
        let edges: Vec<Edge> = points.iter().zip(points.iter().cycle().skip(1)).map(|(a, b)| [a.0 * scale, a.1 * scale, b.0 * scale, b.1 * scale]).collect();
        self.fill_edges(&edges, colour, opacity);
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
            edges.extend(self.glyph_edges(character, ink, 0.0, |x, y| (base.0 + x * lean.cos() - y * lean.sin(), base.1 + x * lean.sin() + y * lean.cos())));
        }
        self.fill_edges(&edges, ink.colour, ink.opacity);
    }

    /// A round seal: ring, name along the upper arc, 样张 where an emblem or star would be, a caption below.
    pub(super) fn seal(&mut self, centre: (f32, f32), diameter_mm: f32, name: &str, caption: &str) {
        let radius_mm = diameter_mm / 2.0;
        let count = name.chars().count() as f32;
        let size_mm = (diameter_mm * 0.115).min(radius_mm * 4.1 / count);
        let half_deg = (count * 11.5).min(128.0);
        self.circle(centre, radius_mm - 0.6, 0.9, SEAL_RED, None);
        let ink = Ink::song(size_mm).colour(SEAL_RED).opacity(0.82);
        self.text_on_arc(centre, radius_mm - 2.0 - size_mm * 0.62, (-90.0 - half_deg, -90.0 + half_deg), name, ink);
        let middle = Ink::hei(diameter_mm * 0.15).colour(SEAL_RED).opacity(0.8).centred();
        self.set(centre.0, centre.1 - diameter_mm * 0.075, "样张", middle);
        let below = Ink::hei(diameter_mm * 0.085).colour(SEAL_RED).opacity(0.85).centred();
        self.set(centre.0, centre.1 + radius_mm * 0.44, caption, below);
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
            edges.extend(self.glyph_edges(character, ink, lean, |gx, gy| (base.0 + grow * (gx * turn.cos() - gy * turn.sin()), base.1 + grow * (gx * turn.sin() + gy * turn.cos()))));
            x += size_mm * self.random.between(0.78, 0.9);
        }
        self.fill_edges(&edges, PEN_BLUE, 0.88);
        let xs = || edges.iter().flat_map(|edge| [edge[0], edge[2]]);
        let ys = || edges.iter().flat_map(|edge| [edge[1], edge[3]]);
        let area = PixelBox::upright(xs().fold(f32::MAX, f32::min), ys().fold(f32::MAX, f32::min), xs().fold(f32::MIN, f32::max), ys().fold(f32::MIN, f32::max));
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

    /// A QR code with its top left module at the area's corner; returns the side really used, millimetres.
    pub(super) fn qr(&mut self, area: Area, text: &str) -> Result<f32, PaperError> {
        let code = qrcodegen::QrCode::encode_text(text, qrcodegen::QrCodeEcc::Medium).map_err(|_| PaperError::CodeTooLong)?;
        let modules = code.size();
        let module_px = (area.width * self.px_per_mm / modules as f32).floor().max(1.0);
        let (left, top) = (self.px(area.x).round(), self.px(area.y).round());
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
        Ok(step_mm * modules as f32)
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
                glyph.draw(|dx, dy, coverage| mix(&mut self.image, bounds.min.x as i64 + i64::from(dx), bounds.min.y as i64 + i64::from(dy), ink.colour, coverage * ink.opacity));
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

    fn fill_edges(&mut self, edges: &[Edge], colour: Colour, opacity: f32) {
        const SUB_ROWS: u32 = 5;
        let fold = |first: usize, second: usize, start: f32, pick: fn(f32, f32) -> f32| edges.iter().fold(start, |best, edge| pick(best, pick(edge[first], edge[second])));
        let Some(mut mask) = Mask::new(&self.image, fold(0, 2, f32::MAX, f32::min), fold(1, 3, f32::MAX, f32::min), fold(0, 2, f32::MIN, f32::max), fold(1, 3, f32::MIN, f32::max)) else {
            return;
        };
        let mut crossings: Vec<(f32, i32)> = Vec::new();
        for sub_row in 0..mask.height * SUB_ROWS {
            let y = mask.top as f32 + (sub_row as f32 + 0.5) / SUB_ROWS as f32;
            crossings.clear();
            for [x0, y0, x1, y1] in edges {
                if (*y0 <= y) != (*y1 <= y) {
                    crossings.push((x0 + (y - y0) / (y1 - y0) * (x1 - x0), if y1 > y0 { 1 } else { -1 }));
                }
            }
            crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
            let mut winding = 0;
            for pair in crossings.windows(2) {
                winding += pair[0].1;
                if winding != 0 {
                    mask.span(sub_row / SUB_ROWS, pair[0].0, pair[1].0, 1.0 / SUB_ROWS as f32);
                }
            }
        }
        mask.ink(&mut self.image, colour, opacity);
    }
}

/// A straight piece of an outline in pixels: x and y of its start, x and y of its end.
type Edge = [f32; 4];

/// How much of each pixel of a part of the image is covered.
struct Mask {
    left: i64,
    top: i64,
    width: u32,
    height: u32,
    coverage: Vec<f32>,
}

impl Mask {
    /// A mask over the part of the image inside the given bounds; `None` when nothing of it is on the image.
    fn new(image: &RgbImage, left: f32, top: f32, right: f32, bottom: f32) -> Option<Self> {
        let (left, top) = (left.floor().max(0.0) as i64, top.floor().max(0.0) as i64);
        let right = (right.ceil() as i64).min(i64::from(image.width()));
        let bottom = (bottom.ceil() as i64).min(i64::from(image.height()));
        let width = u32::try_from(right - left).ok().filter(|width| *width > 0)?;
        let height = u32::try_from(bottom - top).ok().filter(|height| *height > 0)?;
        Some(Self { left, top, width, height, coverage: vec![0.0; width as usize * height as usize] })
    }

    /// Adds part of a row from one x to another, weighted.
    fn span(&mut self, row: u32, from: f32, to: f32, weight: f32) {
        let from = (from - self.left as f32).clamp(0.0, self.width as f32);
        let to = (to - self.left as f32).clamp(0.0, self.width as f32);
        let start = row as usize * self.width as usize;
        let last = (to.ceil() as usize).min(self.width as usize);
        for column in from.floor() as usize..last {
            let covered = to.min(column as f32 + 1.0) - from.max(column as f32);
            self.coverage[start + column] += covered.max(0.0) * weight;
        }
    }

    /// Adds a line with round ends; where lines overlap the stronger one counts.
    fn capsule(&mut self, (x0, y0): (f32, f32), (x1, y1): (f32, f32), half: f32) {
        let reach = half + 1.0;
        let clamp = |value: f32, origin: i64, limit: u32| (value - origin as f32).clamp(0.0, limit as f32) as usize;
        let (dx, dy) = (x1 - x0, y1 - y0);
        let length_squared = (dx * dx + dy * dy).max(1e-6);
        for row in clamp((y0.min(y1) - reach).floor(), self.top, self.height)..clamp((y0.max(y1) + reach).ceil(), self.top, self.height) {
            for column in clamp((x0.min(x1) - reach).floor(), self.left, self.width)..clamp((x0.max(x1) + reach).ceil(), self.left, self.width) {
                let x = self.left as f32 + column as f32 + 0.5;
                let y = self.top as f32 + row as f32 + 0.5;
                let along = (((x - x0) * dx + (y - y0) * dy) / length_squared).clamp(0.0, 1.0);
                let distance = (x - x0 - along * dx).hypot(y - y0 - along * dy);
                let covered = (half + 0.5 - distance).clamp(0.0, 1.0).min(2.0 * half);
                let cell = &mut self.coverage[row * self.width as usize + column];
                *cell = cell.max(covered);
            }
        }
    }

    fn ink(&self, image: &mut RgbImage, colour: Colour, opacity: f32) {
        for (at, covered) in self.coverage.iter().enumerate().filter(|(_, covered)| **covered > 0.0) {
            let (column, row) = (at % self.width as usize, at / self.width as usize);
            mix(image, self.left + column as i64, self.top + row as i64, colour, covered.min(1.0) * opacity);
        }
    }
}

fn mix(image: &mut RgbImage, x: i64, y: i64, colour: Colour, share: f32) {
    let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else {
        return;
    };
    if x >= image.width() || y >= image.height() {
        return;
    }
    let pixel = image.get_pixel_mut(x, y);
    let share = share.clamp(0.0, 1.0);
    for (old, new) in pixel.0.iter_mut().zip(colour) {
        *old = (f32::from(*old) + (f32::from(new) - f32::from(*old)) * share).round() as u8;
    }
}

/// When a line must break between two Latin letters or digits, the whole run goes to the next line (unless it fills the line alone).
fn split_run(line: &mut String, next: char) -> String {
    let in_run = |c: char| c.is_ascii_alphanumeric();
    if !in_run(next) {
        return String::new();
    }
    let start = line.char_indices().rev().take_while(|(_, c)| in_run(*c)).last().map_or(line.len(), |(at, _)| at);
    if start == 0 { String::new() } else { line.split_off(start) }
}

fn bezier(points: &[(f32, f32)], t: f32) -> (f32, f32) {
    let mut left = points.to_vec();
    while left.len() > 1 {
        left = left.windows(2).map(|pair| (pair[0].0 + (pair[1].0 - pair[0].0) * t, pair[0].1 + (pair[1].1 - pair[0].1) * t)).collect();
    }
    left[0]
}
