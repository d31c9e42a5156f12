//! What the program is told when it is started, and the check of a set-up that an installer runs without any window.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use onewindow_desk::{Clock, CounterConfig, DeskFault, WallClock};
use serde::Serialize;

/// Name of the data folder below the user's own.
const FOLDER: &str = "onewindow";

/// One Window: the counter's window.
#[derive(Debug, Parser)]
#[command(name = "onewindow-app", version, about)]
pub(crate) struct Arguments {
    /// Data folder with counter.json; the user's own data folder when not given.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Reads the set-up, says as one JSON object whether it can be used, and ends.
    #[arg(long)]
    pub check_config: bool,
}

impl Arguments {
    /// The data folder: as told, or `onewindow` below the user's data folder.
    pub fn data_folder(&self) -> Option<PathBuf> {
        self.data.clone().or_else(|| dirs::data_dir().map(|folder| folder.join(FOLDER)))
    }
}

#[derive(Serialize)]
struct Verdict {
    ok: bool,
    counter: Option<String>,
    demo: bool,
    fault: Option<onewindow_ipc::fault::CommandFault>,
}

/// Writes one line of JSON about the set-up in `data`; the exit code says whether a counter could start with it.
pub(crate) fn check_config(data: &Path, out: &mut impl Write) -> ExitCode {
    let verdict = match read_config(data) {
        Ok(config) => Verdict {
            ok: true,
            counter: Some(config.counter),
            demo: config.demo,
            fault: None,
        },
        Err(fault) => Verdict {
            ok: false,
            counter: None,
            demo: false,
            fault: Some(fault.to_command_fault()),
        },
    };
    let written = serde_json::to_string(&verdict)
        .map_err(std::io::Error::other)
        .and_then(|line| writeln!(out, "{line}"));
    if verdict.ok && written.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn read_config(data: &Path) -> Result<CounterConfig, DeskFault> {
    let config = CounterConfig::load(data)?;
    // Case numbers are made from the counter's own: a wrong one must be seen before the first case.
    config.case_no(WallClock.today(), 1)?;
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict_of(counter_json: Option<&str>) -> serde_json::Value {
        let folder = tempfile::tempdir().expect("a folder");
        if let Some(text) = counter_json {
            std::fs::write(folder.path().join(onewindow_desk::FILE_NAME), text).expect("written");
        }
        let mut out = Vec::new();
        check_config(folder.path(), &mut out);
        serde_json::from_slice(&out).expect("one line of JSON")
    }

    #[test]
    fn a_missing_set_up_is_named_by_its_code() {
        let verdict = verdict_of(None);
        assert_eq!(verdict["ok"], false);
        assert_eq!(verdict["fault"]["code"], "config-missing");
    }

    #[test]
    fn a_set_up_that_is_no_json_is_named_by_its_code() {
        assert_eq!(verdict_of(Some("{ counter: "))["fault"]["code"], "config-broken");
    }

    #[test]
    fn a_counter_number_of_a_wrong_form_is_named_by_its_code() {
        let text = r#"{"counter":"3","label":"03","branch_zh":"云行","branch_en":"Yunhang","office_short":"云行","phone":"","address":"","centre_url":"http://127.0.0.1:1"}"#;
        assert_eq!(verdict_of(Some(text))["fault"]["code"], "counter-id");
        assert_eq!(
            verdict_of(Some(&text.replace("\"3\"", "\"330302-01-003\"")))["ok"],
            true,
            "the same with a right number can be used"
        );
    }
}
