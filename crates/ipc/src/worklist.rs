//! The desk: today's queue, search over services, the drafts and cases of this counter.
//!
//! Commands: `list_cases(filter: WorklistFilter) -> Vec<WorklistRow>`, `search_bundles(query) -> Vec<BundleHit>`
//! (Chinese, pinyin, initials, English), `find_cases(query) -> Vec<WorklistRow>` (case number, ticket, name),
//! `open_case(bundle, ticket: Option<String>) -> CaseView`.

use crate::case_view::SafeTrack;
use crate::{Words, contract};

contract! {
    /// Which part of the worklist.
    pub enum WorklistFilter {
        /// Waits for this clerk.
        Mine,
        /// Everything of this counter today.
        Today,
        /// Waiting for papers of the applicant.
        Supplement,
        /// Results to hand out.
        Ready,
        /// Sent back by the supervisor or the centre.
        Returned,
    }
}

contract! {
    /// Number of cases behind each tab.
    pub struct WorklistCounts {
        /// Waits for this clerk.
        pub mine: u32,
        /// Today.
        pub today: u32,
        /// Supplement.
        pub supplement: u32,
        /// Ready.
        pub ready: u32,
        /// Returned.
        pub returned: u32,
    }
}

contract! {
    /// Rows of a worklist and the figures of all its tabs.
    pub struct WorklistView {
        /// Sorted: what needs the clerk first, then by due date.
        pub rows: Vec<WorklistRow>,
        /// Figures.
        pub counts: WorklistCounts,
    }
}

contract! {
    /// One case in a list.
    pub struct WorklistRow {
        /// Case.
        pub case_id: String,
        /// `330302-01-003-20261124-0017-7`.
        pub case_no: String,
        /// Queue ticket or the sequence of the day.
        pub ticket: String,
        /// Bundle name.
        pub bundle: Words,
        /// Masked applicant, `苏*安`; empty when not known.
        pub applicant: String,
        /// Closed word of `CaseState`.
        pub state: String,
        /// State in words, with the reason.
        pub state_words: Words,
        /// Second line: why or where.
        pub note: Words,
        /// Last day of the clock that runs: of an accepted case the one promised for the whole bundle.
        pub due: Option<String>,
        /// Working days left; negative when overdue.
        pub days_left: Option<i32>,
        /// Traffic light.
        pub alert: Alert,
        /// Where it is safe.
        pub safe: SafeTrack,
        /// Next step as a verb.
        pub next: Words,
        /// The clerk must act.
        pub needs_me: bool,
        /// The counter that has it, `03`.
        pub counter: String,
        /// Clerk in charge.
        pub clerk: String,
        /// Minutes since it was opened.
        pub age_min: u32,
    }
}

contract! {
    /// Traffic light of a deadline.
    pub enum Alert {
        /// No clock runs.
        None,
        /// More than half is left.
        Green,
        /// Half or less is left.
        Yellow,
        /// The last day.
        Orange,
        /// Overdue.
        Red,
    }
}

contract! {
    /// A service found.
    pub struct BundleHit {
        /// Key.
        pub bundle: String,
        /// Name.
        pub name: Words,
        /// One line: departments, papers, time.
        pub summary: Words,
        /// Papers before and after the reform.
        pub papers_before: u32,
        /// Papers now.
        pub papers_after: u32,
    }
}
