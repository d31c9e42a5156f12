//! What needs a counter's data folder: doctor, cases, journal.

use super::{lines, onewindow};

const SET_UP: &str = include_str!("../../../../assets/demo/counter.json");

/// A data folder with the demonstration's set-up, which reaches no centre.
fn counter() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("counter.json"), SET_UP).expect("written");
    folder
}

#[test]
fn doctor_tells_every_check_with_measure_limit_and_remedy() {
    let folder = counter();
    let data = folder.path().to_str().expect("a path");
    let output = onewindow(folder.path(), &["doctor", "--json", "--data", data], "");
    let answers = lines(&output);
    let checks = answers[0]["checks"].as_array().expect("checks");
    let named: Vec<&str> = checks.iter().filter_map(|check| check["check"].as_str()).collect();
    for name in [
        "disk",
        "journal",
        "key_store",
        "catalogue",
        "fonts",
        "models",
        "scanner",
        "printer",
        "centre",
        "clock",
        "roster",
    ] {
        assert!(named.contains(&name), "{name} is missing in {named:?}");
    }
    let failed = checks.iter().any(|check| check["verdict"] == "failed");
    assert_eq!(output.status.code(), Some(i32::from(failed)), "the exit code says whether a check failed");
    for check in checks {
        assert!(check["measured"].is_string() && check["limit"].is_string() && check["name"]["zh"].is_string());
        assert!(check["verdict"] != "failed" || check["remedy"]["en"].is_string(), "a failure says what to do");
    }
}

#[test]
fn a_folder_without_set_up_is_told_by_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = onewindow(folder.path(), &["doctor"], "");
    assert_eq!(output.status.code(), Some(1));
    let told: serde_json::Value = serde_json::from_slice(&output.stderr).expect("one JSON object");
    assert_eq!(told["code"], "config-missing");
}

#[test]
fn a_case_taken_in_is_listed_shown_and_stands_in_a_journal_that_holds() {
    let folder = counter();
    let data = folder.path().to_str().expect("a path");
    let file = folder.path().join("case.json");
    let applicant = r#"{"kind":"person","name":"苏念安","id_number":"330302198603149990","phone":"13800000000","agent":null}"#;
    std::fs::write(&file, format!(r#"{{"bundle":"newborn","applicant":{applicant}}}"#)).expect("written");
    let case = |words: &[&str]| {
        onewindow(
            folder.path(),
            &[&["case", "--data", data, "--staff", "0307", "--pin", "246810"], words].concat(),
            "",
        )
    };

    let submitted = case(&["submit", file.to_str().expect("a path")]);
    assert_eq!(
        submitted.status.code(),
        Some(1),
        "without papers it is not accepted: {}",
        String::from_utf8_lossy(&submitted.stderr)
    );
    let view = lines(&submitted).remove(0);
    assert!(
        view["findings"].as_array().is_some_and(|findings| !findings.is_empty()),
        "all deficiencies are told"
    );

    let listed = lines(&case(&["list"])).remove(0);
    assert_eq!(listed["rows"][0]["case_no"], view["case_no"]);
    let shown = lines(&case(&["show", view["case_no"].as_str().expect("a number")])).remove(0);
    assert_eq!(shown["applicant"]["name"], "苏念安");

    let verified = onewindow(folder.path(), &["journal", "verify", "--pages", "--data", data], "");
    assert!(verified.status.success());
    let proof = lines(&verified).remove(0);
    assert_eq!(proof["holds"], true);
    assert!(proof["entries"].as_u64().is_some_and(|entries| entries >= 3));
}

#[test]
fn a_wrong_pin_opens_no_case() {
    let folder = counter();
    let data = folder.path().to_str().expect("a path");
    let output = onewindow(folder.path(), &["case", "--data", data, "--staff", "0307", "--pin", "000000", "list"], "");
    assert_eq!(output.status.code(), Some(1));
    let told: serde_json::Value = serde_json::from_slice(&output.stderr).expect("one JSON object");
    assert_eq!(told["code"], "wrong-pin");
}
