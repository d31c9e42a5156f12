//! Signed releases and versions side by side.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use onewindow_catalogue::release::{self, KEYS_FILE, ReleaseFault, ReleaseFolder};
use onewindow_catalogue::{Catalogue, SharedBundle, Shelf};
use tempfile::TempDir;
use time::macros::date;

/// The shipped files with one bundle, as another version.
fn folder(version: &str, effective: &str) -> TempDir {
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/catalogue");
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("bundles")).unwrap();
    for name in [
        "departments.yaml",
        "data-sources.yaml",
        "materials.yaml",
        "refusals.yaml",
        "bundles/tenancy.yaml",
    ] {
        std::fs::copy(shipped.join(name), dir.path().join(name)).unwrap();
    }
    let head = format!(
        "format: 1\nversion: \"{version}\"\neffective: {effective}\nname: {{zh: 目录, en: Catalogue}}\nsupplement_wd: 10\ntolerance_wd: 3\nbundles: [tenancy]\n"
    );
    std::fs::write(dir.path().join("catalogue.yaml"), head).unwrap();
    dir
}

fn packed(version: &str, effective: &str) -> (String, String) {
    let (private, public) = release::new_signing_key().unwrap();
    (release::pack(folder(version, effective).path(), &private).unwrap(), public)
}

fn put(dir: &Path, name: &str, text: &str) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_signed_release_is_read_back_as_the_same_catalogue() {
    let (text, public) = packed("2026.2", "2026-12-01");
    let release = release::open(&text, std::slice::from_ref(&public)).unwrap();
    assert_eq!(release.catalogue.version(), "2026.2");
    assert_eq!(release.catalogue.effective(), date!(2026 - 12 - 01));
    assert_eq!(release.signed_by, public);
    assert_eq!(release.catalogue.bundles().len(), 1);
}

#[test]
fn a_release_that_nobody_trusted_signed_or_that_was_changed_is_refused() {
    let (text, public) = packed("2026.2", "2026-12-01");
    let (_, stranger) = release::new_signing_key().unwrap();
    let trusted = [public];
    assert!(matches!(release::open(&text, &[stranger]), Err(ReleaseFault::KeyNotTrusted(_))));
    assert!(matches!(release::open(&text, &[]), Err(ReleaseFault::KeyNotTrusted(_))));
    for (from, to) in [
        ("promised: 10 min", "promised: 11 min"),
        ("\"version\": \"2026.2\"", "\"version\": \"2026.3\""),
        ("\"effective\": \"2026-12-01\"", "\"effective\": \"2026-11-01\""),
        ("bundles/tenancy.yaml", "bundles/tenancz.yaml"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text, "{from} is in the release");
        assert!(matches!(release::open(&changed, &trusted), Err(ReleaseFault::SignatureWrong)), "{from}");
    }
    for garbage in ["", "{}", "[]", "\u{0}", &text[..text.len() / 2]] {
        assert!(matches!(release::open(garbage, &trusted), Err(ReleaseFault::NotARelease)));
    }
}

#[test]
fn a_faulty_catalogue_is_never_packed() {
    let dir = folder("2026.2", "2026-12-01");
    let file = dir.path().join("bundles/tenancy.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("department: JSJ", "department: NOBODY", 1)).unwrap();
    let (private, _) = release::new_signing_key().unwrap();
    assert!(matches!(release::pack(dir.path(), &private), Err(ReleaseFault::Faulty(_))));
    assert!(matches!(
        release::pack(folder("1", "2026-12-01").path(), b"no key"),
        Err(ReleaseFault::KeyUnusable)
    ));
}

#[test]
fn a_folder_gives_what_may_be_used_and_says_why_the_rest_may_not() {
    let dir = tempfile::tempdir().unwrap();
    let (good, public) = packed("2026.2", "2026-12-01");
    let (foreign, _) = packed("2026.3", "2026-12-01");
    put(dir.path(), KEYS_FILE, &format!("# office\n{public} # the catalogue office\n"));
    put(dir.path(), "a.owcat", &good);
    put(dir.path(), "b.owcat", &foreign);
    put(dir.path(), "c.owcat", "no release");
    put(dir.path(), "notes.txt", "not looked at");
    let found = ReleaseFolder::read(dir.path(), &|_| false);
    assert_eq!(found.catalogues.iter().map(|catalogue| catalogue.version()).collect::<Vec<_>>(), ["2026.2"]);
    assert_eq!(found.faults.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["b.owcat", "c.owcat"]);
    assert!(
        ReleaseFolder::read(dir.path(), &|name| name == "a.owcat").catalogues.is_empty(),
        "known ones are not read again"
    );
    assert!(ReleaseFolder::read(&dir.path().join("nowhere"), &|_| false).catalogues.is_empty());
}

#[test]
fn the_day_chooses_the_version_and_an_old_one_stays() {
    let version = |version: &str, effective: &str| Arc::new(Catalogue::load(folder(version, effective).path()).unwrap());
    let mut shelf = Shelf::of(version("2026.1", "2026-01-01"));
    assert!(shelf.put(version("2027.1", "2027-01-01")));
    assert!(shelf.put(version("2026.2", "2026-07-01")));
    assert!(!shelf.put(version("2026.2", "2026-08-01")), "a version never changes");
    for (day, expected) in [
        (date!(2025 - 12 - 31), "2026.1"),
        (date!(2026 - 06 - 30), "2026.1"),
        (date!(2026 - 07 - 01), "2026.2"),
        (date!(2026 - 12 - 31), "2026.2"),
        (date!(2027 - 01 - 01), "2027.1"),
    ] {
        assert_eq!(shelf.on(day).version(), expected, "{day}");
    }
    let bundle = SharedBundle::find(shelf.find("2026.1").unwrap(), &"tenancy".into()).unwrap();
    drop(shelf);
    assert_eq!(bundle.catalogue().version(), "2026.1", "who works with it keeps it");
    assert_eq!(bundle.id.as_str(), "tenancy");
}
