//! Where fields stand on each paper: by the label printed before them, not by place, so that crops and versions do not matter.
//! A value reaches from its label to the next label of the row; long ones go on in the rows below.

use onewindow_case::identifier::IdentifierKind;

use super::rows::{Row, Rows};
use super::values;
use crate::page::Region;
use crate::paper::PaperKind;

/// One field of a template.
#[derive(Debug)]
pub(super) struct Slot {
    pub key: &'static str,
    /// Printed labels without spaces, any of which stands before the value.
    labels: &'static [&'static str],
    /// Brings the text into its one form; nothing when it cannot be such a value.
    pub form: fn(&str) -> Option<String>,
    /// The kind of number it is, if one.
    pub number: Option<IdentifierKind>,
    /// Rows below the label's row on which the value may go on.
    more_rows: usize,
    /// Key of the name in front of it, whose holder the value belongs to; empty when the paper speaks of one holder only.
    of: &'static str,
}

/// A value found for a slot.
#[derive(Debug)]
pub(super) struct Found {
    pub slot: &'static Slot,
    /// Whether it is certain whose value it is: where two holders have the same labels, both must have been seen.
    pub whose_is_certain: bool,
    pub text: String,
    pub region: Option<Region>,
    pub confidence: f32,
}

const fn slot(key: &'static str, labels: &'static [&'static str], form: fn(&str) -> Option<String>) -> Slot {
    Slot {
        key,
        labels,
        form,
        number: None,
        more_rows: 0,
        of: "",
    }
}

const fn numbered(key: &'static str, labels: &'static [&'static str], form: fn(&str) -> Option<String>, number: IdentifierKind) -> Slot {
    Slot {
        key,
        labels,
        form,
        number: Some(number),
        more_rows: 0,
        of: "",
    }
}

/// The same slot, for the holder whose name was the last one seen before it.
const fn of(owner: &'static str, slot: Slot) -> Slot {
    Slot { of: owner, ..slot }
}

const fn long(key: &'static str, labels: &'static [&'static str], more_rows: usize) -> Slot {
    Slot {
        key,
        labels,
        form: values::plain,
        number: None,
        more_rows,
        of: "",
    }
}

/// A label that is no field but ends the value before it; it may stand on the paper many times.
const fn stop(labels: &'static [&'static str]) -> Slot {
    Slot {
        key: "",
        labels,
        form: values::nothing,
        number: None,
        more_rows: 0,
        of: "",
    }
}

const RESIDENT_ID_LABELS: &[&str] = &[
    "公民身份号码",
    "公民身份证件编号",
    "公民身份证号码",
    "有效身份证件号码",
    "身份证件号",
    "身份证件号码",
    "身份证号码",
    "身份证号",
    "证件号码",
    "证件编号公民身份",
    "公民身份",
    "证件编号",
];

static ID_CARD_PORTRAIT: [Slot; 6] = [
    slot("name", &["姓名"], values::person),
    slot("sex", &["性别"], values::sex),
    slot("ethnic_group", &["民族"], values::ethnic),
    slot("birth_date", &["出生日期", "出生"], values::date),
    long("address", &["住址"], 3),
    numbered("resident_id", RESIDENT_ID_LABELS, values::resident_id, IdentifierKind::ResidentId),
];

static ID_CARD_EMBLEM: [Slot; 3] = [
    long("issuer", &["签发机关"], 1),
    slot("valid_from", &["有效期限"], values::term_start),
    slot("valid_until", &["有效期限"], values::term_end),
];

static HOUSEHOLD_COVER: [Slot; 5] = [
    slot("household_kind", &["户别"], values::plain),
    slot("household_head", &["户主姓名"], values::person),
    slot("household_no", &["户号"], values::number),
    long("address", &["住址"], 1),
    stop(&["省级公安机关户口专用章", "户口登记机关户口专用章", "承办人签章", "签发日期"]),
];

static HOUSEHOLD_PAGE: [Slot; 15] = [
    slot("former_name", &["曾用名"], values::person),
    slot("name", &["姓名"], values::person),
    slot(
        "relation",
        &[
            "户主或与户主关系",
            "户主或与户主的关系",
            "与户主关系",
            "户主关系户主或与",
            "户主关系",
            "户主或与",
        ],
        values::plain,
    ),
    slot("sex", &["性别"], values::sex),
    slot("birth_place", &["出生地"], values::plain),
    slot("ethnic_group", &["民族"], values::ethnic),
    slot("native_place", &["籍贯"], values::plain),
    slot("birth_date", &["出生日期"], values::date),
    numbered("resident_id", RESIDENT_ID_LABELS, values::resident_id, IdentifierKind::ResidentId),
    slot("schooling", &["文化程度"], values::plain),
    slot("marital_status", &["婚姻状况"], values::plain),
    slot("workplace", &["服务处所"], values::plain),
    slot("occupation", &["职业"], values::plain),
    slot("registered_on", &["登记日期"], values::date),
    stop(&[
        "其他住址",
        "本市(县)",
        "宗教信仰",
        "身高",
        "血型",
        "兵役状况",
        "承办人签章",
        "何时由何地",
        "迁来本址",
        "迁来本市(县)",
    ]),
];

/// Two persons follow one another with the same labels; `fields` names them by their sex.
static MARRIAGE_CERTIFICATE: [Slot; 12] = [
    slot("holder", &["持证人"], values::person),
    slot("registered_on", &["登记日期"], values::date),
    numbered("marriage_certificate_no", &["结婚证字号"], values::number, IdentifierKind::MarriageCertificate),
    slot("first_name", &["姓名"], values::person),
    of("first_name", slot("first_sex", &["性别"], values::sex)),
    of("first_name", slot("first_birth_date", &["出生日期"], values::date)),
    of(
        "first_name",
        numbered("first_resident_id", RESIDENT_ID_LABELS, values::resident_id, IdentifierKind::ResidentId),
    ),
    slot("second_name", &["姓名"], values::person),
    of("second_name", slot("second_sex", &["性别"], values::sex)),
    of("second_name", slot("second_birth_date", &["出生日期"], values::date)),
    of(
        "second_name",
        numbered("second_resident_id", RESIDENT_ID_LABELS, values::resident_id, IdentifierKind::ResidentId),
    ),
    stop(&["国籍", "备注", "登记机关", "婚姻登记员"]),
];

static BIRTH_CERTIFICATE: [Slot; 11] = [
    slot("name", &["新生儿姓名"], values::person),
    slot("sex", &["性别"], values::sex),
    slot("birth_date", &["出生时间", "出生日期"], values::date),
    slot("mother_name", &["母亲姓名"], values::person),
    of(
        "mother_name",
        numbered("mother_resident_id", BIRTH_ID_LABELS, values::resident_id, IdentifierKind::ResidentId),
    ),
    slot("father_name", &["父亲姓名"], values::person),
    of(
        "father_name",
        numbered("father_resident_id", BIRTH_ID_LABELS, values::resident_id, IdentifierKind::ResidentId),
    ),
    slot("institution", &["接生机构名称", "医疗机构名称", "助产机构名称"], values::han),
    slot("issuer", &["签发机构"], values::han),
    numbered(
        "birth_certificate_no",
        &["出生证编号", "出生医学证明编号", "证书编号", "编号"],
        values::birth_certificate_no,
        IdentifierKind::BirthCertificate,
    ),
    stop(&[
        "出生孕周",
        "体重(克)",
        "出生体重",
        "身长(厘米)",
        "出生身长",
        "出生地点",
        "年龄",
        "国籍",
        "民族",
        "住址",
        "有效身份证件类别",
        "签发日期",
    ]),
];

const BIRTH_ID_LABELS: &[&str] = &["有效身份证件号码", "身份证件号码", "公民身份号码"];

static DEATH_CERTIFICATE: [Slot; 9] = [
    slot("name", &["死者姓名", "逝者姓名", "姓名"], values::person),
    slot("sex", &["性别"], values::sex),
    slot("ethnic_group", &["民族"], values::ethnic),
    slot("birth_date", &["出生日期"], values::date),
    slot("place", &["死亡地点"], values::plain),
    slot("address", &["户籍地址"], values::plain),
    stop(&["死亡原因", "家属姓名", "医师签名", "填表日期", "医疗卫生机构", "编号"]),
    numbered("resident_id", RESIDENT_ID_LABELS, values::resident_id, IdentifierKind::ResidentId),
    slot("died_on", &["死亡日期", "死亡时间"], values::date),
];

static BUSINESS_LICENCE: [Slot; 10] = [
    Slot {
        more_rows: 1,
        ..numbered("uscc", &["统一社会信用代码"], values::credit_code, IdentifierKind::CreditCode)
    },
    long("organisation_name", &["名称"], 1),
    slot("organisation_kind", &["类型", "主体类型", "组成形式"], values::plain),
    slot("legal_representative", &["法定代表人", "负责人", "经营者"], values::person),
    slot("registered_capital", &["注册资本"], values::plain),
    slot("founded_on", &["成立日期", "注册日期"], values::date),
    long("address", &["住所", "经营场所", "营业场所"], 1),
    slot("term", &["营业期限"], values::plain),
    long("business_scope", &["经营范围"], 5),
    stop(&["登记机关", "副本", "正本"]),
];

static PROPERTY_CERTIFICATE: [Slot; 8] = [
    slot("holder", &["权利人"], values::plain),
    slot("sharing", &["共有情况"], values::plain),
    long("address", &["坐落"], 1),
    numbered("property_unit_no", &["不动产单元号"], values::number, IdentifierKind::PropertyUnit),
    slot("right_kind", &["权利类型"], values::plain),
    slot("right_nature", &["权利性质"], values::plain),
    slot("use", &["用途"], values::plain),
    slot("area", &["面积"], values::plain),
];

static CONTRACT: [Slot; 8] = [
    slot("lessor", &["出租方(甲方)", "出租人(甲方)", "出租方", "出租人"], values::plain),
    of(
        "lessor",
        numbered("lessor_uscc", &["统一社会信用代码"], values::credit_code, IdentifierKind::CreditCode),
    ),
    slot("lessee", &["承租方(乙方)", "承租人(乙方)", "承租方", "承租人"], values::person),
    of(
        "lessee",
        numbered("lessee_resident_id", RESIDENT_ID_LABELS, values::resident_id, IdentifierKind::ResidentId),
    ),
    slot("address", &["房屋坐落"], values::plain),
    slot("valid_from", &["租赁期限", "租期"], values::term_start),
    slot("valid_until", &["租赁期限", "租期"], values::term_end),
    stop(&["联系电话"]),
];

const TAX_NUMBER_LABELS: &[&str] = &["纳税人识别号", "统一社会信用代码/纳税人识别号"];

/// Buyer and seller follow one another with the same labels. A medical receipt names the patient as the one who pays.
static INVOICE: [Slot; 10] = [
    slot("invoice_code", &["发票代码", "票据代码"], values::digits_only),
    slot("invoice_no", &["发票号码", "票据号码"], values::digits_only),
    slot("issued_on", &["开票日期"], values::date),
    slot("patient_name", &["交款人", "患者姓名"], values::person),
    slot("buyer_name", &["名称"], values::plain),
    of(
        "buyer_name",
        numbered("buyer_uscc", TAX_NUMBER_LABELS, values::credit_code, IdentifierKind::CreditCode),
    ),
    slot("total", &["价税合计(小写)", "合计(小写)", "(小写)"], values::sum),
    slot("seller_name", &["名称"], values::plain),
    of(
        "seller_name",
        numbered("seller_uscc", TAX_NUMBER_LABELS, values::credit_code, IdentifierKind::CreditCode),
    ),
    stop(&[
        "校验码",
        "收款人",
        "复核",
        "开票人",
        "密码区",
        "价税合计(大写)",
        "服务名称",
        "金额",
        "税率",
        "税额",
    ]),
];

static AUTHORISATION: [Slot; 2] = [
    slot("principal", &["委托人"], values::person),
    slot("agent", &["受托人", "代理人"], values::person),
];

fn slots(kind: PaperKind) -> &'static [Slot] {
    match kind {
        PaperKind::IdCardPortrait => &ID_CARD_PORTRAIT,
        PaperKind::IdCardEmblem => &ID_CARD_EMBLEM,
        PaperKind::HouseholdCover => &HOUSEHOLD_COVER,
        PaperKind::HouseholdPage => &HOUSEHOLD_PAGE,
        PaperKind::MarriageCertificate => &MARRIAGE_CERTIFICATE,
        PaperKind::BirthCertificate => &BIRTH_CERTIFICATE,
        PaperKind::DeathCertificate => &DEATH_CERTIFICATE,
        PaperKind::BusinessLicence => &BUSINESS_LICENCE,
        PaperKind::PropertyCertificate => &PROPERTY_CERTIFICATE,
        PaperKind::Contract => &CONTRACT,
        PaperKind::Invoice => &INVOICE,
        PaperKind::Authorisation => &AUTHORISATION,
        PaperKind::TravelDocument | PaperKind::Other => &[],
    }
}

/// The keys of a template.
pub(super) fn keys(kind: PaperKind) -> impl Iterator<Item = &'static str> {
    slots(kind).iter().map(|slot| slot.key).filter(|key| !key.is_empty())
}

/// A label seen in a row: characters `from..to`.
#[derive(Debug, Clone, Copy)]
struct Mark {
    row: usize,
    from: usize,
    to: usize,
    slot: usize,
}

/// The text after every label of the template, in reading order. A label that is printed twice serves the slots that name it in
/// turn (number of the mother, then of the father).
pub(super) fn find_values(kind: PaperKind, rows: &Rows) -> Vec<Found> {
    let slots = slots(kind);
    let marks = find_marks(slots, rows);
    let mut found: Vec<Found> = Vec::new();
    for mark in &marks {
        let wanted = &slots[mark.slot];
        if wanted.key.is_empty() {
            continue;
        }
        let candidate = value_after(rows, &marks, *mark, wanted).map(|candidate| Found {
            whose_is_certain: is_certain(slots, &marks, wanted),
            ..candidate
        });
        found.extend(candidate.filter(|c| (wanted.form)(&c.text).is_some()));
        // A term fills two slots with one label.
        for twin in slots.iter().filter(|other| is_twin(wanted, other)) {
            found.extend(value_after(rows, &marks, *mark, twin).filter(|c| (twin.form)(&c.text).is_some()));
        }
    }
    found
}

/// Labels in reading order; longer labels win where two begin at one place.
fn find_marks(slots: &'static [Slot], rows: &Rows) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut used = vec![false; slots.len()];
    let mut owner = "";
    for (row_index, row) in rows.iter().enumerate() {
        let text: Vec<char> = row.characters.iter().map(|c| c.character).collect();
        let mut at = 0;
        while at < text.len() {
            let open = |index: &usize| {
                let free = !used[*index] && !twin_used(slots, &used, *index);
                let own = slots[*index].of;
                let fits = own.is_empty() || own == owner || is_repeated(slots, &used, *index, owner);
                slots[*index].key.is_empty() || free && fits
            };
            let best = (0..slots.len())
                .filter(open)
                .filter_map(|index| Some((index, label_at(&text[at..], slots[index].labels)?)))
                .max_by_key(|&(index, length)| (length, std::cmp::Reverse(index)));
            match best {
                Some((slot, length)) => {
                    used[slot] = true;
                    if !slots[slot].of.is_empty() {
                        owner = slots[slot].of;
                    }
                    if slots.iter().any(|other| !other.of.is_empty() && other.of == slots[slot].key) {
                        owner = slots[slot].key;
                    }
                    marks.push(Mark {
                        row: row_index,
                        from: at,
                        to: at + length,
                        slot,
                    });
                    at += length;
                }
                None => at += 1,
            }
        }
    }
    marks
}

/// Whether a label stands again that the present holder already has: the next holder's, whose name was not seen.
fn is_repeated(slots: &[Slot], used: &[bool], index: usize, owner: &str) -> bool {
    let of_holder = |other: usize| slots[other].of == owner && slots[other].labels == slots[index].labels;
    let name_is_seen = (0..slots.len()).any(|other| slots[other].key == slots[index].of && used[other]);
    !owner.is_empty() && !name_is_seen && (0..slots.len()).any(|other| used[other] && of_holder(other))
}

/// Whether the holder of a slot can be no other one: its own name was seen and, with equal labels before two names, the other name
/// too, since one that was not seen would hand its values to the other.
fn is_certain(slots: &[Slot], marks: &[Mark], wanted: &Slot) -> bool {
    let Some(own) = slots.iter().find(|slot| slot.key == wanted.of && !wanted.of.is_empty()) else {
        return true;
    };
    let is_seen = |index: usize| marks.iter().any(|mark| mark.slot == index);
    let alike = |slot: &Slot| slot.key != own.key && slot.labels == own.labels;
    let alike_or_own = |slot: &Slot| slot.key == own.key || alike(slot);
    slots.iter().enumerate().filter(|(_, slot)| alike_or_own(slot)).all(|(index, _)| is_seen(index))
}

/// Beginning and end of a term stand behind one label; every other slot has a label of its own, even when it is printed twice.
fn is_twin(one: &Slot, other: &Slot) -> bool {
    one.key == "valid_from" && other.key == "valid_until"
}

/// A slot that is filled from its twin's mark.
fn twin_used(slots: &[Slot], used: &[bool], index: usize) -> bool {
    (0..slots.len()).any(|other| used[other] && is_twin(&slots[other], &slots[index]))
}

/// Length of the longest label that begins here. Labels of six and more characters may have one misread; in shorter ones a
/// single other character makes another label.
fn label_at(text: &[char], labels: &[&str]) -> Option<usize> {
    let misread = |label: &str| {
        let length = label.chars().count();
        let differing: Vec<&char> = text
            .get(..length)?
            .iter()
            .zip(label.chars())
            .filter(|(a, b)| **a != *b)
            .map(|(a, _)| a)
            .collect();
        // A digit or letter is the beginning of a value, not a misread label.
        let one = length >= 6 && differing.len() == 1 && !differing[0].is_ascii();
        Some((differing.is_empty(), one, length))
    };
    let read: Vec<(bool, bool, usize)> = labels.iter().filter_map(|label| misread(label)).collect();
    let longest = |wanted: fn(&(bool, bool, usize)) -> bool| read.iter().filter(|r| wanted(r)).map(|r| r.2).max();
    longest(|r| r.0).or_else(|| longest(|r| r.1))
}

fn value_after(rows: &Rows, marks: &[Mark], mark: Mark, slot: &'static Slot) -> Option<Found> {
    let row = rows.get(mark.row)?;
    let next_mark = marks.iter().filter(|m| m.row == mark.row && m.from >= mark.to).map(|m| m.from).min();
    let end = next_mark.unwrap_or(row.len());
    let end = row.unbroken(mark.to, end);
    let mut text: String = row.characters[mark.to..end].iter().map(|c| c.character).collect();
    let mut region = if mark.to < end { row.region(mark.to, end) } else { None };
    let confidence = row.confidence(mark.to, end);
    // A value that begins below its label stands under the label's first character.
    let left = row
        .characters
        .get(mark.to)
        .filter(|_| mark.to < end)
        .map_or(row.characters[mark.from].x, |c| c.x);
    let right = next_mark.map_or(f32::MAX, |at| row.characters[at].x);
    // Of the label and its value alone: a seal in the same row may be far taller and lie lower.
    let mut above = row.region(mark.from, end)?;
    let height = above.height as f32;
    for index in mark.row + 1..=mark.row + slot.more_rows {
        let Some((below, from, to)) = rows.get(index).and_then(|below| {
            let (from, to) = column(below, left, right, height)?;
            goes_on(above, below.region(from, to)?).then_some((below, from, to))
        }) else {
            break;
        };
        // Another label of the same column, or in front of the text, owns this row.
        let label_x = row.characters[mark.from].x - height * 3.0;
        let owned = |m: &Mark| m.from < to && (m.to > from || below.characters[m.from].x >= label_x);
        if marks.iter().any(|m| m.row == index && owned(m)) {
            break;
        }
        text.extend(below.characters[from..to].iter().map(|c| c.character));
        above = below.region(from, to)?;
        region = region.into_iter().chain([above]).reduce(Region::union);
    }
    Some(Found {
        slot,
        whose_is_certain: true,
        text,
        region,
        confidence,
    })
}

/// Whether text stands directly below other text.
fn goes_on(above: Region, below: Region) -> bool {
    below.middle_y().saturating_sub(above.middle_y()) as f32 <= above.height.max(below.height) as f32 * 1.9
}

/// The characters of a row between two columns, when the first of them begins there and not far left of it.
fn column(row: &Row, left: f32, right: f32, height: f32) -> Option<(usize, usize)> {
    let from = row.characters.iter().position(|c| c.x >= left - height * 0.8)?;
    let to = row.characters.iter().rposition(|c| c.x < right - height * 0.5)? + 1;
    (from < to && row.characters[from].x < left + height * 4.0).then(|| (from, row.unbroken(from, to)))
}
