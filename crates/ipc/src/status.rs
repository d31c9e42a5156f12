//! The status line: safe here, in the branch, at the centre; scanner; printer. Never wrong: each segment is the host's last word.
//!
//! Command `get_status() -> StatusView`; the same view comes as event `StatusNews` at least once a second.

use crate::{Words, contract};

contract! {
    /// The whole status line.
    pub struct StatusView {
        /// When the host said so.
        pub at: String,
        /// Business date and weekday are computed from this by the window.
        pub business_date: String,
        /// This PC.
        pub store: StoreStatus,
        /// The centre.
        pub centre: CentreStatus,
        /// The scanner.
        pub scanner: DeviceStatus,
        /// The printer.
        pub printer: DeviceStatus,
        /// The folder that other devices fill. Nothing when none is set up.
        pub inbox: Option<InboxStatus>,
        /// The PC's clock was put back: time goes on without it until a supervisor has looked. Nothing while it is right.
        pub clock: Option<Words>,
        /// An old state of this PC was put back: what that means for whoever works here. Nothing when it was not.
        pub restored: Option<Words>,
    }
}

contract! {
    /// Whether acts are safe on this PC.
    pub struct StoreStatus {
        /// `safe`, `saving`, `low_space`, `failed`.
        pub state: StoreState,
        /// Free space in MB.
        pub free_mb: u32,
        /// Full sentence when not `safe`.
        pub words: Option<Words>,
    }
}

contract! {
    /// State of the local store.
    pub enum StoreState {
        /// Every act so far is flushed to disk.
        Safe,
        /// An act is being written.
        Saving,
        /// Free space is below the threshold: no new case.
        LowSpace,
        /// The store stopped after a write error: restart the app.
        Failed,
    }
}

contract! {
    /// What is known of the centre.
    pub struct CentreStatus {
        /// `current`, `sending`, `waiting`, `unconnected`.
        pub state: CentreState,
        /// Entries of the journal not yet confirmed by the centre.
        pub waiting_entries: u32,
        /// Cases among them.
        pub waiting_cases: u32,
        /// Pages not yet confirmed.
        pub waiting_pages: u32,
        /// Time of the centre's last own answer.
        pub last_answer_at: Option<String>,
        /// Since when there is no answer.
        pub silent_since: Option<String>,
    }
}

contract! {
    /// State of the line to the centre.
    pub enum CentreState {
        /// Everything is at the centre, by its own answer.
        Current,
        /// Something is being sent.
        Sending,
        /// Something waits; the centre does not answer.
        Waiting,
        /// Nothing waits and there was no answer.
        Unconnected,
    }
}

contract! {
    /// What is known of a device.
    pub struct DeviceStatus {
        /// State, by the device's own answer not older than 10 s.
        pub state: DeviceState,
        /// Full sentence for a fault: what is wrong, what to do.
        pub words: Option<Words>,
    }
}

contract! {
    /// What waits in the folder into which a scanner that stands by itself puts files.
    pub struct InboxStatus {
        /// Files that can be taken into a case.
        pub files: u32,
        /// Full sentence when the folder can not be read or emptied.
        pub words: Option<Words>,
    }
}

contract! {
    /// State of a device.
    pub enum DeviceState {
        /// It answered in the last 10 s and can work.
        Ready,
        /// It works now.
        Busy,
        /// It asks for a hand: paper, jam, cover.
        NeedsHand,
        /// It does not answer.
        Offline,
        /// No word from it for 10 s.
        Unconfirmed,
        /// None is set up.
        Missing,
    }
}
