//! Workers that misbehave, and a worker whose parent is gone.
#![cfg(unix)]

use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use onewindow_scan::pipe::{Order, Report, ScanOrder, write_order, write_report};
use onewindow_scan::{Batch, Profile, Scan, ScanEvent, ScanFault, Source, WorkerConfig, list_scanners};

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
