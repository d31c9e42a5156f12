//! The virtual printer as a program of its own, for tests and demonstrations in which the counter is another process:
//! `virtual-printer [--port N] --spool DIR [--until-eof]`, or `virtual-printer --spool DIR --script KIND [SECONDS]` to
//! make the next job of a running one play a fault (slow, paper-out, jam, cover-open, abort, gone).
//!
//! It prints one line of JSON when it listens, keeps what it receives in `DIR/received`, and stops when its standard
//! input closes (when `--until-eof` is given) or when it is killed.

use std::{
    io::{Read as _, Write as _},
    path::PathBuf,
    thread,
    time::Duration,
};

use anyhow::{Context as _, bail};
use onewindow_testkit::printer::{PrinterFault, VirtualPrinter, script_fault};

#[derive(Default)]
struct Arguments {
    port: u16,
    spool: PathBuf,
    fault: Option<PrinterFault>,
    until_eof: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = parse(std::env::args().skip(1))?;
    if let Some(fault) = arguments.fault {
        return Ok(script_fault(&arguments.spool, fault)?);
    }
    let printer = VirtualPrinter::start(arguments.port, &arguments.spool)?;
    let ready = serde_json::json!({
        "uri": printer.uri(),
        "received": arguments.spool.join("received"),
        "process": printer.process_id(),
    });
    writeln!(std::io::stdout(), "{ready}")?;
    if arguments.until_eof {
        let mut rest = Vec::new();
        std::io::stdin().read_to_end(&mut rest).context("standard input")?;
        return Ok(());
    }
    loop {
        thread::sleep(Duration::from_secs(3600));
    }
}

fn parse(mut arguments: impl Iterator<Item = String>) -> anyhow::Result<Arguments> {
    let mut parsed = Arguments::default();
    while let Some(name) = arguments.next() {
        match name.as_str() {
            "--until-eof" => parsed.until_eof = true,
            "--port" => parsed.port = arguments.next().context("--port needs a number")?.parse()?,
            "--spool" => parsed.spool = arguments.next().context("--spool needs a folder")?.into(),
            "--script" => {
                let kind = arguments.next().context("--script needs a kind")?;
                let seconds = arguments.next().map_or(Ok(0), |text| text.parse())?;
                parsed.fault = Some(fault(&kind, seconds)?);
            }
            _ => bail!("unknown argument {name}; see the head of this program"),
        }
    }
    if parsed.spool.as_os_str().is_empty() {
        bail!("--spool DIR is needed");
    }
    Ok(parsed)
}

fn fault(kind: &str, seconds: u32) -> anyhow::Result<PrinterFault> {
    Ok(match kind {
        "slow" => PrinterFault::Slow { seconds },
        "paper-out" => PrinterFault::PaperOut { seconds },
        "jam" => PrinterFault::Jam { seconds },
        "cover-open" => PrinterFault::CoverOpen { seconds },
        "abort" => PrinterFault::Abort,
        "gone" => PrinterFault::Gone { after_s: seconds },
        _ => bail!("unknown fault {kind}"),
    })
}
