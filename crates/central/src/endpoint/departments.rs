//! Work and decisions of departments.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use onewindow_wire::department::{DecisionReply, DecisionRequest, WorkItem};
use onewindow_wire::{Problem, path};

use super::request::Wire;
use crate::access::DepartmentCaller;
use crate::centre::Centre;
use crate::fault::CentreFault;

/// Open matters of the department, those that came first first, at most 200.
#[utoipa::path(get, path = path::WORK, params(("department" = String, Path)), security(("token" = [])), responses(
    (status = 200, body = Vec<WorkItem>), (status = 401, body = Problem)
))]
pub(crate) async fn work(
    State(centre): State<Arc<Centre>>,
    caller: DepartmentCaller,
    Path(department): Path<String>,
) -> Result<Json<Vec<WorkItem>>, CentreFault> {
    is_its_own(&caller, &department)?;
    centre.work(&caller).await.map(Json)
}

/// Records a decision; sending it again changes nothing.
#[utoipa::path(post, path = path::DECISION, params(("department" = String, Path)), request_body = DecisionRequest, security(("token" = [])), responses(
    (status = 200, body = DecisionReply), (status = 400, body = Problem), (status = 401, body = Problem), (status = 404, body = Problem),
    (status = 409, body = Problem, description = "the matter is not open, or the id belongs to another decision")
))]
pub(crate) async fn decide(
    State(centre): State<Arc<Centre>>,
    caller: DepartmentCaller,
    Path(department): Path<String>,
    Wire(request): Wire<DecisionRequest>,
) -> Result<Json<DecisionReply>, CentreFault> {
    is_its_own(&caller, &department)?;
    centre.decide(&caller, &request).await.map(Json)
}

fn is_its_own(caller: &DepartmentCaller, department: &str) -> Result<(), CentreFault> {
    if caller.department.as_str() == department {
        Ok(())
    } else {
        Err(CentreFault::Unauthorised)
    }
}
