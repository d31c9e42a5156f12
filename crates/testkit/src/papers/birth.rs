//! The birth medical certificate: main page, duplicate for the police and stub on one A4 sheet,
//! with the bars of the seventh version beside its number.

use super::booklets::chinese_date;
use super::fonts::Face;
use super::numbers::code_128;
use super::people::{Family, Person, age_years};
use super::raster::Colour;
use super::sheet::{Area, Ink, Sheet};
use super::{DrawOptions, Paper, PaperError, PaperKind};

const RULE: Colour = [112, 138, 168];
const ENGLISH: Colour = [96, 110, 130];

/// The whole sheet, parts not yet torn off.
pub(super) fn certificate(family: &Family, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = Sheet::new(PaperKind::BirthCertificate, options, [252, 252, 251])?;
    sheet.guilloche(Area::new(10.0, 8.0, 190.0, 150.0), 46, [186, 206, 226], 0.4);
    sheet.frame(Area::new(10.0, 8.0, 190.0, 150.0), 0.5, RULE);
    sheet.frame(Area::new(11.4, 9.4, 187.2, 147.2), 0.2, RULE);
    main_page(&mut sheet, family);
    tear_line(&mut sheet, 162.0);
    strip(&mut sheet, family, 165.0, "副页", "（户口登记机关留存）");
    tear_line(&mut sheet, 230.0);
    strip(&mut sheet, family, 233.0, "存根", "（签发机构留存）");
    Ok(sheet.into_paper())
}

fn main_page(sheet: &mut Sheet, family: &Family) {
    let child = &family.child;
    sheet.circle((24.0, 23.0), 7.5, 0.35, RULE, Some(40));
    sheet.text(24.0, 21.3, "样张", Ink::hei(3.4).colour(RULE).centred());
    sheet.text(105.0, 13.4, "出生医学证明", Ink::new(Face::SongBold, 8.2).spaced(1.6).centred());
    sheet.text(105.0, 23.8, "BIRTH CERTIFICATE", Ink::song(3.4).spaced(0.5).centred());
    sheet.text(105.0, 28.4, "SPECIMEN", Ink::hei(2.6).spaced(0.6).colour(RULE).centred());
    let time = format!("{} {:02} 时 {:02} 分", chinese_date(child.birth), child.hour, child.minute);
    let iso_time = format!("{}T{:02}:{:02}", child.birth, child.hour, child.minute);
    let weeks = child.gestation_weeks.to_string();
    let weight = child.weight_g.to_string();
    let length = child.length_cm.to_string();
    blank(
        sheet,
        16.0,
        34.0,
        26.0,
        66.0,
        ("新生儿姓名", "Full name of baby", "child_name", &child.name, &child.name),
    );
    blank(sheet, 112.0, 34.0, 12.0, 20.0, ("性别", "Sex", "child_sex", child.sex.zh(), child.sex.zh()));
    blank(
        sheet,
        148.0,
        34.0,
        22.0,
        16.0,
        ("出生孕周", "Gestation (week)", "gestation_weeks", &weeks, &weeks),
    );
    blank(sheet, 16.0, 44.0, 26.0, 66.0, ("出生时间", "Date of birth", "birth_time", &iso_time, &time));
    blank(sheet, 112.0, 44.0, 20.0, 14.0, ("体重(克)", "Weight (g)", "birth_weight_g", &weight, &weight));
    blank(
        sheet,
        149.0,
        44.0,
        22.0,
        15.0,
        ("身长(厘米)", "Length (cm)", "birth_length_cm", &length, &length),
    );
    blank(
        sheet,
        16.0,
        54.0,
        26.0,
        56.0,
        ("出生地点", "Place of birth", "birth_place", "浙江省云溪市", "浙江省云溪市"),
    );
    blank(
        sheet,
        102.0,
        54.0,
        26.0,
        58.0,
        ("医疗机构名称", "Name of facility", "birth_hospital", &child.hospital, &child.hospital),
    );
    parent(sheet, 65.0, "母亲", "mother", &family.mother, child.birth);
    parent(sheet, 97.0, "父亲", "father", &family.father, child.birth);
    sheet.text(16.0, 130.4, "签发机构", Ink::song(3.3));
    sheet.text(16.0, 134.4, "Issuing facility", Ink::song(2.1).colour(ENGLISH));
    sheet.field("issuer", 36.0, 131.0, &child.hospital, Ink::song(3.5));
    sheet.text(16.0, 143.2, "签发日期", Ink::song(3.3));
    sheet.text(16.0, 147.2, "Date of issue", Ink::song(2.1).colour(ENGLISH));
    let area = sheet.text(36.0, 143.6, &chinese_date(super::DEMO_DAY), Ink::song(3.5));
    sheet.note_field("issued_on", &super::DEMO_DAY.to_string(), area);
    sheet.seal((96.0, 139.0), 27.0, &child.hospital, "出生医学证明专用");
    number_with_bars(sheet, &child.certificate_no);
}

fn number_with_bars(sheet: &mut Sheet, number: &str) {
    let bars = Area::new(131.0, 131.0, 58.0, 9.0);
    let widths = code_128(number);
    sheet.fill(Area::new(bars.x - 5.0, bars.y - 1.5, bars.width + 10.0, 20.0), [253, 253, 253]);
    sheet.bars(&widths, bars);
    sheet.note_code("Code128", number, bars);
    sheet.text(131.0, 143.2, "出生证编号", Ink::song(3.3));
    sheet.field("certificate_no", 151.0, 142.6, number, Ink::new(Face::Machine, 4.4).pitch(3.0));
}

fn parent(sheet: &mut Sheet, y: f32, word: &str, prefix: &str, person: &Person, on: time::Date) {
    let age = age_years(person.birth, on).to_string();
    let english = if prefix == "mother" { "Mother's name" } else { "Father's name" };
    let key = |name: &str| format!("{prefix}_{name}");
    blank(
        sheet,
        16.0,
        y,
        26.0,
        36.0,
        (&format!("{word}姓名"), english, &key("name"), &person.name, &person.name),
    );
    blank(sheet, 82.0, y, 11.0, 13.0, ("年龄", "Age", &key("age"), &age, &age));
    blank(sheet, 110.0, y, 18.0, 18.0, ("国籍", "Nationality", &key("nationality"), "中国", "中国"));
    blank(
        sheet,
        150.0,
        y,
        18.0,
        18.0,
        ("民族", "Ethnicity", &key("ethnic"), &person.ethnic, &person.ethnic),
    );
    blank(
        sheet,
        16.0,
        y + 10.0,
        26.0,
        144.0,
        ("住址", "Address", &key("address"), &person.address, &person.address),
    );
    blank(
        sheet,
        16.0,
        y + 20.0,
        31.0,
        36.0,
        ("有效身份证件类别", "Type of ID", &key("id_kind"), "居民身份证", "居民身份证"),
    );
    blank(
        sheet,
        88.0,
        y + 20.0,
        31.0,
        67.0,
        ("有效身份证件号码", "ID No.", &key("id"), &person.resident_id, &person.resident_id),
    );
}

/// A label in two languages and a value on a line: zh, en, key, value, printed.
fn blank(sheet: &mut Sheet, x: f32, y: f32, label_mm: f32, value_mm: f32, (zh, english, key, value, printed): (&str, &str, &str, &str, &str)) {
    sheet.text(x, y, zh, Ink::song(3.3));
    sheet.text(x, y + 4.0, english, Ink::song(2.1).colour(ENGLISH));
    sheet.stroke(&[(x + label_mm, y + 5.2), (x + label_mm + value_mm, y + 5.2)], 0.15, RULE, 1.0);
    let area = sheet.text(x + label_mm + 1.4, y + 0.6, printed, Ink::song(3.6));
    sheet.note_field(key, value, area);
}

fn tear_line(sheet: &mut Sheet, y: f32) {
    let mut x = 4.0;
    while x < 206.0 {
        sheet.stroke(&[(x, y), (x + 1.6, y)], 0.2, [150, 150, 150], 1.0);
        x += 3.0;
    }
}

/// The short repetition of the data on the duplicate and on the stub; not noted as fields, the main page counts.
fn strip(sheet: &mut Sheet, family: &Family, y: f32, part: &str, remark: &str) {
    let child = &family.child;
    sheet.frame(Area::new(10.0, y, 190.0, 61.0), 0.3, RULE);
    sheet.text(
        105.0,
        y + 3.6,
        &format!("出生医学证明{part}"),
        Ink::new(Face::SongBold, 5.0).spaced(0.8).centred(),
    );
    sheet.text(105.0, y + 10.2, remark, Ink::song(2.7).colour(ENGLISH).centred());
    let time = format!("{} {:02} 时 {:02} 分", chinese_date(child.birth), child.hour, child.minute);
    let ink = Ink::song(3.3);
    let row = |at: u8| y + 16.0 + f32::from(at) * 7.4;
    sheet.text(16.0, row(0), &format!("新生儿姓名　{}", child.name), ink);
    sheet.text(80.0, row(0), &format!("性别　{}", child.sex.zh()), ink);
    sheet.text(110.0, row(0), &format!("出生时间　{time}"), ink);
    for (at, word, person) in [(1, "母亲", &family.mother), (3, "父亲", &family.father)] {
        sheet.text(16.0, row(at), &format!("{word}姓名　{}", person.name), ink);
        sheet.text(80.0, row(at), &format!("民族　{}", person.ethnic), ink);
        sheet.text(110.0, row(at), &format!("身份证件号码　{}", person.resident_id), ink);
        sheet.text(16.0, row(at + 1), &format!("住　　址　{}", person.address), ink);
    }
    sheet.text(16.0, row(5), &format!("签发机构　{}", child.hospital), ink);
    sheet.text(110.0, row(5), &format!("出生证编号　{}", child.certificate_no), ink);
    sheet.text(194.0, y + 4.4, "样张 SPECIMEN", Ink::hei(2.3).spaced(0.3).colour(RULE).right());
}
