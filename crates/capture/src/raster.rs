//! Plain pictures in memory and the few operations this crate needs on them. Absent on purpose: decoding and encoding
//! (`import`, `encode`), and every judgement about what is on a picture.

use crate::page::Corner;

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
        let luma = self
            .rgb
            .as_chunks::<3>()
            .0
            .iter()
            .map(|p| ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29) >> 8) as u8)
            .collect();
        Gray {
            width: self.width,
            height: self.height,
            luma,
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
        let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
        let mut sums = vec![0u32; width as usize * 3];
        let count = factor * factor;
        for y in 0..height {
            sums.fill(0);
            for row in 0..factor {
                let start = ((y * factor + row) * self.width) as usize * 3;
                let line = &self.rgb[start..start + (width * factor) as usize * 3];
                for (sum, block) in sums.as_chunks_mut::<3>().0.iter_mut().zip(line.chunks_exact(factor as usize * 3)) {
                    for p in block.as_chunks::<3>().0 {
                        sum[0] += u32::from(p[0]);
                        sum[1] += u32::from(p[1]);
                        sum[2] += u32::from(p[2]);
                    }
                }
            }
            rgb.extend(sums.iter().map(|s| (s / count) as u8));
        }
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
            for (y, line) in rgb.chunks_exact_mut(width as usize * 3).enumerate() {
                self.sheared_row(&map, y as f64 + 0.5, line, outside);
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
    fn sheared_row(&self, map: &Projection, y: f64, line: &mut [u8], outside: [u8; 3]) {
        const ONE: f64 = 65_536.0;
        let (x0, y0) = (map.m[0] * 0.5 + map.m[1] * y + map.m[2] - 0.5, map.m[3] * 0.5 + map.m[4] * y + map.m[5] - 0.5);
        let (dx, dy) = (map.m[0], map.m[3]);
        let stride = self.width as usize * 3;
        let (across, down) = ((x0 * ONE) as i64, (y0 * ONE) as i64);
        let (step_across, step_down) = ((dx * ONE).round() as i64, (dy * ONE).round() as i64);
        let elements = line.as_chunks_mut::<3>().0;
        // The last row and column have no neighbour beyond them.
        let inner = |side: u32| (i64::from(side) - 1) << 16;
        let columns = steps_within(across, step_across, inner(self.width), elements.len());
        let rows = steps_within(down, step_down, inner(self.height), elements.len());
        let run = columns.start.max(rows.start)..columns.end.min(rows.end).max(columns.start.max(rows.start));
        for at in (0..run.start).chain(run.end..elements.len()) {
            elements[at] = self.sampled((x0 + dx * at as f64) as f32 + 0.5, (y0 + dy * at as f64) as f32 + 0.5, outside);
        }
        let (mut fx, mut fy) = (across + step_across * run.start as i64, down + step_down * run.start as i64);
        for element in &mut elements[run] {
            let at = (fy >> 16) as usize * stride + (fx >> 16) as usize * 3;
            let (wx, wy) = (((fx >> 8) & 255) as u32, ((fy >> 8) & 255) as u32);
            let (upper, lower) = (&self.rgb[at..at + 6], &self.rgb[at + stride..at + stride + 6]);
            for c in 0..3 {
                let top = u32::from(upper[c]) * (256 - wx) + u32::from(upper[c + 3]) * wx;
                let bottom = u32::from(lower[c]) * (256 - wx) + u32::from(lower[c + 3]) * wx;
                element[c] = ((top * (256 - wy) + bottom * wy + (1 << 15)) >> 16) as u8;
            }
            fx += step_across;
            fy += step_down;
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
        let mut luma = Vec::with_capacity(width as usize * height as usize);
        let mut sums = vec![0u32; width as usize];
        for y in 0..height {
            sums.fill(0);
            for row in 0..factor {
                let start = ((y * factor + row) * self.width) as usize;
                let line = &self.luma[start..start + (width * factor) as usize];
                for (sum, block) in sums.iter_mut().zip(line.chunks_exact(factor as usize)) {
                    *sum += block.iter().map(|&v| u32::from(v)).sum::<u32>();
                }
            }
            luma.extend(sums.iter().map(|s| (s / (factor * factor)) as u8));
        }
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

/// The steps, of so many, after which a place that starts at `from` and moves by `step` lies in `0..end`: always one run.
fn steps_within(from: i64, step: i64, end: i64, count: usize) -> std::ops::Range<usize> {
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

    /// Whether parallel sides stay parallel, to a thousandth of an element over the whole picture.
    fn is_affine(&self) -> bool {
        self.m[6].abs() < 1e-10 && self.m[7].abs() < 1e-10
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
        fn the_run_of_steps_is_exactly_those_on_the_picture(from in -500i64..500, step in -40i64..40, end in 0i64..300, count in 0usize..60) {
            let run = steps_within(from, step, end, count);
            for at in 0..count {
                proptest::prop_assert_eq!(run.contains(&at), (0..end).contains(&(from + step * at as i64)), "step {}", at);
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
                // Between the last row and the outside the one-by-one way repeats the border; both are right there.
                let single = picture.sampled(x, y, [200; 3]);
                let differ = (0..3).map(|c| element[c].abs_diff(single[c])).max().unwrap_or(0);
                proptest::prop_assert!(differ <= 4, "element {} is {:?}, by itself {:?}", at, element, single);
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
