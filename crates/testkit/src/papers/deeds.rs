//! Papers about the end of work and of life: the forms for a pension and for the years that count as paid, the death certificate, the
//! cremation certificate.

use time::{Date, Duration};

use super::booklets::chinese_date;
use super::fonts::Face;
use super::forms::{LEFT_MM, LINE as FORM_LINE, WIDTH_MM, entry, entry_as, row as form_row, section, sign};
use super::people::{Cast, Person};
use super::raster::Colour;
use super::sheet::{Area, Ink, Sheet};
use super::{DrawOptions, Paper, PaperError, PaperKind};

pub(super) const LINE: Colour = [120, 120, 116];

/// A row of a table: label, key, value as data, value as printed.
pub(super) type Row<'a> = (&'a str, &'a str, String, String);

pub(super) fn row<'a>(label: &'a str, key: &'a str, value: impl Into<String>) -> Row<'a> {
    let value = value.into();
    (label, key, value.clone(), value)
}

fn dated<'a>(label: &'a str, key: &'a str, day: Date) -> Row<'a> {
    (label, key, day.to_string(), chinese_date(day))
}

/// Rows of a ruled table below one another; the label part is `label_mm` wide.
pub(super) fn table(sheet: &mut Sheet, (x, y, width): (f32, f32, f32), label_mm: f32, row_mm: f32, size_mm: f32, rows: &[Row<'_>]) {
    for (index, (label, key, value, printed)) in rows.iter().enumerate() {
        let top = y + index as f32 * row_mm;
        sheet.frame(Area::new(x, top, width, row_mm), 0.2, LINE);
        sheet.stroke(&[(x + label_mm, top), (x + label_mm, top + row_mm)], 0.2, LINE, 1.0);
        sheet.text_in(Area::new(x, top, label_mm, row_mm), label, Ink::song(size_mm).centred());
        let area = sheet.text_in(Area::new(x + label_mm, top, width - label_mm, row_mm), printed, Ink::song(size_mm));
        sheet.note_field(key, value, area);
    }
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
        row("视同缴费年限", "deemed_years", all_deemed_years()),
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

/// Years of work from before contributions were paid: months as the file tells them, employer, work, months counted.
const WORK: [(&str, &str, &str, u32); 2] = [
    ("1984.09-1989.07", "云溪市丝织厂", "固定工（挡车工）", 59),
    ("1989.08-1995.12", "云溪市第二棉纺厂", "固定工（质检员）", 77),
];

/// 视同缴费年限认定表, A4: the person and the years of work on page 1, signature and both seals on page 2.
pub(super) fn deemed_years_form(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = Sheet::new(PaperKind::DeemedYearsForm, options, [253, 253, 252])?;
    sheet.text(105.0, 20.0, "视同缴费年限认定表", Ink::new(Face::SongBold, 6.0).spaced(0.6).centred());
    sheet.text(190.0, 31.0, &format!("第 {} 页，共 2 页", options.page_no), Ink::song(3.4).right());
    if options.page_no <= 1 {
        deemed_years_of_work(&mut sheet, cast);
    } else {
        deemed_years_opinions(&mut sheet, cast, options);
    }
    sheet.text(105.0, 284.0, "样张 SPECIMEN", Ink::hei(2.8).spaced(0.5).colour(LINE).centred());
    Ok(sheet.into_paper())
}

fn deemed_years_of_work(sheet: &mut Sheet, cast: &Cast) {
    let person = &cast.family.grandmother;
    let mut y = section(sheet, 38.0, "一、基本情况");
    for entries in [
        [entry("姓　名", "name", &person.name, 85.0), entry("性　别", "sex", person.sex.zh(), 85.0)],
        [
            entry("身份号码", "resident_id", &person.resident_id, 85.0),
            entry_as("出生日期", "birth", person.birth.to_string(), chinese_date(person.birth), 85.0),
        ],
        [
            entry_as("参加工作", "work_began", "1984-09", "1984 年 09 月", 85.0),
            entry_as("首次参保", "insured_from", "1996-01", "1996 年 01 月", 85.0),
        ],
    ] {
        y = form_row(sheet, y, 11.0, &entries);
    }
    y = form_row(sheet, y, 11.0, &[entry("参保单位", "employer", &cast.company.name, WIDTH_MM)]);
    y = form_row(sheet, y, 11.0, &[entry("户籍地址", "address", &person.address, WIDTH_MM)]);
    y = section(sheet, y + 4.0, "二、参加工作以来的经历（据档案记载）");
    let widths = [40.0, 52.0, 48.0, 30.0];
    ruled(
        sheet,
        y,
        &widths,
        ["起止年月", "工作单位", "身份（工种）", "视同年限"].map(|title| (title.to_owned(), String::new())),
    );
    for line in 0..6 {
        y += 11.0;
        let Some((period, employer, work, months)) = WORK.get(line) else {
            ruled(sheet, y, &widths, Default::default());
            continue;
        };
        let key = |name: &str| format!("work_{}_{name}", line + 1);
        ruled(
            sheet,
            y,
            &widths,
            [
                ((*period).to_owned(), key("period")),
                ((*employer).to_owned(), key("employer")),
                ((*work).to_owned(), key("kind")),
                (years_and_months(*months), key("years")),
            ],
        );
    }
    y = form_row(sheet, y + 11.0, 11.0, &[entry("合　计", "deemed_years", all_deemed_years(), WIDTH_MM)]);
    let words = "说明：1. 本表由单位按职工档案填写，一式两份。\n2. 起止年月以招工、调动、工资等原始材料为准，档案材料复印件附后。\n3. 职工对认定有异议的，可以在收到之日起六十日内申请复查。";
    sheet.paragraph(LEFT_MM, y + 5.0, WIDTH_MM, 6.0, words, Ink::song(3.4));
}

fn deemed_years_opinions(sheet: &mut Sheet, cast: &Cast, options: &DrawOptions) {
    let person = &cast.family.grandmother;
    let years = all_deemed_years();
    let mut y = section(sheet, 38.0, "三、职工本人确认");
    let words = "　　本人已核对表中的工作经历，没有遗漏，对视同缴费年限没有异议。";
    opinion(sheet, y, 42.0, words);
    sign(sheet, 105.0, y + 20.0, "职工签名：", &person.name, options);
    dated_line(sheet, y + 31.0, cast.today - Duration::days(12), "signed_on");
    y = section(sheet, y + 42.0 + 4.0, "四、单位意见");
    let words = "　　经查阅职工档案，上述经历属实，同意上报。";
    opinion(sheet, y, 60.0, words);
    sheet.text(LEFT_MM + 4.0, y + 16.0, "单位（盖章）", Ink::song(3.7));
    sheet.seal((70.0, y + 38.0), 36.0, &cast.company.name, "业务专用章");
    dated_line(sheet, y + 49.0, cast.today - Duration::days(9), "employer_on");
    y = section(sheet, y + 60.0 + 4.0, "五、经办机构认定意见");
    opinion(sheet, y, 66.0, "　　经审核，认定该职工视同缴费年限为：");
    sheet.field("deemed_years", LEFT_MM + 76.0, y + 4.0, &years, Ink::new(Face::HeiBold, 3.6));
    sheet.text(LEFT_MM + 4.0, y + 16.0, "经办机构（盖章）", Ink::song(3.7));
    sheet.seal((70.0, y + 42.0), 36.0, "云溪市社会保险中心", "业务专用章");
    dated_line(sheet, y + 55.0, cast.today - Duration::days(2), "decided_on");
}

/// A frame with words at its head and room for a signature or a seal below them.
fn opinion(sheet: &mut Sheet, y: f32, height: f32, words: &str) {
    sheet.frame(Area::new(LEFT_MM, y, WIDTH_MM, height), 0.25, FORM_LINE);
    sheet.paragraph(LEFT_MM + 4.0, y + 4.0, WIDTH_MM - 8.0, 6.0, words, Ink::song(3.6));
}

fn dated_line(sheet: &mut Sheet, y: f32, day: Date, key: &str) {
    let ink = Ink::song(3.7);
    sheet.text(105.0, y, "日期：", ink);
    let area = sheet.text(105.0 + sheet.text_width_mm("日期：", ink), y, &chinese_date(day), ink);
    sheet.note_field(key, &day.to_string(), area);
}

/// One line of a table without labels; a cell without a key is not a value.
fn ruled(sheet: &mut Sheet, y: f32, widths: &[f32; 4], cells: [(String, String); 4]) {
    let mut x = LEFT_MM;
    for (width, (text, key)) in widths.iter().zip(cells) {
        let cell = Area::new(x, y, *width, 11.0);
        sheet.frame(cell, 0.25, FORM_LINE);
        let area = sheet.text_in(cell, &text, Ink::song(3.6).centred());
        if !key.is_empty() {
            sheet.note_field(&key, &text, area);
        }
        x += width;
    }
}

fn all_deemed_years() -> String {
    years_and_months(WORK.iter().map(|(.., months)| months).sum())
}

fn years_and_months(months: u32) -> String {
    format!("{} 年 {} 个月", months / 12, months % 12)
}

/// Some weeks ago, the same for every drawing of one person.
fn died_on(person: &Person, today: Date) -> Date {
    let days: i64 = person.resident_id[12..14].parse().unwrap_or(10);
    today - Duration::days(20 + days)
}
