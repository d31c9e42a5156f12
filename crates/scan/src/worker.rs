//! The worker process seen from its parent: found, started, spoken to, and stopped whatever it is doing.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use crate::capability::Capabilities;
use crate::fault::{ScanFault, Stage};
use crate::pipe::{self, Order, PipeError, Report};
use crate::profile::{ScannerInfo, ScannerKind};
use crate::scan::{CANCEL_LOOK, Canceller};

/// Name of the worker program.
const PROGRAM: &str = "onewindow-scan-worker";
/// Variable that names the worker program when it does not lie beside the running one.
const PROGRAM_VARIABLE: &str = "ONEWINDOW_SCAN_WORKER";
/// Reports waiting between the pipe and the parent; row frames are at most 256 KiB, so this is at most 4 MiB.
const REPORTS_WAITING_MAX: usize = 16;
/// Lines of a driver's chatter that go to the log.
const CHATTER_LINES_MAX: usize = 200;
/// Exit code of the dynamic loader when a library is missing.
const EXIT_LIBRARY_MISSING: i32 = 127;

/// Where the worker is and how long it may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerConfig {
    /// The worker program.
    pub program: PathBuf,
    /// Variables set for it besides those of this process (`SANE_CONFIG_DIR`).
    pub environment: Vec<(String, String)>,
    /// How long each step may take.
    pub deadlines: Deadlines,
}

impl WorkerConfig {
    /// Finds the worker: by `ONEWINDOW_SCAN_WORKER`, else beside the running program or, for test programs, one folder
    /// above it.
    ///
    /// # Errors
    /// [`ScanFault::WorkerMissing`] when it is in none of these places.
    pub fn find() -> Result<Self, ScanFault> {
        let named = std::env::var_os(PROGRAM_VARIABLE).map(PathBuf::from);
        let program = match named {
            Some(program) => Some(program).filter(|program| program.is_file()),
            None => std::env::current_exe().ok().and_then(|own| find_beside(&own)),
        };
        program.map(Self::new).ok_or(ScanFault::WorkerMissing)
    }

    /// A worker at a known place, with the usual deadlines.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
            environment: Vec::new(),
            deadlines: Deadlines::default(),
        }
    }
}

fn find_beside(own: &Path) -> Option<PathBuf> {
    let name = format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX);
    own.ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join(&name))
        .find(|program| program.is_file())
}

/// How long each step of a scan may take before the worker is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// The worker's first word.
    pub hello: Duration,
    /// Looking for devices; drivers wait for answers from the network.
    pub list: Duration,
    /// Opening a device and setting its options.
    pub open: Duration,
    /// From asking for a page to its first row; a network device sends the whole page within it.
    pub start: Duration,
    /// Between two pieces of a page.
    pub read: Duration,
    /// Between two pictures of a camera.
    pub watch: Duration,
    /// From the wish to stop to the worker's end.
    pub cancel: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            hello: Duration::from_secs(10),
            list: Duration::from_secs(20),
            open: Duration::from_secs(30),
            start: Duration::from_secs(90),
            read: Duration::from_secs(30),
            watch: Duration::from_secs(6),
            cancel: Duration::from_secs(2),
        }
    }
}

impl Deadlines {
    /// The time allowed in a stage.
    pub(crate) fn of(&self, stage: Stage) -> Duration {
        match stage {
            Stage::Loading | Stage::Listing => self.list,
            Stage::Opening | Stage::Setting => self.open,
            Stage::Starting => self.start,
            Stage::Reading => self.read,
            Stage::Watching => self.watch,
        }
    }
}

/// Looks for scanners, local and on the network.
///
/// # Errors
/// The fault that kept the drivers from answering; an empty list is not a fault.
pub fn list_scanners(config: &WorkerConfig) -> Result<Vec<ScannerInfo>, ScanFault> {
    list_scanners_unless(config, &Canceller::default())
}

/// The same for a caller who may not want to wait for the answer.
///
/// # Errors
/// [`ScanFault::Cancelled`], or the fault that kept the drivers from answering.
pub fn list_scanners_unless(config: &WorkerConfig, canceller: &Canceller) -> Result<Vec<ScannerInfo>, ScanFault> {
    let report = ask(config, &Order::List, canceller).inspect_err(|fault| {
        if *fault == ScanFault::Cancelled {
            canceller.tell_ended();
        }
    })?;
    let Report::Scanners { scanners } = report else {
        return Err(fault_in(&report));
    };
    let named = scanners.into_iter().map(|found| ScannerInfo {
        kind: ScannerKind::from_words(&found.name, &found.kind),
        id: found.name,
        vendor: found.vendor,
        model: found.model,
    });
    Ok(named.collect())
}

/// Opens a scanner and asks what it can do.
///
/// # Errors
/// The fault that kept it from answering.
pub fn inspect_scanner(config: &WorkerConfig, scanner: &str) -> Result<Capabilities, ScanFault> {
    match ask(config, &Order::Inspect { scanner: scanner.to_owned() }, &Canceller::default())? {
        Report::Capabilities(capabilities) => Ok(capabilities),
        report => Err(fault_in(&report)),
    }
}

/// Sends one order and waits for its answer, within the deadline of each stage.
fn ask(config: &WorkerConfig, order: &Order, canceller: &Canceller) -> Result<Report, ScanFault> {
    let mut worker = Worker::start(config, canceller)?;
    worker.send(order)?;
    let mut until = Instant::now() + config.deadlines.list;
    let answer = loop {
        match worker.receive_unless(canceller, until) {
            Ok(Report::Entered { stage }) => until = Instant::now() + config.deadlines.of(stage),
            Ok(Report::Preparing) => {}
            Ok(report) => break Ok(report),
            Err(silence) => break Err(worker.fault_of(silence)),
        }
    };
    // Drivers that look for devices can not be stopped, and leave nothing behind.
    worker.stop(if canceller.is_wanted() { Duration::ZERO } else { config.deadlines.cancel });
    answer
}

/// The fault a final report tells; a report that has no place there is a mismatch.
fn fault_in(report: &Report) -> ScanFault {
    match report {
        Report::Failed { stage, status, double_feed } => ScanFault::from_status(*stage, *status, *double_feed),
        Report::SourceMissing => ScanFault::SourceMissing,
        Report::JamOrEmpty => ScanFault::JamOrEmpty,
        Report::CameraFailed { fault } => ScanFault::Camera(*fault),
        Report::TooManyPages => ScanFault::TooManyPages,
        Report::PageTooLarge { sequence } => ScanFault::PageTooLarge { sequence: *sequence },
        Report::Hello { .. }
        | Report::Entered { .. }
        | Report::Preparing
        | Report::Scanners { .. }
        | Report::Capabilities(_)
        | Report::PageStarted(_)
        | Report::Rows(_)
        | Report::PageEnded
        | Report::Preview(_)
        | Report::Looked { .. }
        | Report::GlassInstead
        | Report::Finished => ScanFault::WorkerMismatch,
    }
}

/// Why no report came.
#[derive(Debug)]
pub(crate) enum Silence {
    /// The time is up.
    Deadline,
    /// Nobody waits any more.
    Cancelled,
    /// The worker has closed its end.
    Gone,
    /// What came is not of the protocol.
    Mismatch,
}

/// A running worker. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Worker {
    child: Child,
    orders: Option<ChildStdin>,
    reports: Option<Receiver<Result<Report, PipeError>>>,
    ended: Option<ExitStatus>,
}

impl Worker {
    /// Starts a worker and waits for its first word.
    pub(crate) fn start(config: &WorkerConfig, canceller: &Canceller) -> Result<Self, ScanFault> {
        let mut child = Command::new(&config.program)
            .envs(config.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| {
                tracing::error!(%error, program = %config.program.display(), "the scan worker cannot be started");
                ScanFault::WorkerMissing
            })?;
        let orders = child.stdin.take();
        let (sender, reports) = sync_channel(REPORTS_WAITING_MAX);
        if let Some(pipe) = child.stdout.take() {
            std::thread::spawn(move || carry_reports(BufReader::with_capacity(256 * 1024, pipe), &sender));
        }
        if let Some(pipe) = child.stderr.take() {
            std::thread::spawn(move || log_chatter(pipe));
        }
        let mut worker = Self {
            child,
            orders,
            reports: Some(reports),
            ended: None,
        };
        match worker.receive_unless(canceller, Instant::now() + config.deadlines.hello) {
            Ok(Report::Hello { version: pipe::VERSION }) => Ok(worker),
            Ok(_) => Err(ScanFault::WorkerMismatch),
            Err(silence) => Err(worker.fault_of(silence)),
        }
    }

    /// Sends an order.
    pub(crate) fn send(&mut self, order: &Order) -> Result<(), ScanFault> {
        let Some(orders) = &mut self.orders else { return Err(ScanFault::WorkerDied) };
        pipe::write_order(orders, order).map_err(|error| {
            tracing::warn!(%error, "an order did not reach the scan worker");
            ScanFault::WorkerDied
        })
    }

    /// Waits for a report.
    pub(crate) fn receive(&self, patience: Duration) -> Result<Report, Silence> {
        let Some(reports) = &self.reports else { return Err(Silence::Gone) };
        match reports.recv_timeout(patience) {
            Ok(Ok(report)) => Ok(report),
            Ok(Err(error @ PipeError::Broken(_))) => {
                tracing::warn!(%error, "the scan worker's pipe broke");
                Err(Silence::Gone)
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "the scan worker sent what cannot be read");
                Err(Silence::Mismatch)
            }
            Err(RecvTimeoutError::Timeout) => Err(Silence::Deadline),
            Err(RecvTimeoutError::Disconnected) => Err(Silence::Gone),
        }
    }

    /// Waits for a report until the deadline, unless the clerk wants to stop.
    pub(crate) fn receive_unless(&self, canceller: &Canceller, until: Instant) -> Result<Report, Silence> {
        loop {
            if canceller.is_wanted() {
                return Err(Silence::Cancelled);
            }
            let left = until.saturating_duration_since(Instant::now());
            match self.receive(left.min(CANCEL_LOOK)) {
                Err(Silence::Deadline) if !left.is_zero() => {}
                told => return told,
            }
        }
    }

    /// Names the fault behind a silence.
    pub(crate) fn fault_of(&mut self, silence: Silence) -> ScanFault {
        match silence {
            Silence::Deadline => ScanFault::WorkerHung,
            Silence::Cancelled => ScanFault::Cancelled,
            Silence::Mismatch => ScanFault::WorkerMismatch,
            Silence::Gone => {
                let status = self.wait_until(Instant::now() + Duration::from_millis(500));
                tracing::warn!(?status, "the scan worker ended by itself");
                match status.and_then(|status| status.code()) {
                    Some(EXIT_LIBRARY_MISSING) => ScanFault::DriverMissing,
                    _ => ScanFault::WorkerDied,
                }
            }
        }
    }

    /// Ends the worker: in good order within `grace`, else by killing it. Returns whether it had to be killed.
    pub(crate) fn stop(&mut self, grace: Duration) -> bool {
        // Without these two the worker sees that nobody listens; its reports are read and thrown away meanwhile, so
        // that it is never stuck in a full pipe.
        self.orders = None;
        self.reports = None;
        if self.wait_until(Instant::now() + grace).is_some() {
            return false;
        }
        tracing::warn!("the scan worker did not end in time and is killed");
        if let Err(error) = self.child.kill() {
            tracing::error!(%error, "the scan worker cannot be killed");
        }
        // A process in the middle of a device request may take its time to die; nobody waits longer for it here.
        self.wait_until(Instant::now() + Duration::from_secs(1));
        true
    }

    fn wait_until(&mut self, until: Instant) -> Option<ExitStatus> {
        let mut pause = Duration::from_millis(1);
        while self.ended.is_none() {
            self.ended = self.child.try_wait().unwrap_or_default();
            if self.ended.is_some() || Instant::now() >= until {
                break;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(10));
        }
        self.ended
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if self.ended.is_none() {
            self.stop(Duration::ZERO);
        }
    }
}

/// Carries reports from the pipe to the parent; when nobody takes them any more, the pipe is emptied all the same.
fn carry_reports(mut pipe: impl Read, sender: &SyncSender<Result<Report, PipeError>>) {
    loop {
        let report = match pipe::read_report(&mut pipe) {
            Ok(Some(report)) => Ok(report),
            Ok(None) => return,
            Err(error) => Err(error),
        };
        let last = report.is_err();
        if sender.send(report).is_err() || last {
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
            return;
        }
    }
}

/// Puts what drivers print into the log, in bounds.
fn log_chatter(pipe: impl Read) {
    let mut lines = 0;
    let mut reader = BufReader::new(pipe);
    let mut line = Vec::new();
    loop {
        line.clear();
        let taken = reader.by_ref().take(1000).read_until(b'\n', &mut line);
        if !matches!(taken, Ok(1..)) {
            return;
        }
        lines += 1;
        if lines <= CHATTER_LINES_MAX {
            tracing::debug!(driver = %String::from_utf8_lossy(&line).trim_end(), "a scanner driver says");
        }
    }
}
