//! Catalogue files, checked before anyone uses them.

use std::path::PathBuf;

use onewindow_catalogue::{Catalogue, FaultSeverity};

use crate::fault::CliFault;
use crate::{End, output};

/// What `catalogue` is told.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Names every fault of a folder with file, line, field and the way to mend it; exit code 1 when one is an error.
    Check {
        /// Folder with catalogue.yaml.
        folder: PathBuf,
    },
}

/// Checks.
pub(crate) fn run(wish: &Arguments) -> Result<End, CliFault> {
    let Verb::Check { folder } = &wish.verb;
    let faults = Catalogue::check_folder(folder)?;
    for fault in &faults {
        let severity = match fault.severity {
            FaultSeverity::Error => "error",
            FaultSeverity::Warning => "warning",
        };
        output::text_line(&format!("{severity}: {fault}"))?;
    }
    let errors = faults.iter().filter(|fault| fault.severity == FaultSeverity::Error).count();
    output::text_line(&format!("{errors} errors, {} warnings", faults.len() - errors))?;
    Ok(End::of(errors == 0))
}
