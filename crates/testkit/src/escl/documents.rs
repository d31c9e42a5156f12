//! The protocol's XML: what the device tells about itself and what a client asks for. Pure.

use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::device::{Device, Dpi, Input};
use super::tray::{AdfState, Job, JobState};

/// Units of an inch that scan regions are counted in.
pub(super) const REGION_UNITS_PER_INCH: u32 = 300;
/// Longest request text that is read.
const SETTINGS_BYTES_MAX: usize = 64 * 1024;

/// What a client asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ScanSettings {
    pub(super) from_feeder: bool,
    pub(super) duplex: bool,
    pub(super) colour: bool,
    pub(super) dpi: u32,
    /// Left, top, width, height in 300ths of an inch.
    pub(super) region: [u32; 4],
}

impl Default for ScanSettings {
    fn default() -> Self {
        Self {
            from_feeder: false,
            duplex: false,
            colour: true,
            dpi: 300,
            region: [0, 0, 2480, 3508],
        }
    }
}

/// Reads a `ScanSettings` document; unknown elements are passed over, as devices do. `None` when it is not XML, too
/// long, or asks for what the device cannot do.
pub(super) fn parse_scan_settings(text: &str, device: &Device) -> Option<ScanSettings> {
    if text.len() > SETTINGS_BYTES_MAX {
        return None;
    }
    let mut settings = ScanSettings::default();
    let mut reader = Reader::from_str(text);
    let mut element = String::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => element = start.local_name().as_ref().to_owned(),
            Event::Text(value) => {
                let value: &str = value.as_ref();
                if !value.trim().is_empty() {
                    take_value(&mut settings, &element, value.trim())?;
                }
            }
            Event::End(_) => element.clear(),
            Event::Eof => break,
            _ => {}
        }
    }
    let input = device.input(settings.from_feeder, settings.duplex)?;
    let most = [input.width_max, input.height_max, input.width_max, input.height_max];
    for (length, most) in settings.region.iter_mut().zip(most) {
        *length = (*length).min(most);
    }
    let [_, _, width, height] = settings.region;
    let possible = input.dpi.has(settings.dpi) && (input.colour || !settings.colour) && width > 0 && height > 0;
    possible.then_some(settings)
}

fn take_value(settings: &mut ScanSettings, element: &str, value: &str) -> Option<()> {
    match element {
        "Duplex" => settings.duplex = value == "true",
        "InputSource" => settings.from_feeder = value == "Feeder",
        "ColorMode" => settings.colour = value == "RGB24",
        "XResolution" => settings.dpi = value.parse().ok()?,
        "XOffset" => settings.region[0] = value.parse().ok()?,
        "YOffset" => settings.region[1] = value.parse().ok()?,
        "Width" => settings.region[2] = value.parse().ok()?,
        "Height" => settings.region[3] = value.parse().ok()?,
        _ => {}
    }
    Some(())
}

/// `ScannerCapabilities`.
pub(super) fn capabilities(device: &Device) -> String {
    let model = device.model;
    let caps = |element: &str, input: &Option<Input>| {
        let inner = input.map(|input| format!("<scan:{element}>{}</scan:{element}>", input_caps(&input)));
        inner.unwrap_or_default()
    };
    let glass = caps("PlatenInputCaps", &device.glass);
    let (fronts, both) = (caps("AdfSimplexInputCaps", &device.feeder), caps("AdfDuplexInputCaps", &device.duplex));
    let platen = device.glass.map(|_| format!("<scan:Platen>{glass}</scan:Platen>")).unwrap_or_default();
    let turns = device.duplex.map_or("", |_| "<scan:AdfOption>Duplex</scan:AdfOption>");
    let adf = device.feeder.map(|_| {
        format!(
            "<scan:Adf>{fronts}{both}<scan:FeederCapacity>50</scan:FeederCapacity>\
             <scan:AdfOptions><scan:AdfOption>DetectPaperLoaded</scan:AdfOption>{turns}</scan:AdfOptions></scan:Adf>"
        )
    });
    let adf = adf.unwrap_or_default();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerCapabilities xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<pwg:Version>2.63</pwg:Version>
<pwg:MakeAndModel>{model}</pwg:MakeAndModel>
<pwg:ModelName>Virtual Scanner</pwg:ModelName>
<pwg:SerialNumber>OWVS0001</pwg:SerialNumber>
<scan:UUID>6f6e6577-696e-646f-7700-000000000001</scan:UUID>
{platen}
{adf}
</scan:ScannerCapabilities>
"#
    )
}

fn input_caps(input: &Input) -> String {
    let resolutions = match input.dpi {
        Dpi::Listed(listed) => {
            let mut values = String::new();
            for dpi in listed {
                // Writing to a String cannot fail.
                let _ = write!(
                    values,
                    "<scan:DiscreteResolution><scan:XResolution>{dpi}</scan:XResolution><scan:YResolution>{dpi}</scan:YResolution></scan:DiscreteResolution>"
                );
            }
            format!("<scan:DiscreteResolutions>{values}</scan:DiscreteResolutions>")
        }
        Dpi::Span(low, high, step) => {
            let span = format!("<scan:Min>{low}</scan:Min><scan:Max>{high}</scan:Max><scan:Normal>{low}</scan:Normal><scan:Step>{step}</scan:Step>");
            format!(
                "<scan:ResolutionRange><scan:XResolutionRange>{span}</scan:XResolutionRange>\
                 <scan:YResolutionRange>{span}</scan:YResolutionRange></scan:ResolutionRange>"
            )
        }
    };
    let Input { width_max, height_max, .. } = input;
    let colour = if input.colour { "<scan:ColorMode>RGB24</scan:ColorMode>" } else { "" };
    format!(
        "<scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>{width_max}</scan:MaxWidth>\
         <scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>{height_max}</scan:MaxHeight><scan:MaxScanRegions>1</scan:MaxScanRegions>\
         <scan:SettingProfiles><scan:SettingProfile>\
         <scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode>{colour}</scan:ColorModes>\
         <scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat><scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats>\
         <scan:SupportedResolutions>{resolutions}</scan:SupportedResolutions>\
         </scan:SettingProfile></scan:SettingProfiles>"
    )
}

/// `ScannerStatus` in a state of the protocol; a device without a feeder says nothing of one.
pub(super) fn status<'a>(state: &str, adf: Option<AdfState>, jobs: impl Iterator<Item = &'a Job>) -> String {
    let adf = adf.map(|adf| match adf {
        AdfState::Loaded => "ScannerAdfLoaded",
        AdfState::Empty => "ScannerAdfEmpty",
        AdfState::Jam => "ScannerAdfJam",
        AdfState::DoubleFeed => "ScannerAdfMultipickDetected",
        AdfState::CoverOpen => "ScannerAdfDoorOpen",
    });
    let adf = adf.map(|adf| format!("<scan:AdfState>{adf}</scan:AdfState>")).unwrap_or_default();
    let mut listed = String::new();
    for job in jobs {
        listed.push_str(&job_info(job));
    }
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerStatus xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<pwg:Version>2.63</pwg:Version>
<pwg:State>{state}</pwg:State>
{adf}
<scan:Jobs>{listed}</scan:Jobs>
</scan:ScannerStatus>
"#
    )
}

fn job_info(job: &Job) -> String {
    let state = match job.state {
        JobState::Processing => "Processing",
        JobState::Completed => "Completed",
        JobState::Canceled => "Canceled",
        JobState::Aborted => "Aborted",
    };
    let (id, pages) = (&job.id, job.pages);
    format!(
        "<scan:JobInfo><pwg:JobUri>/eSCL/ScanJobs/{id}</pwg:JobUri><pwg:JobUuid>{id}</pwg:JobUuid>\
         <pwg:ImagesCompleted>{pages}</pwg:ImagesCompleted><pwg:JobState>{state}</pwg:JobState></scan:JobInfo>"
    )
}
