//! Comparison between papers: a value of the form against every paper that shows it. Absent on purpose: which paper is right; that is for a person.

use onewindow_case::event::FieldSource;
use onewindow_case::identifier;
use onewindow_case::text::Bilingual;
use onewindow_catalogue::{Bundle, FieldKind, FieldOrigin, NameAgreement, Override, compare_names, same_name};

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
            let found = match likeness(&field.def.kind, &value.value, &reads) {
                Some(likeness) => likely_same(form, field, first, &name, material, likeness),
                None => difference(form, field, first, &name, material),
            };
            findings.push(found);
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

/// The nearest agreement of a name with what a paper shows, when a person may call them the same.
fn likeness(kind: &FieldKind, value: &str, reads: &[&ReadFact]) -> Option<NameAgreement> {
    if !matches!(kind, FieldKind::Name) {
        return None;
    }
    reads
        .iter()
        .map(|read| compare_names(value, &read.value))
        .find(|found| *found != NameAgreement::Different)
}

/// The same name written another way, as far as it can be told: never an error, always for a person to look at.
fn likely_same(
    form: &Form<'_>,
    field: &FormField<'_>,
    read: &ReadFact,
    name: &Bilingual,
    material: &onewindow_case::ids::MaterialKey,
    likeness: NameAgreement,
) -> Finding {
    let (code, zh, en) = match likeness {
        NameAgreement::Variant => ("cross.name-variant", "用字是繁体或异体", "is written with traditional or variant characters"),
        NameAgreement::DotMissing => ("cross.name-dot", "间隔号有无不同", "differs only in the middle dot"),
        NameAgreement::Pinyin => ("cross.name-pinyin", "写的是拼音", "is written in pinyin"),
        NameAgreement::Unwritten => ("cross.name-unwritten", "有一个字没有打出来", "has a character that could not be written"),
        NameAgreement::Same | NameAgreement::Different => ("cross.differs", "写法不同", "is written differently"),
    };
    let shown: String = read.value.chars().filter(|c| !c.is_control()).take(40).collect();
    let shown = if field.def.sensitive { String::from("…") } else { shown };
    Finding {
        material: Some(material.clone()),
        page: read.page,
        field: Some(field.key.clone()),
        subject: form.subject(field),
        ..Finding::warning(
            code,
            Bilingual::new(
                format!("{}上的“{shown}”{zh}，可能是同一个姓名", name.zh),
                format!("“{shown}” on the {} {en}; it may be the same name", name.en),
            ),
            Bilingual::new(
                "对照证件号码确认是同一人，写明理由",
                "make sure by the number that it is the same person, and say why",
            ),
        )
    }
}

/// Whether two values of a field are the same, however they are written.
pub fn agrees(kind: &FieldKind, value: &str, read: &str) -> bool {
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
