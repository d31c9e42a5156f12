//! The visit around the papers: who acts for the applicant, what they need, what they agree to, how they found it.

use onewindow_case::decide::may_edit;
use onewindow_case::event::{Need, Rating, Representative, RepresentativeKind, VisitNote};
use onewindow_case::ids::CaseId;
use onewindow_case::state::CaseState;
use onewindow_case::{Case, CaseEvent};
use onewindow_catalogue::Bundle;
use onewindow_ipc::Words;
use onewindow_ipc::case_view::CaseView;
use onewindow_ipc::session::Role;
use onewindow_ipc::visit::{ConsentView, NeedView, RatingRequest, RatingView, RepresentativeKindView, RepresentativeView, VisitView};
use onewindow_rules::Assessment;

use crate::desk::Desk;
use crate::fault::DeskFault;
use crate::intake::clean;

/// Reasons that can be chosen with a rating, from the national list shortened to what a counter can mend.
const RATING_REASONS: &[(&str, &str, &str)] = &[
    ("attitude", "服务态度", "Attitude"),
    ("speed", "办理速度", "Speed"),
    ("once", "一次告知清楚", "Told everything at once"),
    ("papers", "材料要求", "Papers asked for"),
    ("environment", "环境设施", "Place and equipment"),
    ("other", "其他", "Something else"),
];
/// Most reasons kept with a rating.
const REASONS_MAX: usize = 6;

impl Desk {
    /// Who acts for the applicant, or nobody any more.
    ///
    /// # Errors
    /// Case not editable; a name is missing.
    pub fn set_representative(&self, id: CaseId, representative: Option<&RepresentativeView>) -> Result<CaseView, DeskFault> {
        let representative = representative.map(|view| Representative {
            kind: match view.kind {
                RepresentativeKindView::Agent => RepresentativeKind::Agent,
                RepresentativeKindView::Guardian => RepresentativeKind::Guardian,
            },
            name: clean(&view.name),
            id_number: clean(&view.id_number).to_uppercase(),
            phone: clean(&view.phone),
            authority: clean(&view.authority),
        });
        if representative.as_ref().is_some_and(|representative| representative.name.is_empty()) {
            return Err(DeskFault::ReasonMissing);
        }
        self.note_visit(id, |case| {
            may_edit(case)?;
            Ok((case.representative != representative).then(|| VisitNote::Representative(representative.clone())))
        })
    }

    /// What the applicant needs at the counter; unknown words are refused.
    ///
    /// # Errors
    /// Case unknown, a need that does not exist.
    pub fn set_needs(&self, id: CaseId, needs: &[String]) -> Result<CaseView, DeskFault> {
        let needs: Vec<Need> = needs
            .iter()
            .take(Need::ALL.len())
            .map(|word| Need::find(word).ok_or(DeskFault::Unknown { what: "need" }))
            .collect::<Result<_, _>>()?;
        self.note_visit(id, |case| Ok((case.needs != needs).then(|| VisitNote::Needs(needs.clone()))))
    }

    /// A consent of the catalogue, given by itself or taken back.
    ///
    /// # Errors
    /// Case not editable, consent unknown.
    pub fn give_consent(&self, id: CaseId, consent: &str, given: bool) -> Result<CaseView, DeskFault> {
        self.note_visit(id, |case| {
            may_edit(case)?;
            let bundle = self.get_bundle(case)?;
            bundle
                .consents
                .iter()
                .find(|known| known.id == consent)
                .ok_or(DeskFault::Unknown { what: "consent" })?;
            Ok((case.consents.contains(consent) != given).then(|| VisitNote::Consent {
                consent: consent.to_owned(),
                given,
            }))
        })
    }

    /// How satisfied the applicant is. Voluntary; after a funeral nobody is asked.
    ///
    /// # Errors
    /// Nothing was decided yet, a level or reason that does not exist, a bundle without rating.
    pub fn rate_case(&self, id: CaseId, rating: &RatingRequest) -> Result<CaseView, DeskFault> {
        let reasons = rating.reasons.iter().take(REASONS_MAX).cloned().collect::<Vec<_>>();
        let known = |word: &String| RATING_REASONS.iter().any(|(id, ..)| id == word);
        if !Rating::LEVELS.contains(&rating.level) || !reasons.iter().all(known) {
            return Err(DeskFault::Unknown { what: "rating" });
        }
        self.note_visit(id, |case| {
            let bundle = self.get_bundle(case)?;
            if !may_rate(case, &bundle) {
                return Err(DeskFault::OutcomeImpossible);
            }
            Ok(Some(VisitNote::Rated(Rating {
                level: rating.level,
                reasons,
                anonymous: rating.anonymous,
            })))
        })
    }

    pub(crate) fn visit_view(&self, case: &Case, bundle: &Bundle, check: &Assessment) -> VisitView {
        VisitView {
            representative: case.representative.as_ref().map(representative_view),
            needs: Need::ALL
                .into_iter()
                .map(|need| NeedView {
                    need: need.code().to_owned(),
                    words: need_words(need),
                    on: case.needs.contains(&need),
                })
                .collect(),
            consents: check
                .consents
                .iter()
                .filter_map(|line| Some((line, bundle.consents.iter().find(|consent| consent.id == line.consent)?)))
                .map(|(line, consent)| ConsentView {
                    consent: consent.id.clone(),
                    text: (&consent.text).into(),
                    by: (&consent.by).into(),
                    source: (&consent.source).into(),
                    given: line.given,
                    by_signature: line.given && !case.consents.contains(&consent.id),
                })
                .collect(),
            rating: RatingView {
                possible: may_rate(case, bundle) && case.rating.is_none(),
                rated: case.rating.is_some(),
                reasons: RATING_REASONS
                    .iter()
                    .map(|(id, zh, en)| onewindow_ipc::case_view::OptionView {
                        value: (*id).to_owned(),
                        label: Words::new(*zh, *en),
                    })
                    .collect(),
            },
        }
    }

    fn note_visit(&self, id: CaseId, note: impl FnOnce(&Case) -> Result<Option<VisitNote>, DeskFault>) -> Result<CaseView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let case = self.act(id, |case| Ok(note(case)?.map(|note| CaseEvent::VisitNoted { note }).into_iter().collect()))?;
        self.case_view(&case)
    }
}

/// Once something was decided at the counter, and never after a death.
pub(crate) fn may_rate(case: &Case, bundle: &Bundle) -> bool {
    bundle.theme != "funeral" && !matches!(case.state(), CaseState::Draft | CaseState::Received)
}

fn representative_view(representative: &Representative) -> RepresentativeView {
    RepresentativeView {
        kind: match representative.kind {
            RepresentativeKind::Agent => RepresentativeKindView::Agent,
            RepresentativeKind::Guardian => RepresentativeKindView::Guardian,
        },
        name: representative.name.clone(),
        id_number: representative.id_number.clone(),
        phone: representative.phone.clone(),
        authority: representative.authority.clone(),
    }
}

fn need_words(need: Need) -> Words {
    match need {
        Need::LargePrint => Words::new("大字", "Large print"),
        Need::SignLanguage => Words::new("手语", "Sign language"),
        Need::ReadAloud => Words::new("朗读", "Read aloud"),
        Need::Wheelchair => Words::new("轮椅", "Wheelchair"),
        Need::Interpreter => Words::new("翻译", "Interpreter"),
        Need::AssistedService => Words::new("帮办", "Assisted"),
        Need::Priority => Words::new("优先", "Priority"),
    }
}
