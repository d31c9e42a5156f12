//! Pages: scanned, imported, filed, turned, taken out and back.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use onewindow_desk::{Desk, DeskFault};
use onewindow_ipc::case_view::{CaseView, ScanProfile, ShareView};
use tauri::State;

use super::{case_id as id, page_id as page};
use crate::counter::{Answer, Counter};

/// What can be taken from a file.
const FILE_ENDINGS: &[&str] = &["jpg", "jpeg", "png", "tif", "tiff", "webp", "bmp", "pdf", "heic", "heif"];

/// A file dialog is open: a second one would lie over it.
static CHOOSING: AtomicBool = AtomicBool::new(false);

/// Starts a scan; returns at once, pages come as news.
#[tauri::command]
#[specta::specta]
pub(crate) async fn scan_into(counter: State<'_, Counter>, case_id: String, material: Option<String>, profile: ScanProfile) -> Answer<CaseView> {
    let act = move |desk: &Desk| {
        let case = id(&case_id)?;
        desk.scan_into(case, material, &profile)?;
        desk.show_case(case)
    };
    counter.ask(act).await
}

/// Scans a page again; the first page that comes takes its place.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rescan_page(counter: State<'_, Counter>, case_id: String, page_id: String, profile: ScanProfile) -> Answer<CaseView> {
    let act = move |desk: &Desk| {
        let case = id(&case_id)?;
        desk.rescan_page(case, page(&page_id)?, &profile)?;
        desk.show_case(case)
    };
    counter.ask(act).await
}

/// Stops a scan; pages already in stay.
#[tauri::command]
#[specta::specta]
pub(crate) async fn cancel_scan(counter: State<'_, Counter>, case_id: String) -> Answer<CaseView> {
    let act = move |desk: &Desk| {
        let case = id(&case_id)?;
        desk.cancel_scan(case);
        desk.show_case(case)
    };
    counter.ask(act).await
}

/// Takes a page of what the camera sees now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn take_shot(counter: State<'_, Counter>, case_id: String) -> Answer<()> {
    counter.ask(move |desk| desk.take_shot(id(&case_id)?)).await
}

/// Says to which paper the camera's next pages go, and whether papers that come to rest are taken.
#[tauri::command]
#[specta::specta]
pub(crate) async fn aim_camera(counter: State<'_, Counter>, case_id: String, material: Option<String>, automatic: bool) -> Answer<()> {
    counter.ask(move |desk| desk.aim_camera(id(&case_id)?, material, automatic)).await
}

/// Takes files by their paths.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_files(counter: State<'_, Counter>, case_id: String, material: Option<String>, paths: Vec<String>) -> Answer<CaseView> {
    let act = move |desk: &Desk| {
        let paths: Vec<PathBuf> = paths.into_iter().map(PathBuf::from).collect();
        desk.import_files(id(&case_id)?, material, &paths)
    };
    counter.ask(act).await
}

/// Takes the files that wait in the folder of a scanner that stands by itself.
#[tauri::command]
#[specta::specta]
pub(crate) async fn take_inbox(counter: State<'_, Counter>, case_id: String, material: Option<String>) -> Answer<CaseView> {
    counter.ask(move |desk| desk.take_inbox(id(&case_id)?, material)).await
}

/// Opens the system's file dialog and takes what is chosen there; nothing chosen changes nothing.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_dialog(counter: State<'_, Counter>, case_id: String, material: Option<String>) -> Answer<CaseView> {
    let shown = case_id.clone();
    let view = counter.ask(move |desk| desk.show_case(id(&shown)?)).await?;
    let paths = choose_files().await;
    if paths.is_empty() {
        return Ok(view);
    }
    counter.ask(move |desk| desk.import_files(id(&case_id)?, material, &paths)).await
}

/// Files a page under another paper, or under none.
#[tauri::command]
#[specta::specta]
pub(crate) async fn assign_page(counter: State<'_, Counter>, case_id: String, page_id: String, material: Option<String>) -> Answer<CaseView> {
    counter
        .ask(move |desk| desk.assign_page(id(&case_id)?, page(&page_id)?, material.as_deref()))
        .await
}

/// Turns a page by quarter turns, clockwise when positive.
#[tauri::command]
#[specta::specta]
pub(crate) async fn turn_page(counter: State<'_, Counter>, case_id: String, page_id: String, quarter_turns: i8) -> Answer<CaseView> {
    let clockwise = quarter_turns.rem_euclid(4).unsigned_abs();
    counter.ask(move |desk| desk.turn_page(id(&case_id)?, page(&page_id)?, clockwise)).await
}

/// Takes a page out.
#[tauri::command]
#[specta::specta]
pub(crate) async fn remove_page(counter: State<'_, Counter>, case_id: String, page_id: String) -> Answer<CaseView> {
    counter.ask(move |desk| desk.remove_page(id(&case_id)?, page(&page_id)?)).await
}

/// Brings a page back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_page(counter: State<'_, Counter>, case_id: String, page_id: String) -> Answer<CaseView> {
    counter.ask(move |desk| desk.restore_page(id(&case_id)?, page(&page_id)?)).await
}

/// Cuts a page anew out of its original.
#[tauri::command]
#[specta::specta]
pub(crate) async fn crop_page(counter: State<'_, Counter>, case_id: String, page_id: String, corners: Vec<ShareView>) -> Answer<CaseView> {
    let act = move |desk: &Desk| {
        let corners: [ShareView; 4] = corners.try_into().map_err(|_| DeskFault::Unknown { what: "corners" })?;
        desk.crop_page(id(&case_id)?, page(&page_id)?, &corners)
    };
    counter.ask(act).await
}

/// Takes the clerk's cutting and turning back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn reset_page(counter: State<'_, Counter>, case_id: String, page_id: String) -> Answer<CaseView> {
    counter.ask(move |desk| desk.reset_page(id(&case_id)?, page(&page_id)?)).await
}

/// Makes two pages of one.
#[tauri::command]
#[specta::specta]
pub(crate) async fn split_page(counter: State<'_, Counter>, case_id: String, page_id: String) -> Answer<CaseView> {
    counter.ask(move |desk| desk.split_page(id(&case_id)?, page(&page_id)?)).await
}

/// Puts two pages on one sheet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn join_pages(counter: State<'_, Counter>, case_id: String, first: String, second: String) -> Answer<CaseView> {
    counter.ask(move |desk| desk.join_pages(id(&case_id)?, page(&first)?, page(&second)?)).await
}

/// Moves a page before another one, or to the end.
#[tauri::command]
#[specta::specta]
pub(crate) async fn move_page(counter: State<'_, Counter>, case_id: String, page_id: String, before: Option<String>) -> Answer<CaseView> {
    let act = move |desk: &Desk| {
        let before = before.as_deref().map(page).transpose()?;
        desk.move_page(id(&case_id)?, page(&page_id)?, before)
    };
    counter.ask(act).await
}

/// Takes an act on pages back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn undo_page_act(counter: State<'_, Counter>, case_id: String, revision: u32) -> Answer<CaseView> {
    counter.ask(move |desk| desk.undo_page_act(id(&case_id)?, revision)).await
}

async fn choose_files() -> Vec<PathBuf> {
    if CHOOSING.swap(true, Ordering::AcqRel) {
        return Vec::new();
    }
    // The system's dialog does not know which language the reader chose: it gets both.
    let dialog = rfd::AsyncFileDialog::new()
        .set_title("导入材料 Import papers")
        .add_filter("图片、PDF Pictures, PDF", FILE_ENDINGS);
    let chosen = dialog.pick_files().await.unwrap_or_default();
    CHOOSING.store(false, Ordering::Release);
    chosen.iter().map(|file| file.path().to_path_buf()).collect()
}
