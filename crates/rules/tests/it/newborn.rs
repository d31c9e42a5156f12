//! The birth of a child, from an empty desk to a complete case.

use onewindow_case::decide::Completeness;
use onewindow_case::event::{ApplicantKind, FieldSource, MaterialMark};
use onewindow_rules::{CaseFacts, FieldFact, OverrideFact, PageVerdict, ReadFact, RequirementStatus, assess, form, proposals};

use crate::{answer, applicant, blocking, bundle, date, fill, page, paper, typed};

const TODAY: &str = "2026-11-24";
const MOTHER: &str = "330324199011089982";
const FATHER: &str = "330302198603149990";

fn complete() -> CaseFacts {
    let newborn = bundle("newborn");
    let mut facts = CaseFacts {
        applicant: applicant(ApplicantKind::Person, "苏念安", MOTHER),
        ..CaseFacts::default()
    };
    answer(
        &mut facts,
        newborn,
        &[
            ("register_with", "father"),
            ("married", "yes"),
            ("born_here", "yes"),
            ("insured", "mother"),
            ("foreign_parent", "no"),
            ("children", "1"),
        ],
    );
    let card = |first, name: &str, sex: &str, birth: &str, id: &str| {
        paper(
            first,
            2,
            &[
                ("name", name),
                ("sex", sex),
                ("birth_date", birth),
                ("resident_id", id),
                ("valid_until", "2040-01-01"),
            ],
        )
    };
    facts.papers.insert("app_form".into(), paper(1, 2, &[]));
    facts.papers.insert("id_card.mother".into(), card(11, "苏念安", "女", "1990-11-08", MOTHER));
    facts.papers.insert("id_card.father".into(), card(21, "周予川", "男", "1986-03-14", FATHER));
    facts.papers.insert(
        "hukou.register".into(),
        paper(31, 3, &[("household_head", "周予川"), ("address", "云溪市南塘街道听泉路18号2幢601室")]),
    );
    facts.papers.insert("photo.child".into(), paper(41, 1, &[]));
    fill(
        &mut facts,
        &[
            ("child_name", "周知夏"),
            ("child_sex", "F"),
            ("birth_time", "2026-11-20T08:15"),
            ("birth_weight_g", "3250"),
            ("gestation_weeks", "39"),
            ("birth_hospital", "云溪市妇幼保健院"),
            ("mother_name", "苏念安"),
            ("mother_id", MOTHER),
            ("father_name", "周予川"),
            ("father_id", FATHER),
            ("household_head", "周予川"),
            ("household_address", "云溪市南塘街道听泉路18号2幢601室"),
            ("guardian_phone", "13800000000"),
            ("delivery_address", "云溪市南塘街道听泉路18号2幢601室"),
            ("bank_account", "6200000000000000000"),
            ("insurer_employer", "云溪市听泉印务有限公司"),
        ],
    );
    facts
}

#[test]
fn five_good_papers_and_a_filled_form_are_complete() {
    let assessment = assess(bundle("newborn"), &complete(), date(TODAY));
    assert_eq!(blocking(&assessment), Vec::<String>::new());
    assert_eq!(assessment.completeness, Completeness::Complete);
    let status = |key: &str| assessment.requirements.iter().find(|line| line.key.as_str() == key).unwrap().status;
    assert_eq!(status("id_card.mother"), RequirementStatus::Ok);
    assert_eq!(status("marriage_cert"), RequirementStatus::SharedPending, "sharing never holds up acceptance");
    assert_eq!(status("birth_cert"), RequirementStatus::Internal);
    assert_eq!(status("bank_card"), RequirementStatus::InForm);
    assert_eq!(status("id_card.guardian_copy"), RequirementStatus::Waived);
}

#[test]
fn an_empty_case_tells_every_deficiency_at_once() {
    let newborn = bundle("newborn");
    let assessment = assess(newborn, &CaseFacts::default(), date(TODAY));
    let codes = blocking(&assessment);
    assert_eq!(codes.iter().filter(|code| *code == "answer.missing").count(), 6);
    assert!(codes.contains(&"applicant.missing".to_owned()));
    let mut facts = complete();
    facts.papers.clear();
    facts.fields.clear();
    let codes = blocking(&assess(newborn, &facts, date(TODAY)));
    for expected in [
        "paper.missing app_form",
        "paper.missing id_card.mother",
        "paper.missing id_card.father",
        "paper.missing hukou.register",
        "field.missing child_name",
        "field.missing bank_account",
        "consent.missing",
    ] {
        assert!(codes.contains(&expected.to_owned()), "{expected} in {codes:?}");
    }
    assert!(!codes.iter().any(|code| code.contains("photo")), "the photo may follow");
}

#[test]
fn a_missing_photo_may_follow() {
    let mut facts = complete();
    facts.papers.remove(&"photo.child".into());
    let assessment = assess(bundle("newborn"), &facts, date(TODAY));
    assert_eq!(assessment.completeness, Completeness::TolerableMissing(vec!["photo.child".into()]));
    assert_eq!(assessment.deficiencies().len(), 1);
    facts.marks.insert("photo.child".into(), MaterialMark::Outstanding);
    assert_eq!(
        assess(bundle("newborn"), &facts, date(TODAY)).completeness,
        Completeness::TolerableMissing(vec!["photo.child".into()])
    );
}

#[test]
fn each_wrong_value_is_named() {
    let check = |key: &str, value: &str, code: &str| {
        let mut facts = complete();
        facts.fields.insert(key.into(), typed(value));
        let assessment = assess(bundle("newborn"), &facts, date(TODAY));
        assert!(
            assessment.findings.iter().any(|finding| finding.code == code),
            "{key}={value}: {:?}",
            assessment.findings.iter().map(|finding| &finding.code).collect::<Vec<_>>()
        );
        for finding in &assessment.findings {
            assert!(
                !finding.subject.zh.is_empty() && !finding.what.en.is_empty() && !finding.remedy.zh.is_empty(),
                "{finding:?}"
            );
        }
    };
    check("child_name", "周", "rule.child-name-form");
    check("child_name", "王知夏", "rule.child-surname");
    check("birth_time", "2026-11-25T01:00", "rule.birth-not-in-future");
    check("birth_time", "2026-09-20T01:00", "rule.late-declaration");
    check("birth_time", "2026-11-31T01:00", "field.not-a-time");
    check("father_id", MOTHER, "rule.parents-differ");
    check("father_id", MOTHER, "rule.father-sex");
    check("birth_weight_g", "32500", "field.not-in-range");
    check("child_sex", "X", "field.not-an-option");
    check("child_name", "周\u{202E}知夏", "field.hidden-characters");
}

#[test]
fn the_mothers_age_counts_at_the_birth() {
    let mut facts = complete();
    facts.fields.insert("mother_id".into(), typed("330402201502289967"));
    let codes: Vec<String> = assess(bundle("newborn"), &facts, date(TODAY))
        .findings
        .into_iter()
        .map(|finding| finding.code)
        .collect();
    assert!(codes.contains(&"rule.mother-age".to_owned()), "{codes:?}");
}

#[test]
fn a_misread_number_is_told_until_the_clerk_has_corrected_it() {
    let mut facts = complete();
    let wrong = "330302198603149991";
    facts.papers.get_mut(&"id_card.father".into()).unwrap().reads[3].value = wrong.to_owned();
    facts.fields.insert(
        "father_id".into(),
        FieldFact {
            value: wrong.to_owned(),
            confirmed: false,
            source: FieldSource::Page(page(21)),
        },
    );
    let assessment = assess(bundle("newborn"), &facts, date(TODAY));
    let found = assessment
        .findings
        .iter()
        .find(|finding| finding.field == Some("father_id".into()) && finding.blocks());
    assert!(found.is_some_and(|finding| finding.overridable()), "an official number may break its own rule");
    facts.fields.insert("father_id".into(), typed(FATHER));
    let assessment = assess(bundle("newborn"), &facts, date(TODAY));
    assert_eq!(blocking(&assessment), Vec::<String>::new());
    assert!(
        !assessment.findings.iter().any(|finding| finding.code == "cross.differs"),
        "the clerk compared it with this paper"
    );
}

#[test]
fn papers_that_contradict_each_other_are_told() {
    let newborn = bundle("newborn");
    let mut facts = complete();
    answer(&mut facts, newborn, &[("born_here", "no")]);
    let reads = [
        ("name", "周知夏"),
        ("mother_name", "苏念宁"),
        ("mother_resident_id", MOTHER),
        ("father_name", "周 予 川"),
        ("father_resident_id", FATHER),
    ];
    facts.papers.insert("birth_cert".into(), paper(51, 2, &reads));
    let assessment = assess(newborn, &facts, date(TODAY));
    let differing: Vec<_> = assessment.findings.iter().filter(|finding| finding.code == "cross.differs").collect();
    assert_eq!(differing.len(), 1, "spaces are no difference: {differing:?}");
    assert_eq!(
        (differing[0].field.as_ref().unwrap().as_str(), differing[0].material.as_ref().unwrap().as_str()),
        ("mother_name", "birth_cert")
    );
    assert_eq!(assessment.completeness, Completeness::Complete, "an unconfirmed reading is only a warning");
    for read in &mut facts.papers.get_mut(&"birth_cert".into()).unwrap().reads {
        read.confirmed = true;
    }
    assert_eq!(assess(newborn, &facts, date(TODAY)).completeness, Completeness::Incomplete(1));
}

#[test]
fn a_card_is_checked_against_itself_and_the_calendar() {
    let mut facts = complete();
    let card = facts.papers.get_mut(&"id_card.mother".into()).unwrap();
    card.reads[1].value = "男".to_owned();
    card.reads[2].value = "1990-11-09".to_owned();
    card.reads[4].value = "2026-11-23".to_owned();
    let assessment = assess(bundle("newborn"), &facts, date(TODAY));
    let codes: Vec<&str> = assessment
        .of_material(&"id_card.mother".into())
        .iter()
        .map(|finding| finding.code.as_str())
        .collect();
    for expected in ["paper.sex-differs", "paper.birth-date-differs", "paper.expired"] {
        assert!(codes.contains(&expected), "{expected} in {codes:?}");
    }
    let line = assessment.requirements.iter().find(|line| line.key.as_str() == "id_card.mother").unwrap();
    assert_eq!(line.status, RequirementStatus::ToCheck);
    assert_eq!(assessment.completeness, Completeness::Incomplete(1), "only the expired card blocks");
}

#[test]
fn a_card_valid_for_the_long_term_never_expires() {
    let mut facts = complete();
    facts.papers.get_mut(&"id_card.mother".into()).unwrap().reads[4].value = "长期".to_owned();
    assert_eq!(assess(bundle("newborn"), &facts, date(TODAY)).completeness, Completeness::Complete);
}

#[test]
fn one_side_of_a_card_is_not_a_card() {
    let mut facts = complete();
    facts.papers.get_mut(&"id_card.father".into()).unwrap().pages[1].verdict = PageVerdict::Unusable;
    let check = assess(bundle("newborn"), &facts, date(TODAY));
    assert_eq!(blocking(&check), ["paper.pages-missing id_card.father"]);
    let page = check.findings.iter().find(|finding| finding.page.is_some()).expect("a finding about the page");
    assert!(
        page.subject.zh.ends_with("第 2 页") && page.subject.en.ends_with(", page 2"),
        "{:?}",
        page.subject
    );
    facts.marks.insert("id_card.father".into(), MaterialMark::OtherProof("护照代替".to_owned()));
    assert_eq!(
        assess(bundle("newborn"), &facts, date(TODAY)).completeness,
        Completeness::Complete,
        "the law allows another proof, with the reason on record"
    );
}

#[test]
fn a_page_that_is_still_being_judged_counts_and_is_not_called_doubtful() {
    let mut facts = complete();
    facts.papers.get_mut(&"id_card.father".into()).unwrap().pages[1].verdict = PageVerdict::Pending;
    let check = assess(bundle("newborn"), &facts, date(TODAY));
    assert_eq!(check.completeness, Completeness::Complete);
    let page = check.findings.iter().find(|finding| finding.page.is_some()).expect("a finding about the page");
    assert_eq!(page.code, "page.pending");
    assert_eq!(page.remedy.en, "wait a moment; if it stays, scan the page again");
}

#[test]
fn each_page_of_a_booklet_is_compared_with_itself() {
    let mut facts = complete();
    let booklet = facts.papers.get_mut(&"hukou.register".into()).unwrap();
    let read = |key: &str, value: &str, number| ReadFact {
        key: key.to_owned(),
        value: value.to_owned(),
        page: Some(page(number)),
        confirmed: true,
    };
    booklet.reads.extend([
        read("resident_id", FATHER, 32),
        read("sex", "male", 32),
        read("resident_id", MOTHER, 33),
        read("sex", "男", 33),
    ]);
    let assessment = assess(bundle("newborn"), &facts, date(TODAY));
    let pages: Vec<_> = assessment
        .findings
        .iter()
        .filter(|finding| finding.code == "paper.sex-differs")
        .map(|finding| finding.page)
        .collect();
    assert_eq!(pages, [Some(page(33))], "the father's page is right");
}

#[test]
fn a_sex_read_from_a_paper_fits_the_choice_of_the_form() {
    let mut facts = complete();
    for word in ["female", "女", "F", "Girl"] {
        facts.fields.insert("child_sex".into(), typed(word));
        assert_eq!(assess(bundle("newborn"), &facts, date(TODAY)).completeness, Completeness::Complete, "{word}");
    }
}

#[test]
fn an_override_counts_only_where_the_catalogue_allows_it() {
    let mut facts = complete();
    facts.fields.insert("child_name".into(), typed("周x"));
    facts.fields.insert("birth_time".into(), typed("2026-11-25T01:00"));
    let over = |code: &str, field: &str| OverrideFact {
        code: code.to_owned(),
        material: None,
        field: Some(field.into()),
    };
    facts.overrides = vec![over("rule.child-name-form", "child_name"), over("rule.birth-not-in-future", "birth_time")];
    assert_eq!(
        blocking(&assess(bundle("newborn"), &facts, date(TODAY))),
        ["rule.birth-not-in-future birth_time"]
    );
}

#[test]
fn twins_have_their_own_fields_and_checks() {
    let newborn = bundle("newborn");
    let mut facts = complete();
    answer(&mut facts, newborn, &[("children", "2")]);
    let keys: Vec<String> = form(newborn, &facts, date(TODAY)).iter().map(|field| field.key.as_str().to_owned()).collect();
    assert!(keys.contains(&"child_name".to_owned()) && keys.contains(&"child_name.2".to_owned()) && !keys.contains(&"mother_name.2".to_owned()));
    let codes = blocking(&assess(newborn, &facts, date(TODAY)));
    assert!(codes.contains(&"field.missing child_name.2".to_owned()));
    fill(
        &mut facts,
        &[
            ("child_name.2", "周"),
            ("child_sex.2", "M"),
            ("birth_time.2", "2026-11-20T08:21"),
            ("birth_weight_g.2", "2900"),
            ("gestation_weeks.2", "39"),
            ("birth_hospital.2", "云溪市妇幼保健院"),
        ],
    );
    assert_eq!(blocking(&assess(newborn, &facts, date(TODAY))), ["rule.child-name-form child_name.2"]);
}

#[test]
fn papers_propose_values_for_empty_fields() {
    let newborn = bundle("newborn");
    let mut facts = complete();
    facts.fields.remove(&"mother_name".into());
    facts.fields.remove(&"guardian_phone".into());
    let proposed = proposals(newborn, &facts, date(TODAY));
    assert!(
        proposed
            .iter()
            .any(|proposal| proposal.field.as_str() == "mother_name" && proposal.value == "苏念安" && proposal.page == Some(page(11)))
    );
    assert!(
        proposed
            .iter()
            .any(|proposal| proposal.field.as_str() == "guardian_phone" && proposal.value == "13800000000")
    );
    assert!(
        !proposed.iter().any(|proposal| proposal.field.as_str() == "father_name"),
        "filled fields are left alone"
    );
}

#[test]
fn a_foreign_parent_is_sent_to_the_police_counter() {
    let newborn = bundle("newborn");
    let mut facts = complete();
    answer(&mut facts, newborn, &[("foreign_parent", "yes")]);
    let assessment = assess(newborn, &facts, date(TODAY));
    assert_eq!(blocking(&assessment), ["refusal.foreign-parent"]);
    assert!(assessment.refusals[0].body.is_some());
}
