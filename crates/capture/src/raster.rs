//! Plain pictures in memory and the few operations this crate needs on them. Absent on purpose: decoding and encoding
//! (`import`, `encode`), and every judgement about what is on a picture.

use std::ops::Range;

use crate::page::Corner;

/// Runs a plain loop over elements with the widest instructions of this processor. What it calls must be inlined to gain.
macro_rules! widely {
    ($work:expr) => {
        fearless_simd::dispatch!(fearless_simd::Level::new(), _ => $work)
    };
}
pub(crate) use widely;

/// A colour picture: three bytes (sRGB) per element, rows from the top without padding.
#[derive(Clone, PartialEq, Eq)]
pub struct Raster {
    /// Elements per row, at least 1.
    pub width: u32,
    /// Rows, at least 1.
    pub height: u32,
    /// `width * height * 3` bytes.
    pub rgb: Vec<u8>,
}

/// A grey picture: one byte per element, rows from the top without padding.
#[derive(Clone, PartialEq, Eq)]
pub struct Gray {
    /// Elements per row, at least 1.
    pub width: u32,
    /// Rows, at least 1.
    pub height: u32,
    /// `width * height` bytes.
    pub luma: Vec<u8>,
}

impl Raster {
    /// Takes rows as a scanner delivers them; `None` when the length does not fit the size or a side is zero.
    pub fn from_rgb(width: u32, height: u32, rgb: Vec<u8>) -> Option<Self> {
        let expected = (width as usize).checked_mul(height as usize)?.checked_mul(3)?;
        (expected > 0 && rgb.len() == expected).then_some(Self { width, height, rgb })
    }

    /// The same from grey rows.
    pub fn from_gray(width: u32, height: u32, luma: &[u8]) -> Option<Self> {
        Self::from_rgb(width, height, luma.iter().flat_map(|&v| [v, v, v]).collect())
    }

    /// A picture of one colour; a side of zero becomes one.
    pub fn filled(width: u32, height: u32, colour: [u8; 3]) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        Self {
            width,
            height,
            rgb: colour.repeat(width as usize * height as usize),
        }
    }

    /// Brightness by the usual weights of red, green and blue.
    pub fn to_gray(&self) -> Gray {
        Gray {
            width: self.width,
            height: self.height,
            luma: widely!(brightness(self.rgb.as_chunks::<3>().0)),
        }
    }

    /// True when no element is visibly coloured; looks at every 7th element.
    pub fn is_colourless(&self) -> bool {
        self.rgb
            .as_chunks::<3>()
            .0
            .iter()
            .step_by(7)
            .all(|p| p[0].abs_diff(p[1]) <= 6 && p[1].abs_diff(p[2]) <= 6)
    }

    /// The picture reduced by a whole factor, every element the mean of the elements it covers. Rest rows and columns are dropped.
    pub fn reduced(&self, factor: u32) -> Self {
        let factor = factor.clamp(1, self.width.min(self.height).max(1));
        if factor == 1 {
            return self.clone();
        }
        let (width, height) = (self.width / factor, self.height / factor);
        let rgb = widely!(block_means::<3>(&self.rgb, self.width, (width, height), factor));
        Self { width, height, rgb }
    }

    /// The part from (`x`, `y`) with the given size, cut down to what lies inside.
    pub fn cropped(&self, x: u32, y: u32, width: u32, height: u32) -> Self {
        let x = x.min(self.width - 1);
        let y = y.min(self.height - 1);
        let width = width.clamp(1, self.width - x);
        let height = height.clamp(1, self.height - y);
        let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
        for row in y..y + height {
            let start = (row as usize * self.width as usize + x as usize) * 3;
            rgb.extend_from_slice(&self.rgb[start..start + width as usize * 3]);
        }
        Self { width, height, rgb }
    }

    /// Puts another picture onto this one; what does not fit is left out.
    pub fn put(&mut self, picture: &Self, x: u32, y: u32) {
        let width = picture.width.min(self.width.saturating_sub(x)) as usize * 3;
        for row in 0..picture.height.min(self.height.saturating_sub(y)) {
            let from = row as usize * picture.width as usize * 3;
            let to = ((y + row) as usize * self.width as usize + x as usize) * 3;
            self.rgb[to..to + width].copy_from_slice(&picture.rgb[from..from + width]);
        }
    }

    /// Turned clockwise by quarter turns (taken modulo 4).
    pub fn turned(&self, quarter_turns: u8) -> Self {
        let turns = quarter_turns % 4;
        if turns == 0 {
            return self.clone();
        }
        let (width, height) = if turns % 2 == 1 {
            (self.height, self.width)
        } else {
            (self.width, self.height)
        };
        let mut rgb = Vec::with_capacity(self.rgb.len());
        for y in 0..height {
            for x in 0..width {
                let (sx, sy) = match turns {
                    1 => (y, self.height - 1 - x),
                    2 => (self.width - 1 - x, self.height - 1 - y),
                    _ => (self.width - 1 - y, x),
                };
                let at = (sy as usize * self.width as usize + sx as usize) * 3;
                rgb.extend_from_slice(&self.rgb[at..at + 3]);
            }
        }
        Self { width, height, rgb }
    }

    /// The quadrilateral `corners` (top left, top right, bottom right, bottom left) drawn as an upright picture of the given size,
    /// by bilinear interpolation. What lies outside this picture takes the colour `outside`.
    pub fn warped(&self, corners: &[Corner; 4], width: u32, height: u32, outside: [u8; 3]) -> Self {
        let (width, height) = (width.max(1), height.max(1));
        let map = Projection::onto(corners, f64::from(width), f64::from(height));
        let mut rgb = vec![0u8; width as usize * height as usize * 3];
        if map.is_affine() {
            let mut room = Vec::new();
            for (y, line) in rgb.chunks_exact_mut(width as usize * 3).enumerate() {
                self.sheared_row(&map, y as f64 + 0.5, line, outside, &mut room);
            }
            return Self { width, height, rgb };
        }
        for (y, line) in rgb.chunks_exact_mut(width as usize * 3).enumerate() {
            let mut walk = map.row(y as f64 + 0.5);
            for element in line.as_chunks_mut::<3>().0 {
                let (x, y) = walk.step();
                *element = self.sampled(x, y, outside);
            }
        }
        Self { width, height, rgb }
    }

    /// One row of an affine map: the place moves by the same step from element to element, so whole numbers (of 65,536ths) suffice,
    /// and the elements whose four neighbours lie on the picture are one run that is known beforehand.
    /// `room` is kept from row to row.
    fn sheared_row(&self, map: &Projection, y: f64, line: &mut [u8], outside: [u8; 3], room: &mut Vec<u8>) {
        const ONE: f64 = 65_536.0;
        let (x0, y0) = (map.m[0] * 0.5 + map.m[1] * y + map.m[2] - 0.5, map.m[3] * 0.5 + map.m[4] * y + map.m[5] - 0.5);
        let (dx, dy) = (map.m[0], map.m[3]);
        let stride = self.width as usize * 3;
        let (across, down) = ((x0 * ONE) as i64, (y0 * ONE) as i64);
        let (step_across, step_down) = ((dx * ONE).round() as i64, (dy * ONE).round() as i64);
        let elements = line.as_chunks_mut::<3>().0;
        let gentle = map.is_gentle();
        // The last row and column have no neighbour beyond them. Of the columns the last but one is left out because eight bytes are
        // taken for two elements; of a gentle turn the first and last rows, because its two steps reach one row further.
        let bound = |side: u32, without: i64| ((i64::from(side) - without) << 16).max(0);
        let margin = i64::from(gentle);
        let columns = steps_within(across, step_across, bound(self.width, 2), elements.len());
        let rows = steps_within(down - (margin << 16), step_down, bound(self.height, 1 + 2 * margin), elements.len());
        let run = columns.start.max(rows.start)..columns.end.min(rows.end).max(columns.start.max(rows.start));
        for at in (0..run.start).chain(run.end..elements.len()) {
            elements[at] = self.sampled((x0 + dx * at as f64) as f32 + 0.5, (y0 + dy * at as f64) as f32 + 0.5, outside);
        }
        let (fx, fy) = (across + step_across * run.start as i64, down + step_down * run.start as i64);
        let run = &mut elements[run];
        if gentle {
            self.gentle_run(run, (fx, step_across), (fy, step_down), room);
        } else {
            widely!(bilinear_run(&self.rgb, stride, run, (fx, step_across), (fy, step_down)));
        }
    }

    /// A run of elements of a picture turned by few degrees: first down, every column of the original between two of its rows; then
    /// across, between two of these. Both take long runs of neighbours at once. Places and steps are in 65,536ths of an element.
    fn gentle_run(&self, run: &mut [[u8; 3]], (fx, step_across): (i64, i64), (fy, step_down): (i64, i64), room: &mut Vec<u8>) {
        let Some(last) = (run.len() as i64).checked_sub(1).filter(|last| *last >= 0) else {
            return;
        };
        let first_column = fx >> 16;
        let columns = (((fx + step_across * last) >> 16) + 2 - first_column) as usize;
        // How far down the original is read in its first column, and by how much further in each next one.
        let slope = (step_down << 16) / step_across;
        let place = fy - (((fx & 0xffff) * slope) >> 16);
        room.resize(columns * 3, 0);
        let between = room.as_chunks_mut::<3>().0;
        let row = |row: i64, columns: Range<usize>| {
            let from = row as usize * self.width as usize + first_column as usize;
            &self.rgb.as_chunks::<3>().0[from + columns.start..from + columns.end]
        };
        for (columns, whole, part) in stretches(place, slope, columns) {
            let (upper, lower) = (row(whole, columns.clone()), row(whole + 1, columns.clone()));
            widely!(blended(&mut between[columns], upper, lower, part, slope));
        }
        let drift = step_across - (1 << 16);
        for (elements, whole, part) in stretches(fx & 0xffff, drift, run.len()) {
            let from = |from: usize| &between[(from as i64 + whole) as usize..][..elements.len()];
            let (left, right) = (from(elements.start), from(elements.start + 1));
            widely!(blended(&mut run[elements.clone()], left, right, part, drift));
        }
    }

    /// The colour between elements, at a point whose whole numbers are the borders of elements.
    #[inline]
    fn sampled(&self, x: f32, y: f32, outside: [u8; 3]) -> [u8; 3] {
        let fx = x - 0.5;
        let fy = y - 0.5;
        if !(fx > -1.0 && fy > -1.0 && fx < self.width as f32 && fy < self.height as f32) {
            return outside;
        }
        let x0 = fx.max(0.0) as usize;
        let y0 = fy.max(0.0) as usize;
        let wx = ((fx.max(0.0) - x0 as f32) * 256.0) as u32;
        let wy = ((fy.max(0.0) - y0 as f32) * 256.0) as u32;
        let x1 = (x0 + 1).min(self.width as usize - 1);
        let y1 = (y0 + 1).min(self.height as usize - 1);
        let stride = self.width as usize * 3;
        let (a, b) = (&self.rgb[y0 * stride + x0 * 3..][..3], &self.rgb[y0 * stride + x1 * 3..][..3]);
        let (c, d) = (&self.rgb[y1 * stride + x0 * 3..][..3], &self.rgb[y1 * stride + x1 * 3..][..3]);
        let mut element = [0u8; 3];
        for i in 0..3 {
            let top = u32::from(a[i]) * (256 - wx) + u32::from(b[i]) * wx;
            let bottom = u32::from(c[i]) * (256 - wx) + u32::from(d[i]) * wx;
            element[i] = ((top * (256 - wy) + bottom * wy + (1 << 15)) >> 16) as u8;
        }
        element
    }
}

impl Gray {
    /// The picture reduced by a whole factor, every element the mean of the elements it covers. Rest rows and columns are dropped.
    pub fn reduced(&self, factor: u32) -> Self {
        let factor = factor.clamp(1, self.width.min(self.height).max(1));
        if factor == 1 {
            return self.clone();
        }
        let (width, height) = (self.width / factor, self.height / factor);
        let luma = widely!(block_means::<1>(&self.luma, self.width, (width, height), factor));
        Self { width, height, luma }
    }

    /// How many elements have each brightness.
    pub fn histogram(&self) -> [u32; 256] {
        // Paper is of one brightness: counting in four places keeps one count from waiting for the one before it.
        let mut counts = [[0u32; 256]; 4];
        let (fours, rest) = self.luma.as_chunks::<4>();
        for four in fours {
            for (counts, &v) in counts.iter_mut().zip(four) {
                counts[usize::from(v)] += 1;
            }
        }
        for &v in rest {
            counts[0][usize::from(v)] += 1;
        }
        std::array::from_fn(|v| counts.iter().map(|counts| counts[v]).sum())
    }

    /// Element at a place inside the picture.
    #[inline]
    pub fn at(&self, x: u32, y: u32) -> u8 {
        self.luma[y as usize * self.width as usize + x as usize]
    }
}

/// The brightness of each element.
#[inline(always)]
fn brightness(elements: &[[u8; 3]]) -> Vec<u8> {
    let of = |p: &[u8; 3]| ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29) >> 8) as u8;
    elements.iter().map(of).collect()
}

/// The mean of every block of `factor` by `factor` elements of `N` bytes each, rounded down.
#[inline(always)]
fn block_means<const N: usize>(bytes: &[u8], width: u32, reduced: (u32, u32), factor: u32) -> Vec<u8> {
    let (stride, factor) = (width as usize * N, factor as usize);
    let (width, height) = (reduced.0 as usize, reduced.1 as usize);
    let mut columns = vec![0u32; width * factor * N];
    let mut means = vec![0u8; width * height * N];
    for (rows, means) in bytes.chunks_exact(stride * factor).zip(means.chunks_exact_mut(width * N)) {
        columns.fill(0);
        // Down first: whole rows are added many elements at a time.
        for row in rows.chunks_exact(stride) {
            for (sum, &value) in columns.iter_mut().zip(row) {
                *sum += u32::from(value);
            }
        }
        let means = means.as_chunks_mut::<N>().0;
        // Of factors that the compiler knows several blocks are added at a time.
        match factor {
            2 => across(&columns, 2, means),
            3 => across(&columns, 3, means),
            4 => across(&columns, 4, means),
            _ => across(&columns, factor, means),
        }
    }
    means
}

/// The mean of every `factor` elements of a row of sums over as many rows.
#[inline(always)]
fn across<const N: usize>(columns: &[u32], factor: usize, means: &mut [[u8; N]]) {
    let count = (factor * factor) as u32;
    for (block, mean) in columns.chunks_exact(factor * N).zip(means) {
        let mut sums = [0u32; N];
        for element in block.as_chunks::<N>().0 {
            for (sum, value) in sums.iter_mut().zip(element) {
                *sum += value;
            }
        }
        *mean = sums.map(|sum| (sum / count) as u8);
    }
}

/// Only the size: a picture in a log would be a paper in a log.
impl std::fmt::Debug for Raster {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Raster({}x{})", self.width, self.height)
    }
}

/// Only the size.
impl std::fmt::Debug for Gray {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gray({}x{})", self.width, self.height)
    }
}

/// The brightness below which the given share (0 to 1) of the elements lies.
pub fn quantile(histogram: &[u32; 256], share: f64) -> u8 {
    let total: u64 = histogram.iter().map(|&c| u64::from(c)).sum();
    let wanted = (total as f64 * share) as u64;
    let mut seen = 0u64;
    for (value, &count) in histogram.iter().enumerate() {
        seen += u64::from(count);
        if seen > wanted {
            return value as u8;
        }
    }
    255
}

/// The brightness that best separates dark from light (Otsu's criterion: greatest variance between the two classes).
pub fn otsu(histogram: &[u32; 256]) -> u8 {
    let total: f64 = histogram.iter().map(|&c| f64::from(c)).sum();
    let sum: f64 = histogram.iter().enumerate().map(|(v, &c)| v as f64 * f64::from(c)).sum();
    let (mut below, mut below_sum) = (0.0, 0.0);
    let (mut best, mut best_variance) = (127u8, -1.0);
    for (value, &count) in histogram.iter().enumerate() {
        below += f64::from(count);
        below_sum += value as f64 * f64::from(count);
        let above = total - below;
        if below == 0.0 || above == 0.0 {
            continue;
        }
        let gap = below_sum / below - (sum - below_sum) / above;
        let variance = below * above * gap * gap;
        if variance > best_variance {
            best_variance = variance;
            best = value as u8;
        }
    }
    best
}

/// Where a point of a raw picture lies on the page of the given size whose corners are given; bounded to the page.
pub(crate) fn on_page(corners: &[Corner; 4], (width, height): (u32, u32), point: (f32, f32)) -> (f32, f32) {
    let map = Projection::onto(corners, f64::from(width), f64::from(height));
    let (x, y) = map.back(f64::from(point.0), f64::from(point.1)).unwrap_or((0.0, 0.0));
    (x.clamp(0.0, f64::from(width)) as f32, y.clamp(0.0, f64::from(height)) as f32)
}

/// The stretches of a line of so many places, from `place` on by `step`, whose whole parts are the same: which, the whole part, and
/// the part of the first (65,536ths).
fn stretches(mut place: i64, step: i64, count: usize) -> impl Iterator<Item = (Range<usize>, i64, i64)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        (at < count).then(|| {
            let part = place & 0xffff;
            let length = match step {
                0 => count as i64,
                1.. => (0x1_0000 - part + step - 1) / step,
                _ => part / -step + 1,
            };
            let stretch = at..count.min(at + length as usize);
            let whole = place >> 16;
            place += step * stretch.len() as i64;
            at = stretch.end;
            (stretch, whole, part)
        })
    })
}

/// Elements between those of two lines. `part` is the share of the second line at the first element, `step` by how much it grows from
/// element to element, both in 65,536ths.
#[inline(always)]
fn blended(line: &mut [[u8; 3]], first: &[[u8; 3]], second: &[[u8; 3]], part: i64, step: i64) {
    let (part, step) = (part as i32, step as i32);
    for (at, ((element, first), second)) in line.iter_mut().zip(first).zip(second).enumerate() {
        let weight = ((part + step * at as i32) >> 8) as u16;
        for c in 0..3 {
            element[c] = ((u16::from(first[c]) * (256 - weight) + u16::from(second[c]) * weight + 128) >> 8) as u8;
        }
    }
}

/// A run of elements, each between its four neighbours. Places and steps are in 65,536ths of an element.
#[inline(always)]
fn bilinear_run(rgb: &[u8], stride: usize, run: &mut [[u8; 3]], (mut fx, step_across): (i64, i64), (mut fy, step_down): (i64, i64)) {
    for element in run {
        let at = (fy >> 16) as usize * stride + (fx >> 16) as usize * 3;
        let (wx, wy) = (((fx >> 8) & 255) as u64, ((fy >> 8) & 255) as u64);
        // Four weights of together 256.
        let both = (wx * wy) >> 8;
        let upper = two_elements(&rgb[at..]);
        let lower = two_elements(&rgb[at + stride..]);
        let sum = apart(upper) * (256 + both - wx - wy) + apart(upper >> 24) * (wx - both) + apart(lower) * (wy - both) + apart(lower >> 24) * both;
        // Half of 256 in each place rounds.
        let sum = sum + 0x0080_0080_0080;
        *element = [(sum >> 8) as u8, (sum >> 40) as u8, (sum >> 24) as u8];
        fx += step_across;
        fy += step_down;
    }
}

/// Two elements side by side, and two bytes of the next, as one number whose lowest byte is the first.
#[inline]
fn two_elements(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |eight| u64::from_le_bytes(*eight))
}

/// Red, blue and green of the element in the lowest three bytes with a byte of room above each: all three take a weight at once.
#[inline]
fn apart(element: u64) -> u64 {
    (element & 0x00ff_00ff) | ((element & 0xff00) << 24)
}

/// The steps, of so many, after which a place that starts at `from` and moves by `step` lies in `0..end`: always one run.
fn steps_within(from: i64, step: i64, end: i64, count: usize) -> Range<usize> {
    // Turned round, a falling place rises.
    let (from, step) = if step < 0 { (end - 1 - from, -step) } else { (from, step) };
    let (first, beyond) = match step {
        0 if (0..end).contains(&from) => (0, count as i64),
        0 => (0, 0),
        // The first step that is not below a bound: the quotient rounded up.
        _ => (-from.div_euclid(step), -(from - end).div_euclid(step)),
    };
    let bound = |at: i64| at.clamp(0, count as i64) as usize;
    bound(first)..bound(beyond).max(bound(first))
}

/// The projective map from an upright picture to a quadrilateral of another one.
struct Projection {
    m: [f64; 9],
}

impl Projection {
    /// Solves the map in closed form: the unit square onto the quadrilateral, then scaled to the picture.
    fn onto(corners: &[Corner; 4], width: f64, height: f64) -> Self {
        let [p0, p1, p2, p3] = corners.map(|c| (f64::from(c.x), f64::from(c.y)));
        let dx3 = p0.0 - p1.0 + p2.0 - p3.0;
        let dy3 = p0.1 - p1.1 + p2.1 - p3.1;
        let (dx1, dy1) = (p1.0 - p2.0, p1.1 - p2.1);
        let (dx2, dy2) = (p3.0 - p2.0, p3.1 - p2.1);
        let det = dx1 * dy2 - dx2 * dy1;
        let (g, h) = if det.abs() < 1e-9 {
            (0.0, 0.0)
        } else {
            ((dx3 * dy2 - dx2 * dy3) / det, (dx1 * dy3 - dx3 * dy1) / det)
        };
        let a = p1.0 - p0.0 + g * p1.0;
        let b = p3.0 - p0.0 + h * p3.0;
        let d = p1.1 - p0.1 + g * p1.1;
        let e = p3.1 - p0.1 + h * p3.1;
        Self {
            m: [a / width, b / height, p0.0, d / width, e / height, p0.1, g / width, h / height, 1.0],
        }
    }

    /// Whether parallel sides stay parallel, to a hundredth of an element over the whole picture: corners rounded to 32 bits are not
    /// exact to a thousandth.
    fn is_affine(&self) -> bool {
        self.m[6].abs() < 1e-9 && self.m[7].abs() < 1e-9
    }

    /// Whether an affine map turns by less than four degrees and keeps the size: papers out of a feeder.
    fn is_gentle(&self) -> bool {
        let [a, b, _, d, e, ..] = self.m;
        b.abs() < 0.07 && d.abs() < 0.07 && (a - 1.0).abs() < 0.01 && (e - 1.0).abs() < 0.01
    }

    /// Where a point of the quadrilateral's picture lies on the upright one; `None` for a map that flattens the plane.
    fn back(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        let [a, b, c, d, e, f, g, h, i] = self.m;
        let inverse = [
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
        let w = inverse[6] * x + inverse[7] * y + inverse[8];
        (w.abs() > 1e-12).then(|| {
            (
                (inverse[0] * x + inverse[1] * y + inverse[2]) / w,
                (inverse[3] * x + inverse[4] * y + inverse[5]) / w,
            )
        })
    }

    fn row(&self, y: f64) -> RowWalk {
        let m = &self.m;
        let x = 0.5;
        RowWalk {
            u: (m[0] * x + m[1] * y + m[2], m[0]),
            v: (m[3] * x + m[4] * y + m[5], m[3]),
            w: (m[6] * x + m[7] * y + m[8], m[6]),
        }
    }
}

/// One row of a projection: numerators and denominator with their increments.
struct RowWalk {
    u: (f64, f64),
    v: (f64, f64),
    w: (f64, f64),
}

impl RowWalk {
    #[inline]
    fn step(&mut self) -> (f32, f32) {
        let inverse = 1.0 / self.w.0;
        let point = ((self.u.0 * inverse) as f32, (self.v.0 * inverse) as f32);
        self.u.0 += self.u.1;
        self.v.0 += self.v.1;
        self.w.0 += self.w.1;
        point
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_quarter_turns_give_the_picture_back() {
        let picture = Raster {
            width: 3,
            height: 2,
            rgb: (0..18).collect(),
        };
        assert_eq!(picture.turned(1).turned(1).turned(1).turned(1), picture);
        assert_eq!(picture.turned(1).turned(1), picture.turned(2));
        assert_eq!(picture.turned(3).turned(1), picture);
        // A clockwise turn brings the bottom left element to the top left.
        assert_eq!(picture.turned(1).rgb[..3], [9, 10, 11]);
    }

    #[test]
    fn the_full_quadrilateral_gives_the_picture_back() {
        let picture = Raster {
            width: 5,
            height: 4,
            rgb: (0..60).map(|v| v * 4).collect(),
        };
        let c = |x, y| Corner { x, y };
        let same = picture.warped(&[c(0.0, 0.0), c(5.0, 0.0), c(5.0, 4.0), c(0.0, 4.0)], 5, 4, [0; 3]);
        assert_eq!(same, picture);
    }

    #[test]
    fn a_point_of_the_picture_is_found_on_the_page() {
        let c = |x, y| Corner { x, y };
        let corners = [c(10.0, 20.0), c(110.0, 30.0), c(120.0, 180.0), c(5.0, 160.0)];
        for (corner, at) in corners.iter().zip([(0.0, 0.0), (50.0, 0.0), (50.0, 80.0), (0.0, 80.0)]) {
            let (x, y) = on_page(&corners, (50, 80), (corner.x, corner.y));
            assert!((x - at.0).abs() < 0.01 && (y - at.1).abs() < 0.01, "{x} {y}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_reduced_element_is_the_mean_of_its_block(width in 1u32..40, height in 1u32..40, factor in 1u32..12, seed in 0u32..1000) {
            let noise = |at: u32| (at.wrapping_mul(2_654_435_761).wrapping_add(seed.wrapping_mul(40_503)) >> 24) as u8;
            let picture = Raster { width, height, rgb: (0..width * height * 3).map(noise).collect() };
            let reduced = picture.reduced(factor);
            let factor = factor.clamp(1, width.min(height));
            proptest::prop_assert_eq!((reduced.width, reduced.height), (width / factor, height / factor));
            for (at, &mean) in reduced.rgb.iter().enumerate() {
                let (x, y, c) = (at as u32 / 3 % reduced.width, at as u32 / 3 / reduced.width, at as u32 % 3);
                let block = (0..factor * factor).map(|i| ((y * factor + i / factor) * width + x * factor + i % factor) * 3 + c);
                let sum: u32 = block.map(|at| u32::from(picture.rgb[at as usize])).sum();
                proptest::prop_assert_eq!(u32::from(mean), sum / (factor * factor), "element {}", at);
            }
        }

        #[test]
        fn the_run_of_steps_is_exactly_those_on_the_picture(from in -500i64..500, step in -40i64..40, end in 0i64..300, count in 0usize..60) {
            let run = steps_within(from, step, end, count);
            for at in 0..count {
                proptest::prop_assert_eq!(run.contains(&at), (0..end).contains(&(from + step * at as i64)), "step {}", at);
            }
        }

        #[test]
        fn the_stretches_of_a_line_are_its_places_in_order(place in 0i64..5_000_000, step in -200_000i64..200_000, count in 0usize..80) {
            let found: Vec<(usize, i64, i64)> = stretches(place, step, count)
                .flat_map(|(range, whole, part)| {
                    let first = range.start;
                    range.map(move |at| (at, whole, part + step * (at - first) as i64))
                })
                .collect();
            let places = (0..count).map(|at| (at, place + step * at as i64));
            let expected: Vec<(usize, i64, i64)> = places.map(|(at, place)| (at, place >> 16, place & 0xffff)).collect();
            proptest::prop_assert_eq!(found, expected);
        }

        #[test]
        fn a_gentle_turn_keeps_an_even_shade(degrees in -3.9f32..3.9, shift in -2f32..2.0) {
            let shade = |x: u32, y: u32| [(x * 2 + y) as u8, (x + y * 2) as u8, (x + y) as u8];
            let picture = Raster { width: 61, height: 47, rgb: (0..61 * 47).flat_map(|at| shade(at % 61, at / 61)).collect() };
            let (sin, cos) = degrees.to_radians().sin_cos();
            let corner = |x: f32, y: f32| Corner { x: 30.0 + shift + x * cos - y * sin, y: 23.0 + x * sin + y * cos };
            let corners = [corner(-20.0, -15.0), corner(20.0, -15.0), corner(20.0, 15.0), corner(-20.0, 15.0)];
            let drawn = picture.warped(&corners, 40, 30, [0; 3]);
            let map = Projection::onto(&corners, 40.0, 30.0);
            proptest::prop_assert!(map.is_gentle());
            for (at, element) in drawn.rgb.as_chunks::<3>().0.iter().enumerate() {
                let mut walk = map.row((at / 40) as f64 + 0.5);
                let (x, y) = (0..=at % 40).map(|_| walk.step()).last().unwrap_or_default();
                let (x, y) = (x - 0.5, y - 0.5);
                for (value, wanted) in element.iter().zip([x * 2.0 + y, x + y * 2.0, x + y]) {
                    proptest::prop_assert!((f32::from(*value) - wanted).abs() <= 2.0, "element {}: {:?}", at, element);
                }
            }
        }

        #[test]
        fn a_turned_picture_is_drawn_as_each_element_by_itself(degrees in -20f32..20.0, shift in -9f32..9.0, seed in 0u32..1000) {
            let noise = |at: u32| (at.wrapping_mul(2_654_435_761).wrapping_add(seed.wrapping_mul(40_503)) >> 24) as u8;
            let picture = Raster { width: 31, height: 23, rgb: (0..31 * 23 * 3).map(noise).collect() };
            let (sin, cos) = degrees.to_radians().sin_cos();
            let corner = |x: f32, y: f32| Corner { x: 15.0 + shift + x * cos - y * sin, y: 11.0 + x * sin + y * cos };
            let corners = [corner(-14.0, -10.0), corner(14.0, -10.0), corner(14.0, 10.0), corner(-14.0, 10.0)];
            let drawn = picture.warped(&corners, 28, 20, [200; 3]);
            let map = Projection::onto(&corners, 28.0, 20.0);
            for (at, element) in drawn.rgb.as_chunks::<3>().0.iter().enumerate() {
                let mut walk = map.row((at / 28) as f64 + 0.5);
                let (x, y) = (0..=at % 28).map(|_| walk.step()).last().unwrap_or_default();
                // Between the last row and the outside the one-by-one way repeats the border; both are right there. A gentle turn reads
                // the two columns of an element up to so much higher and lower, which in noise is a different value.
                let single = picture.sampled(x, y, [200; 3]);
                let differ = (0..3).map(|c| element[c].abs_diff(single[c])).max().unwrap_or(0);
                let aslant = if map.is_gentle() { (map.m[3].abs() * 255.0) as u8 + 1 } else { 0 };
                proptest::prop_assert!(differ <= 4 + aslant, "element {} is {:?}, by itself {:?}", at, element, single);
            }
        }
    }

    #[test]
    fn wrong_lengths_are_refused() {
        assert!(Raster::from_rgb(2, 2, vec![0; 11]).is_none());
        assert!(Raster::from_rgb(0, 2, vec![]).is_none());
        assert!(Raster::from_rgb(u32::MAX, u32::MAX, vec![]).is_none());
        assert!(Raster::from_gray(2, 1, &[1, 2]).is_some());
    }

    #[test]
    fn reduction_averages_whole_blocks() {
        let gray = Gray {
            width: 5,
            height: 2,
            luma: vec![0, 10, 20, 30, 99, 20, 30, 40, 50, 99],
        };
        assert_eq!(
            gray.reduced(2),
            Gray {
                width: 2,
                height: 1,
                luma: vec![15, 35]
            }
        );
    }
}
