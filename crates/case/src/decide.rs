//! Which outcomes are allowed now: [`decide`] turns a command into events or a [`Refusal`], never both.
//! Guards that rest on the papers take proof types that only a check can make ([`CompleteApplication`]).
//! Absent on purpose: time, papers, money. Whoever calls brings dates and the result of the check.

mod refusal;
#[cfg(test)]
mod tests;

use time::Date;

pub use refusal::Refusal;

use crate::case::Case;
use crate::event::{CaseEvent, DeficiencyItem, HereDecision, MatterDue};
use crate::ids::{MaterialKey, MatterId, StaffNo};
use crate::state::{CaseState, MatterState};

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

/// What the applicant undertakes when papers may follow (容缺受理承诺书).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undertaking {
    /// The promise to bring what is missing, with its effects, is signed.
    pub signed: bool,
    /// No bad credit entry of the applicant is open; who has one is excluded.
    pub credit_clean: bool,
}

/// Proof that a department lets the window decide a matter for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    matter: MatterId,
    after: Vec<MatterId>,
}

impl Mandate {
    /// Succeeds when the catalogue says so; `after` are the matters that have to be decided before.
    pub fn prove(matter: &MatterId, mandate: bool, after: &[MatterId]) -> Option<Self> {
        mandate.then(|| Self {
            matter: matter.clone(),
            after: after.to_vec(),
        })
    }
}

/// The outcome chosen at the counter, or the one that the law attaches to a day that has passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// 收件: papers are held, nothing is promised but an answer within five working days.
    Receive,
    /// 受理.
    Accept {
        proof: CompleteApplication,
        matters: Vec<MatterDue>,
        pickup_code: String,
    },
    /// 容缺受理.
    AcceptConditionally {
        proof: TolerableApplication,
        undertaking: Undertaking,
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
    /// 逾期视为受理: nothing was told until `last_day`.
    DeemAccepted {
        last_day: Date,
        basis: String,
        matters: Vec<MatterDue>,
        pickup_code: String,
    },
    /// 视为撤回: nothing was brought in the period of the notice. Never by itself: a clerk confirms it.
    DeemWithdrawn,
    /// 撤销受理: outstanding papers came late or wrong; a supervisor signs.
    Revoke { reason: String, by: StaffNo },
    /// Decision at the window by mandate of the department.
    DecideHere { mandate: Mandate, decision: HereDecision },
}

/// Whether papers and form may be changed now.
///
/// # Errors
/// [`Refusal::WrongState`] once the case is decided at the counter.
pub fn may_edit(case: &Case) -> Result<(), Refusal> {
    if case.is_editable() { Ok(()) } else { Err(Refusal::WrongState) }
}

/// Decides an outcome on business day `today`. A draft is received in the same breath.
///
/// # Errors
/// A [`Refusal`] naming the guard that does not hold; the case is unchanged.
pub fn decide(case: &Case, outcome: Outcome, today: Date) -> Result<Vec<CaseEvent>, Refusal> {
    match outcome {
        Outcome::Withdraw { reason } => return withdraw(case, reason).map(one),
        Outcome::DeemAccepted {
            last_day,
            basis,
            matters,
            pickup_code,
        } => return deem_accepted(case, last_day, basis, matters, pickup_code, today).map(one),
        Outcome::DeemWithdrawn => return deem_withdrawn(case, today).map(one),
        Outcome::Revoke { reason, by } => return revoke(case, reason, by, today).map(one),
        Outcome::DecideHere { mandate, decision } => return decide_here(case, &mandate, decision).map(one),
        Outcome::Receive
        | Outcome::Accept { .. }
        | Outcome::AcceptConditionally { .. }
        | Outcome::Supplement { .. }
        | Outcome::Refuse { .. }
        | Outcome::NotRequired { .. } => {}
    }
    if !case.is_editable() {
        return Err(Refusal::WrongState);
    }
    if case.applicant.is_none() {
        return Err(Refusal::ApplicantMissing);
    }
    if case.sent_back.is_some() {
        return Err(Refusal::SentBackOpen);
    }
    let mut events = Vec::new();
    if case.state() == CaseState::Draft {
        events.push(CaseEvent::Received { on: today });
        if outcome == Outcome::Receive {
            return Ok(events);
        }
    }
    events.push(decide_received(case, outcome, today)?);
    Ok(events)
}

fn one(event: CaseEvent) -> Vec<CaseEvent> {
    vec![event]
}

fn decide_received(case: &Case, outcome: Outcome, today: Date) -> Result<CaseEvent, Refusal> {
    let state = case.state_at_counter();
    // With papers outstanding only their arrival is left to decide on.
    if state == CaseState::AcceptedConditional && !matches!(outcome, Outcome::Accept { .. }) {
        return Err(Refusal::WrongState);
    }
    match outcome {
        Outcome::Accept {
            proof: CompleteApplication(()),
            matters,
            pickup_code,
        } => Ok(CaseEvent::Accepted {
            on: case.accepted_on.unwrap_or(today),
            matters,
            pickup_code: case.pickup_code.clone().unwrap_or(pickup_code),
        }),
        Outcome::AcceptConditionally {
            proof,
            undertaking,
            matters,
            outstanding_due,
            pickup_code,
        } => {
            if !undertaking.credit_clean {
                return Err(Refusal::CreditNotClean);
            }
            if !undertaking.signed {
                return Err(Refusal::UndertakingUnsigned);
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
            if items.is_empty() {
                return Err(Refusal::NothingToTell);
            }
            if state == CaseState::Supplement && second_by.is_none() {
                return Err(Refusal::SecondNotice);
            }
            Ok(CaseEvent::SupplementTold { items, last_day })
        }
        Outcome::Refuse { reason, basis, right_body } => {
            given(&reason)?;
            Ok(CaseEvent::AcceptanceRefused { reason, basis, right_body })
        }
        Outcome::NotRequired { basis } => {
            given(&basis)?;
            Ok(CaseEvent::NotRequired { basis })
        }
        Outcome::Receive
        | Outcome::Withdraw { .. }
        | Outcome::DeemAccepted { .. }
        | Outcome::DeemWithdrawn
        | Outcome::Revoke { .. }
        | Outcome::DecideHere { .. } => Err(Refusal::WrongState),
    }
}

fn withdraw(case: &Case, reason: String) -> Result<CaseEvent, Refusal> {
    given(&reason)?;
    match case.state() {
        CaseState::Draft
        | CaseState::Received
        | CaseState::Supplement
        | CaseState::Accepted
        | CaseState::AcceptedConditional
        | CaseState::InReview
        | CaseState::Suspended => Ok(CaseEvent::Withdrawn { reason }),
        CaseState::NotRequired
        | CaseState::Rejected
        | CaseState::Withdrawn
        | CaseState::DeemedWithdrawn
        | CaseState::Revoked
        | CaseState::Ready
        | CaseState::Completed => Err(Refusal::WrongState),
    }
}

/// Licensing law art. 32 (4), property registration rules art. 17: silence until the last day is acceptance as of the receipt.
fn deem_accepted(case: &Case, last_day: Date, basis: String, matters: Vec<MatterDue>, pickup_code: String, today: Date) -> Result<CaseEvent, Refusal> {
    let received_on = case.received_on.filter(|_| case.state() == CaseState::Received).ok_or(Refusal::WrongState)?;
    if today <= last_day {
        return Err(Refusal::PeriodRuns);
    }
    Ok(CaseEvent::DeemedAccepted {
        on: received_on,
        matters,
        pickup_code,
        basis,
    })
}

/// Provincial rules art. 11: what is not brought in the period of the notice is taken back.
fn deem_withdrawn(case: &Case, today: Date) -> Result<CaseEvent, Refusal> {
    let last_day = case
        .supplement_until
        .filter(|_| case.state() == CaseState::Supplement)
        .ok_or(Refusal::WrongState)?;
    if today <= last_day {
        return Err(Refusal::PeriodRuns);
    }
    // Something was brought: it has to be looked at, and accepted or refused.
    if case.brought_since_notice {
        return Err(Refusal::SomethingBrought);
    }
    Ok(CaseEvent::DeemedWithdrawn { on: today })
}

/// Provincial rules art. 11: outstanding papers that come late, or are not right, end the acceptance in writing.
fn revoke(case: &Case, reason: String, by: StaffNo, today: Date) -> Result<CaseEvent, Refusal> {
    let last_day = case
        .supplement_until
        .filter(|_| case.state_at_counter() == CaseState::AcceptedConditional)
        .ok_or(Refusal::WrongState)?;
    given(&reason)?;
    let late = today > last_day;
    if !late && !case.brought_since_notice {
        return Err(Refusal::PeriodRuns);
    }
    Ok(CaseEvent::AcceptanceRevoked { on: today, reason, by })
}

fn decide_here(case: &Case, mandate: &Mandate, decision: HereDecision) -> Result<CaseEvent, Refusal> {
    let open = |id: &MatterId| case.find_matter(id).is_some_and(|matter| matter.state.is_before_decision());
    let in_hand = match case.state() {
        CaseState::Accepted | CaseState::AcceptedConditional | CaseState::InReview => true,
        CaseState::Draft
        | CaseState::Received
        | CaseState::Supplement
        | CaseState::NotRequired
        | CaseState::Rejected
        | CaseState::Withdrawn
        | CaseState::DeemedWithdrawn
        | CaseState::Revoked
        | CaseState::Suspended
        | CaseState::Ready
        | CaseState::Completed => false,
    };
    if !in_hand || !open(&mandate.matter) {
        return Err(Refusal::WrongState);
    }
    // A decision is no promise: nothing may be outstanding any more.
    if !case.outstanding.is_empty() {
        return Err(Refusal::PapersOutstanding);
    }
    if mandate.after.iter().any(open) {
        return Err(Refusal::WaitsForOthers);
    }
    let before_refused = |id: &MatterId| {
        case.find_matter(id)
            .is_some_and(|matter| !matches!(matter.state, MatterState::Granted | MatterState::Delivered))
    };
    if mandate.after.iter().any(before_refused) {
        return Err(Refusal::WaitsForOthers);
    }
    if let HereDecision::Refused { reason } = &decision {
        given(reason)?;
    }
    Ok(CaseEvent::DecidedHere {
        matter: mandate.matter.clone(),
        decision,
    })
}

fn given(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(Refusal::ReasonMissing) } else { Ok(()) }
}
