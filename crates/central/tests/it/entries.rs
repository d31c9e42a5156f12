//! Entries: kept once, in order, unchanged.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use onewindow_case::event::CaseEvent;
use onewindow_case::ids::{CaseId, FieldKey};
use onewindow_journal::{Event, Head};
use onewindow_wire::entries::EntryBytes;
use uuid::Uuid;

use crate::counter::{Draft, KARAOKE};
use crate::stand::{FIRST, SECOND, Stand, refused};

#[tokio::test]
async fn entries_sent_again_change_nothing() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let draft = counter.karaoke(b"page");
    let first = counter.send_all().await.unwrap();
    assert_eq!(
        (first.received_through, first.committed_through),
        (counter.head.seq, counter.head.seq - 3),
        "the page, and what came behind it, waits"
    );
    assert_eq!(counter.send_all().await.unwrap(), first, "the same entries get the same answer");
    let tail = &counter.entries[5..];
    assert_eq!(
        counter.send(tail).await.unwrap().received_through,
        first.received_through,
        "also a part of them"
    );
    counter.put(b"page").await.unwrap();
    counter.send_all().await.unwrap();
    assert_eq!(counter.send(&[]).await.unwrap().committed_through, counter.head.seq);
    let mut received = counter
        .words(&draft.id.to_string())
        .await
        .into_iter()
        .filter(|word| word.starts_with("received"));
    assert_eq!(received.next_back().unwrap(), format!("received {}", draft.revision));
}

#[tokio::test]
async fn an_empty_batch_only_asks() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    assert_eq!(counter.send(&[]).await.unwrap().received_through, 0);
    counter.note();
    counter.send_all().await.unwrap();
    assert_eq!(counter.send(&[]).await.unwrap().received_through, 1);
}

#[tokio::test]
async fn a_gap_is_told_and_filled_later() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    for _ in 0..4 {
        counter.note();
    }
    assert_eq!(counter.send(&counter.entries[2..]).await, Err(refused(409, "chain_broken")));
    assert_eq!(counter.send(&counter.entries[..2]).await.unwrap().received_through, 2);
    assert_eq!(
        counter.send(&counter.entries[2..]).await.unwrap().received_through,
        4,
        "what came too early is welcome in its turn"
    );
}

#[tokio::test]
async fn a_changed_byte_is_a_conflict_and_the_first_bytes_stay() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let kept = counter.note();
    counter.note();
    counter.send_all().await.unwrap();
    let mut bytes = STANDARD.decode(&kept.bytes).unwrap();
    for at in 0..bytes.len() {
        bytes[at] ^= 1;
        let changed = EntryBytes {
            seq: 1,
            bytes: STANDARD.encode(&bytes),
        };
        assert_eq!(counter.send(&[changed]).await, Err(refused(409, "conflict")), "byte {at}");
        bytes[at] ^= 1;
    }
    assert_eq!(counter.send_all().await.unwrap().received_through, 2);
}

#[tokio::test]
async fn a_fork_is_refused() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    counter.note();
    counter.note();
    counter.send_all().await.unwrap();
    // A disk that was restored to the state after the first entry goes on from there.
    counter.head = Head::EMPTY.after(&STANDARD.decode(&counter.entries[0].bytes).unwrap());
    counter.write(None, Event::Counter(onewindow_journal::CounterEvent::Unlocked));
    let forked = counter.entries[2].clone();
    assert_eq!(counter.send(&[forked]).await, Err(refused(409, "conflict")));
    counter.note();
    let behind = counter.entries[3].clone();
    assert_eq!(behind.seq, 3);
    assert_eq!(
        counter.send(&[behind]).await,
        Err(refused(409, "chain_broken")),
        "it follows an entry that is not here"
    );
}

#[tokio::test]
async fn what_comes_before_a_break_is_kept() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    for _ in 0..3 {
        counter.note();
    }
    let mut entries = counter.entries.clone();
    entries[2].bytes = STANDARD.encode(b"no entry");
    assert_eq!(counter.send(&entries).await, Err(refused(400, "malformed")));
    assert_eq!(counter.send(&[]).await.unwrap().received_through, 2);
    assert_eq!(counter.send_all().await.unwrap().received_through, 3);
}

#[tokio::test]
async fn a_counter_can_only_speak_for_itself() {
    let stand = Stand::start().await;
    let mut first = stand.counter(FIRST).await;
    let mut second = stand.counter(SECOND).await;
    first.note();
    second.id = first.id.clone();
    assert_eq!(second.send(&first.entries).await, Err(refused(401, "unauthorised")), "another counter's name");
    let mut second = stand.counter(SECOND).await;
    assert_eq!(second.send(&first.entries).await, Err(refused(400, "malformed")), "another counter's entries");
    second.token = "0".repeat(64);
    assert_eq!(second.send(&[]).await, Err(refused(401, "unauthorised")), "a wrong token");
    assert_eq!(first.send_all().await.unwrap().received_through, 1);
}

#[tokio::test]
async fn content_that_cannot_be_followed_is_rejected_and_blocks_nothing() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let mut stranger = Draft {
        id: CaseId::new(Uuid::now_v7()),
        revision: 6,
    };
    counter.add(&mut stranger, CaseEvent::SentBackSettled);
    let mut outdated = counter.open("karaoke", "1999.1");
    let mut unheard = counter.open("moon_landing", "2026.1");
    counter.accept(&mut unheard, &KARAOKE);
    let mut leaping = counter.open("karaoke", "2026.1");
    leaping.revision += 1;
    counter.add(
        &mut leaping,
        CaseEvent::FieldConfirmed {
            field: FieldKey::new("guests"),
        },
    );
    let mut odd = counter.open("karaoke", "2026.1");
    counter.accept(&mut odd, &[("business_licence", "SCJ"), ("moon_walk", "SCJ")]);
    let good = counter.karaoke(b"page");
    let receipt = counter.send_all().await.unwrap();
    assert_eq!(receipt.received_through, counter.head.seq, "every well-formed entry is kept");
    let rejected: Vec<(u64, &str)> = receipt.rejected.iter().map(|rejection| (rejection.seq, rejection.code.as_str())).collect();
    assert_eq!(
        rejected,
        [
            (1, "case_unknown"),
            (2, "catalogue_unknown"),
            (3, "bundle_unknown"),
            (7, "revision_wrong"),
            (10, "matter_unknown")
        ]
    );
    assert_eq!(counter.send_all().await.unwrap(), receipt, "and rejected again in the same words");
    assert_eq!(counter.words(&outdated.id.to_string()).await[0], "returned catalogue_unknown");
    counter.put(b"page").await.unwrap();
    let words = counter.words(&good.id.to_string()).await;
    assert!(words.contains(&"business_licence with SCJ".to_owned()), "the good case goes on: {words:?}");
    assert_eq!(stand.waiting("SCJ").await, ["business_licence"], "and only that one");
    counter.add(&mut outdated, CaseEvent::SentBackSettled);
    assert_eq!(
        counter.send(&counter.entries[counter.entries.len() - 1..]).await.unwrap().rejected,
        [],
        "a held case is still followed"
    );
}

#[tokio::test]
async fn a_case_belongs_to_the_counter_that_opened_it() {
    let stand = Stand::start().await;
    let mut first = stand.counter(FIRST).await;
    let mut second = stand.counter(SECOND).await;
    let mut draft = first.open("karaoke", "2026.1");
    first.send_all().await.unwrap();
    second.add(&mut draft, CaseEvent::Withdrawn { reason: "试".to_owned() });
    let receipt = second.send_all().await.unwrap();
    assert_eq!(receipt.rejected[0].code, "case_elsewhere");
    draft.revision = 0;
    second.add(
        &mut draft,
        CaseEvent::Opened {
            case_no: "1".to_owned(),
            bundle: "karaoke".into(),
            catalogue_version: "2026.1".to_owned(),
            ticket: None,
        },
    );
    assert_eq!(second.send(&second.entries[1..]).await.unwrap().rejected[0].code, "case_exists");
}

#[tokio::test]
async fn a_new_epoch_goes_on_behind_the_last_surviving_entry() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    for _ in 0..5 {
        counter.note();
    }
    counter.send_all().await.unwrap();
    // Entries 4 and 5 were lost at the counter: it goes on behind them, chained to the third.
    let mut survivor = Head::EMPTY;
    for entry in &counter.entries[..3] {
        survivor = survivor.after(&STANDARD.decode(&entry.bytes).unwrap());
    }
    counter.epoch += 1;
    counter.head = Head {
        seq: 5,
        digest: survivor.digest,
    };
    let sixth = counter.note();
    assert_eq!(counter.send(std::slice::from_ref(&sixth)).await.unwrap().received_through, 6);
    assert_eq!(counter.send(&[sixth]).await.unwrap().received_through, 6, "twice is harmless");
    counter.epoch -= 1;
    assert_eq!(
        counter.send(&counter.entries[..5]).await.unwrap().received_through,
        5,
        "the old epoch may be sent again"
    );
    counter.head = Head {
        seq: 5,
        digest: survivor.digest,
    };
    counter.note();
    let late = counter.entries[6].clone();
    assert_eq!(counter.send(&[late]).await, Err(refused(409, "conflict")), "but it is over");
    counter.epoch += 5;
    counter.head = Head {
        seq: 8,
        digest: onewindow_case::ids::Digest::new([9; 32]),
    };
    counter.note();
    let invented = counter.entries[7].clone();
    assert_eq!(counter.send(&[invented]).await, Err(refused(409, "chain_broken")), "an epoch without ancestors");
}

#[tokio::test]
async fn batches_are_bounded() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    for _ in 0..257 {
        counter.note();
    }
    assert_eq!(counter.send_all().await, Err(refused(413, "too_large")), "one entry too many");
    assert_eq!(counter.send(&counter.entries[..256]).await.unwrap().received_through, 256);
    let large = EntryBytes {
        seq: 257,
        bytes: STANDARD.encode(vec![b' '; 257 * 1024]),
    };
    assert_eq!(counter.send(&[large]).await, Err(refused(413, "too_large")), "too many bytes");
    for entries in [
        vec![EntryBytes { seq: 0, bytes: String::new() }],
        vec![EntryBytes {
            seq: 257,
            bytes: "!".to_owned(),
        }],
        vec![counter.entries[256].clone(), counter.entries[256].clone()],
    ] {
        assert_eq!(counter.send(&entries).await, Err(refused(400, "malformed")));
    }
}
