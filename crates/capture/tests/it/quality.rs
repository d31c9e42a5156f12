//! What the gate says of pictures with one deliberate fault, and that it says nothing of pictures without it. The papers and their faults
//! are those of the testkit; the truth of it says where a fault is.

use onewindow_capture::{Limits, PageVerdict, PaperHint, ProcessedPage, Raster, RawPage, process};
use onewindow_testkit::papers::{
    Cast, DrawOptions, Fault, Finger, Moire, Paper, PaperKind, PhotoOptions, Placement, Random, SKIN, Truth, Wear, degrade, draw, on_glass, over_exposed,
    photographed, with_moire,
};

/// The findings of this module.
const FAULTS: [(Fault, PageVerdict); 4] = [
    (Fault::Fingers, PageVerdict::Fingers),
    (Fault::Moire, PageVerdict::Moire),
    (Fault::PaleSeal, PageVerdict::PaleSeal),
    (Fault::OverExposed, PageVerdict::TooBright),
];

fn flat(kind: PaperKind, page_no: u32, seed: u64, seal_percent: u32) -> Paper {
    let options = DrawOptions {
        seed,
        page_no,
        seal_percent,
        ..DrawOptions::default()
    };
    draw(kind, &Cast::invent(seed), &options).unwrap()
}

/// From a scanner, which tells its resolution, or from a camera, which does not.
fn judged(paper: &Paper, scanned: bool, hint: &PaperHint) -> ProcessedPage {
    let raster = Raster::from_rgb(paper.image.width(), paper.image.height(), paper.image.as_raw().clone()).unwrap();
    let raw = RawPage {
        dpi: scanned.then_some(300.0),
        ..RawPage::from_pixels(1, raster, 300.0)
    };
    process(&raw, hint, &Limits::default(), None).unwrap()
}

fn found(page: &ProcessedPage) -> Vec<&'static str> {
    let codes = FAULTS.map(|(_, verdict)| verdict.code());
    codes
        .into_iter()
        .filter(|code| page.findings.iter().any(|finding| finding.code == *code))
        .collect()
}

/// Whether the middle of a finding's region lies on the place that the truth names.
fn is_at_its_place(page: &ProcessedPage, truth: &Truth, fault: Fault, verdict: PageVerdict) -> bool {
    let region = page
        .findings
        .iter()
        .find(|finding| finding.code == verdict.code())
        .and_then(|finding| finding.region)
        .unwrap();
    let (u, v) = (
        (region.x as f32 + region.width as f32 / 2.0) / page.width_px as f32,
        (region.y as f32 + region.height as f32 / 2.0) / page.height_px as f32,
    );
    let [a, b, c, d] = page.corners;
    let mix = |pick: fn(&onewindow_capture::Corner) -> f32| (pick(&a) * (1.0 - u) + pick(&b) * u) * (1.0 - v) + (pick(&d) * (1.0 - u) + pick(&c) * u) * v;
    let (x, y) = (mix(|c| c.x), mix(|c| c.y));
    let room = truth.image_width_px as f32 * 0.02;
    let holds = |[left, top, width, height]: [f32; 4]| (left - room..left + width + room).contains(&x) && (top - room..top + height + room).contains(&y);
    truth.spots.iter().any(|spot| spot.fault == fault && holds(spot.area.rect))
}

fn scan(paper: &Paper, random: &mut Random) -> Paper {
    let (width, height) = paper.kind.size_mm();
    if width < 200.0 && height < 280.0 {
        return on_glass(
            paper,
            &Placement::at(random.between(6.0, 30.0), random.between(6.0, 30.0), random.between(-3.0, 3.0)),
        );
    }
    let wear = Wear {
        skew_deg: random.between(-1.5, 1.5),
        noise: random.between(1.0, 5.0),
        jpeg_quality: Some(75),
        seed: random.next_bits(),
        ..Wear::default()
    };
    degrade(paper, &wear).unwrap()
}

const TABLES: [[u8; 3]; 5] = [[74, 58, 46], [88, 90, 94], [34, 34, 38], [52, 84, 70], [150, 112, 80]];

fn options(random: &mut Random, fingers: Vec<Finger>) -> PhotoOptions {
    PhotoOptions {
        turn_deg: random.between(-6.0, 6.0),
        tilt_deg: (random.between(-12.0, 12.0), random.between(-12.0, 12.0)),
        blur_px: random.between(0.4, 1.0),
        shadow: random.between(0.0, 0.5),
        table: *random.pick(&TABLES),
        seed: random.next_bits(),
        fingers,
        ..PhotoOptions::default()
    }
}

/// Judges the picture and compares what is found; a finding with a place must be where the truth says.
fn check(what: &str, picture: &Paper, scanned: bool, verdict: PageVerdict) {
    let page = judged(
        picture,
        scanned,
        &PaperHint {
            sealed: verdict == PageVerdict::PaleSeal,
            ..PaperHint::default()
        },
    );
    assert_eq!(found(&page), [verdict.code()], "{what}: {:?}", page.quality);
    let fault = FAULTS.iter().find(|(_, own)| *own == verdict).map(|(fault, _)| *fault).unwrap();
    assert!(picture.truth.faults.contains(&fault), "{what}: the truth knows of it");
    if picture.truth.spots.iter().any(|spot| spot.fault == fault) {
        assert!(is_at_its_place(&page, &picture.truth, fault, verdict), "{what}: found where it is not");
    }
    let words = &page.findings.iter().find(|finding| finding.code == verdict.code()).unwrap().message;
    assert!(words.zh.contains('请') && words.en.ends_with('.'), "{what}: it says what to do");
}

#[test]
fn a_picture_without_a_fault_is_left_alone() {
    let awaited = PaperHint {
        sealed: true,
        ..PaperHint::default()
    };
    for (seed, kind) in (0..).zip(PaperKind::ALL) {
        for page_no in 1..=kind.page_count() {
            let mut random = Random::from_seed(seed);
            let paper = flat(kind, page_no, seed, 100);
            let scan = scan(&paper, &mut random);
            let mut clipped = scan.clone();
            // A scanner set so that paper is white without a mark; print stays dark.
            clipped.image.iter_mut().for_each(|level| *level = (f32::from(*level) * 1.1) as u8);
            let photo = photographed(&paper, &options(&mut random, Vec::new()));
            for (name, picture, scanned) in [("scanned", scan, true), ("clipped", clipped, true), ("photographed", photo, false)] {
                let page = judged(&picture, scanned, &awaited);
                assert!(found(&page).is_empty(), "{kind:?} {page_no}, {name}: {:?}", found(&page));
            }
        }
    }
}

#[test]
fn a_finger_over_an_edge_is_found_where_it_lies() {
    // A hand of the colour of the table is not found; brown ones differ too little from brown tables.
    for (seed, kind) in (0..).zip([
        PaperKind::IdCardPortrait,
        PaperKind::HouseholdMember,
        PaperKind::BirthCertificate,
        PaperKind::BusinessLicence,
        PaperKind::MarriageCertificate,
        PaperKind::TenancyContract,
    ]) {
        for (at, skin) in SKIN.into_iter().enumerate() {
            let mut random = Random::from_seed(seed * 10 + at as u64);
            let finger = Finger {
                skin,
                ..Finger::any(&mut random)
            };
            let options = PhotoOptions {
                table: TABLES[(seed as usize + at) % 3 + 1],
                ..options(&mut random, vec![finger])
            };
            check(
                &format!("{kind:?} {finger:?}"),
                &photographed(&flat(kind, 1, seed, 100), &options),
                false,
                PageVerdict::Fingers,
            );
        }
    }
}

#[test]
fn moire_is_found_on_scans_and_photographs() {
    for (seed, kind) in (0..).zip([
        PaperKind::IdCardPortrait,
        PaperKind::HouseholdMember,
        PaperKind::DeathCertificate,
        PaperKind::TenancyContract,
    ]) {
        let mut random = Random::from_seed(seed);
        let paper = flat(kind, 1, seed, 100);
        let photo = photographed(&paper, &options(&mut random, Vec::new()));
        for (picture, scanned) in [(scan(&paper, &mut random), true), (photo, false)] {
            let moire = Moire {
                period_px: random.between(4.0, 10.0),
                angle_deg: random.between(25.0, 65.0),
                ..Moire::any(&mut random)
            };
            check(&format!("{kind:?} {moire:?}"), &with_moire(&picture, &moire), scanned, PageVerdict::Moire);
        }
    }
}

#[test]
fn a_seal_that_hardly_shows_is_found_and_a_fresh_one_is_not_complained_about() {
    for (seed, kind) in (0..).zip([
        PaperKind::HouseholdCover,
        PaperKind::BirthCertificate,
        PaperKind::DeathCertificate,
        PaperKind::MedicalReceipt,
    ]) {
        for seal_percent in [8, 13] {
            let mut random = Random::from_seed(seed);
            let pale = scan(&flat(kind, 1, seed, seal_percent), &mut random);
            check(&format!("{kind:?} {seal_percent} %"), &pale, true, PageVerdict::PaleSeal);
        }
        let fresh = scan(&flat(kind, 1, seed, 60), &mut Random::from_seed(seed));
        let page = judged(
            &fresh,
            true,
            &PaperHint {
                sealed: true,
                ..PaperHint::default()
            },
        );
        assert!(found(&page).is_empty(), "{kind:?}: a seal of more than half its strength is clear");
    }
}

#[test]
fn a_photograph_with_too_much_light_is_sent_back_and_is_not_called_blank() {
    for (seed, kind) in (0..).zip(PaperKind::ALL.into_iter().filter(|kind| *kind != PaperKind::BankCard)) {
        let mut random = Random::from_seed(seed);
        let photo = photographed(&flat(kind, 1, seed, 100), &options(&mut random, Vec::new()));
        let bright = over_exposed(&photo, random.between(1.5, 2.2));
        let page = judged(&bright, false, &PaperHint::default());
        if page.paper_found {
            check(&format!("{kind:?}"), &bright, false, PageVerdict::TooBright);
            assert!(!page.blank, "{kind:?}");
        }
    }
}

#[test]
fn a_dark_card_with_light_print_is_neither_blank_nor_too_dark() {
    let card = flat(PaperKind::BankCard, 1, 4, 100);
    let mut random = Random::from_seed(4);
    let faded = degrade(&card, &Wear { fade: 0.3, ..Wear::default() }).unwrap();
    let (scan, photo) = (scan(&card, &mut random), photographed(&card, &options(&mut random, Vec::new())));
    for (name, picture, scanned) in [("scanned", scan, true), ("faded", faded, true), ("photographed", photo, false)] {
        let page = judged(&picture, scanned, &PaperHint::default());
        assert_eq!((page.verdict, page.blank), (PageVerdict::Usable, false), "{name}: {:?}", page.quality);
    }
}

/// A picture of a screen: white without a mark, black print, a grey margin round it, and no resolution, as a camera's has none.
#[test]
fn a_page_that_a_program_drew_is_not_too_bright() {
    let mut page = flat(PaperKind::TenancyContract, 1, 5, 100);
    page.image.iter_mut().for_each(|level| *level = (f32::from(*level) * 1.1) as u8);
    let (width, height) = page.image.dimensions();
    let mut screen = image::RgbImage::from_pixel(width + 200, height + 200, image::Rgb([96, 98, 102]));
    image::imageops::replace(&mut screen, &page.image, 100, 100);
    page.image = screen;
    let found = judged(&page, false, &PaperHint::default());
    assert!(found.paper_found && found.quality.median_luma >= 252, "{:?}", found.quality);
    assert_eq!(found.verdict, PageVerdict::Usable);
}
