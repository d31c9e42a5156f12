//! What counters of one branch may know of each other.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use onewindow_wire::branch::{BranchCase, BranchQueue};
use onewindow_wire::enrolment::Roster;
use onewindow_wire::{Problem, path};

use crate::access::CounterCaller;
use crate::centre::Centre;
use crate::fault::CentreFault;

/// The queue of the branch.
#[utoipa::path(get, path = path::BRANCH, security(("token" = [], "counter" = [])), responses(
    (status = 200, body = BranchQueue), (status = 401, body = Problem)
))]
pub(crate) async fn queue(State(centre): State<Arc<Centre>>, caller: CounterCaller) -> Result<Json<BranchQueue>, CentreFault> {
    centre.branch_queue(&caller).await.map(Json)
}

/// A case of the branch.
#[utoipa::path(get, path = path::BRANCH_CASE, params(("case" = String, Path)), security(("token" = [], "counter" = [])), responses(
    (status = 200, body = BranchCase), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem)
))]
pub(crate) async fn case(State(centre): State<Arc<Centre>>, caller: CounterCaller, Path(case): Path<String>) -> Result<Json<BranchCase>, CentreFault> {
    centre.branch_case(&caller, &case).await.map(Json)
}

/// The staff of the branch as of now.
#[utoipa::path(get, path = path::ROSTER, security(("token" = [], "counter" = [])), responses(
    (status = 200, body = Roster), (status = 401, body = Problem)
))]
pub(crate) async fn roster(State(centre): State<Arc<Centre>>, caller: CounterCaller) -> Result<Json<Roster>, CentreFault> {
    centre.roster(&caller).await.map(Json)
}
