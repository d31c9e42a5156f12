//! The folder of a scanner that stands by itself: files wait, are taken into a case, and go only when their pages are on disk.

use std::path::Path;
use std::time::{Duration, Instant};

use onewindow_case::ids::CaseId;
use onewindow_desk::{Desk, DeskFolder};
use onewindow_testkit::papers::{Cast, DrawOptions, PaperKind, draw, encode_jpeg};

const DEMO_COUNTER: &str = include_str!("../../../../assets/demo/counter.json");
const PATIENCE: Duration = Duration::from_secs(30);

/// A desk at work whose counter watches a folder, and a case at its window.
fn desk_with(inbox: &Path, data: &Path) -> (Desk, CaseId) {
    let mut config: serde_json::Value = serde_json::from_str(DEMO_COUNTER).unwrap();
    config["inbox"] = inbox.to_str().unwrap().into();
    std::fs::write(data.join("counter.json"), config.to_string()).unwrap();
    let desk = Desk::open(&DeskFolder::with_key_file(data), &|_| {}).unwrap();
    desk.sign_in("0307", "246810").unwrap();
    desk.start_work();
    let case = desk.open_case("newborn", None).unwrap();
    let id = CaseId::parse(&case.case_id).unwrap();
    (desk, id)
}

fn await_files(desk: &Desk, files: u32) {
    let begun = Instant::now();
    while desk.status().inbox.map(|inbox| inbox.files) != Some(files) {
        assert!(begun.elapsed() < PATIENCE, "{:?} instead of {files}", desk.status().inbox);
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_file_leaves_the_folder_only_when_its_page_is_in_the_case() {
    let (inbox, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (desk, id) = desk_with(inbox.path(), data.path());
    let paper = draw(
        PaperKind::NewbornForm,
        &Cast::demo(),
        &DrawOptions {
            dpi: 150,
            ..DrawOptions::default()
        },
    )
    .unwrap();
    let (good, broken) = (inbox.path().join("scan-1.jpg"), inbox.path().join("scan-0.pdf"));
    std::fs::write(&good, encode_jpeg(&paper, 85).unwrap()).unwrap();
    std::fs::write(&broken, b"%PDF-1.7 and then nothing").unwrap();
    await_files(&desk, 2);
    assert_eq!(desk.get_case(id).unwrap().counted_pages().count(), 0, "nothing is filed by itself");

    assert!(desk.take_inbox(id, Some("app_form".to_owned())).is_err(), "the broken file must be told");
    let case = desk.get_case(id).unwrap();
    assert_eq!(case.counted_pages().count(), 1, "the good file is taken although the other one is not");
    assert!(!good.exists(), "its page is on disk, and it holds personal data in clear");
    assert!(broken.exists(), "what could not be taken must stay");
    await_files(&desk, 1);
    desk.close();
}

#[test]
fn a_folder_that_is_not_there_is_told_and_a_counter_without_one_says_nothing() {
    let data = tempfile::tempdir().unwrap();
    let (desk, id) = desk_with(&data.path().join("none"), data.path());
    assert!(desk.take_inbox(id, None).is_err());
    assert!(desk.status().inbox.unwrap().words.is_some());
    desk.close();
    let data = tempfile::tempdir().unwrap();
    std::fs::write(data.path().join("counter.json"), DEMO_COUNTER).unwrap();
    let desk = Desk::open(&DeskFolder::with_key_file(data.path()), &|_| {}).unwrap();
    assert!(desk.status().inbox.is_none());
}
