//! Putting documents on paper: one sheet after the other, every step in the journal before it happens, followed until the printer
//! says that it is done. What is found half done after a restart is looked up at the printer, never simply sent again.

use std::sync::atomic::Ordering;
use std::time::Duration;

use onewindow_case::event::PrintStep;
use onewindow_case::ids::{CaseId, Digest, DocumentId, PrintId};
use onewindow_case::print_job::PrintState;
use onewindow_case::{Case, CaseEvent};
use onewindow_ipc::Words;
use onewindow_ipc::case_view::{CaseView, PrintStateView};
use onewindow_ipc::session::Role;
use onewindow_print::job::{DriveFault, JobCommand, JobDriver, JobEvent, JobState, NextStep, UnknownCause, apply};
use onewindow_print::{DocumentKind, JobId, JobTicket, PortFault, PrinterPort, PrinterReason};
use uuid::Uuid;

use crate::desk::{Desk, lock, system};
use crate::documents::find_kind;
use crate::fault::DeskFault;
use crate::intake::clean;
use crate::printers::PrinterChain;

/// Pause between two questions to the printer.
const POLL: Duration = Duration::from_secs(1);
/// Pause before a document that the printer has not got is offered again.
const RETRY: Duration = Duration::from_secs(2);
/// Longest time that one job is followed; after it a person is asked.
const FOLLOW_MAX_POLLS: u32 = 1_800;
/// Reason written when the clerk takes a sheet back that was not printed.
pub(crate) const CANCELLED: &str = "cancelled";

/// A sheet whose state is not kept with a case.
pub(crate) struct KeptJob {
    pub kind: DocumentKind,
    /// Unique at the printer.
    pub name: String,
    /// The stored bytes.
    pub sheet: Digest,
    pub state: JobState,
    /// The printer that it was sent to.
    pub printer: Option<String>,
}

impl Desk {
    /// Prints a document again; a duplicate says so on its face and needs a reason. A document never printed needs none.
    ///
    /// # Errors
    /// Document unknown, reason missing.
    pub fn print_document(&self, id: CaseId, document: DocumentId, reason: Option<&str>) -> Result<CaseView, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let case = self.get_case(id)?;
        let known = case.find_document(document).ok_or(DeskFault::Unknown { what: "document" })?;
        if find_kind(&known.kind).is_some_and(DocumentKind::needs_blank) {
            // A licence goes on paper only with a counted blank.
            return Err(DeskFault::NoLicence);
        }
        let reason = reason.map(clean).filter(|reason| !reason.is_empty());
        let printed_before = case
            .prints
            .iter()
            .any(|print| print.document == document && !matches!(print.state, PrintState::Spoiled { .. }));
        if printed_before && reason.is_none() {
            return Err(DeskFault::ReasonMissing);
        }
        self.print_copy(id, document, reason)?;
        self.show(id)
    }

    /// The clerk looked into the tray after an uncertain print.
    ///
    /// # Errors
    /// The print is not in question.
    pub fn answer_print(&self, id: CaseId, print: PrintId, printed: bool) -> Result<CaseView, DeskFault> {
        let case = self.act(id, |case| {
            let known = case.prints.iter().find(|known| known.id == print).ok_or(DeskFault::Unknown { what: "print" })?;
            if !matches!(known.state, PrintState::Uncertain { .. }) {
                return Err(DeskFault::PrintSettled);
            }
            let step = if printed { PrintStep::Confirmed } else { PrintStep::NothingCameOut };
            Ok(vec![CaseEvent::PrintStepped {
                print,
                document: known.document,
                step,
            }])
        })?;
        if !printed {
            self.follow_in_background(id, print);
        }
        self.case_view(&case)
    }

    /// Takes a print back as long as nothing has left the PC, or asks the printer to drop it.
    ///
    /// # Errors
    /// The print is over.
    pub fn cancel_print(&self, id: CaseId, print: PrintId) -> Result<CaseView, DeskFault> {
        let case = self.get_case(id)?;
        let known = case.prints.iter().find(|known| known.id == print).ok_or(DeskFault::Unknown { what: "print" })?;
        match known.state {
            PrintState::Prepared { .. } => {
                self.act(id, |_| {
                    Ok(vec![CaseEvent::PrintStepped {
                        print,
                        document: known.document,
                        step: PrintStep::Spoiled { reason: CANCELLED.to_owned() },
                    }])
                })?;
            }
            PrintState::Taken { job, .. } => {
                let document = case.find_document(known.document).ok_or(DeskFault::Unknown { what: "document" })?;
                let kind = find_kind(&document.kind).ok_or(DeskFault::Unknown { what: "kind of document" })?;
                if let Err(fault) = self.printers_for(kind, known.printer.as_deref())?.cancel(JobId(job)) {
                    tracing::warn!(%fault, "the printer did not drop the job");
                }
            }
            PrintState::Submitting { .. } | PrintState::Confirmed | PrintState::Spoiled { .. } | PrintState::Uncertain { .. } => {
                return Err(DeskFault::PrintSettled);
            }
        }
        self.show(id)
    }

    /// Prepares one more sheet of a document and has it printed in the background.
    pub(crate) fn print_copy(&self, id: CaseId, document: DocumentId, reason: Option<String>) -> Result<PrintId, DeskFault> {
        // The id tells the time of the counter's clock: a copy's code is judged by it.
        let now_ms = self.shared.clock.now_ms().max(0).unsigned_abs();
        let now = uuid::Timestamp::from_unix(uuid::NoContext, now_ms / 1_000, u32::try_from(now_ms % 1_000).unwrap_or(0) * 1_000_000);
        let print = PrintId::new(Uuid::new_v7(now));
        self.act(id, |case| {
            let copy_no = next_copy_no(case, document);
            Ok(vec![CaseEvent::PrintStepped {
                print,
                document,
                step: PrintStep::Prepared {
                    copy_no,
                    reason: reason.clone(),
                },
            }])
        })?;
        self.follow_in_background(id, print);
        Ok(print)
    }

    /// Goes on with every print that was open when the app ended.
    pub(crate) fn resume_prints(&self) {
        for case in self.newest_cases() {
            for print in case
                .prints
                .iter()
                .filter(|print| !print.state.is_final() && !matches!(print.state, PrintState::Uncertain { .. }))
            {
                self.follow_in_background(case.id, print.id);
            }
        }
    }

    fn follow_in_background(&self, id: CaseId, print: PrintId) {
        let desk = self.clone();
        let follow = move || {
            // One sheet after the other: what is printed lies in the tray in the order of the case.
            let turn = lock(&desk.shared.printing);
            let words = desk.follow(id, print).err().map(|fault| {
                tracing::error!(%fault, "following a print");
                let told = fault.to_command_fault();
                Words::new(format!("{}{}", told.what.zh, told.remedy.zh), format!("{} {}", told.what.en, told.remedy.en))
            });
            match words {
                Some(words) => lock(&desk.shared.standing).print_words.insert(print, words),
                None => lock(&desk.shared.standing).print_words.remove(&print),
            };
            drop(turn);
            if let Ok(case) = desk.get_case(id) {
                desk.tell_case(&case);
            }
        };
        if let Err(error) = std::thread::Builder::new().name("print".into()).spawn(follow) {
            tracing::error!(%error, "starting to print");
        }
    }

    fn follow(&self, id: CaseId, print: PrintId) -> Result<(), DeskFault> {
        let case = self.get_case(id)?;
        let known = case.prints.iter().find(|known| known.id == print).ok_or(DeskFault::Unknown { what: "print" })?;
        let document = case.find_document(known.document).ok_or(DeskFault::Unknown { what: "document" })?;
        let pdf = self.stamp_copy(&case, document, known)?;
        let kind = find_kind(&document.kind).ok_or(DeskFault::Unknown { what: "kind of document" })?;
        let port = self.printers_for(kind, known.printer.as_deref())?;
        let ticket = JobTicket {
            name: format!("{}-{}", document.kind, print),
            user: self.shared.config.counter.clone(),
            paper_mm: self.shared.templates.paper_mm(kind)?,
        };
        let journal = |event: &JobEvent| match step_of(event, port.uri()) {
            Some(step) => self
                .act_as(system(), id, |_| {
                    Ok(vec![CaseEvent::PrintStepped {
                        print,
                        document: document.id,
                        step,
                    }])
                })
                .map(|_| ()),
            None => Ok(()),
        };
        let mut driver = JobDriver::new(&port, ticket, job_state(&known.state), journal);
        let told = |words| self.set_print_words(id, print, words);
        self.drive(&mut driver, &pdf, &|| self.is_cancelled(id, print), &told)
    }

    /// Follows the sheet of a paper whose state is kept by its owner: before each step that may be lost, and after each answer.
    pub(crate) fn follow_kept(
        &self,
        kept: KeptJob,
        keep: impl Fn(&JobState, &str) -> Result<(), DeskFault>,
        is_cancelled: &dyn Fn() -> Result<bool, DeskFault>,
        told: &dyn Fn(Option<Words>),
    ) -> Result<(), DeskFault> {
        let pdf = self.shared.store.read_page(&kept.sheet)?;
        let port = self.printers_for(kept.kind, kept.printer.as_deref())?;
        let ticket = JobTicket {
            name: kept.name,
            user: self.shared.config.counter.clone(),
            paper_mm: self.shared.templates.paper_mm(kept.kind)?,
        };
        let mut job = kept.state.clone();
        let journal = |event: &JobEvent| {
            job = apply(job.clone(), event);
            match event {
                // Passing complaints are shown, not journalled.
                JobEvent::ReasonsChanged { .. } => Ok(()),
                JobEvent::SubmissionStarted
                | JobEvent::Accepted { .. }
                | JobEvent::NotAccepted
                | JobEvent::Printed
                | JobEvent::Confirmed
                | JobEvent::Spoiled { .. }
                | JobEvent::BecameUnknown { .. }
                | JobEvent::NothingCameOut => keep(&job, port.uri()),
            }
        };
        let mut driver = JobDriver::new(&port, ticket, kept.state, journal);
        self.drive(&mut driver, &pdf, is_cancelled, told)
    }

    /// Takes one job to the point where a person is asked or nothing is left to do. `told` hears what the printer asks for.
    pub(crate) fn drive<J: FnMut(&JobEvent) -> Result<(), DeskFault>>(
        &self,
        driver: &mut JobDriver<'_, PrinterChain, J>,
        pdf: &[u8],
        is_cancelled: &dyn Fn() -> Result<bool, DeskFault>,
        told: &dyn Fn(Option<Words>),
    ) -> Result<(), DeskFault> {
        let mut polls = 0;
        while !self.shared.closing.load(Ordering::Relaxed) {
            match driver.state().next_step() {
                NextStep::MaySend => {
                    if is_cancelled()? {
                        return Ok(());
                    }
                    if let Err(fault) = driver.send(pdf).map(|_| ()) {
                        told(Some(waiting_words(&port_fault(fault)?)));
                        std::thread::sleep(RETRY);
                    }
                }
                NextStep::LookUp => driver.look_up().map(|_| ()).map_err(journal_fault)?,
                NextStep::Poll(_) => {
                    polls += 1;
                    let over = polls > FOLLOW_MAX_POLLS;
                    if over { driver.tell(&JobCommand::TimedOut) } else { driver.poll() }
                        .map(|_| ())
                        .map_err(journal_fault)?;
                    if let JobState::Accepted { reasons, .. } = driver.state() {
                        told(reasons.first().map(|reason| reason_words(*reason)));
                        std::thread::sleep(POLL);
                    }
                }
                // The printer has said completed; that is the word that counts where the printer can say it.
                NextStep::AskToConfirm | NextStep::AskWhatCameOut | NextStep::Done => return Ok(()),
            }
        }
        Ok(())
    }

    fn is_cancelled(&self, id: CaseId, print: PrintId) -> Result<bool, DeskFault> {
        Ok(self.get_case(id)?.prints.iter().any(|known| known.id == print && known.state.is_final()))
    }

    fn set_print_words(&self, id: CaseId, print: PrintId, words: Option<Words>) {
        let changed = {
            let mut standing = lock(&self.shared.standing);
            let before = standing.print_words.get(&print).cloned();
            match words.clone() {
                Some(words) => standing.print_words.insert(print, words),
                None => standing.print_words.remove(&print),
            };
            before != words
        };
        if let Some(case) = self.get_case(id).ok().filter(|_| changed) {
            self.tell_case(&case);
        }
    }
}

/// Why a document waits, in words.
fn waiting_words(fault: &PortFault) -> Words {
    match fault {
        PortFault::Unreachable | PortFault::Address { .. } => Words::new(
            "打印机没有应答。接通后自动打印，不会重印。",
            "The printer does not answer. Printing goes on when it is back; nothing is printed twice.",
        ),
        PortFault::Busy => Words::new("打印机正忙，排在后面。", "The printer is busy; this sheet is next."),
        PortFault::NotReady { reasons } => reason_words(reasons.first().copied().unwrap_or(PrinterReason::Other)),
        PortFault::Queue => Words::new(
            "打印队列可能重印，证照不经队列。请把打印机直接接入。",
            "A queue might print twice; licences do not go through one. Connect the printer directly.",
        ),
        PortFault::Refused { .. } => Words::new(
            "打印机不接受这张纸型或任务。请看打印机面板。",
            "The printer refuses this paper or job. See its display.",
        ),
        PortFault::AnswerLost { .. } => Words::new("打印机的回答丢了。", "The printer's answer was lost."),
    }
}

/// 0 for the first sheet; a sheet that was spoiled before anyone had it does not count.
fn next_copy_no(case: &Case, document: DocumentId) -> u32 {
    let printed = case
        .prints
        .iter()
        .filter(|print| print.document == document && !matches!(print.state, PrintState::Spoiled { .. }));
    printed.map(|print| print.copy_no + 1).max().unwrap_or(0)
}

/// What of a job's life goes into the journal of the case; the printer's passing complaints do not.
fn step_of(event: &JobEvent, printer: &str) -> Option<PrintStep> {
    match event {
        JobEvent::SubmissionStarted => Some(PrintStep::Submitting { printer: printer.to_owned() }),
        JobEvent::Accepted { job } => Some(PrintStep::Taken { job: job.0 }),
        JobEvent::NotAccepted => Some(PrintStep::NotTaken),
        JobEvent::ReasonsChanged { .. } => None,
        JobEvent::Printed | JobEvent::Confirmed => Some(PrintStep::Confirmed),
        JobEvent::Spoiled { reason } => Some(PrintStep::Spoiled { reason: reason.clone() }),
        JobEvent::BecameUnknown { .. } => Some(PrintStep::Uncertain),
        JobEvent::NothingCameOut => Some(PrintStep::NothingCameOut),
    }
}

fn job_state(state: &PrintState) -> JobState {
    match state {
        PrintState::Prepared { attempt } => JobState::Prepared { attempt: *attempt },
        PrintState::Submitting { attempt } => JobState::Submitting { attempt: *attempt },
        PrintState::Taken { attempt, job } => JobState::Accepted {
            attempt: *attempt,
            job: JobId(*job),
            reasons: Vec::new(),
        },
        PrintState::Confirmed => JobState::Confirmed,
        PrintState::Spoiled { reason } => JobState::Spoiled { reason: reason.clone() },
        PrintState::Uncertain { attempt } => JobState::Unknown {
            attempt: *attempt,
            cause: UnknownCause::PrinterGone,
        },
    }
}

/// Where a sheet is, for the window.
pub(crate) fn shown(job: &JobState) -> PrintStateView {
    match job {
        JobState::Prepared { .. } => PrintStateView::Pending,
        JobState::Submitting { .. } | JobState::Accepted { .. } => PrintStateView::Sent,
        JobState::Printed { .. } | JobState::Confirmed => PrintStateView::Confirmed,
        JobState::Spoiled { .. } => PrintStateView::Spoiled,
        JobState::Unknown { .. } => PrintStateView::Uncertain,
    }
}

/// A fault of the port is to be waited out; a fault of the journal ends everything.
fn port_fault(fault: DriveFault<DeskFault>) -> Result<PortFault, DeskFault> {
    match fault {
        DriveFault::Port(fault) => Ok(fault),
        DriveFault::Journal(fault) => Err(fault),
        DriveFault::Refused(refusal) => Err(DeskFault::Defect(refusal.to_string())),
    }
}

fn journal_fault(fault: DriveFault<DeskFault>) -> DeskFault {
    match fault {
        DriveFault::Journal(fault) => fault,
        other @ (DriveFault::Port(_) | DriveFault::Refused(_)) => DeskFault::Defect(other.to_string()),
    }
}

/// What the printer asks for, in words.
pub(crate) fn reason_words(reason: PrinterReason) -> Words {
    match reason {
        PrinterReason::PaperOut => Words::new(
            "打印机缺纸。装纸后自动接着印，已出的不重印。",
            "Out of paper. Load paper; printing goes on, nothing is printed twice.",
        ),
        PrinterReason::PaperLow => Words::new("打印机纸快用完。", "The printer is low on paper."),
        PrinterReason::Jam => Words::new(
            "打印机卡纸。取出卡纸，再看这张有没有出来。",
            "Paper jam in the printer. Clear it and see whether this sheet came out.",
        ),
        PrinterReason::CoverOpen => Words::new("打印机盖未合。合上后自动继续。", "The printer's cover is open. Close it to go on."),
        PrinterReason::TonerLow => Words::new("碳粉不足，还能打印。", "Toner is low; printing goes on."),
        PrinterReason::TonerOut => Words::new("碳粉用完。请换碳粉盒。", "Toner is used up. Change the cartridge."),
        PrinterReason::TrayMissing => Words::new("纸盒没推到位。推到底后自动继续。", "A tray is not closed. Push it in to go on."),
        PrinterReason::OutputFull => Words::new("出纸盘满了。取走纸张后自动继续。", "The output tray is full. Empty it to go on."),
        PrinterReason::Offline => Words::new("打印机离线。请看电源和连线。", "The printer is offline. Check power and cable."),
        PrinterReason::Paused => Words::new("打印机被暂停。请在面板上继续。", "The printer is paused. Resume at its panel."),
        PrinterReason::Other => Words::new("打印机要人处理，请看面板。", "The printer needs a hand; see its display."),
    }
}
