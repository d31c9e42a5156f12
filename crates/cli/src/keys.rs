//! Keys of this counter's store; the window must be closed.

use onewindow_case::ids::CounterId;
use onewindow_desk::{CounterConfig, DeskFault, KeySource};
use onewindow_store::{Identity, Rotation, Store};
use serde::Serialize;

use crate::counter::CounterPlace;
use crate::fault::CliFault;
use crate::{End, output};

/// What `keys` is told.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Adds a device key and wraps every case's key anew; what needs the former key no more forgets it.
    Rotate,
    /// Moves the root of all keys to another place. Set `keys` in counter.json to the same word.
    Move {
        /// Where to.
        #[arg(value_enum)]
        to: Place,
        /// File whose first line is the new passphrase, for `passphrase`.
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<std::path::PathBuf>,
    },
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Place {
    /// The key store of the operating system.
    System,
    /// A file sealed under a passphrase.
    Passphrase,
    /// A plain file: for demonstrations only.
    File,
}

#[derive(Debug, Serialize)]
struct Done {
    keys: &'static str,
    cases: u64,
    losses: usize,
}

/// Rotates or moves, and opens the store once, which finishes it.
pub(crate) fn run(place: &CounterPlace, wish: &Arguments) -> Result<End, CliFault> {
    let data = place.data()?;
    let config = CounterConfig::load(&data)?;
    let from = place.keys()?;
    let (new_device_key, root) = match &wish.verb {
        Verb::Rotate => (true, from.clone()),
        Verb::Move { to, new_passphrase_file } => (
            false,
            match (to, new_passphrase_file) {
                (Place::System, _) => KeySource::System,
                (Place::File, _) => KeySource::File,
                (Place::Passphrase, Some(file)) => crate::counter::passphrase(file)?,
                (Place::Passphrase, None) => return Err(CliFault::PassphraseMissing),
            },
        ),
    };
    let store_dir = data.join("store");
    let rotation = Rotation {
        new_device_key,
        root: root.clone(),
    };
    Store::rotate_keys(&store_dir, &from, &rotation).map_err(DeskFault::from)?;
    let identity = Identity {
        counter: CounterId::new(&config.counter),
    };
    let (_store, opened) = Store::open(&store_dir, &identity, &root, &|_progress| {}).map_err(DeskFault::from)?;
    output::json_line(&Done {
        keys: root.code(),
        cases: opened.cases,
        losses: opened.losses.len(),
    })?;
    Ok(End::of(opened.losses.is_empty()))
}
