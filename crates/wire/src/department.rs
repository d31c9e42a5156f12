//! What departments see and say.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::feed::ContentLine;

/// A matter that waits for a department.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkItem {
    /// Case (UUID).
    pub case: String,
    /// Case number on the papers.
    pub case_no: String,
    /// Bundle.
    pub bundle: String,
    /// Matter.
    pub matter: String,
    /// Name of the applicant.
    pub applicant: String,
    /// Last day.
    pub due: Option<String>,
    /// Form values, key and value.
    pub fields: Vec<ContentLine>,
    /// Pages in order: digest in hex and the paper they belong to.
    pub pages: Vec<WorkPage>,
    /// The clock stands still: the department has to resume before it decides.
    #[serde(default)]
    pub suspended: bool,
}

/// A page that a department may look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkPage {
    /// Digest in hex, for `GET /v1/pages/{digest}`.
    pub digest: String,
    /// Paper.
    pub material: Option<String>,
}

/// A decision. Sending it again with the same id changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecisionRequest {
    /// Made by the department (UUID).
    pub id: String,
    /// Case (UUID).
    pub case: String,
    /// Matter.
    pub matter: String,
    /// Who decides.
    pub officer: String,
    /// What.
    pub decision: Decision,
}

/// What a department can decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Decision {
    /// Granted, recorded or confirmed. `content` is printed on the licence; the centre adds number, dates and signed code.
    Grant {
        /// Lines of the licence.
        content: Vec<ContentLine>,
    },
    /// Refused.
    Refuse {
        /// Written reason (licensing law art. 38).
        reason: String,
    },
    /// Special procedure: the clock stands still.
    Suspend {
        /// Why.
        reason: String,
    },
    /// Special procedure finished.
    Resume,
    /// The time is extended, once, by who may approve it; the applicant is told the reason (licensing law art. 42).
    Extend {
        /// Working days, at most 10; 15 when several departments handle the matter jointly.
        days: u32,
        /// Why.
        reason: String,
        /// The head of the body or of the government who approved it.
        approver: String,
    },
}

/// What the centre did with a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DecisionReply {
    /// `recorded`, `repeated`.
    pub outcome: String,
    /// Licence number, when granted.
    pub licence_no: Option<String>,
}
