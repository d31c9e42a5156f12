//! How many typing errors lie between two words: letters to insert, remove, replace, or swap with their neighbour.

/// Only so many characters of a word count.
const LENGTH_MAX: usize = 64;

/// One row of the table of distances, for every beginning of the second word.
type Row = [usize; LENGTH_MAX + 1];

/// The number of errors between two words.
pub(crate) fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b) = (characters(a), characters(b));
    last_row(&a, &b, usize::MAX).map_or(usize::MAX, |row| row[b.len()])
}

/// Whether two ASCII words are at most so many errors apart; gives up as soon as they cannot be.
pub(crate) fn distance_within(a: &str, b: &str, allowed: usize) -> bool {
    let (a, b) = (bytes(a), bytes(b));
    last_row(a, b, allowed).is_some_and(|row| row[b.len()] <= allowed)
}

/// The same for a word and the nearest beginning of a text; beginnings longer than the word by more than `allowed` cannot be near.
pub(crate) fn prefix_within(word: &str, text: &str, allowed: usize) -> bool {
    let (word, text) = (bytes(word), bytes(text));
    let near = &text[..text.len().min(word.len() + allowed)];
    last_row(word, near, allowed).is_some_and(|row| row[..=near.len()].iter().any(|distance| *distance <= allowed))
}

fn characters(word: &str) -> Vec<char> {
    word.chars().take(LENGTH_MAX).collect()
}

fn bytes(word: &str) -> &[u8] {
    &word.as_bytes()[..word.len().min(LENGTH_MAX)]
}

/// The distances from the whole of `a` to every beginning of `b`; nothing once two rows in turn lie above `allowed`, since a row grows
/// out of the two before it and never below them. Neither word may be longer than [`LENGTH_MAX`].
fn last_row<T: PartialEq>(a: &[T], b: &[T], allowed: usize) -> Option<Row> {
    let mut before = [usize::MAX; LENGTH_MAX + 1];
    let mut row: Row = std::array::from_fn(|j| j);
    let mut next = row;
    let mut was_above = false;
    for (i, from) in a.iter().enumerate() {
        next[0] = i + 1;
        let mut least = next[0];
        for (j, to) in b.iter().enumerate() {
            let mut best = (row[j] + usize::from(from != to)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *from == b[j - 1] && a[i - 1] == *to {
                best = best.min(before[j - 1] + 1);
            }
            next[j + 1] = best;
            least = least.min(best);
        }
        let is_above = least > allowed;
        if is_above && was_above {
            return None;
        }
        was_above = is_above;
        (before, row, next) = (row, next, before);
    }
    Some(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letters::Letters;

    #[test]
    fn a_swap_is_one_error() {
        for (a, b, expected) in [("newborn", "newbron", 1), ("ktv", "ktv", 0), ("", "abc", 3), ("kitten", "sitting", 3)] {
            assert_eq!(edit_distance(a, b), expected, "{a} {b}");
        }
    }

    proptest::proptest! {
        #[test]
        fn giving_up_early_never_changes_the_answer(a in "[a-d]{0,9}", b in "[a-d]{0,12}", allowed in 0_usize..4) {
            proptest::prop_assert_eq!(distance_within(&a, &b, allowed), edit_distance(&a, &b) <= allowed);
            let nearest = (0..=b.len()).map(|end| edit_distance(&a, &b[..end])).min();
            proptest::prop_assert_eq!(prefix_within(&a, &b, allowed), nearest.is_some_and(|nearest| nearest <= allowed));
        }

        #[test]
        fn words_of_any_length_are_compared(a in ".{0,200}", b in ".{0,200}", ascii in "[ -~]{0,200}") {
            proptest::prop_assert_eq!(edit_distance(&a, &b), edit_distance(&b, &a));
            proptest::prop_assert!(distance_within(&ascii, &ascii, 0) && prefix_within(&ascii, &ascii, 0));
        }

        #[test]
        fn letters_never_rule_out_a_word_that_is_near(a in "[a-e0-2]{0,9}", b in "[a-e0-2]{0,9}") {
            let distance = edit_distance(&a, &b);
            let (of_a, of_b) = (Letters::of(&a), Letters::of(&b));
            proptest::prop_assert!(of_a.missing_in(of_b) <= distance && of_b.missing_in(of_a) <= distance, "{} {} {}", a, b, distance);
        }
    }
}
