//! Draws the papers of a demonstration journey into a folder: `papers --journey newborn|karaoke --out DIR`.
//! Prints one written file a line.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use onewindow_testkit::papers::{Journey, write_set};

fn main() -> anyhow::Result<()> {
    let mut journeys = vec![Journey::Newborn, Journey::Karaoke];
    let mut out = PathBuf::from("target/papers");
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().with_context(|| format!("{name} needs a value"))?;
        match (name.as_str(), value.as_str()) {
            ("--journey", "newborn") => journeys = vec![Journey::Newborn],
            ("--journey", "karaoke") => journeys = vec![Journey::Karaoke],
            ("--out", folder) => out = PathBuf::from(folder),
            _ => bail!("unknown argument {name} {value}; use --journey newborn|karaoke and --out DIR"),
        }
    }
    let mut stdout = std::io::stdout().lock();
    for journey in journeys {
        for path in write_set(&out, journey)? {
            writeln!(stdout, "{}", path.display())?;
        }
    }
    Ok(())
}
