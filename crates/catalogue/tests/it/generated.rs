//! Files that are made from the code and the catalogue: written anew here, and a difference fails, as it does for the window's bindings.

use std::path::{Path, PathBuf};

use onewindow_catalogue::{form_schema, guide, schema};

use crate::catalogue;

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

/// Writes the file when it is not what it should be, and says so.
fn must_be(path: &str, text: &str) {
    let file = root(path);
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    if kept != text {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, text).unwrap();
        panic!("{path} was not what the code says; it is written anew, look at it and commit it");
    }
}

#[test]
fn the_list_of_services_in_the_guide_is_what_the_catalogue_says() {
    must_be("docs/guide/services.md", &guide::services(&catalogue()));
}

#[test]
fn the_schema_files_are_what_the_structures_say() {
    let mut different = Vec::new();
    for (name, text) in schema::files() {
        let path = format!("assets/catalogue/schema/{name}");
        if std::panic::catch_unwind(|| must_be(&path, &text)).is_err() {
            different.push(path);
        }
    }
    assert!(different.is_empty(), "{different:?} were written anew");
}

#[test]
fn a_schema_names_every_part_and_every_closed_word() {
    let files = schema::files();
    let (_, text) = files.iter().find(|(name, _)| *name == "bundle.schema.json").unwrap();
    let schema: serde_json::Value = serde_json::from_str(text).unwrap();
    let required: Vec<&str> = schema["required"].as_array().unwrap().iter().filter_map(|word| word.as_str()).collect();
    for part in ["id", "name", "figures", "matters", "guidance", "materials", "groups", "fields"] {
        assert!(required.contains(&part), "{part} is demanded: {required:?}");
    }
    assert_eq!(schema["additionalProperties"], false, "a misspelt part is told");
    for word in ["resident-id", "commitment", "second_person", "pickup", "individual_business"] {
        assert!(text.contains(&format!("\"{word}\"")), "{word} is one of the words");
    }
}

#[test]
fn a_form_is_a_schema_with_every_field_its_labels_and_its_mask() {
    let catalogue = catalogue();
    for bundle in catalogue.bundles() {
        let form = form_schema::of_bundle(bundle);
        for field in &bundle.fields {
            let repeated = bundle.groups.iter().any(|group| group.id == field.group && group.repeat.is_some());
            let holder = if repeated { &form["properties"][&field.group]["items"] } else { &form };
            let property = &holder["properties"][field.key.as_str()];
            assert_eq!(property["title"], field.name.en, "{} {}", bundle.id, field.key);
            assert_eq!(property["x-title-zh"], field.name.zh, "{} {}", bundle.id, field.key);
            assert!(property["type"].is_string(), "{} {}", bundle.id, field.key);
        }
    }
    let newborn = form_schema::of_bundle(crate::bundle(&catalogue, "newborn"));
    assert_eq!(newborn["properties"]["mother_id"]["x-mask"], "6-8-4");
    assert_eq!(newborn["properties"]["child"]["maxItems"], 20, "one child or several");
    assert_eq!(newborn["properties"]["bank_account"]["x-when"], "'maternity_benefit' in matters");
}
