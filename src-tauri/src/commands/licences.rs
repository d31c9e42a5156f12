//! Licences, the blanks they are printed on, and handing over.

use onewindow_case::ids::MatterId;
use onewindow_desk::Desk;
use onewindow_ipc::case_view::CaseView;
use onewindow_ipc::licence::LicenceCheckView;
use tauri::State;

use super::case_id as id;
use crate::counter::{Answer, Counter};

/// Checks the code of a licence that somebody brought along.
#[tauri::command]
#[specta::specta]
pub(crate) async fn check_licence(counter: State<'_, Counter>, code: String) -> Answer<LicenceCheckView> {
    counter.ask(move |desk| desk.check_licence(&code)).await
}

/// Decides a matter at the window, by mandate.
#[tauri::command]
#[specta::specta]
pub(crate) async fn decide_at_window(counter: State<'_, Counter>, case_id: String, matter: String) -> Answer<CaseView> {
    counter.ask(move |desk| desk.decide_at_window(id(&case_id)?, &MatterId::new(matter))).await
}

/// Prints the licence of a granted matter on a blank.
#[tauri::command]
#[specta::specta]
pub(crate) async fn issue_licence(counter: State<'_, Counter>, case_id: String, matter: String, blank_serial: String) -> Answer<CaseView> {
    counter
        .ask(move |desk| desk.issue_licence(id(&case_id)?, &MatterId::new(matter), &blank_serial))
        .await
}

/// Prints a licence that is out once more, on a blank of its own.
#[tauri::command]
#[specta::specta]
pub(crate) async fn copy_licence(counter: State<'_, Counter>, case_id: String, matter: String, blank_serial: String, reason: String) -> Answer<CaseView> {
    counter
        .ask(move |desk| desk.copy_licence(id(&case_id)?, &MatterId::new(matter), &blank_serial, &reason))
        .await
}

/// What became of a blank; a spoiled one needs a reason and a second person with number and PIN.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settle_blank(
    counter: State<'_, Counter>,
    case_id: String,
    serial: String,
    used: bool,
    reason: Option<String>,
    witness_no: Option<String>,
    witness_pin: Option<String>,
) -> Answer<CaseView> {
    let act = move |desk: &Desk| {
        let witness = witness_no.as_deref().zip(witness_pin.as_deref());
        desk.settle_blank(id(&case_id)?, &serial, used, reason.as_deref(), witness)
    };
    counter.ask(act).await
}

/// The applicant has what was granted.
#[tauri::command]
#[specta::specta]
pub(crate) async fn hand_over(counter: State<'_, Counter>, case_id: String, matter: String, receiver: String) -> Answer<CaseView> {
    counter.ask(move |desk| desk.hand_over(id(&case_id)?, &MatterId::new(matter), &receiver)).await
}
