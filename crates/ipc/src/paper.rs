//! Documents that the clerk has made beyond what an outcome prints by itself, and the papers of the counter that belong to no case.
//!
//! Commands: `make_document(case_id, kind, matter: Option<String>, answers: Vec<AnswerView>) -> CaseView`,
//! `copy_licence(case_id, matter, blank_serial, reason) -> CaseView`,
//! `print_ticket(bundle) -> CounterPaperView`, `print_guide(bundle) -> CounterPaperView`, `answer_paper(paper_id, printed: bool) -> DayView`.

use crate::case_view::{OptionView, PrintStateView};
use crate::{Words, contract};

contract! {
    /// A document that can be made for a case now.
    pub struct OfferView {
        /// Kind of document.
        pub kind: String,
        /// The matter that it is about; nothing when it is about the whole case.
        pub matter: Option<String>,
        /// Title of the document.
        pub title: Words,
        /// Name of the matter; empty for the whole case.
        pub about: Words,
        /// What has to be said before it can be made.
        pub asks: Vec<AskView>,
    }
}

contract! {
    /// A line of what has to be said.
    pub struct AskView {
        /// Key.
        pub ask: String,
        /// What is asked.
        pub label: Words,
        /// Choices; empty for free text.
        pub options: Vec<OptionView>,
        /// The document can not be made without it.
        pub required: bool,
        /// What is proposed.
        pub value: String,
    }
}

contract! {
    /// What was said.
    pub struct AnswerView {
        /// Key of the line.
        pub ask: String,
        /// As typed or chosen.
        pub value: String,
    }
}

contract! {
    /// A paper of the counter that belongs to no case: a queue ticket, a guide list.
    pub struct CounterPaperView {
        /// Paper.
        pub paper_id: String,
        /// Closed word of the kind.
        pub kind: String,
        /// Title.
        pub title: Words,
        /// What is on it: the ticket's number, the service.
        pub subject: Words,
        /// When it was made.
        pub at: String,
        /// Where its sheet is.
        pub print: PrintStateView,
        /// What the printer asks for.
        pub words: Option<Words>,
    }
}
