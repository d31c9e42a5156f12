//! Journal entries of a counter.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use onewindow_wire::entries::{EntriesBatch, EntriesReceipt};
use onewindow_wire::{Problem, path};

use super::request::Wire;
use crate::access::CounterCaller;
use crate::centre::Centre;
use crate::fault::CentreFault;

/// Keeps entries; sending them again changes nothing, an empty batch only asks what is here.
#[utoipa::path(post, path = path::ENTRIES, request_body = EntriesBatch, security(("token" = [], "counter" = [])), responses(
    (status = 200, body = EntriesReceipt),
    (status = 400, body = Problem, description = "bytes that are no entry"),
    (status = 401, body = Problem),
    (status = 409, body = Problem, description = "`chain_broken`: entries are missing or do not follow; `conflict`: another entry is there"),
    (status = 413, body = Problem)
))]
pub(crate) async fn receive(
    State(centre): State<Arc<Centre>>,
    caller: CounterCaller,
    Wire(batch): Wire<EntriesBatch>,
) -> Result<Json<EntriesReceipt>, CentreFault> {
    centre.ingest(&caller, &batch).await.map(Json)
}
