//! Papers on a table and on the glass: how well the found sides cover the true ones.

use anyhow::Result;
use onewindow_bench::Report;
use onewindow_capture::{Corner, Limits, PaperHint, process};
use onewindow_testkit::papers::{Glare, Paper, PaperKind, PhotoOptions, Placement, Random, on_glass, photographed};

use crate::pages::{flat, jpeg, rows};

/// Papers that are photographed at a counter.
const KINDS: [PaperKind; 8] = [
    PaperKind::IdCardPortrait,
    PaperKind::IdCardEmblem,
    PaperKind::HouseholdMember,
    PaperKind::MarriageCertificate,
    PaperKind::PassportDataPage,
    PaperKind::BirthCertificate,
    PaperKind::BusinessLicence,
    PaperKind::TenancyContract,
];
const EACH: u64 = 8;

pub fn measure(report: &mut Report) -> Result<()> {
    let mut random = Random::from_seed(11);
    let (mut photos, mut glass) = (Vec::new(), Vec::new());
    for kind in KINDS {
        for seed in 0..EACH {
            let paper = flat(kind, 1, 300, seed)?;
            photos.push(cover(&photographed(&paper, &picture(&mut random, &paper, seed)), None)?);
            let (width, height) = kind.size_mm();
            if width < 200.0 && height < 280.0 {
                let room = (Placement::A4.0 - width, Placement::A4.1 - height);
                let place = Placement::at(random.between(6.0, room.0 - 6.0), random.between(6.0, room.1 - 6.0), random.between(-4.0, 4.0));
                glass.push(cover(&on_glass(&paper, &place), Some(300.0))?);
            }
        }
    }
    tell(report, "photographs", &photos);
    tell(report, "on the glass", &glass);
    Ok(())
}

fn picture(random: &mut Random, paper: &Paper, seed: u64) -> PhotoOptions {
    let shines = paper.kind.corner_radius_mm() > 0.0 && seed.is_multiple_of(2);
    let spot = Glare {
        at: (random.between(0.2, 0.8), random.between(0.2, 0.8)),
        radii_mm: (6.0, 4.0),
        strength: 1.6,
    };
    PhotoOptions {
        turn_deg: random.between(-10.0, 10.0),
        tilt_deg: (random.between(-18.0, 18.0), random.between(-18.0, 18.0)),
        glare: if shines { vec![spot] } else { Vec::new() },
        blur_px: random.between(0.4, 1.4),
        shadow: random.between(0.0, 0.5),
        seed,
        ..PhotoOptions::default()
    }
}

/// Intersection over union of the found and the true corners.
fn cover(paper: &Paper, dpi: Option<f32>) -> Result<f64> {
    let page = process(&rows(paper, dpi), &PaperHint::default(), &Limits::default(), None)?;
    let found = page.corners.map(|Corner { x, y }| [f64::from(x), f64::from(y)]);
    let truth = paper.truth.corners.map(|[x, y]| [f64::from(x), f64::from(y)]);
    let cover = iou(&found, &truth);
    if cover < 0.97 {
        println!("  {:?} {:?}: {cover:.3}; found {found:.0?}, true {truth:.0?}", paper.kind, paper.truth.faults);
        // Left for looking at.
        std::fs::write(format!("target/bench/capture/crop-{:?}-{cover:.3}.jpg", paper.kind), jpeg(paper)?)?;
    }
    Ok(cover)
}

fn tell(report: &mut Report, what: &str, covers: &[f64]) {
    let mean = covers.iter().sum::<f64>() / covers.len().max(1) as f64;
    let worst = covers.iter().copied().fold(1.0, f64::min);
    report.note_against(format!("edge crop {what}, mean IoU of {}", covers.len()), mean, "", "0.98");
    report.note(format!("edge crop {what}, worst IoU"), worst, "");
}

fn iou(a: &[[f64; 2]], b: &[[f64; 2]]) -> f64 {
    let shared = area(&clipped(a, b));
    shared / (area(a) + area(b) - shared).max(1e-9)
}

fn area(points: &[[f64; 2]]) -> f64 {
    let n = points.len();
    let twice: f64 = (0..n)
        .map(|i| points[i][0] * points[(i + 1) % n][1] - points[(i + 1) % n][0] * points[i][1])
        .sum();
    twice.abs() / 2.0
}

/// The part of a polygon inside a clockwise (y downwards) convex one.
fn clipped(polygon: &[[f64; 2]], by: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut points = polygon.to_vec();
    for i in 0..by.len() {
        let (p, q) = (by[i], by[(i + 1) % by.len()]);
        let side = |c: [f64; 2]| (q[0] - p[0]) * (c[1] - p[1]) - (q[1] - p[1]) * (c[0] - p[0]);
        let mut kept = Vec::new();
        for j in 0..points.len() {
            let (a, b) = (points[j], points[(j + 1) % points.len()]);
            let (sa, sb) = (side(a), side(b));
            if sa >= 0.0 {
                kept.push(a);
            }
            if sa * sb < 0.0 {
                let t = sa / (sa - sb);
                kept.push([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]);
            }
        }
        points = kept;
    }
    points
}
