//! The page as this crate hands it on: serialisable twins of what the rest of the product calls page, finding and field.
//! Absent on purpose: how any of it is found. Lengths are picture elements of the corrected page unless a name says otherwise.

use serde::{Deserialize, Serialize};

/// One sentence or name in Chinese and English; the serialisable twin of `onewindow_case::text::Bilingual`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// Chinese.
    pub zh: String,
    /// English, the same facts.
    pub en: String,
}

impl Wording {
    /// A pair of fixed sentences.
    pub fn of(zh: &str, en: &str) -> Self {
        Self {
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }
}

impl From<Wording> for onewindow_case::text::Bilingual {
    fn from(wording: Wording) -> Self {
        Self::new(wording.zh, wording.en)
    }
}

/// An upright rectangle on the corrected page, in picture elements from the top left corner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Width, at least 1.
    pub width: u32,
    /// Height, at least 1.
    pub height: u32,
}

impl Region {
    /// The smallest region that holds both.
    pub fn union(self, other: Self) -> Self {
        let x = self.x.min(other.x);
        let y = self.y.min(other.y);
        let right = (self.x + self.width).max(other.x + other.width);
        let bottom = (self.y + self.height).max(other.y + other.height);
        Self {
            x,
            y,
            width: right - x,
            height: bottom - y,
        }
    }

    /// The same part of the page after clockwise quarter turns; `width` and `height` are those of the page before them.
    pub(crate) fn turned(self, quarter_turns: u8, (width, height): (u32, u32)) -> Self {
        let beyond_right = width.saturating_sub(self.x + self.width);
        let beyond_bottom = height.saturating_sub(self.y + self.height);
        let (x, y) = match quarter_turns % 4 {
            0 => (self.x, self.y),
            1 => (beyond_bottom, self.x),
            2 => (beyond_right, beyond_bottom),
            _ => (self.y, beyond_right),
        };
        let (width, height) = if quarter_turns % 2 == 1 {
            (self.height, self.width)
        } else {
            (self.width, self.height)
        };
        Self { x, y, width, height }
    }

    /// Whether an element lies inside.
    pub(crate) const fn holds(self, x: u32, y: u32) -> bool {
        x >= self.x && y >= self.y && x - self.x < self.width && y - self.y < self.height
    }

    /// How much of it lies on another region, 0 to 1.
    pub(crate) fn share_on(self, other: Self) -> f32 {
        let (width, height) = self.overlap(other);
        width as f32 * height as f32 / (self.width as f32 * self.height as f32).max(1.0)
    }

    /// Width and height of what both share; either may be 0 alone.
    pub(crate) fn overlap(self, other: Self) -> (u32, u32) {
        let common = |from: u32, size: u32, other_from: u32, other_size: u32| (from + size).min(other_from + other_size).saturating_sub(from.max(other_from));
        (
            common(self.x, self.width, other.x, other.width),
            common(self.y, self.height, other.y, other.height),
        )
    }

    /// The vertical middle.
    pub(crate) fn middle_y(self) -> u32 {
        self.y + self.height / 2
    }
}

/// A point of the raw image in picture elements.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Corner {
    /// Rightwards from the left edge.
    pub x: f32,
    /// Downwards from the top edge.
    pub y: f32,
}

/// The corners of a whole picture of the given size.
pub(crate) fn whole(width: u32, height: u32) -> [Corner; 4] {
    let (w, h) = (width as f32, height as f32);
    [
        Corner { x: 0.0, y: 0.0 },
        Corner { x: w, y: 0.0 },
        Corner { x: w, y: h },
        Corner { x: 0.0, y: h },
    ]
}

/// The one-word judgement of a page; the findings say more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageVerdict {
    /// Good enough for the file.
    Usable,
    /// Nothing is printed or written on it. Marked, never removed.
    Blank,
    /// A part of the paper lies outside the picture.
    CutEdge,
    /// Out of focus or moved.
    Blurred,
    /// A lamp is reflected by the paper.
    Glare,
    /// Too few dots per inch for the file.
    LowDpi,
    /// Too dark to be read.
    TooDark,
    /// So bright that thin strokes and pale colours are gone.
    TooBright,
    /// A finger lies over an edge of the paper.
    Fingers,
    /// Waves of a screen or of print lie over the page.
    Moire,
    /// A red seal hardly shows.
    PaleSeal,
}

impl PageVerdict {
    /// The stable code, as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::Usable => "usable",
            Self::Blank => "blank",
            Self::CutEdge => "cut-edge",
            Self::Blurred => "blurred",
            Self::Glare => "glare",
            Self::LowDpi => "low-dpi",
            Self::TooDark => "too-dark",
            Self::TooBright => "too-bright",
            Self::Fingers => "fingers",
            Self::Moire => "moire",
            Self::PaleSeal => "pale-seal",
        }
    }
}

/// Something the clerk should know about a page, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualityFinding {
    /// Stable code: a verdict's code, or `skew-corrected`, `size-differs`, `several-papers`.
    pub code: String,
    /// Where on the corrected page, when it is not the whole page.
    pub region: Option<Region>,
    /// What is wrong and what to do.
    pub message: Wording,
}

/// A barcode or QR code that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// Kind of code, such as `QRCode`, `Code128`.
    pub format: String,
    /// Its content as text.
    pub text: String,
    /// Where it is.
    pub region: Region,
}

/// Numbers from which the judgement was made.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Share of the page that is darker than its paper, 0 to 1.
    pub ink_ratio: f32,
    /// Variance of the Laplacian of the grey page.
    pub sharpness: f32,
    /// Typical width of a dark-light edge in picture elements, 0 when there are too few edges to tell.
    pub edge_width_px: f32,
    /// Share of the page that is saturated and looks like a reflection, 0 to 1.
    pub overexposed_ratio: f32,
    /// Median brightness of the page, 0 to 255.
    pub median_luma: u8,
}

/// How long each step took, in milliseconds of wall time.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Timings {
    /// Decoding the raw image.
    pub decode_ms: f32,
    /// Finding the paper on the glass or table.
    pub find_paper_ms: f32,
    /// Measuring and correcting crop, perspective, skew and turn.
    pub straighten_ms: f32,
    /// Judging.
    pub judge_ms: f32,
    /// Looking for barcodes.
    pub codes_ms: f32,
    /// Encoding page and thumbnail.
    pub encode_ms: f32,
    /// All of it.
    pub total_ms: f32,
}

/// A page after correction and judgement. The raw image stays the caller's; this is derived from it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ProcessedPage {
    /// The corrected page as JPEG, quality 88, sRGB, with its resolution in the header. Not part of the JSON.
    #[serde(skip)]
    pub jpeg: Vec<u8>,
    /// A small picture of it, at most 320 on the longer side, as JPEG. Not part of the JSON.
    #[serde(skip)]
    pub thumb_jpeg: Vec<u8>,
    /// Width of the raw image as decoded and turned by its own header.
    pub raw_width_px: u32,
    /// Height of the raw image as decoded and turned by its own header.
    pub raw_height_px: u32,
    /// Width of the corrected page.
    pub width_px: u32,
    /// Height of the corrected page.
    pub height_px: u32,
    /// Resolution in effect, from the scanner or from the size of the paper found; absent when neither is known.
    pub dpi: Option<f32>,
    /// Width of the paper, when the resolution is known.
    pub width_mm: Option<f32>,
    /// Height of the paper, when the resolution is known.
    pub height_mm: Option<f32>,
    /// The paper's corners on the raw image: top left, top right, bottom right, bottom left of the corrected page.
    pub corners: [Corner; 4],
    /// True when the paper was found inside the picture, false when the picture is taken as the page.
    pub paper_found: bool,
    /// Skew of the text that was measured on the raw page, degrees, positive when lines fall to the right.
    pub skew_deg: f32,
    /// Confidence of that measure; below [`crate::SKEW_CONFIDENCE_MIN`] the page was left as it was.
    pub skew_confidence: f32,
    /// Whether the page was turned by `skew_deg`.
    pub skew_corrected: bool,
    /// Clockwise quarter turns that made the page upright, 0 to 3; everything else here is told of the page after them.
    pub rotated_quarter_turns: u8,
    /// Nothing on it.
    pub blank: bool,
    /// The measured numbers.
    pub quality: Quality,
    /// Likeness value; compare two with [`crate::hamming`].
    #[serde(with = "hex_u64")]
    pub perceptual_hash: u64,
    /// The judgement in one word.
    pub verdict: PageVerdict,
    /// Everything the clerk should know.
    pub findings: Vec<QualityFinding>,
    /// Barcodes and QR codes.
    pub codes: Vec<Code>,
    /// Lines of text that the file brought along, on the corrected page. Never proof. Not part of the JSON.
    #[serde(skip)]
    pub file_text: Vec<crate::ocr::TextLine>,
    /// Time used.
    pub timings_ms: Timings,
}

/// Leaves out the pictures and the texts of codes, so that a log cannot hold them.
impl std::fmt::Debug for ProcessedPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProcessedPage")
            .field("size_px", &(self.width_px, self.height_px))
            .field("dpi", &self.dpi)
            .field("verdict", &self.verdict)
            .field("quality", &self.quality)
            .finish_non_exhaustive()
    }
}

/// Sixteen hexadecimal digits: JSON numbers lose the low bits of 64-bit values in JavaScript.
mod hex_u64 {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&format!("{value:016x}"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map_err(D::Error::custom)
    }
}
