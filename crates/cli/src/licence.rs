//! A printed licence's code, checked with the keys at hand. Absent on purpose: the network; “valid” means by this list, on this day.

use std::path::{Path, PathBuf};

use onewindow_capture::{Limits, PaperHint, isolated, process};
use onewindow_desk::{Clock, WallClock, check_code, is_sealed_by};
use onewindow_print::licence_code::VerifiedLicence;
use onewindow_wire::licence::KeyList;
use serde::Serialize;
use time::Date;

use crate::counter::CounterPlace;
use crate::fault::CliFault;
use crate::{End, output};

/// How a licence code begins.
const PREFIX: &str = "OW1:";

/// What `verify-licence` is told.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Text of the code, as a reader gives it.
    #[arg(required_unless_present = "image", conflicts_with = "image")]
    text: Option<String>,
    /// Picture or PDF of the licence.
    #[arg(long, value_name = "FILE")]
    image: Option<PathBuf>,
    /// Key list as the centre gives it under /v1/licences/keys; the counter's own when not given.
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// The centre's root key (64 hexadecimal digits): the list counts only under its seal.
    #[arg(long, value_name = "HEX")]
    root: Option<String>,
}

/// The answer.
#[derive(Debug, Serialize)]
struct Answer {
    valid: bool,
    reason: Option<&'static str>,
    /// When the list of keys and revocations was made, ms since 1970 UTC.
    status_as_of_ms: i64,
    licence: Option<VerifiedLicence>,
}

/// Verifies; exit code 1 when the code does not hold.
pub(crate) fn run(place: &CounterPlace, wish: &Arguments) -> Result<End, CliFault> {
    let text = match (&wish.text, &wish.image) {
        (Some(text), _) => text.trim().to_owned(),
        (None, Some(image)) => code_in(image)?,
        (None, None) => return Err(CliFault::CodeMissing),
    };
    let list = key_list(place, wish.keys.as_deref())?;
    if wish.root.as_deref().is_some_and(|root| !is_sealed_by(&list, root)) {
        return Err(CliFault::KeysNotSealed);
    }
    let answer = answer(&text, &list, WallClock.today());
    output::json_line(&answer)?;
    Ok(End::of(answer.valid))
}

fn answer(text: &str, list: &KeyList, today: Date) -> Answer {
    let checked = check_code(text, list, today);
    Answer {
        valid: checked.reason.is_none(),
        reason: checked.reason,
        status_as_of_ms: list.made_at_ms,
        licence: checked.licence,
    }
}

fn key_list(place: &CounterPlace, file: Option<&Path>) -> Result<KeyList, CliFault> {
    let Some(path) = file else {
        let desk = place.open()?;
        let list = desk.licence_keys()?;
        desk.close();
        return list.ok_or(CliFault::KeysMissing);
    };
    let text = std::fs::read(path).map_err(CliFault::file(path))?;
    serde_json::from_slice(&text).map_err(|source| CliFault::NotUnderstood {
        path: path.to_path_buf(),
        source,
    })
}

/// The first licence code on any page of a file.
fn code_in(path: &Path) -> Result<String, CliFault> {
    let limits = Limits::default();
    let bytes = crate::capture::read_file(path, &limits)?;
    for raw in isolated::split_apart(&bytes, &path.to_string_lossy(), &limits)? {
        let page = process(&raw, &PaperHint::default(), &limits, None)?;
        if let Some(code) = page.codes.into_iter().find(|code| code.text.starts_with(PREFIX)) {
            return Ok(code.text);
        }
    }
    Err(CliFault::CodeMissing)
}
