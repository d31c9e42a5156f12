//! A rendered notice on its way through a real IPP Everywhere program. Skipped, and said so, where it is missing.

use std::{
    thread,
    time::{Duration, Instant},
};

use onewindow_print::{
    DocumentKind, FontShelf, IppPrinter, JobProgress, JobTicket, Language, Mode, PortFault, PrinterPort, PrinterReason, RenderedDocument,
    job::{JobDriver, JobEvent, JobState, NextStep, UnknownCause},
    render,
};
use onewindow_testkit::printer::{PrinterFault, VirtualPrinter, VirtualPrinterError};

use crate::{sample::karaoke, tools::probe};

/// A printer with a spool folder of its own, or `None` where the programs are missing.
fn start() -> Option<(VirtualPrinter, IppPrinter, tempfile::TempDir)> {
    let folder = tempfile::tempdir().unwrap();
    match VirtualPrinter::start(0, folder.path()) {
        Ok(printer) => {
            let port = IppPrinter::at(&printer.uri()).unwrap();
            Some((printer, port, folder))
        }
        Err(VirtualPrinterError::NotInstalled { program, package }) => {
            eprintln!("skipped: {program} is not installed (Debian package {package})");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

fn notice() -> RenderedDocument {
    let fonts = FontShelf::find().unwrap();
    let data = karaoke(Language::Zh);
    render(DocumentKind::AcceptanceNotice, &data, Language::Zh, Mode::Demonstration, &fonts).unwrap()
}

fn ticket(document: &RenderedDocument) -> JobTicket {
    JobTicket {
        name: "云行受〔2026〕第000317号-p1".into(),
        user: "counter-03".into(),
        paper_mm: document.paper_mm,
    }
}

/// Polls until the job leaves the printer; collects what the printer complained about meanwhile.
fn follow<J: FnMut(&JobEvent) -> Result<(), std::convert::Infallible>>(driver: &mut JobDriver<'_, IppPrinter, J>) -> Vec<PrinterReason> {
    let mut seen = Vec::new();
    let deadline = Instant::now() + Duration::from_secs(20);
    while Instant::now() < deadline {
        if let JobState::Accepted { reasons, .. } = driver.state() {
            seen.extend(reasons.iter().copied());
        }
        let NextStep::Poll(_) = driver.state().next_step() else { break };
        driver.poll().unwrap();
        thread::sleep(Duration::from_millis(100));
    }
    seen.sort_unstable();
    seen.dedup();
    seen
}

#[test]
fn a_notice_arrives_byte_for_byte_and_is_followed_to_the_end() {
    let Some((printer, port, _folder)) = start() else { return };
    let document = notice();
    let status = port.get_status().unwrap();
    assert!(status.accepts_jobs && status.reasons.is_empty(), "{status:?}");

    let mut events = Vec::new();
    let mut driver = JobDriver::new(&port, ticket(&document), JobState::default(), |event: &JobEvent| {
        events.push(event.clone());
        Ok::<(), std::convert::Infallible>(())
    });
    driver.send(&document.pdf).unwrap();
    follow(&mut driver);
    assert_eq!(driver.state(), &JobState::Printed { attempt: 0 });
    drop(driver);

    assert_eq!(events.first(), Some(&JobEvent::SubmissionStarted), "journalled before the first byte leaves");
    let received = printer.received_documents().unwrap();
    assert_eq!(received.len(), 1);
    assert!(received[0].bytes == document.pdf, "the printer must receive what was archived");
    let found = port.find_by_name("云行受〔2026〕第000317号-p1-0").unwrap().unwrap();
    assert_eq!(found.progress, JobProgress::Completed);
    assert_eq!(port.find_by_name("another").unwrap(), None);
}

#[test]
fn paper_that_runs_out_is_shown_and_the_job_goes_on() {
    let Some((printer, port, _folder)) = start() else { return };
    printer.script(PrinterFault::PaperOut { seconds: 3 }).unwrap();
    let document = notice();
    let mut driver = JobDriver::new(&port, ticket(&document), JobState::default(), |_: &JobEvent| Ok(()));
    driver.send(&document.pdf).unwrap();
    let seen = follow(&mut driver);
    assert_eq!(seen, [PrinterReason::PaperOut]);
    assert_eq!(driver.state(), &JobState::Printed { attempt: 0 });
}

#[test]
fn a_printer_that_vanishes_or_gives_up_leaves_the_question_to_the_clerk() {
    let Some((printer, port, _folder)) = start() else { return };
    let document = notice();
    for (fault, cause) in [
        (PrinterFault::Abort, UnknownCause::Aborted),
        (PrinterFault::Gone { after_s: 1 }, UnknownCause::PrinterGone),
    ] {
        printer.script(fault).unwrap();
        let mut driver = JobDriver::new(&port, ticket(&document), JobState::default(), |_: &JobEvent| Ok(()));
        driver.send(&document.pdf).unwrap();
        follow(&mut driver);
        assert_eq!(driver.state(), &JobState::Unknown { attempt: 0, cause });
        assert_eq!(driver.state().next_step(), NextStep::AskWhatCameOut);
    }
    assert_eq!(printer.received_documents().unwrap().len(), 2, "each document was sent once");
    assert_eq!(port.get_status(), Err(PortFault::Unreachable));
}

#[test]
fn a_busy_printer_and_wrong_paper_are_refused_before_anything_is_sent() {
    let Some((printer, port, _folder)) = start() else { return };
    let document = notice();
    let a3 = JobTicket {
        paper_mm: (297.0, 420.0),
        ..ticket(&document)
    };
    assert!(matches!(port.validate(&a3), Err(PortFault::Refused { .. })), "there is no A3 in this printer");
    port.validate(&ticket(&document)).unwrap();

    printer.script(PrinterFault::Slow { seconds: 2 }).unwrap();
    let first = port.submit(&ticket(&document), &document.pdf).unwrap();
    let second = port.submit(
        &JobTicket {
            name: "second".into(),
            ..ticket(&document)
        },
        &document.pdf,
    );
    assert!(matches!(second, Err(PortFault::Busy)), "{second:?}");
    assert!(matches!(port.poll(first).unwrap(), JobProgress::Processing(_) | JobProgress::Pending));
    assert_eq!(printer.received_documents().unwrap().len(), 1);
}

#[test]
fn a_cancelled_job_says_so() {
    let Some((printer, port, _folder)) = start() else { return };
    let document = notice();
    printer.script(PrinterFault::Slow { seconds: 3 }).unwrap();
    let job = port.submit(&ticket(&document), &document.pdf).unwrap();
    thread::sleep(Duration::from_millis(300));
    port.cancel(job).unwrap();
    let deadline = Instant::now() + Duration::from_secs(10);
    while port.poll(job).unwrap() != JobProgress::Canceled {
        assert!(Instant::now() < deadline, "{:?}", port.poll(job));
        thread::sleep(Duration::from_millis(200));
    }
}

/// What `ipptool`, the independent client of the CUPS project, is told by the printer about finished jobs.
const COMPLETED_JOBS: &str = "{
    NAME \"completed jobs\"
    OPERATION Get-Jobs
    GROUP operation-attributes-tag
    ATTR charset attributes-charset utf-8
    ATTR naturalLanguage attributes-natural-language en
    ATTR uri printer-uri $uri
    ATTR keyword which-jobs completed
    ATTR keyword requested-attributes job-id,job-name,job-state
    STATUS successful-ok
}
";

#[test]
fn an_independent_client_sees_the_same_job() {
    let Some((printer, port, folder)) = start() else { return };
    let document = notice();
    let mut driver = JobDriver::new(&port, ticket(&document), JobState::default(), |_: &JobEvent| {
        Ok::<(), std::convert::Infallible>(())
    });
    driver.send(&document.pdf).unwrap();
    follow(&mut driver);
    let script = folder.path().join("completed-jobs.test");
    std::fs::write(&script, COMPLETED_JOBS).unwrap();
    let Some(output) = probe("ipptool", &["-tv", &printer.uri(), script.to_str().unwrap()]) else {
        return;
    };
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{told}");
    assert!(told.contains("云行受〔2026〕第000317号-p1-0") && told.contains("completed"), "{told}");
}
