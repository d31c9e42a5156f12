//! The figures of the stories as properties of the data: papers before and now, and the days until everything is done.

use onewindow_case::calendar::WorkingCalendar;
use onewindow_ipc::case_view::OutcomeKind;
use onewindow_ipc::worklist::{Alert, WorklistFilter, WorklistRow};
use time::macros::{date, format_description};
use time::{Date, Duration};

use crate::fillings;
use crate::stand::{Counter, SUPERVISOR, id_of};

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
    let id = id_of(&view);
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
    assert_eq!(counter.desk.show_case(id_of(&view)).unwrap().due, accepted.due);
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

#[test]
fn work_list_board_and_case_show_the_same_promise_and_its_light() {
    let accepted = || {
        let counter = Counter::alone();
        let view = counter.begin(fillings::find("karaoke"));
        let view = counter.vouch(&view, |_| false);
        let accepted = counter.decide(&view, OutcomeKind::Accept).unwrap();
        (counter, accepted)
    };
    // Two counters with the same case: nobody can sign in any more when the list of staff has run out.
    let (window, view) = accepted();
    let (office, _) = accepted();
    office.desk.sign_in(SUPERVISOR.0, SUPERVISOR.1).unwrap();
    let promised = view.due.clone().unwrap();
    let earliest = view.matters.iter().filter_map(|matter| matter.due.clone()).min().unwrap();
    assert!(earliest < promised, "{earliest} is the day of a matter, not of the bundle");
    let day = |text: &str| Date::parse(text, format_description!("[year]-[month]-[day]")).unwrap();

    // Behind the day of the first matter, and behind that of the whole.
    let mut today = date!(2026 - 11 - 24);
    for (passed, light, late) in [(day(&earliest), Alert::Green, 0), (day(&promised), Alert::Red, 1)] {
        for counter in [&window, &office] {
            counter.pass_days((passed - today).whole_days() + 1);
        }
        today = passed + Duration::DAY;
        let case = window.desk.show_case(id_of(&view)).unwrap();
        assert_eq!((case.due.as_deref(), case.alert), (Some(promised.as_str()), light));
        let listed = window.desk.list_cases(WorklistFilter::Mine).unwrap().rows;
        let board = office.desk.board().unwrap();
        let shown = |rows: &[WorklistRow]| rows.iter().map(|row| (row.due.clone(), row.alert, row.days_left)).collect::<Vec<_>>();
        assert_eq!(shown(&listed), shown(&board.cases));
        assert_eq!(listed.iter().map(|row| (row.due.clone(), row.alert)).collect::<Vec<_>>(), [(case.due, light)]);
        assert_eq!(listed[0].days_left.map(|left| left < 0), Some(late > 0), "{listed:?}");
        assert_eq!((board.figures.due, board.figures.overdue), (late, late), "figures follow the lights");
        assert!(
            listed[0].note.en.ends_with(", late"),
            "a department that is late is named: {:?}",
            listed[0].note
        );
    }
}
