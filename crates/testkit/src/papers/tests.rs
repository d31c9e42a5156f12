//! What a reader of the papers may rely on: reproducible bytes, true boxes, numbers that check, codes that read.

use std::collections::HashSet;

use onewindow_case::identifier::{IdentifierKind, check};

use super::fonts::{Face, can_show};
use super::numbers::{mrz_check, resident_id};
use super::*;

/// Coarse drawings keep the tests quick; layout does not depend on the resolution.
fn coarse(page_no: u32) -> DrawOptions {
    DrawOptions {
        dpi: 96,
        page_no,
        ..DrawOptions::default()
    }
}

fn every_page(cast: &Cast) -> Vec<Paper> {
    let pages = PaperKind::ALL
        .iter()
        .flat_map(|kind| (1..=kind.page_count()).map(move |page_no| (*kind, page_no)));
    pages
        .map(|(kind, page_no)| draw(kind, cast, &coarse(page_no)).expect("fonts are installed"))
        .collect()
}

fn casts() -> Vec<Cast> {
    std::iter::once(Cast::demo()).chain((1..=6).map(Cast::invent)).collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let first = every_page(&Cast::invent(7));
    let second = every_page(&Cast::invent(7));
    for (a, b) in first.iter().zip(&second) {
        assert_eq!(a.image.as_raw(), b.image.as_raw(), "{:?} must be reproducible", a.kind);
        assert_eq!(a.truth, b.truth);
    }
    let other = draw(PaperKind::NewbornForm, &Cast::invent(7), &DrawOptions { seed: 2, ..coarse(2) }).expect("fonts are installed");
    let same_page = first
        .iter()
        .find(|paper| paper.kind == PaperKind::NewbornForm && paper.truth.page_no == 2)
        .expect("every kind was drawn");
    assert_ne!(other.image, same_page.image, "another seed writes another hand");
}

#[test]
fn every_box_lies_on_the_page() {
    for paper in casts().iter().flat_map(every_page) {
        let truth = &paper.truth;
        let areas = truth
            .fields
            .iter()
            .map(|field| (&field.value, field.area))
            .chain(truth.lines.iter().map(|line| (&line.text, line.area)))
            .chain(truth.codes.iter().map(|code| (&code.text, code.area)));
        for (text, area) in areas {
            let [x, y, width, height] = area.rect;
            let inside = x >= 0.0 && y >= 0.0 && x + width <= truth.image_width_px as f32 && y + height <= truth.image_height_px as f32;
            assert!(inside && width > 0.0 && height > 0.0, "{text} of {:?} is cut off: {:?}", paper.kind, area.rect);
        }
    }
}

#[test]
fn no_two_lines_of_text_overlap() {
    for paper in casts().iter().flat_map(every_page) {
        let lines = &paper.truth.lines;
        for (at, first) in lines.iter().enumerate() {
            for second in &lines[at + 1..] {
                let shared = overlap(first.area.rect, second.area.rect);
                // Pixel boxes are rounded outwards, so neighbours may touch by a pixel.
                assert!(
                    shared.0 <= 2.0 || shared.1 <= 2.0,
                    "{} lies over {} on {:?}",
                    first.text,
                    second.text,
                    paper.kind
                );
            }
        }
    }
}

fn overlap(a: [f32; 4], b: [f32; 4]) -> (f32, f32) {
    let along = |at: usize| (a[at] + a[at + 2]).min(b[at] + b[at + 2]) - a[at].max(b[at]);
    (along(0).max(0.0), along(1).max(0.0))
}

#[test]
fn every_character_has_a_glyph() {
    let drawn: HashSet<char> = casts()
        .iter()
        .flat_map(every_page)
        .flat_map(|paper| paper.truth.lines)
        .flat_map(|line| line.text.chars().collect::<Vec<_>>())
        .collect();
    let missing: Vec<char> = drawn.into_iter().filter(|c| !can_show(Face::Song, *c) || !can_show(Face::Hei, *c)).collect();
    assert!(missing.is_empty(), "not in the typefaces: {missing:?}");
}

#[test]
fn invented_people_have_valid_numbers_of_the_set_aside_range() {
    for seed in 0..500 {
        let person = Person::invent(seed);
        let id = &person.resident_id;
        assert_eq!(&resident_id(&id[..17]), id, "the check character must fit");
        assert_eq!(id[6..14], person.birth.to_string().replace('-', ""), "the number tells the date of birth");
        let sequence: u32 = id[14..17].parse().expect("digits");
        assert!((996..=999).contains(&sequence), "only the sequence codes set aside may be used, not {sequence}");
        assert!(person.name.starts_with(person.surname()) && person.name.len() > person.surname().len());
        assert_eq!(sequence % 2 == 1, person.sex == Sex::Male, "odd is male");
    }
}

#[test]
fn a_misprint_changes_the_check_character_only_and_is_marked() {
    let cast = Cast::demo();
    let father = cast.held_by(&cast.family.father);
    let paper = draw(
        PaperKind::IdCardPortrait,
        &father,
        &DrawOptions {
            misprinted_check: true,
            ..coarse(1)
        },
    )
    .expect("fonts are installed");
    assert_eq!(
        paper.truth.find_field("resident_id").map(|field| field.value.as_str()),
        Some("330302199408239996")
    );
    assert_eq!(paper.truth.faults, [Fault::MisprintedCheck]);
    for seed in 0..40 {
        let holder = Person::invent(seed);
        let printed = super::cards::printed_number(
            &holder,
            &DrawOptions {
                misprinted_check: true,
                ..coarse(1)
            },
        );
        assert_eq!(printed[..17], holder.resident_id[..17]);
        assert_ne!(resident_id(&printed[..17]), printed, "a misprint must not check");
    }
}

#[test]
fn an_unsigned_statement_has_no_signature_and_is_marked() {
    let draw_statement = |unsigned| {
        draw(PaperKind::NoCrimeStatement, &Cast::demo(), &DrawOptions { unsigned, ..coarse(1) })
            .expect("fonts are installed")
            .truth
    };
    assert!(draw_statement(false).find_field("signature").is_some());
    assert!(draw_statement(true).find_field("signature").is_none());
    assert_eq!(draw_statement(true).faults, [Fault::Unsigned]);
}

#[test]
fn the_machine_readable_zone_checks() {
    for seed in 0..20 {
        let truth = draw(PaperKind::PassportDataPage, &Cast::invent(seed), &coarse(1))
            .expect("fonts are installed")
            .truth;
        let lines: Vec<&str> = truth.codes[0].text.split('\n').collect();
        assert_eq!(lines.iter().map(|line| line.len()).collect::<Vec<_>>(), [44, 44]);
        let second = lines[1];
        for (range, check_at) in [(0..9, 9), (13..19, 19), (21..27, 27)] {
            assert_eq!(second.as_bytes()[check_at] as char, mrz_check(&second[range]));
        }
        let composite = format!("{}{}{}", &second[0..10], &second[13..20], &second[21..43]);
        assert_eq!(second.as_bytes()[43] as char, mrz_check(&composite));
    }
}

#[test]
fn the_zone_of_a_card_checks_and_tells_what_its_front_says() {
    for (front, back, number_key, nationality) in [
        (PaperKind::HomeReturnPermit, PaperKind::HomeReturnPermitBack, "permit_no", Some("CHN")),
        (PaperKind::TaiwanPermit, PaperKind::TaiwanPermitBack, "permit_no", Some("CHN")),
        (PaperKind::ForeignerCard, PaperKind::ForeignerCardBack, "foreigner_id", None),
    ] {
        for seed in 0..20 {
            let cast = Cast::invent(seed);
            let [front, back] = [front, back].map(|kind| draw(kind, &cast, &coarse(1)).expect("fonts are installed").truth);
            let code = &back.codes[0];
            let lines: Vec<&str> = code.text.split('\n').collect();
            assert_eq!(code.format, "MRZ-TD1");
            assert_eq!(lines.iter().map(|line| line.len()).collect::<Vec<_>>(), [30, 30, 30]);
            let value = |key: &str| front.find_field(key).expect("the front has it").value.clone();
            let number = value(number_key);
            let printed: String = lines[0][5..].chars().filter(|c| *c != '<').collect();
            assert!(printed.starts_with(&format!("{number}{}", mrz_check(&number))), "{number} in {printed}");
            let [birth, expiry] = ["birth", "expires_on"].map(|key| value(key).replace('-', "")[2..].to_owned());
            assert_eq!((&lines[1][..6], &lines[1][8..14]), (birth.as_str(), expiry.as_str()));
            for (range, check_at) in [(0..6, 6), (8..14, 14)] {
                assert_eq!(lines[1].as_bytes()[check_at] as char, mrz_check(&lines[1][range]));
            }
            assert_eq!(lines[1][15..18], nationality.map_or_else(|| value("nationality"), str::to_owned));
            let composite = format!("{}{}{}{}", &lines[0][5..], &lines[1][..7], &lines[1][8..15], &lines[1][18..29]);
            assert_eq!(lines[1].as_bytes()[29] as char, mrz_check(&composite));
        }
    }
}

#[test]
fn the_product_accepts_the_numbers_of_people_from_elsewhere() {
    let today = people::DEMO_DAY;
    for seed in 0..20 {
        let cast = Cast::invent(seed);
        for (paper, key, kind) in [
            (PaperKind::HomeReturnPermit, "permit_no", IdentifierKind::HomeReturnPermit),
            (PaperKind::ResidencePermitBack, "permit_no", IdentifierKind::HomeReturnPermit),
            (PaperKind::TaiwanPermit, "permit_no", IdentifierKind::TaiwanPermit),
            (PaperKind::ForeignerCard, "foreigner_id", IdentifierKind::ForeignerId),
            (PaperKind::ForeignerCardBack, "previous_id", IdentifierKind::ForeignerId),
            (PaperKind::ExitEntryPermitBack, "permit_no", IdentifierKind::ExitEntryPermit),
        ] {
            let truth = draw(paper, &cast, &coarse(1)).expect("fonts are installed").truth;
            let number = &truth.find_field(key).expect("the card has it").value;
            let told = check(kind, number, today);
            assert_eq!(told.code, "ok", "{number} of {paper:?}");
        }
    }
}

#[test]
fn every_kind_stands_once_among_all_and_cards_have_one_size() {
    let slugs: HashSet<&str> = PaperKind::ALL.iter().map(|kind| kind.slug()).collect();
    assert_eq!(slugs.len(), PaperKind::ALL.len());
    for kind in PaperKind::ALL {
        let is_card = kind.size_mm() == (85.6, 54.0);
        assert_eq!(kind.corner_radius_mm() > 3.0, is_card, "{kind:?}: the corners of cards are round");
        assert!(!is_card || kind.page_count() == 1, "{kind:?}: each side of a card is a kind of its own");
    }
}

#[test]
fn every_sheet_with_print_says_that_it_is_a_specimen() {
    for paper in every_page(&Cast::demo()).iter().filter(|paper| paper.kind != PaperKind::NewbornPhoto) {
        let marked = paper
            .truth
            .lines
            .iter()
            .any(|line| line.text.contains("样张") || line.text.contains("SPECIMEN"));
        assert!(marked, "{:?} {}", paper.kind, paper.truth.page_no);
    }
}

#[test]
fn some_certificates_have_an_empty_page_of_notes() {
    let notes = |cast: &Cast| {
        let truth = draw(PaperKind::PropertyCertificate, cast, &coarse(2)).expect("fonts are installed").truth;
        truth.find_field("notes").is_some()
    };
    let found: HashSet<bool> = casts().iter().map(notes).collect();
    assert_eq!(found.len(), 2, "with a note and without");
}

#[test]
fn an_independent_reader_reads_barcode_and_qr_code() {
    for (kind, format) in [(PaperKind::BirthCertificate, "Code128"), (PaperKind::BusinessLicence, "QRCode")] {
        let paper = draw(
            kind,
            &Cast::demo(),
            &DrawOptions {
                dpi: 200,
                ..DrawOptions::default()
            },
        )
        .expect("fonts are installed");
        let grey = image::imageops::grayscale(&paper.image);
        let view = zxingcpp::ImageView::from_slice(grey.as_raw(), grey.width(), grey.height(), zxingcpp::ImageFormat::Lum).expect("buffer fits its size");
        let read: Vec<String> = zxingcpp::read()
            .from(view)
            .expect("the reader runs")
            .iter()
            .map(zxingcpp::Barcode::text)
            .collect();
        assert_eq!(paper.truth.codes[0].format, format);
        assert_eq!(read, [paper.truth.codes[0].text.clone()]);
    }
}

#[test]
fn on_the_glass_the_truth_turns_with_the_card() {
    let card = draw(
        PaperKind::IdCardPortrait,
        &Cast::demo(),
        &DrawOptions {
            dpi: 200,
            ..DrawOptions::default()
        },
    )
    .expect("fonts are installed");
    for angle_deg in [0.0, 3.0, 90.0, 180.0] {
        let scan = on_glass(&card, &Placement::at(40.0, 60.0, angle_deg));
        assert_eq!(scan.image.dimensions(), (1654, 2339), "A4 at 200 dpi");
        assert!(
            (scan.truth.angle_deg.abs() - angle_deg).abs() < 0.05,
            "{} for {angle_deg}",
            scan.truth.angle_deg
        );
        let [left, top] = scan.truth.corners[0];
        assert!(left > 0.0 && top > 0.0, "the card lies on the glass");
        for field in &scan.truth.fields {
            assert!(
                darkest(&scan.image, field.area.rect) < 110,
                "there is ink in the box of {} at {angle_deg} degrees",
                field.key
            );
        }
    }
}

#[test]
fn in_a_photograph_the_truth_follows_the_camera() {
    let card = draw(
        PaperKind::IdCardPortrait,
        &Cast::demo(),
        &DrawOptions {
            dpi: 200,
            ..DrawOptions::default()
        },
    )
    .expect("fonts are installed");
    let options = PhotoOptions {
        long_side_px: 1200,
        glare: vec![Glare {
            at: (0.8, 0.9),
            radii_mm: (4.0, 3.0),
            strength: 2.0,
        }],
        ..PhotoOptions::default()
    };
    let photo = photographed(&card, &options);
    assert_eq!(photo.image.dimensions(), (1200, 900));
    for [x, y] in photo.truth.corners {
        assert!(x > 0.0 && y > 0.0 && x < 1200.0 && y < 900.0, "the whole card is in the picture");
    }
    for key in ["name", "resident_id"] {
        let field = photo.truth.find_field(key).expect("the card has it");
        assert!(darkest(&photo.image, field.area.rect) < 120, "there is ink in the box of {key}");
    }
    for fault in [Fault::Glare, Fault::Perspective, Fault::Skewed] {
        assert!(photo.truth.faults.contains(&fault), "{fault:?} is known");
    }
}

#[test]
fn a_photograph_of_a_worn_paper_carries_its_folds_and_stamps() {
    let card = draw(
        PaperKind::HouseholdCover,
        &Cast::demo(),
        &DrawOptions {
            dpi: 200,
            ..DrawOptions::default()
        },
    )
    .expect("fonts are installed");
    let wear = Wear {
        creases: 1,
        stamps: 1,
        noise: 0.0,
        seed: 3,
        ..Wear::default()
    };
    let worn = degrade(&card, &wear).expect("fonts are installed");
    let options = PhotoOptions {
        long_side_px: 1400,
        ..PhotoOptions::default()
    };
    let photo = photographed(&worn, &options);
    assert!([Fault::Creased, Fault::Stamped].iter().all(|fault| photo.truth.faults.contains(fault)));
    let date = photo.truth.lines.last().expect("the stamp's date is the last that was put on it");
    assert_eq!(date.text, "2026.11.24");
    assert!(darkest(&photo.image, date.area.rect) < 150, "the truth of the stamp follows the camera");
    assert_ne!(photo.image, photographed(&card, &options).image);
}

#[test]
fn fingers_hide_the_place_that_the_truth_names() {
    let page = draw(PaperKind::TenancyContract, &Cast::demo(), &coarse(1)).expect("fonts are installed");
    for seed in 0..6 {
        let finger = Finger::any(&mut Random::from_seed(seed));
        let options = PhotoOptions {
            long_side_px: 1000,
            shadow: 0.0,
            noise: 0.0,
            ..PhotoOptions::default()
        };
        let bare = photographed(&page, &options);
        let held = photographed(
            &page,
            &PhotoOptions {
                fingers: vec![finger],
                ..options.clone()
            },
        );
        assert!(held.truth.faults.contains(&Fault::Fingers), "{:?}", held.truth.faults);
        let [x, y, width, height] = held.truth.spots[0].area.rect;
        let middle = (x as u32 + width as u32 / 2, y as u32 + height as u32 / 2);
        let (before, after) = (bare.image.get_pixel(middle.0, middle.1).0, held.image.get_pixel(middle.0, middle.1).0);
        let warmth = |pixel: [u8; 3]| i32::from(pixel[0]) - i32::from(pixel[2]);
        assert!(
            warmth(after) > warmth(before) + 15,
            "seed {seed}: skin where paper was, not {after:?} for {before:?}"
        );
        let larger = width.max(height) / (held.truth.corners[1][0] - held.truth.corners[0][0]) * 210.0;
        assert!((finger.reach_mm * 0.6..60.0).contains(&larger), "seed {seed}: {larger} mm hidden by {finger:?}");
    }
}

#[test]
fn moire_is_all_over_and_too_much_light_takes_thin_strokes_away() {
    let page = draw(PaperKind::TenancyContract, &Cast::demo(), &DrawOptions { dpi: 150, ..coarse(1) }).expect("fonts are installed");
    let spoiled = with_moire(&page, &Moire::any(&mut Random::from_seed(4)));
    assert_eq!(spoiled.truth.faults, [Fault::Moire]);
    let changed = page.image.pixels().zip(spoiled.image.pixels()).filter(|(a, b)| a != b).count();
    assert!(changed * 2 > page.image.pixels().len(), "{changed} pixels");
    let ink = |paper: &Paper| paper.image.pixels().filter(|pixel| pixel.0[1] < 128).count();
    let bright = over_exposed(&page, 3.0);
    assert_eq!(bright.truth.faults, [Fault::OverExposed]);
    assert!(ink(&bright) * 2 < ink(&page), "{} of {}", ink(&bright), ink(&page));
    assert!(bright.image.pixels().filter(|pixel| pixel.0 == [255; 3]).count() * 2 > page.image.pixels().len());
}

#[test]
fn a_pale_seal_stands_where_the_truth_says() {
    let with_seal = |seal_percent| draw(PaperKind::BusinessLicence, &Cast::demo(), &DrawOptions { seal_percent, ..coarse(1) }).expect("fonts are installed");
    let (pale, none) = (with_seal(10), with_seal(0));
    assert_eq!(pale.truth.faults, [Fault::PaleSeal]);
    assert!(with_seal(100).truth.faults.is_empty());
    let [x, y, width, height] = pale.truth.spots[0].area.rect;
    for (column, row, pixel) in pale
        .image
        .enumerate_pixels()
        .filter(|(column, row, pixel)| none.image.get_pixel(*column, *row) != *pixel)
    {
        // Edges of ink are smoothed into the element beside them.
        let beside = |from: f32, length: f32, at: u32| (from - 1.0..from + length + 1.0).contains(&(at as f32));
        assert!(
            beside(x, width, column) && beside(y, height, row),
            "{column} {row} {pixel:?} is outside the seal at {x} {y} {width} {height}"
        );
    }
}

#[test]
fn wear_keeps_the_size_and_is_reproducible() {
    let page = draw(PaperKind::AppointmentResolution, &Cast::demo(), &coarse(1)).expect("fonts are installed");
    let wear = Wear {
        skew_deg: 2.0,
        noise: 6.0,
        blur_px: 0.8,
        fade: 0.3,
        creases: 2,
        stamps: 1,
        specks: 40,
        jpeg_quality: Some(60),
        seed: 5,
    };
    let worn = degrade(&page, &wear).expect("fonts are installed");
    assert_eq!(worn.image.dimensions(), page.image.dimensions());
    assert_eq!(worn, degrade(&page, &wear).expect("fonts are installed"));
    assert!((worn.truth.angle_deg - 2.0).abs() < 0.05);
    assert!(
        [Fault::Skewed, Fault::Creased, Fault::Blurred]
            .iter()
            .all(|fault| worn.truth.faults.contains(fault))
    );
}

#[test]
fn truth_survives_json() {
    let truth = draw(PaperKind::BirthCertificate, &Cast::demo(), &coarse(1)).expect("fonts are installed").truth;
    let json = serde_json::to_string(&truth).expect("plain data");
    let back: Truth = serde_json::from_str(&json).expect("what was written can be read");
    assert_eq!(back.fields, truth.fields);
    assert!(json.contains(r#""kind":"birth_certificate""#) && json.contains(r#""box":{"rect":["#));
}

#[test]
fn files_carry_resolution_and_pages() {
    let page = draw(PaperKind::AudioList, &Cast::demo(), &coarse(1)).expect("fonts are installed");
    let jpeg = encode_jpeg(&page, 85).expect("the page is small enough");
    assert_eq!(&jpeg[6..11], b"JFIF\0");
    assert_eq!(jpeg[13..18], [1, 0, 96, 0, 96], "unit dots per inch, 96 across and down");
    let pdf = encode_pdf(&[page.clone(), page], 85).expect("the page is small enough");
    let text = String::from_utf8_lossy(&pdf);
    assert!(text.starts_with("%PDF-1.4") && text.contains("/Count 2"));
    let table_at: usize = text
        .rsplit("startxref\n")
        .next()
        .and_then(|tail| tail.lines().next())
        .and_then(|line| line.parse().ok())
        .expect("the file ends with the table's place");
    assert_eq!(&pdf[table_at..table_at + 4], b"xref", "a reader finds the table there");
}

#[test]
fn the_demonstration_people_are_the_ones_of_the_design() {
    let family = demo_newborn_family();
    assert_eq!(
        (family.father.resident_id.as_str(), family.mother.resident_id.as_str()),
        ("330302199408239995", "330324199605129988")
    );
    let company = demo_karaoke_company();
    assert!(company.use_m2 >= 200, "the smallest area a karaoke bar may have");
    assert!(company.use_m2 <= company.premises_m2);
    assert_eq!(company.credit_code, numbers::credit_code(&company.credit_code[..16]));
}

/// The darkest mean level inside a rectangle.
fn darkest(image: &RgbImage, [x, y, width, height]: [f32; 4]) -> u32 {
    let columns = x as u32..(x + width) as u32;
    let rows = y as u32..(y + height) as u32;
    let levels = rows
        .flat_map(|row| columns.clone().map(move |column| (column, row)))
        .map(|(column, row)| image.get_pixel(column, row).0.iter().map(|level| u32::from(*level)).sum::<u32>() / 3);
    levels.min().unwrap_or(255)
}
