//! The catalogue's files as they are written: one structure for each kind of file, with the place of every value that can be wrong.
//!
//! Absent on purpose: meaning. References and conditions are still text here; `compile` gives them sense.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::schema::{
    AnswerText, ApplicantPart, ApplicantWord, DeliveryWord, DispositionWord, FieldWord, LimitText, MatterWord, OfficialCodeText, OverrideWord, ReadWord,
    RefusalWord, SeverityWord,
};

/// Text with its place.
pub(crate) type At = Spanned<String>;
/// Both languages, with the place of the pair.
pub(crate) type Words = Spanned<RawWords>;

/// A pair of texts; a missing one is reported, not refused by the parser.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawWords {
    pub zh: Option<String>,
    pub en: Option<String>,
}

/// `catalogue.yaml`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawCatalogue {
    #[schemars(with = "u32")]
    pub format: Spanned<u32>,
    #[schemars(with = "String")]
    pub version: At,
    #[schemars(with = "String")]
    pub effective: At,
    #[schemars(with = "RawWords")]
    pub name: Words,
    pub supplement_wd: u32,
    pub tolerance_wd: u32,
    #[schemars(with = "Vec<String>")]
    pub bundles: Vec<At>,
}

/// `departments.yaml`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDepartments {
    pub departments: BTreeMap<String, RawDepartment>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDepartment {
    #[schemars(with = "RawWords")]
    pub name: Words,
    #[schemars(with = "RawWords")]
    pub short: Words,
}

/// `data-sources.yaml`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDataSources {
    pub sources: BTreeMap<String, RawDataSource>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDataSource {
    #[schemars(with = "RawWords")]
    pub name: Words,
    #[schemars(with = "String")]
    pub owner: At,
}

/// `materials.yaml`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawMaterials {
    pub materials: BTreeMap<String, RawPaper>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPaper {
    #[schemars(with = "RawWords")]
    pub name: Words,
    #[schemars(with = "u32")]
    pub pages: Spanned<u32>,
    #[serde(default)]
    pub pages_max: Option<u32>,
    #[serde(default)]
    pub original: bool,
    #[serde(default)]
    pub made_by_counter: bool,
    #[serde(default)]
    pub paper_only: bool,
    #[serde(default)]
    pub electronic: bool,
    #[serde(default)]
    #[schemars(with = "Option<RawWords>")]
    pub spec: Option<Words>,
    #[serde(default)]
    pub reads: Vec<RawRead>,
    #[serde(default)]
    pub identity: Option<RawIdentity>,
    #[serde(default)]
    pub scan: Option<RawScan>,
}

/// What a scan of the paper must have; a paper without it is judged by its kind.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawScan {
    /// Width and height as it lies to be read, millimetres.
    #[serde(default)]
    pub size_mm: Option<[f32; 2]>,
    /// Another size that it comes in, millimetres.
    #[serde(default)]
    pub other_size_mm: Option<[f32; 2]>,
    /// Lowest resolution in effect, dots an inch.
    #[serde(default)]
    pub dpi_min: Option<f32>,
    /// Edges wider than this on the paper are out of focus, millimetres.
    #[serde(default)]
    pub blur_max_mm: Option<f32>,
    /// Largest share of the page that a lamp's reflection may hide.
    #[serde(default)]
    pub glare_max: Option<f32>,
    /// Paper darker than this on the scan is too dark, levels of 255.
    #[serde(default)]
    pub brightness_min: Option<f32>,
    /// A red seal belongs on it.
    #[serde(default)]
    pub sealed: bool,
    /// So many of its pages may be empty and count all the same.
    #[serde(default)]
    pub blank_pages_max: u32,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRead {
    #[schemars(with = "String")]
    pub key: At,
    #[schemars(with = "RawWords")]
    pub name: Words,
    #[schemars(with = "ReadWord")]
    pub kind: At,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawIdentity {
    #[schemars(with = "String")]
    pub number: At,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub sex: Option<At>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub birth_date: Option<At>,
}

/// `refusals.yaml`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRefusals {
    pub refusals: Vec<RawRefusal>,
}

/// `bundles/<id>.yaml`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawBundle {
    #[schemars(with = "u32")]
    pub format: Spanned<u32>,
    #[schemars(with = "String")]
    pub id: At,
    #[schemars(with = "RawWords")]
    pub name: Words,
    #[schemars(with = "RawWords")]
    pub summary: Words,
    pub theme: String,
    #[schemars(with = "ApplicantWord")]
    pub applicant: At,
    pub words: Vec<String>,
    pub figures: RawFigures,
    pub matters: Vec<RawMatter>,
    pub guidance: Vec<RawQuestion>,
    pub materials: Vec<RawMaterial>,
    pub groups: Vec<RawGroup>,
    pub fields: Vec<RawField>,
    #[serde(default)]
    pub consents: Vec<RawConsent>,
    #[serde(default)]
    pub rules: Vec<RawRule>,
    #[serde(default)]
    pub refusals: Vec<RawRefusal>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawFigures {
    pub before: RawSide,
    pub after: RawSide,
    #[schemars(with = "BTreeMap<String, AnswerText>")]
    pub usual: BTreeMap<String, At>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSide {
    #[schemars(with = "u32")]
    pub materials: Spanned<u32>,
    #[schemars(with = "RawWords")]
    pub time: Words,
    #[schemars(with = "RawWords")]
    pub visits: Words,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawMatter {
    #[schemars(with = "String")]
    pub id: At,
    #[schemars(with = "RawWords")]
    pub name: Words,
    #[schemars(with = "String")]
    pub department: At,
    #[schemars(with = "MatterWord")]
    pub kind: At,
    #[serde(default)]
    #[schemars(with = "OfficialCodeText")]
    pub official_code: Option<At>,
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub after: Vec<At>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub when: Option<At>,
    #[serde(default)]
    #[schemars(with = "LimitText")]
    pub promised: Option<At>,
    #[serde(default = "yes")]
    pub counted: bool,
    #[serde(default)]
    pub statutory: Option<RawStatutory>,
    #[serde(default)]
    #[schemars(with = "Option<RawWords>")]
    pub fee: Option<Words>,
    pub result: RawResult,
    #[serde(default)]
    pub mandate: bool,
    #[serde(default)]
    pub stage: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawStatutory {
    #[serde(default)]
    #[schemars(with = "Option<LimitText>")]
    pub limit: Option<At>,
    #[schemars(with = "RawWords")]
    pub basis: Words,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawResult {
    #[schemars(with = "String")]
    pub id: At,
    #[schemars(with = "RawWords")]
    pub name: Words,
    #[schemars(with = "DeliveryWord")]
    pub delivery: At,
    #[serde(default)]
    pub valid_months: Option<u32>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawQuestion {
    #[schemars(with = "String")]
    pub id: At,
    #[schemars(with = "RawWords")]
    pub text: Words,
    #[serde(default)]
    #[schemars(with = "Option<RawWords>")]
    pub hint: Option<Words>,
    #[serde(default)]
    pub options: Vec<RawChoice>,
    #[serde(default)]
    pub many: bool,
    #[serde(default)]
    pub number: Option<RawNumber>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub ask_when: Option<At>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub known: Option<At>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawChoice {
    #[schemars(with = "String")]
    pub id: At,
    pub zh: Option<String>,
    pub en: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawNumber {
    pub min: i64,
    pub max: i64,
    #[serde(default)]
    #[schemars(with = "Option<RawWords>")]
    pub unit: Option<Words>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawMaterial {
    #[schemars(with = "String")]
    pub key: At,
    #[schemars(with = "String")]
    pub material: At,
    #[serde(default)]
    #[schemars(with = "Option<RawWords>")]
    pub role: Option<Words>,
    #[serde(default)]
    pub roles: Vec<RawRole>,
    #[serde(rename = "for")]
    #[schemars(with = "Vec<String>")]
    pub for_matters: Vec<At>,
    #[serde(default)]
    pub copies_before: u32,
    #[schemars(with = "DispositionWord")]
    pub after: At,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub source: Option<At>,
    #[serde(default)]
    pub cases: Vec<RawCase>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub when: Option<At>,
    #[serde(default)]
    pub tolerance: bool,
    #[schemars(with = "RawWords")]
    pub why: Words,
    #[serde(default)]
    #[schemars(with = "Option<RawWords>")]
    pub instead: Option<Words>,
    #[serde(default)]
    #[schemars(with = "Option<RawWords>")]
    pub remedy: Option<Words>,
    #[serde(default)]
    #[schemars(with = "Option<RawWords>")]
    pub basis: Option<Words>,
    #[serde(default)]
    pub pages: Option<u32>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRole {
    #[schemars(with = "String")]
    pub when: At,
    #[schemars(with = "RawWords")]
    pub name: Words,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawCase {
    #[schemars(with = "String")]
    pub when: At,
    #[schemars(with = "DispositionWord")]
    pub after: At,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub source: Option<At>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawGroup {
    #[schemars(with = "String")]
    pub id: At,
    #[schemars(with = "RawWords")]
    pub name: Words,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub repeat: Option<At>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawField {
    #[schemars(with = "String")]
    pub key: At,
    #[schemars(with = "RawWords")]
    pub name: Words,
    #[schemars(with = "String")]
    pub group: At,
    #[schemars(with = "FieldWord")]
    pub kind: At,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub required_when: Option<At>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub when: Option<At>,
    #[serde(default)]
    pub from: Vec<RawOrigin>,
    #[serde(default)]
    pub sensitive: bool,
    #[serde(default)]
    #[schemars(with = "Option<RawWords>")]
    pub hint: Option<Words>,
    #[serde(default)]
    pub options: Vec<RawChoice>,
    #[serde(default)]
    pub min: Option<i64>,
    #[serde(default)]
    pub max: Option<i64>,
    #[serde(default)]
    #[schemars(with = "Option<RawWords>")]
    pub unit: Option<Words>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawOrigin {
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub paper: Option<At>,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub read: Option<At>,
    #[serde(default)]
    #[schemars(with = "Option<ApplicantPart>")]
    pub applicant: Option<At>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawConsent {
    #[schemars(with = "String")]
    pub id: At,
    #[schemars(with = "RawWords")]
    pub text: Words,
    #[schemars(with = "RawWords")]
    pub by: Words,
    #[schemars(with = "RawWords")]
    pub source: Words,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub when: Option<At>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRule {
    #[schemars(with = "String")]
    pub id: At,
    #[schemars(with = "SeverityWord")]
    pub severity: At,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub when: Option<At>,
    #[schemars(with = "String")]
    pub holds: At,
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub fields: Vec<At>,
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub materials: Vec<At>,
    #[schemars(with = "RawWords")]
    pub what: Words,
    #[schemars(with = "RawWords")]
    pub remedy: Words,
    #[serde(default)]
    #[schemars(with = "Option<RawWords>")]
    pub tell: Option<Words>,
    #[serde(default)]
    #[schemars(with = "Option<RawWords>")]
    pub source: Option<Words>,
    #[serde(default, rename = "override")]
    #[schemars(with = "Option<OverrideWord>")]
    pub override_by: Option<At>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRefusal {
    #[schemars(with = "String")]
    pub id: At,
    #[schemars(with = "RefusalWord")]
    pub outcome: At,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub when: Option<At>,
    #[schemars(with = "RawWords")]
    pub reason: Words,
    #[schemars(with = "RawWords")]
    pub law: Words,
    #[serde(default)]
    #[schemars(with = "Option<RawWords>")]
    pub body: Option<Words>,
}

fn yes() -> bool {
    true
}
