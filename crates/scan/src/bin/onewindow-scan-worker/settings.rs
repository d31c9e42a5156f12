//! From a profile to a driver's options. Drivers agree on the names of options (the standard's "well-known options")
//! but not on their values; the words known here come from drivers' own lists. Options keep their values from one use
//! to the next, so everything that matters is set every time.

use onewindow_scan::{Capabilities, ColourMode, DpiSpan, PaperSize, Profile, Resolutions, Source, SourceCapabilities};

use crate::sane::{Constraint, Device, DeviceOption, ValueKind};
use crate::status::{self, Status};

/// How an option says that both sides are wanted: a switch, a word.
const SIDES_BOTH: [&str; 2] = ["yes", "Duplex"];

/// A paper source as the driver names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PaperSource {
    /// The driver's name; `None` when it offers no choice.
    pub(crate) name: Option<String>,
    /// It takes sheet after sheet.
    pub(crate) feeds: bool,
    /// Name and value of the option that tells one side or both, where the source's name does not.
    pub(crate) sides: Option<(String, &'static str)>,
}

/// The sources to try for a profile, in order: for `Auto` the feeder, then the glass. Empty when the driver does not
/// have the one asked for.
pub(crate) fn sources_for(options: &[DeviceOption], wanted: Source) -> Vec<PaperSource> {
    match wanted {
        Source::Auto => {
            let feeder = source(options, Source::Feeder).or_else(|| source(options, Source::FeederDuplex));
            feeder.into_iter().chain(source(options, Source::Flatbed)).collect()
        }
        Source::Flatbed | Source::Feeder | Source::FeederDuplex => source(options, wanted).into_iter().collect(),
    }
}

/// How the driver is told to take paper from one source; `None` when the device does not have it.
fn source(options: &[DeviceOption], wanted: Source) -> Option<PaperSource> {
    let names = texts(options, "source");
    let named = |meant: Source| names.iter().find(|name| source_of(name) == Some(meant)).cloned();
    let feeds = wanted != Source::Flatbed;
    let own = named(wanted);
    // Both sides may be an option beside the feeder, or beside the only source of a device that draws sheets through.
    let (name, sides) = match (wanted, own) {
        (Source::FeederDuplex, Some(own)) => (Some(own), None),
        (Source::FeederDuplex, None) => (named(Source::Feeder), Some(sides(options, true)?)),
        (Source::Feeder, own) => (own, sides(options, false)),
        (Source::Auto | Source::Flatbed, own) => (own, None),
    };
    let exists = name.is_some() || (names.is_empty() && draws_sheets(options) == feeds);
    exists.then_some(PaperSource { name, feeds, sides })
}

/// Name and value of the option that tells how many sides of a sheet to take.
fn sides(options: &[DeviceOption], both: bool) -> Option<(String, &'static str)> {
    if let Some(flag) = find(options, "duplex").filter(|option| option.kind == ValueKind::Bool) {
        return Some((flag.name.clone(), if both { SIDES_BOTH[0] } else { "no" }));
    }
    let modes = texts(options, "adf-mode");
    let wanted = if both { SIDES_BOTH[1] } else { "Simplex" };
    modes.iter().any(|mode| mode == wanted).then(|| ("adf-mode".to_owned(), wanted))
}

/// Whether a device that offers no choice of sources draws sheets through: it has means that only such devices have.
fn draws_sheets(options: &[DeviceOption]) -> bool {
    const MEANS: [&str; 7] = ["page-loaded", "paper-loaded", "adf-mode", "duplex", "eject", "load", "double-feed"];
    options.iter().any(|option| option.active && MEANS.contains(&option.name.as_str()))
}

/// Which source a driver's word means.
fn source_of(name: &str) -> Option<Source> {
    let name = name.to_ascii_lowercase();
    let feeder = name.contains("adf") || name.contains("feed");
    let both = name.contains("duplex") || name.contains("both");
    match () {
        () if name.contains("transparen") || name.contains("negative") || name.contains("back") => None,
        () if both => Some(Source::FeederDuplex),
        () if feeder => Some(Source::Feeder),
        () if name.contains("flatbed") || name.contains("platen") || name == "normal" => Some(Source::Flatbed),
        () => None,
    }
}

fn colour_of(name: &str) -> Option<ColourMode> {
    let name = name.to_ascii_lowercase();
    match () {
        () if name.contains("halftone") => None,
        () if name.contains("lineart") || name.contains("binary") || name.contains("black") => Some(ColourMode::Lineart),
        () if name.contains("gray") || name.contains("grey") => Some(ColourMode::Gray),
        () if name.contains("color") || name.contains("colour") => Some(ColourMode::Colour),
        () => None,
    }
}

/// Sets everything a profile says, then the further options by name. Returns the resolution in effect; 0 when the
/// driver does not tell.
pub(crate) fn apply(device: &mut Device, profile: &Profile, source: &PaperSource, further: &[(String, String)]) -> Result<u32, Status> {
    choose(device, source)?;
    // A preview is a fast scan at low quality; some drivers leave it on.
    set_number(device, "preview", 0.0)?;
    set_colour(device, profile.colour)?;
    let able = look_up(device, "resolution").map(|option| resolutions(&option.constraint));
    let dpi = able.map_or(profile.dpi, |able| able.serving(profile.dpi));
    set_number(device, "resolution", f64::from(dpi))?;
    set_area(device, profile.paper, dpi)?;
    for (name, value) in further {
        set_by_words(device, name, value)?;
    }
    let dpi = look_up(device, "resolution").and_then(|option| device.find_number(&option));
    Ok(dpi.filter(|dpi| (1.0..=10_000.0).contains(dpi)).map_or(0, |dpi| dpi.round() as u32))
}

/// Tells the driver where the paper lies. What else can be set depends on it, so this comes first.
fn choose(device: &mut Device, source: &PaperSource) -> Result<(), Status> {
    if let Some(name) = &source.name {
        set_text(device, "source", name)?;
    }
    match &source.sides {
        // Drivers may switch the option off where there is no choice; then there is one side only.
        Some((option, value)) if SIDES_BOTH.contains(value) || look_up(device, option).is_some_and(|option| option.settable) => {
            set_by_words(device, option, value)
        }
        Some(_) | None => Ok(()),
    }
}

fn set_colour(device: &mut Device, wanted: ColourMode) -> Result<(), Status> {
    let mut through_depth = false;
    let names = texts(&device.options(), "mode");
    if !names.is_empty() {
        let (name, of_depth) = pick_mode(&names, wanted).ok_or(status::INVALID)?;
        through_depth = of_depth;
        set_text(device, "mode", name)?;
    }
    // Drivers without black and white of their own often have gray with one bit.
    set_number(device, "depth", if through_depth { 1.0 } else { 8.0 })
}

/// The driver's word for a colour mode, else for the nearest it has; and whether one bit of grey makes black and white.
fn pick_mode(names: &[String], wanted: ColourMode) -> Option<(&str, bool)> {
    let named = |mode| names.iter().find(|name| colour_of(name) == Some(mode)).map(String::as_str);
    let (next, last) = match wanted {
        ColourMode::Colour | ColourMode::Lineart => (ColourMode::Gray, ColourMode::Lineart),
        ColourMode::Gray => (ColourMode::Colour, ColourMode::Lineart),
    };
    let exact = named(wanted).map(|name| (name, false));
    let nearest = || named(next).map(|name| (name, wanted == ColourMode::Lineart));
    exact.or_else(nearest).or_else(|| named(last).map(|name| (name, false)))
}

fn set_area(device: &mut Device, paper: PaperSize, dpi: u32) -> Result<(), Status> {
    let whole = (f64::from(u16::MAX), f64::from(u16::MAX));
    let (width_mm, height_mm) = paper.size_mm().unwrap_or(whole);
    let wishes = [("tl-x", 0.0), ("tl-y", 0.0), ("br-x", width_mm), ("br-y", height_mm)];
    for (name, wish_mm) in wishes {
        let Some(option) = look_up(device, name) else { continue };
        let wish = if option.in_pixels { wish_mm / 25.4 * f64::from(dpi) } else { wish_mm };
        set_number(device, name, wish)?;
    }
    Ok(())
}

/// Sets a number where the driver has such an option and lets it be set: the nearest value it takes.
fn set_number(device: &mut Device, name: &str, wish: f64) -> Result<(), Status> {
    let Some(option) = look_up(device, name).filter(|option| option.settable) else {
        return Ok(());
    };
    device.set_number(&option, nearest(&option.constraint, wish))
}

fn set_text(device: &mut Device, name: &str, text: &str) -> Result<(), Status> {
    let Some(option) = look_up(device, name).filter(|option| option.settable) else {
        return Ok(());
    };
    device.set_text(&option, text)
}

/// Sets an option by a text an installer wrote; unlike the profile's, it must exist.
fn set_by_words(device: &mut Device, name: &str, value: &str) -> Result<(), Status> {
    let option = look_up(device, name).filter(|option| option.settable).ok_or(status::INVALID)?;
    match option.kind {
        ValueKind::Text => device.set_text(&option, value),
        ValueKind::Bool => device.set_number(&option, if matches!(value, "yes" | "true" | "1") { 1.0 } else { 0.0 }),
        ValueKind::Int | ValueKind::Fixed => {
            let number: f64 = value.parse().map_err(|_| status::INVALID)?;
            device.set_number(&option, number)
        }
        ValueKind::Other => Err(status::INVALID),
    }
}

fn nearest(constraint: &Constraint, wish: f64) -> f64 {
    match constraint {
        Constraint::Range { min, max, .. } if min <= max => wish.clamp(*min, *max),
        Constraint::Words(words) => {
            let closer = |a: &&f64, b: &&f64| (*a - wish).abs().total_cmp(&(*b - wish).abs());
            words.iter().min_by(closer).copied().unwrap_or(wish)
        }
        Constraint::Range { .. } | Constraint::None | Constraint::Texts(_) => wish,
    }
}

/// The option as it is now.
fn look_up(device: &Device, name: &str) -> Option<DeviceOption> {
    device.options().into_iter().find(|option| option.name == name)
}

fn find<'all>(options: &'all [DeviceOption], name: &str) -> Option<&'all DeviceOption> {
    options.iter().find(|option| option.name == name)
}

/// The values of an option that takes one of some words.
fn texts(options: &[DeviceOption], name: &str) -> Vec<String> {
    match find(options, name).map(|option| &option.constraint) {
        Some(Constraint::Texts(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

fn resolutions(constraint: &Constraint) -> Resolutions {
    match constraint {
        Constraint::Words(words) => Resolutions {
            listed: words.iter().map(|word| word.round() as u32).collect(),
            span: None,
        },
        Constraint::Range { min, max, quant } => Resolutions {
            listed: Vec::new(),
            span: Some(DpiSpan {
                low: min.ceil() as u32,
                high: max.floor() as u32,
                step: quant.round() as u32,
            }),
        },
        Constraint::None | Constraint::Texts(_) => Resolutions::default(),
    }
}

/// Whether the device's own sensor says that two sheets went in (only some drivers have it).
pub(crate) fn sees_double_feed(device: &Device) -> bool {
    let sensor = look_up(device, "double-feed").filter(|option| option.kind == ValueKind::Bool);
    sensor.and_then(|option| device.find_number(&option)).is_some_and(|value| value != 0.0)
}

/// What the open device can do: each source is chosen in turn, because the other options follow it.
pub(crate) fn capabilities(device: &mut Device) -> Capabilities {
    let mut sources = Vec::new();
    for wanted in [Source::Flatbed, Source::Feeder, Source::FeederDuplex] {
        let Some(paper) = source(&device.options(), wanted) else { continue };
        // A source that can not even be chosen is none.
        if choose(device, &paper).is_ok() {
            sources.push(able(&device.options(), wanted));
        }
    }
    Capabilities { sources }
}

/// What the source that is chosen can do.
fn able(options: &[DeviceOption], source: Source) -> SourceCapabilities {
    let far_end = |name| match find(options, name) {
        Some(DeviceOption {
            constraint: Constraint::Range { max, .. },
            in_pixels: false,
            ..
        }) => Some(*max),
        _ => None,
    };
    let mut colours: Vec<ColourMode> = Vec::new();
    for mode in texts(options, "mode").iter().filter_map(|name| colour_of(name)) {
        if !colours.contains(&mode) {
            colours.push(mode);
        }
    }
    SourceCapabilities {
        source,
        colours,
        dpi: find(options, "resolution").map(|option| resolutions(&option.constraint)).unwrap_or_default(),
        area_max_mm: far_end("br-x").zip(far_end("br-y")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn option(name: &str, kind: ValueKind, constraint: Constraint) -> DeviceOption {
        DeviceOption {
            name: name.to_owned(),
            kind,
            in_pixels: false,
            active: true,
            settable: true,
            constraint,
            index: 1,
            size: 4,
        }
    }

    fn words(name: &str, words: &[&str]) -> DeviceOption {
        let words = words.iter().map(ToString::to_string).collect();
        option(name, ValueKind::Text, Constraint::Texts(words))
    }

    fn told(options: &[DeviceOption], wanted: Source) -> Vec<String> {
        let told = |source: PaperSource| {
            let sides = source.sides.map(|(option, value)| format!(" {option}={value}")).unwrap_or_default();
            format!("{}{sides}", source.name.unwrap_or_default())
        };
        sources_for(options, wanted).into_iter().map(told).collect()
    }

    #[test]
    fn sources_are_found_in_the_words_of_drivers() {
        let check = |names: &[&str], wanted, expected: &[&str]| assert_eq!(told(&[words("source", names)], wanted), expected, "{names:?} {wanted:?}");
        let airscan = ["Flatbed", "ADF", "ADF Duplex"];
        check(&airscan, Source::Auto, &["ADF", "Flatbed"]);
        check(&airscan, Source::FeederDuplex, &["ADF Duplex"]);
        let test = ["Flatbed", "Automatic Document Feeder"];
        check(&test, Source::Auto, &["Automatic Document Feeder", "Flatbed"]);
        check(&test, Source::FeederDuplex, &[]);
        check(&["ADF Front", "ADF Back", "ADF Duplex"], Source::Feeder, &["ADF Front"]);
        check(&["Flatbed", "Transparency Adapter"], Source::Auto, &["Flatbed"]);
        check(&["Flatbed"], Source::Feeder, &[]);
    }

    #[test]
    fn both_sides_may_be_an_option_of_their_own() {
        let source = || words("source", &["Flatbed", "Automatic Document Feeder"]);
        let mode = [source(), words("adf-mode", &["Simplex", "Duplex"])];
        let flag = [source(), option("duplex", ValueKind::Bool, Constraint::None)];
        let check = |options: &[DeviceOption], wanted, expected: &[&str]| assert_eq!(told(options, wanted), expected, "{wanted:?}");
        check(&mode, Source::FeederDuplex, &["Automatic Document Feeder adf-mode=Duplex"]);
        check(&mode, Source::Feeder, &["Automatic Document Feeder adf-mode=Simplex"]);
        check(&mode, Source::Flatbed, &["Flatbed"]);
        check(&flag, Source::FeederDuplex, &["Automatic Document Feeder duplex=yes"]);
        check(&flag, Source::Auto, &["Automatic Document Feeder duplex=no", "Flatbed"]);
    }

    #[test]
    fn a_device_without_a_choice_is_glass_unless_it_has_what_only_feeders_have() {
        let glass = [words("mode", &["Gray", "Color"])];
        let sheets = [option("page-loaded", ValueKind::Bool, Constraint::None)];
        let check = |options: &[DeviceOption], wanted, many| assert_eq!(told(options, wanted).len(), many, "{wanted:?}");
        check(&glass, Source::Auto, 1);
        check(&glass, Source::Flatbed, 1);
        check(&glass, Source::Feeder, 0);
        check(&glass, Source::FeederDuplex, 0);
        check(&sheets, Source::Feeder, 1);
        check(&sheets, Source::Flatbed, 0);
        check(&sheets, Source::FeederDuplex, 0);
        assert!(sources_for(&sheets, Source::Auto)[0].feeds && !sources_for(&glass, Source::Auto)[0].feeds);
        let mut switched_off = sheets[0].clone();
        switched_off.active = false;
        assert_eq!(told(&[switched_off], Source::Feeder).len(), 0, "a sensor that is switched off tells nothing");
    }

    #[test]
    fn a_source_without_the_colour_records_the_nearest() {
        let check = |names: &[&str], wanted, expected| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            assert_eq!(pick_mode(&names, wanted), expected, "{names:?} {wanted:?}");
        };
        check(&["Lineart", "Gray", "Color"], ColourMode::Colour, Some(("Color", false)));
        check(&["Lineart", "Gray"], ColourMode::Colour, Some(("Gray", false)));
        check(&["Gray", "Color"], ColourMode::Lineart, Some(("Gray", true)));
        check(&["Color"], ColourMode::Gray, Some(("Color", false)));
        check(&["Halftone"], ColourMode::Gray, None);
    }

    #[test]
    fn colours_are_found_in_the_words_of_drivers() {
        let check = |name, colour| assert_eq!(colour_of(name), colour, "{name}");
        check("24bit Color", Some(ColourMode::Colour));
        check("True Gray", Some(ColourMode::Gray));
        check("Black & White", Some(ColourMode::Lineart));
        check("Halftone", None);
    }

    #[test]
    fn the_nearest_value_is_taken() {
        let words = Constraint::Words(vec![75.0, 150.0, 300.0]);
        assert_eq!(nearest(&words, 200.0), 150.0);
        assert_eq!(
            nearest(
                &Constraint::Range {
                    min: 50.0,
                    max: 600.0,
                    quant: 1.0
                },
                1200.0
            ),
            600.0
        );
        assert_eq!(nearest(&Constraint::None, 42.0), 42.0);
    }
}
