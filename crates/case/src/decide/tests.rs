//! Every state against every command, as one table; then guard by guard.

use std::fmt::Write as _;

use proptest::prelude::*;
use time::macros::date;
use uuid::Uuid;

use super::*;
use crate::event::{Applicant, ApplicantKind, MatterProgress};
use crate::ids::{CaseId, DepartmentId, Digest, PageId};

const TODAY: Date = date!(2026 - 11 - 24);
const LATER: Date = date!(2026 - 12 - 24);

fn due(matter: &str) -> MatterDue {
    MatterDue {
        matter: MatterId::new(matter),
        department: DepartmentId::new("SCJ"),
        due: Some(date!(2026 - 11 - 27)),
    }
}

fn moved(to: MatterProgress) -> CaseEvent {
    CaseEvent::MatterMoved {
        matter: MatterId::new("licence"),
        to,
    }
}

fn with_department() -> CaseEvent {
    moved(MatterProgress::WithDepartment {
        department: DepartmentId::new("SCJ"),
        due: None,
    })
}

fn granted() -> CaseEvent {
    moved(MatterProgress::Granted {
        licence_no: "1".to_owned(),
        content: Vec::new(),
        signed_code: None,
    })
}

fn page_kept() -> CaseEvent {
    let digest = Digest::new([7; 32]);
    CaseEvent::PageKept {
        page: PageId::new(Uuid::from_u128(9)),
        original: digest,
        corrected: digest,
        thumb: digest,
        material: Some(MaterialKey::new("photo")),
        sequence: 1,
        origin: crate::event::PageOrigin::File("photo.jpg".to_owned()),
        judgement: crate::event::Judgement::pending(),
    }
}

fn accepted() -> CaseEvent {
    CaseEvent::Accepted {
        on: TODAY,
        matters: vec![due("licence")],
        pickup_code: "482913".to_owned(),
    }
}

fn conditional() -> CaseEvent {
    CaseEvent::AcceptedConditionally {
        on: TODAY,
        matters: vec![due("licence")],
        outstanding: vec![MaterialKey::new("photo")],
        outstanding_due: date!(2026 - 12 - 01),
        pickup_code: "482913".to_owned(),
    }
}

fn told() -> CaseEvent {
    CaseEvent::SupplementTold {
        items: vec![item()],
        last_day: date!(2026 - 12 - 15),
    }
}

fn item() -> DeficiencyItem {
    let text = || "身份证".to_owned();
    DeficiencyItem {
        subject_zh: text(),
        subject_en: text(),
        problem_zh: text(),
        problem_en: text(),
        remedy_zh: text(),
        remedy_en: text(),
    }
}

/// What leads a named case into a state.
fn way_to(state: CaseState) -> Vec<CaseEvent> {
    let received = CaseEvent::Received { on: TODAY };
    let reason = || "理由".to_owned();
    match state {
        CaseState::Draft => Vec::new(),
        CaseState::Received => vec![received],
        CaseState::Supplement => vec![received, told()],
        CaseState::NotRequired => vec![received, CaseEvent::NotRequired { basis: reason() }],
        CaseState::Rejected => vec![
            received,
            CaseEvent::AcceptanceRefused {
                reason: reason(),
                basis: reason(),
                right_body: None,
            },
        ],
        CaseState::Withdrawn => vec![received, CaseEvent::Withdrawn { reason: reason() }],
        CaseState::DeemedWithdrawn => vec![received, told(), CaseEvent::DeemedWithdrawn { on: LATER }],
        CaseState::Revoked => vec![
            received,
            conditional(),
            CaseEvent::AcceptanceRevoked {
                on: LATER,
                reason: reason(),
                by: StaffNo::new("0012"),
            },
        ],
        CaseState::Accepted => vec![received, accepted()],
        CaseState::AcceptedConditional => vec![received, conditional()],
        CaseState::InReview => vec![received, accepted(), with_department()],
        CaseState::Suspended => vec![received, accepted(), with_department(), moved(MatterProgress::Suspended { reason: reason() })],
        CaseState::Ready => vec![received, accepted(), with_department(), granted()],
        CaseState::Completed => vec![received, accepted(), with_department(), moved(MatterProgress::Refused { reason: reason() })],
    }
}

fn named() -> Vec<CaseEvent> {
    vec![
        CaseEvent::Opened {
            case_no: "330302010032026112400017".to_owned(),
            bundle: "karaoke".into(),
            catalogue_version: "2026.1".to_owned(),
            ticket: Some("A017".to_owned()),
        },
        CaseEvent::ApplicantSet {
            applicant: Applicant {
                kind: ApplicantKind::Person,
                name: "苏念安".to_owned(),
                id_number: "330324199605129988".to_owned(),
                phone: String::new(),
                agent: None,
            },
        },
    ]
}

fn case_after(events: &[CaseEvent]) -> Case {
    let events: Vec<CaseEvent> = named().into_iter().chain(events.iter().cloned()).collect();
    Case::replay(CaseId::new(Uuid::from_u128(1)), &events).expect("it begins with an opening")
}

const COMMANDS: &[&str] = &[
    "edit",
    "receive",
    "accept",
    "accept conditionally",
    "supplement",
    "supplement, second",
    "refuse",
    "not required",
    "withdraw",
    "deem accepted",
    "deem withdrawn",
    "revoke",
    "decide here",
];

fn outcome(command: &str) -> Outcome {
    let complete = CompleteApplication(());
    let tolerable = TolerableApplication {
        outstanding: vec![MaterialKey::new("photo")],
    };
    let text = || "理由".to_owned();
    let pickup_code = || "000000".to_owned();
    match command {
        "receive" => Outcome::Receive,
        "accept" => Outcome::Accept {
            proof: complete,
            matters: vec![due("licence")],
            pickup_code: pickup_code(),
        },
        "accept conditionally" => Outcome::AcceptConditionally {
            proof: tolerable,
            undertaking: Undertaking {
                signed: true,
                credit_clean: true,
            },
            matters: vec![due("licence")],
            outstanding_due: date!(2026 - 12 - 01),
            pickup_code: pickup_code(),
        },
        "supplement" | "supplement, second" => Outcome::Supplement {
            items: vec![item()],
            last_day: date!(2026 - 12 - 15),
            second_by: (command != "supplement").then(|| StaffNo::new("0012")),
        },
        "refuse" => Outcome::Refuse {
            reason: text(),
            basis: text(),
            right_body: None,
        },
        "not required" => Outcome::NotRequired { basis: text() },
        "withdraw" => Outcome::Withdraw { reason: text() },
        "deem accepted" => Outcome::DeemAccepted {
            last_day: date!(2026 - 12 - 01),
            basis: text(),
            matters: vec![due("licence")],
            pickup_code: pickup_code(),
        },
        "deem withdrawn" => Outcome::DeemWithdrawn,
        "revoke" => Outcome::Revoke {
            reason: text(),
            by: StaffNo::new("0012"),
        },
        "decide here" => Outcome::DecideHere {
            mandate: Mandate::prove(&MatterId::new("licence"), true, &[]).expect("it is a mandate"),
            decision: HereDecision::Granted,
        },
        other => panic!("no command {other}"),
    }
}

/// The state a command leads to, or the word of the refusal.
fn cell(case: &Case, command: &str) -> String {
    if command == "edit" {
        return may_edit(case).map_or_else(|refusal| refusal.code().to_owned(), |()| "ok".to_owned());
    }
    match decide(case, outcome(command), LATER) {
        Ok(events) => {
            let mut after = case.clone();
            events.iter().for_each(|event| after.apply(event));
            format!("→ {}", after.state().code())
        }
        Err(refusal) => refusal.code().to_owned(),
    }
}

#[test]
fn every_state_meets_every_command_as_written() {
    let mut table = String::new();
    for state in CaseState::ALL {
        let case = case_after(&way_to(state));
        assert_eq!(case.state(), state, "the way leads there");
        writeln!(table, "{}", state.code()).expect("text");
        for command in COMMANDS {
            writeln!(table, "    {command:<21} {}", cell(&case, command)).expect("text");
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn nothing_is_decided_before_an_applicant_is_named() {
    let case = Case::replay(CaseId::new(Uuid::from_u128(1)), &named()[..1]).expect("opened");
    for command in COMMANDS.iter().filter(|command| !["edit", "withdraw"].contains(command)) {
        let refusal = decide(&case, outcome(command), TODAY).expect_err("nobody applies yet");
        assert!(matches!(refusal, Refusal::ApplicantMissing | Refusal::WrongState), "{command}: {refusal}");
    }
}

#[test]
fn a_case_sent_back_is_settled_before_it_is_decided() {
    let sent_back = CaseEvent::SentBack {
        by: StaffNo::new("0012"),
        reason: "姓名不符".to_owned(),
    };
    let case = case_after(std::slice::from_ref(&sent_back));
    assert_eq!(decide(&case, outcome("accept"), TODAY), Err(Refusal::SentBackOpen));
    let settled = case_after(&[sent_back, CaseEvent::SentBackSettled]);
    assert!(decide(&settled, outcome("accept"), TODAY).is_ok());
}

#[test]
fn a_draft_is_received_in_the_same_breath_and_only_once() {
    let events = decide(&case_after(&[]), outcome("accept"), TODAY).expect("accepted");
    assert!(matches!(events.as_slice(), [CaseEvent::Received { .. }, CaseEvent::Accepted { .. }]));
    let events = decide(&case_after(&way_to(CaseState::Received)), outcome("accept"), TODAY).expect("accepted");
    assert!(matches!(events.as_slice(), [CaseEvent::Accepted { .. }]));
}

#[test]
fn papers_may_follow_only_with_a_signed_promise_and_clean_credit() {
    let case = case_after(&[]);
    let check = |signed: bool, credit_clean: bool, expected: Option<Refusal>| {
        let Outcome::AcceptConditionally {
            proof,
            matters,
            outstanding_due,
            pickup_code,
            ..
        } = outcome("accept conditionally")
        else {
            panic!("another outcome")
        };
        let wish = Outcome::AcceptConditionally {
            proof,
            undertaking: Undertaking { signed, credit_clean },
            matters,
            outstanding_due,
            pickup_code,
        };
        assert_eq!(decide(&case, wish, TODAY).err(), expected, "signed {signed}, clean {credit_clean}");
    };
    check(true, true, None);
    check(false, true, Some(Refusal::UndertakingUnsigned));
    check(true, false, Some(Refusal::CreditNotClean));
}

#[test]
fn papers_may_follow_while_departments_already_work() {
    let case = case_after(&[CaseEvent::Received { on: TODAY }, conditional(), with_department()]);
    assert_eq!(case.state(), CaseState::InReview);
    assert_eq!(case.state_at_counter(), CaseState::AcceptedConditional);
    assert!(may_edit(&case).is_ok(), "the outstanding paper can be taken");
    let mut after = case.clone();
    decide(&case, outcome("accept"), TODAY)
        .expect("complete now")
        .iter()
        .for_each(|event| after.apply(event));
    assert_eq!(after.state(), CaseState::InReview, "the department's work goes on");
    assert!(after.outstanding.is_empty() && may_edit(&after).is_err());
}

#[test]
fn acceptance_is_revoked_when_papers_are_late_or_wrong_and_not_before() {
    let waiting = case_after(&[CaseEvent::Received { on: TODAY }, conditional()]);
    assert_eq!(decide(&waiting, outcome("revoke"), TODAY), Err(Refusal::PeriodRuns));
    assert!(decide(&waiting, outcome("revoke"), LATER).is_ok(), "late");
    let brought = case_after(&[CaseEvent::Received { on: TODAY }, conditional(), page_kept()]);
    assert!(decide(&brought, outcome("revoke"), TODAY).is_ok(), "brought and wrong");
    let unsaid = Outcome::Revoke {
        reason: " ".to_owned(),
        by: StaffNo::new("0012"),
    };
    assert_eq!(decide(&brought, unsaid, LATER), Err(Refusal::ReasonMissing));
}

#[test]
fn a_notice_not_answered_in_time_counts_as_withdrawn_and_an_answered_one_does_not() {
    let told_case = case_after(&way_to(CaseState::Supplement));
    assert_eq!(
        decide(&told_case, outcome("deem withdrawn"), date!(2026 - 12 - 15)),
        Err(Refusal::PeriodRuns),
        "the last day counts"
    );
    assert!(decide(&told_case, outcome("deem withdrawn"), date!(2026 - 12 - 16)).is_ok());
    let answered = case_after(&[CaseEvent::Received { on: TODAY }, told(), page_kept()]);
    assert_eq!(decide(&answered, outcome("deem withdrawn"), LATER), Err(Refusal::SomethingBrought));
    let before_notice = case_after(&[page_kept(), CaseEvent::Received { on: TODAY }, told()]);
    assert!(
        decide(&before_notice, outcome("deem withdrawn"), LATER).is_ok(),
        "pages from before the notice are no answer"
    );
}

#[test]
fn silence_is_acceptance_as_of_the_receipt() {
    let case = case_after(&way_to(CaseState::Received));
    assert_eq!(decide(&case, outcome("deem accepted"), date!(2026 - 12 - 01)), Err(Refusal::PeriodRuns));
    let mut after = case.clone();
    decide(&case, outcome("deem accepted"), date!(2026 - 12 - 02))
        .expect("the time has passed")
        .iter()
        .for_each(|event| after.apply(event));
    assert_eq!(after.accepted_on, Some(TODAY), "as of the day of receipt");
    assert!(after.deemed_by.is_some());
}

#[test]
fn a_mandate_decides_nothing_that_waits_or_is_outstanding() {
    let wish = |after: &[MatterId]| Outcome::DecideHere {
        mandate: Mandate::prove(&MatterId::new("licence"), true, after).expect("a mandate"),
        decision: HereDecision::Granted,
    };
    assert_eq!(Mandate::prove(&MatterId::new("licence"), false, &[]), None, "no mandate, no proof");
    let conditional_case = case_after(&way_to(CaseState::AcceptedConditional));
    assert_eq!(decide(&conditional_case, wish(&[]), TODAY), Err(Refusal::PapersOutstanding));
    let two = CaseEvent::Accepted {
        on: TODAY,
        matters: vec![due("first"), due("licence")],
        pickup_code: String::new(),
    };
    let first = MatterId::new("first");
    let waiting = case_after(&[CaseEvent::Received { on: TODAY }, two.clone()]);
    assert_eq!(decide(&waiting, wish(std::slice::from_ref(&first)), TODAY), Err(Refusal::WaitsForOthers));
    let first_done = CaseEvent::DecidedHere {
        matter: first.clone(),
        decision: HereDecision::Granted,
    };
    let free = case_after(&[CaseEvent::Received { on: TODAY }, two, first_done]);
    assert!(decide(&free, wish(&[first]), TODAY).is_ok());
    let unsaid = Outcome::DecideHere {
        mandate: Mandate::prove(&MatterId::new("licence"), true, &[]).expect("a mandate"),
        decision: HereDecision::Refused { reason: String::new() },
    };
    assert_eq!(decide(&free, unsaid, TODAY), Err(Refusal::ReasonMissing));
}

#[test]
fn a_time_is_extended_with_its_reason() {
    let extended = moved(MatterProgress::Extended {
        due: Some(date!(2026 - 12 - 11)),
        reason: "须专家论证".to_owned(),
    });
    let case = case_after(&[CaseEvent::Received { on: TODAY }, accepted(), with_department(), extended]);
    let matter = case.find_matter(&MatterId::new("licence")).expect("the matter");
    assert!(matter.extended && matter.due == Some(date!(2026 - 12 - 11)) && matter.state == MatterState::InReview);
}

proptest! {
    /// Whatever is asked in whatever order, an outcome either changes nothing or is folded without contradiction.
    #[test]
    fn no_order_of_commands_breaks_a_case(commands in prop::collection::vec((0..COMMANDS.len(), 0_i64..40, any::<bool>()), 0..30)) {
        let mut case = case_after(&[]);
        for (command, days, page) in commands {
            if page && may_edit(&case).is_ok() {
                case.apply(&page_kept());
            }
            if COMMANDS[command] == "edit" {
                continue;
            }
            let before = case.clone();
            match decide(&case, outcome(COMMANDS[command]), TODAY.saturating_add(time::Duration::days(days))) {
                Ok(events) => events.iter().for_each(|event| case.apply(event)),
                Err(_) => prop_assert_eq!(&case, &before),
            }
            let ended = matches!(before.state(), CaseState::Rejected | CaseState::NotRequired | CaseState::Withdrawn | CaseState::DeemedWithdrawn | CaseState::Revoked);
            prop_assert!(!ended || case.state() == before.state(), "what is ended stays ended");
            prop_assert!(case.accepted_on.is_none() || case.received_on.is_some(), "nothing is accepted that was not received");
        }
    }
}
