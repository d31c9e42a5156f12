//! Two measures of sharpness: the variance of the Laplacian, comparable with other programs but dependent on what is printed, and
//! the width of edges, which is what the eye minds.

use crate::raster::{Gray, quantile};

/// Variance of the Laplacian (four neighbours) over every second row.
pub(super) fn laplacian_variance(gray: &Gray) -> f32 {
    if gray.width < 3 || gray.height < 3 {
        return 0.0;
    }
    let width = gray.width as usize;
    let (mut sum, mut squares, mut count) = (0i64, 0i64, 0i64);
    for y in (1..gray.height as usize - 1).step_by(2) {
        let above = &gray.luma[(y - 1) * width..y * width];
        let row = &gray.luma[y * width..(y + 1) * width];
        let below = &gray.luma[(y + 1) * width..(y + 2) * width];
        let (mut row_sum, mut row_squares) = (0i32, 0i64);
        for x in 1..width - 1 {
            let value = i32::from(above[x]) + i32::from(below[x]) + i32::from(row[x - 1]) + i32::from(row[x + 1]) - 4 * i32::from(row[x]);
            row_sum += value;
            row_squares += i64::from(value * value);
        }
        sum += i64::from(row_sum);
        squares += row_squares;
        count += width as i64 - 2;
    }
    let mean = sum as f64 / count.max(1) as f64;
    (squares as f64 / count.max(1) as f64 - mean * mean).max(0.0) as f32
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
    let least = (contrast * 0.4).max(20.0) as i32;
    let mut widths = [0u32; 256];
    let (width, height) = (gray.width as usize, gray.height as usize);
    for y in (0..height).step_by(STRIDE) {
        collect(gray.luma[y * width..(y + 1) * width].iter(), least * 3, &mut widths);
    }
    // Columns lie across memory and cost several times as much as rows.
    for x in (0..width).step_by(STRIDE * 3) {
        collect(gray.luma[x..].iter().step_by(width), least * 3, &mut widths);
    }
    if widths.iter().sum::<u32>() < MIN_EDGES {
        return 0.0;
    }
    f32::from(quantile(&widths, 0.5)) / 8.0
}

/// Adds the widths (in eighths) of the steps of at least `least` (three times the brightness) along one line.
fn collect<'a>(line: impl Iterator<Item = &'a u8>, least: i32, widths: &mut [u32; 256]) {
    let (mut a, mut b) = (None, None);
    let mut before: Option<i32> = None;
    let (mut rise, mut steepest) = (0i32, 0i32);
    for &v in line {
        let v = i32::from(v);
        if let (Some(a), Some(b)) = (a, b) {
            let mean = a + b + v;
            if let Some(before) = before {
                let step: i32 = mean - before;
                if step != 0 && (step > 0) == (rise > 0) {
                    rise += step;
                    steepest = steepest.max(step.abs());
                } else {
                    note(rise, steepest, least, widths);
                    rise = step;
                    steepest = step.abs();
                }
            }
            before = Some(mean);
        }
        a = b;
        b = Some(v);
    }
    note(rise, steepest, least, widths);
}

fn note(rise: i32, steepest: i32, least: i32, widths: &mut [u32; 256]) {
    if rise.abs() >= least && steepest > 0 {
        widths[((rise.abs() * 8 / steepest) as usize).min(255)] += 1;
    }
}
