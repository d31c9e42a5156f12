//! A notice through a queue of CUPS, the second way to paper: taken, followed, refused, and asked about after the scheduler died.
//! Skipped, and said so, where CUPS is missing or the tests do not run as root.

use std::{
    os::unix::fs::PermissionsExt as _,
    thread,
    time::{Duration, Instant},
};

use onewindow_print::{
    DocumentKind, IppPrinter, JobProgress, JobTicket, Language, PortFault, PrinterPort, RenderedDocument,
    job::{JobCommand, JobDriver, JobEvent, JobState, NextStep, UnknownCause},
};
use onewindow_testkit::cups::PrintQueue;
use onewindow_testkit::printer::{PrinterFault, VirtualPrinter, VirtualPrinterError};

use crate::{
    sample::karaoke,
    tools::{draw, probe, without_space},
};

/// Queue, the printer behind it, and their folders.
fn start() -> Option<(PrintQueue, VirtualPrinter, tempfile::TempDir)> {
    let folder = tempfile::tempdir().unwrap();
    // Filters of the queue run as user lp and must get through to the document.
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let started = VirtualPrinter::start(0, &folder.path().join("printer")).and_then(|printer| {
        std::fs::create_dir_all(folder.path().join("cups"))?;
        Ok((PrintQueue::start(&printer.uri(), &folder.path().join("cups"))?, printer))
    });
    match started {
        Ok((queue, printer)) => Some((queue, printer, folder)),
        Err(VirtualPrinterError::NotInstalled { program, package }) => {
            eprintln!("skipped: {program} is not installed (Debian package {package})");
            None
        }
        Err(error) if !runs_as_root() => {
            eprintln!("skipped: the scheduler needs root ({error})");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

fn runs_as_root() -> bool {
    std::process::Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.starts_with(b"0\n"))
}

fn ticket(document: &RenderedDocument) -> JobTicket {
    JobTicket {
        name: "云行受〔2026〕第000317号-q1".into(),
        user: "counter-03".into(),
        paper_mm: document.paper_mm,
    }
}

fn follow<J: FnMut(&JobEvent) -> Result<(), std::convert::Infallible>>(driver: &mut JobDriver<'_, IppPrinter, J>) {
    let deadline = Instant::now() + Duration::from_secs(40);
    while Instant::now() < deadline {
        let NextStep::Poll(_) = driver.state().next_step() else { return };
        driver.poll().unwrap();
        thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_notice_goes_through_a_queue_arrives_once_with_all_its_words_and_the_clerk_is_asked() {
    let Some((queue, printer, folder)) = start() else { return };
    let document = draw(DocumentKind::AcceptanceNotice, &karaoke(Language::Zh), Language::Zh);
    let port = IppPrinter::at(&queue.uri()).unwrap();
    let status = port.get_status().unwrap();
    assert!(status.accepts_jobs, "{status:?}");
    assert!(port.is_queue().unwrap() && !IppPrinter::at(&printer.uri()).unwrap().is_queue().unwrap());
    let mut driver = JobDriver::new(&port, ticket(&document), JobState::default(), |_: &JobEvent| Ok(()));
    driver.send(&document.pdf).unwrap();
    follow(&mut driver);
    let passed_on = JobState::Unknown {
        attempt: 0,
        cause: UnknownCause::PassedOn,
    };
    assert_eq!(driver.state(), &passed_on, "a queue can not know what lies in the tray");
    let found = port.find_by_name("云行受〔2026〕第000317号-q1-0").unwrap().unwrap();
    assert_eq!(found.progress, JobProgress::PassedOn, "asked for by name, it says the same");
    driver.tell(&JobCommand::ClerkConfirms).unwrap();
    assert_eq!(driver.state(), &JobState::Confirmed);
    let received = printer.received_documents().unwrap();
    assert_eq!(received.len(), 1);
    // The queue writes the file anew; what counts is what stands on the paper.
    let file = folder.path().join("received.pdf");
    std::fs::write(&file, &received[0].bytes).unwrap();
    let Some(output) = probe("pdftotext", &["-layout", file.to_str().unwrap(), "-"]) else {
        return;
    };
    let text = without_space(&String::from_utf8(output.stdout).unwrap());
    let data = karaoke(Language::Zh);
    for wanted in [&data.document_number, &data.applicant.id_full, &data.applicant.name] {
        assert!(text.contains(&without_space(wanted)), "{wanted} is missing from {text}");
    }
}

#[test]
fn paper_that_the_printer_has_not_got_is_refused_before_the_queue_can_take_it() {
    let Some((queue, printer, _folder)) = start() else { return };
    let document = draw(DocumentKind::AcceptanceNotice, &karaoke(Language::Zh), Language::Zh);
    let port = IppPrinter::at(&queue.uri()).unwrap();
    let a3 = JobTicket {
        paper_mm: (297.0, 420.0),
        ..ticket(&document)
    };
    for refused in [port.validate(&a3), port.submit(&a3, &document.pdf).map(|_| ())] {
        let Err(PortFault::Refused { reason }) = refused else { panic!("{refused:?}") };
        assert!(reason.contains("iso_a3_297x420mm"), "{reason}");
    }
    let can = port.capabilities().unwrap();
    assert!(can.media.iter().any(|media| media == "iso_a4_210x297mm") && can.accepts_jobs, "{can:?}");
    thread::sleep(Duration::from_secs(1));
    assert!(printer.received_documents().unwrap().is_empty());
}

#[test]
fn a_scheduler_that_dies_in_mid_job_never_makes_a_second_sheet_of_ours() {
    let Some((mut queue, printer, _folder)) = start() else { return };
    printer.script(PrinterFault::Slow { seconds: 4 }).unwrap();
    let document = draw(DocumentKind::AcceptanceNotice, &karaoke(Language::Zh), Language::Zh);
    let port = IppPrinter::at(&queue.uri()).unwrap();
    let mut driver = JobDriver::new(&port, ticket(&document), JobState::default(), |_: &JobEvent| Ok(()));
    driver.send(&document.pdf).unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while printer.received_documents().unwrap().is_empty() {
        assert!(Instant::now() < deadline, "the printer gets the job");
        thread::sleep(Duration::from_millis(100));
    }
    queue.crash_and_restart().unwrap();
    follow(&mut driver);
    let end = driver.state().clone();
    // Whatever the queue does when it is back, our side sends nothing again: it ends with a question to the clerk.
    assert!(matches!(end, JobState::Unknown { attempt: 0, .. }), "{end:?}");
    let again = port.find_by_name("云行受〔2026〕第000317号-q1-1").unwrap();
    assert!(again.is_none(), "no second attempt of ours is in the queue");
    // The scheduler itself may send its job once more, which upstream will not change: that is why counted sheets do not go
    // through a queue. A notice that came out twice is the same notice, and the clerk looks at what came out.
    let sheets = printer.received_documents().unwrap().len();
    assert!((1..=2).contains(&sheets), "{sheets} sheets");
    driver.tell(&JobCommand::ClerkConfirms).unwrap();
    assert_eq!(driver.state(), &JobState::Confirmed);
}
