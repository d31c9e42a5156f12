//! The protocol's XML. Names are compared without their prefix, since devices choose it freely; what is not known is passed over.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::capability::{DpiSpan, Resolutions};
use crate::profile::ColourMode;

/// Longest text read, bytes.
const TEXT_BYTES_MAX: usize = 512 * 1024;
/// Deepest nesting followed.
const DEPTH_MAX: usize = 40;
/// Values kept of one list.
const LIST_MAX: usize = 64;
/// Scan regions are counted in three-hundredths of an inch.
const UNITS_PER_MM: f64 = 300.0 / 25.4;

/// What a device says it can do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EsclCapabilities {
    /// Maker and model as one text.
    pub model: String,
    /// The glass.
    pub platen: Option<InputCaps>,
    /// The feeder, front sides.
    pub feeder: Option<InputCaps>,
    /// The feeder, both sides.
    pub duplex: Option<InputCaps>,
}

/// What one source can do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InputCaps {
    /// Widest area, three-hundredths of an inch; 0 when not told.
    pub width_max: u32,
    /// Longest area, three-hundredths of an inch; 0 when not told.
    pub height_max: u32,
    /// Colours.
    pub colours: Vec<ColourMode>,
    /// Resolutions.
    pub dpi: Resolutions,
}

impl InputCaps {
    /// Width and height in three-hundredths of an inch for an area in mm, cut down to what the source sees; `None` is all of it.
    pub fn region(&self, size_mm: Option<(f64, f64)>) -> (u32, u32) {
        let side = |wish_mm: Option<f64>, most: u32, usual_mm: f64| {
            let most = if most == 0 { (usual_mm * UNITS_PER_MM) as u32 } else { most };
            wish_mm.map_or(most, |mm| ((mm * UNITS_PER_MM).round().max(16.0) as u32).min(most))
        };
        (
            side(size_mm.map(|size| size.0), self.width_max, 215.9),
            side(size_mm.map(|size| size.1), self.height_max, 297.0),
        )
    }
}

/// How the feeder stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdfState {
    /// Sheets lie in it.
    Loaded,
    /// No sheet.
    Empty,
    /// A sheet is on its way.
    Processing,
    /// Paper jam.
    Jam,
    /// Two sheets at once.
    DoubleFeed,
    /// A cover or hatch is open.
    CoverOpen,
    /// Nothing told, or a word not known here.
    Unknown,
}

/// How a device stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EsclStatus {
    /// Its feeder.
    pub adf: AdfState,
    /// It says that it makes itself ready: warming up or calibrating.
    pub warming_up: bool,
    /// The jobs it lists.
    pub jobs: Vec<JobInfo>,
}

impl EsclStatus {
    /// A device that said nothing.
    pub const SILENT: Self = Self {
        adf: AdfState::Unknown,
        warming_up: false,
        jobs: Vec::new(),
    };
}

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Pages are still to come.
    Running,
    /// All pages were sent, or the job was given up.
    Over,
}

/// A job in the device's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobInfo {
    /// Its path.
    pub uri: String,
    /// How it stands.
    pub state: JobState,
}

/// What a device is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanRequest {
    /// The feeder, else the glass.
    pub feeder: bool,
    /// Both sides of a sheet.
    pub duplex: bool,
    /// Colour, else grey.
    pub colour: bool,
    /// Dots an inch.
    pub dpi: u32,
    /// Width and height in three-hundredths of an inch.
    pub region: (u32, u32),
}

impl ScanRequest {
    /// The `ScanSettings` document.
    pub fn to_xml(self) -> String {
        let Self {
            dpi, region: (width, height), ..
        } = self;
        let source = if self.feeder { "Feeder" } else { "Platen" };
        let duplex = if self.feeder {
            format!("<scan:Duplex>{}</scan:Duplex>", self.duplex)
        } else {
            String::new()
        };
        let colour = if self.colour { "RGB24" } else { "Grayscale8" };
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<scan:ScanSettings xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03" xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<pwg:Version>2.0</pwg:Version>
<scan:Intent>Document</scan:Intent>
<pwg:ScanRegions><pwg:ScanRegion><pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits><pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset><pwg:Width>{width}</pwg:Width><pwg:Height>{height}</pwg:Height></pwg:ScanRegion></pwg:ScanRegions>
<pwg:InputSource>{source}</pwg:InputSource>{duplex}
<scan:ColorMode>{colour}</scan:ColorMode>
<scan:XResolution>{dpi}</scan:XResolution><scan:YResolution>{dpi}</scan:YResolution>
<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat><scan:DocumentFormatExt>image/jpeg</scan:DocumentFormatExt>
</scan:ScanSettings>
"#
        )
    }
}

/// Reads `ScannerCapabilities`; `None` when it is not such a document or names no source.
pub fn read_capabilities(text: &str) -> Option<EsclCapabilities> {
    let mut can = EsclCapabilities::default();
    let mut says_duplex = false;
    walk(text, |path, value| match path.last().map(String::as_str) {
        Some("AdfOption") if value == "Duplex" => says_duplex = true,
        Some("MakeAndModel") => can.model = value.chars().filter(|c| !c.is_control()).take(120).collect(),
        Some(name) => {
            if let Some(caps) = source_of(&mut can, path) {
                take_cap(caps, path, name, value);
            }
        }
        None => {}
    })?;
    // Some devices say in one word that they turn sheets, or tell the feeder once, with both sides.
    if can.duplex.is_none() && says_duplex {
        can.duplex.clone_from(&can.feeder);
    } else if can.feeder.is_none() {
        can.feeder.clone_from(&can.duplex);
    }
    (can.platen.is_some() || can.feeder.is_some()).then_some(can)
}

fn source_of<'can>(can: &'can mut EsclCapabilities, path: &[String]) -> Option<&'can mut InputCaps> {
    let within = |name: &str| path.iter().any(|step| step == name);
    let slot = match () {
        () if within("PlatenInputCaps") => &mut can.platen,
        () if within("AdfSimplexInputCaps") => &mut can.feeder,
        () if within("AdfDuplexInputCaps") => &mut can.duplex,
        () => return None,
    };
    Some(slot.get_or_insert_with(InputCaps::default))
}

fn take_cap(caps: &mut InputCaps, path: &[String], name: &str, value: &str) {
    let number = || value.parse::<u32>().ok().filter(|n| *n <= 100_000);
    let in_range = path.iter().any(|step| step == "XResolutionRange");
    match name {
        "MaxWidth" => caps.width_max = number().unwrap_or(0),
        "MaxHeight" => caps.height_max = number().unwrap_or(0),
        "ColorMode" => {
            let colour = match value {
                "RGB24" | "RGB48" => Some(ColourMode::Colour),
                "Grayscale8" | "Grayscale16" => Some(ColourMode::Gray),
                "BlackAndWhite1" => Some(ColourMode::Lineart),
                _ => None,
            };
            caps.colours.extend(colour.filter(|colour| !caps.colours.contains(colour)));
        }
        "XResolution" => {
            let listed = &mut caps.dpi.listed;
            if let Some(dpi) = number().filter(|dpi| *dpi > 0 && listed.len() < LIST_MAX && !listed.contains(dpi)) {
                listed.push(dpi);
            }
        }
        "Min" | "Max" | "Step" if in_range => {
            if let Some(number) = number() {
                take_span(&mut caps.dpi.span, name, number);
            }
        }
        _ => {}
    }
}

/// A span that tells one end only is that one value.
fn take_span(span: &mut Option<DpiSpan>, name: &str, number: u32) {
    match (name, span) {
        ("Min", Some(span)) => span.low = number,
        ("Max", Some(span)) => span.high = number,
        ("Min" | "Max", span) => {
            *span = Some(DpiSpan {
                low: number,
                high: number,
                step: 0,
            });
        }
        (_, Some(span)) => span.step = number,
        (_, None) => {}
    }
}

/// Reads `ScannerStatus`. What can not be read was not said.
pub fn read_status(text: &str) -> EsclStatus {
    let mut status = EsclStatus::SILENT;
    let mut uri = String::new();
    // A text cut off half way has told what it told.
    let _ = walk(text, |path, value| match path.last().map(String::as_str) {
        Some("AdfState") => status.adf = adf_state(value),
        // By the protocol a device that calibrates or prepares itself is in this state; some give the reason as well.
        Some("State") => status.warming_up |= value == "Testing",
        Some("StateReason" | "StateReasons") => status.warming_up |= value.to_ascii_lowercase().contains("warm"),
        Some("JobUri") => uri = value.to_owned(),
        Some("JobState") if status.jobs.len() < LIST_MAX => status.jobs.push(JobInfo {
            uri: std::mem::take(&mut uri),
            state: match value {
                "Pending" | "Processing" => JobState::Running,
                _ => JobState::Over,
            },
        }),
        _ => {}
    });
    status
}

fn adf_state(value: &str) -> AdfState {
    match value.strip_prefix("ScannerAdf").unwrap_or(value) {
        "Loaded" => AdfState::Loaded,
        "Empty" => AdfState::Empty,
        "Processing" => AdfState::Processing,
        "Jam" | "Mispick" => AdfState::Jam,
        "MultipickDetected" => AdfState::DoubleFeed,
        "DoorOpen" | "HatchOpen" | "CoverOpen" => AdfState::CoverOpen,
        _ => AdfState::Unknown,
    }
}

/// Calls `take` with the path of every element that holds text; `None` when the text is too long, too deep or not XML.
fn walk(text: &str, mut take: impl FnMut(&[String], &str)) -> Option<()> {
    if text.len() > TEXT_BYTES_MAX {
        return None;
    }
    let mut reader = Reader::from_str(text);
    let mut path: Vec<String> = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                if path.len() >= DEPTH_MAX {
                    return None;
                }
                let name = start.local_name();
                let name: &str = name.as_ref();
                path.push(name.chars().take(60).collect());
            }
            Event::Text(value) => {
                let value: &str = value.as_ref();
                if !value.trim().is_empty() {
                    take(&path, value.trim());
                }
            }
            Event::End(_) => {
                path.pop();
            }
            Event::Eof => return Some(()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DEVICE: &str = r#"<scan:ScannerCapabilities xmlns:scan="a" xmlns:pwg="b"><pwg:MakeAndModel>Maker 7</pwg:MakeAndModel>
<scan:Platen><scan:PlatenInputCaps><scan:MaxWidth>2550</scan:MaxWidth><scan:MaxHeight>3508</scan:MaxHeight><scan:SettingProfiles><scan:SettingProfile>
<scan:ColorModes><scan:ColorMode>RGB24</scan:ColorMode><scan:ColorMode>Grayscale8</scan:ColorMode></scan:ColorModes>
<scan:SupportedResolutions><scan:ResolutionRange><scan:XResolutionRange><scan:Min>75</scan:Min><scan:Max>600</scan:Max></scan:XResolutionRange></scan:ResolutionRange></scan:SupportedResolutions>
</scan:SettingProfile></scan:SettingProfiles></scan:PlatenInputCaps></scan:Platen>
<scan:Adf><scan:AdfSimplexInputCaps><scan:MaxWidth>2550</scan:MaxWidth><scan:MaxHeight>4200</scan:MaxHeight>
<scan:XResolution>100</scan:XResolution><scan:XResolution>200</scan:XResolution></scan:AdfSimplexInputCaps></scan:Adf></scan:ScannerCapabilities>"#;

    #[test]
    fn a_device_tells_its_sources() {
        let can = read_capabilities(DEVICE).expect("a device");
        assert_eq!((can.model.as_str(), can.duplex.is_some()), ("Maker 7", false));
        let platen = can.platen.expect("a glass");
        assert_eq!((platen.dpi.serving(300), platen.dpi.serving(1200)), (300, 600));
        assert_eq!(platen.colours, [ColourMode::Colour, ColourMode::Gray]);
        assert_eq!(platen.region(Some((210.0, 297.0))), (2480, 3508));
        assert_eq!(platen.region(None), (2550, 3508));
        assert_eq!(can.feeder.expect("a feeder").dpi.serving(300), 200);
        assert_eq!(read_capabilities("<a><b>c</b></a>"), None);
    }

    #[test]
    fn both_sides_are_told_in_more_than_one_way() {
        let check = |adf: &str, sources: (bool, bool)| {
            let text = format!("<c><Adf>{adf}</Adf></c>");
            let can = read_capabilities(&text).expect("a device");
            assert_eq!((can.feeder.is_some(), can.duplex.is_some()), sources, "{adf}");
        };
        let simplex = "<AdfSimplexInputCaps><MaxWidth>2550</MaxWidth></AdfSimplexInputCaps>";
        check(simplex, (true, false));
        check(&format!("{simplex}<AdfOptions><AdfOption>Duplex</AdfOption></AdfOptions>"), (true, true));
        check("<AdfDuplexInputCaps><MaxWidth>2550</MaxWidth></AdfDuplexInputCaps>", (true, true));
    }

    #[test]
    fn a_span_of_resolutions_is_read_with_its_step() {
        let check = |range: &str, span| {
            let text = format!("<c><PlatenInputCaps><MaxWidth>9</MaxWidth><XResolutionRange>{range}</XResolutionRange></PlatenInputCaps></c>");
            assert_eq!(read_capabilities(&text).and_then(|can| can.platen?.dpi.span), span, "{range}");
        };
        let span = |low, high, step| Some(DpiSpan { low, high, step });
        check("<Min>75</Min><Max>600</Max><Step>25</Step>", span(75, 600, 25));
        check("<Max>600</Max><Min>75</Min>", span(75, 600, 0));
        check("<Min>300</Min>", span(300, 300, 0));
        check("<Step>25</Step>", None);
    }

    #[test]
    fn a_status_tells_feeder_and_jobs() {
        let text = "<s:ScannerStatus><p:State>Idle</p:State><s:AdfState>ScannerAdfJam</s:AdfState><s:Jobs><s:JobInfo><p:JobUri>/eSCL/ScanJobs/4</p:JobUri><p:JobState>Processing</p:JobState></s:JobInfo></s:Jobs></s:ScannerStatus>";
        let EsclStatus { adf, warming_up, jobs } = read_status(text);
        assert_eq!((adf, warming_up), (AdfState::Jam, false));
        assert_eq!((jobs[0].uri.as_str(), jobs[0].state), ("/eSCL/ScanJobs/4", JobState::Running));
        assert_eq!(read_status("<AdfState>ScannerAdfMultipickDetected</AdfState>").adf, AdfState::DoubleFeed);
        assert_eq!(read_status("nonsense"), EsclStatus::SILENT);
        assert!(read_status("<s:Status><p:State>Testing</p:State></s:Status>").warming_up);
        let reason = "<s:Status><p:State>Stopped</p:State><p:StateReasons><p:StateReason>LampWarming</p:StateReason></p:StateReasons></s:Status>";
        assert!(read_status(reason).warming_up);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(<[a-zA-Z:/ ]{0,12}>|[0-9A-Za-z<>&;]{0,6}){0,60}") {
            let _ = read_capabilities(&text);
            let _ = read_status(&text);
        }
    }
}
