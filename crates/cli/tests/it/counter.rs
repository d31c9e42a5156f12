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
        "import_worker",
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

#[test]
fn the_record_of_acts_is_written_signed_and_a_change_is_seen() {
    let folder = counter();
    let data = folder.path().to_str().expect("a path");
    let journal = |words: &[&str]| onewindow(folder.path(), &[&["journal", "--data", data], words].concat(), "");
    let written = journal(&["export", data, "--signed"]);
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let path = lines(&written)[0]["path"].as_str().expect("a path").to_owned();
    assert!(journal(&["check", &path]).status.success(), "what the device wrote holds");
    let changed = std::fs::read_to_string(&path).expect("readable").replacen("started", "stopped", 1);
    std::fs::write(&path, changed).expect("written");
    assert_eq!(journal(&["check", &path]).status.code(), Some(1), "one changed word is seen");
    let table = journal(&["export", data]);
    let table = std::fs::read_to_string(lines(&table)[0]["path"].as_str().expect("a path")).expect("readable");
    assert!(
        table.starts_with("\u{feff}seq,time,") && table.contains("audit_exported"),
        "the table tells that the record was exported: {table}"
    );
}

#[test]
fn keys_rotate_and_move_under_a_passphrase() {
    let folder = counter();
    let data = folder.path().to_str().expect("a path");
    let words = folder.path().join("words");
    std::fs::write(&words, "spring river\n").expect("written");
    let words = words.to_str().expect("a path");
    let run = |arguments: &[&str]| onewindow(folder.path(), &[arguments, &["--data", data]].concat(), "");
    assert!(run(&["journal", "export", data]).status.success(), "a store is made");
    let rotated = run(&["keys", "rotate"]);
    assert!(rotated.status.success(), "{}", String::from_utf8_lossy(&rotated.stderr));
    let moved = run(&["keys", "move", "passphrase", "--new-passphrase-file", words]);
    assert!(moved.status.success(), "{}", String::from_utf8_lossy(&moved.stderr));
    assert_eq!(lines(&moved)[0]["keys"], "passphrase");
    let refused = run(&["journal", "verify"]);
    let told: serde_json::Value = serde_json::from_slice(&refused.stderr).expect("one JSON object");
    assert_eq!(told["code"], "wrong-key", "the file is gone");
    let verified = run(&["--passphrase-file", words, "journal", "verify"]);
    assert_eq!(lines(&verified)[0]["holds"], true);
}

#[test]
fn a_packet_needs_somebody_who_can_open_it() {
    let folder = counter();
    let data = folder.path().to_str().expect("a path");
    let export = || onewindow(folder.path(), &["packet", "export", data, "--data", data], "");
    let refused = export();
    let told: serde_json::Value = serde_json::from_slice(&refused.stderr).expect("one JSON object");
    assert_eq!(told["code"], "no-recipient");
    // The base point's double, a public key like any other.
    let key = "2fe57da347cd62431528daac5fbb290730fff684afc4cfc2ed90995f58cb3b74";
    let set_up = SET_UP.replacen('{', &format!("{{ \"recovery_key\": \"{key}\","), 1);
    std::fs::write(folder.path().join("counter.json"), set_up).expect("written");
    let made = export();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let made = lines(&made).remove(0);
    assert!(made["entries"].as_u64().is_some_and(|entries| entries > 0) && made["files"][0].is_string());
    assert!(onewindow(folder.path(), &["packet", "list", "--data", data], "").status.success());
}
