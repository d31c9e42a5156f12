//! What the letters of a PDF say about the values on its page: a hint, never proof.

use std::fmt::Write as _;

use onewindow_capture::import;
use onewindow_capture::{Evidence, Limits, PaperHint, PaperKind, ReadField, process, read_file_text};
use time::macros::date;

use crate::drawing::pdf_of;

/// A card's values, each with its place in points from the lower left corner of an A4 page.
const CARD: [(&str, f32, f32); 6] = [
    ("姓名 林晓民", 80.0, 700.0),
    ("性别 男", 80.0, 670.0),
    ("民族 汉", 200.0, 670.0),
    ("出生 1986年3月14日", 80.0, 640.0),
    ("住址 浙江省温州市鹿城区江滨路12号402室", 80.0, 610.0),
    ("公民身份号码 330302198603149990", 80.0, 560.0),
];

/// A page on which these texts stand, drawn as squares: what they say is known from the font's own table only. `mode` is the way of drawing
/// (0 seen, 3 unseen).
fn page(texts: &[(&str, f32, f32)], mode: u8) -> Vec<u8> {
    let mut letters: Vec<char> = texts.iter().flat_map(|(text, ..)| text.chars()).collect();
    letters.sort_unstable();
    letters.dedup();
    assert!(letters.len() < 200, "one byte a letter");
    let code = |letter: char| letters.iter().position(|other| *other == letter).unwrap() + 33;
    let mut content = String::from("0.2 g\n");
    for (text, x, y) in texts {
        let codes: String = text.chars().fold(String::new(), |mut hex, letter| {
            let _ = write!(hex, "{:02x}", code(letter));
            hex
        });
        let _ = writeln!(content, "BT {mode} Tr /F1 12 Tf {x} {y} Td <{codes}> Tj ET");
    }
    let table: String = letters
        .iter()
        .map(|letter| format!("<{:02x}> <{:04x}>\n", code(*letter), u32::from(*letter)))
        .collect();
    let unicode = format!(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def 1 begincodespacerange <00> <ff> endcodespacerange \
         {} beginbfchar\n{table}endbfchar endcmap end end",
        letters.len()
    );
    let differences: String = letters.iter().map(|letter| format!("/g{} ", code(*letter))).collect();
    let glyphs: String = letters.iter().map(|letter| format!("/g{} 6 0 R ", code(*letter))).collect();
    let widths: String = letters.iter().map(|letter| if letter.is_ascii() { "500 " } else { "1000 " }).collect();
    let stream = |text: &str| format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len());
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        stream(&content),
        format!(
            "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 33 /LastChar {} \
             /Widths [{widths}] /Encoding << /Type /Encoding /Differences [33 {differences}] >> /CharProcs << {glyphs} >> \
             /Resources << >> /ToUnicode 7 0 R >>",
            32 + letters.len()
        ),
        stream("1000 0 0 0 1000 1000 d1 100 0 300 700 re f"),
        stream(&unicode),
    ];
    pdf_of(&objects, "")
}

fn told(pdf: &[u8]) -> Vec<ReadField> {
    let limits = Limits::default();
    let raw = import::split(pdf, "a.pdf", &limits).unwrap().remove(0);
    let hint = PaperHint::default();
    let processed = process(&raw, &hint, &limits, None).unwrap();
    let (paper, fields) = read_file_text(&processed, &hint, date!(2026 - 11 - 24));
    if !fields.is_empty() {
        assert_eq!(paper.map(|paper| paper.kind), Some(PaperKind::IdCardPortrait));
    }
    fields
}

#[test]
fn a_pages_own_text_gives_values_with_places_and_without_proof() {
    let fields = told(&page(&CARD, 0));
    let check = |key: &str, value: &str| {
        let field = fields.iter().find(|field| field.key == key).unwrap_or_else(|| panic!("{key} in {fields:?}"));
        assert_eq!((field.value.as_str(), field.evidence), (value, Evidence::FileText), "{key}");
        assert!(!field.evidence.is_proven());
        field.region
    };
    check("name", "林晓民");
    check("sex", "male");
    check("birth_date", "1986-03-14");
    let number = check("resident_id", "330302198603149990").expect("a place");
    // 560 points from below on a page of 842, at 300 dpi.
    assert!(number.y.abs_diff(1131) < 40, "{number:?}");
}

#[test]
fn text_beside_what_is_seen_proves_nothing_either() {
    let with_a_line: Vec<(&str, f32, f32)> = CARD.to_vec();
    let unseen = page(&with_a_line, 3);
    // A page that shows nothing is blank, whatever its letters say.
    assert_eq!(told(&unseen), []);
    assert!(told(&page(&CARD, 0)).iter().all(|field| !field.evidence.is_proven()));
}

#[test]
fn a_page_without_letters_says_nothing() {
    assert_eq!(told(&page(&[("。", 80.0, 700.0)], 0)), []);
}
