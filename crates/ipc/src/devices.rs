//! Self-test of the counter, the same checks as `onewindow doctor`.
//!
//! Commands: `run_self_test() -> SelfTestView`, `list_scanners() -> Vec<ScannerView>`, `choose_scanner(scanner)`.

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
