//! Cards for crossing borders and for living away from home: the residence permit of residents of Hong Kong, Macao and Taiwan, the
//! exit-entry permit (EEP card) with its one machine-readable line, both sides of each; and the bank card. 85.6 x 54 mm each.

use time::Duration;

use super::booklets::chinese_date;
use super::cards::dotted;
use super::fonts::Face;
use super::numbers::{luhn, mrz_check, resident_id, six};
use super::people::{Cast, Person, years_later};
use super::portrait::silhouette;
use super::raster::Colour;
use super::sheet::{Area, Ink, Sheet};
use super::travel_cards::home_return_no;
use super::{DrawOptions, Paper, PaperError, PaperKind};

const LABEL: Colour = [70, 104, 150];

/// 港澳台居民居住证, side with the portrait: a number of the address codes 81, 82, 83 and that of the travel permit.
pub(super) fn residence_permit(holder: &Person, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = Sheet::new(PaperKind::ResidencePermit, options, [240, 244, 246])?;
    sheet.wash([228, 240, 240], [242, 244, 240], [236, 236, 246]);
    sheet.guilloche(Area::new(0.0, 3.0, 85.6, 48.0), 30, [140, 176, 184], 0.34);
    let (label, value) = (Ink::hei(2.75).colour(LABEL), Ink::hei(3.0).spaced(0.1));
    let number = resident_id(&format!("810000{}", &holder.resident_id[6..17]));
    for (y, text) in [(7.0, "姓 名"), (14.1, "性 别"), (21.0, "出 生"), (28.0, "住 址")] {
        sheet.text(5.2, y, text, label);
    }
    sheet.field("name", 16.2, 6.4, &holder.name, Ink::hei(3.6).spaced(0.3));
    sheet.field("sex", 16.2, 14.0, holder.sex.zh(), value);
    let area = sheet.text(16.2, 21.0, &chinese_date(holder.birth), value);
    sheet.note_field("birth", &holder.birth.to_string(), area);
    let (area, _) = sheet.paragraph(16.2, 27.9, 34.4, 4.5, &holder.address, value);
    sheet.note_field("address", &holder.address, area);
    silhouette(&mut sheet, Area::new(54.6, 6.4, 26.0, 32.0), holder.sex, [222, 228, 233]);
    sheet.text(5.2, 44.9, "公民身份号码", label);
    let area = sheet.text(28.6, 44.0, &number, Ink::new(Face::Machine, 4.4).pitch(2.72));
    sheet.note_field("resident_id", &number, area);
    specimen(&mut sheet);
    Ok(sheet.into_paper())
}

/// 港澳台居民居住证, side with the issuing office, the term of five years and the number of the travel permit.
pub(super) fn residence_permit_back(holder: &Person, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = Sheet::new(PaperKind::ResidencePermitBack, options, [244, 244, 240])?;
    sheet.wash([228, 240, 240], [244, 242, 236], [240, 232, 236]);
    sheet.guilloche(Area::new(0.0, 2.0, 85.6, 50.0), 30, [170, 176, 160], 0.3);
    let mark: Colour = [150, 130, 110];
    sheet.circle((15.6, 14.6), 8.6, 0.35, mark, Some(44));
    sheet.text(15.6, 12.9, "样张", Ink::hei(3.4).colour(mark).opacity(0.8).centred());
    sheet.text(53.0, 7.6, "中华人民共和国", Ink::new(Face::SongBold, 4.7).spaced(1.3).centred());
    sheet.text(53.0, 15.4, "港澳居民居住证", Ink::new(Face::HeiBold, 6.0).spaced(1.2).centred());
    let until = years_later(holder.valid_from, 5);
    let term = format!("{}-{}", dotted(holder.valid_from), dotted(until));
    let (label, value) = (Ink::new(Face::HeiBold, 2.75).spaced(0.2), Ink::hei(2.95).spaced(0.15));
    for (y, text, key, printed) in [
        (28.6, "签发机关", "issuer", holder.issuer.as_str()),
        (34.6, "有效期限", "term", &term),
        (40.6, "通行证号码", "permit_no", &home_return_no(holder)),
        (46.6, "签发次数", "issue_count", "01"),
    ] {
        sheet.text(16.0, y, text, label);
        let area = sheet.text(33.4, y - 0.1, printed, value);
        sheet.note_field(key, printed, area);
        if key == "term" {
            sheet.note_field("valid_from", &holder.valid_from.to_string(), area);
            sheet.note_field("valid_to", &until.to_string(), area);
        }
    }
    specimen(&mut sheet);
    Ok(sheet.into_paper())
}

/// 往来港澳通行证, side with the portrait and the machine-readable line.
pub(super) fn exit_entry_permit(holder: &Person, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = Sheet::new(PaperKind::ExitEntryPermit, options, [240, 240, 248])?;
    sheet.wash([226, 232, 248], [242, 240, 246], [238, 230, 240]);
    sheet.guilloche(Area::new(0.0, 2.0, 85.6, 42.0), 30, [150, 160, 200], 0.3);
    sheet.text(42.8, 3.2, "中华人民共和国", Ink::hei(2.6).centred());
    sheet.text(42.8, 7.0, "往来港澳通行证", Ink::new(Face::HeiBold, 4.0).spaced(0.6).centred());
    sheet.text(
        42.8,
        12.2,
        "EXIT-ENTRY PERMIT FOR TRAVELLING TO AND FROM HONG KONG AND MACAO",
        Ink::hei(1.35).centred(),
    );
    silhouette(&mut sheet, Area::new(4.6, 15.4, 20.0, 25.0), holder.sex, [222, 226, 238]);
    let number = exit_entry_no(holder);
    let issued = holder.valid_from;
    let expires = issued + Duration::days(3652);
    let latin = holder.latin_name();
    let (label, value) = (Ink::hei(1.7).colour(LABEL), Ink::hei(2.7));
    let term = format!("{}-{}", dotted(issued), dotted(expires));
    let rows: [(f32, f32, &str, &str, &str, String); 6] = [
        (28.0, 15.6, "姓名 Name", "name", &holder.name, holder.name.clone()),
        (28.0, 24.8, "出生日期 Date of birth", "birth", "", dotted(holder.birth)),
        (56.0, 24.8, "性别 Sex", "sex", holder.sex.zh(), holder.sex.zh().to_owned()),
        (28.0, 32.2, "有效期限 Valid", "term", &term, term.clone()),
        (56.0, 15.6, "证件号码 No.", "permit_no", &number, number.clone()),
        (28.0, 39.6, "签发机关 Authority", "issuer", "国家移民管理局", "国家移民管理局".to_owned()),
    ];
    let birth = holder.birth.to_string();
    for (x, y, text, key, fact, printed) in rows {
        sheet.text(x, y, text, label);
        let area = sheet.text(x, y + 2.3, &printed, value);
        if key == "term" {
            sheet.note_field("expires_on", &expires.to_string(), area);
        }
        sheet.note_field(key, if key == "birth" { &birth } else { fact }, area);
    }
    sheet.text(28.0, 21.4, &latin, Ink::hei(2.2));
    machine_line(&mut sheet, &number, holder, expires);
    sheet.text(82.0, 42.2, "样张 SPECIMEN", Ink::hei(1.7).colour([150, 140, 170]).right());
    Ok(sheet.into_paper())
}

/// 往来港澳通行证, side on which endorsements are printed and replaced: one for each region, in words only.
pub(super) fn exit_entry_permit_back(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = Sheet::new(PaperKind::ExitEntryPermitBack, options, [242, 242, 248])?;
    sheet.wash([232, 234, 246], [244, 242, 246], [240, 234, 242]);
    sheet.guilloche(Area::new(0.0, 2.0, 85.6, 50.0), 30, [150, 160, 200], 0.24);
    sheet.text(5.0, 4.0, "签注 ENDORSEMENTS", Ink::new(Face::HeiBold, 3.0).spaced(0.2));
    let no_ink = Ink::hei(2.3);
    let number = exit_entry_no(&cast.holder);
    let start = 80.6 - sheet.text_width_mm(&number, no_ink);
    sheet.field("permit_no", start, 4.4, &number, no_ink);
    sheet.text(start - 1.0, 4.7, "证件号码 No.", Ink::hei(1.7).colour(LABEL).right());
    let until = cast.today + Duration::days(320 - i64::from(cast.holder.birth.day()));
    for (top, region, prefix, entries) in [(10.0, "往来香港 HONG KONG", "hong_kong", "2 次"), (29.4, "往来澳门 MACAO", "macao", "1 次")] {
        let frame = Area::new(5.0, top, 75.6, 18.0);
        sheet.fill(frame, [249, 249, 251]);
        sheet.frame(frame, 0.2, LABEL);
        sheet.text(7.0, top + 1.6, region, Ink::new(Face::HeiBold, 2.5));
        for (x, y, text, key, fact, printed) in [
            (7.0, 6.0, "签注种类 Type", "kind", "个人旅游", "个人旅游 (G)".to_owned()),
            (34.0, 6.0, "有效期至 Valid until", "until", &until.to_string(), dotted(until)),
            (62.0, 6.0, "次数 Entries", "entries", entries, entries.to_owned()),
            (7.0, 12.0, "每次停留 Stay", "stay", "7 天", "7 天".to_owned()),
            (34.0, 12.0, "签发地 Issued in", "issued_in", "浙江", "浙江 ZHEJIANG".to_owned()),
        ] {
            sheet.text(x, top + y, text, Ink::hei(1.5).colour(LABEL));
            let area = sheet.text(x, top + y + 2.0, &printed, Ink::hei(2.4));
            sheet.note_field(&format!("{prefix}_{key}"), fact, area);
        }
    }
    specimen(&mut sheet);
    Ok(sheet.into_paper())
}

fn exit_entry_no(holder: &Person) -> String {
    format!("C{}", &holder.passport_no[1..])
}

/// `CS`, number, expiry, birth, each with its check digit, and one over all of them.
fn machine_line(sheet: &mut Sheet, number: &str, holder: &Person, expires: time::Date) {
    let checked = |part: &str| format!("{part}{}", mrz_check(part));
    let parts = [checked(&format!("{number:<<9}")), checked(&six(expires)), checked(&six(holder.birth))];
    let line = format!("CS{}<{}<{}<{}", parts[0], parts[1], parts[2], mrz_check(&parts.concat()));
    sheet.fill(Area::new(0.0, 45.4, 85.6, 8.0), [247, 247, 249]);
    let area = Area::new(4.2, 47.4, 30.0 * 2.54, 3.9);
    sheet.text(area.x, area.y, &line, Ink::new(Face::Machine, 3.85).pitch(2.54));
    sheet.note_code("MRZ-EEP", &line, area);
}

/// Front of a bank card: nothing but the number is read from it, and the number checks by Luhn.
pub(super) fn bank_card(holder: &Person, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = Sheet::new(PaperKind::BankCard, options, [36, 62, 110])?;
    sheet.wash([30, 52, 98], [48, 84, 140], [28, 48, 92]);
    sheet.fill(Area::new(9.0, 19.0, 12.0, 9.4), [214, 190, 120]);
    let number = luhn(&format!("621700{}", &holder.resident_id[6..15]));
    let light = [240, 242, 246];
    sheet.text(8.0, 6.0, "云溪银行（样张）", Ink::new(Face::HeiBold, 5.0).colour(light));
    sheet.text(78.0, 7.0, "借记卡 SPECIMEN", Ink::hei(2.8).colour(light).right());
    let grouped: Vec<String> = number.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect();
    let area = sheet.text(8.0, 32.0, &grouped.join(" "), Ink::new(Face::Machine, 5.2).pitch(3.3).colour(light));
    sheet.note_field("card_no", &number, area);
    sheet.text(8.0, 45.0, "有效期至 12/31", Ink::hei(2.6).colour(light));
    Ok(sheet.into_paper())
}

fn specimen(sheet: &mut Sheet) {
    sheet.text(
        80.6,
        50.0,
        "样张 SPECIMEN",
        Ink::hei(2.1).spaced(0.25).colour([120, 152, 172]).opacity(0.8).right(),
    );
}
