//! Both sides of a resident identity card, 85.6 x 54 mm.

use time::Date;

use super::fonts::Face;
use super::people::Person;
use super::portrait::silhouette;
use super::raster::Colour;
use super::sheet::{Area, Ink, Sheet};
use super::truth::{Fault, PixelBox};
use super::{DrawOptions, Paper, PaperError, PaperKind};

const LABEL_BLUE: Colour = [52, 112, 168];

/// The side with name, sex, ethnic group, birth, address, number and portrait (Identity Card Law, article 3).
pub(super) fn portrait_side(holder: &Person, options: &DrawOptions) -> Result<Paper, PaperError> {
    const VALUE_X_MM: f32 = 16.2;
    let mut sheet = Sheet::new(PaperKind::IdCardPortrait, options, [240, 246, 248])?;
    sheet.wash([226, 241, 246], [241, 246, 244], [236, 238, 246]);
    sheet.guilloche(Area::new(0.0, 3.0, 85.6, 48.0), 34, [122, 178, 196], 0.34);
    let label = Ink::hei(2.75).colour(LABEL_BLUE);
    let value = Ink::hei(3.0).spaced(0.12);
    for (x, y, text) in [
        (5.2, 7.0, "姓"),
        (10.2, 7.0, "名"),
        (5.2, 14.1, "性"),
        (10.2, 14.1, "别"),
        (5.2, 21.0, "出"),
        (10.2, 21.0, "生"),
        (5.2, 28.0, "住"),
        (10.2, 28.0, "址"),
    ] {
        sheet.text(x, y, text, label);
    }
    sheet.field("name", VALUE_X_MM, 6.4, &holder.name, Ink::hei(3.7).spaced(0.35));
    sheet.field("sex", VALUE_X_MM, 14.0, holder.sex.zh(), value);
    sheet.text(25.2, 14.1, "民 族", label);
    sheet.field("ethnic", 33.6, 14.0, &holder.ethnic, value);
    birth_row(&mut sheet, holder.birth, VALUE_X_MM, 21.0, label, value);
    let (area, _) = sheet.paragraph(VALUE_X_MM, 27.9, 34.4, 4.5, &holder.address, value);
    sheet.note_field("address", &holder.address, area);
    silhouette(&mut sheet, Area::new(54.6, 6.4, 26.0, 32.0), holder.sex, [222, 228, 233]);
    sheet.text(5.2, 44.9, "公民身份号码", label);
    let number = printed_number(holder, options);
    let area = sheet.text(28.6, 44.0, &number, Ink::new(Face::Machine, 4.4).pitch(2.72));
    sheet.note_field("resident_id", &number, area);
    if number != holder.resident_id {
        sheet.truth_mut().add_fault(Fault::MisprintedCheck);
    }
    sheet.text(
        80.6,
        50.0,
        "样张 SPECIMEN",
        Ink::hei(2.1).spaced(0.25).colour([120, 152, 172]).opacity(0.8).right(),
    );
    Ok(sheet.into_paper())
}

/// The side with the title, issuing office and validity; a dashed circle stands where the emblem is.
pub(super) fn emblem_side(holder: &Person, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = Sheet::new(PaperKind::IdCardEmblem, options, [246, 242, 238])?;
    sheet.wash([228, 240, 244], [247, 240, 234], [246, 230, 226]);
    sheet.guilloche(Area::new(0.0, 2.0, 85.6, 50.0), 34, [206, 160, 150], 0.3);
    sheet.circle((15.6, 14.6), 8.6, 0.35, [196, 112, 104], Some(44));
    sheet.text(15.6, 12.4, "样张", Ink::hei(3.4).colour([190, 108, 100]).opacity(0.8).centred());
    sheet.text(15.6, 16.6, "SPECIMEN", Ink::hei(1.7).colour([190, 108, 100]).opacity(0.8).centred());
    sheet.text(53.0, 7.6, "中华人民共和国", Ink::new(Face::SongBold, 4.7).spaced(1.3).centred());
    sheet.text(53.0, 15.4, "居民身份证", Ink::new(Face::HeiBold, 7.4).spaced(2.0).centred());
    let label = Ink::new(Face::HeiBold, 2.75).spaced(0.2);
    let value = Ink::hei(2.95).spaced(0.15);
    sheet.text(18.6, 39.0, "签发机关", label);
    sheet.field("issuer", 33.4, 38.9, &holder.issuer, value);
    sheet.text(18.6, 45.4, "有效期限", label);
    let from = dotted(holder.valid_from);
    let to = holder.valid_to.map_or_else(|| "长期".to_owned(), dotted);
    let from_width = sheet.text_width_mm(&format!("{from}-"), value);
    let from_area = sheet.text(33.4, 45.3, &format!("{from}-"), value);
    let to_area = sheet.text(33.4 + from_width + 0.15, 45.3, &to, value);
    sheet.note_field("valid_from", &holder.valid_from.to_string(), from_area);
    sheet.note_field("valid_to", &holder.valid_to.map_or_else(|| "长期".to_owned(), |day| day.to_string()), to_area);
    sheet.text(
        80.6,
        50.0,
        "样张 SPECIMEN",
        Ink::hei(2.1).spaced(0.25).colour([182, 146, 140]).opacity(0.8).right(),
    );
    Ok(sheet.into_paper())
}

/// The number as it will stand on the paper: the real one, or with its check character replaced by the next in order.
pub(super) fn printed_number(holder: &Person, options: &DrawOptions) -> String {
    const ORDER: &str = "0123456789X0";
    if !options.misprinted_check {
        return holder.resident_id.clone();
    }
    let (body, check) = holder.resident_id.split_at(holder.resident_id.len() - 1);
    let at = ORDER.find(check).unwrap_or(0);
    format!("{body}{}", &ORDER[at + 1..at + 2])
}

/// A day as 2018.03.06.
pub(super) fn dotted(day: Date) -> String {
    format!("{:04}.{:02}.{:02}", day.year(), day.month() as u8, day.day())
}

fn birth_row(sheet: &mut Sheet, birth: Date, x: f32, y: f32, label: Ink, value: Ink) {
    let mut area: Option<PixelBox> = None;
    let month = (birth.month() as u8).to_string();
    let day = birth.day().to_string();
    for (offset, text, ink) in [
        (0.0, birth.year().to_string(), value),
        (9.5, "年".into(), label),
        (15.4, month, value.centred()),
        (18.4, "月".into(), label),
        (24.2, day, value.centred()),
        (27.2, "日".into(), label),
    ] {
        area = PixelBox::around(area, sheet.text(x + offset, y, &text, ink));
    }
    sheet.note_field("birth", &birth.to_string(), area);
}
