//! Who works at the counter.

use onewindow_ipc::session::SessionView;
use tauri::State;

use crate::counter::{Answer, Counter};

/// Signs in with number and PIN.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_in(counter: State<'_, Counter>, staff_no: String, pin: String) -> Answer<SessionView> {
    counter.ask(move |desk| desk.sign_in(&staff_no, &pin)).await
}

/// Signs out.
#[tauri::command]
#[specta::specta]
pub(crate) async fn sign_out(counter: State<'_, Counter>) -> Answer<()> {
    counter.ask(move |desk| desk.sign_out()).await
}

/// Hides the work until the same person types the PIN.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lock(counter: State<'_, Counter>) -> Answer<()> {
    counter.ask(move |desk| desk.lock_screen()).await
}

/// Shows the work again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock(counter: State<'_, Counter>, pin: String) -> Answer<SessionView> {
    counter.ask(move |desk| desk.unlock_screen(&pin)).await
}
