//! Barcodes on pages of growing damage: the product's two steps against zxing-cpp looking hard at the whole page at once.

use std::time::{Duration, Instant};

use anyhow::Result;
use onewindow_bench::Report;
use onewindow_capture::{Gray, find_all_codes};
use onewindow_testkit::papers::{Paper, PaperKind, PhotoOptions, Wear, degrade, photographed};
use zxingcpp::{BarcodeReader, ImageFormat, ImageView};

use crate::pages::{flat, rows};

const LEVELS: u64 = 6;
const EACH: u64 = 18;

pub fn measure(report: &mut Report) -> Result<()> {
    let (mut ours, mut peer, mut pages) = (Tally::default(), Tally::default(), 0);
    for level in 0..LEVELS {
        let (before_ours, before_peer) = (ours.right, peer.right);
        for seed in 0..EACH {
            let kind = if seed % 3 == 0 {
                PaperKind::BirthCertificate
            } else {
                PaperKind::BusinessLicence
            };
            let paper = damaged(&flat(kind, 1, 150, level * 100 + seed)?, level, seed)?;
            let Some(truth) = paper.truth.codes.first().map(|code| code.text.clone()) else {
                continue;
            };
            let raw = rows(&paper, None);
            let Ok(raster) = raw.decode(&onewindow_capture::Limits::default()) else {
                continue;
            };
            let gray = raster.to_gray();
            pages += 1;
            ours.note(&truth, || find_all_codes(&gray).into_iter().map(|code| code.text).collect());
            peer.note(&truth, || whole_page(&gray));
        }
        println!("  level {level}: ours {} zxing-cpp {}", ours.right - before_ours, peer.right - before_peer);
    }
    report.note(format!("codes read, ours, of {pages}"), ours.right as f64, "pages");
    report.note_against("codes read, zxing-cpp try harder", peer.right as f64, "pages", "ours at least as many");
    report.note("codes, ours, median", ours.median_ms(), "ms");
    report.note_against("codes, zxing-cpp try harder, median", peer.median_ms(), "ms", "ours no slower");
    report.note("codes read wrongly, ours", ours.wrong as f64, "pages");
    Ok(())
}

fn damaged(paper: &Paper, level: u64, seed: u64) -> Result<Paper> {
    let strength = level as f32;
    if seed.is_multiple_of(2) {
        let wear = Wear {
            skew_deg: strength * 1.5,
            noise: strength * 4.0,
            blur_px: strength * 0.55,
            fade: strength * 0.1,
            jpeg_quality: (level > 0).then_some(90 - 10 * level as u8),
            seed,
            ..Wear::default()
        };
        return Ok(degrade(paper, &wear)?);
    }
    Ok(photographed(
        paper,
        &PhotoOptions {
            long_side_px: 1800 - 140 * level as u32,
            tilt_deg: (strength * 4.0, strength * -3.0),
            blur_px: 0.3 + strength * 0.35,
            noise: strength * 3.0,
            shadow: strength * 0.1,
            seed,
            ..PhotoOptions::default()
        },
    ))
}

/// All that the peer finds on the page as it is.
fn whole_page(gray: &Gray) -> Vec<String> {
    let Ok(view) = ImageView::from_slice(&gray.luma, gray.width, gray.height, ImageFormat::Lum) else {
        return Vec::new();
    };
    let reader = BarcodeReader::new().try_harder(true).try_rotate(true).try_invert(true);
    reader
        .from(view)
        .unwrap_or_default()
        .iter()
        .filter(|code| code.is_valid())
        .map(|code| code.text())
        .collect()
}

#[derive(Default)]
struct Tally {
    right: u64,
    wrong: u64,
    times: Vec<Duration>,
}

impl Tally {
    fn note(&mut self, truth: &str, read: impl FnOnce() -> Vec<String>) {
        let begun = Instant::now();
        let texts = read();
        self.times.push(begun.elapsed());
        if texts.iter().any(|text| text == truth) {
            self.right += 1;
        } else if !texts.is_empty() {
            self.wrong += 1;
        }
    }

    fn median_ms(&mut self) -> f64 {
        self.times.sort_unstable();
        self.times.get(self.times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
    }
}
