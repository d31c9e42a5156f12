//! Every field that a template names comes back from the print, read by an independent program.
//!
//! Templates are read here as plain YAML, not by the code under test. Amounts, counts, minutes and spans of days are left to
//! the unit tests of their forms; here are texts, numbers and days.

use std::{fs, path::Path};

use onewindow_print::{DocumentKind, Language};
use serde_json::Value;

use crate::{
    sample::data_for,
    tools::{LANGUAGES, draw, keep, probe, without_space},
};

/// What a template is filled with, and what it should leave on paper.
struct Reading<'a> {
    data: &'a Value,
    language: Language,
    /// Pieces of the frame that templates name.
    parts: Value,
    /// Path and written value.
    fields: Vec<(String, String)>,
}

impl Reading<'_> {
    /// Collects the fields of everything below a node that is printed; `row` is the current row of a table.
    fn walk(&mut self, node: &Value, row: Option<&Value>) {
        match node {
            Value::String(text) => self.collect(text, row),
            Value::Array(nodes) => nodes.iter().for_each(|node| self.walk(node, row)),
            Value::Object(keys) => {
                if let (Some(zh), Some(en)) = (keys.get("zh"), keys.get("en")) {
                    return self.walk(if self.language == Language::Zh { zh } else { en }, row);
                }
                if keys.get("show").is_some_and(|show| !self.is_shown(show, row)) || !self.is_shown(node, row) {
                    return;
                }
                if let Some(part) = keys.get("part").and_then(Value::as_str) {
                    let part = self.parts.get(part).cloned().unwrap_or_default();
                    self.walk(&part, row);
                }
                for (key, below) in keys {
                    // Codes are read by other tests; further sheets repeat what stands on the first.
                    if ["qr", "barcode", "next", "show", "when", "columns", "rows"].contains(&key.as_str()) {
                        continue;
                    }
                    self.walk(below, row);
                }
                match (keys.get("rows"), keys.get("columns")) {
                    (Some(Value::String(path)), Some(columns)) => {
                        let rows = find(self.data, path).and_then(Value::as_array).cloned().unwrap_or_default();
                        rows.iter().for_each(|row| self.walk(columns, Some(row)));
                    }
                    (Some(rows), _) => self.walk(rows, row),
                    (None, _) => {}
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn is_shown(&self, condition: &Value, row: Option<&Value>) -> bool {
        let is_given = |path: &str| {
            !matches!(self.value(path, row), None | Some(Value::Null | Value::Bool(false)))
                && self
                    .value(path, row)
                    .is_none_or(|value| value.as_str() != Some("") && value.as_array().is_none_or(|list| !list.is_empty()) && value.as_u64() != Some(0))
        };
        let says = |key: &str| condition.get(key).and_then(Value::as_str);
        says("when").is_none_or(is_given) && !says("unless").is_some_and(is_given) && says("only").is_none_or(|mode| mode == "demonstration")
    }

    fn value<'v>(&'v self, path: &str, row: Option<&'v Value>) -> Option<&'v Value> {
        match path.strip_prefix("row.") {
            Some(rest) => find(row?, rest),
            None => find(self.data, path),
        }
    }

    fn collect(&mut self, text: &str, row: Option<&Value>) {
        for field in text.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
            let (path, form) = field.split_once('|').unwrap_or((field, ""));
            let Some(value) = self.value(path, row) else { continue };
            let written = match (value, form.split('|').next().unwrap_or_default()) {
                (Value::String(day), "date") => day.get(..10).map(|day| self.day(day)),
                (Value::String(text), form) if form.is_empty() || form.starts_with("or:") => Some(text.clone()),
                (Value::Number(number), form) if form.is_empty() || form.starts_with("or:") => Some(number.to_string()),
                _ => None,
            };
            if let Some(written) = written.filter(|written| !written.is_empty()) {
                self.fields.push((path.to_owned(), written));
            }
        }
    }

    fn day(&self, day: &str) -> String {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let part = |from: usize, to: usize| day[from..to].parse::<usize>().unwrap();
        let (year, month, day) = (part(0, 4), part(5, 7), part(8, 10));
        match self.language {
            Language::Zh => format!("{year}年{month}月{day}日"),
            Language::En => format!("{day} {} {year}", MONTHS[month - 1]),
        }
    }
}

fn find<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, key| value.get(key))
}

fn read_yaml(name: &str) -> Value {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../assets/templates")
        .join(format!("{name}.yaml"));
    serde_saphyr::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn every_field_of_every_document_is_read_back_from_its_print() {
    for kind in DocumentKind::ALL {
        for language in LANGUAGES {
            let given = data_for(kind, language);
            let document = draw(kind, &given, language);
            let (_folder, file) = keep(&document, "fields");
            // In the order in which it is drawn, so that a cell of several lines stays together.
            let Some(output) = probe("pdftotext", &["-raw", file.to_str().unwrap(), "-"]) else {
                return;
            };
            let text = without_space(&String::from_utf8(output.stdout).unwrap());
            let data = serde_json::to_value(&given).unwrap();
            let mut reading = Reading {
                data: &data,
                language,
                parts: Value::Null,
                fields: Vec::new(),
            };
            let template = read_yaml(kind.name());
            if let Some(frame) = template.get("frame").and_then(Value::as_str) {
                let mut frame = read_yaml(&format!("frames/{frame}"));
                reading.parts = frame.as_object_mut().unwrap().remove("parts").unwrap_or_default();
                // What the frame has at a place stands there unless the template has something of its own.
                frame.as_object_mut().unwrap().retain(|place, _| template.get(place).is_none());
                reading.walk(&frame, None);
            }
            reading.walk(&template, None);
            assert!(reading.fields.len() >= 4, "{} names fields: {:?}", kind.name(), reading.fields);
            for (path, written) in &reading.fields {
                assert!(
                    text.contains(&without_space(written)),
                    "{} {}: {path} = {written} is missing from {text}",
                    kind.name(),
                    language.tag()
                );
            }
        }
    }
}
