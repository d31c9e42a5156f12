//! Paths without a token: health, enrolment by code, keys, verification, the contract itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use onewindow_wire::enrolment::{EnrolReply, EnrolRequest};
use onewindow_wire::licence::{KeyList, VerifyReply, VerifyRequest};
use onewindow_wire::{Health, Problem, VERSION, path};

use super::request::Wire;
use crate::centre::Centre;
use crate::fault::CentreFault;

/// The centre is there.
#[utoipa::path(get, path = path::HEALTH, responses((status = 200, body = Health)))]
pub(crate) async fn health(State(centre): State<Arc<Centre>>) -> Json<Health> {
    Json(Health {
        service: "onewindow-central".to_owned(),
        version: VERSION,
        time_ms: centre.clock.now_ms(),
    })
}

/// Makes a counter known by a one-time code.
#[utoipa::path(post, path = path::ENROL, request_body = EnrolRequest, responses(
    (status = 200, body = EnrolReply),
    (status = 401, body = Problem, description = "unknown counter, wrong or spent code"),
    (status = 503, body = Problem, description = "too many wrong codes")
))]
pub(crate) async fn enrol(State(centre): State<Arc<Centre>>, Wire(request): Wire<EnrolRequest>) -> Result<Json<EnrolReply>, CentreFault> {
    centre.enrol(&request).await.map(Json)
}

/// Keys and revoked licences.
#[utoipa::path(get, path = path::KEYS, responses((status = 200, body = KeyList)))]
pub(crate) async fn keys(State(centre): State<Arc<Centre>>) -> Result<Json<KeyList>, CentreFault> {
    let mut view = centre.database.view().await?;
    centre.key_list(&mut view).await.map(Json)
}

/// Whether a printed code holds.
#[utoipa::path(post, path = path::VERIFY, request_body = VerifyRequest, responses((status = 200, body = VerifyReply)))]
pub(crate) async fn verify(State(centre): State<Arc<Centre>>, Wire(request): Wire<VerifyRequest>) -> Result<Json<VerifyReply>, CentreFault> {
    centre.verify_code(&request.code).await.map(Json)
}

/// This contract.
#[utoipa::path(get, path = path::OPENAPI, responses((status = 200, description = "OpenAPI 3.1 in JSON")))]
pub(crate) async fn contract() -> Json<utoipa::openapi::OpenApi> {
    Json(crate::openapi::openapi())
}
