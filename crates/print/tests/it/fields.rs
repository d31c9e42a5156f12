//! Every field that a template names comes back from the print, read by an independent program, where it belongs: with its
//! label, its sentence or the rest of its row.
//!
//! Templates are read here as plain YAML and filled by rules written a second time, not by the code under test. Each kind is
//! printed with several samples, among them a copy; a field that none of them fills fails the test, too.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use onewindow_print::{DocumentData, DocumentKind, Language};
use serde_json::Value;

use crate::{
    sample::data_for,
    sample_more::more_for,
    tools::{LANGUAGES, draw, keep, probe, without_space},
};

/// Amounts of the samples as they are written in capitals, by hand.
const CAPITALS: [(&str, &str); 2] = [("16880.00", "人民币壹万陆仟捌佰捌拾元整"), ("30861.33", "人民币叁万零捌佰陆拾壹元叁角叁分")];
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

/// What a template is filled with, and what it should leave on paper.
struct Reading<'a> {
    data: &'a Value,
    language: Language,
    pages: usize,
    /// Pieces of the frame that templates name, and the frame's file.
    parts: Value,
    frame: String,
    /// Place in a template and the words that stand there, without spaces.
    wanted: Vec<(String, String)>,
    fields: &'a mut Fields,
}

/// All fields, by file, place and name, and those that a sample has filled.
#[derive(Default)]
struct Fields {
    all: BTreeSet<String>,
    filled: BTreeSet<String>,
}

/// The row of a table and its number, counted from 1.
type Row<'r> = Option<(&'r Value, usize)>;

impl<'a> Reading<'a> {
    fn new(data: &'a Value, language: Language, pages: usize, fields: &'a mut Fields) -> Self {
        Self {
            data,
            language,
            pages,
            parts: Value::Null,
            frame: String::new(),
            wanted: Vec::new(),
            fields,
        }
    }

    /// A template or frame: its items, and the blocks that follow each other.
    fn read(&mut self, file: &str, template: &Value) {
        for (key, node) in template.as_object().unwrap() {
            let place = format!("{file}: {key}");
            match key.as_str() {
                "first" | "every" => self.items(&place, node, true),
                "next" => self.items(&place, node, self.pages > 1),
                "copy" => node
                    .as_object()
                    .unwrap()
                    .iter()
                    .for_each(|(on, node)| self.items(&format!("{place}.{on}"), node, true)),
                "flow" => self.blocks(&place, node, true),
                "title" => {
                    let title = self.fill(&place, node, None, true);
                    assert!(title.is_some(), "{place}");
                }
                "frame" | "paper" | "margin_mm" | "font" | "text_pt" | "table_pt" | "parts" => {}
                other => panic!("{file} has a new part {other}: say here what it prints"),
            }
        }
    }

    fn blocks(&mut self, place: &str, blocks: &Value, shown: bool) {
        for (number, block) in blocks.as_array().unwrap().iter().enumerate() {
            let (kind, node) = block.as_object().unwrap().iter().next().unwrap();
            let place = format!("{place}[{number}].{kind}");
            let shown = shown && self.is_shown(node, None);
            match kind.as_str() {
                "paragraph" => {
                    let text = self.fill(&place, &node["text"], None, shown);
                    self.want(&place, text);
                }
                "fields" => self.rows(&place, &node["rows"], shown),
                "table" => self.table(&place, node, shown),
                "group" => self.items(&place, &node["items"], shown),
                "part" => {
                    let name = node.as_str().unwrap();
                    let (part, place) = (self.parts[name].clone(), format!("{}: {name}", self.frame));
                    self.blocks(&place, &part, shown);
                }
                "gap" => {}
                other => panic!("{place}: say here what {other} prints"),
            }
        }
    }

    /// Rows of labels with their values.
    fn rows(&mut self, place: &str, rows: &Value, shown: bool) {
        for (number, row) in rows.as_array().unwrap().iter().enumerate() {
            let mut line = String::new();
            for pair in row.as_array().unwrap() {
                let shown = shown && self.is_shown(pair, None);
                for part in ["label", "text"] {
                    line.extend(self.fill(&format!("{place}[{number}]"), &pair[part], None, shown));
                }
            }
            self.want(&format!("{place}[{number}]"), Some(line));
        }
    }

    /// Caption and head, then every row as a whole.
    fn table(&mut self, place: &str, table: &Value, shown: bool) {
        let columns = table["columns"].as_array().unwrap();
        let rows = find(self.data, table["rows"].as_str().unwrap())
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let shown = shown && !rows.is_empty();
        let mut head: String = table
            .get("caption")
            .and_then(|caption| self.fill(place, caption, None, shown))
            .unwrap_or_default();
        head.extend(columns.iter().filter_map(|column| self.fill(place, &column["head"], None, shown)));
        self.want(place, Some(head));
        let nothing = Value::Null;
        let rows = if rows.is_empty() { std::slice::from_ref(&nothing) } else { &rows };
        for (number, row) in rows.iter().enumerate() {
            let row: Row<'_> = Some((row, number + 1));
            let mut line = String::new();
            for column in columns {
                line.extend(self.fill(place, &column["text"], row, shown));
                if let Some(more) = column.get("more") {
                    let shown = shown && self.is_given(more["when"].as_str().unwrap(), row);
                    line.extend(self.fill(place, &more["text"], row, shown));
                }
            }
            self.want(&format!("{place}.{}", number + 1), Some(line));
        }
    }

    /// Items at fixed places. A text of nothing but fields is looked for behind the text before it, which is its label.
    fn items(&mut self, place: &str, items: &Value, shown: bool) {
        let mut label = String::new();
        for (number, item) in items.as_array().unwrap().iter().enumerate() {
            let Some(text) = item.get("text") else { continue };
            let place = format!("{place}[{number}]");
            let shown = shown && self.is_shown(text, None);
            let Some(written) = self.fill(&place, &text["text"], None, shown) else {
                continue;
            };
            let words = self.words(&text["text"]);
            let own = words.starts_with('{') && words.find('}') == Some(words.len() - 1);
            self.want(&place, Some(if own { format!("{label}{written}") } else { written.clone() }));
            label = written;
        }
    }

    fn want(&mut self, place: &str, text: Option<String>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.wanted.push((place.to_owned(), text));
        }
    }

    fn words<'w>(&self, node: &'w Value) -> &'w str {
        let tongue = if self.language == Language::Zh { "zh" } else { "en" };
        node.as_str().or_else(|| node[tongue].as_str()).unwrap()
    }

    /// The text of a node, filled; `None` when it is not shown.
    fn fill(&mut self, place: &str, node: &Value, row: Row<'_>, shown: bool) -> Option<String> {
        let mut text = String::new();
        for (number, piece) in self.words(node).split('{').enumerate() {
            let Some((field, after)) = piece.split_once('}').filter(|_| number > 0) else {
                text.push_str(piece);
                continue;
            };
            let mut forms = field.split('|');
            let path = forms.next().unwrap();
            let name = format!("{} {place} {path}", self.language.tag());
            self.fields.all.insert(name.clone());
            let (mut form, mut substitute) = ("", None);
            for word in forms {
                match word.strip_prefix("or:") {
                    Some(words) => substitute = Some(words),
                    None => form = word,
                }
            }
            let written = self
                .value(path, row)
                .and_then(|value| self.write(&value, form))
                .filter(|written| !written.is_empty());
            match (written, substitute) {
                (Some(written), _) => {
                    if shown {
                        self.fields.filled.insert(name);
                    }
                    text.push_str(&written);
                }
                (None, Some(words)) => text.push_str(words),
                (None, None) => assert!(!shown, "{place}: {path} is empty, and nothing stands in for it"),
            }
            text.push_str(after);
        }
        shown.then(|| without_space(&text))
    }

    fn value(&self, path: &str, row: Row<'_>) -> Option<Value> {
        match (path, row) {
            ("page.number", _) => Some(1.into()),
            ("page.count", _) => Some(self.pages.into()),
            ("row.index", Some((_, number))) => Some(number.into()),
            _ => match path.strip_prefix("row.") {
                Some(rest) => find(row?.0, rest).cloned(),
                None => find(self.data, path).cloned(),
            },
        }
    }

    fn write(&self, value: &Value, form: &str) -> Option<String> {
        let zh = self.language == Language::Zh;
        Some(match (value, form) {
            (Value::String(text), "") => text.clone(),
            (Value::Number(number), "") => number.to_string(),
            (Value::String(day), "date") => self.day(day),
            (Value::String(minute), "minute") => format!("{}{}{}", self.day(minute), if zh { "" } else { "," }, &minute[11..16]),
            (Value::Number(days), "days") => match (days.as_u64()?, zh) {
                (0, true) => "当场".to_owned(),
                (0, false) => "on the spot".to_owned(),
                (1, false) => "1 working day".to_owned(),
                (days, true) => format!("{days}个工作日"),
                (days, false) => format!("{days} working days"),
            },
            (Value::Array(list), "count") => list.len().to_string(),
            (Value::String(amount), "yuan") => {
                let (yuan, fen) = amount.split_once('.').unwrap();
                let (thousands, rest) = yuan.split_at(yuan.len().saturating_sub(3));
                format!("{thousands}{}{rest}.{fen}", if thousands.is_empty() { "" } else { "," })
            }
            (Value::String(amount), "capital") => CAPITALS.iter().find(|(known, _)| known == amount).unwrap().1.to_owned(),
            (Value::Null, _) => return None,
            other => panic!("say here how {other:?} is written"),
        })
    }

    fn day(&self, day: &str) -> String {
        let part = |from: usize, to: usize| day[from..to].parse::<usize>().unwrap();
        let (year, month, day) = (part(0, 4), part(5, 7), part(8, 10));
        match self.language {
            Language::Zh => format!("{year}年{month}月{day}日"),
            Language::En => format!("{day} {} {year}", MONTHS[month - 1]),
        }
    }

    fn is_shown(&self, node: &Value, row: Row<'_>) -> bool {
        let Some(condition) = node.get("show") else { return true };
        let says = |key: &str| condition.get(key).and_then(Value::as_str);
        says("when").is_none_or(|path| self.is_given(path, row))
            && !says("unless").is_some_and(|path| self.is_given(path, row))
            && says("only").is_none_or(|mode| mode == "demonstration")
    }

    fn is_given(&self, path: &str, row: Row<'_>) -> bool {
        match self.value(path, row) {
            None | Some(Value::Null | Value::Bool(false)) => false,
            Some(value) => value.as_str() != Some("") && value.as_array().is_none_or(|list| !list.is_empty()) && value.as_u64() != Some(0),
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

/// What should stand on a document, as places and words.
fn wanted(kind: DocumentKind, given: &DocumentData, language: Language, pages: usize, fields: &mut Fields) -> Vec<(String, String)> {
    let template = read_yaml(kind.name());
    let mut data = serde_json::to_value(given).unwrap();
    let title = Reading::new(&data, language, pages, fields).fill(kind.name(), &template["title"], None, true);
    data["title"] = title.unwrap().into();
    let mut reading = Reading::new(&data, language, pages, fields);
    if let Some(name) = template.get("frame").and_then(Value::as_str) {
        reading.frame = format!("frames/{name}");
        let mut frame = read_yaml(&reading.frame);
        reading.parts = frame.get("parts").cloned().unwrap_or_default();
        // What the frame has at a place stands there unless the template has something of its own.
        frame.as_object_mut().unwrap().retain(|place, _| template.get(place).is_none());
        reading.read(&reading.frame.clone(), &frame);
    }
    reading.read(kind.name(), &template);
    reading.wanted
}

#[test]
fn every_field_of_every_document_is_read_back_from_its_print() {
    let mut fields = Fields::default();
    for kind in DocumentKind::ALL {
        for language in LANGUAGES {
            let samples = std::iter::once(data_for(kind, language)).chain(more_for(kind, language));
            for (number, given) in samples.enumerate() {
                let document = draw(kind, &given, language);
                let (_folder, file) = keep(&document, "fields");
                // In the order in which it is drawn, so that a cell of several lines stays together.
                let Some(output) = probe("pdftotext", &["-raw", file.to_str().unwrap(), "-"]) else {
                    return;
                };
                let text = without_space(&String::from_utf8(output.stdout).unwrap());
                let name = format!("{} {} sample {number}", kind.name(), language.tag());
                let wanted = wanted(kind, &given, language, document.pages, &mut fields);
                assert!(wanted.len() >= 4, "{name} says something: {wanted:?}");
                let missing: Vec<_> = wanted.iter().filter(|(_, words)| !text.contains(words)).collect();
                assert!(missing.is_empty(), "{name}: {missing:#?} are missing from {text}");
            }
        }
    }
    let unfilled: Vec<&String> = fields.all.difference(&fields.filled).collect();
    assert!(unfilled.is_empty(), "no sample fills {unfilled:#?}");
}

#[test]
fn a_value_at_the_wrong_label_is_noticed() {
    let kind = DocumentKind::AcceptanceNotice;
    let language = Language::En;
    let given = data_for(kind, language);
    let pages = draw(kind, &given, language).pages;
    let right: BTreeMap<String, String> = wanted(kind, &given, language, pages, &mut Fields::default()).into_iter().collect();
    let mut other = given.clone();
    // Both numbers stand in the row already, the other way round.
    (other.materials[0].copies, other.materials[0].pages) = (given.materials[0].pages, given.materials[0].copies);
    let wrong: BTreeMap<String, String> = wanted(kind, &other, language, pages, &mut Fields::default()).into_iter().collect();
    let changed: Vec<&String> = right.iter().filter(|(place, words)| wrong[*place] != **words).map(|(place, _)| place).collect();
    assert_eq!(changed.len(), 1, "only that row: {changed:?}");
}
