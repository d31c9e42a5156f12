//! What a journey leaves behind: one line a step with what was done, how long it took and what proves it.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use serde::Serialize;

/// The summary in the making.
pub struct Record {
    out: PathBuf,
    /// Where pictures for the tour go, when it is wanted.
    tour: Option<PathBuf>,
    sights: usize,
    begun: Instant,
    last: Instant,
    summary: Summary,
}

#[derive(Serialize, Default)]
struct Summary {
    passed: usize,
    total_ms: u128,
    fault: Option<String>,
    steps: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    journey: String,
    step: String,
    did: String,
    proof: String,
    took_ms: u128,
    picture: Option<String>,
}

impl Record {
    /// Begins a summary in an empty folder of pictures.
    pub fn begin(out: &Path, tour: Option<PathBuf>) -> Result<Self> {
        empty(&out.join("pictures"))?;
        for language in tour.iter().flat_map(|tour| [tour.join("zh"), tour.join("en")]) {
            empty(&language)?;
        }
        let now = Instant::now();
        Ok(Self {
            out: out.to_path_buf(),
            tour,
            sights: 0,
            begun: now,
            last: now,
            summary: Summary::default(),
        })
    }

    /// Where the next picture goes.
    pub fn picture_path(&self, journey: &str, step: &str) -> PathBuf {
        self.out
            .join("pictures")
            .join(format!("{journey}-{:02}-{step}.png", self.summary.steps.len() + 1))
    }

    /// Where the next picture of the tour goes, Chinese and English; nothing when no tour is wanted.
    pub fn tour_paths(&mut self, journey: &str, step: &str) -> Option<(PathBuf, PathBuf)> {
        let tour = self.tour.as_ref()?;
        self.sights += 1;
        let name = format!("{:02}-{journey}-{step}.png", self.sights);
        Some((tour.join("zh").join(&name), tour.join("en").join(&name)))
    }

    /// Notes a step that has just been shown to hold.
    pub fn step(&mut self, journey: &str, step: &str, did: &str, proof: impl Into<String>, picture: Option<&Path>) {
        let took_ms = self.last.elapsed().as_millis();
        self.last = Instant::now();
        let proof = proof.into();
        println!("  {journey:8} {step:24} {:6.1} s  {proof}", took_ms as f64 / 1000.0);
        self.summary.steps.push(Step {
            journey: journey.to_owned(),
            step: step.to_owned(),
            did: did.to_owned(),
            proof,
            took_ms,
            picture: picture
                .and_then(|path| path.strip_prefix(&self.out).ok())
                .map(|path| path.to_string_lossy().into_owned()),
        });
    }

    /// Writes `summary.json`, also for a journey that did not arrive.
    pub fn finish(mut self, fault: Option<&anyhow::Error>) -> Result<()> {
        self.summary.passed = self.summary.steps.len();
        self.summary.total_ms = self.begun.elapsed().as_millis();
        self.summary.fault = fault.map(|fault| format!("{fault:#}"));
        std::fs::write(self.out.join("summary.json"), serde_json::to_vec_pretty(&self.summary)?).context("writing summary.json")?;
        println!("{} passed, {} failed", self.summary.passed, usize::from(fault.is_some()));
        Ok(())
    }
}

fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).context("emptying a folder of pictures")?;
    }
    Ok(std::fs::create_dir_all(folder)?)
}
