//! Machine-readable zones of every form from the picture to the fields: lines of OCR-B on a card, at the size and pitch of ICAO Doc 9303;
//! and those on the backs of the generator's cards, scanned and photographed.
//! Skipped without models or fonts, which each test says.

use ab_glyph::FontRef;
use onewindow_capture::{Evidence, Limits, PaperHint, Raster, RawPage, Reader, Reading, process, read};
use onewindow_testkit::papers::{Cast, DrawOptions, Paper, PaperKind, PhotoOptions, Placement, draw, on_glass, photographed};
use time::macros::date;

use crate::reading::{font_bytes, reader, write};

/// Elements of a millimetre at 300 dpi.
const PER_MM: f32 = 300.0 / 25.4;
/// Ten characters an inch.
const PITCH_PX: f32 = 30.0;

fn ocr_b() -> Option<Vec<u8>> {
    let found = std::fs::read("/usr/share/fonts/opentype/ocr-b/OCRB.otf").ok();
    if found.is_none() {
        eprintln!("skipped: no OCR-B is installed");
    }
    found
}

/// A paper of this size with a title and a zone at its lower edge.
fn paper((width_mm, height_mm): (f32, f32), title: &str, zone: &[&str], (plain, machine): (&FontRef<'_>, &FontRef<'_>)) -> Raster {
    let (width, height) = ((width_mm * PER_MM) as u32, (height_mm * PER_MM) as u32);
    let mut raster = Raster::filled(width, height, [234, 232, 226]);
    write(&mut raster, plain, 60.0, 50.0, 44.0, title);
    for (at, line) in zone.iter().enumerate() {
        let below = (zone.len() - at) as f32;
        let y = height as f32 - 20.0 - below * 62.0;
        let left = (width as f32 - line.len() as f32 * PITCH_PX) / 2.0;
        for (place, letter) in line.chars().enumerate() {
            write(&mut raster, machine, left + place as f32 * PITCH_PX, y, 50.0, letter.encode_utf8(&mut [0; 4]));
        }
    }
    raster
}

fn read_picture(raster: Raster, reader: &Reader) -> Reading {
    let page = process(&RawPage::from_pixels(1, raster, 300.0), &PaperHint::default(), &Limits::default(), None).unwrap();
    read(&page, reader, &PaperHint::default(), date!(2026 - 11 - 22)).unwrap()
}

fn check(reading: &Reading, kind: &str, values: [&str; 3]) {
    check_evidence(reading, kind, values, Evidence::Mrz);
}

/// The same where the number may have less evidence than the dates.
fn check_evidence(reading: &Reading, kind: &str, [number, birth_date, valid_until]: [&str; 3], of_number: Evidence) {
    let mrz = reading.mrz.as_ref().unwrap_or_else(|| panic!("{kind}: a zone among {:?}", reading.text));
    assert!(mrz.valid && mrz.kind == kind && !mrz.repaired, "{kind}: {mrz:?}");
    for (key, value, evidence) in [
        ("document_no", number, of_number),
        ("birth_date", birth_date, Evidence::Mrz),
        ("valid_until", valid_until, Evidence::Mrz),
    ] {
        let field = reading.fields.iter().find(|field| field.key == key);
        let told = field.map(|field| (field.value.as_str(), field.evidence));
        assert_eq!(told, Some((value, evidence)), "{kind}: {key}");
    }
}

#[test]
fn zones_of_cards_visas_and_permits_are_read_from_the_picture_and_proven() {
    let (Some(reader), Some(plain), Some(machine)) = (reader(), font_bytes(), ocr_b()) else {
        return;
    };
    let plain = FontRef::try_from_slice_and_index(&plain, 2).unwrap();
    let machine = FontRef::try_from_slice(&machine).unwrap();
    let holder = ["D23145907", "1974-08-12", "2032-04-15"];
    let permit = ["C00000001", "1986-03-14", "2028-10-19"];
    let visitor = ["K12345709", "1990-09-07", "2031-07-09"];
    for (kind, size_mm, title, zone, values) in [
        (
            "td1",
            (85.6, 54.0),
            "IDENTITY CARD",
            &[
                "I<UTOD231459074<<<<<<<<<<<<<<<",
                "7408122F3204153UTO<<<<<<<<<<<8",
                "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
            ][..],
            holder,
        ),
        (
            "td2",
            (105.0, 74.0),
            "IDENTITY CARD",
            &["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231459074UTO7408122F3204153<<<<<<<8"],
            holder,
        ),
        (
            "mrv-a",
            (120.0, 80.0),
            "VISA",
            &["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "K123457091UTO9009073F3107092ZE174225B<<<<<<<"],
            visitor,
        ),
        ("eep", (85.6, 54.0), "往来港澳通行证 C00000001", &["CSC000000015<2810191<8603142<2"], permit),
        (
            "mrv-b",
            (105.0, 74.0),
            "VISA",
            &["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "K123457091UTO9009073F3107092<<<<<<<<"],
            visitor,
        ),
    ] {
        let reading = read_picture(paper(size_mm, title, zone, (&plain, &machine)), &reader);
        check(&reading, kind, values);
    }
}

/// A picture of the generator; a photograph does not know its resolution.
fn read_paper(paper: &Paper, dpi: Option<f32>, reader: &Reader) -> Reading {
    let (width, height) = paper.image.dimensions();
    let raster = Raster {
        width,
        height,
        rgb: paper.image.as_raw().clone(),
    };
    let raw = RawPage {
        dpi,
        ..RawPage::from_pixels(1, raster, dpi.unwrap_or(1.0))
    };
    let page = process(&raw, &PaperHint::default(), &Limits::default(), None).unwrap();
    read(&page, reader, &PaperHint::default(), date!(2026 - 11 - 22)).unwrap()
}

#[test]
fn zones_on_the_backs_of_drawn_cards_are_read_scanned_and_photographed() {
    let Some(reader) = reader() else { return };
    let options = DrawOptions::default();
    for (seed, front, back, number_key) in [
        (1, PaperKind::HomeReturnPermit, PaperKind::HomeReturnPermitBack, "permit_no"),
        (2, PaperKind::TaiwanPermit, PaperKind::TaiwanPermitBack, "permit_no"),
        (3, PaperKind::ForeignerCard, PaperKind::ForeignerCardBack, "foreigner_id"),
    ] {
        let cast = Cast::invent(seed);
        let truth = draw(front, &cast, &options).unwrap().truth;
        let values = [number_key, "birth", "expires_on"].map(|key| truth.find_field(key).unwrap().value.as_str());
        let card = draw(back, &cast, &options).unwrap();
        let photo = PhotoOptions {
            long_side_px: 2400,
            seed,
            ..PhotoOptions::default()
        };
        for (name, picture, dpi) in [
            ("drawn", card.clone(), Some(300.0)),
            ("scanned", on_glass(&card, &Placement::at(20.0, 30.0, 1.2)), Some(300.0)),
            ("photographed", photographed(&card, &photo), None),
        ] {
            let reading = read_paper(&picture, dpi, &reader);
            // The line of names has no check digit, and in OCR-B an O may be read as 0.
            let checked: Vec<&str> = card.truth.codes[0].text.lines().take(2).collect();
            let zone = reading.mrz.as_ref().map(|mrz| &mrz.lines[..2]);
            assert!(zone.is_some_and(|lines| lines == checked), "{back:?}, {name}: {zone:?}");
            // The back prints the number in the zone only, where 6 and 8 could be G and S without a check digit telling.
            let of_number = if values[0].contains(['6', '8']) { Evidence::OcrOnly } else { Evidence::Mrz };
            check_evidence(&reading, "td1", values, of_number);
        }
    }
}
