//! Documents that are kept: what an archive asks of them, and copies made of the stored bytes.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object};
use onewindow_print::{CopyFacts, DocumentKind, Language, Mode, PrintFault, RenderedDocument, TemplateShelf};

use crate::{
    sample::{data_for, reprint},
    tools::{FONTS, LANGUAGES, draw, keep, probe, text_of, without_space},
};

fn parsed(document: &RenderedDocument) -> Document {
    Document::load_mem(&document.pdf).unwrap()
}

fn deref<'a>(document: &'a Document, dictionary: &'a Dictionary, key: &str) -> &'a Object {
    dictionary.get_deref(key.as_bytes(), document).unwrap_or_else(|_| panic!("{key} is there"))
}

#[test]
fn every_document_has_what_an_archive_asks_for() {
    for kind in DocumentKind::ALL {
        // One language a kind, in turn: what is asked for does not depend on it.
        for language in [LANGUAGES[kind as usize % LANGUAGES.len()]] {
            let rendered = draw(kind, &data_for(kind, language), language);
            let document = parsed(&rendered);
            let name = format!("{} {}", kind.name(), language.tag());
            let catalog = document.catalog().unwrap();
            let intents = deref(&document, catalog, "OutputIntents").as_array().unwrap();
            assert_eq!(intents.len(), 1, "{name}: one colour space for the whole file");
            let intent = intents[0].as_dict().unwrap();
            assert_eq!(intent.get(b"S").unwrap().as_name().unwrap(), b"GTS_PDFA1");
            let profile = deref(&document, intent, "DestOutputProfile").as_stream().unwrap();
            assert_eq!(&profile.decompressed_content().unwrap()[36..40], b"acsp", "{name}: an ICC profile");
            let metadata = deref(&document, catalog, "Metadata").as_stream().unwrap();
            assert!(!metadata.dict.has(b"Filter"), "{name}: metadata is readable without unpacking");
            let metadata = String::from_utf8(metadata.content.clone()).unwrap();
            assert!(
                metadata.contains("<pdfaid:part>2</pdfaid:part>") && metadata.contains("<pdfaid:conformance>B<"),
                "{metadata}"
            );
            let title = TemplateShelf::built_in().title(kind, language);
            assert!(metadata.contains(&title), "{name}: the title is told");
            assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), language.tag().as_bytes());
            assert!(document.trailer.get(b"ID").is_ok() && document.trailer.get(b"Encrypt").is_err());
            for object in document.objects.values() {
                let Ok(dictionary) = object.as_dict() else { continue };
                assert!(!dictionary.has(b"JS") && !dictionary.has(b"AA") && !dictionary.has(b"SMask"), "{name}");
                if dictionary.has_type(b"Font") && dictionary.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Type0") {
                    assert!(dictionary.has(b"ToUnicode"), "{name}: text can be copied out");
                }
                if dictionary.has_type(b"FontDescriptor") {
                    assert!(dictionary.has(b"FontFile2") || dictionary.has(b"FontFile3"), "{name}: fonts are embedded");
                }
            }
        }
    }
}

#[test]
fn every_line_of_text_is_in_the_structure_tree() {
    let rendered = draw(
        DocumentKind::AcceptanceNotice,
        &data_for(DocumentKind::AcceptanceNotice, Language::Zh),
        Language::Zh,
    );
    let document = parsed(&rendered);
    let catalog = document.catalog().unwrap();
    assert!(
        deref(&document, deref(&document, catalog, "MarkInfo").as_dict().unwrap(), "Marked")
            .as_bool()
            .unwrap()
    );
    let root = deref(&document, catalog, "StructTreeRoot").as_dict().unwrap();
    let mut kinds = BTreeSet::new();
    let mut marked = BTreeSet::new();
    walk(&document, deref(&document, root, "K").as_dict().unwrap(), &mut kinds, &mut marked);
    let wanted = ["Document", "H1", "P", "TD", "TH", "TR", "Table"].map(str::to_owned);
    assert_eq!(kinds, BTreeSet::from(wanted));
    let mut drawn = 0;
    for page in document.page_iter() {
        let content = String::from_utf8_lossy(&document.get_page_content(page)).into_owned();
        drawn += content.matches("MCID").count();
    }
    assert_eq!(marked.len(), drawn, "each marked line belongs to one element");
    let Some(output) = probe("pdfinfo", &["-struct", keep(&rendered, "structure").1.to_str().unwrap()]) else {
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("H1") && text.contains("Table"), "an independent reader sees the same: {text}");
}

fn walk(document: &Document, element: &Dictionary, kinds: &mut BTreeSet<String>, marked: &mut BTreeSet<(u32, i64)>) {
    kinds.insert(String::from_utf8_lossy(element.get(b"S").unwrap().as_name().unwrap()).into_owned());
    let page_of = |dictionary: &Dictionary| dictionary.get(b"Pg").and_then(Object::as_reference).map_or(0, |page| page.0);
    let own = [deref(document, element, "K").clone()];
    let kids = own[0].as_array().map_or(own.as_slice(), Vec::as_slice);
    for kid in kids {
        match document.dereference(kid).unwrap().1 {
            Object::Integer(id) => assert!(marked.insert((page_of(element), *id)), "marked content belongs to one element"),
            Object::Dictionary(kid) if kid.has(b"MCID") => {
                assert!(marked.insert((page_of(kid), kid.get(b"MCID").unwrap().as_i64().unwrap())));
            }
            Object::Dictionary(kid) => walk(document, kid, kinds, marked),
            other => panic!("{other:?} is no element"),
        }
    }
}

#[test]
fn a_copy_is_the_stored_document_with_another_layer() {
    for kind in DocumentKind::ALL {
        check_copy(kind, LANGUAGES[kind as usize % LANGUAGES.len()]);
    }
    for kind in [DocumentKind::AcceptanceNotice, DocumentKind::ReceiptSlipRoll, DocumentKind::BusinessLicence] {
        LANGUAGES.into_iter().for_each(|language| check_copy(kind, language));
    }
}

fn check_copy(kind: DocumentKind, language: Language) {
    let data = data_for(kind, language);
    let stored = draw(kind, &data, language);
    let facts = CopyFacts {
        copy: reprint(language),
        blank_serial: "00412908".into(),
        ..data.copy_facts()
    };
    let copy = TemplateShelf::built_in()
        .stamp_copy(kind, &stored.pdf, &facts, language, Mode::Demonstration, &FONTS)
        .unwrap();
    let name = format!("copy-{}-{}", kind.name(), language.tag());
    assert_eq!(copy.pages, stored.pages, "{name}");
    let (before, after) = (parsed(&stored), parsed(&copy));
    for (old, new) in before.page_iter().zip(after.page_iter()) {
        assert!(
            before.get_page_content(old) == after.get_page_content(new),
            "{name}: the pages are as they were issued"
        );
    }
    let Some(text) = text_of(&copy, &name) else { return };
    let flat = without_space(&text);
    let mark = if language == Language::Zh { "补打" } else { "uplicate" };
    assert!(flat.contains(mark) || flat.contains("DUPLICATE2"), "{name}: {text}");
    assert!(
        flat.contains(&without_space(&facts.copy.reason)) && flat.contains(&without_space(&facts.copy.by)),
        "{name}: {text}"
    );
    let original = if language == Language::Zh { "正本" } else { "Original" };
    let Some(first) = text_of(&stored, &name) else { return };
    let heads = |text: &str| text.matches(original).count();
    assert!(
        kind.needs_blank() || heads(&text) + stored.pages == heads(&first),
        "{name}: no sheet of a copy says that it is the original"
    );
    // The same as if the document had been rendered as a copy at once.
    let mut data = data;
    (data.copy, data.blank_serial) = (facts.copy.clone(), facts.blank_serial.clone());
    let Some(at_once) = text_of(&draw(kind, &data, language), &name) else {
        return;
    };
    assert_eq!(text, at_once, "{name}");
    let (_folder, file) = keep(&copy, &name);
    if let Some(output) = probe("qpdf", &["--check", file.to_str().unwrap()]) {
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn copies_of_copies_do_not_grow_and_carry_the_name_of_the_document() {
    let shelf = TemplateShelf::built_in();
    let kind = DocumentKind::AcceptanceNotice;
    let stored = draw(kind, &data_for(kind, Language::Zh), Language::Zh);
    let mut facts = data_for(kind, Language::Zh).copy_facts();
    let mut last = stored.clone();
    for number in 1..=5 {
        facts.copy = reprint(Language::Zh);
        facts.copy.reprint = number;
        last = shelf.stamp_copy(kind, &last.pdf, &facts, Language::Zh, Mode::Demonstration, &FONTS).unwrap();
        assert!(last.pdf.len() < stored.pdf.len() + 12_000, "{} bytes after {} copies", last.pdf.len(), number);
    }
    let id = |document: &RenderedDocument| parsed(document).trailer.get(b"ID").unwrap().as_array().unwrap().clone();
    assert_eq!(id(&stored)[0], id(&last)[0], "the first half of the name stays with the document");
    assert_ne!(id(&stored)[1], id(&last)[1], "the second half is the copy's own");
}

#[test]
fn what_is_no_document_of_ours_is_not_stamped() {
    let shelf = TemplateShelf::built_in();
    let stored = draw(DocumentKind::ReceiptSlip, &data_for(DocumentKind::ReceiptSlip, Language::Zh), Language::Zh).pdf;
    let stamp = |bytes: &[u8]| {
        shelf.stamp_copy(
            DocumentKind::ReceiptSlip,
            bytes,
            &CopyFacts::default(),
            Language::Zh,
            Mode::Demonstration,
            &FONTS,
        )
    };
    for broken in [&b""[..], b"%PDF-1.7", &stored[..stored.len() / 2]] {
        assert!(matches!(stamp(broken), Err(PrintFault::Pdf { .. })), "{} bytes", broken.len());
    }
}
