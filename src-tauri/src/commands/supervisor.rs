//! The supervisor's board and word.

use onewindow_desk::Desk;
use onewindow_ipc::audit::{AuditExport, AuditFilter, AuditForm, AuditView};
use onewindow_ipc::case_view::CaseView;
use onewindow_ipc::status::StatusView;
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

/// Acts at this counter that fit a filter, newest first.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_audit(counter: State<'_, Counter>, filter: AuditFilter) -> Answer<AuditView> {
    counter.ask(move |desk| desk.list_audit(&filter)).await
}

/// Asks for a folder and writes the acts that fit a filter there; nothing when nobody chose one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export_audit(counter: State<'_, Counter>, filter: AuditFilter, form: AuditForm) -> Answer<Option<AuditExport>> {
    let dialog = rfd::AsyncFileDialog::new().set_title("导出操作记录到 Write the record to");
    let Some(folder) = dialog.pick_folder().await else { return Ok(None) };
    counter.ask(move |desk| desk.export_audit(&filter, form, folder.path()).map(Some)).await
}

/// The PC's clock is right although it was put back; signed with the supervisor's own number and PIN.
#[tauri::command]
#[specta::specta]
pub(crate) async fn accept_clock(counter: State<'_, Counter>, reason: String, supervisor_no: String, supervisor_pin: String) -> Answer<StatusView> {
    let act = move |desk: &Desk| {
        desk.accept_clock(&reason, &supervisor_no, &supervisor_pin)?;
        Ok(desk.status())
    };
    counter.ask(act).await
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
