//! Our own eSCL client in the worker against the virtual network scanner: no driver of the system takes part.

use std::net::{Ipv4Addr, UdpSocket};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use onewindow_scan::{Batch, ColourMode, PaperSize, PixelColour, Profile, Scan, ScanEvent, ScanFault, Source, WorkerConfig, inspect_scanner, list_scanners};
use onewindow_testkit::escl::{Device, Fault, VirtualScanner};

use crate::{Outcome, run, sequences, worker};

const A5: Profile = Profile {
    source: Source::Feeder,
    colour: ColourMode::Colour,
    dpi: 75,
    paper: PaperSize::A5,
};

struct Bench {
    scanner: VirtualScanner,
    config: WorkerConfig,
    device: String,
}

fn set_up(sheets: u8) -> Bench {
    set_up_as(Device::OFFICE, sheets)
}

fn set_up_as(device: Device, sheets: u8) -> Bench {
    let scanner = VirtualScanner::start_as(device, 0).unwrap();
    scanner.load_feeder((1..=sheets).map(sheet));
    Bench {
        device: onewindow_scan::escl::scanner_at(&scanner.url()).unwrap(),
        config: WorkerConfig::new(env!("CARGO_BIN_EXE_onewindow-scan-worker")),
        scanner,
    }
}

/// An A4 sheet of one shade, so that a page tells which sheet it was.
pub(crate) fn sheet(number: u8) -> Vec<u8> {
    let (width_px, height_px) = (620, 877);
    let page = onewindow_scan::RawScan {
        sequence: 1,
        width_px,
        height_px,
        dpi: 75,
        colour: PixelColour::Rgb,
        pixels: vec![number * 20; width_px as usize * height_px as usize * 3],
        room: None,
    };
    page.to_jpeg(95).unwrap()
}

impl Bench {
    fn run(&self, profile: Profile) -> Outcome {
        run(&self.config, &Batch::new(self.device.as_str(), profile))
    }
}

/// Which sheets the pages show.
fn sheets(outcome: &Outcome) -> Vec<u8> {
    let middle = |pixels: &[u8]| pixels[pixels.len() / 2];
    let shade = |page: &onewindow_scan::RawScan| (f64::from(middle(&page.pixels)) / 20.0).round() as u8;
    outcome.pages.iter().map(shade).collect()
}

#[test]
fn every_device_tells_what_each_of_its_sources_can_do() {
    let check = |device: Device, expected: &str| {
        let bench = set_up_as(device, 0);
        let can = inspect_scanner(&bench.config, &bench.device).unwrap();
        let told = can.sources.iter().map(|able| {
            let (wide, long) = able.area_max_mm.unwrap();
            let (low, high) = (able.dpi.serving(1), able.dpi.serving(10_000));
            let colour = if able.colours.contains(&ColourMode::Colour) { "colour" } else { "grey" };
            format!("{:?} {wide:.0}x{long:.0} {low}-{high} {colour}", able.source)
        });
        assert_eq!(told.collect::<Vec<_>>().join(", "), expected, "{}", device.model);
    };
    check(
        Device::OFFICE,
        "Flatbed 216x297 75-600 colour, Feeder 216x356 75-600 colour, FeederDuplex 216x356 75-600 colour",
    );
    check(Device::FLATBED, "Flatbed 216x297 75-1200 colour");
    check(Device::SIMPLEX, "Flatbed 216x297 100-1200 colour, Feeder 216x356 100-300 colour");
    check(Device::SHEETFED, "Feeder 216x864 150-600 colour, FeederDuplex 216x864 150-600 colour");
    check(
        Device::A3,
        "Flatbed 297x420 75-600 colour, Feeder 297x420 75-600 colour, FeederDuplex 297x420 75-600 colour",
    );
    check(Device::ODD, "Flatbed 216x297 50-590 colour, Feeder 216x356 100-400 grey");
}

/// The virtual devices refuse what they can not do, so a page that came was asked for as the device can.
#[test]
fn each_source_is_asked_for_the_lowest_resolution_that_satisfies_the_paper() {
    let check = |device: Device, source, dpi, expected: Result<(u32, bool, u32), ScanFault>| {
        let bench = set_up_as(device, 1);
        bench.scanner.put_on_glass(sheet(5));
        let outcome = bench.run(Profile {
            source,
            dpi,
            paper: PaperSize::A5,
            ..Profile::default()
        });
        let asked = bench.scanner.state().asked.map(|asked| (asked.dpi, asked.colour));
        let came = outcome.end.map(|_| asked.unwrap_or_default());
        assert_eq!(
            came.map(|(dpi, colour)| (dpi, colour, outcome.pages[0].dpi)),
            expected,
            "{} {source:?}",
            device.model
        );
    };
    check(Device::FLATBED, Source::Auto, 200, Ok((300, true, 300)));
    check(Device::FLATBED, Source::Feeder, 300, Err(ScanFault::SourceMissing));
    check(Device::FLATBED, Source::FeederDuplex, 300, Err(ScanFault::SourceMissing));
    check(Device::SIMPLEX, Source::Flatbed, 400, Ok((600, true, 600)));
    check(Device::SIMPLEX, Source::Feeder, 400, Ok((300, true, 300)));
    check(Device::SIMPLEX, Source::FeederDuplex, 300, Err(ScanFault::SourceMissing));
    check(Device::SHEETFED, Source::Auto, 280, Ok((280, true, 280)));
    check(Device::SHEETFED, Source::Flatbed, 300, Err(ScanFault::SourceMissing));
    check(Device::ODD, Source::Flatbed, 300, Ok((350, true, 350)));
    check(Device::ODD, Source::Feeder, 300, Ok((400, false, 400)));
}

#[test]
fn a_sheet_larger_than_the_device_is_cut_down_and_a3_is_taken_where_it_fits() {
    let check = |device: Device, paper, size: (u32, u32)| {
        let bench = set_up_as(device, 1);
        let outcome = bench.run(Profile { paper, ..A5 });
        assert_eq!(
            (outcome.end, bench.scanner.state().asked.unwrap().size),
            (Ok(1), size),
            "{} {paper:?}",
            device.model
        );
    };
    check(Device::A3, PaperSize::A3, (3508, 4961));
    check(Device::A3, PaperSize::A4, (2480, 3508));
    check(Device::OFFICE, PaperSize::A3, (2550, 4200));
    check(Device::OFFICE, PaperSize::Whole, (2550, 4200));
}

#[test]
fn all_sheets_arrive_in_order_at_the_size_asked_for() {
    let bench = set_up(4);
    let outcome = bench.run(A5);
    assert_eq!(outcome.end, Ok(4));
    assert_eq!((sequences(&outcome.pages), sheets(&outcome)), (vec![1, 2, 3, 4], vec![1, 2, 3, 4]));
    let page = &outcome.pages[0];
    assert!(
        page.width_px.abs_diff(437) < 4 && page.height_px.abs_diff(620) < 4 && page.dpi == 75,
        "{page:?}"
    );
    assert!(!outcome.worker_killed);
}

#[test]
fn auto_takes_the_glass_when_the_feeder_is_empty() {
    let bench = set_up(0);
    bench.scanner.put_on_glass(sheet(7));
    let auto = Profile { source: Source::Auto, ..A5 };
    let outcome = bench.run(auto);
    assert_eq!((outcome.end, sheets(&outcome)), (Ok(1), vec![7]));
    bench.scanner.load_feeder([sheet(2), sheet(3)]);
    let outcome = bench.run(auto);
    assert_eq!((outcome.end, sheets(&outcome)), (Ok(2), vec![2, 3]));
}

#[test]
fn both_sides_and_grey_are_what_was_asked_for() {
    let bench = set_up(4);
    let outcome = bench.run(Profile {
        source: Source::FeederDuplex,
        colour: ColourMode::Gray,
        dpi: 150,
        ..A5
    });
    assert_eq!((outcome.end, sequences(&outcome.pages)), (Ok(4), vec![1, 2, 3, 4]));
    assert_eq!((outcome.pages[0].colour, outcome.pages[0].dpi), (PixelColour::Gray, 150));
    let asked = bench.scanner.state().asked.unwrap();
    assert!(asked.feeder && asked.duplex && !asked.colour, "{asked:?}");
}

#[test]
fn every_fault_is_named_and_pages_before_it_are_kept() {
    let check = |fault, pages: &[u8], end| {
        let bench = set_up(3);
        bench.scanner.script(fault);
        let outcome = bench.run(A5);
        assert_eq!((sheets(&outcome), outcome.end), (pages.to_vec(), end), "{fault:?}");
        assert!(!outcome.worker_killed, "{fault:?}");
    };
    check(Fault::JamAfter { pages: 2 }, &[1, 2], Err(ScanFault::Jam));
    check(Fault::DoubleFeedAfter { pages: 1 }, &[1], Err(ScanFault::DoubleFeed));
    check(Fault::CoverOpen, &[], Err(ScanFault::CoverOpen));
    check(Fault::Empty, &[], Err(ScanFault::FeederEmpty));
    check(Fault::CutInPage { page: 2 }, &[1], Err(ScanFault::ConnectionCut));
    check(Fault::WrongLength { page: 2 }, &[1], Err(ScanFault::ConnectionCut));
    check(Fault::BusyTimes { times: 2 }, &[1, 2, 3], Ok(3));
    check(Fault::EarlyNotFound { times: 2 }, &[1, 2, 3], Ok(3));
    check(Fault::EarlyGone { times: 2 }, &[1, 2, 3], Ok(3));
    check(Fault::SlowDrip { bytes_per_s: 20_000 }, &[1, 2, 3], Ok(3));
    check(Fault::TruncatedPage { page: 2 }, &[1], Err(ScanFault::ShortPage { sequence: 2 }));
}

/// Of an empty feeder these devices say jam: one at any time, one once a sheet was wanted from it.
#[test]
fn an_empty_feeder_that_says_jam_is_no_jam() {
    let check = |fault, source, glass: bool, pages: &[u8], end, glass_instead| {
        let bench = set_up_as(if glass { Device::OFFICE } else { Device::SHEETFED }, 0);
        bench.scanner.put_on_glass(sheet(7));
        bench.scanner.script(fault);
        let dpi = 150;
        let outcome = bench.run(Profile { source, dpi, ..A5 });
        let what = format!("{fault:?} {source:?}, with a glass: {glass}");
        assert_eq!((sheets(&outcome), outcome.end), (pages.to_vec(), end), "{what}");
        assert_eq!(outcome.glass_instead, glass_instead, "{what}");
    };
    check(Fault::EmptyAsJam, Source::Feeder, true, &[], Err(ScanFault::JamOrEmpty), false);
    check(Fault::EmptyAsJam, Source::Auto, false, &[], Err(ScanFault::JamOrEmpty), false);
    check(Fault::EmptyAsJam, Source::Auto, true, &[7], Ok(1), true);
    check(Fault::EmptyUntilAsked, Source::Feeder, true, &[], Err(ScanFault::FeederEmpty), false);
    check(Fault::EmptyUntilAsked, Source::Auto, false, &[], Err(ScanFault::FeederEmpty), false);
    check(Fault::EmptyUntilAsked, Source::Auto, true, &[7], Ok(1), false);
}

#[test]
fn a_jam_at_the_first_sheet_is_a_jam() {
    let bench = set_up(2);
    bench.scanner.put_on_glass(sheet(7));
    bench.scanner.script(Fault::JamAfter { pages: 0 });
    let outcome = bench.run(Profile { source: Source::Auto, ..A5 });
    assert_eq!((sheets(&outcome), outcome.end), (Vec::new(), Err(ScanFault::Jam)), "papers lay in the feeder");
}

/// How often it is told that the scanner is not ready yet, how it ended and how long it took.
fn prepared(bench: &Bench) -> (usize, Option<ScanEvent>, Duration) {
    let begun = Instant::now();
    let events: Vec<ScanEvent> = Scan::start(&bench.config, &Batch::new(bench.device.as_str(), A5)).unwrap().collect();
    let told = events.iter().filter(|event| **event == ScanEvent::Preparing).count();
    (told, events.into_iter().last(), begun.elapsed())
}

#[test]
fn a_device_that_is_not_ready_is_asked_again_when_it_wishes() {
    let check = |fault, told, at_least_s| {
        let bench = set_up(1);
        bench.scanner.script(fault);
        let (times, end, took) = prepared(&bench);
        assert_eq!((times, end), (told, Some(ScanEvent::Finished { pages: 1 })), "{fault:?}");
        assert!(took >= Duration::from_secs(at_least_s), "{fault:?}: asked again too soon, after {took:?}");
    };
    let (times, retry_after_s) = (2, 2);
    check(Fault::BusyJobs { times, retry_after_s }, 2, 4);
    check(Fault::BusyJobs { times, retry_after_s: 0 }, 2, 1);
    check(Fault::BusyCapabilities { times, retry_after_s }, 2, 4);
    check(Fault::WarmingUp { times, retry_after_s }, 2, 4);
    check(Fault::BusyTimes { times }, 2, 2);
}

#[test]
fn a_device_that_does_not_become_ready_is_named_in_time() {
    let (times, retry_after_s) = (10_000, 3600);
    let scanned = |fault| {
        let bench = set_up(1);
        bench.scanner.script(fault);
        let (_, last, took) = prepared(&bench);
        assert_eq!(last, Some(ScanEvent::Fault(ScanFault::Busy)), "{fault:?}");
        assert!(took < Duration::from_secs(20), "{fault:?} took {took:?}");
        bench.scanner.clear_faults();
        assert_eq!(bench.run(A5).end, Ok(1), "{fault:?}: no job is left behind");
    };
    let inspected = |fault, named| {
        let bench = set_up(1);
        bench.scanner.script(fault);
        assert_eq!(inspect_scanner(&bench.config, &bench.device), Err(named), "{fault:?}");
    };
    std::thread::scope(|scope| {
        scope.spawn(|| scanned(Fault::BusyJobs { times, retry_after_s }));
        scope.spawn(|| scanned(Fault::BusyTimes { times }));
        scope.spawn(|| inspected(Fault::BusyCapabilities { times, retry_after_s }, ScanFault::Busy));
        scope.spawn(|| inspected(Fault::WarmingUp { times, retry_after_s }, ScanFault::WarmingUp));
    });
}

#[test]
fn nobody_waits_for_a_device_that_is_not_ready() {
    let bench = set_up(1);
    let (times, retry_after_s) = (10_000, 3600);
    for fault in [Fault::BusyJobs { times, retry_after_s }, Fault::BusyCapabilities { times, retry_after_s }] {
        bench.scanner.script(fault);
        let mut scan = Scan::start(&bench.config, &Batch::new(bench.device.as_str(), A5)).unwrap();
        assert_eq!(scan.next_event(), Some(ScanEvent::Preparing), "{fault:?}");
        let start = Instant::now();
        scan.cancel();
        assert!(start.elapsed() < Duration::from_millis(500), "{fault:?}: cancelling took {:?}", start.elapsed());
        assert_eq!(scan.by_ref().last(), Some(ScanEvent::Fault(ScanFault::Cancelled)));
        assert!(!scan.wait().worker_killed, "{fault:?}: the worker ends by itself");
    }
}

#[test]
fn a_page_at_another_resolution_says_so() {
    let bench = set_up(1);
    bench.scanner.script(Fault::WrongDpi { dpi: 150 });
    let outcome = bench.run(A5);
    assert_eq!(outcome.end, Ok(1));
    assert!(outcome.pages[0].dpi.abs_diff(150) <= 2, "{:?}", outcome.pages[0]);
}

#[test]
fn after_a_jam_the_rest_follows_with_its_own_numbers() {
    let bench = set_up(4);
    bench.scanner.script(Fault::JamAfter { pages: 2 });
    assert_eq!(bench.run(A5).end, Err(ScanFault::Jam));
    let mut again = Batch::new(bench.device.as_str(), Profile { source: Source::Auto, ..A5 });
    again.after_jam = true;
    let stuck = run(&bench.config, &again);
    assert_eq!(stuck.end, Err(ScanFault::Jam), "the sheet is still stuck, and the glass is no way round it");
    bench.scanner.clear_faults();
    let mut rest = Batch::new(bench.device.as_str(), A5);
    rest.first_sequence = 3;
    let after = run(&bench.config, &rest);
    assert_eq!((after.end, sequences(&after.pages), sheets(&after)), (Ok(2), vec![3, 4], vec![3, 4]));
}

#[test]
fn cancelling_is_quick_and_the_device_is_told() {
    for fault in [Fault::SlowDrip { bytes_per_s: 200 }, Fault::PageDelay { delay_ms: 20_000 }] {
        let bench = set_up(3);
        bench.scanner.script(fault);
        let mut scan = Scan::start(&bench.config, &Batch::new(bench.device.as_str(), A5)).unwrap();
        let begun = Instant::now();
        while bench.scanner.state().pages_sent == 0 && begun.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(10));
        }
        let start = Instant::now();
        scan.cancel();
        assert!(start.elapsed() < Duration::from_millis(500), "{fault:?}: cancelling took {:?}", start.elapsed());
        assert_eq!(scan.by_ref().last(), Some(ScanEvent::Fault(ScanFault::Cancelled)));
        assert!(!scan.wait().worker_killed, "{fault:?}: the worker ends by itself");
        assert_eq!(bench.scanner.state().jobs_cancelled, 1, "{fault:?}");
        bench.scanner.clear_faults();
        assert_eq!(bench.run(A5).end, Ok(2), "{fault:?}: the device works again");
    }
}

#[test]
fn a_device_that_is_not_there_or_out_of_order_is_named() {
    let bench = set_up(1);
    bench.scanner.script(Fault::OutOfOrder);
    assert_eq!(bench.run(A5).end, Err(ScanFault::Unreachable));
    let Bench { scanner, config, device } = bench;
    drop(scanner);
    assert_eq!(run(&config, &Batch::new(device, A5)).end, Err(ScanFault::Unreachable));
}

/// A responder that announces the virtual scanner; it answers straight to the asker, as the standard wants for one-shot questions. The
/// first question is lost.
#[test]
fn a_scanner_that_announces_itself_is_listed() {
    let bench = set_up(0);
    let responder = UdpSocket::bind("127.0.0.1:0").unwrap();
    let mut config = bench.config.clone();
    config.environment = vec![
        ("ONEWINDOW_MDNS".into(), responder.local_addr().unwrap().to_string()),
        ("SANE_CONFIG_DIR".into(), std::env::temp_dir().to_string_lossy().into_owned()),
    ];
    let answer = announcement(bench.scanner.port());
    let thread = std::thread::spawn(move || {
        let mut question = [0; 600];
        responder.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        responder.recv_from(&mut question).unwrap();
        let (length, from) = responder.recv_from(&mut question).unwrap();
        assert!(question[..length].windows(7).any(|part| part == b"\x06_uscan"), "scanners are asked for");
        responder.send_to(&answer, from).unwrap();
    });
    let found = list_scanners(&config).unwrap();
    thread.join().unwrap();
    let own = found
        .iter()
        .find(|scanner| scanner.id == bench.device)
        .expect("the announced scanner is in the list");
    assert_eq!(own.model, "One Window Virtual Scanner");
    assert!(inspect_scanner(&bench.config, &own.id).is_ok());
}

/// A counter often stands in two networks, that of the office and one of its own for devices; the scanner is in the one that does not lead
/// outside. Needs a network namespace and pairs of virtual devices: where the kernel gives none it says so and proves nothing.
#[cfg(target_os = "linux")]
#[test]
fn a_scanner_in_the_second_network_is_listed() {
    const INSIDE: &str = "ONEWINDOW_TEST_TWO_NETWORKS";
    let ip = |words: &str| Command::new("ip").args(words.split(' ')).status().is_ok_and(|status| status.success());
    if std::env::var_os(INSIDE).is_none() {
        let mut alone = Command::new("unshare");
        alone.args(["-rn", "ip", "link", "add", "probe0", "type", "veth", "peer", "name", "probe1"]);
        if !alone.stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
            eprintln!("not tried: no network namespace with virtual devices here");
            return;
        }
        let mut again = Command::new("unshare");
        again.arg("-rn").arg(std::env::current_exe().unwrap()).env(INSIDE, "1");
        again.args(["--exact", "own_client::a_scanner_in_the_second_network_is_listed", "--nocapture"]);
        assert!(again.status().unwrap().success(), "in its own network namespace");
        return;
    }
    for (name, address) in [("office", "10.77.1.1/24"), ("devices", "10.77.2.1/24")] {
        assert!(ip(&format!("link add {name}0 type veth peer name {name}1")));
        assert!(ip(&format!("addr add {address} dev {name}0")));
        assert!(ip(&format!("link set {name}0 up")) && ip(&format!("link set {name}1 up")));
    }
    assert!(ip("link set lo up") && ip("route add default dev office0"));
    let responder = UdpSocket::bind("0.0.0.0:5353").unwrap();
    responder
        .join_multicast_v4(&Ipv4Addr::new(224, 0, 0, 251), &Ipv4Addr::new(10, 77, 2, 1))
        .unwrap();
    std::thread::spawn(move || {
        let mut question = [0; 600];
        while let Ok((_, from)) = responder.recv_from(&mut question) {
            responder.send_to(&announcement(8080), from).unwrap();
        }
    });
    let found = list_scanners(&worker(&std::env::temp_dir())).unwrap();
    assert!(found.iter().any(|scanner| scanner.id == "escl:http://127.0.0.1:8080/eSCL"), "{found:?}");
}

fn announcement(port: u16) -> Vec<u8> {
    let name = |text: &str| -> Vec<u8> {
        let labels = text.split('.').flat_map(|label| std::iter::once(label.len() as u8).chain(label.bytes()));
        labels.chain(std::iter::once(0)).collect()
    };
    let record = |owner: &str, kind: u16, data: Vec<u8>| -> Vec<u8> {
        let mut bytes = name(owner);
        bytes.extend(kind.to_be_bytes());
        bytes.extend([0, 1, 0, 0, 0, 120]);
        bytes.extend((data.len() as u16).to_be_bytes());
        bytes.extend(data);
        bytes
    };
    let (service, instance, host) = ("_uscan._tcp.local", "Virtual._uscan._tcp.local", "virtual.local");
    let mut bytes = vec![0, 0, 0x84, 0, 0, 0, 0, 4, 0, 0, 0, 0];
    bytes.extend(record(service, 12, name(instance)));
    let mut place = vec![0, 0, 0, 0];
    place.extend(port.to_be_bytes());
    place.extend(name(host));
    bytes.extend(record(instance, 33, place));
    let texts = ["rs=eSCL", "ty=One Window Virtual Scanner"];
    bytes.extend(record(
        instance,
        16,
        texts.iter().flat_map(|text| std::iter::once(text.len() as u8).chain(text.bytes())).collect(),
    ));
    bytes.extend(record(host, 1, vec![127, 0, 0, 1]));
    bytes
}
