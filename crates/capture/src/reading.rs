//! The second step: reads a corrected page. Seconds, not milliseconds, so that judged pages appear at once and reading follows.
//! Absent on purpose: threads of its own (the reader's pool is bounded) and any write.

use std::time::Instant;

use serde::{Deserialize, Serialize};
use time::Date;

use crate::codes::find_codes_beside_text;
use crate::encode;
use crate::fault::OcrFault;
use crate::fields::{ReadField, Sources, extract};
use crate::import::decode_jpeg;
use crate::likeness::perceptual_hash;
use crate::limits::Limits;
use crate::ocr::{Reader, TextBox, TextLine, detection_side};
use crate::page::{Code, ProcessedPage, Region};
use crate::paper::{PaperHint, PaperKind, recognise_paper};
use crate::raster::Raster;
use crate::text_layer;
use crate::zone::{MrzReading, find_mrz, signs_of_zone};

/// What was read from a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Clockwise quarter turns that the page still needed; all regions are those of the page after them.
    pub quarter_turns: u8,
    /// The page after those turns, when there were any. Not part of the JSON.
    #[serde(skip)]
    pub upright: Option<UprightPage>,
    /// Which paper it is, by its words.
    pub paper: Option<RecognisedPaper>,
    /// The machine-readable zone, if there is one.
    pub mrz: Option<MrzReading>,
    /// All lines from top to bottom.
    pub text: Vec<TextLine>,
    /// Fields of the paper with their evidence.
    pub fields: Vec<ReadField>,
    /// All codes of the page, also those found only now, when there was time to look closely.
    #[serde(default)]
    pub codes: Vec<Code>,
    /// Wall time of reading in milliseconds.
    pub read_ms: f32,
}

/// A page after a late quarter turn.
#[derive(Clone, PartialEq)]
pub struct UprightPage {
    /// The page as JPEG.
    pub jpeg: Vec<u8>,
    /// Its thumbnail as JPEG.
    pub thumb_jpeg: Vec<u8>,
    /// Width of the page.
    pub width_px: u32,
    /// Height of the page.
    pub height_px: u32,
    /// Likeness value of the page as it lies now.
    pub perceptual_hash: u64,
}

impl std::fmt::Debug for UprightPage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "UprightPage({}x{})", self.width_px, self.height_px)
    }
}

/// A paper recognised by its words.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RecognisedPaper {
    /// Its kind.
    pub kind: PaperKind,
    /// 0 to 1.
    pub confidence: f32,
}

/// Reads a corrected page on the given business date. The hint's kind is used only when the words do not tell another one.
///
/// # Errors
/// `Engine` when the page cannot be decoded or the models fail on it; the page itself stays good.
pub fn read(page: &ProcessedPage, reader: &Reader, hint: &PaperHint, today: Date) -> Result<Reading, OcrFault> {
    let started = Instant::now();
    if page.blank {
        return Ok(Reading {
            quarter_turns: 0,
            upright: None,
            paper: None,
            mrz: None,
            text: Vec::new(),
            fields: Vec::new(),
            codes: Vec::new(),
            read_ms: 0.0,
        });
    }
    let raster = decode_jpeg(&page.jpeg, &Limits::default()).map_err(|fault| OcrFault::Engine { detail: fault.to_string() })?;
    let (turned, turns, text) = upright_lines(&raster, page.dpi, reader)?;
    let upright = turned.as_ref().map(|turned| upright_page(turned, page.dpi)).transpose()?;
    let raster = turned.as_ref().unwrap_or(&raster);
    let codes = if turns == 0 && !page.codes.is_empty() {
        page.codes.clone()
    } else {
        find_codes_beside_text(&raster.to_gray(), &text)
    };
    let mut mrz = find_mrz(&text, today);
    if mrz.as_ref().is_none_or(|mrz| !mrz.valid)
        && let Some(region) = signs_of_zone(&text)
    {
        mrz = read_band(raster, region, reader, today)?.or(mrz);
    }
    let (paper, mut fields) = understood(&text, &codes, mrz.as_ref(), hint, today);
    if turns == 0 {
        text_layer::complete(
            &mut fields,
            page,
            &PaperHint {
                kind: paper.map(|p| p.kind).or(hint.kind),
                ..*hint
            },
            today,
        );
    }
    Ok(Reading {
        quarter_turns: turns,
        upright,
        paper,
        mrz,
        text,
        fields,
        codes,
        read_ms: started.elapsed().as_secs_f32() * 1000.0,
    })
}

impl ProcessedPage {
    /// Lets the page follow the quarter turns that reading found: pictures, sizes, corners and regions are those of the upright page then.
    /// Lines that the file brought along are left behind. Tilt, quality and judgement are the same whichever way a page lies.
    pub fn lie_upright(&mut self, upright: UprightPage, quarter_turns: u8) {
        let size = (self.width_px, self.height_px);
        for code in &mut self.codes {
            code.region = code.region.turned(quarter_turns, size);
        }
        for finding in &mut self.findings {
            finding.region = finding.region.map(|region| region.turned(quarter_turns, size));
        }
        if quarter_turns % 2 == 1 {
            std::mem::swap(&mut self.width_mm, &mut self.height_mm);
        }
        self.corners.rotate_right(usize::from(quarter_turns % 4));
        self.rotated_quarter_turns = (self.rotated_quarter_turns + quarter_turns) % 4;
        self.perceptual_hash = upright.perceptual_hash;
        self.file_text.clear();
        (self.width_px, self.height_px) = (upright.width_px, upright.height_px);
        self.jpeg = upright.jpeg;
        self.thumb_jpeg = upright.thumb_jpeg;
    }
}

/// Paper and fields from the lines, codes and zone of an upright page.
pub(crate) fn understood(
    lines: &[TextLine],
    codes: &[Code],
    mrz: Option<&MrzReading>,
    hint: &PaperHint,
    today: Date,
) -> (Option<RecognisedPaper>, Vec<ReadField>) {
    let all: String = lines.iter().flat_map(|line| [line.text.as_str(), "\n"]).collect();
    let paper = recognise_paper(&all).map(|(kind, confidence)| RecognisedPaper { kind, confidence });
    let kind = paper.map(|p| p.kind).or(hint.kind).unwrap_or(PaperKind::Other);
    let fields = extract(kind, &Sources { lines, codes, mrz, today });
    (paper, fields)
}

/// Widths at which the band of a zone is read again: characters of 30 and of 20 elements.
const BAND_WIDTHS_PX: [u32; 2] = [1600, 1100];

/// Reads the band of a zone once more by itself, enlarged. `None` when it still does not check.
fn read_band(raster: &Raster, region: Region, reader: &Reader, today: Date) -> Result<Option<MrzReading>, OcrFault> {
    let line = (region.height / 2).max(raster.height / 40).max(8);
    let y = region.y.saturating_sub(line * 2);
    let height = (region.y + region.height + line * 2).min(raster.height) - y;
    let band = raster.cropped(0, y, raster.width, height);
    for width in BAND_WIDTHS_PX {
        let scale = width as f32 / band.width as f32;
        if !(0.3..=4.0).contains(&scale) {
            continue;
        }
        let enlarged = encode::resized(&band, width, ((band.height as f32 * scale).round() as u32).max(1));
        let boxes = reader.boxes(&enlarged, width)?;
        let lines = reader.read_boxes(&enlarged, &boxes)?;
        if let Some(mut found) = find_mrz(&lines, today).filter(|found| found.valid) {
            let back = |v: u32| (v as f32 / scale) as u32;
            found.region = Region {
                x: back(found.region.x),
                y: y + back(found.region.y),
                width: back(found.region.width).max(1),
                height: back(found.region.height).max(1),
            };
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Below this mean certainty the page may lie on its head.
const READABLE: f32 = 0.8;
/// Lines read to tell how a page lies.
const SAMPLE_LINES: usize = 4;

/// All lines, and the turned page when it did not lie upright. An upright page is read once.
fn upright_lines(raster: &Raster, dpi: Option<f32>, reader: &Reader) -> Result<(Option<Raster>, u8, Vec<TextLine>), OcrFault> {
    let side = detection_side(raster, dpi);
    let boxes = reader.boxes(raster, side)?;
    if !lies_on_its_side(&boxes) {
        let lines = reader.read_boxes(raster, &boxes)?;
        let certainty = lines.iter().map(|l| l.confidence).sum::<f32>() / lines.len().max(1) as f32;
        if certainty >= READABLE || boxes.len() < 3 {
            return Ok((None, 0, lines));
        }
    }
    let turns = turns_to_upright(raster, &boxes, reader)?;
    if turns == 0 {
        return Ok((None, 0, reader.read_boxes(raster, &boxes)?));
    }
    let turned = raster.turned(turns);
    let lines = reader.lines(&turned, dpi)?;
    Ok((Some(turned), turns, lines))
}

/// Clockwise quarter turns that make a page upright, from a few of its lines.
pub(crate) fn find_upright(raster: &Raster, reader: &Reader) -> Result<u8, OcrFault> {
    let boxes = reader.boxes(raster, 736)?;
    turns_to_upright(raster, &boxes, reader)
}

fn lies_on_its_side(boxes: &[TextBox]) -> bool {
    let length = |of: fn(&TextBox) -> bool| boxes.iter().filter(|b| of(b)).map(TextBox::length).sum::<f32>();
    boxes.len() >= 3 && length(TextBox::is_tall) > 2.0 * length(TextBox::is_wide)
}

/// Reads the longest lines both possible ways round; the page is turned only when the other way is clearly better.
fn turns_to_upright(raster: &Raster, boxes: &[TextBox], reader: &Reader) -> Result<u8, OcrFault> {
    let on_side = lies_on_its_side(boxes);
    let mut sample: Vec<TextBox> = boxes.iter().filter(|b| if on_side { b.is_tall() } else { b.is_wide() }).copied().collect();
    sample.sort_by(|a, b| b.length().total_cmp(&a.length()));
    sample.truncate(SAMPLE_LINES);
    if sample.len() < 2 {
        return Ok(0);
    }
    let (first, second) = if on_side { (1, 3) } else { (0, 2) };
    let as_first = reader.readability(raster, &sample, first)?;
    if as_first >= 0.93 {
        return Ok(first);
    }
    let as_second = reader.readability(raster, &sample, second)?;
    let (turns, best, other) = if as_second > as_first {
        (second, as_second, as_first)
    } else {
        (first, as_first, as_second)
    };
    Ok(if turns == 0 || (best >= 0.6 && best > other + 0.05) { turns } else { 0 })
}

fn upright_page(turned: &Raster, dpi: Option<f32>) -> Result<UprightPage, OcrFault> {
    let engine = |fault: crate::fault::CaptureFault| OcrFault::Engine { detail: fault.to_string() };
    Ok(UprightPage {
        jpeg: encode::jpeg(turned, encode::PAGE_QUALITY, dpi).map_err(engine)?,
        thumb_jpeg: encode::thumbnail(turned, dpi).map_err(engine)?,
        width_px: turned.width,
        height_px: turned.height,
        perceptual_hash: perceptual_hash(&turned.to_gray()),
    })
}
