//! Drawing a document and asking other programs about it.

use std::{fs, path::PathBuf, process::Command, sync::LazyLock};

use onewindow_print::{DocumentData, DocumentKind, FontShelf, Language, Mode, RenderedDocument, render};

pub(crate) static FONTS: LazyLock<FontShelf> = LazyLock::new(|| FontShelf::find().unwrap());
pub(crate) const LANGUAGES: [Language; 2] = [Language::Zh, Language::En];

pub(crate) fn draw(kind: DocumentKind, data: &DocumentData, language: Language) -> RenderedDocument {
    render(kind, data, language, Mode::Demonstration, &FONTS).unwrap()
}

/// Runs an independent program; `None` says in the output that it is not installed.
pub(crate) fn probe(program: &str, arguments: &[&str]) -> Option<std::process::Output> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => Some(output),
        Err(error) => {
            eprintln!("skipped: {program} cannot be run ({error})");
            None
        }
    }
}

pub(crate) fn keep(document: &RenderedDocument, name: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(format!("{name}.pdf"));
    fs::write(&file, &document.pdf).unwrap();
    if let Some(gallery) = std::env::var_os("ONEWINDOW_GALLERY") {
        fs::write(PathBuf::from(gallery).join(format!("{name}.pdf")), &document.pdf).unwrap();
    }
    (folder, file)
}

pub(crate) fn text_of(document: &RenderedDocument, name: &str) -> Option<String> {
    let (_folder, file) = keep(document, name);
    let output = probe("pdftotext", &["-layout", file.to_str().unwrap(), "-"])?;
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap())
}

pub(crate) fn without_space(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// What zbar finds on a picture of the first sheet.
pub(crate) fn read_codes(document: &RenderedDocument, dpi: u32) -> Option<String> {
    let (folder, file) = keep(document, "codes");
    let picture = folder.path().join("codes");
    let arguments = ["-r", &dpi.to_string(), "-singlefile", "-png", file.to_str().unwrap(), picture.to_str().unwrap()];
    probe("pdftoppm", &arguments)?;
    let output = probe("zbarimg", &["-q", picture.with_extension("png").to_str().unwrap()])?;
    Some(String::from_utf8(output.stdout).unwrap())
}
