//! What independent validators of archive files say. Skipped, and said so, where they are not installed.
//!
//! There is no free validator of PDF/A-2b that can be had here from a registry. Apache PDFBox validates PDF/A-1b in full, so
//! documents are changed into that level, which differs in packing, in what the metadata call it and in a list of glyphs that
//! only it asks for, and everything else (fonts, widths, colours, metadata, structure) is judged as it is.

use std::path::Path;

use lopdf::{Document, Stream, dictionary, xref::XrefType};
use onewindow_print::{DocumentKind, RenderedDocument};

use crate::{
    sample::data_for,
    tools::{LANGUAGES, draw, keep, probe},
};

/// Where Debian keeps what PDFBox's `preflight` consists of.
const JARS: [&str; 8] = [
    "preflight",
    "pdfbox2",
    "fontbox2",
    "xmpbox",
    "commons-logging",
    "commons-io",
    "jaxb-api",
    "javax.activation",
];

/// A licence, a notice of several parts, a sheet of amounts, and a roll.
const KINDS: [DocumentKind; 4] = [
    DocumentKind::BusinessLicence,
    DocumentKind::AcceptanceNotice,
    DocumentKind::PaymentDecision,
    DocumentKind::ReceiptSlipRoll,
];

/// `preflight`'s verdict on a file; `None` where it is not installed.
fn preflight(file: &Path) -> Option<String> {
    let jars: Vec<String> = JARS.iter().map(|jar| format!("/usr/share/java/{jar}.jar")).collect();
    if let Some(missing) = jars.iter().find(|jar| !Path::new(jar).is_file()) {
        eprintln!("skipped: {missing} is not installed (Debian package libpdfbox2-java)");
        return None;
    }
    let output = probe(
        "java",
        &["-cp", &jars.join(":"), "org.apache.pdfbox.preflight.Validator_A1b", file.to_str().unwrap()],
    )?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The document as PDF/A-1b.
fn as_level_1b(rendered: &RenderedDocument) -> RenderedDocument {
    let mut document = Document::load_mem(&rendered.pdf).unwrap();
    "1.4".clone_into(&mut document.version);
    document.reference_table.cross_reference_type = XrefType::CrossReferenceTable;
    let kept = ["Root", "Info", "ID"].map(|key| (key, document.trailer.get(key.as_bytes()).unwrap().clone()));
    document.trailer = kept.into_iter().collect();
    let metadata = document.catalog().unwrap().get(b"Metadata").unwrap().as_reference().unwrap();
    let metadata = document.get_object_mut(metadata).unwrap().as_stream_mut().unwrap();
    let text = String::from_utf8(metadata.content.clone()).unwrap();
    metadata.set_plain_content(text.replace("<pdfaid:part>2<", "<pdfaid:part>1<").into_bytes());
    let fonts: Vec<_> = document
        .objects
        .values()
        .filter_map(|object| object.as_dict().ok().filter(|font| font.has(b"DescendantFonts")))
        .map(|font| {
            let below = font.get_deref(b"DescendantFonts", &document).unwrap().as_array().unwrap()[0].clone();
            let face = document.dereference(&below).unwrap().1.as_dict().unwrap();
            (face.get(b"FontDescriptor").unwrap().as_reference().unwrap(), glyphs_of(&document, font))
        })
        .collect();
    assert!(!fonts.is_empty(), "there are fonts");
    for (descriptor, glyphs) in fonts {
        let set = document.add_object(Stream::new(dictionary! {}, glyphs));
        document.get_dictionary_mut(descriptor).unwrap().set("CIDSet", set);
    }
    document.prune_objects();
    let mut pdf = Vec::new();
    document.save_to(&mut pdf).unwrap();
    RenderedDocument { pdf, ..rendered.clone() }
}

/// The glyphs of a font as ISO 32000-1 table 124 wants them: a bit a glyph number, the highest first, set when it is there.
/// They are numbered without gaps, from 0 for what is missing to the last that the map to Unicode knows.
fn glyphs_of(document: &Document, font: &lopdf::Dictionary) -> Vec<u8> {
    let map = font.get_deref(b"ToUnicode", document).unwrap().as_stream().unwrap();
    let map = String::from_utf8(map.decompressed_content().unwrap()).unwrap();
    let known = map
        .split("beginbfchar")
        .skip(1)
        .flat_map(|block| block.split("endbfchar").next().unwrap().lines());
    let last = known.filter_map(|entry| u16::from_str_radix(entry.get(1..5)?, 16).ok()).max().unwrap();
    let mut bits = vec![0_u8; usize::from(last) / 8 + 1];
    for glyph in 0..=last {
        bits[usize::from(glyph) / 8] |= 0x80 >> (glyph % 8);
    }
    bits
}

#[test]
fn pdfbox_finds_nothing_wrong_with_the_level_that_it_knows() {
    for kind in KINDS {
        let language = LANGUAGES[kind as usize % LANGUAGES.len()];
        let document = draw(kind, &data_for(kind, language), language);
        let (_folder, file) = keep(&as_level_1b(&document), "level-1b");
        let Some(verdict) = preflight(&file) else { return };
        assert!(verdict.contains("is a valid PDF/A-1b file"), "{}: {verdict}", kind.name());
    }
}

#[test]
fn pdfbox_still_sees_what_is_wrong() {
    let kind = DocumentKind::QueueTicket;
    let document = draw(kind, &data_for(kind, LANGUAGES[0]), LANGUAGES[0]);
    let (_folder, file) = keep(&document, "level-2b");
    let Some(verdict) = preflight(&file) else { return };
    for said in ["cross reference streams are not allowed", "CIDSet", "part must be 1"] {
        assert!(verdict.contains(said), "{verdict}");
    }
}

/// `pdf_oxide`, a PDF library of others, from Python: whether it calls a file valid at a level, and its errors.
const PDF_OXIDE: &str = "import json, sys, pdf_oxide\n\
    document = pdf_oxide.PdfDocument(sys.argv[1])\n\
    told = [document.validate_pdf_a('2b'), document.validate_pdf_ua()]\n\
    print(json.dumps([[each['valid'], each['errors']] for each in told]))\n\
    print(document.extract_text(0))\n";

#[test]
fn pdf_oxide_finds_nothing_wrong_either_and_reads_the_title() {
    let python = std::env::var("ONEWINDOW_CHECKERS").unwrap_or_else(|_| "python3".to_owned());
    for kind in DocumentKind::ALL {
        let language = LANGUAGES[kind as usize % LANGUAGES.len()];
        let document = draw(kind, &data_for(kind, language), language);
        let (_folder, file) = keep(&document, "oxide");
        let Some(output) = probe(&python, &["-c", PDF_OXIDE, file.to_str().unwrap()]) else {
            return;
        };
        let said = String::from_utf8_lossy(&output.stderr);
        if said.contains("No module named 'pdf_oxide'") {
            eprintln!("skipped: pdf_oxide is not installed; `cargo xtask test` installs it and sets ONEWINDOW_CHECKERS");
            return;
        }
        assert!(output.status.success(), "{}: {said}", kind.name());
        let told = String::from_utf8(output.stdout).unwrap();
        let (verdict, text) = told.split_once('\n').unwrap();
        assert_eq!(verdict, "[[true, []], [true, []]]", "{}", kind.name());
        assert!(!text.trim().is_empty(), "{}", kind.name());
    }
}
