//! Departments: they see what is theirs, in its turn, and decide once.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use onewindow_case::event::CaseEvent;
use onewindow_testkit::departments::{DepartmentToken, Departments, Policy};
use onewindow_wire::department::Decision;
use onewindow_wire::feed::{CentreWord, ContentLine};

use crate::counter::{Counter, KARAOKE};
use crate::stand::{FIRST, Stand, refused, request};

#[tokio::test]
async fn the_licence_comes_first_and_the_permit_when_all_before_it_are_granted() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let case = counter.arrived_karaoke().await;
    assert_eq!(
        (stand.waiting("SCJ").await, stand.waiting("WGL").await),
        (vec!["business_licence".to_owned()], Vec::new())
    );
    stand.grant("SCJ", &case, "business_licence").await;
    assert_eq!(stand.waiting("WGL").await, ["hearing"], "the permit waits for more than the licence");
    stand.grant("HBJ", &case, "environment").await;
    stand.grant("XF", &case, "fire_check").await;
    assert_eq!(stand.waiting("WGL").await, ["hearing"]);
    stand.grant("WGL", &case, "hearing").await;
    assert_eq!(stand.waiting("WGL").await, ["entertainment_permit"]);
    assert_eq!(stand.waiting("PSB_SEC").await, Vec::<String>::new());
    stand.grant("WGL", &case, "entertainment_permit").await;
    assert_eq!(stand.waiting("PSB_SEC").await, ["police_filing"]);
    let words = counter.words(&case).await;
    let place = |word: &str| {
        words
            .iter()
            .position(|one| one == word)
            .unwrap_or_else(|| panic!("{word} was not said: {words:?}"))
    };
    assert!(place("business_licence granted") < place("fire_check with XF"));
    assert!(place("hearing granted") < place("entertainment_permit with WGL"));
    assert!(place("entertainment_permit granted") < place("police_filing with PSB_SEC"));
}

#[tokio::test]
async fn a_work_item_shows_form_and_pages_of_the_case() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let case = counter.arrived_karaoke().await;
    let item = stand.work("SCJ").await.remove(0);
    assert_eq!(
        (item.case, item.bundle.as_str(), item.applicant.as_str()),
        (case, "karaoke", "云江市星隅歌舞娱乐有限公司")
    );
    assert_eq!(item.due.as_deref(), Some("2026-11-24"), "one working day after Monday");
    assert!(item.fields.contains(&ContentLine {
        key: "guests".to_owned(),
        value: "300".to_owned()
    }));
    assert_eq!(
        (item.pages.len(), item.pages[0].material.as_deref(), item.suspended),
        (1, Some("floor_plan"), false)
    );
}

#[tokio::test]
async fn dependants_start_their_clock_with_the_completion_before_them() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let case = counter.arrived_karaoke().await;
    stand.pass_days(1);
    stand.grant("SCJ", &case, "business_licence").await;
    let due = |items: &[onewindow_wire::department::WorkItem]| items[0].due.clone().unwrap();
    assert_eq!(due(&stand.work("XF").await), "2026-12-08", "ten working days after Tuesday");
    assert_eq!(due(&stand.work("HBJ").await), "2026-11-23", "at once, from acceptance");
}

#[tokio::test]
async fn a_refusal_stops_what_depends_on_it_and_nothing_else() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let case = counter.arrived_karaoke().await;
    stand
        .decide(
            "SCJ",
            &case,
            "business_licence",
            Decision::Refuse {
                reason: "名称不符合规定".to_owned(),
            },
        )
        .await;
    let words = counter.words(&case).await;
    for stopped in ["fire_check", "hygiene", "hearing", "entertainment_permit", "police_filing", "seal_tax"] {
        assert!(words.contains(&format!("{stopped} stopped")), "{stopped}: {words:?}");
    }
    assert_eq!(stand.waiting("HBJ").await, ["environment"], "what does not depend on it goes on");
    assert_eq!((stand.waiting("SCJ").await.len(), stand.waiting("WGL").await.len()), (0, 0));
    let again = stand
        .try_decide("SCJ", &request(&case, "business_licence", Decision::Grant { content: Vec::new() }))
        .await;
    assert_eq!(again, Err(refused(409, "conflict")), "what is decided stays decided");
}

#[tokio::test]
async fn a_decision_sent_again_changes_nothing() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let case = counter.arrived_karaoke().await;
    let mut decision = request(&case, "business_licence", Decision::Grant { content: Vec::new() });
    let first = stand.try_decide("SCJ", &decision).await.unwrap();
    let said = counter.feed(0, 0).await.unwrap().cursor;
    let second = stand.try_decide("SCJ", &decision).await.unwrap();
    assert_eq!((first.outcome.as_str(), second.outcome.as_str()), ("recorded", "repeated"));
    assert_eq!(first.licence_no, second.licence_no, "one licence, one number");
    assert_eq!(counter.feed(said, 0).await.unwrap().items, [], "nothing is said twice");
    decision.decision = Decision::Refuse { reason: "否".to_owned() };
    assert_eq!(
        stand.try_decide("SCJ", &decision).await,
        Err(refused(409, "conflict")),
        "an id belongs to one decision"
    );
}

#[tokio::test]
async fn a_department_decides_only_what_is_its_own_and_open() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let case = counter.arrived_karaoke().await;
    let grant = || Decision::Grant { content: Vec::new() };
    assert_eq!(
        stand.try_decide("WGL", &request(&case, "business_licence", grant())).await,
        Err(refused(404, "unknown")),
        "another's matter"
    );
    assert_eq!(
        stand.try_decide("WGL", &request(&case, "entertainment_permit", grant())).await,
        Err(refused(409, "conflict")),
        "not started"
    );
    assert_eq!(
        stand.try_decide("SCJ", &request(&case, "moon_walk", grant())).await,
        Err(refused(404, "unknown"))
    );
    assert_eq!(
        stand
            .try_decide("SCJ", &request("0190f2c4-0000-7000-8000-000000000001", "business_licence", grant()))
            .await,
        Err(refused(404, "unknown"))
    );
    assert_eq!(
        stand.try_decide("SCJ", &request("x", "business_licence", grant())).await,
        Err(refused(400, "malformed"))
    );
    assert_eq!(
        stand
            .try_decide("SCJ", &request(&case, "business_licence", Decision::Refuse { reason: " ".to_owned() }))
            .await,
        Err(refused(400, "malformed")),
        "a refusal needs its reason"
    );
    assert_eq!(
        stand.try_decide("SCJ", &request(&case, "business_licence", Decision::Resume)).await,
        Err(refused(409, "conflict"))
    );
    let url = stand.at("/v1/departments/SCJ/work");
    let status = stand.client.get(url).bearer_auth("token-WGL").send().await.unwrap().status();
    assert_eq!(status.as_u16(), 401, "another department's token");
}

#[tokio::test]
async fn a_suspended_clock_stands_still() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let case = counter.arrived_karaoke().await;
    stand
        .decide(
            "SCJ",
            &case,
            "business_licence",
            Decision::Suspend {
                reason: "现场核查".to_owned()
            },
        )
        .await;
    assert!(stand.work("SCJ").await[0].suspended);
    let early = stand
        .try_decide("SCJ", &request(&case, "business_licence", Decision::Grant { content: Vec::new() }))
        .await;
    assert_eq!(early, Err(refused(409, "conflict")), "resumed first");
    stand.pass_days(7);
    stand.decide("SCJ", &case, "business_licence", Decision::Resume).await;
    let item = stand.work("SCJ").await.remove(0);
    assert_eq!(
        (item.suspended, item.due.as_deref()),
        (false, Some("2026-12-01")),
        "one working day was left on the day it stopped"
    );
    stand.grant("SCJ", &case, "business_licence").await;
    let words = counter.words(&case).await;
    assert_eq!(
        words[4..7],
        ["business_licence suspended", "business_licence with SCJ", "business_licence granted"]
    );
}

#[tokio::test]
async fn the_time_of_a_matter_is_extended_once_with_reason_and_approval() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let case = counter.arrived_karaoke().await;
    let extend = |days: u32, reason: &str, approver: &str| Decision::Extend {
        days,
        reason: reason.to_owned(),
        approver: approver.to_owned(),
    };
    for faulty in [extend(0, "专家评审", "陈局"), extend(5, " ", "陈局"), extend(5, "专家评审", "")] {
        let answer = stand.try_decide("SCJ", &request(&case, "business_licence", faulty)).await;
        assert_eq!(answer, Err(refused(400, "malformed")));
    }
    let before = stand.work("SCJ").await.remove(0).due.unwrap();
    stand.decide("SCJ", &case, "business_licence", extend(5, "专家评审", "陈局")).await;
    let after = stand.work("SCJ").await.remove(0).due.unwrap();
    assert!(after > before, "{before} to {after}");
    let again = stand
        .try_decide("SCJ", &request(&case, "business_licence", extend(5, "专家评审", "陈局")))
        .await;
    assert_eq!(again, Err(refused(409, "conflict")), "once only");
    stand.grant("SCJ", &case, "business_licence").await;
    let words = counter.words(&case).await;
    assert_eq!(words[4..6], ["business_licence extended", "business_licence granted"]);
}

#[tokio::test]
async fn a_withdrawn_case_leaves_the_work_lists() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let mut draft = counter.karaoke(b"page");
    counter.put(b"page").await.unwrap();
    counter.send_all().await.unwrap();
    let case = draft.id.to_string();
    assert_eq!(stand.waiting("SCJ").await.len(), 1);
    counter.add(
        &mut draft,
        CaseEvent::Withdrawn {
            reason: "不办了".to_owned()
        },
    );
    counter.send(&counter.entries[counter.entries.len() - 1..]).await.unwrap();
    assert_eq!((stand.waiting("SCJ").await.len(), stand.waiting("HBJ").await.len()), (0, 0));
    let late = stand
        .try_decide("SCJ", &request(&case, "business_licence", Decision::Grant { content: Vec::new() }))
        .await;
    assert_eq!(late, Err(refused(409, "conflict")));
}

#[tokio::test]
async fn conditional_acceptance_goes_to_the_departments_and_full_acceptance_adds_nothing() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let mut draft = counter.open("karaoke", "2026.1");
    let matters = |counter: &mut Counter, draft: &mut crate::counter::Draft| {
        let matters = [("business_licence", "SCJ")].map(|(matter, department)| onewindow_case::event::MatterDue {
            matter: matter.into(),
            department: department.into(),
            due: Some(time::macros::date!(2026 - 11 - 23)),
        });
        let conditionally = CaseEvent::AcceptedConditionally {
            on: time::macros::date!(2026 - 11 - 23),
            matters: matters.to_vec(),
            outstanding: vec!["site_map".into()],
            outstanding_due: time::macros::date!(2026 - 11 - 30),
            pickup_code: "042917".to_owned(),
        };
        counter.add(draft, conditionally);
    };
    matters(&mut counter, &mut draft);
    counter.send_all().await.unwrap();
    assert_eq!(
        stand.work("SCJ").await[0].due.as_deref(),
        Some("2026-11-23"),
        "a shorter promise on paper holds"
    );
    stand.grant("SCJ", &draft.id.to_string(), "business_licence").await;
    counter.accept(&mut draft, &KARAOKE[..1]);
    counter.send_all().await.unwrap();
    assert_eq!(stand.waiting("SCJ").await, Vec::<String>::new(), "what was granted is not asked again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn virtual_departments_carry_a_case_to_its_end() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let case = counter.arrived_karaoke().await;
    let tokens: Vec<DepartmentToken> = ["SCJ", "HBJ", "XF", "WJW", "WGL", "PSB_SEC", "SWJ"]
        .map(|department| DepartmentToken {
            department: department.to_owned(),
            token: format!("token-{department}"),
        })
        .to_vec();
    let policy = Policy {
        delay: Duration::from_millis(50),
        refuse: HashMap::from([("hygiene".to_owned(), "不符合卫生标准".to_owned())]),
        ..Policy::default()
    };
    let departments = Departments::start(&stand.url, tokens, policy).unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    while departments.decided().len() < KARAOKE.len() && Instant::now() < patience {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let words = counter.words(&case).await;
    for (matter, _) in KARAOKE {
        let end = if matter == "hygiene" {
            "hygiene refused".to_owned()
        } else {
            format!("{matter} granted")
        };
        assert!(words.contains(&end), "{end}: {words:?}");
    }
    let permit = counter.feed(0, 0).await.unwrap().items.into_iter().find_map(|item| match item.word {
        CentreWord::Granted { matter, content, .. } if matter == "entertainment_permit" => Some(content),
        _other => None,
    });
    let permit = permit.unwrap();
    let line = |key: &str| permit.iter().find(|line| line.key == key).map(|line| line.value.as_str());
    assert_eq!(
        (line("kind"), line("area"), line("guests")),
        (Some("歌舞娱乐场所"), Some("860平方米"), Some("300"))
    );
    assert_eq!((line("valid_from"), line("valid_to")), (Some("2026-11-23"), Some("2028-11-22")), "two years");
}
