//! Benchmarks: timing claims live here, as ratios to a peer measured in the same run, never in a test.

use anyhow::{Result, bail};

use crate::command::{must, program};
use crate::setup;

/// Areas that can be measured; each is a feature and a program of `tests/bench`.
const AREAS: &[&str] = &["store", "rules", "capture", "print"];

/// Builds an area's benchmark with optimisation and runs it.
///
/// # Errors
/// When the area is unknown, or its program does not build or run.
pub fn bench(area: &str) -> Result<()> {
    if !AREAS.contains(&area) {
        bail!("there is no benchmark {area}; there are {}", AREAS.join(", "));
    }
    let binary = format!("bench-{area}");
    must(
        program(
            "cargo",
            &[
                "run",
                "--quiet",
                "--profile",
                "bench",
                "-p",
                "onewindow-bench",
                "--features",
                area,
                "--bin",
                &binary,
            ],
        )
        .env("ONEWINDOW_MODELS", setup::models_dir()),
    )
}
