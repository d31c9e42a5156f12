//! SANE's own `test` device through the worker: every status, every depth, cancelling, and the hang it is known for.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use onewindow_scan::{
    Batch, Canceller, ColourMode, PageRooms, PixelColour, Profile, Scan, ScanEvent, ScanFault, ScannerKind, Source, WorkerConfig, inspect_scanner,
    list_scanners,
};
use tempfile::TempDir;

use crate::{run, sequences, small, worker};

/// A worker that sees the `test` driver only; `None` when it is not installed.
fn set_up() -> Option<(TempDir, WorkerConfig)> {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("dll.conf"), "test\n").unwrap();
    let config = worker(dir.path());
    match list_scanners(&config) {
        Ok(scanners) if !scanners.is_empty() => Some((dir, config)),
        other => {
            eprintln!("SKIPPED: SANE's test driver is not installed ({other:?})");
            None
        }
    }
}

fn batch(profile: Profile, options: &[(&str, &str)]) -> Batch {
    let mut batch = Batch::new("test:0", profile);
    batch.device_options = options.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    batch
}

#[test]
fn the_device_is_listed_and_tells_what_it_can_do() {
    let Some((_dir, config)) = set_up() else { return };
    let scanners = list_scanners(&config).unwrap();
    assert_eq!((scanners[0].id.as_str(), scanners[0].kind), ("test:0", ScannerKind::Virtual));
    let can = inspect_scanner(&config, "test:0").unwrap();
    let sources: Vec<Source> = can.sources.iter().map(|able| able.source).collect();
    assert_eq!(sources, [Source::Flatbed, Source::Feeder]);
    for able in &can.sources {
        assert_eq!(able.colours, [ColourMode::Gray, ColourMode::Colour]);
        assert_eq!(able.dpi.span.map(|span| (span.low, span.high)), Some((1, 1200)));
        assert_eq!(able.area_max_mm, Some((200.0, 200.0)));
    }
}

#[test]
fn a_feeder_of_ten_sheets_gives_ten_numbered_pages() {
    let Some((_dir, config)) = set_up() else { return };
    let mut batch = batch(small(Source::Feeder), &[("test-picture", "Color pattern")]);
    batch.first_sequence = 5;
    let outcome = run(&config, &batch);
    assert_eq!(outcome.end, Ok(10));
    assert_eq!(sequences(&outcome.pages), (5..15).collect::<Vec<_>>());
    let page = &outcome.pages[0];
    assert_eq!((page.width_px, page.height_px, page.dpi, page.colour), (295, 200, 75, PixelColour::Rgb));
    assert_eq!(page.pixels.len(), 295 * 200 * 3);
    assert!(!outcome.worker_killed, "an ordinary scan needs no killing");
}

#[test]
fn a_scanner_waits_while_there_is_no_room_for_another_page() {
    let Some((_dir, config)) = set_up() else { return };
    let rooms = PageRooms::new(2);
    let scan = Scan::start_within(&config, &batch(small(Source::Feeder), &[]), Some(&rooms), &Canceller::default()).unwrap();
    let mut held = VecDeque::new();
    let mut sequences = Vec::new();
    loop {
        match scan.next_event_within(Duration::from_millis(300)) {
            Ok(Some(ScanEvent::Page(page))) => {
                sequences.push(page.sequence);
                held.push_back(page);
            }
            Ok(Some(ScanEvent::Finished { pages })) => {
                assert_eq!(pages, 10);
                break;
            }
            Ok(Some(_)) => {}
            Ok(None) => panic!("the last event is told"),
            Err(_) => {
                assert_eq!((held.len(), rooms.free()), (2, 0), "nothing comes only while there is no room");
                held.pop_front();
            }
        }
    }
    assert_eq!(sequences, (1..=10).collect::<Vec<_>>());
    drop(held);
    assert_eq!(rooms.free(), 2);
}

#[test]
fn who_waits_for_room_can_be_cancelled_and_leaves_no_place_taken() {
    let Some((_dir, config)) = set_up() else { return };
    let rooms = PageRooms::new(1);
    let scan = Scan::start_within(&config, &batch(small(Source::Feeder), &[]), Some(&rooms), &Canceller::default()).unwrap();
    let mut events = std::iter::from_fn(|| scan.next_event());
    let page = events.find(|event| matches!(event, ScanEvent::Page(_)));
    scan.cancel();
    assert_eq!(events.last(), Some(ScanEvent::Fault(ScanFault::Cancelled)));
    drop(page);
    scan.wait();
    assert_eq!(rooms.free(), 1);
}

#[test]
fn the_glass_gives_one_page_and_auto_takes_the_feeder() {
    let Some((_dir, config)) = set_up() else { return };
    assert_eq!(run(&config, &batch(small(Source::Flatbed), &[])).end, Ok(1));
    assert_eq!(run(&config, &batch(small(Source::Auto), &[])).end, Ok(10));
}

#[test]
fn a_caller_slower_than_the_feeder_gets_every_page() {
    let Some((_dir, config)) = set_up() else { return };
    let scan = Scan::start(&config, &batch(small(Source::Feeder), &[])).unwrap();
    let mut pages = 0;
    for event in scan {
        std::thread::sleep(Duration::from_millis(60));
        pages += u32::from(matches!(event, ScanEvent::Page(_)));
    }
    assert_eq!(pages, 10);
}

#[test]
fn a_batch_stops_at_its_bound() {
    let Some((_dir, config)) = set_up() else { return };
    let mut batch = batch(small(Source::Feeder), &[]);
    batch.pages_max = 3;
    let outcome = run(&config, &batch);
    assert_eq!((outcome.pages.len(), outcome.end), (3, Err(ScanFault::TooManyPages)));
}

/// The statuses the `test` device can be told to return, and what the clerk is told.
const STATUSES: [(&str, ScanFault); 11] = [
    ("SANE_STATUS_UNSUPPORTED", ScanFault::SettingRefused),
    ("SANE_STATUS_CANCELLED", ScanFault::Cancelled),
    ("SANE_STATUS_DEVICE_BUSY", ScanFault::Busy),
    ("SANE_STATUS_INVAL", ScanFault::DriverFailed { status: 4 }),
    ("SANE_STATUS_EOF", ScanFault::ShortPage { sequence: 1 }),
    ("SANE_STATUS_JAMMED", ScanFault::Jam),
    ("SANE_STATUS_NO_DOCS", ScanFault::FeederEmpty),
    ("SANE_STATUS_COVER_OPEN", ScanFault::CoverOpen),
    ("SANE_STATUS_IO_ERROR", ScanFault::ConnectionCut),
    ("SANE_STATUS_NO_MEM", ScanFault::DriverFailed { status: 10 }),
    ("SANE_STATUS_ACCESS_DENIED", ScanFault::AccessDenied),
];

#[test]
fn every_status_of_the_driver_is_named() {
    let Some((_dir, config)) = set_up() else { return };
    for (status, fault) in STATUSES {
        let outcome = run(&config, &batch(small(Source::Flatbed), &[("read-return-value", status)]));
        assert_eq!(outcome.end, Err(fault), "{status}");
        assert!(outcome.pages.is_empty(), "{status}");
    }
}

/// Forces faults after which `sane_cancel` is known to hang now and then. The app must never wait for it.
fn check_forced_faults(rounds: usize) {
    let Some((_dir, mut config)) = set_up() else { return };
    config.deadlines.cancel = Duration::from_millis(700);
    let mut killed = 0;
    let mut slowest = Duration::ZERO;
    for round in 0..rounds {
        let (status, fault) = STATUSES[round % STATUSES.len()];
        let start = Instant::now();
        let mut scan = Scan::start(&config, &batch(small(Source::Flatbed), &[("read-return-value", status)])).unwrap();
        let last = scan.by_ref().last();
        assert_eq!(last, Some(ScanEvent::Fault(fault)), "round {round}, {status}");
        slowest = slowest.max(start.elapsed());
        killed += usize::from(scan.wait().worker_killed);
        assert!(start.elapsed() < Duration::from_secs(5), "round {round}, {status}: took {:?}", start.elapsed());
    }
    eprintln!("{rounds} forced faults: slowest told after {slowest:?}; {killed} workers hung and were killed");
}

#[test]
fn a_driver_that_hangs_after_a_fault_never_hangs_the_app() {
    check_forced_faults(44);
}

/// A thousand forced faults take minutes; run with `ONEWINDOW_SLOW=1`.
#[test]
fn a_thousand_forced_faults_never_hang_the_app() {
    if std::env::var_os("ONEWINDOW_SLOW").is_none() {
        eprintln!("SKIPPED: set ONEWINDOW_SLOW to run a thousand forced faults");
        return;
    }
    check_forced_faults(1000);
}

#[test]
fn pages_of_all_depths_and_of_unknown_length_arrive() {
    let Some((_dir, config)) = set_up() else { return };
    let check = |colour, options: &[(&str, &str)], expected, channels: usize| {
        let profile = Profile {
            colour,
            ..small(Source::Flatbed)
        };
        let outcome = run(&config, &batch(profile, options));
        assert_eq!(outcome.end, Ok(1), "{colour:?} {options:?}");
        let page = &outcome.pages[0];
        assert_eq!(page.colour, expected, "{colour:?} {options:?}");
        assert_eq!(page.pixels.len(), page.width_px as usize * page.height_px as usize * channels);
        let seen: std::collections::BTreeSet<u8> = page.pixels.iter().copied().collect();
        assert!(seen.len() >= 2, "the grid has lines and paper, {colour:?} {options:?} gave {seen:?}");
        assert!(!page.to_jpeg(92).unwrap().is_empty());
    };
    let grid = ("test-picture", "Grid");
    check(ColourMode::Gray, &[grid], PixelColour::Gray, 1);
    check(ColourMode::Lineart, &[grid], PixelColour::Gray, 1);
    check(ColourMode::Gray, &[grid, ("depth", "16")], PixelColour::Gray, 1);
    check(ColourMode::Colour, &[grid, ("depth", "16")], PixelColour::Rgb, 3);
    check(ColourMode::Colour, &[grid, ("hand-scanner", "yes")], PixelColour::Rgb, 3);
    check(
        ColourMode::Colour,
        &[grid, ("read-limit", "yes"), ("read-limit-size", "777")],
        PixelColour::Rgb,
        3,
    );
}

#[test]
fn what_is_not_supported_is_refused_by_name() {
    let Some((_dir, config)) = set_up() else { return };
    let check = |profile, options: &[(&str, &str)], fault| {
        assert_eq!(run(&config, &batch(profile, options)).end, Err(fault), "{options:?}");
    };
    check(small(Source::Flatbed), &[("three-pass", "yes")], ScanFault::UnsupportedFormat);
    check(small(Source::FeederDuplex), &[], ScanFault::SourceMissing);
    check(small(Source::Flatbed), &[("no-such-option", "1")], ScanFault::SettingRefused);
    let missing = run(&config, &Batch::new("test:99", small(Source::Flatbed)));
    assert_eq!(missing.end, Err(ScanFault::NoScanner));
}

#[test]
fn cancelling_returns_within_half_a_second_and_the_device_works_again() {
    let Some((_dir, config)) = set_up() else { return };
    let slow = [("read-delay", "yes"), ("read-delay-duration", "200000")];
    let profile = Profile {
        dpi: 600,
        ..small(Source::Feeder)
    };
    let mut scan = Scan::start(&config, &batch(profile, &slow)).unwrap();
    while !matches!(scan.next_event(), Some(ScanEvent::Progress { .. })) {}
    let start = Instant::now();
    scan.cancel();
    let took = start.elapsed();
    assert!(took < Duration::from_millis(500), "cancelling took {took:?}");
    assert_eq!(scan.by_ref().last(), Some(ScanEvent::Fault(ScanFault::Cancelled)));
    assert!(!scan.wait().worker_killed, "this driver stops when told");
    assert_eq!(run(&config, &batch(small(Source::Flatbed), &[])).end, Ok(1));
}

#[test]
fn a_driver_slower_than_the_deadline_is_given_up() {
    let Some((_dir, mut config)) = set_up() else { return };
    config.deadlines.start = Duration::from_millis(150);
    config.deadlines.read = Duration::from_millis(100);
    let slow = [("read-delay", "yes"), ("read-delay-duration", "200000")];
    let outcome = run(
        &config,
        &batch(
            Profile {
                dpi: 600,
                ..small(Source::Flatbed)
            },
            &slow,
        ),
    );
    assert_eq!((outcome.end, outcome.worker_killed), (Err(ScanFault::WorkerHung), true));
}
