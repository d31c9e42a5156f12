//! Fields of a paper with the evidence for each. What was only read is never called proven: proof is a check digit, a
//! machine-readable zone, a barcode, or two places of the page that agree. Absent on purpose: comparing with other papers or shared
//! data, which the rules do.

mod rows;
mod templates;
mod values;

use onewindow_case::identifier::{IdentifierKind, Verdict, check};
use serde::{Deserialize, Serialize};
use time::Date;

use crate::ocr::TextLine;
use crate::page::{Code, Region};
use crate::paper::PaperKind;
use crate::zone::MrzReading;
use rows::Rows;

/// Why a value can be believed, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Its own check character, date and codes fit.
    CheckDigit,
    /// It stands in a machine-readable zone under a check digit that fits.
    Mrz,
    /// It stands in a barcode or QR code of the page.
    Barcode,
    /// It stands twice on the page, and both agree; one of them under a check digit.
    Agreement,
    /// It was read once and nothing confirms it: the clerk looks.
    OcrOnly,
    /// Two places of the page say different things: the clerk decides.
    Conflict,
}

impl Evidence {
    /// Whether the clerk need not look.
    pub fn is_proven(self) -> bool {
        match self {
            Self::CheckDigit | Self::Mrz | Self::Barcode | Self::Agreement => true,
            Self::OcrOnly | Self::Conflict => false,
        }
    }
}

/// One value read from a page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReadField {
    /// Machine name: `name`, `resident_id`, `birth_date`, `uscc` ...
    pub key: String,
    /// The value in its one form: dates as `YYYY-MM-DD`, sex as `male` or `female`, numbers without spaces.
    pub value: String,
    /// Where it stands on the page read.
    pub region: Option<Region>,
    /// Why it can be believed.
    pub evidence: Evidence,
    /// How sure the reader was, 0 to 1; 1 for codes and zones.
    pub confidence: f32,
}

/// Everything on one page that can support a field.
pub(crate) struct Sources<'a> {
    pub lines: &'a [TextLine],
    pub codes: &'a [Code],
    pub mrz: Option<&'a MrzReading>,
    pub today: Date,
}

/// The fields of a paper of the given kind.
pub(crate) fn extract(kind: PaperKind, sources: &Sources<'_>) -> Vec<ReadField> {
    let mut fields = Vec::new();
    if let Some(mrz) = sources.mrz.filter(|mrz| mrz.valid) {
        fields.extend(of_zone(mrz));
    }
    let rows = Rows::of(sources.lines);
    for found in templates::find_values(kind, &rows) {
        // The zone says it better.
        if fields.iter().any(|field: &ReadField| field.key == found.slot.key) {
            continue;
        }
        fields.extend(field_of(&found, sources));
    }
    if kind == PaperKind::IdCardPortrait && !fields.iter().any(|f| f.key == "resident_id") {
        fields.extend(stray_resident_id(&rows, sources.today));
    }
    if kind == PaperKind::PropertyCertificate {
        fields.extend(certificate_number(&rows));
    }
    agree_with_numbers(&mut fields, sources.today);
    name_spouses(&mut fields);
    fields
}

/// A value of a template in its one form, with its own evidence.
fn field_of(found: &templates::Found, sources: &Sources<'_>) -> Option<ReadField> {
    let value = (found.slot.form)(&found.text)?;
    let field = ReadField {
        key: found.slot.key.to_owned(),
        evidence: own_evidence(found.slot.number, &value, sources),
        value,
        region: found.region,
        confidence: found.confidence,
    };
    Some(field)
}

/// Check digits first, then codes. A number kind without a check digit proves nothing by fitting its shape.
fn own_evidence(number: Option<IdentifierKind>, value: &str, sources: &Sources<'_>) -> Evidence {
    let self_checking = matches!(
        number,
        Some(IdentifierKind::ResidentId | IdentifierKind::ForeignerId | IdentifierKind::CreditCode)
    );
    if self_checking && number.is_some_and(|kind| check(kind, value, sources.today).verdict == Verdict::Ok) {
        return Evidence::CheckDigit;
    }
    // Short values stand in long codes by chance.
    let stands_in = |text: &str| text.contains(value) || value.len() == 10 && text.contains(&value.replace('-', ""));
    let in_code = value.len() >= 8 && sources.codes.iter().any(|code| stands_in(&code.text));
    if in_code { Evidence::Barcode } else { Evidence::OcrOnly }
}

/// The zone's fields. Names, nationality and sex stand there without a check digit of their own.
fn of_zone(mrz: &MrzReading) -> Vec<ReadField> {
    const KEYS: [(&str, &str, bool); 7] = [
        ("number", "document_no", true),
        ("birth_date", "birth_date", true),
        ("expiry_date", "valid_until", true),
        ("sex", "sex", false),
        ("nationality", "nationality", false),
        ("surname", "surname_latin", false),
        ("given_names", "given_names_latin", false),
    ];
    KEYS.iter()
        .filter_map(|(from, key, checked)| {
            let value = mrz.fields.get(*from)?.clone();
            let proven = *checked && !mrz.repaired;
            let evidence = if proven { Evidence::Mrz } else { Evidence::OcrOnly };
            Some(ReadField {
                key: (*key).to_owned(),
                value,
                region: Some(mrz.region),
                evidence,
                confidence: 1.0,
            })
        })
        .collect()
}

/// A valid number anywhere on the card, when its label was not read.
fn stray_resident_id(rows: &Rows, today: Date) -> Option<ReadField> {
    rows.iter().find_map(|row| {
        let text: String = row.text();
        let number = values::resident_id(&text)?;
        (check(IdentifierKind::ResidentId, &number, today).verdict == Verdict::Ok).then(|| ReadField {
            key: "resident_id".to_owned(),
            value: number,
            region: row.region(0, row.len()),
            evidence: Evidence::CheckDigit,
            confidence: row.confidence(0, row.len()),
        })
    })
}

/// The certificate's own number, which stands at the head of the page without a label.
fn certificate_number(rows: &Rows) -> Option<ReadField> {
    rows.iter().find_map(|row| {
        values::property_certificate_no(&row.text()).map(|number| ReadField {
            key: "property_certificate_no".to_owned(),
            value: number,
            region: row.region(0, row.len()),
            evidence: Evidence::OcrOnly,
            confidence: row.confidence(0, row.len()),
        })
    })
}

/// A proven resident number also tells birth and sex of its holder: what is printed beside it then agrees or is in conflict.
fn agree_with_numbers(fields: &mut Vec<ReadField>, today: Date) {
    const HOLDERS: [&str; 5] = ["", "mother_", "father_", "first_", "second_"];
    for holder in HOLDERS {
        let proven = |f: &&ReadField| f.key == format!("{holder}resident_id") && f.evidence == Evidence::CheckDigit;
        let Some(number) = fields.iter().find(proven).cloned() else { continue };
        let says = check(IdentifierKind::ResidentId, &number.value, today).fields;
        for key in ["birth_date", "sex"] {
            let Some(told) = says.get(key) else { continue };
            match fields.iter_mut().find(|f| f.key == format!("{holder}{key}")) {
                Some(field) if field.value == *told => field.evidence = Evidence::Agreement,
                Some(field) if field.evidence == Evidence::OcrOnly => field.evidence = Evidence::Conflict,
                Some(_) => {}
                None => fields.push(ReadField {
                    key: format!("{holder}{key}"),
                    value: told.clone(),
                    region: number.region,
                    evidence: Evidence::CheckDigit,
                    confidence: number.confidence,
                }),
            }
        }
    }
}

/// The two persons of a marriage certificate become husband and wife by their sex; unknown ones stay first and second.
fn name_spouses(fields: &mut [ReadField]) {
    for person in ["first_", "second_"] {
        let sex = fields.iter().find(|f| f.key == format!("{person}sex")).map(|f| f.value.clone());
        let Some(spouse) = sex.map(|sex| if sex == "male" { "husband_" } else { "wife_" }) else {
            continue;
        };
        if fields.iter().any(|f| f.key.starts_with(spouse)) {
            continue;
        }
        for field in fields.iter_mut() {
            if let Some(rest) = field.key.strip_prefix(person) {
                field.key = format!("{spouse}{rest}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    /// Lines as a reader gives them, each at its place.
    fn lines(placed: &[(u32, u32, &str)]) -> Vec<TextLine> {
        placed
            .iter()
            .map(|&(x, y, text)| {
                let count = text.chars().count() as u32;
                TextLine {
                    text: text.to_owned(),
                    region: Region {
                        x,
                        y,
                        width: count * 30,
                        height: 34,
                    },
                    confidence: 0.97,
                    places: (0..count).map(|i| (i as f32 + 0.5) / count as f32).collect(),
                }
            })
            .collect()
    }

    fn read(kind: PaperKind, placed: &[(u32, u32, &str)], codes: &[Code]) -> Vec<ReadField> {
        let lines = lines(placed);
        extract(
            kind,
            &Sources {
                lines: &lines,
                codes,
                mrz: None,
                today: date!(2026 - 11 - 22),
            },
        )
    }

    fn check_field(fields: &[ReadField], key: &str, value: &str, evidence: Evidence) {
        let field = fields.iter().find(|f| f.key == key).unwrap_or_else(|| panic!("{key} is missing in {fields:?}"));
        assert_eq!((field.value.as_str(), field.evidence), (value, evidence), "{key}");
    }

    const CARD: [(u32, u32, &str); 7] = [
        (60, 60, "姓名 林晓民"),
        (60, 120, "性别男"),
        (240, 122, "民族汉"),
        (60, 180, "出生 1986年3月14日"),
        (60, 240, "住址浙江省温州市鹿城区民族路"),
        (150, 284, "12号3单元402室"),
        (60, 420, "公民身份号码 330302198603149990"),
    ];

    #[test]
    fn an_identity_card_is_read_with_its_evidence() {
        let fields = read(PaperKind::IdCardPortrait, &CARD, &[]);
        check_field(&fields, "name", "林晓民", Evidence::OcrOnly);
        check_field(&fields, "sex", "male", Evidence::Agreement);
        check_field(&fields, "ethnic_group", "汉", Evidence::OcrOnly);
        check_field(&fields, "birth_date", "1986-03-14", Evidence::Agreement);
        check_field(&fields, "address", "浙江省温州市鹿城区民族路12号3单元402室", Evidence::OcrOnly);
        check_field(&fields, "resident_id", "330302198603149990", Evidence::CheckDigit);
    }

    #[test]
    fn a_misread_number_is_never_proven() {
        let mut card = CARD;
        card[6].2 = "公民身份号码 330302198603149991";
        let fields = read(PaperKind::IdCardPortrait, &card, &[]);
        check_field(&fields, "resident_id", "330302198603149991", Evidence::OcrOnly);
        check_field(&fields, "birth_date", "1986-03-14", Evidence::OcrOnly);
        assert!(fields.iter().all(|f| !f.evidence.is_proven()), "{fields:?}");
    }

    #[test]
    fn a_printed_date_that_differs_from_the_number_is_a_conflict() {
        let mut card = CARD;
        card[3].2 = "出生 1986年3月15日";
        check_field(&read(PaperKind::IdCardPortrait, &card, &[]), "birth_date", "1986-03-15", Evidence::Conflict);
    }

    #[test]
    fn the_emblem_side_gives_office_and_term() {
        let placed = [
            (300, 60, "中华人民共和国"),
            (300, 140, "居民身份证"),
            (100, 400, "签发机关 永嘉县公安局"),
            (100, 470, "有效期限 2018.05.20-2038.05.20"),
        ];
        let fields = read(PaperKind::IdCardEmblem, &placed, &[]);
        check_field(&fields, "issuer", "永嘉县公安局", Evidence::OcrOnly);
        check_field(&fields, "valid_from", "2018-05-20", Evidence::OcrOnly);
        check_field(&fields, "valid_until", "2038-05-20", Evidence::OcrOnly);
        let long = [(100, 470, "有效期限 2018.05.20-长期")];
        check_field(&read(PaperKind::IdCardEmblem, &long, &[]), "valid_until", "long-term", Evidence::OcrOnly);
    }

    #[test]
    fn a_business_licence_is_proven_by_check_character_or_code() {
        let placed = [
            (900, 100, "营业执照"),
            (200, 200, "统一社会信用代码 91330402MAYYYY016L"),
            (200, 300, "名称 嘉兴星河娱乐有限公司"),
            (1400, 300, "注册资本 伍拾万元整"),
            (200, 360, "类型 有限责任公司"),
            (1400, 360, "成立日期 2019年03月01日"),
            (200, 420, "法定代表人 林晓民"),
            (200, 480, "经营范围 歌舞娱乐服务;预包装食品销售"),
        ];
        let fields = read(PaperKind::BusinessLicence, &placed, &[]);
        check_field(&fields, "uscc", "91330402MAYYYY016L", Evidence::CheckDigit);
        check_field(&fields, "organisation_name", "嘉兴星河娱乐有限公司", Evidence::OcrOnly);
        check_field(&fields, "legal_representative", "林晓民", Evidence::OcrOnly);
        check_field(&fields, "founded_on", "2019-03-01", Evidence::OcrOnly);
        let code = Code {
            format: "QRCode".into(),
            text: "https://e.invalid/?n=91330402MAYYYY0115".into(),
            region: Region {
                x: 1,
                y: 1,
                width: 9,
                height: 9,
            },
        };
        let mut other = placed;
        other[1].2 = "统一社会信用代码 91330402MAYYYY0115";
        check_field(
            &read(PaperKind::BusinessLicence, &other, &[code]),
            "uscc",
            "91330402MAYYYY0115",
            Evidence::Barcode,
        );
    }

    #[test]
    fn both_parents_of_a_birth_certificate_are_told_apart() {
        let placed = [
            (900, 100, "出生医学证明"),
            (200, 200, "新生儿姓名 林小禾"),
            (900, 200, "性别 女"),
            (1300, 200, "出生时间 2026年01月05日08时30分"),
            (200, 400, "母亲姓名 王晴"),
            (900, 400, "有效身份证件号码 330324199011089982"),
            (200, 500, "父亲姓名 林晓民"),
            (900, 500, "有效身份证件号码 330302198603149990"),
            (200, 700, "出生证编号 W330000003"),
        ];
        let fields = read(PaperKind::BirthCertificate, &placed, &[]);
        check_field(&fields, "name", "林小禾", Evidence::OcrOnly);
        check_field(&fields, "birth_date", "2026-01-05", Evidence::OcrOnly);
        check_field(&fields, "mother_name", "王晴", Evidence::OcrOnly);
        check_field(&fields, "mother_resident_id", "330324199011089982", Evidence::CheckDigit);
        check_field(&fields, "father_resident_id", "330302198603149990", Evidence::CheckDigit);
        check_field(&fields, "birth_certificate_no", "W330000003", Evidence::OcrOnly);
    }

    #[test]
    fn spouses_are_told_apart_by_sex() {
        let placed = [
            (400, 40, "结婚证"),
            (60, 300, "登记日期 2024年05月20日"),
            (900, 100, "姓名 周予川"),
            (1300, 100, "性别 男"),
            (900, 200, "身份证件号 330302198603149990"),
            (900, 400, "姓名 苏念安"),
            (1300, 400, "性别 女"),
            (900, 500, "身份证件号 330324199011089982"),
        ];
        let fields = read(PaperKind::MarriageCertificate, &placed, &[]);
        check_field(&fields, "husband_name", "周予川", Evidence::OcrOnly);
        check_field(&fields, "husband_sex", "male", Evidence::Agreement);
        check_field(&fields, "husband_resident_id", "330302198603149990", Evidence::CheckDigit);
        check_field(&fields, "wife_name", "苏念安", Evidence::OcrOnly);
        check_field(&fields, "wife_resident_id", "330324199011089982", Evidence::CheckDigit);
        check_field(&fields, "registered_on", "2024-05-20", Evidence::OcrOnly);
    }

    #[test]
    fn a_household_page_gives_the_relation() {
        let placed = [
            (500, 40, "常住人口登记卡"),
            (60, 120, "姓名"),
            (220, 120, "林小禾"),
            (600, 120, "户主或与户主关系"),
            (900, 120, "女"),
            (60, 180, "曾用名"),
            (600, 180, "性别"),
            (900, 180, "女"),
            (60, 360, "公民身份号码 330106202601059987"),
        ];
        let fields = read(PaperKind::HouseholdPage, &placed, &[]);
        check_field(&fields, "name", "林小禾", Evidence::OcrOnly);
        check_field(&fields, "relation", "女", Evidence::OcrOnly);
        check_field(&fields, "sex", "female", Evidence::Agreement);
        check_field(&fields, "resident_id", "330106202601059987", Evidence::CheckDigit);
        assert!(!fields.iter().any(|f| f.key == "former_name"), "an empty slot gives no field");
    }
}
