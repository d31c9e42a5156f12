//! The record of all acts at the counter, for the supervisor.
//!
//! Commands (role supervisor): `list_audit(filter) -> AuditView`, `export_audit(filter, form) -> AuditExport` (asks for a folder;
//! `None` when nobody chose one), `accept_clock(reason, supervisor_no, supervisor_pin) -> StatusView`.

use crate::{Words, contract};

contract! {
    /// Which acts; every part that is set must fit.
    #[derive(Default)]
    pub struct AuditFilter {
        /// Number of staff.
        pub staff_no: Option<String>,
        /// First business date, `2026-11-24`.
        pub from: Option<String>,
        /// Last business date.
        pub to: Option<String>,
        /// Case number.
        pub case_no: Option<String>,
        /// Closed word of an act.
        pub event: Option<String>,
    }
}

contract! {
    /// Acts, newest first.
    pub struct AuditView {
        /// At most 500.
        pub rows: Vec<AuditRow>,
        /// How many fit.
        pub total: u32,
    }
}

contract! {
    /// One act.
    pub struct AuditRow {
        /// Position in the journal.
        pub seq: u32,
        /// When.
        pub at: String,
        /// The day it counts for.
        pub business_date: String,
        /// Who.
        pub staff_no: String,
        /// Name.
        pub staff: String,
        /// `clerk`, `supervisor`, `installer`, `system`.
        pub role: String,
        /// Case number, when it is about a case that is still here.
        pub case_no: Option<String>,
        /// Closed word of the act.
        pub event: String,
        /// What.
        pub words: Words,
    }
}

contract! {
    /// How the record is written to a file.
    pub enum AuditForm {
        /// A table for office programs.
        Csv,
        /// JSON with the device's signature.
        SignedJson,
    }
}

contract! {
    /// The file that was written.
    pub struct AuditExport {
        /// Where.
        pub path: String,
        /// Rows in it.
        pub rows: u32,
        /// SHA-256 of the file, hex.
        pub digest: String,
    }
}

impl AuditFilter {
    /// Whether an act fits; the case is for whoever knows the cases.
    pub fn fits(&self, row: &AuditRow) -> bool {
        let is = |wanted: &Option<String>, found: &str| wanted.as_deref().map(str::trim).is_none_or(|wanted| wanted.is_empty() || wanted == found);
        let from = self.from.as_deref().is_none_or(|from| from.is_empty() || row.business_date.as_str() >= from);
        let to = self.to.as_deref().is_none_or(|to| to.is_empty() || row.business_date.as_str() <= to);
        is(&self.staff_no, &row.staff_no) && is(&self.event, &row.event) && from && to
    }
}
