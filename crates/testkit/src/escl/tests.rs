//! The virtual scanner seen by the independent client: `scanimage` over sane-airscan. Where these programs are not
//! installed the tests say so and pass.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and says when it skips")]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output};

use jpeg_encoder::{ColorType, Encoder, PixelDensity};
use proptest::prelude::*;

use super::documents::{ScanSettings, parse_scan_settings};
use super::exposure::expose;
use super::{Device, Fault, VirtualScanner};

/// A page of vertical bars whose first pixel column tells which page it is.
fn page(number: u8, dpi: u16) -> Vec<u8> {
    let (width, height) = (dpi * 8, dpi * 11);
    let mut pixels = Vec::with_capacity(usize::from(width) * usize::from(height) * 3);
    for _ in 0..height {
        for column in 0..width {
            let value = if column < dpi {
                number * 40
            } else if column % 16 < 8 {
                30
            } else {
                230
            };
            pixels.extend_from_slice(&[value, value, 200]);
        }
    }
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, 90);
    encoder.set_density(PixelDensity::dpi(dpi));
    encoder.encode(&pixels, width, height, ColorType::Rgb).unwrap();
    jpeg
}

fn scanimage(scanner: &VirtualScanner, dir: &Path, source: &str) -> Option<Output> {
    let environment = scanner.write_sane_config(&dir.join("sane")).unwrap();
    let mut command = Command::new("timeout");
    command
        .envs(environment.variables())
        .args(["60", "scanimage", "-d", &environment.device, "--resolution", "75"]);
    command.args(["--source", source, "--format=pnm"]);
    command.arg(format!("--batch={}/page-%d.pnm", dir.display()));
    if source == "Flatbed" {
        command.arg("--batch-count=1");
    }
    if Command::new("scanimage").arg("--version").output().is_err() {
        eprintln!("SKIPPED: scanimage is not installed");
        return None;
    }
    Some(command.output().unwrap())
}

fn pages_in(dir: &Path) -> usize {
    (1..100).take_while(|number| dir.join(format!("page-{number}.pnm")).exists()).count()
}

/// Runs scanimage on three sheets and compares pages kept and the words it ends with.
fn check_feeder(fault: Option<Fault>, pages: usize, words: &str) {
    let scanner = VirtualScanner::start(0).unwrap();
    let dir = tempfile::tempdir().unwrap();
    scanner.load_feeder((1..=3).map(|number| page(number, 75)));
    if let Some(fault) = fault {
        scanner.script(fault);
    }
    let Some(output) = scanimage(&scanner, dir.path(), "ADF") else {
        return;
    };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(pages_in(dir.path()), pages, "pages kept under {fault:?}; scanimage said: {said}");
    assert!(said.contains(words), "under {fault:?} scanimage must say {words:?}, it said: {said}");
}

#[test]
fn independent_client_gets_all_pages_of_the_feeder() {
    check_feeder(None, 3, "out of documents");
}

#[test]
fn independent_client_sees_a_jam_and_keeps_the_pages_before_it() {
    check_feeder(Some(Fault::JamAfter { pages: 2 }), 2, "jammed");
}

#[test]
fn independent_client_sees_an_open_cover() {
    check_feeder(Some(Fault::CoverOpen), 0, "cover is open");
}

#[test]
fn independent_client_sees_a_cut_connection() {
    check_feeder(Some(Fault::CutInPage { page: 2 }), 1, "Error during device I/O");
}

#[test]
fn independent_client_waits_while_the_device_is_busy() {
    check_feeder(Some(Fault::BusyTimes { times: 2 }), 3, "out of documents");
}

#[test]
fn independent_client_sees_an_empty_feeder() {
    check_feeder(Some(Fault::Empty), 0, "out of documents");
}

#[test]
fn independent_client_sees_wrong_length_as_an_error() {
    check_feeder(Some(Fault::WrongLength { page: 1 }), 0, "Error during device I/O");
}

#[test]
fn independent_client_gets_a_page_from_the_glass() {
    let scanner = VirtualScanner::start(0).unwrap();
    let dir = tempfile::tempdir().unwrap();
    scanner.put_on_glass(page(2, 75));
    let Some(output) = scanimage(&scanner, dir.path(), "Flatbed") else {
        return;
    };
    assert_eq!(pages_in(dir.path()), 1, "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn control_endpoints_load_sheets_and_set_faults() {
    let scanner = VirtualScanner::start(0).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.jpg");
    std::fs::write(&file, page(1, 40)).unwrap();
    let by_path = serde_json::json!({ "paths": [file, file] }).to_string();
    assert!(post(&scanner, "feeder", "application/json", by_path.as_bytes()).contains("\"feeder\":2"));
    assert!(post(&scanner, "feeder", "image/jpeg", &page(1, 40)).contains("\"feeder\":3"));
    assert!(post(&scanner, "glass", "image/jpeg", &page(1, 40)).contains("\"glass\":true"));
    let fault = br#"{"fault":"jam-after","pages":1}"#;
    assert!(post(&scanner, "fault", "application/json", fault).contains("200 OK"));
    assert!(post(&scanner, "clear?all", "application/json", b"").contains("\"feeder\":0"));
    assert!(post(&scanner, "feeder", "application/json", br#"{"paths":["/nowhere"]}"#).contains("400 Bad"));
}

fn post(scanner: &VirtualScanner, what: &str, kind: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", scanner.port())).unwrap();
    let length = body.len();
    let head = format!("POST /control/{what} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_page_that_fits_is_passed_on_unchanged_and_others_are_brought_to_size() {
    let region = [0, 0, 8 * 300, 11 * 300];
    let sheet = page(1, 75);
    let settings = ScanSettings {
        dpi: 75,
        region,
        ..ScanSettings::default()
    };
    assert_eq!(expose(&sheet, &settings).unwrap(), sheet);
    let gray = ScanSettings {
        dpi: 150,
        colour: false,
        region,
        ..ScanSettings::default()
    };
    let seen = image::load_from_memory(&expose(&sheet, &gray).unwrap()).unwrap();
    assert_eq!((seen.width(), seen.height(), seen.color().channel_count()), (1200, 1650, 1));
    let lid = image::load_from_memory(&expose(&[], &settings).unwrap()).unwrap();
    assert_eq!((lid.width(), lid.height()), (600, 825), "an empty glass gives the lid");
    assert!(expose(b"not a picture", &settings).is_err());
}

#[test]
fn a_device_refuses_what_it_can_not_do() {
    let check = |device: Device, source: &str, duplex: bool, dpi: u32, colour: &str, takes: bool| {
        let text =
            format!("<s><InputSource>{source}</InputSource><Duplex>{duplex}</Duplex><XResolution>{dpi}</XResolution><ColorMode>{colour}</ColorMode></s>");
        assert_eq!(parse_scan_settings(&text, &device).is_some(), takes, "{}: {text}", device.model);
    };
    check(Device::FLATBED, "Platen", false, 300, "RGB24", true);
    check(Device::FLATBED, "Feeder", false, 300, "RGB24", false);
    check(Device::SIMPLEX, "Feeder", true, 300, "RGB24", false);
    check(Device::SIMPLEX, "Feeder", false, 600, "RGB24", false);
    check(Device::SHEETFED, "Platen", false, 300, "RGB24", false);
    check(Device::SHEETFED, "Feeder", true, 301, "RGB24", true);
    check(Device::ODD, "Platen", false, 350, "RGB24", true);
    check(Device::ODD, "Platen", false, 300, "RGB24", false);
    check(Device::ODD, "Feeder", false, 400, "RGB24", false);
    check(Device::ODD, "Feeder", false, 400, "Grayscale8", true);
}

proptest! {
    #[test]
    fn scan_settings_never_panic(text in "\\PC{0,400}") {
        let _ = parse_scan_settings(&text, &Device::OFFICE);
    }

    #[test]
    fn scan_settings_with_any_values_stay_within_the_device(dpi in 0u32..2000, width in any::<u32>(), height in any::<u32>()) {
        let text = format!(
            "<scan:ScanSettings><pwg:Width>{width}</pwg:Width><pwg:Height>{height}</pwg:Height>\
             <scan:XResolution>{dpi}</scan:XResolution></scan:ScanSettings>"
        );
        if let Some(settings) = parse_scan_settings(&text, &Device::OFFICE) {
            prop_assert!(settings.dpi <= 600 && settings.region[2] <= 2550 && settings.region[3] <= 4200);
        }
    }
}
