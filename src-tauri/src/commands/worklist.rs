//! The desk's lists, the search over services, and the start of a case.

use onewindow_ipc::case_view::CaseView;
use onewindow_ipc::worklist::{BundleHit, WorklistFilter, WorklistRow, WorklistView};
use tauri::State;

use crate::counter::{Answer, Counter};

/// Rows of one list and the figures of all.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_cases(counter: State<'_, Counter>, filter: WorklistFilter) -> Answer<WorklistView> {
    counter.ask(move |desk| desk.list_cases(filter)).await
}

/// Services by Chinese, pinyin, initials or English.
#[tauri::command]
#[specta::specta]
pub(crate) async fn search_bundles(counter: State<'_, Counter>, query: String) -> Answer<Vec<BundleHit>> {
    counter.ask(move |desk| desk.search_bundles(&query)).await
}

/// Cases by number, ticket or applicant.
#[tauri::command]
#[specta::specta]
pub(crate) async fn find_cases(counter: State<'_, Counter>, query: String) -> Answer<Vec<WorklistRow>> {
    counter.ask(move |desk| desk.find_cases(&query)).await
}

/// Begins a case.
#[tauri::command]
#[specta::specta]
pub(crate) async fn open_case(counter: State<'_, Counter>, bundle: String, ticket: Option<String>) -> Answer<CaseView> {
    counter.ask(move |desk| desk.open_case(&bundle, ticket)).await
}
