//! The counters of a branch: who sees what of whom, and how a supervisor's word travels.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use onewindow_case::ids::CaseId;
use onewindow_journal::{CounterEvent, Event, Role, decode};
use onewindow_wire::branch::{BranchCase, BranchQueue};
use onewindow_wire::enrolment::Roster;
use onewindow_wire::entries::Rejection;
use onewindow_wire::path;

use crate::counter::Counter;
use crate::stand::{ELSEWHERE, FIRST, MONDAY_MS, SECOND, Stand, refused};

async fn queue(counter: &Counter) -> BranchQueue {
    counter.get(path::BRANCH).await.unwrap()
}

fn case_path(case: &str) -> String {
    path::BRANCH_CASE.replace("{case}", case)
}

fn returned(case: &str) -> Event {
    Event::Counter(CounterEvent::BranchCaseReturned {
        case: CaseId::parse(case).unwrap(),
        reason: "请补签名".to_owned(),
    })
}

#[tokio::test]
async fn a_counter_sees_its_branch_and_no_other() {
    let stand = Stand::start().await;
    let (mut first, mut second, mut elsewhere) = (stand.counter(FIRST).await, stand.counter(SECOND).await, stand.counter(ELSEWHERE).await);
    let here = second.arrived_karaoke().await;
    let there = elsewhere.arrived_karaoke().await;
    first.note();

    let told = queue(&first).await;
    let cases: Vec<_> = told
        .cases
        .iter()
        .map(|line| (line.case.as_str(), line.counter.as_str(), line.revision))
        .collect();
    assert_eq!(cases, [(here.as_str(), SECOND, 13)]);
    let heard: Vec<_> = told.counters.iter().map(|counter| (counter.counter.as_str(), counter.heard_ms)).collect();
    assert_eq!(
        heard,
        [(FIRST, None), (SECOND, Some(MONDAY_MS))],
        "a counter that sent nothing was not heard of"
    );

    let case: BranchCase = first.get(&case_path(&here)).await.unwrap();
    assert_eq!(case.counter, SECOND);
    let revisions: Vec<u32> = case
        .entries
        .iter()
        .map(|bytes| decode(&STANDARD.decode(bytes).unwrap()).unwrap().revision)
        .collect();
    assert_eq!(revisions, (1..=13).collect::<Vec<_>>(), "every entry, in order");

    let unknown = CaseId::new(uuid::Uuid::now_v7()).to_string();
    for other in [there.as_str(), unknown.as_str()] {
        let answer: Result<BranchCase, _> = first.get(&case_path(other)).await;
        assert_eq!(answer.err(), Some(refused(404, "unknown")), "another branch's case is not told apart from none");
    }
    let answer: Result<BranchCase, _> = first.get(&case_path("not-a-case")).await;
    assert_eq!(answer.err(), Some(refused(400, "malformed")));
}

#[tokio::test]
async fn a_supervisors_word_reaches_the_counter_that_has_the_case_once() {
    let stand = Stand::start().await;
    let (mut first, mut second) = (stand.counter(FIRST).await, stand.counter(SECOND).await);
    let case = second.arrived_karaoke().await;
    let before = second.words(&case).await;
    first.actor("330302-01-0012", Role::Supervisor);
    first.write(None, returned(&case));
    first.write(
        None,
        Event::Counter(CounterEvent::BranchFindingPassed {
            case: CaseId::parse(&case).unwrap(),
            code: "rule.area".to_owned(),
            material: None,
            field: Some("use_area_m2".into()),
            reason: "已实测".to_owned(),
        }),
    );
    for _again in 0..2 {
        assert_eq!(first.send_all().await.unwrap().rejected, [], "sending twice says it once");
    }
    let words = second.words(&case).await;
    assert_eq!(words[before.len()..], ["returned supervisor by 330302-01-0012", "passed rule.area"]);
    assert_eq!(first.words(&case).await, Vec::<String>::new(), "the supervisor's own counter is told nothing");
}

#[tokio::test]
async fn only_a_supervisor_of_the_same_branch_is_listened_to() {
    let stand = Stand::start().await;
    let (mut first, mut second, mut elsewhere) = (stand.counter(FIRST).await, stand.counter(SECOND).await, stand.counter(ELSEWHERE).await);
    let case = second.arrived_karaoke().await;
    let before = second.words(&case).await;
    let rejected = |code: &str| vec![Rejection { seq: 1, code: code.to_owned() }];
    // The role in an entry is the counter's claim; the staff list decides.
    first.actor("330302-01-1001", Role::Supervisor);
    first.write(None, returned(&case));
    assert_eq!(first.send_all().await.unwrap().rejected, rejected("not_supervisor"));
    elsewhere.actor("330402-01-0012", Role::Supervisor);
    elsewhere.write(None, returned(&case));
    assert_eq!(elsewhere.send_all().await.unwrap().rejected, rejected("case_elsewhere"));
    assert_eq!(second.words(&case).await, before);
}

#[tokio::test]
async fn the_staff_list_can_be_asked_for_anew() {
    let stand = Stand::start().await;
    let first = stand.counter(FIRST).await;
    stand.pass_days(7);
    let roster: Roster = first.get(path::ROSTER).await.unwrap();
    assert_eq!(roster.valid_until, "2026-12-14", "fourteen days from now");
    assert_eq!(roster.staff.len(), 2, "only the staff of its branch");
}
