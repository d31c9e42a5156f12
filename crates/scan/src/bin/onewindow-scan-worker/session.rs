//! One order carried out: list, inspect or scan. Faults are reported before anything that could hang is called, so
//! that the parent knows them even when this process must be killed.

use std::fs::File;
use std::time::Duration;

use onewindow_scan::pipe::{self, PipeError, Report, SCANNERS_MAX, ScanOrder};
use onewindow_scan::{FrameKind, PageParameters, Stage};

use crate::Stop;
use crate::sane::{Device, Parameters, STATUS_BUSY, STATUS_EOF, STATUS_JAMMED, STATUS_NO_DOCS, STATUS_NO_MEMORY, STATUS_WARMING_UP, Sane, Status};
use crate::settings;

/// Bytes asked for in one read.
const READ_BYTES: usize = 256 * 1024;
/// A busy or warming device is tried again this often, with this pause: about 6 seconds and 60 seconds.
const BUSY_TRIES: u32 = 12;
const WARMING_TRIES: u32 = 120;
const TRY_PAUSE: Duration = Duration::from_millis(500);
/// Reads in a row that bring nothing before the pause between them grows noticeable.
const EMPTY_READ_PAUSE: Duration = Duration::from_millis(5);

/// The way to the parent.
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
        self.send(&Report::Failed {
            stage,
            status,
            double_feed: false,
        })
    }
}

pub(crate) fn list(outbox: &mut Outbox) -> Result<(), PipeError> {
    outbox.enter(Stage::Loading)?;
    // Announcements on the network are waited for while the drivers look.
    let announced = std::thread::spawn(crate::network::discover);
    let found = Sane::load().map_err(|status| (Stage::Loading, status)).and_then(|sane| {
        let listed = sane.devices();
        listed.map_err(|status| (Stage::Listing, status))
    });
    outbox.enter(Stage::Listing)?;
    let mut others = announced.join().unwrap_or_default();
    others.extend(crate::camera::list());
    match found {
        Ok(mut scanners) => {
            // The drivers' way to a video device knows no live picture.
            scanners.retain(|scanner| !scanner.name.starts_with("v4l:"));
            scanners.extend(others);
            scanners.truncate(SCANNERS_MAX);
            outbox.send(&Report::Scanners { scanners })
        }
        // Without drivers of the system the network's scanners and cameras still work.
        Err(_) if !others.is_empty() => outbox.send(&Report::Scanners { scanners: others }),
        Err((stage, status)) => outbox.fail(stage, status),
    }
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
                return Ok(Report::Failed {
                    stage: Stage::Setting,
                    status,
                    double_feed: false,
                });
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
        let no_paper = matches!(
            outcome,
            Report::Failed {
                stage: Stage::Starting,
                status: STATUS_NO_DOCS,
                ..
            }
        );
        if !no_paper || stop.is_wanted() {
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
                Err(STATUS_NO_DOCS) if self.pages > 0 => return Ok(Report::Finished),
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
                return Ok(Err((Stage::Reading, CANCELLED)));
            }
            match device.read(buffer) {
                Ok(0) => std::thread::sleep(EMPTY_READ_PAUSE),
                Ok(length) => pipe::write_rows(&mut self.outbox.0, &buffer[..length])?,
                Err(STATUS_EOF) => break,
                Err(status) => return Ok(Err((Stage::Reading, status))),
            }
        }
        self.outbox.send(&Report::PageEnded)?;
        Ok(Ok(()))
    }
}

/// `SANE_STATUS_CANCELLED`, for a stop that was noticed between two reads.
const CANCELLED: Status = 2;

fn failure(device: &Device, stage: Stage, status: Status) -> Report {
    let double_feed = status == STATUS_JAMMED && settings::sees_double_feed(device);
    Report::Failed { stage, status, double_feed }
}

/// Opens a device, trying again while another program has it. Some network drivers say "out of memory" when the
/// device does not answer at once.
fn open<'sane>(sane: &'sane Sane, name: &str, outbox: &mut Outbox, stop: &Stop) -> Result<Result<Device<'sane>, Status>, PipeError> {
    retry(outbox, stop, true, || sane.open(name, &stop.device))
}

fn retry<Value>(
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
            STATUS_BUSY if when_busy => BUSY_TRIES,
            STATUS_NO_MEMORY if when_busy => 1,
            STATUS_WARMING_UP => WARMING_TRIES,
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
