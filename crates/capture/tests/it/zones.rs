//! Machine-readable zones of every form from the picture to the fields: lines of OCR-B on a card, at the size and pitch of ICAO Doc 9303.
//! Skipped without models or fonts, which each test says.

use ab_glyph::FontRef;
use onewindow_capture::{Evidence, Limits, PaperHint, Raster, RawPage, Reader, Reading, process, read};
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

fn check(reading: &Reading, kind: &str, [number, birth_date, valid_until]: [&str; 3]) {
    let mrz = reading.mrz.as_ref().unwrap_or_else(|| panic!("{kind}: a zone among {:?}", reading.text));
    assert!(mrz.valid && mrz.kind == kind && !mrz.repaired, "{kind}: {mrz:?}");
    for (key, value) in [("document_no", number), ("birth_date", birth_date), ("valid_until", valid_until)] {
        let field = reading.fields.iter().find(|field| field.key == key);
        let told = field.map(|field| (field.value.as_str(), field.evidence));
        assert_eq!(told, Some((value, Evidence::Mrz)), "{kind}: {key}");
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
