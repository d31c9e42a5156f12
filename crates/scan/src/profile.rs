//! What a clerk or installer chooses before scanning, and what a scanner says it is. What it can do is in `capability`.

use serde::{Deserialize, Serialize};

/// How a batch of paper is to be scanned.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Profile {
    /// Where the paper lies.
    pub source: Source,
    /// Colours to record; a source without them records the nearest it has.
    pub colour: ColourMode,
    /// Resolution the paper demands, dots an inch; the lowest of the source that satisfies it is taken
    /// ([`Resolutions::serving`](crate::Resolutions::serving)), and told with each page.
    pub dpi: u32,
    /// Area to record.
    pub paper: PaperSize,
}

impl Default for Profile {
    /// Colour, 300 dpi, A4, feeder when it holds paper: what most materials need.
    fn default() -> Self {
        Self {
            source: Source::Auto,
            colour: ColourMode::Colour,
            dpi: 300,
            paper: PaperSize::A4,
        }
    }
}

/// Where the paper lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The feeder when it holds paper, else the glass.
    Auto,
    /// The glass: one page.
    Flatbed,
    /// The feeder, front sides, until it is empty.
    Feeder,
    /// The feeder, both sides, until it is empty.
    FeederDuplex,
}

/// Colours to record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColourMode {
    /// 24 bits a pixel: papers with seals.
    Colour,
    /// 8 bits a pixel.
    Gray,
    /// Black and white; delivered as gray pixels of 0 and 255.
    Lineart,
}

/// Area to record, from the top left corner of the glass or the feeder's guide.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PaperSize {
    /// 297 x 420 mm.
    A3,
    /// 210 x 297 mm.
    A4,
    /// 148 x 210 mm.
    A5,
    /// A card of ISO/IEC 7810 ID-1 (85.6 x 54 mm) with a margin of about 7 mm, since nobody lays it down exactly.
    IdCard,
    /// All the scanner can see.
    Whole,
    /// Any other area.
    Custom {
        /// Width across the glass.
        width_mm: f64,
        /// Length along the glass.
        height_mm: f64,
    },
}

impl PaperSize {
    /// Width and height in mm; `None` for all the scanner can see.
    pub fn size_mm(self) -> Option<(f64, f64)> {
        match self {
            Self::A3 => Some((297.0, 420.0)),
            Self::A4 => Some((210.0, 297.0)),
            Self::A5 => Some((148.0, 210.0)),
            Self::IdCard => Some((100.0, 68.0)),
            Self::Whole => None,
            Self::Custom { width_mm, height_mm } => Some((width_mm, height_mm)),
        }
    }
}

/// One press of the scan key: the scanner, how, and the number the first page gets.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    /// [`ScannerInfo::id`] of the scanner.
    pub scanner: String,
    /// How to scan.
    pub profile: Profile,
    /// Number of the first page; after a jam the next batch goes on where the last one stopped.
    pub first_sequence: u32,
    /// Pages after which the batch is ended with [`ScanFault::TooManyPages`](crate::ScanFault::TooManyPages).
    pub pages_max: u32,
    /// Further driver options by their SANE name, set after those of the profile (`("brightness", "10")`).
    pub device_options: Vec<(String, String)>,
    /// A camera shows its picture ([`Scan::live`](crate::Scan::live)) and takes a page when [`Shutter`](crate::Shutter) is pressed, until
    /// cancelled; without it each paper that comes to rest is taken. No other device minds.
    pub live: bool,
    /// The batch before this one from the same scanner broke off in a jam. A jam told before the first page is then taken for that one,
    /// not for the word of an empty feeder.
    pub after_jam: bool,
}

impl Batch {
    /// A batch numbered from 1, of at most 500 pages.
    pub fn new(scanner: impl Into<String>, profile: Profile) -> Self {
        Self {
            scanner: scanner.into(),
            profile,
            first_sequence: 1,
            pages_max: 500,
            device_options: Vec::new(),
            live: false,
            after_jam: false,
        }
    }
}

/// A scanner that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ScannerInfo {
    /// The driver's name for it; opaque, stable while it stays plugged in.
    pub id: String,
    /// Maker, as the driver says.
    pub vendor: String,
    /// Model, as the driver says.
    pub model: String,
    /// What sort of device it is.
    pub kind: ScannerKind,
}

/// What sort of device a scanner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScannerKind {
    /// Reached over the network.
    Network,
    /// A glass plate.
    Flatbed,
    /// Paper is drawn through.
    Sheetfed,
    /// Printer and scanner in one.
    MultiFunction,
    /// A camera above the desk.
    DocumentCamera,
    /// No device at all: a driver's test pattern.
    Virtual,
    /// The driver does not say.
    Other,
}

impl ScannerKind {
    /// Reads the free text in which drivers tell their kind.
    pub fn from_words(id: &str, words: &str) -> Self {
        let words = words.to_ascii_lowercase();
        let network = ["airscan:", "escl:", "net:"].iter().any(|prefix| id.starts_with(prefix));
        match () {
            () if network || words.starts_with("ip=") || words.contains("network") => Self::Network,
            () if words.contains("virtual") => Self::Virtual,
            () if words.contains("multi") => Self::MultiFunction,
            () if words.contains("sheet") || words.contains("feed") => Self::Sheetfed,
            () if words.contains("camera") => Self::DocumentCamera,
            () if words.contains("flatbed") || words.contains("scanner") => Self::Flatbed,
            () => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_read_from_the_words_drivers_use() {
        let check = |id: &str, words: &str, kind| assert_eq!(ScannerKind::from_words(id, words), kind, "{id} {words}");
        check("airscan:e0:Office", "ip=192.0.2.7", ScannerKind::Network);
        check("test:0", "virtual device", ScannerKind::Virtual);
        check("pixma:04A9", "multi-function peripheral", ScannerKind::MultiFunction);
        check("fujitsu:fi-7160", "sheetfed scanner", ScannerKind::Sheetfed);
        check("genesys:libusb", "flatbed scanner", ScannerKind::Flatbed);
        check("x:0", "", ScannerKind::Other);
    }
}
