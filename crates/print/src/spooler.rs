//! Printers that only Windows knows: its spooler, behind the same questions as every other printer.
//!
//! A spooler forgets a job when it has passed it on and may print it again after a restart, so it counts as a queue: licences never
//! go through it, and a clerk looks at what came out. Documents are handed over as they are (data type RAW): the printer itself
//! must take PDF, as office printers with PDF direct printing do. Compiled for Windows; never run there so far.
//! Absent on purpose: drawing pages through a driver, whose margins and scaling nobody could answer for.

use crate::printer::PrinterReason;
#[cfg(windows)]
pub use port::SpoolerPrinter;

/// How an address of a spooled printer begins; the rest is its name as Windows shows it.
pub const SPOOLER_SCHEME: &str = "spooler:";

impl PrinterReason {
    /// Reads the word for one bit of a spooler's printer status (Win32, `PRINTER_INFO_2`, field Status).
    #[cfg_attr(not(any(windows, test)), expect(dead_code, reason = "only Windows has a spooler; tested everywhere"))]
    fn from_spooler(word: &str) -> Option<Self> {
        Some(match word {
            "none" | "ready" | "printing" | "processing" | "busy" | "io_active" | "initializing" | "warming_up" | "power_save" | "waiting" => return None,
            "paper_out" | "manual_feed" => Self::PaperOut,
            "paper_jam" => Self::Jam,
            "door_open" => Self::CoverOpen,
            "toner_low" => Self::TonerLow,
            "no_toner" => Self::TonerOut,
            "output_bin_full" => Self::OutputFull,
            "offline" | "not_available" | "server_unknown" => Self::Offline,
            "paused" => Self::Paused,
            _ => Self::Other,
        })
    }
}

#[cfg(windows)]
mod port {
    use printers::common::base::job::{PrinterJobOptions, PrinterJobState};
    use printers::common::base::printer::{Printer, PrinterState as SpoolerState};

    use super::SPOOLER_SCHEME;
    use crate::printer::{FoundJob, JobId, JobProgress, JobTicket, PortFault, PrinterPort, PrinterReason, PrinterState, PrinterStatus};

    /// A printer in the spooler of Windows.
    #[derive(Debug, Clone)]
    pub struct SpoolerPrinter {
        name: String,
    }

    impl SpoolerPrinter {
        /// The printer of an address such as `spooler:HP LaserJet`. Nothing is asked yet.
        ///
        /// # Errors
        /// [`PortFault::Address`] when it names no printer.
        pub fn at(uri: &str) -> Result<Self, PortFault> {
            match uri.strip_prefix(SPOOLER_SCHEME).map(str::trim) {
                Some(name) if !name.is_empty() => Ok(Self { name: name.to_owned() }),
                Some(_) | None => Err(PortFault::Address {
                    value: uri.to_owned(),
                    reason: "it names no printer of Windows".to_owned(),
                }),
            }
        }

        /// Asked anew each time: printers come and go.
        fn printer(&self) -> Result<Printer, PortFault> {
            printers::get_printer_by_name(&self.name).ok_or(PortFault::Unreachable)
        }
    }

    impl PrinterPort for SpoolerPrinter {
        fn get_status(&self) -> Result<PrinterStatus, PortFault> {
            let printer = self.printer()?;
            let mut reasons: Vec<_> = printer.state_reasons.iter().filter_map(|word| PrinterReason::from_spooler(word)).collect();
            let state = match printer.state {
                SpoolerState::READY => PrinterState::Idle,
                SpoolerState::PRINTING => PrinterState::Processing,
                SpoolerState::OFFLINE => {
                    reasons.push(PrinterReason::Offline);
                    PrinterState::Stopped
                }
                SpoolerState::PAUSED => {
                    reasons.push(PrinterReason::Paused);
                    PrinterState::Stopped
                }
                SpoolerState::UNKNOWN => PrinterState::Processing,
            };
            reasons.sort_unstable();
            reasons.dedup();
            Ok(PrinterStatus {
                accepts_jobs: state != PrinterState::Stopped,
                state,
                reasons,
                model: printer.driver_name,
            })
        }

        /// The spooler takes every size of sheet; whether it lies in the tray is seen at the printer only.
        fn validate(&self, _ticket: &JobTicket) -> Result<(), PortFault> {
            let status = self.get_status()?;
            if status.accepts_jobs {
                Ok(())
            } else {
                Err(PortFault::NotReady { reasons: status.reasons })
            }
        }

        fn submit(&self, ticket: &JobTicket, pdf: &[u8]) -> Result<JobId, PortFault> {
            let printer = self.printer()?;
            let options = PrinterJobOptions {
                name: Some(&ticket.name),
                ..PrinterJobOptions::none()
            };
            // The spooler may have begun before it failed.
            let lost = |reason: String| PortFault::AnswerLost { reason };
            let number = printer.print(pdf, options).map_err(|error| lost(error.message))?;
            i32::try_from(number).map(JobId).map_err(|error| lost(error.to_string()))
        }

        fn poll(&self, job: JobId) -> Result<JobProgress, PortFault> {
            let printer = self.printer()?;
            let jobs = printer.get_job_history();
            let found = jobs.into_iter().find(|other| i32::try_from(other.id) == Ok(job.0));
            match found.map(|job| progress_of(&job.state)) {
                Some(JobProgress::Processing(_) | JobProgress::Pending) => Ok(JobProgress::Processing(self.get_status()?.reasons)),
                Some(ended) => Ok(ended),
                None => Ok(JobProgress::Unknown),
            }
        }

        fn find_by_name(&self, name: &str) -> Result<Option<FoundJob>, PortFault> {
            let jobs = self.printer()?.get_job_history();
            let found = jobs.into_iter().find(|job| job.name == name);
            let number = |id: u64| i32::try_from(id).map_err(|error| PortFault::AnswerLost { reason: error.to_string() });
            match found {
                Some(job) => Ok(Some(FoundJob {
                    job: JobId(number(job.id)?),
                    progress: progress_of(&job.state),
                })),
                // A spooler forgets what it has passed on: that it knows no such job proves nothing.
                None => Err(PortFault::AnswerLost {
                    reason: "the spooler keeps no list of finished jobs".to_owned(),
                }),
            }
        }

        fn cancel(&self, job: JobId) -> Result<(), PortFault> {
            let refused = |reason: String| PortFault::Refused { reason };
            let number = u64::try_from(job.0).map_err(|error| refused(error.to_string()))?;
            self.printer()?.cancel_job(number).map_err(|error| refused(error.message))
        }

        fn is_queue(&self) -> Result<bool, PortFault> {
            Ok(true)
        }
    }

    fn progress_of(state: &PrinterJobState) -> JobProgress {
        match state {
            PrinterJobState::PENDING | PrinterJobState::PAUSED => JobProgress::Pending,
            // Several bits at once are read as unknown; a listed job is under way.
            PrinterJobState::PROCESSING | PrinterJobState::UNKNOWN => JobProgress::Processing(Vec::new()),
            PrinterJobState::CANCELLED => JobProgress::Canceled,
            PrinterJobState::COMPLETED => JobProgress::PassedOn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_spooler_is_told_as_the_clerk_sees_it() {
        for (word, reason) in [
            ("paper_out", Some(PrinterReason::PaperOut)),
            ("paper_jam", Some(PrinterReason::Jam)),
            ("door_open", Some(PrinterReason::CoverOpen)),
            ("no_toner", Some(PrinterReason::TonerOut)),
            ("toner_low", Some(PrinterReason::TonerLow)),
            ("output_bin_full", Some(PrinterReason::OutputFull)),
            ("server_unknown", Some(PrinterReason::Offline)),
            ("paused", Some(PrinterReason::Paused)),
            ("user_intervention", Some(PrinterReason::Other)),
            ("a word of a later Windows", Some(PrinterReason::Other)),
            ("ready", None),
            ("printing", None),
            ("none", None),
        ] {
            assert_eq!(PrinterReason::from_spooler(word), reason, "{word}");
        }
    }
}
