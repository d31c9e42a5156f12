//! What is wrong with catalogue files, told so that the person who wrote them can mend it. Absent on purpose: stopping at the first fault.

use std::fmt;

use onewindow_case::text::Bilingual;

/// One fault of one catalogue file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueFault {
    /// Stable code, such as `reference.unknown-department`.
    pub code: &'static str,
    /// Whether the catalogue may be used all the same.
    pub severity: FaultSeverity,
    /// File, relative to the catalogue's folder, with `/` between parts.
    pub file: String,
    /// Line, counted from 1; 0 when the fault is in no particular line.
    pub line: u64,
    /// Path of the field inside the file, such as `matters[2].after`.
    pub field: String,
    /// What is wrong.
    pub what: Bilingual,
    /// How to mend it.
    pub mend: Bilingual,
}

/// How grave a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultSeverity {
    /// Worth mending; the catalogue works.
    Warning,
    /// The catalogue is not used.
    Error,
}

impl fmt::Display for CatalogueFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}: {}: {} [{}] {}",
            self.file, self.line, self.field, self.what.en, self.code, self.mend.en
        )
    }
}
