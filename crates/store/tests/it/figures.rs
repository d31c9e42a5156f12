//! Figures for a person: how fast, how long, how large. Runs only with `ONEWINDOW_FIGURES=1`, and is worth something only in an
//! optimised build (`--release`).

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use onewindow_store::{KeySource, Options, Store};

use crate::ground::{applicant, case, field, identity, opened, options, page_bytes, page_kept};

const ROUNDS: u32 = 300;

fn per_second(count: u32, begun: Instant) -> f64 {
    f64::from(count) / begun.elapsed().as_secs_f64()
}

fn raw(dir: &Path) -> f64 {
    let mut file = File::create(dir.join("raw")).expect("made");
    let begun = Instant::now();
    for _ in 0..ROUNDS {
        file.write_all(&[7; 600]).expect("written");
        file.sync_data().expect("synced");
    }
    per_second(ROUNDS, begun)
}

fn folder_bytes(dir: &Path) -> u64 {
    let files = fs::read_dir(dir).expect("listed").flatten();
    files
        .map(|file| {
            if file.path().is_dir() {
                folder_bytes(&file.path())
            } else {
                file.metadata().expect("there").len()
            }
        })
        .sum()
}

fn open(dir: &Path) -> (Store, f64) {
    let begun = Instant::now();
    let usual = Options {
        segment_bytes: 4 << 20,
        ..options()
    };
    let (store, _) = Store::open_with(dir, &identity(), &KeySource::File, &usual, &|_| {}).expect("opens");
    (store, begun.elapsed().as_secs_f64() * 1_000.0)
}

#[test]
fn figures() {
    if std::env::var_os("ONEWINDOW_FIGURES").is_none() {
        return;
    }
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, first_ms) = open(&dir.path().join("store"));
    store.append(vec![opened(case(1)), applicant(case(1))]).expect("appended");
    for turn in 1..=3 {
        let raw_per_s = raw(dir.path());
        let begun = Instant::now();
        for _ in 0..ROUNDS {
            store.append(vec![field(case(1), &"x".repeat(200))]).expect("appended");
        }
        let single_per_s = per_second(ROUNDS, begun);
        let begun = Instant::now();
        std::thread::scope(|scope| {
            for n in 0..16 {
                let store = store.clone();
                scope.spawn(move || {
                    for _ in 0..ROUNDS {
                        store.append(vec![field(case(1), &format!("{n}{}", "x".repeat(200)))]).expect("appended");
                    }
                });
            }
        });
        let many_per_s = per_second(16 * ROUNDS, begun);
        println!(
            "turn {turn}: raw append+fdatasync {raw_per_s:.0}/s, single {single_per_s:.0}/s ({:.2} of raw), 16 writers {many_per_s:.0}/s ({:.1} x single)",
            single_per_s / raw_per_s,
            many_per_s / single_per_s
        );
    }
    accept_a_case(&store, dir.path());
    drop(store);
    println!("first opening of an empty folder {first_ms:.0} ms");
    many_cases(&dir.path().join("many"));
}

/// Twelve pages in three variants and the entries that name them, against writing and syncing the same bytes plainly.
fn accept_a_case(store: &Store, dir: &Path) {
    let contents: Vec<_> = (0..12).map(|n| [300_000, 200_000, 10_000].map(|len| page_bytes(n + len as u64, len))).collect();
    for turn in 2..5 {
        store.append(vec![opened(case(turn))]).expect("appended");
        let begun = Instant::now();
        for (n, variants) in contents.iter().enumerate() {
            let varied: Vec<_> = variants.iter().map(|bytes| [&turn.to_be_bytes()[..], bytes].concat()).collect();
            let digests = store
                .keep_pages(Some(case(turn)), &varied.iter().map(Vec::as_slice).collect::<Vec<_>>())
                .expect("kept");
            store
                .append(vec![page_kept(case(turn), n as u64, [digests[0], digests[1], digests[2]])])
                .expect("appended");
        }
        let ours_ms = begun.elapsed().as_secs_f64() * 1_000.0;
        let begun = Instant::now();
        for (n, variants) in contents.iter().enumerate() {
            for (variant, bytes) in variants.iter().enumerate() {
                let mut file = File::create(dir.join(format!("plain-{turn}-{n}-{variant}"))).expect("made");
                file.write_all(bytes).expect("written");
                file.sync_data().expect("synced");
            }
        }
        let plain_ms = begun.elapsed().as_secs_f64() * 1_000.0;
        println!(
            "case of 12 pages: {ours_ms:.0} ms, plain files {plain_ms:.0} ms, ratio {:.2}",
            ours_ms / plain_ms
        );
    }
}

fn many_cases(dir: &Path) {
    const CASES: u64 = 10_000;
    let (store, _) = open(dir);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for lane in 0..16 {
            let store = store.clone();
            scope.spawn(move || {
                for n in (lane..CASES).step_by(16) {
                    let mut entries = vec![opened(case(n)), applicant(case(n))];
                    entries.extend((0..18).map(|round| field(case(n), &format!("{round}{}", "值".repeat(40)))));
                    store.append(entries).expect("appended");
                }
            });
        }
    });
    let entries = store.head().seq;
    println!("{CASES} cases, {entries} entries written in {:.1} s", begun.elapsed().as_secs_f64());
    drop(store);
    let (store, open_ms) = open(dir);
    let rows = store.cases(0, 50).len();
    println!(
        "opened in {open_ms:.0} ms, {rows} first rows; journal {:.0} B/entry, index {:.0} B/entry",
        folder_bytes(&dir.join("journal")) as f64 / entries as f64,
        folder_bytes(&dir.join("index")) as f64 / entries as f64
    );
    let begun = Instant::now();
    for n in 0..1_000 {
        store.find_case(case(n * 7 % CASES)).expect("readable").expect("there");
    }
    println!("case folded from the journal in {:.2} ms", begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    assert!(store.verify().expect("readable").holds());
    println!("chain verified in {:.1} s", begun.elapsed().as_secs_f64());
    drop(store);
    fs::remove_dir_all(dir.join("index")).expect("removed");
    let (_store, rebuild_ms) = open(dir);
    println!("index of {CASES} cases rebuilt, opened in {:.1} s", rebuild_ms / 1_000.0);
}
