//! Which scanners there are and what they can do: the window offers nothing else. What a scanner said is remembered until somebody looks
//! for scanners again; a counter's own scanner is asked every few seconds anyway, and its last word counts.

use std::collections::HashMap;

use onewindow_capture::{PaperHint, PaperKind};
use onewindow_ipc::Words;
use onewindow_ipc::case_view::{ScanColour, ScanPaper, ScanProfile, ScanSource};
use onewindow_ipc::devices::{ScannerAbilities, ScannerView, SourceAbility};
use onewindow_scan::camera::is_camera;
use onewindow_scan::escl;
use onewindow_scan::{Canceller, Capabilities, ColourMode, PaperSize, Profile, Resolutions, ScanFault, ScannerInfo, Source, SourceCapabilities, WorkerConfig};

use crate::desk::{Desk, lock};
use crate::fault::DeskFault;
use crate::stacks::Remark;

/// Scanners whose words are remembered.
const KNOWN_MAX: usize = 32;
/// Resolutions a clerk may want: the archive's, with room for a device that has its own.
const DPI_LOWEST: u32 = 150;
const DPI_HIGHEST: u32 = 600;
/// Offered where a device takes any.
const DPI_USUAL: [u32; 5] = [150, 200, 300, 400, 600];
/// What papers are scanned at when nothing more is demanded.
const DPI_WANTED: u32 = 300;
/// Areas with their place in the list, the smallest first.
const PAPERS: [(ScanPaper, PaperSize); 5] = [
    (ScanPaper::Card, PaperSize::IdCard),
    (ScanPaper::A5, PaperSize::A5),
    (ScanPaper::A4, PaperSize::A4),
    (ScanPaper::A3, PaperSize::A3),
    (ScanPaper::Whole, PaperSize::Whole),
];

/// What scanners said.
#[derive(Debug, Default)]
pub(crate) struct KnownScanners {
    able: HashMap<String, Capabilities>,
    /// The one that is taken when nobody chose.
    first: Option<String>,
    /// The one whose last batch broke off in a jam, until sheets come from it again.
    jammed: Option<String>,
}

impl KnownScanners {
    /// A scanner told what it can do.
    pub fn note(&mut self, scanner: &str, able: Capabilities) {
        if self.able.len() >= KNOWN_MAX && !self.able.contains_key(scanner) {
            self.able.clear();
        }
        self.able.insert(scanner.to_owned(), able);
    }

    /// What is connected now.
    pub fn note_found(&mut self, found: &[ScannerInfo]) {
        // Unless somebody chose a camera, papers go into a scanner where there is one.
        let first = found.iter().min_by_key(|scanner| is_camera(&scanner.id));
        self.first = first.map(|scanner| scanner.id.clone());
    }

    /// A batch ended, with so many pages kept.
    pub fn note_end(&mut self, scanner: &str, source: Source, end: &Result<(), DeskFault>, kept: u32) {
        match end {
            Err(DeskFault::Scan(ScanFault::Jam | ScanFault::DoubleFeed)) => self.jammed = Some(scanner.to_owned()),
            // Pages from the glass say nothing of the feeder.
            _ if kept > 0 && source != Source::Flatbed && self.is_jammed(scanner) => self.jammed = None,
            Err(DeskFault::Scan(ScanFault::FeederEmpty)) if self.is_jammed(scanner) => self.jammed = None,
            Ok(()) | Err(_) => {}
        }
    }

    /// Whether a jam that this scanner tells now is the one of its last batch.
    pub fn is_jammed(&self, scanner: &str) -> bool {
        self.jammed.as_deref() == Some(scanner)
    }

    /// A scanner did not do what it said it could.
    pub fn forget(&mut self, scanner: &str) {
        self.able.remove(scanner);
    }
}

impl Desk {
    /// Scanners that answer now; what they can do is asked anew after this.
    ///
    /// # Errors
    /// The scan worker is missing or hung.
    pub fn list_scanners(&self) -> Result<Vec<ScannerView>, DeskFault> {
        let found = onewindow_scan::list_scanners(&WorkerConfig::find()?)?;
        let mut known = lock(&self.shared.scanners);
        known.able.clear();
        known.note_found(&found);
        drop(known);
        let own = self.shared.config.scanner.as_deref();
        let mut listed: Vec<ScannerView> = found
            .into_iter()
            .map(|scanner| ScannerView {
                chosen: own == Some(scanner.id.as_str()),
                name: format!("{} {}", scanner.vendor, scanner.model).trim().to_owned(),
                id: scanner.id,
            })
            .collect();
        // One that the installer gave an address need not announce itself.
        if let Some((own, url)) = own.and_then(|own| Some((own, escl::url_of(own)?)))
            && listed.iter().all(|scanner| !scanner.chosen)
        {
            listed.push(ScannerView {
                id: own.to_owned(),
                name: url.to_owned(),
                chosen: true,
            });
        }
        Ok(listed)
    }

    /// What a scanner can do, or the one that a scan would take now. A name that begins with `escl:` may go on with an address as people
    /// type it (`escl:10.1.2.3`); the answer holds the scanner's identity.
    ///
    /// # Errors
    /// It does not answer, or is at work for another scan and was never asked; what was typed is no address.
    pub fn inspect_scanner(&self, scanner: Option<&str>) -> Result<ScannerAbilities, DeskFault> {
        let worker = WorkerConfig::find()?;
        let scanner = self.choose_scanner(&worker, scanner, &Canceller::default())?;
        let known = lock(&self.shared.scanners).able.get(&scanner).cloned();
        let able = match known {
            Some(able) => able,
            None if !lock(&self.shared.scans).is_empty() => return Err(DeskFault::ScanRunning),
            None => {
                let able = onewindow_scan::inspect_scanner(&worker, &scanner).map_err(|fault| told_with_address(&scanner, fault))?;
                lock(&self.shared.scanners).note(&scanner, able.clone());
                able
            }
        };
        Ok(ScannerAbilities {
            camera: is_camera(&scanner),
            sources: offers(&able),
            scanner,
        })
    }

    /// The scanner somebody named, the counter's own, or the first found.
    pub(crate) fn choose_scanner(&self, worker: &WorkerConfig, named: Option<&str>, canceller: &Canceller) -> Result<String, DeskFault> {
        if let Some(named) = named {
            return at_address(named);
        }
        if let Some(own) = &self.shared.config.scanner {
            return Ok(own.clone());
        }
        if let Some(first) = lock(&self.shared.scanners).first.clone() {
            return Ok(first);
        }
        let found = onewindow_scan::list_scanners_unless(worker, canceller)?;
        let mut known = lock(&self.shared.scanners);
        known.note_found(&found);
        known.first.clone().ok_or(DeskFault::Scan(ScanFault::NoScanner))
    }
}

/// The identity of a scanner that was named, whose address may have been typed.
fn at_address(named: &str) -> Result<String, DeskFault> {
    match named.strip_prefix(escl::ID_PREFIX) {
        Some(typed) => escl::scanner_at(named).ok_or_else(|| DeskFault::NotAnAddress(typed.trim().to_owned())),
        None => Ok(named.to_owned()),
    }
}

/// A network scanner that does not answer may have been given a wrong address.
fn told_with_address(scanner: &str, fault: ScanFault) -> DeskFault {
    match (escl::url_of(scanner), fault) {
        (Some(url), ScanFault::Unreachable | ScanFault::NoScanner) => DeskFault::NoScannerAt(url.to_owned()),
        (_, fault) => fault.into(),
    }
}

/// What the clerk hears when the glass was scanned because of a feeder that said jam.
pub(crate) fn glass_instead() -> Remark {
    let words = Words::new(
        "进纸器报告卡纸，但没有进过纸，已改扫玻璃板。若要从进纸器扫描，请看有没有纸卡住，取出后再扫。",
        "The feeder said jam, but no sheet went in, so the glass was scanned. If papers lie in the feeder, take out a stuck sheet and scan again.",
    );
    ("glass-instead", words)
}

/// The profile for a batch: what the clerk chose, and more where the paper demands it.
pub(crate) fn profile(chosen: &ScanProfile, hint: &PaperHint) -> Profile {
    Profile {
        source: match chosen.source {
            ScanSource::Auto => Source::Auto,
            ScanSource::Flatbed => Source::Flatbed,
            ScanSource::Feeder | ScanSource::Fronts | ScanSource::Backs => Source::Feeder,
            ScanSource::Both => Source::FeederDuplex,
        },
        colour: match chosen.colour {
            ScanColour::Colour => ColourMode::Colour,
            ScanColour::Gray => ColourMode::Gray,
        },
        dpi: chosen.dpi.max(dpi_demanded(hint)).clamp(DPI_LOWEST, DPI_HIGHEST),
        paper: area(chosen.paper, hint),
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a demanded resolution is a small number, checked when the catalogue is read"
)]
fn dpi_demanded(hint: &PaperHint) -> u32 {
    let demanded = hint.min_dpi.or_else(|| hint.kind.map(PaperKind::min_dpi));
    demanded.map_or(0, |dpi| dpi.ceil() as u32)
}

/// The area chosen, or the next that takes a paper which the catalogue knows to be larger.
fn area(chosen: ScanPaper, hint: &PaperHint) -> PaperSize {
    let from = PAPERS.iter().position(|(paper, _)| *paper == chosen).unwrap_or_default();
    let larger = &PAPERS[from..];
    let fits = |size: PaperSize| match (size.size_mm(), hint.size_mm.or_else(|| hint.kind?.size_mm())) {
        (Some((width, height)), Some((a, b))) => {
            let (a, b) = (f64::from(a.min(b)), f64::from(a.max(b)));
            a <= width.min(height) && b <= width.max(height)
        }
        _ => true,
    };
    larger.iter().map(|(_, size)| *size).find(|size| fits(*size)).unwrap_or(PaperSize::Whole)
}

/// What is offered, in the order in which a key goes through it.
fn offers(able: &Capabilities) -> Vec<SourceAbility> {
    let glass = able.find(Source::Flatbed);
    let both = able.find(Source::FeederDuplex);
    let feeder = able.find(Source::Feeder).or(both);
    let auto = glass.zip(feeder).map(|(glass, feeder)| offer(ScanSource::Auto, &[feeder, glass]));
    let of = |source, caps: Option<&SourceCapabilities>| caps.map(|caps| offer(source, &[caps]));
    let offered = [
        auto,
        of(ScanSource::Flatbed, glass),
        of(ScanSource::Feeder, able.find(Source::Feeder)),
        of(ScanSource::Both, both),
        of(ScanSource::Fronts, able.find(Source::Feeder)),
    ];
    let offered: Vec<SourceAbility> = offered.into_iter().flatten().collect();
    // A device that names no source still scans from what it has.
    if offered.is_empty() { vec![offer(ScanSource::Auto, &[])] } else { offered }
}

/// What all of these sources can do. The first of them counts where they have nothing in common.
fn offer(source: ScanSource, of: &[&SourceCapabilities]) -> SourceAbility {
    let colours = [(ScanColour::Colour, ColourMode::Colour), (ScanColour::Gray, ColourMode::Gray)];
    let has_colour = |mode| move |able: &&SourceCapabilities| able.colours.is_empty() || able.colours.contains(&mode);
    let mut common: Vec<ScanColour> = colours
        .iter()
        .filter(|(_, mode)| of.iter().all(has_colour(*mode)))
        .map(|(colour, _)| *colour)
        .collect();
    if common.is_empty() {
        common.push(ScanColour::Gray);
    }
    let first = of.first().map(|able| dpi_offered(&able.dpi)).unwrap_or(DPI_USUAL.to_vec());
    let shared: Vec<u32> = first.iter().copied().filter(|dpi| of.iter().all(|able| able.dpi.has(*dpi))).collect();
    let takes = |paper: &PaperSize| {
        of.iter()
            .all(|able| able.takes(*paper) && (*paper != PaperSize::A3 || able.area_max_mm.is_some()))
    };
    SourceAbility {
        source,
        colours: common,
        dpi: if shared.is_empty() { first } else { shared },
        papers: PAPERS.iter().filter(|(_, size)| takes(size)).map(|(paper, _)| *paper).collect(),
    }
}

/// The device's own resolutions in the span that is wanted here; the one nearest to it when there is none.
fn dpi_offered(able: &Resolutions) -> Vec<u32> {
    let mut offered: Vec<u32> = if able.listed.is_empty() {
        DPI_USUAL.iter().map(|dpi| able.serving(*dpi)).collect()
    } else {
        able.listed.clone()
    };
    offered.retain(|dpi| (DPI_LOWEST..=DPI_HIGHEST).contains(dpi));
    offered.sort_unstable();
    offered.dedup();
    if offered.is_empty() {
        offered.push(able.serving(DPI_WANTED));
    }
    offered
}

#[cfg(test)]
mod tests {
    use onewindow_scan::DpiSpan;

    use super::*;

    fn able(source: Source, listed: &[u32], area_max_mm: (f64, f64)) -> SourceCapabilities {
        SourceCapabilities {
            source,
            colours: vec![ColourMode::Gray, ColourMode::Colour],
            dpi: Resolutions {
                listed: listed.to_vec(),
                span: None,
            },
            area_max_mm: Some(area_max_mm),
        }
    }

    fn told(sources: Vec<SourceCapabilities>) -> Vec<(ScanSource, Vec<u32>, usize)> {
        let offered = offers(&Capabilities { sources });
        offered.into_iter().map(|offer| (offer.source, offer.dpi, offer.papers.len())).collect()
    }

    #[test]
    fn nothing_is_offered_that_a_device_can_not_do() {
        const A4: (f64, f64) = (215.9, 297.0);
        const LONG: (f64, f64) = (215.9, 355.6);
        let glass = || able(Source::Flatbed, &[75, 150, 300, 600, 1200], A4);
        assert_eq!(told(vec![glass()]), [(ScanSource::Flatbed, vec![150, 300, 600], 4)]);
        let simplex = || able(Source::Feeder, &[100, 200, 300], LONG);
        assert_eq!(
            told(vec![glass(), simplex()]),
            [
                (ScanSource::Auto, vec![300], 4),
                (ScanSource::Flatbed, vec![150, 300, 600], 4),
                (ScanSource::Feeder, vec![200, 300], 4),
                (ScanSource::Fronts, vec![200, 300], 4),
            ]
        );
        let both = able(Source::FeederDuplex, &[200], (297.0, 431.8));
        assert_eq!(
            told(vec![simplex(), both]),
            [
                (ScanSource::Feeder, vec![200, 300], 4),
                (ScanSource::Both, vec![200], 5),
                (ScanSource::Fronts, vec![200, 300], 4),
            ]
        );
        assert_eq!(told(Vec::new()), [(ScanSource::Auto, DPI_USUAL.to_vec(), 5)]);
    }

    #[test]
    fn odd_resolutions_are_offered_as_the_device_has_them() {
        let check = |able: Resolutions, expected: &[u32]| assert_eq!(dpi_offered(&able), expected, "{able:?}");
        let listed = |listed: &[u32]| Resolutions {
            listed: listed.to_vec(),
            span: None,
        };
        let span = |low, high, step| Resolutions {
            listed: Vec::new(),
            span: Some(DpiSpan { low, high, step }),
        };
        check(listed(&[240, 100, 400, 240]), &[240, 400]);
        check(listed(&[75, 100]), &[100]);
        check(listed(&[1200]), &[1200]);
        check(span(75, 1200, 1), &DPI_USUAL);
        check(span(50, 590, 60), &[170, 230, 350, 410, 590]);
        check(span(50, 100, 1), &[100]);
        check(Resolutions::default(), &DPI_USUAL);
    }

    #[test]
    fn a_paper_gets_what_it_demands_whatever_is_chosen() {
        let chosen = |dpi, paper| ScanProfile {
            scanner: None,
            source: ScanSource::Both,
            colour: ScanColour::Gray,
            dpi,
            paper,
        };
        let check = |chosen: &ScanProfile, hint: PaperHint, dpi, paper| {
            let profile = profile(chosen, &hint);
            assert_eq!((profile.dpi, profile.paper), (dpi, paper), "{chosen:?} for {hint:?}");
            assert_eq!((profile.source, profile.colour), (Source::FeederDuplex, ColourMode::Gray));
        };
        let card = PaperHint::of(PaperKind::IdCardPortrait);
        let plan = PaperHint {
            size_mm: Some((420.0, 297.0)),
            ..PaperHint::default()
        };
        check(&chosen(200, ScanPaper::A4), PaperHint::default(), 200, PaperSize::A4);
        check(&chosen(200, ScanPaper::A4), card, 280, PaperSize::A4);
        check(&chosen(300, ScanPaper::Card), card, 300, PaperSize::IdCard);
        check(&chosen(300, ScanPaper::A4), plan, 300, PaperSize::A3);
        check(&chosen(300, ScanPaper::Whole), plan, 300, PaperSize::Whole);
        check(&chosen(1, ScanPaper::Card), PaperHint::of(PaperKind::Contract), 190, PaperSize::A4);
        check(&chosen(2400, ScanPaper::A5), PaperHint::default(), 600, PaperSize::A5);
    }
}
