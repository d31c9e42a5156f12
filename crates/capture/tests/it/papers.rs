//! What must be found, corrected and said about pages; and what must be left alone.

use onewindow_capture::{
    Corner, Limits, PageVerdict, PaperHint, PaperKind, ProcessedPage, Raster, RawPage, SKEW_CONFIDENCE_MIN, hamming, process, process_each, residual_skew_deg,
};
use onewindow_testkit::papers::{Cast, DrawOptions, PaperKind as Drawn, Placement, Random, draw, on_glass};
use proptest::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};

use crate::drawing::{add_noise, card, encoded, fill, lay, sheet, turned_rectangle, write_lines};

fn page(raster: Raster, dpi: f32, hint: PaperHint) -> ProcessedPage {
    process(&RawPage::from_pixels(1, raster, dpi), &hint, &Limits::default(), None).unwrap()
}

fn photo(raster: &Raster, hint: PaperHint) -> ProcessedPage {
    let raw = RawPage {
        dpi: None,
        ..RawPage::from_pixels(1, raster.clone(), 1.0)
    };
    process(&raw, &hint, &Limits::default(), None).unwrap()
}

fn codes(page: &ProcessedPage) -> Vec<&str> {
    page.findings.iter().map(|f| f.code.as_str()).collect()
}

/// Furthest distance between found and true corners, in elements.
fn corner_error(page: &ProcessedPage, truth: &[Corner; 4]) -> f32 {
    page.corners.iter().zip(truth).map(|(a, b)| (a.x - b.x).hypot(a.y - b.y)).fold(0.0, f32::max)
}

/// The sheet tilted about its middle, on white.
fn tilted(sheet: &Raster, degrees: f32) -> Raster {
    let (w, h) = (sheet.width as f32, sheet.height as f32);
    let frame = turned_rectangle(w / 2.0, h / 2.0, w, h, -degrees);
    sheet.warped(&frame, sheet.width, sheet.height, [252, 252, 250])
}

#[test]
fn a_straight_page_is_left_as_it_is() {
    for seed in 0..6 {
        let mut raster = sheet(seed);
        add_noise(&mut raster, 6, seed);
        let page = page(
            raster,
            150.0,
            PaperHint {
                min_dpi: Some(140.0),
                ..PaperHint::default()
            },
        );
        assert!(
            !page.skew_corrected && !page.paper_found,
            "seed {seed}: {} {}",
            page.skew_deg,
            page.skew_confidence
        );
        assert_eq!((page.width_px, page.height_px), (1240, 1754));
        assert_eq!(page.verdict, PageVerdict::Usable, "{:?}", page.findings);
    }
}

#[test]
fn a_tilted_page_becomes_straight() {
    for (seed, degrees) in [(1, 1.7f32), (2, -2.9), (4, -14.0), (5, 19.0), (6, 0.3)] {
        let page = page(tilted(&sheet(seed), degrees), 150.0, PaperHint::default());
        assert!((page.skew_deg - degrees).abs() < 0.12, "{degrees}: {}", page.skew_deg);
        assert!(
            page.skew_confidence >= SKEW_CONFIDENCE_MIN && page.skew_corrected,
            "{degrees}: {}",
            page.skew_confidence
        );
        let left = residual_skew_deg(&page, &Limits::default()).unwrap();
        assert!(left.abs() < 0.15, "{degrees}: {left} left");
        assert_eq!(codes(&page).contains(&"skew-corrected"), degrees.abs() > 3.0);
    }
}

#[test]
fn a_blank_page_is_marked_and_kept() {
    let mut raster = Raster::filled(1240, 1754, [250; 3]);
    add_noise(&mut raster, 5, 8);
    let blank = page(raster.clone(), 150.0, PaperHint::default());
    assert!(blank.blank && blank.verdict == PageVerdict::Blank && !blank.jpeg.is_empty() && !blank.skew_corrected);
    // One signed line is not blank.
    write_lines(&mut raster, (700, 1400, 300, 80), 60, 4);
    assert!(!page(raster, 150.0, PaperHint::default()).blank);
}

#[test]
fn a_card_on_the_glass_is_cut_out() {
    for (seed, degrees) in [(1, 0.0f32), (2, 2.4), (3, -11.0)] {
        let mut glass = Raster::filled(2480, 3508, [251, 251, 252]);
        let truth = turned_rectangle(1100.0, 900.0, 1011.0, 638.0, degrees);
        lay(&mut glass, &card(seed), &truth);
        add_noise(&mut glass, 3, seed);
        let page = page(glass, 300.0, PaperHint::of(PaperKind::IdCardPortrait));
        assert!(page.paper_found && corner_error(&page, &truth) < 5.0, "{degrees}: {:?}", page.corners);
        assert!((page.width_mm.unwrap() - 85.6).abs() < 0.8 && (page.height_mm.unwrap() - 54.0).abs() < 0.8);
        assert_eq!(page.verdict, PageVerdict::Usable, "{:?} {:?}", page.findings, page.quality);
    }
}

#[test]
fn two_cards_on_the_glass_become_two_pages() {
    let mut glass = Raster::filled(2480, 3508, [251, 251, 252]);
    lay(&mut glass, &card(1), &turned_rectangle(700.0, 700.0, 1011.0, 638.0, 1.0));
    lay(&mut glass, &card(2), &turned_rectangle(760.0, 1700.0, 1011.0, 638.0, -2.0));
    let raw = RawPage::from_pixels(1, glass, 300.0);
    let pages = process_each(&raw, &PaperHint::default(), &Limits::default(), None).unwrap();
    assert_eq!(pages.len(), 2);
    assert!(pages[0].corners[0].y < pages[1].corners[0].y, "from top to bottom");
    let one = process(&raw, &PaperHint::default(), &Limits::default(), None).unwrap();
    assert!(codes(&one).contains(&"several-papers"));
}

#[test]
fn a_photographed_sheet_on_a_dark_table_is_made_rectangular() {
    let mut table = Raster::filled(2400, 3000, [60, 48, 40]);
    add_noise(&mut table, 9, 5);
    let c = |x, y| Corner { x, y };
    let truth = [c(410.0, 380.0), c(1990.0, 320.0), c(2130.0, 2640.0), c(300.0, 2560.0)];
    lay(&mut table, &sheet(6), &truth);
    let page = photo(&table, PaperHint::of(PaperKind::Contract));
    assert!(page.paper_found && corner_error(&page, &truth) < 9.0, "{:?}", page.corners);
    assert!(
        (page.height_px as f32 / page.width_px as f32 - 297.0 / 210.0).abs() < 0.03,
        "{}x{}",
        page.width_px,
        page.height_px
    );
    assert!((180.0..230.0).contains(&page.dpi.unwrap()), "{:?}", page.dpi);
}

#[test]
fn a_card_half_outside_the_picture_is_named() {
    let mut glass = Raster::filled(1600, 1200, [251, 251, 252]);
    lay(&mut glass, &card(3), &turned_rectangle(400.0, 600.0, 1011.0, 638.0, 0.0));
    let raw = RawPage {
        dpi: None,
        ..RawPage::from_pixels(1, glass, 1.0)
    };
    let page = process(
        &raw,
        &PaperHint {
            size_mm: Some((75.0, 54.0)),
            ..PaperHint::default()
        },
        &Limits::default(),
        None,
    )
    .unwrap();
    assert_eq!(page.verdict, PageVerdict::CutEdge, "{:?} {:?}", page.corners, page.findings);
}

/// A print of a photograph on white, as large as the catalogue says that photographs are.
#[test]
fn a_photograph_on_the_glass_is_cut_out_when_one_is_awaited() {
    let hint = PaperHint {
        size_mm: Some((33.0, 48.0)),
        other_size_mm: Some((26.0, 32.0)),
        ..PaperHint::default()
    };
    for seed in 0..8 {
        let mut random = Random::from_seed(seed);
        let mut print = draw(Drawn::NewbornPhoto, &Cast::invent(seed), &DrawOptions::default()).unwrap();
        let (width_mm, height_mm) = if seed % 2 == 0 { (33.0, 48.0) } else { (26.0, 32.0) };
        let side_px = |mm: f32| (mm / 25.4 * 300.0).round() as u32;
        print.image = image::imageops::resize(&print.image, side_px(width_mm), side_px(height_mm), image::imageops::FilterType::Triangle);
        let place = Placement::at(random.between(6.0, 120.0), random.between(6.0, 200.0), random.between(-4.0, 4.0));
        let glass = on_glass(&print, &place).image;
        let raster = Raster::from_rgb(glass.width(), glass.height(), glass.into_raw()).unwrap();
        let found = page(raster.clone(), 300.0, hint);
        let size = (found.width_mm.unwrap(), found.height_mm.unwrap());
        assert!(
            found.paper_found && (size.0 - width_mm).abs() < 1.0 && (size.1 - height_mm).abs() < 1.0,
            "seed {seed}: {size:?}, {:?}",
            found.corners
        );
        let unawaited = page(raster, 300.0, PaperHint::default());
        assert!(!unawaited.paper_found, "seed {seed}: a picture printed on a form may have this size");
    }
}

#[test]
fn a_frame_printed_on_a_sheet_is_not_taken_for_a_paper() {
    let mut raster = Raster::filled(2480, 1754, [250, 250, 248]);
    fill(&mut raster, 120, 120, 2240, 1514, [235, 222, 200]);
    fill(&mut raster, 160, 160, 2160, 1434, [246, 244, 236]);
    write_lines(&mut raster, (300, 300, 1800, 1100), 60, 2);
    let page = page(raster, 212.0, PaperHint::of(PaperKind::BusinessLicence));
    assert!(!page.paper_found, "{:?}", page.corners);
}

#[test]
fn blur_glare_darkness_and_low_resolution_are_named_with_what_to_do() {
    let blurred = image::imageops::blur(&image::RgbImage::from_raw(1240, 1754, sheet(2).rgb).unwrap(), 4.0);
    let page_blurred = page(Raster::from_rgb(1240, 1754, blurred.into_raw()).unwrap(), 150.0, PaperHint::default());
    assert_eq!(page_blurred.verdict, PageVerdict::Blurred, "{:?}", page_blurred.quality);

    let mut shining = card(4);
    for y in 0..638i32 {
        for x in 0..1011i32 {
            let distance = f64::from((x - 420).pow(2) + (y - 300).pow(2)).sqrt();
            let light = (1.6 * (1.0 - distance / 230.0)).clamp(0.0, 1.0);
            let at = (y * 1011 + x) as usize * 3;
            for value in &mut shining.rgb[at..at + 3] {
                *value = (f64::from(*value) + (255.0 - f64::from(*value)) * light) as u8;
            }
        }
    }
    let page_shining = photo(&shining, PaperHint::of(PaperKind::IdCardPortrait));
    assert_eq!(page_shining.verdict, PageVerdict::Glare, "{:?}", page_shining.quality);
    let region = page_shining.findings[0].region.unwrap();
    assert!((300..540).contains(&(region.x + region.width / 2)), "{region:?}");

    let mut night = sheet(3);
    night.rgb.iter_mut().for_each(|v| *v /= 6);
    assert_eq!(page(night, 200.0, PaperHint::default()).verdict, PageVerdict::TooDark);

    let coarse = page(sheet(3), 150.0, PaperHint::default());
    assert_eq!(coarse.verdict, PageVerdict::LowDpi);
    assert!(coarse.findings[0].message.zh.contains("200 dpi"));
}

#[test]
fn black_borders_are_taken_off() {
    let mut raster = Raster::filled(1360, 1874, [8, 8, 10]);
    let inner = sheet(9);
    lay(&mut raster, &inner, &turned_rectangle(680.0, 937.0, 1240.0, 1754.0, 0.0));
    let page = page(raster, 150.0, PaperHint::default());
    assert!(
        page.width_px.abs_diff(1240) < 8 && page.height_px.abs_diff(1754) < 8,
        "{}x{}",
        page.width_px,
        page.height_px
    );
}

#[test]
fn a_code_is_read_where_it_stands() {
    let mut raster = sheet(5);
    fill(&mut raster, 800, 1300, 330, 330, [255; 3]);
    let code = QrCode::encode_text("OW1|330302010122018102500077|042917", QrCodeEcc::Medium).unwrap();
    for y in 0..code.size() {
        for x in 0..code.size() {
            if code.get_module(x, y) {
                fill(&mut raster, 830 + x as u32 * 8, 1330 + y as u32 * 8, 8, 8, [20; 3]);
            }
        }
    }
    let page = page(raster, 150.0, PaperHint::default());
    assert_eq!(page.codes.len(), 1, "{:?}", page.codes);
    assert_eq!(
        (page.codes[0].format.as_str(), page.codes[0].text.as_str()),
        ("QRCode", "OW1|330302010122018102500077|042917")
    );
    assert!(
        page.codes[0].region.x.abs_diff(830) < 20 && page.codes[0].region.y.abs_diff(1330) < 20,
        "{:?}",
        page.codes[0].region
    );
}

#[test]
fn the_same_page_is_recognised_and_another_is_not() {
    let value = |raster: Raster| page(raster, 150.0, PaperHint::default()).perceptual_hash;
    let first = value(card(1));
    let mut again = card(1);
    add_noise(&mut again, 10, 3);
    assert!(hamming(first, value(again)) <= 6);
    let text = value(sheet(1));
    let mut noisy = sheet(1);
    add_noise(&mut noisy, 10, 3);
    assert!(hamming(text, value(noisy)) <= 6);
    assert!(hamming(text, value(sheet(2))) > 12, "{}", hamming(text, value(sheet(2))));
}

#[test]
fn page_and_thumbnail_are_jpeg_with_resolution_and_the_record_is_json() {
    let page = page(sheet(1), 150.0, PaperHint::default());
    for (bytes, side) in [(&page.jpeg, 1754), (&page.thumb_jpeg, 320)] {
        let picture = image::load_from_memory_with_format(bytes, image::ImageFormat::Jpeg).unwrap();
        assert_eq!(picture.width().max(picture.height()), side);
        assert_eq!(&bytes[6..11], b"JFIF\0");
        assert_eq!(bytes[13], 1, "dots per inch");
    }
    assert_eq!(u16::from_be_bytes([page.jpeg[14], page.jpeg[15]]), 150);
    let json = serde_json::to_string(&page).unwrap();
    let back: ProcessedPage = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (back.perceptual_hash, back.verdict, back.codes),
        (page.perceptual_hash, page.verdict, page.codes)
    );
    assert!(back.jpeg.is_empty() && !json.contains("jpeg"), "pictures are not part of the record");
}

#[test]
fn a_page_for_a_screen_has_what_the_screen_shows_and_less_than_twice_as_much() {
    let page = page(sheet(1), 150.0, PaperHint::default());
    let size = |bytes: &[u8]| image::load_from_memory(bytes).map(|picture| (picture.width(), picture.height())).unwrap();
    let whole = size(&page.jpeg);
    assert_eq!(whole, (1240, 1754));
    let check = |side: u32, expected: (u32, u32)| {
        let fitted = onewindow_capture::fitted(page.jpeg.clone(), side).unwrap();
        assert_eq!(size(&fitted), expected, "{side}");
    };
    check(800, (620, 877));
    check(584, (413, 584));
    check(400, (310, 438));
    let as_it_is = onewindow_capture::fitted(page.jpeg.clone(), 900).unwrap();
    assert_eq!(as_it_is, page.jpeg, "fewer than twice as many are sent as they are");
    assert!(onewindow_capture::fitted(b"no picture".to_vec(), 800).is_err());
}

#[test]
fn the_header_of_a_photograph_turns_it() {
    // A JPEG whose Exif says: turn a quarter clockwise.
    let jpeg = encoded(&Raster::filled(120, 90, [200; 3]), image::ImageFormat::Jpeg);
    let exif: &[u8] = b"\xFF\xE1\x00\x22Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let turned = [&jpeg[..2], exif, &jpeg[2..]].concat();
    let raw = &onewindow_capture::import::split(&turned, "a.jpg", &Limits::default()).unwrap()[0];
    let raster = raw.decode(&Limits::default()).unwrap();
    assert_eq!((raster.width, raster.height), (90, 120));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_picture_is_processed_without_panic(width in 64u32..400, height in 64u32..400, seed in any::<u64>(), noise in 0u32..120, level in any::<[u8; 3]>()) {
        let mut raster = Raster::filled(width, height, level);
        add_noise(&mut raster, noise, seed);
        write_lines(&mut raster, (5, 5, width - 8, height - 8), 16, seed);
        let page = page(raster, 100.0, PaperHint::default());
        prop_assert!(page.width_px > 0 && page.height_px > 0 && !page.thumb_jpeg.is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn a_believed_tilt_is_right(degrees in -19.0f32..19.0, seed in 0u64..1000) {
        let page = page(tilted(&sheet(seed), degrees), 150.0, PaperHint::default());
        if page.skew_corrected {
            prop_assert!((page.skew_deg - degrees).abs() <= 0.3, "{} for {}", page.skew_deg, degrees);
        }
    }
}

#[test]
fn corners_given_in_the_order_of_a_turned_page_turn_it() {
    let lying = sheet(3);
    let raw = RawPage::from_pixels(1, lying, 150.0);
    let frame = [[0.1, 0.2], [0.7, 0.2], [0.7, 0.8], [0.1, 0.8]];
    let cut = |shares: &[[f32; 2]; 4]| onewindow_capture::cut(&raw, shares, &PaperHint::default(), &Limits::default());
    let upright = cut(&frame).unwrap();
    for turns in 0..4_u8 {
        let mut shares = frame;
        shares.rotate_right(usize::from(turns));
        let page = cut(&shares).unwrap();
        let size = (upright.width_px, upright.height_px);
        let expected = if turns.is_multiple_of(2) { size } else { (size.1, size.0) };
        assert_eq!((page.width_px, page.height_px), expected, "{turns} quarter turns");
        let corner = page.corners[usize::from(turns)];
        assert_eq!(
            (corner.x, corner.y),
            (upright.corners[0].x, upright.corners[0].y),
            "the corner at the top left of the picture"
        );
        let back = onewindow_capture::turn(&page.jpeg, (4 - turns) % 4).unwrap();
        let picture = |jpeg: &[u8]| image::load_from_memory(jpeg).unwrap().to_luma8();
        let (same, first) = (picture(&back.jpeg), picture(&upright.jpeg));
        let apart = same.pixels().zip(first.pixels()).filter(|(a, b)| a.0[0].abs_diff(b.0[0]) > 60).count();
        assert!(apart * 100 < same.pixels().len(), "{turns} quarter turns: {apart} elements differ");
    }
    let mut mirrored = frame;
    mirrored.swap(1, 3);
    assert!(cut(&mirrored).is_err(), "corners the wrong way round hold no page");
}
