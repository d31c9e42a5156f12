//! What a document says: the facts that fill a template, and nothing about how they look.
//!
//! All texts are already in the language the document is printed in; this module translates nothing, masks nothing
//! and reads no clock. Dates are days of the business calendar (China Standard Time), written as `2026-11-22` in JSON.

use serde::{Deserialize, Serialize};
use time::{Date, PrimitiveDateTime};

/// Everything a template may name. Empty texts and absent parts count as "not given".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DocumentData {
    /// Case number as read by people, 24 digits with hyphens; the barcode uses the digits alone.
    pub case_number: String,
    /// Number of this document, for example `云行受〔2026〕第000317号`.
    pub document_number: String,
    /// The body in whose name the document is issued: the service centre, or a department.
    pub issuing_body: String,
    /// The department by whose mandate the centre acts; empty when the centre acts for itself.
    pub mandating_body: String,
    /// The service centre or branch where the counter stands.
    pub centre_name: String,
    /// Postal address of the centre.
    pub centre_address: String,
    /// Telephone for questions.
    pub phone: String,
    /// Complaint line; 12345 everywhere in the country.
    pub complaint_line: String,
    /// Counter, for example `03 号窗口`.
    pub counter: String,
    /// Clerk's name.
    pub clerk: String,
    /// Clerk's staff number.
    pub clerk_number: String,
    /// Who applies.
    pub applicant: Applicant,
    /// Who acts for the applicant.
    pub agent: Option<Agent>,
    /// Name of the bundle, "one matter" as the citizen knows it.
    pub bundle: String,
    /// The matters of the bundle in the order of their dependencies.
    pub matters: Vec<MatterLine>,
    /// Papers handed in.
    pub materials: Vec<MaterialLine>,
    /// Papers accepted as outstanding (tolerance), with their last day.
    pub outstanding: Vec<OutstandingLine>,
    /// What is wrong or missing, all of it at once.
    pub deficiencies: Vec<DeficiencyLine>,
    /// Why acceptance is refused.
    pub refusal: Option<Refusal>,
    /// Days and times.
    pub dates: Dates,
    /// Working days allowed for supplementing.
    pub supplement_days: Option<u16>,
    /// Fee in words; empty prints "no fee".
    pub fee: String,
    /// How and where the result is delivered.
    pub delivery: Delivery,
    /// Code that the applicant shows when collecting.
    pub pickup_code: String,
    /// Certificates to collect.
    pub certificates: Vec<CertificateLine>,
    /// The facts of a licence.
    pub licence: Option<LicenceFields>,
    /// Text of the QR code: a query address, or a signed licence code.
    pub qr_text: String,
    /// Serial number of the pre-printed blank.
    pub blank_serial: String,
    /// Whether this is the original or a numbered reprint.
    pub copy: CopyNote,
}

/// A person or organisation that applies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Applicant {
    /// Name as registered.
    pub name: String,
    /// Masked identity number for slips, for example `330302********9990`.
    pub id_masked: String,
    /// Full identity number, only where the law wants it on the notice.
    pub id_full: String,
    /// Unified social credit code of an organisation.
    pub credit_code: String,
    /// Legal representative of an organisation.
    pub legal_representative: String,
    /// Address.
    pub address: String,
    /// Contact person.
    pub contact_name: String,
    /// Contact telephone.
    pub contact_phone: String,
}

/// A person who acts for the applicant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Agent {
    /// Name.
    pub name: String,
    /// Masked identity number.
    pub id_masked: String,
    /// Telephone.
    pub phone: String,
}

/// One matter of the bundle.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MatterLine {
    /// Name of the matter.
    pub name: String,
    /// Its code in the catalogue.
    pub code: String,
    /// The department that decides.
    pub department: String,
    /// Statutory limit in working days; 0 means on the spot, absent means none is set.
    pub statutory_days: Option<u16>,
    /// Promised limit in working days; 0 means on the spot, absent means none is set.
    pub promised_days: Option<u16>,
    /// Last day by which the decision is due.
    #[serde(with = "day_or_none")]
    pub due: Option<Date>,
}

/// One paper handed in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MaterialLine {
    /// Name of the paper.
    pub name: String,
    /// Form in words: original, copy, shared, commitment.
    pub form: String,
    /// Number of copies.
    pub copies: u16,
    /// Number of pages.
    pub pages: u16,
    /// Remark; may be empty.
    pub note: String,
}

/// One paper that may be brought later.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OutstandingLine {
    /// Name of the paper.
    pub name: String,
    /// Form in which it is to be brought.
    pub form: String,
    /// Last day.
    #[serde(with = "day_or_none")]
    pub last_day: Option<Date>,
}

/// One deficiency: the paper, what is wrong, how to put it right, and on what basis.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeficiencyLine {
    /// Name of the paper.
    pub paper: String,
    /// What is wrong or missing.
    pub problem: String,
    /// How to put it right.
    pub remedy: String,
    /// The rule it rests on; may be empty.
    pub basis: String,
}

/// Refusal to accept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Refusal {
    /// The reason in full sentences.
    pub reason: String,
    /// The law and article.
    pub basis: String,
    /// The body that is competent, when this one is not.
    pub competent_body: String,
    /// Its address.
    pub competent_address: String,
    /// Where reconsideration can be asked for.
    pub review_body: String,
    /// The court for a lawsuit.
    pub court: String,
}

/// Days and times of the case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dates {
    /// Day written on the document and in its metadata.
    #[serde(with = "day")]
    pub issued: Date,
    /// Minute at which the papers were received.
    #[serde(with = "minute_or_none")]
    pub received: Option<PrimitiveDateTime>,
    /// Day of acceptance.
    #[serde(with = "day_or_none")]
    pub accepted: Option<Date>,
    /// Day by which the whole bundle is due.
    #[serde(with = "day_or_none")]
    pub due: Option<Date>,
    /// Last day for supplementing.
    #[serde(with = "day_or_none")]
    pub supplement_last: Option<Date>,
    /// First day on which results can be collected.
    #[serde(with = "day_or_none")]
    pub pickup_from: Option<Date>,
}

impl Default for Dates {
    fn default() -> Self {
        Self {
            issued: Date::MIN,
            received: None,
            accepted: None,
            due: None,
            supplement_last: None,
            pickup_from: None,
        }
    }
}

/// How the result reaches the applicant.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Delivery {
    /// The way in words: collection at the counter, post, electronic.
    pub way: String,
    /// Pick-up place or postal address.
    pub place: String,
    /// Opening hours of the pick-up place.
    pub hours: String,
    /// Who may collect.
    pub collector: String,
    /// What to bring.
    pub bring: String,
}

/// One certificate to collect.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CertificateLine {
    /// Name of the certificate.
    pub name: String,
    /// Its number.
    pub number: String,
    /// Number of copies, originals and duplicates together.
    pub copies: u16,
}

/// The facts printed on a licence. Each licence uses the ones it knows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LicenceFields {
    /// Licence number; the unified social credit code for a business licence.
    pub number: String,
    /// Name of the holder.
    pub name: String,
    /// Kind of enterprise or of venue.
    pub kind: String,
    /// Legal representative, operator or person in charge.
    pub legal_representative: String,
    /// Scope of business.
    pub scope: String,
    /// Registered capital in words.
    pub capital: String,
    /// Day of foundation.
    #[serde(with = "day_or_none")]
    pub founded: Option<Date>,
    /// Domicile or place of business.
    pub address: String,
    /// Use area in words, for example `860 平方米`.
    pub area: String,
    /// Approved number of guests.
    pub guests: Option<u32>,
    /// First day of validity.
    #[serde(with = "day_or_none")]
    pub valid_from: Option<Date>,
    /// Last day of validity.
    #[serde(with = "day_or_none")]
    pub valid_to: Option<Date>,
    /// The body that issues the licence.
    pub authority: String,
    /// Day of issue.
    #[serde(with = "day_or_none")]
    pub issued: Option<Date>,
    /// Number of this duplicate, for example `1-1`.
    pub duplicate_number: String,
}

/// Whether the sheet is the original or a reprint, and if so which and why.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CopyNote {
    /// 0 for the original, 1 for the first reprint and so on.
    pub reprint: u16,
    /// Day of the reprint.
    #[serde(with = "day_or_none")]
    pub on: Option<Date>,
    /// Clerk who ordered the reprint.
    pub by: String,
    /// Reason for the reprint.
    pub reason: String,
}

impl Default for DocumentData {
    fn default() -> Self {
        Self {
            case_number: String::new(),
            document_number: String::new(),
            issuing_body: String::new(),
            mandating_body: String::new(),
            centre_name: String::new(),
            centre_address: String::new(),
            phone: String::new(),
            complaint_line: "12345".to_owned(),
            counter: String::new(),
            clerk: String::new(),
            clerk_number: String::new(),
            applicant: Applicant::default(),
            agent: None,
            bundle: String::new(),
            matters: Vec::new(),
            materials: Vec::new(),
            outstanding: Vec::new(),
            deficiencies: Vec::new(),
            refusal: None,
            dates: Dates::default(),
            supplement_days: None,
            fee: String::new(),
            delivery: Delivery::default(),
            pickup_code: String::new(),
            certificates: Vec::new(),
            licence: None,
            qr_text: String::new(),
            blank_serial: String::new(),
            copy: CopyNote::default(),
        }
    }
}

impl DocumentData {
    /// Data with every optional part present and one line in every list: the measure against which templates are
    /// checked when they are loaded.
    #[must_use]
    pub fn complete_shape() -> Self {
        Self {
            agent: Some(Agent::default()),
            matters: vec![MatterLine::default()],
            materials: vec![MaterialLine::default()],
            outstanding: vec![OutstandingLine::default()],
            deficiencies: vec![DeficiencyLine::default()],
            refusal: Some(Refusal::default()),
            certificates: vec![CertificateLine::default()],
            licence: Some(LicenceFields::default()),
            ..Self::default()
        }
    }
}

/// Days as `2026-11-22`.
pub(crate) mod day {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _, ser::Error as _};
    use time::{Date, format_description::BorrowedFormatItem, macros::format_description};

    pub(super) const FORM: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

    pub(crate) fn serialize<S: Serializer>(day: &Date, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&day.format(FORM).map_err(S::Error::custom)?)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Date, D::Error> {
        Date::parse(&String::deserialize(input)?, FORM).map_err(D::Error::custom)
    }
}

/// Days as `2026-11-22`, or null.
mod day_or_none {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};
    use time::Date;

    use super::day;

    pub(super) fn serialize<S: Serializer>(value: &Option<Date>, out: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => day::serialize(value, out),
            None => out.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Date>, D::Error> {
        Option::<String>::deserialize(input)?
            .map(|text| Date::parse(&text, day::FORM).map_err(D::Error::custom))
            .transpose()
    }
}

/// Minutes as `2026-11-22T14:54`, or null.
mod minute_or_none {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _, ser::Error as _};
    use time::{PrimitiveDateTime, format_description::BorrowedFormatItem, macros::format_description};

    const FORM: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]");

    pub(super) fn serialize<S: Serializer>(value: &Option<PrimitiveDateTime>, out: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => out.serialize_str(&value.format(FORM).map_err(S::Error::custom)?),
            None => out.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Option<PrimitiveDateTime>, D::Error> {
        Option::<String>::deserialize(input)?
            .map(|text| PrimitiveDateTime::parse(&text, FORM).map_err(D::Error::custom))
            .transpose()
    }
}
