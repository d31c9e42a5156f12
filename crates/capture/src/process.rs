//! The way of one raw page: decode, find the paper, straighten, judge, look for codes, encode. Every step that could do harm has
//! a gate and leaves the page as it was when in doubt. A page is encoded while it is judged. Absent on purpose: other threads (the caller
//! runs pages side by side, three decoded pages at most) and reading, unless the caller hands in a reader.

use std::borrow::Cow;
use std::time::Instant;

use crate::edges::{FoundPaper, Overview};
use crate::fault::CaptureFault;
use crate::import::{FileKind, RawContent, RawPage};
use crate::limits::Limits;
use crate::ocr::Reader;
use crate::page::{Code, Corner, ProcessedPage, QualityFinding, Region, Timings, Wording};
use crate::paper::PaperHint;
use crate::quality::{self, Circumstances};
use crate::raster::{Raster, on_page};
use crate::skew::{SKEW_CONFIDENCE_MIN, find_skew};
use crate::straighten::{self, Straight};
use crate::{codes, edges, encode, likeness, reading, text_layer};

/// Corrects and judges one page. With a `reader` the page is also turned upright by its text, which takes seconds; without one
/// quarter turns stay as they are and [`crate::read`] can follow later.
///
/// # Errors
/// The faults of decoding. A reader that fails is no fault: the page is then kept as it lies.
pub fn process(raw: &RawPage, hint: &PaperHint, limits: &Limits, reader: Option<&Reader>) -> Result<ProcessedPage, CaptureFault> {
    let run = Run::start();
    let (raster, mut run) = run.decode(raw, limits)?;
    let dpi = straighten::believable_dpi(&raster, raw.dpi);
    let seen = run.timed(|t| &mut t.find_paper_ms, || Seen::on(&raster, dpi, hint));
    let papers = &seen.papers;
    let straight = run.timed(|t| &mut t.straighten_ms, || straighten::straighten(&raster, dpi, papers.first(), hint));
    let mut page = finished(&raster, straight, hint, seen.fingers, reader, run)?;
    if papers.len() > 1 {
        page.findings.push(several_papers(papers.len()));
    }
    Ok(page)
}

/// Like [`process`], but every paper on the picture becomes a page of its own (several cards on one glass). At least one page.
///
/// # Errors
/// The faults of decoding.
pub fn process_each(raw: &RawPage, hint: &PaperHint, limits: &Limits, reader: Option<&Reader>) -> Result<Vec<ProcessedPage>, CaptureFault> {
    let (raster, mut run) = Run::start().decode(raw, limits)?;
    let dpi = straighten::believable_dpi(&raster, raw.dpi);
    let Seen { papers, fingers } = run.timed(|t| &mut t.find_paper_ms, || Seen::on(&raster, dpi, hint));
    if papers.len() < 2 {
        let straight = run.timed(|t| &mut t.straighten_ms, || straighten::straighten(&raster, dpi, papers.first(), hint));
        return Ok(vec![finished(&raster, straight, hint, fingers, reader, run)?]);
    }
    let mut in_reading_order = papers;
    // Rows first: two papers whose middles differ by less than a third of a height lie side by side.
    in_reading_order.sort_by(|a, b| {
        let (ya, yb) = (a.corners[0].y, b.corners[0].y);
        if (ya - yb).abs() < a.size_px().1 / 3.0 {
            a.corners[0].x.total_cmp(&b.corners[0].x)
        } else {
            ya.total_cmp(&yb)
        }
    });
    in_reading_order
        .iter()
        .map(|paper| {
            let mut run = run.clone();
            let straight = run.timed(|t| &mut t.straighten_ms, || straighten::straighten(&raster, dpi, Some(paper), hint));
            finished(&raster, straight, hint, fingers, reader, run)
        })
        .collect()
}

/// What is seen on a raw picture before anything is cut out.
struct Seen {
    papers: Vec<FoundPaper>,
    /// The region of fingers over a paper's edge; only a camera sees any.
    fingers: Option<Region>,
}

impl Seen {
    fn on(raster: &Raster, dpi: Option<f32>, hint: &PaperHint) -> Self {
        let overview = Overview::of(raster);
        let papers = edges::find_papers(raster, &overview, dpi, hint);
        let from_camera = dpi.is_none() || papers.iter().any(FoundPaper::is_seen_aslant);
        let fingers = if from_camera { edges::find_fingers(&overview) } else { None };
        Self { papers, fingers }
    }
}

/// Cuts a page out by the corners a person gave, as shares of the raw picture's width and height (top left, top right, bottom right,
/// bottom left of the page); then judges it like any other. Corners may lie a little outside the picture.
///
/// # Errors
/// The faults of decoding; `TooSmall` when the corners hold almost nothing or cross each other.
pub fn cut(raw: &RawPage, shares: &[[f32; 2]; 4], hint: &PaperHint, limits: &Limits) -> Result<ProcessedPage, CaptureFault> {
    let (raster, mut run) = Run::start().decode(raw, limits)?;
    let (width, height) = (raster.width as f32, raster.height as f32);
    let corners = shares.map(|[x, y]| Corner {
        x: x.clamp(-0.1, 1.1) * width,
        y: y.clamp(-0.1, 1.1) * height,
    });
    let (corners, turns) = as_it_lies(corners);
    let Some(paper) = edges::given_paper(corners) else {
        return Err(CaptureFault::TooSmall { width_px: 0, height_px: 0 });
    };
    let dpi = straighten::believable_dpi(&raster, raw.dpi);
    let mut straight = run.timed(|t| &mut t.straighten_ms, || straighten::straighten(&raster, dpi, Some(&paper), hint));
    // A person also cuts pictures that no camera took; one that did stands aslant.
    straight.from_camera &= paper.is_seen_aslant();
    straight.turn(turns);
    let fingers = if dpi.is_none() { edges::find_fingers(&Overview::of(&raster)) } else { None };
    finished(&raster, straight, hint, fingers, None, run)
}

/// The corners of a page in the order in which they lie on the picture, and the clockwise quarter turns that make the page upright:
/// the first corner given is the top left one of the page, wherever it lies.
fn as_it_lies(mut corners: [Corner; 4]) -> ([Corner; 4], u8) {
    let rightwards = |turns: u8| {
        let (from, to) = (corners[usize::from(turns)], corners[usize::from((turns + 1) % 4)]);
        (to.x - from.x) / (to.x - from.x).hypot(to.y - from.y).max(1.0)
    };
    let turns = (0..4).max_by(|a, b| rightwards(*a).total_cmp(&rightwards(*b))).unwrap_or_default();
    corners.rotate_left(usize::from(turns));
    (corners, turns)
}

/// Turns, judges, reads codes and encodes a straightened page.
fn finished(
    raw: &Raster,
    mut straight: Straight,
    hint: &PaperHint,
    fingers: Option<Region>,
    reader: Option<&Reader>,
    mut run: Run,
) -> Result<ProcessedPage, CaptureFault> {
    let turns = reader.and_then(|reader| reading::find_upright(&straight.raster, reader).ok()).unwrap_or(0);
    if turns != 0 {
        straight.turn(turns);
    }
    let gray = straight.gray.take().unwrap_or_else(|| straight.raster.to_gray());
    let raster = &straight.raster;
    let size_mm = straight.dpi.map(|dpi| (raster.width as f32 * 25.4 / dpi, raster.height as f32 * 25.4 / dpi));
    let circumstances = Circumstances {
        dpi: straight.dpi,
        lowest_dpi: hint.lowest_dpi(size_mm),
        sides_cut: straight.sides_cut,
        blur_max_mm: hint.blur_max_mm,
        glare_max: hint.glare_max,
        brightness_min: hint.brightness_min,
        sealed: hint.sealed,
        fingers: fingers
            .map(|region| moved_onto(&straight.corners, raster, region))
            .filter(|region| region.width > 1 && region.height > 1),
        from_camera: straight.from_camera,
    };
    let ((judgement, codes), encoded) = beside(
        || {
            let judgement = run.timed(|t| &mut t.judge_ms, || quality::judge(raster, &gray, circumstances));
            let found = run.timed(
                |t| &mut t.codes_ms,
                || {
                    let found = if judgement.blank { Vec::new() } else { codes::find_codes(&gray) };
                    if found.is_empty() && !judgement.blank {
                        codes_beside(raw, &straight)
                    } else {
                        found
                    }
                },
            );
            (judgement, found)
        },
        || {
            let started = Instant::now();
            let jpeg = encode::jpeg(raster, encode::PAGE_QUALITY, straight.dpi)?;
            let thumb_jpeg = encode::thumbnail(raster, straight.dpi)?;
            Ok::<_, CaptureFault>((jpeg, thumb_jpeg, started.elapsed()))
        },
    );
    let (jpeg, thumb_jpeg, encoding) = encoded?;
    run.timings.encode_ms += encoding.as_secs_f32() * 1000.0;
    let mut findings = judgement.findings;
    findings.extend(skew_finding(&straight));
    findings.extend(size_finding(size_mm, hint));
    // A quarter turn that reading found is not followed; such a page is read from its picture alone.
    let file_text = if turns == 0 {
        text_layer::on_corrected(std::mem::take(&mut run.file_text), &straight.corners, (raster.width, raster.height))
    } else {
        Vec::new()
    };
    Ok(ProcessedPage {
        jpeg,
        thumb_jpeg,
        raw_width_px: raw.width,
        raw_height_px: raw.height,
        width_px: raster.width,
        height_px: raster.height,
        dpi: straight.dpi,
        width_mm: size_mm.map(|s| s.0),
        height_mm: size_mm.map(|s| s.1),
        corners: straight.corners,
        paper_found: straight.paper_found,
        skew_deg: straight.skew.angle_deg,
        skew_confidence: straight.skew.confidence,
        skew_corrected: straight.skew_corrected,
        rotated_quarter_turns: turns,
        blank: judgement.blank,
        quality: judgement.quality,
        perceptual_hash: likeness::perceptual_hash(&gray),
        verdict: judgement.verdict,
        findings,
        codes,
        file_text,
        timings_ms: run.ended(),
    })
}

/// Does two things at once: a page that comes alone is judged sooner when the other processor encodes it meanwhile. Where no thread can
/// be had, one after the other.
fn beside<A, B: Send>(one: impl FnOnce() -> A, other: impl Fn() -> B + Sync) -> (A, B) {
    std::thread::scope(|scope| {
        let running = std::thread::Builder::new().spawn_scoped(scope, &other);
        let one = one();
        let other = match running {
            Ok(running) => running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            Err(_) => other(),
        };
        (one, other)
    })
}

/// Codes on a small picture whose page was cut out: a code may stand beside what was taken for the paper.
fn codes_beside(raw: &Raster, straight: &Straight) -> Vec<Code> {
    const SMALL: u64 = 2_600_000;
    let changed = straight.paper_found || straight.skew_corrected;
    if !changed || u64::from(raw.width) * u64::from(raw.height) > SMALL {
        return Vec::new();
    }
    let moved = |code: Code| Code {
        region: moved_onto(&straight.corners, &straight.raster, code.region),
        ..code
    };
    codes::find_codes(&raw.to_gray()).into_iter().map(moved).collect()
}

/// A region of the raw picture on the page that was cut out of it: one element at the border when it lies beside the page.
fn moved_onto(corners: &[Corner; 4], page: &Raster, Region { x, y, width, height }: Region) -> Region {
    let place = |x: u32, y: u32| on_page(corners, (page.width, page.height), (x as f32, y as f32));
    let ((left, top), (right, bottom)) = (place(x, y), place(x + width, y + height));
    Region {
        x: left.min(right) as u32,
        y: top.min(bottom) as u32,
        width: ((right - left).abs() as u32).max(1),
        height: ((bottom - top).abs() as u32).max(1),
    }
}

impl ProcessedPage {
    /// Looks for codes once more, however long it takes (tenths of a second), when none showed at the pace of the scanner.
    /// A page that can not be decoded again keeps what it has.
    pub fn look_closely_for_codes(&mut self, limits: &Limits) {
        if self.codes.is_empty()
            && !self.blank
            && let Ok(raster) = crate::import::decode_jpeg(&self.jpeg, limits)
        {
            self.codes = codes::find_all_codes(&raster.to_gray());
        }
    }
}

/// The angle of a straightened page's text again, for tests and benches: what is left after correction.
pub fn residual_skew_deg(page: &ProcessedPage, limits: &Limits) -> Option<f32> {
    let raster = crate::import::decode_jpeg(&page.jpeg, limits).ok()?;
    let skew = find_skew(&raster.to_gray());
    (skew.confidence >= SKEW_CONFIDENCE_MIN).then_some(skew.angle_deg)
}

/// A tilt that was corrected but large enough to tell the clerk.
fn skew_finding(straight: &Straight) -> Option<QualityFinding> {
    const WORTH_TELLING_DEG: f32 = 3.0;
    let angle = straight.skew.angle_deg;
    (straight.skew_corrected && angle.abs() > WORTH_TELLING_DEG && !straight.paper_found).then(|| QualityFinding {
        code: "skew-corrected".to_owned(),
        region: None,
        message: Wording {
            zh: format!("页面倾斜 {angle:.1} 度,已自动扶正;请核对四边是否完整。"),
            en: format!("The page was tilted by {angle:.1} degrees and was straightened; check that all edges are there."),
        },
    })
}

/// A page whose size is not that of the expected paper.
fn size_finding(size_mm: Option<(f32, f32)>, hint: &PaperHint) -> Option<QualityFinding> {
    let size = size_mm?;
    let expected = hint.expected_sizes_mm().next()?;
    let fits = hint.expected_sizes_mm().any(|expected| crate::paper::fits(size, expected, expected.0 * 0.06));
    (!fits).then(|| QualityFinding {
        code: "size-differs".to_owned(),
        region: None,
        message: Wording {
            zh: format!(
                "页面约 {:.0}×{:.0} 毫米,这种材料一般是 {:.0}×{:.0} 毫米。请核对材料和扫描设置。",
                size.0, size.1, expected.0, expected.1
            ),
            en: format!(
                "The page measures about {:.0}×{:.0} mm; this paper usually has {:.0}×{:.0} mm. Check the paper and the scanner's settings.",
                size.0, size.1, expected.0, expected.1
            ),
        },
    })
}

fn several_papers(count: usize) -> QualityFinding {
    QualityFinding {
        code: "several-papers".to_owned(),
        region: None,
        message: Wording {
            zh: format!("画面上有 {count} 份材料,这里取了最大的一份。请分成单独的页。"),
            en: format!("There are {count} papers on the picture; this page holds the largest. Split them into pages of their own."),
        },
    }
}

impl Straight {
    /// Turns page and corners by clockwise quarter turns; the first corner stays the page's top left one.
    fn turn(&mut self, turns: u8) {
        if turns.is_multiple_of(4) {
            return;
        }
        self.raster = self.raster.turned(turns);
        self.gray = None;
        self.corners.rotate_right(usize::from(turns % 4));
    }
}

/// The clock of one page.
#[derive(Clone)]
struct Run {
    started: Instant,
    timings: Timings,
    /// Lines that the raw picture carries.
    file_text: Vec<text_layer::Line>,
}

impl Run {
    fn start() -> Self {
        Self {
            started: Instant::now(),
            timings: Timings::default(),
            file_text: Vec::new(),
        }
    }

    fn decode<'p>(mut self, raw: &'p RawPage, limits: &Limits) -> Result<(Cow<'p, Raster>, Self), CaptureFault> {
        let raster = self.timed(|t| &mut t.decode_ms, || raw.decode(limits))?;
        if let RawContent::File { kind: FileKind::Jpeg, bytes } = &raw.content {
            self.file_text = text_layer::carried(bytes);
        }
        Ok((raster, self))
    }

    fn timed<T>(&mut self, slot: impl FnOnce(&mut Timings) -> &mut f32, work: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let result = work();
        *slot(&mut self.timings) += started.elapsed().as_secs_f32() * 1000.0;
        result
    }

    fn ended(mut self) -> Timings {
        self.timings.total_ms = self.started.elapsed().as_secs_f32() * 1000.0;
        self.timings
    }
}
