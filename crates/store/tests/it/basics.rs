//! What is put in comes out, also after closing and opening.

use onewindow_case::ids::CounterId;
use onewindow_journal::{CounterEvent, Event, Head, verify};
use onewindow_store::{Identity, KeySource, Store, StoreFault, digest_of};
use zeroize::Zeroizing;

use crate::ground::{actor, applicant, case, entry, field, identity, open, opened, options, page_bytes, page_kept, stamp, try_open};

#[test]
fn a_case_is_there_with_its_history_after_closing_and_opening() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, report) = open(dir.path());
    assert_eq!((report.entries, report.cases, report.rebuilt), (0, 0, None));
    let appended = store.append(vec![opened(case(1)), applicant(case(1)), field(case(1), "x")]).expect("appended");
    assert_eq!(
        appended.iter().map(|done| (done.seq, done.revision)).collect::<Vec<_>>(),
        [(1, 1), (2, 2), (3, 3)]
    );
    let before = store.find_case(case(1)).expect("readable").expect("there");
    assert_eq!(before.revision, 3);
    let history = store.history(case(1)).expect("readable");
    let line = store.cases(0, 10)[0].clone();
    drop(store);

    let (store, report) = open(dir.path());
    assert_eq!((report.entries, report.cases, report.rebuilt, report.torn_tail_bytes), (3, 1, None, 0));
    assert_eq!(store.find_case(case(1)).expect("readable").expect("there"), before);
    assert_eq!(store.history(case(1)).expect("readable"), history);
    assert_eq!(store.cases(0, 10), std::slice::from_ref(&line));
    assert_eq!(store.find_summary(case(1)).expect("readable").as_ref(), Some(&*line));
    assert_eq!(store.find_case(case(2)).expect("readable"), None);
    assert!(store.verify().expect("readable").holds());
}

#[test]
fn two_callers_cannot_both_decide_on_an_old_state() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(dir.path());
    store.append(vec![opened(case(1))]).expect("appended");
    store.append_if(case(1), 1, vec![field(case(1), "first")]).expect("the state is as it was read");
    let late = store.append_if(case(1), 1, vec![field(case(1), "second")]);
    assert!(matches!(late, Err(StoreFault::Stale { revision: 2 })), "{late:?}");
    let again = store.append(vec![opened(case(1))]);
    assert!(matches!(again, Err(StoreFault::Stale { revision: 2 })), "a case is opened once: {again:?}");
    let unknown = store.append(vec![field(case(9), "x")]);
    assert!(matches!(unknown, Err(StoreFault::UnknownCase(_))), "{unknown:?}");
    let half = store.append(vec![field(case(1), "good"), field(case(9), "bad")]);
    assert!(half.is_err());
    assert_eq!(store.head().seq, 2, "a refused call leaves nothing, not even its first half");
}

#[test]
fn pages_are_kept_once_and_wait_until_delivered() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(dir.path());
    store.append(vec![opened(case(1)), opened(case(2))]).expect("appended");
    let bytes = page_bytes(1, 5_000);
    let digest = store.keep_page(Some(case(1)), &bytes).expect("kept");
    assert_eq!(digest, digest_of(&bytes));
    assert_eq!(
        store.keep_page(Some(case(2)), &bytes).expect("kept"),
        digest,
        "the same bytes are the same page"
    );
    assert_eq!(store.keep_page(None, b"of the counter").map(|_| ()).map_err(|fault| fault.code()), Ok(()));
    assert!(matches!(store.keep_page(Some(case(3)), b"x"), Err(StoreFault::UnknownCase(_))));
    let thumb = store.keep_page(Some(case(1)), b"thumb").expect("kept");
    store
        .append(vec![
            page_kept(case(1), 1, [digest, digest, thumb]),
            page_kept(case(2), 2, [digest, digest, digest]),
        ])
        .expect("appended");
    assert_eq!(store.read_page(&digest).expect("there"), bytes);
    let waiting = store.undelivered_pages(10).expect("readable");
    assert_eq!(
        waiting.iter().map(|page| (page.digest, page.size_bytes)).collect::<Vec<_>>(),
        [(digest, 5_000), (thumb, 5)]
    );
    store.mark_page_delivered(&digest).expect("noted");
    store.set_delivered_through(3).expect("noted");
    store.set_delivered_through(1).expect("lower values change nothing");
    drop(store);

    let (store, _) = open(dir.path());
    assert_eq!(store.read_page(&digest).expect("there"), bytes);
    assert_eq!(
        (store.page_delivered(&digest).expect("known"), store.page_delivered(&thumb).expect("known")),
        (true, false)
    );
    assert_eq!((store.undelivered_page_count(), store.delivered_through()), (1, 3));
    assert!(matches!(store.read_page(&digest_of(b"never kept")), Err(StoreFault::UnknownPage(_))));
    let report = store.verify_pages().expect("readable");
    assert_eq!((report.whole, report.missing.len(), report.damaged.len()), (2, 0, 0));
}

#[test]
fn entries_for_sending_are_the_chained_bytes_in_order() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(dir.path());
    store.append(vec![opened(case(1))]).expect("appended");
    for n in 0..600 {
        store
            .append(vec![field(case(1), &format!("{n} {}", "长".repeat(60))), field(case(1), "b")])
            .expect("appended");
    }
    let mut head = Head::EMPTY;
    let mut batches = 0;
    while head.seq < store.head().seq {
        let batch = store.entries_after(head.seq, 256, 16 * 1024).expect("readable");
        assert!(!batch.entries.is_empty() && batch.entries.len() <= 256);
        assert_eq!(batch.entries[0].0, head.seq + 1);
        head = verify(batch.entries.iter().map(|(_, bytes)| bytes.as_slice()), head).expect("the chain holds");
        batches += 1;
    }
    assert_eq!(head, store.head());
    assert!(batches > 10, "batches are bounded in bytes");
    let tiny = store.entries_after(5, 10, 1).expect("readable");
    assert_eq!(tiny.entries.len(), 1, "one entry goes even when it is longer than asked for");
    let random = store.entries_after(777, 3, 100_000).expect("readable");
    assert_eq!(random.entries.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [778, 779, 780]);
    assert!(store.entries_after(head.seq, 10, 10_000).expect("readable").entries.is_empty());
}

#[test]
fn numbers_are_never_given_twice() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(dir.path());
    assert_eq!([1, 2, 3].map(|_| store.next_case_sequence(stamp()).expect("taken")), [1, 2, 3]);
    assert_eq!(store.next_document_number("receipt", stamp()).expect("taken"), 1);
    drop(store);
    std::fs::remove_dir_all(dir.path().join("index")).expect("the index can be taken away");
    let (store, report) = open(dir.path());
    assert_eq!(report.rebuilt.map(|reason| reason.code()), Some("index-missing"));
    assert_eq!(store.next_case_sequence(stamp()).expect("taken"), 4);
    let tomorrow = onewindow_store::Stamp {
        business_date: stamp().business_date.next_day().expect("not the last day"),
        ..stamp()
    };
    assert_eq!(store.next_case_sequence(tomorrow).expect("taken"), 1, "every day begins at 1");
}

#[test]
fn the_feed_cursor_comes_from_the_journal() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(dir.path());
    store
        .append(vec![entry(None, Event::Counter(CounterEvent::FeedApplied { cursor: 17 }))])
        .expect("appended");
    store.set_feed_cursor(18, stamp()).expect("appended");
    drop(store);
    std::fs::remove_dir_all(dir.path().join("index")).expect("the index can be taken away");
    assert_eq!(open(dir.path()).0.feed_cursor(), 18);
}

#[test]
fn a_second_instance_a_wrong_key_and_another_counter_are_refused() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(dir.path());
    store.append(vec![opened(case(1))]).expect("appended");
    assert_eq!(try_open(dir.path()).expect_err("locked").code(), "locked");
    drop(store);
    let other = Identity {
        counter: CounterId::new("330302-01-004"),
    };
    assert_eq!(
        Store::open_with(dir.path(), &other, &KeySource::File, &options(), &|_| {})
            .expect_err("not ours")
            .code(),
        "damaged"
    );
    let passphrase = KeySource::Passphrase(Zeroizing::new("spring".to_owned()));
    assert_eq!(
        Store::open_with(dir.path(), &identity(), &passphrase, &options(), &|_| {})
            .expect_err("other key")
            .code(),
        "wrong-key"
    );
    std::fs::write(dir.path().join("keys/device.key"), [9; 32]).expect("the key can be exchanged");
    assert_eq!(try_open(dir.path()).expect_err("other key").code(), "wrong-key");
    std::fs::remove_file(dir.path().join("keys/device.key")).expect("the key can be removed");
    assert_eq!(
        try_open(dir.path()).expect_err("no key").code(),
        "wrong-key",
        "a new key must never be made for an old store"
    );
}

#[test]
fn a_passphrase_opens_the_store_and_another_does_not() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let open_with = |words: &str| {
        Store::open_with(
            dir.path(),
            &identity(),
            &KeySource::Passphrase(Zeroizing::new(words.to_owned())),
            &options(),
            &|_| {},
        )
    };
    let (store, _) = open_with("spring river").expect("made");
    store.append(vec![opened(case(1))]).expect("appended");
    drop(store);
    assert_eq!(open_with("autumn river").expect_err("other words").code(), "wrong-key");
    assert_eq!(open_with("spring river").expect("the same words").1.entries, 1);
}

#[test]
fn a_new_epoch_goes_on_in_the_same_chain() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, report) = open(dir.path());
    assert_eq!(report.epoch, 1);
    store.append(vec![opened(case(1))]).expect("appended");
    store.begin_epoch(5).expect("higher");
    store.begin_epoch(5).expect("the same again");
    assert!(store.begin_epoch(4).is_err(), "never backwards");
    store.append(vec![field(case(1), "x")]).expect("appended");
    let first = store.entries_after(0, 10, 10_000).expect("readable");
    assert_eq!((first.epoch, first.entries.len()), (1, 1), "a batch has one epoch");
    let second = store.entries_after(1, 10, 10_000).expect("readable");
    assert_eq!((second.epoch, second.entries[0].0), (5, 2));
    drop(store);
    let (store, report) = open(dir.path());
    assert_eq!((report.epoch, store.epoch()), (5, 5));
    assert!(store.verify().expect("readable").holds());
    assert_eq!(store.find_case(case(1)).expect("readable").expect("there").revision, 2);
    assert_eq!(store.history(case(1)).expect("readable")[1].actor, actor());
}

#[test]
fn sixteen_callers_at_once_are_all_served() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (store, _) = open(dir.path());
    std::thread::scope(|scope| {
        for n in 0..16 {
            let store = store.clone();
            scope.spawn(move || {
                store.append(vec![opened(case(n))]).expect("appended");
                for round in 0..20 {
                    store
                        .append_if(case(n), round + 1, vec![field(case(n), "x")])
                        .expect("nobody else changes this case");
                }
            });
        }
    });
    assert_eq!(store.head().seq, 16 * 21);
    assert_eq!(store.case_count(), 16);
    assert!(store.verify().expect("readable").holds());
    drop(store);
    assert_eq!(open(dir.path()).1.entries, 16 * 21);
}
