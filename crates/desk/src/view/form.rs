//! The form for the window: the fields that this case has, each with value, source and what is wrong.

use onewindow_case::Case;
use onewindow_case::event::FieldSource as Source;
use onewindow_catalogue::{Bundle, FieldKind};
use onewindow_ipc::Words;
use onewindow_ipc::case_view::{FieldSource, FieldView, OptionView};
use onewindow_rules::{Assessment, form};
use time::Date;

use super::findings;
use crate::check::{facts, is_proven_on_paper};

/// Fields in order.
pub(super) fn fields(case: &Case, bundle: &Bundle, check: &Assessment, today: Date) -> Vec<FieldView> {
    form(bundle, &facts(bundle, case, today), today)
        .into_iter()
        .map(|field| {
            let value = case.fields.get(&field.key);
            let group = bundle.groups.iter().find(|group| group.id == field.def.group).map(|group| &group.name);
            let number = if field.repetitions > 1 {
                format!(" {}", field.repetition)
            } else {
                String::new()
            };
            FieldView {
                field: field.key.to_string(),
                label: (&field.def.name).into(),
                kind: field.def.kind.word().to_owned(),
                options: options(&field.def.kind),
                required: field.required,
                value: value.map(|value| value.value.clone()).unwrap_or_default(),
                source: match value.map(|value| value.source) {
                    None => FieldSource::Empty,
                    Some(Source::Typed) => FieldSource::Typed,
                    Some(Source::Page(_)) => FieldSource::Page,
                    Some(Source::Shared) => FieldSource::Shared,
                },
                page_id: match value.map(|value| value.source) {
                    Some(Source::Page(page)) => Some(page.to_string()),
                    Some(Source::Typed | Source::Shared) | None => None,
                },
                confirmed: value.is_some_and(|value| value.confirmed),
                proven: is_proven_on_paper(bundle, case, &field.key),
                finding: findings::of_field(case, bundle, check, &field.key),
                group: group.map_or_else(
                    || Words::new("", ""),
                    |group| Words::new(format!("{}{number}", group.zh), format!("{}{number}", group.en)),
                ),
                hint: field.def.hint.as_ref().map(Into::into),
                unit: unit(&field.def.kind),
                mask: field.def.kind.mask().to_owned(),
                max_chars: field.def.kind.max_chars(),
                min: bounds(&field.def.kind).0,
                max: bounds(&field.def.kind).1,
                sensitive: field.def.sensitive,
            }
        })
        .collect()
}

fn options(kind: &FieldKind) -> Vec<OptionView> {
    match kind {
        FieldKind::Choice(choices) => choices
            .iter()
            .map(|choice| OptionView {
                value: choice.id.clone(),
                label: (&choice.name).into(),
            })
            .collect(),
        FieldKind::Bool => vec![
            OptionView {
                value: "yes".to_owned(),
                label: Words::new("是", "Yes"),
            },
            OptionView {
                value: "no".to_owned(),
                label: Words::new("否", "No"),
            },
        ],
        FieldKind::Text { .. }
        | FieldKind::Name
        | FieldKind::Identifier(_)
        | FieldKind::Date
        | FieldKind::DateTime
        | FieldKind::Integer { .. }
        | FieldKind::Money
        | FieldKind::Phone
        | FieldKind::Address => Vec::new(),
    }
}

fn unit(kind: &FieldKind) -> Option<Words> {
    match kind {
        FieldKind::Integer { unit, .. } => unit.as_ref().map(Into::into),
        FieldKind::Money => Some(Words::new("元", "yuan")),
        FieldKind::Text { .. }
        | FieldKind::Name
        | FieldKind::Identifier(_)
        | FieldKind::Date
        | FieldKind::DateTime
        | FieldKind::Choice(_)
        | FieldKind::Phone
        | FieldKind::Address
        | FieldKind::Bool => None,
    }
}

fn bounds(kind: &FieldKind) -> (Option<i32>, Option<i32>) {
    match kind {
        FieldKind::Integer { min, max, .. } => (i32::try_from(*min).ok(), i32::try_from(*max).ok()),
        FieldKind::Text { .. }
        | FieldKind::Name
        | FieldKind::Identifier(_)
        | FieldKind::Date
        | FieldKind::DateTime
        | FieldKind::Money
        | FieldKind::Choice(_)
        | FieldKind::Phone
        | FieldKind::Address
        | FieldKind::Bool => (None, None),
    }
}
