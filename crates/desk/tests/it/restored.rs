//! A backup of a counter is put back: whether the PC notices it or only the centre does, no position of the journal is given twice, what was
//! done on the old state reaches the centre beside what it holds already, and people are told.

use onewindow_ipc::audit::AuditFilter;
use onewindow_ipc::case_view::CaseView;
use onewindow_link::Link;
use onewindow_wire::branch::{BranchCase, BranchLine};
use tempfile::TempDir;

use crate::fillings;
use crate::stand::{COUNTER, Counter, Office, SUPERVISOR, id_of};

fn link(office: &Office, counter: &Counter) -> Link {
    let token = std::fs::read_to_string(counter.data.join("centre.token")).unwrap();
    Link::new(&office.url, COUNTER, Some(token.trim().to_owned())).unwrap()
}

/// Every case that the centre holds of the branch, and how far.
fn at_the_centre(office: &Office, counter: &Counter) -> Vec<BranchLine> {
    office.run(link(office, counter).branch()).unwrap().cases
}

fn case_at_the_centre(office: &Office, counter: &Counter, view: &CaseView) -> BranchCase {
    office.run(link(office, counter).branch_case(&view.case_id)).unwrap()
}

fn holds(office: &Office, counter: &Counter, view: &CaseView) -> bool {
    let revision = counter.desk.show_case(id_of(view)).map_or(view.revision, |view| view.revision);
    at_the_centre(office, counter)
        .iter()
        .any(|line| line.case == view.case_id && line.revision >= revision)
}

fn note(counter: &Counter) -> String {
    counter.desk.status().restored.map(|words| words.en).unwrap_or_default()
}

/// What the audit view says happened, newest first.
fn acts(counter: &Counter, code: &str) -> usize {
    counter.desk.sign_out().unwrap();
    counter.desk.sign_in(SUPERVISOR.0, SUPERVISOR.1).unwrap();
    let found = counter.desk.list_audit(&AuditFilter::default()).unwrap();
    found.rows.iter().filter(|row| row.event == code).count()
}

/// A counter with one case at the centre, its backup, and a second case that only the centre and the lost past know.
fn counter_with_a_lost_past(office: &Office) -> (Counter, TempDir, CaseView, CaseView) {
    let mut counter = Counter::of(&office.url);
    let before = counter.begin(&fillings::ALL[0]);
    office.sync(&counter);
    let backup = counter.back_up();
    let lost = counter.begin(&fillings::ALL[1]);
    office.sync(&counter);
    assert!(holds(office, &counter, &lost));
    (counter, backup, before, lost)
}

#[test]
fn the_centre_notices_what_the_pc_can_not_and_both_pasts_are_kept() {
    let office = Office::open();
    let (mut counter, backup, before, lost) = counter_with_a_lost_past(&office);
    let lost_entries = case_at_the_centre(&office, &counter, &lost).entries;
    counter.put_back(&backup);
    assert_eq!(note(&counter), "", "nothing on this PC can know yet");
    let since: Vec<_> = fillings::ALL[2..5].iter().map(|filling| counter.begin(filling)).collect();
    assert!(counter.desk.show_case(id_of(&lost)).is_err(), "the lost past is not here any more");
    office.sync(&counter);
    for view in since.iter().chain([&before]) {
        assert!(
            holds(&office, &counter, view),
            "what was done on the old state is at the centre: {}",
            view.case_no
        );
    }
    let kept = case_at_the_centre(&office, &counter, &lost).entries;
    assert_eq!(kept, lost_entries, "and what was there before is there as it was");
    assert!(note(&counter).contains("go to the centre as a branch"), "{}", note(&counter));
    assert_eq!(acts(&counter, "state_restored"), 1, "it stands in the journal");
}

#[test]
fn a_branch_is_sent_once_also_after_a_restart_and_work_goes_on_behind_it() {
    let office = Office::open();
    let (mut counter, backup, _, _) = counter_with_a_lost_past(&office);
    counter.put_back(&backup);
    let since = counter.begin(&fillings::ALL[2]);
    office.sync(&counter);
    let entries = case_at_the_centre(&office, &counter, &since).entries;
    counter.restart();
    let later = counter.begin(&fillings::ALL[3]);
    office.sync(&counter);
    office.sync(&counter);
    assert!(holds(&office, &counter, &later));
    assert_eq!(case_at_the_centre(&office, &counter, &since).entries, entries, "nothing arrived twice");
    assert_eq!(acts(&counter, "state_restored"), 1, "it is noticed once");
}

#[test]
fn the_same_backup_can_be_put_back_again_and_again() {
    let office = Office::open();
    let (mut counter, backup, _, lost) = counter_with_a_lost_past(&office);
    let mut all = vec![lost];
    for round in 2..5 {
        counter.put_back(&backup);
        all.push(counter.begin(&fillings::ALL[round]));
        office.sync(&counter);
        let known = at_the_centre(&office, &counter);
        for view in &all {
            assert!(known.iter().any(|line| line.case == view.case_id), "round {round}: {}", view.case_no);
        }
    }
}

#[test]
fn one_case_changed_in_both_pasts_is_for_a_person_to_look_at() {
    let office = Office::open();
    let mut counter = Counter::of(&office.url);
    let view = counter.begin(&fillings::ALL[0]);
    office.sync(&counter);
    let backup = counter.back_up();
    counter.desk.withdraw_case(id_of(&view), "改主意").unwrap();
    office.sync(&counter);
    let told_before = case_at_the_centre(&office, &counter, &view).entries;
    counter.put_back(&backup);
    let field = view.fields.iter().find(|field| !field.value.is_empty()).unwrap();
    let changed = counter.desk.set_field(id_of(&view), &field.field, "").unwrap();
    assert!(changed.revision > view.revision);
    office.sync(&counter);
    assert_eq!(
        case_at_the_centre(&office, &counter, &view).entries,
        told_before,
        "the case at the centre is not changed silently"
    );
    assert!(acts(&counter, "delivery_rejected") > 0, "and what was refused is told at the counter");
}
