//! Any bytes as a segment file: a scan ends, finds nothing that the key did not seal, and names positions in order.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onewindow_case::ids::{CounterId, Digest};
use onewindow_journal::segment::{SegmentHeader, SegmentKey, header_len, open_header, outline, scan};

fuzz_target!(|bytes: &[u8]| {
    let Some(key) = SegmentKey::new(&[7; 32]) else { return };
    let header = SegmentHeader {
        counter: CounterId::new("330302-01-003"),
        epoch: 1,
        number: 1,
        first_seq: 1,
        prev: Digest::new([0; 32]),
    };
    let _fault = open_header(&key, bytes);
    let _fault = outline(bytes);
    let found = scan(&key, &header, bytes, header_len(&header.counter));
    assert!(found.end <= bytes.len().max(header_len(&header.counter)));
    for damage in &found.damages {
        assert!(damage.from_seq <= damage.to_seq);
    }
});
