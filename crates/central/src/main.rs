//! `onewindow-central`: the central service in one program, with nothing to set up. With `--import` it takes case packets from a stick
//! instead of serving, with `--recovery-key` it shows the key that counters seal for.

use std::future::Future;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use clap::Parser;
use onewindow_central::{Centre, CentreConfig, DemoFile, serve};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

/// The central service of One Window.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Folder for books, pages and keys; made when missing.
    #[arg(long)]
    data: PathBuf,
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8470")]
    listen: SocketAddr,
    /// People and places of a demonstration, JSON; seeding it again changes nothing.
    #[arg(long)]
    demo: Option<PathBuf>,
    /// Takes the case packet in these files (all parts of one packet, in any order), tells its receipt as one JSON object, and ends.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    import: Vec<PathBuf>,
    /// Shows the public recovery key, and ends.
    #[arg(long)]
    recovery_key: bool,
}

fn main() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting the threads")?;
    runtime.block_on(run(arguments))
}

async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let stop = stop_signal()?;
    let centre = Arc::new(Centre::open(CentreConfig::new(&arguments.data)).await.context("opening the data folder")?);
    if let Some(path) = arguments.demo {
        let text = std::fs::read(&path).context("reading the demonstration file")?;
        let demo: DemoFile = serde_json::from_slice(&text).context("reading the demonstration file")?;
        centre.seed_demo(&demo).await.context("writing the demonstration")?;
    }
    if arguments.recovery_key {
        let key = centre.recovery_key().context("reading the recovery key")?;
        return writeln!(std::io::stdout(), "{key}").context("telling the recovery key");
    }
    if !arguments.import.is_empty() {
        let receipt = centre.import_packet(arguments.import).await.context("taking the packet")?;
        centre.close().await;
        return writeln!(std::io::stdout(), "{}", serde_json::to_string(&receipt)?).context("telling the receipt");
    }
    let listener = TcpListener::bind(arguments.listen).await.context("listening")?;
    let address = listener.local_addr().context("listening")?;
    // One line for whoever started the program and waits for it.
    writeln!(std::io::stdout(), "{}", serde_json::json!({ "url": format!("http://{address}") })).context("telling the address")?;
    tracing::info!(%address, "the centre listens");
    serve(listener, centre, stop).await.context("serving")?;
    tracing::info!("the centre is closed");
    Ok(())
}

/// Done at the first request to end: interrupt from a keyboard, or terminate from a service manager.
#[cfg(unix)]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt()).context("listening for the end")?;
    let mut terminate = signal(SignalKind::terminate()).context("listening for the end")?;
    Ok(async move {
        tokio::select! {
            _end = interrupt.recv() => {}
            _end = terminate.recv() => {}
        }
    })
}

/// Done at the first request to end.
#[cfg(not(unix))]
fn stop_signal() -> anyhow::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        // Without a signal to listen for, the service runs until it is killed, which loses nothing.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
