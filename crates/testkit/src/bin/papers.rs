//! Draws synthetic papers into a folder and prints one written file a line:
//! `papers --journey newborn|karaoke --out DIR` for a demonstration journey (both when none is named),
//! `papers --invent SEED --out DIR` for every paper of an invented cast, scanned, worn and photographed.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use onewindow_testkit::papers::{Journey, write_invented, write_set};

fn main() -> anyhow::Result<()> {
    let mut journeys = vec![Journey::Newborn, Journey::Karaoke];
    let mut invented = None;
    let mut out = PathBuf::from("target/papers");
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().with_context(|| format!("{name} needs a value"))?;
        match (name.as_str(), value.as_str()) {
            ("--journey", "newborn") => journeys = vec![Journey::Newborn],
            ("--journey", "karaoke") => journeys = vec![Journey::Karaoke],
            ("--invent", seed) => invented = Some(seed.parse().context("--invent needs a whole number")?),
            ("--out", folder) => out = PathBuf::from(folder),
            _ => bail!("unknown argument {name} {value}; use --journey newborn|karaoke or --invent SEED, and --out DIR"),
        }
    }
    let paths = match invented {
        Some(seed) => write_invented(&out, seed)?,
        None => journeys
            .into_iter()
            .map(|journey| write_set(&out, journey))
            .collect::<Result<Vec<_>, _>>()?
            .concat(),
    };
    let mut stdout = std::io::stdout().lock();
    for path in paths {
        writeln!(stdout, "{}", path.display())?;
    }
    Ok(())
}
