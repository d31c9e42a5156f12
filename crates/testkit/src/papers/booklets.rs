//! Booklets: two pages of the household register, the marriage certificate, the data page of a passport.

use time::Date;

use super::cards::printed_number;
use super::fonts::Face;
use super::numbers::{Td3, td3};
use super::people::{Family, Person};
use super::portrait::silhouette;
use super::raster::Colour;
use super::sheet::{Area, Ink, Sheet};
use super::truth::{Fault, PixelBox};
use super::{DrawOptions, Paper, PaperError, PaperKind};

const BOOKLET_PAPER: Colour = [251, 248, 240];
const BOOKLET_LINE: Colour = [96, 116, 104];

/// Label, width of the label, key, content, width of the content; widths in millimetres.
type MemberCell<'a> = (&'a str, f32, &'a str, &'a str, f32);

/// First page of the household booklet: kind, head, number, address, both seals.
pub(super) fn household_cover(family: &Family, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = booklet_page(PaperKind::HouseholdCover, options)?;
    sheet.text(71.5, 8.5, "居民户口簿", Ink::new(Face::SongBold, 5.4).spaced(2.2).centred());
    let label = Ink::song(3.5).centred();
    let value = Ink::song(3.7);
    let rows: [(f32, f32, &str, &str, &str); 4] = [
        (10.0, 20.0, "户　　别", "household_kind", "家庭户"),
        (71.5, 20.0, "户主姓名", "household_head", &family.father.name),
        (10.0, 31.0, "户　　号", "household_no", &family.household_no),
        (10.0, 42.0, "住　　址", "household_address", &family.father.address),
    ];
    for (x, y, text, key, content) in rows {
        let width = if key == "household_address" || key == "household_no" { 123.0 } else { 61.5 };
        labelled_cell(&mut sheet, Area::new(x, y, width, 11.0), 24.0, text, label);
        sheet.field_in(key, Area::new(x + 24.0, y, width - 24.0, 11.0), content, value);
    }
    let seals = Area::new(10.0, 53.0, 123.0, 32.0);
    sheet.frame(seals, 0.2, BOOKLET_LINE);
    sheet.stroke(&[(71.5, 53.0), (71.5, 85.0)], 0.2, BOOKLET_LINE, 1.0);
    sheet.text(13.0, 56.0, "省级公安机关户口专用章", Ink::song(2.7));
    sheet.text(74.5, 56.0, "户口登记机关户口专用章", Ink::song(2.7));
    sheet.seal((46.0, 71.6), 25.0, "浙江省公安厅", "户口专用章");
    sheet.seal((108.0, 71.6), 25.0, &family.police_station, "户口专用章");
    sheet.text(13.0, 90.0, "承办人签章：", Ink::song(3.2));
    sheet.signature(33.0, 88.6, "叶青禾", 4.6);
    sheet.text(130.0, 90.0, "签发日期：2024 年 06 月 03 日", Ink::song(3.2).right());
    specimen_foot(&mut sheet, 71.5, 98.2);
    Ok(sheet.into_paper())
}

/// A member's page: the head on page 1, the grandmother on page 2.
pub(super) fn household_member(family: &Family, options: &DrawOptions) -> Result<Paper, PaperError> {
    let is_head = options.page_no <= 1;
    let member = if is_head { &family.father } else { &family.grandmother };
    let (relation, marital) = if is_head { ("户主", "有配偶") } else { ("母亲", "有配偶") };
    let mut sheet = booklet_page(PaperKind::HouseholdMember, options)?;
    sheet.text(71.5, 6.6, "常住人口登记卡", Ink::new(Face::SongBold, 4.8).spaced(1.6).centred());
    let number = printed_number(member, options);
    if number != member.resident_id {
        sheet.truth_mut().add_fault(Fault::MisprintedCheck);
    }
    let birth = chinese_date(member.birth);
    let moved_in = "2024 年 06 月 03 日由本市临江街道望山路 40 号迁来";
    // A row is 127 mm wide.
    let rows: [&[MemberCell<'_>]; 10] = [
        &[
            ("姓　　名", 22.0, "name", &member.name, 46.0),
            ("户主或与\n户主关系", 22.0, "relation", relation, 37.0),
        ],
        &[("曾 用 名", 22.0, "", "", 46.0), ("性　　别", 22.0, "sex", member.sex.zh(), 37.0)],
        &[
            ("出 生 地", 22.0, "birth_place", &member.native_place, 46.0),
            ("民　　族", 22.0, "ethnic", &member.ethnic, 37.0),
        ],
        &[
            ("籍　　贯", 22.0, "native_place", &member.native_place, 46.0),
            ("出生日期", 22.0, "birth", &birth, 37.0),
        ],
        &[("本市(县)\n其他住址", 22.0, "", "", 46.0), ("宗教信仰", 22.0, "", "", 37.0)],
        &[
            ("公民身份\n证件编号", 22.0, "resident_id", &number, 46.0),
            ("身高", 11.0, "", "", 15.0),
            ("血型", 11.0, "", "", 22.0),
        ],
        &[
            ("文化程度", 22.0, "schooling", &member.schooling, 24.0),
            ("婚姻状况", 18.0, "marital_status", marital, 21.0),
            ("兵役状况", 18.0, "", "", 24.0),
        ],
        &[
            ("服务处所", 22.0, "workplace", &member.workplace, 57.0),
            ("职　业", 16.0, "occupation", &member.occupation, 32.0),
        ],
        &[("何时由何地\n迁来本市(县)", 26.0, "", "", 101.0)],
        &[("何时由何地\n迁来本址", 26.0, "moved_in", moved_in, 101.0)],
    ];
    let mut y = 14.4;
    for row in rows {
        let mut x = 8.0;
        for (label, label_mm, key, content, content_mm) in row {
            let size = if label.contains('\n') { 2.65 } else { 3.0 };
            labelled_cell(
                &mut sheet,
                Area::new(x, y, label_mm + content_mm, 7.3),
                *label_mm,
                label,
                Ink::song(size).centred(),
            );
            let area = sheet.text_in(Area::new(x + label_mm, y, *content_mm, 7.3), content, Ink::song(3.2));
            let value = if *key == "birth" { member.birth.to_string() } else { (*content).to_owned() };
            sheet.note_field(key, &value, area);
            x += label_mm + content_mm;
        }
        y += 7.3;
    }
    sheet.text(10.0, 92.4, "承办人签章：", Ink::song(3.0));
    sheet.signature(28.0, 91.0, "叶青禾", 4.2);
    sheet.text(133.0, 92.4, "登记日期：2024 年 06 月 03 日", Ink::song(3.0).right());
    sheet.seal((71.0, 95.2), 17.0, &family.police_station, "户口专用章");
    specimen_foot(&mut sheet, 112.0, 98.6);
    Ok(sheet.into_paper())
}

/// Both inner pages of the marriage certificate, spread open.
pub(super) fn marriage_certificate(family: &Family, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = Sheet::new(PaperKind::MarriageCertificate, options, [253, 246, 243])?;
    sheet.guilloche(Area::new(4.0, 4.0, 168.0, 117.0), 44, [232, 178, 170], 0.35);
    sheet.frame(Area::new(4.0, 4.0, 168.0, 117.0), 0.3, [206, 120, 112]);
    sheet.stroke(&[(88.0, 0.0), (88.0, 125.0)], 0.25, [200, 186, 180], 0.9);
    sheet.text(46.0, 10.0, "结 婚 证", Ink::new(Face::SongBold, 6.4).colour([150, 40, 40]).centred());
    let couple = Area::new(24.0, 21.0, 44.0, 30.0);
    silhouette(&mut sheet, Area::new(couple.x, couple.y, 22.0, 30.0), family.father.sex, [226, 196, 192]);
    silhouette(&mut sheet, Area::new(couple.x + 22.0, couple.y, 22.0, 30.0), family.mother.sex, [226, 196, 192]);
    let label = Ink::song(3.4);
    let value = Ink::song(3.6);
    let married = chinese_date(family.married);
    for (y, text, key, content) in [
        (58.0, "持 证 人", "holder_name", family.mother.name.as_str()),
        (67.0, "登记日期", "registered_on", &married),
        (76.0, "结婚证字号", "certificate_no", &family.marriage_no),
        (85.0, "备　　注", "", "无"),
    ] {
        sheet.text(11.0, y, text, label);
        let area = sheet.text(33.0, y - 0.1, content, value);
        let noted = if key == "registered_on" {
            family.married.to_string()
        } else {
            content.to_owned()
        };
        if !key.is_empty() {
            sheet.note_field(key, &noted, area);
        }
        sheet.stroke(&[(32.0, y + 5.0), (82.0, y + 5.0)], 0.15, [190, 150, 144], 1.0);
    }
    sheet.paragraph(
        11.0,
        97.0,
        71.0,
        5.4,
        "　　结婚申请，符合《中华人民共和国民法典》规定，予以登记，发给此证。",
        Ink::song(3.3),
    );
    for (top, prefix, person) in [(12.0, "husband", &family.father), (52.0, "wife", &family.mother)] {
        spouse(&mut sheet, top, prefix, person);
    }
    sheet.text(97.0, 95.0, "登记机关", label);
    sheet.seal((148.0, 102.0), 26.0, "云溪市民政局", "婚姻登记专用章");
    sheet.text(97.0, 104.0, "婚姻登记员", label);
    sheet.signature(117.0, 102.4, "季昀", 4.8);
    sheet.text(11.0, 115.2, "样张 SPECIMEN", Ink::hei(2.2).spaced(0.3).colour([186, 130, 124]));
    Ok(sheet.into_paper())
}

/// The data page of an ordinary passport with a valid machine-readable zone (ICAO Doc 9303, TD3).
pub(super) fn passport(holder: &Person, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = Sheet::new(PaperKind::PassportDataPage, options, [244, 243, 240])?;
    sheet.wash([240, 236, 228], [232, 240, 242], [242, 234, 232]);
    sheet.guilloche(Area::new(0.0, 0.0, 125.0, 64.0), 40, [160, 176, 186], 0.3);
    sheet.text(62.5, 3.2, "中华人民共和国　PEOPLE'S REPUBLIC OF CHINA", Ink::hei(3.1).spaced(0.1).centred());
    sheet.text(6.0, 9.6, "护照 / PASSPORT", Ink::new(Face::HeiBold, 3.2));
    silhouette(&mut sheet, Area::new(6.0, 15.0, 33.0, 45.0), holder.sex, [226, 229, 232]);
    let issued = holder.valid_from;
    let expires = issued.replace_year(issued.year() + 10).unwrap_or(issued);
    let latin = holder.latin_name();
    let sex = format!("{}/{}", holder.sex.zh(), holder.sex.letter());
    let place = format!("{}/ZHEJIANG", holder.native_place.chars().take(2).collect::<String>());
    let cells: [(f32, f32, &str, &str, &str, String); 12] = [
        (43.0, 9.4, "类型/Type", "type", "PO", "PO".into()),
        (62.0, 9.4, "国家码/Country Code", "country", "CHN", "CHN".into()),
        (90.0, 9.4, "护照号/Passport No.", "passport_no", &holder.passport_no, holder.passport_no.clone()),
        (43.0, 18.2, "姓名/Name", "name", &holder.name, holder.name.clone()),
        (43.0, 29.4, "性别/Sex", "sex", holder.sex.zh(), sex),
        (62.0, 29.4, "国籍/Nationality", "nationality", "中国", "中国/CHINESE".into()),
        (90.0, 29.4, "出生日期/Date of birth", "birth", "", latin_date(holder.birth)),
        (43.0, 38.0, "出生地点/Place of birth", "birth_place", &place, place.clone()),
        (90.0, 38.0, "签发日期/Date of issue", "issued_on", "", latin_date(issued)),
        (43.0, 46.5, "签发地点/Place of issue", "issue_place", "浙江/ZHEJIANG", "浙江/ZHEJIANG".into()),
        (90.0, 46.5, "有效期至/Date of expiry", "expires_on", "", latin_date(expires)),
        (43.0, 55.0, "签发机关/Authority", "authority", "国家移民管理局", "国家移民管理局".into()),
    ];
    for (x, y, label, key, value, printed) in cells {
        sheet.text(x, y, label, Ink::hei(1.9).colour([90, 96, 110]));
        let area = sheet.text(x, y + 2.9, &printed, Ink::hei(3.2));
        let dates = [("birth", holder.birth), ("issued_on", issued), ("expires_on", expires)];
        let value = dates
            .iter()
            .find(|(name, _)| *name == key)
            .map_or_else(|| value.to_owned(), |(_, day)| day.to_string());
        sheet.note_field(key, &value, area);
    }
    sheet.field("name_latin", 43.0, 24.8, &latin, Ink::hei(3.0));
    sheet.text(119.0, 59.4, "样张 SPECIMEN", Ink::hei(2.2).spaced(0.3).colour([150, 120, 120]).right());
    machine_zone(&mut sheet, holder, expires);
    Ok(sheet.into_paper())
}

/// A day as 2018 年 03 月 06 日, the way certificates print it.
pub(super) fn chinese_date(day: Date) -> String {
    format!("{:04} 年 {:02} 月 {:02} 日", day.year(), day.month() as u8, day.day())
}

fn machine_zone(sheet: &mut Sheet, holder: &Person, expires: Date) {
    let lines = td3(&Td3 {
        kind: "PO",
        number: &holder.passport_no,
        bearer: holder.bearer(expires),
    });
    sheet.fill(Area::new(0.0, 64.8, 125.0, 23.2), [247, 247, 246]);
    let ink = Ink::new(Face::Machine, 3.85).pitch(2.54);
    sheet.text(6.6, 69.6, &lines[0], ink);
    sheet.text(6.6, 75.95, &lines[1], ink);
    sheet.note_code("MRZ-TD3", &lines.join("\n"), Area::new(6.6, 69.4, 44.0 * 2.54, 11.0));
}

fn latin_date(day: Date) -> String {
    let month = &day.month().to_string().to_uppercase()[..3];
    format!("{:02} {:02}月/{month} {}", day.day(), day.month() as u8, day.year())
}

fn spouse(sheet: &mut Sheet, top: f32, prefix: &str, person: &Person) {
    let label = Ink::song(3.4);
    let birth = chinese_date(person.birth);
    let rows = [
        ("姓　　名", "name", person.name.as_str()),
        ("国　　籍", "nationality", "中国"),
        ("出生日期", "birth", &birth),
        ("身份证件号", "resident_id", &person.resident_id),
    ];
    let mut sex_area: Option<PixelBox> = None;
    for (at, (text, key, content)) in rows.into_iter().enumerate() {
        let y = top + at as f32 * 8.8;
        sheet.text(97.0, y, text, label);
        let area = sheet.text(117.5, y - 0.1, content, Ink::song(3.6));
        let value = if key == "birth" { person.birth.to_string() } else { content.to_owned() };
        sheet.note_field(&format!("{prefix}_{key}"), &value, area);
        sheet.stroke(&[(116.0, y + 5.0), (if at == 0 { 139.0 } else { 166.0 }, y + 5.0)], 0.15, [190, 150, 144], 1.0);
        if at == 0 {
            sheet.text(142.0, y, "性别", label);
            sex_area = sheet.text(152.5, y - 0.1, person.sex.zh(), Ink::song(3.6));
            sheet.stroke(&[(150.5, y + 5.0), (166.0, y + 5.0)], 0.15, [190, 150, 144], 1.0);
        }
    }
    sheet.note_field(&format!("{prefix}_sex"), person.sex.zh(), sex_area);
}

fn booklet_page(kind: PaperKind, options: &DrawOptions) -> Result<Sheet, PaperError> {
    let mut sheet = Sheet::new(kind, options, BOOKLET_PAPER)?;
    sheet.guilloche(Area::new(2.0, 2.0, 139.0, 101.0), 26, [196, 176, 150], 0.22);
    Ok(sheet)
}

/// Frame of a cell with its label part ruled off and the label set in the middle of it.
fn labelled_cell(sheet: &mut Sheet, area: Area, label_mm: f32, label: &str, ink: Ink) {
    sheet.frame(area, 0.2, BOOKLET_LINE);
    sheet.stroke(
        &[(area.x + label_mm, area.y), (area.x + label_mm, area.y + area.height)],
        0.2,
        BOOKLET_LINE,
        1.0,
    );
    sheet.text_in(Area { width: label_mm, ..area }, label, ink);
}

fn specimen_foot(sheet: &mut Sheet, x: f32, y: f32) {
    sheet.text(x, y, "样张 SPECIMEN", Ink::hei(2.3).spaced(0.4).colour([150, 136, 112]).centred());
}
