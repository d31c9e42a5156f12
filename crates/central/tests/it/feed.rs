//! The feed: in order, without loss, on the centre's own word only.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use onewindow_case::event::{CaseEvent, MatterProgress};
use onewindow_journal::{CounterEvent, Event};
use onewindow_wire::feed::CentreWord;

use crate::stand::{FIRST, SECOND, Stand, refused};

#[tokio::test]
async fn received_is_said_when_entries_and_pages_are_durable() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let draft = counter.karaoke(b"page");
    let case = draft.id.to_string();
    counter.send_all().await.unwrap();
    assert_eq!(counter.words(&case).await, ["received 10"], "up to the entry before the page");
    assert_eq!(stand.waiting("SCJ").await, Vec::<String>::new(), "no department sees half a case");
    counter.put(b"page").await.unwrap();
    assert_eq!(
        counter.words(&case).await[1..],
        ["received 13", "business_licence with SCJ", "environment with HBJ"]
    );
}

#[tokio::test]
async fn pages_may_come_before_the_entries_that_name_them() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let draft = counter.karaoke(b"page");
    counter.put(b"page").await.unwrap();
    counter.send_all().await.unwrap();
    assert_eq!(counter.words(&draft.id.to_string()).await[0], "received 13");
}

#[tokio::test]
async fn echoes_of_the_centres_words_are_not_answered() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let mut draft = counter.karaoke(b"page");
    counter.put(b"page").await.unwrap();
    counter.send_all().await.unwrap();
    let said = counter.feed(0, 0).await.unwrap();
    let from = counter.entries.len();
    counter.add(
        &mut draft,
        CaseEvent::ReceivedByCentre {
            revision: 13,
            at_ms: said.time_ms,
        },
    );
    let moved = MatterProgress::WithDepartment {
        department: "SCJ".into(),
        due: None,
    };
    counter.add(
        &mut draft,
        CaseEvent::MatterMoved {
            matter: "business_licence".into(),
            to: moved,
        },
    );
    counter.write(None, Event::Counter(CounterEvent::FeedApplied { cursor: said.cursor }));
    assert_eq!(counter.send(&counter.entries[from..]).await.unwrap().received_through, counter.head.seq);
    assert_eq!(
        counter.feed(said.cursor, 0).await.unwrap().items,
        [],
        "or both would confirm to each other for ever"
    );
    counter.add(&mut draft, CaseEvent::SentBackSettled);
    counter.send(&counter.entries[from..]).await.unwrap();
    let more = counter.feed(said.cursor, 0).await.unwrap();
    assert_eq!(more.items[0].word, CentreWord::Received { revision: 16 });
}

#[tokio::test]
async fn whoever_waits_is_woken() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let began = Instant::now();
    assert_eq!(counter.feed(0, 1).await.unwrap().items, []);
    assert!(began.elapsed() >= Duration::from_millis(900), "nothing to say: the wait is kept");
    counter.karaoke(b"page");
    let (feed, sent) = tokio::join!(counter.feed(0, 20), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        counter.send_all().await
    });
    sent.unwrap();
    assert_eq!(feed.unwrap().items.len(), 1);
    assert!(began.elapsed() < Duration::from_secs(15), "the word comes at once, not after the wait");
}

#[tokio::test]
async fn a_position_that_was_never_given_is_a_conflict() {
    let stand = Stand::start().await;
    let counter = stand.counter(FIRST).await;
    assert_eq!(counter.feed(1, 0).await, Err(refused(409, "conflict")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn positions_rise_without_gaps_while_many_write() {
    const CASES: usize = 12;
    let stand = Stand::start().await;
    let counters = [stand.counter(FIRST).await, stand.counter(SECOND).await];
    let readers: Vec<_> = counters
        .iter()
        .map(|counter| {
            let counter = crate::counter::Counter::new(&stand.url, counter.id.clone(), counter.token.clone(), counter.epoch);
            tokio::spawn(async move {
                let (mut cursor, mut received, mut seen) = (0, BTreeSet::new(), Vec::new());
                while received.len() < CASES {
                    let feed = counter.feed(cursor, 5).await.unwrap();
                    for item in feed.items {
                        seen.push(item.cursor);
                        if let CentreWord::WithDepartment { .. } = item.word {
                            received.insert(item.case);
                        }
                    }
                    cursor = feed.cursor;
                }
                seen
            })
        })
        .collect();
    let writers = counters.into_iter().map(|mut counter| async move {
        for at in 0..CASES {
            let from = counter.entries.len();
            let page = format!("{} {at}", counter.id).into_bytes();
            counter.karaoke(&page);
            let (sent, put) = tokio::join!(counter.send(&counter.entries[from..]), counter.put(&page));
            sent.unwrap();
            put.unwrap();
        }
    });
    futures::future::join_all(writers).await;
    for reader in readers {
        let seen = tokio::time::timeout(Duration::from_secs(60), reader)
            .await
            .expect("every word arrives")
            .unwrap();
        assert!(seen.iter().copied().eq(1..=seen.len() as u64), "{seen:?}");
    }
}
