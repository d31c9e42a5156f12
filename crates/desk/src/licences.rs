//! Licences: printed once, on a counted blank, only for what a department has granted.

use onewindow_case::case::{Document, Print};
use onewindow_case::event::{BlankFate, PrintStep};
use onewindow_case::ids::{BlankSerial, CaseId, DocumentId, MatterId, StaffNo};
use onewindow_case::print_job::PrintState;
use onewindow_case::state::MatterState;
use onewindow_case::{Case, CaseEvent};
use onewindow_catalogue::ResultDelivery;
use onewindow_ipc::case_view::CaseView;
use onewindow_ipc::day::DayView;
use onewindow_ipc::session::Role;
use onewindow_journal::CounterEvent;
use onewindow_print::DocumentKind;

use crate::blanks::{BlankBook, Run};
use crate::clock::day;
use crate::config::DemoBlanks;
use crate::desk::Desk;
use crate::documents::{find_kind, licence_kind};
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
        let result = self.result_of(&case, matter)?;
        let serial = clean(serial);
        if !self.blank_book()?.holds(&result, &serial) {
            return Err(DeskFault::BlankNotInStock(serial));
        }
        let document = self.make_document(&case, kind, Some(matter))?;
        self.act_with(id, |case| {
            // Looked at again under the lock: the same licence must not go on two blanks, nor two licences on one.
            self.printable_licence(case, matter).ok_or(DeskFault::NoLicence)?;
            let mut book = self.blank_book()?;
            book.book(&result, &serial, &id.to_string(), &self.today_text())?;
            let booked = CaseEvent::BlankBooked {
                serial: BlankSerial::new(&serial),
                matter: matter.clone(),
                document,
            };
            Ok((vec![booked], vec![book_kept(&book)?]))
        })?;
        self.print_copy(id, document, None)?;
        self.show(id)
    }

    /// Prints a licence that is out once more: from its stored bytes, marked with the number of the copy, day, clerk and reason
    /// in the text and with the copy in the signed code, on a counted blank of its own.
    ///
    /// # Errors
    /// Never printed, the last sheet not looked at, reason missing, blank not in stock, no key to sign with.
    pub fn copy_licence(&self, id: CaseId, matter: &MatterId, serial: &str, reason: &str) -> Result<CaseView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let (serial, reason) = (clean(serial), clean(reason));
        if reason.is_empty() {
            return Err(DeskFault::ReasonMissing);
        }
        self.check_printable(&onewindow_case::text::Bilingual::new("理由", "Reason"), &reason)?;
        // The code of a copy is signed here; without a key no blank is taken.
        self.counter_signer()?;
        let case = self.get_case(id)?;
        let document = self.copyable_licence(&case, matter).ok_or(DeskFault::NoLicence)?;
        let result = self.result_of(&case, matter)?;
        self.act_with(id, |case| {
            self.copyable_licence(case, matter).ok_or(DeskFault::NoLicence)?;
            let mut book = self.blank_book()?;
            if !book.holds(&result, &serial) {
                return Err(DeskFault::BlankNotInStock(serial.clone()));
            }
            book.book(&result, &serial, &id.to_string(), &self.today_text())?;
            let booked = CaseEvent::BlankBooked {
                serial: BlankSerial::new(&serial),
                matter: matter.clone(),
                document,
            };
            Ok((vec![booked], vec![book_kept(&book)?]))
        })?;
        self.print_copy(id, document, Some(reason))?;
        self.show(id)
    }

    /// The licence of a matter when it is on paper and every sheet taken for it was looked at.
    pub(crate) fn copyable_licence(&self, case: &Case, matter: &MatterId) -> Option<DocumentId> {
        let of_matter = || case.blanks.iter().filter(|blank| &blank.matter == matter);
        let out = of_matter().any(|blank| blank.fate == Some(BlankFate::Used)) && of_matter().all(|blank| blank.fate.is_some());
        let kind = self.licence_kind_of(case, matter).filter(|_| out)?;
        let licence = |document: &&Document| document.matter.as_ref() == Some(matter) && document.kind == kind.name();
        case.documents.iter().rev().find(licence).map(|document| document.id)
    }

    /// The clerk looked at the sheet: it carries the licence, or it is spoiled (reason and a second person).
    ///
    /// # Errors
    /// Blank unknown or settled; reason or second person missing for a spoiled one.
    pub fn settle_blank(&self, id: CaseId, serial: &str, used: bool, reason: Option<&str>, witness: Option<(&str, &str)>) -> Result<CaseView, DeskFault> {
        let serial = BlankSerial::new(clean(serial));
        let reason = reason.map(clean).filter(|reason| !reason.is_empty());
        let witness = match witness {
            Some((number, pin)) if !used => Some(self.second_person(number, pin)?),
            _ => None,
        };
        if !used && (reason.is_none() || witness.is_none()) {
            return Err(DeskFault::ReasonMissing);
        }
        let case = self.act_with(id, |case| {
            let open = case.blanks.iter().find(|blank| blank.serial == serial && blank.fate.is_none());
            let matter = open
                .map(|blank| blank.matter.clone())
                .ok_or_else(|| DeskFault::BlankNotInStock(serial.to_string()))?;
            let fate = if used { BlankFate::Used } else { BlankFate::Spoiled };
            let mut events = Vec::new();
            // The print went the way of its sheet: the next one is not a duplicate.
            if let Some(text) = reason.clone().filter(|_| !used) {
                events.extend(spoiled_print(case, &matter, text));
            }
            events.push(CaseEvent::BlankSettled {
                serial: serial.clone(),
                fate,
                reason,
                witness,
            });
            let mut book = self.blank_book()?;
            book.settle(serial.as_str(), fate, &self.today_text())?;
            Ok((events, vec![book_kept(&book)?]))
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

    /// The layout, when a licence may be printed for this matter now: granted and numbered, ours, and not on a blank yet.
    pub(crate) fn printable_licence(&self, case: &Case, matter: &MatterId) -> Option<DocumentKind> {
        // A matter decided at this window without a number of its own waits for the centre's.
        case.find_matter(matter)
            .filter(|matter| matter.state == MatterState::Granted && matter.licence_no.is_some())?;
        let on_a_blank = case
            .blanks
            .iter()
            .any(|blank| &blank.matter == matter && blank.fate != Some(BlankFate::Spoiled));
        self.licence_kind_of(case, matter).filter(|_| !on_a_blank)
    }

    /// Blanks of the right kind in the drawer, lowest first; enough to propose.
    pub(crate) fn free_blanks(&self, case: &Case, matter: &MatterId) -> Result<Vec<String>, DeskFault> {
        Ok(self.blank_book()?.free(&self.result_of(case, matter)?, PROPOSED_MAX))
    }

    /// Blanks come into the drawer: clerk and supervisor count them together.
    ///
    /// # Errors
    /// No run, numbers that were here before, second person missing.
    pub fn receive_blanks(&self, kind: &str, first: &str, last: &str, supervisor: (&str, &str)) -> Result<DayView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        self.second_person(supervisor.0, supervisor.1)?;
        licence_kind(kind).ok_or(DeskFault::Unknown { what: "kind of blank" })?;
        let run = Run::between(kind, &clean(first), &clean(last))?;
        let stocked = stocked(&run);
        self.move_blanks(|book, today| Ok(book.receive(run, today).map(|()| stocked)?))?;
        self.day()
    }

    /// Blanks go back to the store.
    ///
    /// # Errors
    /// Not all of them are in the drawer, second person missing.
    pub fn return_blanks(&self, kind: &str, first: &str, last: &str, supervisor: (&str, &str)) -> Result<DayView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let witness = self.second_person(supervisor.0, supervisor.1)?;
        let run = Run::between(kind, &clean(first), &clean(last))?;
        self.move_blanks(|book, today| {
            book.give_back(&run, today)?;
            Ok(CounterEvent::BlanksReturned {
                kind: run.kind.clone(),
                first: run.first_serial(),
                last: run.last_serial(),
                witness,
            })
        })?;
        self.day()
    }

    /// A blank in the drawer is no use: torn, wet, misprinted by its maker, or lost.
    ///
    /// # Errors
    /// Not in the drawer, reason or second person missing.
    pub fn spoil_blank(&self, kind: &str, serial: &str, reason: &str, supervisor: (&str, &str)) -> Result<DayView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let (serial, reason) = (clean(serial), clean(reason));
        if reason.is_empty() {
            return Err(DeskFault::ReasonMissing);
        }
        let witness = self.second_person(supervisor.0, supervisor.1)?;
        self.move_blanks(|book, today| {
            book.spoil(kind, &serial, today)?;
            Ok(CounterEvent::BlankSpoiled {
                kind: kind.to_owned(),
                serial,
                reason,
                witness,
            })
        })?;
        self.day()
    }

    /// Changes the book and notes why, in one append.
    fn move_blanks(&self, change: impl FnOnce(&mut BlankBook, &str) -> Result<CounterEvent, DeskFault>) -> Result<(), DeskFault> {
        let actor = self.actor()?;
        let _turn = self.take_turn();
        let mut book = self.blank_book()?;
        let event = change(&mut book, &self.today_text())?;
        self.note_all(Some(actor), vec![event, book_kept(&book)?])
    }

    /// All blanks of this counter.
    pub(crate) fn blank_book(&self) -> Result<BlankBook, DeskFault> {
        let Some(text) = self.shared.store.find_setting(BLANKS_SETTING)? else {
            return Ok(BlankBook::default());
        };
        match serde_json::from_str(&text) {
            Ok(book) => Ok(book),
            // Counters set up before there was a book kept their runs alone.
            Err(_) => self.book_of_runs(&serde_json::from_str::<Vec<DemoBlanks>>(&text).map_err(|error| DeskFault::Defect(error.to_string()))?),
        }
    }

    /// A book with these runs, from which everything that cases name is gone.
    fn book_of_runs(&self, runs: &[DemoBlanks]) -> Result<BlankBook, DeskFault> {
        let mut book = BlankBook::default();
        for run in runs {
            let serial = |number: u32| format!("{}{number:06}", run.prefix);
            book.receive(Run::between(&run.kind, &serial(run.first), &serial(run.last))?, "")?;
        }
        for case in self.newest_cases() {
            for blank in &case.blanks {
                let kind = self.result_of(&case, &blank.matter)?;
                // A number that is in none of the runs was checked when it was taken.
                if book.book(&kind, blank.serial.as_str(), &case.id.to_string(), "").is_ok()
                    && let Some(fate) = blank.fate
                {
                    book.settle(blank.serial.as_str(), fate, "")?;
                }
            }
        }
        Ok(book)
    }

    /// In the demonstration the counter starts with blanks in its drawer.
    pub(crate) fn stock_demo_blanks(&self) -> Result<(), DeskFault> {
        let runs = &self.shared.config.demo_blanks;
        if runs.is_empty() || self.shared.store.find_setting(BLANKS_SETTING)?.is_some() {
            return Ok(());
        }
        let today = self.today_text();
        let (mut book, mut events) = (BlankBook::default(), Vec::new());
        for run in runs {
            let serial = |number: u32| format!("{}{number:06}", run.prefix);
            let run = Run::between(&run.kind, &serial(run.first), &serial(run.last))?;
            events.push(stocked(&run));
            book.receive(run, &today)?;
        }
        events.push(book_kept(&book)?);
        self.note_all(None, events)
    }

    /// The supervisor who signs beside whoever is signed in.
    pub(crate) fn second_person(&self, number: &str, pin: &str) -> Result<StaffNo, DeskFault> {
        let record = self.check_supervisor(number, pin)?;
        if record.staff_no == self.staff()?.staff_no {
            return Err(DeskFault::SecondPerson);
        }
        Ok(StaffNo::new(record.staff_no))
    }

    pub(crate) fn today_text(&self) -> String {
        day(self.shared.clock.today())
    }

    /// What a matter results in: the kind of its blanks.
    fn result_of(&self, case: &Case, matter: &MatterId) -> Result<String, DeskFault> {
        let bundle = self.get_bundle(case)?;
        let found = bundle.find_matter(matter);
        Ok(found.map(|matter| matter.result.id.clone()).unwrap_or_default())
    }

    fn licence_kind_of(&self, case: &Case, matter: &MatterId) -> Option<DocumentKind> {
        let bundle = self.get_bundle(case).ok()?;
        let matter = bundle.find_matter(matter)?;
        licence_kind(&matter.result.id).filter(|_| matter.result.delivery == ResultDelivery::CounterPrint)
    }
}

/// Most blanks proposed at once.
const PROPOSED_MAX: usize = 20;

fn stocked(run: &Run) -> CounterEvent {
    CounterEvent::BlanksStocked {
        kind: run.kind.clone(),
        first: run.first_serial(),
        last: run.last_serial(),
    }
}

fn book_kept(book: &BlankBook) -> Result<CounterEvent, DeskFault> {
    Ok(CounterEvent::SettingChanged {
        key: BLANKS_SETTING.to_owned(),
        value: serde_json::to_string(book).map_err(|error| DeskFault::Defect(error.to_string()))?,
    })
}

/// The last print of a matter's licence, spoiled with its sheet.
fn spoiled_print(case: &Case, matter: &MatterId, reason: String) -> Option<CaseEvent> {
    let licence = |document: &&Document| document.matter.as_ref() == Some(matter) && find_kind(&document.kind).is_some_and(DocumentKind::needs_blank);
    let document = case.documents.iter().rev().find(licence)?;
    let spoiled = |print: &&Print| print.document == document.id && !matches!(print.state, PrintState::Spoiled { .. });
    let print = case.prints.iter().rev().find(spoiled)?;
    Some(CaseEvent::PrintStepped {
        print: print.id,
        document: document.id,
        step: PrintStep::Spoiled { reason },
    })
}
