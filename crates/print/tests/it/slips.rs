//! Slips on a thermal printer: drawn, sent, followed, and read back from the paper.

use std::{thread, time::Duration};

use onewindow_print::{
    DocumentKind, JobTicket, Language, PortFault, PrinterPort, PrinterReason, RenderedDocument, ThermalPrinter,
    job::{JobDriver, JobEvent, JobState, NextStep, UnknownCause},
    rasterize_slip,
};
use onewindow_testkit::thermal::{ThermalFault, ThermalLoopback};

use crate::{
    sample::data_for,
    tools::{draw, probe},
};

fn slip(language: Language) -> RenderedDocument {
    draw(DocumentKind::ReceiptSlipRoll, &data_for(DocumentKind::ReceiptSlipRoll, language), language)
}

fn ticket(document: &RenderedDocument) -> JobTicket {
    JobTicket {
        name: "slip-1".into(),
        user: "03".into(),
        paper_mm: document.paper_mm,
    }
}

/// Sends a slip and follows it; what the printer complained about meanwhile, and how it ended.
fn print(printer: &ThermalPrinter, document: &RenderedDocument) -> (Vec<PrinterReason>, JobState) {
    let mut driver = JobDriver::new(printer, ticket(document), JobState::default(), |_: &JobEvent| {
        Ok::<(), std::convert::Infallible>(())
    });
    driver.send(&document.pdf).unwrap();
    let mut seen = Vec::new();
    for _ in 0..6 {
        let NextStep::Poll(_) = driver.state().next_step() else { break };
        driver.poll().unwrap();
        if let JobState::Accepted { reasons, .. } = driver.state() {
            seen.extend(reasons.iter().copied());
        }
    }
    seen.sort_unstable();
    seen.dedup();
    (seen, driver.state().clone())
}

#[test]
fn a_slip_comes_out_as_it_was_previewed_and_its_codes_can_be_read() {
    let paper = ThermalLoopback::start().unwrap();
    let printer = ThermalPrinter::at(&paper.address()).unwrap();
    let status = printer.get_status().unwrap();
    assert!(status.reasons.is_empty() && status.accepts_jobs, "{status:?}");
    for language in [Language::Zh, Language::En] {
        let document = slip(language);
        assert_eq!(print(&printer, &document), (vec![], JobState::Printed { attempt: 0 }));
        let last = paper.slips().pop().unwrap();
        assert!(last.cut);
        let wanted = rasterize_slip(&document.pdf).unwrap();
        for y in 0..wanted.height {
            for x in 0..576_u32 {
                let dot = wanted.rows[(y * 72 + x / 8) as usize] & (0x80 >> (x % 8)) != 0;
                assert_eq!(last.picture.get_pixel(x, y).0[0] == 0, dot, "dot {x} {y}");
            }
        }
    }
    assert!(paper.unknown().is_empty(), "every byte was a command: {:?}", paper.unknown());
    let folder = tempfile::tempdir().unwrap();
    let picture = folder.path().join("slip.png");
    paper.save_last(&picture).unwrap();
    if let Some(gallery) = std::env::var_os("ONEWINDOW_GALLERY") {
        std::fs::copy(&picture, std::path::PathBuf::from(gallery).join("thermal-slip.png")).unwrap();
    }
    let Some(output) = probe("zbarimg", &["-q", picture.to_str().unwrap()]) else {
        return;
    };
    let codes = String::from_utf8(output.stdout).unwrap();
    let data = data_for(DocumentKind::ReceiptSlipRoll, Language::En);
    assert!(codes.contains(&format!("QR-Code:{}", data.qr_text)), "{codes}");
}

#[test]
fn no_paper_means_nothing_was_taken() {
    let paper = ThermalLoopback::start().unwrap();
    let printer = ThermalPrinter::at(&paper.address()).unwrap();
    let document = slip(Language::Zh);
    paper.script(ThermalFault::PaperOutBefore { ms: 700 });
    let refused = printer.validate(&ticket(&document));
    assert_eq!(
        refused,
        Err(PortFault::NotReady {
            reasons: vec![PrinterReason::PaperOut]
        })
    );
    assert!(paper.slips().is_empty());
    thread::sleep(Duration::from_millis(750));
    assert_eq!(print(&printer, &document).1, JobState::Printed { attempt: 0 });
    assert_eq!(paper.slips().len(), 1);
}

#[test]
fn a_cover_that_is_opened_is_named_and_the_slip_goes_on() {
    let paper = ThermalLoopback::start().unwrap();
    let printer = ThermalPrinter::at(&paper.address()).unwrap();
    paper.script(ThermalFault::CoverOpen { after_rows: 200, ms: 1_600 });
    let (seen, state) = print(&printer, &slip(Language::Zh));
    assert_eq!((seen, state), (vec![PrinterReason::CoverOpen], JobState::Printed { attempt: 0 }));
    assert_eq!(paper.slips().len(), 1, "one slip, whole");
}

#[test]
fn without_the_last_answer_nobody_knows() {
    for fault in [ThermalFault::Gone { after_rows: 100 }, ThermalFault::AnswerLost] {
        let paper = ThermalLoopback::start().unwrap();
        let printer = ThermalPrinter::at(&paper.address()).unwrap();
        paper.script(fault);
        let document = slip(Language::Zh);
        let mut driver = JobDriver::new(&printer, ticket(&document), JobState::default(), |_: &JobEvent| {
            Ok::<(), std::convert::Infallible>(())
        });
        // The break is seen while sending or at the next look; both leave the question to the clerk.
        driver.send(&document.pdf).unwrap();
        if let NextStep::Poll(_) = driver.state().next_step() {
            driver.poll().unwrap();
        }
        assert!(
            matches!(
                driver.state(),
                JobState::Unknown {
                    cause: UnknownCause::AnswerLost | UnknownCause::PrinterGone,
                    ..
                }
            ),
            "{fault:?}: {:?}",
            driver.state()
        );
        thread::sleep(Duration::from_millis(100));
        let whole = fault == ThermalFault::AnswerLost;
        assert_eq!(
            paper.slips().iter().filter(|slip| slip.cut).count(),
            usize::from(whole),
            "a torn slip is in the tray: {fault:?}"
        );
    }
}

#[test]
fn a_printer_that_falls_silent_is_offline_and_a4_does_not_go_on_a_roll() {
    let paper = ThermalLoopback::start().unwrap();
    let printer = ThermalPrinter::at(&paper.address()).unwrap();
    paper.script(ThermalFault::Silent);
    let document = slip(Language::Zh);
    let mut driver = JobDriver::new(&printer, ticket(&document), JobState::default(), |_: &JobEvent| {
        Ok::<(), std::convert::Infallible>(())
    });
    driver.send(&document.pdf).unwrap();
    driver.poll().unwrap();
    let JobState::Accepted { reasons, .. } = driver.state() else {
        panic!("{:?}", driver.state())
    };
    assert_eq!(reasons, &[PrinterReason::Offline]);
    let a4 = JobTicket {
        paper_mm: (210.0, 297.0),
        ..ticket(&document)
    };
    assert!(matches!(printer.validate(&a4), Err(PortFault::Refused { .. })));
}

#[test]
fn a_device_that_never_answers_takes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let device = folder.path().join("lp0");
    std::fs::write(&device, b"").unwrap();
    let printer = ThermalPrinter::at(&format!("file://{}", device.display())).unwrap();
    let document = slip(Language::Zh);
    assert_eq!(printer.submit(&ticket(&document), &document.pdf), Err(PortFault::Unreachable));
    assert!(std::fs::read(&device).unwrap().len() <= 3, "nothing but the question went out");
}
