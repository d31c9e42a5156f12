//! What the centre says to a counter: strictly increasing positions, at least once each.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A piece of the feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Feed {
    /// In order; at most 200.
    pub items: Vec<FeedItem>,
    /// Ask for what comes after this position next time.
    pub cursor: u64,
    /// The centre's clock, ms since 1970 UTC.
    pub time_ms: i64,
}

/// One word of the centre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeedItem {
    /// Position.
    pub cursor: u64,
    /// Case (UUID).
    pub case: String,
    /// When, ms since 1970 UTC, by the centre's clock.
    pub at_ms: i64,
    /// What.
    pub word: CentreWord,
}

/// What the centre can say of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CentreWord {
    /// It holds every entry and page of the case up to this revision.
    Received {
        /// Revision.
        revision: u32,
    },
    /// The matter is with its department; the clock runs.
    WithDepartment {
        /// Matter.
        matter: String,
        /// Department.
        department: String,
        /// Last day, `2026-11-24`.
        due: Option<String>,
    },
    /// The clock stands still.
    Suspended {
        /// Matter.
        matter: String,
        /// Why.
        reason: String,
    },
    /// Granted.
    Granted {
        /// Matter.
        matter: String,
        /// Licence number.
        licence_no: String,
        /// What is printed, in order.
        content: Vec<ContentLine>,
        /// The office's signed code, as printed in the QR symbol.
        signed_code: Option<String>,
    },
    /// The time was extended.
    Extended {
        /// Matter.
        matter: String,
        /// New last day, `2026-11-24`.
        due: Option<String>,
        /// Why, and who approved it.
        reason: String,
    },
    /// Refused.
    Refused {
        /// Matter.
        matter: String,
        /// Written reason.
        reason: String,
    },
    /// Stopped because a matter before it was refused.
    Stopped {
        /// Matter.
        matter: String,
        /// Why.
        reason: String,
    },
    /// The centre can not follow the case: a clerk must look.
    Returned {
        /// Closed word; `supervisor` when a supervisor of the branch gave it back.
        code: String,
        /// Why.
        reason: String,
        /// Number of the supervisor; nothing when the centre itself says so.
        #[serde(default)]
        by: Option<String>,
    },
    /// A supervisor at another counter of the branch lets a finding pass.
    FindingPassed {
        /// Code of the finding.
        code: String,
        /// Paper concerned.
        material: Option<String>,
        /// Field concerned.
        field: Option<String>,
        /// Why.
        reason: String,
        /// Number of the supervisor.
        by: String,
    },
}

/// One line of a licence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContentLine {
    /// Key such as `holder`.
    pub key: String,
    /// Value.
    pub value: String,
}
