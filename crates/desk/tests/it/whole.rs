//! Every bundle from the first question to the result in the applicant's hands: once with the line up, once without it for a day.

use onewindow_case::ids::MatterId;
use onewindow_ipc::case_view::{CaseView, OutcomeKind};
use onewindow_testkit::departments::Policy;

use crate::fillings::{self, Filling};
use crate::stand::{Counter, Office, hand_over, id_of, open_points};

/// Accepts a usual case; the papers as scanned pages or on the clerk's word.
pub fn accepted(counter: &Counter, filling: &Filling, scanned: bool) -> CaseView {
    let view = counter.begin(filling);
    let view = if scanned {
        counter.hand_in(&view, |_| false)
    } else {
        counter.vouch(&view, |_| false)
    };
    assert_eq!(view.questions_open, 0, "{}: every question has an answer", filling.bundle);
    let view = counter
        .decide(&view, OutcomeKind::Accept)
        .unwrap_or_else(|fault| panic!("{}: {fault}: {:#?}", filling.bundle, open_points(&view)));
    assert_eq!(view.state, "accepted", "{}", filling.bundle);
    assert!(view.pickup_code.as_ref().is_some_and(|code| code.len() == 6));
    assert!(view.matters.iter().any(|matter| matter.due.is_some()), "{}: a promise is made", filling.bundle);
    let kinds: Vec<&str> = view.documents.iter().map(|document| document.kind.as_str()).collect();
    for kind in ["receipt-slip", "acceptance-notice", "pickup-slip"] {
        assert!(kinds.contains(&kind), "{}: {kind} is made: {kinds:?}", filling.bundle);
    }
    view
}

/// What the window may decide by mandate is decided there.
fn decide_by_mandate(counter: &Counter, view: CaseView) -> CaseView {
    let mut view = view;
    while let Some(matter) = view.matters.iter().find(|matter| matter.decidable_here).map(|matter| matter.matter.clone()) {
        view = counter.desk.decide_here(id_of(&view), &MatterId::new(matter), None).unwrap();
    }
    view
}

fn finished(counter: &Counter, view: &CaseView) {
    let mut view = counter.desk.show_case(id_of(view)).unwrap();
    for matter in view.matters.clone() {
        assert_eq!(matter.state, "granted", "{} {}: {:?}", view.bundle_id, matter.matter, matter.reason);
        assert!(matter.licence_no.is_some(), "{} {}: the centre gave it a number", view.bundle_id, matter.matter);
        view = hand_over(counter, &view, &matter.matter);
    }
    assert_eq!(view.state, "completed", "{}", view.bundle_id);
    assert!(view.way.iter().all(|step| step.done), "{}: {:?}", view.bundle_id, view.way);
}

#[test]
fn every_bundle_runs_from_the_first_question_to_the_result() {
    let office = Office::open();
    let counter = Counter::of(&office.url);
    let cases: Vec<CaseView> = fillings::ALL
        .iter()
        .map(|filling| decide_by_mandate(&counter, accepted(&counter, filling, filling.bundle == "karaoke")))
        .collect();
    office.sync(&counter);
    let decided = office.decide_all(Policy::default());
    office.sync(&counter);
    let matters: usize = cases.iter().map(|view| view.matters.len()).sum();
    let here = cases.iter().flat_map(|view| &view.matters).filter(|matter| matter.state == "granted").count();
    assert!(here >= 4, "some matters were decided at the window: {here}");
    assert_eq!(decided + here, matters, "the departments decided every other matter, once");
    for view in &cases {
        finished(&counter, view);
    }
    office.sync(&counter);
    for view in &cases {
        let view = counter.desk.show_case(id_of(view)).unwrap();
        assert_eq!(view.state, "completed", "{}", view.bundle_id);
        assert_eq!(
            view.safe.centre,
            onewindow_ipc::case_view::NodeState::Full,
            "{}: {:?}",
            view.bundle_id,
            view.safe.words
        );
    }
}

#[test]
fn every_bundle_is_accepted_without_the_centre_and_arrives_once_the_line_is_back() {
    let office = Office::open();
    let mut counter = Counter::of(&office.url);
    let cases: Vec<CaseView> = fillings::ALL.iter().map(|filling| accepted(&counter, filling, false)).collect();
    for view in &cases {
        assert_ne!(
            view.safe.centre,
            onewindow_ipc::case_view::NodeState::Full,
            "nobody claims what the centre has not said"
        );
    }
    counter.restart();
    counter.pass_days(1);
    for view in &cases {
        let again = counter.desk.show_case(id_of(view)).unwrap();
        assert_eq!((again.state.as_str(), again.revision), ("accepted", view.revision), "{}", view.bundle_id);
        assert_eq!(again.documents.len(), view.documents.len());
        let dues = |view: &CaseView| view.matters.iter().map(|matter| matter.due.clone()).collect::<Vec<_>>();
        assert_eq!(dues(&again), dues(view), "{}: the promise was made yesterday", view.bundle_id);
    }
    office.sync(&counter);
    for view in &cases {
        let view = counter.desk.show_case(id_of(view)).unwrap();
        assert!(
            view.way.iter().any(|step| step.step == "received" && step.done),
            "{}: received by the centre",
            view.bundle_id
        );
        assert!(
            view.matters.iter().any(|matter| matter.state == "in_review"),
            "{}: departments work on it",
            view.bundle_id
        );
    }
}

#[test]
fn a_refused_matter_stops_what_waits_for_it_and_nothing_else() {
    let office = Office::open();
    let counter = Counter::of(&office.url);
    let view = accepted(&counter, fillings::find("karaoke"), false);
    office.sync(&counter);
    let mut policy = Policy::default();
    policy.refuse.insert("fire_check".to_owned(), "疏散通道不符合要求".to_owned());
    office.decide_all(policy);
    office.sync(&counter);
    let view = counter.desk.show_case(id_of(&view)).unwrap();
    let state = |matter: &str| view.matters.iter().find(|known| known.matter == matter).unwrap().state.clone();
    assert_eq!(state("fire_check"), "refused");
    assert_eq!(state("entertainment_permit"), "terminated", "it waits for the fire check");
    assert_eq!(state("police_filing"), "terminated", "and this waits for the permit");
    for independent in ["business_licence", "hygiene", "environment", "seal_tax"] {
        assert_eq!(state(independent), "granted", "{independent} goes on");
    }
}
