//! The store next to its peers: durable commits, a case of twelve pages, opening, rebuilding, memory and space.
//!
//! `cargo xtask bench store`; with `ONEWINDOW_SLOW=1` also 100,000 and 1,000,000 cases. Every ratio is to a peer measured in the same run on
//! the same folder (`ONEWINDOW_BENCH_DIR`, else the target folder: a folder in memory would measure nothing). `ONEWINDOW_BENCH_ONLY` is
//! one of `commits`, `pages`, `many`.

mod commits;
mod many;
mod work;

use std::path::PathBuf;

use anyhow::{Context, Result};
use onewindow_bench::Report;

fn main() -> Result<()> {
    if let Some(dir) = many::asked_to_open() {
        return many::open_and_tell(&dir);
    }
    let ground = ground()?;
    let mut report = Report::of("store");
    let only = std::env::var("ONEWINDOW_BENCH_ONLY").ok();
    let wanted = |name: &str| only.as_deref().is_none_or(|only| only == name);
    if wanted("commits") {
        commits::measure(&ground, &mut report)?;
    }
    if wanted("pages") {
        work::case_of_twelve_pages(&ground, &mut report)?;
    }
    if wanted("many") {
        many::measure(&ground, &mut report)?;
    }
    std::fs::remove_dir_all(&ground).context("removing the bench folder")?;
    report.write(&target().join("bench"))
}

fn target() -> PathBuf {
    let here = std::env::current_exe().ok();
    let target = here.as_deref().and_then(|program| program.ancestors().nth(2));
    target.map_or_else(|| PathBuf::from("target"), PathBuf::from)
}

fn ground() -> Result<PathBuf> {
    let parent = std::env::var_os("ONEWINDOW_BENCH_DIR").map_or_else(target, PathBuf::from);
    let ground = parent.join(format!("bench-store-{}", std::process::id()));
    std::fs::create_dir_all(&ground).context("making the bench folder")?;
    Ok(ground)
}
