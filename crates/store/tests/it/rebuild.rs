//! Replay equals what is shown: whatever happened, folding the journal anew gives the same cases, lines and queues.

use std::collections::BTreeMap;
use std::fs;

use onewindow_case::{Case, CaseEvent};
use onewindow_journal::{CounterEvent, Event};
use onewindow_store::Store;
use proptest::prelude::*;

use crate::generated;
use crate::ground::{case, entry, open, opened};

#[derive(Debug, Clone)]
enum Act {
    Case { n: u64, events: Vec<CaseEvent> },
    Counter(CounterEvent),
    Deliver { part: u8 },
    Reopen,
    LoseIndex,
    HarmIndex { at: prop::sample::Index },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        12 => (0_u64..6, proptest::collection::vec(generated::later_event(), 1..6)).prop_map(|(n, events)| Act::Case { n, events }).boxed(),
        3 => generated::counter_event().prop_map(Act::Counter).boxed(),
        2 => any::<u8>().prop_map(|part| Act::Deliver { part }).boxed(),
        1 => Just(Act::Reopen).boxed(),
        1 => Just(Act::LoseIndex).boxed(),
        1 => any::<prop::sample::Index>().prop_map(|at| Act::HarmIndex { at }).boxed(),
    ]
}

/// Everything the store shows, but for what only the centre can tell again.
fn shown(store: &Store) -> (Vec<(Case, usize)>, Vec<onewindow_store::CaseSummary>, u64, u64) {
    let lines: Vec<_> = store.cases(0, usize::MAX).iter().map(|line| (**line).clone()).collect();
    let cases = lines.iter().map(|line| {
        let found = store.find_case(line.id).expect("readable").expect("there");
        ((*found).clone(), store.history(line.id).expect("readable").len())
    });
    (cases.collect(), lines.clone(), store.case_count(), store.feed_cursor())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if crate::tally::in_full() { 300 } else { 20 }))]

    #[test]
    fn replay_equals_what_is_shown(acts in proptest::collection::vec(act(), 1..40)) {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut store = open(dir.path()).0;
        let mut model: BTreeMap<u64, Vec<CaseEvent>> = BTreeMap::new();
        for act in acts {
            match act {
                Act::Case { n, events } => {
                    let mut entries = Vec::new();
                    let known = model.entry(n).or_insert_with(|| {
                        let first = opened(case(n));
                        let Event::Case(event) = first.event.clone() else { unreachable!("a case event") };
                        entries.push(first);
                        vec![event]
                    });
                    let before = u32::try_from(known.len() - entries.len()).expect("few");
                    entries.extend(events.iter().map(|event| entry(Some(case(n)), Event::Case(event.clone()))));
                    known.extend(events);
                    store.append_if(case(n), before, entries).expect("appended");
                }
                Act::Counter(event) => {
                    store.append(vec![entry(None, Event::Counter(event))]).expect("appended");
                }
                Act::Deliver { part } => {
                    store.set_delivered_through(store.head().seq * u64::from(part) / 255).expect("noted");
                    for page in store.undelivered_pages(usize::from(part) % 4).expect("readable") {
                        store.mark_page_delivered(&page.digest).expect("noted");
                        prop_assert!(store.page_delivered(&page.digest).expect("known"));
                    }
                }
                Act::Reopen | Act::LoseIndex | Act::HarmIndex { .. } => {
                    let before = shown(&store);
                    drop(store);
                    let index = dir.path().join("index");
                    match act {
                        Act::LoseIndex => fs::remove_dir_all(index).expect("removed"),
                        Act::HarmIndex { at } => {
                            let mut bytes = fs::read(index.join("db")).expect("readable");
                            let at = at.index(bytes.len());
                            bytes[at..].iter_mut().take(64).for_each(|byte| *byte ^= 0x5a);
                            fs::write(index.join("db"), bytes).expect("written");
                        }
                        Act::Reopen | Act::Case { .. } | Act::Counter(_) | Act::Deliver { .. } => {}
                    }
                    store = open(dir.path()).0;
                    prop_assert_eq!(shown(&store), before);
                }
            }
        }
        for (n, events) in &model {
            let found = store.find_case(case(*n)).expect("readable").expect("there");
            let replayed = Case::replay(case(*n), events);
            prop_assert_eq!(Some(&*found), replayed.as_ref());
        }
        prop_assert!(store.verify().expect("readable").holds());
    }
}
