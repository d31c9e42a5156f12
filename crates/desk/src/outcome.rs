//! The five outcomes at the counter, and withdrawal: guarded by the check of the papers, written before anything is printed.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use onewindow_case::decide::{CompleteApplication, Outcome, TolerableApplication, Undertaking, decide};
use onewindow_case::ids::{CaseId, StaffNo};
use onewindow_case::state::CaseState;
use onewindow_case::{Case, CaseEvent};
use onewindow_catalogue::{Bundle, Refusal, RefusalOutcome};
use onewindow_ipc::case_view::{CaseView, OutcomeKind, OutcomeRequest};
use onewindow_ipc::session::Role;
use onewindow_print::DocumentKind;
use onewindow_rules::Assessment;

use crate::check::known_answers;
use crate::desk::Desk;
use crate::fault::DeskFault;
use crate::intake::clean;

impl Desk {
    /// Decides what the clerk chose. The case is flushed to disk first, then the documents are made and printed.
    ///
    /// # Errors
    /// The case changed since the clerk saw it, the papers do not allow the outcome, a guard of the case does not hold.
    pub fn decide_outcome(&self, id: CaseId, request: &OutcomeRequest) -> Result<CaseView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let case = self.act(id, |case| {
            if case.revision != request.seen_revision {
                return Err(DeskFault::Stale);
            }
            let today = self.shared.clock.today();
            let decided = decide(case, self.outcome(case, request)?, today)?;
            // What was known without asking is put on record with the decision that rests on it.
            let known = known_answers(&*self.get_bundle(case)?, case, today)
                .into_iter()
                .map(|known| CaseEvent::Answered {
                    question: known.question,
                    answer: Some(known.answer.to_string()),
                });
            Ok(known.chain(decided).collect())
        })?;
        self.print_documents_of(&case);
        self.show(id)
    }

    /// Makes and prints what a state puts on paper and the case does not have yet; a second notice is a document of its own.
    pub(crate) fn print_documents_of(&self, case: &Case) {
        for kind in documents_of(case.state_at_counter()) {
            let made = case.documents.iter().any(|document| document.kind == kind.name());
            if made && *kind != DocumentKind::SupplementNotice {
                continue;
            }
            // The decision stands whatever happens to paper: a document that fails is made again from the print step.
            if let Err(fault) = self.make_and_print(case.id, self.on_own_paper(*kind)) {
                tracing::error!(%fault, kind = kind.name(), "a document was not made");
            }
        }
    }

    /// The applicant takes the application back.
    ///
    /// # Errors
    /// Decided already, or no reason given.
    pub fn withdraw_case(&self, id: CaseId, reason: &str) -> Result<CaseView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let reason = clean(reason);
        let case = self.act(id, |case| Ok(decide(case, Outcome::Withdraw { reason }, self.shared.clock.today())?))?;
        // A draft that nobody handed in gets no paper.
        if case.received_on.is_some() {
            self.print_documents_of(&case);
        }
        self.show(id)
    }

    fn outcome(&self, case: &Case, request: &OutcomeRequest) -> Result<Outcome, DeskFault> {
        let bundle = &*self.get_bundle(case)?;
        let check = self.assess(case)?;
        match request.kind {
            OutcomeKind::Accept => Ok(Outcome::Accept {
                proof: CompleteApplication::prove(&check.completeness).ok_or(DeskFault::OutcomeImpossible)?,
                matters: self.matter_dues(bundle, &check.guidance.matters, case.accepted_on.unwrap_or_else(|| self.shared.clock.today()))?,
                pickup_code: pickup_code()?,
            }),
            OutcomeKind::AcceptConditional => Ok(Outcome::AcceptConditionally {
                proof: TolerableApplication::prove(&check.completeness).ok_or(DeskFault::OutcomeImpossible)?,
                undertaking: Undertaking {
                    signed: request.undertaking_signed.unwrap_or_default(),
                    credit_clean: request.credit_clean.unwrap_or_default(),
                },
                matters: self.matter_dues(bundle, &check.guidance.matters, self.shared.clock.today())?,
                outstanding_due: self.outstanding_due(bundle, &check)?,
                pickup_code: pickup_code()?,
            }),
            OutcomeKind::Supplement => Ok(Outcome::Supplement {
                items: check.deficiencies(),
                last_day: self.working_days_from_today(self.catalogue_of(case).supplement_wd())?,
                second_by: self.second_signature(case, request)?,
            }),
            OutcomeKind::Refuse => {
                let refusal = find_refusal(bundle, request)?;
                Ok(Outcome::Refuse {
                    reason: own_words(request).unwrap_or_else(|| refusal.reason.zh.clone()),
                    basis: refusal.law.zh.clone(),
                    right_body: refusal.body.as_ref().map(|body| body.zh.clone()),
                })
            }
            OutcomeKind::NotRequired => {
                let basis = own_words(request).or_else(|| not_required(&check).map(|refusal| refusal.law.zh.clone()));
                Ok(Outcome::NotRequired {
                    basis: basis.ok_or(DeskFault::ReasonMissing)?,
                })
            }
        }
    }

    /// A second one-time notice needs a supervisor with an own PIN who is not the clerk.
    fn second_signature(&self, case: &Case, request: &OutcomeRequest) -> Result<Option<StaffNo>, DeskFault> {
        let (Some(number), Some(pin)) = (&request.supervisor_no, &request.supervisor_pin) else {
            return Ok(None);
        };
        if case.state() != CaseState::Supplement {
            return Ok(None);
        }
        let record = self.check_supervisor(number, pin)?;
        if record.staff_no == self.staff()?.staff_no {
            return Err(DeskFault::OwnCase);
        }
        Ok(Some(StaffNo::new(record.staff_no)))
    }
}

/// The documents that an outcome puts on paper, in the order of printing.
pub(crate) fn documents_of(state: CaseState) -> &'static [DocumentKind] {
    match state {
        CaseState::Accepted | CaseState::InReview => &[DocumentKind::ReceiptSlip, DocumentKind::AcceptanceNotice, DocumentKind::PickupSlip],
        CaseState::AcceptedConditional => &[
            DocumentKind::ReceiptSlip,
            DocumentKind::ToleranceCommitment,
            DocumentKind::AcceptanceNotice,
            DocumentKind::PickupSlip,
        ],
        CaseState::Supplement => &[DocumentKind::SupplementNotice],
        CaseState::Rejected => &[DocumentKind::RefusalNotice],
        CaseState::Received => &[DocumentKind::ReceiptSlip],
        CaseState::NotRequired => &[DocumentKind::NotRequiredNote],
        CaseState::Withdrawn => &[DocumentKind::WithdrawalReceipt],
        CaseState::DeemedWithdrawn => &[DocumentKind::DeemedWithdrawalNote],
        CaseState::Revoked => &[DocumentKind::RevocationDecision],
        CaseState::Draft | CaseState::Suspended | CaseState::Ready | CaseState::Completed => &[],
    }
}

/// Reasons that a clerk may give for a refusal in this bundle.
pub(crate) fn refusals(bundle: &Bundle) -> impl Iterator<Item = &Refusal> {
    bundle.refusals.iter().filter(|refusal| refusal.outcome != RefusalOutcome::NotRequired)
}

fn find_refusal<'b>(bundle: &'b Bundle, request: &OutcomeRequest) -> Result<&'b Refusal, DeskFault> {
    let id = request.reason.as_deref().ok_or(DeskFault::ReasonMissing)?;
    refusals(bundle).find(|refusal| refusal.id == id).ok_or(DeskFault::Unknown { what: "reason" })
}

fn not_required(check: &Assessment) -> Option<&Refusal> {
    check.refusals.iter().find(|refusal| refusal.outcome == RefusalOutcome::NotRequired)
}

fn own_words(request: &OutcomeRequest) -> Option<String> {
    request.text.as_deref().map(clean).filter(|text| !text.is_empty())
}

/// Six random digits, unrelated to the case number.
pub(crate) fn pickup_code() -> Result<String, DeskFault> {
    let mut bytes = [0_u8; 4];
    SystemRandom::new().fill(&mut bytes).map_err(|_| DeskFault::Defect("random numbers".into()))?;
    Ok(format!("{:06}", u32::from_le_bytes(bytes) % 1_000_000))
}
