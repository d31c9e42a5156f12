//! What the host tells the window unasked. Events of the same name are exported to TypeScript by `src-tauri`.

use crate::status::StatusView;
use crate::{Words, contract};

contract! {
    /// The status line changed, or a second passed.
    pub struct StatusNews {
        /// The line.
        pub status: StatusView,
    }
}

contract! {
    /// A case changed: ask for it again. Also sent for new prints, pages and the centre's words.
    pub struct CaseNews {
        /// Case.
        pub case_id: String,
        /// Its revision.
        pub revision: u32,
    }
}

contract! {
    /// News of a running scan.
    pub struct ScanNews {
        /// Case.
        pub case_id: String,
        /// Paper it goes to.
        pub material: Option<String>,
        /// Where it is.
        pub state: ScanState,
        /// Pages kept so far.
        pub pages_kept: u32,
        /// Share of the page under way, percent.
        pub percent: u32,
        /// A fault: what is kept, what to do. With `finished`: what to look at.
        pub words: Option<Words>,
        /// Closed word of the fault.
        pub code: Option<String>,
        /// What a camera sees; nothing when pages come from another device. As long as it is there, the live picture can be asked for.
        pub look: Option<CameraLook>,
    }
}

contract! {
    /// What the live picture of a document camera means.
    pub enum CameraLook {
        /// It is being opened, or comes back by itself.
        Opening,
        /// A hand or paper moves.
        Moving,
        /// Nothing moves, not yet long enough.
        Settling,
        /// Nothing moves and no paper's edges are seen.
        NoPaper,
        /// A paper lies still and is not wholly in the picture.
        Cut,
        /// A paper lies still and was not taken, because the clerk wants to press the key.
        Ready,
        /// A page is being taken.
        Taking,
        /// What lies there was taken.
        Taken,
    }
}

contract! {
    /// Where a scan is.
    pub enum ScanState {
        /// Getting ready.
        Starting,
        /// A camera shows its picture and waits for papers.
        Watching,
        /// A page is coming in.
        Page,
        /// A page is on disk.
        Kept,
        /// All pages are in.
        Finished,
        /// Stopped by the clerk; pages kept.
        Cancelled,
        /// Stopped by a fault; pages kept.
        Failed,
    }
}
