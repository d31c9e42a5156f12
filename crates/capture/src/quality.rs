//! Judges a corrected page: ink, sharpness, exposure, reflections, fingers, moiré, pale seals, resolution, cut edges; and says what to do
//! about each. A false finding costs a clerk more than a missed one: each measure says in its own words what it does not find.
//! Absent on purpose: correcting anything, and device calibration (thresholds here suit 200 to 600 dpi scans).

use crate::page::{PageVerdict, Quality, QualityFinding, Region, Wording};
use crate::raster::{Gray, Raster, quantile};

mod glare;
mod moire;
mod seals;
mod sharpness;

/// Below this share of ink a page is blank. Empty sheets measured 0.0005 to 0.0155 per cent, one signed line 0.2 per cent.
const BLANK_INK_RATIO: f32 = 0.000_5;
/// Below this brightness the paper itself is too dark, when the catalogue does not say and nothing light is on it: cards and covers are
/// dark and bear light print.
const DARK_LUMA: u8 = 70;
/// So bright is light print on a dark paper, and so much of it there must be, share of the page.
const LIGHT_PRINT_LUMA: u8 = 140;
const LIGHT_PRINT_SHARE: f64 = 0.01;
/// From this brightness on a camera sees no difference between paper and faint print; rightly exposed paper stays well below. A scanner's
/// is often set so that paper is white without a mark, and loses nothing by it; nor does a picture that a program drew, whose print is black.
/// Light that burns paper out veils black print as well: the darkest two thousandths of drawn papers lay at level 66 or above.
const BURNT_OUT_LUMA: u8 = 252;
const BLACK_PRINT_LUMA: u8 = 56;
/// Edges wider than this on paper are out of focus, millimetres, but never less than `BLUR_MIN_PX` elements.
const BLUR_MM: f32 = 0.55;
const BLUR_MIN_PX: f32 = 4.6;
/// Smaller reflections are not reported, share of the page.
const GLARE_SHARE: f32 = 0.004;

/// What is known about the page from earlier steps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Circumstances {
    pub dpi: Option<f32>,
    pub lowest_dpi: f32,
    pub sides_cut: u8,
    /// Limits of the paper's own, if the catalogue sets them.
    pub blur_max_mm: Option<f32>,
    pub glare_max: Option<f32>,
    pub brightness_min: Option<u8>,
    /// Whether a red seal belongs on the paper.
    pub sealed: bool,
    /// Where fingers lie on the page.
    pub fingers: Option<Region>,
    /// Whether the page was cut out of a camera's picture.
    pub from_camera: bool,
}

/// The judgement of a page.
#[derive(Debug)]
pub(crate) struct Judgement {
    pub quality: Quality,
    pub blank: bool,
    pub verdict: PageVerdict,
    pub findings: Vec<QualityFinding>,
}

/// Judges the page; `gray` is the page in grey.
pub(crate) fn judge(page: &Raster, gray: &Gray, circumstances: Circumstances) -> Judgement {
    let histogram = gray.histogram();
    let median_luma = quantile(&histogram, 0.5);
    let reflections = glare::find_reflections(gray, median_luma, circumstances.glare_max.unwrap_or(GLARE_SHARE));
    let quality = Quality {
        ink_ratio: ink_ratio(gray, median_luma),
        sharpness: sharpness::laplacian_variance(gray),
        edge_width_px: sharpness::edge_width_px(gray, &histogram, median_luma),
        overexposed_ratio: reflections.iter().fold(0.0, |sum, r| sum + r.share),
        median_luma,
    };
    let too_bright = circumstances.from_camera && median_luma >= BURNT_OUT_LUMA && quantile(&histogram, 0.002) > BLACK_PRINT_LUMA;
    let blank = quality.ink_ratio < BLANK_INK_RATIO && median_luma >= DARK_LUMA && !too_bright;
    let seen = Seen {
        reflection: reflections.first().map(|r| r.region),
        too_bright,
        too_dark: is_too_dark(&histogram, median_luma, circumstances.brightness_min),
        moire: !blank && moire::has_moire(gray),
        pale_seal: if blank {
            None
        } else {
            seals::find_pale_seal(page, circumstances.dpi, circumstances.sealed)
        },
    };
    let findings = findings(&quality, blank, circumstances, &seen);
    // The findings stand in the order in which they must be dealt with.
    let verdict = findings.first().map_or(PageVerdict::Usable, |(verdict, _)| *verdict);
    Judgement {
        quality,
        blank,
        verdict,
        findings: findings.into_iter().map(|(_, finding)| finding).collect(),
    }
}

/// Whether the paper is too dark for its material; of a paper that may be any, whether the picture is.
fn is_too_dark(histogram: &[u32; 256], median_luma: u8, brightness_min: Option<u8>) -> bool {
    let bears_light_print = || quantile(histogram, 1.0 - LIGHT_PRINT_SHARE) >= LIGHT_PRINT_LUMA;
    brightness_min.map_or_else(|| median_luma < DARK_LUMA && !bears_light_print(), |least| median_luma < least)
}

/// Share of elements clearly darker than the paper, or than a dark paper lighter, without a margin of two per cent; on a reduced picture,
/// so that noise averages out.
fn ink_ratio(gray: &Gray, paper_luma: u8) -> f32 {
    const DARK_PAPER: u8 = 150;
    let small = gray.reduced((gray.width.max(gray.height) / 1200).max(1));
    let darker = paper_luma.saturating_sub(32);
    let lighter = if paper_luma < DARK_PAPER { paper_luma + 32 } else { u8::MAX };
    let (mx, my) = (small.width / 50, small.height / 50);
    let mut ink = 0usize;
    let mut all = 0usize;
    for y in my..small.height - my {
        let row = &small.luma[(y * small.width + mx) as usize..(y * small.width + small.width - mx) as usize];
        ink += row.iter().filter(|&&v| v < darker || v > lighter).count();
        all += row.len();
    }
    ink as f32 / all.max(1) as f32
}

/// What was looked for and has no number.
struct Seen {
    reflection: Option<Region>,
    too_bright: bool,
    too_dark: bool,
    moire: bool,
    pale_seal: Option<Region>,
}

fn findings(quality: &Quality, blank: bool, circumstances: Circumstances, seen: &Seen) -> Vec<(PageVerdict, QualityFinding)> {
    let mut found = Vec::new();
    if blank {
        found.push(finding(
            PageVerdict::Blank,
            None,
            "这一页是空白。确实需要就保留,否则请排除。",
            "This page is blank. Keep it if it is needed, otherwise exclude it.",
        ));
        return found;
    }
    if circumstances.sides_cut > 0 {
        found.push(finding(
            PageVerdict::CutEdge,
            None,
            "材料的边缘在画面之外。请把材料完全放进扫描区后重扫。",
            "An edge of the paper is outside the picture. Move the paper fully inside and scan again.",
        ));
    }
    if let Some(region) = circumstances.fingers {
        found.push(finding(
            PageVerdict::Fingers,
            Some(region),
            "手指压在材料上,遮住了一部分。请把手移开(边角翘起可用镇尺压住)后重扫。",
            "A finger lies on the paper and hides a part of it. Take the hand away (weigh down corners that curl) and scan again.",
        ));
    }
    let blur_px = (circumstances.blur_max_mm.unwrap_or(BLUR_MM) * circumstances.dpi.unwrap_or(250.0) / 25.4).max(BLUR_MIN_PX);
    if quality.edge_width_px > blur_px {
        found.push(finding(
            PageVerdict::Blurred,
            None,
            "画面模糊。请擦净玻璃、压平材料,拍摄时等画面稳定后重扫。",
            "The picture is blurred. Clean the glass, press the paper flat, hold still, and scan again.",
        ));
    }
    if let Some(region) = seen.reflection {
        found.push(finding(
            PageVerdict::Glare,
            Some(region),
            "材料反光,遮住了内容。请稍微转动材料或避开灯光后重扫。",
            "The paper reflects the lamp and hides its content. Turn it a little or shade it and scan again.",
        ));
    }
    if seen.too_bright {
        found.push(finding(
            PageVerdict::TooBright,
            None,
            "画面过亮,浅色的字和印章已看不出。请调暗灯光或降低曝光后重拍。",
            "The picture is so bright that faint print and seals are gone. Dim the lamp or lower the exposure and take it again.",
        ));
    }
    if seen.too_dark {
        found.push(finding(
            PageVerdict::TooDark,
            None,
            "画面太暗。请增加亮度或合上盖板后重扫。",
            "The picture is too dark. Raise the brightness or close the lid and scan again.",
        ));
    }
    if seen.moire {
        found.push(finding(
            PageVerdict::Moire,
            None,
            "画面有波纹(摩尔纹)。请扫描原件而不是屏幕;印刷品请换一个分辨率或打开“去网纹”后重扫。",
            "Waves (moiré) lie over the page. Scan the paper itself, not a screen; for printed pictures take another resolution or “descreen”.",
        ));
    }
    if let Some(region) = seen.pale_seal {
        found.push(finding(
            PageVerdict::PaleSeal,
            Some(region),
            "印章太淡,几乎看不清。请用彩色、调低亮度后重扫;原件本身就淡的,请对照原件核实。",
            "The seal hardly shows. Scan in colour and less bright; when it is as pale on the paper, compare it with the original.",
        ));
    }
    if let Some(dpi) = circumstances.dpi.filter(|&dpi| dpi < circumstances.lowest_dpi) {
        found.push((PageVerdict::LowDpi, low_dpi(dpi, circumstances.lowest_dpi)));
    }
    found
}

fn low_dpi(dpi: f32, lowest: f32) -> QualityFinding {
    let wanted = if lowest > 200.0 { 300 } else { 200 };
    QualityFinding {
        code: PageVerdict::LowDpi.code().to_owned(),
        region: None,
        message: Wording {
            zh: format!("有效分辨率约 {dpi:.0} dpi,归档要求 {wanted} dpi。请以 {wanted} dpi 重新扫描。"),
            en: format!("About {dpi:.0} dpi in effect; the archive needs {wanted}. Scan again at {wanted} dpi."),
        },
    }
}

fn finding(verdict: PageVerdict, region: Option<Region>, zh: &str, en: &str) -> (PageVerdict, QualityFinding) {
    (
        verdict,
        QualityFinding {
            code: verdict.code().to_owned(),
            region,
            message: Wording::of(zh, en),
        },
    )
}
