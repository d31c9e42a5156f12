//! Case packets: cases carried by stick where there is no line.

use std::path::PathBuf;

use onewindow_case::ids::CaseId;
use onewindow_desk::{Carried, Desk};
use serde::Serialize;

use crate::counter::CounterPlace;
use crate::fault::CliFault;
use crate::{End, output};

/// What `packet` is told.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Writes everything that is not at the centre, or the chosen cases, as one sealed packet; in parts where a file would be too long
    /// for FAT32.
    Export {
        /// Folder, such as a mounted stick.
        folder: PathBuf,
        /// Identity of a case; can be given several times. Their pages go along, and the journal up to their last entry.
        #[arg(long = "case", value_name = "CASE")]
        cases: Vec<String>,
    },
    /// Takes a packet of another counter of the branch and hands it on to the centre at the next contact. Give all its parts.
    Import {
        /// The packet's files, in any order.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Packets that wait to be handed on; one JSON object a line.
    List,
}

#[derive(Debug, Serialize)]
struct Made {
    files: Vec<String>,
    digest: String,
    cases: u32,
    entries: u64,
    pages: u64,
    bytes: u64,
}

#[derive(Debug, Serialize)]
struct Taken {
    digest: String,
    counter: String,
    cases: u32,
    made_ms: i64,
    known: bool,
}

/// Exports, imports or lists.
pub(crate) fn run(place: &CounterPlace, wish: &Arguments) -> Result<End, CliFault> {
    let desk = place.open()?;
    let done = act(&desk, &wish.verb);
    desk.close();
    done
}

fn act(desk: &Desk, verb: &Verb) -> Result<End, CliFault> {
    match verb {
        Verb::Export { folder, cases } => {
            let chosen: Option<Vec<CaseId>> = cases.iter().map(|text| CaseId::parse(text)).collect();
            let chosen = chosen.ok_or(onewindow_desk::DeskFault::Unknown { what: "case" })?;
            let made = desk.export_packet(Some(chosen).filter(|chosen| !chosen.is_empty()), folder)?;
            output::json_line(&Made {
                files: made.files.iter().map(|file| file.display().to_string()).collect(),
                digest: made.digest.to_string(),
                cases: made.cases,
                entries: made.entries,
                pages: made.pages,
                bytes: made.bytes,
            })?;
        }
        Verb::Import { files } => output::json_line(&taken(&desk.import_packet(files)?))?,
        Verb::List => {
            for carried in desk.carried_packets()? {
                output::json_line(&taken(&carried))?;
            }
        }
    }
    Ok(End::Well)
}

fn taken(carried: &Carried) -> Taken {
    Taken {
        digest: carried.digest.to_string(),
        counter: carried.head.counter.clone(),
        cases: carried.head.cases,
        made_ms: carried.head.made_ms,
        known: carried.known,
    }
}
