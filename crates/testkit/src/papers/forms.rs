//! The integrated application forms of both demonstration bundles, printed by the counter and signed by the applicant.

use super::booklets::chinese_date;
use super::fonts::Face;
use super::people::Cast;
use super::raster::Colour;
use super::sheet::{Area, Ink, Sheet};
use super::truth::Fault;
use super::{DrawOptions, Paper, PaperError, PaperKind};

pub(super) const LINE: Colour = [70, 74, 80];
const SHADE: Colour = [238, 241, 244];
pub(super) const LEFT_MM: f32 = 20.0;
pub(super) const WIDTH_MM: f32 = 170.0;

/// One labelled value of a form row.
pub(super) struct Entry<'a> {
    label: &'a str,
    key: &'a str,
    value: String,
    printed: String,
    width_mm: f32,
}

/// An entry whose printed text is its value.
pub(super) fn entry<'a>(label: &'a str, key: &'a str, value: impl Into<String>, width_mm: f32) -> Entry<'a> {
    let value = value.into();
    Entry {
        label,
        key,
        printed: value.clone(),
        value,
        width_mm,
    }
}

/// An entry that is printed in other words than its value.
pub(super) fn entry_as<'a>(label: &'a str, key: &'a str, value: impl Into<String>, printed: impl Into<String>, width_mm: f32) -> Entry<'a> {
    Entry {
        label,
        key,
        value: value.into(),
        printed: printed.into(),
        width_mm,
    }
}

/// The form of the newborn bundle: child, parents and household on page 1, matters, delivery and signature on page 2.
pub(super) fn newborn(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = Sheet::new(PaperKind::NewbornForm, options, [254, 254, 253])?;
    head(&mut sheet, "综合申请表", "（新生儿出生一件事）", options.page_no);
    if options.page_no <= 1 {
        newborn_first_page(&mut sheet, cast);
    } else {
        newborn_second_page(&mut sheet, cast, options);
    }
    Ok(sheet.into_paper())
}

/// The form of the karaoke bundle: enterprise on page 1, premises, persons and signature on page 2.
pub(super) fn karaoke(cast: &Cast, options: &DrawOptions) -> Result<Paper, PaperError> {
    let mut sheet = Sheet::new(PaperKind::KaraokeForm, options, [254, 254, 253])?;
    head(&mut sheet, "综合申请表", "（开办歌舞娱乐场所一件事）", options.page_no);
    if options.page_no <= 1 {
        karaoke_first_page(&mut sheet, cast);
    } else {
        karaoke_second_page(&mut sheet, cast, options);
    }
    Ok(sheet.into_paper())
}

fn newborn_first_page(sheet: &mut Sheet, cast: &Cast) {
    let family = &cast.family;
    let child = &family.child;
    let time = format!("{} {:02} 时 {:02} 分", chinese_date(child.birth), child.hour, child.minute);
    let iso_time = format!("{}T{:02}:{:02}", child.birth, child.hour, child.minute);
    let mut y = section(sheet, 44.0, "一、新生儿信息");
    y = row(
        sheet,
        y,
        10.0,
        &[
            entry("姓　名", "child_name", &child.name, 85.0),
            entry("性　别", "child_sex", child.sex.zh(), 85.0),
        ],
    );
    y = row(
        sheet,
        y,
        10.0,
        &[
            entry_as("出生时间", "birth_time", iso_time, time, 100.0),
            entry("孕　周", "gestation_weeks", child.gestation_weeks.to_string(), 70.0),
        ],
    );
    y = row(
        sheet,
        y,
        10.0,
        &[
            entry("体重（克）", "birth_weight_g", child.weight_g.to_string(), 85.0),
            entry("出生证编号", "certificate_no", &child.certificate_no, 85.0),
        ],
    );
    y = row(sheet, y, 10.0, &[entry("出生医院", "birth_hospital", &child.hospital, WIDTH_MM)]);
    for (title, prefix, person) in [("二、母亲信息", "mother", &family.mother), ("三、父亲信息", "father", &family.father)] {
        y = section(sheet, y + 3.0, title);
        let keys: Vec<String> = ["name", "ethnic", "id", "phone", "address"]
            .iter()
            .map(|name| format!("{prefix}_{name}"))
            .collect();
        y = row(
            sheet,
            y,
            10.0,
            &[entry("姓　名", &keys[0], &person.name, 85.0), entry("民　族", &keys[1], &person.ethnic, 85.0)],
        );
        y = row(
            sheet,
            y,
            10.0,
            &[
                entry("身份号码", &keys[2], &person.resident_id, 85.0),
                entry("联系电话", &keys[3], &person.phone, 85.0),
            ],
        );
        y = row(sheet, y, 10.0, &[entry("住　址", &keys[4], &person.address, WIDTH_MM)]);
    }
    y = section(sheet, y + 3.0, "四、落户信息");
    y = row(
        sheet,
        y,
        10.0,
        &[
            entry("随何人落户", "register_with", "父亲", 85.0),
            entry("户　主", "household_head", &family.father.name, 85.0),
        ],
    );
    y = row(
        sheet,
        y,
        10.0,
        &[
            entry("户　号", "household_no", &family.household_no, 85.0),
            entry("与户主关系", "relation", "女儿", 85.0),
        ],
    );
    row(sheet, y, 10.0, &[entry("派 出 所", "police_station", &family.police_station, WIDTH_MM)]);
}

fn newborn_second_page(sheet: &mut Sheet, cast: &Cast, options: &DrawOptions) {
    let mother = &cast.family.mother;
    let mut y = section(sheet, 44.0, "五、一并办理的事项");
    let matters = [
        "出生医学证明签发",
        "预防接种证办理",
        "出生登记（落户）",
        "城乡居民基本医疗保险参保登记",
        "社会保障卡（市民卡）申领",
        "生育保险待遇核准支付",
    ];
    y = ticks(sheet, y, &matters);
    y = section(sheet, y + 3.0, "六、待遇领取与送达");
    y = row(sheet, y, 10.0, &[entry("参保单位", "insurer_employer", &mother.workplace, WIDTH_MM)]);
    y = row(
        sheet,
        y,
        10.0,
        &[
            entry("银行账号", "bank_account", "6217000000000006", 85.0),
            entry("户　名", "account_holder", &mother.name, 85.0),
        ],
    );
    y = row(
        sheet,
        y,
        10.0,
        &[
            entry("送达方式", "delivery", "邮寄", 85.0),
            entry("收 件 人", "delivery_name", &mother.name, 85.0),
        ],
    );
    y = row(sheet, y, 10.0, &[entry("邮寄地址", "delivery_address", &mother.address, WIDTH_MM)]);
    y = section(sheet, y + 3.0, "七、申请人声明");
    let words = "　　1. 本人所填内容和提交的材料真实、有效，复印件与原件一致；如有不实，愿承担相应责任。\n　　2. 本人是新生儿的监护人，同意办理机关为办理上述事项使用本人及新生儿的个人信息，并通过数据共享核验。\n　　3. 本人已知晓各事项的办理时限、结果领取方式和救济途径。";
    declaration(sheet, y, 62.0, words, ("申请人签名：", &mother.name), cast, options);
}

fn karaoke_first_page(sheet: &mut Sheet, cast: &Cast) {
    let company = &cast.company;
    let legal = &company.legal_representative;
    let mut y = section(sheet, 44.0, "一、企业基本信息");
    y = row(sheet, y, 10.0, &[entry("企业名称", "enterprise_name", &company.name, WIDTH_MM)]);
    y = row(
        sheet,
        y,
        10.0,
        &[
            entry("企业类型", "legal_form", "有限责任公司", 85.0),
            entry_as(
                "注册资本",
                "registered_capital",
                format!("{}万元", company.capital_wan()),
                format!("人民币 {} 万元", company.capital_wan()),
                85.0,
            ),
        ],
    );
    y = row(sheet, y, 10.0, &[entry("经营场所", "address", &company.address, WIDTH_MM)]);
    y = row(sheet, y, 22.0, &[entry("经营范围", "business_scope", &company.scope, WIDTH_MM)]);
    y = section(sheet, y + 3.0, "二、法定代表人");
    y = row(
        sheet,
        y,
        10.0,
        &[
            entry("姓　名", "legal_rep_name", &legal.name, 85.0),
            entry("联系电话", "contact_phone", &legal.phone, 85.0),
        ],
    );
    y = row(sheet, y, 10.0, &[entry("身份号码", "legal_rep_id", &legal.resident_id, WIDTH_MM)]);
    y = row(sheet, y, 10.0, &[entry("住　址", "legal_rep_address", &legal.address, WIDTH_MM)]);
    y = section(sheet, y + 3.0, "三、主要负责人和监事");
    for (label, prefix, person) in [("经　理", "manager", &company.manager), ("监　事", "supervisor", &company.supervisor)] {
        let (name, id) = (format!("{prefix}_name"), format!("{prefix}_id"));
        y = row(
            sheet,
            y,
            10.0,
            &[entry(label, &name, &person.name, 70.0), entry("身份号码", &id, &person.resident_id, 100.0)],
        );
    }
    y = section(sheet, y + 3.0, "四、股东");
    for (at, (person, wan)) in company.shareholders.iter().enumerate() {
        let (name, share) = (format!("shareholder_{}_name", at + 1), format!("shareholder_{}_wan", at + 1));
        y = row(
            sheet,
            y,
            10.0,
            &[
                entry("姓　名", &name, &person.name, 70.0),
                entry_as("认缴出资", &share, wan.to_string(), format!("{wan} 万元，货币，2028 年 12 月 31 日前"), 100.0),
            ],
        );
    }
}

fn karaoke_second_page(sheet: &mut Sheet, cast: &Cast, options: &DrawOptions) {
    let company = &cast.company;
    let metres = |area: u32| format!("{area} 平方米");
    let mut y = section(sheet, 44.0, "五、经营场所");
    y = row(
        sheet,
        y,
        10.0,
        &[
            entry("产权情况", "premises", "租赁", 85.0),
            entry("出 租 方", "premises_owner", &company.landlord, 85.0),
        ],
    );
    y = row(
        sheet,
        y,
        10.0,
        &[
            entry_as(
                "建筑面积",
                "premises_area_m2",
                company.premises_m2.to_string(),
                metres(company.premises_m2),
                85.0,
            ),
            entry_as("使用面积", "use_area_m2", company.use_m2.to_string(), metres(company.use_m2), 85.0),
        ],
    );
    y = row(
        sheet,
        y,
        10.0,
        &[
            entry("所在楼层", "floor", "3", 56.0),
            entry("包厢数", "room_count", company.rooms.len().to_string(), 56.0),
            entry("核定人数", "capacity_approved", company.capacity().to_string(), 58.0),
        ],
    );
    y = row(
        sheet,
        y,
        10.0,
        &[
            entry_as("距最近学校", "distance_school_m", "640", "640 米（直线）", 85.0),
            entry("楼宇性质", "building", "商业", 85.0),
        ],
    );
    y = section(sheet, y + 3.0, "六、一并办理的事项");
    let matters = [
        "营业执照（设立登记）",
        "公众聚集场所消防安全检查",
        "公共场所卫生许可",
        "环境影响登记表备案",
        "娱乐经营许可证核发",
        "公安机关备案",
        "公章刻制备案",
        "税务登记信息确认",
    ];
    y = ticks(sheet, y, &matters);
    y = section(sheet, y + 3.0, "七、申请人声明");
    let words = "　　1. 本企业所填内容和提交的材料真实、有效；如有不实，愿承担相应责任。\n　　2. 经营场所不在居民住宅区、学校、医院、机关周围等禁止设立的地点，不在地下一层以下。\n　　3. 投资人员和负责人没有娱乐场所管理条例所列的禁入情形。\n　　4. 本企业知晓听证、现场核查的时间不计入承诺时限。";
    declaration(sheet, y, 62.0, words, ("法定代表人签名：", &company.legal_representative.name), cast, options);
}

fn head(sheet: &mut Sheet, title: &str, subtitle: &str, page_no: u32) {
    sheet.text(190.0, 13.0, "样张 SPECIMEN", Ink::hei(2.6).spaced(0.3).colour([150, 156, 164]).right());
    sheet.text(105.0, 19.0, title, Ink::new(Face::SongBold, 7.8).spaced(2.4).centred());
    sheet.text(105.0, 29.4, subtitle, Ink::song(4.2).centred());
    sheet.text(LEFT_MM, 37.6, "受理窗口：云溪市政务服务中心南塘分中心", Ink::song(3.4));
    sheet.text(190.0, 37.6, &format!("第 {} 页，共 2 页", page_no.clamp(1, 2)), Ink::song(3.4).right());
    sheet.text(
        105.0,
        284.0,
        "本表由窗口根据申请人陈述打印，请核对无误后签名",
        Ink::song(2.9).colour([110, 114, 120]).centred(),
    );
}

/// A shaded heading across the table; returns the y below it.
pub(super) fn section(sheet: &mut Sheet, y: f32, title: &str) -> f32 {
    let area = Area::new(LEFT_MM, y, WIDTH_MM, 7.6);
    sheet.fill(area, SHADE);
    sheet.frame(area, 0.25, LINE);
    sheet.text_in(area, title, Ink::new(Face::HeiBold, 3.5));
    y + 7.6
}

/// A row of labelled cells; returns the y below it.
pub(super) fn row(sheet: &mut Sheet, y: f32, height: f32, entries: &[Entry<'_>]) -> f32 {
    const LABEL_MM: f32 = 25.0;
    let mut x = LEFT_MM;
    for entry in entries {
        let label = Area::new(x, y, LABEL_MM, height);
        let value = Area::new(x + LABEL_MM, y, entry.width_mm - LABEL_MM, height);
        sheet.frame(label, 0.25, LINE);
        sheet.frame(value, 0.25, LINE);
        sheet.text_in(label, entry.label, Ink::song(3.5).centred());
        let area = sheet.text_in(value, &entry.printed, Ink::song(3.7));
        sheet.note_field(entry.key, &entry.value, area);
        x += entry.width_mm;
    }
    y + height
}

fn ticks(sheet: &mut Sheet, y: f32, matters: &[&str]) -> f32 {
    let rows = matters.len().div_ceil(2) as f32;
    let area = Area::new(LEFT_MM, y, WIDTH_MM, rows * 8.0 + 3.0);
    sheet.frame(area, 0.25, LINE);
    for (at, matter) in matters.iter().enumerate() {
        let (x, top) = (LEFT_MM + 5.0 + (at % 2) as f32 * 85.0, y + 3.2 + (at / 2) as f32 * 8.0);
        sheet.frame(Area::new(x, top, 3.6, 3.6), 0.25, LINE);
        sheet.stroke(&[(x + 0.7, top + 1.9), (x + 1.6, top + 2.9), (x + 3.2, top + 0.6)], 0.45, LINE, 1.0);
        sheet.text(x + 5.4, top - 0.1, matter, Ink::song(3.6));
    }
    y + area.height
}

fn declaration(sheet: &mut Sheet, y: f32, height: f32, words: &str, (caption, name): (&str, &str), cast: &Cast, options: &DrawOptions) {
    sheet.frame(Area::new(LEFT_MM, y, WIDTH_MM, height), 0.25, LINE);
    sheet.paragraph(LEFT_MM + 4.0, y + 4.0, WIDTH_MM - 8.0, 6.0, words, Ink::song(3.6));
    let line_y = y + height - 18.0;
    sign(sheet, 105.0, line_y, caption, name, options);
    sheet.text(105.0, line_y + 9.0, &format!("日期：{}", chinese_date(cast.today)), Ink::song(3.7));
}

/// A caption with a signature beside it, or an empty line where the paper is to be left unsigned.
pub(super) fn sign(sheet: &mut Sheet, x: f32, y: f32, caption: &str, name: &str, options: &DrawOptions) {
    let ink = Ink::song(3.7);
    sheet.text(x, y, caption, ink);
    let start = x + sheet.text_width_mm(caption, ink);
    sheet.stroke(&[(start, y + 5.2), (start + 42.0, y + 5.2)], 0.2, LINE, 1.0);
    if options.unsigned {
        sheet.truth_mut().add_fault(Fault::Unsigned);
        return;
    }
    let area = sheet.signature(start + 6.0, y - 3.6, name, 8.0);
    sheet.note_field("signature", name, area);
}
