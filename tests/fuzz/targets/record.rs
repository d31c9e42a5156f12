//! Records that were sealed by the key and then changed: none opens unless it is unchanged. And any plain content sealed rightly, as a bug of
//! ours could write it, opens to what it was or to a fault.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onewindow_case::ids::{CaseId, CounterId, Digest};
use onewindow_journal::segment::{Item, Record, SegmentHeader, SegmentKey, open_record, scan, seal_record};
use uuid::Uuid;

fuzz_target!(|input: (Vec<(bool, Vec<u8>)>, Vec<(u16, u8)>)| {
    let (items, changes) = input;
    let Some(key) = SegmentKey::new(&[7; 32]) else { return };
    let header = SegmentHeader {
        counter: CounterId::new("330302-01-003"),
        epoch: 1,
        number: 1,
        first_seq: 1,
        prev: Digest::new([0; 32]),
    };
    let items: Vec<_> = items
        .into_iter()
        .map(|(owned, body)| Item {
            digest: Digest::new([3; 32]),
            owner: owned.then(|| CaseId::new(Uuid::from_u128(5))),
            body,
        })
        .collect();
    let record = Record { first_seq: 1, durable_before: 0, items };
    let Ok(sealed) = seal_record(&key, &header, &record, [1; 12]) else { return };
    assert_eq!(open_record(&key, &header, &sealed).ok().map(|(found, _)| found), Some(record.clone()));
    let mut changed = sealed.clone();
    for (place, mask) in changes {
        let place = usize::from(place) % changed.len();
        changed[place] ^= mask;
    }
    if changed != sealed {
        assert!(open_record(&key, &header, &changed).is_err(), "a changed record opened");
    }
    let _never_panics = scan(&key, &header, &changed, 0);
});
