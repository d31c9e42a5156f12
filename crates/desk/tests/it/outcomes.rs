//! The other outcomes of every bundle: refused, told what is missing, accepted with papers outstanding, and what the law attaches to days.

use onewindow_desk::DeskFault;
use onewindow_ipc::case_view::{CaseView, OutcomeKind, OutcomeRequest, PaperState, Severity};

use crate::fillings;
use crate::stand::{Counter, Office, SUPERVISOR, bundle, id_of, open_points, request};

/// The code of the refusal that a call ends with.
fn code<T: std::fmt::Debug>(result: Result<T, DeskFault>) -> String {
    result.expect_err("it is not allowed").to_command_fault().code
}

fn documents(view: &CaseView) -> Vec<&str> {
    view.documents.iter().map(|document| document.kind.as_str()).collect()
}

#[test]
fn every_bundle_can_be_refused_with_the_reason_law_and_right_body() {
    let counter = Counter::alone();
    for filling in fillings::ALL {
        let view = counter.begin(filling);
        let refuse = view.outcomes.iter().find(|outcome| outcome.kind == OutcomeKind::Refuse).unwrap();
        assert!(refuse.possible, "{}", filling.bundle);
        let without_reason = counter.decide(&view, OutcomeKind::Refuse);
        assert_eq!(code(without_reason), "reason-missing", "{}: a reason is demanded", filling.bundle);
        let reason = refuse.reasons.iter().find(|reason| reason.reason == "not-competent").unwrap();
        assert!(reason.right_body.is_some() && !reason.basis.is_empty());
        let wish = OutcomeRequest {
            reason: Some(reason.reason.clone()),
            ..request(&view, OutcomeKind::Refuse)
        };
        let view = counter.desk.decide_outcome(id_of(&view), &wish).unwrap();
        assert_eq!((view.state.as_str(), view.editable), ("rejected", false), "{}", filling.bundle);
        assert_eq!(documents(&view), ["refusal-notice"], "{}", filling.bundle);
        assert_eq!(code(counter.desk.withdraw_case(id_of(&view), "改主意")), "wrong-state");
    }
}

#[test]
fn every_bundle_tells_everything_that_is_missing_at_once_and_only_once() {
    let counter = Counter::alone();
    for filling in fillings::ALL {
        let view = counter.begin(filling);
        let required: Vec<String> = bundle(filling.bundle)
            .guide(&bundle(filling.bundle).figures.usual)
            .checklist
            .iter()
            .filter(|entry| ["required", "commitment"].contains(&entry.disposition.code()))
            .map(|entry| entry.key.to_string())
            .collect();
        let told = counter.decide(&view, OutcomeKind::Supplement).unwrap();
        assert_eq!(told.state, "supplement", "{}", filling.bundle);
        assert_eq!(documents(&told), ["supplement-notice"]);
        assert!(told.supplement_until.is_some());
        let missing: Vec<&str> = told
            .findings
            .iter()
            .filter(|finding| finding.code.starts_with("paper."))
            .filter_map(|finding| finding.material.as_deref())
            .collect();
        for key in &required {
            assert!(missing.contains(&key.as_str()), "{}: {key} is told: {missing:?}", filling.bundle);
        }
        // A second notice is the exception that a supervisor signs for.
        assert_eq!(code(counter.decide(&told, OutcomeKind::Supplement)), "second-notice", "{}", filling.bundle);
        let complete = counter.vouch(&told, |_| false);
        let accepted = counter
            .decide(&complete, OutcomeKind::Accept)
            .unwrap_or_else(|fault| panic!("{}: {fault} {:#?}", filling.bundle, open_points(&complete)));
        assert_eq!((accepted.state.as_str(), accepted.supplement_until), ("accepted", None), "{}", filling.bundle);
    }
}

#[test]
fn a_second_notice_needs_a_supervisor_who_is_somebody_else() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("newborn"));
    let told = counter.decide(&view, OutcomeKind::Supplement).unwrap();
    let wish = |no: &str, pin: &str| OutcomeRequest {
        supervisor_no: Some(no.to_owned()),
        supervisor_pin: Some(pin.to_owned()),
        ..request(&told, OutcomeKind::Supplement)
    };
    assert_eq!(code(counter.desk.decide_outcome(id_of(&told), &wish(SUPERVISOR.0, "000000"))), "wrong-pin");
    let again = counter.desk.decide_outcome(id_of(&told), &wish(SUPERVISOR.0, SUPERVISOR.1)).unwrap();
    assert_eq!(again.state, "supplement");
    assert_eq!(
        documents(&again),
        ["supplement-notice", "supplement-notice"],
        "the second notice is a document of its own"
    );
}

#[test]
fn papers_of_the_tolerance_list_may_follow_and_only_those() {
    let counter = Counter::alone();
    let mut seen = 0;
    for filling in fillings::ALL {
        let view = counter.begin(filling);
        let tolerated: Vec<String> = view.checklist.iter().filter(|item| item.tolerance).map(|item| item.material.clone()).collect();
        let tolerated: Vec<&String> = tolerated.iter().filter(|key| !is_shared(&view, key)).collect();
        if tolerated.is_empty() {
            let strict = counter.vouch(&view, |key| key.starts_with("id_card") || key == "landlord_id");
            let conditional = strict.outcomes.iter().find(|outcome| outcome.kind == OutcomeKind::AcceptConditional).unwrap();
            assert!(!conditional.possible, "{}: main papers can not follow", filling.bundle);
            continue;
        }
        seen += 1;
        let view = counter.vouch(&view, |key| tolerated.iter().any(|known| known.as_str() == key));
        assert_eq!(
            code(counter.decide(&view, OutcomeKind::Accept)),
            "outcome-impossible",
            "{}: it is not complete",
            filling.bundle
        );
        let wish = |signed: bool, clean: bool| OutcomeRequest {
            undertaking_signed: Some(signed),
            credit_clean: Some(clean),
            ..request(&view, OutcomeKind::AcceptConditional)
        };
        let id = id_of(&view);
        assert_eq!(code(counter.desk.decide_outcome(id, &wish(false, true))), "undertaking-unsigned");
        assert_eq!(code(counter.desk.decide_outcome(id, &wish(true, false))), "credit-not-clean");
        let accepted = counter.desk.decide_outcome(id, &wish(true, true)).unwrap();
        assert_eq!(
            (accepted.state.as_str(), accepted.editable),
            ("accepted_conditional", true),
            "{}",
            filling.bundle
        );
        let until = accepted.supplement_until.clone().unwrap();
        assert!(
            ("2026-11-25".."2026-12-02").contains(&until.as_str()),
            "{}: five working days at most: {until}",
            filling.bundle
        );
        // What was promised comes; the case is simply accepted then, with the same promise and the same code.
        let complete = counter.hand_in(&accepted, |key| !tolerated.iter().any(|known| known.as_str() == key));
        let whole = counter
            .decide(&complete, OutcomeKind::Accept)
            .unwrap_or_else(|fault| panic!("{}: {fault} {:#?}", filling.bundle, open_points(&complete)));
        assert_eq!(whole.state, "accepted", "{}", filling.bundle);
        assert_eq!(whole.pickup_code, accepted.pickup_code);
        assert_eq!(whole.supplement_until, None);
        assert!(whole.checklist.iter().all(|item| item.state != PaperState::MayFollow), "{}", filling.bundle);
    }
    assert!(seen >= 6, "bundles with a tolerance list: {seen}");
}

fn is_shared(view: &CaseView, key: &str) -> bool {
    let item = view.checklist.iter().find(|item| item.material == key).unwrap();
    item.disposition != onewindow_ipc::case_view::Disposition::Required
}

#[test]
fn acceptance_is_revoked_when_what_may_follow_never_comes() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("restaurant"));
    let view = counter.vouch(&view, |key| key == "tenancy_contract");
    let wish = OutcomeRequest {
        undertaking_signed: Some(true),
        credit_clean: Some(true),
        ..request(&view, OutcomeKind::AcceptConditional)
    };
    let accepted = counter.desk.decide_outcome(id_of(&view), &wish).unwrap();
    let revoke = |pin: &str| counter.desk.revoke_acceptance(id_of(&view), "租赁合同逾期未补", SUPERVISOR.0, pin);
    assert!(!accepted.lawful.revocable, "the period runs");
    assert_eq!(code(revoke(SUPERVISOR.1)), "period-runs");
    counter.pass_days(12);
    assert!(counter.desk.show_case(id_of(&view)).unwrap().lawful.revocable);
    assert_eq!(code(revoke("111111")), "wrong-pin");
    let revoked = revoke(SUPERVISOR.1).unwrap();
    assert_eq!((revoked.state.as_str(), revoked.editable), ("revoked", false));
    assert!(documents(&revoked).contains(&"revocation-decision"), "the law wants it in writing");
    assert_eq!(revoked.lawful.revoked_for.as_deref(), Some("租赁合同逾期未补"));
    assert!(revoked.matters.iter().all(|matter| matter.state == "terminated"));
}

#[test]
fn an_unanswered_notice_counts_as_withdrawn_after_its_last_day_and_never_by_itself() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("tenancy"));
    let told = counter.decide(&view, OutcomeKind::Supplement).unwrap();
    assert_eq!(told.supplement_until.as_deref(), Some("2026-12-15"), "fifteen working days");
    assert_eq!(code(counter.desk.apply_deemed(id_of(&told))), "period-runs");
    counter.pass_days(22);
    let waiting = counter.desk.show_case(id_of(&told)).unwrap();
    assert_eq!(waiting.state, "supplement", "time alone decides nothing");
    assert!(waiting.lawful.deemed.is_some(), "the clerk is told what follows");
    let ended = counter.desk.apply_deemed(id_of(&told)).unwrap();
    assert_eq!((ended.state.as_str(), ended.editable), ("deemed_withdrawn", false));
    assert!(documents(&ended).contains(&"deemed-withdrawal-note"));
}

#[test]
fn what_was_brought_has_to_be_judged_also_after_the_last_day() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("tenancy"));
    let told = counter.decide(&view, OutcomeKind::Supplement).unwrap();
    counter
        .desk
        .import_files(id_of(&told), Some("landlord_id".to_owned()), &[counter.sheet()])
        .unwrap();
    counter.pass_days(30);
    assert_eq!(code(counter.desk.apply_deemed(id_of(&told))), "something-brought");
}

#[test]
fn papers_received_without_an_answer_in_time_count_as_accepted_as_of_the_receipt() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("karaoke"));
    assert!(view.lawful.receivable);
    let received = counter.desk.receive_case(id_of(&view)).unwrap();
    assert_eq!((received.state.as_str(), received.editable), ("received", true));
    assert_eq!(documents(&received), ["receipt-slip"], "receipt is not acceptance");
    assert_eq!(received.due.as_deref(), Some("2026-12-01"), "five working days to answer");
    assert_eq!(code(counter.desk.receive_case(id_of(&view))), "wrong-state");
    assert_eq!(code(counter.desk.apply_deemed(id_of(&view))), "period-runs");
    counter.pass_days(8);
    let late = counter.desk.show_case(id_of(&view)).unwrap();
    assert!(late.lawful.deemed.is_some());
    let deemed = counter.desk.apply_deemed(id_of(&view)).unwrap();
    assert_eq!(deemed.state, "accepted");
    assert!(
        deemed
            .lawful
            .deemed_by
            .as_ref()
            .is_some_and(|law| law.contains("第三十二条") && law.contains("2026-11-24"))
    );
    assert!(documents(&deemed).contains(&"acceptance-notice"));
    let licence = deemed.matters.iter().find(|matter| matter.matter == "business_licence").unwrap();
    assert_eq!(
        licence.due.as_deref(),
        Some("2026-11-25"),
        "counted from the day of receipt, also when that has passed"
    );
}

#[test]
fn property_registration_has_to_be_answered_on_the_spot() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("property_transfer"));
    counter.desk.receive_case(id_of(&view)).unwrap();
    counter.pass_days(1);
    let deemed = counter.desk.apply_deemed(id_of(&view)).unwrap();
    assert!(deemed.lawful.deemed_by.as_ref().is_some_and(|law| law.contains("不动产登记暂行条例")));
}

#[test]
fn an_applicant_takes_the_application_back_until_it_is_decided() {
    let counter = Counter::alone();
    for (filling, accept) in [("tenancy", false), ("exit_entry", true)] {
        let view = counter.begin(fillings::find(filling));
        let view = if accept {
            let complete = counter.vouch(&view, |_| false);
            counter.decide(&complete, OutcomeKind::Accept).unwrap()
        } else {
            view
        };
        assert!(view.lawful.withdrawable);
        assert_eq!(code(counter.desk.withdraw_case(id_of(&view), " ")), "reason-missing");
        let taken_back = counter.desk.withdraw_case(id_of(&view), "不办了").unwrap();
        assert_eq!(taken_back.state, "withdrawn");
        assert_eq!(
            documents(&taken_back).contains(&"withdrawal-receipt"),
            accept,
            "what was handed in is receipted back, a draft leaves no paper"
        );
        assert!(taken_back.matters.iter().all(|matter| matter.state.is_empty() || matter.state == "withdrawn"));
    }
}

#[test]
fn a_matter_with_a_mandate_is_decided_while_the_applicant_waits_and_no_other() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("tenancy"));
    let view = counter.vouch(&view, |_| false);
    let accepted = counter.decide(&view, OutcomeKind::Accept).unwrap();
    let id = id_of(&accepted);
    let may: Vec<&str> = accepted
        .matters
        .iter()
        .filter(|matter| matter.decidable_here)
        .map(|matter| matter.matter.as_str())
        .collect();
    assert_eq!(may, ["filing"]);
    assert_eq!(
        code(counter.desk.decide_here(id, &"tax_rent".into(), None)),
        "outcome-impossible",
        "the tax office gave no mandate"
    );
    assert_eq!(
        code(counter.desk.decide_here(id, &"filing".into(), Some(" "))),
        "reason-missing",
        "a refusal says why"
    );
    let decided = counter.desk.decide_here(id, &"filing".into(), None).unwrap();
    assert_eq!(decided.matters[0].state, "granted");
    assert_eq!(code(counter.desk.decide_here(id, &"filing".into(), None)), "wrong-state", "once");
    assert!(
        !decided.matters[0].licence_printable,
        "nothing is printed before the centre has given the number"
    );
    assert_eq!(code(counter.desk.hand_over(id, &"filing".into(), "本人")), "no-licence");
}

#[test]
fn with_numbers_of_its_own_the_window_grants_and_prints_at_once_under_the_same_conditions() {
    let office = Office::open();
    let counter = Counter::of(&office.url);
    office.sync(&counter);
    let filing = "filing".into();
    let (mut numbers, mut cases) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        let view = counter.begin(fillings::find("tenancy"));
        let id = id_of(&view);
        assert_eq!(
            code(counter.desk.decide_at_window(id, &filing)),
            "wrong-state",
            "nothing is decided before it is accepted"
        );
        let view = counter.vouch(&view, |_| false);
        let accepted = counter.decide(&view, OutcomeKind::Accept).unwrap();
        assert_eq!(code(counter.desk.decide_at_window(id, &"tax_rent".into())), "no-mandate");
        let offered = accepted.matters[0].window.as_ref().unwrap();
        assert!(offered.possible && offered.numbers_left > 0, "{offered:?}");
        assert!(!accepted.matters[0].decidable_here, "the centre is not asked for a number that is here");
        let decided = counter.desk.decide_at_window(id, &filing).unwrap();
        assert_eq!(decided.matters[0].state, "granted");
        assert!(decided.matters[0].licence_printable, "the sheet does not wait for the centre");
        numbers.push(decided.matters[0].licence_no.clone().unwrap());
        cases.push(id);
        assert_eq!(code(counter.desk.decide_at_window(id, &filing)), "wrong-state", "once");
        assert_eq!(
            code(counter.desk.decide_here(id, &filing, None)),
            "wrong-state",
            "nor a second time by the other way"
        );
    }
    assert_ne!(numbers[0], numbers[1], "no number is given twice");
    office.sync(&counter);
    for case in cases {
        let view = counter.desk.show_case(case).unwrap();
        assert!(view.sent_back.is_none(), "the centre takes it as it is");
        assert_eq!(view.matters[0].state, "granted");
    }
}

#[test]
fn nobody_decides_on_a_case_that_changed_since_they_looked() {
    let counter = Counter::alone();
    let seen = counter.begin(fillings::find("exit_entry"));
    let seen = counter.vouch(&seen, |_| false);
    counter.desk.set_field(id_of(&seen), "birth_place", "浙江云溪").unwrap();
    assert_eq!(code(counter.decide(&seen, OutcomeKind::Accept)), "stale");
}

#[test]
fn a_finding_is_let_pass_only_where_the_catalogue_allows_it_and_by_whom_it_says() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("newborn"));
    let id = id_of(&view);
    // A warning: the clerk's own word with a reason is enough.
    let view = counter.desk.set_field(id, "child_name", "陈知夏").unwrap();
    let surname = view.findings.iter().find(|finding| finding.code == "rule.child-surname").unwrap();
    assert!(surname.overridable && !surname.second_person && surname.severity == Severity::Warning);
    let finding = surname.id.clone();
    assert_eq!(
        code(counter.desk.override_finding(id, &finding, " ", "", "")),
        "reason-missing",
        "a reason is demanded"
    );
    let view = counter.desk.override_finding(id, &finding, "随祖母姓", "", "").unwrap();
    let passed = view.findings.iter().find(|finding| finding.code == "rule.child-surname").unwrap();
    assert_eq!(passed.overridden.as_deref(), Some("随祖母姓"));
    // A failed check: only a second person with an own PIN.
    let view = counter.desk.set_field(id, "mother_id", fillings::MAN.1).unwrap();
    let view = counter.desk.set_field(id, "father_id", fillings::WOMAN.1).unwrap_or(view);
    let sex = view.findings.iter().find(|finding| finding.code == "rule.mother-sex").unwrap();
    assert!(sex.overridable && sex.second_person);
    let finding = sex.id.clone();
    assert_eq!(code(counter.desk.override_finding(id, &finding, "证件如此", "", "")), "wrong-role");
    counter.desk.override_finding(id, &finding, "证件如此", SUPERVISOR.0, SUPERVISOR.1).unwrap();
    // A rule that nobody may break.
    let view = counter.desk.set_field(id, "father_id", fillings::MAN.1).unwrap();
    let same = view.findings.iter().find(|finding| finding.code == "rule.parents-differ").unwrap();
    assert!(!same.overridable);
    let finding = same.id.clone();
    let refused = counter.desk.override_finding(id, &finding, "一样", SUPERVISOR.0, SUPERVISOR.1);
    assert_eq!(code(refused), "not-overridable");
    assert!(same.tell.zh.contains(&same.what.zh), "the applicant is told the same in a sentence");
}

#[test]
fn a_receipt_of_many_papers_tells_how_many_sheets_it_has() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("karaoke"));
    let complete = counter.vouch(&view, |_| false);
    let accepted = counter.decide(&complete, OutcomeKind::Accept).unwrap();
    let longest = accepted.documents.iter().max_by_key(|document| document.pages).unwrap();
    assert!(longest.pages > 1, "ten papers and eight matters do not fit one sheet: {:?}", accepted.documents);
    for sheets in &accepted.documents {
        let document = onewindow_case::ids::DocumentId::parse(&sheets.document_id).unwrap();
        let last = usize::try_from(sheets.pages).unwrap();
        assert!(counter.desk.document_picture(id_of(&view), document, last).is_ok(), "{}", sheets.kind);
        assert!(counter.desk.document_picture(id_of(&view), document, last + 1).is_err(), "{}", sheets.kind);
    }
}

#[test]
fn what_acceptance_would_promise_is_shown_before_it_is_given() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("exit_entry"));
    let view = counter.vouch(&view, |_| false);
    let dues = |view: &CaseView| view.matters.iter().map(|matter| matter.due.clone()).collect::<Vec<_>>();
    assert!(dues(&view).iter().any(Option::is_some), "{:?}", view.matters);
    let accepted = counter.decide(&view, OutcomeKind::Accept).unwrap();
    assert_eq!(dues(&view), dues(&accepted));
}
