//! Service definitions: bundles, matters, papers, guided questions, form fields, rules; how they are loaded, checked, asked and searched.
//!
//! The data live in `assets/catalogue/` as YAML. Loading compiles every condition (CEL, [`expression`]) and checks every
//! reference, so a [`Catalogue`] in hand is free of dangling names, cycles and missing languages; what is wrong comes back as
//! [`CatalogueFault`]s that name file, line, field and the way to mend it.
//!
//! Absent on purpose: the judgement of papers (crate `rules`), the arithmetic of working days (crate `case`), any network.

pub mod bundle;
pub mod catalogue;
pub mod expression;
pub mod fault;
pub mod form_schema;
pub mod guidance;
pub mod guide;
pub mod limit;
pub mod names;
pub mod release;
pub mod schema;
pub mod search;
pub mod shelf;

mod built_in;
mod check;
mod compile;
mod compile_bundle;
mod dates;
mod distance;
mod letters;
mod pinyin_match;
mod source;
mod typing;
mod words;

pub use bundle::{
    AfterReform, ApplicantKind, Bundle, Choice, Consent, Department, FieldDef, FieldGroup, FieldKind, FieldOrigin, Figures, IdentityReads, MaterialDef,
    MatterDef, MatterKind, Override, Paper, Question, QuestionKind, ReadDef, ReadKind, Refusal, RefusalOutcome, ResultDef, ResultDelivery, RuleDef,
    RuleSeverity, ScanDemands,
};
pub use catalogue::{Catalogue, CatalogueError, CatalogueSource};
pub use dates::{full_years, parse_date, plus_days, plus_months};
pub use expression::{Expression, Fact, Scope, Truth};
pub use fault::{CatalogueFault, FaultSeverity};
pub use guidance::{Answer, AnswerRefusal, Answers, ChecklistEntry, Guidance, QuestionState, QuestionStatus};
pub use limit::{Statutory, TimeLimit};
pub use names::{NameAgreement, compare_names, is_chinese_name, normalise_name, same_name};
pub use search::{Hit, Matched};
pub use shelf::{SharedBundle, Shelf};
