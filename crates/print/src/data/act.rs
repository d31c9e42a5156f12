//! What is decided, promised or delivered in writing: refusals, decisions, special procedures, commitments, service.

use serde::{Deserialize, Serialize};
use time::{Date, PrimitiveDateTime};

/// Refusal to accept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Refusal {
    /// The reason in full sentences.
    pub reason: String,
    /// The law and article.
    pub basis: String,
    /// The body that is competent, when this one is not.
    pub competent_body: String,
    /// Its address.
    pub competent_address: String,
    /// Where reconsideration can be asked for.
    pub review_body: String,
    /// The court for a lawsuit.
    pub court: String,
}

/// A special procedure (licensing law art. 45) or an extension (art. 42).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Procedure {
    /// The matter concerned.
    pub matter: String,
    /// What is done, in words: hearing, inspection, expert review; empty for an extension.
    pub kind: String,
    /// Why.
    pub reason: String,
    /// The law and article.
    pub basis: String,
    /// Working days it takes.
    pub days: Option<u16>,
    /// Day on which it begins.
    #[serde(with = "super::day_or_none")]
    pub from: Option<Date>,
    /// Due day told before.
    #[serde(with = "super::day_or_none")]
    pub due_before: Option<Date>,
    /// Due day from now on.
    #[serde(with = "super::day_or_none")]
    pub due: Option<Date>,
    /// Who approved it.
    pub approver: String,
}

/// A decision to grant or to refuse (licensing law art. 38).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Decision {
    /// The matter decided.
    pub matter: String,
    /// The facts that were found.
    pub facts: String,
    /// The law and article.
    pub basis: String,
    /// What is granted; empty for a refusal.
    pub content: String,
    /// Conditions attached to it.
    pub conditions: String,
    /// Number of the licence granted.
    pub licence_number: String,
    /// First day of validity.
    #[serde(with = "super::day_or_none")]
    pub valid_from: Option<Date>,
    /// Last day of validity.
    #[serde(with = "super::day_or_none")]
    pub valid_to: Option<Date>,
    /// Why it is refused; empty for a grant.
    pub reason: String,
    /// Where reconsideration can be asked for.
    pub review_body: String,
    /// The court for a lawsuit.
    pub court: String,
    /// Set when a clerk decided at the window by mandate, with the words that say so.
    pub at_window: String,
}

/// A written commitment (provincial rules art. 14): what was told, what is promised.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Commitment {
    /// Papers and facts that the commitment stands for, in words.
    pub subject: String,
    /// The conditions told.
    pub conditions: Vec<Condition>,
    /// Working days within which it is inspected.
    pub inspection_days: Option<u16>,
    /// What follows when it is not kept.
    pub effects: String,
}

/// One condition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Condition {
    /// The condition in a sentence.
    pub text: String,
    /// The rule it rests on; may be empty.
    pub basis: String,
}

/// Delivery of documents to their addressee.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Service {
    /// To whom.
    pub addressee: String,
    /// When.
    #[serde(with = "super::minute_or_none")]
    pub at: Option<PrimitiveDateTime>,
    /// Where.
    pub place: String,
    /// Directly, left, by post, through an agent, electronically: in words.
    pub way: String,
    /// Who received it.
    pub receiver: String,
    /// What the receiver is to the addressee.
    pub relation: String,
    /// Who saw it; may be empty.
    pub witness: String,
    /// Who delivered.
    pub server: String,
    /// Remark; may be empty.
    pub remark: String,
}
