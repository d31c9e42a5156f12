//! Findings for the window: what blocks, what may follow, what to look at; errors first.

use onewindow_case::Case;
use onewindow_case::ids::FieldKey;
use onewindow_catalogue::{Bundle, Override};
use onewindow_ipc::case_view::{FindingView, Severity};
use onewindow_rules::{Assessment, Finding, Severity as RuleSeverity};

/// Names a finding within its case: code, paper, page and field.
pub(crate) fn finding_id(finding: &Finding) -> String {
    let part = |text: Option<String>| text.unwrap_or_default();
    format!(
        "{}|{}|{}|{}",
        finding.code,
        part(finding.material.as_ref().map(ToString::to_string)),
        part(finding.page.map(|page| page.to_string())),
        part(finding.field.as_ref().map(ToString::to_string))
    )
}

/// All findings.
pub(super) fn all(case: &Case, bundle: &Bundle, check: &Assessment) -> Vec<FindingView> {
    check.findings.iter().map(|finding| view(case, bundle, finding)).collect()
}

/// The first finding about a field.
pub(super) fn of_field(case: &Case, bundle: &Bundle, check: &Assessment, field: &FieldKey) -> Option<FindingView> {
    check
        .findings
        .iter()
        .find(|finding| finding.field.as_ref() == Some(field))
        .map(|finding| view(case, bundle, finding))
}

pub(super) fn view(case: &Case, bundle: &Bundle, finding: &Finding) -> FindingView {
    let pass = case
        .overrides
        .iter()
        .rev()
        .find(|pass| pass.code == finding.code && pass.material == finding.material && pass.field == finding.field);
    let tolerable = finding
        .material
        .as_ref()
        .and_then(|key| bundle.find_material(key))
        .is_some_and(|material| material.tolerance);
    FindingView {
        id: finding_id(finding),
        code: finding.code.clone(),
        severity: match finding.severity {
            RuleSeverity::Error => Severity::Error,
            RuleSeverity::Warning => Severity::Warning,
            RuleSeverity::Note => Severity::Note,
        },
        material: finding.material.as_ref().map(ToString::to_string),
        page_id: finding.page.map(|page| page.to_string()),
        field: finding.field.as_ref().map(ToString::to_string),
        subject: (&finding.subject).into(),
        what: (&finding.what).into(),
        remedy: (&finding.remedy).into(),
        tell: finding.told_to_applicant().into(),
        basis: finding.source.as_ref().map(|source| source.zh.clone()),
        overridable: finding.overridable() && !finding.overridden,
        second_person: finding.override_by == Override::SecondPerson,
        overridden: finding.overridden.then(|| pass.map(|pass| pass.reason.clone()).unwrap_or_default()),
        tolerable,
    }
}
