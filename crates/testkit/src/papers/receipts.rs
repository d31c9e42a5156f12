//! Papers with sums: the VAT invoice of 240 x 140 mm and the medical fee receipt of 190 x 115 mm, each with a QR code whose text lists
//! what is printed.

use time::{Date, Duration};

use super::booklets::chinese_date;
use super::fonts::Face;
use super::people::Cast;
use super::raster::Colour;
use super::sheet::{Area, Ink, Sheet};
use super::{DrawOptions, Paper, PaperError, PaperKind};

const BROWN: Colour = [140, 90, 60];

/// A sum in cents as 1234.56.
fn yuan(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

fn compact(day: Date) -> String {
    day.to_string().replace('-', "")
}

/// 增值税普通发票.
pub(super) fn vat_invoice(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let company = &cast.company;
    let mut sheet = Sheet::new(PaperKind::VatInvoice, options, [253, 252, 248])?;
    let digits = &company.legal_representative.resident_id;
    let (code, number) = ("033002600111".to_owned(), digits[9..17].to_owned());
    let issued = cast.today - Duration::days(12);
    let net = 100_000 + digits[10..14].parse::<u64>().unwrap_or(1) * 37;
    let tax = net * 6 / 100;
    let check: String = digits[..17].chars().chain("042".chars()).collect();
    let text = format!("01,10,{code},{number},{},{},{check},", yuan(net), compact(issued));
    sheet.qr((12.0, 8.0), 20.0, &text)?;
    sheet.text(120.0, 9.0, "浙江增值税电子普通发票", Ink::new(Face::SongBold, 6.4).colour(BROWN).centred());
    let (label, value) = (Ink::song(3.3).colour(BROWN), Ink::song(3.5));
    for (y, text, key, fact, printed) in [
        (9.0, "发票代码：", "invoice_code", code.clone(), code.clone()),
        (14.4, "发票号码：", "invoice_no", number.clone(), number.clone()),
        (19.8, "开票日期：", "issued_on", issued.to_string(), chinese_date(issued)),
    ] {
        sheet.text(182.0, y, text, label);
        let area = sheet.text(199.5, y, &printed, value);
        sheet.note_field(key, &fact, area);
    }
    sheet.text(182.0, 25.2, "校 验 码：", label);
    sheet.text(199.5, 25.2, &check, Ink::song(2.9));
    sheet.frame(Area::new(10.0, 31.0, 220.0, 92.0), 0.25, BROWN);
    for y in [53.0, 60.0, 88.0, 97.0] {
        sheet.stroke(&[(10.0, y), (230.0, y)], 0.2, BROWN, 1.0);
    }
    party(&mut sheet, 33.0, "购买方", "buyer", &company.name, &company.credit_code);
    for (x, text) in [
        (14.0, "货物或应税劳务、服务名称"),
        (108.0, "数量"),
        (132.0, "单价"),
        (166.0, "金额"),
        (192.0, "税率"),
        (214.0, "税额"),
    ] {
        sheet.text(x, 54.8, text, label);
    }
    sheet.text(14.0, 64.0, "*餐饮服务*会务用餐", value);
    sheet.text(110.0, 64.0, "1", value);
    sheet.text(130.0, 64.0, &yuan(net), value);
    let area = sheet.text(164.0, 64.0, &yuan(net), value);
    sheet.note_field("net", &yuan(net), area);
    sheet.text(193.0, 64.0, "6%", value);
    let area = sheet.text(211.0, 64.0, &yuan(tax), value);
    sheet.note_field("tax", &yuan(tax), area);
    sheet.text(14.0, 90.6, "价税合计（小写）", label);
    let total = yuan(net + tax);
    let area = sheet.text(44.0, 90.6, &format!("¥{total}"), value);
    sheet.note_field("total", &total, area);
    party(&mut sheet, 99.0, "销售方", "seller", &company.landlord, &company.landlord_code);
    sheet.text(14.0, 126.0, "收款人：", label);
    sheet.text(90.0, 126.0, "开票人：叶青禾", value);
    sheet.seal((190.0, 112.0), 26.0, &company.landlord, "发票专用章");
    sheet.text(228.0, 132.0, "样张 SPECIMEN", Ink::hei(2.4).colour(BROWN).right());
    Ok(sheet.into_paper())
}

fn party(sheet: &mut Sheet, y: f32, word: &str, prefix: &str, name: &str, code: &str) {
    let (label, value) = (Ink::song(3.3).colour(BROWN), Ink::song(3.5));
    sheet.text(13.0, y + 5.0, word, label);
    sheet.text(30.0, y + 1.0, "名　　称：", label);
    sheet.field(&format!("{prefix}_name"), 52.0, y + 1.0, name, value);
    sheet.text(30.0, y + 8.0, "纳税人识别号：", label);
    sheet.field(&format!("{prefix}_code"), 56.0, y + 8.0, code, value);
}

/// 医疗收费票据.
pub(super) fn medical_receipt(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let patient = &cast.family.mother;
    let mut sheet = Sheet::new(PaperKind::MedicalReceipt, options, [252, 252, 249])?;
    let (code, number) = ("33060126".to_owned(), format!("00{}", &patient.resident_id[9..17]));
    let check = patient.resident_id[6..12].to_owned();
    let issued = cast.today - Duration::days(5);
    let items = [("床位费", 42_000u64), ("检查费", 38_650), ("西药费", 120_437), ("手术费", 360_000)];
    let total: u64 = items.iter().map(|item| item.1).sum();
    let insured = total * 7 / 10;
    let text = format!("https://pj.example.invalid/v?c={code}&n={number}&k={check}&a={}", yuan(total));
    sheet.qr((10.0, 8.0), 18.0, &text)?;
    sheet.text(95.0, 9.0, "浙江省医疗住院收费票据（电子）", Ink::new(Face::SongBold, 5.0).centred());
    let (label, value) = (Ink::song(3.2).colour([90, 90, 110]), Ink::song(3.4));
    let rows = [
        (34.0, 19.0, "票据代码：", "receipt_code", code.clone(), code.clone()),
        (88.0, 19.0, "票据号码：", "receipt_no", number.clone(), number.clone()),
        (144.0, 19.0, "校验码：", "check_code", check.clone(), check.clone()),
        (34.0, 25.0, "交款人：", "patient", patient.name.clone(), patient.name.clone()),
        (88.0, 25.0, "开票日期：", "issued_on", issued.to_string(), chinese_date(issued)),
    ];
    for (x, y, text, key, fact, printed) in rows {
        sheet.text(x, y, text, label);
        let area = sheet.text(x + 17.0, y, &printed, value);
        sheet.note_field(key, &fact, area);
    }
    sheet.frame(Area::new(8.0, 32.0, 174.0, 52.0), 0.25, [90, 90, 110]);
    for (at, (name, cents)) in items.into_iter().enumerate() {
        let y = 36.0 + at as f32 * 9.0;
        sheet.text(14.0, y, name, value);
        sheet.text(80.0, y, &yuan(cents), value);
    }
    sheet.text(12.0, 76.0, "合计（小写）", label);
    let area = sheet.text(34.0, 76.0, &yuan(total), value);
    sheet.note_field("total", &yuan(total), area);
    sheet.text(100.0, 76.0, "医保统筹支付", label);
    let area = sheet.text(124.0, 76.0, &yuan(insured), value);
    sheet.note_field("insured", &yuan(insured), area);
    sheet.text(12.0, 94.0, "收款单位（章）：", label);
    sheet.field("institution", 38.0, 94.0, &cast.family.child.hospital, value);
    sheet.seal((150.0, 94.0), 28.0, &cast.family.child.hospital, "财务专用章");
    sheet.text(178.0, 106.0, "样张 SPECIMEN", Ink::hei(2.4).colour([120, 120, 140]).right());
    Ok(sheet.into_paper())
}
