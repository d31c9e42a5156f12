//! Reading with the real models, when they are installed; each test says when it was skipped. The folder is named by the
//! environment variable `ONEWINDOW_MODELS`.

use std::path::PathBuf;

use ab_glyph::{Font, FontRef, Glyph, PxScale, ScaleFont, point};
use onewindow_capture::{Evidence, Limits, OcrFault, PaperHint, PaperKind, Raster, RawPage, Reader, process, read};
use time::macros::date;

/// The reader, or the reason why the test is skipped.
pub fn reader() -> Option<Reader> {
    let folder = std::env::var_os("ONEWINDOW_MODELS")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache/onewindow/models")))?;
    match Reader::load(&folder) {
        Ok(reader) => Some(reader),
        Err(OcrFault::ModelsMissing { missing }) => {
            eprintln!("skipped: reading models are not installed ({missing})");
            None
        }
        Err(fault) => panic!("{fault}"),
    }
}

/// A Chinese font of the system, for drawing; tests are skipped without one.
pub fn font_bytes() -> Option<Vec<u8>> {
    let found = [
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    ]
    .iter()
    .find_map(|path| std::fs::read(path).ok());
    if found.is_none() {
        eprintln!("skipped: no Chinese font is installed");
    }
    found
}

/// Writes a line of dark text, its top left corner at `x`, `y`.
pub fn write(raster: &mut Raster, font: &FontRef<'_>, x: f32, y: f32, height: f32, text: &str) {
    let scaled = font.as_scaled(PxScale::from(height));
    let mut pen = x;
    for character in text.chars() {
        let id = font.glyph_id(character);
        let glyph: Glyph = id.with_scale_and_position(PxScale::from(height), point(pen, y + scaled.ascent()));
        pen += scaled.h_advance(id);
        let Some(outline) = font.outline_glyph(glyph) else { continue };
        let bounds = outline.px_bounds();
        outline.draw(|gx, gy, cover| {
            let (px, py) = (bounds.min.x as i64 + i64::from(gx), bounds.min.y as i64 + i64::from(gy));
            if px >= 0 && py >= 0 && px < i64::from(raster.width) && py < i64::from(raster.height) {
                let at = (py as usize * raster.width as usize + px as usize) * 3;
                for value in &mut raster.rgb[at..at + 3] {
                    *value = (f32::from(*value) * (1.0 - cover) + 25.0 * cover) as u8;
                }
            }
        });
    }
}

/// The portrait side of an invented card, 300 dpi.
fn id_card(font: &FontRef<'_>) -> Raster {
    let mut card = Raster::filled(1011, 638, [222, 234, 242]);
    for (x, y, text) in [
        (70.0, 70.0, "姓 名  林晓民"),
        (70.0, 150.0, "性 别  男   民 族  汉"),
        (70.0, 230.0, "出 生  1986 年 3 月 14 日"),
        (70.0, 310.0, "住 址  浙江省温州市鹿城区"),
        (190.0, 360.0, "江滨路12号402室"),
        (70.0, 530.0, "公民身份号码   330302198603149990"),
    ] {
        write(&mut card, font, x, y, 42.0, text);
    }
    card
}

fn check_field(reading: &onewindow_capture::Reading, key: &str, value: &str, evidence: Evidence) {
    let field = reading
        .fields
        .iter()
        .find(|f| f.key == key)
        .unwrap_or_else(|| panic!("{key} missing: {:?}", reading.fields));
    assert_eq!((field.value.as_str(), field.evidence), (value, evidence), "{key}");
}

#[test]
fn an_identity_card_is_read_whichever_way_it_lies() {
    let (Some(reader), Some(bytes)) = (reader(), font_bytes()) else { return };
    let font = FontRef::try_from_slice_and_index(&bytes, 2).unwrap();
    for turns in 0..4u8 {
        let raw = RawPage::from_pixels(1, id_card(&font).turned(turns), 300.0);
        let mut page = process(&raw, &PaperHint::default(), &Limits::default(), None).unwrap();
        let mut reading = read(&page, &reader, &PaperHint::default(), date!(2026 - 11 - 22)).unwrap();
        assert_eq!(reading.quarter_turns, (4 - turns) % 4, "laid by {turns} quarter turns");
        assert_eq!(reading.upright.is_some(), turns != 0);
        if let Some(upright) = reading.upright.take() {
            page.lie_upright(upright, reading.quarter_turns);
        }
        assert_eq!((page.width_px, page.height_px), (1011, 638), "laid by {turns} quarter turns");
        let first = [(0.0, 0.0), (638.0, 0.0), (1011.0, 638.0), (0.0, 1011.0)][usize::from(turns)];
        assert_eq!((page.corners[0].x, page.corners[0].y), first, "where the card's top left corner lay");
        let number = reading
            .fields
            .iter()
            .find(|field| field.key == "resident_id")
            .and_then(|field| field.region)
            .unwrap();
        assert!(
            number.y > 500 && number.x + number.width <= 1011,
            "the number stands at the bottom of the upright card: {number:?}"
        );
        assert_eq!(reading.paper.map(|p| p.kind), Some(PaperKind::IdCardPortrait), "{:?}", reading.text);
        check_field(&reading, "name", "林晓民", Evidence::OcrOnly);
        check_field(&reading, "sex", "male", Evidence::Agreement);
        check_field(&reading, "birth_date", "1986-03-14", Evidence::Agreement);
        check_field(&reading, "address", "浙江省温州市鹿城区江滨路12号402室", Evidence::OcrOnly);
        check_field(&reading, "resident_id", "330302198603149990", Evidence::CheckDigit);
    }
}

#[test]
fn the_reader_can_turn_the_page_in_the_first_step() {
    let (Some(reader), Some(bytes)) = (reader(), font_bytes()) else { return };
    let font = FontRef::try_from_slice_and_index(&bytes, 2).unwrap();
    let raw = RawPage::from_pixels(1, id_card(&font).turned(2), 300.0);
    let page = process(&raw, &PaperHint::default(), &Limits::default(), Some(&reader)).unwrap();
    assert_eq!(page.rotated_quarter_turns, 2);
    assert_eq!(page.corners[0].x, 1011.0, "the page's top left corner is the picture's bottom right");
}

#[test]
fn a_passport_zone_is_read_and_proven_by_its_check_digits() {
    let (Some(reader), Some(bytes)) = (reader(), font_bytes()) else { return };
    let font = FontRef::try_from_slice_and_index(&bytes, 7)
        .or_else(|_| FontRef::try_from_slice_and_index(&bytes, 2))
        .unwrap();
    let mut raster = Raster::filled(1476, 1039, [236, 230, 224]);
    write(&mut raster, &font, 60.0, 60.0, 48.0, "护照 PASSPORT");
    // The zone's check digit can not tell 8 from S: the number counts because it is printed here as well.
    write(&mut raster, &font, 900.0, 60.0, 44.0, "L898902C3");
    write(&mut raster, &font, 40.0, 850.0, 44.0, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<");
    write(&mut raster, &font, 40.0, 930.0, 44.0, "L898902C36UTO7408122F1204159ZE184226B<<<<<10");
    let page = process(&RawPage::from_pixels(1, raster, 300.0), &PaperHint::default(), &Limits::default(), None).unwrap();
    let reading = read(&page, &reader, &PaperHint::default(), date!(2026 - 11 - 22)).unwrap();
    let mrz = reading.mrz.as_ref().unwrap();
    assert!(mrz.valid && mrz.kind == "td3", "{mrz:?}");
    check_field(&reading, "birth_date", "1974-08-12", Evidence::Mrz);
    check_field(&reading, "document_no", "L898902C3", Evidence::Mrz);
    check_field(&reading, "surname_latin", "ERIKSSON", Evidence::OcrOnly);
}

#[test]
fn a_medical_receipt_filed_as_one_gives_its_whole_number_and_the_patient() {
    let (Some(reader), Some(bytes)) = (reader(), font_bytes()) else { return };
    let font = FontRef::try_from_slice_and_index(&bytes, 2).unwrap();
    let mut receipt = Raster::filled(2244, 1358, [252, 252, 249]);
    for (x, y, height, text) in [
        (620.0, 90.0, 60.0, "浙江省医疗住院收费票据（电子）"),
        (400.0, 230.0, 40.0, "票据代码：33060126"),
        (1040.0, 230.0, 40.0, "票据号码：0012345678"),
        (400.0, 310.0, 40.0, "交款人：苏念安"),
        (1040.0, 310.0, 40.0, "开票日期：2026年11月16日"),
        (160.0, 440.0, 40.0, "床位费        420.00"),
        (160.0, 540.0, 40.0, "检查费        386.50"),
        (140.0, 900.0, 40.0, "合计（小写）   5610.87"),
        (140.0, 1120.0, 40.0, "收款单位（章）：云溪市妇幼保健院"),
    ] {
        write(&mut receipt, &font, x, y, height, text);
    }
    let page = process(&RawPage::from_pixels(1, receipt, 300.0), &PaperHint::default(), &Limits::default(), None).unwrap();
    let reading = read(&page, &reader, &PaperHint::of(PaperKind::Invoice), date!(2026 - 11 - 22)).unwrap();
    check_field(&reading, "receipt_no", "33060126+0012345678", Evidence::OcrOnly);
    check_field(&reading, "patient_name", "苏念安", Evidence::OcrOnly);
}
