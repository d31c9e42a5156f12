//! Two measures of sharpness: the variance of the Laplacian, comparable with other programs but dependent on what is printed, and
//! the width of edges, which is what the eye minds.

use crate::raster::{Gray, quantile, widely};

/// Variance of the Laplacian (four neighbours) over every second row.
pub(super) fn laplacian_variance(gray: &Gray) -> f32 {
    if gray.width < 3 || gray.height < 3 {
        return 0.0;
    }
    let width = gray.width as usize;
    let (mut sum, mut squares, mut count) = (0i64, 0i64, 0i64);
    for y in (1..gray.height as usize - 1).step_by(2) {
        let rows = [y - 1, y, y + 1].map(|y| &gray.luma[y * width..][..width]);
        let (row_sum, row_squares) = widely!(laplacian_of_row(rows));
        sum += row_sum;
        squares += row_squares;
        count += width as i64 - 2;
    }
    let mean = sum as f64 / count.max(1) as f64;
    (squares as f64 / count.max(1) as f64 - mean * mean).max(0.0) as f32
}

/// Sum and sum of squares of the Laplacian along the middle one of three rows, both ends left out.
#[inline(always)]
fn laplacian_of_row([above, row, below]: [&[u8]; 3]) -> (i64, i64) {
    /// So many squares of at most 1,020 fit into 32 bits.
    const PART: usize = 2_048;
    let inner = 1..row.len() - 1;
    let (mut sum, mut squares) = (0i64, 0i64);
    let parts = above[inner.clone()].chunks(PART).zip(below[inner].chunks(PART)).zip(row.chunks(PART));
    for (index, ((above, below), left)) in parts.enumerate() {
        let middle = &row[index * PART + 1..];
        let right = &row[index * PART + 2..];
        let (mut part_sum, mut part_squares) = (0i32, 0i32);
        for ((((&above, &below), &left), &middle), &right) in above.iter().zip(below).zip(left).zip(middle).zip(right) {
            let value = i32::from(above) + i32::from(below) + i32::from(left) + i32::from(right) - 4 * i32::from(middle);
            part_sum += value;
            part_squares += value * value;
        }
        sum += i64::from(part_sum);
        squares += i64::from(part_squares);
    }
    (sum, squares)
}

/// Fewer edges than this say nothing.
const MIN_EDGES: u32 = 150;
/// Every how many rows and columns are looked at.
const STRIDE: usize = 5;

/// Median width of clear edges: height of the step divided by its steepest part, after a mean over three elements (which makes the
/// sharpest possible edge 3 wide). 0 when there are too few. `histogram` and `paper_luma` are those of the picture.
pub(super) fn edge_width_px(gray: &Gray, histogram: &[u32; 256], paper_luma: u8) -> f32 {
    let darkest = quantile(histogram, 0.005);
    let contrast = f32::from(paper_luma.saturating_sub(darkest));
    let least = (contrast * 0.4).max(20.0) as i32 * REACH as i32;
    let mut widths = [0u32; 256];
    let width = gray.width as usize;
    for row in gray.luma.chunks_exact(width).step_by(STRIDE) {
        let mut slope = Slope::default();
        for (&old, &new) in row.iter().zip(row.iter().skip(REACH)) {
            slope.take(old, new, least, &mut widths);
        }
        slope.end(least, &mut widths);
    }
    // Columns lie across memory: a row's elements of all columns are taken before the next row's.
    let across = STRIDE * 3;
    let mut columns = vec![Slope::default(); width.div_ceil(across)];
    let rows = gray.luma.chunks_exact(width);
    for (old, new) in rows.clone().zip(rows.skip(REACH)) {
        let elements = old.iter().step_by(across).zip(new.iter().step_by(across));
        for (slope, (&old, &new)) in columns.iter_mut().zip(elements) {
            slope.take(old, new, least, &mut widths);
        }
    }
    columns.into_iter().for_each(|slope| slope.end(least, &mut widths));
    if widths.iter().sum::<u32>() < MIN_EDGES {
        return 0.0;
    }
    f32::from(quantile(&widths, 0.5)) / 8.0
}

/// From one sum of three neighbours to the next the first of them is given up for the one after the third.
const REACH: usize = 3;

/// The step that brightness, summed over three neighbours, is making along one line.
#[derive(Clone, Default)]
struct Slope {
    /// Height of the step so far, negative when it darkens.
    rise: i32,
    /// Its steepest part.
    steepest: i32,
}

impl Slope {
    /// Goes on by one element: `new` comes into the sum, `old` leaves it. Adds the width (in eighths) of a step that ends here and is
    /// of at least the height `least`.
    #[inline]
    fn take(&mut self, old: u8, new: u8, least: i32, widths: &mut [u32; 256]) {
        let step = i32::from(new) - i32::from(old);
        let goes_on = step != 0 && (step > 0) == (self.rise > 0);
        // Noise turns at every second element, a step of some height is rare: one question that mostly has one answer.
        if !goes_on && self.rise.abs() >= least {
            self.end_here(widths);
        }
        self.rise = step + if goes_on { self.rise } else { 0 };
        self.steepest = step.abs().max(if goes_on { self.steepest } else { 0 });
    }

    /// The line is over.
    fn end(self, least: i32, widths: &mut [u32; 256]) {
        if self.rise.abs() >= least {
            self.end_here(widths);
        }
    }

    #[inline]
    fn end_here(&self, widths: &mut [u32; 256]) {
        if self.steepest > 0 {
            widths[((self.rise.abs() * 8 / self.steepest) as usize).min(255)] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The steps of a line told the long way: every run of sums of three that goes one way.
    fn by_runs(line: &[u8], least: i32) -> [u32; 256] {
        let mut widths = [0u32; 256];
        let sums: Vec<i32> = line.windows(3).map(|w| w.iter().map(|&v| i32::from(v)).sum()).collect();
        let steps: Vec<i32> = sums.windows(2).map(|w| w[1] - w[0]).collect();
        for run in steps.chunk_by(|a, b| *a != 0 && *b != 0 && (*a > 0) == (*b > 0)) {
            let (rise, steepest) = (run.iter().sum::<i32>().abs(), run.iter().map(|s| s.abs()).max().unwrap_or(0));
            if rise >= least && steepest > 0 {
                widths[((rise * 8 / steepest) as usize).min(255)] += 1;
            }
        }
        widths
    }

    proptest! {
        #[test]
        fn every_step_of_a_line_is_measured_once(line in prop::collection::vec(prop_oneof![Just(10u8), Just(240), any::<u8>()], 0..80), least in 1i32..200) {
            let (mut widths, mut slope) = ([0u32; 256], Slope::default());
            line.iter().zip(line.iter().skip(REACH)).for_each(|(&old, &new)| slope.take(old, new, least, &mut widths));
            slope.end(least, &mut widths);
            prop_assert_eq!(widths, by_runs(&line, least));
        }
    }
}
