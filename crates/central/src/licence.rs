//! What a licence says: the form's values, over them what the department adds, over both what only the office may say.
//!
//! Keys are those of [`onewindow_print::LicenceFields`]. Absent on purpose: the number (see `number`) and the look of the paper.

use onewindow_case::Case;
use onewindow_case::ids::{FieldKey, QuestionId};
use onewindow_catalogue::{Bundle, MatterDef, QuestionKind, plus_days, plus_months};
use onewindow_print::licence_code::{Day, LicenceClaims};
use onewindow_wire::feed::ContentLine;
use time::Date;

use crate::capital::capital_words;
use crate::fault::CentreFault;

/// Lines in the order in which they stand on a licence.
const ORDER: [&str; 15] = [
    "number",
    "name",
    "kind",
    "legal_representative",
    "scope",
    "capital",
    "founded",
    "address",
    "area",
    "guests",
    "valid_from",
    "valid_to",
    "authority",
    "issued",
    "duplicate_number",
];
/// Lines that only the office may write.
const OFFICE_LINES: [&str; 6] = ["number", "valid_from", "valid_to", "authority", "issued", "duplicate_number"];
/// Form fields and the line they become.
const FORM_LINES: [(&str, &str); 5] = [
    ("enterprise_name", "name"),
    ("legal_rep_name", "legal_representative"),
    ("business_scope", "scope"),
    ("address", "address"),
    ("guests", "guests"),
];
/// Most lines that a department may add.
const LINES_MAX: usize = 40;
/// Longest line, in characters.
const VALUE_MAX_CHARS: usize = 2_000;

/// What the office decides about a licence besides its number.
#[derive(Debug, Clone)]
pub(crate) struct Grant<'g> {
    pub(crate) licence_no: &'g str,
    /// Full name of the deciding body.
    pub(crate) authority: String,
    pub(crate) issued: Date,
}

impl Grant<'_> {
    /// The last day of validity, when the result has one: the day before the same day of its last month.
    pub(crate) fn valid_to(&self, matter: &MatterDef) -> Option<Date> {
        let months = i64::from(matter.result.valid_months?);
        plus_days(plus_months(self.issued, months)?, -1)
    }

    /// All lines, in order.
    pub(crate) fn lines(&self, case: &Case, bundle: &Bundle, matter: &MatterDef, added: &[ContentLine]) -> Vec<ContentLine> {
        let mut lines = form_lines(case, bundle);
        for line in added.iter().filter(|line| !OFFICE_LINES.contains(&line.key.as_str())) {
            set(&mut lines, &line.key, line.value.clone());
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
        let place = |line: &ContentLine| ORDER.iter().position(|key| *key == line.key).unwrap_or(ORDER.len());
        lines.retain(|line| !line.value.is_empty());
        lines.sort_by_key(place);
        lines
    }

    /// What the signed code states; `print_id` makes every sheet's code its own.
    pub(crate) fn claims(&self, matter: &MatterDef, holder: &str, print_id: &str) -> LicenceClaims {
        LicenceClaims {
            issuer: self.authority.clone(),
            licence_number: self.licence_no.to_owned(),
            holder: holder.to_owned(),
            kind: matter.result.id.replace('_', "-"),
            issued: Day(self.issued),
            valid_to: self.valid_to(matter).map(Day),
            copy: 0,
            print_id: print_id.to_owned(),
        }
    }
}

/// Whether what a department adds can stand on a licence.
///
/// # Errors
/// [`CentreFault::Malformed`] for too many, unnamed or too long lines.
pub(crate) fn check_lines(added: &[ContentLine]) -> Result<(), CentreFault> {
    let key = |line: &ContentLine| !line.key.is_empty() && line.key.len() <= 64 && line.key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let value = |line: &ContentLine| line.value.chars().count() <= VALUE_MAX_CHARS;
    if added.len() > LINES_MAX || !added.iter().all(|line| key(line) && value(line)) {
        return Err(CentreFault::Malformed("lines of the licence"));
    }
    Ok(())
}

/// The value of a line, empty when it is not there.
pub(crate) fn value_of<'l>(lines: &'l [ContentLine], key: &str) -> &'l str {
    lines.iter().find(|line| line.key == key).map_or("", |line| &line.value)
}

fn form_lines(case: &Case, bundle: &Bundle) -> Vec<ContentLine> {
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
    if let Some(area) = field("use_area_m2") {
        set(&mut lines, "area", format!("{area}平方米"));
    }
    set(&mut lines, "kind", legal_form(case, bundle).unwrap_or_default());
    lines
}

/// The legal form that was answered at the counter, in the catalogue's words.
fn legal_form(case: &Case, bundle: &Bundle) -> Option<String> {
    let question = QuestionId::new("legal_form");
    let answer = case.answers.get(&question)?;
    match &bundle.find_question(&question)?.kind {
        QuestionKind::Choice(choices) => choices.iter().find(|choice| &choice.id == answer).map(|choice| choice.name.zh.clone()),
        QuestionKind::Many(_) | QuestionKind::Number { .. } => None,
    }
}

fn set(lines: &mut Vec<ContentLine>, key: &str, value: String) {
    match lines.iter_mut().find(|line| line.key == key) {
        Some(line) => line.value = value,
        None => lines.push(ContentLine { key: key.to_owned(), value }),
    }
}
