//! Certificates about a home and about a death: the property certificate, the death certificate, the cremation certificate; and the
//! employer's form for a pension.

use time::{Date, Duration};

use super::booklets::chinese_date;
use super::fonts::Face;
use super::people::{Cast, Person};
use super::raster::Colour;
use super::sheet::{Area, Ink, Sheet};
use super::{DrawOptions, Paper, PaperError, PaperKind};

const LINE: Colour = [120, 120, 116];

/// A row of a table: label, key, value as data, value as printed.
type Row<'a> = (&'a str, &'a str, String, String);

fn row<'a>(label: &'a str, key: &'a str, value: impl Into<String>) -> Row<'a> {
    let value = value.into();
    (label, key, value.clone(), value)
}

fn dated<'a>(label: &'a str, key: &'a str, day: Date) -> Row<'a> {
    (label, key, day.to_string(), chinese_date(day))
}

/// Rows of a ruled table below one another; the label part is `label_mm` wide.
fn table(sheet: &mut Sheet, (x, y, width): (f32, f32, f32), label_mm: f32, row_mm: f32, size_mm: f32, rows: &[Row<'_>]) {
    for (index, (label, key, value, printed)) in rows.iter().enumerate() {
        let top = y + index as f32 * row_mm;
        sheet.frame(Area::new(x, top, width, row_mm), 0.2, LINE);
        sheet.stroke(&[(x + label_mm, top), (x + label_mm, top + row_mm)], 0.2, LINE, 1.0);
        sheet.text_in(Area::new(x, top, label_mm, row_mm), label, Ink::song(size_mm).centred());
        let area = sheet.text_in(Area::new(x + label_mm, top, width - label_mm, row_mm), printed, Ink::song(size_mm));
        sheet.note_field(key, value, area);
    }
}

/// 不动产权证书: the page with the QR code and number, and the page with the rights. One spread of 250 x 176 mm.
pub(super) fn property(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let owner = &cast.family.father;
    let mut sheet = Sheet::new(PaperKind::PropertyCertificate, options, [252, 249, 244])?;
    sheet.guilloche(Area::new(3.0, 3.0, 244.0, 170.0), 40, [214, 190, 186], 0.24);
    sheet.stroke(&[(125.0, 0.0), (125.0, 176.0)], 0.15, [210, 204, 196], 1.0);
    let serial = &owner.resident_id[10..17];
    let number = format!("浙（2023）云溪市不动产权第{serial}号");
    let unit = format!("330302001002GB{}F{}", &serial[..5], &owner.resident_id[6..14]);
    let code = Area::new(16.0, 16.0, 26.0, 26.0);
    let text = format!("https://bdc.example.invalid/q?no={unit}");
    let side = sheet.qr(code, &text)?;
    sheet.note_code(
        "QRCode",
        &text,
        Area {
            width: side,
            height: side,
            ..code
        },
    );
    sheet.paragraph(
        16.0,
        56.0,
        92.0,
        7.6,
        "根据《中华人民共和国民法典》等法律法规，为保护不动产权利人合法权益，对不动产权利人申请登记的本证所列不动产权利，经审查核实，准予登记，颁发此证。",
        Ink::song(4.2),
    );
    sheet.text(104.0, 132.0, "登记机构（章）", Ink::song(4.0).right());
    sheet.seal((84.0, 140.0), 32.0, "云溪市自然资源和规划局", "不动产登记专用章");
    sheet.text(104.0, 156.0, &chinese_date(cast.today - Duration::days(900)), Ink::song(4.0).right());
    let area = sheet.text(187.0, 14.0, &number, Ink::new(Face::SongBold, 4.4).centred());
    sheet.note_field("certificate_no", &number, area);
    let grouped = format!("{} {} {} {}", &unit[..6], &unit[6..12], &unit[12..19], &unit[19..]);
    let rows = [
        row("权 利 人", "holder", &owner.name),
        row("共有情况", "sharing", "单独所有"),
        row("坐　　落", "address", &owner.address),
        ("不动产单元号", "unit_no", unit, grouped),
        row("权利类型", "right_kind", "国有建设用地使用权/房屋所有权"),
        row("权利性质", "right_nature", "出让/市场化商品房"),
        row("用　　途", "use", "城镇住宅用地/住宅"),
        row("面　　积", "area", "分摊土地面积 18.20㎡/房屋建筑面积 96.54㎡"),
        row("使用期限", "term", "国有建设用地使用权至 2083 年 05 月 20 日止"),
    ];
    table(&mut sheet, (133.0, 24.0, 108.0), 26.0, 12.4, 3.5, &rows);
    sheet.text(187.0, 166.0, "样张 SPECIMEN", Ink::hei(2.6).spaced(0.4).colour(LINE).centred());
    Ok(sheet.into_paper())
}

/// 居民死亡医学证明（推断）书, the part for the household office, A4.
pub(super) fn death(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let gone = &cast.family.grandmother;
    let on = died_on(gone, cast.today);
    let mut sheet = Sheet::new(PaperKind::DeathCertificate, options, [252, 252, 250])?;
    sheet.text(105.0, 18.0, "居民死亡医学证明（推断）书", Ink::new(Face::SongBold, 6.6).spaced(0.6).centred());
    sheet.text(105.0, 28.0, "（第三联　户口登记机关留存）", Ink::song(3.4).centred());
    let serial = format!("{}{}", &gone.resident_id[..6], &gone.resident_id[8..17]);
    sheet.text(132.0, 36.0, "编号：", Ink::song(3.6));
    sheet.field("serial", 146.0, 36.0, &serial, Ink::new(Face::Machine, 3.8).pitch(2.3));
    let rows = [
        row("死者姓名", "name", &gone.name),
        row("性　　别", "sex", gone.sex.zh()),
        row("民　　族", "ethnic", &gone.ethnic),
        row("身份证件号码", "resident_id", &gone.resident_id),
        dated("出生日期", "birth", gone.birth),
        dated("死亡日期", "died_on", on),
        row("死亡地点", "place", "医疗卫生机构"),
        row("死亡原因", "cause", "呼吸衰竭"),
        row("户籍地址", "address", &gone.address),
        row("家属姓名", "informant", &cast.family.father.name),
    ];
    table(&mut sheet, (18.0, 46.0, 174.0), 40.0, 14.0, 4.0, &rows);
    sheet.text(22.0, 200.0, "医疗卫生机构（盖章）：", Ink::song(4.0));
    sheet.field("institution", 66.0, 200.0, &cast.family.child.hospital, Ink::song(4.0));
    sheet.seal((150.0, 214.0), 36.0, &cast.family.child.hospital, "死亡证明专用章");
    sheet.text(22.0, 214.0, "医师签名：", Ink::song(4.0));
    sheet.signature(44.0, 211.0, "尹若安", 6.0);
    let area = sheet.text(66.0, 228.0, &chinese_date(on), Ink::song(4.0));
    sheet.text(22.0, 228.0, "填表日期：", Ink::song(4.0));
    sheet.note_field("issued_on", &on.to_string(), area);
    sheet.text(105.0, 284.0, "样张 SPECIMEN", Ink::hei(2.8).spaced(0.5).colour(LINE).centred());
    Ok(sheet.into_paper())
}

/// 火化证, A5.
pub(super) fn cremation(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let gone = &cast.family.grandmother;
    let on = died_on(gone, cast.today);
    let mut sheet = Sheet::new(PaperKind::CremationCertificate, options, [250, 251, 248])?;
    sheet.frame(Area::new(8.0, 8.0, 194.0, 132.0), 0.5, LINE);
    sheet.text(105.0, 18.0, "火 化 证", Ink::new(Face::SongBold, 9.0).centred());
    let number = format!("云殡火字第{}号", &gone.resident_id[11..17]);
    let area = sheet.text(190.0, 34.0, &number, Ink::song(4.0).right());
    sheet.note_field("certificate_no", &number, area);
    let rows = [
        row("逝者姓名", "name", &gone.name),
        row("身份证号码", "resident_id", &gone.resident_id),
        dated("死亡日期", "died_on", on),
        dated("火化日期", "cremated_on", on + Duration::days(3)),
    ];
    table(&mut sheet, (20.0, 44.0, 170.0), 40.0, 13.0, 4.2, &rows);
    sheet.text(24.0, 108.0, "殡仪馆（盖章）", Ink::song(4.2));
    sheet.seal((150.0, 118.0), 32.0, "云溪市殡仪馆", "业务专用章");
    sheet.text(105.0, 134.0, "样张 SPECIMEN", Ink::hei(2.4).spaced(0.4).colour(LINE).centred());
    Ok(sheet.into_paper())
}

/// 参保人员养老保险待遇申领表, A4, with the seals of employer and office.
pub(super) fn pension_form(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let retired = &cast.family.grandmother;
    let mut sheet = Sheet::new(PaperKind::PensionForm, options, [253, 253, 252])?;
    sheet.text(105.0, 20.0, "企业职工基本养老保险待遇申领表", Ink::new(Face::SongBold, 6.0).centred());
    let rows = [
        row("姓　　名", "name", &retired.name),
        row("性　　别", "sex", retired.sex.zh()),
        row("身份证号码", "resident_id", &retired.resident_id),
        dated("出生日期", "birth", retired.birth),
        row("工作单位", "workplace", &retired.workplace),
        row("职　　业", "occupation", &retired.occupation),
        row("视同缴费年限", "deemed_years", "11 年 4 个月"),
        row("联系电话", "phone", &retired.phone),
        row("户籍地址", "address", &retired.address),
    ];
    table(&mut sheet, (18.0, 36.0, 174.0), 40.0, 14.0, 4.0, &rows);
    for (x, who, stamp) in [
        (22.0, "单位意见（盖章）", &cast.company.name),
        (112.0, "经办机构意见（盖章）", &"云溪市社会保险中心".to_owned()),
    ] {
        sheet.text(x, 178.0, who, Ink::song(4.0));
        sheet.seal((x + 40.0, 202.0), 36.0, stamp, "业务专用章");
    }
    sheet.text(22.0, 236.0, "申请人签名：", Ink::song(4.0));
    if options.unsigned {
        sheet.truth_mut().add_fault(super::Fault::Unsigned);
    } else {
        sheet.signature(50.0, 232.0, &retired.name, 7.0);
    }
    sheet.text(105.0, 284.0, "样张 SPECIMEN", Ink::hei(2.8).spaced(0.5).colour(LINE).centred());
    Ok(sheet.into_paper())
}

/// Some weeks ago, the same for every drawing of one person.
fn died_on(person: &Person, today: Date) -> Date {
    let days: i64 = person.resident_id[12..14].parse().unwrap_or(10);
    today - Duration::days(20 + days)
}
