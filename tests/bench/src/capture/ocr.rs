//! Characters read wrongly on clean, worn, tilted and photographed pages; time and memory next to RapidOCR and tesseract.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use onewindow_bench::Report;
use onewindow_capture::{PaperHint, Reader, Reading, read};
use onewindow_testkit::papers::{Paper, PhotoOptions, Wear, degrade, photographed};
use serde::{Deserialize, Serialize};
use time::macros::date;

use crate::pages::{TEXT_PAGES, edits, flat, in_reading_order, jpeg, normal, processed, truth_text};
use crate::peers::{OcrPage, PeerReading, Peers, written};

const PAGES: usize = 4;

pub fn measure(report: &mut Report, peers: &Peers, folder: &Path) -> Result<()> {
    let mut pages = Vec::new();
    for (variant, spoil) in VARIANTS {
        for (index, (kind, page_no)) in TEXT_PAGES.into_iter().enumerate().take(PAGES) {
            let whole = flat(kind, page_no, 300, index as u64)?;
            let spoiled = spoil(&whole, index as u64)?;
            pages.push(OcrPage {
                variant,
                jpeg: jpeg(&spoiled)?,
                truth: truth_text(&whole.truth),
                corners: spoiled.truth.corners,
            });
        }
    }
    let ours = ours(folder, &pages)?;
    tell(report, "ours", &pages, &ours.reading.texts);
    report.note("ours, a page", ours.reading.wall_s, "s wall");
    report.note("ours, a page with all its processing before", ours.whole_s, "s wall");
    report.note("ours, peak memory with all processing", ours.reading.peak_mb, "MB");
    for peer in peers.read(folder, &pages) {
        tell(report, &peer.name, &pages, &peer.texts.iter().map(|text| normal(text)).collect::<Vec<_>>());
        report.note_against(format!("{}, a page", peer.name), peer.wall_s, "s wall", "ours 0.7 of it");
        report.note_against(format!("{}, peak memory", peer.name), peer.peak_mb, "MB", "ours 0.35 of it");
    }
    Ok(())
}

type Spoil = fn(&Paper, u64) -> Result<Paper>;

const VARIANTS: [(&str, Spoil); 4] = [
    ("clean", |paper, seed| worn(paper, 0.0, 1.5, 0.0, seed)),
    ("noisy", |paper, seed| worn(paper, 0.0, 8.0, 0.9, seed)),
    ("skewed", |paper, seed| worn(paper, 2.2 - seed as f32 * 1.5, 3.0, 0.3, seed)),
    ("photo", |paper, seed| {
        Ok(photographed(
            paper,
            &PhotoOptions {
                long_side_px: 3400,
                seed,
                ..PhotoOptions::default()
            },
        ))
    }),
];

fn worn(paper: &Paper, skew_deg: f32, noise: f32, blur_px: f32, seed: u64) -> Result<Paper> {
    let wear = Wear {
        skew_deg,
        noise,
        blur_px,
        seed,
        ..Wear::default()
    };
    Ok(degrade(paper, &wear)?)
}

/// The models, which are fetched by `cargo xtask`.
pub fn reader() -> Result<Reader> {
    let folder = std::env::var_os("ONEWINDOW_MODELS").context("ONEWINDOW_MODELS names the folder of the models")?;
    Ok(Reader::load(Path::new(&folder))?)
}

/// Reads the pages in a process of its own, which holds nothing but what reading needs, as the peers do.
fn ours(folder: &Path, pages: &[OcrPage]) -> Result<Ours> {
    let files = written(folder, "ocr", pages.iter().map(|page| page.jpeg.as_slice()))?;
    let output = Command::new(std::env::current_exe()?).arg(READ).args(&files).output()?;
    ensure!(output.status.success(), "reading: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).context("reading the answer")
}

const READ: &str = "--read";

/// The files that this program was asked to do nothing but read.
pub fn asked_to_read() -> Option<impl Iterator<Item = PathBuf>> {
    let mut arguments = std::env::args_os().skip(1);
    (arguments.next()? == READ).then(|| arguments.map(PathBuf::from))
}

/// What we read, and how long a page took with finding, straightening, judging and encoding it, seconds.
#[derive(Serialize, Deserialize)]
struct Ours {
    reading: PeerReading,
    whole_s: f64,
}

/// Reads the files one after the other and answers in JSON.
pub fn read_files(files: impl Iterator<Item = PathBuf>) -> Result<()> {
    let reader = reader()?;
    let (mut texts, mut reading_s, mut whole_s) = (Vec::new(), 0.0, 0.0);
    for file in files {
        let jpeg = std::fs::read(file)?;
        let begun = Instant::now();
        let page = processed(&jpeg, &PaperHint::default())?;
        let processed_s = begun.elapsed().as_secs_f64();
        let reading = read(&page, &reader, &PaperHint::default(), date!(2026 - 11 - 24))?;
        whole_s += begun.elapsed().as_secs_f64();
        reading_s += begun.elapsed().as_secs_f64() - processed_s;
        texts.push(text_of(&reading, page.height_px));
    }
    let pages = texts.len().max(1) as f64;
    let answer = Ours {
        reading: PeerReading {
            name: "ours".to_owned(),
            texts,
            wall_s: reading_s / pages,
            peak_mb: peak_mb("/proc/self/status"),
        },
        whole_s: whole_s / pages,
    };
    println!("{}", serde_json::to_string(&answer)?);
    Ok(())
}

fn text_of(reading: &Reading, height_px: u32) -> String {
    let mut lines: Vec<(f32, f32, &str)> = reading
        .text
        .iter()
        .map(|line| (line.region.y as f32 + line.region.height as f32 / 2.0, line.region.x as f32, line.text.as_str()))
        .collect();
    in_reading_order(&mut lines, height_px as f32 * 0.005);
    normal(&lines.iter().map(|l| l.2).collect::<String>())
}

fn tell(report: &mut Report, whose: &str, pages: &[OcrPage], texts: &[String]) {
    for (variant, _) in VARIANTS {
        let of = pages.iter().zip(texts).filter(|(page, _)| page.variant == variant);
        let (wrong, all) = of.fold((0, 0), |(wrong, all), (page, text)| {
            (wrong + edits(text, &page.truth), all + page.truth.chars().count())
        });
        report.note(format!("character errors {whose}, {variant}"), wrong as f64 * 100.0 / all.max(1) as f64, "%");
    }
}

/// Most memory a process held, from its status file.
pub fn peak_mb(status: &str) -> f64 {
    let text = std::fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next())
        .and_then(|kb| kb.parse::<f64>().ok())
        .unwrap_or(0.0)
        / 1024.0
}
