//! What the clerk says and types about a case: applicant, questions, fields, marks on papers.

use onewindow_ipc::case_view::{ApplicantView, CaseView, MarkView};
use tauri::State;

use super::{case_id as id, page_id as page};
use crate::counter::{Answer, Counter};

/// Names who applies.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_applicant(counter: State<'_, Counter>, case_id: String, applicant: ApplicantView) -> Answer<CaseView> {
    counter.ask(move |desk| desk.set_applicant(id(&case_id)?, &applicant)).await
}

/// Answers a question, or takes the answer back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn answer_question(counter: State<'_, Counter>, case_id: String, question: String, answer: Option<String>) -> Answer<CaseView> {
    counter.ask(move |desk| desk.answer_question(id(&case_id)?, &question, answer.as_deref())).await
}

/// Types a value.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_field(counter: State<'_, Counter>, case_id: String, field: String, value: String) -> Answer<CaseView> {
    counter.ask(move |desk| desk.set_field(id(&case_id)?, &field, &value)).await
}

/// The clerk compared a value with the paper.
#[tauri::command]
#[specta::specta]
pub(crate) async fn confirm_field(counter: State<'_, Counter>, case_id: String, field: String) -> Answer<CaseView> {
    counter.ask(move |desk| desk.confirm_field(id(&case_id)?, &field)).await
}

/// Confirms every value of a page about which nothing is in doubt.
#[tauri::command]
#[specta::specta]
pub(crate) async fn confirm_clear_fields(counter: State<'_, Counter>, case_id: String, page_id: String) -> Answer<CaseView> {
    counter.ask(move |desk| desk.confirm_clear_fields(id(&case_id)?, page(&page_id)?)).await
}

/// The clerk's word about a paper, or its withdrawal.
#[tauri::command]
#[specta::specta]
pub(crate) async fn mark_material(
    counter: State<'_, Counter>,
    case_id: String,
    material: String,
    mark: Option<MarkView>,
    reason: Option<String>,
) -> Answer<CaseView> {
    counter
        .ask(move |desk| desk.mark_material(id(&case_id)?, &material, mark, reason.as_deref()))
        .await
}
