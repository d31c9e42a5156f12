//! The gallery of printed documents in the user guide: drawn by the tests' own sample cases, turned into pictures by poppler.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::command::{must, program, root, target_dir};
use crate::run::EVERYTHING;

/// Where the gallery is.
const FOLDER: &str = "docs/guide/documents";
/// Enough to read the text of A4 on a screen.
const DPI: &str = "80";
/// Languages by their tag in file names and their folder.
const LANGUAGES: [(&str, &str, &str); 2] = [("zh-CN", "zh", "打印文书"), ("en", "en", "Printed documents")];

/// Draws every document and writes a page of pictures a language.
///
/// # Errors
/// When the documents cannot be drawn, or poppler is not installed.
pub fn gallery() -> Result<()> {
    let drawn = tempfolder()?;
    let mut draw = program(
        "cargo",
        &[
            "nextest",
            "run",
            "-E",
            "package(onewindow-print) and test(every_document_renders_in_both_languages)",
        ],
    );
    must(draw.args(EVERYTHING).env("ONEWINDOW_GALLERY", &drawn))?;
    for (tag, language, title) in LANGUAGES {
        let folder = root().join(FOLDER).join(language);
        let _absent = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).context("making the folder of the gallery")?;
        let mut page = format!("# {title}\n\n<!-- Made by `cargo xtask gallery`; do not edit. -->\n");
        for kind in kinds(&drawn, tag)? {
            let pdf = drawn.join(format!("{kind}-{tag}.pdf"));
            let picture = folder.join(&kind);
            must(&mut program(
                "pdftoppm",
                &["-r", DPI, "-gray", "-png", "-singlefile", &pdf.to_string_lossy(), &picture.to_string_lossy()],
            ))?;
            page.push_str(&format!("\n## {kind}\n\n![{kind}]({kind}.png)\n"));
        }
        fs::write(folder.join("README.md"), page).context("writing the page of the gallery")?;
    }
    Ok(())
}

fn tempfolder() -> Result<PathBuf> {
    let folder = target_dir().join("gallery");
    let _absent = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).context("making a folder for the documents")?;
    Ok(folder)
}

/// Kinds of documents that were drawn in a language.
fn kinds(folder: &Path, tag: &str) -> Result<Vec<String>> {
    let ending = format!("-{tag}.pdf");
    let mut kinds = Vec::new();
    for entry in fs::read_dir(folder).context("reading the drawn documents")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(kind) = name.strip_suffix(&ending) {
            kinds.push(kind.to_owned());
        }
    }
    kinds.sort();
    Ok(kinds)
}
