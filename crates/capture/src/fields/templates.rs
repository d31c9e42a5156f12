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
}

/// A value found for a slot.
#[derive(Debug)]
pub(super) struct Found {
    pub slot: &'static Slot,
    pub text: String,
    pub region: Option<Region>,
    pub confidence: f32,
}

const fn slot(key: &'static str, labels: &'static [&'static str], form: fn(&str) -> Option<String>) -> Slot {
    Slot { key, labels, form, number: None, more_rows: 0 }
}

const fn numbered(key: &'static str, labels: &'static [&'static str], form: fn(&str) -> Option<String>, number: IdentifierKind) -> Slot {
    Slot { key, labels, form, number: Some(number), more_rows: 0 }
}

const fn long(key: &'static str, labels: &'static [&'static str], more_rows: usize) -> Slot {
    Slot { key, labels, form: values::plain, number: None, more_rows }
}

const RESIDENT_ID_LABELS: &[&str] = &["公民身份号码", "公民身份证件编号", "公民身份证号码", "有效身份证件号码", "身份证件号", "身份证件号码", "身份证号码", "身份证号", "证件号码"];

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

static HOUSEHOLD_COVER: [Slot; 4] = [
    slot("household_kind", &["户别"], values::plain),
    slot("name", &["户主姓名"], values::person),
    slot("household_no", &["户号"], values::number),
    long("address", &["住址"], 1),
];

static HOUSEHOLD_PAGE: [Slot; 9] = [
    slot("former_name", &["曾用名"], values::person),
    slot("name", &["姓名"], values::person),
    slot("relation", &["户主或与户主关系", "户主或与户主的关系", "与户主关系"], values::plain),
    slot("sex", &["性别"], values::sex),
    slot("birth_place", &["出生地"], values::plain),
    slot("ethnic_group", &["民族"], values::ethnic),
    slot("native_place", &["籍贯"], values::plain),
    slot("birth_date", &["出生日期"], values::date),
    numbered("resident_id", RESIDENT_ID_LABELS, values::resident_id, IdentifierKind::ResidentId),
];

static MARRIAGE_CERTIFICATE: [Slot; 5] = [
    slot("holder", &["持证人"], values::person),
    slot("registered_on", &["登记日期"], values::date),
    numbered("marriage_certificate_no", &["结婚证字号"], values::number, IdentifierKind::MarriageCertificate),
    slot("name", &["姓名"], values::person),
    numbered("resident_id", RESIDENT_ID_LABELS, values::resident_id, IdentifierKind::ResidentId),
];

static BIRTH_CERTIFICATE: [Slot; 9] = [
    slot("name", &["新生儿姓名"], values::person),
    slot("sex", &["性别"], values::sex),
    slot("birth_date", &["出生时间", "出生日期"], values::date),
    slot("mother_name", &["母亲姓名"], values::person),
    numbered("mother_resident_id", RESIDENT_ID_LABELS, values::resident_id, IdentifierKind::ResidentId),
    slot("father_name", &["父亲姓名"], values::person),
    numbered("father_resident_id", RESIDENT_ID_LABELS, values::resident_id, IdentifierKind::ResidentId),
    long("institution", &["接生机构名称", "医疗机构名称", "助产机构名称", "签发机构"], 0),
    numbered("birth_certificate_no", &["出生证编号", "出生医学证明编号", "证书编号", "编号"], values::birth_certificate_no, IdentifierKind::BirthCertificate),
];

static DEATH_CERTIFICATE: [Slot; 3] = [
    slot("name", &["死者姓名", "姓名"], values::person),
    numbered("resident_id", RESIDENT_ID_LABELS, values::resident_id, IdentifierKind::ResidentId),
    slot("died_on", &["死亡日期", "死亡时间"], values::date),
];

static BUSINESS_LICENCE: [Slot; 10] = [
    numbered("uscc", &["统一社会信用代码"], values::credit_code, IdentifierKind::CreditCode),
    long("organisation_name", &["名称"], 1),
    slot("organisation_kind", &["类型", "主体类型", "组成形式"], values::plain),
    slot("legal_representative", &["法定代表人", "负责人", "经营者"], values::person),
    slot("registered_capital", &["注册资本"], values::plain),
    slot("founded_on", &["成立日期", "注册日期"], values::date),
    long("address", &["住所", "经营场所", "营业场所"], 1),
    slot("term", &["营业期限"], values::plain),
    long("business_scope", &["经营范围"], 5),
    slot("authority", &["登记机关"], values::plain),
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

static CONTRACT: [Slot; 4] = [
    slot("lessor", &["出租方", "出租人", "甲方"], values::plain),
    slot("lessee", &["承租方", "承租人", "乙方"], values::plain),
    slot("valid_from", &["租赁期限", "租期"], values::term_start),
    slot("valid_until", &["租赁期限", "租期"], values::term_end),
];

static INVOICE: [Slot; 3] = [
    slot("invoice_code", &["发票代码"], values::number),
    slot("invoice_no", &["发票号码"], values::number),
    slot("issued_on", &["开票日期"], values::date),
];

static AUTHORISATION: [Slot; 2] = [slot("principal", &["委托人"], values::person), slot("agent", &["受托人", "代理人"], values::person)];

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
        let candidate = value_after(rows, &marks, *mark, wanted);
        found.extend(candidate.filter(|c| (wanted.form)(&c.text).is_some()));
        // A term fills two slots with one label.
        for twin in slots.iter().filter(|s| !std::ptr::eq(*s, wanted) && s.labels == wanted.labels && s.number.is_none()) {
            found.extend(value_after(rows, &marks, *mark, twin).filter(|c| (twin.form)(&c.text).is_some()));
        }
    }
    found
}

/// Labels in reading order; longer labels win where two begin at one place.
fn find_marks(slots: &'static [Slot], rows: &Rows) -> Vec<Mark> {
    let mut marks: Vec<Mark> = Vec::new();
    let mut used = vec![false; slots.len()];
    for (row_index, row) in rows.iter().enumerate() {
        let text: Vec<char> = row.characters.iter().map(|c| c.character).collect();
        let mut at = 0;
        while at < text.len() {
            let open = |index: &usize| !used[*index] && !twin_used(slots, &used, *index);
            let best = (0..slots.len())
                .filter(open)
                .filter_map(|index| Some((index, label_at(&text[at..], slots[index].labels)?)))
                .max_by_key(|&(index, length)| (length, std::cmp::Reverse(index)));
            match best {
                Some((slot, length)) => {
                    used[slot] = true;
                    marks.push(Mark { row: row_index, from: at, to: at + length, slot });
                    at += length;
                }
                None => at += 1,
            }
        }
    }
    marks
}

/// Slots with the same labels and no number are filled from one mark.
fn twin_used(slots: &[Slot], used: &[bool], index: usize) -> bool {
    let same = |other: usize| other != index && slots[other].number.is_none() && slots[other].labels == slots[index].labels;
    slots[index].number.is_none() && (0..slots.len()).any(|other| used[other] && same(other))
}

/// Length of the longest label that begins here. Labels of four and more characters may have one misread.
fn label_at(text: &[char], labels: &[&str]) -> Option<usize> {
    labels
        .iter()
        .filter_map(|label| {
            let length = label.chars().count();
            let differing = label.chars().zip(text.get(..length)?).filter(|(a, b)| a != *b).count();
            (differing <= usize::from(length >= 4)).then_some(length)
        })
        .max()
}

fn value_after(rows: &Rows, marks: &[Mark], mark: Mark, slot: &'static Slot) -> Option<Found> {
    let row = rows.get(mark.row)?;
    let end = marks.iter().filter(|m| m.row == mark.row && m.from >= mark.to).map(|m| m.from).min().unwrap_or(row.len());
    let mut text: String = row.characters[mark.to..end].iter().map(|c| c.character).collect();
    let mut region = if mark.to < end { row.region(mark.to, end) } else { None };
    let confidence = row.confidence(mark.to, end);
    let left = row.characters.get(mark.to).filter(|_| mark.to < end).map_or(row.characters[mark.to - 1].x, |c| c.x);
    let right = row.characters.get(end).map_or(f32::MAX, |c| c.x);
    let mut above = row;
    for index in mark.row + 1..=mark.row + slot.more_rows {
        let Some(below) = rows.get(index).filter(|below| goes_on(above, below)) else { break };
        let Some((from, to)) = column(below, left, right, row.height as f32) else { break };
        if marks.iter().any(|m| m.row == index && m.from < to && m.to > from) {
            break;
        }
        text.extend(below.characters[from..to].iter().map(|c| c.character));
        region = region.into_iter().chain(below.region(from, to)).reduce(Region::union);
        above = below;
    }
    Some(Found { slot, text, region, confidence })
}

/// Whether a row stands directly below another one.
fn goes_on(above: &Row, below: &Row) -> bool {
    below.middle.saturating_sub(above.middle) as f32 <= above.height.max(below.height) as f32 * 1.9
}

/// The characters of a row between two columns, when the first of them begins there and not far left of it.
fn column(row: &Row, left: f32, right: f32, height: f32) -> Option<(usize, usize)> {
    let from = row.characters.iter().position(|c| c.x >= left - height * 0.8)?;
    let to = row.characters.iter().rposition(|c| c.x < right - height * 0.5)? + 1;
    (from < to && row.characters[from].x < left + height * 4.0).then_some((from, to))
}
