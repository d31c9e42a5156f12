//! The catalogue's files as they are written: one structure for each kind of file, with the place of every value that can be wrong.
//!
//! Absent on purpose: meaning. References and conditions are still text here; `compile` gives them sense.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_saphyr::Spanned;

/// Text with its place.
pub(crate) type At = Spanned<String>;
/// Both languages, with the place of the pair.
pub(crate) type Words = Spanned<RawWords>;

/// A pair of texts; a missing one is reported, not refused by the parser.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawWords {
    pub zh: Option<String>,
    pub en: Option<String>,
}

/// `catalogue.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawCatalogue {
    pub format: Spanned<u32>,
    pub version: At,
    pub effective: At,
    pub name: Words,
    pub supplement_wd: u32,
    pub tolerance_wd: u32,
    pub bundles: Vec<At>,
}

/// `departments.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDepartments {
    pub departments: BTreeMap<String, RawDepartment>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDepartment {
    pub name: Words,
    pub short: Words,
}

/// `data-sources.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDataSources {
    pub sources: BTreeMap<String, RawDataSource>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawDataSource {
    pub name: Words,
    pub owner: At,
}

/// `materials.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawMaterials {
    pub materials: BTreeMap<String, RawPaper>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawPaper {
    pub name: Words,
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
    pub spec: Option<Words>,
    #[serde(default)]
    pub reads: Vec<RawRead>,
    #[serde(default)]
    pub identity: Option<RawIdentity>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRead {
    pub key: At,
    pub name: Words,
    pub kind: At,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawIdentity {
    pub number: At,
    #[serde(default)]
    pub sex: Option<At>,
    #[serde(default)]
    pub birth_date: Option<At>,
}

/// `refusals.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRefusals {
    pub refusals: Vec<RawRefusal>,
}

/// `bundles/<id>.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawBundle {
    pub format: Spanned<u32>,
    pub id: At,
    pub name: Words,
    pub summary: Words,
    pub theme: String,
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

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawFigures {
    pub before: RawSide,
    pub after: RawSide,
    pub usual: BTreeMap<String, At>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawSide {
    pub materials: Spanned<u32>,
    pub time: Words,
    pub visits: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawMatter {
    pub id: At,
    pub name: Words,
    pub department: At,
    pub kind: At,
    #[serde(default)]
    pub after: Vec<At>,
    #[serde(default)]
    pub when: Option<At>,
    pub promised: At,
    #[serde(default = "yes")]
    pub counted: bool,
    #[serde(default)]
    pub statutory: Option<RawStatutory>,
    #[serde(default)]
    pub fee: Option<Words>,
    pub result: RawResult,
    #[serde(default)]
    pub mandate: bool,
    #[serde(default)]
    pub stage: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawStatutory {
    #[serde(default)]
    pub limit: Option<At>,
    pub basis: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawResult {
    pub id: At,
    pub name: Words,
    pub delivery: At,
    #[serde(default)]
    pub valid_months: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawQuestion {
    pub id: At,
    pub text: Words,
    #[serde(default)]
    pub hint: Option<Words>,
    #[serde(default)]
    pub options: Vec<RawChoice>,
    #[serde(default)]
    pub many: bool,
    #[serde(default)]
    pub number: Option<RawNumber>,
    #[serde(default)]
    pub ask_when: Option<At>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawChoice {
    pub id: At,
    pub zh: Option<String>,
    pub en: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawNumber {
    pub min: i64,
    pub max: i64,
    #[serde(default)]
    pub unit: Option<Words>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawMaterial {
    pub key: At,
    pub material: At,
    #[serde(default)]
    pub role: Option<Words>,
    #[serde(default)]
    pub roles: Vec<RawRole>,
    #[serde(rename = "for")]
    pub for_matters: Vec<At>,
    #[serde(default)]
    pub copies_before: u32,
    pub after: At,
    #[serde(default)]
    pub source: Option<At>,
    #[serde(default)]
    pub cases: Vec<RawCase>,
    #[serde(default)]
    pub when: Option<At>,
    #[serde(default)]
    pub tolerance: bool,
    pub why: Words,
    #[serde(default)]
    pub instead: Option<Words>,
    #[serde(default)]
    pub remedy: Option<Words>,
    #[serde(default)]
    pub basis: Option<Words>,
    #[serde(default)]
    pub pages: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRole {
    pub when: At,
    pub name: Words,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawCase {
    pub when: At,
    pub after: At,
    #[serde(default)]
    pub source: Option<At>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawGroup {
    pub id: At,
    pub name: Words,
    #[serde(default)]
    pub repeat: Option<At>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawField {
    pub key: At,
    pub name: Words,
    pub group: At,
    pub kind: At,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub required_when: Option<At>,
    #[serde(default)]
    pub when: Option<At>,
    #[serde(default)]
    pub from: Vec<RawOrigin>,
    #[serde(default)]
    pub sensitive: bool,
    #[serde(default)]
    pub hint: Option<Words>,
    #[serde(default)]
    pub options: Vec<RawChoice>,
    #[serde(default)]
    pub min: Option<i64>,
    #[serde(default)]
    pub max: Option<i64>,
    #[serde(default)]
    pub unit: Option<Words>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawOrigin {
    #[serde(default)]
    pub paper: Option<At>,
    #[serde(default)]
    pub read: Option<At>,
    #[serde(default)]
    pub applicant: Option<At>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawConsent {
    pub id: At,
    pub text: Words,
    pub by: Words,
    pub source: Words,
    #[serde(default)]
    pub when: Option<At>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRule {
    pub id: At,
    pub severity: At,
    #[serde(default)]
    pub when: Option<At>,
    pub holds: At,
    #[serde(default)]
    pub fields: Vec<At>,
    #[serde(default)]
    pub materials: Vec<At>,
    pub what: Words,
    pub remedy: Words,
    #[serde(default)]
    pub source: Option<Words>,
    #[serde(default, rename = "override")]
    pub override_by: Option<At>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRefusal {
    pub id: At,
    pub outcome: At,
    #[serde(default)]
    pub when: Option<At>,
    pub reason: Words,
    pub law: Words,
    #[serde(default)]
    pub body: Option<Words>,
}

fn yes() -> bool {
    true
}
