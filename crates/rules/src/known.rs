//! Answers of the guidance that nobody has to be asked for: they follow from the applicant, from papers already read, or from the
//! form. Absent on purpose: keeping them; a person's own answer always wins, and what is known is worked out anew each time.

use onewindow_case::event::FieldSource;
use onewindow_case::ids::{FieldKey, QuestionId};
use onewindow_case::text::Bilingual;
use onewindow_catalogue::expression::Facts;
use onewindow_catalogue::{Answer, Bundle, Scope};
use time::Date;

use crate::facts::CaseFacts;
use crate::{scope, values};

/// An answer that is known although nobody gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAnswer {
    /// The question.
    pub question: QuestionId,
    /// The answer.
    pub answer: Answer,
    /// Where it is known from, for people.
    pub from: Bilingual,
}

/// Every answer that is known and was not given, in the order of the questions.
pub fn known_answers(bundle: &Bundle, facts: &CaseFacts, today: Date) -> Vec<KnownAnswer> {
    if bundle.guidance.iter().all(|question| question.known.is_none()) {
        return Vec::new();
    }
    let mut given = facts.answers.clone();
    let fields = field_facts(bundle, facts);
    let applicant = scope::applicant(facts);
    let mut known = Vec::new();
    for question in bundle.guidance.iter().filter(|question| !facts.answers.contains_key(&question.id)) {
        let Some(expression) = &question.known else { continue };
        let mut scope = Scope::new();
        scope.set_answers(&bundle.answer_facts(&given));
        scope.set_applicant(&applicant);
        scope.set_fields(&fields);
        scope.set_today(today);
        let Some(answer) = expression.text(&scope).and_then(|text| bundle.parse_answer(&question.id, &text).ok()) else {
            continue;
        };
        given.insert(question.id.clone(), answer.clone());
        known.push(KnownAnswer {
            question: question.id.clone(),
            answer,
            from: source_of(bundle, facts, expression.references().fields.iter().map(String::as_str)),
        });
    }
    known
}

fn field_facts(bundle: &Bundle, facts: &CaseFacts) -> Facts {
    let value = |field: &onewindow_catalogue::FieldDef| values::fact(&field.kind, &facts.fields.get(&field.key)?.value);
    bundle
        .fields
        .iter()
        .filter_map(|field| Some((field.key.as_str().to_owned(), value(field)?)))
        .collect()
}

/// The paper on which the first field was read, else the form, else the applicant.
fn source_of<'a>(bundle: &Bundle, facts: &CaseFacts, fields: impl Iterator<Item = &'a str>) -> Bilingual {
    for key in fields {
        let key = FieldKey::new(key);
        let page = match facts.fields.get(&key).map(|fact| fact.source) {
            Some(FieldSource::Page(page)) => page,
            Some(FieldSource::Shared) => return Bilingual::new("由共享数据得知", "known from shared data"),
            Some(FieldSource::Typed) => return Bilingual::new("由申请表得知", "known from the form"),
            None => continue,
        };
        let paper = facts
            .papers
            .iter()
            .find(|(_, paper)| paper.pages.iter().any(|known| known.page == page))
            .and_then(|(material, _)| bundle.find_material(material));
        if let Some(paper) = paper {
            return Bilingual::new(format!("由{}得知", paper.paper.name.zh), format!("known from the {}", paper.paper.name.en));
        }
    }
    Bilingual::new("由申请人证件得知", "known from the applicant's identity")
}
