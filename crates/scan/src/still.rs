//! When a paper under a camera lies still: the automatic shot. Pure: small grey pictures and times go in. Absent on purpose: cameras,
//! and whether what lies there is a paper (crate `capture` finds its sides).

/// Sides of the small picture that is compared.
pub const THUMB_SIDES: (u32, u32) = (64, 48);
/// Mean difference of two pictures (of 255) from which something moves; sensors alone make less than 2.
const MOVING: u32 = 4;
/// Mean difference from the last shot from which another paper lies there.
const CHANGED: u32 = 5;
/// How long nothing may move before a shot, milliseconds.
const CALM_MS: u64 = 600;

/// Watches pictures for the moment to take one.
#[derive(Debug, Default)]
pub struct StillWatch {
    last: Option<Vec<u8>>,
    calm_since_ms: Option<u64>,
    shot: Option<Vec<u8>>,
}

/// What the newest picture means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A hand or paper moves.
    Moving,
    /// Nothing moves, not yet long enough, or it is what was taken before.
    Waiting,
    /// Take it now.
    Shot,
}

impl StillWatch {
    /// Looks at a small grey picture taken at a time; pictures of another length than the one before count as moving.
    pub fn look(&mut self, thumb: Vec<u8>, at_ms: u64) -> Look {
        let moves = self.last.as_ref().is_none_or(|last| difference(last, &thumb) >= MOVING);
        let changed = self.shot.as_ref().is_none_or(|shot| difference(shot, &thumb) >= CHANGED);
        if moves {
            self.calm_since_ms = None;
        }
        let first = self.last.is_none();
        self.last = Some(thumb.clone());
        if moves {
            return if first { Look::Waiting } else { Look::Moving };
        }
        let since = *self.calm_since_ms.get_or_insert(at_ms);
        if !changed || at_ms.saturating_sub(since) < CALM_MS {
            return Look::Waiting;
        }
        self.shot = Some(thumb);
        Look::Shot
    }
}

fn difference(a: &[u8], b: &[u8]) -> u32 {
    if a.len() != b.len() || a.is_empty() {
        return 255;
    }
    let sum: u32 = a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
    sum / a.len() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pictures every 100 ms; each number is the brightness of one.
    fn shots(pictures: &[u8]) -> Vec<usize> {
        let mut watch = StillWatch::default();
        let looks = pictures.iter().enumerate().map(|(at, &value)| watch.look(vec![value; 12], at as u64 * 100));
        looks.enumerate().filter(|(_, look)| *look == Look::Shot).map(|(at, _)| at).collect()
    }

    #[test]
    fn a_paper_is_taken_once_when_it_has_come_to_rest() {
        let mut pictures = vec![10, 60, 120, 180];
        pictures.extend([200; 20]);
        assert_eq!(shots(&pictures), [11], "600 ms after the last movement, and not again");
        // A hand comes and goes: the same paper is not taken twice, another one is.
        pictures.extend([90, 30, 90]);
        pictures.extend([200; 10]);
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
}
