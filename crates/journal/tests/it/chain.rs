//! A gap, a change, an exchange or a fork is seen where it is.

use onewindow_case::ids::Digest;
use onewindow_journal::{ChainBreakKind, Entry, Head, decode, encode, verify};
use proptest::prelude::*;

use crate::generated;

/// Numbers and chains entries as a counter does.
fn chained(entries: Vec<Entry>) -> Vec<Vec<u8>> {
    let mut head = Head::EMPTY;
    entries
        .into_iter()
        .map(|mut entry| {
            entry.seq = head.seq + 1;
            entry.prev = head.digest;
            let bytes = encode(&entry);
            head = head.after(&bytes);
            bytes
        })
        .collect()
}

fn slices(bytes: &[Vec<u8>]) -> impl Iterator<Item = &[u8]> {
    bytes.iter().map(Vec::as_slice)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn an_untouched_chain_holds_from_any_point(entries in proptest::collection::vec(generated::entry(), 1..12), cut in any::<prop::sample::Index>()) {
        let bytes = chained(entries);
        let whole = verify(slices(&bytes), Head::EMPTY).expect("untouched");
        prop_assert_eq!(whole.seq, bytes.len() as u64);
        let cut = cut.index(bytes.len());
        let middle = verify(slices(&bytes[..cut]), Head::EMPTY).expect("untouched");
        prop_assert_eq!(verify(slices(&bytes[cut..]), middle), Ok(whole));
    }

    #[test]
    fn a_missing_entry_breaks_the_chain_where_it_was(entries in proptest::collection::vec(generated::entry(), 2..12), gone in any::<prop::sample::Index>()) {
        let mut bytes = chained(entries);
        let gone = gone.index(bytes.len() - 1);
        bytes.remove(gone);
        let fault = verify(slices(&bytes), Head::EMPTY).expect_err("a gap");
        prop_assert_eq!(fault.at_seq, gone as u64 + 1);
        prop_assert_eq!(fault.kind, ChainBreakKind::WrongSequence { found: gone as u64 + 2 });
    }

    #[test]
    fn a_rewritten_entry_breaks_the_chain_right_behind_it(entries in proptest::collection::vec(generated::entry(), 2..12), at in any::<prop::sample::Index>()) {
        let mut bytes = chained(entries);
        let at = at.index(bytes.len() - 1);
        let mut entry = decode(&bytes[at]).expect("own bytes");
        entry.time_ms ^= 1;
        bytes[at] = encode(&entry);
        let fault = verify(slices(&bytes), Head::EMPTY).expect_err("a change");
        prop_assert_eq!(fault.at_seq, at as u64 + 2);
        prop_assert_eq!(fault.kind, ChainBreakKind::WrongPredecessor);
    }
}

#[test]
fn another_journal_is_not_continued() {
    let entries = chained(vec![]);
    assert_eq!(verify(slices(&entries), Head::EMPTY), Ok(Head::EMPTY));
    let fault = verify(
        [b"{}".as_slice()],
        Head {
            seq: 4,
            digest: Digest::new([1; 32]),
        },
    )
    .expect_err("no entry");
    assert_eq!((fault.at_seq, fault.kind), (5, ChainBreakKind::Unreadable));
}
