//! Checks over a whole bundle: figures that must add up, cycles, questions that change nothing, names used twice. Absent on purpose: mending.

use std::collections::BTreeSet;

use onewindow_case::ids::MatterId;
use onewindow_case::text::Bilingual;

use crate::bundle::{Bundle, MatterDef, Question, QuestionKind};
use crate::compile::{Faults, line};
use crate::expression::{Expression, Facts, Scope};
use crate::guidance::Answer;
use crate::source::{At, RawBundle};

/// Puts matters into display order and reports what does not fit together.
pub(crate) fn bundle(raw: &RawBundle, bundle: &mut Bundle, faults: &mut Faults<'_>) {
    names_once(raw, faults);
    order_matters(raw, bundle, faults);
    needless_questions(raw, bundle, faults);
    unreachable_questions(raw, bundle, faults);
    if faults.list.iter().all(|fault| fault.file != faults.file) {
        figures(raw, bundle, faults);
    }
}

fn names_once(raw: &RawBundle, faults: &mut Faults<'_>) {
    let lists: [(&str, Vec<&At>); 6] = [
        ("matters", raw.matters.iter().map(|part| &part.id).collect()),
        ("guidance", raw.guidance.iter().map(|part| &part.id).collect()),
        ("materials", raw.materials.iter().map(|part| &part.key).collect()),
        ("fields", raw.fields.iter().map(|part| &part.key).collect()),
        ("rules", raw.rules.iter().map(|part| &part.id).collect()),
        ("refusals", raw.refusals.iter().map(|part| &part.id).collect()),
    ];
    for (field, ids) in lists {
        let mut seen = BTreeSet::new();
        for at in ids {
            if !seen.insert(at.value.as_str()) {
                faults.error(
                    "name.used-twice",
                    line(at),
                    format!("{field}[{}]", at.value),
                    Bilingual::new(format!("“{}”用了两次", at.value), format!("`{}` is used twice", at.value)),
                    Bilingual::new("换一个名称", "give one of them another name"),
                );
            }
        }
    }
}

/// Repeatedly takes the first matter all of whose predecessors are taken; what is left over is in a cycle.
fn order_matters(raw: &RawBundle, bundle: &mut Bundle, faults: &mut Faults<'_>) {
    let mut waiting = std::mem::take(&mut bundle.matters);
    let mut ordered: Vec<MatterDef> = Vec::with_capacity(waiting.len());
    while let Some(next) = waiting.iter().position(|matter| matter.after.iter().all(|id| is_done(id, &ordered, &waiting))) {
        ordered.push(waiting.remove(next));
    }
    for matter in &waiting {
        let at = raw.matters.iter().find(|raw| raw.id.value == matter.id.as_str()).map_or(0, |raw| line(&raw.id));
        let after: Vec<&str> = matter.after.iter().map(MatterId::as_str).collect();
        faults.error(
            "matters.cycle",
            at,
            format!("matters[{}].after", matter.id),
            Bilingual::new("事项互相等待", "matters wait for each other in a circle"),
            Bilingual::new(format!("从 {} 里去掉一项", after.join("、")), format!("remove one of {}", after.join(", "))),
        );
    }
    ordered.append(&mut waiting);
    bundle.matters = ordered;
}

fn is_done(id: &MatterId, ordered: &[MatterDef], waiting: &[MatterDef]) -> bool {
    ordered.iter().any(|matter| &matter.id == id) || !waiting.iter().any(|matter| &matter.id == id)
}

fn needless_questions(raw: &RawBundle, bundle: &Bundle, faults: &mut Faults<'_>) {
    let used: BTreeSet<&str> = conditions(bundle)
        .flat_map(|condition| condition.references().answers.iter().map(String::as_str))
        .collect();
    for question in raw.guidance.iter().filter(|question| !used.contains(question.id.value.as_str())) {
        faults.warning(
            "question.changes-nothing",
            line(&question.id),
            format!("guidance[{}]", question.id.value),
            Bilingual::new("这题的答案不起作用", "the answer changes nothing"),
            Bilingual::new("在某个条件里用到它，或去掉它", "use it in a condition or remove it"),
        );
    }
}

/// Most combinations of earlier answers tried for one question; a condition over more of them is taken to be reachable.
const COMBINATIONS_MAX: usize = 20_000;

/// A question that no answers lead to is a slip in its `ask_when`, or in that of a question it looks at.
fn unreachable_questions(raw: &RawBundle, bundle: &Bundle, faults: &mut Faults<'_>) {
    let mut unreachable: BTreeSet<&str> = BTreeSet::new();
    for question in &bundle.guidance {
        let Some(when) = &question.ask_when else { continue };
        let asked: Vec<&Question> = bundle
            .guidance
            .iter()
            .filter(|other| when.references().answers.contains(other.id.as_str()))
            .collect();
        let barred = asked.iter().any(|other| unreachable.contains(other.id.as_str()));
        if barred || !can_hold(when, &asked) {
            unreachable.insert(question.id.as_str());
            let at = raw.guidance.iter().find(|raw| raw.id.value == question.id.as_str());
            faults.error(
                "question.unreachable",
                at.map_or(0, |raw| raw.ask_when.as_ref().map_or_else(|| line(&raw.id), line)),
                format!("guidance[{}].ask_when", question.id),
                Bilingual::new("怎么回答都问不到这题", "no answers lead to this question"),
                Bilingual::new("改正 ask_when，或去掉这题", "mend `ask_when`, or remove the question"),
            );
        }
    }
}

/// Whether some answers to these questions make the condition true.
fn can_hold(when: &Expression, asked: &[&Question]) -> bool {
    let choices: Vec<Vec<Answer>> = asked.iter().map(|question| sample_answers(question, when.source())).collect();
    let combinations = choices.iter().map(Vec::len).try_fold(1_usize, usize::checked_mul).unwrap_or(usize::MAX);
    if combinations > COMBINATIONS_MAX {
        return true;
    }
    (0..combinations).any(|mut number| {
        let mut answers = Facts::new();
        for (question, choices) in asked.iter().zip(&choices) {
            let answer = &choices[number % choices.len()];
            number /= choices.len();
            answers.insert(question.id.as_str().to_owned(), answer.fact());
        }
        let mut scope = Scope::new();
        scope.set_answers(&answers);
        when.truth(&scope).holds()
    })
}

/// Answers that can make a difference: every option; for several options none, each and all; for a number its bounds and those
/// around the figures of the condition.
fn sample_answers(question: &Question, source: &str) -> Vec<Answer> {
    match &question.kind {
        QuestionKind::Choice(options) => options.iter().map(|option| Answer::Choice(option.id.clone())).collect(),
        QuestionKind::Many(options) => {
            let ids = || options.iter().map(|option| option.id.clone());
            let mut answers: Vec<Answer> = ids().map(|id| Answer::Many(BTreeSet::from([id]))).collect();
            answers.push(Answer::Many(BTreeSet::new()));
            answers.push(Answer::Many(ids().collect()));
            answers
        }
        QuestionKind::Number { min, max, .. } => {
            let figures = source.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse::<i64>().ok());
            let mut numbers: BTreeSet<i64> = figures.flat_map(|figure| [figure - 1, figure, figure + 1]).collect();
            numbers.extend([*min, *max]);
            numbers.into_iter().filter(|number| (min..=max).contains(&number)).map(Answer::Number).collect()
        }
    }
}

/// Every condition of a bundle.
fn conditions(bundle: &Bundle) -> impl Iterator<Item = &Expression> {
    let questions = bundle.guidance.iter().flat_map(|question| question.ask_when.iter().chain(&question.known));
    let matters = bundle.matters.iter().filter_map(|matter| matter.when.as_ref());
    let materials = bundle.materials.iter().flat_map(|material| {
        let cases = material.cases.iter().map(|(when, _)| when);
        cases.chain(material.roles.iter().map(|(when, _)| when)).chain(material.when.as_ref())
    });
    let groups = bundle.groups.iter().filter_map(|group| group.repeat.as_ref());
    let fields = bundle.fields.iter().flat_map(|field| field.when.iter().chain(field.required_when.as_ref()));
    let consents = bundle.consents.iter().filter_map(|consent| consent.when.as_ref());
    let rules = bundle.rules.iter().flat_map(|rule| rule.when.iter().chain([&rule.holds]));
    let refusals = bundle.refusals.iter().filter_map(|refusal| refusal.when.as_ref());
    questions
        .chain(matters)
        .chain(materials)
        .chain(groups)
        .chain(fields)
        .chain(consents)
        .chain(rules)
        .chain(refusals)
}

/// The promise must be a property of the data: copies before add up, papers now are those of the usual case.
fn figures(raw: &RawBundle, bundle: &Bundle, faults: &mut Faults<'_>) {
    let before: u32 = bundle.materials.iter().map(|material| material.copies_before).sum();
    let guidance = bundle.guide(&bundle.figures.usual);
    let after = guidance.required_count();
    let told = [
        (
            "before",
            raw.figures.before.materials.referenced.line(),
            bundle.figures.materials_before as usize,
            before as usize,
        ),
        (
            "after",
            raw.figures.after.materials.referenced.line(),
            bundle.figures.materials_after as usize,
            after,
        ),
    ];
    for (side, line, told, counted) in told {
        if told != counted {
            faults.error(
                "figures.do-not-agree",
                line,
                format!("figures.{side}.materials"),
                Bilingual::new(
                    format!("写的是 {told}，清单合计 {counted}"),
                    format!("{told} is told, the papers add up to {counted}"),
                ),
                Bilingual::new("改数字或改清单", "mend the figure or the papers"),
            );
        }
    }
    if !guidance.is_complete() {
        let open: Vec<&str> = guidance
            .questions
            .iter()
            .filter(|state| state.status == crate::guidance::QuestionStatus::Asked)
            .map(|state| state.id.as_str())
            .collect();
        faults.error(
            "figures.usual-incomplete",
            line(&raw.id),
            "figures.usual",
            Bilingual::new(
                format!("常见情形没答完：{}", open.join("、")),
                format!("the usual answers leave open: {}", open.join(", ")),
            ),
            Bilingual::new("补上这些题的答案", "add answers to them"),
        );
    }
}
