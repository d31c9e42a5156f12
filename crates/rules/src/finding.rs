//! Findings: facts about the papers and the form, each with what is wrong and what to do. Absent on purpose: colours, order on screen, languages other than two.

use onewindow_case::event::DeficiencyItem;
use onewindow_case::ids::{FieldKey, MaterialKey, PageId};
use onewindow_case::text::Bilingual;
use onewindow_catalogue::{Override, RuleSeverity};

use crate::facts::OverrideFact;

/// One fact about the case that somebody should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable code, such as `paper.missing` or `rule.mother-age`.
    pub code: String,
    /// How grave it is.
    pub severity: Severity,
    /// The paper concerned.
    pub material: Option<MaterialKey>,
    /// The page concerned.
    pub page: Option<PageId>,
    /// The field concerned.
    pub field: Option<FieldKey>,
    /// Paper, field or question concerned, by its name.
    pub subject: Bilingual,
    /// What is wrong.
    pub what: Bilingual,
    /// What to do.
    pub remedy: Bilingual,
    /// One sentence for the applicant, where the catalogue has its own; see [`Finding::told_to_applicant`].
    pub tell: Option<Bilingual>,
    /// Law, list or standard behind it.
    pub source: Option<Bilingual>,
    /// Who may let the case pass all the same.
    pub override_by: Override,
    /// It was let pass.
    pub overridden: bool,
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Keeps the case from being accepted.
    Error,
    /// A person should look at it.
    Warning,
    /// To know.
    Note,
}

impl Severity {
    /// `error`, `warning`, `note`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

impl From<RuleSeverity> for Severity {
    fn from(severity: RuleSeverity) -> Self {
        match severity {
            RuleSeverity::Error => Self::Error,
            RuleSeverity::Warning => Self::Warning,
            RuleSeverity::Note => Self::Note,
        }
    }
}

impl Finding {
    /// True when somebody may let the case pass all the same.
    pub fn overridable(&self) -> bool {
        self.override_by != Override::Never
    }

    /// True when the case cannot be accepted because of it.
    pub fn blocks(&self) -> bool {
        self.severity == Severity::Error && !self.overridden
    }

    /// The finding as one sentence for the applicant: the catalogue's own, else subject, what is wrong and what to do.
    pub fn told_to_applicant(&self) -> Bilingual {
        if let Some(tell) = &self.tell {
            return tell.clone();
        }
        let Bilingual { zh: what_zh, en: what_en } = &self.what;
        Bilingual::new(
            format!("您的{}：{what_zh}；{}。", self.subject.zh, self.remedy.zh.trim_end_matches('。')),
            format!("Your {}: {what_en}; {}.", self.subject.en, self.remedy.en.trim_end_matches('.')),
        )
    }

    pub(crate) fn error(code: &str, what: Bilingual, remedy: Bilingual) -> Self {
        Self {
            code: code.to_owned(),
            severity: Severity::Error,
            material: None,
            page: None,
            field: None,
            subject: Bilingual::default(),
            what,
            remedy,
            tell: None,
            source: None,
            override_by: Override::Never,
            overridden: false,
        }
    }

    pub(crate) fn warning(code: &str, what: Bilingual, remedy: Bilingual) -> Self {
        Self {
            severity: Severity::Warning,
            override_by: Override::Reason,
            ..Self::error(code, what, remedy)
        }
    }

    pub(crate) fn note(code: &str, what: Bilingual, remedy: Bilingual) -> Self {
        Self {
            severity: Severity::Note,
            override_by: Override::Reason,
            ..Self::error(code, what, remedy)
        }
    }

    pub(crate) fn deficiency(&self) -> DeficiencyItem {
        DeficiencyItem {
            subject_zh: self.subject.zh.clone(),
            subject_en: self.subject.en.clone(),
            problem_zh: self.what.zh.clone(),
            problem_en: self.what.en.clone(),
            remedy_zh: self.remedy.zh.clone(),
            remedy_en: self.remedy.en.clone(),
        }
    }
}

/// Findings as they are made; overrides are applied at once.
pub(crate) struct Findings<'a> {
    overrides: &'a [OverrideFact],
    list: Vec<Finding>,
}

/// Most findings kept of one case. Far more than any honest case has.
const FINDINGS_MAX: usize = 2_000;

impl<'a> Findings<'a> {
    pub fn new(overrides: &'a [OverrideFact]) -> Self {
        Self { overrides, list: Vec::new() }
    }

    pub fn push(&mut self, mut finding: Finding) {
        let let_pass = |entry: &OverrideFact| entry.code == finding.code && entry.material == finding.material && entry.field == finding.field;
        finding.overridden = finding.overridable() && self.overrides.iter().any(let_pass);
        if self.list.len() < FINDINGS_MAX {
            self.list.push(finding);
        }
    }

    pub fn into_sorted(mut self) -> Vec<Finding> {
        self.list.sort_by_key(|finding| finding.severity);
        self.list
    }
}
