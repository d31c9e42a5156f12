//! Which counter a command is about: its data folder and the source of its key.

use std::path::{Path, PathBuf};

use onewindow_desk::{Desk, DeskFolder, KeySource};

use crate::fault::CliFault;

/// Name of the data folder below the user's own; the same as the window's.
const FOLDER: &str = "onewindow";

/// The counter to work on.
#[derive(Debug, clap::Args)]
pub(crate) struct CounterPlace {
    /// Data folder with counter.json; the user's own data folder when not given.
    #[arg(long, global = true, value_name = "DIR", env = "ONEWINDOW_DATA")]
    data: Option<PathBuf>,
    /// File whose first line is the passphrase of the device key; without it the key is a file beside the store.
    #[arg(long, global = true, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl CounterPlace {
    /// The data folder.
    ///
    /// # Errors
    /// None was given and the user has none.
    pub fn data(&self) -> Result<PathBuf, CliFault> {
        self.data
            .clone()
            .or_else(|| dirs::data_dir().map(|folder| folder.join(FOLDER)))
            .ok_or(CliFault::DataFolderUnknown)
    }

    /// Where the key of the store comes from.
    ///
    /// # Errors
    /// The passphrase can not be read.
    pub fn keys(&self) -> Result<KeySource, CliFault> {
        self.passphrase_file.as_deref().map_or(Ok(KeySource::File), passphrase)
    }

    /// Opens the desk; fails when the window has it open.
    ///
    /// # Errors
    /// What [`Desk::open`] says.
    pub fn open(&self) -> Result<Desk, CliFault> {
        let folder = DeskFolder {
            data: self.data()?,
            keys: self.keys()?,
        };
        Ok(Desk::open(&folder, &|_percent| {})?)
    }
}

fn passphrase(path: &Path) -> Result<KeySource, CliFault> {
    let text = std::fs::read_to_string(path).map_err(CliFault::file(path))?;
    let line = text.lines().next().unwrap_or_default().to_owned();
    Ok(KeySource::Passphrase(line.into()))
}
