//! Bits flip, blocks turn to zero, files are cut, torn apart by stray bytes, or gone. Every acknowledged entry and page is there, byte for byte, or its
//! loss is named and everything else is there. Nothing wrong is ever returned.

use std::fs;
use std::path::{Path, PathBuf};

use onewindow_case::ids::Digest;
use onewindow_store::StoreFault;

use crate::ground::{Dice, case, field, open, opened, page_bytes, page_kept, try_open};
use crate::tally::{Tally, in_full, report};

const CASES: u64 = 12;
const FIELDS: u32 = 30;

struct Planted {
    entries: Vec<Vec<u8>>,
    pages: Vec<(Digest, Vec<u8>)>,
}

/// Several segments of journal and some pages.
fn plant(dir: &Path) -> Planted {
    let (store, _) = open(dir);
    let mut pages = Vec::new();
    for n in 0..CASES {
        store.append(vec![opened(case(n))]).expect("appended");
        let bytes = page_bytes(n, 20_000);
        let digest = store.keep_page(Some(case(n)), &bytes).expect("kept");
        store.append(vec![page_kept(case(n), n, [digest; 3])]).expect("appended");
        pages.push((digest, bytes));
        for round in 0..FIELDS {
            store.append(vec![field(case(n), &format!("{round} {}", "值".repeat(120)))]).expect("appended");
        }
    }
    let entries = store
        .entries_after(0, usize::MAX, usize::MAX)
        .expect("readable")
        .entries
        .into_iter()
        .map(|(_, bytes)| bytes)
        .collect();
    Planted { entries, pages }
}

pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("made");
    for file in fs::read_dir(from).expect("listed").flatten() {
        let target = to.join(file.file_name());
        if file.path().is_dir() {
            copy(&file.path(), &target);
        } else {
            fs::copy(file.path(), target).expect("copied");
        }
    }
}

pub fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for file in fs::read_dir(dir).expect("listed").flatten() {
        if file.path().is_dir() {
            found.extend(files(&file.path()));
        } else if fs::metadata(file.path()).expect("there").len() > 0 {
            found.push(file.path());
        }
    }
    found.sort();
    found
}

#[derive(Debug, Clone, Copy)]
enum Harm {
    Flip,
    Zero,
    Cut,
    Stray,
}

fn harm(path: &Path, harm: Harm, dice: &mut Dice) {
    let mut bytes = fs::read(path).expect("readable");
    let at = dice.below(bytes.len());
    match harm {
        Harm::Flip => bytes[at] ^= 1 << dice.below(8),
        Harm::Zero => {
            let end = bytes.len().min(at + 4_096);
            bytes[at..end].fill(0);
        }
        Harm::Cut => bytes.truncate(at),
        Harm::Stray => drop(bytes.splice(at..at, (0..1 + dice.below(200)).map(|n| n as u8).collect::<Vec<_>>())),
    }
    fs::write(path, bytes).expect("written");
}

/// Trials by how they ended.
#[derive(Default, Debug)]
struct Counts {
    harmless: u64,
    rebuilt: u64,
    named: u64,
    tally: Tally,
}

/// Opens the harmed store and compares everything with what was planted.
fn judge(dir: &Path, planted: &Planted, counts: &mut Counts, said: &str) {
    counts.tally.faults += 1;
    let (store, report) = match try_open(dir) {
        Ok(opened) => opened,
        Err(StoreFault::Damaged { .. } | StoreFault::WrongKey | StoreFault::NewerFormat { .. }) => {
            counts.named += 1;
            return;
        }
        Err(fault) => panic!("{said}: {fault:?}"),
    };
    let chain = store.verify().expect(said);
    let mut lost: Vec<u64> = Vec::new();
    for loss in report.losses.iter().chain(&chain.losses) {
        lost.extend(loss.from_seq..=loss.to_seq);
    }
    let mut found = vec![None; planted.entries.len()];
    let mut after = 0;
    loop {
        let batch = store.entries_after(after, usize::MAX, usize::MAX).expect(said);
        let Some((last, _)) = batch.entries.last() else { break };
        after = *last;
        for (seq, bytes) in batch.entries {
            let slot = usize::try_from(seq).expect("small") - 1;
            if slot < found.len() {
                found[slot] = Some(bytes);
            }
        }
    }
    let mut missing = false;
    for (slot, expected) in planted.entries.iter().enumerate() {
        let seq = slot as u64 + 1;
        match &found[slot] {
            Some(bytes) if bytes == expected => {}
            Some(_) => counts.tally.undetected.push(format!("{said}: entry {seq} came back changed")),
            None => {
                missing = true;
                if !lost.contains(&seq) {
                    let unsaid = format!("{said}: entry {seq} is gone and nobody said so: {report:?} {chain:?}");
                    counts.tally.undetected.push(unsaid);
                    break;
                }
            }
        }
    }
    let pages = store.verify_pages().expect(said);
    for (digest, bytes) in &planted.pages {
        match store.read_page(digest) {
            Ok(found) if found == *bytes => {}
            Ok(_) => counts.tally.undetected.push(format!("{said}: page {digest} came back changed")),
            Err(StoreFault::Damaged { .. } | StoreFault::UnknownPage(_)) => {
                missing = true;
                if !pages.damaged.contains(digest) && !pages.missing.contains(digest) && lost.is_empty() {
                    counts.tally.undetected.push(format!("{said}: page {digest} is gone and nobody said so"));
                }
            }
            Err(fault) => panic!("{said}: {fault:?}"),
        }
    }
    if !missing && lost.is_empty() && chain.holds() {
        for n in 0..CASES {
            let revision = store.find_case(case(n)).expect(said).map_or(0, |found| found.revision);
            counts.tally.expect(revision == FIELDS + 2, || format!("{said}: case {n} at {revision}"));
        }
    }
    counts.named += u64::from(missing);
    counts.rebuilt += u64::from(!missing && report.rebuilt.is_some());
    counts.harmless += u64::from(!missing && report.rebuilt.is_none());
    store.append(vec![opened(case(999))]).expect("and the store goes on");
    drop(store);
    try_open(dir).expect("and opens again");
}

fn trials(folder: &str) -> Counts {
    // In full: 300 of each harm to each kind of file.
    let count = if in_full() { 300 } else { 4 };
    let original = tempfile::tempdir().expect("a temporary folder");
    let planted = plant(original.path());
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut counts = Counts::default();
    for kind in [Harm::Flip, Harm::Zero, Harm::Cut, Harm::Stray] {
        for trial in 0..count {
            let dir = tempfile::tempdir().expect("a temporary folder");
            copy(original.path(), dir.path());
            let candidates = files(&dir.path().join(folder));
            let victim = &candidates[dice.below(candidates.len())];
            harm(victim, kind, &mut dice);
            judge(
                dir.path(),
                &planted,
                &mut counts,
                &format!("{kind:?} {trial} of {}", victim.strip_prefix(dir.path()).expect("inside").display()),
            );
        }
    }
    counts.tally.notes = vec![("harmless", counts.harmless), ("index rebuilt", counts.rebuilt), ("named", counts.named)];
    // What only an index held is in the journal: that anything had to be named lost then is a loss.
    if folder == "index" && counts.named > 0 {
        counts.tally.lost.push(format!("{} trials lost something with the index alone", counts.named));
    }
    report(&format!("damage to {folder}"), &counts.tally);
    counts
}

#[test]
fn a_damaged_index_costs_nothing_but_time() {
    let counts = trials("index");
    assert!(counts.rebuilt > 0, "{counts:?}");
}

#[test]
fn a_damaged_journal_is_named_and_the_rest_is_there() {
    let counts = trials("journal");
    assert!(counts.named > 0, "{counts:?}");
}

#[test]
fn a_damaged_page_is_named_and_the_rest_is_there() {
    let counts = trials("pages");
    assert_eq!(counts.named, counts.tally.faults, "{counts:?}");
}

#[test]
fn damaged_keys_are_named_or_healed() {
    trials("keys");
}

#[test]
fn a_damaged_page_is_mended_when_the_same_page_comes_again() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(dir.path());
    store.append(vec![opened(case(1))]).expect("appended");
    let digest = store.keep_page(Some(case(1)), b"a page").expect("kept");
    let file = files(&dir.path().join("pages")).remove(0);
    fs::write(&file, b"OWP1 something else").expect("harmed");
    assert!(matches!(store.read_page(&digest), Err(StoreFault::Damaged { .. })));
    store.keep_page(Some(case(1)), b"a page").expect("kept");
    assert_eq!(store.read_page(&digest).expect("mended"), b"a page");
}

#[test]
fn a_lost_last_entry_is_noticed_and_its_number_is_not_given_again() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(dir.path());
    store.append(vec![opened(case(1))]).expect("appended");
    store.append(vec![field(case(1), "acknowledged")]).expect("appended");
    drop(store);
    let segment = files(&dir.path().join("journal")).remove(0);
    let bytes = fs::read(&segment).expect("readable");
    fs::write(&segment, &bytes[..bytes.len() - 10]).expect("harmed");
    let (store, report) = open(dir.path());
    assert_eq!(report.rebuilt.map(|reason| reason.code()), Some("index-ahead"));
    assert_eq!(report.losses.iter().map(|loss| (loss.from_seq, loss.to_seq)).collect::<Vec<_>>(), [(2, 2)]);
    assert_eq!((report.epoch, store.head().seq), (2, 2), "a new epoch begins behind the loss");
    assert_eq!(store.append(vec![field(case(1), "new")]).expect("appended")[0].seq, 3);
    drop(store);
    let (store, report) = open(dir.path());
    assert_eq!((report.rebuilt, report.epoch), (None, 2), "the loss is settled");
    assert!(!store.verify().expect("readable").holds(), "and stays visible");
}

#[test]
fn a_torn_tail_is_cut_off_and_nothing_else() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(dir.path());
    store.append(vec![opened(case(1))]).expect("appended");
    drop(store);
    let segment = files(&dir.path().join("journal")).remove(0);
    let whole = fs::read(&segment).expect("readable");
    for tail in [&b"OWR1"[..], &[0; 5_000], &whole[100..], b"x"] {
        fs::write(&segment, [&whole[..], tail].concat()).expect("torn");
        let (store, report) = open(dir.path());
        assert_eq!(
            (report.torn_tail_bytes, report.entries, report.losses.len(), report.rebuilt),
            (tail.len() as u64, 1, 0, None)
        );
        drop(store);
        assert_eq!(fs::read(&segment).expect("readable"), whole);
    }
}

#[test]
fn stray_bytes_before_any_record_cost_nothing() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(dir.path());
    let segment = files(&dir.path().join("journal")).remove(0);
    let mut begins = Vec::new();
    let values = ["first", "second", "third"];
    begins.push(fs::metadata(&segment).expect("there").len());
    store.append(vec![opened(case(1))]).expect("appended");
    for value in values {
        begins.push(fs::metadata(&segment).expect("there").len());
        store.append(vec![field(case(1), value)]).expect("appended");
    }
    drop(store);
    let whole = fs::read(&segment).expect("readable");
    for at in begins {
        let harmed = tempfile::tempdir().expect("a temporary folder");
        copy(dir.path(), harmed.path());
        let mut bytes = whole.clone();
        let at = usize::try_from(at).expect("small");
        bytes.splice(at..at, *b"OWR1 and what is no record");
        fs::write(harmed.path().join("journal").join(segment.file_name().expect("named")), bytes).expect("harmed");
        for said in ["with the index", "and once more"] {
            let (store, report) = open(harmed.path());
            assert_eq!((report.entries, report.torn_tail_bytes, report.rebuilt), (4, 0, None), "{said}");
            assert_eq!((report.losses.len(), report.epoch), (0, 1), "{said}");
            assert_eq!(
                store.history(case(1)).expect("readable").len(),
                4,
                "entries are found where they lie now, {said}"
            );
            assert_eq!(store.find_case(case(1)).expect("readable").map(|case| case.revision), Some(4), "{said}");
            assert_eq!(store.entries_after(3, 9, usize::MAX).expect("readable").entries.len(), 1, "{said}");
            assert!(store.chain_at(3).is_some() && store.verify().expect("readable").holds(), "{said}");
        }
        let (store, _) = open(harmed.path());
        assert_eq!(store.append(vec![field(case(1), "goes on")]).expect("appended")[0].seq, 5);
        let last = files(&harmed.path().join("journal")).pop().expect("a segment");
        assert_ne!(last.file_name(), segment.file_name(), "nothing more is written into a harmed file");
        fs::remove_dir_all(harmed.path().join("index")).expect("removed");
        drop(store);
        assert_eq!(open(harmed.path()).1.entries, 5, "the same without an index");
    }
}

#[test]
fn sending_goes_on_behind_a_record_whose_length_is_damaged() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(dir.path());
    let segment = files(&dir.path().join("journal")).remove(0);
    store.append(vec![opened(case(1))]).expect("appended");
    let at = usize::try_from(fs::metadata(&segment).expect("there").len()).expect("small");
    for _round in 0..40 {
        store.append(vec![field(case(1), &"值".repeat(120))]).expect("appended");
    }
    drop(store);
    let mut bytes = fs::read(&segment).expect("readable");
    // 4 KiB more than the second record has: an outline leads past the records behind it.
    bytes[at + 6] ^= 0x10;
    fs::write(&segment, bytes).expect("harmed");
    let (store, report) = open(dir.path());
    assert_eq!(report.losses.iter().map(|loss| (loss.from_seq, loss.to_seq)).collect::<Vec<_>>(), [(2, 2)]);
    for after in 2..41 {
        let batch = store.entries_after(after, 1, usize::MAX).expect("readable");
        assert_eq!(batch.entries.first().map(|(seq, _)| *seq), Some(after + 1), "no whole entry is passed");
        assert!(store.chain_at(after + 1).is_some());
        // Forgets where sending stood.
        let _first = store.entries_after(0, 1, usize::MAX).expect("readable");
    }
}

#[test]
fn a_damaged_format_file_is_written_anew_by_what_the_journal_proves() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(dir.path());
    store.append(vec![opened(case(1))]).expect("appended");
    drop(store);
    let path = dir.path().join("FORMAT");
    let whole = fs::read(&path).expect("readable");
    let other_check = String::from_utf8(whole.clone())
        .expect("text")
        .replace("\"key_check\":\"", "\"key_check\":\"00");
    for harmed in [&b""[..], b"garbage", other_check.as_bytes()] {
        fs::write(&path, harmed).expect("harmed");
        assert_eq!(open(dir.path()).1.entries, 1);
        assert_eq!(fs::read(&path).expect("readable"), whole);
    }
    fs::remove_file(&path).expect("removed");
    assert_eq!(open(dir.path()).1.entries, 1);
    fs::write(&path, String::from_utf8(whole).expect("text").replace("\"format\":2", "\"format\":3")).expect("harmed");
    assert_eq!(try_open(dir.path()).expect_err("newer").code(), "newer-format");
}
