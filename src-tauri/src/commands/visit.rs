//! The visit around the papers, and what the law attaches to days and mandates.

use onewindow_case::ids::MatterId;
use onewindow_ipc::case_view::CaseView;
use onewindow_ipc::visit::{RatingRequest, RegionOffer, RepresentativeView};
use tauri::State;

use super::case_id as id;
use crate::counter::{Answer, Counter};

/// The papers are held, nothing is accepted yet.
#[tauri::command]
#[specta::specta]
pub(crate) async fn receive_case(counter: State<'_, Counter>, case_id: String) -> Answer<CaseView> {
    counter.ask(move |desk| desk.receive_case(id(&case_id)?)).await
}

/// Does what the law attaches to a day that has passed.
#[tauri::command]
#[specta::specta]
pub(crate) async fn apply_deemed(counter: State<'_, Counter>, case_id: String) -> Answer<CaseView> {
    counter.ask(move |desk| desk.apply_deemed(id(&case_id)?)).await
}

/// Takes acceptance with papers outstanding back; a supervisor signs.
#[tauri::command]
#[specta::specta]
pub(crate) async fn revoke_acceptance(
    counter: State<'_, Counter>,
    case_id: String,
    reason: String,
    supervisor_no: String,
    supervisor_pin: String,
) -> Answer<CaseView> {
    counter
        .ask(move |desk| desk.revoke_acceptance(id(&case_id)?, &reason, &supervisor_no, &supervisor_pin))
        .await
}

/// Decides a matter at the window by mandate: granted, or refused with this reason.
#[tauri::command]
#[specta::specta]
pub(crate) async fn decide_here(counter: State<'_, Counter>, case_id: String, matter: String, refusal: Option<String>) -> Answer<CaseView> {
    counter
        .ask(move |desk| desk.decide_here(id(&case_id)?, &MatterId::new(matter), refusal.as_deref()))
        .await
}

/// Who acts for the applicant, or nobody any more.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_representative(counter: State<'_, Counter>, case_id: String, representative: Option<RepresentativeView>) -> Answer<CaseView> {
    counter.ask(move |desk| desk.set_representative(id(&case_id)?, representative.as_ref())).await
}

/// What the applicant needs at the counter.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_needs(counter: State<'_, Counter>, case_id: String, needs: Vec<String>) -> Answer<CaseView> {
    counter.ask(move |desk| desk.set_needs(id(&case_id)?, &needs)).await
}

/// A consent given by itself, or taken back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn give_consent(counter: State<'_, Counter>, case_id: String, consent: String, given: bool) -> Answer<CaseView> {
    counter.ask(move |desk| desk.give_consent(id(&case_id)?, &consent, given)).await
}

/// How satisfied the applicant is.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rate_case(counter: State<'_, Counter>, case_id: String, rating: RatingRequest) -> Answer<CaseView> {
    counter.ask(move |desk| desk.rate_case(id(&case_id)?, &rating)).await
}

/// Regions below another, for the picker of addresses.
#[tauri::command]
#[specta::specta]
pub(crate) async fn list_regions(counter: State<'_, Counter>, parent: Option<String>) -> Answer<Vec<RegionOffer>> {
    counter.ask(move |desk| desk.list_regions(parent.as_deref())).await
}
