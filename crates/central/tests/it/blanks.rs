//! Counted blanks: a serial number belongs to one counter and one licence, whoever comes first.

use onewindow_case::event::CaseEvent;
use onewindow_case::ids::{BlankSerial, DocumentId, MatterId};
use onewindow_journal::{CounterEvent, Event};
use onewindow_wire::entries::Rejection;
use onewindow_wire::feed::CentreWord;
use uuid::Uuid;

use crate::counter::{Counter, Draft};
use crate::stand::{FIRST, SECOND, Stand};

fn stocked(first: &str, last: &str) -> Event {
    Event::Counter(CounterEvent::BlanksStocked {
        kind: "business_licence".to_owned(),
        first: first.to_owned(),
        last: last.to_owned(),
    })
}

fn book(counter: &mut Counter, draft: &mut Draft, serial: &str) {
    let booked = CaseEvent::BlankBooked {
        serial: BlankSerial::new(serial),
        matter: MatterId::new("business_licence"),
        document: DocumentId::new(Uuid::now_v7()),
    };
    counter.add(draft, booked);
}

fn codes(rejected: &[Rejection]) -> Vec<&str> {
    rejected.iter().map(|rejection| rejection.code.as_str()).collect()
}

#[tokio::test]
async fn a_run_that_overlaps_another_counters_is_rejected_and_kept() {
    let stand = Stand::start().await;
    let (mut first, mut second) = (stand.counter(FIRST).await, stand.counter(SECOND).await);
    first.write(None, stocked("33YY000231", "33YY000280"));
    assert!(first.send_all().await.unwrap().rejected.is_empty());
    assert!(first.send_all().await.unwrap().rejected.is_empty(), "the same entry again is no second run");
    second.write(None, stocked("33YY000281", "33YY000300"));
    second.write(None, stocked("33YY000280", "33YY000280"));
    second.write(None, stocked("33YL000231", "33YL000280"));
    second.write(None, stocked("33YY000300", "33YY000290"));
    let receipt = second.send_all().await.unwrap();
    assert_eq!(codes(&receipt.rejected), ["blanks_elsewhere", "blanks_no_run"]);
    assert_eq!(receipt.received_through, 4, "a rejected entry holds up nothing");
}

#[tokio::test]
async fn a_sheet_carries_one_licence_whichever_counter_sends_it_first() {
    let stand = Stand::start().await;
    let (mut first, mut second) = (stand.counter(FIRST).await, stand.counter(SECOND).await);
    let mut one = first.open("karaoke", "2026.1");
    book(&mut first, &mut one, "33YY000231");
    assert!(first.send_all().await.unwrap().rejected.is_empty());
    assert!(first.send_all().await.unwrap().rejected.is_empty(), "sent twice is booked once");
    let mut other = second.open("karaoke", "2026.1");
    book(&mut second, &mut other, "33YY000231");
    let receipt = second.send_all().await.unwrap();
    assert_eq!(codes(&receipt.rejected), ["blank_used_twice"]);
    let told = second.feed(0, 0).await.unwrap().items;
    let returned = |word: &CentreWord| matches!(word, CentreWord::Returned { code, .. } if code == "blank_used_twice");
    assert!(told.iter().any(|item| item.case == other.id.to_string() && returned(&item.word)), "{told:?}");
}
