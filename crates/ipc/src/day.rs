//! The end of the day at a counter: cases, documents and counted blanks, closed by clerk and supervisor together.
//!
//! Commands: `get_day() -> DayView`, `preview_day(lang) -> PreviewView`,
//! `close_day(counted: Vec<CountedBlanks>, remark: Option<String>, supervisor_no, supervisor_pin) -> DayView`,
//! `answer_day_print(printed: bool) -> DayView`, `print_day_sheet() -> DayView`,
//! `receive_blanks(kind, first, last, supervisor_no, supervisor_pin) -> DayView`, `return_blanks(...)` with the same arguments,
//! `spoil_blank(kind, serial, reason, supervisor_no, supervisor_pin) -> DayView`.

use crate::case_view::PrintStateView;
use crate::paper::CounterPaperView;
use crate::{Words, contract};

contract! {
    /// Everything about the day at this counter.
    pub struct DayView {
        /// Business date.
        pub day: String,
        /// Cases by what became of them today.
        pub cases: Vec<DayCount>,
        /// Documents made or printed today.
        pub documents: Vec<DayDocument>,
        /// Blanks of this counter.
        pub blanks: Vec<DayBlank>,
        /// Papers of today that belong to no case, newest first.
        pub papers: Vec<CounterPaperView>,
        /// What is open; those that block must be settled before the day can be closed.
        pub points: Vec<DayPoint>,
        /// No point blocks.
        pub can_close: bool,
        /// The last closing of today.
        pub closed: Option<DayClosed>,
    }
}

contract! {
    /// A number of cases.
    pub struct DayCount {
        /// Closed word: `opened`, `accepted`, `accepted_conditional`, `supplement`, `refused`, `not_required`, `withdrawn`, `handed_over`.
        pub code: String,
        /// In words.
        pub words: Words,
        /// How many.
        pub count: u32,
    }
}

contract! {
    /// Sheets of one kind of document.
    pub struct DayDocument {
        /// Kind.
        pub kind: String,
        /// Title.
        pub title: Words,
        /// Documents made.
        pub made: u32,
        /// Originals on paper.
        pub originals: u32,
        /// Duplicates on paper.
        pub duplicates: u32,
        /// Spoiled.
        pub spoiled: u32,
        /// Nobody knows.
        pub unknown: u32,
    }
}

contract! {
    /// Blanks of one kind.
    pub struct DayBlank {
        /// Kind.
        pub kind: String,
        /// Name.
        pub name: Words,
        /// In the drawer when the day began.
        pub opening: u32,
        /// Came in.
        pub received: u32,
        /// Carry a licence.
        pub used: u32,
        /// In the spoil bag.
        pub spoiled: u32,
        /// Went back to the store.
        pub returned: u32,
        /// Under the printer, not looked at.
        pub booked: u32,
        /// In the drawer now, by the book.
        pub closing: u32,
        /// Serial numbers in the drawer.
        pub serials: String,
    }
}

contract! {
    /// Something open at the end of the day.
    pub struct DayPoint {
        /// Closed word: `blank_open`, `print_unknown`, `print_open`, `paper_unknown`, `drafts`, `unsent`.
        pub code: String,
        /// In words, with what to do.
        pub words: Words,
        /// The day can not be closed with it.
        pub blocks: bool,
        /// The case that it is about.
        pub case_id: Option<String>,
    }
}

contract! {
    /// The day was closed.
    pub struct DayClosed {
        /// When.
        pub at: String,
        /// Clerk.
        pub clerk: String,
        /// Supervisor who signed.
        pub supervisor: String,
        /// Which closing of this day, from 1: a day may go on after it was closed, and is closed again.
        pub number: u32,
        /// The sheet on paper.
        pub print: PrintStateView,
        /// What the printer asks for.
        pub words: Option<Words>,
    }
}

contract! {
    /// What the clerk counted in the drawer.
    pub struct CountedBlanks {
        /// Kind.
        pub kind: String,
        /// How many.
        pub count: u32,
    }
}
