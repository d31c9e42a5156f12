//! How far one attempt to print is. Every step is journalled before bytes leave or right after an answer came,
//! so a crash always leaves a state that says what is known.
//!
//! ```text
//! prepared ─ submitting ─▶ submitting ─ taken ─▶ taken ─ confirmed ─▶ confirmed
//!     │                        │                   │
//!     └────── spoiled ◀────────┴───────────────────┤
//!                              └─── uncertain ◀────┘   uncertain ─ a person looked ─▶ confirmed │ spoiled
//! ```
//! Absent on purpose: printers, time-outs and retries (crate `print`).

use crate::event::PrintStep;

/// State of one attempt to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrintState {
    /// Nothing has left the PC.
    Prepared,
    /// Bytes may have left; no answer yet.
    Submitting {
        /// Printer address.
        printer: String,
    },
    /// The printer holds the job.
    Taken {
        /// Printer address.
        printer: String,
        /// The printer's own number for the job.
        job: i32,
    },
    /// The sheet is there.
    Confirmed,
    /// Nothing usable came out.
    Spoiled {
        /// Why.
        reason: String,
    },
    /// Only a look into the tray can tell.
    Uncertain,
}

impl PrintState {
    /// The closed word used in the UI and in tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Prepared => "pending",
            Self::Submitting { .. } | Self::Taken { .. } => "sent",
            Self::Confirmed => "confirmed",
            Self::Spoiled { .. } => "spoiled",
            Self::Uncertain => "uncertain",
        }
    }

    /// Whether nothing more can happen to this attempt.
    pub const fn is_final(&self) -> bool {
        match self {
            Self::Confirmed | Self::Spoiled { .. } => true,
            Self::Prepared | Self::Submitting { .. } | Self::Taken { .. } | Self::Uncertain => false,
        }
    }

    /// The state after a step. Total: a step that does not fit changes nothing, a final state stays.
    #[must_use]
    pub fn after(&self, step: &PrintStep) -> Self {
        match (self, step) {
            (Self::Prepared, PrintStep::Submitting { printer }) => Self::Submitting { printer: printer.clone() },
            (Self::Submitting { printer }, PrintStep::Taken { job }) => Self::Taken { printer: printer.clone(), job: *job },
            (Self::Submitting { .. } | Self::Taken { .. } | Self::Uncertain, PrintStep::Confirmed) => Self::Confirmed,
            (Self::Prepared | Self::Submitting { .. } | Self::Taken { .. } | Self::Uncertain, PrintStep::Spoiled { reason }) => {
                Self::Spoiled { reason: reason.clone() }
            }
            (Self::Submitting { .. } | Self::Taken { .. }, PrintStep::Uncertain) => Self::Uncertain,
            (
                unchanged,
                PrintStep::Prepared { .. }
                | PrintStep::Submitting { .. }
                | PrintStep::Taken { .. }
                | PrintStep::Confirmed
                | PrintStep::Spoiled { .. }
                | PrintStep::Uncertain,
            ) => unchanged.clone(),
        }
    }
}
