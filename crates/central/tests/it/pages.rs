//! Pages: durable under their digest, for those who may see them.

use reqwest::Method;

use crate::counter::digest_of;
use crate::stand::{ELSEWHERE, FIRST, SECOND, Stand, answer, refused};

#[tokio::test]
async fn a_page_sent_again_changes_nothing() {
    let stand = Stand::start().await;
    let counter = stand.counter(FIRST).await;
    let page = vec![7; 300_000];
    assert_eq!(counter.missing(&[digest_of(&page)]).await, [digest_of(&page).to_string()]);
    let receipt = counter.put(&page).await.unwrap();
    assert_eq!((receipt.digest, receipt.size), (digest_of(&page).to_string(), 300_000));
    assert_eq!(counter.put(&page).await.unwrap().size, 300_000);
    assert_eq!(
        counter.missing(&[digest_of(&page), digest_of(b"other")]).await,
        [digest_of(b"other").to_string()]
    );
    let given = counter.page_request(Method::GET, &digest_of(&page)).send().await.unwrap();
    assert_eq!(given.bytes().await.unwrap(), page);
    let asked = counter.page_request(Method::HEAD, &digest_of(&page)).send().await.unwrap();
    assert_eq!((asked.status().as_u16(), asked.headers()["content-length"].to_str().unwrap()), (200, "300000"));
}

#[tokio::test]
async fn bytes_under_a_wrong_name_are_not_kept() {
    let stand = Stand::start().await;
    let counter = stand.counter(FIRST).await;
    let digest = digest_of(b"right");
    assert_eq!(counter.put_as(&digest, b"wrong").await, Err(refused(400, "malformed")));
    assert_eq!(counter.missing(&[digest]).await.len(), 1);
    let asked = counter.page_request(Method::HEAD, &digest).send().await.unwrap();
    assert_eq!(asked.status().as_u16(), 404);
    let url = stand.at("/v1/pages/abc");
    let request = stand.client.put(url).bearer_auth(&counter.token).header("x-onewindow-counter", FIRST).body("x");
    assert_eq!(answer::<()>(request.send().await.unwrap()).await, Err(refused(400, "malformed")), "no digest");
}

#[tokio::test]
async fn a_page_beyond_the_bound_is_refused() {
    let stand = Stand::start().await;
    let counter = stand.counter(FIRST).await;
    let page = vec![0; onewindow_wire::MAX_PAGE_BYTES + 1];
    let digest = digest_of(&page);
    // The centre may hang up before everything was sent; either way nothing is kept.
    if let Ok(response) = counter.page_request(Method::PUT, &digest).body(page).send().await {
        assert_eq!(answer::<()>(response).await, Err(refused(413, "too_large")));
    }
    assert_eq!(counter.missing(&[digest]).await.len(), 1);
}

#[tokio::test]
async fn pages_are_seen_by_their_branch_and_the_departments_of_their_case() {
    let stand = Stand::start().await;
    let mut first = stand.counter(FIRST).await;
    let (second, elsewhere) = (stand.counter(SECOND).await, stand.counter(ELSEWHERE).await);
    let page = b"a floor plan".repeat(50);
    let digest = digest_of(&page);
    let status = async |department: &str| {
        let url = stand.at(&onewindow_wire::path::PAGE.replace("{digest}", &digest.to_string()));
        stand
            .client
            .get(url)
            .bearer_auth(format!("token-{department}"))
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    first.karaoke(&page);
    first.put(&page).await.unwrap();
    assert_eq!(status("SCJ").await, 404, "no case names it yet");
    first.send_all().await.unwrap();
    assert_eq!(
        second.page_request(Method::GET, &digest).send().await.unwrap().status().as_u16(),
        200,
        "the same branch"
    );
    assert_eq!(
        elsewhere.page_request(Method::GET, &digest).send().await.unwrap().status().as_u16(),
        404,
        "another branch"
    );
    assert_eq!(elsewhere.missing(&[digest]).await.len(), 1, "a digest alone tells nobody that a page exists");
    assert_eq!(
        (status("SCJ").await, status("HBJ").await),
        (200, 200),
        "departments that have a matter of the case"
    );
    assert_eq!(status("WGL").await, 404, "its matters have not started");
    assert_eq!(status("nobody").await, 401);
}
