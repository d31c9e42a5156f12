//! Licences: printed once, on a counted blank, only for what a department has granted.

use onewindow_case::event::BlankFate;
use onewindow_case::ids::{BlankSerial, CaseId, MatterId, StaffNo};
use onewindow_case::state::MatterState;
use onewindow_case::{Case, CaseEvent};
use onewindow_catalogue::ResultDelivery;
use onewindow_ipc::case_view::CaseView;
use onewindow_ipc::session::Role;
use onewindow_journal::CounterEvent;
use onewindow_print::DocumentKind;

use crate::config::DemoBlanks;
use crate::desk::Desk;
use crate::documents::licence_kind;
use crate::fault::DeskFault;
use crate::intake::clean;

/// Setting under which the blanks of this counter are kept in the journal.
const BLANKS_SETTING: &str = "blanks";

impl Desk {
    /// Prints the licence of a granted matter on the blank with this serial number.
    ///
    /// # Errors
    /// Not granted, not a licence of this counter, printed already, blank not in stock.
    pub fn issue_licence(&self, id: CaseId, matter: &MatterId, serial: &str) -> Result<CaseView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let case = self.get_case(id)?;
        let kind = self.printable_licence(&case, matter).ok_or(DeskFault::NoLicence)?;
        let serial = clean(serial);
        if !self.free_blanks(&case, matter)?.contains(&serial) {
            return Err(DeskFault::BlankNotInStock(serial));
        }
        let document = self.make_document(&case, kind, Some(matter), Some(&serial))?;
        self.act(id, |case| {
            // Looked at again under the lock: the same licence must not go on two blanks.
            self.printable_licence(case, matter).ok_or(DeskFault::NoLicence)?;
            Ok(vec![CaseEvent::BlankBooked {
                serial: BlankSerial::new(&serial),
                matter: matter.clone(),
                document,
            }])
        })?;
        self.print_copy(id, document, None)?;
        self.show(id)
    }

    /// The clerk looked at the sheet: it carries the licence, or it is spoiled (reason and a second person).
    ///
    /// # Errors
    /// Blank unknown or settled; reason or second person missing for a spoiled one.
    pub fn settle_blank(&self, id: CaseId, serial: &str, used: bool, reason: Option<&str>, witness: Option<(&str, &str)>) -> Result<CaseView, DeskFault> {
        let serial = BlankSerial::new(clean(serial));
        let reason = reason.map(clean).filter(|reason| !reason.is_empty());
        let witness = match witness {
            Some((number, pin)) if !used => Some(StaffNo::new(self.check_supervisor(number, pin)?.staff_no)),
            _ => None,
        };
        if !used && (reason.is_none() || witness.is_none()) {
            return Err(DeskFault::ReasonMissing);
        }
        let case = self.act(id, |case| {
            let open = case.blanks.iter().any(|blank| blank.serial == serial && blank.fate.is_none());
            if !open {
                return Err(DeskFault::BlankNotInStock(serial.to_string()));
            }
            let fate = if used { BlankFate::Used } else { BlankFate::Spoiled };
            Ok(vec![CaseEvent::BlankSettled {
                serial: serial.clone(),
                fate,
                reason,
                witness,
            }])
        })?;
        self.case_view(&case)
    }

    /// The applicant has what was granted.
    ///
    /// # Errors
    /// Not granted; a printed licence whose sheet nobody looked at.
    pub fn hand_over(&self, id: CaseId, matter: &MatterId, receiver: &str) -> Result<CaseView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let receiver = clean(receiver);
        if receiver.is_empty() {
            return Err(DeskFault::ReasonMissing);
        }
        let case = self.act(id, |case| {
            let granted = case.find_matter(matter).is_some_and(|matter| matter.state == MatterState::Granted);
            let printed_here = self.licence_kind_of(case, matter).is_some();
            let on_a_blank = case.blanks.iter().any(|blank| &blank.matter == matter && blank.fate == Some(BlankFate::Used));
            if !granted || (printed_here && !on_a_blank) {
                return Err(DeskFault::NoLicence);
            }
            Ok(vec![CaseEvent::HandedOver {
                matter: matter.clone(),
                receiver,
            }])
        })?;
        self.case_view(&case)
    }

    /// The layout, when a licence may be printed for this matter now: granted, ours, and not on a blank yet.
    pub(crate) fn printable_licence(&self, case: &Case, matter: &MatterId) -> Option<DocumentKind> {
        case.find_matter(matter).filter(|matter| matter.state == MatterState::Granted)?;
        let on_a_blank = case
            .blanks
            .iter()
            .any(|blank| &blank.matter == matter && blank.fate != Some(BlankFate::Spoiled));
        self.licence_kind_of(case, matter).filter(|_| !on_a_blank)
    }

    /// Blanks of the right kind that nobody has used, lowest first.
    pub(crate) fn free_blanks(&self, case: &Case, matter: &MatterId) -> Result<Vec<String>, DeskFault> {
        let result = self
            .get_bundle(case)?
            .find_matter(matter)
            .map(|matter| matter.result.id.clone())
            .unwrap_or_default();
        let booked: std::collections::BTreeSet<String> = self
            .newest_cases()
            .flat_map(|case| case.blanks.iter().map(|blank| blank.serial.to_string()).collect::<Vec<_>>())
            .collect();
        let stock = self
            .shared
            .store
            .find_setting(BLANKS_SETTING)?
            .and_then(|text| serde_json::from_str::<Vec<DemoBlanks>>(&text).ok())
            .unwrap_or_default();
        Ok(stock
            .iter()
            .filter(|run| run.kind == result)
            .flat_map(serials)
            .filter(|serial| !booked.contains(serial))
            .collect())
    }

    /// In the demonstration the counter starts with blanks in its drawer.
    pub(crate) fn stock_demo_blanks(&self) -> Result<(), DeskFault> {
        let runs = &self.shared.config.demo_blanks;
        if runs.is_empty() || self.shared.store.find_setting(BLANKS_SETTING)?.is_some() {
            return Ok(());
        }
        for run in runs {
            let all: Vec<String> = serials(run).collect();
            if let (Some(first), Some(last)) = (all.first(), all.last()) {
                self.note(
                    None,
                    CounterEvent::BlanksStocked {
                        kind: run.kind.clone(),
                        first: first.clone(),
                        last: last.clone(),
                    },
                )?;
            }
        }
        let value = serde_json::to_string(runs).map_err(|error| DeskFault::Defect(error.to_string()))?;
        self.note(
            None,
            CounterEvent::SettingChanged {
                key: BLANKS_SETTING.to_owned(),
                value,
            },
        )
    }

    fn licence_kind_of(&self, case: &Case, matter: &MatterId) -> Option<DocumentKind> {
        let matter = self.get_bundle(case).ok()?.find_matter(matter)?;
        licence_kind(&matter.result.id).filter(|_| matter.result.delivery == ResultDelivery::CounterPrint)
    }
}

/// Most blanks in one run that are looked at.
const RUN_MAX: usize = 10_000;

fn serials(run: &DemoBlanks) -> impl Iterator<Item = String> + '_ {
    (run.first..=run.last).take(RUN_MAX).map(|number| format!("{}{number:06}", run.prefix))
}
