//! How far one attempt to print is. Every step is journalled before bytes leave or right after an answer came,
//! so a crash always leaves a state that says what is known.
//!
//! ```text
//! prepared ─ submitting ─▶ submitting ─ taken ─▶ taken ─ confirmed ─▶ confirmed
//!     ▲                        │  │                │
//!     └────── not taken ───────┘  └─ uncertain ◀───┘   uncertain ─ a person looked ─▶ confirmed │ spoiled │ prepared again
//! ```
//! Absent on purpose: printers, time-outs and what to do next (crate `print`, module `job`).

use crate::event::PrintStep;

/// State of one attempt to print. `attempt` counts from 0 and grows when nothing came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrintState {
    /// Nothing of this attempt has left the PC.
    Prepared {
        /// Attempts before this one.
        attempt: u32,
    },
    /// Bytes may have left; no answer yet.
    Submitting {
        /// Number of this attempt.
        attempt: u32,
    },
    /// The printer holds the job.
    Taken {
        /// Number of this attempt.
        attempt: u32,
        /// The printer's own number for the job.
        job: i32,
    },
    /// The sheet is there.
    Confirmed,
    /// A sheet came out and is no use.
    Spoiled {
        /// Why.
        reason: String,
    },
    /// Only a look into the tray can tell.
    Uncertain {
        /// Number of this attempt.
        attempt: u32,
    },
}

impl PrintState {
    /// The closed word used in the UI and in tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Prepared { .. } => "pending",
            Self::Submitting { .. } | Self::Taken { .. } => "sent",
            Self::Confirmed => "confirmed",
            Self::Spoiled { .. } => "spoiled",
            Self::Uncertain { .. } => "uncertain",
        }
    }

    /// Whether nothing more can happen to this attempt.
    pub const fn is_final(&self) -> bool {
        match self {
            Self::Confirmed | Self::Spoiled { .. } => true,
            Self::Prepared { .. } | Self::Submitting { .. } | Self::Taken { .. } | Self::Uncertain { .. } => false,
        }
    }

    /// The state after a step. Total: a step that does not fit changes nothing.
    #[must_use]
    pub fn after(&self, step: &PrintStep) -> Self {
        match (self, step) {
            (Self::Prepared { attempt }, PrintStep::Submitting { .. }) => Self::Submitting { attempt: *attempt },
            (Self::Submitting { attempt }, PrintStep::Taken { job }) => Self::Taken { attempt: *attempt, job: *job },
            (Self::Submitting { attempt } | Self::Uncertain { attempt }, PrintStep::NotTaken | PrintStep::NothingCameOut) => Self::Prepared {
                attempt: attempt.saturating_add(1),
            },
            (Self::Submitting { .. } | Self::Taken { .. } | Self::Uncertain { .. }, PrintStep::Confirmed) => Self::Confirmed,
            (
                Self::Prepared { .. } | Self::Submitting { .. } | Self::Taken { .. } | Self::Uncertain { .. } | Self::Confirmed,
                PrintStep::Spoiled { reason },
            ) => Self::Spoiled { reason: reason.clone() },
            (Self::Submitting { attempt } | Self::Taken { attempt, .. }, PrintStep::Uncertain) => Self::Uncertain { attempt: *attempt },
            (
                unchanged,
                PrintStep::Prepared { .. }
                | PrintStep::Submitting { .. }
                | PrintStep::Taken { .. }
                | PrintStep::NotTaken
                | PrintStep::Confirmed
                | PrintStep::Spoiled { .. }
                | PrintStep::Uncertain
                | PrintStep::NothingCameOut,
            ) => unchanged.clone(),
        }
    }
}
