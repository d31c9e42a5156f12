//! Why a document could not be made. Each variant is a cause that somebody can act on.

use thiserror::Error;

/// A document that could not be rendered; nothing was produced.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum PrintFault {
    /// No font on this computer can draw the character. The clerk changes the text or writes a substitute with a note.
    #[error("{field}: no installed font can print {character:?} (U+{code_point:04X})")]
    MissingGlyph {
        /// Path of the field, as in `applicant.name`.
        field: String,
        /// The character.
        character: char,
        /// Its code point.
        code_point: u32,
    },
    /// The template needs a field that is empty.
    #[error("{field} is needed for this document but is empty")]
    MissingField {
        /// Path of the field.
        field: String,
    },
    /// A text does not fit the place that the template gives it, even at the smallest legible size.
    #[error("{field} does not fit its place on the page")]
    DoesNotFit {
        /// Path of the field, or the name of the document for a page limit.
        field: String,
    },
    /// A barcode or QR code cannot carry the text.
    #[error("{field} cannot be written as a code: {reason}")]
    Code {
        /// Path of the field.
        field: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Fonts are not installed. The installer installs the packages named.
    #[error("fonts are missing: {}", .missing.join(", "))]
    FontsMissing {
        /// One entry a font: `file name (Debian package)`.
        missing: Vec<String>,
    },
    /// A font file exists but cannot be read or parsed.
    #[error("font {file} cannot be used: {reason}")]
    FontUnusable {
        /// File name.
        file: String,
        /// What went wrong.
        reason: String,
    },
    /// A template is wrong: unreadable, or names a field that does not exist.
    #[error("template {template} is wrong: {reason}")]
    Template {
        /// Name of the template.
        template: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The PDF engine reported something that must not be ignored.
    #[error("the PDF could not be written: {reason}")]
    Pdf {
        /// What the engine said.
        reason: String,
    },
}
