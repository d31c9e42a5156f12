//! Documents and their prints.

use onewindow_desk::{DeskFault, Language};
use onewindow_ipc::case_view::{CaseView, PreviewView};
use tauri::State;

use super::{case_id as id, document_id as document, print_id as print};
use crate::counter::{Answer, Counter};

/// A document as it would be printed now; `lang` is `zh` or `en`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_document(counter: State<'_, Counter>, case_id: String, kind: String, lang: String) -> Answer<PreviewView> {
    counter.ask(move |desk| desk.preview_document(id(&case_id)?, &kind, language(&lang)?)).await
}

/// Prints a document again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn print_document(counter: State<'_, Counter>, case_id: String, document_id: String, reason: Option<String>) -> Answer<CaseView> {
    counter
        .ask(move |desk| desk.print_document(id(&case_id)?, document(&document_id)?, reason.as_deref()))
        .await
}

/// The clerk looked into the tray.
#[tauri::command]
#[specta::specta]
pub(crate) async fn answer_print(counter: State<'_, Counter>, case_id: String, print_id: String, printed: bool) -> Answer<CaseView> {
    counter.ask(move |desk| desk.answer_print(id(&case_id)?, print(&print_id)?, printed)).await
}

/// Takes a print back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_print(counter: State<'_, Counter>, case_id: String, print_id: String) -> Answer<CaseView> {
    counter.ask(move |desk| desk.cancel_print(id(&case_id)?, print(&print_id)?)).await
}

pub(super) fn language(word: &str) -> Result<Language, DeskFault> {
    match word {
        "zh" => Ok(Language::Zh),
        "en" => Ok(Language::En),
        _ => Err(DeskFault::Unknown { what: "language" }),
    }
}
