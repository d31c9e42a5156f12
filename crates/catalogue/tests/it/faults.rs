//! Faulty files: each fault names file and line.

use onewindow_case::ids::MatterId;
use onewindow_catalogue::{Catalogue, CatalogueError, CatalogueFault, CatalogueSource, FaultSeverity};
use std::path::Path;

/// The shipped files as text, to be broken.
fn source() -> CatalogueSource {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/catalogue");
    let mut source = CatalogueSource::new();
    for name in ["departments.yaml", "data-sources.yaml", "materials.yaml", "refusals.yaml"] {
        source.insert(name.to_owned(), std::fs::read_to_string(root.join(name)).unwrap());
    }
    let head = std::fs::read_to_string(root.join("catalogue.yaml")).unwrap();
    let (before, _) = head.split_once("bundles:").unwrap();
    source.insert("catalogue.yaml".to_owned(), format!("{before}bundles: [newborn]\n"));
    source.insert(
        "bundles/newborn.yaml".to_owned(),
        std::fs::read_to_string(root.join("bundles/newborn.yaml")).unwrap(),
    );
    source
}

fn faults_of(source: &CatalogueSource) -> Vec<CatalogueFault> {
    match Catalogue::parse(source) {
        Ok(catalogue) => catalogue.warnings().to_vec(),
        Err(CatalogueError::Faulty(faults)) => faults,
        Err(error) => panic!("{error}"),
    }
}

/// Replaces the first `from` in a file by `to`; the fault must have the code and the line of the change.
fn check(file: &str, from: &str, to: &str, code: &str) {
    let mut source = source();
    let text = source.get_mut(file).unwrap();
    let place = text.find(from).unwrap_or_else(|| panic!("{file} has no {from}"));
    let offset = to.find('\u{1}').unwrap_or(0);
    let line = text[..place].matches('\n').count() + to[..offset].matches('\n').count() + 1;
    text.replace_range(place..place + from.len(), &to.replace('\u{1}', ""));
    let faults = faults_of(&source);
    let found = faults
        .iter()
        .find(|fault| fault.code == code)
        .unwrap_or_else(|| panic!("{code} not in {faults:#?}"));
    assert_eq!((found.file.as_str(), found.line), (file, line as u64), "{found}");
    assert!(!found.what.zh.is_empty() && !found.mend.zh.is_empty() && !found.mend.en.is_empty());
}

#[test]
fn each_fault_names_its_file_and_line() {
    const NEWBORN: &str = "bundles/newborn.yaml";
    check(NEWBORN, "department: YBJ", "department: YBB", "reference.unknown-department");
    check(NEWBORN, "material: birth_form", "material: birth_from", "reference.unknown-material");
    check(NEWBORN, "for: [vaccination]", "for: [vacination]", "reference.unknown-matter");
    check(NEWBORN, "source: DS_VAC", "source: DS_WAC", "reference.unknown-source");
    check(
        NEWBORN,
        "when: answers.born_here == 'yes'",
        "when: answers.born_her == 'yes'",
        "expression.unknown-question",
    );
    check(
        NEWBORN,
        "when: answers.born_here == 'yes'",
        "when: answers.born_here == 'maybe'",
        "expression.unknown-option",
    );
    check(NEWBORN, "when: answers.born_here == 'yes'", "when: answers.born_here == 3", "expression.type");
    check(NEWBORN, "when: answers.born_here == 'yes'", "when: answers.born_here ==", "expression.syntax");
    check(
        NEWBORN,
        "when: answers.born_here == 'yes'",
        "when: fields.mother_id == 'x'",
        "expression.fields-not-here",
    );
    check(
        NEWBORN,
        "holds: is_chinese_name(fields.child_name)",
        "holds: is_chinese_name(fields.child_nam)",
        "expression.unknown-field",
    );
    check(
        NEWBORN,
        "holds: is_chinese_name(fields.child_name)",
        "holds: fields.child_name.all(c, c == 'x')",
        "expression.loop",
    );
    check(
        NEWBORN,
        "holds: is_chinese_name(fields.child_name)",
        "holds: run(fields.child_name)",
        "expression.type",
    );
    check(
        NEWBORN,
        "required_when: \"'birth_certificate' in matters\"",
        "required_when: \"'birth_cert' in matters\"",
        "expression.unknown-matter",
    );
    check(NEWBORN, "promised: 30 min", "promised: soon", "value.not-a-limit");
    check(NEWBORN, "kind: confirmation", "kind: conformation", "value.unknown-word");
    check(
        NEWBORN,
        "{id: mother, zh: 随母亲, en: With the mother}",
        "{id: mother, zh: 随母亲}",
        "text.missing-language",
    );
}

#[test]
fn figures_that_do_not_add_up_are_told() {
    let mut source = source();
    let text = source.get_mut("bundles/newborn.yaml").unwrap();
    *text = text.replace("copies_before: 5", "copies_before: 6");
    let faults = faults_of(&source);
    assert!(
        faults
            .iter()
            .any(|fault| fault.code == "figures.do-not-agree" && fault.what.en.contains("30") && fault.line > 0),
        "{faults:#?}"
    );
}

#[test]
fn matters_that_wait_for_each_other_are_told() {
    let mut source = source();
    let text = source.get_mut("bundles/newborn.yaml").unwrap();
    *text = text.replacen(
        "promised: 30 min\n    mandate: true",
        "after: [household]\n    promised: 30 min\n    mandate: true",
        1,
    );
    let faults = faults_of(&source);
    assert!(faults.iter().any(|fault| fault.code == "matters.cycle" && fault.line > 0), "{faults:#?}");
}

#[test]
fn a_question_that_changes_nothing_is_a_warning() {
    let mut source = source();
    let text = source.get_mut("bundles/newborn.yaml").unwrap();
    *text = text.replace(
        "{id: child, name: {zh: 新生儿, en: Child}, repeat: int(answers.children)}",
        "{id: child, name: {zh: 新生儿, en: Child}}",
    );
    let faults = faults_of(&source);
    let found = faults.iter().find(|fault| fault.code == "question.changes-nothing").unwrap();
    assert!(found.severity == FaultSeverity::Warning && found.field == "guidance[children]" && found.line > 0);
}

#[test]
fn a_file_that_is_not_yaml_or_not_there_is_told() {
    let mut broken = source();
    broken.insert("departments.yaml".to_owned(), "departments:\n  PSB: {name: {zh: x\n".to_owned());
    assert!(
        faults_of(&broken)
            .iter()
            .any(|fault| fault.code == "file.syntax" && fault.file == "departments.yaml" && fault.line > 0)
    );
    let mut unknown = source();
    let text = unknown.get_mut("bundles/newborn.yaml").unwrap();
    *text = text.replacen("theme: birth", "theme: birth\ncolour: red", 1);
    assert!(
        faults_of(&unknown).iter().any(|fault| fault.code == "file.syntax" && fault.line > 0),
        "an unknown field is not passed over"
    );
    let mut missing = source();
    missing.remove("materials.yaml");
    assert!(
        faults_of(&missing)
            .iter()
            .any(|fault| fault.code == "file.missing" && fault.file == "materials.yaml")
    );
}

#[test]
fn a_folder_loads_like_the_built_in_copy() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/catalogue");
    assert!(Catalogue::check_folder(&folder).unwrap().is_empty());
    let loaded = Catalogue::load(&folder).unwrap();
    assert_eq!(loaded.version(), crate::catalogue().version());
    assert!(matches!(Catalogue::load(Path::new("no-such-folder")), Err(CatalogueError::Unreadable { .. })));
}

/// The fault with this code after `from` was replaced by `to` in the newborn bundle.
fn found_after(from: &str, to: &str, code: &str) -> CatalogueFault {
    let mut source = source();
    let text = source.get_mut("bundles/newborn.yaml").unwrap();
    assert!(text.contains(from), "the bundle has {from}");
    *text = text.replacen(from, to, 1);
    let faults = faults_of(&source);
    faults
        .iter()
        .find(|fault| fault.code == code)
        .unwrap_or_else(|| panic!("{code} not in {faults:#?}"))
        .clone()
}

#[test]
fn a_matter_without_a_deadline_is_told_at_its_own_line() {
    let fault = found_after("    promised: 30 min\n    mandate: true\n", "    mandate: true\n", "matter.deadline-missing");
    let source = source();
    let line = source["bundles/newborn.yaml"]
        .lines()
        .position(|line| line.contains("- id: birth_certificate"))
        .unwrap()
        + 1;
    assert_eq!(fault.line, line as u64);
    assert_eq!(fault.field, "matters[birth_certificate].promised");
    assert!(fault.mend.en.contains("5 wd"), "{fault}");
}

#[test]
fn a_code_that_no_official_list_has_is_told_at_its_own_line() {
    let plain = "  - id: birth_certificate\n";
    let coded = |code: &str| format!("{plain}    official_code: \"{code}\"\n");
    for wrong in ["newborn.birth_certificate", "00072300100", "0007230010000", "00072300100x", "000723 01000"] {
        let fault = found_after(plain, &coded(wrong), "matter.official-code");
        assert_eq!(fault.field, "matters[birth_certificate].official_code");
        assert!(fault.line > 1 && fault.what.en.contains(wrong), "{fault}");
    }
    let mut right = source();
    for (code, id) in [("000723001000", "birth_certificate"), ("1133030200YYYY159L4000723001000", "birth_certificate")] {
        let text = right.get_mut("bundles/newborn.yaml").unwrap();
        *text = source()["bundles/newborn.yaml"].replacen(plain, &coded(code), 1);
        let catalogue = Catalogue::parse(&right).unwrap();
        let matter = catalogue.bundles()[0].find_matter(&MatterId::new(id)).unwrap();
        assert_eq!(matter.official_code.as_deref(), Some(code));
    }
}

#[test]
fn a_question_that_no_answers_lead_to_is_told() {
    let asked = |when: &str| format!("    hint: {{zh: 每个宝宝填一份新生儿信息, en: The child's details are filled once for each}}\n    ask_when: {when}\n");
    let plain = "    hint: {zh: 每个宝宝填一份新生儿信息, en: The child's details are filled once for each}\n";
    for never in [
        "answers.married == 'yes' && answers.married == 'no'",
        "answers.insured == 'mother' && answers.insured == 'father' && answers.born_here == 'no'",
    ] {
        let fault = found_after(plain, &asked(never), "question.unreachable");
        assert_eq!(fault.field, "guidance[children].ask_when");
        assert!(fault.line > 0 && fault.severity == FaultSeverity::Error);
    }
    let mut source = source();
    let text = source.get_mut("bundles/newborn.yaml").unwrap();
    *text = text.replacen(plain, &asked("answers.married == 'no' && answers.insured == 'father'"), 1);
    assert!(
        !faults_of(&source).iter().any(|fault| fault.code == "question.unreachable"),
        "this one can be reached"
    );
}

#[test]
fn a_known_answer_must_be_an_answer() {
    let question = "    text: {zh: 父母是否已登记结婚？, en: Are the parents married?}\n";
    let known = |expression: &str| format!("{question}    known: {expression}\n");
    let fault = found_after(
        question,
        &known("\"applicant.kind == 'person' ? 'yes' : 'perhaps'\""),
        "expression.unknown-option",
    );
    assert_eq!(fault.field, "guidance[married].known");
    found_after(question, &known("applicant.kind == 'person'"), "expression.type");
    found_after(question, &known("fields.no_such"), "expression.unknown-field");
}
