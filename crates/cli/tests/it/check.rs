//! `onewindow check`. All numbers are synthetic.

use super::{lines, onewindow};

/// Checks each number on a fixed business date and compares the codes, in order.
fn check(kind: &str, input: &str, expected_codes: &[&str]) {
    let home = tempfile::tempdir().expect("a folder");
    let output = onewindow(home.path(), &["check", "--kind", kind, "--today", "2026-11-21"], input);
    assert!(output.status.success(), "wrong numbers are answers, not faults");
    let answers = lines(&output);
    let codes: Vec<&str> = answers.iter().map(|answer| answer["code"].as_str().expect("a code")).collect();
    assert_eq!(codes, expected_codes, "one answer a number, in order");
    for answer in &answers {
        assert_eq!(answer["ok"], answer["code"] == "ok", "ok says the same as the code");
        assert!(answer["fields"].is_object() && answer["value"].is_string());
        assert!(answer["message"]["zh"].is_string() && answer["message"]["en"].is_string(), "in both languages");
    }
}

#[test]
fn resident_numbers_are_answered_line_by_line() {
    check(
        "resident-id",
        "330302198603149990\n330302198603149991\n33030219900230999X\n339999198603149990\n\n33O302198603149990\n",
        &["ok", "check-character", "date-impossible", "county-unknown", "empty", "character"],
    );
}

#[test]
fn a_credit_code_is_checked() {
    check("uscc", "91330402MAYYYY016L\n91330402MAYYYY016M", &["ok", "check-character"]);
}

#[test]
fn zones_are_parted_by_blank_lines() {
    let whole = "POCHNCESHI<<JIA<<<<<<<<<<<<<<<<<<<<<<<<<<<<<\nE000000019CHN8603142M2810191<<<<<<<<<<<<<<<2";
    let wrong = "E000000019CHN8603152M2810191<<<<<<<<<<<<<<<2";
    let half = "7904129M3306301CHN<<<<<<<<<<<7";
    check("mrz", &format!("{whole}\n\n\n{wrong}\n\n{half}"), &["ok", "check-character", "lines-missing"]);
}

#[test]
fn a_number_says_what_it_means() {
    let home = tempfile::tempdir().expect("a folder");
    let output = onewindow(
        home.path(),
        &["check", "--kind", "resident-id", "--today", "2026-11-21"],
        "330302198603149990\n",
    );
    let fields = &lines(&output)[0]["fields"];
    assert_eq!(fields["birth_date"], "1986-03-14");
    assert_eq!(fields["region_code"], "330302");
}

#[test]
fn an_unknown_kind_is_wrong_usage() {
    let home = tempfile::tempdir().expect("a folder");
    let output = onewindow(home.path(), &["check", "--kind", "shoe-size"], "");
    assert_eq!(output.status.code(), Some(2));
}
