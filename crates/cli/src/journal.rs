//! Proof that the journal on disk is what was written. Opens the store itself, so that proving adds no entry to what is proven.

use std::path::PathBuf;

use onewindow_case::ids::CounterId;
use onewindow_desk::{CounterConfig, DeskFault};
use onewindow_ipc::audit::{AuditFilter, AuditForm};
use onewindow_store::{ChainReport, Identity, PageReport, Store};
use serde::Serialize;

use crate::counter::CounterPlace;
use crate::fault::CliFault;
use crate::{End, output};

/// What `journal` is told.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Proves the chain from the first entry to the last and says where it first breaks; exit code 1 when it does.
    Verify {
        /// Reads every page that an entry names, too.
        #[arg(long)]
        pages: bool,
    },
    /// Writes the record of all acts into a folder: a table, or JSON signed by the device.
    Export {
        /// Folder.
        folder: PathBuf,
        /// JSON with the device's signature instead of a CSV table.
        #[arg(long)]
        signed: bool,
        /// Only acts of this member of staff.
        #[arg(long)]
        staff: Option<String>,
        /// First business date, 2026-11-24.
        #[arg(long)]
        from: Option<String>,
        /// Last business date.
        #[arg(long)]
        to: Option<String>,
    },
    /// Says whether a signed record is what its device wrote; exit code 1 when it is not. Needs no counter.
    Check {
        /// The record.
        file: PathBuf,
    },
}

/// What was found.
#[derive(Debug, Serialize)]
struct Proof {
    holds: bool,
    counter: String,
    entries: u64,
    head_seq: u64,
    head_digest: String,
    first_break: Option<Break>,
    purged_through: u64,
    erased: u64,
    restored: Vec<(u64, u64)>,
    losses: Vec<Lost>,
    pages: Option<Pages>,
}

#[derive(Debug, Serialize)]
struct Break {
    at_seq: u64,
    what: String,
}

#[derive(Debug, Serialize)]
struct Lost {
    segment: u32,
    from_seq: u64,
    to_seq: u64,
}

#[derive(Debug, Serialize)]
struct Pages {
    whole: u64,
    missing: Vec<String>,
    damaged: Vec<String>,
}

/// Proves, exports or checks.
pub(crate) fn run(place: &CounterPlace, wish: &Arguments) -> Result<End, CliFault> {
    match &wish.verb {
        Verb::Verify { pages } => verify(place, *pages),
        Verb::Export {
            folder,
            signed,
            staff,
            from,
            to,
        } => {
            let filter = AuditFilter {
                staff_no: staff.clone(),
                from: from.clone(),
                to: to.clone(),
                ..AuditFilter::default()
            };
            let form = if *signed { AuditForm::SignedJson } else { AuditForm::Csv };
            let desk = place.open()?;
            let written = desk.write_audit(&filter, form, folder);
            desk.close();
            output::json_line(&written?)?;
            Ok(End::Well)
        }
        Verb::Check { file } => {
            let bytes = std::fs::read(file).map_err(CliFault::file(file))?;
            match onewindow_desk::verify_audit(&bytes) {
                Ok(counter) => {
                    output::json_line(&serde_json::json!({ "holds": true, "counter": counter }))?;
                    Ok(End::Well)
                }
                Err(_) => {
                    output::json_line(&serde_json::json!({ "holds": false }))?;
                    Ok(End::NotWell)
                }
            }
        }
    }
}

fn verify(place: &CounterPlace, pages: bool) -> Result<End, CliFault> {
    let data = place.data()?;
    let config = CounterConfig::load(&data)?;
    let identity = Identity {
        counter: CounterId::new(&config.counter),
    };
    let (store, _opened) = Store::open(&data.join("store"), &identity, &place.keys()?, &|_progress| {}).map_err(DeskFault::from)?;
    let chain = store.verify().map_err(DeskFault::from)?;
    let pages = if pages { Some(store.verify_pages().map_err(DeskFault::from)?) } else { None };
    let proof = proof(config.counter, &chain, pages);
    output::json_line(&proof)?;
    Ok(End::of(proof.holds))
}

fn proof(counter: String, chain: &ChainReport, pages: Option<PageReport>) -> Proof {
    let pages = pages.map(|report| Pages {
        whole: report.whole,
        missing: report.missing.iter().map(ToString::to_string).collect(),
        damaged: report.damaged.iter().map(ToString::to_string).collect(),
    });
    Proof {
        holds: chain.holds() && pages.as_ref().is_none_or(|pages| pages.missing.is_empty() && pages.damaged.is_empty()),
        counter,
        entries: chain.entries,
        head_seq: chain.head.seq,
        head_digest: chain.head.digest.to_string(),
        first_break: chain.first_break.as_ref().map(|found| Break {
            at_seq: found.at_seq,
            what: found.kind.to_string(),
        }),
        purged_through: chain.purged_through,
        erased: chain.erased,
        restored: chain.restored.clone(),
        losses: chain
            .losses
            .iter()
            .map(|loss| Lost {
                segment: loss.segment,
                from_seq: loss.from_seq,
                to_seq: loss.to_seq,
            })
            .collect(),
        pages,
    }
}
