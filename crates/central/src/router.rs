//! The contract's paths over the endpoints, with their bounds: sizes, times, and how many requests are worked on at once.
//! Nothing of a request but its method, route and outcome is logged.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use onewindow_wire::path;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;

use crate::centre::Centre;
use crate::endpoint::{allotment, branch, counter, departments, entries, feed, pages, public, verify_page};
use crate::fault::CentreFault;
use crate::problem::speak_the_contract;

/// Largest JSON request: a full batch in base64 with room to spare.
const JSON_MAX_BYTES: usize = 1024 * 1024;
/// How long an ordinary request may take.
const ORDINARY: Duration = Duration::from_secs(30);
/// How long a page may take.
const PAGE: Duration = Duration::from_secs(600);
/// Ordinary requests that are worked on at once.
const ORDINARY_AT_ONCE: usize = 64;
/// Pages that travel at once.
const PAGES_AT_ONCE: usize = 32;
/// How long a packet may take: it is carried when the line is bad.
const PACKET: Duration = Duration::from_secs(3_600);
/// Packets that travel at once.
const PACKETS_AT_ONCE: usize = 4;
/// Counters that may wait for the feed at once.
const WAITING_AT_ONCE: usize = 2_000;

/// Everything that the contract names.
pub fn router(centre: Arc<Centre>) -> Router {
    let ordinary = Router::new()
        .route(path::HEALTH, get(public::health))
        .route(path::ENROL, post(public::enrol))
        .route(path::KEYS, get(public::keys))
        .route(path::VERIFY, post(public::verify))
        .route(path::VERIFY_PAGE, get(verify_page::show))
        .route(path::OPENAPI, get(public::contract))
        .route(path::ALLOTMENT, post(allotment::give))
        .route(path::ENTRIES, post(entries::receive))
        .route(path::COUNTER_KEYS, post(counter::keys))
        .route(path::COUNTER_EPOCH, post(counter::epoch))
        .route(path::PAGES_MISSING, post(pages::missing))
        .route(path::BRANCH, get(branch::queue))
        .route(path::BRANCH_CASE, get(branch::case))
        .route(path::ROSTER, get(branch::roster))
        .route(path::WORK, get(departments::work))
        .route(path::DECISION, post(departments::decide))
        .layer(RequestBodyLimitLayer::new(JSON_MAX_BYTES))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ORDINARY))
        .layer(gate(ORDINARY_AT_ONCE));
    let pages = Router::new()
        .route(path::PAGE, get(pages::give).head(pages::ask).put(pages::receive))
        .layer(DefaultBodyLimit::disable())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PAGE))
        .layer(gate(PAGES_AT_ONCE));
    let packets = Router::new()
        .route(path::PACKETS, post(counter::packet))
        .layer(DefaultBodyLimit::disable())
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, PACKET))
        .layer(gate(PACKETS_AT_ONCE));
    let waiting = Router::new()
        .route(path::FEED, get(feed::listen))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ORDINARY + ORDINARY))
        .layer(gate(WAITING_AT_ONCE));
    let trace = TraceLayer::new_for_http().make_span_with(|request: &Request| {
        let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
        tracing::info_span!("request", method = %request.method(), route)
    });
    Router::new()
        .merge(ordinary)
        .merge(pages)
        .merge(packets)
        .merge(waiting)
        .layer(middleware::map_response(speak_the_contract))
        .layer(trace)
        .fallback(|| async { CentreFault::Unknown("path") })
        .with_state(centre)
}

/// Serves the centre until `stop` is done; requests under way are finished, whoever waits for the feed is sent home.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, centre: Arc<Centre>, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    let closing = Arc::clone(&centre);
    let stop = async move {
        stop.await;
        closing.begin_closing();
    };
    axum::serve(listener, router(Arc::clone(&centre))).with_graceful_shutdown(stop).await?;
    centre.close().await;
    Ok(())
}

type Gate = middleware::FromFnLayer<GateFn, Arc<Semaphore>, (State<Arc<Semaphore>>, Request)>;
type GateFn = fn(State<Arc<Semaphore>>, Request, Next) -> std::pin::Pin<Box<dyn Future<Output = Result<Response, CentreFault>> + Send>>;

/// Lets so many requests in; the others are told to come back.
fn gate(at_once: usize) -> Gate {
    let pass: GateFn = |State(places), request, next| {
        Box::pin(async move {
            let _place = places.try_acquire().map_err(|_| CentreFault::Busy { retry_after_s: 2 })?;
            Ok(next.run(request).await)
        })
    };
    middleware::from_fn_with_state(Arc::new(Semaphore::new(at_once)), pass)
}
