//! A disk that is really full: a small file system in memory, filled to its last byte while the store writes. Needs root for mounting;
//! where it cannot, it says so. Failures at every single act are tried in `faults`.

use std::fs::{self, File};
use std::io::Write;
use std::process::Command;

use onewindow_store::StoreFault;

use crate::ground::{case, field, opened, page_bytes, page_kept, try_open};
use crate::tally::{Tally, not_here, report};

const KIND: &str = "full disk";

/// Unmounts when dropped.
struct SmallDisk<'d>(&'d std::path::Path);

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let _stays = Command::new("umount").arg("-l").arg(self.0).status();
    }
}

#[test]
fn a_really_full_disk_loses_nothing_and_is_left_again() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"]).arg(dir.path()).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        return not_here(KIND, "no small file system can be mounted");
    }
    let _disk = SmallDisk(dir.path());
    let store_dir = dir.path().join("store");
    let mut tally = Tally::default();
    let mut acknowledged: Vec<(u64, u32)> = Vec::new();
    let mut pages = Vec::new();
    for round in 0..6 {
        let (store, found) = try_open(&store_dir).unwrap_or_else(|fault| panic!("round {round}: {fault:?}"));
        tally.expect(found.losses.is_empty(), || format!("round {round}: {found:?}"));
        fill(dir.path());
        for n in round * 100..round * 100 + 40 {
            let begun = store.append(vec![opened(case(n)), field(case(n), &"x".repeat(9_000))]);
            match begun {
                Ok(_) => acknowledged.push((n, 2)),
                Err(StoreFault::DiskFull) => tally.faults += 1,
                Err(fault) => panic!("round {round}, case {n}: {fault:?}"),
            }
            let bytes = page_bytes(n, 30_000);
            match store.keep_page(acknowledged.last().map(|(n, _)| case(*n)), &bytes) {
                Ok(digest) => pages.push((digest, bytes)),
                Err(StoreFault::DiskFull) => tally.faults += 1,
                Err(fault) => panic!("round {round}, page {n}: {fault:?}"),
            }
        }
        for (n, revision) in &acknowledged {
            let found = store.find_case(case(*n)).expect("reading goes on").map_or(0, |found| found.revision);
            tally.expect(found >= *revision, || format!("round {round}: case {n} at {found} instead of {revision}"));
        }
        drop(store);
        fs::remove_file(dir.path().join("filler")).expect("room is made");
        let (store, found) = try_open(&store_dir).expect("once there is room it opens");
        tally.expect(found.losses.is_empty() && store.verify().expect("readable").holds(), || {
            format!("round {round}: {found:?}")
        });
        for (digest, bytes) in &pages {
            tally.expect(store.read_page(digest).is_ok_and(|found| found == *bytes), || {
                format!("round {round}: page {digest}")
            });
        }
        if let Some((n, revision)) = acknowledged.last_mut() {
            store
                .append(vec![page_kept(
                    case(*n),
                    *n,
                    [pages.first().map_or(onewindow_store::digest_of(b""), |(digest, _)| *digest); 3],
                )])
                .expect("goes on");
            *revision += 1;
        }
    }
    assert!(tally.faults > 0, "the disk was never full");
    tally.notes = vec![
        ("acknowledged cases checked", acknowledged.len() as u64),
        ("acknowledged pages checked", pages.len() as u64),
    ];
    report(KIND, &tally);
}

/// Takes all room but some 100 KB.
fn fill(dir: &std::path::Path) {
    let mut file = File::create(dir.join("filler")).expect("made");
    while file.write_all(&[0; 16 * 1024]).is_ok() {}
    let len = file.metadata().expect("there").len();
    file.set_len(len.saturating_sub(96 * 1024)).expect("cut");
}
