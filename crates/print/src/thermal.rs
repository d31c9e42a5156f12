//! Thermal printers that speak ESC/POS, over network or as a device file: the slip goes out as one raster.
//!
//! There are no job numbers in ESC/POS. What there is: status in real time (DLE EOT), asked before and meanwhile, and a
//! status that is queued behind the dots (GS r), whose answer means that everything before it was printed. Without that
//! answer the outcome is unknown. Text is never sent as text: the printers' own fonts lack rare names.

mod line;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::{
    printer::{FoundJob, JobId, JobProgress, JobTicket, PortFault, PrinterPort, PrinterReason, PrinterState, PrinterStatus},
    raster::{SLIP_DOTS, SlipRaster, rasterize_slip},
};
use line::Line;
pub use line::ThermalAddress;

/// How long one answer may take.
const ANSWER: Duration = Duration::from_millis(800);
/// Rows in one command; more do not fit the buffer of small printers.
const BAND_ROWS: u32 = 255;
/// Wider paper is no roll.
const ROLL_MM: f32 = 82.0;

/// A thermal printer.
#[derive(Debug)]
pub struct ThermalPrinter {
    address: ThermalAddress,
    running: Mutex<Running>,
}

/// The slip that was sent last, while its answer is awaited.
#[derive(Debug, Default)]
struct Running {
    number: i32,
    slip: Option<Slip>,
}

#[derive(Debug)]
struct Slip {
    job: JobId,
    name: String,
    line: Line,
}

impl ThermalPrinter {
    /// The printer at an address such as `tcp://192.0.2.7:9100` or `file:///dev/usb/lp0`.
    ///
    /// # Errors
    /// [`PortFault::Address`] says what is wrong with it.
    pub fn at(address: &str) -> Result<Self, PortFault> {
        Ok(Self {
            address: ThermalAddress::parse(address)?,
            running: Mutex::new(Running::default()),
        })
    }

    fn running(&self) -> std::sync::MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PrinterPort for ThermalPrinter {
    fn get_status(&self) -> Result<PrinterStatus, PortFault> {
        let mut line = Line::open(&self.address)?;
        let reasons = ask_reasons(&mut line)?;
        Ok(PrinterStatus {
            state: if reasons.iter().any(|reason| stops(*reason)) {
                PrinterState::Stopped
            } else {
                PrinterState::Idle
            },
            accepts_jobs: true,
            reasons,
            model: "ESC/POS".to_owned(),
        })
    }

    fn validate(&self, ticket: &JobTicket) -> Result<(), PortFault> {
        if ticket.paper_mm.0 > ROLL_MM {
            return Err(PortFault::Refused {
                reason: "there is only a roll of 80 mm".to_owned(),
            });
        }
        let mut line = Line::open(&self.address)?;
        refuse_unready(&mut line)
    }

    fn submit(&self, ticket: &JobTicket, pdf: &[u8]) -> Result<JobId, PortFault> {
        let raster = rasterize_slip(pdf).map_err(|fault| PortFault::Refused { reason: fault.to_string() })?;
        let mut line = Line::open(&self.address)?;
        refuse_unready(&mut line)?;
        let lost = |error: std::io::Error| PortFault::AnswerLost { reason: error.to_string() };
        line.send(&commands(&raster)).map_err(lost)?;
        let mut running = self.running();
        running.number += 1;
        let job = JobId(running.number);
        running.slip = Some(Slip {
            job,
            name: ticket.name.clone(),
            line,
        });
        Ok(job)
    }

    fn poll(&self, job: JobId) -> Result<JobProgress, PortFault> {
        let mut running = self.running();
        let Some(slip) = running.slip.as_mut().filter(|slip| slip.job == job) else {
            return Ok(JobProgress::Unknown);
        };
        let progress = follow(&mut slip.line)?;
        if progress == JobProgress::Completed {
            running.slip = None;
        }
        Ok(progress)
    }

    fn find_by_name(&self, name: &str) -> Result<Option<FoundJob>, PortFault> {
        let running = self.running();
        Ok(running.slip.as_ref().filter(|slip| slip.name == name).map(|slip| FoundJob {
            job: slip.job,
            progress: JobProgress::Pending,
        }))
    }

    fn cancel(&self, _: JobId) -> Result<(), PortFault> {
        Err(PortFault::Refused {
            reason: "dots that were sent can not be called back".to_owned(),
        })
    }
}

/// A slip as the printer's commands: reset, bands of dots, feed, cut, and the question that is answered last.
fn commands(raster: &SlipRaster) -> Vec<u8> {
    let bytes_a_row = SLIP_DOTS / 8;
    let mut bytes = vec![0x1B, b'@'];
    for (index, band) in raster.rows.chunks((BAND_ROWS * bytes_a_row) as usize).enumerate() {
        let rows = (raster.height - index as u32 * BAND_ROWS).min(BAND_ROWS);
        bytes.extend([0x1D, b'v', b'0', 0, bytes_a_row as u8, 0, rows as u8, (rows >> 8) as u8]);
        bytes.extend(band);
    }
    // Feed past the knife, cut, tell when all this is done.
    bytes.extend([0x1B, b'd', 3, 0x1D, b'V', 66, 0, 0x1D, b'r', 1]);
    bytes
}

fn refuse_unready(line: &mut Line) -> Result<(), PortFault> {
    let reasons: Vec<PrinterReason> = ask_reasons(line)?.into_iter().filter(|reason| stops(*reason)).collect();
    if reasons.is_empty() { Ok(()) } else { Err(PortFault::NotReady { reasons }) }
}

const fn stops(reason: PrinterReason) -> bool {
    match reason {
        PrinterReason::PaperOut
        | PrinterReason::Jam
        | PrinterReason::CoverOpen
        | PrinterReason::TonerOut
        | PrinterReason::TrayMissing
        | PrinterReason::OutputFull
        | PrinterReason::Offline
        | PrinterReason::Paused
        | PrinterReason::Other => true,
        PrinterReason::PaperLow | PrinterReason::TonerLow => false,
    }
}

/// Asks for the three status bytes; nobody answering means that nobody is there.
fn ask_reasons(line: &mut Line) -> Result<Vec<PrinterReason>, PortFault> {
    let mut reasons = Vec::new();
    for question in [1, 2, 4] {
        line.send(&[0x10, 0x04, question]).map_err(|_| PortFault::Unreachable)?;
        match line.receive(ANSWER) {
            Ok(Some(answer)) => reasons.extend(read_status(question, answer)),
            Ok(None) | Err(_) => return Err(PortFault::Unreachable),
        }
    }
    reasons.sort_unstable();
    reasons.dedup();
    Ok(reasons)
}

/// What the printer says while the dots are on their way.
fn follow(line: &mut Line) -> Result<JobProgress, PortFault> {
    let gone = |error: std::io::Error| PortFault::AnswerLost { reason: error.to_string() };
    // Answers in real time have bit 4 set, the queued one has not.
    let is_last = |answer: u8| answer & 0x10 == 0;
    match line.receive(ANSWER).map_err(gone)? {
        Some(answer) if is_last(answer) => return Ok(JobProgress::Completed),
        Some(_) | None => {}
    }
    let mut reasons = Vec::new();
    for question in [2, 4] {
        line.send(&[0x10, 0x04, question]).map_err(gone)?;
        match line.receive(ANSWER).map_err(gone)? {
            Some(answer) if is_last(answer) => return Ok(JobProgress::Completed),
            Some(answer) => reasons.extend(read_status(question, answer)),
            None => reasons.push(PrinterReason::Offline),
        }
    }
    reasons.sort_unstable();
    reasons.dedup();
    Ok(JobProgress::Processing(reasons))
}

/// The bits of a status byte (DLE EOT 1, 2 and 4).
fn read_status(question: u8, answer: u8) -> Vec<PrinterReason> {
    let is_set = |bit: u8| answer & (1 << bit) != 0;
    let table: &[(u8, PrinterReason)] = match question {
        2 => &[(2, PrinterReason::CoverOpen), (5, PrinterReason::PaperOut), (6, PrinterReason::Other)],
        4 => &[(2, PrinterReason::PaperLow), (5, PrinterReason::PaperOut)],
        // That it is offline says nothing that the cause does not say better.
        _ => &[],
    };
    table.iter().filter(|(bit, _)| is_set(*bit)).map(|(_, reason)| *reason).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_sent_in_bands_and_ends_with_the_question() {
        let raster = SlipRaster {
            height: 300,
            rows: vec![0xAA; 300 * 72],
        };
        let bytes = commands(&raster);
        assert_eq!(&bytes[..10], [0x1B, b'@', 0x1D, b'v', b'0', 0, 72, 0, 255, 0]);
        let second = 2 + 8 + 255 * 72;
        assert_eq!(&bytes[second..second + 8], [0x1D, b'v', b'0', 0, 72, 0, 45, 0]);
        assert_eq!(&bytes[bytes.len() - 3..], [0x1D, b'r', 1]);
        assert_eq!(bytes.len(), second + 8 + 45 * 72 + 10);
    }

    #[test]
    fn status_bits_are_read_as_the_clerk_sees_them() {
        assert_eq!(read_status(2, 0b0001_0110), [PrinterReason::CoverOpen]);
        assert_eq!(read_status(2, 0b0011_0010), [PrinterReason::PaperOut]);
        assert_eq!(read_status(4, 0b0001_1110), [PrinterReason::PaperLow]);
        assert_eq!(read_status(4, 0b0111_1110), [PrinterReason::PaperLow, PrinterReason::PaperOut]);
        assert!(read_status(1, 0b0001_1010).is_empty());
    }

    #[test]
    fn nobody_at_the_address_took_nothing() {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let printer = ThermalPrinter::at(&format!("tcp://127.0.0.1:{port}")).unwrap();
        assert_eq!(printer.get_status(), Err(PortFault::Unreachable));
        for bad in [
            "",
            "127.0.0.1",
            "tcp://",
            "tcp://host",
            "tcp://host:port",
            "ipp://host:631/",
            "file://",
            "file://relative",
        ] {
            assert!(ThermalPrinter::at(bad).is_err(), "{bad}");
        }
    }
}
