//! Documents: how long one takes and how large it is, next to typst, krilla, reportlab and weasyprint in the same run.
//!
//! The peers draw the lines of our own document at their places. Python peers are installed into a folder of their own
//! under `target/bench`; one that can not be installed is told as missing.

#[path = "../../../crates/print/tests/it/sample.rs"]
mod sample;
#[path = "../../../crates/print/tests/it/sample_acts.rs"]
mod sample_acts;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use onewindow_bench::{Report, median};
use onewindow_print::licence_code::{Day, Ed25519Signer, KeyList, LicenceClaims, OfficeKey, RevocationList, sign, verify};
use onewindow_print::{DocumentData, DocumentKind, FontShelf, Language, Mode, RenderedDocument, TemplateShelf, rasterize_slip, render};
use serde::{Deserialize, Serialize};
use time::macros::date;

use sample::data_for;

/// Runs that a median is taken of.
const RUNS: usize = 11;

/// How far apart the ideographs of names are taken.
const NAME_STEP: usize = 29;

/// A line of text on a page, as poppler finds it.
#[derive(Serialize)]
struct Line {
    x_mm: f32,
    y_mm: f32,
    size_pt: f32,
    text: String,
}

/// A document for the peers.
#[derive(Serialize)]
struct Peer {
    width_mm: f32,
    height_mm: f32,
    pages: Vec<Vec<Line>>,
}

#[derive(Deserialize)]
struct Figures {
    ms: Option<f64>,
    bytes: Option<f64>,
    missing: Option<String>,
}

fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into())).join("bench");
    std::fs::create_dir_all(&folder)?;
    let mut report = Report::of("print");
    let begun = Instant::now();
    let fonts = FontShelf::find()?;
    let mut names = 0x5100..0x9F00;
    let receipt = data_for(DocumentKind::ReceiptSlip, Language::Zh);
    let first = draw(DocumentKind::ReceiptSlip, &receipt, &fonts)?;
    report.note("first receipt after start, fonts included", millis(begun.elapsed()), "ms");
    report.note_against("receipt on A5, size", first.pdf.len() as f64, "bytes", "80,000");
    ours(&mut report, "receipt on A5", DocumentKind::ReceiptSlip, &receipt, &fonts, &mut names)?;
    let mut long = data_for(DocumentKind::AcceptanceNotice, Language::Zh);
    long.materials = long.materials.iter().cycle().take(60).cloned().collect();
    let notice = draw(DocumentKind::AcceptanceNotice, &long, &fonts)?;
    report.note("long notice, pages", notice.pages as f64, "pages");
    ours(&mut report, "long notice", DocumentKind::AcceptanceNotice, &long, &fonts, &mut names)?;
    let licence = data_for(DocumentKind::BusinessLicence, Language::Zh);
    ours(&mut report, "business licence", DocumentKind::BusinessLicence, &licence, &fonts, &mut names)?;
    reprint(&mut report, &notice, &long, &fonts)?;
    slip(&mut report, &fonts)?;
    codes(&mut report)?;
    for (what, document) in [("receipt on A5", &first), ("long notice", &notice)] {
        peers(&mut report, what, document, &folder)?;
    }
    report.write(&folder)
}

fn draw(kind: DocumentKind, data: &DocumentData, fonts: &FontShelf) -> Result<RenderedDocument> {
    Ok(render(kind, data, Language::Zh, Mode::Demonstration, fonts)?)
}

fn ours(report: &mut Report, what: &str, kind: DocumentKind, data: &DocumentData, fonts: &FontShelf, names: &mut Range<u32>) -> Result<()> {
    let document = draw(kind, data, fonts)?;
    // Outlines that an earlier document used are remembered, and no counter prints one document twice: every run has a name
    // of characters that no run before had.
    let mut changed = data.clone();
    let taken = median(RUNS, || {
        changed.applicant.name = names.by_ref().step_by(NAME_STEP).take(4).filter_map(char::from_u32).collect();
        if let Some(licence) = &mut changed.licence {
            licence.legal_representative.clone_from(&changed.applicant.name);
        }
        let _another = draw(kind, &changed, fonts);
    });
    report.note_against(format!("{what}: ours, PDF/A-2b with tags"), millis(taken), "ms", "within 10 % of the fastest");
    report.note_against(format!("{what}: ours"), document.pdf.len() as f64, "bytes", "within 10 % of the smallest");
    Ok(())
}

fn reprint(report: &mut Report, stored: &RenderedDocument, data: &DocumentData, fonts: &FontShelf) -> Result<()> {
    let shelf = TemplateShelf::built_in();
    let mut facts = data.copy_facts();
    facts.copy = sample::reprint(Language::Zh);
    let stamp = || shelf.stamp_copy(DocumentKind::AcceptanceNotice, &stored.pdf, &facts, Language::Zh, Mode::Demonstration, fonts);
    stamp()?;
    let taken = median(RUNS, || {
        let _same = stamp();
    });
    report.note("reprint of the long notice from its stored bytes", millis(taken), "ms");
    Ok(())
}

fn slip(report: &mut Report, fonts: &FontShelf) -> Result<()> {
    let data = data_for(DocumentKind::ReceiptSlipRoll, Language::Zh);
    let document = draw(DocumentKind::ReceiptSlipRoll, &data, fonts)?;
    let raster = rasterize_slip(&document.pdf)?;
    let taken = median(RUNS, || {
        let _same = rasterize_slip(&document.pdf);
    });
    report.note("thermal slip: PDF to dots", millis(taken), "ms");
    report.note("thermal slip", f64::from(raster.height), "rows");
    Ok(())
}

fn codes(report: &mut Report) -> Result<()> {
    let signer = Ed25519Signer::from_seed("yunjiang-01", &[7; 32])?;
    let claims = LicenceClaims {
        issuer: "云江市市场监督管理局".into(),
        licence_number: "91330402MAYYYY016L".into(),
        holder: "云江市星隅歌舞娱乐有限公司".into(),
        kind: "business-licence".into(),
        issued: Day(date!(2026 - 11 - 25)),
        valid_to: None,
        copy: 0,
        print_id: "0193a3f0-6c7e-7c50-9d0a-2f4f6d2f8a11".into(),
    };
    let key = OfficeKey {
        office: "云江市".into(),
        public_key: signer.public_key(),
        valid_from: Day(date!(2026 - 01 - 01)),
        valid_to: Day(date!(2027 - 12 - 31)),
        kinds: [].into(),
    };
    let keys = KeyList {
        version: 1,
        keys: [("yunjiang-01".to_owned(), key)].into(),
    };
    let revoked = RevocationList {
        as_of: Day(date!(2026 - 11 - 26)),
        licences: [].into(),
        prints: [].into(),
    };
    let code = sign(&claims, &signer)?;
    if verify(&code, &keys, &revoked).is_err() {
        bail!("a code of ours does not hold");
    }
    let taken = median(201, || {
        let _same = verify(&code, &keys, &revoked);
    });
    report.note("signed code: verification", millis(taken) * 1000.0, "µs");
    report.note("signed code", code.len() as f64, "characters");
    Ok(())
}

/// Lets the peers draw the lines of a document of ours.
fn peers(report: &mut Report, what: &str, document: &RenderedDocument, folder: &Path) -> Result<()> {
    let file = folder.join("ours.pdf");
    std::fs::write(&file, &document.pdf)?;
    let peer = Peer {
        width_mm: document.paper_mm.0,
        height_mm: document.paper_mm.1,
        pages: lines_of(&file)?,
    };
    let given = folder.join("document.json");
    std::fs::write(&given, serde_json::to_vec(&peer)?)?;
    let fonts = serde_json::json!({"folder": "/usr/share/fonts", "truetype": find_truetype()});
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/print_peers.py");
    let output = Command::new(python(folder)?)
        .arg(script)
        .arg(&given)
        .arg(folder)
        .arg(fonts.to_string())
        .output()
        .context("starting the peers")?;
    let figures: std::collections::BTreeMap<String, Figures> =
        serde_json::from_slice(&output.stdout).with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    for (name, figures) in figures {
        match figures {
            Figures {
                ms: Some(ms),
                bytes: Some(bytes),
                ..
            } => {
                report.note(format!("{what}: {name}"), ms, "ms");
                report.note(format!("{what}: {name}"), bytes, "bytes");
            }
            Figures { missing, .. } => println!("{what}: {name} is missing: {}", missing.unwrap_or_default()),
        }
    }
    let (ms, bytes) = krilla(&peer)?;
    report.note(format!("{what}: krilla"), ms, "ms");
    report.note(format!("{what}: krilla"), bytes, "bytes");
    Ok(())
}

/// krilla with the same font, PDF/A-2b.
fn krilla(peer: &Peer) -> Result<(f64, f64)> {
    use krilla::Document;
    use krilla::SerializeSettings;
    use krilla::configure::{Archival, ConfigurationBuilder};
    use krilla::geom::Point;
    use krilla::page::PageSettings;
    use krilla::text::{Font, TextDirection};

    const POINT_MM: f32 = 72.0 / 25.4;
    let bytes = std::fs::read(find_font("NotoSerifCJK-Regular.ttc")?)?;
    let font = Font::new(bytes.into(), 2).context("krilla reads the font")?;
    let draw = || -> Result<Vec<u8>> {
        let configuration = ConfigurationBuilder::new()
            .with_archival_validator(Archival::A2_B)
            .finish()
            .map_err(|error| anyhow::anyhow!("{error:?}"))?;
        let mut document = Document::new_with(SerializeSettings {
            configuration,
            ..SerializeSettings::default()
        });
        let today = krilla::metadata::DateTime::new(2026).month(11).day(25);
        let metadata = krilla::metadata::Metadata::new().title("peer".to_owned()).language("zh-CN".to_owned());
        document.set_metadata(metadata.creation_date(today));
        for lines in &peer.pages {
            let settings = PageSettings::from_wh(peer.width_mm * POINT_MM, peer.height_mm * POINT_MM).context("the size of the page")?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for line in lines {
                let start = Point::from_xy(line.x_mm * POINT_MM, line.y_mm * POINT_MM);
                surface.draw_text(start, font.clone(), line.size_pt, &line.text, false, TextDirection::Auto);
            }
            surface.finish();
            page.finish();
        }
        document.finish().map_err(|error| anyhow::anyhow!("{error:?}"))
    };
    let pdf = draw()?;
    let taken = median(RUNS, || {
        let _same = draw();
    });
    Ok((millis(taken), pdf.len() as f64))
}

/// The words of a PDF with their places, by poppler.
fn lines_of(file: &Path) -> Result<Vec<Vec<Line>>> {
    let output = Command::new("pdftotext")
        .arg("-bbox")
        .arg(file)
        .arg("-")
        .output()
        .context("starting pdftotext")?;
    let text = String::from_utf8(output.stdout)?;
    let mut pages: Vec<Vec<Line>> = Vec::new();
    for line in text.lines().map(str::trim) {
        if line.starts_with("<page") {
            pages.push(Vec::new());
        } else if line.starts_with("<word") {
            let number = |name: &str| -> Option<f32> { line.split(&format!("{name}=\"")).nth(1)?.split('"').next()?.parse().ok() };
            let edges = (number("xMin"), number("yMin"), number("yMax"));
            let (Some(left), Some(top), Some(bottom)) = edges else { continue };
            let words = line.split('>').nth(1).and_then(|rest| rest.split('<').next()).unwrap_or_default();
            // Boxes span the font's whole line, 1.45 em.
            let size_pt = (bottom - top) / 1.45;
            if let Some(page) = pages.last_mut().filter(|_| size_pt < 60.0) {
                page.push(Line {
                    x_mm: left * 25.4 / 72.0,
                    y_mm: (bottom - 0.3 * size_pt) * 25.4 / 72.0,
                    size_pt,
                    text: words.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\""),
                });
            }
        }
    }
    Ok(pages)
}

/// A Python with the peers in a folder of its own.
fn python(folder: &Path) -> Result<PathBuf> {
    let home = folder.join("peers");
    let python = home.join("bin/python");
    if !python.exists() {
        let made = Command::new("python3")
            .args(["-m", "venv"])
            .arg(&home)
            .status()
            .context("making a folder for Python")?;
        if !made.success() {
            bail!("python3 -m venv ended with {made}");
        }
        let _partly = Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "typst==0.15.2", "reportlab==5.1", "weasyprint==70"])
            .status();
    }
    Ok(python)
}

fn find_truetype() -> String {
    ["wqy-zenhei.ttc", "HanaMinA.ttf"]
        .iter()
        .find_map(|file| find_font(file).ok())
        .map(|path| path.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn find_font(file: &str) -> Result<PathBuf> {
    fn search(folder: &Path, file: &str) -> Option<PathBuf> {
        let mut below = Vec::new();
        for entry in std::fs::read_dir(folder).ok()?.flatten() {
            let path = entry.path();
            if path.file_name().is_some_and(|name| name == file) {
                return Some(path);
            }
            if path.is_dir() {
                below.push(path);
            }
        }
        below.iter().find_map(|folder| search(folder, file))
    }
    search(Path::new("/usr/share/fonts"), file).with_context(|| format!("{file} is not installed"))
}

fn millis(taken: Duration) -> f64 {
    taken.as_secs_f64() * 1000.0
}
