//! Connected parts of a mask, by the runs of their rows: a page has a hundred times fewer runs than elements.
//! Absent on purpose: what a part may be.

use crate::page::Corner;

/// A large connected part of a mask.
pub(super) struct Part {
    /// Number of its elements.
    pub count: usize,
    /// Outer corners of the first and last element of every row.
    pub extremes: Vec<Corner>,
}

impl Part {
    /// Column and row of every element from the first to the last of each row.
    pub(super) fn elements(&self) -> impl Iterator<Item = (usize, usize)> {
        let rows = self.extremes.as_chunks::<4>().0.iter();
        rows.flat_map(|[left, right, ..]| (left.x as usize..right.x as usize).map(|x| (x, left.y as usize)))
    }
}

/// Elements of one row side by side.
#[derive(Clone, Copy)]
struct Run {
    row: usize,
    from: usize,
    /// The first element beyond.
    to: usize,
}

impl Run {
    fn range(&self, width: usize) -> std::ops::Range<usize> {
        self.row * width + self.from..self.row * width + self.to
    }
}

/// The elements of a mask that are set (or those that are not), in parts connected by the four neighbours.
struct Labelled {
    /// From the top, from the left.
    runs: Vec<Run>,
    /// The part of each run, numbered in the order of their first runs.
    parts: Vec<usize>,
    /// Elements of each part.
    counts: Vec<usize>,
}

impl Labelled {
    fn of(mask: &[bool], width: usize, wanted: bool) -> Self {
        let mut runs: Vec<Run> = Vec::new();
        // A run's parent is itself or an earlier run of the same part.
        let mut parents: Vec<usize> = Vec::new();
        let mut above = 0;
        for (row, elements) in mask.chunks_exact(width).enumerate() {
            let begin = runs.len();
            let mut at = 0;
            while let Some(from) = next(elements, at, wanted) {
                let to = next(elements, from, !wanted).unwrap_or(width);
                let own = runs.len();
                parents.push(own);
                while above < begin && runs[above].to <= from {
                    above += 1;
                }
                (above..begin)
                    .take_while(|&other| runs[other].from < to)
                    .for_each(|other| join(&mut parents, own, other));
                runs.push(Run { row, from, to });
                at = to;
            }
            above = begin;
        }
        let mut counts: Vec<usize> = Vec::new();
        let mut parts: Vec<usize> = Vec::with_capacity(runs.len());
        for (index, run) in runs.iter().enumerate() {
            let first = first_of(&mut parents, index);
            let part = if first == index { counts.len() } else { parts[first] };
            if first == index {
                counts.push(0);
            }
            counts[part] += run.to - run.from;
            parts.push(part);
        }
        Self { runs, parts, counts }
    }

    fn runs_with_part(&self) -> impl Iterator<Item = (&Run, usize)> {
        self.runs.iter().zip(self.parts.iter().copied())
    }
}

/// The next element from `from` on that has the wanted value.
fn next(row: &[bool], from: usize, wanted: bool) -> Option<usize> {
    /// So many elements are looked at together.
    const PART: usize = 16;
    let rest = row.get(from..)?;
    let whole = rest.as_chunks::<PART>().0;
    // Counted, not searched: the compiler takes all of them at once.
    let skipped = whole
        .iter()
        .take_while(|part| !part.iter().fold(false, |any, &value| any | (value == wanted)))
        .count()
        * PART;
    rest[skipped..].iter().position(|&value| value == wanted).map(|at| from + skipped + at)
}

/// The earliest run of the part of a run.
fn first_of(parents: &mut [usize], mut run: usize) -> usize {
    while parents[run] != run {
        parents[run] = parents[parents[run]];
        run = parents[run];
    }
    run
}

fn join(parents: &mut [usize], a: usize, b: usize) {
    let (a, b) = (first_of(parents, a), first_of(parents, b));
    parents[a.max(b)] = a.min(b);
}

/// Connected parts with at least `min_count` elements.
pub(super) fn large_parts(mask: &[bool], width: usize, min_count: usize) -> Vec<Part> {
    let labelled = Labelled::of(mask, width, true);
    // First and last element of every row, by part.
    let mut rows: Vec<Vec<Run>> = labelled.counts.iter().map(|_| Vec::new()).collect();
    for (run, part) in labelled.runs_with_part().filter(|(_, part)| labelled.counts[*part] >= min_count) {
        match rows[part].last_mut().filter(|last| last.row == run.row) {
            Some(last) => last.to = run.to,
            None => rows[part].push(*run),
        }
    }
    let large = rows.iter().zip(&labelled.counts).filter(|(_, count)| **count >= min_count);
    large
        .map(|(rows, &count)| Part {
            count,
            extremes: rows.iter().flat_map(corners).collect(),
        })
        .collect()
}

/// The outer corners of a run.
fn corners(run: &Run) -> [Corner; 4] {
    let (left, right, top) = (run.from as f32, run.to as f32, run.row as f32);
    let corner = |x, y| Corner { x, y };
    [corner(left, top), corner(right, top), corner(left, top + 1.0), corner(right, top + 1.0)]
}

/// The mask without parts of fewer elements.
pub(super) fn without_small(mask: &[bool], width: usize, min_count: usize) -> Vec<bool> {
    let labelled = Labelled::of(mask, width, true);
    let mut kept = vec![false; mask.len()];
    for (run, _) in labelled.runs_with_part().filter(|(_, part)| labelled.counts[*part] >= min_count) {
        kept[run.range(width)].fill(true);
    }
    kept
}

/// The mask with everything filled that the border of the picture can not reach.
pub(super) fn without_holes(mask: &[bool], width: usize, height: usize) -> Vec<bool> {
    let labelled = Labelled::of(mask, width, false);
    let mut outside = vec![false; labelled.counts.len()];
    for (run, part) in labelled.runs_with_part() {
        outside[part] |= run.row == 0 || run.row + 1 == height || run.from == 0 || run.to == width;
    }
    let mut filled = vec![true; mask.len()];
    for (run, _) in labelled.runs_with_part().filter(|(_, part)| outside[*part]) {
        filled[run.range(width)].fill(false);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The part of each element that has the wanted value, found by going from neighbour to neighbour.
    fn by_neighbours(mask: &[bool], width: usize, wanted: bool) -> Vec<Option<usize>> {
        let mut parts: Vec<Option<usize>> = vec![None; mask.len()];
        for start in 0..mask.len() {
            let mut stack = vec![start];
            while let Some(at) = stack.pop() {
                if mask[at] == wanted && parts[at].is_none() {
                    parts[at] = Some(start);
                    let near = |other: &usize| (other % width).abs_diff(at % width) + (other / width).abs_diff(at / width) == 1;
                    stack.extend((0..mask.len()).filter(near));
                }
            }
        }
        parts
    }

    fn masks() -> impl Strategy<Value = (usize, Vec<bool>)> {
        (1usize..40, 1usize..8).prop_flat_map(|(width, height)| {
            let sparse = prop::collection::vec(prop::bool::weighted(0.2), width * height);
            let dense = prop::collection::vec(prop::bool::weighted(0.7), width * height);
            (Just(width), prop_oneof![sparse, dense])
        })
    }

    #[test]
    fn an_outline_is_filled_and_a_gap_is_not() {
        let mut mask = vec![false; 100];
        for i in 2..8 {
            for at in [20 + i, 70 + i, i * 10 + 2, i * 10 + 7] {
                mask[at] = true;
            }
        }
        assert!(without_holes(&mask, 10, 10)[55]);
        mask[25] = false;
        assert!(!without_holes(&mask, 10, 10)[55]);
        assert_eq!(large_parts(&mask, 10, 1).len(), 1);
    }

    proptest! {
        #[test]
        fn runs_and_neighbours_give_the_same_parts((width, mask) in masks(), least in 1usize..9) {
            let parts = by_neighbours(&mask, width, true);
            let size = |part: Option<usize>| parts.iter().filter(|other| **other == part).count();
            let kept: Vec<bool> = parts.iter().map(|part| part.is_some() && size(*part) >= least).collect();
            prop_assert_eq!(without_small(&mask, width, least), kept);
            let firsts: Vec<usize> = (0..mask.len()).filter(|at| parts[*at] == Some(*at) && size(Some(*at)) >= least).collect();
            let large = large_parts(&mask, width, least);
            prop_assert_eq!(large.iter().map(|part| part.count).collect::<Vec<_>>(), firsts.iter().map(|at| size(Some(*at))).collect::<Vec<_>>());
            for (part, first) in large.iter().zip(&firsts) {
                let own = || (0..mask.len()).filter(|at| parts[*at] == Some(*first));
                let (left, right) = (own().map(|at| at % width).min(), own().map(|at| at % width + 1).max());
                prop_assert_eq!(part.extremes.iter().map(|c| c.x as usize).min(), left);
                prop_assert_eq!(part.extremes.iter().map(|c| c.x as usize).max(), right);
                let rows = own().map(|at| at / width).collect::<std::collections::BTreeSet<_>>();
                prop_assert_eq!(part.extremes.len(), rows.len() * 4);
            }
        }

        #[test]
        fn a_hole_is_what_the_border_can_not_reach((width, mask) in masks()) {
            let height = mask.len() / width;
            let parts = by_neighbours(&mask, width, false);
            let rim = |at: usize| at.is_multiple_of(width) || at % width + 1 == width || at < width || at / width + 1 == height;
            let filled: Vec<bool> = parts.iter().map(|part| part.is_none_or(|_| !(0..mask.len()).any(|at| parts[at] == *part && rim(at)))).collect();
            prop_assert_eq!(without_holes(&mask, width, height), filled);
        }
    }
}
