//! A supervisor at counter 03 and a case at counter 04: the branch's queue, the case with its pages, a finding let pass, the case sent
//! back; each is an entry of the supervisor's journal, goes over the centre, and is read by the clerk at the other counter.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use thirtyfour::prelude::Key;

use crate::record::Record;
use crate::stand::Stand;
use crate::window::Window;

const JOURNEY: &str = "supervisor";
/// The finding that the supervisor lets pass: the child has neither parent's surname.
const FINDING: &str = "rule.child-surname";
const PASSED_WHY: &str = "随外祖母姓，已见家庭会议书面说明";
const BACK_WHY: &str = "请补录出生医院，并请申请人在申请表上签名";

/// Walks the case.
pub async fn walk(stand: &mut Stand, record: &mut Record) -> Result<()> {
    let case = stand.take_in_at_second_counter(&submission())?;
    let id = case["case_id"].as_str().context("the case has an identity")?.to_owned();
    record.step(
        JOURNEY,
        "second-counter",
        "a clerk at counter 04 took in a case and its counter sent it",
        format!("case {}", case["case_no"].as_str().unwrap_or_default()),
        None,
    );
    let window = Window::open(stand, JOURNEY).await?;
    window.sign_in("0012", "975310").await?;
    queue(&window, record, &id).await?;
    pass(&window, record, &id).await?;
    send_back(&window, record, &id).await?;
    window.close().await?;
    clerk(stand, record, &id).await
}

fn submission() -> Value {
    json!({
        "bundle": "newborn",
        "ticket": "B021",
        "applicant": {"kind": "person", "name": "苏念安", "id_number": "330324199605129988", "phone": "13800000000", "agent": null},
        "answers": {"register_with": "father", "married": "yes", "born_here": "yes", "insured": "neither", "foreign_parent": "no", "children": "1"},
        "files": {"app_form": ["newborn-form-1.jpg", "newborn-form-2.jpg"], "id_card.mother": ["mother-id-card-portrait.jpg"]},
        "fields": {"child_name": "林知夏", "mother_name": "苏念安", "father_name": "周予川"},
        "confirm_fields": true
    })
}

async fn queue(window: &Window, record: &mut Record, id: &str) -> Result<()> {
    window.screen("board").await?;
    window
        .find_css("[data-testid=\"counter-row\"][data-code=\"330302-01-004\"][data-state=\"heard\"]")
        .await
        .context("the board knows the second counter")?;
    window
        .find_css(&format!("[data-testid=\"worklist-row\"][data-case=\"{id}\"]"))
        .await
        .context("the case of the second counter is in the queue of the branch")?;
    window.press_css(&format!("[data-testid=\"waiting-row\"][data-case=\"{id}\"]")).await?;
    window.find_css("[data-testid=\"board-reason\"]").await?;
    window
        .sight(
            record,
            "queue",
            "signed in at counter 03",
            "the queue of the branch: state, age, deadline, clerk; the case of counter 04 is in it",
        )
        .await
}

async fn pass(window: &Window, record: &mut Record, id: &str) -> Result<()> {
    let shown = format!(".decide [data-testid=\"finding-{FINDING}\"]");
    for _point in 0..30 {
        if window.count(&shown).await? > 0 {
            break;
        }
        window.keys(Key::F8 + "").await?;
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    }
    window.find_css(&shown).await.context("the point about the surname is on the board")?;
    window.type_into("board-reason", PASSED_WHY).await?;
    window.type_into("board-pin", "975310").await?;
    window.press("action-override").await?;
    window
        .find_state("toast", "done")
        .await
        .context("the board says that the finding was let pass")?;
    window
        .step(
            record,
            "let-pass",
            "let a warning pass with a reason and the own PIN",
            "noted in the supervisor's journal",
        )
        .await?;
    // The list may be drawn anew while the word travels.
    window.press_css(&format!("[data-testid=\"waiting-row\"][data-case=\"{id}\"]")).await?;
    window.press("action-open").await?;
    window.screen("branch-case").await?;
    window
        .at_least("[data-testid=\"page-thumb\"]:not([data-state=\"pending\"])", 3)
        .await
        .context("the pages of the other counter are shown")?;
    window
        .sight(record, "pages", "opened the case", "pages that were scanned at counter 04, from the centre")
        .await
}

async fn send_back(window: &Window, record: &mut Record, id: &str) -> Result<()> {
    window.press("action-send-back").await?;
    window.type_into("send-back-reason", BACK_WHY).await?;
    window.press("send-back-confirm").await?;
    window.screen("board").await?;
    window
        .find_css(&format!("[data-testid=\"worklist-row\"][data-case=\"{id}\"]"))
        .await
        .context("the case stays in the queue")?;
    window
        .step(
            record,
            "sent-back",
            "sent the case back with a reason",
            "noted in the supervisor's journal, on its way to counter 04",
        )
        .await?;
    window.gone("[data-testid=\"status-centre\"][data-state=\"sending\"]").await
}

async fn clerk(stand: &mut Stand, record: &mut Record, id: &str) -> Result<()> {
    let window = Window::open_at(stand, &stand.second_counter(), JOURNEY).await?;
    window.sign_in("0312", "135791").await?;
    window.screen("desk").await?;
    window.press("worklist-tab-returned").await?;
    window
        .find_css(&format!("[data-testid=\"worklist-row\"][data-case=\"{id}\"]"))
        .await
        .context("the case came back to its clerk")?;
    window.press_css(&format!("[data-testid=\"worklist-row\"][data-case=\"{id}\"]")).await?;
    window.press("action-open").await?;
    let told = window.find_css("[data-testid=\"sent-back\"]").await?.text().await?;
    ensure!(told.contains(BACK_WHY), "the clerk reads the supervisor's reason, the window says {told}");
    window.keys(Key::Control + "h").await?;
    for event in ["finding_overridden", "sent_back"] {
        window
            .find_css(&format!("[data-testid=\"record-row\"][data-code=\"{event}\"]"))
            .await
            .with_context(|| format!("{event} is in the record of the case"))?;
    }
    window
        .sight(
            record,
            "back-at-its-clerk",
            "the clerk at counter 04 opened the returned case and its record",
            "reason, finding let pass and sending back are in the journal",
        )
        .await?;
    window.close().await
}
