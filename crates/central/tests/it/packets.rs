//! Case packets at the centre: taken whole, once, from whoever may bring them; and the keys that counters need to make them.

use std::path::PathBuf;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use onewindow_journal::packet::parts::PartHead;
use onewindow_journal::packet::{DeviceCertificate, PackedEntry, PacketHead, PacketSealer, Recipient, SealKit};
use onewindow_journal::receipt::CommitReceipt;
use onewindow_wire::COUNTER_HEADER;
use onewindow_wire::counter::{CounterKeysReply, CounterKeysRequest, EpochReply, PacketReceipt};
use onewindow_wire::licence::KeyList;
use onewindow_wire::path;
use uuid::Uuid;

use crate::counter::{Counter, digest_of};
use crate::stand::{ELSEWHERE, FIRST, Refused, SECOND, Stand, answer, refused};

const DEVICE_SEED: [u8; 32] = [7; 32];

fn device() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&DEVICE_SEED).unwrap()
}

async fn keys(stand: &Stand, counter: &Counter) -> CounterKeysReply {
    let request = CounterKeysRequest {
        device_key: hex::encode(device().public_key().as_ref()),
    };
    let asked = stand.client.post(stand.at(path::COUNTER_KEYS)).bearer_auth(&counter.token);
    let asked = asked.header(COUNTER_HEADER, counter.id.as_str()).json(&request);
    answer(asked.send().await.unwrap()).await.unwrap()
}

fn key(text: &str) -> [u8; 32] {
    hex::decode(text).unwrap().try_into().unwrap()
}

/// A packet of everything a counter has written, behind `after` entries.
fn packet(counter: &Counter, keys: &CounterKeysReply, after: usize, pages: &[&[u8]], certificate: Option<DeviceCertificate>) -> Vec<u8> {
    let signer = device();
    let kit = SealKit {
        packet_key: [1; 32],
        recipients: vec![(Recipient::Centre, key(&keys.recovery_key), [2; 32])],
        signer: &signer,
    };
    let mut before = onewindow_journal::Head::EMPTY;
    let bytes_of = |entry: &onewindow_wire::entries::EntryBytes| STANDARD.decode(&entry.bytes).unwrap();
    for entry in &counter.entries[..after] {
        before = before.after(&bytes_of(entry));
    }
    let head = PacketHead {
        packet: Uuid::from_u128(9),
        counter: counter.id.to_string(),
        made_ms: 0,
        after_seq: before.seq,
        after_digest: before.digest.to_string(),
        through_seq: counter.head.seq,
        cases: 1,
        signer: String::new(),
        certificate,
        recipients: Vec::new(),
    };
    let (mut sealer, mut bytes) = PacketSealer::begin(kit, head).unwrap();
    let packed: Vec<_> = counter.entries[after..]
        .iter()
        .map(|entry| PackedEntry {
            epoch: counter.epoch,
            seq: entry.seq,
            bytes: bytes_of(entry),
        })
        .collect();
    bytes.extend(sealer.entries(&packed).unwrap());
    for page in pages {
        bytes.extend(sealer.page(&digest_of(page), page).unwrap());
    }
    bytes.extend(sealer.end().unwrap().0);
    bytes
}

async fn bring(stand: &Stand, bearer: &Counter, bytes: Vec<u8>) -> Result<PacketReceipt, Refused> {
    let request = stand.client.post(stand.at(path::PACKETS)).bearer_auth(&bearer.token);
    answer(request.header(COUNTER_HEADER, bearer.id.as_str()).body(bytes).send().await.unwrap()).await
}

#[tokio::test]
async fn a_packet_brought_by_another_counter_of_the_branch_is_taken_once_and_whole() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let bearer = stand.counter(SECOND).await;
    let keys = keys(&stand, &counter).await;
    let draft = counter.karaoke(b"a page");
    let bytes = packet(&counter, &keys, 0, &[b"a page"], None);
    let receipt = bring(&stand, &bearer, bytes.clone()).await.unwrap();
    assert_eq!((receipt.entries, receipt.pages, receipt.known), (counter.head.seq, 1, false));
    assert_eq!(receipt.counter, FIRST);
    let again = bring(&stand, &counter, bytes).await.unwrap();
    assert_eq!((again.digest, again.known), (receipt.digest, true), "twice is harmless");
    let words = counter.words(&draft.id.to_string()).await;
    assert!(words.iter().any(|word| word.starts_with("received")), "the case is at the centre: {words:?}");
    let asked = counter.send(&[]).await.unwrap();
    assert_eq!((asked.received_through, asked.committed_through), (counter.head.seq, counter.head.seq));
    assert_eq!(
        counter.send_all().await.unwrap().received_through,
        counter.head.seq,
        "over the line it may come too"
    );
}

#[tokio::test]
async fn a_damaged_or_foreign_packet_leaves_nothing_behind() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let elsewhere = stand.counter(ELSEWHERE).await;
    let keys = keys(&stand, &counter).await;
    counter.karaoke(b"a page");
    let whole = packet(&counter, &keys, 0, &[b"a page"], None);
    let mut changed = whole.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    assert_eq!(bring(&stand, &counter, changed).await, Err(refused(400, "packet-damaged")));
    assert_eq!(
        bring(&stand, &counter, whole[..whole.len() - 30].to_vec()).await,
        Err(refused(400, "packet-truncated"))
    );
    assert_eq!(
        bring(&stand, &counter, b"something else".to_vec()).await,
        Err(refused(400, "packet-unrecognised"))
    );
    assert_eq!(
        bring(&stand, &elsewhere, whole.clone()).await,
        Err(refused(401, "unauthorised")),
        "of another branch"
    );
    assert_eq!(counter.send(&[]).await.unwrap().received_through, 0, "nothing of them was used");
    assert_eq!(counter.missing(&[digest_of(b"a page")]).await.len(), 1);
    bring(&stand, &counter, whole).await.unwrap();
}

#[tokio::test]
async fn a_device_that_nobody_vouches_for_is_refused_and_a_certified_one_is_not() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let given = keys(&stand, &counter).await;
    counter.note();
    // The counter was set up anew and has told the centre another device key since.
    let request = CounterKeysRequest { device_key: "ab".repeat(32) };
    let asked = stand.client.post(stand.at(path::COUNTER_KEYS)).bearer_auth(&counter.token);
    let told = asked.header(COUNTER_HEADER, FIRST).json(&request).send().await.unwrap();
    assert!(told.status().is_success());
    let bytes = packet(&counter, &given, 0, &[], None);
    assert_eq!(bring(&stand, &counter, bytes).await, Err(refused(400, "packet-bad-signature")));
    let certificate = DeviceCertificate {
        key_id: given.device_certificate.key_id.clone(),
        signature: given.device_certificate.signature.clone(),
    };
    bring(&stand, &counter, packet(&counter, &given, 0, &[], Some(certificate))).await.unwrap();
}

#[tokio::test]
async fn a_packet_that_begins_too_late_waits_for_what_comes_before_it() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let keys = keys(&stand, &counter).await;
    for _ in 0..6 {
        counter.note();
    }
    let late = packet(&counter, &keys, 4, &[], None);
    assert_eq!(bring(&stand, &counter, late.clone()).await, Err(refused(409, "chain_broken")));
    counter.send(&counter.entries[..4]).await.unwrap();
    assert_eq!(bring(&stand, &counter, late).await.unwrap().entries, 2);
    assert_eq!(counter.send(&[]).await.unwrap().received_through, 6);
}

#[tokio::test]
async fn a_packet_is_imported_from_the_files_of_a_stick() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let keys = keys(&stand, &counter).await;
    counter.karaoke(b"a page");
    let bytes = packet(&counter, &keys, 0, &[b"a page"], None);
    let dir = tempfile::tempdir().unwrap();
    let pieces: Vec<_> = bytes.chunks(bytes.len() / 3 + 1).collect();
    let files: Vec<PathBuf> = (0..pieces.len()).map(|n| dir.path().join(format!("{n}.owp"))).collect();
    for (place, piece) in pieces.iter().enumerate() {
        let head = PartHead {
            packet: Uuid::from_u128(9),
            number: u16::try_from(place + 1).unwrap(),
            last: place + 1 == pieces.len(),
        };
        std::fs::write(&files[place], [&head.to_bytes()[..], piece].concat()).unwrap();
    }
    assert!(stand.centre.import_packet(files[1..].to_vec()).await.is_err(), "a part is missing");
    let mut shuffled = files.clone();
    shuffled.reverse();
    let receipt = stand.centre.import_packet(shuffled).await.unwrap();
    assert_eq!((receipt.entries, receipt.pages, receipt.known), (counter.head.seq, 1, false));
    assert!(stand.centre.import_packet(files).await.unwrap().known);
}

#[tokio::test]
async fn receipts_are_signed_by_the_office_for_what_is_committed() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    assert_eq!(counter.send(&[]).await.unwrap().signed, None, "nothing is committed");
    counter.karaoke(b"a page");
    let waiting = counter.send_all().await.unwrap();
    counter.put(b"a page").await.unwrap();
    let committed = counter.send(&[]).await.unwrap();
    assert!(waiting.committed_through < committed.committed_through);
    let list: KeyList = answer(stand.client.get(stand.at(path::KEYS)).send().await.unwrap()).await.unwrap();
    let office = list.keys[0].public_key.clone();
    for receipt in [waiting, committed] {
        let signed = receipt.signed.unwrap();
        let said = CommitReceipt {
            counter: FIRST.to_owned(),
            epoch: signed.epoch,
            committed_through: receipt.committed_through,
            chain: onewindow_case::ids::Digest::parse_hex(&signed.chain).unwrap(),
            time_ms: receipt.time_ms,
            signature: signed.signature,
        };
        let proven = said.prove(FIRST, &office).expect("the office's signature holds");
        assert_eq!(proven.committed().seq, receipt.committed_through);
    }
}

#[tokio::test]
async fn a_restored_counter_gets_an_epoch_above_all_that_the_centre_knows() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    counter.note();
    counter.send_all().await.unwrap();
    let asked = stand.client.post(stand.at(path::COUNTER_EPOCH)).bearer_auth(&counter.token);
    let reply: EpochReply = answer(asked.header(COUNTER_HEADER, FIRST).send().await.unwrap()).await.unwrap();
    assert_eq!(reply.epoch, counter.epoch + 1);
}
