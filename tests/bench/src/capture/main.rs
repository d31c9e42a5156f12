//! `cargo xtask bench capture`: page processing and reading on generated papers with known truth, next to peers on the same pages
//! in the same run (unpaper, leptonica, cjpeg, tesseract from Debian; RapidOCR from PyPI; zxing-cpp). Peers that can not be
//! installed are said to be missing; their figures are left out, never invented.
//!
//! `ONEWINDOW_BENCH_PAPERS` sets the papers a kind for the fields (200 when not given), `ONEWINDOW_BENCH_KINDS` their kinds,
//! `ONEWINDOW_BENCH_FIRST` the seed of the first; `ONEWINDOW_BENCH_ONLY` one of `gate`, `deskew`, `crop`, `codes`, `ocr`, `fields`.

mod codes;
mod crop;
mod deskew;
mod fields;
mod gate;
mod ocr;
mod pages;
mod peers;

use std::path::Path;

use anyhow::Result;
use onewindow_bench::Report;

/// The allocator of the counter itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<()> {
    if let Some(files) = ocr::asked_to_read() {
        return ocr::read_files(files);
    }
    let folder = Path::new("target/bench/capture");
    std::fs::create_dir_all(folder)?;
    let peers = peers::Peers::install(folder);
    let mut report = Report::of("capture");
    let only = std::env::var("ONEWINDOW_BENCH_ONLY").ok();
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    if wanted("gate") {
        gate::measure(&mut report, &peers, folder)?;
    }
    if wanted("deskew") {
        deskew::measure(&mut report, &peers, folder)?;
    }
    if wanted("crop") {
        crop::measure(&mut report)?;
    }
    if wanted("codes") {
        codes::measure(&mut report)?;
    }
    if wanted("ocr") {
        ocr::measure(&mut report, &peers, folder)?;
    }
    if wanted("fields") {
        fields::measure(&mut report, folder)?;
    }
    report.write(Path::new("target/bench"))
}
