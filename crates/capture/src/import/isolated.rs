//! Splitting files from strangers in a process of its own (`onewindow-import-worker`): a decoder that loops, eats memory or crashes
//! takes nothing with it. The parent's side and what both say to each other. Absent on purpose: any trust in what the worker says;
//! lengths and kinds are checked again here.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{FileKind, ImportNote, RawContent, RawPage, split};
use crate::fault::CaptureFault;
use crate::limits::Limits;

/// Name of the worker program.
const PROGRAM: &str = "onewindow-import-worker";
/// Variable that names it when it does not lie beside the running program.
const PROGRAM_VARIABLE: &str = "ONEWINDOW_IMPORT_WORKER";
/// Time beyond the limit for splitting before the worker is killed.
const GRACE: Duration = Duration::from_secs(5);
/// Longest line of the worker.
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// The order: one line of JSON, then the bytes of the file.
#[derive(Debug, Serialize, Deserialize)]
struct Order {
    name: String,
    bytes: u64,
    max_import_ms: u64,
}

/// An answer: one line of JSON; a page is followed by its bytes.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "answer")]
enum Answer {
    Page {
        number: u32,
        kind: FileKind,
        dpi: Option<f32>,
        notes: Vec<ImportNote>,
        bytes: u64,
    },
    Fault(FaultTwin),
    End,
}

/// [`CaptureFault`] on its way through the pipe.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "fault")]
enum FaultTwin {
    Empty,
    UnsupportedType { seen: String },
    HeicNotTaken,
    Unreadable { detail: String },
    TooManyBytes { bytes: u64, max_bytes: u64 },
    TooManyPixels { width_px: u32, height_px: u32 },
    TooSmall { width_px: u32, height_px: u32 },
    TooManyPages { pages: u32, max_pages: u32 },
    NoPages,
    EncryptedPdf,
    TooSlow { elapsed_ms: u64, page: u32 },
}

/// Where the worker is: named by `ONEWINDOW_IMPORT_WORKER`, else beside the running program or, for test programs, a folder above it.
pub fn find_worker() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(PROGRAM_VARIABLE) {
        return Some(PathBuf::from(named)).filter(|program| program.is_file());
    }
    let name = format!("{PROGRAM}{}", std::env::consts::EXE_SUFFIX);
    let own = std::env::current_exe().ok()?;
    let mut folders = own.ancestors().skip(1).take(2);
    folders.find_map(|folder| Some(folder.join(&name)).filter(|program| program.is_file()))
}

/// As [`split`], in the worker that [`find_worker`] finds.
///
/// # Errors
/// As [`split_in`]; `WorkerMissing` when there is none. A file is never opened in this process instead.
pub fn split_apart(bytes: &[u8], file_name: &str, limits: &Limits) -> Result<Vec<RawPage>, CaptureFault> {
    let worker = find_worker().ok_or_else(|| CaptureFault::WorkerMissing {
        detail: format!("{PROGRAM} is neither named by {PROGRAM_VARIABLE} nor beside the running program"),
    })?;
    split_in(&worker, bytes, file_name, limits)
}

/// As [`split`], in the worker at the given place.
///
/// # Errors
/// As [`split`]; `WorkerMissing` when it does not start. A worker that crashes makes the file `Unreadable`, one that does not come back
/// `TooSlow`.
pub fn split_in(worker: &Path, bytes: &[u8], file_name: &str, limits: &Limits) -> Result<Vec<RawPage>, CaptureFault> {
    if bytes.is_empty() {
        return Err(CaptureFault::Empty);
    }
    let lost = |detail: &str| CaptureFault::Unreadable { detail: detail.to_owned() };
    let mut child = Command::new(worker)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| CaptureFault::WorkerMissing { detail: error.to_string() })?;
    let (Some(mut orders), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(lost("the import worker has no pipes"));
    };
    let allowed = Duration::from_millis(limits.max_import_ms) + GRACE;
    let (done, ended) = channel::<()>();
    // The watchman owns the process: he ends it when the time is up or when the answers are in.
    let watchman = std::thread::spawn(move || {
        let late = ended.recv_timeout(allowed) == Err(RecvTimeoutError::Timeout);
        let _ = child.kill();
        let _ = child.wait();
        late
    });
    let order = Order {
        name: file_name.to_owned(),
        bytes: bytes.len() as u64,
        max_import_ms: limits.max_import_ms,
    };
    // A worker that is gone is noticed when its answers end.
    let _ = write_json(&mut orders, &order).and_then(|()| orders.write_all(bytes));
    drop(orders);
    let pages = read_answers(BufReader::new(answers), limits);
    drop(done);
    let late = watchman.join().unwrap_or(false);
    pages.map_err(|fault| match fault {
        CaptureFault::Unreadable { .. } if late => CaptureFault::TooSlow {
            elapsed_ms: allowed.as_millis() as u64,
            page: 1,
        },
        fault => fault,
    })
}

/// The pages a worker tells, until it says that it is done. Nothing it says is trusted: neither lengths nor numbers.
///
/// # Errors
/// What the worker found wrong with the file; `Unreadable` also when it breaks off or does not speak this protocol.
pub fn read_answers(mut answers: impl BufRead, limits: &Limits) -> Result<Vec<RawPage>, CaptureFault> {
    let broken = || CaptureFault::Unreadable {
        detail: "the import worker broke off".to_owned(),
    };
    let mut pages: Vec<RawPage> = Vec::new();
    loop {
        let mut line = Vec::new();
        answers.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line).map_err(|_| broken())?;
        match serde_json::from_slice(&line).map_err(|_| broken())? {
            Answer::End => return Ok(pages),
            Answer::Fault(twin) => return Err(twin.into()),
            Answer::Page {
                number,
                kind,
                dpi,
                notes,
                bytes: length,
            } => {
                // A page drawn from a PDF may be larger than the file it came from, never than this.
                let most = limits.max_pixels.saturating_mul(3);
                if length > most || pages.len() as u32 >= limits.max_pages {
                    return Err(broken());
                }
                let mut bytes = Vec::new();
                answers.by_ref().take(length).read_to_end(&mut bytes).map_err(|_| broken())?;
                if bytes.len() as u64 != length {
                    return Err(broken());
                }
                pages.push(RawPage {
                    number,
                    content: RawContent::File { kind, bytes },
                    dpi,
                    notes,
                });
            }
        }
    }
}

/// The worker's side: one order from `orders`, its answers to `answers`.
///
/// # Errors
/// When the parent is gone or does not speak this protocol.
pub fn serve(mut orders: impl BufRead, mut answers: impl Write) -> std::io::Result<()> {
    let mut line = Vec::new();
    orders.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
    let order: Order = serde_json::from_slice(&line)?;
    let limits = Limits {
        max_import_ms: order.max_import_ms,
        ..Limits::default()
    };
    let mut bytes = Vec::new();
    orders.by_ref().take(order.bytes.min(limits.max_bytes + 1)).read_to_end(&mut bytes)?;
    match split(&bytes, &order.name, &limits).and_then(|pages| pages.iter().map(|page| Ok((page.to_file()?, page.clone()))).collect::<Result<Vec<_>, _>>()) {
        Ok(pages) => {
            for ((kind, bytes), page) in pages {
                write_json(
                    &mut answers,
                    &Answer::Page {
                        number: page.number,
                        kind,
                        dpi: page.dpi,
                        notes: page.notes,
                        bytes: bytes.len() as u64,
                    },
                )?;
                answers.write_all(&bytes)?;
            }
            write_json(&mut answers, &Answer::End)?;
        }
        Err(fault) => write_json(&mut answers, &Answer::Fault(fault.into()))?,
    }
    answers.flush()
}

fn write_json(pipe: &mut impl Write, value: &impl Serialize) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    pipe.write_all(&line)
}

impl From<CaptureFault> for FaultTwin {
    fn from(fault: CaptureFault) -> Self {
        match fault {
            CaptureFault::Empty => Self::Empty,
            CaptureFault::UnsupportedType { seen } => Self::UnsupportedType { seen: seen.to_owned() },
            CaptureFault::HeicNotTaken => Self::HeicNotTaken,
            CaptureFault::Unreadable { detail } => Self::Unreadable { detail },
            CaptureFault::TooManyBytes { bytes, max_bytes } => Self::TooManyBytes { bytes, max_bytes },
            CaptureFault::TooManyPixels { width_px, height_px } => Self::TooManyPixels { width_px, height_px },
            CaptureFault::TooSmall { width_px, height_px } => Self::TooSmall { width_px, height_px },
            CaptureFault::TooManyPages { pages, max_pages } => Self::TooManyPages { pages, max_pages },
            CaptureFault::NoPages => Self::NoPages,
            CaptureFault::EncryptedPdf => Self::EncryptedPdf,
            CaptureFault::TooSlow { elapsed_ms, page } => Self::TooSlow { elapsed_ms, page },
            // Of the parent only: the worker itself starts no other.
            CaptureFault::WorkerMissing { detail } => Self::Unreadable { detail },
        }
    }
}

impl From<FaultTwin> for CaptureFault {
    fn from(twin: FaultTwin) -> Self {
        match twin {
            FaultTwin::Empty => Self::Empty,
            FaultTwin::UnsupportedType { seen } => Self::UnsupportedType {
                seen: super::header::SEEN.iter().find(|known| **known == seen).copied().unwrap_or("unknown"),
            },
            FaultTwin::HeicNotTaken => Self::HeicNotTaken,
            FaultTwin::Unreadable { detail } => Self::Unreadable { detail },
            FaultTwin::TooManyBytes { bytes, max_bytes } => Self::TooManyBytes { bytes, max_bytes },
            FaultTwin::TooManyPixels { width_px, height_px } => Self::TooManyPixels { width_px, height_px },
            FaultTwin::TooSmall { width_px, height_px } => Self::TooSmall { width_px, height_px },
            FaultTwin::TooManyPages { pages, max_pages } => Self::TooManyPages { pages, max_pages },
            FaultTwin::NoPages => Self::NoPages,
            FaultTwin::EncryptedPdf => Self::EncryptedPdf,
            FaultTwin::TooSlow { elapsed_ms, page } => Self::TooSlow { elapsed_ms, page },
        }
    }
}
