//! Documents and their prints.

use onewindow_case::ids::MatterId;
use onewindow_desk::{Desk, DeskFault, Language};
use onewindow_ipc::case_view::{CaseView, PreviewView};
use onewindow_ipc::day::DayView;
use onewindow_ipc::paper::{AnswerView, CounterPaperView};
use tauri::State;

use super::{case_id as id, document_id as document, print_id as print};
use crate::counter::{Answer, Counter};

/// A document as it would be printed now; `lang` is `zh` or `en`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_document(counter: State<'_, Counter>, case_id: String, kind: String, lang: String) -> Answer<PreviewView> {
    counter.ask(move |desk| desk.preview_document(id(&case_id)?, &kind, language(&lang)?)).await
}

/// Makes a document that is on offer, and prints it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn make_document(
    counter: State<'_, Counter>,
    case_id: String,
    kind: String,
    matter: Option<String>,
    answers: Vec<AnswerView>,
) -> Answer<CaseView> {
    let act = move |desk: &Desk| desk.make_offered(id(&case_id)?, &kind, matter.map(MatterId::new).as_ref(), &answers);
    counter.ask(act).await
}

/// Draws and prints a queue ticket for a service.
#[tauri::command]
#[specta::specta]
pub(crate) async fn print_ticket(counter: State<'_, Counter>, bundle: String) -> Answer<CounterPaperView> {
    counter.ask(move |desk| desk.print_ticket(&bundle)).await
}

/// Prints the guide of a service.
#[tauri::command]
#[specta::specta]
pub(crate) async fn print_guide(counter: State<'_, Counter>, bundle: String) -> Answer<CounterPaperView> {
    counter.ask(move |desk| desk.print_guide(&bundle)).await
}

/// The clerk looked into the tray for a paper of the counter.
#[tauri::command]
#[specta::specta]
pub(crate) async fn answer_paper(counter: State<'_, Counter>, paper_id: String, printed: bool) -> Answer<DayView> {
    counter.ask(move |desk| desk.answer_paper(&paper_id, printed)).await
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
