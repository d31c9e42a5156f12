//! Faults as HTTP answers: a status and the contract's [`Problem`] in JSON, also where a layer or the router said no.
//! Absent on purpose: causes. They go to the log; a caller gets the closed word.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use onewindow_wire::Problem;

use crate::fault::CentreFault;

impl IntoResponse for CentreFault {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Packet(_) => StatusCode::BAD_REQUEST,
            _others => status_of(self.code()),
        };
        if status.is_server_error() && status != StatusCode::SERVICE_UNAVAILABLE {
            log_chain(&self);
        }
        let retry_after_s = match &self {
            Self::Busy { retry_after_s } => Some(*retry_after_s),
            _others => None,
        };
        let at_seq = match &self {
            Self::Forked { at_seq } => Some(*at_seq),
            _others => None,
        };
        let said = Problem {
            code: self.code().to_owned(),
            detail: self.to_string(),
            at_seq,
        };
        problem(status, said, retry_after_s)
    }
}

/// Puts the contract's words where a layer or the router answered with its own.
pub(crate) async fn speak_the_contract(response: Response) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let is_json = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    if is_json {
        return response;
    }
    let code = match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => "unknown",
        StatusCode::PAYLOAD_TOO_LARGE => "too_large",
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "unauthorised",
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => "busy",
        other if other.is_client_error() => "malformed",
        _server => "defect",
    };
    let said = Problem {
        code: code.to_owned(),
        detail: String::new(),
        at_seq: None,
    };
    problem(status, said, None)
}

fn problem(status: StatusCode, said: Problem, retry_after_s: Option<u32>) -> Response {
    let mut response = (status, Json(said)).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, HeaderValue::from(retry_after_s.unwrap_or(2)));
    }
    response
}

fn status_of(code: &str) -> StatusCode {
    match code {
        "unauthorised" => StatusCode::UNAUTHORIZED,
        "malformed" => StatusCode::BAD_REQUEST,
        "chain_broken" | "conflict" => StatusCode::CONFLICT,
        "too_large" => StatusCode::PAYLOAD_TOO_LARGE,
        "busy" => StatusCode::SERVICE_UNAVAILABLE,
        "unknown" => StatusCode::NOT_FOUND,
        _defect => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The whole chain of causes, once.
fn log_chain(fault: &CentreFault) {
    let mut causes = Vec::new();
    let mut cause = std::error::Error::source(fault);
    while let Some(next) = cause {
        causes.push(next.to_string());
        cause = next.source();
    }
    tracing::error!(fault = %fault, causes = ?causes, "a request failed");
}
