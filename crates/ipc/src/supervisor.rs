//! The supervisor's board.
//!
//! Commands (role supervisor): `get_board() -> BoardView`, `send_back(case_id, reason) -> CaseView`,
//! `override_finding(case_id, finding_id, reason, supervisor_no, supervisor_pin) -> CaseView` (also from the clerk's window,
//! signed by the supervisor's own PIN; nobody approves an own case). The record of all acts is in [`crate::audit`].

use crate::contract;
use crate::worklist::WorklistRow;

contract! {
    /// The board.
    pub struct BoardView {
        /// Figures.
        pub figures: BoardFigures,
        /// Counters of the branch, as far as known here.
        pub counters: Vec<CounterRow>,
        /// Cases of the branch, due first.
        pub cases: Vec<WorklistRow>,
        /// Cases with findings that wait for a decision.
        pub waiting: Vec<WorklistRow>,
    }
}

contract! {
    /// Five figures.
    pub struct BoardFigures {
        /// Drafts under way.
        pub drafts: u32,
        /// Received today.
        pub received_today: u32,
        /// Waiting for supplement.
        pub supplement: u32,
        /// Not yet at the centre.
        pub unsent: u32,
        /// Due today or overdue.
        pub due: u32,
        /// Overdue.
        pub overdue: u32,
    }
}

contract! {
    /// One counter.
    pub struct CounterRow {
        /// `330302-01-003`.
        pub counter: String,
        /// `03`.
        pub label: String,
        /// Clerk.
        pub clerk: String,
        /// Cases today.
        pub today: u32,
        /// Entries not yet at the centre; only a counter itself knows how many.
        pub unsent: Option<u32>,
        /// Last word from it.
        pub heard_at: Option<String>,
    }
}
