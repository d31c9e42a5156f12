//! The inside of a packet as a hostile but enrolled device could seal it: any entries, any pages, any order, rightly sealed and signed.
//! Opening gives items or a fault, never a panic, and never an entry that does not follow the one before it.
#![no_main]

use aws_lc_rs::signature::Ed25519KeyPair;
use libfuzzer_sys::fuzz_target;
use onewindow_case::ids::Digest;
use onewindow_journal::packet::{OpenKey, PackedEntry, PacketHead, PacketItem, PacketOpener, PacketSealer, Recipient, SealKit};
use onewindow_journal::sealed_box::box_public_key;
use uuid::Uuid;

#[derive(Debug)]
enum Chunk {
    Entries(Vec<(u32, u64, Vec<u8>)>),
    Page(Vec<u8>),
}

fn chunks(bytes: &[u8]) -> Vec<Chunk> {
    bytes
        .split(|byte| *byte == 0xff)
        .map(|piece| match piece.split_first() {
            Some((kind, body)) if kind % 2 == 0 => Chunk::Page(body.to_vec()),
            Some((_, body)) => Chunk::Entries(body.split(|byte| *byte == 0xfe).map(|entry| (1, entry.len() as u64, entry.to_vec())).collect()),
            None => Chunk::Entries(Vec::new()),
        })
        .collect()
}

fuzz_target!(|bytes: &[u8]| {
    let (Ok(signer), Some(public)) = (Ed25519KeyPair::from_seed_unchecked(&[7; 32]), box_public_key(&[21; 32])) else { return };
    let kit = SealKit {
        packet_key: [1; 32],
        recipients: vec![(Recipient::Centre, public, [2; 32])],
        signer: &signer,
    };
    let head = PacketHead {
        packet: Uuid::from_u128(9),
        counter: "330302-01-003".to_owned(),
        made_ms: 0,
        after_seq: 0,
        after_digest: "0".repeat(64),
        through_seq: u64::from(bytes.first().copied().unwrap_or(0)),
        cases: 0,
        signer: String::new(),
        certificate: None,
        recipients: Vec::new(),
    };
    let Ok((mut sealer, mut packet)) = PacketSealer::begin(kit, head) else { return };
    for chunk in chunks(bytes) {
        let sealed = match chunk {
            Chunk::Page(page) => sealer.page(&Digest::new([0; 32]), &page),
            Chunk::Entries(entries) => {
                let packed: Vec<_> = entries.into_iter().map(|(epoch, seq, bytes)| PackedEntry { epoch, seq, bytes }).collect();
                sealer.entries(&packed)
            }
        };
        packet.extend(sealed.unwrap_or_default());
    }
    let Ok((end, _)) = sealer.end() else { return };
    packet.extend(end);
    let key = OpenKey {
        recipient: Recipient::Centre,
        secret: [21; 32],
    };
    let Ok(mut opened) = PacketOpener::begin(packet.as_slice(), &key) else { return };
    let mut last = 0;
    while let Ok(Some(item)) = opened.next_item() {
        if let PacketItem::Entries(entries) = item {
            for entry in entries {
                assert!(entry.seq > last, "positions only grow");
                last = entry.seq;
            }
        }
    }
});
