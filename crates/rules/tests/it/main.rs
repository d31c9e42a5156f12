//! Whole cases checked against the shipped catalogue, and hostile input.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod hostile;
mod karaoke;
mod names;
mod newborn;
mod others;
mod questions;

use std::sync::LazyLock;

use onewindow_case::event::{ApplicantKind, FieldSource};
use onewindow_case::ids::PageId;
use onewindow_catalogue::{Bundle, Catalogue};
use onewindow_rules::{ApplicantFact, Assessment, CaseFacts, FieldFact, PageFact, PageVerdict, PaperFact, ReadFact};
use time::Date;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::built_in().unwrap());

fn bundle(id: &str) -> &'static Bundle {
    CATALOGUE.find_bundle(&id.into()).unwrap()
}

fn date(text: &str) -> Date {
    onewindow_catalogue::parse_date(text).unwrap()
}

fn page(number: u128) -> PageId {
    PageId::parse(&format!("00000000-0000-7000-8000-{number:012x}")).unwrap()
}

fn pages(first: u128, count: u128) -> Vec<PageFact> {
    (first..first + count)
        .map(|number| PageFact {
            page: page(number),
            verdict: PageVerdict::Usable,
            remarks: Vec::new(),
        })
        .collect()
}

fn paper(first: u128, count: u128, reads: &[(&str, &str)]) -> PaperFact {
    let read = |(key, value): &(&str, &str)| ReadFact {
        key: (*key).to_owned(),
        value: (*value).to_owned(),
        page: Some(page(first)),
        confirmed: false,
    };
    PaperFact {
        pages: pages(first, count),
        reads: reads.iter().map(read).collect(),
    }
}

fn typed(value: &str) -> FieldFact {
    FieldFact {
        value: value.to_owned(),
        confirmed: true,
        source: FieldSource::Typed,
    }
}

fn applicant(kind: ApplicantKind, name: &str, id_number: &str) -> Option<ApplicantFact> {
    Some(ApplicantFact {
        kind,
        name: name.to_owned(),
        id_number: id_number.to_owned(),
        phone: "13800000000".to_owned(),
        has_agent: false,
    })
}

fn answer(facts: &mut CaseFacts, bundle: &Bundle, given: &[(&str, &str)]) {
    for (question, text) in given {
        facts
            .answers
            .insert((*question).into(), bundle.parse_answer(&(*question).into(), text).unwrap());
    }
}

fn fill(facts: &mut CaseFacts, values: &[(&str, &str)]) {
    for (key, value) in values {
        facts.fields.insert((*key).into(), typed(value));
    }
}

/// Codes of what blocks, with the paper or field.
fn blocking(assessment: &Assessment) -> Vec<String> {
    assessment
        .blocking()
        .map(|finding| match (&finding.material, &finding.field) {
            (_, Some(field)) => format!("{} {field}", finding.code),
            (Some(material), None) => format!("{} {material}", finding.code),
            (None, None) => finding.code.clone(),
        })
        .collect()
}
