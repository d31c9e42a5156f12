//! The gate at the pace of the feeder: a 300-dpi A4 page from its arrival as a file to judged, corrected and encoded, without
//! reading; one core at a time, then both.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::Result;
use onewindow_bench::Report;
use onewindow_capture::PaperHint;
use onewindow_testkit::papers::{Wear, degrade};

use crate::pages::{TEXT_PAGES, cpu_s, flat, jpeg, processed};
use crate::peers::Peers;

pub fn measure(report: &mut Report, peers: &Peers, folder: &Path) -> Result<()> {
    let mut files = Vec::new();
    for (index, (kind, page_no)) in TEXT_PAGES.into_iter().enumerate() {
        let wear = Wear {
            skew_deg: index as f32 * 0.4 - 1.4,
            noise: 3.0,
            seed: index as u64,
            ..Wear::default()
        };
        files.push(jpeg(&degrade(&flat(kind, page_no, 300, index as u64)?, &wear)?)?);
    }
    let mut slowest = [0f32; 6];
    processed(&files[0], &PaperHint::default())?;
    let begun = cpu_s();
    const ROUNDS: usize = 4;
    for _ in 0..ROUNDS {
        for file in &files {
            let page = processed(file, &PaperHint::default())?;
            let t = page.timings_ms;
            for (sum, ms) in slowest
                .iter_mut()
                .zip([t.decode_ms, t.find_paper_ms, t.straighten_ms, t.judge_ms, t.codes_ms, t.encode_ms])
            {
                *sum += ms;
            }
        }
    }
    let pages = (ROUNDS * files.len()) as f64;
    let ours = (cpu_s() - begun) / pages;
    report.note_against("A4 300 dpi, arrival to encoded", ours, "s CPU a page", "0.20 (with sealing)");
    for (name, ms) in ["decode", "find paper", "straighten", "judge", "codes", "encode"].iter().zip(slowest) {
        report.note(format!("  of it {name}"), f64::from(ms) / pages, "ms wall");
    }
    if let Some(chain) = peers.chain_cpu_s(folder, &files) {
        report.note("unpaper + leptonica + cjpeg, same pages", chain, "s CPU a page");
        report.note_against("peer chain / ours", chain / ours, "times", "3 or more");
    }
    both_cores(report, &files)
}

/// As many threads as cores, each with one decoded page at a time.
fn both_cores(report: &mut Report, files: &[Vec<u8>]) -> Result<()> {
    const PAGES: usize = 60;
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get()).min(2);
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let work = || -> Result<()> {
            while let at @ 0..PAGES = next.fetch_add(1, Ordering::Relaxed) {
                processed(&files[at % files.len()], &PaperHint::default())?;
            }
            Ok(())
        };
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running
            .into_iter()
            .try_for_each(|thread| thread.join().map_err(|_| anyhow::anyhow!("a worker stopped"))?)
    })?;
    let per_minute = PAGES as f64 / begun.elapsed().as_secs_f64() * 60.0;
    report.note_against(format!("sustained on {threads} cores"), per_minute, "pages a minute", "120 or more");
    Ok(())
}
