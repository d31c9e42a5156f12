//! What endpoints take from a request: callers by their tokens, and JSON by the contract.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, StatusCode, header, request::Parts};
use axum::response::IntoResponse;
use onewindow_wire::COUNTER_HEADER;
use serde::de::DeserializeOwned;

use crate::access::{Caller, CounterCaller, DepartmentCaller};
use crate::centre::Centre;
use crate::fault::CentreFault;

/// The JSON body of a request.
pub(crate) struct Wire<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Wire<T> {
    type Rejection = CentreFault;

    async fn from_request(request: Request, state: &S) -> Result<Self, CentreFault> {
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| match rejection.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => CentreFault::TooLarge,
                _other => CentreFault::Malformed("body"),
            })?;
        serde_json::from_slice(&bytes).map(Self).map_err(|_| CentreFault::Malformed("JSON of the body"))
    }
}

impl FromRequestParts<Arc<Centre>> for CounterCaller {
    type Rejection = CentreFault;

    async fn from_request_parts(parts: &mut Parts, centre: &Arc<Centre>) -> Result<Self, CentreFault> {
        let counter = named_counter(&parts.headers).ok_or(CentreFault::Unauthorised)?;
        centre.counter_caller(token(&parts.headers)?, counter).await
    }
}

impl FromRequestParts<Arc<Centre>> for DepartmentCaller {
    type Rejection = CentreFault;

    async fn from_request_parts(parts: &mut Parts, centre: &Arc<Centre>) -> Result<Self, CentreFault> {
        centre.department_caller(token(&parts.headers)?).await
    }
}

impl FromRequestParts<Arc<Centre>> for Caller {
    type Rejection = CentreFault;

    async fn from_request_parts(parts: &mut Parts, centre: &Arc<Centre>) -> Result<Self, CentreFault> {
        let token = token(&parts.headers)?;
        if let Some(counter) = named_counter(&parts.headers) {
            match centre.counter_caller(token, counter).await {
                Ok(caller) => return Ok(Self::Counter(caller)),
                // The common client names itself in this header also when it speaks for a department.
                Err(CentreFault::Unauthorised) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(Self::Department(centre.department_caller(token).await?))
    }
}

fn token(headers: &HeaderMap) -> Result<&str, CentreFault> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.strip_prefix("Bearer ")).ok_or(CentreFault::Unauthorised)
}

fn named_counter(headers: &HeaderMap) -> Option<&str> {
    headers.get(COUNTER_HEADER)?.to_str().ok()
}
