//! Counted blanks and the end of the day.

use onewindow_desk::{DeskFault, Language};
use onewindow_ipc::day::{CountedBlanks, DayBlank, DayView};

use crate::lone_counter::{CLERK, LoneCounter, SUPERVISOR};

const KIND: &str = "business_licence";

fn blank(view: &DayView) -> &DayBlank {
    view.blanks.iter().find(|blank| blank.kind == KIND).unwrap()
}

fn counted(view: &DayView) -> Vec<CountedBlanks> {
    let line = |blank: &DayBlank| CountedBlanks {
        kind: blank.kind.clone(),
        count: blank.closing,
    };
    view.blanks.iter().map(line).collect()
}

fn code(fault: &DeskFault) -> String {
    fault.to_command_fault().code
}

#[test]
fn blanks_move_with_a_second_person_only_and_every_number_once() {
    let stand = LoneCounter::new();
    stand.sign_in(CLERK);
    let desk = &stand.desk;
    let before = blank(&desk.day().unwrap()).closing;
    let after = desk.receive_blanks(KIND, "33YY000300", "33YY000309", SUPERVISOR).unwrap();
    assert_eq!((blank(&after).closing, blank(&after).received), (before + 10, before + 10));
    let again = desk.receive_blanks(KIND, "33YY000309", "33YY000320", SUPERVISOR).unwrap_err();
    assert_eq!(code(&again), "blanks");
    let wrong_pin = desk.receive_blanks(KIND, "33YY000400", "33YY000401", (SUPERVISOR.0, "000000")).unwrap_err();
    assert_eq!(code(&wrong_pin), "wrong-pin");
    let clerk = desk.receive_blanks(KIND, "33YY000400", "33YY000401", CLERK).unwrap_err();
    assert_eq!(code(&clerk), "wrong-role", "a clerk is no second person");
    let spoiled = desk.spoil_blank(KIND, "33YY000300", "受潮", SUPERVISOR).unwrap();
    assert_eq!((blank(&spoiled).spoiled, blank(&spoiled).closing), (1, before + 9));
    assert_eq!(code(&desk.spoil_blank(KIND, "33YY000300", "受潮", SUPERVISOR).unwrap_err()), "blanks");
    assert_eq!(code(&desk.spoil_blank(KIND, "33YY000301", " ", SUPERVISOR).unwrap_err()), "reason-missing");
    let returned = desk.return_blanks(KIND, "33YY000305", "33YY000309", SUPERVISOR).unwrap();
    assert_eq!((blank(&returned).returned, blank(&returned).closing), (5, before + 4));
    let book = returned.blanks.clone();
    let stand = stand.again();
    stand.sign_in(CLERK);
    assert_eq!(stand.desk.day().unwrap().blanks, book, "the drawer is as it was after a restart");
}

#[test]
fn nobody_signs_twice() {
    let stand = LoneCounter::new();
    stand.sign_in(SUPERVISOR);
    let fault = stand.desk.receive_blanks(KIND, "33YY000300", "33YY000309", SUPERVISOR).unwrap_err();
    assert_eq!(code(&fault), "second-person");
}

#[test]
fn a_day_is_closed_when_the_count_agrees_and_its_sheet_is_kept() {
    let stand = LoneCounter::new();
    stand.sign_in(CLERK);
    let desk = &stand.desk;
    desk.open_case("karaoke", None).unwrap();
    let view = desk.day().unwrap();
    assert!(view.can_close && view.closed.is_none());
    assert!(view.cases.iter().any(|line| line.code == "opened" && line.count == 1), "{:?}", view.cases);
    assert!(view.points.iter().any(|point| point.code == "drafts" && !point.blocks));
    let mut wrong = counted(&view);
    wrong[0].count -= 1;
    let fault = desk.close_day(&wrong, None, SUPERVISOR).unwrap_err();
    assert_eq!(code(&fault), "blanks-miscounted");
    assert!(desk.day().unwrap().closed.is_none());
    assert_eq!(desk.preview_day(Language::En).unwrap().pages, 1);
    let closed = desk.close_day(&counted(&view), Some("一切正常"), SUPERVISOR).unwrap().closed.unwrap();
    assert_eq!((closed.number, closed.supervisor.contains(SUPERVISOR.0)), (1, true));
    let again = desk.close_day(&counted(&view), None, SUPERVISOR).unwrap().closed.unwrap();
    assert_eq!(again.number, 2, "a day that went on is closed again");
    let stand = stand.again();
    stand.sign_in(CLERK);
    assert_eq!(stand.desk.day().unwrap().closed.map(|closed| closed.number), Some(2));
}

#[test]
fn a_character_that_no_font_has_is_refused_when_the_form_is_saved() {
    let stand = LoneCounter::new();
    stand.sign_in(CLERK);
    let case = stand.desk.open_case("karaoke", None).unwrap();
    let id = onewindow_case::ids::CaseId::parse(&case.case_id).unwrap();
    let field = case.fields.iter().find(|field| field.field == "enterprise_name").unwrap();
    let fault = stand.desk.set_field(id, &field.field, "星\u{31349}歌舞").unwrap_err();
    let told = fault.to_command_fault();
    assert_eq!(told.code, "unprintable");
    assert!(told.what.zh.contains("U+31349") && told.what.zh.contains(&field.label.zh), "{}", told.what.zh);
    assert!(
        stand.desk.set_field(id, &field.field, "星䶮𠮷歌舞").is_ok(),
        "rare names that fonts have are fine"
    );
}
