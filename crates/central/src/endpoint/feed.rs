//! The feed of a counter.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State};
use onewindow_wire::feed::Feed;
use onewindow_wire::{Problem, path};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::access::CounterCaller;
use crate::centre::Centre;
use crate::fault::CentreFault;

/// From where and how patiently.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Listening {
    /// Position after which to begin; 0 for everything.
    #[serde(default)]
    after: u64,
    /// Seconds to wait for something new, at most 25.
    #[serde(default)]
    wait_s: u32,
}

/// What the centre says after a position.
#[utoipa::path(get, path = path::FEED, params(Listening), security(("token" = [], "counter" = [])), responses(
    (status = 200, body = Feed), (status = 400, body = Problem), (status = 401, body = Problem),
    (status = 409, body = Problem, description = "the position was never given")
))]
pub(crate) async fn listen(State(centre): State<Arc<Centre>>, caller: CounterCaller, Query(listening): Query<Listening>) -> Result<Json<Feed>, CentreFault> {
    centre.feed(&caller.counter, listening.after, listening.wait_s).await.map(Json)
}
