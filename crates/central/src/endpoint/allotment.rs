//! What a counter may decide and sign by itself.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use onewindow_wire::allotment::{Allotment, AllotmentRequest};
use onewindow_wire::{Problem, path};

use super::request::Wire;
use crate::access::CounterCaller;
use crate::centre::Centre;
use crate::fault::CentreFault;

/// Blocks of numbers and the counter's key; asking again tops up and changes nothing else.
#[utoipa::path(post, path = path::ALLOTMENT, request_body = AllotmentRequest, security(("token" = [], "counter" = [])), responses(
    (status = 200, body = Allotment),
    (status = 400, body = Problem, description = "no public key"),
    (status = 401, body = Problem)
))]
pub(crate) async fn give(
    State(centre): State<Arc<Centre>>,
    caller: CounterCaller,
    Wire(request): Wire<AllotmentRequest>,
) -> Result<Json<Allotment>, CentreFault> {
    centre.allot(&caller, &request.public_key).await.map(Json)
}
