//! Cuts the paper out, takes perspective and tilt away, and works out the resolution in effect. One interpolation at most.
//! Absent on purpose: quarter turns, which need reading.

use crate::edges::FoundPaper;
use crate::page::{Corner, whole};
use crate::paper::{ID_1_MM, PaperHint};
use crate::raster::{Gray, Raster, quantile};
use crate::skew::{SKEW_CONFIDENCE_MIN, SKEW_IGNORED_DEG, SKEW_RANGE_DEG, Skew, find_skew};

/// A page after cutting and turning.
#[derive(Debug)]
pub(crate) struct Straight {
    pub raster: Raster,
    pub dpi: Option<f32>,
    pub corners: [Corner; 4],
    pub paper_found: bool,
    /// Whether it was cut out of a picture that tells no scanner's resolution.
    pub from_camera: bool,
    pub sides_cut: u8,
    pub skew: Skew,
    pub skew_corrected: bool,
    /// The page in grey, when it was needed on the way.
    pub gray: Option<Gray>,
}

/// The resolution, unless it makes the picture larger than any scanner's bed: cameras write numbers there too.
pub(crate) fn believable_dpi(raster: &Raster, dpi: Option<f32>) -> Option<f32> {
    let longer = raster.width.max(raster.height) as f32;
    let shorter = raster.width.min(raster.height) as f32;
    dpi.filter(|&dpi| dpi > 1.0 && longer * 25.4 / dpi <= 440.0 && shorter * 25.4 / dpi <= 310.0)
}

/// The page on a raw picture: the found paper, or the whole picture with its text made level.
pub(crate) fn straighten(raster: &Raster, dpi: Option<f32>, paper: Option<&FoundPaper>, hint: &PaperHint) -> Straight {
    match paper {
        Some(paper) => cut_out(raster, dpi, paper, hint),
        None => levelled(raster, dpi, hint),
    }
}

/// Cards and sheets found on a background: their corners become the corners of the page.
fn cut_out(raster: &Raster, dpi: Option<f32>, paper: &FoundPaper, hint: &PaperHint) -> Straight {
    let (width, height) = paper.size_px();
    // A camera writes some number into the header; only a scanner's sees a paper with straight angles.
    let from_camera = dpi.is_none();
    let dpi = dpi.filter(|_| !paper.is_seen_aslant());
    let (width_px, height_px, dpi) = match dpi {
        Some(dpi) => (width.round(), height.round(), Some(dpi)),
        None => sized_by_paper(width, height, paper.ratio((raster.width, raster.height)), hint),
    };
    let angle = paper.angle_deg();
    let level =
        paper.corners[0].y.max(paper.corners[1].y) - paper.corners[0].y.min(paper.corners[1].y) < 1.5 && (paper.corners[0].x - paper.corners[3].x).abs() < 1.5;
    let cut = if level {
        let [a, _, c, _] = paper.corners;
        raster.cropped(
            a.x.max(0.0).round() as u32,
            a.y.max(0.0).round() as u32,
            (c.x - a.x).round() as u32,
            (c.y - a.y).round() as u32,
        )
    } else {
        raster.warped(&paper.corners, width_px as u32, height_px as u32, [255; 3])
    };
    Straight {
        raster: cut,
        dpi,
        corners: paper.corners,
        paper_found: true,
        from_camera,
        sides_cut: paper.sides_cut,
        // Four fitted sides are a surer measure than any text.
        skew: Skew {
            angle_deg: angle,
            confidence: 100.0,
            is_clearer: true,
        },
        skew_corrected: !level,
        gray: None,
    }
}

/// Size in elements and resolution of a photographed paper of known or guessed size. `ratio` is the paper's own width by height;
/// perspective distorts that of its picture.
fn sized_by_paper(width: f32, height: f32, ratio: f32, hint: &PaperHint) -> (f32, f32, Option<f32>) {
    let longer = width.max(height);
    let (lies_wide, ratio) = (ratio >= 1.0, ratio.max(1.0 / ratio));
    let close = |known: (f32, f32), tolerance: f32| (ratio / (known.0 / known.1) - 1.0).abs() < tolerance;
    let size = hint.expected_sizes_mm().find(|size| close(*size, 0.15)).or_else(|| {
        // A4 has the ratio of several smaller certificates; only a picture rich enough for A4 is taken for it.
        let card = close(ID_1_MM, 0.05).then_some(ID_1_MM);
        card.or_else(|| (close((297.0, 210.0), 0.05) && longer > 2200.0).then_some((297.0, 210.0)))
    });
    let ratio = size.map_or(ratio, |(long_mm, short_mm)| long_mm / short_mm);
    let (long_px, short_px) = (longer.round(), (longer / ratio).round().max(1.0));
    let (w, h) = if lies_wide { (long_px, short_px) } else { (short_px, long_px) };
    (w, h, size.map(|(long_mm, _)| longer * 25.4 / long_mm))
}

/// The whole picture as the page: dark borders off, text level when its tilt is certain.
fn levelled(raster: &Raster, dpi: Option<f32>, hint: &PaperHint) -> Straight {
    let gray = raster.to_gray();
    let skew = find_skew(&gray);
    let tilted = skew.angle_deg.abs() >= SKEW_IGNORED_DEG && skew.angle_deg.abs() <= SKEW_RANGE_DEG;
    let skew_corrected = skew.confidence >= SKEW_CONFIDENCE_MIN && skew.is_clearer && tilted;
    let corners = if skew_corrected {
        turned_frame(raster, skew.angle_deg)
    } else {
        inner_frame(raster)
    };
    let size = |a: Corner, b: Corner| (a.x - b.x).hypot(a.y - b.y).round() as u32;
    let untouched = !skew_corrected && corners == whole(raster.width, raster.height);
    let page = if skew_corrected {
        let paper = [0, 1, 2].map(|i| {
            let mut histogram = [0u32; 256];
            raster.rgb.iter().skip(i).step_by(3 * 61).for_each(|&v| histogram[usize::from(v)] += 1);
            quantile(&histogram, 0.6)
        });
        raster.warped(&corners, size(corners[0], corners[1]), size(corners[0], corners[3]), paper)
    } else if untouched {
        raster.clone()
    } else {
        raster.cropped(
            corners[0].x as u32,
            corners[0].y as u32,
            size(corners[0], corners[1]),
            size(corners[0], corners[3]),
        )
    };
    let dpi = dpi.or_else(|| dpi_of_whole(&page, hint));
    Straight {
        raster: page,
        dpi,
        corners,
        paper_found: false,
        from_camera: false,
        sides_cut: 0,
        skew,
        skew_corrected,
        gray: untouched.then_some(gray),
    }
}

/// Resolution of a picture that is the page itself and does not say its resolution.
fn dpi_of_whole(page: &Raster, hint: &PaperHint) -> Option<f32> {
    let (width, height) = (page.width as f32, page.height as f32);
    sized_by_paper(width, height, width / height, hint).2
}

/// The frame that, drawn upright, levels text tilted by `angle_deg`. Small tilts keep the picture's size; large ones get room so
/// that nothing is cut off.
fn turned_frame(raster: &Raster, angle_deg: f32) -> [Corner; 4] {
    let (w, h) = (raster.width as f32, raster.height as f32);
    let (sin, cos) = angle_deg.to_radians().sin_cos();
    let (fw, fh) = if angle_deg.abs() < 1.5 {
        (w, h)
    } else {
        (w * cos + h * sin.abs(), h * cos + w * sin.abs())
    };
    let corner = |x: f32, y: f32| Corner {
        x: w / 2.0 + x * cos - y * sin,
        y: h / 2.0 + x * sin + y * cos,
    };
    [
        corner(-fw / 2.0, -fh / 2.0),
        corner(fw / 2.0, -fh / 2.0),
        corner(fw / 2.0, fh / 2.0),
        corner(-fw / 2.0, fh / 2.0),
    ]
}

/// The picture without black borders: rows and columns at the edges that are almost wholly black, at most a tenth of each side.
fn inner_frame(raster: &Raster) -> [Corner; 4] {
    let (w, h) = (raster.width as usize, raster.height as usize);
    let black = |x: usize, y: usize| {
        let at = (y * w + x) * 3;
        raster.rgb[at..at + 3].iter().all(|&v| v < 64)
    };
    let column = |x: usize| (0..h).step_by(7).filter(|&y| black(x, y)).count() * 7 * 10 > h * 8;
    let row = |y: usize| (0..w).step_by(7).filter(|&x| black(x, y)).count() * 7 * 10 > w * 8;
    let left = (0..w / 10).take_while(|&x| column(x)).count();
    let right = (0..w / 10).take_while(|&x| column(w - 1 - x)).count();
    let top = (0..h / 10).take_while(|&y| row(y)).count();
    let bottom = (0..h / 10).take_while(|&y| row(h - 1 - y)).count();
    if left + right + top + bottom == 0 {
        return whole(raster.width, raster.height);
    }
    let (x0, y0, x1, y1) = (left as f32, top as f32, (w - right) as f32, (h - bottom) as f32);
    [
        Corner { x: x0, y: y0 },
        Corner { x: x1, y: y0 },
        Corner { x: x1, y: y1 },
        Corner { x: x0, y: y1 },
    ]
}
