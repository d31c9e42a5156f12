//! Only what the centre has committed by its signed receipt goes, only after the local period, and only as much as nobody needs.

use std::path::Path;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use onewindow_case::CaseEvent;
use onewindow_journal::receipt::{CommitReceipt, ProvenReceipt};
use onewindow_journal::{CounterEvent, Event};
use onewindow_store::{NewEntry, Retained, Retention, Stamp, Store, StoreFault};

use crate::ground::{Dice, applicant, case, entry, field, identity, open, opened, page_bytes, page_kept, stamp};

const DAY_MS: i64 = 86_400_000;

/// The centre's signed word that it holds everything up to `seq`.
fn receipt(store: &Store, seq: u64) -> ProvenReceipt {
    let office = Ed25519KeyPair::from_seed_unchecked(&[5; 32]).expect("a key");
    let mut head = onewindow_journal::Head::EMPTY;
    store
        .each_entry(1, |entry| {
            if entry.seq == seq + 1 {
                head.digest = entry.prev;
            }
            true
        })
        .expect("readable");
    let digest = if seq == store.head().seq { store.head().digest } else { head.digest };
    let mut receipt = CommitReceipt {
        counter: identity().counter.to_string(),
        epoch: store.epoch(),
        committed_through: seq,
        chain: digest,
        time_ms: 0,
        signature: String::new(),
    };
    receipt.signature = hex::encode(office.sign(&receipt.message()).as_ref());
    let key = hex::encode(office.public_key().as_ref());
    receipt.prove(identity().counter.as_str(), &key).expect("signed")
}

fn at(day: i64, new: NewEntry) -> NewEntry {
    NewEntry { time_ms: day * DAY_MS, ..new }
}

fn withdrawn(n: u64) -> NewEntry {
    entry(
        Some(case(n)),
        Event::Case(CaseEvent::Withdrawn {
            reason: "asked for".to_owned(),
        }),
    )
}

/// A case a day with a page of its own and one that all share; even ones are closed.
fn days_of_work(store: &Store, days: std::ops::Range<i64>) {
    let shared = page_bytes(1_000, 800);
    for day in days {
        let n = u64::try_from(day).expect("positive");
        store
            .append(vec![
                at(day, opened(case(n))),
                at(day, applicant(case(n))),
                at(day, field(case(n), &"x".repeat(900))),
            ])
            .expect("appended");
        let own = store.keep_page(Some(case(n)), &page_bytes(n, 1_000)).expect("kept");
        let together = store.keep_page(Some(case(n)), &shared).expect("kept");
        store.append(vec![at(day, page_kept(case(n), n, [own, own, together]))]).expect("appended");
        store.mark_page_delivered(&own).expect("noted");
        store.mark_page_delivered(&together).expect("noted");
        if n % 2 == 0 {
            store.append(vec![at(day, withdrawn(n))]).expect("appended");
        }
    }
}

fn retain(store: &Store, committed: u64, before_day: i64) -> Result<Retained, StoreFault> {
    store.retain(Retention {
        receipt: receipt(store, committed),
        unchanged_since_ms: before_day * DAY_MS,
        stamp: Stamp {
            time_ms: 1_000 * DAY_MS,
            ..stamp()
        },
    })
}

fn check(dir: &Path, store: Store, gone: impl Fn(u64) -> bool, days: u64) -> Store {
    let look = |store: &Store, said: &str| {
        for n in 1..days {
            let found = store.find_case(case(n)).unwrap_or_else(|fault| panic!("{said}: case {n}: {fault:?}"));
            assert_eq!(found.is_none(), gone(n), "{said}: case {n}");
            if let Some(found) = found {
                assert_eq!(store.read_page(&found.pages[0].original).expect("there"), page_bytes(n, 1_000), "{said}");
                assert_eq!(store.read_page(&found.pages[0].thumb).expect("there"), page_bytes(1_000, 800), "{said}");
            }
        }
        let chain = store.verify().expect("readable");
        assert!(chain.holds(), "{said}: {chain:?}");
        assert_eq!(
            store.find_setting("colour").expect("readable").as_deref(),
            Some("green"),
            "{said}: settings stay"
        );
        assert_eq!(store.feed_cursor(), 9, "{said}");
        (store.case_count(), store.cases(0, 1_000).len())
    };
    let before = look(&store, "at once");
    drop(store);
    let (store, report) = open(dir);
    assert!(report.losses.is_empty() && report.rebuilt.is_none(), "{report:?}");
    assert_eq!(look(&store, "opened again"), before);
    drop(store);
    std::fs::remove_dir_all(dir.join("index")).expect("removed");
    let (store, report) = open(dir);
    assert!(report.losses.is_empty(), "what was purged is not lost: {report:?}");
    assert_eq!(look(&store, "rebuilt"), before);
    store
}

#[test]
fn closed_committed_old_cases_go_and_nothing_else_does() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(dir.path());
    let setting = CounterEvent::SettingChanged {
        key: "colour".to_owned(),
        value: "green".to_owned(),
    };
    store.append(vec![at(0, entry(None, Event::Counter(setting)))]).expect("appended");
    store
        .append(vec![at(0, entry(None, Event::Counter(CounterEvent::FeedApplied { cursor: 9 })))])
        .expect("appended");
    assert_eq!(store.next_document_number("receipt", Stamp { time_ms: 0, ..stamp() }).expect("taken"), 1);
    days_of_work(&store, 1..40);
    let head = store.head().seq;
    let done = retain(&store, head, 0).expect("nothing is old enough");
    assert_eq!((done.cases_erased, done.segments_removed), (0, 0));
    let done = retain(&store, 20, 30).expect("only what is committed");
    let committed = done.cases_erased;
    assert!(committed < 5, "{done:?}");
    let done = retain(&store, head, 30).expect("done");
    assert_eq!(committed + done.cases_erased, 14, "the even ones before day 30: {done:?}");
    assert_eq!(done.pages_removed + committed, 14, "their own pages, not the shared one");
    let store = check(dir.path(), store, |n| n % 2 == 0 && n < 30, 40);
    assert_eq!(store.next_document_number("receipt", stamp()).expect("taken"), 2, "no number is given twice");
}

#[test]
fn the_front_of_the_journal_goes_once_nobody_needs_it() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(dir.path());
    let setting = CounterEvent::SettingChanged {
        key: "colour".to_owned(),
        value: "green".to_owned(),
    };
    store.append(vec![at(0, entry(None, Event::Counter(setting)))]).expect("appended");
    store
        .append(vec![at(0, entry(None, Event::Counter(CounterEvent::FeedApplied { cursor: 9 })))])
        .expect("appended");
    assert_eq!(store.next_case_sequence(Stamp { time_ms: 0, ..stamp() }).expect("taken"), 1);
    for n in 1..120_u64 {
        let day = i64::try_from(n).expect("small");
        store
            .append(vec![
                at(day, opened(case(n))),
                at(day, field(case(n), &"x".repeat(3_000))),
                at(day, withdrawn(n)),
            ])
            .expect("appended");
    }
    let head = store.head().seq;
    let done = retain(&store, head, 80).expect("done");
    assert_eq!(done.cases_erased, 79, "{done:?}");
    assert!(done.segments_removed >= 2 && done.purged_through > 100, "{done:?}");
    assert_eq!(retain(&store, head, 80).expect("again").cases_erased, 0, "again changes nothing");
    let gone = |n| n < 80;
    drop(store);
    let (store, report) = open(dir.path());
    assert!(report.losses.is_empty() && report.rebuilt.is_none(), "{report:?}");
    let chain = store.verify().expect("readable");
    assert!(chain.holds() && chain.purged_through == done.purged_through, "{chain:?}");
    drop(store);
    std::fs::remove_dir_all(dir.path().join("index")).expect("removed");
    let (store, report) = open(dir.path());
    assert!(report.losses.is_empty(), "{report:?}");
    for n in 1..120 {
        assert_eq!(store.find_case(case(n)).expect("readable").is_none(), gone(n), "case {n}");
    }
    assert_eq!(store.find_setting("colour").expect("readable").as_deref(), Some("green"));
    assert_eq!((store.feed_cursor(), store.next_case_sequence(stamp()).expect("taken")), (9, 2));
    let next = store.entries_after(store.delivered_through(), 10, 1 << 20).expect("readable");
    assert!(
        next.entries.first().is_none_or(|(seq, _)| *seq > done.purged_through),
        "what was purged is not sent again"
    );
}

#[test]
fn a_receipt_of_another_past_is_refused() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(&dir.path().join("one"));
    let (other, _) = open(&dir.path().join("other"));
    for store in [&store, &other] {
        store.append(vec![opened(case(1)), withdrawn(1)]).expect("appended");
    }
    other.append(vec![field(case(1), "elsewhere")]).expect("appended");
    store.append(vec![field(case(1), "here")]).expect("appended");
    let wrong = Retention {
        receipt: receipt(&other, 3),
        unchanged_since_ms: i64::MAX,
        stamp: stamp(),
    };
    assert!(matches!(store.retain(wrong), Err(StoreFault::Damaged { .. })));
    assert!(store.find_case(case(1)).expect("readable").is_some(), "nothing went");
}

#[test]
fn orphaned_pages_are_collected_and_named_ones_stay() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(dir.path());
    days_of_work(&store, 1..4);
    let mut dice = Dice(77);
    for n in 0..5 {
        store
            .keep_page(Some(case(1)), &page_bytes(500 + n, 600 + dice.below(50)))
            .expect("kept, never named");
    }
    assert_eq!(store.collect_orphans(0).expect("looked"), 0, "young pages may still be named");
    assert_eq!(store.collect_orphans(i64::MAX).expect("looked"), 5);
    let pages = store.verify_pages().expect("readable");
    assert_eq!((pages.whole, pages.missing.len(), pages.damaged.len()), (4, 0, 0));
}
