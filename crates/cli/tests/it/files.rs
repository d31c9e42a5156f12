//! What needs files and no counter: pages, codes, catalogue.

use super::{lines, onewindow, onewindow_with};

#[test]
fn a_page_is_corrected_and_told_and_a_broken_file_does_not_stop_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let broken = folder.path().join("broken.pdf");
    std::fs::write(&broken, "%PDF-1.7 nothing").expect("written");
    let icon = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/icons/512.png");
    let out = folder.path().join("out");
    let words = [
        "capture",
        broken.to_str().expect("a path"),
        icon,
        "--json",
        "--out",
        out.to_str().expect("a path"),
    ];
    let output = onewindow(folder.path(), &words, "");
    assert_eq!(output.status.code(), Some(1), "one file could not be taken");
    let answers = lines(&output);
    assert_eq!(answers.len(), 2, "one answer a page or broken file: {answers:?}");
    assert!(answers[0]["fault"]["code"].is_string() && answers[0]["fault"]["message"]["zh"].is_string());
    assert_eq!(answers[1]["number"], 1);
    assert!(answers[1]["page"]["verdict"].is_string());
    assert!(answers[1]["reading"].is_null(), "no models, no reading");
    for name in ["original", "corrected"] {
        assert!(out.join(answers[1][name].as_str().expect("a name")).is_file(), "{name} is written");
    }
}

#[test]
fn without_the_import_worker_no_file_is_opened_and_the_fault_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let icon = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/icons/512.png");
    let out = folder.path().join("out");
    let absent = folder.path().join("not-installed");
    let words = ["capture", icon, "--json", "--out", out.to_str().expect("a path")];
    let output = onewindow_with(folder.path(), &words, &[("ONEWINDOW_IMPORT_WORKER", &absent)], "");
    assert_eq!(output.status.code(), Some(1));
    let answer = lines(&output).remove(0);
    assert_eq!(answer["fault"]["code"], "import-worker-missing", "{answer}");
    assert_eq!(std::fs::read_dir(&out).expect("made").count(), 0, "nothing was decoded and written");
}

#[cfg(unix)]
#[test]
fn a_worker_that_never_answers_is_given_up_and_the_next_file_is_asked_for() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().expect("a folder");
    let sleeper = folder.path().join("sleeper");
    std::fs::write(&sleeper, "#!/bin/sh\nexec sleep 600\n").expect("written");
    std::fs::set_permissions(&sleeper, std::fs::Permissions::from_mode(0o755)).expect("may run");
    let icon = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/icons/512.png");
    let out = folder.path().join("out");
    let words = [
        "capture",
        icon,
        icon,
        "--json",
        "--seconds-per-file",
        "0",
        "--out",
        out.to_str().expect("a path"),
    ];
    let started = std::time::Instant::now();
    let output = onewindow_with(folder.path(), &words, &[("ONEWINDOW_IMPORT_WORKER", &sleeper)], "");
    assert!(started.elapsed() < std::time::Duration::from_secs(40), "{:?}", started.elapsed());
    let answers = lines(&output);
    let codes: Vec<&str> = answers.iter().filter_map(|answer| answer["fault"]["code"].as_str()).collect();
    assert_eq!(codes, ["file-too-slow", "file-too-slow"]);
}

#[test]
fn a_text_that_is_no_code_is_not_valid() {
    let folder = tempfile::tempdir().expect("a folder");
    let keys = folder.path().join("keys.json");
    std::fs::write(&keys, r#"{"keys":[],"revoked":[],"made_at_ms":0}"#).expect("written");
    let output = onewindow(folder.path(), &["verify-licence", "hello", "--keys", keys.to_str().expect("a path")], "");
    assert_eq!(output.status.code(), Some(1));
    let answer = lines(&output).remove(0);
    assert_eq!(answer["valid"], false);
    assert_eq!(answer["reason"], "malformed");
}

#[test]
fn the_shipped_catalogue_has_no_error_and_an_empty_folder_has() {
    let folder = tempfile::tempdir().expect("a folder");
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/catalogue");
    assert!(onewindow(folder.path(), &["catalogue", "check", shipped], "").status.success());
    let empty = folder.path().to_str().expect("a path");
    assert_eq!(onewindow(folder.path(), &["catalogue", "check", empty], "").status.code(), Some(1));
}

#[test]
fn a_catalogue_is_packed_with_a_key_and_verified_by_those_who_trust_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("a path").to_owned();
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/catalogue");
    let key = onewindow(folder.path(), &["catalogue", "key", "--out", &path("office.key")], "");
    assert!(key.status.success(), "{}", String::from_utf8_lossy(&key.stderr));
    let public = String::from_utf8(key.stdout).expect("text").trim().to_owned();
    assert!(
        !onewindow(folder.path(), &["catalogue", "key", "--out", &path("office.key")], "")
            .status
            .success(),
        "a key is never overwritten"
    );
    let packed = onewindow(
        folder.path(),
        &["catalogue", "pack", shipped, "--key", &path("office.key"), "--out", &path("shipped.owcat")],
        "",
    );
    assert!(packed.status.success(), "{}", String::from_utf8_lossy(&packed.stderr));
    let unknown = lines(&onewindow(folder.path(), &["catalogue", "verify", &path("shipped.owcat")], "")).remove(0);
    assert_eq!(unknown["usable"], false, "nobody is trusted yet");
    std::fs::write(path("trusted-keys.txt"), format!("{public}\n")).expect("written");
    let known = lines(&onewindow(folder.path(), &["catalogue", "verify", &path("shipped.owcat")], "")).remove(0);
    assert_eq!(known["usable"], true, "{known}");
    assert_eq!(known["bundles"], 16);
}
