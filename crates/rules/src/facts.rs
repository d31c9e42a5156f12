//! What is known of a case when it is checked. Absent on purpose: images; a page is here only what was judged and read of it.

use std::collections::{BTreeMap, BTreeSet};

use onewindow_case::event::{ApplicantKind, FieldSource, MaterialMark, QualityRemark};
use onewindow_case::ids::{FieldKey, MaterialKey, PageId};
use onewindow_catalogue::Answers;

/// All facts of one case that a check looks at.
#[derive(Debug, Clone, Default)]
pub struct CaseFacts {
    /// Answers to guided questions.
    pub answers: Answers,
    /// Who applies, when already known.
    pub applicant: Option<ApplicantFact>,
    /// Who acts for the applicant.
    pub representative: Option<RepresentativeFact>,
    /// Values of the form by key; repetition n > 1 of a field has the key `key.n`.
    pub fields: BTreeMap<FieldKey, FieldFact>,
    /// Papers by key of the checklist; only pages that count (not removed ones).
    pub papers: BTreeMap<MaterialKey, PaperFact>,
    /// The clerk's word about papers.
    pub marks: BTreeMap<MaterialKey, MaterialMark>,
    /// Consents given by id. A signed form that the counter made carries all of them.
    pub consents: BTreeSet<String>,
    /// Findings that were let pass.
    pub overrides: Vec<OverrideFact>,
}

/// Who applies.
#[derive(Debug, Clone)]
pub struct ApplicantFact {
    /// Person or organisation.
    pub kind: ApplicantKind,
    /// Name; empty when not yet known.
    pub name: String,
    /// Number of the identity paper or credit code; empty when not yet known.
    pub id_number: String,
    /// Phone; empty when not given.
    pub phone: String,
    /// Somebody speaks for the applicant.
    pub has_agent: bool,
}

/// Who acts for the applicant.
#[derive(Debug, Clone)]
pub struct RepresentativeFact {
    /// By law, for a minor; otherwise by letter of authorisation.
    pub guardian: bool,
    /// Name; empty when not yet known.
    pub name: String,
    /// Identity number; empty when not yet known.
    pub id_number: String,
    /// What proves the right to act; empty when nothing was shown.
    pub authority: String,
}

/// One value of the form.
#[derive(Debug, Clone)]
pub struct FieldFact {
    /// As typed or read.
    pub value: String,
    /// The clerk typed it or compared it with the paper.
    pub confirmed: bool,
    /// Where it comes from.
    pub source: FieldSource,
}

/// The pages of one paper.
#[derive(Debug, Clone, Default)]
pub struct PaperFact {
    /// Pages in order.
    pub pages: Vec<PageFact>,
    /// What was read on them.
    pub reads: Vec<ReadFact>,
}

/// One page.
#[derive(Debug, Clone)]
pub struct PageFact {
    /// The page.
    pub page: PageId,
    /// Whether it can be used.
    pub verdict: PageVerdict,
    /// What is wrong with it, worst first.
    pub remarks: Vec<QualityRemark>,
}

/// Whether a page can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageVerdict {
    /// As it should be.
    Usable,
    /// Kept, and not judged yet; it counts.
    Pending,
    /// A person should look at it.
    Doubtful,
    /// It does not count (blank, unreadable).
    Unusable,
}

/// One value read on a page.
#[derive(Debug, Clone)]
pub struct ReadFact {
    /// Key of the paper's `reads`, such as `resident_id`.
    pub key: String,
    /// As read, normalised.
    pub value: String,
    /// The page.
    pub page: Option<PageId>,
    /// Proven by a check digit, chip, or the clerk's eye.
    pub confirmed: bool,
}

/// A finding that was let pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverrideFact {
    /// The finding's code.
    pub code: String,
    /// Its paper.
    pub material: Option<MaterialKey>,
    /// Its field.
    pub field: Option<FieldKey>,
}
