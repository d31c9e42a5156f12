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
    attempt: impl FnMut() -> Result<Value, Status>,
) -> Result<Result<Value, Status>, PipeError> {
    retry_after(TRY_PAUSE, outbox, stop, when_busy, attempt)
}

fn retry_after<Value>(
    pause: Duration,
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
        std::thread::sleep(pause);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use std::io::{Seek as _, SeekFrom};

    use super::*;

    /// Plays a driver that answers with these statuses and then works; tells how it ended and how often the parent heard of it.
    fn tried(statuses: &[(Status, u32)], when_busy: bool, stop: &Stop) -> (Result<(), Status>, usize) {
        let mut file = tempfile::tempfile().unwrap();
        let mut answers = statuses.iter().flat_map(|&(status, times)| (0..times).map(move |_| Err(status)));
        let mut outbox = Outbox::new(file.try_clone().unwrap());
        let ended = retry_after(Duration::ZERO, &mut outbox, stop, when_busy, || answers.next().unwrap_or(Ok(()))).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let told = std::iter::from_fn(|| pipe::read_report(&mut file).unwrap());
        (ended, told.filter(|report| *report == Report::Preparing).count())
    }

    #[test]
    fn a_driver_that_warms_up_or_is_busy_is_asked_again_until_it_works_or_for_long_enough() {
        let check = |statuses: &[(Status, u32)], when_busy, ended, told| {
            assert_eq!(tried(statuses, when_busy, &Stop::default()), (ended, told), "{statuses:?} {when_busy}");
        };
        check(&[(status::WARMING_UP, 3)], false, Ok(()), 3);
        check(&[(status::WARMING_UP, 120)], false, Ok(()), 120);
        check(&[(status::WARMING_UP, 121)], false, Err(status::WARMING_UP), 120);
        check(&[(status::BUSY, 12)], true, Ok(()), 12);
        check(&[(status::BUSY, 13)], true, Err(status::BUSY), 12);
        check(&[(status::BUSY, 1)], false, Err(status::BUSY), 0);
        check(&[(status::NO_MEMORY, 1)], true, Ok(()), 1);
        check(&[(status::NO_MEMORY, 2)], true, Err(status::NO_MEMORY), 1);
        check(&[(status::WARMING_UP, 2), (status::JAMMED, 1)], true, Err(status::JAMMED), 2);
        let stopped = Stop::default();
        stopped.now();
        assert_eq!(
            tried(&[(status::WARMING_UP, 3)], true, &stopped),
            (Err(status::WARMING_UP), 0),
            "the clerk does not wait for it"
        );
    }
}
