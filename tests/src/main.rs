//! The stand: the real centre, the real window, a virtual scanner behind SANE, a real IPP printer program, departments over HTTP.
//!
//! `onewindow-stand journey --out DIR` drives the cases of the demonstration through the real window and leaves documents, pictures
//! and `summary.json`; `onewindow-stand by-hand` starts everything and opens the window for a person.

mod desktop;
mod frames;
mod karaoke;
mod memory;
mod newborn;
mod offline;
mod record;
mod smooth;
mod stand;
mod supervisor;
mod trouble;
mod window;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Drive the journeys in the real window (needs a display and a session bus).
    Journey {
        /// Where documents, pictures and the summary go.
        #[arg(long)]
        out: PathBuf,
        /// Only the journeys whose name contains this word.
        #[arg(long)]
        only: Option<String>,
        /// Also take pictures in both languages for the tour, into this folder.
        #[arg(long)]
        tour: Option<PathBuf>,
    },
    /// Start everything and open the window for a person; ends when the window is closed.
    ByHand {
        /// Where the demonstration's data live.
        #[arg(long)]
        out: PathBuf,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    match Arguments::parse().task {
        Task::Journey { out, only, tour } => journey(&out, only.as_deref(), tour).await,
        Task::ByHand { out } => stand::Stand::start(&out)?.open_by_hand(),
    }
}

async fn journey(out: &std::path::Path, only: Option<&str>, tour: Option<PathBuf>) -> Result<()> {
    let mut record = record::Record::begin(out, tour)?;
    let wanted = |name: &str| only.is_none_or(|word| name.contains(word));
    let mut stand = stand::Stand::start(out)?;
    let outcome = async {
        if wanted("newborn") {
            newborn::walk(&mut stand, &mut record).await?;
        }
        if wanted("offline") {
            offline::walk(&mut stand, &mut record).await?;
        }
        if wanted("karaoke") {
            karaoke::walk(&mut stand, &mut record).await?;
        }
        if wanted("supervisor") {
            supervisor::walk(&mut stand, &mut record).await?;
        }
        // Before the troubles, which leave another scanner chosen.
        if wanted("smooth") {
            smooth::walk(&mut stand, &mut record).await?;
        }
        if wanted("trouble") {
            trouble::walk(&mut stand, &mut record).await?;
        }
        anyhow::Ok(())
    }
    .await;
    stand.keep_documents(out)?;
    record.finish(outcome.as_ref().err())?;
    outcome
}
