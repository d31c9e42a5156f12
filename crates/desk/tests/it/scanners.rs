//! Which scanner a counter takes: at an address that was typed, with a feeder that says jam, and none yet while it is searched.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use onewindow_desk::{DeskFault, News};
use onewindow_ipc::case_view::{ScanColour, ScanPaper, ScanProfile, ScanSource};
use onewindow_ipc::news::{ScanNews, ScanState};
use onewindow_testkit::escl::Fault;
use onewindow_testkit::papers::{Cast, DrawOptions, PaperKind, draw, encode_jpeg};

use crate::counter::Counter;

fn sheet() -> Vec<u8> {
    let options = DrawOptions {
        dpi: 150,
        ..DrawOptions::default()
    };
    encode_jpeg(&draw(PaperKind::NewbornForm, &Cast::demo(), &options).unwrap(), 85).unwrap()
}

/// Takes the counter's own scanner, or the first one found.
fn profile(source: ScanSource) -> ScanProfile {
    ScanProfile {
        scanner: None,
        source,
        colour: ScanColour::Colour,
        dpi: 150,
        paper: ScanPaper::A4,
    }
}

/// How the scans of a counter ended, in their order.
fn ends(counter: &Counter) -> Arc<Mutex<Vec<ScanNews>>> {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ends = Arc::clone(&heard);
    counter.desk.listen(move |news| {
        if let News::Scan(scan) = news
            && matches!(scan.state, ScanState::Finished | ScanState::Failed | ScanState::Cancelled)
        {
            ends.lock().unwrap().push(scan);
        }
    });
    heard
}

fn last_end(ends: &Mutex<Vec<ScanNews>>, count: usize) -> ScanNews {
    let begun = Instant::now();
    loop {
        let heard = ends.lock().unwrap();
        if heard.len() >= count {
            return heard[count - 1].clone();
        }
        drop(heard);
        assert!(begun.elapsed() < Duration::from_secs(60), "scan {count} did not end");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_installer_gives_the_scanner_as_people_write_addresses() {
    for address in ["127.0.0.1:{port}", "http://127.0.0.1:{port}/eSCL", "escl:localhost:{port}"] {
        let Some(counter) = Counter::open_at(address) else { return };
        counter.scanner.load_feeder([sheet()]);
        counter.scan_as("app_form", &profile(ScanSource::Feeder), 1);
        assert_eq!(counter.scanner.state().pages_sent, 1, "{address}");
        let able = counter.desk.inspect_scanner(None).unwrap();
        assert!(able.scanner.ends_with("/eSCL"), "{address} became {}", able.scanner);
        let listed = counter.desk.list_scanners().unwrap();
        let own: Vec<_> = listed.iter().filter(|scanner| scanner.chosen).map(|scanner| &scanner.id).collect();
        assert_eq!(own, [&able.scanner], "{address}: it does not announce itself, and is listed all the same");
    }
}

#[test]
fn a_scanner_is_taken_at_an_address_that_a_clerk_types_once_it_answers() {
    let Some(counter) = Counter::open() else { return };
    let port = counter.scanner.port();
    for typed in [format!("127.0.0.1:{port}"), format!(" localhost:{port}/ "), counter.scanner.url()] {
        let able = counter.desk.inspect_scanner(Some(&format!("escl:{typed}"))).unwrap();
        assert!(!able.camera && able.sources.len() == 5, "{typed}: {able:?}");
        counter.scanner.load_feeder([sheet()]);
        let before = counter.scanner.state().pages_sent;
        let chosen = ScanProfile {
            scanner: Some(able.scanner),
            ..profile(ScanSource::Feeder)
        };
        counter.scan_as("app_form", &chosen, before as usize + 1);
        assert_eq!(
            counter.scanner.state().pages_sent,
            before + 1,
            "{typed}: what was answered is what scans are given"
        );
    }
}

#[test]
fn an_address_where_no_scanner_answers_is_refused_by_name() {
    let Some(counter) = Counter::open() else { return };
    // A port that was free a moment ago, and a place where something else answers.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let no_scanner = format!("127.0.0.1:{}/control", counter.scanner.port());
    let check = |typed: &str, code: &str| {
        let fault = counter
            .desk
            .inspect_scanner(Some(&format!("escl:{typed}")))
            .map(|able| able.scanner)
            .unwrap_err();
        let told = fault.to_command_fault();
        assert_eq!(told.code, code, "{typed}");
        assert!(told.what.zh.contains(typed.trim()) && told.what.en.contains(typed.trim()), "{typed}: {told:?}");
    };
    check(&format!("127.0.0.1:{free}"), "no-scanner-at-address");
    check(&no_scanner, "no-scanner-at-address");
    check("not an address", "not-an-address");
    check("ftp://127.0.0.1", "not-an-address");
    assert!(matches!(counter.desk.inspect_scanner(Some("escl: ")), Err(DeskFault::NotAnAddress(_))));
}

#[test]
fn a_feeder_that_says_jam_without_a_sheet_leaves_the_glass_to_the_clerk_who_is_told() {
    let Some(counter) = Counter::open_at("127.0.0.1:{port}") else { return };
    let ends = ends(&counter);
    counter.scanner.put_on_glass(sheet());
    counter.scanner.script(Fault::EmptyAsJam);
    counter.scan_as("app_form", &profile(ScanSource::Auto), 1);
    let end = last_end(&ends, 1);
    assert_eq!(
        (end.state, end.pages_kept, end.code.as_deref()),
        (ScanState::Finished, 1, Some("glass-instead"))
    );
    assert!(end.words.is_some_and(|words| words.en.contains("glass") && words.zh.contains("玻璃板")));
    // After a jam in the middle of a batch the same word is a jam: the glass is no way round it.
    counter.scanner.load_feeder([sheet(), sheet()]);
    counter.scanner.script(Fault::JamAfter { pages: 1 });
    counter.scan_as("app_form", &profile(ScanSource::Auto), 2);
    counter.scan_as("app_form", &profile(ScanSource::Auto), 2);
    assert_eq!(last_end(&ends, 2).code.as_deref(), Some("jam"));
    assert_eq!(last_end(&ends, 3).code.as_deref(), Some("jam"));
    counter.scanner.clear_faults();
    counter.scan_as("app_form", &profile(ScanSource::Auto), 3);
    assert_eq!((last_end(&ends, 4).state, counter.scanner.state().feeder), (ScanState::Finished, 0));
}

#[test]
fn nobody_waits_for_the_search_for_a_scanner_that_is_not_wanted_any_more() {
    let Some(counter) = Counter::open() else { return };
    let ends = ends(&counter);
    counter.desk.scan_into(counter.case, None, &profile(ScanSource::Auto)).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    assert!(counter.desk.is_scanning(counter.case), "announcements are waited for longer than this");
    let start = Instant::now();
    counter.desk.cancel_scan(counter.case);
    assert!(start.elapsed() < Duration::from_millis(500), "cancelling took {:?}", start.elapsed());
    assert_eq!(last_end(&ends, 1).state, ScanState::Cancelled);
    assert!(
        start.elapsed() < Duration::from_millis(500),
        "the clerk heard of it after {:?}",
        start.elapsed()
    );
    assert!(!counter.desk.is_scanning(counter.case));
}
