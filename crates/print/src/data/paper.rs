//! Papers of the counter itself: tickets, guides, payment notes, hand-over lists, the sheet of the day.

use serde::{Deserialize, Serialize};
use time::PrimitiveDateTime;

/// A queue ticket.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ticket {
    /// Number that is called, for example `A017`.
    pub number: String,
    /// The queue, in words.
    pub queue: String,
    /// People ahead.
    pub ahead: u32,
    /// Where to wait.
    pub area: String,
    /// When it was drawn.
    #[serde(with = "super::minute_or_none")]
    pub at: Option<PrimitiveDateTime>,
}

/// One paper of a guide list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GuideLine {
    /// Name of the paper.
    pub name: String,
    /// Form in words: original, copy, form at the counter, shared.
    pub form: String,
    /// Copies.
    pub copies: u16,
    /// When it is needed and what replaces it; may be empty.
    pub note: String,
}

/// Money to pay or to be paid: fees, taxes, benefits.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Money {
    /// Who pays or is paid.
    pub person: String,
    /// What it is for.
    pub purpose: String,
    /// What it is computed from, with the rule.
    pub basis: String,
    /// Its parts.
    pub lines: Vec<MoneyLine>,
    /// The sum in yuan, two decimals: `1234.50`.
    pub total: String,
    /// Account or ways of payment.
    pub account: String,
    /// Period it is for, or the last day of payment, in words.
    pub period: String,
}

/// One part of an amount.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MoneyLine {
    /// Name of the part.
    pub name: String,
    /// How it is computed: base, rate, months; may be empty.
    pub computed: String,
    /// Yuan, two decimals.
    pub amount: String,
}

/// A list with which papers go from one desk to another.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HandOver {
    /// Who gives.
    pub from: String,
    /// Who takes.
    pub to: String,
    /// Number of the sealed bag; may be empty.
    pub bag: String,
    /// When.
    #[serde(with = "super::minute_or_none")]
    pub at: Option<PrimitiveDateTime>,
    /// What.
    pub lines: Vec<HandOverLine>,
    /// What did not agree; may be empty.
    pub difference: String,
}

/// One thing handed over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HandOverLine {
    /// Case it belongs to.
    pub case_number: String,
    /// What it is.
    pub name: String,
    /// Kind in words: original, copy, form, certificate.
    pub kind: String,
    /// Copies.
    pub copies: u16,
    /// Remark; may be empty.
    pub note: String,
}

/// The reconciliation of one counter at the end of a day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DaySheet {
    /// Cases by what became of them.
    pub cases: Vec<Count>,
    /// Documents by kind.
    pub documents: Vec<DayFigures>,
    /// Blanks by kind.
    pub blanks: Vec<BlankLine>,
    /// What is still open and must be explained, one sentence each.
    pub open: Vec<Count>,
    /// Clerk who closes.
    pub clerk: String,
    /// Supervisor who signs.
    pub supervisor: String,
    /// Last entry of the journal: position and digest, so that the sheet names what it counts.
    pub journal: String,
}

/// A number of something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Count {
    /// What is counted.
    pub name: String,
    /// How many.
    pub count: u32,
}

/// Sheets of one kind of document on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DayFigures {
    /// Kind of document.
    pub name: String,
    /// Documents made.
    pub made: u32,
    /// Originals on paper.
    pub originals: u32,
    /// Duplicates on paper.
    pub duplicates: u32,
    /// Spoiled sheets.
    pub spoiled: u32,
    /// Prints of which nobody knows.
    pub unknown: u32,
}

/// Blanks of one kind on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BlankLine {
    /// Kind of blank.
    pub name: String,
    /// In the drawer when the day began.
    pub opening: u32,
    /// Received during the day.
    pub received: u32,
    /// Used for licences.
    pub used: u32,
    /// Spoiled.
    pub spoiled: u32,
    /// Given back to the store.
    pub returned: u32,
    /// In the drawer now.
    pub closing: u32,
    /// First and last serial number still in the drawer, in words.
    pub serials: String,
}
