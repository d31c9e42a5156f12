//! The worker with real drivers: SANE's own `test` device, and the virtual network scanner over sane-airscan. Where
//! these are not installed the tests say so and pass.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test fails by panicking and says when it skips")]

mod camera;
mod encrypted;
mod network;
mod own_client;
mod sane_test;
mod worker;

use std::path::Path;

use onewindow_scan::{Batch, ColourMode, PaperSize, Profile, RawScan, Scan, ScanEvent, ScanFault, Source, WorkerConfig};

/// The worker built with these tests, seeing only the drivers of a private SANE configuration.
fn worker(sane_config: &Path) -> WorkerConfig {
    let mut config = WorkerConfig::new(env!("CARGO_BIN_EXE_onewindow-scan-worker"));
    config.environment = vec![("SANE_CONFIG_DIR".into(), sane_config.to_string_lossy().into_owned())];
    config
}

/// A small area at a low resolution, so that tests are about behaviour and not about pixels.
fn small(source: Source) -> Profile {
    Profile {
        source,
        colour: ColourMode::Colour,
        dpi: 75,
        paper: PaperSize::IdCard,
    }
}

/// Everything a scan brought: its pages and how it ended.
#[derive(Debug)]
struct Outcome {
    pages: Vec<RawScan>,
    /// The glass was scanned in place of a feeder that said jam.
    glass_instead: bool,
    end: Result<u32, ScanFault>,
    worker_killed: bool,
}

fn run(config: &WorkerConfig, batch: &Batch) -> Outcome {
    let mut scan = Scan::start(config, batch).unwrap();
    let mut pages = Vec::new();
    let (mut end, mut glass_instead) = (None, false);
    for event in scan.by_ref() {
        assert!(end.is_none(), "nothing comes after the last event, {event:?} came");
        match event {
            ScanEvent::Page(page) => pages.push(page),
            ScanEvent::Finished { pages } => end = Some(Ok(pages)),
            ScanEvent::Fault(fault) => end = Some(Err(fault)),
            ScanEvent::GlassInstead => glass_instead = true,
            ScanEvent::Preparing | ScanEvent::PageStarted { .. } | ScanEvent::Progress { .. } | ScanEvent::Looked(_) => {}
        }
    }
    Outcome {
        pages,
        glass_instead,
        end: end.unwrap(),
        worker_killed: scan.wait().worker_killed,
    }
}

fn sequences(pages: &[RawScan]) -> Vec<u32> {
    pages.iter().map(|page| page.sequence).collect()
}
