//! The integrated form: which fields it has for this case, what is missing in it, and what the papers propose for it. Absent on purpose: layout.

use onewindow_case::ids::{FieldKey, MaterialKey, PageId};
use onewindow_case::text::Bilingual;
use onewindow_catalogue::{Bundle, FieldDef, FieldOrigin};
use time::Date;

use crate::facts::CaseFacts;
use crate::finding::{Finding, Findings};
use crate::scope::Scopes;
use crate::values;

/// One field of the form as this case has it.
#[derive(Debug, Clone)]
pub struct FormField<'a> {
    /// Key, with `.n` for repetition n > 1.
    pub key: FieldKey,
    /// Its definition.
    pub def: &'a FieldDef,
    /// Which repetition of its group, from 1.
    pub repetition: u32,
    /// How many repetitions the group has.
    pub repetitions: u32,
    /// It must be filled.
    pub required: bool,
}

impl FormField<'_> {
    /// Label with the heading of the group and the number of the repetition.
    fn subject(&self, bundle_groups: &[onewindow_catalogue::FieldGroup]) -> Bilingual {
        let group = bundle_groups.iter().find(|group| group.id == self.def.group).map(|group| &group.name);
        let number = if self.repetitions > 1 {
            format!(" {}", self.repetition)
        } else {
            String::new()
        };
        match group {
            Some(group) => Bilingual::new(
                format!("{}{number}：{}", group.zh, self.def.name.zh),
                format!("{}{number}: {}", group.en, self.def.name.en),
            ),
            None => self.def.name.clone(),
        }
    }
}

/// A value that a paper or the applicant's data propose for an empty field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The field.
    pub field: FieldKey,
    /// The value.
    pub value: String,
    /// The paper it was read on.
    pub material: Option<MaterialKey>,
    /// The page it was read on.
    pub page: Option<PageId>,
}

/// The fields that the form of this case shows, in order.
pub fn form<'a>(bundle: &'a Bundle, facts: &CaseFacts, today: Date) -> Vec<FormField<'a>> {
    let guidance = bundle.guide(&facts.answers);
    let scopes = Scopes::new(bundle, facts, &guidance, today);
    fields_of(bundle, facts, &scopes).fields
}

/// What papers and applicant propose for fields that are still empty, best origin first. Nothing is proposed for repetitions after the first.
pub fn proposals(bundle: &Bundle, facts: &CaseFacts, today: Date) -> Vec<Proposal> {
    let empty = |field: &FormField<'_>| facts.fields.get(&field.key).is_none_or(|fact| fact.value.trim().is_empty());
    form(bundle, facts, today)
        .iter()
        .filter(|field| field.repetition == 1 && empty(field))
        .filter_map(|field| propose(field, facts))
        .collect()
}

fn propose(field: &FormField<'_>, facts: &CaseFacts) -> Option<Proposal> {
    field.def.origins.iter().find_map(|origin| match origin {
        FieldOrigin::Paper { material, read } => {
            let reads = &facts.papers.get(material)?.reads;
            let found = reads.iter().find(|known| &known.key == read && !known.value.trim().is_empty())?;
            Some(Proposal {
                field: field.key.clone(),
                value: found.value.clone(),
                material: Some(material.clone()),
                page: found.page,
            })
        }
        FieldOrigin::Applicant(member) => {
            let applicant = facts.applicant.as_ref()?;
            let value = match member.as_str() {
                "name" => &applicant.name,
                "id_number" => &applicant.id_number,
                _ => &applicant.phone,
            };
            let given = !value.trim().is_empty();
            given.then(|| Proposal {
                field: field.key.clone(),
                value: value.clone(),
                material: None,
                page: None,
            })
        }
    })
}

/// The form of a case with its groups.
pub(crate) struct Form<'a> {
    pub fields: Vec<FormField<'a>>,
    pub bundle: &'a Bundle,
}

impl Form<'_> {
    pub fn subject(&self, field: &FormField<'_>) -> Bilingual {
        field.subject(&self.bundle.groups)
    }
}

pub(crate) fn fields_of<'a>(bundle: &'a Bundle, _facts: &CaseFacts, scopes: &Scopes<'_>) -> Form<'a> {
    let mut fields = Vec::new();
    // Repetitions stand together: the whole group for the first child, then for the second.
    for group in &bundle.groups {
        let repetitions = scopes.repetitions_of(&group.id);
        for repetition in 1..=repetitions {
            for def in bundle.fields.iter().filter(|def| def.group == group.id) {
                scopes.with_instance(repetition, |scope| {
                    if def.when.as_ref().is_none_or(|when| when.truth(scope).holds()) {
                        let required = def.required || def.required_when.as_ref().is_some_and(|when| when.truth(scope).holds());
                        fields.push(FormField {
                            key: def.key_of(repetition),
                            def,
                            repetition,
                            repetitions,
                            required,
                        });
                    }
                });
            }
        }
    }
    Form { fields, bundle }
}

pub(crate) fn check(form: &Form<'_>, facts: &CaseFacts, today: Date, findings: &mut Findings<'_>) {
    for field in &form.fields {
        let about = |finding: Finding| Finding {
            field: Some(field.key.clone()),
            subject: form.subject(field),
            ..finding
        };
        let value = facts.fields.get(&field.key).filter(|fact| !fact.value.trim().is_empty());
        let Some(value) = value else {
            if field.required {
                findings.push(about(Finding::error(
                    "field.missing",
                    Bilingual::new("未填写", "not filled in"),
                    field.def.hint.clone().unwrap_or_else(|| Bilingual::new("请补填", "fill it in")),
                )));
            }
            continue;
        };
        if let Some(finding) = values::check(&field.def.kind, &value.value, today) {
            findings.push(about(finding));
        }
        if !value.confirmed {
            findings.push(about(Finding::warning(
                "field.unconfirmed",
                Bilingual::new("识别值还没核对", "the value read is not confirmed yet"),
                Bilingual::new("对照原件，一致的按回车", "compare with the original and press Enter if it agrees"),
            )));
        }
    }
}
