//! Every document in both languages: small, valid, complete, and readable by other programs.

use std::{fs, path::PathBuf, process::Command, sync::LazyLock};

use onewindow_print::{
    Calibration, DocumentData, DocumentKind, FontShelf, Language, MaterialLine, Mode, PrintFault, RenderedDocument,
    check_template, check_templates, render,
};

use crate::sample::{karaoke, reprint};

static FONTS: LazyLock<FontShelf> = LazyLock::new(|| FontShelf::find().unwrap());
const LANGUAGES: [Language; 2] = [Language::Zh, Language::En];

fn draw(kind: DocumentKind, data: &DocumentData, language: Language) -> RenderedDocument {
    render(kind, data, language, Mode::Demonstration, &FONTS).unwrap()
}

/// Runs an independent program; `None` says in the output that it is not installed.
fn probe(program: &str, arguments: &[&str]) -> Option<std::process::Output> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => Some(output),
        Err(error) => {
            eprintln!("skipped: {program} cannot be run ({error})");
            None
        }
    }
}

fn keep(document: &RenderedDocument, name: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(format!("{name}.pdf"));
    fs::write(&file, &document.pdf).unwrap();
    if let Some(gallery) = std::env::var_os("ONEWINDOW_GALLERY") {
        fs::write(PathBuf::from(gallery).join(format!("{name}.pdf")), &document.pdf).unwrap();
    }
    (folder, file)
}

fn text_of(document: &RenderedDocument, name: &str) -> Option<String> {
    let (_folder, file) = keep(document, name);
    let output = probe("pdftotext", &["-layout", file.to_str().unwrap(), "-"])?;
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap())
}

fn without_space(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

#[test]
fn built_in_templates_are_right() {
    check_templates().unwrap();
}

#[test]
fn every_document_renders_in_both_languages() {
    for kind in DocumentKind::ALL {
        for language in LANGUAGES {
            let document = draw(kind, &karaoke(language), language);
            let name = format!("{}-{}", kind.name(), language.tag());
            let (_folder, file) = keep(&document, &name);
            if document.pages == 1 {
                assert!(document.pdf.len() <= 80_000, "{name} has {} bytes", document.pdf.len());
            }
            if let Some(output) = probe("qpdf", &["--check", file.to_str().unwrap()]) {
                assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
            }
        }
    }
}
