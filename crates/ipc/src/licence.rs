//! A licence that somebody brings along, checked by its printed code without a line to the centre.
//!
//! Command: `check_licence(code) -> LicenceCheckView`.

use crate::{Words, contract};

contract! {
    /// What is known of a code.
    pub struct LicenceCheckView {
        /// It holds, by the list at hand.
        pub holds: bool,
        /// Closed word when not: `malformed`, `unknown_key`, `bad_signature`, `revoked`, `expired`.
        pub reason: String,
        /// The verdict in words.
        pub words: Words,
        /// What it states, when its signature holds.
        pub lines: Vec<LicenceLine>,
        /// When the list of keys and revocations was made.
        pub as_of: String,
    }
}

contract! {
    /// One line of a licence.
    pub struct LicenceLine {
        /// Label.
        pub label: Words,
        /// Value.
        pub value: Words,
    }
}
