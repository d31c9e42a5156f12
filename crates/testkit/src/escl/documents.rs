//! The protocol's XML: what the device tells about itself and what a client asks for. Pure.

use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::tray::{AdfState, Job, JobState};

/// Units of an inch that scan regions are counted in.
pub(super) const REGION_UNITS_PER_INCH: u32 = 300;
/// The glass and the feeder take A4 and a little more; 300ths of an inch.
const WIDTH_MAX: u32 = 2550;
const GLASS_HEIGHT_MAX: u32 = 3508;
const FEEDER_HEIGHT_MAX: u32 = 4200;
/// Resolutions offered, dots an inch.
const RESOLUTIONS_DPI: [u32; 6] = [75, 100, 150, 200, 300, 600];
/// Longest request text that is read.
const SETTINGS_BYTES_MAX: usize = 64 * 1024;

/// What a client asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ScanSettings {
    pub(super) from_feeder: bool,
    pub(super) colour: bool,
    pub(super) dpi: u32,
    /// Left, top, width, height in 300ths of an inch.
    pub(super) region: [u32; 4],
}

impl Default for ScanSettings {
    fn default() -> Self {
        Self {
            from_feeder: false,
            colour: true,
            dpi: 300,
            region: [0, 0, 2480, GLASS_HEIGHT_MAX],
        }
    }
}

/// Reads a `ScanSettings` document; unknown elements are passed over, as devices do. `None` when it is not XML, too
/// long, or asks for what the device cannot do.
pub(super) fn parse_scan_settings(text: &str) -> Option<ScanSettings> {
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
    let [_, _, width, height] = settings.region;
    let possible = RESOLUTIONS_DPI.contains(&settings.dpi) && width > 0 && height > 0;
    possible.then_some(settings)
}

fn take_value(settings: &mut ScanSettings, element: &str, value: &str) -> Option<()> {
    match element {
        "InputSource" => settings.from_feeder = value == "Feeder",
        "ColorMode" => settings.colour = value == "RGB24",
        "XResolution" => settings.dpi = value.parse().ok()?,
        "XOffset" => settings.region[0] = value.parse::<u32>().ok()?.min(WIDTH_MAX),
        "YOffset" => settings.region[1] = value.parse::<u32>().ok()?.min(FEEDER_HEIGHT_MAX),
        "Width" => settings.region[2] = value.parse::<u32>().ok()?.min(WIDTH_MAX),
        "Height" => settings.region[3] = value.parse::<u32>().ok()?.min(FEEDER_HEIGHT_MAX),
        _ => {}
    }
    Some(())
}

/// `ScannerCapabilities`: a colour device with a glass and a duplex feeder.
pub(super) fn capabilities() -> String {
    let glass = input_caps(GLASS_HEIGHT_MAX);
    let feeder = input_caps(FEEDER_HEIGHT_MAX);
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerCapabilities xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<pwg:Version>2.63</pwg:Version>
<pwg:MakeAndModel>One Window Virtual Scanner</pwg:MakeAndModel>
<pwg:ModelName>Virtual Scanner</pwg:ModelName>
<pwg:SerialNumber>OWVS0001</pwg:SerialNumber>
<scan:UUID>6f6e6577-696e-646f-7700-000000000001</scan:UUID>
<scan:Platen><scan:PlatenInputCaps>{glass}</scan:PlatenInputCaps></scan:Platen>
<scan:Adf><scan:AdfSimplexInputCaps>{feeder}</scan:AdfSimplexInputCaps><scan:AdfDuplexInputCaps>{feeder}</scan:AdfDuplexInputCaps><scan:FeederCapacity>50</scan:FeederCapacity><scan:AdfOptions><scan:AdfOption>DetectPaperLoaded</scan:AdfOption><scan:AdfOption>Duplex</scan:AdfOption></scan:AdfOptions></scan:Adf>
</scan:ScannerCapabilities>
"#
    )
}

fn input_caps(height_max: u32) -> String {
    let mut resolutions = String::new();
    for dpi in RESOLUTIONS_DPI {
        // Writing to a String cannot fail.
        let _ = write!(
            resolutions,
            "<scan:DiscreteResolution><scan:XResolution>{dpi}</scan:XResolution><scan:YResolution>{dpi}</scan:YResolution></scan:DiscreteResolution>"
        );
    }
    format!(
        "<scan:MinWidth>16</scan:MinWidth><scan:MaxWidth>{WIDTH_MAX}</scan:MaxWidth>\
         <scan:MinHeight>16</scan:MinHeight><scan:MaxHeight>{height_max}</scan:MaxHeight><scan:MaxScanRegions>1</scan:MaxScanRegions>\
         <scan:SettingProfiles><scan:SettingProfile>\
         <scan:ColorModes><scan:ColorMode>Grayscale8</scan:ColorMode><scan:ColorMode>RGB24</scan:ColorMode></scan:ColorModes>\
         <scan:DocumentFormats><pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat><scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt></scan:DocumentFormats>\
         <scan:SupportedResolutions><scan:DiscreteResolutions>{resolutions}</scan:DiscreteResolutions></scan:SupportedResolutions>\
         </scan:SettingProfile></scan:SettingProfiles>"
    )
}

/// `ScannerStatus`.
pub(super) fn status<'a>(working: bool, adf: AdfState, jobs: impl Iterator<Item = &'a Job>) -> String {
    let state = if working { "Processing" } else { "Idle" };
    let adf = match adf {
        AdfState::Loaded => "ScannerAdfLoaded",
        AdfState::Empty => "ScannerAdfEmpty",
        AdfState::Jam => "ScannerAdfJam",
        AdfState::DoubleFeed => "ScannerAdfMultipickDetected",
        AdfState::CoverOpen => "ScannerAdfDoorOpen",
    };
    let mut listed = String::new();
    for job in jobs {
        listed.push_str(&job_info(job));
    }
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerStatus xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<pwg:Version>2.63</pwg:Version>
<pwg:State>{state}</pwg:State>
<scan:AdfState>{adf}</scan:AdfState>
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
