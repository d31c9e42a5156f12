//! Keys, epochs and packets of counters.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use onewindow_wire::counter::{CounterKeysReply, CounterKeysRequest, EpochReply, PacketReceipt};
use onewindow_wire::{Problem, path};

use super::request::Wire;
use crate::access::CounterCaller;
use crate::centre::Centre;
use crate::fault::CentreFault;

/// Gives a counter the keys it seals and exports with; asking again changes nothing.
#[utoipa::path(post, path = path::COUNTER_KEYS, request_body = CounterKeysRequest, security(("token" = [], "counter" = [])), responses(
    (status = 200, body = CounterKeysReply), (status = 400, body = Problem), (status = 401, body = Problem)
))]
pub(crate) async fn keys(
    State(centre): State<Arc<Centre>>,
    caller: CounterCaller,
    Wire(request): Wire<CounterKeysRequest>,
) -> Result<Json<CounterKeysReply>, CentreFault> {
    centre.counter_keys(&caller, &request).await.map(Json)
}

/// Gives a restored counter a new epoch.
#[utoipa::path(post, path = path::COUNTER_EPOCH, security(("token" = [], "counter" = [])), responses(
    (status = 200, body = EpochReply), (status = 401, body = Problem)
))]
pub(crate) async fn epoch(State(centre): State<Arc<Centre>>, caller: CounterCaller) -> Result<Json<EpochReply>, CentreFault> {
    centre.next_epoch(&caller).await.map(Json)
}

/// Takes a case packet of a counter of the caller's branch; sending it again changes nothing.
#[utoipa::path(post, path = path::PACKETS, request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    security(("token" = [], "counter" = [])), responses(
    (status = 200, body = PacketReceipt),
    (status = 400, body = Problem, description = "refused whole, with a reason"),
    (status = 401, body = Problem),
    (status = 409, body = Problem, description = "`chain_broken`: what comes before the packet is not here yet"),
    (status = 413, body = Problem)
))]
pub(crate) async fn packet(State(centre): State<Arc<Centre>>, caller: CounterCaller, body: Body) -> Result<Json<PacketReceipt>, CentreFault> {
    centre.receive_packet(&caller, body.into_data_stream()).await.map(Json)
}
