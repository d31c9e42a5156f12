//! What the store says when things go wrong (logs at their most talkative, faults, debug forms, a crash) shows no personal data.

use std::process::Command;

use crate::ground::{ADDRESS, ID_NUMBER, NAME, PHONE, applicant, case, field, open, opened, page_bytes, page_kept, try_open};

const CHILD: &str = "ONEWINDOW_LOGS_CHILD";

/// Makes the store talk about everything it can, then crashes; not a test of its own.
#[test]
fn child_that_talks_and_crashes() {
    let Some(dir) = std::env::var_os(CHILD) else { return };
    let dir = std::path::PathBuf::from(dir);
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(std::io::stderr)
        .init();
    let (store, _) = open(&dir);
    store
        .append(vec![opened(case(1)), applicant(case(1)), field(case(1), ADDRESS)])
        .expect("appended");
    let digest = store.keep_page(Some(case(1)), &page_bytes(1, 3_000)).expect("kept");
    store.append(vec![page_kept(case(1), 1, [digest; 3])]).expect("appended");
    let refused = store.append_if(case(1), 1, vec![field(case(1), ADDRESS)]).expect_err("an old state");
    tracing::warn!(%refused, ?refused, ?store, "refused");
    drop(store);
    // Damage everywhere, so that every fault is told.
    for file in crate::damage::files(&dir.join("pages"))
        .into_iter()
        .chain(crate::damage::files(&dir.join("index")))
    {
        let mut bytes = std::fs::read(&file).expect("readable");
        let middle = bytes.len() / 2;
        bytes[middle..].iter_mut().take(40).for_each(|byte| *byte ^= 0x5a);
        std::fs::write(&file, bytes).expect("written");
    }
    let (store, report) = try_open(&dir).expect("opens");
    let page = store.read_page(&digest).expect_err("damaged");
    tracing::warn!(?report, %page, ?page, chain = ?store.verify(), pages = ?store.verify_pages(), "opened with damage");
    let line = store.find_case(case(1)).expect("readable").expect("there");
    assert_ne!(line.revision, 4, "{store:?} {report:?} {page:?}");
}

#[test]
fn logs_faults_and_crashes_show_no_personal_data() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let output = Command::new(std::env::current_exe().expect("this binary"))
        .args(["--exact", "logs::child_that_talks_and_crashes", "--nocapture"])
        .env(CHILD, dir.path())
        .env("RUST_BACKTRACE", "full")
        .output()
        .expect("the child runs");
    let said = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&said);
    assert!(!output.status.success() && text.contains("panicked"), "it crashed as told: {text}");
    assert!(
        text.contains("building the index anew") || text.contains("opened with damage"),
        "it talked: {text}"
    );
    for planted in [NAME, ID_NUMBER, PHONE, ADDRESS] {
        assert!(!text.contains(planted), "{planted} is in a log or in crash output: {text}");
    }
}
