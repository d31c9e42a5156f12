//! Sealed records: what is whole comes back, what is not is told apart.

use onewindow_case::ids::{CaseId, CounterId, Digest};
use onewindow_journal::segment::{Item, Record, SegmentFault, SegmentHeader, SegmentKey, open_header, open_record, scan, seal_header, seal_record};
use proptest::prelude::*;
use uuid::Uuid;

fn key() -> SegmentKey {
    SegmentKey::new(&[7; 32]).expect("32 bytes are a key")
}

fn header() -> SegmentHeader {
    SegmentHeader {
        counter: CounterId::new("330302-01-003"),
        epoch: 2,
        number: 5,
        first_seq: 41,
        prev: Digest::new([3; 32]),
    }
}

/// A segment of records with the given numbers of entries; each record durable before the next is written.
fn segment(counts: &[u8]) -> (Vec<u8>, Vec<Record>, usize) {
    let mut bytes = seal_header(&key(), &header(), [1; 12]).expect("short counter id");
    let start = bytes.len();
    let mut first_seq = header().first_seq;
    let mut records = Vec::new();
    for (place, count) in counts.iter().enumerate() {
        let items = (0..*count)
            .map(|n| Item {
                digest: Digest::new([n; 32]),
                owner: (n % 2 == 1).then(|| CaseId::new(Uuid::from_u128(u128::from(n)))),
                body: vec![n; usize::from(n) * 3],
            })
            .collect();
        let record = Record {
            first_seq,
            durable_before: first_seq - 1,
            items,
        };
        let mut nonce = [0; 12];
        nonce[0] = u8::try_from(place).expect("few records") + 2;
        bytes.extend(seal_record(&key(), &header(), &record, nonce).expect("within limits"));
        first_seq += u64::from(*count);
        records.push(record);
    }
    (bytes, records, start)
}

fn whole(bytes: &[u8], start: usize) -> onewindow_journal::segment::Scan {
    scan(&key(), &header(), bytes, start)
}

#[test]
fn a_header_tells_its_place_and_only_to_its_key() {
    let bytes = seal_header(&key(), &header(), [1; 12]).expect("short counter id");
    assert_eq!(open_header(&key(), &bytes), Ok((header(), bytes.len())));
    let other = SegmentKey::new(&[8; 32]).expect("32 bytes are a key");
    assert_eq!(open_header(&other, &bytes), Err(SegmentFault::BrokenSeal));
    let mut newer = bytes.clone();
    newer[5] = 9;
    assert_eq!(open_header(&key(), &newer), Err(SegmentFault::NewerFormat { found: 9 }));
    for len in 0..bytes.len() {
        assert!(open_header(&key(), &bytes[..len]).is_err(), "a header cut to {len} bytes");
    }
}

#[test]
fn a_record_moved_to_another_segment_does_not_open() {
    let (bytes, _records, start) = segment(&[2]);
    let moved = SegmentHeader { number: 6, ..header() };
    assert_eq!(open_record(&key(), &moved, &bytes[start..]), Err(SegmentFault::BrokenSeal));
}

#[test]
fn a_batch_torn_in_the_middle_is_a_torn_tail() {
    // Two records of one group commit: neither was durable before the other, so nobody was told either is safe.
    let (mut bytes, records, start) = segment(&[2, 2]);
    let kept = bytes.len();
    let mut tail = Vec::new();
    for first_seq in [45, 46] {
        let record = Record {
            first_seq,
            durable_before: 44,
            items: records[0].items[..1].to_vec(),
        };
        tail.extend(seal_record(&key(), &header(), &record, [first_seq as u8; 12]).expect("within limits"));
    }
    tail[40] ^= 1;
    bytes.extend(&tail);
    let found = whole(&bytes, start);
    assert_eq!(found.damages, [], "nothing acknowledged is lost");
    assert_eq!((found.end, found.torn_tail_bytes, found.next_seq), (kept, tail.len(), 45));
}

/// Bytes that are no record; some look like the beginning of one.
fn stray() -> impl Strategy<Value = Vec<u8>> {
    (any::<bool>(), proptest::collection::vec(any::<u8>(), 1..90)).prop_map(|(looks_like_one, mut bytes)| {
        if looks_like_one {
            bytes.splice(..0, *b"OWR1");
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn whole_records_come_back(counts in proptest::collection::vec(1_u8..6, 0..6)) {
        let (bytes, records, start) = segment(&counts);
        let found = whole(&bytes, start);
        prop_assert_eq!(found.records.iter().map(|scanned| scanned.record.clone()).collect::<Vec<_>>(), records);
        prop_assert_eq!((found.end, found.torn_tail_bytes, found.damages.len()), (bytes.len(), 0, 0));
    }

    #[test]
    fn a_cut_file_keeps_what_was_whole(counts in proptest::collection::vec(1_u8..6, 1..6), cut in any::<prop::sample::Index>()) {
        let (bytes, records, start) = segment(&counts);
        let cut = start + cut.index(bytes.len() - start);
        let found = whole(&bytes[..cut], start);
        prop_assert_eq!(found.damages.len(), 0);
        prop_assert!(found.end <= cut && found.end + found.torn_tail_bytes == cut);
        for (scanned, record) in found.records.iter().zip(&records) {
            prop_assert_eq!(&scanned.record, record);
        }
    }

    #[test]
    fn a_flipped_bit_never_passes_and_costs_one_record(counts in proptest::collection::vec(1_u8..6, 2..6), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let (mut bytes, records, start) = segment(&counts);
        let at = start + at.index(bytes.len() - start);
        bytes[at] ^= 1 << bit;
        let found = whole(&bytes, start);
        let kept: Vec<_> = found.records.iter().map(|scanned| scanned.record.clone()).collect();
        prop_assert_eq!(kept.len(), records.len() - 1);
        prop_assert!(kept.iter().all(|record| records.contains(record)), "what comes back is unchanged");
        let lost = records.iter().find(|record| !kept.contains(record)).expect("one is lost");
        if lost.first_seq == records[records.len() - 1].first_seq {
            prop_assert!(found.torn_tail_bytes > 0, "the last record may as well be torn");
        } else {
            prop_assert_eq!(found.damages.len(), 1);
            prop_assert_eq!(found.damages[0].from_seq, lost.first_seq);
            prop_assert_eq!(found.damages[0].to_seq, lost.first_seq + lost.items.len() as u64 - 1);
        }
    }

    #[test]
    fn stray_bytes_before_any_record_cost_no_entry(counts in proptest::collection::vec(1_u8..6, 1..6), before in any::<prop::sample::Index>(), stray in stray()) {
        let (mut bytes, records, start) = segment(&counts);
        let scanned = whole(&bytes, start).records;
        let place = scanned[before.index(scanned.len())].offset;
        bytes.splice(place..place, stray.iter().copied());
        let found = whole(&bytes, start);
        prop_assert_eq!(&found.damages, &[]);
        prop_assert_eq!(found.records.iter().map(|scanned| scanned.record.clone()).collect::<Vec<_>>(), records);
        prop_assert_eq!((found.end, found.stray_bytes, found.torn_tail_bytes), (bytes.len(), stray.len(), 0));
    }

    #[test]
    fn stray_bytes_never_save_what_a_torn_batch_lost(counts in proptest::collection::vec(1_u8..6, 1..4), stray in stray(), at in any::<prop::sample::Index>()) {
        // Two records of one batch behind the acknowledged ones, the first of them torn, and stray bytes before the second.
        let (mut bytes, records, start) = segment(&counts);
        let kept = bytes.len();
        let durable_before = records.iter().map(|record| record.items.len() as u64).sum::<u64>() + header().first_seq - 1;
        for (place, behind) in [1, 2].into_iter().enumerate() {
            let record = Record {
                first_seq: durable_before + behind,
                durable_before,
                items: records[0].items[..1].to_vec(),
            };
            if place == 1 {
                let torn = kept + at.index(bytes.len() - kept);
                bytes[torn] ^= 1;
                bytes.extend(&stray);
            }
            bytes.extend(seal_record(&key(), &header(), &record, [200 + u8::try_from(place).expect("small"); 12]).expect("within limits"));
        }
        let found = whole(&bytes, start);
        prop_assert_eq!(found.records.len(), records.len());
        prop_assert_eq!(&found.damages, &[], "nobody was told that any of it is safe");
        prop_assert_eq!((found.end, found.next_seq, found.torn_tail_bytes), (kept, durable_before + 1, bytes.len() - kept));
    }

    #[test]
    fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = open_header(&key(), &bytes);
        let _ = open_record(&key(), &header(), &bytes);
        let found = whole(&bytes, 0);
        prop_assert_eq!(found.records.len(), 0);
    }
}
