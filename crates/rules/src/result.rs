//! What a result of a matter says: the form's values, over them what the department adds, over both what only the office may say.
//! The centre writes it when a department has decided, a counter when it decides at the window by mandate; both write the same.
//!
//! Keys are those of a licence's lines. Absent on purpose: numbers, signatures and the look of the paper.

use onewindow_case::Case;
use onewindow_case::amount::capital_words;
use onewindow_case::ids::{FieldKey, QuestionId};
use onewindow_catalogue::{Bundle, MatterDef, QuestionKind, plus_days, plus_months};
use time::Date;

/// A line of a result: key and value.
pub type ResultLine = (String, String);

/// Lines in the order in which they stand on a licence.
const ORDER: [&str; 24] = [
    "number",
    "name",
    "holder_code",
    "kind",
    "legal_representative",
    "scope",
    "items",
    "capital",
    "founded",
    "domicile",
    "address",
    "area",
    "guests",
    "landlord",
    "tenant",
    "property_number",
    "purpose",
    "rent",
    "term_from",
    "term_to",
    "valid_from",
    "valid_to",
    "authority",
    "issued",
];
/// Lines that only the office may write.
const OFFICE_LINES: [&str; 6] = ["number", "valid_from", "valid_to", "authority", "issued", "duplicate_number"];
/// Form fields and the line they become.
const FORM_LINES: [(&str, &str); 12] = [
    ("enterprise_name", "name"),
    ("shop_name", "name"),
    ("operator_name", "legal_representative"),
    ("legal_rep_name", "legal_representative"),
    ("business_scope", "scope"),
    ("address", "address"),
    ("guests", "guests"),
    ("landlord_name", "landlord"),
    ("tenant_name", "tenant"),
    ("property_cert_no", "property_number"),
    ("start_date", "term_from"),
    ("end_date", "term_to"),
];

/// What the office decides about a result besides its content.
#[derive(Debug, Clone)]
pub struct Grant<'g> {
    /// Number of the licence.
    pub licence_no: &'g str,
    /// Full name of the deciding body.
    pub authority: String,
    /// Day of the decision.
    pub issued: Date,
}

impl Grant<'_> {
    /// The last day of validity, when the result has one: the day before the same day of its last month.
    pub fn valid_to(&self, matter: &MatterDef) -> Option<Date> {
        let months = i64::from(matter.result.valid_months?);
        plus_days(plus_months(self.issued, months)?, -1)
    }

    /// All lines, in order.
    pub fn lines(&self, case: &Case, bundle: &Bundle, matter: &MatterDef, added: &[ResultLine]) -> Vec<ResultLine> {
        let mut lines = form_lines(case, bundle);
        for (key, value) in added.iter().filter(|(key, _)| !OFFICE_LINES.contains(&key.as_str())) {
            set(&mut lines, key, value.clone());
        }
        if matter.result.id == "business_licence" {
            set(&mut lines, "founded", self.issued.to_string());
        }
        set(&mut lines, "number", self.licence_no.to_owned());
        set(&mut lines, "authority", self.authority.clone());
        set(&mut lines, "issued", self.issued.to_string());
        set(&mut lines, "duplicate_number", "1-1".to_owned());
        if let Some(last) = self.valid_to(matter) {
            set(&mut lines, "valid_from", self.issued.to_string());
            set(&mut lines, "valid_to", last.to_string());
        }
        let place = |line: &ResultLine| ORDER.iter().position(|key| *key == line.0).unwrap_or(ORDER.len());
        lines.retain(|(_, value)| !value.is_empty());
        lines.sort_by_key(place);
        lines
    }
}

/// The value of a line, empty when it is not there.
pub fn value_of<'l>(lines: &'l [ResultLine], key: &str) -> &'l str {
    lines.iter().find(|line| line.0 == key).map_or("", |line| &line.1)
}

fn form_lines(case: &Case, bundle: &Bundle) -> Vec<ResultLine> {
    let field = |key: &str| {
        case.fields
            .get(&FieldKey::new(key))
            .map(|field| field.value.clone())
            .filter(|value| !value.is_empty())
    };
    let mut lines = Vec::new();
    let applicant = case.applicant.as_ref().map(|applicant| applicant.name.clone());
    set(&mut lines, "name", applicant.unwrap_or_default());
    for (key, line) in FORM_LINES {
        if let Some(value) = field(key) {
            set(&mut lines, line, value);
        }
    }
    if let Some(amount) = field("registered_capital") {
        set(&mut lines, "capital", capital_words(&amount).unwrap_or(amount));
    }
    if let Some(area) = field("use_area_m2").or_else(|| field("area_m2")) {
        set(&mut lines, "area", format!("{area}平方米"));
    }
    if let Some(rent) = field("rent_monthly") {
        set(&mut lines, "rent", format!("人民币{rent}元/月"));
    }
    set(&mut lines, "kind", chosen(case, bundle, "legal_form").unwrap_or_default());
    set(&mut lines, "purpose", chosen(case, bundle, "use").unwrap_or_default());
    lines
}

/// What was answered at the counter, in the catalogue's words.
fn chosen(case: &Case, bundle: &Bundle, question: &str) -> Option<String> {
    let question = QuestionId::new(question);
    let answer = case.answers.get(&question)?;
    match &bundle.find_question(&question)?.kind {
        QuestionKind::Choice(choices) => choices.iter().find(|choice| &choice.id == answer).map(|choice| choice.name.zh.clone()),
        QuestionKind::Many(_) | QuestionKind::Number { .. } => None,
    }
}

fn set(lines: &mut Vec<ResultLine>, key: &str, value: String) {
    match lines.iter_mut().find(|line| line.0 == key) {
        Some(line) => line.1 = value,
        None => lines.push((key.to_owned(), value)),
    }
}
