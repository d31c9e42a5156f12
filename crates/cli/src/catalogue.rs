//! Catalogue files: checked before anyone uses them, packed into signed releases, looked at.

use std::path::{Path, PathBuf};

use onewindow_catalogue::release::{self, trusted_keys};
use onewindow_catalogue::{Catalogue, FaultSeverity, form_schema, schema};

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
    /// Makes a signing key; the public part is written to standard output, for `trusted-keys.txt`.
    Key {
        /// File for the private part, readable by its owner only. Never overwritten.
        #[arg(long)]
        out: PathBuf,
    },
    /// Packs a folder into a signed release. A faulty catalogue is not packed.
    Pack {
        /// Folder with catalogue.yaml.
        folder: PathBuf,
        /// File with the private key.
        #[arg(long)]
        key: PathBuf,
        /// The release, usually `NAME.owcat`.
        #[arg(long)]
        out: PathBuf,
    },
    /// Says whether a release may be used with the keys of a folder, and what is in it.
    Verify {
        /// The release.
        release: PathBuf,
        /// Folder with trusted-keys.txt; the release's own when not given.
        #[arg(long)]
        keys: Option<PathBuf>,
    },
    /// Writes the form of every bundle as JSON Schema with hints for drawing it.
    Forms {
        /// Folder with catalogue.yaml.
        folder: PathBuf,
        /// Folder for the schemas, one file a bundle.
        #[arg(long)]
        out: PathBuf,
    },
    /// Writes the JSON Schema of every kind of catalogue file into a folder.
    Schema {
        /// Folder.
        out: PathBuf,
    },
}

/// Does it.
pub(crate) fn run(wish: &Arguments) -> Result<End, CliFault> {
    match &wish.verb {
        Verb::Check { folder } => check(folder),
        Verb::Key { out } => {
            let (private, public) = release::new_signing_key()?;
            write_private(out, &private).map_err(CliFault::file(out))?;
            output::text_line(&public)?;
            Ok(End::Well)
        }
        Verb::Pack { folder, key, out } => {
            let private = std::fs::read(key).map_err(CliFault::file(key))?;
            let text = release::pack(folder, &private)?;
            std::fs::write(out, text).map_err(CliFault::file(out))?;
            Ok(End::Well)
        }
        Verb::Verify { release, keys } => verify(release, keys.as_deref()),
        Verb::Forms { folder, out } => {
            let catalogue = Catalogue::load(folder)?;
            std::fs::create_dir_all(out).map_err(CliFault::file(out))?;
            for bundle in catalogue.bundles() {
                let path = out.join(format!("{}.form.json", bundle.id));
                let text = format!("{:#}\n", form_schema::of_bundle(bundle));
                std::fs::write(&path, text).map_err(CliFault::file(&path))?;
            }
            Ok(End::Well)
        }
        Verb::Schema { out } => {
            std::fs::create_dir_all(out).map_err(CliFault::file(out))?;
            for (name, text) in schema::files() {
                let path = out.join(name);
                std::fs::write(&path, text).map_err(CliFault::file(&path))?;
            }
            Ok(End::Well)
        }
    }
}

fn check(folder: &Path) -> Result<End, CliFault> {
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

fn verify(path: &Path, keys: Option<&Path>) -> Result<End, CliFault> {
    let text = std::fs::read_to_string(path).map_err(CliFault::file(path))?;
    let keys = trusted_keys(keys.or(path.parent()).unwrap_or(Path::new("")));
    match release::open(&text, &keys) {
        Ok(found) => {
            let catalogue = found.catalogue;
            output::json_line(&serde_json::json!({
                "usable": true,
                "version": catalogue.version(),
                "effective": catalogue.effective().to_string(),
                "bundles": catalogue.bundles().len(),
                "signed_by": found.signed_by,
            }))?;
            Ok(End::Well)
        }
        Err(fault) => {
            output::json_line(&serde_json::json!({ "usable": false, "reason": fault.to_string() }))?;
            Ok(End::of(false))
        }
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
