//! What every benchmark needs: repeated timing, and figures that stand next to those of a peer measured in the same run.
//!
//! Nothing here asserts: a figure is a report, never a test (a machine under other load would lie).

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::Serialize;

/// The figures of one area.
#[derive(Serialize)]
pub struct Report {
    area: &'static str,
    figures: Vec<Figure>,
}

#[derive(Serialize)]
struct Figure {
    what: String,
    value: f64,
    unit: &'static str,
    /// The goal that was set for it, in words.
    goal: Option<String>,
}

impl Report {
    /// An empty report.
    #[must_use]
    pub fn of(area: &'static str) -> Self {
        Self { area, figures: Vec::new() }
    }

    /// Notes a figure and prints it.
    pub fn note(&mut self, what: impl Into<String>, value: f64, unit: &'static str) {
        self.push(what.into(), value, unit, None);
    }

    /// Notes a figure for which a goal was set, and prints both.
    pub fn note_against(&mut self, what: impl Into<String>, value: f64, unit: &'static str, goal: impl Into<String>) {
        self.push(what.into(), value, unit, Some(goal.into()));
    }

    /// Writes `AREA.json` into a folder.
    ///
    /// # Errors
    /// When the folder can not be written.
    pub fn write(&self, folder: &Path) -> Result<()> {
        std::fs::create_dir_all(folder).context("making the folder of reports")?;
        let path = folder.join(format!("{}.json", self.area));
        std::fs::write(path, serde_json::to_vec_pretty(self)?).context("writing the report")
    }

    fn push(&mut self, what: String, value: f64, unit: &'static str, goal: Option<String>) {
        let told = goal.as_deref().map(|goal| format!("   goal: {goal}")).unwrap_or_default();
        println!("{what:64} {value:14.3} {unit}{told}");
        self.figures.push(Figure { what, value, unit, goal });
    }
}

/// The median time of `times` runs, after one run that is not counted.
pub fn median(times: usize, mut run: impl FnMut()) -> Duration {
    run();
    let mut taken: Vec<Duration> = (0..times.max(1))
        .map(|_| {
            let begun = Instant::now();
            run();
            begun.elapsed()
        })
        .collect();
    taken.sort_unstable();
    taken[taken.len() / 2]
}
