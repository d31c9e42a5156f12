//! Generated pages, and what several measurements share: CPU time, raw pages, the truth of a page as text.

use anyhow::{Context, Result};
use onewindow_capture::{Limits, PaperHint, ProcessedPage, Raster, RawPage, import, process};
use onewindow_testkit::papers::{Cast, DrawOptions, Paper, PaperKind, Truth, draw, encode_jpeg};

/// Pages of running text, as contracts and forms have.
pub const TEXT_PAGES: [(PaperKind, u32); 8] = [
    (PaperKind::TenancyContract, 1),
    (PaperKind::TenancyContract, 3),
    (PaperKind::CompanyArticles, 1),
    (PaperKind::CompanyArticles, 2),
    (PaperKind::AppointmentResolution, 1),
    (PaperKind::NoCrimeStatement, 1),
    (PaperKind::TenancyContract, 5),
    (PaperKind::CompanyArticles, 3),
];

/// A flat page of an invented cast.
pub fn flat(kind: PaperKind, page_no: u32, dpi: u32, seed: u64) -> Result<Paper> {
    let options = DrawOptions {
        dpi,
        seed,
        page_no,
        ..DrawOptions::default()
    };
    draw(kind, &Cast::invent(seed), &options).context("drawing a paper")
}

/// The page as a file a scanner would hand over.
pub fn jpeg(paper: &Paper) -> Result<Vec<u8>> {
    encode_jpeg(paper, 90).context("encoding a paper")
}

/// The page as rows of a scanner.
pub fn rows(paper: &Paper, dpi: Option<f32>) -> RawPage {
    let raster = Raster::from_rgb(paper.image.width(), paper.image.height(), paper.image.as_raw().clone());
    let mut page = RawPage::from_pixels(1, raster.unwrap_or_else(|| Raster::filled(1, 1, [255; 3])), 300.0);
    page.dpi = dpi;
    page
}

/// The page processed as it comes from a file.
pub fn processed(jpeg: &[u8], hint: &PaperHint) -> Result<ProcessedPage> {
    let limits = Limits::default();
    let raw = import::split(jpeg, "page.jpg", &limits)?.into_iter().next().context("one page")?;
    Ok(process(&raw, hint, &limits, None)?)
}

/// CPU time of this process so far, seconds (all threads; hundredths).
pub fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = |at: usize| after_name.split_whitespace().nth(at).and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

/// All text of the page in reading order, without spaces and in half-width forms, as it is compared.
pub fn truth_text(truth: &Truth) -> String {
    let mut lines: Vec<(f32, f32, &str)> = truth
        .lines
        .iter()
        .map(|line| {
            let [x, y, _, height] = line.area.rect;
            (y + height / 2.0, x, line.text.as_str())
        })
        .collect();
    in_reading_order(&mut lines, truth.dpi as f32 * 0.06);
    normal(&lines.iter().map(|l| l.2).collect::<String>())
}

/// Sorts (middle, left, text) into rows; lines whose middles differ by less than `same_row` stand side by side.
pub fn in_reading_order(lines: &mut [(f32, f32, &str)], same_row: f32) {
    lines.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut from = 0;
    for at in 1..=lines.len() {
        if at == lines.len() || lines[at].0 - lines[at - 1].0 > same_row {
            lines[from..at].sort_by(|a, b| a.1.total_cmp(&b.1));
            from = at;
        }
    }
}

/// Without spaces, full-width signs as half-width ones (the part of NFKC that such papers need).
pub fn normal(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            other => other,
        })
        .collect()
}

/// Characters to change, add or take away to get from one text to the other.
pub fn edits(read: &str, truth: &str) -> usize {
    let (read, truth): (Vec<char>, Vec<char>) = (read.chars().collect(), truth.chars().collect());
    let mut row: Vec<usize> = (0..=truth.len()).collect();
    for (i, a) in read.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in truth.iter().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[truth.len()]
}
