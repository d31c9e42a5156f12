//! No centre: a case is accepted, the window is killed, everything is there again, and arrives once the centre is back.

use anyhow::{Context, Result, ensure};

use crate::newborn;
use crate::record::Record;
use crate::stand::Stand;
use crate::window::Window;

const JOURNEY: &str = "offline";

/// Walks the case: a one-time notice, because nothing but the applicant is there; enough to be safe, printed, killed and sent.
pub async fn walk(stand: &mut Stand, record: &mut Record) -> Result<()> {
    stand.kill_centre()?;
    let printed_before = stand.printer.received_documents()?.len();
    let window = Window::open(stand, JOURNEY).await?;
    newborn::open_at_papers(&window).await?;
    window.import("photo.child", &stand.paper("newborn-photo.jpg")?, 1).await?;
    window.press("action-forward").await?;
    window.screen("intake-review").await?;
    window.press("outcome-supplement").await?;
    window.find_state("outcome-supplement", "chosen").await?;
    window
        .sight(
            record,
            "deficiencies",
            "reviewed an incomplete case with the centre down",
            "all deficiencies at once",
        )
        .await?;
    window.press("action-forward").await?;
    window.screen("intake-print").await?;
    window.at_least("[data-testid^=\"document-\"][data-state=\"confirmed\"]", 1).await?;
    window.find_state("may-leave", "safe").await?;
    window
        .sight(record, "safe-here", "gave the notice with the centre down", "safe on this PC, notice printed")
        .await?;
    window.kill().await?;
    record.step(JOURNEY, "killed", "killed the window with SIGKILL", "no process is left", None);

    let window = Window::open(stand, JOURNEY).await?;
    window.sign_in("0307", "246810").await?;
    window.screen("desk").await?;
    window
        .find_css("[data-testid=\"worklist-row\"][data-state=\"supplement\"]")
        .await
        .context("the case is in the list after the kill")?;
    window
        .sight(
            record,
            "still-there",
            "started again and signed in without the centre",
            "the case is in the list",
        )
        .await?;
    stand.start_centre()?;
    window.press_css("[data-testid=\"worklist-row\"][data-state=\"supplement\"]").await?;
    window
        .find_css("[data-testid=\"status-centre\"][data-state=\"current\"]")
        .await
        .context("everything arrives once the centre is back")?;
    let printed = stand.printer.received_documents()?.len() - printed_before;
    ensure!(printed == 1, "one notice was printed, the printer holds {printed} more");
    window
        .step(record, "arrived", "started the centre", "nothing waits any more; the notice was printed once")
        .await?;
    window.close().await
}
