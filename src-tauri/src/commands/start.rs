//! The first screen and the status line, which are there before anybody has signed in.

use onewindow_ipc::session::StartView;
use onewindow_ipc::status::StatusView;
use tauri::State;

use crate::counter::{Answer, Counter};
use crate::marks::{self, WindowMark};

/// Everything the first screen shows, also when the counter can not work.
#[tauri::command]
#[specta::specta]
pub(crate) async fn get_start(counter: State<'_, Counter>) -> Answer<StartView> {
    counter.start_view().await
}

/// Opens a counter whose key is sealed under a passphrase.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_with_passphrase(counter: State<'_, Counter>, passphrase: String) -> Answer<StartView> {
    counter.open_with_passphrase(passphrase).await
}

/// The status line as it stands.
#[tauri::command]
#[specta::specta]
pub(crate) async fn get_status(counter: State<'_, Counter>) -> Answer<StatusView> {
    counter.ask(move |desk| Ok(desk.status())).await
}

/// The window reached a point of its start-up that is measured.
#[tauri::command]
#[specta::specta]
pub(crate) fn ui_mark(name: WindowMark) {
    marks::mark(name.name());
}
