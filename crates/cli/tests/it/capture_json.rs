//! `docs/capture-json.md` against what `onewindow capture --json` says: every key and every closed word of real answers stands in its
//! tables, and everything in its tables is said by the program.

#![allow(clippy::print_stderr, reason = "a test says what it skipped")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use onewindow_capture::{Evidence, PageVerdict, PaperKind, field_keys};
use onewindow_testkit::papers::{Cast, DrawOptions, Paper, PaperKind as Drawn, Placement, draw, encode_jpeg, encode_pdf, on_glass};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{lines, onewindow};

const PAGE: &str = include_str!("../../../../docs/capture-json.md");

type Words = BTreeSet<String>;

/// The tables of one section: the words of the first cell of a row, then those of the rest of it.
struct Tables {
    rows: Vec<(Words, Words)>,
}

impl Tables {
    fn of(heading: &str) -> Self {
        let section = PAGE.split("\n#").find(|part| part.trim_start_matches('#').trim_start().starts_with(heading));
        let section = section.unwrap_or_else(|| panic!("the page has a section {heading}"));
        let rows = section.lines().filter_map(|line| line.strip_prefix("| ")?.split_once('|'));
        Self {
            rows: rows.map(|(first, rest)| (words(first), words(rest))).filter(|row| !row.0.is_empty()).collect(),
        }
    }

    /// The keys of all rows; the heads of the tables aside.
    fn keys(&self) -> Words {
        self.rows.iter().flat_map(|row| row.0.clone()).collect()
    }

    /// What a row says besides its key.
    fn row(&self, key: &str) -> &Words {
        let row = self.rows.iter().find(|row| row.0.contains(key));
        &row.unwrap_or_else(|| panic!("a row for {key}")).1
    }
}

/// The words between backticks, without the marks of lists.
fn words(text: &str) -> Words {
    let marked = text.split('`').skip(1).step_by(2);
    marked.map(|word| word.split('[').next().unwrap_or(word).to_owned()).collect()
}

/// All words of a closed enumeration, as its own reader tells them when it is given another.
fn closed<T: DeserializeOwned>() -> Words {
    match serde_json::from_value::<T>("no such word".into()) {
        Ok(_) => panic!("any word is taken"),
        Err(error) => words(&error.to_string()).into_iter().filter(|word| word != "no such word").collect(),
    }
}

fn set<const N: usize>(words: [&str; N]) -> Words {
    words.map(str::to_owned).into()
}

fn keys(value: &Value) -> Words {
    value.as_object().unwrap_or_else(|| panic!("an object: {value}")).keys().cloned().collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text: {value}")).to_owned()
}

fn each<'v>(value: &'v Value, list: &str) -> impl Iterator<Item = &'v Value> {
    value[list].as_array().unwrap_or_else(|| panic!("{list} is a list: {value}")).iter()
}

fn is_region(value: &Value) {
    assert_eq!(keys(value), set(["x", "y", "width", "height"]), "{value}");
}

fn is_wording(value: &Value) {
    assert_eq!(keys(value), set(["zh", "en"]), "{value}");
}

/// Looks at one page's answer and remembers its fields by kind of paper.
fn check_page(answer: &Value, seen: &mut BTreeMap<String, Words>) {
    let file = Tables::of("File");
    let mut own = keys(answer);
    own.remove("part");
    assert_eq!(own, set(["file", "number", "original", "corrected", "notes", "page", "reading"]), "{answer}");
    for note in each(answer, "notes") {
        assert_eq!(keys(note), set(["code", "message"]));
        assert!(file.row("notes").contains(&text(&note["code"])), "{note}");
    }
    let (table, page) = (Tables::of("`page`"), &answer["page"]);
    assert_eq!(keys(page), table.keys(), "keys of `page`");
    for corner in each(page, "corners") {
        assert_eq!(keys(corner), set(["x", "y"]));
    }
    assert_eq!(keys(&page["quality"]), *table.row("quality"), "keys of `quality`");
    assert_eq!(keys(&page["timings_ms"]), *table.row("timings_ms"), "keys of `timings_ms`");
    assert!(table.row("verdict").contains(&text(&page["verdict"])), "{}", page["verdict"]);
    for finding in each(page, "findings") {
        assert_eq!(keys(finding), set(["code", "region", "message"]));
        let code = text(&finding["code"]);
        assert!(table.row("findings").contains(&code) || table.row("verdict").contains(&code), "{code}");
        is_wording(&finding["message"]);
    }
    let reading = &answer["reading"];
    for code in each(page, "codes").chain(reading.get("codes").into_iter().flat_map(|codes| codes.as_array().into_iter().flatten())) {
        assert_eq!(keys(code), set(["format", "text", "region"]));
        assert!(table.row("codes").contains(&text(&code["format"])), "{code}");
        is_region(&code["region"]);
    }
    if !reading.is_null() {
        check_reading(answer, seen);
    }
}

fn check_reading(answer: &Value, seen: &mut BTreeMap<String, Words>) {
    let (table, reading) = (Tables::of("`reading`"), &answer["reading"]);
    assert_eq!(keys(reading), table.keys(), "keys of `reading`");
    assert_eq!(reading["quarter_turns"], answer["page"]["rotated_quarter_turns"], "said twice");
    let mut kind = "other".to_owned();
    if !reading["paper"].is_null() {
        assert_eq!(keys(&reading["paper"]), set(["kind", "confidence"]));
        kind = text(&reading["paper"]["kind"]);
        assert!(table.row("paper").contains(&kind), "{kind}");
    }
    for line in each(reading, "text") {
        assert_eq!(keys(line), set(["text", "region", "confidence"]));
        is_region(&line["region"]);
    }
    let mrz = &reading["mrz"];
    if !mrz.is_null() {
        assert_eq!(keys(mrz), set(["lines", "kind", "valid", "repaired", "fields", "region"]));
        let known = table.row("mrz");
        assert!(mrz["kind"] == "" || known.contains(&text(&mrz["kind"])), "{mrz}");
        assert!(keys(&mrz["fields"]).is_subset(known), "{mrz}");
    }
    let (evidence, by_kind) = (Tables::of("Evidence"), Tables::of("Keys of fields"));
    for field in each(reading, "fields") {
        assert_eq!(keys(field), set(["key", "value", "region", "evidence", "confidence"]));
        assert!(evidence.keys().contains(&text(&field["evidence"])), "{field}");
        let key = text(&field["key"]);
        let of_zone = !mrz.is_null() && by_kind.row("travel_document").contains(&key);
        assert!(of_zone || by_kind.row(&kind).contains(&key), "{key} on a {kind}");
        seen.entry(kind.clone()).or_default().insert(key);
    }
}

fn drawn(kind: Drawn) -> Paper {
    draw(kind, &Cast::demo(), &DrawOptions::default()).expect("drawn")
}

fn on_a4(paper: &Paper, x_mm: f32, y_mm: f32, angle_deg: f32) -> Paper {
    on_glass(
        paper,
        &Placement {
            x_mm,
            y_mm,
            angle_deg,
            glass_mm: Placement::A4,
        },
    )
}

/// Two cards on one glass: what lies below the middle comes from another scan of the same glass.
fn two_cards() -> Paper {
    let mut glass = on_a4(&drawn(Drawn::IdCardPortrait), 30.0, 30.0, 0.0);
    let other = on_a4(&drawn(Drawn::IdCardEmblem), 30.0, 180.0, 0.0);
    let half = glass.image.height() / 2;
    let below = other.image.enumerate_pixels().filter(|(_, y, _)| *y >= half);
    for (x, y, pixel) in below {
        glass.image.put_pixel(x, y, *pixel);
    }
    glass
}

/// Papers as files: certificates with codes, a zone and two persons, cards that lie on their head and side, two on one glass, an empty sheet.
fn papers(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut keep = |name: &str, bytes: Vec<u8>| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).expect("written");
        files.push(path);
    };
    for (name, kind) in [
        ("cover.jpg", Drawn::HouseholdCover),
        ("marriage.jpg", Drawn::MarriageCertificate),
        ("passport.jpg", Drawn::PassportDataPage),
        ("birth.jpg", Drawn::BirthCertificate),
        ("licence.jpg", Drawn::BusinessLicence),
        ("invoice.jpg", Drawn::VatInvoice),
    ] {
        keep(name, encode_jpeg(&drawn(kind), 92).expect("encoded"));
    }
    for (name, angle_deg) in [("head.jpg", 180.0), ("left.jpg", 270.0), ("right.jpg", 90.0)] {
        let laid = on_a4(&drawn(Drawn::IdCardPortrait), 60.0, 110.0, angle_deg);
        keep(name, encode_jpeg(&laid, 92).expect("encoded"));
    }
    keep("two.jpg", encode_jpeg(&two_cards(), 92).expect("encoded"));
    keep("card.pdf", encode_pdf(&[drawn(Drawn::IdCardEmblem)], 92).expect("written"));
    let mut empty = drawn(Drawn::PensionForm);
    empty.image.fill(250);
    keep("empty.jpg", encode_jpeg(&empty, 92).expect("encoded"));
    files
}

/// Where the reading models are, when they are installed.
fn models() -> Option<PathBuf> {
    let folder = std::env::var_os("ONEWINDOW_MODELS")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache/onewindow/models")));
    folder.filter(|folder| folder.join("PP-OCRv6_rec_small.onnx").is_file())
}

fn capture(folder: &Path, files: &[PathBuf], more: &[&str]) -> Vec<Value> {
    let out = folder.join("out").to_string_lossy().into_owned();
    let named: Vec<String> = files.iter().map(|file| file.to_string_lossy().into_owned()).collect();
    let mut words = vec!["capture", "--json", "--today", "2026-11-21", "--out", &out];
    words.extend(more);
    words.extend(named.iter().map(String::as_str));
    let output = onewindow(folder, &words, "");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    lines(&output)
}

#[test]
fn the_tables_name_the_words_that_the_program_knows() {
    let page = Tables::of("`page`");
    let evidence = Tables::of("Evidence").rows.into_iter().filter(|row| !row.0.contains("evidence"));
    assert_eq!(*page.row("verdict"), closed::<PageVerdict>());
    assert_eq!(evidence.flat_map(|row| row.0).collect::<Words>(), closed::<Evidence>());
    let kinds = closed::<PaperKind>();
    assert_eq!(*Tables::of("`reading`").row("paper"), &kinds | &set(["kind", "confidence", "null"]));
    let by_kind = Tables::of("Keys of fields");
    assert_eq!(by_kind.keys(), kinds);
    for kind in kinds {
        let known: PaperKind = serde_json::from_value(kind.clone().into()).expect("a kind");
        assert_eq!(*by_kind.row(&kind), field_keys(known), "keys of {kind}");
    }
}

#[test]
fn every_key_and_closed_word_of_real_pages_stands_in_the_tables() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = papers(folder.path());
    let models = models();
    let named = models.as_deref().map(|folder| folder.to_string_lossy().into_owned());
    let more: Vec<&str> = named.as_deref().map_or_else(Vec::new, |folder| vec!["--models", folder]);
    let answers = capture(folder.path(), &files, &more);
    assert_eq!(answers.len(), files.len() + 1, "one answer a page, two for two cards");
    let mut seen = BTreeMap::new();
    for answer in &answers {
        check_page(answer, &mut seen);
    }
    let mut known: Words = answers.iter().flat_map(keys).collect();
    known.insert("fault".to_owned());
    assert_eq!(known, Tables::of("File").keys(), "each key of a file comes up");
    assert!(
        answers
            .iter()
            .any(|answer| answer["page"]["blank"] == true && answer["page"]["verdict"] == "blank")
    );
    if models.is_none() {
        eprintln!("skipped: reading models are not installed");
        assert!(answers.iter().all(|answer| answer["reading"].is_null()), "no models, no reading");
        return;
    }
    for (name, turns, corner) in [("head.jpg", 2, "x"), ("left.jpg", 1, "y"), ("right.jpg", 3, "x")] {
        let answer = answers.iter().find(|answer| answer["file"].as_str().is_some_and(|file| file.ends_with(name)));
        let page = &answer.unwrap_or_else(|| panic!("{name} is told"))["page"];
        assert_eq!(page["rotated_quarter_turns"], turns, "{name}");
        let sides = [&page["width_px"], &page["height_px"]].map(|side| side.as_u64().unwrap_or_default());
        assert!(sides[0] > sides[1], "a card is wider than high: {name} {sides:?}");
        assert!(page["width_mm"].as_f64() > page["height_mm"].as_f64(), "{name}");
        // From the card's first corner to its third, on the picture as it came.
        let from_first = page["corners"][2][corner].as_f64().zip(page["corners"][0][corner].as_f64());
        assert!(from_first.is_some_and(|(third, first)| third < first), "{name}: {}", page["corners"]);
        let corrected = answer.and_then(|answer| answer["corrected"].as_str()).expect("a file");
        let picture = image::open(folder.path().join("out").join(corrected)).expect("a picture");
        assert_eq!(
            [picture.width(), picture.height()].map(u64::from),
            sides,
            "{name}: the file has the sides that are told"
        );
        let lowest = each(&answer.expect("told")["reading"], "fields").find(|field| field["key"] == "resident_id");
        let y = lowest.and_then(|field| field["region"]["y"].as_u64()).expect("a place of the number");
        assert!(y > sides[1] / 2, "{name}: the number stands in the lower half of the upright card");
    }
    let read: BTreeSet<&str> = seen.keys().map(String::as_str).collect();
    for kind in [
        "id_card_portrait",
        "id_card_emblem",
        "household_cover",
        "travel_document",
        "business_licence",
        "invoice",
    ] {
        assert!(read.contains(kind), "{kind} is among {read:?}");
    }
    assert!(seen["household_cover"].contains("household_head"), "{:?}", seen["household_cover"]);
}

/// A PDF whose forms call each other: 12 floors of 40 calls each, which no drawer ends in a lifetime.
fn endless() -> Vec<u8> {
    const FLOORS: usize = 12;
    let form = |floor: usize| {
        let content = if floor == FLOORS {
            "0.2 g 20 20 5 5 re f".to_owned()
        } else {
            "/A Do ".repeat(40)
        };
        let next = if floor == FLOORS {
            String::new()
        } else {
            format!("/XObject << /A {} 0 R >>", 4 + floor + 1)
        };
        let size = content.len();
        format!("<< /Type /XObject /Subtype /Form /BBox [0 0 200 300] /Resources << {next} >> /Length {size} >>\nstream\n{content}\nendstream")
    };
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] /Contents 4 0 R /Resources << /XObject << /A 5 0 R >> >> >>".to_owned(),
        "<< /Length 5 >>\nstream\n/A Do\nendstream".to_owned(),
    ];
    objects.extend((1..=FLOORS).map(form));
    pdf_of(&objects, "")
}

fn pdf_of(objects: &[String], more: &str) -> Vec<u8> {
    let mut text = "%PDF-1.4\n".to_owned();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(objects) {
        offsets.push(text.len());
        text += &format!("{number} 0 obj\n{object}\nendobj\n");
    }
    let table = text.len();
    let entries: String = offsets.iter().map(|offset| format!("{offset:010} 00000 n \n")).collect();
    let size = objects.len() + 1;
    text += &format!("xref\n0 {size}\n0000000000 65535 f \n{entries}trailer\n<< /Size {size} /Root 1 0 R {more} >>\nstartxref\n{table}\n%%EOF\n");
    text.into_bytes()
}

/// A PDF of so many empty pages.
fn pages(count: usize, lock: &str) -> Vec<u8> {
    let kids: String = (0..count).map(|at| format!("{} 0 R ", 3 + at)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{kids}] /Count {count} >>"),
    ];
    objects.resize(2 + count, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] >>".to_owned());
    pdf_of(&objects, lock)
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::GrayImage::from_pixel(width, height, image::Luma([200]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("written");
    bytes.into_inner()
}

/// A file for every fault that a file can have.
fn bad_files(folder: &Path) -> Vec<(PathBuf, &'static str)> {
    let key = "41".repeat(32);
    let lock = format!("/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{key}> /U <{key}> >> /ID [<{key}> <{key}>]");
    let mut bomb = png(90, 120);
    bomb[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    let heic = [&24_u32.to_be_bytes()[..], b"ftypheic\0\0\0\0mif1heic"].concat();
    let files = [
        ("empty.jpg", Vec::new(), "file-empty"),
        ("moving.gif", b"GIF89a.......................".to_vec(), "file-type-unsupported"),
        ("photo.heic", heic, "heic-not-taken"),
        ("cut.pdf", b"%PDF-1.7 nothing".to_vec(), "file-unreadable"),
        ("bomb.png", bomb, "image-too-large"),
        ("dot.png", png(1, 1), "image-too-small"),
        ("book.pdf", pages(5_000, ""), "too-many-pages"),
        ("none.pdf", pages(0, ""), "no-pages"),
        ("locked.pdf", pages(1, &lock), "pdf-encrypted"),
        ("endless.pdf", endless(), "file-too-slow"),
    ];
    let mut kept: Vec<(PathBuf, &'static str)> = Vec::new();
    for (name, bytes, code) in files {
        let path = folder.join(name);
        std::fs::write(&path, bytes).expect("written");
        kept.push((path, code));
    }
    let large = folder.join("large.tif");
    std::fs::File::create(&large)
        .and_then(|file| file.set_len(64 * 1024 * 1024 + 1))
        .expect("a file with a hole");
    kept.push((large, "file-too-large"));
    kept
}

#[test]
fn every_bad_file_is_a_fault_of_the_tables_in_its_time_and_the_others_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let bad = bad_files(folder.path());
    let good = folder.path().join("good.png");
    std::fs::write(&good, png(300, 400)).expect("written");
    let files: Vec<PathBuf> = bad.iter().map(|(file, _)| file.clone()).chain([good]).collect();
    let started = std::time::Instant::now();
    let answers = capture(folder.path(), &files, &["--seconds-per-file", "2"]);
    assert!(started.elapsed() < std::time::Duration::from_secs(60), "{:?}", started.elapsed());
    assert_eq!(answers.len(), files.len(), "one answer a file");
    for ((file, code), answer) in bad.iter().zip(&answers) {
        assert_eq!(keys(answer), set(["file", "fault"]), "{answer}");
        assert_eq!(answer["file"], file.to_string_lossy().as_ref());
        assert_eq!(answer["fault"]["code"], *code, "{answer}");
        assert_eq!(keys(&answer["fault"]), set(["code", "message"]));
        is_wording(&answer["fault"]["message"]);
    }
    assert_eq!(answers.last().expect("the good file")["number"], 1, "what comes after bad files is taken");
    let said: Words = answers
        .iter()
        .filter_map(|answer| answer["fault"]["code"].as_str().map(str::to_owned))
        .collect();
    let others = set(["code", "message", "file", "number", "import-worker-missing"]);
    assert_eq!(&said | &others, *Tables::of("File").row("fault"), "each fault comes up");
}
