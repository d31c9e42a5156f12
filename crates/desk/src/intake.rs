//! Taking an application: opening a case, the applicant, the guidance, the form, the clerk's word about papers.

use onewindow_case::decide::may_edit;
use onewindow_case::event::{Applicant, ApplicantKind, FieldSource, MaterialMark};
use onewindow_case::ids::{BundleId, CaseId, FieldKey, MaterialKey, PageId, QuestionId};
use onewindow_case::text::Bilingual;
use onewindow_case::{Case, CaseEvent};
use onewindow_catalogue::{Bundle, FieldOrigin};
use onewindow_ipc::case_view::{ApplicantKind as ApplicantKindView, ApplicantView, CaseView, MarkView};
use onewindow_ipc::session::Role;
use uuid::Uuid;

use crate::desk::Desk;
use crate::fault::DeskFault;

/// Longest value of a form field, characters; longer input is cut off by the window and refused here.
const VALUE_MAX_CHARS: usize = 2_000;

impl Desk {
    /// Opens a case for a bundle. Its number is allotted here and can not collide with any other counter's.
    ///
    /// # Errors
    /// Not a clerk or supervisor; bundle unknown; disk full.
    pub fn open_case(&self, bundle: &str, ticket: Option<String>) -> Result<CaseView, DeskFault> {
        let staff = self.require(&[Role::Clerk, Role::Supervisor])?;
        let bundle = BundleId::new(bundle);
        let catalogue = self.catalogue();
        catalogue.find_bundle(&bundle).ok_or_else(|| DeskFault::BundleUnknown(bundle.to_string()))?;
        let today = self.shared.clock.today();
        let sequence = self.shared.store.next_case_sequence(self.stamp(crate::session::actor_of(&staff)))?;
        let case_no = self.shared.config.case_no(today, sequence)?;
        let opened = CaseEvent::Opened {
            case_no: case_no.display_form(),
            bundle,
            catalogue_version: catalogue.version().to_owned(),
            ticket: ticket.filter(|ticket| !ticket.trim().is_empty()),
        };
        let case = self.begin(CaseId::new(Uuid::now_v7()), vec![opened])?;
        self.case_view(&case)
    }

    /// Who applies. Fields that the catalogue fills from the applicant follow, unless the clerk typed something else.
    ///
    /// # Errors
    /// Case unknown or no longer editable.
    pub fn set_applicant(&self, id: CaseId, applicant: &ApplicantView) -> Result<CaseView, DeskFault> {
        let applicant = Applicant {
            kind: match applicant.kind {
                ApplicantKindView::Person => ApplicantKind::Person,
                ApplicantKindView::Organisation => ApplicantKind::Organisation,
            },
            name: clean(&applicant.name),
            id_number: clean(&applicant.id_number).to_uppercase(),
            phone: clean(&applicant.phone),
            agent: applicant.agent.as_deref().map(clean).filter(|agent| !agent.is_empty()),
        };
        self.check_printable(&Bilingual::new("申请人", "applicant"), &applicant.name)?;
        self.check_printable(&Bilingual::new("代理人", "agent"), applicant.agent.as_deref().unwrap_or_default())?;
        let case = self.act(id, |case| {
            may_edit(case)?;
            let bundle = self.get_bundle(case)?;
            let mut events = vec![CaseEvent::ApplicantSet { applicant: applicant.clone() }];
            events.extend(fields_from_applicant(&bundle, case, &applicant));
            Ok(events)
        })?;
        self.case_view(&case)
    }

    /// Answers a guidance question, or takes the answer back. Other answers stay, also those not asked for any more.
    ///
    /// # Errors
    /// Case not editable, question unknown, answer not among the choices.
    pub fn answer_question(&self, id: CaseId, question: &str, answer: Option<&str>) -> Result<CaseView, DeskFault> {
        let question = QuestionId::new(question);
        let case = self.act(id, |case| {
            may_edit(case)?;
            let bundle = self.get_bundle(case)?;
            let answer = answer
                .map(|text| bundle.parse_answer(&question, text))
                .transpose()?
                .map(|answer| answer.to_string());
            if case.answers.get(&question) == answer.as_ref() {
                return Ok(Vec::new());
            }
            Ok(vec![CaseEvent::Answered {
                question: question.clone(),
                answer,
            }])
        })?;
        self.case_view(&case)
    }

    /// Types a value of the form.
    ///
    /// # Errors
    /// Case not editable, field unknown.
    pub fn set_field(&self, id: CaseId, field: &str, value: &str) -> Result<CaseView, DeskFault> {
        let field = FieldKey::new(field);
        let value: String = clean(value).chars().take(VALUE_MAX_CHARS).collect();
        let case = self.act(id, |case| {
            may_edit(case)?;
            let bundle = self.get_bundle(case)?;
            let known = bundle.find_field(&field).ok_or(DeskFault::Unknown { what: "field" })?;
            self.check_printable(&known.name, &value)?;
            if case
                .fields
                .get(&field)
                .is_some_and(|old| old.value == value && old.source == FieldSource::Typed)
            {
                return Ok(Vec::new());
            }
            Ok(vec![CaseEvent::FieldSet {
                field: field.clone(),
                value,
                source: FieldSource::Typed,
            }])
        })?;
        self.case_view(&case)
    }

    /// The clerk compared the value with the paper.
    ///
    /// # Errors
    /// Case not editable, field empty.
    pub fn confirm_field(&self, id: CaseId, field: &str) -> Result<CaseView, DeskFault> {
        let field = FieldKey::new(field);
        let case = self.act(id, |case| {
            may_edit(case)?;
            let value = case.fields.get(&field).ok_or(DeskFault::Unknown { what: "field" })?;
            Ok(if value.confirmed {
                Vec::new()
            } else {
                vec![CaseEvent::FieldConfirmed { field: field.clone() }]
            })
        })?;
        self.case_view(&case)
    }

    /// Confirms what is clear on a page: values whose evidence proves them. Names, numbers in doubt and findings stay one by one.
    ///
    /// # Errors
    /// Case not editable.
    pub fn confirm_clear_fields(&self, id: CaseId, page: PageId) -> Result<CaseView, DeskFault> {
        let case = self.act(id, |case| {
            may_edit(case)?;
            let view = self.case_view(case)?;
            let clear = |field: &FieldKey| !view.findings.iter().any(|finding| finding.field.as_deref() == Some(field.as_str()));
            let proven = |field: &FieldKey| {
                view.pages
                    .iter()
                    .flat_map(|page| &page.readings)
                    .any(|reading| reading.proven && reading.field.as_deref() == Some(field.as_str()))
            };
            Ok(case
                .fields
                .iter()
                .filter(|(field, value)| value.source == FieldSource::Page(page) && !value.confirmed && proven(field) && clear(field))
                .map(|(field, _)| CaseEvent::FieldConfirmed { field: field.clone() })
                .collect())
        })?;
        self.case_view(&case)
    }

    /// The clerk's own word about a paper; `None` takes it back.
    ///
    /// # Errors
    /// Case not editable, paper unknown, reason missing for another proof, paper not on the tolerance list.
    pub fn mark_material(&self, id: CaseId, material: &str, mark: Option<MarkView>, reason: Option<&str>) -> Result<CaseView, DeskFault> {
        let material = MaterialKey::new(material);
        let mark = match mark {
            None => None,
            Some(MarkView::SharedConfirmed) => Some(MaterialMark::SharedConfirmed),
            Some(MarkView::CommitmentSigned) => Some(MaterialMark::CommitmentSigned),
            Some(MarkView::Outstanding) => Some(MaterialMark::Outstanding),
            Some(MarkView::OtherProof) => {
                let reason = reason.map(clean).filter(|reason| !reason.is_empty()).ok_or(DeskFault::ReasonMissing)?;
                Some(MaterialMark::OtherProof(reason))
            }
        };
        let case = self.act(id, |case| {
            may_edit(case)?;
            let bundle = self.get_bundle(case)?;
            let paper = bundle.find_material(&material).ok_or(DeskFault::Unknown { what: "paper" })?;
            if mark == Some(MaterialMark::Outstanding) && !paper.tolerance {
                return Err(DeskFault::OutcomeImpossible);
            }
            Ok(vec![CaseEvent::MaterialMarked {
                material: material.clone(),
                mark,
            }])
        })?;
        self.case_view(&case)
    }

    /// A case as the window shows it.
    ///
    /// # Errors
    /// Nobody signed in, case unknown.
    pub fn show_case(&self, id: CaseId) -> Result<CaseView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        self.show(id)
    }

    /// The clerk has dealt with what the supervisor sent back.
    ///
    /// # Errors
    /// Nothing was sent back.
    pub fn settle_sent_back(&self, id: CaseId) -> Result<CaseView, DeskFault> {
        let case = self.act(id, |case| {
            case.sent_back.as_ref().ok_or(DeskFault::Unknown { what: "point sent back" })?;
            Ok(vec![CaseEvent::SentBackSettled])
        })?;
        self.case_view(&case)
    }
}

/// Values that the form takes from the applicant block, where nothing else was typed.
fn fields_from_applicant<'b>(bundle: &'b Bundle, case: &'b Case, applicant: &'b Applicant) -> impl Iterator<Item = CaseEvent> + 'b {
    bundle.fields.iter().filter_map(move |field| {
        let part = field.origins.iter().find_map(|origin| match origin {
            FieldOrigin::Applicant(part) => Some(part.as_str()),
            FieldOrigin::Paper { .. } => None,
        })?;
        let value = match part {
            "name" => &applicant.name,
            "id_number" => &applicant.id_number,
            "phone" => &applicant.phone,
            _ => return None,
        };
        let old = case.fields.get(&field.key);
        let before = case.applicant.as_ref().map(|before| match part {
            "name" => before.name.as_str(),
            "id_number" => before.id_number.as_str(),
            _ => before.phone.as_str(),
        });
        let follows = old.is_none_or(|old| old.value.is_empty() || Some(old.value.as_str()) == before);
        (follows && !value.is_empty() && old.is_none_or(|old| &old.value != value)).then(|| CaseEvent::FieldSet {
            field: field.key.clone(),
            value: value.clone(),
            source: FieldSource::Typed,
        })
    })
}

/// Trims and drops control characters, which no paper carries.
pub(crate) fn clean(text: &str) -> String {
    text.trim().chars().filter(|character| !character.is_control()).collect()
}
