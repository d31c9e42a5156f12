//! The end of the day and the drawer of blanks.

use onewindow_ipc::case_view::PreviewView;
use onewindow_ipc::day::{CountedBlanks, DayView};
use tauri::State;

use super::documents::language;
use crate::counter::{Answer, Counter};

/// Everything about today at this counter.
#[tauri::command]
#[specta::specta]
pub(crate) async fn get_day(counter: State<'_, Counter>) -> Answer<DayView> {
    counter.ask(move |desk| desk.day()).await
}

/// The sheet of the day as it would be printed now; `lang` is `zh` or `en`.
#[tauri::command]
#[specta::specta]
pub(crate) async fn preview_day(counter: State<'_, Counter>, lang: String) -> Answer<PreviewView> {
    counter.ask(move |desk| desk.preview_day(language(&lang)?)).await
}

/// Closes the day, signed by the supervisor.
#[tauri::command]
#[specta::specta]
pub(crate) async fn close_day(
    counter: State<'_, Counter>,
    counted: Vec<CountedBlanks>,
    remark: Option<String>,
    supervisor_no: String,
    supervisor_pin: String,
) -> Answer<DayView> {
    counter
        .ask(move |desk| desk.close_day(&counted, remark.as_deref(), (supervisor_no.as_str(), supervisor_pin.as_str())))
        .await
}

/// The clerk looked into the tray for the sheet of the day.
#[tauri::command]
#[specta::specta]
pub(crate) async fn answer_day_print(counter: State<'_, Counter>, printed: bool) -> Answer<DayView> {
    counter.ask(move |desk| desk.answer_day_print(printed)).await
}

/// Prints the signed sheet of the day again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn print_day_sheet(counter: State<'_, Counter>) -> Answer<DayView> {
    counter.ask(move |desk| desk.print_day_sheet()).await
}

/// Blanks come into the drawer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn receive_blanks(
    counter: State<'_, Counter>,
    kind: String,
    first: String,
    last: String,
    supervisor_no: String,
    supervisor_pin: String,
) -> Answer<DayView> {
    counter
        .ask(move |desk| desk.receive_blanks(&kind, &first, &last, (supervisor_no.as_str(), supervisor_pin.as_str())))
        .await
}

/// Blanks go back to the store.
#[tauri::command]
#[specta::specta]
pub(crate) async fn return_blanks(
    counter: State<'_, Counter>,
    kind: String,
    first: String,
    last: String,
    supervisor_no: String,
    supervisor_pin: String,
) -> Answer<DayView> {
    counter
        .ask(move |desk| desk.return_blanks(&kind, &first, &last, (supervisor_no.as_str(), supervisor_pin.as_str())))
        .await
}

/// A blank of the drawer is no use.
#[tauri::command]
#[specta::specta]
pub(crate) async fn spoil_blank(
    counter: State<'_, Counter>,
    kind: String,
    serial: String,
    reason: String,
    supervisor_no: String,
    supervisor_pin: String,
) -> Answer<DayView> {
    counter
        .ask(move |desk| desk.spoil_blank(&kind, &serial, &reason, (supervisor_no.as_str(), supervisor_pin.as_str())))
        .await
}
