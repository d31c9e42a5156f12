//! The figures of the stories as properties of the data: papers before and now, and the days until everything is done.

use onewindow_case::calendar::WorkingCalendar;
use onewindow_ipc::case_view::OutcomeKind;
use time::Date;
use time::macros::{date, format_description};

use crate::fillings;
use crate::stand::Counter;

/// Bundle, papers before, papers now, working days until the last promise at most (the critical path of the usual case).
const TOLD: &[(&str, u32, u32, i64)] = &[
    ("newborn", 29, 5, 5),
    ("school_enrolment", 6, 1, 13),
    ("public_rental", 12, 1, 8),
    ("retirement", 21, 4, 5),
    ("funeral", 14, 3, 5),
    ("property_transfer", 17, 4, 1),
    ("real_estate_tax", 9, 1, 0),
    ("karaoke", 19, 10, 21),
    ("provident_fund", 8, 1, 0),
    // Licence, seals and tax within one day, as the story tells; the bank's own appointment counts a day of its own after the seals.
    ("business_registration", 20, 6, 2),
    ("tenancy", 7, 3, 0),
    ("exit_entry", 6, 2, 7),
    ("social_insurance", 10, 2, 5),
    ("medical_reimbursement", 8, 4, 5),
    ("investment_project", 60, 5, 100),
    ("restaurant", 14, 5, 6),
];

#[test]
fn every_promise_of_the_stories_holds_for_the_usual_case() {
    let counter = Counter::alone();
    let calendar = WorkingCalendar::mainland().assuming_years(1).unwrap();
    let today = date!(2026 - 11 - 24);
    for (bundle, before, now, days) in TOLD {
        let view = counter.begin(fillings::find(bundle));
        assert_eq!((view.papers_before, view.papers_required), (*before, *now), "{bundle}");
        let due = view.due.clone().unwrap_or_else(|| panic!("{bundle} has a last day"));
        let due = Date::parse(&due, format_description!("[year]-[month]-[day]")).unwrap();
        let counted = calendar.working_days_between(today, due).unwrap();
        assert!(counted <= *days, "{bundle}: {counted} working days, {days} are told");
    }
    assert_eq!(TOLD.len(), fillings::ALL.len(), "every bundle has its figures here");
}

#[test]
fn a_family_that_is_not_certified_waits_longer_for_rental_but_no_more_than_thirty_days() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("public_rental"));
    let id = crate::stand::id_of(&view);
    counter.desk.answer_question(id, "family", Some("middle_low")).unwrap();
    let view = counter.desk.answer_question(id, "help", Some("subsidy")).unwrap();
    let due = Date::parse(&view.due.unwrap(), format_description!("[year]-[month]-[day]")).unwrap();
    let calendar = WorkingCalendar::mainland().assuming_years(1).unwrap();
    let days = calendar.working_days_between(date!(2026 - 11 - 24), due).unwrap();
    assert!((20..=30).contains(&days), "{days}");
}

#[test]
fn an_acceptance_keeps_its_promise_whatever_comes_later() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("exit_entry"));
    let view = counter.vouch(&view, |_| false);
    let accepted = counter.decide(&view, OutcomeKind::Accept).unwrap();
    assert_eq!(accepted.due.as_deref(), Some("2026-12-03"), "seven working days after Tuesday, 24 November");
    counter.pass_days(3);
    assert_eq!(counter.desk.show_case(crate::stand::id_of(&view)).unwrap().due, accepted.due);
}

#[test]
fn the_promise_for_all_matters_counts_those_that_wait_for_others() {
    for bundle in ["newborn", "karaoke"] {
        let counter = Counter::alone();
        let view = counter.begin(fillings::find(bundle));
        let view = counter.vouch(&view, |_| false);
        let accepted = counter.decide(&view, OutcomeKind::Accept).unwrap();
        assert!(accepted.matters.iter().any(|matter| matter.due.is_none()), "{bundle}: some matters wait");
        assert_eq!(accepted.due, view.due, "{bundle}: what was shown before is promised");
        let latest_begun = accepted.matters.iter().filter_map(|matter| matter.due.clone()).max();
        assert!(
            accepted.due > latest_begun,
            "{bundle}: {:?} is promised, {latest_begun:?} is the last day of those begun",
            accepted.due
        );
    }
}
