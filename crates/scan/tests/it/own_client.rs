//! Our own eSCL client in the worker against the virtual network scanner: no driver of the system takes part.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use onewindow_scan::{Batch, ColourMode, PaperSize, PixelColour, Profile, Scan, ScanEvent, ScanFault, Source, WorkerConfig, inspect_scanner, list_scanners};
use onewindow_testkit::escl::{Fault, VirtualScanner};

use crate::{Outcome, run, sequences};

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
    let scanner = VirtualScanner::start(0).unwrap();
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
fn the_device_tells_what_it_can_do() {
    let bench = set_up(0);
    let can = inspect_scanner(&bench.config, &bench.device).unwrap();
    assert_eq!(can.sources, [Source::Flatbed, Source::Feeder, Source::FeederDuplex]);
    assert!(can.colours.contains(&ColourMode::Colour) && can.dpi.contains(&300), "{can:?}");
    assert!(can.area_max_mm.is_some_and(|(width, _)| (width - 215.9).abs() < 0.2), "{can:?}");
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
    check(Fault::SlowDrip { bytes_per_s: 20_000 }, &[1, 2, 3], Ok(3));
    check(Fault::TruncatedPage { page: 2 }, &[1], Err(ScanFault::ShortPage { sequence: 2 }));
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
    assert_eq!(bench.run(A5).end, Err(ScanFault::Jam), "the sheet is still stuck");
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

/// A responder that announces the virtual scanner; it answers straight to the asker, as the standard wants for one-shot questions.
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
