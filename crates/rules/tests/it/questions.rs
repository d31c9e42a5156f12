//! A question is asked only when its answer changes something: matters, papers, reasons against, the form, or which rules count.

use onewindow_catalogue::{Answer, Answers, Bundle, Question, QuestionKind, QuestionStatus};
use onewindow_rules::{CaseFacts, form};

use crate::{CATALOGUE, date};

/// Everything that a person would see change.
fn seen(bundle: &Bundle, answers: &Answers) -> String {
    let guidance = bundle.guide(answers);
    let facts = CaseFacts {
        answers: answers.clone(),
        ..CaseFacts::default()
    };
    let papers: Vec<_> = guidance
        .checklist
        .iter()
        .map(|entry| (entry.key.as_str(), entry.disposition.code(), entry.role.clone(), entry.tolerance))
        .collect();
    let questions: Vec<_> = guidance
        .questions
        .iter()
        .map(|state| (state.id.as_str(), state.status == QuestionStatus::NotNeeded))
        .collect();
    let fields: Vec<_> = form(bundle, &facts, date("2026-11-24"))
        .iter()
        .map(|field| (field.key.clone(), field.required))
        .collect();
    let refusals: Vec<_> = guidance.refusals.iter().map(|refusal| refusal.id.as_str()).collect();
    format!("{:?} {papers:?} {questions:?} {fields:?} {refusals:?}", guidance.matters)
}

fn other_answers(question: &Question) -> Vec<Answer> {
    match &question.kind {
        QuestionKind::Choice(options) => options.iter().map(|option| Answer::Choice(option.id.clone())).collect(),
        QuestionKind::Many(options) => options.iter().map(|option| Answer::Many([option.id.clone()].into())).collect(),
        QuestionKind::Number { min, max, .. } => (*min..=(*max).min(*min + 400)).map(Answer::Number).collect(),
    }
}

/// Rules and consents may look at an answer without anything else changing on the screen.
fn in_a_rule(bundle: &Bundle, question: &Question) -> bool {
    let rules = bundle.rules.iter().flat_map(|rule| rule.when.iter().chain([&rule.holds]));
    let consents = bundle.consents.iter().filter_map(|consent| consent.when.as_ref());
    rules
        .chain(consents)
        .any(|condition| condition.references().answers.contains(question.id.as_str()))
}

#[test]
fn every_question_of_the_usual_case_changes_something() {
    for bundle in CATALOGUE.bundles() {
        let usual = &bundle.figures.usual;
        let before = seen(bundle, usual);
        let states = bundle.guide(usual).questions;
        for state in states.iter().filter(|state| matches!(state.status, QuestionStatus::Answered(_))) {
            let question = bundle.find_question(&state.id).unwrap();
            let changes = other_answers(question).into_iter().any(|answer| {
                let mut answers = usual.clone();
                answers.insert(question.id.clone(), answer);
                seen(bundle, &answers) != before
            });
            assert!(
                changes || in_a_rule(bundle, question),
                "{} {}: no answer changes anything",
                bundle.id,
                question.id
            );
        }
    }
}

#[test]
fn a_question_whose_answer_is_settled_by_others_is_not_asked() {
    let karaoke = crate::bundle("karaoke");
    let mut answers = karaoke.figures.usual.clone();
    answers.insert("location".into(), Answer::Choice("below_basement_1".to_owned()));
    let distance = karaoke
        .guide(&answers)
        .questions
        .into_iter()
        .find(|state| state.id.as_str() == "school_distance_m")
        .unwrap();
    assert_eq!(distance.status, QuestionStatus::NotNeeded, "the place is refused whatever the distance");
}
