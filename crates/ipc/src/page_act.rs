//! What was done with pages and can be taken back. Commands: see `case_view`.

use crate::contract;

contract! {
    /// An act on pages that can be taken back as long as the counter is open.
    pub struct UndoView {
        /// What was done.
        pub act: PageAct,
        /// The case's revision before it; names the act in `undo_page_act`.
        pub revision: u32,
    }
}

contract! {
    /// What can be done with pages.
    pub enum PageAct {
        /// Filed under another paper, or under none.
        Filed,
        /// Turned by quarter turns.
        Turned,
        /// Cut anew out of its original.
        Cropped,
        /// Cut as the counter itself does.
        Reset,
        /// Taken out.
        Removed,
        /// Brought back.
        Restored,
        /// Put elsewhere in the order.
        Moved,
        /// Made into two.
        Split,
        /// Put on one sheet with another.
        Joined,
        /// Scanned again.
        Replaced,
    }
}
