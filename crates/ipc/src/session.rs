//! Who works here: start, sign-in, lock.
//!
//! Commands: `get_start() -> StartView`, `sign_in(staff_no, pin) -> SessionView`, `sign_out()`, `lock()`, `unlock(pin) -> SessionView`,
//! `open_with_passphrase(passphrase) -> StartView`.

use crate::{Words, contract};

contract! {
    /// What a staff member may do.
    pub enum Role {
        /// Receives, scans, prints, hands out.
        Clerk,
        /// Reviews the branch, overrides, sends back.
        Supervisor,
        /// Devices and self-test; sees no case.
        Installer,
    }
}

contract! {
    /// Everything the sign-in screen shows.
    pub struct StartView {
        /// Version of the app.
        pub version: String,
        /// Name of the branch.
        pub branch: Words,
        /// `330302-01-003`.
        pub counter_id: String,
        /// Short number on the counter's sign, `03`.
        pub counter_label: String,
        /// Last day on which the staff list allows offline sign-in.
        pub roster_until: String,
        /// Whether that day has not passed.
        pub roster_valid: bool,
        /// Synthetic staff with their PINs; empty unless the counter runs in demonstration mode.
        pub demo_staff: Vec<DemoStaff>,
        /// Demonstration mode: licences carry SPECIMEN.
        pub demo: bool,
        /// What the store said when it was opened, when something was repaired.
        pub store_note: Option<Words>,
        /// The app cannot work at all: what is wrong and what to do.
        pub broken: Option<crate::fault::CommandFault>,
        /// The counter is still being opened: how far, percent. Ask again.
        pub opening: Option<u32>,
        /// The key of this PC is sealed under a passphrase: `open_with_passphrase` opens the counter.
        pub passphrase_needed: bool,
        /// Who is signed in.
        pub session: Option<SessionView>,
        /// The session is locked: only `unlock` and `sign_out` are possible.
        pub locked: bool,
    }
}

contract! {
    /// Synthetic staff of the demonstration.
    pub struct DemoStaff {
        /// Staff number.
        pub staff_no: String,
        /// Name.
        pub name: String,
        /// Role.
        pub role: Role,
        /// PIN, shown only in demonstration mode.
        pub pin: String,
    }
}

contract! {
    /// Who is signed in.
    pub struct SessionView {
        /// Staff number.
        pub staff_no: String,
        /// Name.
        pub name: String,
        /// Role.
        pub role: Role,
    }
}
