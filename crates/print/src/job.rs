//! The life of one print job, as a pure state machine, and the thin driver that plays it against a printer.
//!
//! ```text
//!             Start            Accepted            Progress(Completed)      ClerkConfirms
//!  Prepared ---------> Submitting -------> Accepted ---------------> Printed -------------> Confirmed
//!     ^                    |                  |                        |
//!     |  not accepted      | answer lost      | gone, aborted,         | ClerkReportsSpoiled
//!     +--------------------+                  | cancelled              v
//!                          v                  v                     Spoiled
//!                       Unknown <-------------+   ClerkConfirms -> Confirmed, ClerkReportsSpoiled -> Spoiled,
//!                                                 ClerkReportsNothing -> Prepared (next attempt)
//! ```
//!
//! A document is sent again in two cases only: the printer said that it has not got it, or a clerk looked and says
//! that nothing came out. A queue in front of the printer can only say that it passed the document on, and may do so twice
//! when it is restarted; there the clerk is always asked. Every event is journalled before the step that it announces, so a crash never leads to a
//! second sheet: what is found as `Submitting` after a restart is looked up by its name, never sent.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::printer::{FoundJob, JobId, JobProgress, JobTicket, PortFault, PrinterPort, PrinterReason};

/// Where a job stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum JobState {
    /// The document exists; nothing has been sent in this attempt.
    Prepared {
        /// Attempts so far that ended without a sheet.
        attempt: u32,
    },
    /// It is being sent, or was when the program stopped: the printer may or may not have it.
    Submitting {
        /// Number of this attempt, counted from 0.
        attempt: u32,
    },
    /// The printer has it.
    Accepted {
        /// Number of this attempt.
        attempt: u32,
        /// The printer's number for the job.
        job: JobId,
        /// What the printer last complained about.
        reasons: Vec<PrinterReason>,
    },
    /// The printer says that it is printed; the clerk has not looked yet.
    Printed {
        /// Number of this attempt.
        attempt: u32,
    },
    /// The clerk holds a good sheet. Final.
    Confirmed,
    /// A sheet came out and is no use. Final; the next print is a new job.
    Spoiled {
        /// The clerk's reason.
        reason: String,
    },
    /// Nobody knows whether a sheet came out: the clerk is asked to look.
    Unknown {
        /// Number of this attempt.
        attempt: u32,
        /// Why it is not known.
        cause: UnknownCause,
    },
}

/// Why nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnknownCause {
    /// The answer to the submission was lost and the printer cannot be asked or has no such job.
    AnswerLost,
    /// The printer vanished or forgot the job.
    PrinterGone,
    /// The printer gave the job up; a part may have come out.
    Aborted,
    /// The job was cancelled; a part may have come out.
    Canceled,
    /// It took too long.
    TimedOut,
    /// A queue passed it on to a printer and says no more; it may also have passed it on twice.
    PassedOn,
}

/// What happens to a job: the wish of a clerk, an answer of the printer, or a restart of the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobCommand {
    /// Send it.
    Start,
    /// The printer has it, under this number.
    PrinterAccepted(JobId),
    /// The printer said that it has not got it: refused, busy, or never reached.
    PrinterTookNothing,
    /// The answer was lost and could not be cleared up.
    AnswerLost,
    /// The printer reports progress.
    Progress(JobProgress),
    /// The printer no longer answers.
    PrinterGone,
    /// The time allowed is over.
    TimedOut,
    /// The clerk holds a good sheet.
    ClerkConfirms,
    /// The clerk holds a bad sheet.
    ClerkReportsSpoiled(String),
    /// The clerk looked: nothing came out, nor will.
    ClerkReportsNothing,
}

/// What is written to the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum JobEvent {
    /// Written before the first byte leaves.
    SubmissionStarted,
    /// The printer has it.
    Accepted {
        /// The printer's number for the job.
        job: JobId,
    },
    /// The printer has not got it.
    NotAccepted,
    /// The printer's complaints changed.
    ReasonsChanged {
        /// What it complains about now.
        reasons: Vec<PrinterReason>,
    },
    /// The printer says that it is printed.
    Printed,
    /// The clerk confirmed.
    Confirmed,
    /// The clerk reported a bad sheet.
    Spoiled {
        /// The clerk's reason.
        reason: String,
    },
    /// Nobody knows.
    BecameUnknown {
        /// Why.
        cause: UnknownCause,
    },
    /// The clerk confirmed that no sheet came out; it may be sent again under the same copy number.
    NothingCameOut,
}

/// A command that makes no sense in the state.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("a print job in this state does not take this step")]
pub struct JobRefusal;

/// What the driver has to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// Offer it to the clerk to be sent (or send it, when the clerk has asked for it).
    MaySend,
    /// Ask the printer whether it has a job of this name; never send.
    LookUp,
    /// Ask how far the job is.
    Poll(JobId),
    /// Ask the clerk whether the sheet is good.
    AskToConfirm,
    /// Ask the clerk to look at the tray.
    AskWhatCameOut,
    /// Nothing.
    Done,
}

impl Default for JobState {
    fn default() -> Self {
        Self::Prepared { attempt: 0 }
    }
}

impl JobState {
    /// What the driver has to do next.
    #[must_use]
    pub fn next_step(&self) -> NextStep {
        match self {
            Self::Prepared { .. } => NextStep::MaySend,
            Self::Submitting { .. } => NextStep::LookUp,
            Self::Accepted { job, .. } => NextStep::Poll(*job),
            Self::Printed { .. } => NextStep::AskToConfirm,
            Self::Unknown { .. } => NextStep::AskWhatCameOut,
            Self::Confirmed | Self::Spoiled { .. } => NextStep::Done,
        }
    }

    /// The name under which this attempt is known to the printer: unique for every attempt.
    #[must_use]
    pub fn job_name(&self, base: &str) -> String {
        match self {
            Self::Prepared { attempt }
            | Self::Submitting { attempt }
            | Self::Accepted { attempt, .. }
            | Self::Printed { attempt }
            | Self::Unknown { attempt, .. } => format!("{base}-{attempt}"),
            Self::Confirmed | Self::Spoiled { .. } => base.to_owned(),
        }
    }
}

/// What follows from a command; an empty list means that it is already so.
///
/// # Errors
/// [`JobRefusal`] when the command makes no sense in the state.
pub fn decide(state: &JobState, command: &JobCommand) -> Result<Vec<JobEvent>, JobRefusal> {
    match state {
        JobState::Prepared { .. } => match command {
            JobCommand::Start => Ok(vec![JobEvent::SubmissionStarted]),
            JobCommand::PrinterAccepted(_)
            | JobCommand::PrinterTookNothing
            | JobCommand::AnswerLost
            | JobCommand::Progress(_)
            | JobCommand::PrinterGone
            | JobCommand::TimedOut
            | JobCommand::ClerkConfirms
            | JobCommand::ClerkReportsSpoiled(_)
            | JobCommand::ClerkReportsNothing => Err(JobRefusal),
        },
        JobState::Submitting { .. } => match command {
            JobCommand::PrinterAccepted(job) => Ok(vec![JobEvent::Accepted { job: *job }]),
            JobCommand::PrinterTookNothing => Ok(vec![JobEvent::NotAccepted]),
            JobCommand::AnswerLost => unknown(UnknownCause::AnswerLost),
            JobCommand::PrinterGone => unknown(UnknownCause::PrinterGone),
            JobCommand::TimedOut => unknown(UnknownCause::TimedOut),
            // Starting twice is exactly what must not happen, and the clerk has nothing to say yet.
            JobCommand::Start | JobCommand::Progress(_) | JobCommand::ClerkConfirms | JobCommand::ClerkReportsSpoiled(_) | JobCommand::ClerkReportsNothing => {
                Err(JobRefusal)
            }
        },
        JobState::Accepted { reasons, .. } => match command {
            JobCommand::Progress(progress) => Ok(follow(progress, reasons)),
            JobCommand::PrinterGone => unknown(UnknownCause::PrinterGone),
            JobCommand::TimedOut => unknown(UnknownCause::TimedOut),
            JobCommand::Start
            | JobCommand::PrinterAccepted(_)
            | JobCommand::PrinterTookNothing
            | JobCommand::AnswerLost
            | JobCommand::ClerkConfirms
            | JobCommand::ClerkReportsSpoiled(_)
            | JobCommand::ClerkReportsNothing => Err(JobRefusal),
        },
        JobState::Printed { .. } | JobState::Unknown { .. } => match command {
            JobCommand::ClerkConfirms => Ok(vec![JobEvent::Confirmed]),
            JobCommand::ClerkReportsSpoiled(reason) => Ok(vec![JobEvent::Spoiled { reason: reason.clone() }]),
            JobCommand::ClerkReportsNothing => Ok(vec![JobEvent::NothingCameOut]),
            JobCommand::Start
            | JobCommand::PrinterAccepted(_)
            | JobCommand::PrinterTookNothing
            | JobCommand::AnswerLost
            | JobCommand::Progress(_)
            | JobCommand::PrinterGone
            | JobCommand::TimedOut => Err(JobRefusal),
        },
        JobState::Confirmed => match command {
            // Confirming twice is harmless.
            JobCommand::ClerkConfirms => Ok(Vec::new()),
            // A defect may be seen only after the sheet was confirmed.
            JobCommand::ClerkReportsSpoiled(reason) => Ok(vec![JobEvent::Spoiled { reason: reason.clone() }]),
            JobCommand::Start
            | JobCommand::PrinterAccepted(_)
            | JobCommand::PrinterTookNothing
            | JobCommand::AnswerLost
            | JobCommand::Progress(_)
            | JobCommand::PrinterGone
            | JobCommand::TimedOut
            | JobCommand::ClerkReportsNothing => Err(JobRefusal),
        },
        JobState::Spoiled { .. } => Err(JobRefusal),
    }
}

fn unknown(cause: UnknownCause) -> Result<Vec<JobEvent>, JobRefusal> {
    Ok(vec![JobEvent::BecameUnknown { cause }])
}

fn follow(progress: &JobProgress, known: &[PrinterReason]) -> Vec<JobEvent> {
    let changed = |reasons: &[PrinterReason]| {
        if reasons == known {
            Vec::new()
        } else {
            vec![JobEvent::ReasonsChanged { reasons: reasons.to_vec() }]
        }
    };
    match progress {
        JobProgress::Pending => changed(&[]),
        JobProgress::Processing(reasons) => changed(reasons),
        JobProgress::Completed => vec![JobEvent::Printed],
        JobProgress::PassedOn => vec![JobEvent::BecameUnknown { cause: UnknownCause::PassedOn }],
        JobProgress::Aborted => vec![JobEvent::BecameUnknown { cause: UnknownCause::Aborted }],
        JobProgress::Canceled => vec![JobEvent::BecameUnknown { cause: UnknownCause::Canceled }],
        JobProgress::Unknown => vec![JobEvent::BecameUnknown {
            cause: UnknownCause::PrinterGone,
        }],
    }
}

/// The state after an event. Total: a journal that was written can always be read.
#[must_use]
pub fn apply(state: JobState, event: &JobEvent) -> JobState {
    let attempt = match &state {
        JobState::Prepared { attempt }
        | JobState::Submitting { attempt }
        | JobState::Accepted { attempt, .. }
        | JobState::Printed { attempt }
        | JobState::Unknown { attempt, .. } => *attempt,
        JobState::Confirmed | JobState::Spoiled { .. } => 0,
    };
    match event {
        JobEvent::SubmissionStarted => JobState::Submitting { attempt },
        JobEvent::Accepted { job } => JobState::Accepted {
            attempt,
            job: *job,
            reasons: Vec::new(),
        },
        JobEvent::NotAccepted | JobEvent::NothingCameOut => JobState::Prepared {
            attempt: attempt.saturating_add(1),
        },
        JobEvent::ReasonsChanged { reasons } => match state {
            JobState::Accepted { attempt, job, .. } => JobState::Accepted {
                attempt,
                job,
                reasons: reasons.clone(),
            },
            JobState::Prepared { .. }
            | JobState::Submitting { .. }
            | JobState::Printed { .. }
            | JobState::Confirmed
            | JobState::Spoiled { .. }
            | JobState::Unknown { .. } => state,
        },
        JobEvent::Printed => JobState::Printed { attempt },
        JobEvent::Confirmed => JobState::Confirmed,
        JobEvent::Spoiled { reason } => JobState::Spoiled { reason: reason.clone() },
        JobEvent::BecameUnknown { cause } => JobState::Unknown { attempt, cause: *cause },
    }
}

/// The state after all events of a journal.
#[must_use]
pub fn replay<'a>(events: impl IntoIterator<Item = &'a JobEvent>) -> JobState {
    events.into_iter().fold(JobState::default(), apply)
}

/// Why the driver stopped.
#[derive(Debug, Error)]
pub enum DriveFault<E> {
    /// The journal could not be written; nothing was done after that.
    #[error("the journal could not be written")]
    Journal(#[source] E),
    /// The printer has not got the document and said why.
    #[error(transparent)]
    Port(PortFault),
    /// The step makes no sense in the state.
    #[error(transparent)]
    Refused(#[from] JobRefusal),
}

/// One document on its way to one printer. `journal` is called with every event before its consequences happen, and
/// must have made it durable when it returns.
pub struct JobDriver<'a, P: ?Sized, J> {
    port: &'a P,
    journal: J,
    ticket: JobTicket,
    state: JobState,
}

impl<'a, P: PrinterPort + ?Sized, E, J: FnMut(&JobEvent) -> Result<(), E>> JobDriver<'a, P, J> {
    /// A driver for a job in a state, fresh or replayed. `ticket.name` is the base of the job's names.
    pub fn new(port: &'a P, ticket: JobTicket, state: JobState, journal: J) -> Self {
        Self { port, journal, ticket, state }
    }

    /// Where the job stands.
    pub fn state(&self) -> &JobState {
        &self.state
    }

    /// Sends the document, once. When the answer is lost, the printer is asked whether it has the job.
    ///
    /// # Errors
    /// [`DriveFault::Port`] when the printer has not got it: it may be tried again. [`DriveFault::Refused`] when it
    /// was sent before.
    pub fn send(&mut self, pdf: &[u8]) -> Result<&JobState, DriveFault<E>> {
        let ticket = JobTicket {
            name: self.state.job_name(&self.ticket.name),
            ..self.ticket.clone()
        };
        // The printer is asked first, while nothing is at stake.
        if self.state.next_step() == NextStep::MaySend {
            self.port.validate(&ticket).map_err(DriveFault::Port)?;
        }
        self.step(&JobCommand::Start)?;
        match self.port.submit(&ticket, pdf) {
            Ok(job) => self.step(&JobCommand::PrinterAccepted(job))?,
            Err(PortFault::AnswerLost { .. }) => return self.look_up(),
            Err(
                fault @ (PortFault::Unreachable
                | PortFault::Busy
                | PortFault::NotReady { .. }
                | PortFault::Refused { .. }
                | PortFault::Queue
                | PortFault::Address { .. }),
            ) => {
                self.step(&JobCommand::PrinterTookNothing)?;
                return Err(DriveFault::Port(fault));
            }
        }
        Ok(&self.state)
    }

    /// Clears up a submission whose outcome is not known, after a lost answer or a restart. Never sends.
    ///
    /// # Errors
    /// [`DriveFault::Refused`] when there is nothing to clear up.
    pub fn look_up(&mut self) -> Result<&JobState, DriveFault<E>> {
        let name = self.state.job_name(&self.ticket.name);
        match self.port.find_by_name(&name) {
            Ok(Some(FoundJob { job, progress })) => {
                self.step(&JobCommand::PrinterAccepted(job))?;
                self.step(&JobCommand::Progress(progress))?;
            }
            // Absence proves nothing: printers forget finished jobs, and a job may appear late.
            Ok(None) | Err(_) => self.step(&JobCommand::AnswerLost)?,
        }
        Ok(&self.state)
    }

    /// Asks once how far the job is; call it once a second.
    ///
    /// # Errors
    /// [`DriveFault::Refused`] when the job is not at the printer.
    pub fn poll(&mut self) -> Result<&JobState, DriveFault<E>> {
        let NextStep::Poll(job) = self.state.next_step() else {
            return Err(DriveFault::Refused(JobRefusal));
        };
        match self.port.poll(job) {
            Ok(progress) => self.step(&JobCommand::Progress(progress))?,
            // A printer that is busy answering others is still there.
            Err(PortFault::Busy | PortFault::NotReady { .. }) => {}
            Err(PortFault::Unreachable | PortFault::AnswerLost { .. } | PortFault::Refused { .. } | PortFault::Queue | PortFault::Address { .. }) => {
                self.step(&JobCommand::PrinterGone)?
            }
        }
        Ok(&self.state)
    }

    /// Takes what the clerk says, or that time is over.
    ///
    /// # Errors
    /// [`DriveFault::Refused`] when it makes no sense in the state.
    pub fn tell(&mut self, command: &JobCommand) -> Result<&JobState, DriveFault<E>> {
        self.step(command)?;
        Ok(&self.state)
    }

    fn step(&mut self, command: &JobCommand) -> Result<(), DriveFault<E>> {
        for event in decide(&self.state, command)? {
            (self.journal)(&event).map_err(DriveFault::Journal)?;
            self.state = apply(std::mem::take(&mut self.state), &event);
        }
        Ok(())
    }
}
