//! A case as a whole: seen, decided at the counter, withdrawn, its record.

use onewindow_ipc::case_view::{CaseView, HistoryRow, OutcomeRequest};
use tauri::State;

use super::case_id as id;
use crate::counter::{Answer, Counter};

/// Everything about a case that the window shows.
#[tauri::command]
#[specta::specta]
pub(crate) async fn get_case(counter: State<'_, Counter>, case_id: String) -> Answer<CaseView> {
    counter.ask(move |desk| desk.show_case(id(&case_id)?)).await
}

/// What the clerk decided at the counter.
#[tauri::command]
#[specta::specta]
pub(crate) async fn decide_outcome(counter: State<'_, Counter>, case_id: String, request: OutcomeRequest) -> Answer<CaseView> {
    counter.ask(move |desk| desk.decide_outcome(id(&case_id)?, &request)).await
}

/// The applicant takes the application back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn withdraw_case(counter: State<'_, Counter>, case_id: String, reason: String) -> Answer<CaseView> {
    counter.ask(move |desk| desk.withdraw_case(id(&case_id)?, &reason)).await
}

/// The clerk has dealt with what the supervisor sent back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settle_sent_back(counter: State<'_, Counter>, case_id: String) -> Answer<CaseView> {
    counter.ask(move |desk| desk.settle_sent_back(id(&case_id)?)).await
}

/// The record of a case, oldest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn get_history(counter: State<'_, Counter>, case_id: String) -> Answer<Vec<HistoryRow>> {
    counter.ask(move |desk| desk.history(id(&case_id)?)).await
}
