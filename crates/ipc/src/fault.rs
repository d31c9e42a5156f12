//! Why a command did not do what was asked.

use crate::{Words, contract};

contract! {
    /// The four kinds that the window treats differently.
    pub enum FaultKind {
        /// Not allowed now: a warning beside the control.
        Refusal,
        /// A device, the disk or the network: what is kept, what to do, and a key.
        Fault,
        /// Nobody signed in, or not this role.
        Denied,
        /// A broken invariant: logged, this command stopped, the app goes on.
        Defect,
    }
}

contract! {
    /// An answer other than success.
    pub struct CommandFault {
        /// How the window shows it.
        pub kind: FaultKind,
        /// The closed word the window branches on, kebab case.
        pub code: String,
        /// What happened.
        pub what: Words,
        /// What to do.
        pub remedy: Words,
    }
}
