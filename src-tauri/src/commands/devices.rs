//! The counter's devices.

use onewindow_ipc::devices::{ScannerAbilities, ScannerView, SelfTestView};
use tauri::State;

use crate::counter::{Answer, Counter};

/// Runs all checks; takes some seconds.
#[tauri::command]
#[specta::specta]
pub(crate) async fn run_self_test(counter: State<'_, Counter>) -> Answer<SelfTestView> {
    counter.ask(move |desk| Ok(desk.self_test())).await
}

/// Scanners that answer now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_scanners(counter: State<'_, Counter>) -> Answer<Vec<ScannerView>> {
    counter.ask(move |desk| desk.list_scanners()).await
}

/// What a scanner can do; without a name the one that a scan would take.
#[tauri::command]
#[specta::specta]
pub(crate) async fn inspect_scanner(counter: State<'_, Counter>, scanner: Option<String>) -> Answer<ScannerAbilities> {
    counter.ask(move |desk| desk.inspect_scanner(scanner.as_deref())).await
}
