//! The integrated form of a bundle as JSON Schema with hints for whoever draws it: labels in both languages, groups, masks, units,
//! conditions. The window's form engine gets the same facts for one case from the desk; this is the whole form, for other programs.
//!
//! Keys that begin with `x-` are hints; a validator passes them over. Absent on purpose: check digits and rules between fields,
//! which no schema can say.

use serde_json::{Map, Value, json};

use crate::bundle::{Bundle, FieldDef, FieldGroup, FieldKind, FieldOrigin};

/// The schema of the whole form: one object with a property for each field, repeated groups as lists of objects.
pub fn of_bundle(bundle: &Bundle) -> Value {
    let mut properties = Map::new();
    let mut required: Vec<&str> = Vec::new();
    for group in &bundle.groups {
        let fields: Vec<&FieldDef> = bundle.fields.iter().filter(|field| field.group == group.id).collect();
        if group.repeat.is_some() {
            properties.insert(group.id.clone(), repeated(group, &fields));
            continue;
        }
        for field in fields {
            properties.insert(field.key.to_string(), property(field));
            if field.required && field.when.is_none() {
                required.push(field.key.as_str());
            }
        }
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": bundle.name.en,
        "x-title-zh": bundle.name.zh,
        "type": "object",
        "additionalProperties": false,
        "x-groups": bundle.groups.iter().map(|group| json!({
            "id": group.id, "title": group.name.en, "x-title-zh": group.name.zh,
            "x-repeat": group.repeat.as_ref().map(|repeat| repeat.source()),
        })).collect::<Vec<_>>(),
        "properties": properties,
        "required": required,
    })
}

fn repeated(group: &FieldGroup, fields: &[&FieldDef]) -> Value {
    let properties: Map<String, Value> = fields.iter().map(|field| (field.key.to_string(), property(field))).collect();
    let required: Vec<&str> = fields
        .iter()
        .filter(|field| field.required && field.when.is_none())
        .map(|field| field.key.as_str())
        .collect();
    json!({
        "type": "array",
        "title": group.name.en,
        "x-title-zh": group.name.zh,
        "minItems": 1,
        "maxItems": FieldGroup::REPEAT_MAX,
        "items": { "type": "object", "additionalProperties": false, "properties": properties, "required": required },
    })
}

fn property(field: &FieldDef) -> Value {
    let mut schema = typed(&field.kind);
    let hint = |schema: &mut Map<String, Value>, key: &str, value: Option<Value>| {
        if let Some(value) = value {
            schema.insert(key.to_owned(), value);
        }
    };
    schema.insert("title".to_owned(), json!(field.name.en));
    schema.insert("x-title-zh".to_owned(), json!(field.name.zh));
    schema.insert("x-group".to_owned(), json!(field.group));
    schema.insert("x-kind".to_owned(), json!(field.kind.word()));
    let mask = field.kind.mask();
    hint(&mut schema, "x-mask", (!mask.is_empty()).then(|| json!(mask)));
    hint(&mut schema, "description", field.hint.as_ref().map(|words| json!(words.en)));
    hint(&mut schema, "x-description-zh", field.hint.as_ref().map(|words| json!(words.zh)));
    hint(&mut schema, "x-when", field.when.as_ref().map(|when| json!(when.source())));
    hint(&mut schema, "x-required-when", field.required_when.as_ref().map(|when| json!(when.source())));
    hint(&mut schema, "x-sensitive", field.sensitive.then_some(json!(true)));
    let origins: Vec<Value> = field.origins.iter().map(origin).collect();
    hint(&mut schema, "x-from", (!origins.is_empty()).then(|| json!(origins)));
    Value::Object(schema)
}

fn origin(origin: &FieldOrigin) -> Value {
    match origin {
        FieldOrigin::Paper { material, read } => json!({ "paper": material.as_str(), "read": read }),
        FieldOrigin::Applicant(part) => json!({ "applicant": part }),
    }
}

fn typed(kind: &FieldKind) -> Map<String, Value> {
    let schema = match kind {
        FieldKind::Text { .. } | FieldKind::Name | FieldKind::Address | FieldKind::Identifier(_) | FieldKind::Phone => {
            json!({ "type": "string", "maxLength": kind.max_chars() })
        }
        FieldKind::Date => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "format": "date" }),
        FieldKind::DateTime => json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?$" }),
        FieldKind::Integer { min, max, unit } => json!({
            "type": "integer", "minimum": min, "maximum": max,
            "x-unit": unit.as_ref().map(|unit| unit.en.clone()), "x-unit-zh": unit.as_ref().map(|unit| unit.zh.clone()),
        }),
        FieldKind::Money => json!({ "type": "string", "pattern": "^[0-9][0-9,]*(\\.[0-9]{1,2})?$", "x-unit": "yuan", "x-unit-zh": "元" }),
        FieldKind::Choice(options) => json!({
            "type": "string",
            "enum": options.iter().map(|option| option.id.clone()).collect::<Vec<_>>(),
            "x-options": options.iter().map(|option| json!({ "value": option.id, "title": option.name.en, "x-title-zh": option.name.zh })).collect::<Vec<_>>(),
        }),
        FieldKind::Bool => json!({ "type": "string", "enum": ["yes", "no"] }),
    };
    match schema {
        Value::Object(schema) => schema,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => Map::new(),
    }
}
