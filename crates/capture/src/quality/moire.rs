//! Moiré: fine waves all over the paper, where the dots of a screen or of a printed picture meet those of the sensor. It is looked for
//! where nothing is printed, as tones that stand out of the rest in rows and in columns and are the same all over the page.
//!
//! Not found, so that fine lines printed on genuine papers are left alone: waves that run along rows or columns only, that are longer
//! than 16 elements, fainter than about two levels or whose length changes over the page; those on less than half of it, under dense
//! print, or on pages of fewer than some 300 elements across. Broad bands of a flickering lamp are no moiré.

use crate::raster::{Gray, widely};

/// Elements of a stretch whose tones are measured.
const STRETCH: usize = 128;
/// Tones looked at, waves a stretch: lengths of 16 to 2.5 elements.
const LOWEST: usize = 8;
const TONES: usize = 44;
/// How far from a tone its own waves reach: beyond, on both sides, there must be far less.
const APART: usize = 3;
/// Tones measured: those looked at and what is beside them.
const MEASURED: usize = TONES + 2 * APART;
/// By how much a tone's power stands above that beside it: edges of print have all tones, each longer one with more power.
const PEAK: f32 = 4.0;
/// Every how many elements of a window a stretch is taken.
const STEP: usize = 8;
/// Brightest less darkest of a stretch without print.
const SPREAD_MAX: u8 = 80;
/// Fewest such stretches of a window, each way.
const STRETCHES_MIN: usize = 5;
/// Least height of a wave above the mean, levels.
const HEIGHT_MIN: f32 = 1.8;
/// By how much a tone's power stands above the median.
const STANDS_OUT: f32 = 12.0;
/// Windows along each side of the page.
const WINDOWS: usize = 5;
/// Fewest windows that say anything.
const WINDOWS_MIN: usize = 6;
/// More tones than these, with their neighbours, are a comb of printed lines.
const TONES_MAX: usize = 16;

/// Whether moiré lies over the page.
pub(super) fn has_moire(gray: &Gray) -> bool {
    let (width, height) = (gray.width as usize, gray.height as usize);
    if width.min(height) < 2 * STRETCH + STRETCH / 2 {
        return false;
    }
    let waves = Waves::new();
    let (mut rows, mut columns, mut windows) = ([0usize; TONES], [0usize; TONES], 0usize);
    for (down, across) in (0..WINDOWS).flat_map(|down| (0..WINDOWS).map(move |across| (down, across))) {
        let at = |index: usize, side: usize| index * (side - STRETCH) / (WINDOWS - 1);
        let Some((own_rows, own_columns)) = waves.tones(gray, at(across, width), at(down, height)) else {
            continue;
        };
        windows += 1;
        // A window without any tone is not to be met by a neighbour's.
        for (votes, own) in [(&mut rows, own_rows), (&mut columns, own_columns)] {
            votes.iter_mut().zip(own).for_each(|(votes, own)| *votes += usize::from(own));
        }
    }
    let common = |votes: &[usize; TONES]| votes.iter().filter(|votes| **votes * 5 >= windows * 3).count();
    windows >= WINDOWS_MIN && [rows, columns].iter().all(|votes| (1..=TONES_MAX).contains(&common(votes)))
}

/// Cosine and sine of every tone, weighted to fade out at both ends of a stretch.
struct Waves {
    cosine: Vec<[f32; STRETCH]>,
    sine: Vec<[f32; STRETCH]>,
}

impl Waves {
    fn new() -> Self {
        let turn = std::f32::consts::TAU / STRETCH as f32;
        let fade: [f32; STRETCH] = std::array::from_fn(|at| 0.5 - 0.5 * (turn * (at as f32 + 0.5)).cos());
        let of = |wave: fn(f32) -> f32| {
            let tone = |tone: usize| std::array::from_fn(|at| wave(turn * (tone * at) as f32) * fade[at]);
            (LOWEST - APART..LOWEST - APART + MEASURED).map(tone).collect()
        };
        Self {
            cosine: of(f32::cos),
            sine: of(f32::sin),
        }
    }

    /// The tones that stand out in rows and in columns of the window at a place, each with its neighbours; `None` under print.
    fn tones(&self, gray: &Gray, left: usize, top: usize) -> Option<([bool; TONES], [bool; TONES])> {
        let width = gray.width as usize;
        let row = |y: usize| &gray.luma[(top + y) * width + left..][..STRETCH];
        let rows = (0..STRETCH).step_by(STEP).map(|y| std::array::from_fn(|x| row(y)[x]));
        let mut columns = [[0u8; STRETCH]; STRETCH / STEP];
        for y in 0..STRETCH {
            for (column, value) in columns.iter_mut().zip(row(y).iter().step_by(STEP)) {
                column[y] = *value;
            }
        }
        Some((self.standing_out(rows)?, self.standing_out(columns.into_iter())?))
    }

    fn standing_out(&self, stretches: impl Iterator<Item = [u8; STRETCH]>) -> Option<[bool; TONES]> {
        let bare = stretches.filter(|stretch| {
            let ends = stretch.iter().fold((u8::MAX, u8::MIN), |(low, high), &value| (low.min(value), high.max(value)));
            ends.1 - ends.0 <= SPREAD_MAX
        });
        let (mut powers, mut count) = ([0f32; MEASURED], 0usize);
        for stretch in bare {
            widely!(self.add_powers(&stretch, &mut powers));
            count += 1;
        }
        if count < STRETCHES_MIN {
            return None;
        }
        let mut sorted = powers;
        sorted.sort_by(f32::total_cmp);
        // A wave of height h has the power (h * STRETCH / 4)² under this weight.
        let least = (HEIGHT_MIN * STRETCH as f32 / 4.0).powi(2) * count as f32;
        let limit = least.max(sorted[MEASURED / 2] * STANDS_OUT);
        let stands: [bool; TONES] = std::array::from_fn(|tone| {
            let (before, own, after) = (powers[tone], powers[tone + APART], powers[tone + 2 * APART]);
            own >= limit && own >= before.max(after) * PEAK
        });
        Some(std::array::from_fn(|tone| {
            stands[tone.saturating_sub(1)..=(tone + 1).min(TONES - 1)].contains(&true)
        }))
    }

    #[inline(always)]
    fn add_powers(&self, stretch: &[u8; STRETCH], powers: &mut [f32; MEASURED]) {
        let mean = stretch.iter().map(|&value| f32::from(value)).sum::<f32>() / STRETCH as f32;
        let values: [f32; STRETCH] = std::array::from_fn(|at| f32::from(stretch[at]) - mean);
        for ((power, cosine), sine) in powers.iter_mut().zip(&self.cosine).zip(&self.sine) {
            let (mut real, mut imaginary) = ([0f32; 16], [0f32; 16]);
            let parts = values.as_chunks::<16>().0.iter().zip(cosine.as_chunks::<16>().0).zip(sine.as_chunks::<16>().0);
            for ((values, cosine), sine) in parts {
                for lane in 0..16 {
                    real[lane] += values[lane] * cosine[lane];
                    imaginary[lane] += values[lane] * sine[lane];
                }
            }
            *power += real.iter().sum::<f32>().powi(2) + imaginary.iter().sum::<f32>().powi(2);
        }
    }
}
