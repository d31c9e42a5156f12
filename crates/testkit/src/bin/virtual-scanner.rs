//! The virtual eSCL scanner as a program of its own, for tests and demonstrations in which the counter is another
//! process: `virtual-scanner --port N [--device WORD] [--load DIR] [--sane-config DIR]`.
//!
//! It prints one line of JSON when it listens, and stops when its standard input closes (when `--until-eof` is given)
//! or when it is killed.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use onewindow_testkit::escl::{Device, VirtualScanner, find_pictures};

#[derive(Default)]
struct Arguments {
    port: u16,
    device: Device,
    load: Option<PathBuf>,
    sane_config: Option<PathBuf>,
    until_eof: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = parse(std::env::args().skip(1))?;
    let scanner = VirtualScanner::start_as(arguments.device, arguments.port).context("the port cannot be opened")?;
    if let Some(dir) = &arguments.load {
        scanner.load_feeder_files(&find_pictures(dir)?)?;
    }
    let mut ready = serde_json::json!({ "url": scanner.url(), "port": scanner.port() });
    if let Some(dir) = &arguments.sane_config {
        let environment = scanner.write_sane_config(dir)?;
        ready["sane_config_dir"] = environment.config_dir.to_string_lossy().into();
        ready["device"] = environment.device.into();
    }
    writeln!(std::io::stdout(), "{ready}")?;
    if arguments.until_eof {
        std::io::stdin().read_to_end(&mut Vec::new())?;
        return Ok(());
    }
    loop {
        std::thread::park();
    }
}

fn parse(mut words: impl Iterator<Item = String>) -> anyhow::Result<Arguments> {
    let mut arguments = Arguments::default();
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("{word} needs a value"));
        match word.as_str() {
            "--port" => arguments.port = value()?.parse().context("--port needs a number")?,
            "--device" => arguments.device = device(&value()?)?,
            "--load" => arguments.load = Some(value()?.into()),
            "--sane-config" => arguments.sane_config = Some(value()?.into()),
            "--until-eof" => arguments.until_eof = true,
            other => bail!("{other} is not understood: --port N [--device WORD] [--load DIR] [--sane-config DIR] [--until-eof]"),
        }
    }
    Ok(arguments)
}

fn device(word: &str) -> anyhow::Result<Device> {
    let known = Device::ALL.iter().find(|(name, _)| *name == word).map(|(_, device)| *device);
    known.with_context(|| {
        let words: Vec<&str> = Device::ALL.iter().map(|(name, _)| *name).collect();
        format!("--device {word} is none of {}", words.join(", "))
    })
}
