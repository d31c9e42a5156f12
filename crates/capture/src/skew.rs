//! Measures by how much lines of text are tilted, from the sharpness of the row profile. A measure is only used when it is clearly
//! better than others (`SKEW_CONFIDENCE_MIN`): a straight page must never be made crooked. Absent on purpose: quarter turns.

use crate::raster::{Gray, otsu};

/// Below this confidence the page stays as it was.
pub const SKEW_CONFIDENCE_MIN: f32 = 8.0;
/// Angles beyond this are not searched, degrees.
pub(crate) const SKEW_RANGE_DEG: f32 = 20.0;
/// Angles below this are not worth a new interpolation of every element, degrees.
pub(crate) const SKEW_IGNORED_DEG: f32 = 0.08;

/// The page lies as it is unless the profile is clearer by this factor at the measured angle: on a page of few lines the noise of
/// 0.3 degrees may win by 0.2 per cent, while a tilt of 0.5 degrees is clearer by 23 per cent and more.
const CLEARER_MIN: f64 = 1.03;

/// One in so many rows of the profile, those of the largest steps, is left out.
const LEFT_OUT: usize = 80;

/// A measured tilt.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Skew {
    /// Degrees, positive when lines fall to the right.
    pub angle_deg: f32,
    /// How much clearer the profile is at this angle than at a usual other one; 1 means not at all.
    pub confidence: f32,
    /// The profile is clearer at this angle than as the page lies, by `CLEARER_MIN`.
    pub is_clearer: bool,
}

/// Most ink elements looked at; more are thinned out evenly.
const MAX_POINTS: usize = 60_000;

/// The tilt of the page, by 0.01 degree or so.
pub(crate) fn find_skew(gray: &Gray) -> Skew {
    let factor = (gray.width.max(gray.height) / 880).max(1);
    let coarse = Ink::of(&gray.reduced(factor));
    if coarse.points.len() < 200 {
        return Skew {
            angle_deg: 0.0,
            confidence: 0.0,
            is_clearer: false,
        };
    }
    let step = 0.25;
    let count = (SKEW_RANGE_DEG / step) as i32;
    let scores: Vec<(f32, f64)> = (-count..=count).map(|i| i as f32 * step).map(|angle| (angle, coarse.clarity(angle))).collect();
    let Some(&(best_angle, best)) = scores.iter().max_by(|a, b| a.1.total_cmp(&b.1)) else {
        return Skew {
            angle_deg: 0.0,
            confidence: 0.0,
            is_clearer: false,
        };
    };
    // The usual score of angles far enough off to be wrong.
    let mut others: Vec<f64> = scores.iter().filter(|(angle, _)| (angle - best_angle).abs() > 1.5).map(|s| s.1).collect();
    others.sort_by(f64::total_cmp);
    let usual = others.get(others.len() / 2).copied().unwrap_or(best).max(1.0);
    let fine = Ink::of(&gray.reduced(factor.div_ceil(2)));
    let angle_deg = refined(&fine, best_angle);
    Skew {
        angle_deg,
        confidence: (best / usual) as f32,
        is_clearer: fine.clarity(angle_deg) >= CLEARER_MIN * fine.clarity(0.0),
    }
}

/// The best angle near a coarse one: ever smaller steps, then the top of the parabola through the last three.
fn refined(ink: &Ink, around: f32) -> f32 {
    let mut best = around;
    for step in [0.1f32, 0.03] {
        let candidates = (-3..=3).map(|i| best + i as f32 * step);
        best = candidates.map(|a| (a, ink.clarity(a))).max_by(|x, y| x.1.total_cmp(&y.1)).map_or(best, |x| x.0);
    }
    let h = 0.03;
    let (left, top, right) = (ink.clarity(best - h), ink.clarity(best), ink.clarity(best + h));
    let bend = left - 2.0 * top + right;
    if bend < 0.0 {
        best + h * (0.5 * (left - right) / bend).clamp(-1.0, 1.0) as f32
    } else {
        best
    }
}

/// The dark elements of a page, without its margin (two per cent: borders and shadows are not text).
struct Ink {
    /// Column and row.
    points: Vec<(u16, u16)>,
    height: u32,
    width: u32,
}

impl Ink {
    fn of(gray: &Gray) -> Self {
        /// So many elements are looked at together.
        const PART: usize = 32;
        let histogram = gray.histogram();
        let threshold = otsu(&histogram).min(200);
        let (mx, my) = (gray.width / 50 + 1, gray.height / 50 + 1);
        let dark: u64 = histogram[..=usize::from(threshold)].iter().map(|&c| u64::from(c)).sum();
        let thin = (dark as usize / MAX_POINTS).max(1);
        let mut points = Vec::new();
        let mut index = 0usize;
        for y in my..gray.height.saturating_sub(my) {
            let row = &gray.luma[(y * gray.width) as usize..][..gray.width as usize];
            let inner = &row[mx as usize..gray.width.saturating_sub(mx).max(mx) as usize];
            for (part, values) in inner.chunks(PART).enumerate() {
                // Most of a page is paper.
                if values.iter().fold(255, |least, &value| least.min(value)) > threshold {
                    continue;
                }
                for (x, _) in values.iter().enumerate().filter(|(_, value)| **value <= threshold) {
                    index += 1;
                    // Thinning by a hash of the count keeps no pattern of the grid.
                    if thin == 1 || index.wrapping_mul(2_654_435_761) % (thin * 65_536) < 65_536 {
                        points.push((mx as u16 + (part * PART + x) as u16, y as u16));
                    }
                }
            }
        }
        // A page more dark than light is a photograph or cover, not text.
        if dark * 2 > gray.luma.len() as u64 {
            points.clear();
        }
        Self {
            points,
            height: gray.height,
            width: gray.width,
        }
    }

    /// Sum of squared differences between neighbouring rows of the profile taken along lines at this angle, the largest left out.
    fn clarity(&self, angle_deg: f32) -> f64 {
        /// Steps of the whole numbers in which places are told; a picture of up to 16,000 elements a side has room for them.
        const ONE: f32 = 65_536.0;
        let (sin, cos) = angle_deg.to_radians().sin_cos();
        let (across, down) = ((sin * ONE).round() as i32, (cos * ONE).round() as i32);
        let reach = (self.width as f32 * sin.abs()) as usize + 1;
        let offset = if sin > 0.0 { self.width as i32 * across } else { 0 };
        let count = self.height as usize + reach + 2;
        // What a point gives its own row in the lower half, the next row in the upper one: one addition. Two profiles by turns: a point
        // need not wait for the one before it, which is mostly in the same row.
        let mut profiles = [vec![0u64; count], vec![0u64; count]];
        let share = |&(x, y): &(u16, u16)| {
            let at = i32::from(y) * down - i32::from(x) * across + offset;
            // Shared between two rows: whole rows would favour 0 degrees, where all points fall on whole numbers.
            let next = ((at >> 8) & 255) as u64;
            ((at >> 16) as usize, (256 - next) | (next << 32))
        };
        let [even, odd] = &mut profiles;
        let (pairs, rest) = self.points.as_chunks::<2>();
        for pair in pairs {
            let ((a, to_a), (b, to_b)) = (share(&pair[0]), share(&pair[1]));
            if let (Some(a), Some(b)) = (even.get_mut(a), odd.get_mut(b)) {
                *a += to_a;
                *b += to_b;
            }
        }
        for (row, given) in rest.iter().map(share) {
            if let Some(row) = even.get_mut(row) {
                *row += given;
            }
        }
        let shares: Vec<u64> = even.iter().zip(odd).map(|(a, b)| *a + *b).collect();
        let before = std::iter::once(0).chain(shares.iter().map(|share| share >> 32));
        let rows: Vec<f32> = shares
            .iter()
            .zip(before)
            .map(|(share, before)| ((share & 0xffff_ffff) + before) as f32 / 256.0)
            .collect();
        let mut steps: Vec<f32> = rows.windows(3).map(|w| (w[2] - w[0]) * (w[2] - w[0])).collect();
        // A fold or one long stroke makes a few huge steps at its own angle; lines of text make many.
        let kept = steps.len() - steps.len().div_ceil(LEFT_OUT);
        steps.select_nth_unstable_by(kept, f32::total_cmp);
        steps[..kept].iter().copied().map(f64::from).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Corner;
    use crate::raster::Raster;

    /// Lines of word-like bars on white, drawn straight.
    fn page(seed: u32) -> Raster {
        let mut raster = Raster::filled(1240, 1754, [250, 250, 248]);
        let mut state = seed.wrapping_mul(747_796_405).wrapping_add(1);
        let mut random = |n: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % n
        };
        let mut y = 150;
        while y < 1600 {
            let mut x = 130;
            while x < 1050 {
                let height = 12 + random(10);
                let width = 4 + random(18);
                for row in y..y + height {
                    for col in x..x + width {
                        let at = (row * 1240 + col) as usize * 3;
                        raster.rgb[at..at + 3].fill(30);
                    }
                }
                x += width + 3 + random(9);
            }
            y += 40;
        }
        raster
    }

    fn turned_by(raster: &Raster, degrees: f32) -> Raster {
        let (sin, cos) = (-degrees).to_radians().sin_cos();
        let (cx, cy) = (raster.width as f32 / 2.0, raster.height as f32 / 2.0);
        let corner = |x: f32, y: f32| Corner {
            x: cx + (x - cx) * cos - (y - cy) * sin,
            y: cy + (x - cx) * sin + (y - cy) * cos,
        };
        let (w, h) = (raster.width as f32, raster.height as f32);
        raster.warped(
            &[corner(0.0, 0.0), corner(w, 0.0), corner(w, h), corner(0.0, h)],
            raster.width,
            raster.height,
            [250; 3],
        )
    }

    #[test]
    fn a_known_tilt_is_measured() {
        for (seed, truth) in [(1, 1.7f32), (2, -3.3), (3, 0.4), (4, 9.1), (5, -15.9), (6, 19.0), (7, 0.0)] {
            let skew = find_skew(&turned_by(&page(seed), truth).to_gray());
            assert!((skew.angle_deg - truth).abs() < 0.1, "truth {truth}: {skew:?}");
            assert!(skew.confidence >= SKEW_CONFIDENCE_MIN, "truth {truth}: {skew:?}");
            assert_eq!(skew.is_clearer, truth != 0.0, "truth {truth}: {skew:?}");
        }
    }

    #[test]
    fn a_straight_page_is_left_as_it_lies() {
        for seed in 0..24 {
            let skew = find_skew(&page(seed).to_gray());
            assert!(!skew.is_clearer, "page {seed}: {skew:?}");
        }
    }

    #[test]
    fn a_fold_across_the_page_is_no_tilt() {
        for slope in [-0.02f32, 0.009, 0.02] {
            let mut raster = page(8);
            for x in 0..1240u32 {
                let y = (900.0 + x as f32 * slope) as u32;
                for row in y..y + 3 {
                    let at = (row * 1240 + x) as usize * 3;
                    raster.rgb[at..at + 3].fill(90);
                }
            }
            let skew = find_skew(&raster.to_gray());
            assert!(skew.angle_deg.abs() < 0.05, "fold at {:.2} degrees: {skew:?}", slope.atan().to_degrees());
        }
    }

    #[test]
    fn a_page_without_lines_is_not_trusted() {
        let mut raster = Raster::filled(800, 1100, [252; 3]);
        let mut state = 9u32;
        for _ in 0..4000 {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let (x, y) = ((state >> 16) % 798, (state >> 4) % 1098);
            for at in [(y * 800 + x) as usize * 3, ((y + 1) * 800 + x + 1) as usize * 3] {
                raster.rgb[at..at + 3].fill(20);
            }
        }
        assert!(find_skew(&raster.to_gray()).confidence < SKEW_CONFIDENCE_MIN);
        assert_eq!(find_skew(&Raster::filled(800, 1100, [255; 3]).to_gray()).confidence, 0.0);
    }
}
