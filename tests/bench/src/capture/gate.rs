//! The gate at the pace of the feeder: a 300-dpi A4 page from its arrival as rows (as the scan worker hands them over) to its original
//! encoded for keeping, and judged, corrected and encoded, without reading; one core at a time, then both. The same pages as files of
//! strangers, which are decoded at the door and again, next to the peers, which read files too.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::Result;
use onewindow_bench::Report;
use onewindow_capture::{Limits, PaperHint, ProcessedPage, RawPage, process};
use onewindow_testkit::papers::{Wear, degrade};

use crate::pages::{TEXT_PAGES, cpu_s, flat, jpeg, processed, rows};
use crate::peers::Peers;

pub fn measure(report: &mut Report, peers: &Peers, folder: &Path) -> Result<()> {
    let (mut files, mut arrivals) = (Vec::new(), Vec::new());
    for (index, (kind, page_no)) in TEXT_PAGES.into_iter().enumerate() {
        let wear = Wear {
            skew_deg: index as f32 * 0.4 - 1.4,
            noise: 3.0,
            seed: index as u64,
            ..Wear::default()
        };
        let paper = degrade(&flat(kind, page_no, 300, index as u64)?, &wear)?;
        arrivals.push(rows(&paper, Some(300.0)));
        files.push(jpeg(&paper)?);
    }
    let mut slowest = [0f32; 5];
    let mut waits_ms = Vec::new();
    arrived(&arrivals[0])?;
    let begun = cpu_s();
    const ROUNDS: usize = 4;
    for _ in 0..ROUNDS {
        for raw in &arrivals {
            let rows_complete = Instant::now();
            let t = arrived(raw)?.timings_ms;
            waits_ms.push(rows_complete.elapsed().as_secs_f64() * 1000.0);
            for (sum, ms) in slowest.iter_mut().zip([t.find_paper_ms, t.straighten_ms, t.judge_ms, t.codes_ms, t.encode_ms]) {
                *sum += ms;
            }
        }
    }
    let pages = (ROUNDS * files.len()) as f64;
    let per_page = (cpu_s() - begun) / pages;
    report.note_against("A4 300 dpi, arrival as rows to encoded", per_page, "s CPU a page", "0.20 (with sealing)");
    // The verdict comes with the corrected page and its picture, after the original was encoded for keeping: all that the clerk waits for.
    waits_ms.sort_by(f64::total_cmp);
    for (name, at) in [("median", waits_ms.len() / 2), ("worst", waits_ms.len() - 1)] {
        report.note_against(
            format!("rows complete to verdict, {name} of {}", waits_ms.len()),
            waits_ms[at],
            "ms wall",
            "150",
        );
    }
    for (name, ms) in ["find paper", "straighten", "judge", "codes", "encode"].iter().zip(slowest) {
        report.note(format!("  of it {name}"), f64::from(ms) / pages, "ms wall");
    }
    let begun = cpu_s();
    for file in files.iter().cycle().take(ROUNDS * files.len()) {
        processed(file, &PaperHint::default())?;
    }
    let ours = (cpu_s() - begun) / pages;
    report.note("the same as a file of a stranger", ours, "s CPU a page");
    if let Some(chain) = peers.chain_cpu_s(folder, &files) {
        report.note("unpaper + leptonica + cjpeg, same pages", chain, "s CPU a page");
        report.note_against("peer chain / ours", chain / ours, "times", "3 or more");
    }
    both_cores(report, &arrivals)
}

/// All that is done with a page of the feeder before it is sealed.
fn arrived(raw: &RawPage) -> Result<ProcessedPage> {
    let original = raw.to_file()?;
    let page = process(raw, &PaperHint::default(), &Limits::default(), None)?;
    std::hint::black_box(original);
    Ok(page)
}

/// As many threads as cores, each with one decoded page at a time.
fn both_cores(report: &mut Report, arrivals: &[RawPage]) -> Result<()> {
    const PAGES: usize = 60;
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get()).min(2);
    let next = AtomicUsize::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let work = || -> Result<()> {
            while let at @ 0..PAGES = next.fetch_add(1, Ordering::Relaxed) {
                arrived(&arrivals[at % arrivals.len()])?;
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
