//! The HTTP client for the centre. Every transport failure becomes one of a closed set of [`LinkFault`]s; anything that is not
//! exactly the centre's own answer (a captive portal's page, a redirect, a proxy's word) counts as no network.
//!
//! Absent on purpose: retries, order and priorities (crate `delivery`), files and time (crate `desk`).

use std::time::Duration;

use onewindow_wire::allotment::{Allotment, AllotmentRequest};
use onewindow_wire::branch::{BranchCase, BranchQueue};
use onewindow_wire::counter::{CounterKeysReply, CounterKeysRequest, EpochReply, PacketReceipt};
use onewindow_wire::department::{DecisionReply, DecisionRequest, WorkItem};
use onewindow_wire::enrolment::{EnrolReply, EnrolRequest, Roster};
use onewindow_wire::entries::{EntriesBatch, EntriesReceipt, PageReceipt, PagesAsked, PagesMissing};
use onewindow_wire::feed::Feed;
use onewindow_wire::licence::{KeyList, VerifyReply, VerifyRequest};
use onewindow_wire::{COUNTER_HEADER, Health, MAX_PAGE_BYTES, Problem, path};
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, redirect};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How long a connection may take.
const CONNECT: Duration = Duration::from_secs(4);
/// How long a small answer may take.
const ANSWER: Duration = Duration::from_secs(20);
/// How long a page may take: 8 KB/s for the largest page would be longer, such a line carries entries only.
const PAGE: Duration = Duration::from_secs(600);
/// How long a packet may take.
const PACKET: Duration = Duration::from_secs(3_600);
/// Largest JSON answer that is read.
const MAX_ANSWER_BYTES: usize = 8 * 1024 * 1024;

/// Why the centre did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum LinkFault {
    /// No answer: no network, no centre, a captive portal, a time-out.
    #[error("the centre does not answer")]
    Unreachable {
        /// Cause, when there is one.
        #[source]
        source: Option<reqwest::Error>,
    },
    /// The centre is there and asks to come back later.
    #[error("the centre is busy")]
    Busy {
        /// When it said so.
        retry_after_s: Option<u32>,
    },
    /// The counter's token is not accepted.
    #[error("the centre does not know this counter")]
    Unauthorised,
    /// The centre understood and refused.
    #[error("the centre refused: {code}")]
    Refused {
        /// Closed word of [`Problem`].
        code: String,
        /// For the log.
        detail: String,
        /// With `conflict` about entries: the first position at which the centre holds another one.
        at_seq: Option<u64>,
    },
    /// The address in the set-up is none.
    #[error("the centre's address is not usable")]
    Address,
}

/// A line to the centre.
#[derive(Debug, Clone)]
pub struct Link {
    client: Client,
    base: String,
    counter: String,
    token: Option<String>,
}

impl Link {
    /// A line to `base` for a counter; without a token only the public paths and enrolment work.
    ///
    /// # Errors
    /// [`LinkFault::Address`] when the address can not be used.
    pub fn new(base: &str, counter: &str, token: Option<String>) -> Result<Self, LinkFault> {
        let client = Client::builder()
            .connect_timeout(CONNECT)
            .redirect(redirect::Policy::none())
            .user_agent(concat!("onewindow/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| LinkFault::Address)?;
        let base = base.trim_end_matches('/').to_owned();
        reqwest::Url::parse(&base).map_err(|_| LinkFault::Address)?;
        Ok(Self {
            client,
            base,
            counter: counter.to_owned(),
            token,
        })
    }

    /// The same line with a token.
    #[must_use]
    pub fn with_token(mut self, token: String) -> Self {
        self.token = Some(token);
        self
    }

    /// Whether the centre is there.
    ///
    /// # Errors
    /// Any [`LinkFault`]; also when something else answers at the address.
    pub async fn health(&self) -> Result<Health, LinkFault> {
        let health: Health = self.get(path::HEALTH, ANSWER).await?;
        if health.service == "onewindow-central" {
            Ok(health)
        } else {
            Err(LinkFault::Unreachable { source: None })
        }
    }

    /// Makes the counter known by a one-time code.
    ///
    /// # Errors
    /// Any [`LinkFault`].
    pub async fn enrol(&self, request: &EnrolRequest) -> Result<EnrolReply, LinkFault> {
        self.post(path::ENROL, request, ANSWER).await
    }

    /// Sends journal entries.
    ///
    /// # Errors
    /// Any [`LinkFault`]; the entries may have arrived all the same.
    pub async fn send_entries(&self, batch: &EntriesBatch) -> Result<EntriesReceipt, LinkFault> {
        self.post(path::ENTRIES, batch, ANSWER).await
    }

    /// Which of these pages the centre lacks.
    ///
    /// # Errors
    /// Any [`LinkFault`].
    pub async fn pages_missing(&self, digests: Vec<String>) -> Result<Vec<String>, LinkFault> {
        let missing: PagesMissing = self.post(path::PAGES_MISSING, &PagesAsked { digests }, ANSWER).await?;
        Ok(missing.missing)
    }

    /// Sends the bytes of a page.
    ///
    /// # Errors
    /// Any [`LinkFault`]; [`LinkFault::Unreachable`] also when the centre names another digest.
    pub async fn send_page(&self, digest: &str, bytes: Vec<u8>) -> Result<PageReceipt, LinkFault> {
        let url = path::PAGE.replace("{digest}", digest);
        let request = self
            .request(Method::PUT, &url)
            .timeout(PAGE)
            .header(CONTENT_TYPE, "application/octet-stream")
            .body(bytes);
        let receipt: PageReceipt = answer(request).await?;
        if receipt.digest == digest {
            Ok(receipt)
        } else {
            Err(LinkFault::Unreachable { source: None })
        }
    }

    /// The keys that packets and recovery need.
    ///
    /// # Errors
    /// Any [`LinkFault`].
    pub async fn counter_keys(&self, request: &CounterKeysRequest) -> Result<CounterKeysReply, LinkFault> {
        self.post(path::COUNTER_KEYS, request, ANSWER).await
    }

    /// A new epoch, for a counter on which an old state was restored.
    ///
    /// # Errors
    /// Any [`LinkFault`].
    pub async fn next_epoch(&self) -> Result<EpochReply, LinkFault> {
        self.post(path::COUNTER_EPOCH, &(), ANSWER).await
    }

    /// Hands a case packet on.
    ///
    /// # Errors
    /// Any [`LinkFault`].
    pub async fn send_packet(&self, bytes: Vec<u8>) -> Result<PacketReceipt, LinkFault> {
        let request = self
            .request(Method::POST, path::PACKETS)
            .timeout(PACKET)
            .header(CONTENT_TYPE, "application/octet-stream")
            .body(bytes);
        answer(request).await
    }

    /// What the centre says after a position; waits up to `wait_s` for something new.
    ///
    /// # Errors
    /// Any [`LinkFault`].
    pub async fn feed(&self, after: u64, wait_s: u32) -> Result<Feed, LinkFault> {
        let url = format!("{}?after={after}&wait_s={wait_s}", path::FEED);
        self.get(&url, ANSWER + Duration::from_secs(u64::from(wait_s))).await
    }

    /// The queue of this counter's branch.
    ///
    /// # Errors
    /// Any [`LinkFault`].
    pub async fn branch(&self) -> Result<BranchQueue, LinkFault> {
        self.get(path::BRANCH, ANSWER).await
    }

    /// A case of this counter's branch.
    ///
    /// # Errors
    /// Any [`LinkFault`].
    pub async fn branch_case(&self, case: &str) -> Result<BranchCase, LinkFault> {
        self.get(&path::BRANCH_CASE.replace("{case}", case), ANSWER).await
    }

    /// The staff of this counter's branch.
    ///
    /// # Errors
    /// Any [`LinkFault`].
    pub async fn roster(&self) -> Result<Roster, LinkFault> {
        self.get(path::ROSTER, ANSWER).await
    }

    /// The bytes of a page that another counter of the branch sent; whoever asked compares them with the digest.
    ///
    /// # Errors
    /// Any [`LinkFault`]; [`LinkFault::Unreachable`] also for bytes longer than any page.
    pub async fn page(&self, digest: &str) -> Result<Vec<u8>, LinkFault> {
        let request = self.request(Method::GET, &path::PAGE.replace("{digest}", digest)).timeout(PAGE);
        let response = request.send().await.map_err(|source| LinkFault::Unreachable { source: Some(source) })?;
        let status = response.status();
        let bytes = bounded(response, MAX_PAGE_BYTES).await?;
        if status.is_success() { Ok(bytes) } else { Err(refusal(status, None, &bytes)) }
    }

    /// What waits for a department.
    ///
    /// # Errors
    /// Any [`LinkFault`].
    pub async fn work(&self, department: &str) -> Result<Vec<WorkItem>, LinkFault> {
        self.get(&path::WORK.replace("{department}", department), ANSWER).await
    }

    /// A department's decision.
    ///
    /// # Errors
    /// Any [`LinkFault`].
    pub async fn decide(&self, department: &str, decision: &DecisionRequest) -> Result<DecisionReply, LinkFault> {
        self.post(&path::DECISION.replace("{department}", department), decision, ANSWER).await
    }

    /// Keys for checking licences offline.
    ///
    /// # Errors
    /// Any [`LinkFault`].
    pub async fn keys(&self) -> Result<KeyList, LinkFault> {
        self.get(path::KEYS, ANSWER).await
    }

    /// What this counter may decide and sign by itself.
    ///
    /// # Errors
    /// Any [`LinkFault`].
    pub async fn allotment(&self, request: &AllotmentRequest) -> Result<Allotment, LinkFault> {
        self.post(path::ALLOTMENT, request, ANSWER).await
    }

    /// Asks the centre about a printed code.
    ///
    /// # Errors
    /// Any [`LinkFault`].
    pub async fn verify(&self, code: &str) -> Result<VerifyReply, LinkFault> {
        self.post(path::VERIFY, &VerifyRequest { code: code.to_owned() }, ANSWER).await
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self
            .client
            .request(method, format!("{}{path}", self.base))
            .header(COUNTER_HEADER, &self.counter);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    async fn get<T: DeserializeOwned>(&self, path: &str, patience: Duration) -> Result<T, LinkFault> {
        answer(self.request(Method::GET, path).timeout(patience)).await
    }

    async fn post<B: Serialize + ?Sized, T: DeserializeOwned>(&self, path: &str, body: &B, patience: Duration) -> Result<T, LinkFault> {
        answer(self.request(Method::POST, path).timeout(patience).json(body)).await
    }
}

/// Sends and takes only what is the centre's own answer.
async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, LinkFault> {
    let response = request.send().await.map_err(|source| LinkFault::Unreachable { source: Some(source) })?;
    let status = response.status();
    let retry_after_s = retry_after(&response);
    let is_json = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/json"));
    let body = bounded(response, MAX_ANSWER_BYTES).await?;
    if !is_json {
        return Err(refusal(status, retry_after_s, &[]));
    }
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(|_| LinkFault::Unreachable { source: None });
    }
    Err(refusal(status, retry_after_s, &body))
}

/// What an answer other than success means; a body that is no [`Problem`] was not written by the centre.
fn refusal(status: StatusCode, retry_after_s: Option<u32>, body: &[u8]) -> LinkFault {
    if status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::SERVICE_UNAVAILABLE {
        return LinkFault::Busy { retry_after_s };
    }
    match serde_json::from_slice::<Problem>(body) {
        Ok(problem) if problem.code == "unauthorised" => LinkFault::Unauthorised,
        Ok(problem) if problem.code == "busy" => LinkFault::Busy { retry_after_s },
        Ok(problem) => LinkFault::Refused {
            code: problem.code,
            detail: problem.detail,
            at_seq: problem.at_seq,
        },
        Err(_) => LinkFault::Unreachable { source: None },
    }
}

fn retry_after(response: &Response) -> Option<u32> {
    response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()
}

async fn bounded(mut response: Response, max_bytes: usize) -> Result<Vec<u8>, LinkFault> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|source| LinkFault::Unreachable { source: Some(source) })? {
        if body.len() + chunk.len() > max_bytes {
            return Err(LinkFault::Unreachable { source: None });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::{StatusCode, header};
    use axum::response::IntoResponse;
    use axum::routing::get;

    use super::*;

    async fn health_against(status: StatusCode, content_type: &'static str, body: &'static str) -> Result<Health, LinkFault> {
        let reply = move || async move { (status, [(header::CONTENT_TYPE, content_type)], body).into_response() };
        let router = Router::new().route(path::HEALTH, get(reply));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port on loopback");
        let base = format!("http://{}", listener.local_addr().expect("bound"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Link::new(&base, "330302-01-003", None).expect("a good address").health().await
    }

    #[tokio::test]
    async fn only_the_centres_own_answer_is_success() {
        let good = r#"{"service":"onewindow-central","version":1,"time_ms":1}"#;
        assert!(health_against(StatusCode::OK, "application/json", good).await.is_ok(), "the centre's own word");
        for (status, content_type, body) in [
            (StatusCode::OK, "text/html", "<html>sign in to this network</html>"),
            (StatusCode::OK, "application/json", r#"{"service":"portal","version":1,"time_ms":1}"#),
            (StatusCode::OK, "application/json", "{"),
            (StatusCode::FOUND, "text/html", ""),
            (StatusCode::PROXY_AUTHENTICATION_REQUIRED, "text/html", ""),
            (StatusCode::BAD_GATEWAY, "text/html", "bad gateway"),
        ] {
            let answer = health_against(status, content_type, body).await;
            assert!(
                matches!(answer, Err(LinkFault::Unreachable { .. })),
                "{status} {content_type} {body} is no word of the centre"
            );
        }
    }

    #[tokio::test]
    async fn refusals_keep_their_code() {
        let refused = health_against(StatusCode::CONFLICT, "application/json", r#"{"code":"conflict","detail":"other bytes"}"#).await;
        assert!(matches!(refused, Err(LinkFault::Refused { code, .. }) if code == "conflict"));
        let unknown = health_against(StatusCode::UNAUTHORIZED, "application/json", r#"{"code":"unauthorised","detail":""}"#).await;
        assert!(matches!(unknown, Err(LinkFault::Unauthorised)));
        let busy = health_against(StatusCode::SERVICE_UNAVAILABLE, "text/plain", "").await;
        assert!(matches!(busy, Err(LinkFault::Busy { .. })));
    }

    #[tokio::test]
    async fn nobody_there_is_unreachable() {
        let link = Link::new("http://127.0.0.1:9", "330302-01-003", None).expect("a good address");
        assert!(matches!(link.health().await, Err(LinkFault::Unreachable { .. })));
    }
}
