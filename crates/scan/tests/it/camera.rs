//! A document camera's loopback service, played by a small server that shows a table, a moving hand and papers.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use onewindow_scan::{Batch, ColourMode, PaperSize, PixelColour, Profile, RawScan, ScanFault, Source, WorkerConfig};

use crate::run;

/// A service whose pictures have the brightness last set; it stops with the test's process.
fn service() -> (String, Arc<AtomicU8>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/?action=snapshot", listener.local_addr().unwrap());
    let shown = Arc::new(AtomicU8::new(40));
    let brightness = Arc::clone(&shown);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let _ = stream.read(&mut [0; 2048]);
            let picture = RawScan {
                sequence: 1,
                width_px: 320,
                height_px: 240,
                dpi: 0,
                colour: PixelColour::Rgb,
                pixels: vec![brightness.load(Ordering::SeqCst); 320 * 240 * 3],
            };
            let jpeg = picture.to_jpeg(90).unwrap();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: image/jpeg\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                jpeg.len()
            );
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&jpeg));
        }
    });
    (url, shown)
}

fn worker() -> WorkerConfig {
    WorkerConfig::new(env!("CARGO_BIN_EXE_onewindow-scan-worker"))
}

fn profile(source: Source) -> Profile {
    Profile {
        source,
        colour: ColourMode::Colour,
        dpi: 300,
        paper: PaperSize::A4,
    }
}

#[test]
fn a_paper_that_lies_still_is_taken_by_itself() {
    let (url, shown) = service();
    shown.store(200, Ordering::SeqCst);
    let outcome = run(&worker(), &Batch::new(format!("camera:{url}"), profile(Source::Flatbed)));
    assert_eq!(outcome.end, Ok(1));
    let page = &outcome.pages[0];
    assert_eq!(
        (page.width_px, page.height_px, page.dpi),
        (320, 240, 0),
        "a photograph does not know its resolution"
    );
    assert!(page.pixels[0].abs_diff(200) < 6);
}

#[test]
fn one_paper_after_another_is_taken_until_enough() {
    let (url, shown) = service();
    let hand = std::thread::spawn(move || {
        for paper in [90, 150, 210] {
            shown.store(paper, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(2500));
        }
    });
    let mut batch = Batch::new(format!("camera:{url}"), profile(Source::Feeder));
    batch.pages_max = 3;
    let outcome = run(&worker(), &batch);
    hand.join().unwrap();
    assert_eq!(outcome.pages.len(), 3);
    assert_eq!(outcome.end, Err(ScanFault::TooManyPages));
    assert!(outcome.pages[2].pixels[0].abs_diff(210) < 6);
}

#[test]
fn a_camera_that_is_not_there_is_named() {
    let batch = Batch::new("camera:http://127.0.0.1:9/snapshot", profile(Source::Flatbed));
    assert_eq!(run(&worker(), &batch).end, Err(ScanFault::Unreachable));
}
