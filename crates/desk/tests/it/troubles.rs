//! What an installer or a clerk meets on a bad day: each trouble has a code of its own, says what is wrong and what to do in both languages,
//! and leaves what is already there alone.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use onewindow_desk::{Desk, DeskFault, DeskFolder, FILE_NAME};
use onewindow_ipc::case_view::OutcomeKind;

use crate::fillings;
use crate::stand::{CLERK, Counter, id_of};

const SET_UP: &str = include_str!("../../../../assets/demo/counter.json");

/// Asserts the code and that both languages tell cause and remedy.
fn assert_told<T>(answer: Result<T, DeskFault>, code: &str) {
    let told = answer.err().unwrap_or_else(|| panic!("{code} is refused")).to_command_fault();
    assert_eq!(told.code, code, "{told:?}");
    for words in [&told.what, &told.remedy] {
        assert!(!words.zh.is_empty() && !words.en.is_empty(), "{told:?}");
        assert_ne!(words.zh, words.en, "{told:?}");
    }
}

fn open(folder: &Path) -> Result<Desk, DeskFault> {
    Desk::open(&DeskFolder::with_key_file(folder), &|_percent| {})
}

#[test]
fn a_counter_that_cannot_be_opened_says_why_and_what_to_do() {
    type Prepare = fn(&Path);
    let troubles: [(&str, Prepare); 4] = [
        ("config-missing", |_folder| {}),
        ("config-broken", |folder| {
            fs::write(folder.join(FILE_NAME), &SET_UP[..SET_UP.len() / 2]).unwrap()
        }),
        ("counter-id", |folder| {
            fs::write(folder.join(FILE_NAME), SET_UP.replace("330302-01-003", "窗口三")).unwrap();
        }),
        ("newer-format", |folder| {
            fs::write(folder.join(FILE_NAME), SET_UP).unwrap();
            let desk = open(folder).unwrap();
            desk.close();
            drop(desk);
            let format = folder.join("store/FORMAT");
            let newer = fs::read_to_string(&format).unwrap().replace("\"format\":2", "\"format\":99");
            fs::write(&format, newer).unwrap();
        }),
    ];
    for (code, prepare) in troubles {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path());
        assert_told(open(folder.path()), code);
    }
}

#[test]
fn a_second_program_is_sent_to_the_open_window_and_disturbs_nothing() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("tenancy"));
    assert_told(open(&counter.data), "locked");
    assert_eq!(counter.desk.show_case(id_of(&view)).unwrap().revision, view.revision);
}

#[test]
fn a_folder_that_cannot_be_written_is_named_and_its_cases_come_back_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let mounted = |arguments: &[&str]| {
        Command::new("mount")
            .args(arguments)
            .arg(folder.path())
            .status()
            .is_ok_and(|status| status.success())
    };
    if !mounted(&["-t", "tmpfs", "-o", "size=600m", "tmpfs"]) {
        eprintln!("a read-only file system was not tried: mounting needs root");
        return;
    }
    let outcome = std::panic::catch_unwind(|| {
        fs::write(folder.path().join(FILE_NAME), SET_UP).unwrap();
        let desk = open(folder.path()).unwrap();
        desk.sign_in(CLERK.0, CLERK.1).unwrap();
        let case = desk.open_case("newborn", None).unwrap();
        desk.close();
        drop(desk);
        assert!(mounted(&["-o", "remount,ro"]), "remounted");
        assert_told(open(folder.path()), "not-writable");
        assert!(mounted(&["-o", "remount,rw"]), "remounted");
        let desk = open(folder.path()).unwrap();
        desk.sign_in(CLERK.0, CLERK.1).unwrap();
        assert_eq!(desk.show_case(id_of(&case)).unwrap().case_no, case.case_no);
        desk.close();
    });
    let _unmounted = Command::new("umount").arg("-l").arg(folder.path()).status();
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

#[test]
fn nobody_signs_in_with_a_wrong_pin_or_an_old_staff_list() {
    let counter = Counter::alone();
    for _attempt in 0..2 {
        assert_told(counter.desk.sign_in(CLERK.0, "000000"), "wrong-pin");
    }
    assert_told(counter.desk.sign_in("9999", CLERK.1), "wrong-pin");
    counter.desk.sign_in(CLERK.0, CLERK.1).unwrap();
    counter.pass_days(3 * 365);
    assert_told(counter.desk.sign_in(CLERK.0, CLERK.1), "roster-expired");
}

#[test]
fn without_a_printer_a_case_is_accepted_and_its_notice_kept() {
    let counter = Counter::alone();
    let view = counter.begin(fillings::find("tenancy"));
    let view = counter.vouch(&view, |_| false);
    let accepted = counter.decide(&view, OutcomeKind::Accept).unwrap();
    assert_eq!(accepted.state, "accepted");
    let [notice, ..] = &accepted.documents[..] else {
        panic!("a notice: {accepted:?}")
    };
    let document = onewindow_case::ids::DocumentId::parse(&notice.document_id).unwrap();
    let told = (0..100).find_map(|_look| {
        std::thread::sleep(Duration::from_millis(50));
        let view = counter.desk.show_case(id_of(&view)).unwrap();
        view.documents[0].prints.first()?.words.clone()
    });
    let told = told.expect("the sheet says why it does not come");
    assert!(told.zh.contains("没有设置打印机") && told.en.contains("No printer is set up"), "{told:?}");
    assert!(counter.desk.document_picture(id_of(&view), document, 1).is_ok(), "it can be printed later");
}

#[test]
fn more_files_at_once_than_are_taken_are_refused_together() {
    let counter = Counter::alone();
    let id = id_of(&counter.begin(fillings::find("newborn")));
    let sheets = vec![counter.sheet(); 101];
    assert_told(counter.desk.import_files(id, None, &sheets), "too-many-files");
    assert_eq!(
        counter.desk.get_case(id).unwrap().pages.len(),
        0,
        "none is dropped without a word: none is taken"
    );
    let view = counter.desk.import_files(id, None, &sheets[..2]).unwrap();
    assert_eq!(view.pages.len(), 2);
}

#[cfg(unix)]
#[test]
fn what_is_no_file_or_has_no_end_is_refused_at_once() {
    let counter = Counter::alone();
    let id = id_of(&counter.begin(fillings::find("newborn")));
    let folder = tempfile::tempdir().unwrap();
    let (pipe, large) = (folder.path().join("pipe"), folder.path().join("large.jpg"));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    fs::File::create(&large).unwrap().set_len(65 * 1024 * 1024).unwrap();
    for (path, code) in [
        (Path::new("/dev/zero"), "file-unreadable"),
        (&pipe, "file-unreadable"),
        (folder.path(), "file-unreadable"),
        (&folder.path().join("gone.jpg"), "file-unreadable"),
        (&large, "file-too-large"),
    ] {
        assert_told(counter.desk.import_files(id, None, &[path.to_owned()]), code);
    }
}
