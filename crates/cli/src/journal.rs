//! Proof that the journal on disk is what was written. Opens the store itself, so that proving adds no entry to what is proven.

use onewindow_case::ids::CounterId;
use onewindow_desk::{CounterConfig, DeskFault};
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

/// Proves.
pub(crate) fn run(place: &CounterPlace, wish: &Arguments) -> Result<End, CliFault> {
    let Verb::Verify { pages } = wish.verb;
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
