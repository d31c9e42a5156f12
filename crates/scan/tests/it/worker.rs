//! Workers that misbehave, and a worker whose parent is gone.
#![cfg(unix)]

use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use onewindow_scan::pipe::{Order, Report, ScanOrder, write_order, write_report};
use onewindow_scan::{
    Batch, Canceller, FrameKind, PageParameters, Profile, Scan, ScanEvent, ScanFault, Source, Stage, WorkerConfig, list_scanners, list_scanners_unless,
};

use crate::small;

/// A worker that writes these bytes and then does what the shell words say.
fn impostor(dir: &std::path::Path, says: &[Report], then: &str) -> WorkerConfig {
    let mut bytes = Vec::new();
    for report in says {
        write_report(&mut bytes, report).unwrap();
    }
    let (said, program) = (dir.join("said"), dir.join("impostor"));
    std::fs::write(&said, bytes).unwrap();
    std::fs::write(&program, format!("#!/bin/sh\ncat '{}'\n{then}\n", said.display())).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut config = WorkerConfig::new(program);
    config.deadlines.hello = Duration::from_secs(5);
    config.deadlines.list = Duration::from_millis(300);
    config.deadlines.cancel = Duration::from_millis(300);
    config
}

const HELLO: Report = Report::Hello {
    version: onewindow_scan::pipe::VERSION,
};

#[test]
fn workers_that_misbehave_are_named_and_ended() {
    let check = |says: &[Report], then: &str, fault| {
        let dir = tempfile::tempdir().unwrap();
        let start = Instant::now();
        assert_eq!(list_scanners(&impostor(dir.path(), says, then)), Err(fault), "{says:?} {then}");
        assert!(start.elapsed() < Duration::from_secs(4), "{then} took {:?}", start.elapsed());
    };
    check(&[HELLO], "exec sleep 60", ScanFault::WorkerHung);
    check(&[HELLO], "exit 1", ScanFault::WorkerDied);
    check(&[], "exit 127", ScanFault::DriverMissing);
    check(&[Report::Hello { version: 999 }], "exec sleep 60", ScanFault::WorkerMismatch);
    check(&[HELLO], "printf garbage; exec sleep 60", ScanFault::WorkerMismatch);
    check(&[HELLO, Report::PageEnded], "exec sleep 60", ScanFault::WorkerMismatch);
    check(&[HELLO], "kill -SEGV $$", ScanFault::WorkerDied);
}

#[test]
fn a_page_out_of_turn_is_refused() {
    let check = |says: &[Report]| {
        let dir = tempfile::tempdir().unwrap();
        let config = impostor(dir.path(), says, "exec sleep 60");
        let scan = Scan::start(&config, &Batch::new("x", Profile::default())).unwrap();
        assert_eq!(scan.last(), Some(ScanEvent::Fault(ScanFault::WorkerMismatch)), "{says:?}");
    };
    check(&[HELLO, Report::Rows(vec![1, 2, 3])]);
    check(&[HELLO, Report::PageEnded]);
}

/// A camera's worker that shows a picture and then does what the shell words say, at its first start; later ones show another picture,
/// deliver a page and wait.
fn camera_impostor(dir: &std::path::Path, first_then: &str) -> WorkerConfig {
    let page = PageParameters {
        sequence: 1,
        frame: FrameKind::Gray,
        depth: 8,
        bytes_per_line: 2,
        pixels_per_line: 2,
        lines: 1,
        dpi: 0,
    };
    let watching = Report::Entered { stage: Stage::Watching };
    let first = [
        HELLO,
        watching.clone(),
        Report::Preview(vec![1]),
        Report::PageStarted(page),
        Report::Rows(vec![7]),
    ];
    let later = [
        HELLO,
        watching,
        Report::Preview(vec![2]),
        Report::PageStarted(page),
        Report::Rows(vec![7, 8]),
        Report::PageEnded,
    ];
    let mut bytes = Vec::new();
    later.iter().for_each(|report| write_report(&mut bytes, report).unwrap());
    std::fs::write(dir.join("later"), bytes).unwrap();
    let place = dir.display();
    let again = format!("if [ -e '{place}/once' ]; then cat '{place}/later'; exec sleep 60; fi");
    let config = impostor(dir, &first, &format!("touch '{place}/once'; {first_then}"));
    let script = std::fs::read_to_string(&config.program).unwrap().replacen('\n', &format!("\n{again}\n"), 1);
    std::fs::write(&config.program, script).unwrap();
    config
}

#[test]
fn a_camera_whose_worker_hangs_or_dies_shows_its_picture_again() {
    // It dies with the order in its hands: one that dies before is no camera that was ever watched.
    for first_then in ["exec sleep 60", "head -c 1 >/dev/null; kill -SEGV $$"] {
        let dir = tempfile::tempdir().unwrap();
        let mut config = camera_impostor(dir.path(), first_then);
        config.deadlines.watch = Duration::from_millis(500);
        config.deadlines.start = Duration::from_millis(500);
        config.deadlines.read = Duration::from_millis(500);
        let mut batch = Batch::new("camera:x", Profile::default());
        batch.live = true;
        let mut scan = Scan::start(&config, &batch).unwrap();
        let page = scan.find_map(|event| match event {
            ScanEvent::Page(page) => Some((page.sequence, page.pixels)),
            _ => None,
        });
        assert_eq!(page, Some((1, vec![7, 8])), "{first_then}: the torn page came whole under its number");
    }
}

#[test]
fn a_camera_whose_worker_always_hangs_is_given_up() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = impostor(dir.path(), &[HELLO, Report::Entered { stage: Stage::Watching }], "exec sleep 60");
    config.deadlines.watch = Duration::from_millis(200);
    let mut batch = Batch::new("camera:x", Profile::default());
    batch.live = true;
    let start = Instant::now();
    let events: Vec<ScanEvent> = Scan::start(&config, &batch).unwrap().collect();
    assert_eq!(events, [ScanEvent::Preparing, ScanEvent::Preparing, ScanEvent::Fault(ScanFault::WorkerHung)]);
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn a_worker_that_is_not_there_is_named() {
    let config = WorkerConfig::new("no-such-folder/no-such-worker");
    assert_eq!(list_scanners(&config), Err(ScanFault::WorkerMissing));
}

#[test]
fn a_hung_worker_does_not_hold_up_cancelling() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = impostor(dir.path(), &[HELLO], "trap '' TERM; exec sleep 60");
    config.deadlines.list = Duration::from_secs(60);
    config.deadlines.cancel = Duration::from_secs(1);
    let scan = Scan::start(&config, &Batch::new("x", Profile::default())).unwrap();
    let start = Instant::now();
    scan.cancel();
    assert!(start.elapsed() < Duration::from_millis(500), "cancelling took {:?}", start.elapsed());
    assert!(scan.wait().worker_killed);
}

#[test]
fn nobody_waits_for_a_search_that_is_not_wanted_any_more() {
    // Drivers that do not come back, and a worker that never says its first word.
    for says in [&[HELLO][..], &[]] {
        let dir = tempfile::tempdir().unwrap();
        let mut config = impostor(dir.path(), says, "trap '' TERM; exec sleep 60");
        config.deadlines.list = Duration::from_secs(60);
        config.deadlines.hello = Duration::from_secs(60);
        let canceller = Canceller::default();
        let searched = canceller.clone();
        let search = std::thread::spawn(move || list_scanners_unless(&config, &searched));
        std::thread::sleep(Duration::from_millis(300));
        assert!(!search.is_finished(), "{says:?}: the search is still on");
        let start = Instant::now();
        canceller.cancel();
        assert!(start.elapsed() < Duration::from_millis(500), "{says:?}: cancelling took {:?}", start.elapsed());
        assert_eq!(search.join().unwrap(), Err(ScanFault::Cancelled), "{says:?}");
        assert!(
            start.elapsed() < Duration::from_millis(500),
            "{says:?}: the search went on for {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn a_scan_that_is_not_wanted_any_more_does_not_begin() {
    let dir = tempfile::tempdir().unwrap();
    let canceller = Canceller::default();
    canceller.cancel();
    let started = Scan::start_within(
        &impostor(dir.path(), &[HELLO], "exec sleep 60"),
        &Batch::new("x", Profile::default()),
        None,
        &canceller,
    );
    assert_eq!(started.map(|_| ()), Err(ScanFault::Cancelled));
}

#[test]
fn a_worker_whose_parent_is_gone_leaves() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("dll.conf"), "test\n").unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_onewindow-scan-worker"))
        .env("SANE_CONFIG_DIR", dir.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut orders = child.stdin.take().unwrap();
    let slow = [("read-delay", "yes"), ("read-delay-duration", "200000")];
    let order = ScanOrder {
        scanner: "test:0".into(),
        profile: Profile {
            dpi: 1200,
            ..small(Source::Feeder)
        },
        first_sequence: 1,
        pages_max: 100,
        device_options: slow.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect(),
        live: false,
        after_jam: false,
    };
    write_order(&mut orders, &Order::Scan(order)).unwrap();
    orders.flush().unwrap();
    // The pipe of a dead parent would be closed; this one is only left unread, which is worse.
    let mut first = [0; 5];
    child.stdout.as_mut().unwrap().read_exact(&mut first).unwrap();
    drop(orders);
    let start = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "the worker is still there after {:?}",
            start.elapsed()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}
