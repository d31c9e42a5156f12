//! Scanners of Windows: one order carried out through WIA, with the same reports as the SANE session. Pages come into memory, never into a
//! file, one picture each. What is set and what is made of an answer is here, the calls themselves are in `com`. Never run: no machine
//! of this project has Windows.

#[allow(unsafe_code, reason = "WIA is reached through COM; every call into it is here, with the reason it is sound")]
mod com;

use std::fs::File;
use std::io;
use std::os::windows::io::AsHandle as _;
use std::sync::mpsc::{Receiver, sync_channel};

use image::ImageFormat;
use onewindow_scan::pipe::{FoundScanner, PipeError, Report, ScanOrder};
use onewindow_scan::wia::{self, ID_PREFIX};
use onewindow_scan::{Capabilities, ColourMode, Source, SourceCapabilities, Stage};

use crate::Stop;
use crate::outbox::{Outbox, failed, retry, says_empty};
use crate::picture::{self, Unusable};
use crate::status::{self, Status};
pub(crate) use com::leave;
use com::{Device, Input, Place, Property, Wia};

/// Lengths of WIA are thousandths of an inch.
const MM_PER_UNIT: f64 = 0.0254;
const MM_PER_INCH: f64 = 25.4;
/// Values of the property for colours: three channels, shades of grey, black and white.
const DATA_COLOUR: i32 = 3;
const DATA_GRAY: i32 = 2;
const DATA_BILEVEL: i32 = 0;
/// Values of the property for sides: fronts, or both of each sheet.
const FRONTS: i32 = 0x20;
const BOTH_SIDES: i32 = 0x4;
/// All pages the feeder holds.
const ALL_PAGES: i32 = 0;

/// Standard output is the way to the parent. Drivers of WIA live in a service of the system and print nothing here.
pub(crate) fn take_stdout() -> io::Result<File> {
    Ok(File::from(io::stdout().as_handle().try_clone_to_owned()?))
}

/// Stopping a device from another thread: WIA is told by the answers to its own calls (`com`), so there is nothing to do here.
#[derive(Debug, Clone, Default)]
pub(crate) struct SharedCancel;

impl SharedCancel {
    pub(crate) fn cancel(&self) {}
}

/// Scanners that drivers of the system know.
pub(crate) fn devices() -> Result<Vec<FoundScanner>, (Stage, Status)> {
    let wia = Wia::load().map_err(|status| (Stage::Loading, status))?;
    wia.devices().map_err(|status| (Stage::Listing, status))
}

pub(crate) fn inspect(scanner: &str, outbox: &mut Outbox, stop: &Stop) -> Result<(), PipeError> {
    let device = match open(scanner, outbox, stop)? {
        Ok(device) => device,
        Err(report) => return outbox.send(&report),
    };
    outbox.enter(Stage::Setting)?;
    outbox.send(&Report::Capabilities(capabilities(&device)))
}

pub(crate) fn scan(order: &ScanOrder, outbox: &mut Outbox, stop: &Stop) -> Result<(), PipeError> {
    let device = match open(&order.scanner, outbox, stop)? {
        Ok(device) => device,
        Err(report) => return outbox.send(&report),
    };
    let mut outcome = Report::SourceMissing;
    for source in sources(&device, order.profile.source) {
        outbox.enter(Stage::Setting)?;
        outcome = batch(&device, source, order, outbox, stop)?;
        if !says_empty(&outcome) || stop.is_wanted() {
            break;
        }
    }
    outbox.send(&outcome)
}

/// Opens a device, trying again while another program has it.
fn open(scanner: &str, outbox: &mut Outbox, stop: &Stop) -> Result<Result<Device, Report>, PipeError> {
    outbox.enter(Stage::Loading)?;
    let wia = match Wia::load() {
        Ok(wia) => wia,
        Err(status) => return Ok(Err(failed(Stage::Loading, status))),
    };
    outbox.enter(Stage::Opening)?;
    let id = scanner.strip_prefix(ID_PREFIX).unwrap_or(scanner);
    let device = retry(outbox, stop, true, || wia.open(id))?;
    Ok(device.map_err(|status| failed(Stage::Opening, status)))
}

fn place(source: Source) -> Place {
    match source {
        Source::Auto | Source::Flatbed => Place::Glass,
        Source::Feeder | Source::FeederDuplex => Place::Feeder,
    }
}

/// The sources to try in order. For `Auto` the feeder, then the glass; a feeder that says it is empty is not even tried where there is glass.
fn sources(device: &Device, wanted: Source) -> Vec<Source> {
    let able = |source| find_input(device, source).map(|_| source);
    let glass = able(Source::Flatbed);
    match wanted {
        Source::Auto
            if glass.is_some()
                && device
                    .find_number(Property::HandlingStatus)
                    .is_some_and(|status| status & wia::FEEDER_READY == 0) =>
        {
            glass.into_iter().collect()
        }
        Source::Auto => able(Source::Feeder).into_iter().chain(glass).collect(),
        Source::Flatbed | Source::Feeder | Source::FeederDuplex => able(wanted).into_iter().collect(),
    }
}

/// The part of a device that is this source.
fn find_input(device: &Device, source: Source) -> Option<&Input> {
    let input = device.find_input(place(source))?;
    let turns = || {
        let root = device.find_number(Property::HandlingCapabilities).unwrap_or(0);
        root & wia::HANDLING_DUPLEX != 0
    };
    (source != Source::FeederDuplex || turns()).then_some(input)
}

fn capabilities(device: &Device) -> Capabilities {
    let told = [Source::Flatbed, Source::Feeder, Source::FeederDuplex];
    let able = |source: Source| find_input(device, source).map(|input| able(input, source));
    Capabilities {
        sources: told.into_iter().filter_map(able).collect(),
    }
}

fn able(input: &Input, source: Source) -> SourceCapabilities {
    let modes = [
        (DATA_COLOUR, ColourMode::Colour),
        (DATA_GRAY, ColourMode::Gray),
        (DATA_BILEVEL, ColourMode::Lineart),
    ];
    let (flags, values) = input.allowed(Property::DataType).unwrap_or_default();
    let takes = |value| wia::takes(flags, &values, value).unwrap_or(false);
    let (dpi_flags, dpi_values) = input.allowed(Property::DpiAcross).unwrap_or_default();
    let side = |property| {
        input
            .find_number(property)
            .filter(|units| *units > 0)
            .map(|units| f64::from(units) * MM_PER_UNIT)
    };
    SourceCapabilities {
        source,
        colours: modes.into_iter().filter(|(value, _)| takes(*value)).map(|(_, mode)| mode).collect(),
        dpi: wia::resolutions(dpi_flags, &dpi_values),
        area_max_mm: side(Property::WidthMax).zip(side(Property::HeightMax)),
    }
}

/// Sets everything a profile says; returns whether colour was set, and the resolution.
fn apply(input: &Input, source: Source, order: &ScanOrder) -> Result<(bool, u32), Status> {
    let able = able(input, source);
    let profile = &order.profile;
    let has = |mode| able.colours.is_empty() || able.colours.contains(&mode);
    let colour = match profile.colour {
        ColourMode::Colour => has(ColourMode::Colour),
        // Black and white is made of grey.
        ColourMode::Gray | ColourMode::Lineart => !has(ColourMode::Gray) && has(ColourMode::Colour),
    };
    input.set_bitmaps()?;
    input.set_number(Property::DataType, if colour { DATA_COLOUR } else { DATA_GRAY })?;
    let dpi = able.dpi.serving(profile.dpi);
    let wish = i32::try_from(dpi).map_err(|_| status::INVALID)?;
    input.set_number(Property::DpiAcross, wish)?;
    input.set_number(Property::DpiAlong, wish)?;
    let dpi = input.find_number(Property::DpiAcross).and_then(|dpi| u32::try_from(dpi).ok()).unwrap_or(dpi);
    if place(source) == Place::Feeder {
        // Drivers without the choice have no such property; then there is one side only.
        let both = source == Source::FeederDuplex;
        let chosen = input.set_number(Property::HandlingSelect, if both { BOTH_SIDES } else { FRONTS });
        if both {
            chosen?;
        }
        input.set_number(Property::Pages, ALL_PAGES)?;
    }
    set_area(input, &able, order, dpi)?;
    Ok((colour, dpi))
}

/// The area in picture elements, cut down to what the source sees.
fn set_area(input: &Input, able: &SourceCapabilities, order: &ScanOrder, dpi: u32) -> Result<(), Status> {
    let (Some(size_mm), Some(most_mm)) = (order.profile.paper.size_mm().or(able.area_max_mm), able.area_max_mm) else {
        return Ok(());
    };
    let px = |mm: f64| (mm / MM_PER_INCH * f64::from(dpi)).floor() as i32;
    // Drivers refuse an offset that does not leave room for the extent, so the corner comes first.
    input.set_number(Property::Left, 0)?;
    input.set_number(Property::Top, 0)?;
    input.set_number(Property::Width, px(size_mm.0.min(most_mm.0)))?;
    input.set_number(Property::Height, px(size_mm.1.min(most_mm.1)))
}

/// The pages of one source.
fn batch(device: &Device, source: Source, order: &ScanOrder, outbox: &mut Outbox, stop: &Stop) -> Result<Report, PipeError> {
    let Some(input) = find_input(device, source) else {
        return Ok(Report::SourceMissing);
    };
    let (colour, dpi) = match apply(input, source, order) {
        Ok(set) => set,
        Err(status) => return Ok(failed(Stage::Setting, status)),
    };
    outbox.enter(Stage::Starting)?;
    // One page waits while another is handed on; the driver waits meanwhile.
    let (pages, came) = sync_channel::<Vec<u8>>(1);
    std::thread::scope(|scope| {
        let carrier = scope.spawn(move || carry(&came, order, colour, dpi, outbox));
        let end = input.download(pages, stop);
        let Ok(carried) = carrier.join() else {
            return Ok(failed(Stage::Reading, status::NO_MEMORY));
        };
        let (kept, fault) = carried?;
        Ok(outcome(kept, fault, end, stop.is_wanted()))
    })
}

/// Hands pages on until the driver gives no more or one can not be used.
fn carry(came: &Receiver<Vec<u8>>, order: &ScanOrder, colour: bool, dpi: u32, outbox: &mut Outbox) -> Result<(u32, Option<Report>), PipeError> {
    let mut kept = 0;
    while let Ok(bytes) = came.recv() {
        if kept >= order.pages_max {
            return Ok((kept, Some(Report::TooManyPages)));
        }
        let sequence = order.first_sequence.saturating_add(kept);
        outbox.enter(Stage::Reading)?;
        match picture::decoded(&bytes, ImageFormat::Bmp) {
            Ok(page) => picture::send(outbox, page, colour, true, sequence, dpi)?,
            Err(Unusable::TooLarge) => return Ok((kept, Some(Report::PageTooLarge { sequence }))),
            Err(Unusable::Damaged) => return Ok((kept, Some(failed(Stage::Reading, status::IO)))),
        }
        kept += 1;
        outbox.enter(Stage::Starting)?;
    }
    Ok((kept, None))
}

/// What ends the batch: a page that can not be used, the clerk, a fault of the driver, or that all is in.
fn outcome(kept: u32, fault: Option<Report>, end: Result<(), i32>, stopped: bool) -> Report {
    if let Some(fault) = fault {
        return fault;
    }
    if stopped {
        return failed(Stage::Reading, status::CANCELLED);
    }
    let (status, double_feed) = match end {
        Ok(()) if kept > 0 => return Report::Finished,
        Ok(()) => (status::NO_DOCS, false),
        Err(code) => wia::status_of(code),
    };
    match status {
        status::NO_DOCS if kept > 0 => Report::Finished,
        status => Report::Failed {
            stage: if kept > 0 { Stage::Reading } else { Stage::Starting },
            status,
            double_feed,
        },
    }
}
