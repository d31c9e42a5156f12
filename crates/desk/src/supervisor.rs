//! The supervisor's board: the branch's queue, sending a case back, letting a finding pass.

use onewindow_case::ids::{CaseId, FieldKey, MaterialKey, StaffNo};
use onewindow_case::state::CaseState;
use onewindow_case::{Case, CaseEvent};
use onewindow_catalogue::Override;
use onewindow_ipc::case_view::CaseView;
use onewindow_ipc::session::Role;
use onewindow_ipc::supervisor::{BoardFigures, BoardView, CounterRow};
use onewindow_ipc::worklist::{Alert, WorklistRow};
use onewindow_journal::{Actor, CounterEvent, Role as ActorRole};

use crate::branch::Passed;
use crate::clock::stamp;
use crate::desk::{Desk, lock};
use crate::fault::DeskFault;
use crate::intake::clean;

/// Most rows of the board.
const ROWS_MAX: usize = 300;

impl Desk {
    /// The board of the branch: this counter's cases, and those of the others as the centre last told.
    ///
    /// # Errors
    /// Not a supervisor.
    pub fn board(&self) -> Result<BoardView, DeskFault> {
        self.require(&[Role::Supervisor])?;
        let today = self.shared.clock.today();
        let lines = self.shared.store.cases(0, ROWS_MAX);
        let mut cases: Vec<WorklistRow> = lines.iter().filter_map(|line| self.row(line).ok()).collect();
        cases.extend(self.rows_elsewhere());
        let count = |states: &[CaseState]| number(cases.iter().filter(|row| states.iter().any(|state| state.code() == row.state)).count());
        let others = self.counters_elsewhere(today);
        let here_today = number(lines.iter().filter(|line| line.opened_on == today).count());
        let late = |row: &WorklistRow| row.alert == Alert::Red;
        let due = |row: &WorklistRow| matches!(row.alert, Alert::Red | Alert::Orange);
        let waiting_here = self.waiting();
        let figures = BoardFigures {
            drafts: count(&[CaseState::Draft]),
            received_today: others.iter().map(|counter| counter.today).sum::<u32>() + here_today,
            supplement: count(&[CaseState::Supplement, CaseState::AcceptedConditional]),
            unsent: waiting_here.cases,
            due: number(cases.iter().filter(|row| due(row)).count()),
            overdue: number(cases.iter().filter(|row| late(row)).count()),
        };
        cases.sort_by_key(|row| (row.due.clone().unwrap_or_else(|| "9999".to_owned()), row.age_min));
        let waiting = cases
            .iter()
            .filter(|row| matches!(row.state.as_str(), "draft" | "received" | "supplement"))
            .cloned()
            .collect();
        let clerk = lines.first().map(|line| self.staff_name(line.opened_by.as_str())).unwrap_or_default();
        let counter = CounterRow {
            counter: self.shared.config.counter.clone(),
            label: self.shared.config.label.clone(),
            clerk,
            today: here_today,
            unsent: Some(waiting_here.entries),
            heard_at: lock(&self.shared.standing).centre_answered_ms.map(stamp),
        };
        let mut counters: Vec<CounterRow> = std::iter::once(counter).chain(others).collect();
        counters.sort_by(|one, other| one.counter.cmp(&other.counter));
        Ok(BoardView {
            figures,
            counters,
            cases,
            waiting,
        })
    }

    /// Gives a case back to its clerk with a reason.
    ///
    /// # Errors
    /// Not a supervisor, reason missing, case decided.
    pub fn send_back(&self, id: CaseId, reason: &str) -> Result<CaseView, DeskFault> {
        let staff = self.require(&[Role::Supervisor])?;
        let reason = clean(reason);
        if reason.is_empty() {
            return Err(DeskFault::ReasonMissing);
        }
        if let Some(elsewhere) = self.find_elsewhere(id)? {
            return self.send_back_elsewhere(&elsewhere, reason);
        }
        let case = self.act(id, |case| {
            if matches!(
                case.state(),
                CaseState::Withdrawn | CaseState::DeemedWithdrawn | CaseState::Revoked | CaseState::Completed
            ) {
                return Err(onewindow_case::decide::Refusal::WrongState.into());
            }
            Ok(vec![CaseEvent::SentBack {
                by: StaffNo::new(&staff.staff_no),
                reason,
            }])
        })?;
        self.case_view(&case)
    }

    /// The PC's clock is right although it was put back, a supervisor says.
    ///
    /// # Errors
    /// Not a supervisor, wrong PIN, reason missing.
    pub fn accept_clock(&self, reason: &str, supervisor_no: &str, pin: &str) -> Result<(), DeskFault> {
        let reason = clean(reason);
        if reason.is_empty() {
            return Err(DeskFault::ReasonMissing);
        }
        let record = self.check_supervisor(supervisor_no, pin)?;
        let Some(behind_ms) = self.shared.clock.accept() else { return Ok(()) };
        let actor = Actor {
            staff_no: StaffNo::new(&record.staff_no),
            role: ActorRole::Supervisor,
        };
        self.note(Some(actor), CounterEvent::ClockAccepted { behind_ms, reason })
    }

    /// Lets a finding pass with a reason, as the catalogue allows it: the clerk alone, or a supervisor with an own PIN who is not the
    /// clerk of the case. Without a supervisor's number it is the clerk who signs.
    ///
    /// # Errors
    /// Finding unknown or not overridable, reason missing, wrong PIN, own case, a second person needed and none named.
    pub fn override_finding(&self, id: CaseId, finding_id: &str, reason: &str, supervisor_no: &str, pin: &str) -> Result<CaseView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let reason = clean(reason);
        if reason.is_empty() {
            return Err(DeskFault::ReasonMissing);
        }
        if let Some(elsewhere) = self.find_elsewhere(id)? {
            let record = self.check_supervisor(supervisor_no, pin)?;
            let passed = self.passed(self.case_to_read(id)?.as_ref(), finding_id, reason, true)?;
            return self.pass_elsewhere(&elsewhere, passed, StaffNo::new(&record.staff_no));
        }
        let second_person = !supervisor_no.trim().is_empty();
        let actor = if second_person {
            let record = self.check_supervisor(supervisor_no, pin)?;
            let opened_by = self.shared.store.find_summary(id)?.map(|line| line.opened_by);
            if opened_by.is_some_and(|clerk| clerk.as_str() == record.staff_no) {
                return Err(DeskFault::OwnCase);
            }
            Actor {
                staff_no: StaffNo::new(&record.staff_no),
                role: ActorRole::Supervisor,
            }
        } else {
            self.actor()?
        };
        let approved_by = actor.staff_no.clone();
        let case = self.act_as(actor, id, |case| {
            let passed = self.passed(case, finding_id, reason, second_person)?;
            Ok(vec![CaseEvent::FindingOverridden {
                code: passed.code,
                material: passed.material,
                field: passed.field,
                reason: passed.reason,
                approved_by,
            }])
        })?;
        self.case_view(&case)
    }

    /// The finding with this identity, when it may be let pass by whoever signs: the clerk alone, or a second person.
    fn passed(&self, case: &Case, finding_id: &str, reason: String, second_person: bool) -> Result<Passed, DeskFault> {
        let check = self.assess(case)?;
        let finding = check
            .findings
            .iter()
            .find(|finding| crate::view::finding_id(finding) == finding_id)
            .ok_or(DeskFault::Unknown { what: "finding" })?;
        if finding.override_by == Override::Never {
            return Err(DeskFault::NotOverridable);
        }
        if finding.override_by == Override::SecondPerson && !second_person {
            return Err(DeskFault::WrongRole);
        }
        Ok(Passed {
            code: finding.code.clone(),
            material: finding.material.as_ref().map(|key| MaterialKey::new(key.as_str())),
            field: finding.field.as_ref().map(|key| FieldKey::new(key.as_str())),
            reason,
        })
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
