//! Tilt of pages with known truth, and whether straight pages stay as they are.

use std::path::Path;

use anyhow::Result;
use onewindow_bench::Report;
use onewindow_capture::{Limits, PaperHint, ProcessedPage, process};
use onewindow_testkit::papers::{Paper, Random, Wear, degrade};

use crate::pages::{TEXT_PAGES, flat, jpeg, rows};
use crate::peers::Peers;

const TILTED: usize = 64;
/// Pages of small angles only: leptonica searches no further than seven degrees.
const STRAIGHT: usize = 1000;

pub fn measure(report: &mut Report, peers: &Peers, folder: &Path) -> Result<()> {
    let mut random = Random::from_seed(5);
    let (mut errors, mut refused) = (Vec::new(), 0);
    let mut files = Vec::new();
    for index in 0..TILTED {
        let (kind, page_no) = TEXT_PAGES[index % TEXT_PAGES.len()];
        let truth = random.between(-20.0, 20.0);
        let wear = Wear {
            skew_deg: truth,
            noise: 3.0,
            seed: index as u64,
            ..Wear::default()
        };
        let paper = degrade(&flat(kind, page_no, 150, index as u64)?, &wear)?;
        let page = process(&rows(&paper, Some(150.0)), &PaperHint::default(), &Limits::default(), None)?;
        if page.skew_corrected {
            errors.push(f64::from((page.skew_deg - truth).abs()));
            if (page.skew_deg - truth).abs() > 0.3 {
                tell_page(&paper, &page, truth);
            }
        } else if truth.abs() > 0.15 {
            refused += 1;
        }
        files.push((jpeg(&paper)?, f64::from(truth)));
    }
    tell(report, "ours", &errors);
    report.note("ours, tilted pages left as they were", f64::from(refused), "pages");
    for (name, found) in peers.skew_deg(folder, &files) {
        let errors: Vec<f64> = found.iter().zip(&files).map(|(found, (_, truth))| (found - truth).abs()).collect();
        tell(report, &name, &errors);
        let small: Vec<f64> = errors.iter().zip(&files).filter(|(_, (_, truth))| truth.abs() < 6.5).map(|(e, _)| *e).collect();
        tell(report, &format!("{name}, within 6.5 degrees"), &small);
    }
    let mut turned = 0;
    let count = std::env::var("ONEWINDOW_BENCH_STRAIGHT").ok().and_then(|n| n.parse().ok()).unwrap_or(STRAIGHT);
    for index in 0..count {
        let (kind, page_no) = TEXT_PAGES[index % TEXT_PAGES.len()];
        let wear = Wear {
            noise: 1.0 + (index % 7) as f32,
            blur_px: (index % 3) as f32 * 0.5,
            stamps: (index % 2) as u32,
            creases: (index % 3 == 0).into(),
            seed: index as u64,
            ..Wear::default()
        };
        let paper = degrade(&flat(kind, page_no, 100, index as u64)?, &wear)?;
        let page = process(&rows(&paper, Some(100.0)), &PaperHint::default(), &Limits::default(), None)?;
        let is_turned = page.skew_corrected && page.skew_deg.abs() > 0.25;
        turned += usize::from(is_turned);
        if is_turned {
            tell_page(&paper, &page, 0.0);
        }
    }
    report.note_against(format!("straight pages made crooked, of {count}"), turned as f64, "pages", "0");
    Ok(())
}

fn tell_page(paper: &Paper, page: &ProcessedPage, truth_deg: f32) {
    let by = if page.paper_found { "its sides" } else { "its lines" };
    println!(
        "  {:?}: {truth_deg:.2} degrees measured as {:.2} by {by}, confidence {:.0}, corners {:.0?}",
        paper.kind, page.skew_deg, page.skew_confidence, page.corners
    );
}

fn tell(report: &mut Report, whose: &str, errors: &[f64]) {
    let mean = errors.iter().sum::<f64>() / errors.len().max(1) as f64;
    let worst = errors.iter().copied().fold(0.0, f64::max);
    report.note_against(format!("deskew {whose}, mean error of {}", errors.len()), mean, "degrees", "0.1");
    report.note_against(format!("deskew {whose}, worst"), worst, "degrees", "0.5");
}
