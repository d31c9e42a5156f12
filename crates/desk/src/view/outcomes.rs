//! The five outcomes for the window: the possible ones, and for the others the reason why not.

use onewindow_case::Case;
use onewindow_case::decide::Completeness;
use onewindow_case::state::CaseState;
use onewindow_catalogue::{Bundle, RefusalOutcome};
use onewindow_ipc::Words;
use onewindow_ipc::case_view::{OutcomeKind, OutcomeView, ReasonView};
use onewindow_rules::Assessment;

use crate::desk::Desk;
use crate::outcome::{documents_of, refusals};

/// Outcomes in the order of their keys.
pub(super) fn all(desk: &Desk, case: &Case, bundle: &Bundle, check: &Assessment) -> Vec<OutcomeView> {
    let open = case.is_editable() && case.applicant.is_some();
    let conditional = case.state_at_counter() == CaseState::AcceptedConditional;
    let refused = !check.refusals.is_empty();
    let complete = check.completeness == Completeness::Complete;
    let tolerable = match &check.completeness {
        Completeness::TolerableMissing(papers) => papers.len(),
        Completeness::Complete | Completeness::Incomplete(_) => 0,
    };
    let told = check.deficiencies().len();
    let why_not = |otherwise: Words| if open { otherwise } else { closed_words(case) };
    let outcome = |kind, label: Words, possible: bool, proposed: bool, note: Words, state| OutcomeView {
        kind,
        label,
        possible: possible && open,
        proposed: proposed && possible && open,
        note: why_not(note),
        reasons: Vec::new(),
        prints: documents_of(state).iter().map(|kind| desk.title(*kind)).collect(),
    };
    let mut refuse = outcome(
        OutcomeKind::Refuse,
        Words::new("不予受理", "Refuse"),
        !conditional,
        refused,
        Words::new("须选理由", "choose a reason"),
        CaseState::Rejected,
    );
    refuse.reasons = refusals(bundle)
        .map(|refusal| ReasonView {
            reason: refusal.id.clone(),
            words: (&refusal.reason).into(),
            basis: refusal.law.zh.clone(),
            right_body: refusal.body.as_ref().map(Into::into),
        })
        .collect();
    let not_required = check.refusals.iter().any(|refusal| refusal.outcome == RefusalOutcome::NotRequired);
    vec![
        outcome(
            OutcomeKind::Accept,
            Words::new("受理", "Accept"),
            complete,
            complete,
            accept_note(check),
            CaseState::Accepted,
        ),
        outcome(
            OutcomeKind::AcceptConditional,
            Words::new("容缺受理", "Accept, papers to follow"),
            tolerable > 0 && !conditional,
            tolerable > 0,
            tolerable_note(check, tolerable),
            CaseState::AcceptedConditional,
        ),
        outcome(
            OutcomeKind::Supplement,
            Words::new("补正告知", "Supplement notice"),
            told > 0 && !conditional && !refused,
            told > 0 && tolerable == 0 && !refused,
            if told > 0 {
                Words::new(format!("{told} 处一次告知"), format!("{told} points, told at once"))
            } else {
                Words::new("没有要告知的", "nothing to tell")
            },
            CaseState::Supplement,
        ),
        refuse,
        outcome(
            OutcomeKind::NotRequired,
            Words::new("无需许可", "No licence needed"),
            !conditional,
            not_required,
            Words::new("须写依据", "give the basis"),
            CaseState::NotRequired,
        ),
    ]
}

fn accept_note(check: &Assessment) -> Words {
    match &check.completeness {
        Completeness::Complete => Words::new("材料齐全", "everything is there"),
        Completeness::TolerableMissing(papers) => Words::new(format!("还缺 {} 份可容缺材料", papers.len()), format!("{} papers may follow", papers.len())),
        Completeness::Incomplete(count) => Words::new(format!("还有 {count} 处不符"), format!("{count} points are open")),
    }
}

fn tolerable_note(check: &Assessment, tolerable: usize) -> Words {
    match &check.completeness {
        Completeness::TolerableMissing(_) => Words::new(format!("{tolerable} 份可后补"), format!("{tolerable} papers follow later")),
        Completeness::Complete => Words::new("没有缺的材料", "nothing is missing"),
        Completeness::Incomplete(_) => Words::new("主要材料不齐", "main papers are missing"),
    }
}

fn closed_words(case: &Case) -> Words {
    if case.applicant.is_none() {
        Words::new("还没有申请人", "no applicant yet")
    } else {
        Words::new("本件已有处理结果", "the case is decided at the counter")
    }
}
