//! The one door for automation.
//!
//! `cargo xtask run` shows the product's main job; `cargo xtask test` proves everything; the rest are their parts.

mod bench;
mod command;
mod fuzz;
mod gallery;
mod package;
mod run;
mod setup;
mod suite;
mod tidy;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "One Window: automation")]
struct Door {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing, build, start the centre and the counter with demo data; without a display drive one whole case.
    Run {
        /// Drive the real window under Xvfb even when there is a display.
        #[arg(long)]
        headless: bool,
    },
    /// Install what is missing and run every check and test.
    Test {
        /// Also the tests that take minutes, need root or a kernel feature.
        #[arg(long)]
        slow: bool,
        /// Only the steps whose name contains this word.
        #[arg(long)]
        only: Option<String>,
    },
    /// Measure an area (`store`, `rules`, `capture`, `print`) next to its peers; leaves `target/bench/AREA.json`.
    Bench {
        /// Which area.
        area: String,
    },
    /// Let libFuzzer at the decoders of bytes from a disk, a stick or the line; see `tests/fuzz/README.md`.
    Fuzz {
        /// Which target; all of them in turn without one.
        target: Option<String>,
        /// How long for each, s.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
    },
    /// Assert the dependency table and the house rules that no compiler checks.
    Tidy,
    /// Write `ui/src/host/bindings.ts` anew from Rust.
    Codegen,
    /// Drive the journey and take the pictures of `docs/tour/` anew, in both languages.
    Tour,
    /// Draw every printed document into `docs/guide/documents/`, in both languages.
    Gallery,
    /// Only install what is missing.
    Setup,
    /// Build the Debian package into `target/package/`.
    Package,
}

fn main() -> Result<()> {
    match Door::parse().task {
        Task::Run { headless } => run::run(headless),
        Task::Test { slow, only } => suite::test(slow, only.as_deref()),
        Task::Bench { area } => bench::bench(&area),
        Task::Fuzz { target, seconds } => fuzz::fuzz(target.as_deref(), seconds),
        Task::Tidy => tidy::tidy(),
        Task::Codegen => suite::codegen(),
        Task::Tour => run::tour(),
        Task::Gallery => gallery::gallery(),
        Task::Setup => setup::everything(),
        Task::Package => package::package(),
    }
}
