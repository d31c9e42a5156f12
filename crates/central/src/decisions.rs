//! What departments see and decide. The centre decides nothing itself: it numbers, signs, tells the counter and sends on.

use onewindow_case::ids::{CaseId, MatterId};
use onewindow_case::state::MatterState;
use onewindow_catalogue::{ResultDelivery, parse_date};
use onewindow_rules::result::{Grant, value_of};
use onewindow_wire::department::{Decision, DecisionReply, DecisionRequest, WorkItem, WorkPage};
use onewindow_wire::feed::{CentreWord, ContentLine};
use uuid::Uuid;

use crate::access::DepartmentCaller;
use crate::centre::{Centre, OFFICE_SETTING};
use crate::database::{CaseRow, Change, LicenceRow, MatterRow, RecordedDecision};
use crate::demo::region_of;
use crate::due::{due_after_extension, due_after_resumption};
use crate::fault::CentreFault;
use crate::licence::{check_lines, claims, heard, told};
use crate::number::Series;
use crate::registry::get_matter;

/// Most matters in one answer.
const WORK_MAX: u32 = 200;
/// Most working days of an extension: of one body, and of several that handle a matter jointly (licensing law art. 42).
const EXTENSION_MAX_WD: u32 = 15;
/// Longest written reason, in characters.
const REASON_MAX_CHARS: usize = 2_000;

impl Centre {
    /// Open matters of a department.
    pub(crate) async fn work(&self, caller: &DepartmentCaller) -> Result<Vec<WorkItem>, CentreFault> {
        let mut view = self.database.view().await?;
        let mut items = Vec::new();
        for row in view.work_of(caller.department.as_str(), WORK_MAX).await? {
            let id = CaseId::parse(&row.case).ok_or(CentreFault::Defect("a case has no identity"))?;
            let case = self.fold_case(&mut view, id).await?;
            let page = |page: &onewindow_case::case::Page| WorkPage {
                digest: page.corrected.to_string(),
                material: page.material.as_ref().map(ToString::to_string),
            };
            items.push(WorkItem {
                case: row.case,
                case_no: row.case_no,
                bundle: row.bundle,
                matter: row.matter,
                applicant: case.applicant.as_ref().map(|applicant| applicant.name.clone()).unwrap_or_default(),
                due: row.due,
                fields: case
                    .fields
                    .iter()
                    .map(|(key, field)| ContentLine {
                        key: key.to_string(),
                        value: field.value.clone(),
                    })
                    .collect(),
                pages: case.counted_pages().map(page).collect(),
                suspended: row.state == MatterState::Suspended.code(),
            });
        }
        Ok(items)
    }

    /// Records a decision once.
    ///
    /// # Errors
    /// [`CentreFault::Unknown`] for a matter that is not the department's, [`CentreFault::Conflict`] when it is not open or the
    /// id belongs to another decision, [`CentreFault::Malformed`] for a refusal without a reason.
    pub(crate) async fn decide(&self, caller: &DepartmentCaller, request: &DecisionRequest) -> Result<DecisionReply, CentreFault> {
        let id = Uuid::try_parse(&request.id)
            .map_err(|_| CentreFault::Malformed("id of the decision"))?
            .to_string();
        let case = CaseId::parse(&request.case).ok_or(CentreFault::Malformed("case"))?;
        check(request)?;
        let written = serde_json::to_string(request).map_err(|_| CentreFault::Defect("a decision cannot be written"))?;
        let mut change = self.database.change().await?;
        if let Some(known) = change.find_decision(&id).await? {
            if known.request != written {
                return Err(CentreFault::Conflict("the id belongs to another decision"));
            }
            return Ok(DecisionReply {
                outcome: "repeated".to_owned(),
                licence_no: known.licence_no,
            });
        }
        let row = change.find_case(case).await?.ok_or(CentreFault::Unknown("case"))?;
        let matters = change.matters_of(case).await?;
        let own = matters
            .into_iter()
            .find(|matter| matter.matter == request.matter && matter.department == caller.department.as_str());
        let matter = own.ok_or(CentreFault::Unknown("matter of this department"))?;
        let licence_no = self.carry_out(&mut change, &row, &matter, request, &id).await?;
        let record = RecordedDecision {
            request: written,
            licence_no: licence_no.clone(),
        };
        change
            .add_decision(&id, caller.department.as_str(), &case.to_string(), &matter.matter, &record, self.clock.now_ms())
            .await?;
        // The matter was open, so the case had arrived as far as its acceptance.
        self.dispatch(&mut change, &row, row.revision).await?;
        change.commit().await?;
        self.bell.notify_waiters();
        Ok(DecisionReply {
            outcome: "recorded".to_owned(),
            licence_no,
        })
    }

    async fn carry_out(
        &self,
        change: &mut Change,
        row: &CaseRow,
        matter: &MatterRow,
        request: &DecisionRequest,
        id: &str,
    ) -> Result<Option<String>, CentreFault> {
        let expected = if request.decision == Decision::Resume {
            MatterState::Suspended
        } else {
            MatterState::InReview
        };
        if matter.state != expected {
            return Err(CentreFault::Conflict("the matter is not in a state to be decided so"));
        }
        match &request.decision {
            Decision::Grant { content } => return self.grant(change, row, matter, content, id).await.map(Some),
            Decision::Refuse { reason } => {
                change.set_matter_state(row.case, &matter.matter, MatterState::Refused, Some(reason)).await?;
                self.say(
                    change,
                    row,
                    &CentreWord::Refused {
                        matter: matter.matter.clone(),
                        reason: reason.clone(),
                    },
                )
                .await?;
            }
            Decision::Suspend { reason } => {
                change.set_matter_state(row.case, &matter.matter, MatterState::Suspended, Some(reason)).await?;
                let today = self.clock.today().to_string();
                change.set_clock(row.case, &matter.matter, Some(&today), matter.due.as_deref()).await?;
                self.say(
                    change,
                    row,
                    &CentreWord::Suspended {
                        matter: matter.matter.clone(),
                        reason: reason.clone(),
                    },
                )
                .await?;
            }
            Decision::Resume => self.resume(change, row, matter).await?,
            Decision::Extend { days, reason, approver } => self.extend(change, row, matter, *days, reason, approver).await?,
        }
        Ok(None)
    }

    async fn resume(&self, change: &mut Change, row: &CaseRow, matter: &MatterRow) -> Result<(), CentreFault> {
        let day = |text: &Option<String>| text.as_deref().and_then(parse_date);
        let due = match (day(&matter.due), day(&matter.suspended_on)) {
            (Some(due), Some(since)) => Some(due_after_resumption(due, since, self.clock.today())?.to_string()),
            (due, _) => due.map(|due| due.to_string()),
        };
        change.set_matter_state(row.case, &matter.matter, MatterState::InReview, None).await?;
        change.set_clock(row.case, &matter.matter, None, due.as_deref()).await?;
        let word = CentreWord::WithDepartment {
            matter: matter.matter.clone(),
            department: matter.department.clone(),
            due,
        };
        self.say(change, row, &word).await
    }

    /// Once for each matter: a second wish finds the first on record.
    async fn extend(&self, change: &mut Change, row: &CaseRow, matter: &MatterRow, days: u32, reason: &str, approver: &str) -> Result<(), CentreFault> {
        let before = change.decisions_on(&row.case.to_string(), &matter.matter).await?;
        let is_extension = |text: &String| serde_json::from_str::<DecisionRequest>(text).is_ok_and(|known| matches!(known.decision, Decision::Extend { .. }));
        if before.iter().any(is_extension) {
            return Err(CentreFault::Conflict("the time of the matter was extended already"));
        }
        let due = matter
            .due
            .as_deref()
            .and_then(parse_date)
            .ok_or(CentreFault::Conflict("the matter has no due day"))?;
        let due = due_after_extension(due, days)?.to_string();
        change.set_clock(row.case, &matter.matter, None, Some(&due)).await?;
        let word = CentreWord::Extended {
            matter: matter.matter.clone(),
            due: Some(due),
            reason: format!("{reason}（{approver} 批准 / approved by {approver}）"),
        };
        self.say(change, row, &word).await
    }

    pub(crate) async fn grant(&self, change: &mut Change, row: &CaseRow, matter: &MatterRow, added: &[ContentLine], id: &str) -> Result<String, CentreFault> {
        let bundle = &*self.get_bundle(row)?;
        let definition = get_matter(bundle, &MatterId::new(&matter.matter))?;
        let case = self.fold_case(change, row.case).await?;
        let issued = self.clock.today();
        let region = region_of(&row.counter).ok_or(CentreFault::Defect("a counter has no region"))?;
        let individual = case
            .answers
            .iter()
            .any(|(question, answer)| question.as_str() == "legal_form" && answer == "individual_business");
        let series = Series::of(&definition.result.id, &matter.department, region, issued.year(), individual);
        let licence_no = series.number(change.take_number(&series.name()).await?)?;
        let office = change.find_setting(OFFICE_SETTING).await?.unwrap_or_default();
        let department = bundle
            .find_department(&definition.department)
            .map(|department| department.name.zh.clone())
            .unwrap_or_default();
        let grant = Grant {
            licence_no: &licence_no,
            authority: format!("{office}{department}"),
            issued,
        };
        let lines = grant.lines(&case, bundle, definition, &heard(added));
        let content = told(&lines);
        let signed_code = match definition.result.delivery {
            ResultDelivery::None => None,
            ResultDelivery::CounterPrint | ResultDelivery::Pickup | ResultDelivery::Post | ResultDelivery::Electronic => {
                Some(self.office.sign(&claims(&grant, definition, value_of(&lines, "name"), id))?)
            }
        };
        change.set_matter_state(row.case, &matter.matter, MatterState::Granted, None).await?;
        let licence = LicenceRow {
            licence_no: &licence_no,
            case: &row.case.to_string(),
            matter: &matter.matter,
            issued_on: issued.to_string(),
            valid_to: grant.valid_to(definition).map(|day| day.to_string()),
            content: serde_json::to_string(&content).map_err(|_| CentreFault::Defect("a licence cannot be written"))?,
            signed_code: signed_code.as_deref(),
        };
        change.add_licence(&licence).await?;
        let word = CentreWord::Granted {
            matter: matter.matter.clone(),
            licence_no: licence_no.clone(),
            content,
            signed_code,
        };
        self.say(change, row, &word).await?;
        Ok(licence_no)
    }
}

/// Refusals and suspensions need a written reason (licensing law art. 38, 45); everything is bounded.
fn check(request: &DecisionRequest) -> Result<(), CentreFault> {
    if request.officer.trim().is_empty() || request.officer.chars().count() > 100 {
        return Err(CentreFault::Malformed("officer"));
    }
    match &request.decision {
        Decision::Grant { content } => check_lines(content),
        Decision::Refuse { reason } | Decision::Suspend { reason } => {
            if reason.trim().is_empty() || reason.chars().count() > REASON_MAX_CHARS {
                Err(CentreFault::Malformed("reason"))
            } else {
                Ok(())
            }
        }
        Decision::Extend { days, reason, approver } => {
            if reason.trim().is_empty() || reason.chars().count() > REASON_MAX_CHARS {
                Err(CentreFault::Malformed("reason"))
            } else if approver.trim().is_empty() || approver.chars().count() > 100 {
                Err(CentreFault::Malformed("approver"))
            } else if !(1..=EXTENSION_MAX_WD).contains(days) {
                Err(CentreFault::Malformed("days"))
            } else {
                Ok(())
            }
        }
        Decision::Resume => Ok(()),
    }
}
