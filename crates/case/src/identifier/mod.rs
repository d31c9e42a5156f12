//! Numbers of persons, organisations, documents and cases: parsed once into types that prove the check.
//!
//! A number is brought into one form (trim, full-width to half-width, upper case, no spaces and hyphens), compared with its shape,
//! then with its dates, codes and check characters. Some official numbers break their own rule, so doubtful ones are accepted with a
//! warning that a supervisor may override; only errors block. The rules come from the standards named at each type.
//! Absent on purpose: input and output, the clock (the business date is given), and any guess at what was meant.

use std::{
    collections::BTreeMap,
    fmt::{self, Display},
    str::FromStr,
};

use time::Date;

use crate::text::Bilingual;

mod case_no;
pub mod checksum;
mod civil;
mod contact;
mod document;
mod ethnic;
mod fault;
mod foreigner;
mod matter_code;
mod money;
mod mrz;
mod normal;
mod organisation;
mod person;
mod property;
mod region;
mod travel;
#[cfg(test)]
mod vectors;

pub use case_no::{CaseNo, PickupCode, QueueTicket, SubCaseNo, TicketQueue, read_slip_code};
pub use civil::{BirthCertificateNo, MarriageCertificateNo, SocialCardNo};
pub use contact::{Landline, Mobile, Postcode};
pub use document::{DocumentKind, DocumentNo};
pub use ethnic::{EthnicGroup, ethnic_groups, find_ethnic_group, guess_ethnic_group};
pub use fault::{Expected, IdentifierFault, Lengths};
pub use foreigner::ForeignerId;
pub use matter_code::{MatterCode, MatterCodeForm};
pub use money::{BankCardNo, FiscalReceiptNo, ProjectCode, VatInvoiceNo};
pub use mrz::{Mrz, MrzChange, MrzFormat, MrzRepair};
pub use normal::INPUT_LIMIT_CHARS;
pub use organisation::{CreditCode, EntertainmentLicenceNo, FoodLicenceNo, RegistrationNo};
pub use person::{ResidentHolder, ResidentId, Sex};
pub use property::{PropertyCertificateForm, PropertyCertificateNo, PropertyUnitNo};
pub use region::{Region, RegionCode, RegionStanding, regions};
pub use travel::{ExitEntryPermitNo, HomeReturnPermitNo, PassportKind, PassportNo, PermitToTaiwanNo, TaiwanPermitNo};

/// Checks what was typed, scanned or sent as a number of the given kind on the given business date. Never fails, never panics.
pub fn check(kind: IdentifierKind, raw: &str, today: Date) -> Check {
    match kind {
        IdentifierKind::ResidentId => Check::of(kind, raw, ResidentId::parse(raw, today)),
        IdentifierKind::ForeignerId => Check::of(kind, raw, ForeignerId::parse(raw, today)),
        IdentifierKind::CreditCode => Check::of(kind, raw, CreditCode::parse(raw)),
        IdentifierKind::RegistrationNo => Check::of(kind, raw, RegistrationNo::parse(raw)),
        IdentifierKind::FoodLicence => Check::of(kind, raw, FoodLicenceNo::parse(raw)),
        IdentifierKind::Passport => Check::of(kind, raw, PassportNo::parse(raw)),
        IdentifierKind::ExitEntryPermit => Check::of(kind, raw, ExitEntryPermitNo::parse(raw)),
        IdentifierKind::HomeReturnPermit => Check::of(kind, raw, HomeReturnPermitNo::parse(raw)),
        IdentifierKind::TaiwanPermit => Check::of(kind, raw, TaiwanPermitNo::parse(raw)),
        IdentifierKind::PermitToTaiwan => Check::of(kind, raw, PermitToTaiwanNo::parse(raw)),
        IdentifierKind::Mrz => Check::of(kind, raw, Mrz::parse(raw, today)),
        IdentifierKind::PropertyCertificate => Check::of(kind, raw, PropertyCertificateNo::parse(raw, today)),
        IdentifierKind::PropertyUnit => Check::of(kind, raw, PropertyUnitNo::parse(raw)),
        IdentifierKind::CaseNo => Check::of(kind, raw, CaseNo::parse(raw)),
        IdentifierKind::MatterCode => Check::of(kind, raw, MatterCode::parse(raw)),
        IdentifierKind::Ticket => Check::of(kind, raw, QueueTicket::parse(raw)),
        IdentifierKind::PickupCode => Check::of(kind, raw, PickupCode::parse(raw)),
        IdentifierKind::DocumentNo => Check::of(kind, raw, DocumentNo::parse(raw)),
        IdentifierKind::Mobile => Check::of(kind, raw, Mobile::parse(raw)),
        IdentifierKind::Landline => Check::of(kind, raw, Landline::parse(raw)),
        IdentifierKind::Postcode => Check::of(kind, raw, Postcode::parse(raw)),
        IdentifierKind::BirthCertificate => Check::of(kind, raw, BirthCertificateNo::parse(raw)),
        IdentifierKind::MarriageCertificate => Check::of(kind, raw, MarriageCertificateNo::parse(raw, today)),
        IdentifierKind::SocialCard => Check::of(kind, raw, SocialCardNo::parse(raw)),
        IdentifierKind::BankCard => Check::of(kind, raw, BankCardNo::parse(raw)),
        IdentifierKind::ProjectCode => Check::of(kind, raw, ProjectCode::parse(raw)),
        IdentifierKind::VatInvoice => Check::of(kind, raw, VatInvoiceNo::parse(raw)),
        IdentifierKind::FiscalReceipt => Check::of(kind, raw, FiscalReceiptNo::parse(raw)),
        IdentifierKind::EntertainmentLicence => Check::of(kind, raw, EntertainmentLicenceNo::parse(raw)),
    }
}

/// The form in which a kind of number is compared and stored; the same for its own result. It need not be a valid number.
pub fn normalise(kind: IdentifierKind, raw: &str) -> String {
    match kind {
        IdentifierKind::Mobile => contact::without_country_prefix(raw),
        IdentifierKind::Landline | IdentifierKind::MarriageCertificate | IdentifierKind::ProjectCode | IdentifierKind::EntertainmentLicence => {
            normal::hyphenated(raw)
        }
        IdentifierKind::Mrz => mrz::lines(raw).join("\n"),
        IdentifierKind::PropertyCertificate => normal::bracketed(raw, '(', ')'),
        IdentifierKind::DocumentNo => normal::bracketed(raw, '〔', '〕'),
        IdentifierKind::ResidentId
        | IdentifierKind::ForeignerId
        | IdentifierKind::CreditCode
        | IdentifierKind::RegistrationNo
        | IdentifierKind::FoodLicence
        | IdentifierKind::Passport
        | IdentifierKind::ExitEntryPermit
        | IdentifierKind::HomeReturnPermit
        | IdentifierKind::TaiwanPermit
        | IdentifierKind::PermitToTaiwan
        | IdentifierKind::PropertyUnit
        | IdentifierKind::CaseNo
        | IdentifierKind::MatterCode
        | IdentifierKind::Ticket
        | IdentifierKind::PickupCode
        | IdentifierKind::Postcode
        | IdentifierKind::BirthCertificate
        | IdentifierKind::SocialCard
        | IdentifierKind::BankCard
        | IdentifierKind::VatInvoice
        | IdentifierKind::FiscalReceipt => normal::compact(raw),
    }
}

/// A number for slips, lists and logs: a resident number keeps its region and last four characters (`330302********9990`),
/// a mobile number its first three and last four, anything else only its last four (last two when it has eight or fewer).
pub fn masked(kind: IdentifierKind, value: &str) -> String {
    let length = value.chars().count();
    let (head, tail) = match kind {
        IdentifierKind::ResidentId if length == 18 => (6, 4),
        IdentifierKind::Mobile if length == 11 => (3, 4),
        _ if length <= 8 => (0, 2.min(length / 2)),
        _ => (0, 4),
    };
    value
        .chars()
        .enumerate()
        .map(|(at, c)| if at < head || at + tail >= length { c } else { '*' })
        .collect()
}

/// The outcome of [`check`]: what a form shows beside the field and what `onewindow check` writes.
#[derive(Clone, PartialEq, Eq)]
pub struct Check {
    /// The number in its one form; what was entered, normalised, when it is wrong.
    pub value: String,
    /// Whether it may be used.
    pub verdict: Verdict,
    /// `ok`, or the machine code of the warning or error.
    pub code: &'static str,
    /// Where in `value` the cause lies, in characters from 0.
    pub position: Option<usize>,
    /// The sentence for the clerk.
    pub message: Bilingual,
    /// What the number says: `birth_date` (ISO), `sex` (male, female), `region_code`, `region_name`, `check_expected` ...
    pub fields: Fields,
}

/// What a number says about its holder or document, by machine name.
pub type Fields = BTreeMap<&'static str, String>;

/// Whether a number may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// Every check passed.
    Ok,
    /// A check that official numbers are known to break has failed; a supervisor may override it with a reason.
    Warning,
    /// Not such a number.
    Error,
}

impl Verdict {
    /// The machine name: `ok`, `warning`, `error`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A number that passed every check that can refuse it, with the doubt that is left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked<T> {
    /// The proven number.
    pub value: T,
    /// The first check that failed without refusing the number.
    pub warning: Option<IdentifierFault>,
}

impl<T> Checked<T> {
    /// A number without doubt.
    pub(crate) fn sound(value: T) -> Self {
        Self { value, warning: None }
    }

    /// The number when there is no doubt, else the doubt as a refusal.
    pub fn strict(self) -> Result<T, IdentifierFault> {
        self.warning.map_or(Ok(self.value), Err)
    }
}

/// What every parsed number can do: print its one form and say what it contains.
pub trait Identifier: Display {
    /// What the number says, by machine name; empty when it says nothing.
    fn fields(&self) -> Fields;
}

impl Check {
    fn of<T: Identifier>(kind: IdentifierKind, raw: &str, parsed: Result<Checked<T>, IdentifierFault>) -> Self {
        match parsed {
            Ok(Checked { value, warning: None }) => Self {
                value: value.to_string(),
                verdict: Verdict::Ok,
                code: "ok",
                position: None,
                message: Bilingual {
                    zh: "校验通过".to_owned(),
                    en: "the number is sound".to_owned(),
                },
                fields: value.fields(),
            },
            Ok(Checked { value, warning: Some(fault) }) => Self::faulty(value.to_string(), Verdict::Warning, &fault, value.fields()),
            Err(fault) => Self::faulty(normalise(kind, raw), Verdict::Error, &fault, Fields::new()),
        }
    }

    fn faulty(value: String, verdict: Verdict, fault: &IdentifierFault, mut fields: Fields) -> Self {
        if let Some(expected) = fault.check_expected() {
            fields.insert("check_expected", expected.to_string());
        }
        Self {
            value,
            verdict,
            code: fault.code(),
            position: fault.position(),
            message: fault.message(),
            fields,
        }
    }
}

/// Leaves out the number and what it says, so that a log cannot hold them.
impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Check")
            .field("verdict", &self.verdict)
            .field("code", &self.code)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

/// Declares a number kept as its normalised text; its debug form is masked.
macro_rules! text_identifier {
    ($(#[$doc:meta])* $name:ident, $kind:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The number in its one form.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// The number as slips and lists show it.
            pub fn masked(&self) -> String {
                $crate::identifier::masked($crate::identifier::IdentifierKind::$kind, &self.0)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.masked())
            }
        }
    };
}
use text_identifier;

/// Declares the kinds once: variant, machine name, names for people.
macro_rules! identifier_kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $zh:literal, $en:literal;)*) => {
        /// The kinds of numbers that can be checked. The machine names are stable: they stand in service definitions and on the command line.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum IdentifierKind {
            $($(#[$doc])* $variant,)*
        }

        impl IdentifierKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The machine name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The name for people.
            pub fn label(self) -> Bilingual {
                let (zh, en) = match self { $(Self::$variant => ($zh, $en),)* };
                Bilingual { zh: zh.to_owned(), en: en.to_owned() }
            }
        }
    };
}

identifier_kinds! {
    /// 公民身份号码 and 港澳台居民居住证, see [`ResidentId`].
    ResidentId = "resident-id", "公民身份号码", "Resident identity number";
    /// See [`ForeignerId`].
    ForeignerId = "foreigner-id", "外国人永久居留身份证号", "Foreigner's permanent residence number";
    /// See [`CreditCode`].
    CreditCode = "uscc", "统一社会信用代码", "Unified social credit code";
    /// See [`RegistrationNo`].
    RegistrationNo = "registration-no", "工商注册号", "Business registration number";
    /// See [`FoodLicenceNo`].
    FoodLicence = "food-licence", "食品经营许可证编号", "Food business licence number";
    /// See [`PassportNo`].
    Passport = "passport", "护照号码", "Passport number";
    /// See [`ExitEntryPermitNo`].
    ExitEntryPermit = "eep", "往来港澳通行证号码", "Exit-entry permit number";
    /// See [`HomeReturnPermitNo`].
    HomeReturnPermit = "home-return", "港澳居民来往内地通行证号码", "Mainland travel permit number";
    /// See [`TaiwanPermitNo`].
    TaiwanPermit = "taiwan-permit", "台湾居民来往大陆通行证号码", "Travel permit number of Taiwan residents";
    /// See [`PermitToTaiwanNo`].
    PermitToTaiwan = "permit-to-taiwan", "往来台湾通行证号码", "Permit number for travel to Taiwan";
    /// See [`Mrz`].
    Mrz = "mrz", "机读区", "Machine-readable zone";
    /// See [`PropertyCertificateNo`].
    PropertyCertificate = "property-certificate", "不动产权证书号", "Property certificate number";
    /// See [`PropertyUnitNo`].
    PropertyUnit = "property-unit", "不动产单元号", "Property unit number";
    /// See [`CaseNo`].
    CaseNo = "case-no", "收件编号", "Case number";
    /// See [`MatterCode`].
    MatterCode = "matter-code", "事项编码", "Matter code";
    /// See [`QueueTicket`].
    Ticket = "ticket", "排队号", "Queue ticket";
    /// See [`PickupCode`].
    PickupCode = "pickup-code", "领件码", "Pick-up code";
    /// See [`DocumentNo`].
    DocumentNo = "document-no", "文书编号", "Document number";
    /// See [`Mobile`].
    Mobile = "mobile", "手机号码", "Mobile number";
    /// See [`Landline`].
    Landline = "landline", "固定电话", "Land line";
    /// See [`Postcode`].
    Postcode = "postcode", "邮政编码", "Postcode";
    /// See [`BirthCertificateNo`].
    BirthCertificate = "birth-certificate", "出生医学证明编号", "Birth certificate number";
    /// See [`MarriageCertificateNo`].
    MarriageCertificate = "marriage-certificate", "结婚（离婚）证字号", "Marriage or divorce certificate number";
    /// See [`SocialCardNo`].
    SocialCard = "social-card", "社会保障卡卡号", "Social security card number";
    /// See [`BankCardNo`].
    BankCard = "bank-card", "银行卡号", "Bank card number";
    /// See [`ProjectCode`].
    ProjectCode = "project-code", "投资项目代码", "Investment project code";
    /// See [`VatInvoiceNo`].
    VatInvoice = "vat-invoice", "增值税发票号码", "VAT invoice number";
    /// See [`FiscalReceiptNo`].
    FiscalReceipt = "fiscal-receipt", "财政（医疗）电子票据号", "Fiscal receipt number";
    /// See [`EntertainmentLicenceNo`].
    EntertainmentLicence = "entertainment-licence", "娱乐经营许可证号", "Entertainment licence number";
}

impl Display for IdentifierKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is none of [`IdentifierKind::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such kind of number")]
pub struct UnknownIdentifierKind;

impl FromStr for IdentifierKind {
    type Err = UnknownIdentifierKind;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name).ok_or(UnknownIdentifierKind)
    }
}

/// Adds what a region code says to the fields of a number.
fn describe_region(fields: &mut Fields, code: RegionCode) {
    fields.insert("region_code", code.to_string());
    if let Some(name) = code.full_name() {
        fields.insert("region_name", name.zh);
        fields.insert("region_name_en", name.en);
    }
    if let Some(region) = code.find_region() {
        fields.insert("region_status", if region.current { "current" } else { "historic" }.to_owned());
    }
}
