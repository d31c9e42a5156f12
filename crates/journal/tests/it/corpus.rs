//! Whole inputs for the fuzz targets in `tests/fuzz`, and proof that those committed are still whole.

use std::fs;
use std::path::PathBuf;

use aws_lc_rs::signature::Ed25519KeyPair;
use onewindow_case::ids::{CounterId, Digest};
use onewindow_journal::packet::parts::PartHead;
use onewindow_journal::packet::{OpenKey, PackedEntry, PacketHead, PacketOpener, PacketSealer, Recipient, SealKit};
use onewindow_journal::sealed_box::box_public_key;
use onewindow_journal::segment::{Item, Record, SegmentHeader, SegmentKey, header_len, scan, seal_header, seal_record};
use onewindow_journal::{Entry, Head, decode, encode};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use uuid::Uuid;

use crate::generated;

const CENTRE_SECRET: [u8; 32] = [21; 32];

fn corpus(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/fuzz/corpus").join(target)
}

fn header() -> SegmentHeader {
    SegmentHeader {
        counter: CounterId::new("330302-01-003"),
        epoch: 1,
        number: 1,
        first_seq: 1,
        prev: Digest::new([0; 32]),
    }
}

/// Entries that follow one another.
fn chained(count: usize) -> Vec<Vec<u8>> {
    let mut runner = TestRunner::deterministic();
    let mut head = Head::EMPTY;
    let mut chain = Vec::new();
    while chain.len() < count {
        let any = generated::entry().new_tree(&mut runner).expect("generated").current();
        let entry = Entry {
            counter: header().counter,
            epoch: 1,
            seq: head.seq + 1,
            prev: head.digest,
            ..any
        };
        let bytes = encode(&entry);
        if bytes.len() > 700 {
            continue;
        }
        head = head.after(&bytes);
        chain.push(bytes);
    }
    chain
}

fn segment() -> Vec<u8> {
    let key = SegmentKey::new(&[7; 32]).expect("a key");
    let mut bytes = seal_header(&key, &header(), [1; 12]).expect("sealed");
    for (place, entry) in chained(4).into_iter().enumerate() {
        let record = Record {
            first_seq: place as u64 + 1,
            durable_before: place as u64,
            items: vec![Item {
                digest: Digest::new([3; 32]),
                owner: None,
                body: entry,
            }],
        };
        bytes.extend(seal_record(&key, &header(), &record, [place as u8; 12]).expect("sealed"));
    }
    bytes
}

fn packet() -> Vec<u8> {
    let signer = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a key");
    let kit = SealKit {
        packet_key: [1; 32],
        recipients: vec![(Recipient::Centre, box_public_key(&CENTRE_SECRET).expect("a key"), [2; 32])],
        signer: &signer,
    };
    let entries = chained(5);
    let head = PacketHead {
        packet: Uuid::from_u128(9),
        counter: header().counter.to_string(),
        made_ms: 0,
        after_seq: 0,
        after_digest: Head::EMPTY.digest.to_string(),
        through_seq: 5,
        cases: 1,
        signer: String::new(),
        certificate: None,
        recipients: Vec::new(),
    };
    let (mut sealer, mut bytes) = PacketSealer::begin(kit, head).expect("begun");
    let packed: Vec<_> = entries.into_iter().zip(1..).map(|(bytes, seq)| PackedEntry { epoch: 1, seq, bytes }).collect();
    bytes.extend(sealer.entries(&packed).expect("sealed"));
    bytes.extend(sealer.end().expect("ended").0);
    bytes
}

#[test]
fn what_the_fuzzer_begins_with_is_whole() {
    for file in fs::read_dir(corpus("entry")).expect("there").flatten() {
        decode(&fs::read(file.path()).expect("readable")).expect("an entry");
    }
    let key = SegmentKey::new(&[7; 32]).expect("a key");
    for file in fs::read_dir(corpus("segment")).expect("there").flatten() {
        let found = scan(&key, &header(), &fs::read(file.path()).expect("readable"), header_len(&header().counter));
        assert_eq!((found.records.len(), found.damages.len(), found.torn_tail_bytes), (4, 0, 0));
    }
    let whole = fs::read(corpus("packet").join("whole")).expect("there");
    let key = OpenKey {
        recipient: Recipient::Centre,
        secret: CENTRE_SECRET,
    };
    PacketOpener::begin(whole.as_slice(), &key).expect("for the centre").prove().expect("whole");
}

/// Writes the corpus; run by hand when a format changes.
#[test]
#[ignore = "writes into the sources"]
fn write_the_corpus() {
    let write = |target: &str, name: &str, bytes: &[u8]| {
        fs::create_dir_all(corpus(target)).expect("made");
        fs::write(corpus(target).join(name), bytes).expect("written");
    };
    for (place, entry) in chained(12).iter().enumerate() {
        write("entry", &format!("{place:02}"), entry);
    }
    write("segment", "four", &segment());
    write("record", "two", b"\x02\x01body\x00other body\x03\x02\x10\x00\x01");
    write("packet", "whole", &packet());
    let part = PartHead {
        packet: Uuid::from_u128(9),
        number: 1,
        last: true,
    };
    write("packet", "part", &[&part.to_bytes()[..], &packet()].concat());
    let inside: Vec<u8> = chained(2)
        .into_iter()
        .enumerate()
        .flat_map(|(place, entry)| [&[1 + 2 * place as u8][..], &entry, b"\xff\x02page\xff"].concat())
        .collect();
    write("packet_inside", "two", &inside);
}
