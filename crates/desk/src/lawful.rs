//! What the law attaches to a day or a mandate rather than to a choice of the clerk: receipt, silence that counts as acceptance,
//! a notice left unanswered, acceptance taken back, a decision at the window. Guards are in `case::decide`.

use onewindow_case::calendar::{DeemedAcceptance, earlier_due};
use onewindow_case::decide::{Mandate, Outcome, decide};
use onewindow_case::event::HereDecision;
use onewindow_case::ids::{CaseId, MatterId, StaffNo};
use onewindow_case::state::CaseState;
use onewindow_case::{Case, CaseEvent};
use onewindow_catalogue::{Bundle, TimeLimit};
use onewindow_ipc::Words;
use onewindow_ipc::case_view::CaseView;
use onewindow_ipc::session::Role;
use onewindow_ipc::visit::LawfulView;
use onewindow_rules::Assessment;
use time::Date;

use crate::clock::day;
use crate::deadlines::NOTICE_WD;
use crate::desk::Desk;
use crate::fault::DeskFault;
use crate::intake::clean;
use crate::outcome::pickup_code;

impl Desk {
    /// The papers are held, nothing is accepted yet: the receipt slip is printed and the five working days run.
    ///
    /// # Errors
    /// No applicant named, or received already.
    pub fn receive_case(&self, id: CaseId) -> Result<CaseView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let case = self.act(id, |case| Ok(decide(case, Outcome::Receive, self.shared.clock.today())?))?;
        self.print_documents_of(&case);
        self.show(id)
    }

    /// Does what the law attaches to a day that has passed: silence counts as acceptance, an unanswered notice as withdrawal.
    /// Never by itself: a clerk confirms that nothing was told or brought elsewhere while the counter was offline.
    ///
    /// # Errors
    /// The period still runs, something was brought, or the state knows no such consequence.
    pub fn apply_deemed(&self, id: CaseId) -> Result<CaseView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let case = self.act(id, |case| {
            let outcome = match case.state() {
                CaseState::Received => self.deemed_acceptance(case)?,
                CaseState::Draft
                | CaseState::Supplement
                | CaseState::NotRequired
                | CaseState::Rejected
                | CaseState::Withdrawn
                | CaseState::DeemedWithdrawn
                | CaseState::Revoked
                | CaseState::Accepted
                | CaseState::AcceptedConditional
                | CaseState::InReview
                | CaseState::Suspended
                | CaseState::Ready
                | CaseState::Completed => Outcome::DeemWithdrawn,
            };
            Ok(decide(case, outcome, self.shared.clock.today())?)
        })?;
        self.print_documents_of(&case);
        self.show(id)
    }

    /// Takes acceptance with papers outstanding back; a supervisor with an own PIN signs.
    ///
    /// # Errors
    /// Not due yet, no reason, PIN wrong.
    pub fn revoke_acceptance(&self, id: CaseId, reason: &str, supervisor_no: &str, pin: &str) -> Result<CaseView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let by = StaffNo::new(self.check_supervisor(supervisor_no, pin)?.staff_no);
        let reason = clean(reason);
        let case = self.act(id, |case| Ok(decide(case, Outcome::Revoke { reason, by }, self.shared.clock.today())?))?;
        self.print_documents_of(&case);
        self.show(id)
    }

    /// Decides a matter at the window by mandate of its department: granted, or refused with a written reason.
    ///
    /// # Errors
    /// No mandate, matters before it open, papers outstanding, reason missing.
    pub fn decide_here(&self, id: CaseId, matter: &MatterId, refusal: Option<&str>) -> Result<CaseView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let decision = match refusal {
            None => HereDecision::Granted,
            Some(reason) => HereDecision::Refused { reason: clean(reason) },
        };
        let case = self.act(id, |case| {
            let bundle = self.get_bundle(case)?;
            let mandate = mandate(&bundle, case, matter).ok_or(DeskFault::OutcomeImpossible)?;
            Ok(decide(case, Outcome::DecideHere { mandate, decision }, self.shared.clock.today())?)
        })?;
        self.case_view(&case)
    }

    /// What of all this is possible now, for the window.
    pub(crate) fn lawful_view(&self, case: &Case) -> LawfulView {
        let today = self.shared.clock.today();
        let may = |outcome: Outcome| decide(case, outcome, today).is_ok();
        let (deemed, words) = match case.state() {
            CaseState::Received => match self.deemed_acceptance(case) {
                Ok(outcome) => (
                    may(outcome),
                    Words::new("逾期未告知，视为受理", "Nothing was told in time: it counts as accepted"),
                ),
                Err(_) => (false, Words::new("", "")),
            },
            CaseState::Supplement => (
                may(Outcome::DeemWithdrawn),
                Words::new("逾期未补正，视为撤回", "Nothing was brought in time: it counts as withdrawn"),
            ),
            CaseState::Draft
            | CaseState::NotRequired
            | CaseState::Rejected
            | CaseState::Withdrawn
            | CaseState::DeemedWithdrawn
            | CaseState::Revoked
            | CaseState::Accepted
            | CaseState::AcceptedConditional
            | CaseState::InReview
            | CaseState::Suspended
            | CaseState::Ready
            | CaseState::Completed => (false, Words::new("", "")),
        };
        LawfulView {
            receivable: case.state() == CaseState::Draft && may(Outcome::Receive),
            deemed: deemed.then_some(words),
            revocable: may(Outcome::Revoke {
                reason: "-".to_owned(),
                by: StaffNo::new("-"),
            }),
            withdrawable: may(Outcome::Withdraw { reason: "-".to_owned() }),
            deemed_by: case.deemed_by.clone(),
            revoked_for: case.revoked_for.clone(),
        }
    }

    /// Whether a matter can be decided at the window now.
    pub(crate) fn decidable_here(&self, case: &Case, bundle: &Bundle, matter: &MatterId) -> bool {
        self.grant_here(case, bundle, matter).is_ok()
    }

    /// That a matter may be granted at the window now, whoever gives the number: the centre, or a block of this counter.
    ///
    /// # Errors
    /// No mandate, or what the case has against it.
    pub(crate) fn grant_here(&self, case: &Case, bundle: &Bundle, matter: &MatterId) -> Result<Vec<CaseEvent>, DeskFault> {
        let mandate = mandate(bundle, case, matter).ok_or(DeskFault::NoMandate)?;
        let outcome = Outcome::DecideHere {
            mandate,
            decision: HereDecision::Granted,
        };
        Ok(decide(case, outcome, self.shared.clock.today())?)
    }

    /// The last day for papers that follow: the period of the catalogue, never longer than the shortest promise of a matter that
    /// uses one of them, and never before tomorrow.
    pub(crate) fn outstanding_due(&self, bundle: &Bundle, check: &Assessment) -> Result<Date, DeskFault> {
        let missing = check.may_follow();
        let promised = bundle
            .materials
            .iter()
            .filter(|material| missing.contains(&material.key))
            .flat_map(|material| &material.for_matters)
            .filter(|matter| check.guidance.matters.contains(matter))
            .filter_map(|matter| bundle.find_matter(matter))
            .filter_map(|matter| working_days(matter.promised))
            .min();
        let days = earlier_due(Some(self.catalogue().tolerance_wd()), promised).unwrap_or(1).max(1);
        self.working_days_from_today(days)
    }

    fn deemed_acceptance(&self, case: &Case) -> Result<Outcome, DeskFault> {
        let bundle = self.get_bundle(case)?;
        let received_on = case.received_on.ok_or(DeskFault::OutcomeImpossible)?;
        let (rule, basis) = deemed_rule(&bundle);
        let last_day = match rule {
            DeemedAcceptance::PropertyRegistration => received_on,
            DeemedAcceptance::Licensing => self.working_days_from(received_on, NOTICE_WD)?,
        };
        let check = self.assess(case)?;
        Ok(Outcome::DeemAccepted {
            last_day,
            basis: format!("{basis}（{} 收件）", day(received_on)),
            matters: self.matter_dues(&bundle, &check.guidance.matters, received_on)?,
            pickup_code: pickup_code()?,
        })
    }
}

/// Which law lets silence count, and from when: a bundle with an entry in the property register has to be told on the spot.
fn deemed_rule(bundle: &Bundle) -> (DeemedAcceptance, &'static str) {
    let property = bundle
        .matters
        .iter()
        .filter_map(|matter| matter.statutory.as_ref())
        .any(|statutory| statutory.basis.zh.contains("不动产登记暂行条例"));
    if property {
        (DeemedAcceptance::PropertyRegistration, "《不动产登记暂行条例》第十七条")
    } else {
        (DeemedAcceptance::Licensing, "《行政许可法》第三十二条第一款第（四）项")
    }
}

fn mandate(bundle: &Bundle, case: &Case, matter: &MatterId) -> Option<Mandate> {
    let definition = bundle.find_matter(matter)?;
    let after: Vec<MatterId> = definition.after.iter().filter(|before| case.find_matter(before).is_some()).cloned().collect();
    Mandate::prove(matter, definition.mandate, &after)
}

/// Whole working days of a promise; less than a day gives no time to bring anything and sets no bound.
fn working_days(limit: TimeLimit) -> Option<u32> {
    match limit {
        TimeLimit::WorkingDays(days) => Some(days),
        TimeLimit::CalendarDays(days) => Some(days * 5 / 7),
        TimeLimit::AtOnce | TimeLimit::Minutes(_) | TimeLimit::Hours(_) => None,
    }
}
