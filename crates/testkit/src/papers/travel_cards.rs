//! Cards of people who come from elsewhere, both sides of each: the travel permits of residents of Hong Kong and Macao and of residents
//! of Taiwan, and the permanent residence card of foreigners. 85.6 x 54 mm, with a zone of three lines on the back (ICAO Doc 9303, TD1).
//! The numbers of the cards that such people have at home are left out, as no range of those is set aside for the invented.

use time::Date;

use super::cards::dotted;
use super::fonts::Face;
use super::numbers::{Td1, mrz_check, resident_id, six, td1};
use super::people::{Person, years_later};
use super::portrait::silhouette;
use super::raster::Colour;
use super::sheet::{Area, Ink, Sheet};
use super::{DrawOptions, Paper, PaperError, PaperKind};

const FOREIGNER_LABEL: Colour = [60, 104, 128];
const TERM_YEARS: i32 = 10;

/// What tells the two travel permits apart.
struct TravelPermit {
    title: &'static str,
    title_latin: &'static str,
    number: String,
    /// Letters in the zone.
    code: &'static str,
    place: &'static str,
    tint: [Colour; 3],
    label: Colour,
}

/// 港澳居民来往内地通行证, side with the portrait.
pub(super) fn home_return_permit(holder: &Person, options: &DrawOptions) -> Result<Paper, PaperError> {
    permit_front(PaperKind::HomeReturnPermit, &home_return(holder), holder, options)
}

/// 港澳居民来往内地通行证, side with the zone.
pub(super) fn home_return_permit_back(holder: &Person, options: &DrawOptions) -> Result<Paper, PaperError> {
    permit_back(PaperKind::HomeReturnPermitBack, &home_return(holder), holder, options)
}

/// 台湾居民来往大陆通行证, side with the portrait.
pub(super) fn taiwan_permit(holder: &Person, options: &DrawOptions) -> Result<Paper, PaperError> {
    permit_front(PaperKind::TaiwanPermit, &taiwan(holder), holder, options)
}

/// 台湾居民来往大陆通行证, side with the zone.
pub(super) fn taiwan_permit_back(holder: &Person, options: &DrawOptions) -> Result<Paper, PaperError> {
    permit_back(PaperKind::TaiwanPermitBack, &taiwan(holder), holder, options)
}

/// `H` for Hong Kong and eight digits, kept for life.
pub(super) fn home_return_no(holder: &Person) -> String {
    format!("H00{}", &holder.resident_id[11..17])
}

/// How often a permit was renewed, as it is printed beside its number.
pub(super) fn renewal_count(holder: &Person) -> String {
    format!("{:02}", holder.birth.day() % 4)
}

fn home_return(holder: &Person) -> TravelPermit {
    TravelPermit {
        title: "港澳居民来往内地通行证",
        title_latin: "MAINLAND TRAVEL PERMIT FOR HONG KONG AND MACAO RESIDENTS",
        number: home_return_no(holder),
        code: "CR",
        place: "香港/HONG KONG",
        tint: [[228, 236, 246], [246, 242, 238], [244, 230, 228]],
        label: [84, 92, 140],
    }
}

fn taiwan(holder: &Person) -> TravelPermit {
    TravelPermit {
        title: "台湾居民来往大陆通行证",
        title_latin: "MAINLAND TRAVEL PERMIT FOR TAIWAN RESIDENTS",
        number: format!("00{}", &holder.resident_id[10..16]),
        code: "CT",
        place: "福建/FUJIAN",
        tint: [[230, 242, 234], [244, 244, 236], [230, 238, 244]],
        label: [66, 112, 96],
    }
}

fn permit_front(kind: PaperKind, permit: &TravelPermit, holder: &Person, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = tinted(kind, options, permit.tint, permit.label)?;
    sheet.text(42.8, 3.6, permit.title, Ink::new(Face::HeiBold, 4.2).spaced(0.5).centred());
    sheet.text(42.8, 9.2, permit.title_latin, Ink::hei(1.7).centred());
    silhouette(&mut sheet, Area::new(5.0, 15.0, 22.0, 28.6), holder.sex, [224, 228, 234]);
    let expires = years_later(holder.valid_from, TERM_YEARS);
    let term = format!("{}-{}", dotted(holder.valid_from), dotted(expires));
    let latin = holder.latin_name();
    let (label, value) = (Ink::hei(1.7).colour(permit.label), Ink::hei(2.7));
    for (x, y, text, key, printed, fact) in [
        (30.5, 14.4, "姓名 Name", "name", holder.name.as_str(), None),
        (63.0, 14.4, "证件号码 No.", "permit_no", &permit.number, None),
        (30.5, 24.8, "出生日期 Date of birth", "birth", &dotted(holder.birth), Some(holder.birth)),
        (63.0, 24.8, "性别 Sex", "sex", holder.sex.zh(), None),
        (30.5, 32.2, "有效期限 Period of validity", "term", &term, None),
        (63.0, 32.2, "换证次数 Renewals", "renewals", &renewal_count(holder), None),
        (30.5, 39.6, "签发机关 Authority", "issuer", "国家移民管理局", None),
    ] {
        sheet.text(x, y, text, label);
        let area = sheet.text(x, y + 2.4, printed, value);
        sheet.note_field(key, &fact.map_or_else(|| printed.to_owned(), |day: Date| day.to_string()), area);
        if key == "term" {
            sheet.note_field("expires_on", &expires.to_string(), area);
        }
    }
    sheet.field("name_latin", 30.5, 20.4, &latin, Ink::hei(2.3));
    specimen(&mut sheet, 49.4, permit.label);
    Ok(sheet.into_paper())
}

fn permit_back(kind: PaperKind, permit: &TravelPermit, holder: &Person, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = tinted(kind, options, permit.tint, permit.label)?;
    let (label, value) = (Ink::hei(1.7).colour(permit.label), Ink::hei(2.5));
    sheet.text(5.0, 4.4, permit.title, Ink::new(Face::HeiBold, 2.9).spaced(0.2));
    sheet.text(5.0, 11.0, "签发地点 Place of issue", label);
    sheet.field("issue_place", 5.0, 13.3, permit.place, value);
    sheet.text(40.0, 11.0, "签发日期 Date of issue", label);
    let area = sheet.text(40.0, 13.3, &dotted(holder.valid_from), value);
    sheet.note_field("issued_on", &holder.valid_from.to_string(), area);
    sheet.paragraph(
        5.0,
        19.6,
        54.0,
        3.2,
        "本证由国家移民管理局签发，持证人凭本证来往。\n持证人应当妥善保管本证，如有遗失须立即申报。",
        Ink::hei(2.1),
    );
    specimen(&mut sheet, 4.8, permit.label);
    machine_zone(
        &mut sheet,
        &td1(&Td1 {
            kind: permit.code,
            number: &permit.number,
            optional: &renewal_count(holder),
            nationality: "CHN",
            bearer: holder.bearer(years_later(holder.valid_from, TERM_YEARS)),
        }),
    );
    Ok(sheet.into_paper())
}

/// 外国人永久居留身份证, side with the portrait; the number of 18 characters that begins with 9.
pub(super) fn foreigner_card(holder: &Person, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = foreigner_sheet(PaperKind::ForeignerCard, options)?;
    sheet.text(
        42.8,
        3.2,
        "中华人民共和国外国人永久居留身份证",
        Ink::new(Face::HeiBold, 3.4).spaced(0.2).centred(),
    );
    sheet.text(
        42.8,
        8.0,
        "FOREIGN PERMANENT RESIDENT ID CARD OF THE PEOPLE'S REPUBLIC OF CHINA",
        Ink::hei(1.6).centred(),
    );
    silhouette(&mut sheet, Area::new(57.0, 13.0, 23.6, 29.0), holder.sex, [224, 229, 233]);
    let country = country(holder);
    let expires = years_later(holder.valid_from, TERM_YEARS);
    let term = format!("{}-{}", dotted(holder.valid_from), dotted(expires));
    let nationality = format!("{}/{}", country.name, country.letters);
    let sex = format!("{}/{}", holder.sex.zh(), holder.sex.letter());
    let (label, value) = (Ink::hei(1.7).colour(FOREIGNER_LABEL), Ink::hei(2.6));
    for (x, y, text, key, printed, fact) in [
        (5.2, 12.4, "姓名 Name", "name_latin", holder.latin_name(), None),
        (37.0, 12.4, "中文姓名", "name", holder.name.clone(), None),
        (5.2, 20.0, "性别 Sex", "sex", sex, Some(holder.sex.zh().to_owned())),
        (
            26.0,
            20.0,
            "出生日期 Date of Birth",
            "birth",
            dotted(holder.birth),
            Some(holder.birth.to_string()),
        ),
        (5.2, 27.6, "国籍 Nationality", "nationality", nationality, Some(country.letters.to_owned())),
        (5.2, 35.2, "有效期限 Period of Validity", "term", term, None),
    ] {
        sheet.text(x, y, text, label);
        let area = sheet.text(x, y + 2.4, &printed, value);
        if key == "term" {
            sheet.note_field("expires_on", &expires.to_string(), area);
        }
        sheet.note_field(key, &fact.unwrap_or(printed), area);
    }
    sheet.text(5.2, 43.6, "证件号码 ID No.", label);
    sheet.field("foreigner_id", 21.0, 42.8, &foreigner_no(holder), Ink::new(Face::Machine, 4.2).pitch(2.6));
    specimen(&mut sheet, 49.4, FOREIGNER_LABEL);
    Ok(sheet.into_paper())
}

/// 外国人永久居留身份证, side with the zone; the number of the card of 2017 stands there for those who had one.
pub(super) fn foreigner_card_back(holder: &Person, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = foreigner_sheet(PaperKind::ForeignerCardBack, options)?;
    let (label, value) = (Ink::hei(1.7).colour(FOREIGNER_LABEL), Ink::hei(2.6));
    sheet.circle((12.4, 12.6), 6.4, 0.3, FOREIGNER_LABEL, Some(36));
    sheet.text(12.4, 11.2, "样张", Ink::hei(2.6).colour(FOREIGNER_LABEL).opacity(0.8).centred());
    sheet.text(24.0, 4.6, "外国人永久居留身份证", Ink::new(Face::HeiBold, 3.2).spaced(0.2));
    sheet.text(24.0, 12.0, "签发机关 Issuing Authority", label);
    sheet.field("issuer", 24.0, 14.4, "国家移民管理局", value);
    sheet.text(24.0, 20.2, "曾持证件号码 Previous ID No.", label);
    let earlier = format!("{}3303{}1", country(holder).letters, six(holder.birth));
    let earlier = format!("{earlier}{}", mrz_check(&earlier));
    sheet.field("previous_id", 24.0, 22.6, &earlier, value);
    specimen(&mut sheet, 4.8, FOREIGNER_LABEL);
    machine_zone(
        &mut sheet,
        &td1(&Td1 {
            kind: "I",
            number: &foreigner_no(holder),
            optional: "",
            nationality: country(holder).letters,
            bearer: holder.bearer(years_later(holder.valid_from, TERM_YEARS)),
        }),
    );
    Ok(sheet.into_paper())
}

/// A country as cards and their numbers name it (ISO 3166-1).
struct Country {
    name: &'static str,
    letters: &'static str,
    digits: &'static str,
}

fn country(holder: &Person) -> Country {
    let (name, letters, digits) = match holder.birth.day() % 4 {
        0 => ("加拿大", "CAN", "124"),
        1 => ("法国", "FRA", "250"),
        2 => ("新加坡", "SGP", "702"),
        _ => ("澳大利亚", "AUS", "036"),
    };
    Country { name, letters, digits }
}

/// 9, Zhejiang, nationality, date of birth and sequence, and the check character of resident identity numbers.
fn foreigner_no(holder: &Person) -> String {
    resident_id(&format!("933{}{}", country(holder).digits, &holder.resident_id[6..17]))
}

/// Three lines of ten characters an inch and a quarter of an inch apart, on the plain strip of 23.2 mm at the lower edge.
fn machine_zone(sheet: &mut Sheet, lines: &[String; 3]) {
    const STEP_MM: f32 = 6.35;
    sheet.fill(Area::new(0.0, 30.8, 85.6, 23.2), [247, 247, 247]);
    let area = Area::new(4.7, 33.6, 30.0 * 2.54, 2.0 * STEP_MM + 3.9);
    for (at, line) in lines.iter().enumerate() {
        sheet.text(area.x, area.y + at as f32 * STEP_MM, line, Ink::new(Face::Machine, 3.85).pitch(2.54));
    }
    sheet.note_code("MRZ-TD1", &lines.join("\n"), area);
}

fn foreigner_sheet(kind: PaperKind, options: &DrawOptions) -> Result<Sheet, PaperError> {
    tinted(kind, options, [[226, 240, 238], [242, 244, 238], [232, 236, 246]], [120, 170, 176])
}

fn tinted(kind: PaperKind, options: &DrawOptions, [left, middle, right]: [Colour; 3], waves: Colour) -> Result<Sheet, PaperError> {
    let mut sheet = Sheet::new(kind, options, middle)?;
    sheet.wash(left, middle, right);
    sheet.guilloche(Area::new(0.0, 2.0, 85.6, 50.0), 30, waves, 0.2);
    Ok(sheet)
}

fn specimen(sheet: &mut Sheet, y: f32, colour: Colour) {
    sheet.text(80.6, y, "样张 SPECIMEN", Ink::hei(2.1).spaced(0.25).colour(colour).opacity(0.8).right());
}
