//! What belongs to the visit: agent and guardian, needs, consents, rating; and answers that nobody has to be asked for.

use onewindow_desk::DeskFault;
use onewindow_ipc::case_view::OutcomeKind;
use onewindow_ipc::visit::{RatingRequest, RepresentativeKindView, RepresentativeView};

use crate::fillings;
use crate::stand::{Counter, id_of};

const MINOR_ID: &str = "330302201806129994";

fn code<T: std::fmt::Debug>(result: Result<T, DeskFault>) -> String {
    result.expect_err("it is not allowed").to_command_fault().code
}

fn representative(kind: RepresentativeKindView, name: &str, id_number: &str, authority: &str) -> RepresentativeView {
    RepresentativeView {
        kind,
        name: name.to_owned(),
        id_number: id_number.to_owned(),
        phone: String::new(),
        authority: authority.to_owned(),
    }
}

#[test]
fn a_minor_applies_through_a_guardian() {
    let counter = Counter::alone();
    let filling = fillings::find("exit_entry");
    let view = counter.desk.open_case("exit_entry", Some("A021".to_owned())).unwrap();
    let id = id_of(&view);
    assert_eq!(view.ticket, "A021", "the queue ticket is part of the case");
    let mut applicant = filling.applicant();
    applicant.name = "周知秋".to_owned();
    applicant.id_number = MINOR_ID.to_owned();
    let view = counter.desk.set_applicant(id, &applicant).unwrap();
    let missing = view.findings.iter().find(|finding| finding.code == "applicant.guardian-missing").unwrap();
    assert!(missing.basis.as_ref().is_some_and(|law| law.contains("民法典")));
    // Nobody is asked what the number says already.
    let under_16 = view.questions.iter().find(|question| question.question == "under_16").unwrap();
    assert_eq!(under_16.answer.as_deref(), Some("yes"));
    assert!(
        under_16.known_from.as_ref().is_some_and(|from| from.zh.contains("得知")),
        "{:?}",
        under_16.known_from
    );
    let guardian = representative(RepresentativeKindView::Guardian, fillings::WOMAN.0, fillings::WOMAN.1, "出生医学证明");
    for (question, answer) in &crate::stand::bundle("exit_entry").figures.usual {
        if question.as_str() != "under_16" {
            counter.desk.answer_question(id, question.as_str(), Some(&answer.to_string())).unwrap();
        }
    }
    let view = counter.desk.set_representative(id, Some(&guardian)).unwrap();
    assert!(
        !view.findings.iter().any(|finding| finding.code.starts_with("applicant.guardian")),
        "the guardian is here"
    );
    assert_eq!(view.visit.representative, Some(guardian));
    assert!(
        view.checklist.iter().any(|item| item.material == "guardian_proof"),
        "and what proves it is on the list"
    );
}

#[test]
fn a_given_answer_wins_over_a_known_one_and_going_back_keeps_it() {
    let counter = Counter::alone();
    let view = counter.desk.open_case("exit_entry", None).unwrap();
    let id = id_of(&view);
    let under_16 = |view: &onewindow_ipc::case_view::CaseView| {
        let question = view.questions.iter().find(|question| question.question == "under_16").unwrap();
        (question.answer.clone(), question.known_from.is_some())
    };
    assert_eq!(under_16(&view), (None, false), "nothing is known of nobody");
    let view = counter.desk.set_applicant(id, &fillings::find("exit_entry").applicant()).unwrap();
    assert_eq!(under_16(&view), (Some("no".to_owned()), true), "the number says that she is grown up");
    let view = counter.desk.answer_question(id, "under_16", Some("yes")).unwrap();
    assert_eq!(under_16(&view), (Some("yes".to_owned()), false));
    counter.desk.answer_question(id, "urgent", Some("no")).unwrap();
    let view = counter.desk.show_case(id).unwrap();
    assert_eq!(under_16(&view), (Some("yes".to_owned()), false), "the answer stays");
    let view = counter.desk.answer_question(id, "under_16", None).unwrap();
    assert_eq!(under_16(&view), (Some("no".to_owned()), true), "taken back, what is known counts again");
}

#[test]
fn an_agent_shows_who_they_are_and_by_what_letter() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("provident_fund"));
    let id = id_of(&view);
    let codes = |agent: &RepresentativeView| {
        let view = counter.desk.set_representative(id, Some(agent)).unwrap();
        let mut codes: Vec<String> = view
            .findings
            .iter()
            .filter(|finding| finding.code.starts_with("representative.") || finding.subject.zh == "代理人")
            .map(|finding| finding.code.clone())
            .collect();
        codes.sort();
        codes
    };
    let agent = |id_number: &str, authority: &str| representative(RepresentativeKindView::Agent, fillings::MAN.0, id_number, authority);
    assert_eq!(codes(&agent(fillings::MAN.1, "授权委托书，代为申请和领取")), Vec::<String>::new());
    assert_eq!(codes(&agent("", "")), ["representative.authority-missing", "representative.number-missing"]);
    assert_eq!(codes(&agent(fillings::WOMAN.1, "授权委托书")), ["representative.is-applicant"]);
    assert_eq!(codes(&agent(MINOR_ID, "授权委托书")), ["representative.minor"]);
    assert_eq!(codes(&agent("330302199408239994", "授权委托书")).len(), 1, "a wrong check character is told");
    let view = counter.desk.set_representative(id, None).unwrap();
    assert_eq!(view.visit.representative, None, "the applicant came in person after all");
    let nobody = representative(RepresentativeKindView::Agent, " ", "", "");
    assert_eq!(code(counter.desk.set_representative(id, Some(&nobody))), "reason-missing");
}

#[test]
fn consent_to_sensitive_data_is_given_by_itself_or_with_the_signed_form() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("medical_reimbursement"));
    let id = id_of(&view);
    let consent = |view: &onewindow_ipc::case_view::CaseView| view.visit.consents[0].clone();
    assert_eq!(consent(&view).consent, "health-data");
    assert!(!consent(&view).given);
    assert!(
        view.findings.iter().any(|finding| finding.code == "consent.missing"),
        "without it nothing is accepted"
    );
    let view = counter.desk.give_consent(id, "health-data", true).unwrap();
    assert!(consent(&view).given && !consent(&view).by_signature);
    assert!(!view.findings.iter().any(|finding| finding.code == "consent.missing"));
    let view = counter.desk.give_consent(id, "health-data", false).unwrap();
    assert!(!consent(&view).given, "it can be taken back");
    assert_eq!(code(counter.desk.give_consent(id, "no-such", true)), "unknown");

    let view = counter.begin(fillings::find("newborn"));
    let form = vec![counter.sheet(); 2];
    let view = counter.desk.import_files(id_of(&view), Some("app_form".to_owned()), &form).unwrap();
    assert!(consent(&view).given && consent(&view).by_signature, "the signature on the form carries it");
}

#[test]
fn needs_are_noted_and_shown() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("tenancy"));
    let id = id_of(&view);
    let view = counter.desk.set_needs(id, &["wheelchair".to_owned(), "large_print".to_owned()]).unwrap();
    let on: Vec<&str> = view.visit.needs.iter().filter(|need| need.on).map(|need| need.need.as_str()).collect();
    assert_eq!(on, ["large_print", "wheelchair"]);
    assert_eq!(code(counter.desk.set_needs(id, &["a throne".to_owned()])), "unknown");
    let view = counter.desk.set_needs(id, &[]).unwrap();
    assert!(view.visit.needs.iter().all(|need| !need.on));
}

#[test]
fn a_rating_is_voluntary_secret_and_never_asked_for_after_a_death() {
    let counter = Counter::alone();
    let rate = |id, level: u8, reasons: &[&str]| {
        let rating = RatingRequest {
            level,
            reasons: reasons.iter().map(|reason| (*reason).to_owned()).collect(),
            anonymous: true,
        };
        counter.desk.rate_case(id, &rating)
    };
    let view = counter.begin(fillings::find("tenancy"));
    let id = id_of(&view);
    assert!(!view.visit.rating.possible, "nothing was done yet");
    assert_eq!(code(rate(id, 5, &[])), "outcome-impossible");
    let view = counter.vouch(&view, |_| false);
    let view = counter.decide(&view, OutcomeKind::Accept).unwrap();
    assert!(view.visit.rating.possible && !view.visit.rating.rated);
    for (level, reasons) in [(0, &[][..]), (6, &[]), (2, &["weather"])] {
        assert_eq!(code(rate(id, level, reasons)), "unknown");
    }
    let view = rate(id, 2, &["speed"]).unwrap();
    assert!(view.visit.rating.rated && !view.visit.rating.possible);
    let told = serde_json::to_string(&view).unwrap();
    assert!(!told.contains("\"level\""), "what was said is not shown");
    let history = counter.desk.history(id).unwrap();
    let rated = history.iter().find(|row| row.event == "rated").unwrap();
    assert!(
        !rated.words.zh.contains('2') && !rated.words.zh.contains("不满意"),
        "nor in the record: {:?}",
        rated.words
    );

    let view = counter.begin(fillings::find("funeral"));
    let view = counter.vouch(&view, |_| false);
    let view = counter.decide(&view, OutcomeKind::Accept).unwrap();
    assert!(view.quiet && !view.visit.rating.possible);
    assert_eq!(code(rate(id_of(&view), 5, &[])), "outcome-impossible");
}
