//! The desk's news as events of the window. The types are the contract's; here they only get their names.

use onewindow_desk::News;
use onewindow_ipc::news::{CaseNews, ScanNews, StatusNews};
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::AppHandle;
use tauri_specta::Event;

/// The status line.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
#[serde(transparent)]
#[tauri_specta(event_name = "status-news")]
pub(crate) struct StatusEvent(StatusNews);

/// A case changed.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
#[serde(transparent)]
#[tauri_specta(event_name = "case-news")]
pub(crate) struct CaseEvent(CaseNews);

/// A scan went on.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
#[serde(transparent)]
#[tauri_specta(event_name = "scan-news")]
pub(crate) struct ScanEvent(ScanNews);

/// Tells the window. A window that is gone hears nothing; that is no fault of the desk.
pub(crate) fn tell(app: &AppHandle, news: News) {
    let told = match news {
        News::Status(news) => StatusEvent(*news).emit(app),
        News::Case(news) => CaseEvent(news).emit(app),
        News::Scan(news) => ScanEvent(news).emit(app),
    };
    if let Err(error) = told {
        tracing::debug!(%error, "the window did not hear");
    }
}
