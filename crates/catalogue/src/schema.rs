//! The JSON Schema of the catalogue's files, made from the structures that read them, so that an editor helps while one is written.
//!
//! Absent on purpose: what only the checker can see (references, conditions, figures); a file that fits the schema may still be faulty.

use onewindow_case::identifier::IdentifierKind;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::source::{RawBundle, RawCatalogue, RawDataSources, RawDepartments, RawMaterials, RawRefusals};
use crate::words::{
    APPLICANT_KINDS, APPLICANT_PARTS, DELIVERIES, DISPOSITIONS, FIELD_KINDS, MATTER_KINDS, OVERRIDES, READ_KINDS, REFUSAL_OUTCOMES, SEVERITIES,
};

/// Schema files by name, one for each kind of catalogue file.
pub fn files() -> Vec<(&'static str, String)> {
    vec![
        ("catalogue.schema.json", text_of::<RawCatalogue>()),
        ("departments.schema.json", text_of::<RawDepartments>()),
        ("data-sources.schema.json", text_of::<RawDataSources>()),
        ("materials.schema.json", text_of::<RawMaterials>()),
        ("refusals.schema.json", text_of::<RawRefusals>()),
        ("bundle.schema.json", text_of::<RawBundle>()),
    ]
}

fn text_of<T: JsonSchema>() -> String {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    let mut text = serde_json::to_string_pretty(&sorted(schema.to_value())).unwrap_or_default();
    text.push('\n');
    text
}

/// The same value with its keys in order: whether a map of serde_json keeps the order of insertion depends on who else is built.
fn sorted(value: serde_json::Value) -> serde_json::Value {
    match value {
        serde_json::Value::Object(map) => {
            let ordered: std::collections::BTreeMap<String, serde_json::Value> = map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            ordered.into_iter().collect()
        }
        serde_json::Value::Array(items) => items.into_iter().map(sorted).collect(),
        plain => plain,
    }
}

/// A text that is one of closed words, for the schema only.
macro_rules! word_of {
    ($($(#[$doc:meta])* $name:ident = $words:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name;

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let words: Vec<&str> = $words;
                json_schema!({ "type": "string", "enum": words })
            }
        }
    )*};
}

word_of! {
    /// Who may apply.
    ApplicantWord = APPLICANT_KINDS.map(|(word, _)| word).to_vec();
    /// Kind of act.
    MatterWord = MATTER_KINDS.map(|(word, _)| word).to_vec();
    /// Way of a result.
    DeliveryWord = DELIVERIES.map(|(word, _)| word).to_vec();
    /// Severity of a rule.
    SeverityWord = SEVERITIES.map(|(word, _)| word).to_vec();
    /// Who may override.
    OverrideWord = OVERRIDES.map(|(word, _)| word).to_vec();
    /// Outcome of a refusal.
    RefusalWord = REFUSAL_OUTCOMES.map(|(word, _)| word).to_vec();
    /// What happens to a paper.
    DispositionWord = DISPOSITIONS.to_vec();
    /// Kind of a form field.
    FieldWord = with_numbers(&FIELD_KINDS);
    /// Kind of a read.
    ReadWord = with_numbers(&READ_KINDS);
    /// Part of the applicant's data.
    ApplicantPart = APPLICANT_PARTS.to_vec();
}

/// A time limit such as `5 wd`.
pub(crate) struct LimitText;

impl JsonSchema for LimitText {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "LimitText".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^(at once|[0-9]+ (min|h|wd|cd))$" })
    }
}

/// Code of a matter in an official list (GB/T 39554.1): basic, implementation or item code.
pub(crate) struct OfficialCodeText;

impl JsonSchema for OfficialCodeText {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "OfficialCodeText".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^([0-9A-Z]{12}|[0-9A-Z]{31}|[0-9A-Z]{33})$" })
    }
}

/// A value of a usual answer: YAML may spell a number or yes without quotes.
pub(crate) struct AnswerText;

impl JsonSchema for AnswerText {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "AnswerText".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "integer"] })
    }
}

fn with_numbers(words: &[&'static str]) -> Vec<&'static str> {
    let numbers = IdentifierKind::ALL.iter().map(|kind| kind.name());
    words.iter().copied().chain(numbers).collect()
}
