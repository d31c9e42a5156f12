//! TIFF as scanners and fax machines write it: black and white, Group 4. The fixture was written by libtiff (`tiffcp -c g4`) from the pages
//! drawn here: the first as one strip, the second in strips of 128 rows, both at 200 dpi.

use image::ImageFormat;
use onewindow_capture::{Limits, PaperHint, Raster, import, process};

use crate::drawing::{encoded, write_lines};

const PAGES: &[u8] = include_bytes!("../fixtures/pages-g4.tif");

/// The page of which the fixture was made, in black and white.
fn page(seed: u64) -> Raster {
    let mut raster = Raster::filled(620, 877, [255; 3]);
    write_lines(&mut raster, (60, 80, 500, 700), 36, seed);
    for value in &mut raster.rgb {
        *value = if *value < 128 { 0 } else { 255 };
    }
    raster
}

#[test]
fn a_page_in_group_four_is_the_page_that_was_written() {
    let limits = Limits::default();
    let pages = import::split(PAGES, "scan.tif", &limits).unwrap();
    assert_eq!(pages.iter().map(|page| page.number).collect::<Vec<_>>(), [1, 2]);
    for (raw, seed) in pages.iter().zip([41, 42]) {
        assert_eq!(raw.dpi, Some(200.0));
        let (found, drawn) = (raw.decode(&limits).unwrap(), page(seed));
        assert_eq!((found.width, found.height), (drawn.width, drawn.height));
        // Pages of a stack are kept as JPEG, which leaves a shade around black.
        let furthest = found.rgb.iter().zip(&drawn.rgb).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(furthest.is_some_and(|most| most < 40), "page {seed} differs by {furthest:?}");
    }
}

#[test]
fn a_page_in_group_four_is_judged_like_the_same_page_as_png() {
    let limits = Limits::default();
    let judged = |bytes: &[u8], name: &str| {
        let raw = import::RawPage {
            dpi: Some(200.0),
            ..import::split(bytes, name, &limits).unwrap().remove(0)
        };
        process(&raw, &PaperHint::default(), &limits, None).unwrap()
    };
    let (fax, png) = (judged(PAGES, "scan.tif"), judged(&encoded(&page(41), ImageFormat::Png), "scan.png"));
    assert_eq!((fax.width_px, fax.height_px, fax.verdict), (png.width_px, png.height_px, png.verdict));
    assert_eq!(
        (&fax.findings, fax.paper_found, fax.skew_corrected),
        (&png.findings, png.paper_found, png.skew_corrected)
    );
    assert!(onewindow_capture::hamming(fax.perceptual_hash, png.perceptual_hash) <= 1, "the same page");
}

#[test]
fn a_spoiled_page_in_group_four_is_taken_or_refused() {
    for cut in [9, 40, 300, 2_000, PAGES.len() - 1] {
        let _ = import::split(&PAGES[..cut], "scan.tif", &Limits::default());
    }
    for at in (8..PAGES.len()).step_by(61) {
        let mut bytes = PAGES.to_vec();
        bytes[at] ^= 0xa5;
        let _ = import::split(&bytes, "scan.tif", &Limits::default());
    }
}
