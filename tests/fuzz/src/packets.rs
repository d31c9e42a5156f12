//! Case packets as they come on a stick, and as a hostile but enrolled device could make them.

use aws_lc_rs::signature::Ed25519KeyPair;
use onewindow_case::ids::Digest;
use onewindow_journal::packet::parts::Parts;
use onewindow_journal::packet::{OpenKey, PackedEntry, PacketHead, PacketItem, PacketOpener, PacketSealer, Recipient, SealKit};
use onewindow_journal::sealed_box::box_public_key;
use uuid::Uuid;

/// The recipient's secret of every packet here; it protects nothing.
pub const SECRET: [u8; 32] = [21; 32];

fn key() -> OpenKey {
    OpenKey {
        recipient: Recipient::Centre,
        secret: SECRET,
    }
}

/// Any bytes as the files of a stick: parts, head and chunks of a case packet, as one file and cut in two.
pub fn packet(bytes: &[u8]) {
    let (one, other) = bytes.split_at(bytes.len() / 2);
    let plain = PacketOpener::begin(bytes, &key()).and_then(PacketOpener::prove);
    let parts = Parts::new([one, other])
        .and_then(|parts| PacketOpener::begin(parts, &key()))
        .and_then(PacketOpener::prove);
    let alone = Parts::new([bytes])
        .and_then(|parts| PacketOpener::begin(parts, &key()))
        .and_then(PacketOpener::prove);
    // Whether something was proven says nothing here: the corpus holds whole packets too.
    let _judged = (plain, parts, alone);
}

enum Chunk {
    Entries(Vec<PackedEntry>),
    Page(Vec<u8>),
}

fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk> {
    bytes.split(|byte| *byte == 0xff).map(|piece| match piece.split_first() {
        Some((kind, body)) if kind % 2 == 0 => Chunk::Page(body.to_vec()),
        Some((_, body)) => Chunk::Entries(body.split(|byte| *byte == 0xfe).map(packed).collect()),
        None => Chunk::Entries(Vec::new()),
    })
}

fn packed(bytes: &[u8]) -> PackedEntry {
    PackedEntry {
        epoch: 1,
        seq: bytes.len() as u64,
        bytes: bytes.to_vec(),
    }
}

/// The inside of a packet as a hostile but enrolled device could seal it: any entries, any pages, any order, rightly sealed and signed.
/// Opening gives items or a fault, and never an entry that does not follow the one before it.
pub fn packet_inside(bytes: &[u8]) {
    let Some(packet) = sealed_around(bytes) else { return };
    let Ok(mut opened) = PacketOpener::begin(packet.as_slice(), &key()) else {
        return;
    };
    let mut last = 0;
    while let Ok(Some(item)) = opened.next_item() {
        if let PacketItem::Entries(entries) = item {
            for entry in entries {
                assert!(entry.seq > last, "positions only grow");
                last = entry.seq;
            }
        }
    }
}

fn sealed_around(bytes: &[u8]) -> Option<Vec<u8>> {
    let signer = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).ok()?;
    let kit = SealKit {
        packet_key: [1; 32],
        recipients: vec![(Recipient::Centre, box_public_key(&SECRET)?, [2; 32])],
        signer: &signer,
    };
    let through_seq = u64::from(bytes.first().copied().unwrap_or(0));
    let (mut sealer, mut packet) = PacketSealer::begin(kit, head(through_seq)).ok()?;
    for chunk in chunks(bytes) {
        let sealed = match chunk {
            Chunk::Page(page) => sealer.page(&Digest::new([0; 32]), &page),
            Chunk::Entries(entries) => sealer.entries(&entries),
        };
        packet.extend(sealed.unwrap_or_default());
    }
    packet.extend(sealer.end().ok()?.0);
    Some(packet)
}

/// The head of a packet from the beginning of a journal; signer and recipients are filled in when it is sealed.
pub fn head(through_seq: u64) -> PacketHead {
    PacketHead {
        packet: Uuid::from_u128(9),
        counter: "330302-01-003".to_owned(),
        made_ms: 0,
        after_seq: 0,
        after_digest: "0".repeat(64),
        through_seq,
        cases: 0,
        signer: String::new(),
        certificate: None,
        recipients: Vec::new(),
    }
}
