//! Printers: what a counter may ask of one, and the client that asks over IPP (RFC 8011).
//!
//! Everything blocks, with a bound on every wait; call it from a thread that may wait. Jobs go straight to the
//! printer, or, as the second way, through a queue of CUPS. A queue may print a job again after a restart and calls it
//! completed when it has passed it on, so counted sheets are never given to one and a clerk looks at what came out.
//! Nothing here retries: whether a document may be sent again is decided in [`crate::job`].

use std::{
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

use ipp::{
    attribute::IppAttribute,
    client::blocking::IppClient,
    model::{DelimiterTag, IppVersion, JobState as IppJobState, Operation, PrinterState as IppPrinterState, StatusCode},
    payload::IppPayload,
    prelude::{IppAttributeGroup, IppRequestResponse, Uri},
    value::IppValue,
};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::capability::{Capabilities, FORMAT, MONOCHROME, ONE_SIDED};

/// How long a connection may take to open.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// How long one request and its answer may take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);
/// Most jobs looked through when one is searched by name.
const MAX_LISTED_JOBS: i32 = 500;
/// Attribute that only queues of CUPS have (CUPS Implementation of IPP, device-uri): the address they pass jobs on to.
const BEHIND_A_QUEUE: &str = "device-uri";
/// Longest job name that every printer keeps (RFC 8011, name(MAX)).
pub const MAX_JOB_NAME_BYTES: usize = 255;

/// A printer as the counter sees it.
pub trait PrinterPort {
    /// The printer's state and everything it complains about.
    ///
    /// # Errors
    /// [`PortFault::Unreachable`] when nobody answers, other variants when the answer is no use.
    fn get_status(&self) -> Result<PrinterStatus, PortFault>;

    /// Asks whether the printer would take the job, without sending it.
    ///
    /// # Errors
    /// [`PortFault::Refused`] when it would not.
    fn validate(&self, ticket: &JobTicket) -> Result<(), PortFault>;

    /// Sends a document, once. Returns the printer's number for the job.
    ///
    /// # Errors
    /// [`PortFault::Unreachable`], [`PortFault::Busy`] and [`PortFault::Refused`] mean that the printer has not got
    /// the document; [`PortFault::AnswerLost`] means that nobody knows.
    fn submit(&self, ticket: &JobTicket, pdf: &[u8]) -> Result<JobId, PortFault>;

    /// How far a job is. A printer that has forgotten the job answers [`JobProgress::Unknown`].
    ///
    /// # Errors
    /// Any [`PortFault`]; the job's outcome is then not known.
    fn poll(&self, job: JobId) -> Result<JobProgress, PortFault>;

    /// Looks among waiting and finished jobs for one with this name: how a lost answer is cleared up.
    ///
    /// # Errors
    /// Any [`PortFault`]; the question is then still open.
    fn find_by_name(&self, name: &str) -> Result<Option<FoundJob>, PortFault>;

    /// Asks the printer to drop a job. It may already be printing.
    ///
    /// # Errors
    /// [`PortFault::Refused`] when the job is finished or unknown.
    fn cancel(&self, job: JobId) -> Result<(), PortFault>;

    /// Whether this is a queue in front of a printer rather than the printer: it may print a job again after a restart.
    ///
    /// # Errors
    /// Any [`PortFault`]; it may then be one.
    fn is_queue(&self) -> Result<bool, PortFault> {
        Ok(false)
    }
}

/// The printer's number for a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(pub i32);

/// What is said about a job when it is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobTicket {
    /// Unique name: document number and print id. The only thing by which a job can be found again.
    pub name: String,
    /// Who prints, as shown on the printer: the counter, not the clerk.
    pub user: String,
    /// Width and height of the sheet in millimetres.
    pub paper_mm: (f32, f32),
}

/// What a printer says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrinterStatus {
    /// Whether it prints, waits or has stopped.
    pub state: PrinterState,
    /// What it complains about.
    pub reasons: Vec<PrinterReason>,
    /// Whether it takes new jobs.
    pub accepts_jobs: bool,
    /// Make and model, for the list of devices.
    pub model: String,
}

/// State of a printer (RFC 8011, printer-state).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrinterState {
    /// Ready.
    Idle,
    /// Printing.
    Processing,
    /// Waiting for somebody to help.
    Stopped,
}

/// What is wrong with a printer, in the terms of somebody who stands in front of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrinterReason {
    /// No paper.
    PaperOut,
    /// Little paper left.
    PaperLow,
    /// Paper is jammed.
    Jam,
    /// A cover or door is open.
    CoverOpen,
    /// Toner or ink is low.
    TonerLow,
    /// Toner or ink is used up.
    TonerOut,
    /// A tray is missing or not closed.
    TrayMissing,
    /// The output tray is full.
    OutputFull,
    /// The printer is switched off or not connected.
    Offline,
    /// Somebody has paused it.
    Paused,
    /// Something else; look at the printer's display.
    Other,
}

/// How far a job is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JobProgress {
    /// Waiting in the printer.
    Pending,
    /// Being printed, with what the printer complains about meanwhile.
    Processing(Vec<PrinterReason>),
    /// The printer says that it is printed.
    Completed,
    /// A queue says that it has passed it on; whether, and how often, it came out, nobody says.
    PassedOn,
    /// The printer gave up. Part of it may have come out.
    Aborted,
    /// Somebody cancelled it. Part of it may have come out.
    Canceled,
    /// The printer does not know the job (any more).
    Unknown,
}

/// A job found by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundJob {
    /// The printer's number for it.
    pub job: JobId,
    /// How far it is.
    pub progress: JobProgress,
}

/// Why a printer could not be asked, or said no.
#[derive(Debug, Error, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PortFault {
    /// No connection could be opened: nothing was sent.
    #[error("the printer does not answer")]
    Unreachable,
    /// A request was sent and no usable answer came back: it may or may not have been carried out.
    #[error("the printer's answer was lost: {reason}")]
    AnswerLost {
        /// What the transport said.
        reason: String,
    },
    /// The printer is busy with another job and took nothing; ask again later.
    #[error("the printer is busy")]
    Busy,
    /// The printer waits for a hand and took nothing; ask again when it was helped.
    #[error("the printer is not ready: {reasons:?}")]
    NotReady {
        /// What it asks for.
        reasons: Vec<PrinterReason>,
    },
    /// A counted sheet was to go through a queue, which might print it twice; nothing was sent.
    #[error("counted sheets do not go through a queue")]
    Queue,
    /// The printer said no and took nothing.
    #[error("the printer refuses the job: {reason}")]
    Refused {
        /// Its words.
        reason: String,
    },
    /// The address or a name is not usable.
    #[error("{value:?} cannot be used: {reason}")]
    Address {
        /// What was given.
        value: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// A printer that speaks IPP, reached directly.
#[derive(Debug, Clone)]
pub struct IppPrinter {
    uri: Uri,
}

impl IppPrinter {
    /// A printer at an address such as `ipp://printer-03.local/ipp/print`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`PortFault::Address`] when this is no `ipp` or `http` address.
    pub fn at(uri: &str) -> Result<Self, PortFault> {
        let fault = |reason: String| PortFault::Address { value: uri.to_owned(), reason };
        let parsed: Uri = uri.parse().map_err(|_| fault("it is not an address".to_owned()))?;
        match parsed.scheme_str() {
            Some("ipp" | "http") if parsed.host().is_some() => Ok(Self { uri: parsed }),
            // TLS to printers means self-signed certificates; it needs a decision on trust first.
            other => Err(fault(format!("the scheme {other:?} is not ipp or http"))),
        }
    }

    /// Opens and closes a connection, so that "not there" and "answer lost" can be told apart.
    fn probe(&self) -> Result<(), PortFault> {
        let host = self.uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let port = self.uri.port_u16().unwrap_or(if self.uri.scheme_str() == Some("http") { 80 } else { 631 });
        let addresses = (host, port).to_socket_addrs().map_err(|_| PortFault::Unreachable)?;
        for address in addresses.take(4) {
            if TcpStream::connect_timeout(&address, CONNECT_TIMEOUT).is_ok() {
                return Ok(());
            }
        }
        Err(PortFault::Unreachable)
    }

    fn send(&self, request: IppRequestResponse) -> Result<IppRequestResponse, PortFault> {
        self.probe()?;
        let client = IppClient::builder(self.uri.clone()).request_timeout(ANSWER_TIMEOUT).build();
        let answer = client.send(request).map_err(|error| PortFault::AnswerLost { reason: error.to_string() })?;
        let status = answer.header().status_code();
        match status {
            _ if status.is_success() => Ok(answer),
            StatusCode::ServerErrorBusy | StatusCode::ServerErrorServiceUnavailable => Err(PortFault::Busy),
            // An error in mid-way says nothing about what the printer did before.
            StatusCode::ServerErrorInternalError
            | StatusCode::ServerErrorDeviceError
            | StatusCode::ServerErrorTemporaryError
            | StatusCode::ServerErrorJobCanceled
            | StatusCode::UnknownStatusCode => Err(PortFault::AnswerLost { reason: status.to_string() }),
            _ => Err(PortFault::Refused { reason: status.to_string() }),
        }
    }

    fn request(&self, operation: Operation, attributes: Vec<IppAttribute>) -> Result<IppRequestResponse, PortFault> {
        let mut request = IppRequestResponse::new(IppVersion::v2_0(), operation, Some(self.uri.clone())).map_err(|error| PortFault::Address {
            value: self.uri.to_string(),
            reason: error.to_string(),
        })?;
        for attribute in attributes {
            request.attributes_mut().add(DelimiterTag::OperationAttributes, attribute);
        }
        Ok(request)
    }

    /// A request that describes a job: the same words for asking and for sending.
    fn job_request(&self, operation: Operation, ticket: &JobTicket) -> Result<IppRequestResponse, PortFault> {
        let printer = self.capabilities()?;
        let media = media_keyword(ticket.paper_mm);
        if let Some(reason) = printer.objection(media) {
            return Err(PortFault::Refused { reason });
        }
        let operation_attributes = vec![
            named("requesting-user-name", IppValue::new_name_without_language(ticket.user.as_str()))?,
            named("job-name", IppValue::new_name_without_language(ticket.name.as_str()))?,
            named("document-format", IppValue::new_mime_media_type(FORMAT))?,
            // A sheet on the wrong paper is worse than a refusal.
            named("ipp-attribute-fidelity", Ok(IppValue::new_boolean(true)))?,
        ];
        let mut request = self.request(operation, operation_attributes)?;
        let wanted = [
            ("media", media),
            ("sides", Capabilities::asks_for(&printer.sides, ONE_SIDED)),
            ("print-color-mode", Capabilities::asks_for(&printer.colour, MONOCHROME)),
        ];
        for (name, keyword) in wanted {
            if let Some(keyword) = keyword {
                let attribute = named(name, IppValue::new_keyword(keyword))?;
                request.attributes_mut().add(DelimiterTag::JobAttributes, attribute);
            }
        }
        Ok(request)
    }

    /// What the printer says it can do. Only asks: when this fails, nothing was sent.
    ///
    /// # Errors
    /// [`PortFault::Unreachable`] also when an answer was lost.
    pub fn capabilities(&self) -> Result<Capabilities, PortFault> {
        let wanted = [
            "media-supported",
            "sides-supported",
            "print-color-mode-supported",
            "document-format-supported",
            "printer-is-accepting-jobs",
            BEHIND_A_QUEUE,
        ];
        let request = self.request(Operation::GetPrinterAttributes, vec![named("requested-attributes", keywords(&wanted))?])?;
        let answer = self.send(request).map_err(|fault| match fault {
            PortFault::AnswerLost { .. } => PortFault::Unreachable,
            other => other,
        })?;
        let Some(group) = answer.attributes().first_of(DelimiterTag::PrinterAttributes) else {
            return Err(PortFault::Unreachable);
        };
        Ok(Capabilities {
            media: find_keywords(group, "media-supported"),
            sides: find_keywords(group, "sides-supported"),
            colour: find_keywords(group, "print-color-mode-supported"),
            formats: find_keywords(group, "document-format-supported"),
            accepts_jobs: accepts_jobs(group),
            is_queue: group.get(BEHIND_A_QUEUE).is_some(),
        })
    }

    /// What a queue calls completed is only passed on.
    fn judged(&self, progress: JobProgress) -> Result<JobProgress, PortFault> {
        match progress {
            JobProgress::Completed if self.is_queue()? => Ok(JobProgress::PassedOn),
            progress => Ok(progress),
        }
    }

    fn list_jobs(&self, which: &str) -> Result<IppRequestResponse, PortFault> {
        let attributes = vec![
            named("which-jobs", IppValue::new_keyword(which))?,
            named("limit", Ok(IppValue::new_integer(MAX_LISTED_JOBS)))?,
            named("requested-attributes", keywords(&["job-id", "job-name", "job-state"]))?,
        ];
        self.send(self.request(Operation::GetJobs, attributes)?)
    }
}

impl PrinterPort for IppPrinter {
    fn get_status(&self) -> Result<PrinterStatus, PortFault> {
        let wanted = ["printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "printer-make-and-model"];
        let request = self.request(Operation::GetPrinterAttributes, vec![named("requested-attributes", keywords(&wanted))?])?;
        let answer = self.send(request)?;
        let group = first_group(&answer, DelimiterTag::PrinterAttributes)?;
        let state = match find_number(group, "printer-state") {
            Some(number) if number == IppPrinterState::Processing as i32 => PrinterState::Processing,
            Some(number) if number == IppPrinterState::Stopped as i32 => PrinterState::Stopped,
            _ => PrinterState::Idle,
        };
        Ok(PrinterStatus {
            state,
            reasons: read_reasons(group),
            accepts_jobs: accepts_jobs(group),
            model: find_text(group, "printer-make-and-model").unwrap_or_default(),
        })
    }

    fn validate(&self, ticket: &JobTicket) -> Result<(), PortFault> {
        self.send(self.job_request(Operation::ValidateJob, ticket)?).map(|_| ())
    }

    fn submit(&self, ticket: &JobTicket, pdf: &[u8]) -> Result<JobId, PortFault> {
        let mut request = self.job_request(Operation::PrintJob, ticket)?;
        *request.payload_mut() = IppPayload::new(std::io::Cursor::new(pdf.to_vec()));
        let answer = self.send(request)?;
        let job = first_group(&answer, DelimiterTag::JobAttributes)?;
        find_number(job, "job-id").map(JobId).ok_or_else(|| PortFault::AnswerLost {
            reason: "the answer names no job".to_owned(),
        })
    }

    fn poll(&self, job: JobId) -> Result<JobProgress, PortFault> {
        let attributes = vec![
            named("job-id", Ok(IppValue::new_integer(job.0)))?,
            named("requested-attributes", keywords(&["job-id", "job-state", "job-state-reasons"]))?,
        ];
        let answer = match self.send(self.request(Operation::GetJobAttributes, attributes)?) {
            // A printer forgets finished jobs after a while.
            Err(PortFault::Refused { .. }) => return Ok(JobProgress::Unknown),
            answer => answer?,
        };
        let progress = read_progress(first_group(&answer, DelimiterTag::JobAttributes)?);
        match progress {
            JobProgress::Processing(_) | JobProgress::Pending => {
                let reasons = self.get_status()?.reasons;
                Ok(if reasons.is_empty() { progress } else { JobProgress::Processing(reasons) })
            }
            JobProgress::Completed | JobProgress::PassedOn | JobProgress::Aborted | JobProgress::Canceled | JobProgress::Unknown => self.judged(progress),
        }
    }

    fn find_by_name(&self, name: &str) -> Result<Option<FoundJob>, PortFault> {
        for which in ["not-completed", "completed"] {
            let answer = self.list_jobs(which)?;
            let found = answer
                .attributes()
                .groups_of(DelimiterTag::JobAttributes)
                .filter(|job| find_text(job, "job-name").as_deref() == Some(name))
                .find_map(|job| Some((find_number(job, "job-id")?, read_progress(job))));
            if let Some((number, progress)) = found {
                return Ok(Some(FoundJob {
                    job: JobId(number),
                    progress: self.judged(progress)?,
                }));
            }
        }
        Ok(None)
    }

    fn cancel(&self, job: JobId) -> Result<(), PortFault> {
        let attributes = vec![named("job-id", Ok(IppValue::new_integer(job.0)))?];
        self.send(self.request(Operation::CancelJob, attributes)?).map(|_| ())
    }

    fn is_queue(&self) -> Result<bool, PortFault> {
        Ok(self.capabilities()?.is_queue)
    }
}

impl PrinterReason {
    /// Reads a keyword of printer-state-reasons. The suffix (-report, -warning, -error) is no guide: printers differ.
    fn from_keyword(keyword: &str) -> Option<Self> {
        let base = ["-report", "-warning", "-error"]
            .iter()
            .find_map(|suffix| keyword.strip_suffix(suffix))
            .unwrap_or(keyword);
        Some(match base {
            "none" => return None,
            "media-empty" | "media-needed" => Self::PaperOut,
            "media-low" => Self::PaperLow,
            "media-jam" => Self::Jam,
            "cover-open" | "door-open" | "interlock-open" => Self::CoverOpen,
            "toner-low" | "marker-supply-low" | "developer-low" => Self::TonerLow,
            "toner-empty" | "marker-supply-empty" | "marker-supply-missing" | "developer-empty" => Self::TonerOut,
            "input-tray-missing" | "input-tray-open" => Self::TrayMissing,
            "output-area-full" | "output-tray-missing" | "marker-waste-full" => Self::OutputFull,
            "offline" | "shutdown" | "connecting-to-device" | "timed-out" => Self::Offline,
            "paused" | "moving-to-paused" => Self::Paused,
            _ => Self::Other,
        })
    }
}

/// The self-describing size name of PWG 5101.1 for a sheet; none for a roll, whose length varies.
fn media_keyword(paper_mm: (f32, f32)) -> Option<&'static str> {
    let (short, long) = (paper_mm.0.min(paper_mm.1).round() as i32, paper_mm.0.max(paper_mm.1).round() as i32);
    match (short, long) {
        (148, 210) => Some("iso_a5_148x210mm"),
        (210, 297) => Some("iso_a4_210x297mm"),
        (297, 420) => Some("iso_a3_297x420mm"),
        _ => None,
    }
}

fn named(name: &str, value: Result<IppValue, ipp::parser::IppParseError>) -> Result<IppAttribute, PortFault> {
    value
        .and_then(|value| IppAttribute::with_name(name, value))
        .map_err(|error| PortFault::Address {
            value: name.to_owned(),
            reason: error.to_string(),
        })
}

fn keywords(names: &[&str]) -> Result<IppValue, ipp::parser::IppParseError> {
    names
        .iter()
        .map(|name| IppValue::new_keyword(*name))
        .collect::<Result<Vec<_>, _>>()
        .map(IppValue::Array)
}

fn first_group(answer: &IppRequestResponse, tag: DelimiterTag) -> Result<&IppAttributeGroup, PortFault> {
    answer.attributes().first_of(tag).ok_or_else(|| PortFault::AnswerLost {
        reason: "the answer is empty".to_owned(),
    })
}

fn find_number(group: &IppAttributeGroup, name: &str) -> Option<i32> {
    match group.get(name)?.value() {
        IppValue::Integer(number) | IppValue::Enum(number) => Some(*number),
        _ => None,
    }
}

/// A printer that does not say is taken to accept.
fn accepts_jobs(group: &IppAttributeGroup) -> bool {
    !matches!(group.get("printer-is-accepting-jobs").map(IppAttribute::value), Some(IppValue::Boolean(false)))
}

fn find_keywords(group: &IppAttributeGroup, name: &str) -> Vec<String> {
    match group.get(name).map(IppAttribute::value) {
        Some(IppValue::Array(values)) => values.iter().map(ToString::to_string).collect(),
        Some(value) => vec![value.to_string()],
        None => Vec::new(),
    }
}

fn find_text(group: &IppAttributeGroup, name: &str) -> Option<String> {
    match group.get(name)?.value() {
        IppValue::NameWithLanguage { name, .. } => Some(name.to_string()),
        IppValue::TextWithLanguage { text, .. } => Some(text.to_string()),
        value => Some(value.to_string()),
    }
}

fn read_progress(job: &IppAttributeGroup) -> JobProgress {
    let Some(number) = find_number(job, "job-state") else {
        return JobProgress::Unknown;
    };
    let is = |state: IppJobState| number == state as i32;
    if is(IppJobState::Completed) {
        JobProgress::Completed
    } else if is(IppJobState::Aborted) {
        JobProgress::Aborted
    } else if is(IppJobState::Canceled) {
        JobProgress::Canceled
    } else if is(IppJobState::Pending) || is(IppJobState::PendingHeld) {
        JobProgress::Pending
    } else if is(IppJobState::Processing) || is(IppJobState::ProcessingStopped) {
        JobProgress::Processing(Vec::new())
    } else {
        JobProgress::Unknown
    }
}

fn read_reasons(printer: &IppAttributeGroup) -> Vec<PrinterReason> {
    let mut reasons: Vec<PrinterReason> = match printer.get("printer-state-reasons").map(IppAttribute::value) {
        Some(IppValue::Array(values)) => values.iter().filter_map(|value| PrinterReason::from_keyword(&value.to_string())).collect(),
        Some(value) => PrinterReason::from_keyword(&value.to_string()).into_iter().collect(),
        None => Vec::new(),
    };
    reasons.sort_unstable();
    reasons.dedup();
    reasons
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_read_whatever_their_suffix() {
        let check = |keyword: &str, expected| assert_eq!(PrinterReason::from_keyword(keyword), expected, "{keyword}");
        check("none", None);
        check("media-empty", Some(PrinterReason::PaperOut));
        check("media-empty-warning", Some(PrinterReason::PaperOut));
        check("media-empty-error", Some(PrinterReason::PaperOut));
        check("media-jam-report", Some(PrinterReason::Jam));
        check("door-open-error", Some(PrinterReason::CoverOpen));
        check("marker-supply-low-report", Some(PrinterReason::TonerLow));
        check("offline-report", Some(PrinterReason::Offline));
        check("spool-area-full", Some(PrinterReason::Other));
    }

    #[test]
    fn paper_is_named_whichever_way_it_lies() {
        assert_eq!(media_keyword((210.0, 297.0)), Some("iso_a4_210x297mm"));
        assert_eq!(media_keyword((297.0, 210.0)), Some("iso_a4_210x297mm"));
        assert_eq!(media_keyword((148.0, 210.0)), Some("iso_a5_148x210mm"));
        assert_eq!(media_keyword((80.0, 183.0)), None);
    }

    #[test]
    fn only_printer_addresses_are_taken() {
        assert!(IppPrinter::at("ipp://printer-03.local/ipp/print").is_ok());
        assert!(IppPrinter::at("http://localhost:631/ipp/print").is_ok());
        for bad in ["", "printer", "ftp://printer/", "ipps://printer/ipp/print", "file:///etc/passwd"] {
            assert!(IppPrinter::at(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn nobody_at_the_address_is_unreachable_and_nothing_was_sent() {
        // A port that was free a moment ago and is closed again.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let printer = IppPrinter::at(&format!("ipp://127.0.0.1:{port}/ipp/print")).unwrap();
        let ticket = JobTicket {
            name: "test".into(),
            user: "03".into(),
            paper_mm: (210.0, 297.0),
        };
        assert_eq!(printer.get_status(), Err(PortFault::Unreachable));
        assert_eq!(printer.submit(&ticket, b"%PDF"), Err(PortFault::Unreachable));
    }

    /// A printer that says what it can do and then hangs up on whatever is sent.
    fn hangs_up_on_jobs(listener: std::net::TcpListener) -> std::thread::JoinHandle<()> {
        use std::io::{Read as _, Write as _};
        // version 2.0, successful-ok, request 1; charset and language; accepts jobs; end.
        let attribute = |tag: u8, name: &str, value: &[u8]| {
            let length = |bytes: &[u8]| u16::try_from(bytes.len()).unwrap().to_be_bytes();
            [&[tag][..], &length(name.as_bytes()), name.as_bytes(), &length(value), value].concat()
        };
        let ipp = [
            vec![2, 0, 0, 0, 0, 0, 0, 1, 1],
            attribute(0x47, "attributes-charset", b"utf-8"),
            attribute(0x48, "attributes-natural-language", b"en"),
            vec![4],
            attribute(0x22, "printer-is-accepting-jobs", &[1]),
            vec![3],
        ]
        .concat();
        std::thread::spawn(move || {
            // A probe, the question with its answer, a probe, the job.
            for (number, stream) in listener.incoming().take(4).enumerate() {
                let mut stream = stream.unwrap();
                if number == 1 {
                    // The whole question: closing over unread bytes would take the answer back.
                    let mut asked = Vec::new();
                    while !(asked.ends_with(&[3]) || asked.ends_with(b"\r\n0\r\n\r\n")) {
                        let mut part = [0_u8; 4096];
                        let got = stream.read(&mut part).unwrap();
                        assert_ne!(got, 0, "the question broke off");
                        asked.extend_from_slice(&part[..got]);
                    }
                    let head = format!(
                        "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                        ipp.len()
                    );
                    stream.write_all(head.as_bytes()).unwrap();
                    stream.write_all(&ipp).unwrap();
                }
            }
        })
    }

    #[test]
    fn a_connection_that_closes_without_an_answer_leaves_the_question_open() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = hangs_up_on_jobs(listener);
        let printer = IppPrinter::at(&format!("ipp://127.0.0.1:{port}/ipp/print")).unwrap();
        let ticket = JobTicket {
            name: "test".into(),
            user: "03".into(),
            paper_mm: (210.0, 297.0),
        };
        let fault = printer.submit(&ticket, b"%PDF").unwrap_err();
        assert!(matches!(fault, PortFault::AnswerLost { .. }), "{fault:?}");
        server.join().unwrap();
    }

    #[test]
    fn a_printer_that_does_not_say_what_it_can_do_has_got_nothing() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = std::thread::spawn(move || {
            for stream in listener.incoming().take(2) {
                drop(stream);
            }
        });
        let printer = IppPrinter::at(&format!("ipp://127.0.0.1:{port}/ipp/print")).unwrap();
        let ticket = JobTicket {
            name: "test".into(),
            user: "03".into(),
            paper_mm: (210.0, 297.0),
        };
        assert_eq!(printer.submit(&ticket, b"%PDF"), Err(PortFault::Unreachable), "it may be sent again");
        server.join().unwrap();
    }
}
