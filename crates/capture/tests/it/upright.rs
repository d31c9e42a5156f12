//! A page that did not lie upright: what is told of it is told of the upright page, only its corners lie on the picture that came.

use onewindow_capture::{Corner, Limits, PaperHint, ProcessedPage, QualityFinding, Raster, RawPage, Region, Wording, hamming, process, turn};
use qrcodegen::{QrCode, QrCodeEcc};

use crate::drawing::{fill, sheet};

/// A sheet with a code at its top right.
fn coded_sheet() -> Raster {
    let mut raster = sheet(11);
    let code = QrCode::encode_text("ONE WINDOW 330302", QrCodeEcc::Medium).unwrap();
    fill(&mut raster, 880, 60, 300, 300, [252, 252, 250]);
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                fill(&mut raster, 900 + x as u32 * 8, 80 + y as u32 * 8, 8, 8, [20; 3]);
            }
        }
    }
    raster
}

fn page(raster: Raster) -> ProcessedPage {
    process(&RawPage::from_pixels(1, raster, 150.0), &PaperHint::default(), &Limits::default(), None).unwrap()
}

fn is_near(one: Region, other: Region) -> bool {
    [(one.x, other.x), (one.y, other.y), (one.width, other.width), (one.height, other.height)]
        .iter()
        .all(|(a, b)| a.abs_diff(*b) <= 4)
}

#[test]
fn a_page_turned_upright_is_told_like_one_that_lay_so() {
    let upright = page(coded_sheet());
    let (w, h) = (upright.width_px as f32, upright.height_px as f32);
    let at = |x, y| Corner { x, y };
    // Where the upright page's top left, top right, bottom right, bottom left corner lay on the picture.
    for (turns, lay) in [
        (1, [at(0.0, w), at(0.0, 0.0), at(h, 0.0), at(h, w)]),
        (2, [at(w, h), at(0.0, h), at(0.0, 0.0), at(w, 0.0)]),
        (3, [at(h, 0.0), at(h, w), at(0.0, w), at(0.0, 0.0)]),
    ] {
        let mut laid = page(coded_sheet().turned(4 - turns));
        let code = laid.codes.first().expect("the code is seen however the page lies").region;
        laid.findings = vec![QualityFinding {
            code: "glare".to_owned(),
            region: Some(code),
            message: Wording::of("", ""),
        }];
        let turned = turn(&laid.jpeg, turns).unwrap();
        laid.lie_upright(turned, turns);
        assert_eq!((laid.width_px, laid.height_px), (upright.width_px, upright.height_px), "{turns} turns");
        assert_eq!((laid.width_mm, laid.height_mm), (upright.width_mm, upright.height_mm), "{turns} turns");
        assert_eq!(laid.corners, lay, "{turns} turns");
        assert_eq!(laid.rotated_quarter_turns, turns);
        assert!(is_near(laid.codes[0].region, upright.codes[0].region), "{turns} turns: {:?}", laid.codes);
        assert_eq!(
            laid.findings[0].region,
            Some(laid.codes[0].region),
            "{turns} turns: findings lie where codes do"
        );
        assert!(hamming(laid.perceptual_hash, upright.perceptual_hash) <= 3, "{turns} turns: the same page");
        let picture = image::load_from_memory(&laid.jpeg).unwrap();
        assert_eq!((picture.width(), picture.height()), (laid.width_px, laid.height_px), "{turns} turns");
    }
}
