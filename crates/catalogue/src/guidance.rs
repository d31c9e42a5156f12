//! Guided questions: which to ask next, and what the answers so far make of the checklist.
//!
//! The list grows: a matter or paper that depends on an unanswered question is not on it yet. An answer to a question that is
//! no longer asked is kept by the caller but has no effect here. Absent on purpose: form values and papers (crate `rules`).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use onewindow_case::ids::{DepartmentId, MaterialKey, MatterId, QuestionId};
use onewindow_case::text::Bilingual;

use crate::bundle::{AfterReform, Bundle, MaterialDef, Question, QuestionKind, Refusal};
use crate::expression::{Fact, Facts, Scope, Truth, holds};
use crate::limit::TimeLimit;

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The option chosen.
    Choice(String),
    /// The options chosen.
    Many(BTreeSet<String>),
    /// A whole number.
    Number(i64),
}

/// Answers by question.
pub type Answers = BTreeMap<QuestionId, Answer>;

impl fmt::Display for Answer {
    /// The form that [`Bundle::parse_answer`] reads.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Choice(option) => f.write_str(option),
            Self::Many(options) => f.write_str(&options.iter().cloned().collect::<Vec<_>>().join(",")),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}

impl Answer {
    pub(crate) fn fact(&self) -> Fact {
        match self {
            Self::Choice(option) => Fact::Text(option.clone()),
            Self::Many(options) => Fact::List(options.iter().cloned().map(Fact::Text).collect()),
            Self::Number(number) => Fact::Integer(*number),
        }
    }
}

/// Why a text is not an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerRefusal {
    /// The bundle has no such question.
    #[error("the bundle has no question {0}")]
    UnknownQuestion(String),
    /// The question has no such option.
    #[error("question {question} has no option {option}")]
    UnknownOption {
        /// The question.
        question: String,
        /// What was given.
        option: String,
    },
    /// The number is missing or out of range.
    #[error("question {question} needs a whole number from {min} to {max}")]
    NotANumber {
        /// The question.
        question: String,
        /// Smallest allowed.
        min: i64,
        /// Largest allowed.
        max: i64,
    },
}

/// Where one question stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionState {
    /// The question.
    pub id: QuestionId,
    /// Its status.
    pub status: QuestionStatus,
}

/// Status of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionStatus {
    /// To be answered.
    Asked,
    /// Answered.
    Answered(Answer),
    /// The answer would change nothing.
    NotNeeded,
    /// Whether it is needed depends on a question still open.
    Waiting,
}

/// What the answers so far lead to.
#[derive(Debug, Clone)]
pub struct Guidance {
    /// All questions in order.
    pub questions: Vec<QuestionState>,
    /// The first question to be answered, if any.
    pub next: Option<QuestionId>,
    /// Questions that still want an answer.
    pub open: usize,
    /// Reasons against acceptance that follow from the answers.
    pub refusals: Vec<Refusal>,
    /// Matters of the case, in display order.
    pub matters: Vec<MatterId>,
    /// Papers of the case, in catalogue order.
    pub checklist: Vec<ChecklistEntry>,
    /// The longest promised time among the matters whose time is counted.
    pub longest: Option<TimeLimit>,
}

impl Guidance {
    /// True when no question is open.
    pub fn is_complete(&self) -> bool {
        self.open == 0
    }

    /// Number of papers the applicant hands in.
    pub fn required_count(&self) -> usize {
        self.checklist.iter().filter(|entry| entry.disposition == AfterReform::Required).count()
    }

    /// Number of papers of one disposition, by its catalogue word.
    pub fn count_of(&self, disposition: &str) -> usize {
        self.checklist.iter().filter(|entry| entry.disposition.code() == disposition).count()
    }
}

/// One line of the checklist.
#[derive(Debug, Clone)]
pub struct ChecklistEntry {
    /// Key of the paper in the bundle.
    pub key: MaterialKey,
    /// Id of the paper in the catalogue, such as `id_card`.
    pub paper: String,
    /// Name of the paper.
    pub name: Bilingual,
    /// Whose or which.
    pub role: Option<Bilingual>,
    /// What is to happen with it.
    pub disposition: AfterReform,
    /// Why it is needed.
    pub why: Bilingual,
    /// What replaces it, when it is not handed in.
    pub instead: Option<Bilingual>,
    /// What to bring or mend when it is missing.
    pub remedy: Bilingual,
    /// Law or list that asks for it.
    pub basis: Option<Bilingual>,
    /// May follow after acceptance.
    pub tolerance: bool,
    /// Matters of the case that use it.
    pub matters: Vec<MatterId>,
    /// Pages or faces at least.
    pub pages_min: u32,
    /// Pages or faces at most, if known.
    pub pages_max: Option<u32>,
    /// The clerk must see the original.
    pub original: bool,
    /// The counter makes it; it is present once signed.
    pub made_by_counter: bool,
    /// Handed over by list, not scanned.
    pub paper_only: bool,
    /// Electronic files registered by digest, not scanned.
    pub electronic: bool,
}

impl Bundle {
    /// Reads an answer as the desk stores it: an option id, several separated by commas, or a whole number.
    pub fn parse_answer(&self, question: &QuestionId, text: &str) -> Result<Answer, AnswerRefusal> {
        let found = self
            .find_question(question)
            .ok_or_else(|| AnswerRefusal::UnknownQuestion(question.as_str().to_owned()))?;
        read_answer(found, text)
    }

    /// What the answers so far lead to. Answers to questions that are not asked any more, and answers that do not fit, count as not given.
    pub fn guide(&self, answers: &Answers) -> Guidance {
        let (questions, effective) = self.question_states(answers);
        let mut scope = Scope::new();
        scope.set_answers(&facts_of(&effective));
        let matters: Vec<MatterId> = self
            .matters
            .iter()
            .filter(|matter| holds(matter.when.as_ref(), &scope))
            .map(|matter| matter.id.clone())
            .collect();
        scope.set_matters(matters.iter().map(MatterId::as_str));
        let checklist = self.materials.iter().filter_map(|material| entry_of(material, &matters, &scope)).collect();
        let open = questions.iter().filter(|state| state.status == QuestionStatus::Asked).count();
        let next = questions
            .iter()
            .find(|state| state.status == QuestionStatus::Asked)
            .map(|state| state.id.clone());
        let refusals = self
            .refusals
            .iter()
            .filter(|refusal| refusal.when.as_ref().is_some_and(|when| when.truth(&scope).holds()))
            .cloned()
            .collect();
        let longest = self.longest_of(&matters);
        Guidance {
            questions,
            next,
            open,
            refusals,
            matters,
            checklist,
            longest,
        }
    }

    /// Answers that count: those to questions that are asked, of the right form.
    pub fn effective_answers(&self, answers: &Answers) -> Answers {
        self.question_states(answers).1
    }

    /// Answers as conditions see them.
    pub fn answer_facts(&self, answers: &Answers) -> Facts {
        facts_of(&self.effective_answers(answers))
    }

    /// The department of each matter in a list, without repetition, in order.
    pub fn departments_of(&self, matters: &[MatterId]) -> Vec<DepartmentId> {
        let mut departments = Vec::new();
        for matter in self.matters.iter().filter(|matter| matters.contains(&matter.id)) {
            if !departments.contains(&matter.department) {
                departments.push(matter.department.clone());
            }
        }
        departments
    }

    fn question_states(&self, answers: &Answers) -> (Vec<QuestionState>, Answers) {
        let mut effective = Answers::new();
        let mut states = Vec::with_capacity(self.guidance.len());
        for question in &self.guidance {
            let mut scope = Scope::new();
            scope.set_answers(&facts_of(&effective));
            let asked = question.ask_when.as_ref().map_or(Truth::Yes, |when| when.truth(&scope));
            let given = answers.get(&question.id).filter(|answer| fits(question, answer));
            let status = match (asked, given) {
                (Truth::No, _) => QuestionStatus::NotNeeded,
                (Truth::Unknown, _) => QuestionStatus::Waiting,
                (Truth::Yes, None) => QuestionStatus::Asked,
                (Truth::Yes, Some(answer)) => {
                    effective.insert(question.id.clone(), answer.clone());
                    QuestionStatus::Answered(answer.clone())
                }
            };
            states.push(QuestionState {
                id: question.id.clone(),
                status,
            });
        }
        (states, effective)
    }

    fn longest_of(&self, matters: &[MatterId]) -> Option<TimeLimit> {
        let weight = |limit: TimeLimit| match limit {
            TimeLimit::AtOnce => 0_u64,
            TimeLimit::Minutes(n) => u64::from(n),
            TimeLimit::Hours(n) => u64::from(n) * 60,
            TimeLimit::CalendarDays(n) => u64::from(n) * 340,
            TimeLimit::WorkingDays(n) => u64::from(n) * 480,
        };
        let counted = self.matters.iter().filter(|matter| matter.counted && matters.contains(&matter.id));
        counted.map(|matter| matter.promised).max_by_key(|limit| weight(*limit))
    }
}

fn entry_of(material: &MaterialDef, matters: &[MatterId], scope: &Scope<'_>) -> Option<ChecklistEntry> {
    let used: Vec<MatterId> = material.for_matters.iter().filter(|matter| matters.contains(matter)).cloned().collect();
    if used.is_empty() || !holds(material.when.as_ref(), scope) {
        return None;
    }
    let exception = material.cases.iter().find(|(when, _)| when.truth(scope).holds()).map(|(_, after)| after);
    let role = material.roles.iter().find(|(when, _)| when.truth(scope).holds()).map(|(_, role)| role);
    Some(ChecklistEntry {
        key: material.key.clone(),
        paper: material.paper.id.clone(),
        name: material.paper.name.clone(),
        role: role.or(material.role.as_ref()).cloned(),
        disposition: exception.unwrap_or(&material.after).clone(),
        why: material.why.clone(),
        instead: material.instead.clone(),
        remedy: material.remedy.clone(),
        basis: material.basis.clone(),
        tolerance: material.tolerance,
        matters: used,
        pages_min: material.pages_min,
        pages_max: material.paper.pages_max,
        original: material.paper.original,
        made_by_counter: material.paper.made_by_counter,
        paper_only: material.paper.paper_only,
        electronic: material.paper.electronic,
    })
}

fn facts_of(answers: &Answers) -> Facts {
    answers.iter().map(|(id, answer)| (id.as_str().to_owned(), answer.fact())).collect()
}

fn fits(question: &Question, answer: &Answer) -> bool {
    match (&question.kind, answer) {
        (QuestionKind::Choice(options), Answer::Choice(id)) => options.iter().any(|option| &option.id == id),
        (QuestionKind::Many(options), Answer::Many(ids)) => ids.iter().all(|id| options.iter().any(|option| &option.id == id)),
        (QuestionKind::Number { min, max, .. }, Answer::Number(number)) => (min..=max).contains(&number),
        (QuestionKind::Choice(_) | QuestionKind::Many(_) | QuestionKind::Number { .. }, _) => false,
    }
}

pub(crate) fn read_answer(question: &Question, text: &str) -> Result<Answer, AnswerRefusal> {
    let unknown = |option: &str| AnswerRefusal::UnknownOption {
        question: question.id.as_str().to_owned(),
        option: option.chars().take(60).collect(),
    };
    let text = text.trim();
    match &question.kind {
        QuestionKind::Choice(options) => {
            let found = options.iter().find(|option| option.id == text).ok_or_else(|| unknown(text))?;
            Ok(Answer::Choice(found.id.clone()))
        }
        QuestionKind::Many(options) => {
            let mut chosen = BTreeSet::new();
            for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
                let found = options.iter().find(|option| option.id == part).ok_or_else(|| unknown(part))?;
                chosen.insert(found.id.clone());
            }
            Ok(Answer::Many(chosen))
        }
        QuestionKind::Number { min, max, .. } => match text.parse::<i64>() {
            Ok(number) if (min..=max).contains(&&number) => Ok(Answer::Number(number)),
            Ok(_) | Err(_) => Err(AnswerRefusal::NotANumber {
                question: question.id.as_str().to_owned(),
                min: *min,
                max: *max,
            }),
        },
    }
}
