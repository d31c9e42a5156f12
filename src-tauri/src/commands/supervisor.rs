//! The supervisor's board and word.

use onewindow_ipc::case_view::CaseView;
use onewindow_ipc::supervisor::BoardView;
use tauri::State;

use super::case_id as id;
use crate::counter::{Answer, Counter};

/// The board of the branch.
#[tauri::command]
#[specta::specta]
pub(crate) async fn get_board(counter: State<'_, Counter>) -> Answer<BoardView> {
    counter.ask(move |desk| desk.board()).await
}

/// Gives a case back to its clerk.
#[tauri::command]
#[specta::specta]
pub(crate) async fn send_back(counter: State<'_, Counter>, case_id: String, reason: String) -> Answer<CaseView> {
    counter.ask(move |desk| desk.send_back(id(&case_id)?, &reason)).await
}

/// Lets a finding pass, signed with the supervisor's own number and PIN.
#[tauri::command]
#[specta::specta]
pub(crate) async fn override_finding(
    counter: State<'_, Counter>,
    case_id: String,
    finding_id: String,
    reason: String,
    supervisor_no: String,
    supervisor_pin: String,
) -> Answer<CaseView> {
    counter
        .ask(move |desk| desk.override_finding(id(&case_id)?, &finding_id, &reason, &supervisor_no, &supervisor_pin))
        .await
}
