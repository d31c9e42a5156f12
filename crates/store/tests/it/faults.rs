//! A disk on which any one act fails: full, broken, or cut short. Whatever fails, what was acknowledged stays.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use onewindow_store::disk::{Disk, RealDisk};
use onewindow_store::{KeySource, Options, Store, StoreFault};

use crate::ground::{case, field, identity, open, opened, options_on, page_bytes, page_kept, stamp, try_open};
use crate::tally::{Tally, in_full, report};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// ENOSPC before anything is written.
    Full,
    /// ENOSPC after half of it is written.
    FullHalfway,
    /// EIO.
    Broken,
    /// EROFS.
    ReadOnly,
}

/// Fails the act with this number (from 0), or all from it on.
struct FaultyDisk {
    acts: AtomicU64,
    fails_at: AtomicU64,
    for_ever: AtomicBool,
    kind: Kind,
}

impl FaultyDisk {
    fn new(fails_at: u64, for_ever: bool, kind: Kind) -> Arc<Self> {
        Arc::new(Self {
            acts: AtomicU64::new(0),
            fails_at: AtomicU64::new(fails_at),
            for_ever: AtomicBool::new(for_ever),
            kind,
        })
    }

    fn act(&self) -> io::Result<()> {
        let act = self.acts.fetch_add(1, Ordering::SeqCst);
        let at = self.fails_at.load(Ordering::SeqCst);
        if act == at || (act > at && self.for_ever.load(Ordering::SeqCst)) {
            Err(self.fault())
        } else {
            Ok(())
        }
    }

    fn fault(&self) -> io::Error {
        match self.kind {
            Kind::Full | Kind::FullHalfway => io::ErrorKind::StorageFull.into(),
            Kind::Broken => io::Error::other("EIO"),
            Kind::ReadOnly => io::ErrorKind::ReadOnlyFilesystem.into(),
        }
    }
}

impl Disk for FaultyDisk {
    fn create_dir(&self, path: &Path) -> io::Result<bool> {
        self.act()?;
        RealDisk.create_dir(path)
    }
    fn create_dirs(&self, paths: &[PathBuf]) -> io::Result<()> {
        if let Err(fault) = self.act() {
            RealDisk.create_dirs(&paths[..paths.len() / 2])?;
            return Err(fault);
        }
        RealDisk.create_dirs(paths)
    }
    fn create(&self, path: &Path) -> io::Result<File> {
        self.act()?;
        RealDisk.create(path)
    }
    fn open_append(&self, path: &Path) -> io::Result<File> {
        self.act()?;
        RealDisk.open_append(path)
    }
    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        if let Err(fault) = self.act() {
            if self.kind == Kind::FullHalfway {
                file.write_all(&bytes[..bytes.len() / 2])?;
            }
            return Err(fault);
        }
        RealDisk.write(file, bytes)
    }
    fn sync(&self, file: &File) -> io::Result<()> {
        self.act()?;
        RealDisk.sync(file)
    }
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.act()?;
        RealDisk.sync_dir(path)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.act()?;
        RealDisk.rename(from, to)
    }
    fn set_len(&self, file: &File, len_bytes: u64) -> io::Result<()> {
        self.act()?;
        RealDisk.set_len(file, len_bytes)
    }
    // Removing is only tidying here: a file that stays is overwritten or collected later.
    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }
}

/// What the clerk was told is safe.
#[derive(Default, Debug)]
struct Acknowledged {
    entries: u64,
    cases: Vec<(u64, u32)>,
    pages: Vec<(onewindow_case::ids::Digest, Vec<u8>)>,
    numbers: Vec<u32>,
}

/// A morning's work; stops nowhere, notes what succeeded.
fn work(store: &Store, acknowledged: &mut Acknowledged) {
    for n in 0..4 {
        if let Ok(number) = store.next_case_sequence(stamp()) {
            acknowledged.numbers.push(number);
            acknowledged.entries += 1;
        }
        let Ok(_) = store.append(vec![opened(case(n))]) else { continue };
        acknowledged.entries += 1;
        let mut revision = 1;
        let bytes = page_bytes(n, 3_000);
        if let Ok(digest) = store.keep_page(Some(case(n)), &bytes) {
            acknowledged.pages.push((digest, bytes));
            if store.append(vec![page_kept(case(n), n, [digest; 3]), field(case(n), "a")]).is_ok() {
                acknowledged.entries += 2;
                revision += 2;
            }
        }
        if store.append(vec![field(case(n), &"b".repeat(30_000))]).is_ok() {
            acknowledged.entries += 1;
            revision += 1;
        }
        acknowledged.cases.push((n, revision));
    }
}

/// Counts whatever was acknowledged and is not there.
fn check_whole(dir: &Path, acknowledged: &Acknowledged, said: &str, tally: &mut Tally) {
    let (store, report) = match try_open(dir) {
        Ok(opened) => opened,
        Err(fault) => return tally.lost.push(format!("{said}: it does not open: {fault:?}")),
    };
    tally.expect(report.losses.is_empty(), || format!("{said}: {report:?}"));
    tally.expect(report.entries >= acknowledged.entries, || {
        format!("{said}: {} of {} entries", report.entries, acknowledged.entries)
    });
    for (n, revision) in &acknowledged.cases {
        let found = store.find_case(case(*n)).ok().flatten().map_or(0, |found| found.revision);
        tally.expect(found >= *revision, || format!("{said}: case {n} at {found} instead of {revision}"));
    }
    for (digest, bytes) in &acknowledged.pages {
        tally.expect(store.read_page(digest).is_ok_and(|found| found == *bytes), || format!("{said}: page {digest}"));
    }
    let next = store.next_case_sequence(stamp()).expect(said);
    assert!(
        acknowledged.numbers.iter().all(|number| *number < next),
        "{said}: number {next} was given before"
    );
    let chain = store.verify().expect(said);
    tally.expect(chain.holds(), || format!("{said}: {chain:?}"));
    store.append(vec![opened(case(99))]).expect("and the store goes on");
}

fn acts_of_a_morning() -> u64 {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let disk = FaultyDisk::new(u64::MAX, false, Kind::Full);
    let (store, _) = Store::open_with(dir.path(), &identity(), &KeySource::File, &options_on(disk.clone()), &|_| {}).expect("opens");
    work(&store, &mut Acknowledged::default());
    drop(store);
    disk.acts.load(Ordering::SeqCst)
}

#[test]
fn a_fault_at_any_act_loses_nothing_acknowledged() {
    let acts = acts_of_a_morning();
    let mut tally = Tally::default();
    let mut refused_to_open = 0;
    for kind in [Kind::Full, Kind::FullHalfway, Kind::Broken, Kind::ReadOnly] {
        for for_ever in [false, true] {
            for fails_at in (0..acts).step_by(if in_full() { 1 } else { 17 }) {
                let said = format!("{kind:?} at act {fails_at}, for ever: {for_ever}");
                let dir = tempfile::tempdir().expect("a temporary folder");
                let disk = FaultyDisk::new(fails_at, for_ever, kind);
                let mut acknowledged = Acknowledged::default();
                match Store::open_with(dir.path(), &identity(), &KeySource::File, &options_on(disk), &|_| {}) {
                    Ok((store, _)) => work(&store, &mut acknowledged),
                    Err(_) => refused_to_open += 1,
                }
                tally.faults += 1;
                check_whole(dir.path(), &acknowledged, &said, &mut tally);
            }
        }
    }
    tally.notes = vec![("acts of a disk", acts), ("refused to open", refused_to_open)];
    report("failing disk", &tally);
}

#[test]
fn a_full_disk_is_said_as_such_and_passes() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let disk = FaultyDisk::new(u64::MAX, true, Kind::FullHalfway);
    let (store, _) = Store::open_with(dir.path(), &identity(), &KeySource::File, &options_on(disk.clone()), &|_| {}).expect("opens");
    store.append(vec![opened(case(1))]).expect("appended");
    let digest = store.keep_page(Some(case(1)), b"before").expect("kept");
    // From here on writing fails, but not cutting back what was half written.
    disk.for_ever.store(false, Ordering::SeqCst);
    for round in 0..5 {
        disk.fails_at.store(disk.acts.load(Ordering::SeqCst), Ordering::SeqCst);
        let full = store.append(vec![field(case(1), "x")]);
        assert!(matches!(full, Err(StoreFault::DiskFull)), "round {round}: {full:?}");
        assert_eq!(store.find_case(case(1)).expect("reading goes on").expect("there").revision, 1);
    }
    disk.for_ever.store(true, Ordering::SeqCst);
    disk.fails_at.store(disk.acts.load(Ordering::SeqCst), Ordering::SeqCst);
    assert!(matches!(store.keep_page(Some(case(1)), b"after"), Err(StoreFault::DiskFull)));
    assert_eq!(store.read_page(&digest).expect("reading goes on"), b"before");
    disk.fails_at.store(u64::MAX, Ordering::SeqCst);
    store
        .append(vec![field(case(1), "room again")])
        .expect("once there is room, it goes on without a restart");
    drop(store);
    assert_eq!(open(dir.path()).1.entries, 2);
}

#[test]
fn a_failed_sync_stops_the_store_until_it_is_opened_again() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let disk = FaultyDisk::new(u64::MAX, false, Kind::Broken);
    let (store, _) = Store::open_with(dir.path(), &identity(), &KeySource::File, &options_on(disk.clone()), &|_| {}).expect("opens");
    store.append(vec![opened(case(1))]).expect("appended");
    // The act after the next one is the sync.
    disk.fails_at.store(disk.acts.load(Ordering::SeqCst) + 1, Ordering::SeqCst);
    assert_eq!(store.append(vec![field(case(1), "x")]).expect_err("not synced").code(), "io");
    assert_eq!(store.append(vec![field(case(1), "y")]).expect_err("stopped").code(), "stopped");
    assert!(store.find_case(case(1)).expect("reading goes on").is_some());
    drop(store);
    let (store, _) = open(dir.path());
    store.append(vec![field(case(1), "z")]).expect("opened again, it goes on");
    assert!(store.verify().expect("readable").holds());
}

#[test]
fn no_case_begins_when_space_is_short_but_begun_ones_go_on() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    drop({
        let (store, _) = open(dir.path());
        store.append(vec![opened(case(1))]).expect("appended");
        store
    });
    let short = Options {
        reserve_bytes: u64::MAX,
        ..options_on(Arc::new(RealDisk))
    };
    let (store, _) = Store::open_with(dir.path(), &identity(), &KeySource::File, &short, &|_| {}).expect("opens");
    assert!(matches!(store.append(vec![opened(case(2))]), Err(StoreFault::DiskFull)));
    store.append(vec![field(case(1), "x")]).expect("what is begun can be finished");
    assert!(!store.space().expect("known").allows_new_cases);
}

#[test]
fn the_ballast_is_given_up_to_finish_what_was_begun() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let disk = FaultyDisk::new(u64::MAX, false, Kind::Full);
    let with_ballast = Options {
        ballast_bytes: 2 << 20,
        ..options_on(disk.clone())
    };
    let (store, _) = Store::open_with(dir.path(), &identity(), &KeySource::File, &with_ballast, &|_| {}).expect("opens");
    store.append(vec![opened(case(1))]).expect("appended");
    assert!(store.space().expect("known").ballast_present);
    disk.fails_at.store(disk.acts.load(Ordering::SeqCst), Ordering::SeqCst);
    store.append(vec![field(case(1), "x")]).expect("written in the room of the ballast");
    assert!(!store.space().expect("known").ballast_present, "and somebody must make room now");
}
