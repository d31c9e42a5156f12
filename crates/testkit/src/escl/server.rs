//! The HTTP face: the protocol's resources and `/control/...`, by which a test in another process loads sheets and
//! sets faults.
//!
//! | request | does |
//! |---|---|
//! | `POST /control/feeder` | JSON `{"paths": [..]}` or one picture as the body: lays pages in |
//! | `POST /control/glass` | the same, one page, in place of what lies there |
//! | `POST /control/fault` | a [`Fault`] as JSON, e.g. `{"fault":"jam-after","pages":2}` |
//! | `POST /control/clear` | clears jam and script; `?all` also takes out every sheet |
//! | `GET /control/state` | a [`TrayState`](super::TrayState) |

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use serde::Deserialize;
use tokio::sync::oneshot;

use super::documents;
use super::exposure::expose;
use super::tray::{Draw, NextPage, Sheet};
use super::{Fault, SharedTray};

/// Largest picture taken in one request.
const PICTURE_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Pictures taken in one request by path.
const PATHS_MAX: usize = 500;
/// A page is sent in pieces of this size, so that faults can strike in mid-page.
const PIECE_BYTES: usize = 64 * 1024;
/// Pieces a second when dripping.
const DRIPS_PER_S: u32 = 20;
/// How often a slow page looks whether its job was given up.
const CANCEL_LOOK: Duration = Duration::from_millis(20);

/// Serves until told to stop.
pub(super) async fn serve(listener: std::net::TcpListener, tray: SharedTray, stopped: oneshot::Receiver<()>) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let escl = Router::new()
        .route("/eSCL/ScannerCapabilities", get(get_capabilities))
        .route("/eSCL/ScannerStatus", get(get_status))
        .route("/eSCL/ScanJobs", post(open_job))
        .route("/eSCL/ScanJobs/{id}", axum::routing::delete(cancel_job))
        .route("/eSCL/ScanJobs/{id}/NextDocument", get(next_document))
        .layer(middleware::from_fn_with_state(tray.clone(), refuse_when_out_of_order));
    let control = Router::new()
        .route("/control/feeder", post(load_feeder))
        .route("/control/glass", post(put_on_glass))
        .route("/control/fault", post(script_fault))
        .route("/control/clear", post(clear))
        .route("/control/state", get(get_state))
        .layer(DefaultBodyLimit::max(PICTURE_BYTES_MAX));
    let router = escl.merge(control).with_state(tray);
    // A client that never hangs up must not keep the scanner from stopping: the select drops open connections.
    tokio::select! {
        served = axum::serve(listener, router) => served,
        _ = stopped => Ok(()),
    }
}

async fn refuse_when_out_of_order(State(tray): State<SharedTray>, request: axum::extract::Request, next: middleware::Next) -> Response {
    if tray.lock().is_out_of_order() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    next.run(request).await
}

fn come_back(retry_after_s: u32) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, retry_after_s.to_string())]).into_response()
}

fn xml(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/xml")], text).into_response()
}

async fn get_capabilities(State(tray): State<SharedTray>) -> Response {
    let mut tray = tray.lock();
    match tray.refuse_capabilities() {
        Some(retry_after_s) => come_back(retry_after_s),
        None => xml(documents::capabilities(&tray.device)),
    }
}

async fn get_status(State(tray): State<SharedTray>) -> Response {
    let mut tray = tray.lock();
    let state = match (tray.is_warming_up(), tray.is_working()) {
        (true, _) => "Testing",
        (false, true) => "Processing",
        (false, false) => "Idle",
    };
    let adf = tray.device.feeder.map(|_| tray.adf_state());
    xml(documents::status(state, adf, tray.jobs()))
}

async fn open_job(State(tray): State<SharedTray>, body: String) -> Response {
    let mut tray = tray.lock();
    let Some(settings) = documents::parse_scan_settings(&body, &tray.device) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if let Some(retry_after_s) = tray.refuse_job() {
        return come_back(retry_after_s);
    }
    let from_feeder = settings.from_feeder;
    let busy = tray.is_working();
    match tray.open_job(settings) {
        Some(id) => (StatusCode::CREATED, [(header::LOCATION, format!("/eSCL/ScanJobs/{id}"))]).into_response(),
        None if from_feeder && !busy => StatusCode::CONFLICT.into_response(),
        None => come_back(1),
    }
}

async fn cancel_job(State(tray): State<SharedTray>, Path(id): Path<String>) -> StatusCode {
    if tray.lock().cancel_job(&id) { StatusCode::OK } else { StatusCode::NOT_FOUND }
}

async fn next_document(State(tray): State<SharedTray>, Path(id): Path<String>) -> Response {
    let next = tray.lock().next_page(&id);
    match next {
        NextPage::Page(draw) => {
            let arrival = Arrival { tray, id };
            match scan(&draw, &arrival).await {
                Ok(Some(jpeg)) => send(jpeg, draw.fault, arrival),
                Ok(None) => StatusCode::NOT_FOUND.into_response(),
                Err(error) => {
                    tracing::error!(%error, "a sheet cannot be scanned");
                    StatusCode::INTERNAL_SERVER_ERROR.into_response()
                }
            }
        }
        NextPage::NoMore => StatusCode::NOT_FOUND.into_response(),
        NextPage::Gone => StatusCode::GONE.into_response(),
        NextPage::Busy => come_back(1),
        NextPage::Blocked => StatusCode::CONFLICT.into_response(),
    }
}

/// Marks a page as gone when its last byte has been taken or the connection is dropped.
struct Arrival {
    tray: SharedTray,
    id: String,
}

impl Arrival {
    fn is_cancelled(&self) -> bool {
        self.tray.lock().is_cancelled(&self.id)
    }
}

impl Drop for Arrival {
    fn drop(&mut self) {
        self.tray.lock().page_gone(&self.id);
    }
}

/// The page as JPEG; `None` when the client gives the job up meanwhile.
async fn scan(draw: &Draw, arrival: &Arrival) -> anyhow::Result<Option<Vec<u8>>> {
    let mut settings = draw.settings.clone();
    match draw.fault {
        Some(Fault::WrongDpi { dpi }) => settings.dpi = dpi.clamp(30, 1200),
        Some(Fault::PageDelay { delay_ms }) => {
            let until = tokio::time::Instant::now() + Duration::from_millis(delay_ms);
            while tokio::time::Instant::now() < until {
                if arrival.is_cancelled() {
                    return Ok(None);
                }
                tokio::time::sleep(CANCEL_LOOK.min(until - tokio::time::Instant::now())).await;
            }
        }
        _ => {}
    }
    let sheet = draw.sheet.clone();
    let jpeg = tokio::task::spawn_blocking(move || expose(&sheet.picture, &settings)).await??;
    Ok(Some(jpeg))
}

/// Sends a page with the fault that spoils it, if any.
fn send(mut jpeg: Vec<u8>, fault: Option<Fault>, arrival: Arrival) -> Response {
    let mut announced = jpeg.len();
    let mut cut = false;
    let mut pause = Duration::ZERO;
    let mut piece = PIECE_BYTES;
    match fault {
        Some(Fault::CutInPage { .. }) => {
            jpeg.truncate(announced / 3);
            cut = true;
        }
        Some(Fault::WrongLength { .. }) => {
            announced += 1000;
            cut = true;
        }
        Some(Fault::TruncatedPage { .. }) => {
            jpeg.truncate(announced / 2);
            announced = jpeg.len();
        }
        Some(Fault::SlowDrip { bytes_per_s }) => {
            piece = (bytes_per_s / DRIPS_PER_S).max(1) as usize;
            pause = Duration::from_secs(1) / DRIPS_PER_S;
        }
        _ => {}
    }
    let stream = futures::stream::unfold((Bytes::from(jpeg), cut, arrival), move |(mut rest, cut, arrival)| async move {
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
        if rest.is_empty() || arrival.is_cancelled() {
            // A job given up in mid-page ends like a cut: the device stops sending.
            let cut = cut || !rest.is_empty();
            // An error in the stream makes the server drop the connection, which is the fault wanted here.
            return cut.then(|| (Err(io::Error::other("cut by script")), (Bytes::new(), false, arrival)));
        }
        let sent = rest.split_to(piece.min(rest.len()));
        Some((Ok(sent), (rest, cut, arrival)))
    });
    let headers = [(header::CONTENT_TYPE, "image/jpeg".to_owned()), (header::CONTENT_LENGTH, announced.to_string())];
    (headers, Body::from_stream(stream)).into_response()
}

/// Pages by path, for a test that shares the file system.
#[derive(Debug, Deserialize)]
struct Paths {
    paths: Vec<std::path::PathBuf>,
}

/// Pages of a control request: the files its JSON names, or its body as one picture.
async fn pages_of(headers: &HeaderMap, body: Bytes) -> Result<Vec<Vec<u8>>, (StatusCode, String)> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Ok(vec![body.to_vec()]);
    }
    let refuse = |error: String| (StatusCode::BAD_REQUEST, error);
    let paths: Paths = serde_json::from_slice(&body).map_err(|error| refuse(error.to_string()))?;
    if paths.paths.len() > PATHS_MAX {
        return Err(refuse(format!("more than {PATHS_MAX} paths")));
    }
    let mut pages = Vec::with_capacity(paths.paths.len());
    for path in &paths.paths {
        let read = tokio::fs::read(path).await;
        pages.push(read.map_err(|error| refuse(format!("{}: {error}", path.display())))?);
    }
    Ok(pages)
}

async fn load_feeder(State(tray): State<SharedTray>, headers: HeaderMap, body: Bytes) -> Response {
    match pages_of(&headers, body).await {
        Ok(pages) => {
            let mut tray = tray.lock();
            tray.feeder.extend(pages.into_iter().map(Sheet::new));
            Json(tray.state()).into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

async fn put_on_glass(State(tray): State<SharedTray>, headers: HeaderMap, body: Bytes) -> Response {
    match pages_of(&headers, body).await {
        Ok(pages) => {
            let mut tray = tray.lock();
            tray.glass = pages.into_iter().next().map(Sheet::new);
            Json(tray.state()).into_response()
        }
        Err(refusal) => refusal.into_response(),
    }
}

async fn script_fault(State(tray): State<SharedTray>, Json(fault): Json<Fault>) -> Response {
    let mut tray = tray.lock();
    tray.script(Some(fault));
    Json(tray.state()).into_response()
}

async fn clear(State(tray): State<SharedTray>, RawQuery(query): RawQuery) -> Response {
    let mut tray = tray.lock();
    tray.script(None);
    if query.as_deref() == Some("all") {
        tray.take_out();
    }
    Json(tray.state()).into_response()
}

async fn get_state(State(tray): State<SharedTray>) -> Response {
    Json(tray.lock().state()).into_response()
}
