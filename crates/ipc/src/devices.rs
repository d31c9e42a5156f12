//! Self-test of the counter, the same checks as `onewindow doctor`.
//!
//! Commands: `run_self_test() -> SelfTestView`, `list_scanners() -> Vec<ScannerView>`,
//! `inspect_scanner(scanner: Option<String>) -> ScannerAbilities`. Which scanner is chosen is known to the window, which names it with each scan.

use crate::case_view::{ScanColour, ScanPaper, ScanSource};
use crate::{Words, contract};

contract! {
    /// Result of all checks.
    pub struct SelfTestView {
        /// When.
        pub at: String,
        /// Checks in order.
        pub checks: Vec<CheckView>,
    }
}

contract! {
    /// Verdict of one check.
    pub enum CheckVerdict {
        /// In order.
        Ok,
        /// Works with a limit.
        Warning,
        /// Does not work.
        Failed,
        /// Could not be looked at.
        Skipped,
    }
}

contract! {
    /// One check.
    pub struct CheckView {
        /// `disk`, `clock`, `key_store`, `catalogue`, `fonts`, `models`, `scanner`, `printer`, `centre` ...
        pub check: String,
        /// Name.
        pub name: Words,
        /// Verdict.
        pub verdict: CheckVerdict,
        /// Measured value, with unit.
        pub measured: String,
        /// Limit, with unit.
        pub limit: String,
        /// What to do.
        pub remedy: Option<Words>,
    }
}

contract! {
    /// A scanner found.
    pub struct ScannerView {
        /// Name for SANE.
        pub id: String,
        /// Vendor and model.
        pub name: String,
        /// The counter's own.
        pub chosen: bool,
    }
}

contract! {
    /// What a scanner can do, as far as a clerk can choose.
    pub struct ScannerAbilities {
        /// The scanner that was asked.
        pub scanner: String,
        /// A document camera: nothing is chosen but to take the picture.
        pub camera: bool,
        /// Sources to offer, the usual one first; never empty.
        pub sources: Vec<SourceAbility>,
    }
}

contract! {
    /// What one source can do. No list is ever empty.
    pub struct SourceAbility {
        /// The source.
        pub source: ScanSource,
        /// Colours, the usual one first.
        pub colours: Vec<ScanColour>,
        /// Resolutions to offer, dots an inch, rising.
        pub dpi: Vec<u32>,
        /// Areas, the smallest first, all it sees last.
        pub papers: Vec<ScanPaper>,
    }
}
