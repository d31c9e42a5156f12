//! Which outcomes are allowed now: [`decide`] turns a command into events or a [`Refusal`], never both.
//! Guards that rest on the papers take proof types that only a check can make ([`CompleteApplication`]).
//! Absent on purpose: time, papers, money. Whoever calls brings dates and the result of the check.

use time::Date;

use crate::case::Case;
use crate::event::{CaseEvent, DeficiencyItem, MatterDue};
use crate::ids::{MaterialKey, StaffNo};
use crate::state::CaseState;

/// How complete an application was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completeness {
    /// Every paper and every value is there and right.
    Complete,
    /// Only papers of the tolerance list are missing.
    TolerableMissing(Vec<MaterialKey>),
    /// The number of open errors, at least one.
    Incomplete(usize),
}

/// Proof that a check found the application complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompleteApplication(());

impl CompleteApplication {
    /// Succeeds only for [`Completeness::Complete`].
    pub fn prove(completeness: &Completeness) -> Option<Self> {
        (*completeness == Completeness::Complete).then_some(Self(()))
    }
}

/// Proof that only papers of the tolerance list are missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TolerableApplication {
    outstanding: Vec<MaterialKey>,
}

impl TolerableApplication {
    /// Succeeds only for [`Completeness::TolerableMissing`].
    pub fn prove(completeness: &Completeness) -> Option<Self> {
        match completeness {
            Completeness::TolerableMissing(outstanding) => Some(Self {
                outstanding: outstanding.clone(),
            }),
            Completeness::Complete | Completeness::Incomplete(_) => None,
        }
    }
}

/// The outcome a clerk chooses at the counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// 受理.
    Accept {
        proof: CompleteApplication,
        matters: Vec<MatterDue>,
        pickup_code: String,
    },
    /// 容缺受理.
    AcceptConditionally {
        proof: TolerableApplication,
        matters: Vec<MatterDue>,
        outstanding_due: Date,
        pickup_code: String,
    },
    /// 补正告知. `second_by` names the supervisor who allowed a second notice.
    Supplement {
        items: Vec<DeficiencyItem>,
        last_day: Date,
        second_by: Option<StaffNo>,
    },
    /// 不予受理.
    Refuse {
        reason: String,
        basis: String,
        right_body: Option<String>,
    },
    /// 不受理.
    NotRequired { basis: String },
    /// 撤回.
    Withdraw { reason: String },
}

/// Not allowed now; the clerk is told why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// The state of the case does not allow it.
    #[error("the state of the case does not allow this")]
    WrongState,
    /// No applicant named yet.
    #[error("no applicant is named")]
    ApplicantMissing,
    /// A notice with nothing in it.
    #[error("there is nothing to tell")]
    NothingToTell,
    /// The one-time notice was already given (licensing law art. 32); a supervisor may allow another.
    #[error("the one-time notice was already given")]
    SecondNotice,
    /// A written reason is required.
    #[error("a reason is required")]
    ReasonMissing,
    /// The supervisor gave the case back and the clerk has not dealt with it.
    #[error("the case was sent back and is not settled")]
    SentBackOpen,
}

impl Refusal {
    /// The closed word the UI branches on.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WrongState => "wrong_state",
            Self::ApplicantMissing => "applicant_missing",
            Self::NothingToTell => "nothing_to_tell",
            Self::SecondNotice => "second_notice",
            Self::ReasonMissing => "reason_missing",
            Self::SentBackOpen => "sent_back_open",
        }
    }
}

/// Whether papers and form may be changed now.
///
/// # Errors
/// [`Refusal::WrongState`] once the case is decided at the counter.
pub fn may_edit(case: &Case) -> Result<(), Refusal> {
    if case.state().is_editable() { Ok(()) } else { Err(Refusal::WrongState) }
}

/// Decides an outcome on business day `today`. A draft is received in the same breath.
///
/// # Errors
/// A [`Refusal`] naming the guard that does not hold; the case is unchanged.
pub fn decide(case: &Case, outcome: Outcome, today: Date) -> Result<Vec<CaseEvent>, Refusal> {
    let state = case.state();
    let mut events = Vec::new();
    if let Outcome::Withdraw { reason } = outcome {
        return withdraw(case, reason);
    }
    if !state.is_editable() {
        return Err(Refusal::WrongState);
    }
    if case.applicant.is_none() {
        return Err(Refusal::ApplicantMissing);
    }
    if case.sent_back.is_some() {
        return Err(Refusal::SentBackOpen);
    }
    if state == CaseState::Draft {
        events.push(CaseEvent::Received { on: today });
    }
    events.push(decide_received(case, outcome, today)?);
    Ok(events)
}

fn decide_received(case: &Case, outcome: Outcome, today: Date) -> Result<CaseEvent, Refusal> {
    let conditional = case.state() == CaseState::AcceptedConditional;
    match outcome {
        Outcome::Accept {
            proof: CompleteApplication(()),
            matters,
            pickup_code,
        } => {
            let pickup_code = case.pickup_code.clone().unwrap_or(pickup_code);
            Ok(CaseEvent::Accepted {
                on: case.accepted_on.unwrap_or(today),
                matters,
                pickup_code,
            })
        }
        Outcome::AcceptConditionally {
            proof,
            matters,
            outstanding_due,
            pickup_code,
        } => {
            if conditional {
                return Err(Refusal::WrongState);
            }
            Ok(CaseEvent::AcceptedConditionally {
                on: today,
                matters,
                outstanding: proof.outstanding,
                outstanding_due,
                pickup_code,
            })
        }
        Outcome::Supplement { items, last_day, second_by } => {
            if conditional {
                return Err(Refusal::WrongState);
            }
            if items.is_empty() {
                return Err(Refusal::NothingToTell);
            }
            if case.state() == CaseState::Supplement && second_by.is_none() {
                return Err(Refusal::SecondNotice);
            }
            Ok(CaseEvent::SupplementTold { items, last_day })
        }
        Outcome::Refuse { reason, basis, right_body } => {
            if conditional {
                return Err(Refusal::WrongState);
            }
            if reason.trim().is_empty() {
                return Err(Refusal::ReasonMissing);
            }
            Ok(CaseEvent::AcceptanceRefused { reason, basis, right_body })
        }
        Outcome::NotRequired { basis } => {
            if conditional {
                return Err(Refusal::WrongState);
            }
            if basis.trim().is_empty() {
                return Err(Refusal::ReasonMissing);
            }
            Ok(CaseEvent::NotRequired { basis })
        }
        Outcome::Withdraw { .. } => Err(Refusal::WrongState),
    }
}

fn withdraw(case: &Case, reason: String) -> Result<Vec<CaseEvent>, Refusal> {
    if reason.trim().is_empty() {
        return Err(Refusal::ReasonMissing);
    }
    match case.state() {
        CaseState::Draft
        | CaseState::Received
        | CaseState::Supplement
        | CaseState::Accepted
        | CaseState::AcceptedConditional
        | CaseState::InReview
        | CaseState::Suspended => Ok(vec![CaseEvent::Withdrawn { reason }]),
        CaseState::NotRequired | CaseState::Rejected | CaseState::Withdrawn | CaseState::Ready | CaseState::Completed => Err(Refusal::WrongState),
    }
}
