//! What crate `delivery` promises: table tests for each answer, property tests for any run of answers.

use std::collections::{BTreeMap, BTreeSet};

use onewindow_case::ids::Digest;
use onewindow_delivery::{Answer, Backoff, Delivery, Effect, Intent, Line, PageWaiting, Rejection, Rhythm, Situation};
use proptest::prelude::*;

const NOW: i64 = 1_795_312_800_000;

fn page(n: u8, size_bytes: u64) -> PageWaiting {
    PageWaiting {
        digest: Digest::new([n; 32]),
        case: None,
        size_bytes,
    }
}

fn situation(head_seq: u64, delivered_through: u64, pages: &[PageWaiting]) -> Situation<'_> {
    Situation {
        head_seq,
        delivered_through,
        pages,
    }
}

fn entries_after(after: u64) -> Intent {
    Intent::SendEntries {
        after,
        max_entries: 256,
        max_bytes: 256 * 1024,
    }
}

/// A delivery that has just read the feed.
fn fresh() -> Delivery {
    let mut delivery = Delivery::new(Rhythm::default());
    assert_eq!(delivery.next(situation(0, 0, &[]), NOW), Intent::PollFeed);
    delivery.answered(Answer::FeedRead { more: false }, situation(0, 0, &[]), NOW, 0.0);
    delivery
}

#[test]
fn entries_go_before_the_feed_and_the_feed_before_pages() {
    let pages = [page(1, 900), page(2, 10)];
    let mut delivery = Delivery::new(Rhythm::default());
    assert_eq!(delivery.next(situation(5, 2, &pages), NOW), entries_after(2));
    let accepted = Answer::Accepted {
        received_through: 5,
        rejected: Vec::new(),
    };
    assert_eq!(delivery.answered(accepted, situation(5, 2, &pages), NOW, 0.5), [Effect::DeliveredThrough(5)]);
    assert_eq!(delivery.next(situation(5, 5, &pages), NOW), Intent::PollFeed);
    delivery.answered(Answer::FeedRead { more: false }, situation(5, 5, &pages), NOW, 0.5);
    assert_eq!(
        delivery.next(situation(5, 5, &pages), NOW),
        Intent::SendPage { digest: pages[1].digest },
        "the smallest first"
    );
    assert_eq!(
        delivery.answered(Answer::PageStored, situation(5, 5, &pages), NOW, 0.5),
        [Effect::PageDelivered(pages[1].digest)]
    );
    assert_eq!(delivery.next(situation(5, 5, &pages[..1]), NOW), Intent::SendPage { digest: pages[0].digest });
    delivery.answered(Answer::PageStored, situation(5, 5, &pages[..1]), NOW, 0.5);
    assert_eq!(delivery.next(situation(5, 5, &[]), NOW), Intent::WaitUntil(NOW + 15_000));
    assert_eq!(*delivery.line(), Line::Up);
}

#[test]
fn every_answer_has_its_meaning() {
    let check = |answer: Answer, effects: &[Effect], line: Line, wait_ms: Option<i64>| {
        let mut delivery = fresh();
        let now = situation(9, 4, &[]);
        assert_eq!(delivery.next(now, NOW), entries_after(4));
        assert_eq!(delivery.answered(answer.clone(), now, NOW, 1.0), effects, "{answer:?}");
        assert_eq!(*delivery.line(), line, "{answer:?}");
        let next = delivery.next(now, NOW);
        assert_eq!(next, wait_ms.map_or(entries_after(4), |wait_ms| Intent::WaitUntil(NOW + wait_ms)), "{answer:?}");
    };
    let accepted = |received_through| Answer::Accepted {
        received_through,
        rejected: Vec::new(),
    };
    let rejection = Rejection {
        seq: 6,
        code: "case_unknown".to_owned(),
    };
    let with_rejection = Answer::Accepted {
        received_through: 9,
        rejected: vec![rejection.clone()],
    };
    check(accepted(7), &[Effect::DeliveredThrough(7)], Line::Up, None);
    check(with_rejection, &[Effect::EntryRejected(rejection), Effect::DeliveredThrough(9)], Line::Up, None);
    check(accepted(4), &[], Line::Busy, Some(2_000));
    check(
        accepted(12),
        &[Effect::CentreAhead { received_through: 12 }],
        Line::Refused {
            code: "centre-ahead".to_owned(),
        },
        Some(2_000),
    );
    check(Answer::Unreachable, &[], Line::Down { since_ms: NOW }, Some(2_000));
    check(Answer::Busy { retry_after_ms: None }, &[], Line::Busy, Some(2_000));
    check(Answer::Busy { retry_after_ms: Some(40_000) }, &[], Line::Busy, Some(40_000));
    check(
        Answer::Busy {
            retry_after_ms: Some(i64::MAX),
        },
        &[],
        Line::Busy,
        Some(300_000),
    );
    check(
        Answer::Refused {
            code: "not_enrolled".to_owned(),
        },
        &[],
        Line::Refused {
            code: "not_enrolled".to_owned(),
        },
        Some(600_000),
    );
}

#[test]
fn a_bad_page_waits_alone() {
    let pages = [page(1, 10), page(2, 900)];
    for trouble in [Answer::PageRefused { code: "too_large".to_owned() }, Answer::PageUnreadable] {
        let mut delivery = fresh();
        let now = situation(0, 0, &pages);
        assert_eq!(delivery.next(now, NOW), Intent::SendPage { digest: pages[0].digest });
        let told = delivery.answered(trouble.clone(), now, NOW, 0.0);
        assert!(
            matches!(&told[..], [Effect::PageTrouble { digest, .. }] if *digest == pages[0].digest),
            "{told:?}"
        );
        assert_eq!(
            delivery.next(now, NOW),
            Intent::SendPage { digest: pages[1].digest },
            "the other page goes at once"
        );
        delivery.answered(Answer::PageStored, now, NOW, 0.0);
        assert_eq!(delivery.next(situation(0, 0, &pages[..1]), NOW), Intent::WaitUntil(NOW + 5_000));
        assert_eq!(
            delivery.next(situation(0, 0, &pages[..1]), NOW + 5_000),
            Intent::SendPage { digest: pages[0].digest }
        );
        assert_eq!(
            delivery.answered(trouble, situation(0, 0, &pages[..1]), NOW + 5_000, 0.0),
            [],
            "people are told once"
        );
    }
}

#[test]
fn a_restart_makes_what_was_in_flight_wait_again() {
    let mut delivery = fresh();
    assert_eq!(delivery.next(situation(3, 0, &[]), NOW), entries_after(0));
    assert_eq!(
        delivery.next(situation(3, 0, &[]), NOW + 1),
        Intent::WaitUntil(NOW + 180_000),
        "one thing at a time"
    );
    let mut restarted = Delivery::new(Rhythm::default());
    assert_eq!(restarted.next(situation(3, 0, &[]), NOW + 2), entries_after(0));
}

#[test]
fn an_answer_that_never_comes_counts_as_lost() {
    let mut delivery = fresh();
    delivery.next(situation(3, 0, &[]), NOW);
    let late = NOW + 180_000;
    assert!(matches!(delivery.next(situation(3, 0, &[]), late), Intent::WaitUntil(until) if until > late));
    assert_eq!(*delivery.line(), Line::Down { since_ms: late });
    let answer = Answer::Accepted {
        received_through: 3,
        rejected: Vec::new(),
    };
    assert_eq!(
        delivery.answered(answer, situation(3, 0, &[]), late + 1, 0.0),
        [Effect::DeliveredThrough(3)],
        "it comes late and is still true"
    );
}

#[test]
fn a_person_can_hurry_it() {
    let mut delivery = fresh();
    delivery.next(situation(3, 0, &[]), NOW);
    delivery.answered(Answer::Unreachable, situation(3, 0, &[]), NOW, 1.0);
    delivery.hurry();
    assert_eq!(delivery.next(situation(3, 0, &[]), NOW), entries_after(0));
}

#[test]
fn a_flood_of_entries_does_not_starve_the_feed() {
    let mut delivery = fresh();
    let polled = (0..100_u64).any(|second| {
        let now_ms = NOW + i64::try_from(second).expect("small") * 1_000;
        let now = situation(1_000_000, second * 256, &[]);
        let intent = delivery.next(now, now_ms);
        if intent != Intent::PollFeed {
            delivery.answered(
                Answer::Accepted {
                    received_through: (second + 1) * 256,
                    rejected: Vec::new(),
                },
                now,
                now_ms,
                0.0,
            );
        }
        intent == Intent::PollFeed
    });
    assert!(polled);
}

fn answer() -> impl Strategy<Value = Answer> {
    prop_oneof![
        (0_u64..40).prop_map(|received_through| Answer::Accepted {
            received_through,
            rejected: Vec::new()
        }),
        Just(Answer::PageStored),
        Just(Answer::PageRefused { code: "bad".to_owned() }),
        Just(Answer::PageUnreadable),
        any::<bool>().prop_map(|more| Answer::FeedRead { more }),
        proptest::option::of(any::<i64>()).prop_map(|retry_after_ms| Answer::Busy { retry_after_ms }),
        Just(Answer::Unreachable),
        Just(Answer::Refused { code: "no".to_owned() }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn waits_stay_in_their_bounds(failures in any::<u32>(), jitter in any::<f64>(), first_ms in 1_i64..10_000, longest_ms in 1_i64..1_000_000) {
        let backoff = Backoff { floor_ms: 1, first_ms, longest_ms };
        let wait_ms = backoff.wait_ms(failures, jitter);
        prop_assert!((1..=longest_ms.max(1)).contains(&wait_ms), "{}", wait_ms);
    }

    #[test]
    fn any_answers_in_any_order_keep_the_rules(answers in proptest::collection::vec((answer(), 0.0_f64..1.0, 0_i64..5_000), 0..60)) {
        let mut delivery = Delivery::new(Rhythm::default());
        let mut now_ms = NOW;
        let mut delivered = 0;
        let pages = [page(1, 5), page(2, 6)];
        for (answer, jitter, later_ms) in answers {
            let now = situation(30, delivered, &pages);
            match delivery.next(now, now_ms) {
                Intent::WaitUntil(until_ms) => prop_assert!(until_ms > now_ms, "a wait into the past is a busy loop"),
                Intent::SendEntries { after, .. } => prop_assert_eq!(after, delivered),
                Intent::SendPage { digest } => prop_assert!(pages.iter().any(|page| page.digest == digest)),
                Intent::PollFeed => {}
            }
            for effect in delivery.answered(answer, now, now_ms, jitter) {
                if let Effect::DeliveredThrough(seq) = effect {
                    prop_assert!(seq > delivered && seq <= 30, "progress only, and never beyond what there is");
                    delivered = seq;
                }
            }
            now_ms += later_ms;
        }
    }

    /// A centre that fails at random for a while and is well afterwards; one page is bad for ever.
    #[test]
    fn everything_good_arrives_within_bounds(seed in any::<u64>(), failing in 0_u32..40, count in 2_u8..12) {
        let mut dice = seed | 1;
        let mut roll = move || { dice ^= dice << 13; dice ^= dice >> 7; dice ^= dice << 17; dice };
        let pages: BTreeMap<_, _> = (0..count).map(|n| (Digest::new([n; 32]), page(n, u64::from(n)))).collect();
        let bad = Digest::new([0; 32]);
        let mut at_centre = BTreeSet::new();
        let (mut now_ms, mut delivered, mut sent, mut failures_left) = (NOW, 0_u64, 0, failing);
        let mut delivery = Delivery::new(Rhythm::default());
        for _ in 0..2_000 {
            let waiting: Vec<_> = pages.values().filter(|page| !at_centre.contains(&page.digest)).copied().collect();
            if delivered == 700 && waiting.len() == 1 {
                break;
            }
            let now = situation(700, delivered, &waiting);
            let intent = delivery.next(now, now_ms);
            if let Intent::WaitUntil(until_ms) = intent {
                now_ms = until_ms;
                continue;
            }
            sent += 1;
            let answer = match intent {
                _failing if failures_left > 0 && roll() % 2 == 0 => {
                    failures_left -= 1;
                    if roll() % 2 == 0 { Answer::Unreachable } else { Answer::Busy { retry_after_ms: None } }
                }
                Intent::SendEntries { after, max_entries, .. } => Answer::Accepted { received_through: 700.min(after + max_entries as u64), rejected: Vec::new() },
                Intent::SendPage { digest } if digest == bad => Answer::PageRefused { code: "bad".to_owned() },
                Intent::SendPage { .. } => Answer::PageStored,
                Intent::PollFeed | Intent::WaitUntil(_) => Answer::FeedRead { more: false },
            };
            for effect in delivery.answered(answer, now, now_ms, (roll() % 1_000) as f64 / 1_000.0) {
                match effect {
                    Effect::DeliveredThrough(seq) => delivered = seq,
                    Effect::PageDelivered(digest) => prop_assert!(at_centre.insert(digest), "a page is not sent again once it is there"),
                    Effect::PageTrouble { digest, .. } => prop_assert_eq!(digest, bad),
                    Effect::EntryRejected(_) | Effect::CentreAhead { .. } => prop_assert!(false, "not said by this centre"),
                }
            }
        }
        prop_assert_eq!((delivered, at_centre.len()), (700, pages.len() - 1));
        prop_assert!(sent < 400 + 4 * failing, "no storm: {} sends", sent);
    }
}
