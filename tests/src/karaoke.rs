//! Opening a karaoke bar: two licences from departments, printed on a counted blank with a signed code.

use anyhow::{Context, Result, ensure};

use crate::record::Record;
use crate::stand::Stand;
use crate::window::Window;

const JOURNEY: &str = "karaoke";

/// Walks the case.
pub async fn walk(stand: &mut Stand, record: &mut Record) -> Result<()> {
    let window = Window::open(stand, JOURNEY).await?;
    window.sign_in("0307", "246810").await?;
    window.open_case("KTV", "karaoke").await?;
    guide(&window, record).await?;
    papers(stand, &window, record).await?;
    form(&window).await?;
    window.press("action-forward").await?;
    window.screen("intake-review").await?;
    window
        .find_css("[data-testid=\"outcome-accept\"]:not([data-state=\"blocked\"])")
        .await
        .context("acceptance is possible")?;
    window.step(record, "review", "went to the review", "acceptance is possible").await?;
    window.all_read().await?;
    window.press("outcome-accept").await?;
    window.press("action-forward").await?;
    window.screen("intake-print").await?;
    window.at_least("[data-testid^=\"document-\"][data-state=\"confirmed\"]", 3).await?;
    window.find_state("way-decided", "done").await.context("every department decides")?;
    window
        .sight(record, "decided", "waited for the departments", "decided, by the centre's own word")
        .await?;
    licence(stand, &window, record).await?;
    window.close().await
}

async fn guide(window: &Window, record: &mut Record) -> Result<()> {
    window
        .press_css("[data-testid=\"applicant-kind\"] button:nth-of-type(2)")
        .await
        .context("choosing an organisation")?;
    window.name_applicant("云溪市星隅歌舞娱乐有限公司", "91330302MAYYYY2787", "13800000000").await?;
    for (question, choice) in [
        ("legal_form", "company"),
        ("foreign", "no"),
        ("premises", "rented"),
        ("location", "ground_or_above"),
        ("building", "commercial"),
    ] {
        window.answer(question, choice).await?;
    }
    window.type_into("answer-school_distance_m", "850").await?;
    window.keys(thirtyfour::Key::Enter + "").await?;
    window.answer("food", "no").await?;
    window
        .step(record, "guidance", "answered the questions", "the checklist of the karaoke bundle")
        .await?;
    window.press("action-forward").await?;
    window.screen("intake-papers").await
}

async fn papers(stand: &Stand, window: &Window, record: &mut Record) -> Result<()> {
    stand.feed(&["karaoke-form-1.jpg", "karaoke-form-2.jpg"])?;
    window.scan("app_form", 2).await?;
    for side in ["legal-rep-id-card-portrait.jpg", "legal-rep-id-card-emblem.jpg"] {
        stand.scanner.put_on_glass(std::fs::read(stand.paper(side)?)?);
        window.scan("id_card.legal_rep", 1).await?;
    }
    stand.feed(&[
        "tenancy-contract-1.jpg",
        "tenancy-contract-2.jpg",
        "tenancy-contract-3.jpg",
        "tenancy-contract-4.jpg",
        "tenancy-contract-5.jpg",
        "tenancy-contract-6.jpg",
    ])?;
    window.scan("tenancy_contract", 6).await?;
    window
        .step(record, "scanned", "scanned form, card and a contract of six pages", "ten pages on disk")
        .await?;
    for (material, files) in [
        ("shareholder_id", &["shareholder-id.jpg"][..]),
        ("articles", &["articles-1.jpg", "articles-2.jpg"]),
        ("appoint_doc", &["appointment-resolution.jpg"]),
        ("no_bar_decl", &["no-crime-statement.jpg"]),
        ("site_map", &["site-map.jpg"]),
        ("floor_plan", &["floor-plan.jpg"]),
        ("audio_list", &["audio-list.jpg"]),
    ] {
        for file in files {
            window
                .import(material, &stand.paper(file)?, 1)
                .await
                .with_context(|| format!("importing {file}"))?;
        }
    }
    window.choose_paper("premises_proof").await?;
    window.press("action-mark").await?;
    window
        .step(
            record,
            "papers",
            "imported the rest, took the commitment on the premises",
            "ten papers are there",
        )
        .await
}

async fn form(window: &Window) -> Result<()> {
    window.choose_paper("app_form").await?;
    for (field, value) in [
        ("enterprise_name", "云溪市星隅歌舞娱乐有限公司"),
        ("registered_capital", "2000000.00"),
        ("business_scope", "歌舞娱乐活动"),
        ("legal_rep_name", "滕予安"),
        ("managers", "滕予安"),
        ("shareholders", "滕予安"),
        ("official_relatives", "no"),
        ("address", "云溪市南塘大道99号3层"),
        ("premises_owner", "云溪市南塘商业管理有限公司"),
        ("use_area_m2", "860"),
        ("room_count", "22"),
        ("guests", "300"),
        ("floor", "3"),
        ("contact_phone", "13800000000"),
        ("delivery_address", "云溪市南塘大道99号3层"),
    ] {
        window.fill(field, value).await.with_context(|| format!("filling {field}"))?;
    }
    Ok(())
}

async fn licence(stand: &Stand, window: &Window, record: &mut Record) -> Result<()> {
    window.keys(thirtyfour::Key::Alt + "3").await?;
    window.screen("hand-out").await?;
    window.press("handout-case").await?;
    let before = stand.printer.received_documents()?.len();
    window.press("handout-matter-business_licence").await?;
    window.type_into("blank-serial", "33YY000231").await?;
    window.press("action-issue").await?;
    window
        .find_state("handout-step", "look")
        .await
        .context("the licence is printed and waits for the clerk's look")?;
    window
        .sight(
            record,
            "licence",
            "printed the business licence on blank 33YY000231",
            "the blank is booked and the sheet at the printer",
        )
        .await?;
    window.press("blank-used").await?;
    window.find_state("handout-step", "over").await?;
    let received = stand.printer.received_documents()?.len();
    ensure!(
        received == before + 1,
        "one licence was printed, the printer received {} documents",
        received - before
    );
    window.type_into("handout-receiver", "滕予安").await?;
    window.press("action-hand-over").await?;
    window
        .sight(record, "handed-over", "handed the licence over", "one sheet, one blank, one receiver")
        .await
}
