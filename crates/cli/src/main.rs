//! `onewindow`: the desk without a window, for installers, support, automation and tests.
//!
//! One file a noun; each converts, calls the same use case as the window, and writes what came back. Answers go to standard output (JSON
//! where a program may read them), faults as one JSON object to standard error. Exit codes: 0 all well, 1 a check failed or something
//! was refused, 2 wrong usage. Absent on purpose: rules of any kind, and a shell of its own; standard output is for answers only.

mod capture;
mod case;
mod catalogue;
mod check;
mod counter;
mod doctor;
mod fault;
mod journal;
mod keys;
mod licence;
mod output;
mod packet;
mod sync;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::counter::CounterPlace;
use crate::fault::CliFault;

/// One Window: the desk without a window.
#[derive(Debug, Parser)]
#[command(name = "onewindow", version, about)]
struct Arguments {
    #[command(flatten)]
    place: CounterPlace,
    #[command(subcommand)]
    noun: Noun,
}

#[derive(Debug, Subcommand)]
enum Noun {
    /// Runs the self-test of the counter; exit code 1 when a check failed.
    Doctor(doctor::Arguments),
    /// Checks numbers from standard input, one a line; one JSON object a line. Needs no counter.
    Check(check::Arguments),
    /// Turns files into corrected, judged and read pages. Needs no counter.
    Capture(capture::Arguments),
    /// Cases of this counter.
    Case(case::Arguments),
    /// Sends everything that waits and reads the centre's news, once.
    Sync,
    /// The journal of this counter.
    Journal(journal::Arguments),
    /// Case packets for carrying by stick.
    Packet(packet::Arguments),
    /// Keys of this counter's store; the window must be closed.
    Keys(keys::Arguments),
    /// Checks the signed code of a printed licence, without a network.
    VerifyLicence(licence::Arguments),
    /// Service definitions. Needs no counter.
    Catalogue(catalogue::Arguments),
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// All well.
    Well,
    /// The answer was given, and it is not a good one.
    NotWell,
}

impl End {
    /// [`End::Well`] when it holds.
    pub fn of(holds: bool) -> Self {
        if holds { Self::Well } else { Self::NotWell }
    }
}

/// The allocator of the counter itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(End::Well) => ExitCode::SUCCESS,
        Ok(End::NotWell) => ExitCode::FAILURE,
        Err(fault) => {
            // Whoever closed our output does not want to hear of it.
            if !fault.is_closed_output() {
                output::tell_fault(&fault);
            }
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<End, CliFault> {
    let place = &arguments.place;
    match &arguments.noun {
        Noun::Doctor(wish) => doctor::run(place, wish),
        Noun::Check(wish) => check::run(wish),
        Noun::Capture(wish) => capture::run(wish),
        Noun::Case(wish) => case::run(place, wish),
        Noun::Sync => sync::run(place),
        Noun::Journal(wish) => journal::run(place, wish),
        Noun::Packet(wish) => packet::run(place, wish),
        Noun::Keys(wish) => keys::run(place, wish),
        Noun::VerifyLicence(wish) => licence::run(place, wish),
        Noun::Catalogue(wish) => catalogue::run(wish),
    }
}
