//! Fields of a paper with the evidence for each. What was only read is never called proven: proof is a check digit, a
//! machine-readable zone, a barcode, or two places of the page that agree. Absent on purpose: comparing with other papers or shared
//! data, which the rules do.

mod confirm;
mod rows;
mod templates;
mod values;

use std::collections::BTreeSet;

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
    /// The file that brought the page says so, and it was not read from the picture: the clerk looks.
    FileText,
    /// Two places of the page say different things: the clerk decides.
    Conflict,
}

impl Evidence {
    /// Whether the clerk need not look.
    pub fn is_proven(self) -> bool {
        match self {
            Self::CheckDigit | Self::Mrz | Self::Barcode | Self::Agreement => true,
            Self::OcrOnly | Self::FileText | Self::Conflict => false,
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
        fields.extend(of_zone(mrz, sources.lines));
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
    if kind == PaperKind::BusinessLicence {
        confirm::credit_code(&mut fields, sources.codes, sources.today);
    }
    if kind == PaperKind::Invoice {
        confirm::invoice_sum(&mut fields, sources.codes, sources.lines);
        fields.extend(receipt_number(&fields, sources.today));
    }
    agree_with_numbers(&mut fields, sources.today);
    name_spouses(&mut fields);
    fields
}

/// Every key that a paper of the given kind can bring. What a zone says may stand on any paper and is listed with the papers that have one.
pub fn field_keys(kind: PaperKind) -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = templates::keys(kind).map(str::to_owned).collect();
    match kind {
        PaperKind::TravelDocument => keys.extend(ZONE_KEYS.iter().map(|(_, key, _)| (*key).to_owned())),
        PaperKind::PropertyCertificate => keys.extend(["property_certificate_no".to_owned()]),
        PaperKind::Invoice => keys.extend(["receipt_no".to_owned()]),
        PaperKind::IdCardPortrait
        | PaperKind::IdCardEmblem
        | PaperKind::HouseholdCover
        | PaperKind::HouseholdPage
        | PaperKind::MarriageCertificate
        | PaperKind::BirthCertificate
        | PaperKind::DeathCertificate
        | PaperKind::BusinessLicence
        | PaperKind::Contract
        | PaperKind::Authorisation
        | PaperKind::Other => {}
    }
    for (holder, _) in HOLDERS {
        if keys.contains(&format!("{holder}resident_id")) {
            keys.extend(TOLD_BY_NUMBER.map(|key| format!("{holder}{key}")));
        }
    }
    let of_persons = keys.iter().filter_map(|key| PERSONS.iter().find_map(|person| key.strip_prefix(person)));
    let of_spouses: Vec<String> = of_persons.flat_map(|rest| [format!("husband_{rest}"), format!("wife_{rest}")]).collect();
    keys.extend(of_spouses);
    keys
}

/// A value of a template in its one form, with its own evidence.
fn field_of(found: &templates::Found, sources: &Sources<'_>) -> Option<ReadField> {
    let value = (found.slot.form)(&found.text)?;
    let field = ReadField {
        key: found.slot.key.to_owned(),
        evidence: if found.whose_is_certain {
            own_evidence(found.slot.number, &value, sources)
        } else {
            Evidence::OcrOnly
        },
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
    let in_code = sources.codes.iter().any(|code| stands_in(&code.text, value));
    if in_code { Evidence::Barcode } else { Evidence::OcrOnly }
}

/// Whether a value stands in a code by itself. Short ones, and parts of a longer number, stand there by chance.
fn stands_in(code: &str, value: &str) -> bool {
    let alone = |wanted: &str| {
        code.match_indices(wanted).any(|(at, _)| {
            let beside = [code[..at].chars().next_back(), code[at + wanted.len()..].chars().next()];
            beside.iter().all(|c| c.is_none_or(|c| !c.is_ascii_alphanumeric()))
        })
    };
    value.chars().count() >= 8 && (alone(value) || value.len() == 10 && alone(&value.replace('-', "")))
}

/// Name in the zone, key of the field, and whether it stands under a check digit.
const ZONE_KEYS: [(&str, &str, bool); 7] = [
    ("number", "document_no", true),
    ("birth_date", "birth_date", true),
    ("expiry_date", "valid_until", true),
    ("sex", "sex", false),
    ("nationality", "nationality", false),
    ("surname", "surname_latin", false),
    ("given_names", "given_names_latin", false),
];

/// The zone's fields. Names, nationality and sex stand there without a check digit of their own.
fn of_zone(mrz: &MrzReading, lines: &[TextLine]) -> Vec<ReadField> {
    ZONE_KEYS
        .iter()
        .filter_map(|(from, key, checked)| {
            let value = mrz.fields.get(*from)?.clone();
            let told_apart = *from != "number" || !has_look_alikes(&value) || stands_outside(mrz, lines, &value);
            let proven = *checked && !mrz.repaired && told_apart;
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

/// Letters whose value in the zone differs from that of a digit they look like by ten, which its check digits can not tell
/// (ICAO Doc 9303, part 3: weights 7, 3, 1 modulo 10): `G` is 16, `S` is 28.
fn has_look_alikes(number: &str) -> bool {
    number.contains(['G', '6', 'S', '8'])
}

/// Whether the number is printed a second time, above or below the zone.
fn stands_outside(mrz: &MrzReading, lines: &[TextLine], number: &str) -> bool {
    let zone = mrz.region.y..mrz.region.y + mrz.region.height;
    lines.iter().filter(|line| !zone.contains(&line.region.middle_y())).any(|line| {
        let text: String = line.text.chars().filter(char::is_ascii_alphanumeric).collect();
        text.contains(number)
    })
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

/// The number of a fiscal receipt, which is its code and its number together. It is proven as its weaker part is.
fn receipt_number(fields: &[ReadField], today: Date) -> Option<ReadField> {
    let part = |key: &str| fields.iter().find(|field| field.key == key);
    let (code, number) = (part("invoice_code")?, part("invoice_no")?);
    let value = format!("{}+{}", code.value, number.value);
    let is_receipt = check(IdentifierKind::FiscalReceipt, &value, today).verdict == Verdict::Ok;
    is_receipt.then(|| ReadField {
        key: "receipt_no".to_owned(),
        value,
        region: code.region.into_iter().chain(number.region).reduce(Region::union),
        evidence: if code.evidence.is_proven() { number.evidence } else { code.evidence },
        confidence: code.confidence.min(number.confidence),
    })
}

/// Whose numbers stand on a paper: the prefix of the keys, and the sex that this holder has.
const HOLDERS: [(&str, Option<&str>); 5] = [
    ("", None),
    ("mother_", Some("female")),
    ("father_", Some("male")),
    ("first_", None),
    ("second_", None),
];

/// What a resident number says of its holder.
const TOLD_BY_NUMBER: [&str; 2] = ["birth_date", "sex"];

/// A proven resident number also tells birth and sex of its holder: what is printed beside it then agrees or is in conflict. In a
/// conflict the number is not believed either: it may be another person's, or misread twice.
fn agree_with_numbers(fields: &mut Vec<ReadField>, today: Date) {
    for (holder, sex) in HOLDERS {
        let is_number = |f: &ReadField| f.key == format!("{holder}resident_id") && f.evidence == Evidence::CheckDigit;
        let Some(number) = fields.iter().find(|f| is_number(f)).cloned() else {
            continue;
        };
        let says = check(IdentifierKind::ResidentId, &number.value, today).fields;
        let told: Vec<(String, &String)> = TOLD_BY_NUMBER
            .iter()
            .filter_map(|key| Some((format!("{holder}{key}"), says.get(*key)?)))
            .collect();
        let is_at_odds = |f: &ReadField| told.iter().any(|(key, told)| f.key == *key && f.value != **told);
        if fields.iter().any(is_at_odds) || sex.is_some_and(|sex| says.get("sex").is_some_and(|said| said != sex)) {
            for field in fields.iter_mut().filter(|f| is_number(f) || is_at_odds(f)) {
                field.evidence = Evidence::Conflict;
            }
            continue;
        }
        for (key, value) in &told {
            match fields.iter_mut().find(|f| f.key == *key) {
                Some(field) => field.evidence = Evidence::Agreement,
                None => fields.push(ReadField {
                    key: key.clone(),
                    value: (*value).clone(),
                    region: number.region,
                    evidence: Evidence::CheckDigit,
                    confidence: number.confidence,
                }),
            }
        }
    }
}

/// Prefixes of the two persons of a marriage certificate until it is known who is who.
const PERSONS: [&str; 2] = ["first_", "second_"];

/// The two persons of a marriage certificate become husband and wife by their sex; unknown ones, and those whose number says
/// another sex than is printed, stay first and second.
fn name_spouses(fields: &mut [ReadField]) {
    for person in PERSONS {
        let sex = fields
            .iter()
            .find(|f| f.key == format!("{person}sex") && f.evidence != Evidence::Conflict)
            .map(|f| f.value.clone());
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
mod tests;
