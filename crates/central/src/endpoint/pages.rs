//! Pages, named by the SHA-256 of their bytes.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use onewindow_wire::entries::{PageReceipt, PagesAsked, PagesMissing};
use onewindow_wire::{MAX_PAGE_BYTES, Problem, path};

use super::request::Wire;
use crate::access::{Caller, CounterCaller};
use crate::centre::Centre;
use crate::fault::CentreFault;

const BYTES: [(header::HeaderName, &str); 3] = [
    (header::CONTENT_TYPE, "application/octet-stream"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::CACHE_CONTROL, "no-store"),
];

/// Which of these pages the centre lacks.
#[utoipa::path(post, path = path::PAGES_MISSING, request_body = PagesAsked, security(("token" = [], "counter" = [])), responses(
    (status = 200, body = PagesMissing), (status = 400, body = Problem), (status = 401, body = Problem), (status = 413, body = Problem)
))]
pub(crate) async fn missing(
    State(centre): State<Arc<Centre>>,
    caller: CounterCaller,
    Wire(asked): Wire<PagesAsked>,
) -> Result<Json<PagesMissing>, CentreFault> {
    centre.missing_pages(&caller, &asked).await.map(Json)
}

/// Keeps a page; sending it again changes nothing.
#[utoipa::path(put, path = path::PAGE, params(("digest" = String, Path, description = "SHA-256 in hex")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), security(("token" = [], "counter" = [])), responses(
    (status = 200, body = PageReceipt, description = "the page is durable"),
    (status = 400, body = Problem, description = "other bytes than the digest names"), (status = 401, body = Problem), (status = 413, body = Problem)
))]
pub(crate) async fn receive(
    State(centre): State<Arc<Centre>>,
    caller: CounterCaller,
    Path(digest): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<PageReceipt>, CentreFault> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|bytes| bytes > MAX_PAGE_BYTES) {
        return Err(CentreFault::TooLarge);
    }
    centre.receive_page(&caller, &digest, body.into_data_stream()).await.map(Json)
}

/// Gives a page to a counter of its branch or to a department that has a matter of its case.
#[utoipa::path(get, path = path::PAGE, params(("digest" = String, Path, description = "SHA-256 in hex")), security(("token" = [])), responses(
    (status = 200, body = Vec<u8>, content_type = "application/octet-stream"), (status = 401, body = Problem), (status = 404, body = Problem)
))]
pub(crate) async fn give(State(centre): State<Arc<Centre>>, caller: Caller, Path(digest): Path<String>) -> Result<Response, CentreFault> {
    let bytes = centre.page(&caller, &digest).await?;
    Ok((BYTES, bytes).into_response())
}

/// Whether the centre holds a page.
#[utoipa::path(head, path = path::PAGE, params(("digest" = String, Path, description = "SHA-256 in hex")), security(("token" = [])), responses(
    (status = 200, description = "held; the length is the page's"), (status = 401), (status = 404)
))]
pub(crate) async fn ask(State(centre): State<Arc<Centre>>, caller: Caller, Path(digest): Path<String>) -> Result<Response, CentreFault> {
    let size = centre.page_size(&caller, &digest).await?;
    Ok((BYTES, [(header::CONTENT_LENGTH, size.to_string())]).into_response())
}
