//! Entries, records and segments as they lie on the disk.

use arbitrary::{Arbitrary, Unstructured};
use onewindow_case::ids::{CaseId, CounterId, Digest};
use onewindow_journal::segment::{Item, Record, SegmentHeader, SegmentKey, header_len, open_header, open_record, outline, scan, seal_record};
use onewindow_journal::{decode, encode};
use uuid::Uuid;

/// The key of every sealed thing here; it protects nothing.
pub const KEY: [u8; 32] = [7; 32];

/// The header of the segment in which the records of these targets lie.
pub fn header() -> SegmentHeader {
    SegmentHeader {
        counter: CounterId::new("330302-01-003"),
        epoch: 1,
        number: 1,
        first_seq: 1,
        prev: Digest::new([0; 32]),
    }
}

/// Any bytes as a journal entry: a fault or an entry, and an entry that was read is written as bytes that read the same.
pub fn entry(bytes: &[u8]) {
    if let Ok(entry) = decode(bytes) {
        let again = encode(&entry);
        assert_eq!(decode(&again).as_ref(), Ok(&entry), "what was read and written reads the same");
    }
}

/// Any bytes as a segment file: a scan ends, finds nothing that the key did not seal, names positions in order, accounts for every
/// byte, and leaves no whole record in the tail that could have followed.
pub fn segment(bytes: &[u8]) {
    let Some(key) = SegmentKey::new(&KEY) else { return };
    let header = header();
    let _header = open_header(&key, bytes);
    let _outline = outline(bytes);
    let found = scan(&key, &header, bytes, header_len(&header.counter));
    assert!(found.end <= bytes.len().max(header_len(&header.counter)), "a scan ends within the file");
    for damage in &found.damages {
        assert!(damage.from_seq <= damage.to_seq, "a lost stretch has a length");
    }
    let mut next = 0;
    let mut accounted = found.stray_bytes + found.damages.iter().map(|damage| damage.len_bytes).sum::<usize>();
    for scanned in &found.records {
        assert!(scanned.record.first_seq >= next, "positions only grow");
        next = scanned.record.first_seq + scanned.record.items.len() as u64;
        let sealed = open_record(&key, &header, &bytes[scanned.offset..]).ok();
        assert_eq!(sealed.as_ref(), Some(&(scanned.record.clone(), scanned.len_bytes)), "what was found is there");
        accounted += scanned.len_bytes;
    }
    let start = header_len(&header.counter);
    assert_eq!(found.end, start + accounted, "records, stray bytes and damages make up the file");
    let tail = bytes.get(found.end..).unwrap_or_default();
    for at in 0..tail.len().min(TAIL_TRIED) {
        let follows = open_record(&key, &header, &tail[at..]).is_ok_and(|(record, _)| record.first_seq == found.next_seq);
        assert!(!follows, "a whole record that follows is no torn tail");
    }
}

/// Places of a torn tail at which a record is looked for: fewer than a scan itself tries.
const TAIL_TRIED: usize = 4_096;

/// Records that were sealed by the key and then changed: none opens unless it is unchanged.
pub fn record(bytes: &[u8]) {
    type Input = (Vec<(bool, Vec<u8>)>, Vec<(u16, u8)>);
    let Ok((items, changes)) = Input::arbitrary(&mut Unstructured::new(bytes)) else {
        return;
    };
    let Some(key) = SegmentKey::new(&KEY) else { return };
    let header = header();
    let items: Vec<_> = items
        .into_iter()
        .map(|(owned, body)| Item {
            digest: Digest::new([3; 32]),
            owner: owned.then(|| CaseId::new(Uuid::from_u128(5))),
            body,
        })
        .collect();
    let record = Record {
        first_seq: 1,
        durable_before: 0,
        items,
    };
    let Ok(sealed) = seal_record(&key, &header, &record, [1; 12]) else { return };
    let opened = open_record(&key, &header, &sealed).ok().map(|(found, _)| found);
    assert_eq!(opened, Some(record), "what was sealed opens as it was");
    let mut changed = sealed.clone();
    for (place, mask) in changes {
        let place = usize::from(place) % changed.len();
        changed[place] ^= mask;
    }
    if changed != sealed {
        assert!(open_record(&key, &header, &changed).is_err(), "a changed record opened");
    }
    let _never_panics = scan(&key, &header, &changed, 0);
}
