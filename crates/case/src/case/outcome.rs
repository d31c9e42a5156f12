//! Folding what was decided at the counter, and what belongs to the visit. Absent on purpose: guards; an event has already happened.

use time::Date;

use super::{Case, Matter};
use crate::event::{CaseEvent, HereDecision, MatterDue, VisitNote};
use crate::state::{CaseState, MatterState};

impl Case {
    pub(super) fn apply_outcome(&mut self, event: &CaseEvent) {
        match event {
            CaseEvent::Received { on } => {
                self.intake = CaseState::Received;
                self.received_on = Some(*on);
            }
            CaseEvent::Accepted { on, matters, pickup_code } => {
                self.accept(*on, matters, pickup_code, CaseState::Accepted);
            }
            CaseEvent::DeemedAccepted {
                on,
                matters,
                pickup_code,
                basis,
            } => {
                self.accept(*on, matters, pickup_code, CaseState::Accepted);
                self.deemed_by = Some(basis.clone());
            }
            CaseEvent::AcceptedConditionally {
                on,
                matters,
                outstanding,
                outstanding_due,
                pickup_code,
            } => {
                self.accept(*on, matters, pickup_code, CaseState::AcceptedConditional);
                self.outstanding.clone_from(outstanding);
                self.supplement_until = Some(*outstanding_due);
                self.brought_since_notice = false;
            }
            CaseEvent::SupplementTold { items, last_day } => {
                self.intake = CaseState::Supplement;
                self.deficiencies.clone_from(items);
                self.supplement_until = Some(*last_day);
                self.brought_since_notice = false;
            }
            CaseEvent::AcceptanceRefused { .. } => self.intake = CaseState::Rejected,
            CaseEvent::NotRequired { .. } => self.intake = CaseState::NotRequired,
            CaseEvent::Withdrawn { .. } => self.end(CaseState::Withdrawn, MatterState::Withdrawn),
            CaseEvent::DeemedWithdrawn { .. } => self.end(CaseState::DeemedWithdrawn, MatterState::Withdrawn),
            CaseEvent::AcceptanceRevoked { reason, .. } => {
                self.end(CaseState::Revoked, MatterState::Terminated);
                self.revoked_for = Some(reason.clone());
                self.outstanding.clear();
            }
            CaseEvent::DecidedHere { matter, decision } => self.decide_here(matter, decision),
            _not_an_outcome => {}
        }
    }

    pub(super) fn apply_visit(&mut self, note: &VisitNote) {
        match note {
            VisitNote::Representative(representative) => self.representative.clone_from(representative),
            VisitNote::Needs(needs) => {
                self.needs.clone_from(needs);
                self.needs.sort_unstable();
                self.needs.dedup();
            }
            VisitNote::Consent { consent, given: true } => {
                self.consents.insert(consent.clone());
            }
            VisitNote::Consent { consent, given: false } => {
                self.consents.remove(consent);
            }
            VisitNote::Rated(rating) => self.rating = Some(rating.clone()),
        }
    }

    /// Takes over the matters with their due days. A matter that a department works on already keeps where it is: papers that
    /// follow later complete the acceptance, they do not begin it again.
    fn accept(&mut self, on: Date, matters: &[MatterDue], pickup_code: &str, state: CaseState) {
        self.intake = state;
        self.accepted_on = Some(on);
        self.pickup_code = Some(pickup_code.to_owned());
        self.outstanding.clear();
        self.supplement_until = None;
        let begun = if state == CaseState::AcceptedConditional {
            MatterState::AcceptedConditional
        } else {
            MatterState::Accepted
        };
        self.matters = matters.iter().map(|due| self.matter_of(due, begun)).collect();
    }

    fn matter_of(&self, due: &MatterDue, begun: MatterState) -> Matter {
        let known = self.find_matter(&due.matter);
        if let Some(known) = known.filter(|known| !matches!(known.state, MatterState::Accepted | MatterState::AcceptedConditional)) {
            return known.clone();
        }
        Matter {
            id: due.matter.clone(),
            department: due.department.clone(),
            state: begun,
            due: due.due,
            licence_no: None,
            licence_content: Vec::new(),
            signed_code: None,
            reason: None,
            extended: false,
            decided_here: false,
            at_window: false,
        }
    }

    fn end(&mut self, intake: CaseState, open_matters: MatterState) {
        self.intake = intake;
        for matter in &mut self.matters {
            if matter.state.is_before_decision() {
                matter.state = open_matters;
            }
        }
    }

    fn decide_here(&mut self, matter: &crate::ids::MatterId, decision: &HereDecision) {
        let Some(matter) = self.find_matter_mut(matter) else { return };
        matter.decided_here = true;
        match decision {
            HereDecision::Granted => matter.state = MatterState::Granted,
            HereDecision::Refused { reason } => {
                matter.state = MatterState::Refused;
                matter.reason = Some(reason.clone());
            }
        }
    }
}
