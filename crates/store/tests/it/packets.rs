//! Case packets: what goes in comes out for whom it was made, once, whole or not at all.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use onewindow_case::ids::CounterId;
use onewindow_journal::packet::parts::Parts;
use onewindow_journal::packet::{OpenKey, PacketFault, PacketItem, PacketOpener, Recipient};
use onewindow_journal::sealed_box::box_public_key;
use onewindow_store::{BRANCH_KEY, CarryFault, Identity, KeySource, PacketMade, PacketWish, Store, StoreFault};

use crate::ground::{Dice, NAME, applicant, case, field, open, opened, options, page_bytes, page_kept};
use crate::tally::{Tally, in_full, report};

const CENTRE_SECRET: [u8; 32] = [21; 32];
const BRANCH_SECRET: [u8; 32] = [22; 32];

fn prepared(dir: &Path) -> Store {
    let (store, _) = open(dir);
    store.set_recovery_key(box_public_key(&CENTRE_SECRET).expect("a key")).expect("kept");
    store.keep_secret(BRANCH_KEY, &hex::encode(BRANCH_SECRET)).expect("kept");
    for n in 1..=3 {
        store.append(vec![opened(case(n)), applicant(case(n)), field(case(n), "x")]).expect("appended");
        let digest = store.keep_page(Some(case(n)), &page_bytes(n, 40_000)).expect("kept");
        store.append(vec![page_kept(case(n), n, [digest; 3])]).expect("appended");
    }
    store
}

fn wish(name: &str, part_bytes: u64) -> PacketWish {
    PacketWish {
        cases: None,
        made_ms: 1_795_312_800_000,
        name: name.to_owned(),
        part_bytes,
    }
}

fn opener(files: &[PathBuf], recipient: Recipient, secret: [u8; 32]) -> Result<PacketOpener<Parts<File>>, PacketFault> {
    let parts = Parts::new(files.iter().map(|path| File::open(path).expect("there")))?;
    PacketOpener::begin(parts, &OpenKey { recipient, secret })
}

/// Position and bytes of each.
type Entries = Vec<(u64, Vec<u8>)>;

/// Entries and pages of a packet.
fn content(files: &[PathBuf]) -> (Entries, Vec<Vec<u8>>) {
    let mut opened = opener(files, Recipient::Centre, CENTRE_SECRET).expect("for the centre");
    let (mut entries, mut pages) = (Vec::new(), Vec::new());
    while let Some(item) = opened.next_item().expect("whole") {
        match item {
            PacketItem::Entries(packed) => entries.extend(packed.into_iter().map(|entry| (entry.seq, entry.bytes))),
            PacketItem::Page { bytes, .. } => pages.push(bytes),
        }
    }
    (entries, pages)
}

#[test]
fn a_packet_holds_everything_unsent_for_centre_and_branch_and_nobody_else() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let store = prepared(&dir.path().join("store"));
    let made = store.export_packet(dir.path(), &wish("all", 1 << 30)).expect("made");
    assert_eq!((made.files.len(), made.entries, made.pages, made.cases), (1, 12, 3, 3));
    assert_eq!(made.recipients, [Recipient::Centre, Recipient::Branch]);
    let (entries, pages) = content(&made.files);
    assert_eq!(entries, store.entries_after(0, 1_000, 1 << 20).expect("readable").entries);
    assert_eq!(pages.len(), 3);
    assert!((1..=3).all(|n| pages.contains(&page_bytes(n, 40_000))));
    let proven = opener(&made.files, Recipient::Branch, BRANCH_SECRET)
        .expect("for the branch")
        .prove()
        .expect("whole");
    assert_eq!(proven, made.digest);
    for (recipient, secret) in [
        (Recipient::Centre, BRANCH_SECRET),
        (Recipient::Branch, CENTRE_SECRET),
        (Recipient::Centre, [9; 32]),
    ] {
        assert_eq!(opener(&made.files, recipient, secret).expect_err("not theirs"), PacketFault::NotForUs);
    }
    let bytes = fs::read(&made.files[0]).expect("readable");
    assert!(!bytes.windows(NAME.len()).any(|window| window == NAME.as_bytes()), "no name in clear");
}

#[test]
fn chosen_cases_bring_their_pages_and_an_unbroken_journal() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let store = prepared(&dir.path().join("store"));
    let chosen = PacketWish {
        cases: Some(vec![case(2)]),
        ..wish("one", 1 << 30)
    };
    let made = store.export_packet(dir.path(), &chosen).expect("made");
    assert_eq!(
        (made.entries, made.pages, made.cases),
        (8, 1, 1),
        "up to the case's last entry, and only its page"
    );
    store.set_delivered_through(6).expect("noted");
    let made = store
        .export_packet(
            dir.path(),
            &PacketWish {
                name: "later".to_owned(),
                ..chosen
            },
        )
        .expect("made");
    assert_eq!(made.entries, 2, "what the centre has is not carried again");
    let unknown = PacketWish {
        cases: Some(vec![case(77)]),
        ..wish("none", 1 << 30)
    };
    assert!(matches!(store.export_packet(dir.path(), &unknown), Err(StoreFault::UnknownCase(_))));
}

#[test]
fn a_packet_is_split_for_small_media_and_put_together_in_any_order() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let store = prepared(&dir.path().join("store"));
    let made = store.export_packet(dir.path(), &wish("split", 30_000)).expect("made");
    assert!(made.files.len() >= 4, "{:?}", made.files);
    assert!(made.files.iter().all(|file| fs::metadata(file).expect("there").len() <= 30_000));
    let mut shuffled = made.files.clone();
    shuffled.reverse();
    assert_eq!(opener(&shuffled, Recipient::Centre, CENTRE_SECRET).expect("opens").prove(), Ok(made.digest));
    shuffled.remove(1);
    assert_eq!(
        opener(&shuffled, Recipient::Centre, CENTRE_SECRET).expect_err("one is missing"),
        PacketFault::WrongPart
    );
    let other = store.export_packet(dir.path(), &wish("other", 30_000)).expect("made");
    let mixed = [&made.files[..1], &other.files[1..]].concat();
    assert_eq!(
        opener(&mixed, Recipient::Centre, CENTRE_SECRET).expect_err("of two packets"),
        PacketFault::WrongPart
    );
    assert!(
        store.export_packet(dir.path(), &wish("split", 30_000)).is_err(),
        "an earlier packet is never written over"
    );
    assert!(made.files.iter().all(|file| file.exists()), "and stays");
}

#[test]
fn a_damaged_packet_is_refused_whole_whatever_was_damaged() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let store = prepared(&dir.path().join("store"));
    let made = store.export_packet(dir.path(), &wish("whole", 1 << 30)).expect("made");
    let whole = fs::read(&made.files[0]).expect("readable");
    let path = vec![dir.path().join("harmed.owp")];
    let trials: u64 = if in_full() { 900 } else { 60 };
    let mut dice = Dice(0x1234_5678_9abc_def1);
    let mut told = std::collections::BTreeMap::<&str, u64>::new();
    for trial in 0..trials {
        let mut bytes = whole.clone();
        // Half of the harm falls into the heads, where most of the structure is.
        let at = dice.below(if trial % 2 == 0 { bytes.len() } else { 1_500 });
        match trial % 3 {
            0 => bytes[at] ^= 1 << dice.below(8),
            1 => {
                let end = bytes.len().min(at + 512);
                if bytes[at..end].iter().all(|byte| *byte == 0) {
                    continue;
                }
                bytes[at..end].fill(0);
            }
            _ => bytes.truncate(at),
        }
        fs::write(&path[0], &bytes).expect("written");
        let refused = opener(&path, Recipient::Centre, CENTRE_SECRET).and_then(PacketOpener::prove);
        let fault = refused.expect_err(&format!("trial {trial}, byte {at}: damage was not seen"));
        *told.entry(fault.code()).or_default() += 1;
    }
    let mut longer = whole.clone();
    longer.push(0);
    fs::write(&path[0], longer).expect("written");
    assert!(
        opener(&path, Recipient::Centre, CENTRE_SECRET).and_then(PacketOpener::prove).is_err(),
        "something was added"
    );
    println!("damaged packets: {told:?}");
    report(
        "damage to packets",
        &Tally {
            faults: trials,
            ..Tally::default()
        },
    );
}

#[test]
fn another_counter_carries_a_packet_once_and_hands_it_on_as_it_came() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let store = prepared(&dir.path().join("store"));
    let made = store.export_packet(dir.path(), &wish("carried", 30_000)).expect("made");
    let other_identity = Identity {
        counter: CounterId::new("330302-01-004"),
    };
    let (other, _) = Store::open_with(&dir.path().join("other"), &other_identity, &KeySource::File, &options(), &|_| {}).expect("opens");
    assert!(
        matches!(other.carry_packet(&made.files, |_| true), Err(CarryFault::Packet(PacketFault::NotForUs))),
        "a counter outside of the branch cannot take it"
    );
    other.keep_secret(BRANCH_KEY, &hex::encode(BRANCH_SECRET)).expect("kept");
    let signer = store.device_key();
    let refused = other.carry_packet(&made.files, |head| head.signer != signer);
    assert!(
        matches!(refused, Err(CarryFault::Packet(PacketFault::BadSignature))),
        "a device nobody vouches for"
    );
    let taken = other.carry_packet(&made.files, |head| head.signer == signer).expect("taken");
    assert_eq!((taken.digest, taken.known, taken.head.counter.as_str()), (made.digest, false, "330302-01-003"));
    let again = other.carry_packet(&made.files, |_| true).expect("taken again");
    assert!(again.known, "twice is harmless");
    let listed = other.carried_packets().expect("listed");
    assert_eq!(listed.iter().map(|carried| carried.digest).collect::<Vec<_>>(), [made.digest]);
    let copy = other.carried_file(&made.digest);
    let opened = PacketOpener::begin(
        File::open(&copy).expect("there"),
        &OpenKey {
            recipient: Recipient::Centre,
            secret: CENTRE_SECRET,
        },
    );
    assert_eq!(opened.expect("whole").prove(), Ok(made.digest), "the centre gets it as it was made");
    other.let_go_packet(&made.digest).expect("handed on");
    assert!(other.carried_packets().expect("listed").is_empty());
    assert!(
        matches!(store.carry_packet(&made.files, |_| true), Err(CarryFault::Own)),
        "a counter does not carry for itself"
    );
}

#[test]
fn without_anybody_who_could_open_it_no_packet_is_made() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(&dir.path().join("store"));
    store.append(vec![opened(case(1))]).expect("appended");
    let refused: Result<PacketMade, _> = store.export_packet(dir.path(), &wish("none", 1 << 30));
    assert_eq!(refused.expect_err("nobody").code(), "no-recipient");
    assert!(!dir.path().join("none.owp").exists());
}
