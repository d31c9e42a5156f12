//! A printed licence's code, checked with the keys at hand. Absent on purpose: the network; “valid” means by this list, on this day.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use onewindow_capture::{Limits, PaperHint, import, process};
use onewindow_desk::{Clock, WallClock};
use onewindow_print::licence_code::{self, CodeFault, Day, OfficeKey, RevocationList, VerifiedLicence};
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
    let answer = answer(&text, list, WallClock.today());
    output::json_line(&answer)?;
    Ok(End::of(answer.valid))
}

fn answer(text: &str, list: KeyList, today: Date) -> Answer {
    let status_as_of_ms = list.made_at_ms;
    let revoked = RevocationList {
        as_of: Day(today),
        licences: list.revoked.iter().cloned().collect(),
        prints: BTreeSet::new(),
    };
    let (reason, licence) = match licence_code::verify(text, &office_keys(list), &revoked) {
        Ok(licence) if licence.is_expired_on(Day(today)) => (Some("expired"), Some(licence)),
        Ok(licence) => (None, Some(licence)),
        Err(fault) => (Some(reason(&fault)), None),
    };
    Answer {
        valid: reason.is_none(),
        reason,
        status_as_of_ms,
        licence,
    }
}

/// Keys in the form in which codes are verified. Lists of older centres name no days: such a key counts for any day.
fn office_keys(list: KeyList) -> licence_code::KeyList {
    let day = |text: Option<String>, otherwise: Date| Day(text.and_then(|text| onewindow_catalogue::parse_date(&text)).unwrap_or(otherwise));
    let keys: BTreeMap<String, OfficeKey> = list
        .keys
        .into_iter()
        .map(|key| {
            let office_key = OfficeKey {
                office: key.office,
                public_key: key.public_key,
                valid_from: day(key.valid_from, Date::MIN),
                valid_to: day(key.valid_to, Date::MAX),
            };
            (key.key_id, office_key)
        })
        .collect();
    licence_code::KeyList { version: 1, keys }
}

/// The same closed words as the centre's.
fn reason(fault: &CodeFault) -> &'static str {
    match fault {
        CodeFault::NotACode { .. } | CodeFault::Signing { .. } => "malformed",
        CodeFault::UnknownKey { .. } | CodeFault::KeyNotValid { .. } => "unknown_key",
        CodeFault::WrongSignature => "bad_signature",
        CodeFault::Revoked { .. } => "revoked",
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
    let bytes = crate::capture::read_bounded(path, &limits)?;
    for raw in import::split(&bytes, &path.to_string_lossy(), &limits)? {
        let page = process(&raw, &PaperHint::default(), &limits, None)?;
        if let Some(code) = page.codes.into_iter().find(|code| code.text.starts_with(PREFIX)) {
            return Ok(code.text);
        }
    }
    Err(CliFault::CodeMissing)
}
