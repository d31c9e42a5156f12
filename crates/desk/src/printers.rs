//! Which printer a sheet goes to: slips to the roll printer, everything else to the counter's own, or to the second one
//! when the first does not answer.
//!
//! The second printer is taken only while nothing of the sheet has left the PC. Once it has, every question goes to the
//! printer that was written down, also after a restart.

use std::sync::atomic::{AtomicUsize, Ordering};

use onewindow_print::{DocumentKind, FoundJob, IppPrinter, JobId, JobProgress, JobTicket, Medium, PortFault, PrinterPort, PrinterStatus, ThermalPrinter};

use crate::desk::Desk;
use crate::fault::DeskFault;

type Port = Box<dyn PrinterPort + Send + Sync>;

/// The printers for one sheet, the one to try first in front.
pub(crate) struct PrinterChain {
    ports: Vec<(String, Port)>,
    now: AtomicUsize,
    /// A blank that came out twice would be missing in the drawer.
    is_counted: bool,
}

impl Desk {
    /// The printers for a kind of document; `known` is the one that was written down when the sheet was sent.
    pub(crate) fn printers_for(&self, kind: DocumentKind, known: Option<&str>) -> Result<PrinterChain, DeskFault> {
        let config = &self.shared.config;
        let own = match (kind.medium(), &config.slip_printer) {
            (Medium::Roll, Some(slips)) => vec![slips],
            (Medium::Roll | Medium::Plain | Medium::Blank, _) => config.printer_uri.iter().chain(&config.fallback_printer_uri).collect(),
        };
        let mut chain = PrinterChain {
            ports: Vec::new(),
            now: AtomicUsize::new(0),
            is_counted: kind.needs_blank(),
        };
        for uri in own {
            chain.ports.push((uri.clone(), open(uri)?));
        }
        if let Some(known) = known {
            match chain.ports.iter().position(|(uri, _)| uri == known) {
                Some(at) => chain.now.store(at, Ordering::Relaxed),
                // The set-up was changed meanwhile; the sheet is still at the printer it was sent to.
                None => chain.ports.insert(0, (known.to_owned(), open(known)?)),
            }
        }
        if chain.ports.is_empty() { Err(DeskFault::PrinterMissing) } else { Ok(chain) }
    }

    /// The counter's own printer, for its status.
    pub(crate) fn printer(&self) -> Result<PrinterChain, DeskFault> {
        self.printers_for(DocumentKind::AcceptanceNotice, None)
    }

    /// A receipt slip comes from the roll where there is one.
    pub(crate) fn on_own_paper(&self, kind: DocumentKind) -> DocumentKind {
        match (kind, &self.shared.config.slip_printer) {
            (DocumentKind::ReceiptSlip, Some(_)) => DocumentKind::ReceiptSlipRoll,
            (kind, _) => kind,
        }
    }
}

/// `ipp://` and `http://` are office printers or queues of CUPS, `tcp://` and `file://` thermal ones, `spooler:` those of Windows.
fn open(uri: &str) -> Result<Port, DeskFault> {
    let missing = |_| DeskFault::PrinterMissing;
    #[cfg(windows)]
    if uri.starts_with(onewindow_print::SPOOLER_SCHEME) {
        return Ok(Box::new(onewindow_print::SpoolerPrinter::at(uri).map_err(missing)?));
    }
    if uri.starts_with("tcp://") || uri.starts_with("file://") {
        Ok(Box::new(ThermalPrinter::at(uri).map_err(missing)?))
    } else {
        Ok(Box::new(IppPrinter::at(uri).map_err(missing)?))
    }
}

impl PrinterChain {
    /// Address of the printer that is asked now.
    pub fn uri(&self) -> &str {
        self.ports.get(self.at()).map_or("", |(uri, _)| uri)
    }

    fn at(&self) -> usize {
        self.now.load(Ordering::Relaxed).min(self.ports.len().saturating_sub(1))
    }

    fn port(&self) -> &Port {
        &self.ports[self.at()].1
    }

    /// Counted sheets go straight to a printer.
    fn may_have(&self, port: &Port) -> Result<(), PortFault> {
        if self.is_counted && port.is_queue()? { Err(PortFault::Queue) } else { Ok(()) }
    }
}

impl PrinterPort for PrinterChain {
    fn get_status(&self) -> Result<PrinterStatus, PortFault> {
        self.port().get_status()
    }

    /// Asks one printer after the other; the first that would take the sheet is the one for everything that follows.
    fn validate(&self, ticket: &JobTicket) -> Result<(), PortFault> {
        let mut first = None;
        for (at, (_, port)) in self.ports.iter().enumerate() {
            match port.validate(ticket).and_then(|()| self.may_have(port)) {
                Ok(()) => {
                    self.now.store(at, Ordering::Relaxed);
                    return Ok(());
                }
                // A printer that waits for paper or another job will print; one that is not there will not.
                Err(fault @ (PortFault::Busy | PortFault::NotReady { .. })) if at == 0 => return Err(fault),
                Err(fault) => first = first.or(Some(fault)),
            }
        }
        Err(first.unwrap_or(PortFault::Unreachable))
    }

    fn submit(&self, ticket: &JobTicket, pdf: &[u8]) -> Result<JobId, PortFault> {
        self.port().submit(ticket, pdf)
    }

    fn poll(&self, job: JobId) -> Result<JobProgress, PortFault> {
        self.port().poll(job)
    }

    fn find_by_name(&self, name: &str) -> Result<Option<FoundJob>, PortFault> {
        self.port().find_by_name(name)
    }

    fn cancel(&self, job: JobId) -> Result<(), PortFault> {
        self.port().cancel(job)
    }

    fn is_queue(&self) -> Result<bool, PortFault> {
        self.port().is_queue()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A device that would take anything; the real ones stand in the tests of `print`.
    struct Willing {
        is_queue: bool,
    }

    impl PrinterPort for Willing {
        fn get_status(&self) -> Result<PrinterStatus, PortFault> {
            Err(PortFault::Unreachable)
        }

        fn validate(&self, _: &JobTicket) -> Result<(), PortFault> {
            Ok(())
        }

        fn submit(&self, _: &JobTicket, _: &[u8]) -> Result<JobId, PortFault> {
            Err(PortFault::Unreachable)
        }

        fn poll(&self, _: JobId) -> Result<JobProgress, PortFault> {
            Ok(JobProgress::Unknown)
        }

        fn find_by_name(&self, _: &str) -> Result<Option<FoundJob>, PortFault> {
            Ok(None)
        }

        fn cancel(&self, _: JobId) -> Result<(), PortFault> {
            Ok(())
        }

        fn is_queue(&self) -> Result<bool, PortFault> {
            Ok(self.is_queue)
        }
    }

    fn chosen(kind: DocumentKind, queues: &[bool]) -> Result<usize, PortFault> {
        let port = |is_queue: &bool| (format!("queue {is_queue}"), Box::new(Willing { is_queue: *is_queue }) as Port);
        let chain = PrinterChain {
            ports: queues.iter().map(port).collect(),
            now: AtomicUsize::new(0),
            is_counted: kind.needs_blank(),
        };
        let ticket = JobTicket {
            name: "licence".into(),
            user: "03".into(),
            paper_mm: (297.0, 210.0),
        };
        chain.validate(&ticket).map(|()| chain.at())
    }

    #[test]
    fn a_licence_passes_queues_by_and_a_notice_does_not() {
        assert_eq!(chosen(DocumentKind::BusinessLicence, &[true]), Err(PortFault::Queue));
        assert_eq!(chosen(DocumentKind::BusinessLicence, &[true, false]), Ok(1), "the second printer is no queue");
        assert_eq!(chosen(DocumentKind::AcceptanceNotice, &[true, false]), Ok(0));
    }
}
