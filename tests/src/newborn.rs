//! A child is born: from typed initials to the printed notice, then the centre's word, in the real window.

use anyhow::{Context, Result, ensure};

use crate::record::Record;
use crate::stand::Stand;
use crate::window::Window;

const JOURNEY: &str = "newborn";

/// Walks the case.
pub async fn walk(stand: &mut Stand, record: &mut Record) -> Result<()> {
    let window = Window::open(stand, JOURNEY).await?;
    window.screen("sign-in").await?;
    window
        .sight(
            record,
            "sign-in",
            "opened the window",
            "the sign-in screen lists the staff of the demonstration",
        )
        .await?;
    window.sign_in("0307", "246810").await?;
    window.open_case("xse", "newborn").await?;
    window
        .step(
            record,
            "found",
            "typed the initials xse and took the first service",
            "the guidance of the newborn bundle is open",
        )
        .await?;
    guide(&window, record).await?;
    papers(stand, &window, record).await?;
    form(&window).await?;
    window
        .step(record, "form", "filled the rest of the form", "every required field has a value")
        .await?;
    decide(&window, record).await?;
    arrive(stand, &window, record).await?;
    window.figures(record).await?;
    window.close().await
}

/// Opens a case of a mother with her first child and goes on to the papers; for journeys about something else.
pub async fn open_at_papers(window: &Window) -> Result<()> {
    window.sign_in("0307", "246810").await?;
    window.open_case("newborn", "newborn").await?;
    window.name_applicant("何映秋", "330324199605129988", "13800000000").await?;
    answer_questions(window, "mother", "neither").await?;
    window.press("action-forward").await?;
    window.screen("intake-papers").await
}

async fn answer_questions(window: &Window, register_with: &str, insured: &str) -> Result<()> {
    for (question, choice) in [
        ("register_with", register_with),
        ("married", "yes"),
        ("born_here", "yes"),
        ("insured", insured),
        ("foreign_parent", "no"),
        ("children", "1"),
    ] {
        window.answer(question, choice).await?;
    }
    Ok(())
}

async fn guide(window: &Window, record: &mut Record) -> Result<()> {
    window.name_applicant("苏念安", "330324199605129988", "13800000000").await?;
    answer_questions(window, "father", "mother").await?;
    // The law asks for a guardian's consent to the use of a small child's data.
    window.press("action-visit").await?;
    window.press("consent-child-data").await?;
    window.find_state("consent-child-data", "given").await?;
    window.press("visit-save").await?;
    window.gone("[data-testid=\"visit\"]").await?;
    let papers = window.text_of("[data-testid=\"needed-papers\"]").await?;
    let matters = window.text_of("[data-testid=\"needed-matters\"]").await?;
    ensure!(
        papers == "5" && matters == "6",
        "the story asks for 6 matters with 5 papers, the window says {matters} with {papers}"
    );
    window
        .sight(record, "guidance", "answered six questions", "6 matters, 5 papers of formerly 29")
        .await?;
    window.press("action-forward").await?;
    window.screen("intake-papers").await
}

async fn papers(stand: &Stand, window: &Window, record: &mut Record) -> Result<()> {
    stand.feed(&["newborn-form-1.jpg", "newborn-form-2.jpg"])?;
    window.scan("app_form", 2).await?;
    window
        .sight(
            record,
            "feeder",
            "scanned two sheets from the feeder through SANE and eSCL",
            "two pages on disk, judged",
        )
        .await?;
    for (material, sides) in [
        ("id_card.mother", ["mother-id-card-portrait.jpg", "mother-id-card-emblem.jpg"]),
        ("id_card.father", ["father-id-card-portrait.jpg", "father-id-card-emblem.jpg"]),
    ] {
        for side in sides {
            stand.scanner.put_on_glass(std::fs::read(stand.paper(side)?)?);
            window.scan(material, 1).await?;
        }
    }
    window
        .step(
            record,
            "cards",
            "scanned two cards from the glass, both sides",
            "four pages, cropped to the card",
        )
        .await?;
    window.import("hukou.register", &stand.paper("household-cover.jpg")?, 1).await?;
    window.import_by_dialog("hukou.register", &stand.paper("household-member-1.jpg")?, 1).await?;
    window.drag_in("photo.child", &stand.paper("newborn-photo.jpg")?, 1).await?;
    window
        .step(
            record,
            "import",
            "imported the booklet by path and by the file dialog, dropped the photo",
            "three pages on disk, judged",
        )
        .await?;
    window.choose_paper("id_card.father").await?;
    let number = window
        .find_css("[data-testid=\"field-father_id\"][data-code=\"resident_id\"]")
        .await
        .context("the father's number is read on the card")?;
    let state = number.attr("data-state").await?.unwrap_or_default();
    window
        .sight(
            record,
            "reading",
            "waited for the reader",
            format!("the number of the father's card was read with its check digit, state {state}"),
        )
        .await
}

async fn form(window: &Window) -> Result<()> {
    // The values of papers are compared one by one; what no paper carries is typed.
    window.press_css("[data-testid=\"checklist-item-app_form\"]").await?;
    for (field, value) in [
        ("child_name", "周知夏"),
        ("child_sex", "F"),
        ("birth_time", "2026-11-09T03:26"),
        ("birth_weight_g", "3280"),
        ("gestation_weeks", "39"),
        ("birth_hospital", "云溪市第一人民医院"),
        ("mother_name", "苏念安"),
        ("mother_id", "330324199605129988"),
        ("father_name", "周予川"),
        ("father_id", "330302199408239995"),
        ("household_head", "周予川"),
        ("household_address", "云溪市南塘街道听泉路18号2幢601室"),
        ("guardian_phone", "13800000000"),
        ("delivery_address", "云溪市南塘街道听泉路18号2幢601室"),
        ("bank_account", "6217000000000006"),
        ("insurer_employer", "云溪市听泉小学"),
    ] {
        window.fill(field, value).await.with_context(|| format!("filling {field}"))?;
    }
    Ok(())
}

async fn decide(window: &Window, record: &mut Record) -> Result<()> {
    window.press("action-forward").await?;
    window.screen("intake-review").await?;
    window
        .find_css("[data-testid=\"outcome-accept\"]:not([data-state=\"blocked\"])")
        .await
        .context("acceptance is possible")?;
    window
        .sight(record, "review", "went to the review", "acceptance is possible, every point told at once")
        .await?;
    window.all_read().await?;
    window.press("outcome-accept").await?;
    window.press("action-forward").await?;
    window.screen("intake-print").await?;
    window
        .at_least("[data-testid^=\"document-\"][data-state=\"confirmed\"]", 3)
        .await
        .context("three documents are printed")?;
    window
        .sight(
            record,
            "printed",
            "accepted; receipt slip, notice and pick-up slip printed over IPP",
            "the printer says completed for three documents",
        )
        .await
}

async fn arrive(stand: &Stand, window: &Window, record: &mut Record) -> Result<()> {
    let received = stand.printer.received_documents()?.len();
    ensure!(received >= 3, "the printer holds {received} documents");
    window
        .find_state("way-received", "done")
        .await
        .context("the centre says that it holds the case")?;
    window
        .step(record, "received", "waited for the centre", "received, by the centre's own answer")
        .await?;
    window
        .find_state("way-with-department", "done")
        .await
        .context("the centre says that departments work on it")?;
    window
        .sight(
            record,
            "with-department",
            "waited for the departments",
            "with department, by the centre's own answer",
        )
        .await
}
