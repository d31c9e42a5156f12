//! Texts of templates filled with data: `{applicant.name}`, `{dates.issued|date}`, `{row.note|or:—}`.
//!
//! A field that is empty stops the document unless the template gives a substitute with `or:`. A notice with a hole
//! in it is worse than none.

use serde_json::Value;
use time::{Date, Month, PrimitiveDateTime, macros::format_description};

use onewindow_case::amount::capital_words;

use crate::{Language, fault::PrintFault, template::Words, typeset::Span};

/// A literal text or a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Text as it stands.
    Literal(String),
    /// The value of a field.
    Field {
        /// Dotted path; `row.` for the current row of a table, `page.number` and `page.count` on fixed items.
        path: String,
        form: Form,
        /// What to print when the field is empty.
        substitute: Option<String>,
    },
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// As it is.
    Plain,
    /// A day: `2026年11月22日` or `22 November 2026`.
    Day,
    /// A minute: the day with hours and minutes.
    Minute,
    /// Working days: `5 个工作日`, or on the spot for 0.
    WorkingDays,
    /// The number of entries of a list.
    Count,
    /// An amount in yuan with two decimals: `1,234.50`.
    Yuan,
    /// An amount in Chinese capital figures; in English documents, too, because it is the binding form.
    Capital,
}

/// Where names are looked up.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) data: &'a Value,
    /// The current row and its index, counted from 0.
    pub(crate) row: Option<(&'a Value, usize)>,
    /// Number of this sheet and of all sheets.
    pub(crate) page: Option<(usize, usize)>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(data: &'a Value) -> Self {
        Self { data, row: None, page: None }
    }

    /// The value of a field, if the path exists.
    pub(crate) fn find(&self, path: &str) -> Option<Value> {
        match (path, self.row, self.page) {
            ("row.index", Some((_, index)), _) => return Some(Value::from(index + 1)),
            ("page.number", _, Some((number, _))) => return Some(Value::from(number)),
            ("page.count", _, Some((_, count))) => return Some(Value::from(count)),
            _ => {}
        }
        let (root, rest) = match (path.strip_prefix("row."), self.row) {
            (Some(rest), Some((row, _))) => (row, rest),
            (Some(_), None) => return None,
            (None, _) => (self.data, path),
        };
        rest.split('.').try_fold(root, |value, key| value.get(key)).cloned()
    }

    /// Whether a field holds something.
    pub(crate) fn is_given(&self, path: &str) -> bool {
        match self.find(path) {
            None | Some(Value::Null) => false,
            Some(Value::String(text)) => !text.is_empty(),
            Some(Value::Array(entries)) => !entries.is_empty(),
            Some(Value::Number(number)) => number.as_u64() != Some(0),
            Some(Value::Bool(flag)) => flag,
            Some(Value::Object(_)) => true,
        }
    }

    /// The text in a language, field by field.
    pub(crate) fn fill(&self, words: &Words, language: Language) -> Result<Vec<Span>, PrintFault> {
        let pieces = match language {
            Language::Zh => &words.zh,
            Language::En => &words.en,
        };
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => Ok(Span {
                    field: "template".to_owned(),
                    text: text.clone(),
                }),
                Piece::Field { path, form, substitute } => self.fill_field(path, *form, substitute.as_deref(), language),
            })
            .collect()
    }

    fn fill_field(&self, path: &str, form: Form, substitute: Option<&str>, language: Language) -> Result<Span, PrintFault> {
        let field = match (path.strip_prefix("row."), self.row) {
            (Some(rest), Some((_, index))) => format!("row {}: {rest}", index + 1),
            _ => path.to_owned(),
        };
        let written = self.find(path).and_then(|value| write(&value, form, language)).filter(|text| !text.is_empty());
        match (written, substitute) {
            (Some(text), _) => Ok(Span { field, text }),
            (None, Some(substitute)) => Ok(Span {
                field,
                text: substitute.to_owned(),
            }),
            (None, None) => Err(PrintFault::MissingField { field }),
        }
    }
}

/// Cuts a template text into pieces.
pub(crate) fn parse_pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        if open > 0 {
            pieces.push(Piece::Literal(rest[..open].to_owned()));
        }
        let inner = &rest[open + 1..];
        let close = inner.find('}').ok_or_else(|| format!("a brace is not closed in {text:?}"))?;
        pieces.push(parse_field(&inner[..close])?);
        rest = &inner[close + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest.to_owned()));
    }
    Ok(pieces)
}

fn parse_field(text: &str) -> Result<Piece, String> {
    let mut parts = text.split('|');
    let path = parts.next().unwrap_or_default().trim().to_owned();
    let (mut form, mut substitute) = (Form::Plain, None);
    for filter in parts {
        if let Some(text) = filter.strip_prefix("or:") {
            substitute = Some(text.to_owned());
            continue;
        }
        form = match filter {
            "date" => Form::Day,
            "minute" => Form::Minute,
            "days" => Form::WorkingDays,
            "count" => Form::Count,
            "yuan" => Form::Yuan,
            "capital" => Form::Capital,
            _ => return Err(format!("unknown form {filter:?}")),
        };
    }
    Ok(Piece::Field { path, form, substitute })
}

fn write(value: &Value, form: Form, language: Language) -> Option<String> {
    match form {
        Form::Plain => match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
        },
        Form::Day => {
            let text = value.as_str()?;
            // A minute may be written as a day: its first ten characters are the day.
            let day = Date::parse(text.get(..10)?, format_description!("[year]-[month]-[day]")).ok()?;
            Some(write_day(day, language))
        }
        Form::Minute => {
            let form = format_description!("[year]-[month]-[day]T[hour]:[minute]");
            let minute = PrimitiveDateTime::parse(value.as_str()?, form).ok()?;
            let day = write_day(minute.date(), language);
            let separator = if language == Language::Zh { " " } else { ", " };
            Some(format!("{day}{separator}{:02}:{:02}", minute.hour(), minute.minute()))
        }
        Form::WorkingDays => Some(match (value.as_u64()?, language) {
            (0, Language::Zh) => "当场".to_owned(),
            (0, Language::En) => "on the spot".to_owned(),
            (1, Language::En) => "1 working day".to_owned(),
            (days, Language::Zh) => format!("{days}个工作日"),
            (days, Language::En) => format!("{days} working days"),
        }),
        Form::Count => Some(value.as_array()?.len().to_string()),
        Form::Yuan => write_yuan(value.as_str()?),
        Form::Capital => capital_words(value.as_str()?),
    }
}

/// An amount with groups of three digits; `None` when the text is no amount.
fn write_yuan(amount: &str) -> Option<String> {
    let (yuan, decimals) = amount.split_once('.').unwrap_or((amount, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if yuan.is_empty() || decimals.len() > 2 || !all_digits(yuan) || !all_digits(decimals) {
        return None;
    }
    let mut grouped = String::new();
    for (index, digit) in yuan.chars().enumerate() {
        if index > 0 && (yuan.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    Some(format!("{grouped}.{decimals:0<2}"))
}

/// Makes the title known to the texts of a template.
pub(crate) fn set_title(data: &mut Value, title: &str) {
    if let Value::Object(fields) = data {
        fields.insert("title".to_owned(), Value::from(title));
    }
}

/// A day as official documents write it, without leading zeros.
fn write_day(day: Date, language: Language) -> String {
    let (year, month, day) = (day.year(), day.month(), day.day());
    match language {
        Language::Zh => format!("{year}年{}月{day}日", u8::from(month)),
        Language::En => format!("{day} {} {year}", name_month(month)),
    }
}

fn name_month(month: Month) -> &'static str {
    match month {
        Month::January => "January",
        Month::February => "February",
        Month::March => "March",
        Month::April => "April",
        Month::May => "May",
        Month::June => "June",
        Month::July => "July",
        Month::August => "August",
        Month::September => "September",
        Month::October => "October",
        Month::November => "November",
        Month::December => "December",
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use serde_json::json;

    use super::*;

    fn fill(text: &str, language: Language) -> Result<String, PrintFault> {
        let data = json!({"name": "滕予安", "on": "2026-11-02", "at": "2026-11-02T09:05", "days": 1, "now": 0,
            "none": null, "money": "1234567.5", "list": [1, 2]});
        let pieces = parse_pieces(text).unwrap();
        let words = Words {
            zh: pieces.clone(),
            en: pieces,
        };
        Ok(Scope::new(&data).fill(&words, language)?.into_iter().map(|span| span.text).collect())
    }

    #[test]
    fn values_are_written_in_the_form_asked_for() {
        let check = |text: &str, zh: &str, en: &str| {
            assert_eq!(fill(text, Language::Zh).unwrap(), zh);
            assert_eq!(fill(text, Language::En).unwrap(), en);
        };
        check("致{name}：", "致滕予安：", "致滕予安：");
        check("{on|date}", "2026年11月2日", "2 November 2026");
        check("{at|minute}", "2026年11月2日 09:05", "2 November 2026, 09:05");
        check("{at|date}", "2026年11月2日", "2 November 2026");
        check("{days|days}", "1个工作日", "1 working day");
        check("{now|days}", "当场", "on the spot");
        check("{list|count}", "2", "2");
        check("{money|yuan}", "1,234,567.50", "1,234,567.50");
        check(
            "{money|capital}",
            "人民币壹佰贰拾叁万肆仟伍佰陆拾柒元伍角整",
            "人民币壹佰贰拾叁万肆仟伍佰陆拾柒元伍角整",
        );
        check("{none|or:无}", "无", "无");
    }

    #[test]
    fn an_empty_field_stops_the_document() {
        let fault = fill("{none}", Language::Zh).unwrap_err();
        assert_eq!(fault, PrintFault::MissingField { field: "none".into() });
    }

    #[test]
    fn broken_template_texts_are_refused() {
        assert!(parse_pieces("a {b").is_err());
        assert!(parse_pieces("{b|roman}").is_err());
    }
}
