//! The closed words of the catalogue's files, each with what it means. Both the loader and the JSON Schema read these tables.

use crate::bundle::{ApplicantKind, MatterKind, Override, RefusalOutcome, ResultDelivery, RuleSeverity};

/// Who may apply.
pub(crate) const APPLICANT_KINDS: [(&str, ApplicantKind); 4] = [
    ("person", ApplicantKind::Person),
    ("person_with_agent", ApplicantKind::PersonWithAgent),
    ("enterprise", ApplicantKind::Enterprise),
    ("individual_business", ApplicantKind::IndividualBusiness),
];

/// Kinds of administrative act.
pub(crate) const MATTER_KINDS: [(&str, MatterKind); 6] = [
    ("licence", MatterKind::Licence),
    ("confirmation", MatterKind::Confirmation),
    ("payment", MatterKind::Payment),
    ("filing", MatterKind::Filing),
    ("service", MatterKind::Service),
    ("internal", MatterKind::Internal),
];

/// Ways of a result to the applicant.
pub(crate) const DELIVERIES: [(&str, ResultDelivery); 5] = [
    ("counter", ResultDelivery::CounterPrint),
    ("pickup", ResultDelivery::Pickup),
    ("post", ResultDelivery::Post),
    ("electronic", ResultDelivery::Electronic),
    ("none", ResultDelivery::None),
];

/// How grave a broken rule is.
pub(crate) const SEVERITIES: [(&str, RuleSeverity); 3] = [("error", RuleSeverity::Error), ("warning", RuleSeverity::Warning), ("note", RuleSeverity::Note)];

/// Who may let a case pass all the same.
pub(crate) const OVERRIDES: [(&str, Override); 3] = [
    ("never", Override::Never),
    ("reason", Override::Reason),
    ("second_person", Override::SecondPerson),
];

/// What follows from a reason for refusal.
pub(crate) const REFUSAL_OUTCOMES: [(&str, RefusalOutcome); 3] = [
    ("rejected", RefusalOutcome::Rejected),
    ("not_required", RefusalOutcome::NotRequired),
    ("elsewhere", RefusalOutcome::Elsewhere),
];

/// What happens to a paper after the reform; `shared` also names its source.
pub(crate) const DISPOSITIONS: [&str; 6] = ["required", "form", "shared", "commitment", "internal", "waived"];

/// Kinds of form fields besides the numbers with a check rule.
pub(crate) const FIELD_KINDS: [&str; 10] = ["text", "name", "date", "datetime", "integer", "money", "choice", "phone", "address", "yes-no"];

/// Kinds of values read from papers besides the numbers with a check rule.
pub(crate) const READ_KINDS: [&str; 5] = ["text", "name", "sex", "date", "valid-until"];

/// Parts of the applicant's data that a field may take over.
pub(crate) const APPLICANT_PARTS: [&str; 3] = ["name", "id_number", "phone"];
