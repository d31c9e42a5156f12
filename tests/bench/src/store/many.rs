//! Many cases: how long until a work list can be shown, how much memory that takes, how long a rebuild takes, how much space a case.
//! Opening is measured in a process of its own, so that its memory is its own.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use onewindow_bench::Report;
use onewindow_store::disk::{Disk, RealDisk};
use serde::{Deserialize, Serialize};

use super::work::{identity, open, open_on, whole_case};

const OPEN: &str = "--open";
/// Rows of the work list that are asked for first.
const FIRST_ROWS: usize = 50;
const FILLERS: u64 = 8;

/// A disk that does not wait: for filling, which is not measured, and to tell what the store itself costs.
pub struct Hasty;

impl Disk for Hasty {
    fn sync(&self, _file: &File) -> io::Result<()> {
        Ok(())
    }
    fn sync_dir(&self, _path: &Path) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
struct Opened {
    open_ms: f64,
    first_rows_ms: f64,
    rows: usize,
    rss_mb: f64,
    rebuilt: bool,
}

pub fn measure(ground: &Path, report: &mut Report) -> Result<()> {
    let slow = std::env::var_os("ONEWINDOW_SLOW").is_some_and(|value| !value.is_empty());
    // 50,000 cases of 20 entries are the million entries of the goal.
    let sizes: &[u64] = if slow { &[10_000, 50_000, 100_000, 1_000_000] } else { &[10_000, 50_000] };
    for cases in sizes {
        many(ground, report, *cases)?;
    }
    Ok(())
}

fn many(ground: &Path, report: &mut Report, cases: u64) -> Result<()> {
    let dir = ground.join(format!("many-{cases}"));
    let begun = Instant::now();
    fill(&dir, cases)?;
    let entries = cases * 20;
    let named = format!("{cases} cases, {entries} entries");
    report.note(format!("{named}: written without waiting for the disk"), begun.elapsed().as_secs_f64(), "s");
    report.note(format!("{named}: journal per case"), bytes_of(&dir.join("journal"))? / cases as f64, "B");
    report.note(format!("{named}: index per case"), bytes_of(&dir.join("index"))? / cases as f64, "B");
    let first = open_in_another_process(&dir)?;
    report.note(format!("{named}: first opening after filling"), first.open_ms, "ms");
    let mut warm: Vec<Opened> = (0..3).map(|_| open_in_another_process(&dir)).collect::<Result<_>>()?;
    warm.sort_by(|one, other| one.open_ms.total_cmp(&other.open_ms));
    let warm = &warm[1];
    let (goal_ms, goal_mb) = if cases == 50_000 {
        (Some("at most 1000"), Some("at most 150"))
    } else {
        (None, None)
    };
    note(
        report,
        format!("{named}: opened to the first {} rows, warm", warm.rows),
        warm.open_ms + warm.first_rows_ms,
        "ms",
        goal_ms,
    );
    note(report, format!("{named}: memory after opening"), warm.rss_mb, "MB", goal_mb);
    let mut store = open(&dir)?;
    let begun = Instant::now();
    for n in 0..500 {
        let found = store.find_case(super::work::case(n * 7_919 % cases))?;
        found.context("a case is missing")?;
    }
    report.note(format!("{named}: one case folded from the journal"), begun.elapsed().as_secs_f64() * 2.0, "ms");
    let begun = Instant::now();
    if !store.verify()?.holds() {
        bail!("the chain does not hold");
    }
    report.note(format!("{named}: whole chain verified"), begun.elapsed().as_secs_f64(), "s");
    drop(store);
    std::fs::remove_dir_all(dir.join("index"))?;
    let begun = Instant::now();
    store = open(&dir)?;
    note(
        report,
        format!("{named}: index rebuilt from the journal"),
        begun.elapsed().as_secs_f64(),
        "s",
        (cases == 10_000).then_some("seconds"),
    );
    drop(store);
    std::fs::remove_dir_all(&dir)?;
    Ok(())
}

fn note(report: &mut Report, what: String, value: f64, unit: &'static str, goal: Option<&str>) {
    match goal {
        Some(goal) => report.note_against(what, value, unit, goal),
        None => report.note(what, value, unit),
    }
}

fn fill(dir: &Path, cases: u64) -> Result<()> {
    let store = open_on(dir, Arc::new(Hasty))?;
    std::thread::scope(|scope| {
        let fillers: Vec<_> = (0..FILLERS)
            .map(|lane| {
                let store = store.clone();
                scope.spawn(move || {
                    for n in (lane..cases).step_by(usize::try_from(FILLERS).unwrap_or(1)) {
                        store.append(whole_case(n))?;
                    }
                    Ok::<_, onewindow_store::StoreFault>(())
                })
            })
            .collect();
        fillers
            .into_iter()
            .try_for_each(|filler| filler.join().map_err(|_| anyhow::anyhow!("a filler panicked"))?.map_err(Into::into))
    })
}

fn open_in_another_process(dir: &Path) -> Result<Opened> {
    let output = Command::new(std::env::current_exe()?).arg(OPEN).arg(dir).output()?;
    serde_json::from_slice(&output.stdout).with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

/// The folder, when this process is only to open it.
pub fn asked_to_open() -> Option<PathBuf> {
    let mut arguments = std::env::args_os().skip(1);
    (arguments.next()? == OPEN).then(|| arguments.next().map(PathBuf::from))?
}

pub fn open_and_tell(dir: &Path) -> Result<()> {
    let options = onewindow_store::Options {
        ballast_bytes: 0,
        reserve_bytes: 0,
        disk: Arc::new(RealDisk),
        ..Default::default()
    };
    let begun = Instant::now();
    let (store, opened) = onewindow_store::Store::open_with(dir, &identity(), &onewindow_store::KeySource::File, &options, &|_| {})?;
    let open_ms = begun.elapsed().as_secs_f64() * 1_000.0;
    let begun = Instant::now();
    let rows = store.cases(0, FIRST_ROWS).len();
    let told = Opened {
        open_ms,
        first_rows_ms: begun.elapsed().as_secs_f64() * 1_000.0,
        rows,
        rss_mb: rss_mb().unwrap_or(f64::NAN),
        rebuilt: opened.rebuilt.is_some(),
    };
    println!("{}", serde_json::to_string(&told)?);
    Ok(())
}

fn rss_mb() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kb| kb / 1024.0)
}

fn bytes_of(dir: &Path) -> Result<f64> {
    let mut sum = 0.0;
    for file in std::fs::read_dir(dir)?.flatten() {
        sum += if file.path().is_dir() {
            bytes_of(&file.path())?
        } else {
            std::os::unix::fs::MetadataExt::blocks(&file.metadata()?) as f64 * 512.0
        };
    }
    Ok(sum)
}
