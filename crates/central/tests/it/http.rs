//! The edges: unknown paths, wrong methods, broken bodies, the end of the service.

use std::time::{Duration, Instant};

use onewindow_wire::{Health, path};
use reqwest::Method;

use crate::stand::{FIRST, MONDAY_MS, Stand, answer, refused};

#[tokio::test]
async fn the_centre_says_who_it_is() {
    let stand = Stand::start().await;
    let health: Health = answer(stand.client.get(stand.at(path::HEALTH)).send().await.unwrap()).await.unwrap();
    assert_eq!(
        health,
        Health {
            service: "onewindow-central".to_owned(),
            version: 1,
            time_ms: MONDAY_MS
        }
    );
}

#[tokio::test]
async fn every_refusal_is_a_problem_in_json() {
    let stand = Stand::start().await;
    let check = async |method: Method, path: &str, body: &'static str, status: u16, code: &str| {
        let response = stand.client.request(method.clone(), stand.at(path)).body(body).send().await.unwrap();
        assert_eq!(answer::<()>(response).await, Err(refused(status, code)), "{method} {path}");
    };
    check(Method::GET, "/", "", 404, "unknown").await;
    check(Method::GET, "/v1/nothing", "", 404, "unknown").await;
    check(Method::DELETE, path::HEALTH, "", 405, "unknown").await;
    check(Method::POST, path::ENROL, "{", 400, "malformed").await;
    check(Method::POST, path::ENROL, "{}", 400, "malformed").await;
    check(Method::POST, path::VERIFY, "[]", 400, "malformed").await;
    check(Method::POST, path::ENTRIES, "{}", 401, "unauthorised").await;
    check(Method::GET, path::FEED, "", 401, "unauthorised").await;
    check(Method::GET, "/v1/departments/SCJ/work", "", 401, "unauthorised").await;
    check(Method::PUT, "/v1/pages/00", "x", 401, "unauthorised").await;
    let counter = stand.counter(FIRST).await;
    let url = stand.at("/v1/feed?after=minus-one");
    let response = stand
        .client
        .get(url)
        .bearer_auth(&counter.token)
        .header("x-onewindow-counter", FIRST)
        .send()
        .await
        .unwrap();
    assert_eq!(answer::<()>(response).await, Err(refused(400, "malformed")));
}

#[tokio::test]
async fn more_than_any_message_is_not_read() {
    let stand = Stand::start().await;
    // The centre may hang up before everything was sent.
    if let Ok(response) = stand.client.post(stand.at(path::VERIFY)).body("A".repeat(2 * 1024 * 1024)).send().await {
        assert_eq!(answer::<()>(response).await, Err(refused(413, "too_large")));
    }
}

#[tokio::test]
async fn the_contract_is_served() {
    let stand = Stand::start().await;
    let document: serde_json::Value = answer(stand.client.get(stand.at(path::OPENAPI)).send().await.unwrap()).await.unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    for path in [path::ENTRIES, path::PAGE, path::FEED, path::DECISION, path::VERIFY] {
        assert!(document["paths"][path].is_object(), "{path}");
    }
    for schema in ["EntriesBatch", "CentreWord", "WorkItem", "Problem", "KeyList"] {
        assert!(document["components"]["schemas"][schema].is_object(), "{schema}");
    }
}

#[tokio::test]
async fn the_end_of_the_service_sends_those_home_who_wait() {
    let stand = Stand::start().await;
    let counter = stand.counter(FIRST).await;
    let waiting = tokio::spawn(async move { counter.feed(0, 25).await });
    tokio::time::sleep(Duration::from_millis(500)).await;
    let began = Instant::now();
    stand.stop().await;
    assert!(began.elapsed() < Duration::from_secs(8), "nobody is waited for");
    assert_eq!(waiting.await.unwrap().unwrap().items, [], "and whoever waited got an answer");
}
