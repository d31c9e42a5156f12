//! The way to the parent.

use std::fs::File;
use std::time::Duration;

use onewindow_scan::Stage;
use onewindow_scan::pipe::{self, PipeError, Report};

use crate::Stop;
use crate::status::{self, Status};

/// A busy or warming device is tried again this often, with this pause: about 6 seconds and 60 seconds.
const BUSY_TRIES: u32 = 12;
const WARMING_TRIES: u32 = 120;
const TRY_PAUSE: Duration = Duration::from_millis(500);

/// Reports and rows to the parent.
pub(crate) struct Outbox(File);

impl Outbox {
    pub(crate) fn new(pipe: File) -> Self {
        Self(pipe)
    }

    pub(crate) fn send(&mut self, report: &Report) -> Result<(), PipeError> {
        pipe::write_report(&mut self.0, report)
    }

    pub(crate) fn enter(&mut self, stage: Stage) -> Result<(), PipeError> {
        self.send(&Report::Entered { stage })
    }

    /// Rows without taking them over.
    pub(crate) fn send_rows(&mut self, rows: &[u8]) -> Result<(), PipeError> {
        pipe::write_rows(&mut self.0, rows)
    }

    pub(crate) fn fail(&mut self, stage: Stage, status: Status) -> Result<(), PipeError> {
        self.send(&failed(stage, status))
    }
}

/// The report of a status.
pub(crate) fn failed(stage: Stage, status: Status) -> Report {
    let double_feed = false;
    Report::Failed { stage, status, double_feed }
}

/// Whether a batch ended before its first page because no paper lies there.
pub(crate) fn says_empty(report: &Report) -> bool {
    matches!(
        report,
        Report::Failed {
            stage: Stage::Starting,
            status: status::NO_DOCS,
            ..
        }
    )
}

/// Tries again while the device is warming up or, when that is wanted, busy. Some network drivers say "out of memory" when the device does
/// not answer at once.
pub(crate) fn retry<Value>(
    outbox: &mut Outbox,
    stop: &Stop,
    when_busy: bool,
    mut attempt: impl FnMut() -> Result<Value, Status>,
) -> Result<Result<Value, Status>, PipeError> {
    let mut tries = 0;
    loop {
        let status = match attempt() {
            Ok(value) => return Ok(Ok(value)),
            Err(status) => status,
        };
        let tries_max = match status {
            status::BUSY if when_busy => BUSY_TRIES,
            status::NO_MEMORY if when_busy => 1,
            status::WARMING_UP => WARMING_TRIES,
            _ => 0,
        };
        if tries >= tries_max || stop.is_wanted() {
            return Ok(Err(status));
        }
        tries += 1;
        outbox.send(&Report::Preparing)?;
        std::thread::sleep(TRY_PAUSE);
    }
}
