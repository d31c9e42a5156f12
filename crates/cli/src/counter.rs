//! Which counter a command is about: its data folder and the source of its key.

use std::path::{Path, PathBuf};

use onewindow_desk::{CounterConfig, Desk, DeskFolder, KeyPlace, KeySource};

use crate::fault::CliFault;

/// Name of the data folder below the user's own; the same as the window's.
const FOLDER: &str = "onewindow";

/// The counter to work on.
#[derive(Debug, clap::Args)]
pub(crate) struct CounterPlace {
    /// Data folder with counter.json; the user's own data folder when not given.
    #[arg(long, global = true, value_name = "DIR", env = "ONEWINDOW_DATA")]
    data: Option<PathBuf>,
    /// File whose first line is the passphrase of the device key, where counter.json says `passphrase`.
    #[arg(long, global = true, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// File with the centre's recovery secret (hex): opens the store of a dead PC without any key of its own.
    #[arg(long, global = true, value_name = "FILE")]
    recovery_file: Option<PathBuf>,
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
        if let Some(path) = &self.recovery_file {
            return recovery(path);
        }
        if let Some(path) = &self.passphrase_file {
            return passphrase(path);
        }
        match CounterConfig::load(&self.data()?)?.keys {
            KeyPlace::File => Ok(KeySource::File),
            KeyPlace::System => Ok(KeySource::System),
            KeyPlace::Passphrase => Err(CliFault::PassphraseMissing),
        }
    }

    /// Opens the desk; fails when the window has it open.
    ///
    /// # Errors
    /// What [`Desk::open`] says.
    pub fn open(&self) -> Result<Desk, CliFault> {
        let folder = DeskFolder {
            data: self.data()?,
            keys: self.keys()?,
            marks: dirs::state_dir().map(|folder| folder.join(FOLDER)),
        };
        Ok(Desk::open(&folder, &|_percent| {})?)
    }
}

pub(crate) fn passphrase(path: &Path) -> Result<KeySource, CliFault> {
    let text = std::fs::read_to_string(path).map_err(CliFault::file(path))?;
    let line = text.lines().next().unwrap_or_default().to_owned();
    Ok(KeySource::Passphrase(line.into()))
}

/// The secret as hex, or as the raw bytes of the centre's key file.
fn recovery(path: &Path) -> Result<KeySource, CliFault> {
    let bytes = std::fs::read(path).map_err(CliFault::file(path))?;
    let mut secret = [0; 32];
    let is_key = match <[u8; 32]>::try_from(bytes.as_slice()) {
        Ok(raw) => {
            secret = raw;
            true
        }
        Err(_) => hex::decode_to_slice(String::from_utf8_lossy(&bytes).trim(), &mut secret).is_ok(),
    };
    if is_key {
        Ok(KeySource::Recovery(secret.into()))
    } else {
        Err(CliFault::PassphraseMissing)
    }
}
