//! One order carried out through SANE. Faults are reported before anything that could hang is called, so
//! that the parent knows them even when this process must be killed.

use std::time::Duration;

use onewindow_scan::pipe::{FoundScanner, PipeError, Report, ScanOrder};
use onewindow_scan::{FrameKind, PageParameters, Stage};

use crate::Stop;
use crate::outbox::{Outbox, failed, retry, says_empty};
use crate::sane::{Device, Parameters, Sane};
pub(crate) use crate::sane::{SharedCancel, leave, take_stdout};
use crate::settings;
use crate::status::{self, Status};

/// Bytes asked for in one read.
const READ_BYTES: usize = 256 * 1024;
/// Reads in a row that bring nothing before the pause between them grows noticeable.
const EMPTY_READ_PAUSE: Duration = Duration::from_millis(5);

/// Scanners that drivers of the system know.
pub(crate) fn devices() -> Result<Vec<FoundScanner>, (Stage, Status)> {
    let sane = Sane::load().map_err(|status| (Stage::Loading, status))?;
    let mut found = sane.devices().map_err(|status| (Stage::Listing, status))?;
    // The drivers' way to a video device knows no live picture.
    found.retain(|scanner| !scanner.name.starts_with("v4l:"));
    Ok(found)
}

pub(crate) fn inspect(scanner: &str, outbox: &mut Outbox, stop: &Stop) -> Result<(), PipeError> {
    outbox.enter(Stage::Loading)?;
    let sane = match Sane::load() {
        Ok(sane) => sane,
        Err(status) => return outbox.fail(Stage::Loading, status),
    };
    outbox.enter(Stage::Opening)?;
    match open(&sane, scanner, outbox, stop)? {
        Ok(mut device) => {
            outbox.enter(Stage::Setting)?;
            outbox.send(&Report::Capabilities(settings::capabilities(&mut device)))
        }
        Err(status) => outbox.fail(Stage::Opening, status),
    }
}

pub(crate) fn scan(order: &ScanOrder, outbox: &mut Outbox, stop: &Stop) -> Result<(), PipeError> {
    outbox.enter(Stage::Loading)?;
    let sane = match Sane::load() {
        Ok(sane) => sane,
        Err(status) => return outbox.fail(Stage::Loading, status),
    };
    outbox.enter(Stage::Opening)?;
    let mut device = match open(&sane, &order.scanner, outbox, stop)? {
        Ok(device) => device,
        Err(status) => return outbox.fail(Stage::Opening, status),
    };
    let report = scan_from_sources(&mut device, order, outbox, stop)?;
    outbox.send(&report)?;
    // From here on a driver may hang; everything has been said.
    device.cancel();
    Ok(())
}

/// Tries the sources in turn: the next one only when the one before has no paper at all.
fn scan_from_sources(device: &mut Device, order: &ScanOrder, outbox: &mut Outbox, stop: &Stop) -> Result<Report, PipeError> {
    let sources = settings::sources_for(&device.options(), order.profile.source);
    let mut outcome = Report::SourceMissing;
    for source in &sources {
        outbox.enter(Stage::Setting)?;
        let dpi = match settings::apply(device, &order.profile, source, &order.device_options) {
            Ok(dpi) => dpi,
            Err(status) => {
                return Ok(failed(Stage::Setting, status));
            }
        };
        let mut batch = BatchRun {
            order,
            dpi,
            feeds: source.feeds,
            pages: 0,
            outbox: &mut *outbox,
            stop,
        };
        outcome = batch.run(device)?;
        if !says_empty(&outcome) || stop.is_wanted() {
            break;
        }
    }
    Ok(outcome)
}

/// The pages of one source.
struct BatchRun<'run> {
    order: &'run ScanOrder,
    dpi: u32,
    feeds: bool,
    pages: u32,
    outbox: &'run mut Outbox,
    stop: &'run Stop,
}

impl BatchRun<'_> {
    /// Scans until the source is empty; returns the report that ends the batch.
    fn run(&mut self, device: &mut Device) -> Result<Report, PipeError> {
        let mut buffer = vec![0; READ_BYTES];
        loop {
            if self.pages >= self.order.pages_max {
                return Ok(Report::TooManyPages);
            }
            self.outbox.enter(Stage::Starting)?;
            match self.start(device)? {
                Ok(()) => {}
                Err(status::NO_DOCS) if self.pages > 0 => return Ok(Report::Finished),
                Err(status) => return Ok(failure(device, Stage::Starting, status)),
            }
            if let Err((stage, status)) = self.page(device, &mut buffer)? {
                return Ok(failure(device, stage, status));
            }
            self.pages += 1;
            if !self.feeds {
                return Ok(Report::Finished);
            }
        }
    }

    /// Starts a page, trying again while the device is warming up or (for the first page) busy.
    fn start(&mut self, device: &mut Device) -> Result<Result<(), Status>, PipeError> {
        let first = self.pages == 0;
        retry(self.outbox, self.stop, first, || device.start())
    }

    /// Reads one page.
    fn page(&mut self, device: &mut Device, buffer: &mut [u8]) -> Result<Result<(), (Stage, Status)>, PipeError> {
        let parameters = match device.parameters() {
            Ok(parameters) => parameters,
            Err(status) => return Ok(Err((Stage::Starting, status))),
        };
        let sequence = self.order.first_sequence.saturating_add(self.pages);
        self.outbox.send(&Report::PageStarted(announce(parameters, sequence, self.dpi)))?;
        self.outbox.enter(Stage::Reading)?;
        loop {
            if self.stop.is_wanted() {
                return Ok(Err((Stage::Reading, status::CANCELLED)));
            }
            match device.read(buffer) {
                Ok(0) => std::thread::sleep(EMPTY_READ_PAUSE),
                Ok(length) => self.outbox.send_rows(&buffer[..length])?,
                Err(status::EOF) => break,
                Err(status) => return Ok(Err((Stage::Reading, status))),
            }
        }
        self.outbox.send(&Report::PageEnded)?;
        Ok(Ok(()))
    }
}

fn failure(device: &Device, stage: Stage, status: Status) -> Report {
    let double_feed = status == status::JAMMED && settings::sees_double_feed(device);
    Report::Failed { stage, status, double_feed }
}

/// Opens a device, trying again while another program has it. Some network drivers say "out of memory" when the
/// device does not answer at once.
fn open<'sane>(sane: &'sane Sane, name: &str, outbox: &mut Outbox, stop: &Stop) -> Result<Result<Device<'sane>, Status>, PipeError> {
    retry(outbox, stop, true, || sane.open(name, &stop.device))
}

fn announce(parameters: Parameters, sequence: u32, dpi: u32) -> PageParameters {
    let frame = match parameters.format {
        0 => FrameKind::Gray,
        1 => FrameKind::Rgb,
        2..=4 => FrameKind::SinglePass,
        _ => FrameKind::Other,
    };
    PageParameters {
        sequence,
        frame,
        depth: parameters.depth,
        bytes_per_line: parameters.bytes_per_line,
        pixels_per_line: parameters.pixels_per_line,
        lines: parameters.lines,
        dpi,
    }
}
