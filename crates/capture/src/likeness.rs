//! A 64-bit value by which two pictures of the same page are alike: the signs of the low frequencies of the reduced page.
//! Absent on purpose: keeping and searching values, which is the caller's.

use crate::raster::{Gray, widely};

/// Number of bits in which two values differ; up to about 6 the pages are the same.
pub fn hamming(a: u64, b: u64) -> u32 {
    (a ^ b).count_ones()
}

/// Side of the reduced page.
const SIDE: usize = 32;
/// Frequencies kept in each direction.
const KEPT: usize = 8;

/// The value of a page.
pub(crate) fn perceptual_hash(gray: &Gray) -> u64 {
    let small = squared(gray);
    let mut frequencies = [0.0f32; KEPT * KEPT];
    let basis: Vec<[f32; SIDE]> = (1..=KEPT).map(cosines).collect();
    for (v, by_row) in basis.iter().enumerate() {
        for (u, by_column) in basis.iter().enumerate() {
            let mut sum = 0.0;
            for y in 0..SIDE {
                for x in 0..SIDE {
                    sum += small[y * SIDE + x] * by_row[y] * by_column[x];
                }
            }
            frequencies[v * KEPT + u] = sum;
        }
    }
    let mut ordered = frequencies;
    ordered.sort_by(f32::total_cmp);
    let middle = (ordered[KEPT * KEPT / 2 - 1] + ordered[KEPT * KEPT / 2]) / 2.0;
    frequencies
        .iter()
        .enumerate()
        .fold(0, |bits, (i, &f)| if f > middle { bits | 1 << i } else { bits })
}

fn cosines(frequency: usize) -> [f32; SIDE] {
    std::array::from_fn(|x| (std::f32::consts::PI * (x as f32 + 0.5) * frequency as f32 / SIDE as f32).cos())
}

/// The page reduced to 32 × 32, each element the mean of what it covers.
fn squared(gray: &Gray) -> [f32; SIDE * SIDE] {
    let mut out = [0.0; SIDE * SIDE];
    for (index, cell) in out.iter_mut().enumerate() {
        let span = |at: usize, side: u32| {
            let from = at * side as usize / SIDE;
            let to = ((at + 1) * side as usize / SIDE).max(from + 1).min(side as usize);
            (from.min(side as usize - 1), to)
        };
        let (x0, x1) = span(index % SIDE, gray.width);
        let (y0, y1) = span(index / SIDE, gray.height);
        let row = |y: usize| &gray.luma[y * gray.width as usize + x0..y * gray.width as usize + x1];
        // Thirty-two bits hold the sum of 16 million elements; a cell of the largest picture allowed has 3.5 million.
        let sum: u32 = widely!((y0..y1).map(|y| row(y).iter().map(|&v| u32::from(v)).sum::<u32>()).sum());
        *cell = sum as f32 / ((x1 - x0) * (y1 - y0)).max(1) as f32;
    }
    out
}
