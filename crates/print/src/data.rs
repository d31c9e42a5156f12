//! What a document says: the facts that fill a template, and nothing about how they look.
//!
//! All texts are already in the language the document is printed in; this module translates nothing, masks nothing
//! and reads no clock. Dates are days of the business calendar (China Standard Time), written as `2026-11-22` in JSON.

mod act;
mod days;
mod licence;
mod paper;

use serde::{Deserialize, Serialize};
use time::{Date, PrimitiveDateTime};

pub(crate) use days::day;
use days::{day_or_none, minute_or_none};

pub use act::{Commitment, Condition, Decision, Procedure, Refusal, Service};
pub use licence::{CopyFacts, CopyNote, LicenceFields, Tenancy};
pub use paper::{BlankLine, Count, DayFigures, DaySheet, GuideLine, HandOver, HandOverLine, Money, MoneyLine, Ticket};

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
    /// A special procedure or an extension.
    pub procedure: Option<Procedure>,
    /// A decision to grant or to refuse.
    pub decision: Option<Decision>,
    /// A written commitment.
    pub commitment: Option<Commitment>,
    /// Delivery of the documents in `certificates`.
    pub service: Option<Service>,
    /// Conditions and papers of a guide list.
    pub guide: Vec<GuideLine>,
    /// Money to pay.
    pub payment: Option<Money>,
    /// Money that is paid to the applicant.
    pub benefit: Option<Money>,
    /// Papers handed to another desk.
    pub hand_over: Option<HandOver>,
    /// A queue ticket.
    pub ticket: Option<Ticket>,
    /// The sheet of the day.
    pub day: Option<DaySheet>,
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
    /// Its code in the official list of government services; empty when it is not known.
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
            procedure: None,
            decision: None,
            commitment: None,
            service: None,
            guide: Vec::new(),
            payment: None,
            benefit: None,
            hand_over: None,
            ticket: None,
            day: None,
            qr_text: String::new(),
            blank_serial: String::new(),
            copy: CopyNote::default(),
        }
    }
}

impl DocumentData {
    /// What tells this sheet from other sheets of the same document.
    #[must_use]
    pub fn copy_facts(&self) -> CopyFacts {
        CopyFacts {
            copy: self.copy.clone(),
            qr_text: self.qr_text.clone(),
            blank_serial: self.blank_serial.clone(),
        }
    }

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
            licence: Some(LicenceFields {
                tenancy: Some(Tenancy::default()),
                ..LicenceFields::default()
            }),
            procedure: Some(Procedure::default()),
            decision: Some(Decision::default()),
            commitment: Some(Commitment {
                conditions: vec![Condition::default()],
                ..Commitment::default()
            }),
            service: Some(Service::default()),
            guide: vec![GuideLine::default()],
            payment: Some(Money::one_line()),
            benefit: Some(Money::one_line()),
            hand_over: Some(HandOver {
                lines: vec![HandOverLine::default()],
                ..HandOver::default()
            }),
            ticket: Some(Ticket::default()),
            day: Some(DaySheet {
                cases: vec![Count::default()],
                documents: vec![DayFigures::default()],
                blanks: vec![BlankLine::default()],
                open: vec![Count::default()],
                ..DaySheet::default()
            }),
            ..Self::default()
        }
    }
}

impl Money {
    fn one_line() -> Self {
        Self {
            lines: vec![MoneyLine::default()],
            ..Self::default()
        }
    }
}
