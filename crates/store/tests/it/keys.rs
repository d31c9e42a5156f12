//! Keys: rotation, another root, recovery by the centre, and what is left when a case's key is destroyed.

use std::fs;
use std::path::Path;

use onewindow_journal::sealed_box::box_public_key;
use onewindow_store::{KeySource, Options, Rotation, Store, StoreFault, recover_case_key};
use zeroize::Zeroizing;

use crate::ground::{applicant, case, field, identity, open, opened, options, page_bytes, page_kept};

const RECOVERY_SECRET: [u8; 32] = [11; 32];

fn open_with(dir: &Path, keys: &KeySource) -> Result<Store, StoreFault> {
    Store::open_with(dir, &identity(), keys, &options(), &|_| {}).map(|(store, _)| store)
}

fn passphrase(words: &str) -> KeySource {
    KeySource::Passphrase(Zeroizing::new(words.to_owned()))
}

fn store_of_two_cases(dir: &Path) -> Store {
    let (store, _) = open(dir);
    for n in 1..=2 {
        store.append(vec![opened(case(n)), applicant(case(n))]).expect("appended");
        let digest = store.keep_page(Some(case(n)), &page_bytes(n, 2_000)).expect("kept");
        store.append(vec![page_kept(case(n), n, [digest; 3])]).expect("appended");
    }
    store
}

fn check_all(store: &Store, said: &str) {
    for n in 1..=2 {
        let found = store.find_case(case(n)).expect(said).expect(said);
        assert_eq!(store.read_page(&found.pages[0].original).expect(said), page_bytes(n, 2_000), "{said}");
    }
    assert!(store.verify().expect(said).holds(), "{said}");
}

#[test]
fn a_rotation_wraps_everything_anew_and_the_journal_goes_on() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let store = store_of_two_cases(dir.path());
    let rotation = Rotation {
        new_device_key: true,
        root: KeySource::File,
    };
    assert_eq!(
        Store::rotate_keys(dir.path(), &KeySource::File, &rotation).expect_err("open").code(),
        "locked",
        "nobody rotates under a store at work"
    );
    drop(store);
    let key_file = files(&dir.path().join("keys/cases")).remove(0);
    let before = fs::read(&key_file).expect("readable");
    for turn in 1..=3 {
        Store::rotate_keys(dir.path(), &KeySource::File, &rotation).expect("rotated");
        let (store, report) = open(dir.path());
        assert_eq!(report.rebuilt.map(|reason| reason.code()), Some("key-rotated"), "turn {turn}");
        check_all(&store, "rotated");
        store.append(vec![field(case(1), "under a new key")]).expect("appended");
        drop(store);
        let (store, report) = open(dir.path());
        assert_eq!((report.rebuilt, report.losses.len()), (None, 0), "turn {turn}: the rotation is over");
        check_all(&store, "opened again");
    }
    assert_ne!(fs::read(&key_file).expect("readable"), before, "the key of the case is wrapped anew");
}

#[test]
fn a_rotation_cut_off_at_any_file_goes_on_at_the_next_start() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    drop(store_of_two_cases(dir.path()));
    let keys = dir.path().join("keys");
    let root_before = fs::read(keys.join("device.key")).expect("readable");
    let rings_before = ["ring", "ring.copy"].map(|name| fs::read(keys.join(name)).expect("readable"));
    let rotation = Rotation {
        new_device_key: false,
        root: KeySource::File,
    };
    Store::rotate_keys(dir.path(), &KeySource::File, &rotation).expect("rotated");
    let root_after = fs::read(keys.join("device.key")).expect("readable");
    let ring_after = fs::read(keys.join("ring")).expect("readable");
    // As if the power had failed right after each of the steps: next ring, root, copy, ring.
    let states: [(&[u8], [&[u8]; 2]); 4] = [
        (&root_before, [&rings_before[0], &rings_before[1]]),
        (&root_after, [&rings_before[0], &rings_before[1]]),
        (&root_after, [&rings_before[0], &ring_after]),
        (&root_after, [&ring_after, &ring_after]),
    ];
    for (step, (root, rings)) in states.into_iter().enumerate() {
        fs::write(keys.join("device.key"), root).expect("written");
        fs::write(keys.join("ring"), rings[0]).expect("written");
        fs::write(keys.join("ring.copy"), rings[1]).expect("written");
        fs::write(keys.join("ring.next"), &ring_after).expect("written");
        let store = open_with(dir.path(), &KeySource::File).unwrap_or_else(|fault| panic!("step {step}: {fault:?}"));
        check_all(&store, "after a cut");
    }
}

#[test]
fn the_root_can_move_to_a_passphrase_and_to_other_words() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    drop(store_of_two_cases(dir.path()));
    let rotate = |from: &KeySource, to: KeySource| {
        let rotation = Rotation {
            new_device_key: false,
            root: to,
        };
        Store::rotate_keys(dir.path(), from, &rotation)
    };
    rotate(&KeySource::File, passphrase("spring river")).expect("moved");
    assert!(!dir.path().join("keys/device.key").exists(), "the raw key is gone");
    assert_eq!(open_with(dir.path(), &KeySource::File).expect_err("moved").code(), "wrong-key");
    check_all(&open_with(dir.path(), &passphrase("spring river")).expect("opens"), "under a passphrase");
    assert_eq!(rotate(&passphrase("autumn"), passphrase("x")).expect_err("wrong words").code(), "wrong-key");
    rotate(&passphrase("spring river"), passphrase("autumn lake")).expect("other words");
    assert_eq!(open_with(dir.path(), &passphrase("spring river")).expect_err("old words").code(), "wrong-key");
    check_all(&open_with(dir.path(), &passphrase("autumn lake")).expect("opens"), "under other words");
}

#[test]
fn a_damaged_ring_is_mended_from_its_copy() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    drop(store_of_two_cases(dir.path()));
    for name in ["ring", "ring.copy"] {
        fs::write(dir.path().join("keys").join(name), b"damaged").expect("harmed");
        check_all(&open(dir.path()).0, name);
        assert_ne!(fs::read(dir.path().join("keys").join(name)).expect("readable"), b"damaged", "{name} is mended");
    }
}

#[test]
fn the_centre_and_nobody_else_reads_the_store_of_a_dead_pc() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let store = store_of_two_cases(dir.path());
    let public = box_public_key(&RECOVERY_SECRET).expect("a key");
    store.set_recovery_key(public).expect("kept");
    store.set_recovery_key(public).expect("the same again changes nothing");
    store.append(vec![opened(case(3))]).expect("a case begun after it");
    drop(store);
    // The PC's own key is gone, with the key store it lay in.
    fs::remove_file(dir.path().join("keys/device.key")).expect("removed");
    assert_eq!(open_with(dir.path(), &KeySource::File).expect_err("no key").code(), "wrong-key");
    let thief = KeySource::Recovery(Zeroizing::new([12; 32]));
    assert_eq!(open_with(dir.path(), &thief).expect_err("another secret").code(), "wrong-key");
    let centre = KeySource::Recovery(Zeroizing::new(RECOVERY_SECRET));
    let store = open_with(dir.path(), &centre).expect("the centre opens it");
    check_all(&store, "recovered");
    assert!(store.find_case(case(3)).expect("readable").is_some());
    drop(store);
    // Each case's key can also be had alone.
    for n in 1..=3 {
        let name = case(n).to_string();
        let file = dir.path().join("keys/cases").join(&name[name.len() - 2..]).join(&name);
        recover_case_key(&identity().counter, case(n), &file, &RECOVERY_SECRET).expect("in its box");
        assert!(recover_case_key(&identity().counter, case(n), &file, &[12; 32]).is_err());
    }
}

#[test]
fn a_restored_old_state_is_noticed_and_never_forks_the_chain() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (live, backup) = (dir.path().join("live"), dir.path().join("backup"));
    drop(store_of_two_cases(&live));
    crate::damage::copy(&live, &backup);
    let remembering = Options {
        marks: Some(dir.path().join("marks")),
        ..options()
    };
    let open = |dir: &Path| Store::open_with(dir, &identity(), &KeySource::File, &remembering, &|_| {}).expect("opens");
    let (store, _) = open(&live);
    for round in 0..5 {
        store.append(vec![field(case(1), &round.to_string())]).expect("appended after the backup");
    }
    let given = store.head();
    drop(store);
    let (store, report) = open(&backup);
    assert_eq!(report.restored, Some((6, 11)), "{report:?}");
    assert!(report.losses.is_empty(), "nothing of the restored state is lost");
    assert_eq!(report.epoch, 2, "a new life of the journal");
    let appended = store.append(vec![field(case(1), "new")]).expect("appended")[0];
    assert_eq!(appended.seq, given.seq + 1, "no position is given twice");
    check_all_but_chain(&store);
    drop(store);
    let (store, report) = open(&backup);
    assert_eq!((report.restored, report.epoch), (None, 2), "it is said once");
    let sent = store.entries_after(6, 10, 1 << 20).expect("readable");
    assert_eq!((sent.epoch, sent.entries[0].0), (2, 12), "what is new goes under the new epoch");
    drop(store);
    let (_store, report) = open(&live);
    assert_eq!(report.restored, Some((11, 12)), "now the other one is the old state");
}

fn check_all_but_chain(store: &Store) {
    for n in 1..=2 {
        assert!(store.find_case(case(n)).expect("readable").is_some());
    }
}

/// The operating system's key store, where there is one: a session of its own with a real Secret Service.
#[test]
fn the_root_lives_in_the_systems_key_store() {
    const CHILD: &str = "ONEWINDOW_KEY_STORE_CHILD";
    if let Some(dir) = std::env::var_os(CHILD) {
        return key_store_child(Path::new(&dir));
    }
    let there = |program: &str| {
        std::process::Command::new(program)
            .arg("--version")
            .output()
            .is_ok_and(|output| output.status.success())
    };
    if !there("gnome-keyring-daemon") || !there("dbus-run-session") {
        println!("not tried here: no Secret Service (packages gnome-keyring, dbus)");
        return;
    }
    let dir = tempfile::tempdir().expect("a temporary folder");
    let script = "printf 'test\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec \"$@\"";
    let output = std::process::Command::new("dbus-run-session")
        .args(["--", "sh", "-c", script, "sh"])
        .arg(std::env::current_exe().expect("this binary"))
        .args(["--exact", "keys::the_root_lives_in_the_systems_key_store", "--nocapture"])
        .env(CHILD, dir.path().join("store"))
        .env("XDG_DATA_HOME", dir.path().join("data"))
        .env("XDG_RUNTIME_DIR", dir.path())
        .env("HOME", dir.path())
        .output()
        .expect("the session starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("key store: done"), "{said}");
}

fn key_store_child(dir: &Path) {
    let store = open_with(dir, &KeySource::System).expect("a new store, its root in the key store");
    store.append(vec![opened(case(1))]).expect("appended");
    drop(store);
    let marker = fs::read_to_string(dir.join("keys/device.system")).expect("it says where the root is");
    assert!(!dir.join("keys/device.key").exists(), "and keeps none itself: {marker}");
    let store = open_with(dir, &KeySource::System).expect("opens again");
    assert!(store.find_case(case(1)).expect("readable").is_some());
    drop(store);
    let rotation = Rotation {
        new_device_key: true,
        root: KeySource::System,
    };
    Store::rotate_keys(dir, &KeySource::System, &rotation).expect("rotated");
    assert_ne!(
        fs::read_to_string(dir.join("keys/device.system")).expect("readable"),
        marker,
        "a new entry for a new root"
    );
    assert!(
        open_with(dir, &KeySource::System)
            .expect("opens")
            .find_case(case(1))
            .expect("readable")
            .is_some()
    );
    let gone = r#"{"format":1,"entry":"device-00000000-0000-0000-0000-000000000000"}"#;
    fs::write(dir.join("keys/device.system"), gone).expect("written");
    let wiped = open_with(dir, &KeySource::System).expect_err("a wiped key store");
    assert_eq!(wiped.code(), "wrong-key", "it leads to recovery, never to a new key");
    println!("key store: done");
}

fn files(dir: &Path) -> Vec<std::path::PathBuf> {
    crate::damage::files(dir)
}
