//! When a paper under a camera lies still: the automatic shot. Pure: small grey pictures and times go in. Absent on purpose: cameras,
//! and whether what lies there is a paper (crate `capture` finds its sides).

use serde::{Deserialize, Serialize};

/// Sides of the small picture that is compared.
pub const THUMB_SIDES: (u32, u32) = (64, 48);
/// By how much a cell of the small picture (of 255) must differ to count; sensors alone make less than 3.
const CELL_DIFFERS: i32 = 14;
/// A lamp that flickers or a camera that adapts shifts the whole picture by up to this much; that is no change.
const SHIFT_MAX: i32 = 12;
/// Share of cells, in thousandths, from which something moves.
const MOVING: usize = 5;
/// Share of cells that differ from what was taken last, in thousandths, from which another paper lies there.
const CHANGED: usize = 15;
/// Two pages of one form differ in a few words. A cell's contrast to its neighbours tells them apart, since no shadow or lamp changes it:
/// levels by which it must differ, and the share of such cells in thousandths. Measured on synthetic papers under sensor noise: the same
/// page 0, the next page of a household booklet 16, another paper more than 190.
const CONTRAST_DIFFERS: i32 = 3;
const CONTRAST_CHANGED: usize = 10;
/// How long nothing may move before a shot, milliseconds.
const CALM_MS: u64 = 600;

/// Watches pictures for the moment to take one.
#[derive(Debug, Default)]
pub struct StillWatch {
    last: Option<Vec<u8>>,
    calm: Option<Calm>,
    known: Option<Vec<u8>>,
}

/// Since when nothing moves, and what lay there then: what creeps differs from it although no picture differs from the one before.
#[derive(Debug)]
struct Calm {
    since_ms: u64,
    first: Vec<u8>,
}

/// What the newest picture means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Look {
    /// A hand or paper moves.
    Moving,
    /// Nothing moves, not yet long enough.
    Settling,
    /// Something new has come to rest: take it now. Told once.
    AtRest,
    /// What lies there was told or taken before.
    Known,
}

impl StillWatch {
    /// Looks at a small grey picture taken at a time; pictures of another length than the one before count as moving.
    pub fn look(&mut self, thumb: Vec<u8>, at_ms: u64) -> Look {
        let moves = self.last.as_ref().is_none_or(|last| difference(last, &thumb) >= MOVING);
        let creeps = self.calm.as_ref().is_some_and(|calm| difference(&calm.first, &thumb) >= MOVING);
        self.last = Some(thumb.clone());
        if moves {
            self.calm = None;
            return Look::Moving;
        }
        if creeps {
            self.calm = None;
        }
        let calm = self.calm.get_or_insert_with(|| Calm {
            since_ms: at_ms,
            first: thumb.clone(),
        });
        if at_ms.saturating_sub(calm.since_ms) < CALM_MS {
            return Look::Settling;
        }
        if self.known.as_ref().is_some_and(|known| is_same(known, &thumb)) {
            return Look::Known;
        }
        self.known = Some(thumb);
        Look::AtRest
    }

    /// The newest picture was taken by a person's wish: what lies there is known from now on.
    pub fn note_taken(&mut self) {
        self.known.clone_from(&self.last);
    }
}

/// Whether two pictures at rest show the same paper.
fn is_same(a: &[u8], b: &[u8]) -> bool {
    let changed = contrasts(a)
        .iter()
        .zip(contrasts(b))
        .filter(|(a, b)| (**a - *b).abs() > CONTRAST_DIFFERS)
        .count();
    difference(a, b) < CHANGED && changed * 1000 < CONTRAST_CHANGED * a.len()
}

/// By how much each cell is brighter than the nine around and at it.
fn contrasts(cells: &[u8]) -> Vec<i32> {
    let width = THUMB_SIDES.0 as usize;
    let height = cells.len() / width;
    let at = |x: usize, y: usize| i32::from(cells[y.min(height - 1) * width + x.min(width - 1)]);
    // Beyond the border its own cells count again, so that brightness alone changes nothing there either.
    let around = |x: usize, y: usize| {
        let near = |place: usize| [place.saturating_sub(1), place, place + 1];
        near(x).iter().flat_map(|column| near(y).map(|row| at(*column, row))).sum::<i32>() / 9
    };
    (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .map(|(x, y)| at(x, y) - around(x, y))
        .collect()
}

/// Thousandths of cells that differ, a shift of the whole picture apart.
fn difference(a: &[u8], b: &[u8]) -> usize {
    if a.len() != b.len() || a.is_empty() {
        return 1000;
    }
    let mean = |cells: &[u8]| cells.iter().map(|cell| i32::from(*cell)).sum::<i32>() / cells.len() as i32;
    let shift = (mean(b) - mean(a)).clamp(-SHIFT_MAX, SHIFT_MAX);
    let differ = |(a, b): &(&u8, &u8)| (i32::from(**b) - i32::from(**a) - shift).abs() > CELL_DIFFERS;
    a.iter().zip(b).filter(differ).count() * 1000 / a.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pictures every 100 ms; each number is the brightness of one.
    fn shots(pictures: &[u8]) -> Vec<usize> {
        let mut watch = StillWatch::default();
        let looks = pictures.iter().enumerate().map(|(at, &value)| watch.look(vec![value; 12], at as u64 * 100));
        looks.enumerate().filter(|(_, look)| *look == Look::AtRest).map(|(at, _)| at).collect()
    }

    #[test]
    fn a_paper_is_taken_once_when_it_has_come_to_rest() {
        let mut pictures = vec![10, 60, 120, 180];
        pictures.extend([220; 20]);
        assert_eq!(shots(&pictures), [11], "600 ms after the last movement, and not again");
        // A hand comes and goes: the same paper is not taken twice, another one is.
        pictures.extend([90, 30, 90]);
        pictures.extend([220; 10]);
        assert_eq!(shots(&pictures).len(), 1);
        pictures.extend([90]);
        pictures.extend([150; 10]);
        assert_eq!(shots(&pictures).len(), 2);
    }

    #[test]
    fn what_never_rests_is_never_taken() {
        let pictures: Vec<u8> = (0..60).map(|at| if at % 2 == 0 { 100 } else { 140 }).collect();
        assert_eq!(shots(&pictures), Vec::<usize>::new());
    }

    #[test]
    fn what_creeps_is_not_at_rest() {
        let mut watch = StillWatch::default();
        let creeping = (0..25_u8).map(|at| [[40 + at * 8; 6], [100; 6]].concat());
        let looks: Vec<Look> = creeping.zip(0..).map(|(picture, at)| watch.look(picture, at * 100)).collect();
        assert!(!looks[1..].contains(&Look::Moving), "no picture differs much from the one before: {looks:?}");
        assert!(!looks.contains(&Look::AtRest), "{looks:?}");
    }

    #[test]
    fn a_flickering_lamp_neither_moves_nor_changes_anything() {
        let pictures: Vec<u8> = (0..60).map(|at| 100 + at % 3 * 5).collect();
        assert_eq!(shots(&pictures).len(), 1);
    }

    #[test]
    fn a_shadow_over_half_the_paper_makes_no_other_paper_of_it() {
        let (width, height) = THUMB_SIDES;
        let paper = |shadow: f32, word: u8| -> Vec<u8> {
            let cell = |x: u32, y: u32| {
                let print = if (5..60).contains(&x) && y.is_multiple_of(3) { 40 } else { 0 };
                let written = if (20..30).contains(&x) && (6..12).contains(&y) { word } else { 0 };
                ((220 - print - i32::from(written)) as f32 * (1.0 - shadow * x as f32 / width as f32)) as u8
            };
            (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| cell(x, y)).collect()
        };
        assert!(is_same(&paper(0.0, 0), &paper(0.08, 0)), "the clerk leans over the desk");
        assert!(!is_same(&paper(0.0, 0), &paper(0.08, 12)), "one word is another");
    }

    #[test]
    fn what_a_person_took_is_not_taken_again() {
        let mut watch = StillWatch::default();
        let looks: Vec<Look> = (0..20)
            .map(|at| {
                let look = watch.look(vec![200; 12], at * 100);
                if at == 3 {
                    watch.note_taken();
                }
                look
            })
            .collect();
        assert!(!looks.contains(&Look::AtRest), "{looks:?}");
        assert_eq!(looks.last(), Some(&Look::Known));
    }
}
