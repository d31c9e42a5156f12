//! What needs files and no counter: pages, codes, catalogue.

use super::{lines, onewindow};

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
