//! The counter's shell: one window over one desk. It starts the desk, hands commands to it and its news to the window, and serves
//! pictures of pages through an own scheme.
//!
//! Absent on purpose: every rule. What may happen is the desk's to say; a command converts, calls and converts back. The window is
//! not believed: who is signed in is known here, and every identity that comes from it is looked up.

mod arguments;
mod bindings;
mod commands;
mod counter;
mod drawing;
mod marks;
mod news;
mod pictures;
mod window;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;

use crate::arguments::Arguments;

/// Environment variable that says what is logged, such as `onewindow=debug`.
const LOG_VARIABLE: &str = "ONEWINDOW_LOG";
/// What is logged when nobody says otherwise.
const LOG_DEFAULT: &str = "warn,onewindow=info";

/// Runs the program to its end.
#[must_use]
pub fn run() -> ExitCode {
    start_log();
    marks::mark("main");
    let arguments = Arguments::parse();
    let Some(data) = arguments.data_folder() else {
        tracing::error!("no home folder is known: name the data folder with --data");
        return ExitCode::FAILURE;
    };
    if arguments.check_config {
        return arguments::check_config(&data, &mut std::io::stdout());
    }
    if !window::has_display() {
        tracing::error!("there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set");
        return ExitCode::FAILURE;
    }
    match window::run(&data) {
        Ok(code) => u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            ExitCode::FAILURE
        }
    }
}

/// Logs to standard error: times, codes and identities of cases, never what is written on a paper.
fn start_log() {
    let filter = EnvFilter::try_from_env(LOG_VARIABLE).unwrap_or_else(|_| EnvFilter::new(LOG_DEFAULT));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if log.with_ansi(std::io::stderr().is_terminal()).try_init().is_err() {
        tracing::debug!("somebody logs already");
    }
}
