//! What goes wrong at a counter, in the real window: a wrong PIN, files that are no papers, a second scanner, a printer out of paper and
//! a printer that is gone. Each is told in words, changes nothing else, and prints nothing twice.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use onewindow_testkit::printer::PrinterFault;
use thirtyfour::prelude::Key;

use crate::newborn;
use crate::record::Record;
use crate::stand::Stand;
use crate::window::Window;

const JOURNEY: &str = "trouble";
/// SANE's own test device.
const TEST_SCANNER: &str = "test:0";
const THUMBS: &str = "[data-testid=\"page-thumb\"]";

/// Walks through the troubles; the printer stays switched off afterwards.
pub async fn walk(stand: &mut Stand, record: &mut Record) -> Result<()> {
    let window = Window::open(stand, JOURNEY).await?;
    wrong_pin(&window, record).await?;
    newborn::open_at_papers(&window).await?;
    hostile_files(stand, &window, record).await?;
    other_scanner(&window, record).await?;
    paper_out(stand, &window, record).await?;
    printer_gone(stand, &window, record).await?;
    window.close().await
}

async fn wrong_pin(window: &Window, record: &mut Record) -> Result<()> {
    window.sign_in("0307", "000000").await?;
    window.find_css("[data-testid=\"fault\"][data-code=\"wrong-pin\"]").await?;
    window.step(record, "wrong-pin", "typed a wrong PIN", "told so, nobody is signed in").await
}

async fn hostile_files(stand: &Stand, window: &Window, record: &mut Record) -> Result<()> {
    window.import("app_form", &stand.paper("newborn-form-1.jpg")?, 1).await?;
    let before = window.count(THUMBS).await?;
    for (path, code) in hostile(stand)? {
        window.choose_paper("photo.child").await?;
        window.press("action-import").await?;
        window.type_into("import-path", &path.to_string_lossy()).await?;
        window.press("import-take").await?;
        window
            .find_css(&format!("[data-testid=\"fault\"][data-code=\"{code}\"]"))
            .await
            .with_context(|| format!("{} is told as {code}", path.display()))?;
        window.keys(Key::Escape + "").await?;
        window.gone("[data-testid=\"fault\"]").await?;
    }
    ensure!(window.count(THUMBS).await? == before, "no page came or went");
    window
        .step(
            record,
            "hostile-files",
            "imported an empty, a cut, a mislabelled and an oversized file and one that is not there",
            "each is told by what it is; the page that was there stays",
        )
        .await
}

/// Files that are no papers, and the word for each.
fn hostile(stand: &Stand) -> Result<Vec<(PathBuf, &'static str)>> {
    let folder = stand.scratch("hostile")?;
    let paper = std::fs::read(stand.paper("newborn-form-2.jpg")?)?;
    // A picture of 60,000 by 60,000 in 57 bytes: only the header of a PNG.
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0".to_vec();
    bomb.extend_from_slice(&[0x86, 0xe2, 0x57, 0x4c]);
    let files: [(&str, &[u8], &str); 4] = [
        ("empty.jpg", b"", "file-empty"),
        ("cut.jpg", &paper[..paper.len() / 3], "file-unreadable"),
        ("letter.jpg", b"this is a letter", "file-type-unsupported"),
        ("bomb.png", &bomb, "image-too-large"),
    ];
    let mut made = Vec::new();
    for (name, bytes, code) in files {
        std::fs::write(folder.join(name), bytes)?;
        made.push((folder.join(name), code));
    }
    made.push((folder.join("not-there.jpg"), "file-unreadable"));
    Ok(made)
}

async fn other_scanner(window: &Window, record: &mut Record) -> Result<()> {
    window.keys(Key::Alt + "9").await?;
    window.screen("devices").await?;
    // The self-test's result moves the list of scanners down: a person presses what has come to rest.
    window.find_css("[data-testid^=\"check-\"][role=\"option\"]").await?;
    let told = format!("[data-testid=\"scanner-abilities\"][data-code=\"{TEST_SCANNER}\"][data-state=\"told\"]");
    window.find_css(&told).await?;
    window.press_css(&format!("[data-testid=\"scanner\"][data-code=\"{TEST_SCANNER}\"]")).await?;
    window
        .find_css(&format!("[data-testid=\"scanner\"][data-code=\"{TEST_SCANNER}\"][data-state=\"chosen\"]"))
        .await?;
    window.keys(Key::Alt + "2").await?;
    window.screen("intake-papers").await?;
    // From its glass: its feeder never runs empty before the tenth sheet. What it offers is known when it was asked.
    window.find_css("[data-testid=\"action-source\"][data-state=\"ready\"]").await?;
    window.press("action-source").await?;
    window.scan("photo.child", 1).await?;
    window
        .step(
            record,
            "other-scanner",
            "chose SANE's test device among the scanners and scanned a page with it",
            "the page is on disk and judged",
        )
        .await
}

async fn paper_out(stand: &Stand, window: &Window, record: &mut Record) -> Result<()> {
    let before = stand.printer.received_documents()?.len();
    stand.printer.script(PrinterFault::PaperOut { seconds: 6 })?;
    window.press("action-forward").await?;
    window.screen("intake-review").await?;
    window.press("outcome-supplement").await?;
    window.find_state("outcome-supplement", "chosen").await?;
    window.press("action-forward").await?;
    window.screen("intake-print").await?;
    let told = window.find("print-words").await?.text().await?;
    window
        .step(record, "paper-out", "printed with an empty tray", format!("the window says: {told}"))
        .await?;
    window.at_least("[data-testid^=\"document-\"][data-state=\"confirmed\"]", 1).await?;
    let printed = stand.printer.received_documents()?.len() - before;
    ensure!(printed == 1, "one notice was printed after the paper came, the printer holds {printed} more");
    window.step(record, "refilled", "filled the tray", "the same job went on; one sheet").await
}

async fn printer_gone(stand: &Stand, window: &Window, record: &mut Record) -> Result<()> {
    let before = stand.printer.received_documents()?.len();
    stand.printer.script(PrinterFault::Gone { after_s: 1 })?;
    window.press("action-reprint").await?;
    window.press("reprint-offer-1").await?;
    window.press("reprint-confirm").await?;
    window
        .find_css("[data-testid=\"print-answer-printed\"]:not([data-state=\"blocked\"])")
        .await
        .context("the window asks to look into the tray")?;
    window
        .sight(
            record,
            "printer-gone",
            "the printer was switched off while it printed",
            "nobody knows: the clerk is asked to look into the tray",
        )
        .await?;
    window.press("print-answer-not-printed").await?;
    window.gone("[data-testid=\"print-answer-printed\"]").await?;
    ensure!(
        stand.printer.received_documents()?.len() <= before + 1,
        "an unknown outcome is never printed again by itself"
    );
    window
        .step(record, "answered", "answered that nothing came out", "not printed again unless asked for")
        .await
}
