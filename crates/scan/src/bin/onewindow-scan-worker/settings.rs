//! From a profile to a driver's options. Drivers agree on the names of options (the standard's "well-known options")
//! but not on their values; the words known here come from drivers' own lists. Options keep their values from one use
//! to the next, so everything that matters is set every time.

use onewindow_scan::{Capabilities, ColourMode, PaperSize, Profile, Source};

use crate::sane::{Constraint, Device, DeviceOption, STATUS_INVALID, Status, ValueKind};

/// A paper source as the driver names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PaperSource {
    /// The driver's name; `None` when it offers no choice.
    pub(crate) name: Option<String>,
    /// It takes sheet after sheet.
    pub(crate) feeds: bool,
}

/// The sources to try for a profile, in order: for `Auto` the feeder, then the glass. Empty when the driver does not
/// have the one asked for.
pub(crate) fn sources_for(device: &Device, wanted: Source) -> Vec<PaperSource> {
    let names = match find(device, "source") {
        Some(DeviceOption {
            constraint: Constraint::Texts(names),
            ..
        }) => names,
        _ => {
            return vec![PaperSource {
                name: None,
                feeds: matches!(wanted, Source::Feeder | Source::FeederDuplex),
            }];
        }
    };
    pick_sources(&names, wanted)
}

fn pick_sources(names: &[String], wanted: Source) -> Vec<PaperSource> {
    let find = |source| names.iter().find(|name| source_of(name) == Some(source));
    let picked = |source: Source| {
        let feeds = source != Source::Flatbed;
        find(source).map(|name| PaperSource {
            name: Some(name.clone()),
            feeds,
        })
    };
    match wanted {
        Source::Auto => {
            let feeder = picked(Source::Feeder).or_else(|| picked(Source::FeederDuplex));
            feeder.into_iter().chain(picked(Source::Flatbed)).collect()
        }
        Source::Flatbed | Source::Feeder | Source::FeederDuplex => picked(wanted).into_iter().collect(),
    }
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
    if let Some(name) = &source.name {
        set_text(device, "source", name)?;
    }
    // A preview is a fast scan at low quality; some drivers leave it on.
    set_number(device, "preview", 0.0)?;
    set_colour(device, profile.colour)?;
    set_number(device, "resolution", f64::from(profile.dpi))?;
    set_area(device, profile.paper, profile.dpi)?;
    for (name, value) in further {
        set_by_words(device, name, value)?;
    }
    let dpi = find(device, "resolution").and_then(|option| device.find_number(&option));
    Ok(dpi.filter(|dpi| (1.0..=10_000.0).contains(dpi)).map_or(0, |dpi| dpi.round() as u32))
}

fn set_colour(device: &mut Device, wanted: ColourMode) -> Result<(), Status> {
    let mut through_depth = false;
    if let Some(DeviceOption {
        constraint: Constraint::Texts(names),
        ..
    }) = find(device, "mode")
    {
        let exact = names.iter().find(|name| colour_of(name) == Some(wanted));
        through_depth = exact.is_none() && wanted == ColourMode::Lineart;
        let gray = || names.iter().find(|name| colour_of(name) == Some(ColourMode::Gray));
        let name = exact.or_else(|| gray().filter(|_| through_depth)).ok_or(STATUS_INVALID)?;
        set_text(device, "mode", name)?;
    }
    // Drivers without black and white of their own often have gray with one bit.
    set_number(device, "depth", if through_depth { 1.0 } else { 8.0 })
}

fn set_area(device: &mut Device, paper: PaperSize, dpi: u32) -> Result<(), Status> {
    let whole = (f64::from(u16::MAX), f64::from(u16::MAX));
    let (width_mm, height_mm) = paper.size_mm().unwrap_or(whole);
    let wishes = [("tl-x", 0.0), ("tl-y", 0.0), ("br-x", width_mm), ("br-y", height_mm)];
    for (name, wish_mm) in wishes {
        let Some(option) = find(device, name) else { continue };
        let wish = if option.in_pixels { wish_mm / 25.4 * f64::from(dpi) } else { wish_mm };
        set_number(device, name, wish)?;
    }
    Ok(())
}

/// Sets a number where the driver has such an option and lets it be set: the nearest value it takes.
fn set_number(device: &mut Device, name: &str, wish: f64) -> Result<(), Status> {
    let Some(option) = find(device, name).filter(|option| option.settable) else {
        return Ok(());
    };
    device.set_number(&option, nearest(&option.constraint, wish))
}

fn set_text(device: &mut Device, name: &str, text: &str) -> Result<(), Status> {
    let Some(option) = find(device, name).filter(|option| option.settable) else {
        return Ok(());
    };
    device.set_text(&option, text)
}

/// Sets an option by a text an installer wrote; unlike the profile's, it must exist.
fn set_by_words(device: &mut Device, name: &str, value: &str) -> Result<(), Status> {
    let option = find(device, name).filter(|option| option.settable).ok_or(STATUS_INVALID)?;
    match option.kind {
        ValueKind::Text => device.set_text(&option, value),
        ValueKind::Bool => device.set_number(&option, if matches!(value, "yes" | "true" | "1") { 1.0 } else { 0.0 }),
        ValueKind::Int | ValueKind::Fixed => {
            let number: f64 = value.parse().map_err(|_| STATUS_INVALID)?;
            device.set_number(&option, number)
        }
        ValueKind::Other => Err(STATUS_INVALID),
    }
}

fn nearest(constraint: &Constraint, wish: f64) -> f64 {
    match constraint {
        Constraint::Range { min, max } if min <= max => wish.clamp(*min, *max),
        Constraint::Words(words) => {
            let closer = |a: &&f64, b: &&f64| (*a - wish).abs().total_cmp(&(*b - wish).abs());
            words.iter().min_by(closer).copied().unwrap_or(wish)
        }
        Constraint::Range { .. } | Constraint::None | Constraint::Texts(_) => wish,
    }
}

fn find(device: &Device, name: &str) -> Option<DeviceOption> {
    device.options().into_iter().find(|option| option.name == name)
}

/// Whether the device's own sensor says that two sheets went in (only some drivers have it).
pub(crate) fn sees_double_feed(device: &Device) -> bool {
    let sensor = find(device, "double-feed").filter(|option| option.kind == ValueKind::Bool);
    sensor.and_then(|option| device.find_number(&option)).is_some_and(|value| value != 0.0)
}

/// What the open device can do.
pub(crate) fn capabilities(device: &Device) -> Capabilities {
    let texts = |name| match find(device, name).map(|option| option.constraint) {
        Some(Constraint::Texts(texts)) => texts,
        _ => Vec::new(),
    };
    let (dpi, dpi_range) = match find(device, "resolution").map(|option| option.constraint) {
        Some(Constraint::Words(words)) => (words.iter().map(|word| *word as u32).collect(), None),
        Some(Constraint::Range { min, max }) => (Vec::new(), Some((min as u32, max as u32))),
        _ => (Vec::new(), None),
    };
    let far_end = |name| match find(device, name) {
        Some(DeviceOption {
            constraint: Constraint::Range { max, .. },
            in_pixels: false,
            ..
        }) => Some(max),
        _ => None,
    };
    Capabilities {
        sources: texts("source").iter().filter_map(|name| source_of(name)).collect(),
        colours: texts("mode").iter().filter_map(|name| colour_of(name)).collect(),
        dpi,
        dpi_range,
        area_max_mm: far_end("br-x").zip(far_end("br-y")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_found_in_the_words_of_drivers() {
        let check = |names: &[&str], wanted, expected: &[&str]| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            let picked = pick_sources(&names, wanted);
            let picked: Vec<&str> = picked.iter().filter_map(|source| source.name.as_deref()).collect();
            assert_eq!(picked, expected, "{names:?} {wanted:?}");
        };
        let airscan = ["Flatbed", "ADF", "ADF Duplex"];
        check(&airscan, Source::Auto, &["ADF", "Flatbed"]);
        check(&airscan, Source::FeederDuplex, &["ADF Duplex"]);
        let test = ["Flatbed", "Automatic Document Feeder"];
        check(&test, Source::Auto, &["Automatic Document Feeder", "Flatbed"]);
        check(&test, Source::FeederDuplex, &[]);
        check(&["ADF Front", "ADF Back", "ADF Duplex"], Source::Feeder, &["ADF Front"]);
        check(&["Flatbed", "Transparency Adapter"], Source::Auto, &["Flatbed"]);
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
        assert_eq!(nearest(&Constraint::Range { min: 50.0, max: 600.0 }, 1200.0), 600.0);
        assert_eq!(nearest(&Constraint::None, 42.0), 42.0);
    }
}
