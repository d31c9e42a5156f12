//! A case in the words of the contract with the window: the host's last word, ready to be shown.

mod findings;
mod form;
mod outcomes;
mod paper_list;
mod way;

pub(crate) use findings::finding_id;

use onewindow_case::Case;
use onewindow_case::event::{ApplicantKind, BlankFate};
use onewindow_catalogue::{Bundle, QuestionKind, QuestionStatus};
use onewindow_ipc::Words;
use onewindow_ipc::case_view::{
    ApplicantKind as ApplicantKindView, ApplicantView, BlankView, CaseView, DocumentView, MatterView, OptionView, PrintStateView, PrintView, QuestionView,
    SentBackView,
};
use onewindow_rules::{Assessment, KnownAnswer};

use crate::check::known_answers;
use crate::clock::day;
use crate::desk::{Desk, lock};
use crate::documents::find_kind;
use crate::fault::DeskFault;
use crate::worklist;

impl Desk {
    /// The case with this identity as the window shows it now.
    pub(crate) fn show(&self, id: onewindow_case::ids::CaseId) -> Result<CaseView, DeskFault> {
        match self.find_elsewhere(id)? {
            Some(elsewhere) => self.view_elsewhere(&elsewhere),
            None => self.case_view(self.get_case(id)?.as_ref()),
        }
    }

    /// Everything that the window shows of a case.
    pub(crate) fn case_view(&self, case: &Case) -> Result<CaseView, DeskFault> {
        let bundle = &*self.get_bundle(case)?;
        let check = self.assess(case)?;
        let (clock_due, _, alert) = self.deadline(case);
        let promised = self.promised_due(case, bundle, &check.guidance.matters);
        let due = promised.filter(|_| case.accepted_on.is_some()).or(clock_due).or(promised);
        let checklist = self.checklist(case, bundle, &check);
        let required = checklist
            .iter()
            .filter(|item| item.disposition == onewindow_ipc::case_view::Disposition::Required);
        let (papers_required, papers_ok) = required.fold((0, 0), |(all, ok), item| {
            (all + 1, ok + u32::from(item.state == onewindow_ipc::case_view::PaperState::Ok))
        });
        Ok(CaseView {
            case_id: case.id.to_string(),
            case_no: case.case_no.clone(),
            revision: case.revision,
            ticket: worklist::ticket(case),
            bundle_id: bundle.id.to_string(),
            bundle: (&bundle.name).into(),
            quiet: bundle.theme == "funeral",
            state: case.state().code().to_owned(),
            state_words: worklist::state_words(case.state()),
            editable: case.is_editable(),
            applicant: case.applicant.as_ref().map(applicant),
            questions: questions(bundle, &check, &known_answers(bundle, case, self.shared.clock.today())),
            questions_open: u32::try_from(check.guidance.open).unwrap_or(u32::MAX),
            guidance_stop: check.refusals.first().map(|refusal| (&refusal.reason).into()),
            matters: self.matters(case, bundle, &check)?,
            checklist,
            papers_before: bundle.figures.materials_before,
            papers_required,
            papers_ok,
            pages: self.pages(case, bundle, &check),
            undo: self.undo_view(case),
            fields: form::fields(case, bundle, &check, self.shared.clock.today()),
            findings: findings::all(case, bundle, &check),
            outcomes: outcomes::all(self, case, bundle, &check),
            due: due.map(day),
            alert,
            supplement_until: case.supplement_until.map(day),
            documents: self.documents(case),
            offers: self.offer_views(case, bundle),
            safe: self.safe_track(case),
            way: self.way(case),
            sent_back: case.sent_back.as_ref().map(|back| SentBackView {
                by: self.staff_name(back.by.as_str()),
                reason: back.reason.clone(),
            }),
            pickup_code: case.pickup_code.clone(),
            visit: self.visit_view(case, bundle, &check),
            lawful: self.lawful_view(case),
            catalogue_version: case.catalogue_version.clone(),
        })
    }

    fn matters(&self, case: &Case, bundle: &Bundle, check: &Assessment) -> Result<Vec<MatterView>, DeskFault> {
        let ids: Vec<_> = if case.matters.is_empty() {
            check.guidance.matters.clone()
        } else {
            case.matters.iter().map(|matter| matter.id.clone()).collect()
        };
        let dues = self.shown_dues(case, bundle, &ids);
        let mut depths: std::collections::BTreeMap<String, u32> = std::collections::BTreeMap::new();
        let mut views = Vec::new();
        for def in ids.iter().filter_map(|id| bundle.find_matter(id)) {
            let after: Vec<String> = def.after.iter().filter(|before| ids.contains(before)).map(ToString::to_string).collect();
            let depth = after.iter().filter_map(|before| depths.get(before)).max().map_or(0, |depth| depth + 1);
            depths.insert(def.id.to_string(), depth);
            let at = case.find_matter(&def.id);
            let printable = self.printable_licence(case, &def.id).is_some();
            let department = at.map_or(&def.department, |matter| &matter.department);
            views.push(MatterView {
                matter: def.id.to_string(),
                name: (&def.name).into(),
                department: bundle
                    .find_department(department)
                    .map_or_else(|| Words::new(department.as_str(), department.as_str()), |found| (&found.short).into()),
                promised: def.promised.words().into(),
                after,
                depth,
                state: at.map(|matter| matter.state.code().to_owned()).unwrap_or_default(),
                state_words: at.map_or_else(|| Words::new("", ""), |matter| way::matter_words(matter.state)),
                due: dues.get(&def.id).copied().map(day),
                reason: at.and_then(|matter| matter.reason.clone()),
                licence_no: at.and_then(|matter| matter.licence_no.clone()),
                licence_printable: printable,
                next_blank: if printable || self.copyable_licence(case, &def.id).is_some() {
                    self.free_blanks(case, &def.id)?.into_iter().next()
                } else {
                    None
                },
                licence_copyable: self.copyable_licence(case, &def.id).is_some(),
                blank: blank_of(case, &def.id),
                window: self.window_view(case, &def.id),
                decidable_here: self.decidable_here(case, bundle, &def.id) && self.window_view(case, &def.id).is_none_or(|window| !window.possible),
            });
        }
        Ok(views)
    }

    fn documents(&self, case: &Case) -> Vec<DocumentView> {
        let words = lock(&self.shared.standing).print_words.clone();
        let state = |print: &onewindow_case::case::Print| match print.state.code() {
            "pending" => PrintStateView::Pending,
            "confirmed" => PrintStateView::Confirmed,
            "spoiled" => PrintStateView::Spoiled,
            "uncertain" => PrintStateView::Uncertain,
            _ => PrintStateView::Sent,
        };
        case.documents
            .iter()
            .map(|document| DocumentView {
                document_id: document.id.to_string(),
                kind: document.kind.clone(),
                title: find_kind(&document.kind).map_or_else(|| Words::new(&document.kind, &document.kind), |kind| self.title(kind)),
                number: document.number.clone(),
                licence_of: document
                    .matter
                    .as_ref()
                    .filter(|_| find_kind(&document.kind).is_some_and(onewindow_print::DocumentKind::needs_blank))
                    .map(ToString::to_string),
                pages: document.pages,
                prints: case
                    .prints
                    .iter()
                    .filter(|print| print.document == document.id)
                    .map(|print| PrintView {
                        print_id: print.id.to_string(),
                        copy_no: print.copy_no,
                        state: state(print),
                        words: words.get(&print.id).cloned(),
                        at: None,
                    })
                    .collect(),
            })
            .collect()
    }
}

/// The blank that was last taken for a matter and not spoiled.
fn blank_of(case: &Case, matter: &onewindow_case::ids::MatterId) -> Option<BlankView> {
    let kept = |blank: &&onewindow_case::case::Blank| &blank.matter == matter && blank.fate != Some(BlankFate::Spoiled);
    let blank = case.blanks.iter().rev().find(kept)?;
    Some(BlankView {
        serial: blank.serial.to_string(),
        used: blank.fate == Some(BlankFate::Used),
    })
}

fn applicant(applicant: &onewindow_case::event::Applicant) -> ApplicantView {
    ApplicantView {
        kind: match applicant.kind {
            ApplicantKind::Person => ApplicantKindView::Person,
            ApplicantKind::Organisation => ApplicantKindView::Organisation,
        },
        name: applicant.name.clone(),
        id_number: applicant.id_number.clone(),
        phone: applicant.phone.clone(),
        agent: applicant.agent.clone(),
    }
}

fn questions(bundle: &Bundle, check: &Assessment, known: &[KnownAnswer]) -> Vec<QuestionView> {
    check
        .guidance
        .questions
        .iter()
        .filter(|state| state.status != QuestionStatus::NotNeeded)
        .filter_map(|state| Some((state, bundle.find_question(&state.id)?)))
        .map(|(state, question)| {
            let (options, min, max) = match &question.kind {
                QuestionKind::Choice(choices) | QuestionKind::Many(choices) => (
                    choices
                        .iter()
                        .map(|choice| OptionView {
                            value: choice.id.clone(),
                            label: (&choice.name).into(),
                        })
                        .collect(),
                    None,
                    None,
                ),
                QuestionKind::Number { min, max, .. } => (Vec::new(), u32::try_from(*min).ok(), u32::try_from(*max).ok()),
            };
            QuestionView {
                question: question.id.to_string(),
                text: (&question.text).into(),
                note: question.hint.as_ref().map(Into::into),
                options,
                min,
                max,
                answer: match &state.status {
                    QuestionStatus::Answered(answer) => Some(answer.to_string()),
                    QuestionStatus::Asked | QuestionStatus::NotNeeded | QuestionStatus::Waiting => None,
                },
                known_from: known.iter().find(|known| known.question == question.id).map(|known| (&known.from).into()),
            }
        })
        .collect()
}
