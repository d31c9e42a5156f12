//! Reads printed Chinese and English with the PP-OCR models on `rten`. The models are files in a folder the caller names; without
//! them reading is a stated condition (`OcrFault::ModelsMissing`), never a panic. `models.json` beside this crate's manifest pins
//! them. Absent on purpose: fetching models, handwriting, and any belief in what was read (see `fields`).

mod detect;
mod recognise;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rten::{Model, ModelOptions, RunOptions, ThreadPool};
use serde::{Deserialize, Serialize};

use crate::fault::OcrFault;
use crate::page::{Corner, Region};
use crate::priority::give_way;
use crate::raster::Raster;

/// File of the model that finds lines.
pub const DETECTION_MODEL: &str = "PP-OCRv6_det_small.onnx";
/// File of the model that reads a line; it carries its own list of characters.
pub const RECOGNITION_MODEL: &str = "PP-OCRv6_rec_small.onnx";
/// The pinned origin and digests of the models, as JSON: `{wheel, version, wheel_sha256, files: [{name, path, sha256, bytes}]}`.
pub const MODELS_JSON: &str = include_str!("../models.json");

/// Most lines read on one page.
const MAX_LINES: usize = 400;
/// Threads used for reading; a counter PC has other work too.
const MAX_THREADS: usize = 2;

/// A line of text as read. Never believed by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextLine {
    /// The characters, as the model gives them.
    pub text: String,
    /// Where it stands.
    pub region: Region,
    /// Mean probability of its characters, 0 to 1.
    pub confidence: f32,
    /// Place of each character along the line, 0 at its beginning and 1 at its end.
    #[serde(skip)]
    pub(crate) places: Vec<f32>,
}

/// Both models in memory (about 190 MB while working), with their own small pool of threads. Loads in about 0.1 s.
pub struct Reader {
    detection: Model,
    recognition: Model,
    alphabet: Vec<String>,
    /// All processors for one picture: finding lines.
    together: Arc<ThreadPool>,
    /// One processor each: reading lines.
    lanes: Vec<Arc<ThreadPool>>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("characters", &self.alphabet.len()).finish_non_exhaustive()
    }
}

/// Where the models are when nobody names a folder: beside an installed program, or in the cache that a build of the source fills.
pub fn find_models() -> Option<PathBuf> {
    let program = std::env::current_exe().ok();
    let installed = program
        .as_deref()
        .and_then(|program| Some(program.parent()?.parent()?.join("share/onewindow/models")));
    let fetched = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache/onewindow/models"));
    let is_whole = |folder: &PathBuf| [DETECTION_MODEL, RECOGNITION_MODEL].iter().all(|file| folder.join(file).is_file());
    installed.into_iter().chain(fetched).find(is_whole)
}

impl Reader {
    /// Loads the models from a folder.
    ///
    /// # Errors
    /// `ModelsMissing` when the folder or a file is not there, `ModelUnusable` when a file is not the model it should be,
    /// `Engine` when no threads can be started.
    pub fn load(folder: &Path) -> Result<Self, OcrFault> {
        let detection = load(folder, DETECTION_MODEL)?;
        let recognition = load(folder, RECOGNITION_MODEL)?;
        let characters = recognition.metadata().get("character").ok_or_else(|| OcrFault::ModelUnusable {
            file: RECOGNITION_MODEL.to_owned(),
            detail: "it carries no list of characters".to_owned(),
        })?;
        let mut alphabet: Vec<String> = characters.lines().map(str::to_owned).collect();
        alphabet.push(" ".to_owned());
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get()).min(MAX_THREADS);
        let pools = move || {
            give_way();
            let lane = |threads| Arc::new(ThreadPool::with_num_threads(threads));
            (lane(threads), (0..threads).map(|_| lane(1)).collect())
        };
        let (together, lanes) = std::thread::spawn(pools).join().map_err(|_panicked| OcrFault::Engine {
            detail: "starting the threads of reading".to_owned(),
        })?;
        Ok(Self {
            detection,
            recognition,
            alphabet,
            together,
            lanes,
        })
    }

    /// The lines of a page that lies upright, from top to bottom.
    pub(crate) fn lines(&self, raster: &Raster, dpi: Option<f32>) -> Result<Vec<TextLine>, OcrFault> {
        let boxes = self.boxes(raster, detection_side(raster, dpi))?;
        self.read_boxes(raster, &boxes)
    }

    /// The boxes of all lines, found on the page reduced to the given longer side.
    pub(crate) fn boxes(&self, raster: &Raster, side_px: u32) -> Result<Vec<TextBox>, OcrFault> {
        detect::find_boxes(self, raster, side_px)
    }

    /// Reads the lines in the given boxes.
    pub(crate) fn read_boxes(&self, raster: &Raster, boxes: &[TextBox]) -> Result<Vec<TextLine>, OcrFault> {
        let mut lines = recognise::read(self, raster, &boxes[..boxes.len().min(MAX_LINES)], 0)?;
        lines.retain(|line| !line.text.trim().is_empty() && line.confidence >= 0.3);
        leave_out_ghosts(&mut lines);
        lines.sort_by_key(|line| (line.region.middle_y(), line.region.x));
        Ok(lines)
    }

    /// How surely the given lines can be read when the page is turned clockwise by quarter turns, 0 to 1.
    pub(crate) fn readability(&self, raster: &Raster, boxes: &[TextBox], turns: u8) -> Result<f32, OcrFault> {
        let lines = recognise::read(self, raster, boxes, turns)?;
        let read: Vec<&TextLine> = lines.iter().filter(|line| !line.text.is_empty()).collect();
        let characters: usize = read.iter().map(|line| line.places.len()).sum();
        let sum: f32 = read.iter().map(|line| line.confidence * line.places.len() as f32).sum();
        Ok(sum / characters.max(1) as f32)
    }

    fn options(pool: &Arc<ThreadPool>) -> RunOptions {
        let mut options = RunOptions::default();
        options.thread_pool = Some(Arc::clone(pool));
        options
    }
}

/// Leaves out specks that were found for themselves at the edge of a line and read as characters: weakly read, lower than the line, and
/// partly on it. In one row with it they would make its value another one.
fn leave_out_ghosts(lines: &mut Vec<TextLine>) {
    /// Below this the engine itself, as its authors deliver it, gives no text.
    const WEAK: f32 = 0.5;
    let is_ghost = |line: &TextLine| {
        let region = line.region;
        line.confidence < WEAK
            && lines
                .iter()
                .any(|other| other.confidence > line.confidence && region.height * 10 < other.region.height * 7 && region.share_on(other.region) >= 0.2)
    };
    let ghosts: Vec<bool> = lines.iter().map(is_ghost).collect();
    let mut ghosts = ghosts.into_iter();
    lines.retain(|_| !ghosts.next().unwrap_or(false));
}

fn load(folder: &Path, file: &str) -> Result<Model, OcrFault> {
    let bytes = std::fs::read(folder.join(file)).map_err(|_| OcrFault::ModelsMissing { missing: file.to_owned() })?;
    let unusable = |detail: String| OcrFault::ModelUnusable { file: file.to_owned(), detail };
    let mut options = ModelOptions::with_all_ops();
    options.prepack_weights(true);
    options.load(bytes).map_err(|e| unusable(e.to_string()))
}

/// Elements of the reduced page for a millimetre of paper: characters of 9 points are 11 elements high then, and lines stay apart.
const DETECTION_PER_MM: f32 = 3.6;
/// Shortest and longest side of the reduced page, elements: the small print of a card needs more elements for a millimetre.
const DETECTION_SIDES: (u32, u32) = (960, 1088);

/// Longer side of the reduced page on which lines are searched.
pub(crate) fn detection_side(raster: &Raster, dpi: Option<f32>) -> u32 {
    let (least, most) = DETECTION_SIDES;
    let longer = raster.width.max(raster.height);
    let by_size = dpi.map_or(most, |dpi| (longer as f32 * 25.4 / dpi * DETECTION_PER_MM) as u32);
    by_size.clamp(least, most).min(longer.max(320) * 2)
}

/// A line of text as found: a rectangle, possibly a little tilted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TextBox {
    centre: Corner,
    /// Half the extent along and across the direction of the line.
    half: (f32, f32),
    /// Tilt in radians.
    angle: f32,
    /// Mean probability.
    score: f32,
}

impl TextBox {
    /// Top left, top right, bottom right, bottom left.
    fn corners(&self) -> [Corner; 4] {
        let (sin, cos) = self.angle.sin_cos();
        let at = |u: f32, v: f32| Corner {
            x: self.centre.x + u * cos - v * sin,
            y: self.centre.y + u * sin + v * cos,
        };
        let (a, b) = self.half;
        [at(-a, -b), at(a, -b), at(a, b), at(-a, b)]
    }

    /// The upright region round it, inside a page of the given size.
    fn region(&self, width: u32, height: u32) -> Region {
        let corners = self.corners();
        let bound = |value: f32, side: u32| value.clamp(0.0, side as f32 - 1.0) as u32;
        let xs = corners.map(|c| bound(c.x, width));
        let ys = corners.map(|c| bound(c.y, height));
        let (left, right) = (xs.into_iter().min().unwrap_or(0), xs.into_iter().max().unwrap_or(0));
        let (top, bottom) = (ys.into_iter().min().unwrap_or(0), ys.into_iter().max().unwrap_or(0));
        Region {
            x: left,
            y: top,
            width: right - left + 1,
            height: bottom - top + 1,
        }
    }

    /// Whether the line runs from top to bottom.
    pub(crate) fn is_tall(&self) -> bool {
        self.half.1 > self.half.0 * 1.5
    }

    /// Whether the line clearly runs from left to right.
    pub(crate) fn is_wide(&self) -> bool {
        self.half.0 > self.half.1 * 1.5
    }

    /// Length of the line.
    pub(crate) fn length(&self) -> f32 {
        self.half.0.max(self.half.1) * 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pinned_models_are_the_ones_loaded() {
        let pinned: serde_json::Value = serde_json::from_str(MODELS_JSON).expect("models.json is JSON");
        let names: Vec<&str> = pinned["files"].as_array().expect("files").iter().filter_map(|f| f["name"].as_str()).collect();
        assert_eq!(names, [DETECTION_MODEL, RECOGNITION_MODEL]);
        for file in pinned["files"].as_array().expect("files") {
            assert_eq!(file["sha256"].as_str().map(str::len), Some(64));
        }
    }

    #[test]
    fn a_speck_at_the_edge_of_a_line_is_no_text_and_a_weak_line_of_its_own_is() {
        let line = |text: &str, [x, y, width, height]: [u32; 4], confidence: f32| TextLine {
            text: text.to_owned(),
            region: Region { x, y, width, height },
            confidence,
            places: Vec::new(),
        };
        let code = line("91330302MAYYYY315D", [637, 1254, 495, 59], 0.99);
        let check = |beside: TextLine, stays: bool| {
            let mut lines = vec![beside.clone(), code.clone()];
            leave_out_ghosts(&mut lines);
            assert_eq!(lines.contains(&beside), stays, "{beside:?}");
            assert!(lines.contains(&code));
        };
        check(line("15", [606, 1267, 46, 30], 0.36), false);
        check(line("15", [560, 1267, 46, 30], 0.36), true);
        check(line("15", [606, 1267, 46, 30], 0.8), true);
        check(line("15", [606, 1254, 46, 59], 0.36), true);
        check(line("开户行", [637, 1304, 300, 59], 0.4), true);
    }

    #[test]
    fn a_missing_folder_is_a_stated_condition() {
        let fault = Reader::load(Path::new("no/such/folder")).expect_err("no models there");
        assert_eq!(fault.code(), "models-missing");
    }
}
