//! Stores of former formats open, are migrated, and hold everything they held; stores of newer formats are refused politely.

use std::fs;
use std::path::{Path, PathBuf};

use onewindow_store::{KeySource, OpenReport, Store};
use zeroize::Zeroizing;

use crate::damage::copy;
use crate::ground::{ID_NUMBER, case, field, identity, open, options, page_bytes, stamp, try_open};

fn fixture(name: &str) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let store = dir.path().join("store");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name), &store);
    (dir, store)
}

/// Everything that the fixtures `v1` and `v2` hold.
fn check_content(store: &Store, report: &OpenReport, name: &str) {
    assert_eq!((report.cases, report.losses.len(), report.torn_tail_bytes), (3, 0, 0), "{name}: {report:?}");
    for n in 1..=3_u64 {
        let found = store.find_case(case(n)).expect("readable").expect("there");
        assert_eq!(
            found.applicant.as_ref().map(|applicant| applicant.id_number.as_str()),
            Some(ID_NUMBER),
            "{name}"
        );
        assert_eq!(store.history(case(n)).expect("readable").len(), found.revision as usize, "{name}");
        for page in &found.pages {
            let expected = if page.id == crate::ground::page(n) {
                page_bytes(n, 3_000)
            } else {
                page_bytes(99, 1_500)
            };
            assert_eq!(store.read_page(&page.original).expect("there"), expected, "{name}");
        }
    }
    assert_eq!((store.feed_cursor(), store.epoch()), (17, 2), "{name}");
    assert_eq!(store.next_case_sequence(stamp()).expect("taken"), 4, "{name}: numbers go on");
    assert_eq!(store.next_document_number("receipt", stamp()).expect("taken"), 2, "{name}");
    let (chain, pages) = (store.verify().expect("readable"), store.verify_pages().expect("readable"));
    assert!(chain.holds(), "{name}: {chain:?}");
    assert_eq!((pages.whole, pages.missing.len(), pages.damaged.len()), (4, 0, 0), "{name}");
    store.append(vec![field(case(2), "after the migration")]).expect("and it goes on");
}

#[test]
fn stores_of_every_former_format_open_with_everything_in_them() {
    for (name, migrated_from) in [("v1", Some(1)), ("v2", None)] {
        let (_dir, path) = fixture(name);
        let (store, report) = open(&path);
        assert_eq!(report.migrated_from, migrated_from, "{name}");
        check_content(&store, &report, name);
        drop(store);
        let (store, report) = open(&path);
        assert_eq!((report.migrated_from, report.rebuilt), (None, None), "{name}: it is migrated once");
        assert!(store.verify().expect("readable").holds(), "{name}");
    }
}

#[test]
fn a_store_under_a_passphrase_is_migrated_too() {
    let (_dir, path) = fixture("v1-passphrase");
    let passphrase = KeySource::Passphrase(Zeroizing::new("spring river".to_owned()));
    let (store, report) = Store::open_with(&path, &identity(), &passphrase, &options(), &|_| {}).expect("opens");
    assert_eq!((report.migrated_from, report.cases), (Some(1), 1));
    assert_eq!(store.find_case(case(1)).expect("readable").expect("there").revision, 2);
}

#[test]
fn a_migration_can_be_cut_off_anywhere_and_begun_again() {
    let (_dir, path) = fixture("v1");
    drop(open(&path));
    // The ring was written, the format was not.
    let format = fs::read_to_string(path.join("FORMAT"))
        .expect("readable")
        .replace("\"format\":2", "\"format\":1");
    fs::write(path.join("FORMAT"), format).expect("written");
    let (store, report) = open(&path);
    assert_eq!(report.migrated_from, Some(1));
    check_content(&store, &report, "cut off");
}

#[test]
fn a_store_of_a_newer_format_is_refused_and_left_as_it_is() {
    let (_dir, path) = fixture("v2");
    let format = fs::read_to_string(path.join("FORMAT"))
        .expect("readable")
        .replace("\"format\":2", "\"format\":9");
    fs::write(path.join("FORMAT"), &format).expect("written");
    assert_eq!(try_open(&path).expect_err("newer").code(), "newer-format");
    assert_eq!(fs::read_to_string(path.join("FORMAT")).expect("readable"), format);
}

#[test]
fn a_store_whose_ring_is_gone_does_not_get_a_new_one() {
    let (_dir, path) = fixture("v2");
    for name in ["ring", "ring.copy"] {
        fs::remove_file(path.join("keys").join(name)).expect("removed");
    }
    assert_eq!(try_open(&path).expect_err("no ring").code(), "wrong-key");
}

/// Writes the fixture of the format of today; run by hand before the format changes, see the folder's README.
#[test]
#[ignore = "writes into the sources"]
fn write_the_fixture_of_today() {
    let (_dir, path) = fixture("v1");
    let (store, _) = open(&path);
    let public = onewindow_journal::sealed_box::box_public_key(&[11; 32]).expect("a key");
    store.set_recovery_key(public).expect("kept");
    store.flush().expect("flushed");
    drop(store);
    let rotation = onewindow_store::Rotation {
        new_device_key: true,
        root: KeySource::File,
    };
    Store::rotate_keys(&path, &KeySource::File, &rotation).expect("rotated");
    let (store, _) = open(&path);
    store.append(vec![field(case(3), "under the second key")]).expect("appended");
    store.flush().expect("flushed");
    drop(store);
    for stray in ["store.lock", "set-aside", "tmp"] {
        let _absent = fs::remove_dir_all(path.join(stray)).or_else(|_| fs::remove_file(path.join(stray)));
    }
    copy(&path, &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/v2"));
}
