//! Enrolment: a code, a token, the staff.

use onewindow_central::DemoFile;

use crate::stand::{FIRST, MONDAY_MS, SECOND, Stand, demo, refused};

#[tokio::test]
async fn an_enrolled_counter_knows_its_staff_and_keys() {
    let stand = Stand::start().await;
    let reply = stand.try_enrol(FIRST, &format!("code-{FIRST}")).await.unwrap();
    assert_eq!(reply.epoch, 1);
    assert_eq!(reply.roster.valid_until, "2026-12-07", "fourteen days");
    assert_eq!(reply.roster.staff.len(), 2, "only the staff of its branch");
    assert!(reply.roster.staff[0].pin_verifier.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    assert_eq!(reply.keys.keys.len(), 1);
    assert_eq!(reply.keys.keys[0].office, "云江市");
    assert_eq!(reply.keys.made_at_ms, MONDAY_MS);
}

#[tokio::test]
async fn enrolling_again_gives_a_new_token_and_the_same_or_the_next_epoch() {
    let stand = Stand::start().await;
    let first = stand.counter(FIRST).await;
    let mut second = stand.counter(FIRST).await;
    assert_eq!(first.epoch, second.epoch, "nothing was written under it");
    assert_eq!(first.send(&[]).await, Err(refused(401, "unauthorised")), "only the last token holds");
    second.note();
    second.send_all().await.unwrap();
    assert_eq!(stand.counter(FIRST).await.epoch, 2, "a new installation begins a new epoch");
}

#[tokio::test]
async fn wrong_codes_are_refused_and_soon_not_listened_to() {
    let stand = Stand::start().await;
    assert_eq!(
        stand.try_enrol(FIRST, &format!("code-{SECOND}")).await,
        Err(refused(401, "unauthorised")),
        "another counter's code"
    );
    for _ in 0..9 {
        assert_eq!(stand.try_enrol("330302-01-999", "guess").await, Err(refused(401, "unauthorised")));
    }
    assert_eq!(stand.try_enrol(FIRST, &format!("code-{FIRST}")).await, Err(refused(503, "busy")));
    stand.now_ms.fetch_add(61_000, std::sync::atomic::Ordering::Relaxed);
    assert!(stand.try_enrol(FIRST, &format!("code-{FIRST}")).await.is_ok());
}

#[tokio::test]
async fn seeding_again_changes_nothing() {
    let stand = Stand::start().await;
    let counter = stand.counter(FIRST).await;
    let before = stand.try_enrol(SECOND, &format!("code-{SECOND}")).await.unwrap().roster;
    let file: DemoFile = serde_json::from_value(demo("330302-01", &[FIRST, SECOND])).unwrap();
    stand.centre.seed_demo(&file).await.unwrap();
    assert_eq!(counter.send(&[]).await.unwrap().received_through, 0, "the token still holds");
    let after = stand.try_enrol(SECOND, &format!("code-{SECOND}")).await.unwrap().roster;
    assert_eq!(after, before, "and so do the verifiers");
}
