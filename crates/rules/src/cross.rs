//! Comparison between papers: a value of the form against every paper that shows it. Absent on purpose: which paper is right; that is for a person.

use onewindow_case::event::FieldSource;
use onewindow_case::identifier;
use onewindow_case::text::Bilingual;
use onewindow_catalogue::{Bundle, FieldKind, FieldOrigin, Override, same_name};

use crate::facts::{CaseFacts, FieldFact, ReadFact};
use crate::finding::{Finding, Findings};
use crate::form::{Form, FormField};
use crate::values;

/// Reports each paper whose reading differs from the form's value.
pub(crate) fn check(bundle: &Bundle, form: &Form<'_>, facts: &CaseFacts, findings: &mut Findings<'_>) {
    // Papers show only one child; which one is for the clerk to say.
    for field in form.fields.iter().filter(|field| field.repetitions == 1) {
        let Some(value) = facts.fields.get(&field.key).filter(|fact| !fact.value.trim().is_empty()) else {
            continue;
        };
        for (place, origin) in field.def.origins.iter().enumerate() {
            let FieldOrigin::Paper { material, read } = origin else { continue };
            let Some(paper) = facts.papers.get(material) else { continue };
            let reads: Vec<&ReadFact> = paper
                .reads
                .iter()
                .filter(|known| &known.key == read && !known.value.trim().is_empty())
                .take(20)
                .collect();
            let Some(first) = reads.first() else { continue };
            if reads.iter().any(|known| agrees(&field.def.kind, &value.value, &known.value)) {
                continue;
            }
            if settled(value, first, place) {
                continue;
            }
            let name = bundle.find_material(material).map(|material| material.paper.name.clone()).unwrap_or_default();
            findings.push(difference(form, field, first, &name, material));
        }
    }
}

/// The clerk compared this value with this very paper: a misreading was corrected, and nothing is left to say.
fn settled(value: &FieldFact, read: &ReadFact, place: usize) -> bool {
    let own_page = match value.source {
        FieldSource::Page(page) => read.page == Some(page),
        FieldSource::Typed => place == 0,
        FieldSource::Shared => false,
    };
    own_page && value.confirmed && !read.confirmed
}

fn difference(form: &Form<'_>, field: &FormField<'_>, read: &ReadFact, name: &Bilingual, material: &onewindow_case::ids::MaterialKey) -> Finding {
    let shown: String = read.value.chars().filter(|c| !c.is_control()).take(40).collect();
    let shown = if field.def.sensitive { String::from("…") } else { shown };
    let what = Bilingual::new(
        format!("与{}上的“{shown}”不一致", name.zh),
        format!("differs from “{shown}” on the {}", name.en),
    );
    let remedy = Bilingual::new(
        "对照两份材料，读错的改正；确不一致的请申请人说明",
        "compare both papers; correct a misreading, or ask the applicant",
    );
    let finding = if read.confirmed {
        Finding {
            override_by: Override::SecondPerson,
            ..Finding::error("cross.differs", what, remedy)
        }
    } else {
        Finding::warning("cross.differs", what, remedy)
    };
    Finding {
        material: Some(material.clone()),
        page: read.page,
        field: Some(field.key.clone()),
        subject: form.subject(field),
        ..finding
    }
}

fn agrees(kind: &FieldKind, value: &str, read: &str) -> bool {
    match kind {
        FieldKind::Identifier(kind) => identifier::normalise(*kind, value) == identifier::normalise(*kind, read),
        FieldKind::Choice(_) => values::fact(kind, value) == values::fact(kind, read),
        FieldKind::Integer { .. } | FieldKind::Money => digits(value) == digits(read),
        FieldKind::Date | FieldKind::DateTime => digits(value).get(..8) == digits(read).get(..8),
        FieldKind::Name | FieldKind::Text { .. } | FieldKind::Address | FieldKind::Phone | FieldKind::Bool => same_name(value, read),
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).take(40).collect()
}
