//! What answers make of a bundle.

use onewindow_catalogue::{AfterReform, Answers, Bundle, QuestionKind, QuestionStatus, TimeLimit};

use crate::{bundle, catalogue};

fn answers(bundle: &Bundle, given: &[(&str, &str)]) -> Answers {
    given
        .iter()
        .map(|(id, text)| ((*id).into(), bundle.parse_answer(&(*id).into(), text).unwrap()))
        .collect()
}

const NEWBORN: &[(&str, &str)] = &[
    ("register_with", "father"),
    ("married", "yes"),
    ("born_here", "yes"),
    ("insured", "mother"),
    ("foreign_parent", "no"),
    ("children", "1"),
];

const KARAOKE: &[(&str, &str)] = &[
    ("legal_form", "company"),
    ("foreign", "no"),
    ("premises", "rented"),
    ("location", "ground_or_above"),
    ("building", "commercial"),
    ("school_distance_m", "350"),
    ("food", "no"),
];

fn with<'a>(base: &[(&'a str, &'a str)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<_> = base
        .iter()
        .filter(|(id, _)| !changes.iter().any(|(changed, _)| changed == id))
        .copied()
        .collect();
    all.extend(changes);
    all
}

#[test]
fn every_file_is_clean() {
    let catalogue = catalogue();
    assert_eq!(catalogue.warnings(), &[], "a shipped catalogue has not even warnings");
}

#[test]
fn every_bundle_keeps_the_promise_it_tells() {
    for bundle in catalogue().bundles() {
        let before: u32 = bundle.materials.iter().map(|material| material.copies_before).sum();
        let guidance = bundle.guide(&bundle.figures.usual);
        assert_eq!(before, bundle.figures.materials_before, "{}", bundle.id);
        assert_eq!(guidance.required_count(), bundle.figures.materials_after as usize, "{}", bundle.id);
        assert!(guidance.is_complete() && !guidance.matters.is_empty(), "{}", bundle.id);
    }
}

#[test]
fn the_promises_of_the_reform_are_in_the_data() {
    let catalogue = catalogue();
    let told: Vec<(&str, u32, u32)> = catalogue
        .bundles()
        .iter()
        .map(|bundle| (bundle.id.as_str(), bundle.figures.materials_before, bundle.figures.materials_after))
        .collect();
    let expected = [
        ("newborn", 29, 5),
        ("school_enrolment", 6, 1),
        ("public_rental", 12, 1),
        ("retirement", 21, 4),
        ("funeral", 14, 3),
        ("property_transfer", 17, 4),
        ("real_estate_tax", 9, 1),
        ("karaoke", 19, 10),
        ("provident_fund", 8, 1),
        ("business_registration", 20, 6),
        ("tenancy", 7, 3),
        ("exit_entry", 6, 2),
        ("social_insurance", 10, 2),
        ("medical_reimbursement", 8, 4),
        ("investment_project", 60, 5),
        ("restaurant", 14, 5),
    ];
    assert_eq!(told, expected);
    let retirement = bundle(&catalogue, "retirement");
    assert_eq!(retirement.matters.len(), 25, "the 25 steps of the story");
    assert_eq!(retirement.departments.len(), 18, "and its 18 departments");
    assert_eq!(
        retirement.guide(&retirement.figures.usual).longest,
        Some(TimeLimit::WorkingDays(3)),
        "the longest step leaves two of the five days to those that wait for it"
    );
}

#[test]
fn every_answer_of_every_bundle_leads_to_a_checklist() {
    for bundle in catalogue().bundles() {
        for question in &bundle.guidance {
            let options = match &question.kind {
                QuestionKind::Choice(options) | QuestionKind::Many(options) => options.iter().map(|option| option.id.clone()).collect(),
                QuestionKind::Number { min, max, .. } => vec![min.to_string(), max.to_string()],
            };
            for option in options {
                let mut given = bundle.figures.usual.clone();
                given.insert(question.id.clone(), bundle.parse_answer(&question.id, &option).unwrap());
                let guidance = bundle.guide(&given);
                let served = !guidance.matters.is_empty() && guidance.required_count() > 0;
                assert!(served || !guidance.refusals.is_empty(), "{} {}={option}", bundle.id, question.id);
            }
        }
    }
}

#[test]
fn a_newborn_needs_five_papers_instead_of_twenty_nine() {
    let catalogue = catalogue();
    let newborn = bundle(&catalogue, "newborn");
    assert_eq!((newborn.figures.materials_before, newborn.figures.materials_after), (29, 5));
    let guidance = newborn.guide(&answers(newborn, NEWBORN));
    assert_eq!(guidance.matters.len(), 6);
    let counts = ["required", "shared", "form", "internal", "waived"].map(|word| guidance.count_of(word));
    assert_eq!(counts, [5, 6, 3, 1, 1], "as the guidance screen tells it");
    assert_eq!(guidance.longest, Some(TimeLimit::WorkingDays(5)));
    let booklet = guidance.checklist.iter().find(|entry| entry.key.as_str() == "hukou.register").unwrap();
    assert_eq!(booklet.role.as_ref().unwrap().zh, "随父落户", "the role follows the answer");
}

#[test]
fn the_checklist_grows_with_the_answers() {
    let catalogue = catalogue();
    let newborn = bundle(&catalogue, "newborn");
    let mut sizes = Vec::new();
    for count in 0..=NEWBORN.len() {
        let guidance = newborn.guide(&answers(newborn, &NEWBORN[..count]));
        assert_eq!(guidance.open, NEWBORN.len() - count);
        assert_eq!(guidance.next.map(|id| id.as_str().to_owned()).as_deref(), NEWBORN.get(count).map(|(id, _)| *id));
        sizes.push((guidance.matters.len(), guidance.checklist.len()));
    }
    assert!(sizes.is_sorted(), "{sizes:?}");
}

#[test]
fn each_newborn_answer_changes_what_it_says() {
    let catalogue = catalogue();
    let newborn = bundle(&catalogue, "newborn");
    let guide = |changes: &[(&str, &str)]| newborn.guide(&answers(newborn, &with(NEWBORN, changes)));
    let disposition = |changes: &[(&str, &str)], key: &str| {
        guide(changes)
            .checklist
            .into_iter()
            .find(|entry| entry.key.as_str() == key)
            .map(|entry| entry.disposition)
    };
    assert_eq!(disposition(&[], "birth_cert"), Some(AfterReform::Internal));
    assert_eq!(
        disposition(&[("born_here", "no")], "birth_cert"),
        Some(AfterReform::Required),
        "a certificate from elsewhere is brought"
    );
    assert!(
        !guide(&[("born_here", "no")])
            .matters
            .iter()
            .any(|matter| matter.as_str() == "birth_certificate")
    );
    assert!(
        !guide(&[("insured", "neither")])
            .matters
            .iter()
            .any(|matter| matter.as_str() == "maternity_benefit")
    );
    assert_eq!(disposition(&[("insured", "neither")], "med_invoice"), None, "no benefit, no receipts");
    assert_eq!(disposition(&[("married", "no")], "marriage_cert"), None);
    assert_eq!(disposition(&[("married", "no")], "parents_statement"), Some(AfterReform::Required));
    assert_eq!(guide(&[("foreign_parent", "yes")]).refusals.len(), 1);
    assert!(guide(&[]).refusals.is_empty());
}

#[test]
fn a_karaoke_bar_needs_ten_papers() {
    let catalogue = catalogue();
    let karaoke = bundle(&catalogue, "karaoke");
    assert_eq!((karaoke.figures.materials_before, karaoke.figures.materials_after), (19, 10));
    let guidance = karaoke.guide(&answers(karaoke, KARAOKE));
    assert_eq!(guidance.required_count(), 10);
    assert_eq!(guidance.matters.len(), 8);
    let place = |id: &str| guidance.matters.iter().position(|matter| matter.as_str() == id).unwrap();
    assert!(place("business_licence") < place("fire_check") && place("fire_check") < place("entertainment_permit"));
    assert!(place("entertainment_permit") < place("police_filing"));
    assert_eq!(guidance.longest, Some(TimeLimit::WorkingDays(10)), "the hearing is not counted");
}

#[test]
fn barred_sites_are_refused_by_the_answers() {
    let catalogue = catalogue();
    let karaoke = bundle(&catalogue, "karaoke");
    let refusals = |changes: &[(&str, &str)]| -> Vec<String> {
        karaoke
            .guide(&answers(karaoke, &with(KARAOKE, changes)))
            .refusals
            .into_iter()
            .map(|refusal| refusal.id)
            .collect()
    };
    assert_eq!(refusals(&[]), Vec::<String>::new());
    assert_eq!(refusals(&[("school_distance_m", "199")]), ["too-near"]);
    assert_eq!(refusals(&[("school_distance_m", "200")]), Vec::<String>::new());
    assert_eq!(
        refusals(&[("location", "below_basement_1")]),
        ["below-basement"],
        "the distance is not asked any more"
    );
    assert_eq!(
        refusals(&[("building", "residential_or_mixed"), ("foreign", "yes")]),
        ["foreign-investment", "barred-building"]
    );
}

#[test]
fn an_answer_to_a_question_no_longer_asked_has_no_effect() {
    let catalogue = catalogue();
    let karaoke = bundle(&catalogue, "karaoke");
    let given = answers(karaoke, &with(KARAOKE, &[("location", "below_basement_1"), ("school_distance_m", "10")]));
    let guidance = karaoke.guide(&given);
    let state = guidance.questions.iter().find(|state| state.id.as_str() == "school_distance_m").unwrap();
    assert_eq!(state.status, QuestionStatus::NotNeeded);
    assert!(!guidance.refusals.iter().any(|refusal| refusal.id == "too-near"));
    assert!(guidance.is_complete());
}

#[test]
fn text_that_is_no_answer_is_refused() {
    let catalogue = catalogue();
    let karaoke = bundle(&catalogue, "karaoke");
    for (question, text) in [
        ("foreign", "maybe"),
        ("foreign", ""),
        ("school_distance_m", "-1"),
        ("school_distance_m", "1e3"),
        ("nothing", "yes"),
    ] {
        assert!(karaoke.parse_answer(&question.into(), text).is_err(), "{question} {text}");
    }
}
