//! Names across papers: what a machine may call another name, and what only a person may call the same.

use onewindow_case::event::ApplicantKind;
use onewindow_catalogue::Override;
use onewindow_rules::{CaseFacts, RepresentativeFact, Severity, assess};

use crate::{answer, applicant, bundle, date, fill, paper};

/// Code and severity of what is found between the form's name and the name on the mother's card.
fn found(typed: &str, read: &str, confirmed: bool) -> Option<(String, Severity, Override)> {
    let newborn = bundle("newborn");
    let mut facts = CaseFacts {
        applicant: applicant(ApplicantKind::Person, typed, "330324199605129988"),
        ..CaseFacts::default()
    };
    answer(&mut facts, newborn, &[("married", "yes"), ("children", "1")]);
    fill(&mut facts, &[("mother_name", typed)]);
    let mut card = paper(1, 2, &[("name", read)]);
    card.reads[0].confirmed = confirmed;
    facts.papers.insert("id_card.mother".into(), card);
    let assessment = assess(newborn, &facts, date("2026-11-24"));
    assessment
        .findings
        .into_iter()
        .find(|finding| finding.code.starts_with("cross."))
        .map(|finding| (finding.code, finding.severity, finding.override_by))
}

#[test]
fn another_name_is_an_error_once_it_is_proven_and_a_doubt_before() {
    assert_eq!(found("苏念安", "苏念安", true), None);
    let (code, severity, by) = found("苏念安", "苏念宁", true).unwrap();
    assert_eq!((code.as_str(), severity, by), ("cross.differs", Severity::Error, Override::SecondPerson));
}

#[test]
fn the_same_name_written_another_way_is_for_a_person_to_say() {
    for (typed, read, code) in [
        ("苏念安", "蘇念安", "cross.name-variant"),
        ("阿依古丽买买提", "阿依古丽·买买提", "cross.name-dot"),
        ("苏念安", "SU NIANAN", "cross.name-pinyin"),
        ("王喆明", "王□明", "cross.name-unwritten"),
    ] {
        let (found_code, severity, by) = found(typed, read, true).unwrap_or_else(|| panic!("{typed} {read}"));
        assert_eq!(
            (found_code.as_str(), severity, by),
            (code, Severity::Warning, Override::Reason),
            "{typed} {read}"
        );
        assert_eq!(
            found(typed, read, false),
            None,
            "the clerk compared the form with a reading that nothing proves: settled"
        );
    }
}

fn codes(number: &str, representative: Option<RepresentativeFact>) -> Vec<String> {
    let facts = CaseFacts {
        applicant: applicant(ApplicantKind::Person, "周知秋", number),
        representative,
        ..CaseFacts::default()
    };
    assess(bundle("exit_entry"), &facts, date("2026-11-24"))
        .findings
        .into_iter()
        .map(|finding| finding.code)
        .filter(|code| code.starts_with("applicant.guardian") || code.starts_with("representative."))
        .collect()
}

#[test]
fn a_minor_needs_a_guardian_and_a_grown_person_does_not() {
    let guardian = RepresentativeFact {
        guardian: true,
        name: "苏念安".to_owned(),
        id_number: "330324199605129988".to_owned(),
        authority: "出生医学证明".to_owned(),
    };
    let agent = RepresentativeFact {
        guardian: false,
        ..guardian.clone()
    };
    assert_eq!(codes("330302202006129982", None), ["applicant.guardian-missing"]);
    assert_eq!(codes("330302202006129982", Some(guardian.clone())), Vec::<String>::new());
    assert_eq!(
        codes("330302202006129982", Some(agent)),
        ["applicant.guardian-missing"],
        "a letter is not enough for a child"
    );
    assert_eq!(codes("330302199408239995", None), Vec::<String>::new());
    let nameless = RepresentativeFact {
        authority: String::new(),
        id_number: String::new(),
        ..guardian
    };
    assert_eq!(
        codes("330302202006129982", Some(nameless)),
        ["representative.number-missing", "representative.authority-missing"]
    );
}
