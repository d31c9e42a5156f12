//! New catalogues at a working counter: taken up without a restart, from their first day, for new cases only.

use std::path::Path;

use onewindow_catalogue::release;

use crate::fillings;
use crate::stand::{Counter, id_of};

/// The shipped catalogue as another version with another promise for tenancy filings, packed and signed.
fn put_release(data: &Path, name: &str, version: &str, effective: &str, trusted: bool) {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/catalogue");
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("bundles")).unwrap();
    let copy = |file: &str, change: &dyn Fn(String) -> String| {
        let text = std::fs::read_to_string(shipped.join(file)).unwrap();
        std::fs::write(dir.path().join(file), change(text)).unwrap();
    };
    for file in ["departments.yaml", "data-sources.yaml", "materials.yaml", "refusals.yaml"] {
        copy(file, &|text| text);
    }
    for entry in std::fs::read_dir(shipped.join("bundles")).unwrap() {
        let file = format!("bundles/{}", entry.unwrap().file_name().to_string_lossy());
        copy(&file, &|text| text.replacen("zh: 房屋租赁备案一件事", "zh: 房屋租赁备案一件事（新）", 1));
    }
    copy("catalogue.yaml", &|text| {
        text.replacen("version: \"2026.1\"", &format!("version: \"{version}\""), 1)
            .replacen("effective: 2026-01-01", &format!("effective: {effective}"), 1)
    });
    let (private, public) = release::new_signing_key().unwrap();
    let folder = data.join("catalogue");
    std::fs::create_dir_all(&folder).unwrap();
    if trusted {
        let keys = folder.join(release::KEYS_FILE);
        let known = std::fs::read_to_string(&keys).unwrap_or_default();
        std::fs::write(keys, format!("{known}{public}\n")).unwrap();
    }
    std::fs::write(folder.join(name), release::pack(dir.path(), &private).unwrap()).unwrap();
}

#[test]
fn a_release_is_taken_up_while_the_counter_works_and_old_cases_keep_their_version() {
    let mut counter = Counter::alone();
    let before = counter.begin(fillings::find("tenancy"));
    put_release(&counter.data, "next.owcat", "2026.2", "2026-11-24", true);
    counter.desk.look_for_releases().unwrap();
    let after = counter.begin(fillings::find("tenancy"));
    assert_eq!((before.catalogue_version.as_str(), before.bundle.zh.as_str()), ("2026.1", "房屋租赁备案一件事"));
    assert_eq!(
        (after.catalogue_version.as_str(), after.bundle.zh.as_str()),
        ("2026.2", "房屋租赁备案一件事（新）")
    );
    counter.restart();
    for (view, name) in [(&before, "房屋租赁备案一件事"), (&after, "房屋租赁备案一件事（新）")] {
        let again = counter.desk.show_case(id_of(view)).unwrap();
        assert_eq!(again.bundle.zh, name, "the version at receipt counts, also after a restart");
    }
    let hit = counter.desk.search_bundles("tenancy").unwrap().remove(0);
    assert_eq!(hit.name.zh, "房屋租赁备案一件事（新）", "who begins now finds the new one");
}

#[test]
fn a_release_waits_for_its_first_day() {
    let counter = Counter::alone();
    put_release(&counter.data, "next.owcat", "2027.1", "2026-12-01", true);
    counter.desk.look_for_releases().unwrap();
    assert_eq!(counter.begin(fillings::find("tenancy")).catalogue_version, "2026.1");
    counter.pass_days(7);
    assert_eq!(counter.begin(fillings::find("tenancy")).catalogue_version, "2027.1");
}

#[test]
fn a_release_that_nobody_trusted_signed_changes_nothing_and_is_told() {
    let counter = Counter::alone();
    put_release(&counter.data, "foreign.owcat", "2026.2", "2026-11-24", false);
    counter.desk.look_for_releases().unwrap();
    assert_eq!(counter.begin(fillings::find("tenancy")).catalogue_version, "2026.1");
    let test = counter.desk.self_test();
    let check = test.checks.iter().find(|check| check.check == "catalogue").unwrap();
    assert!(check.remedy.as_ref().is_some_and(|words| words.en.contains("foreign.owcat")), "{check:?}");
}
