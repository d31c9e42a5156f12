//! What parent and worker say to each other: frames of bounded size over two pipes.
//!
//! A frame is one byte of kind, four bytes of length (little endian) and the payload. Control frames hold JSON, row
//! frames hold pixels as the driver gave them, preview frames a small picture of a camera. Bytes that do not follow this never panic and never allocate more than
//! [`PAYLOAD_BYTES_MAX`]. Deliberately absent: compatibility between versions; both ends come from one build and say
//! so in the first frame.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use crate::capability::Capabilities;
use crate::fault::{CameraFault, Stage};
use crate::page::PageParameters;
use crate::profile::Profile;
use crate::still::Look;

/// Number of this form of the protocol.
pub const VERSION: u16 = 4;
/// Largest payload of one frame.
pub const PAYLOAD_BYTES_MAX: usize = 1024 * 1024;
/// Most scanners told in one list.
pub const SCANNERS_MAX: usize = 256;

const KIND_CONTROL: u8 = 1;
const KIND_ROWS: u8 = 2;
const KIND_PREVIEW: u8 = 3;

/// What the parent asks of a worker.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "order")]
pub enum Order {
    /// Tell which scanners there are.
    List,
    /// Open a scanner and tell what it can do.
    Inspect {
        /// The driver's name for it.
        scanner: String,
    },
    /// Scan a batch.
    Scan(ScanOrder),
    /// Take what a camera sees now.
    Shoot,
    /// Stop what was ordered.
    Cancel,
}

/// A batch to scan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ScanOrder {
    /// The driver's name for the scanner.
    pub scanner: String,
    /// How to scan.
    pub profile: Profile,
    /// Number of the first page.
    pub first_sequence: u32,
    /// Pages after which to stop.
    pub pages_max: u32,
    /// Further options by the driver's names.
    pub device_options: Vec<(String, String)>,
    /// Show a camera's picture and take pages when told to; else it takes each paper that comes to rest.
    pub live: bool,
    /// The batch before this one from the same scanner broke off in a jam.
    pub after_jam: bool,
}

/// What a worker tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "report")]
pub enum Report {
    /// First frame of every worker.
    Hello {
        /// [`VERSION`] it was built with.
        version: u16,
    },
    /// It enters a stage; the parent's clock for that stage starts.
    Entered {
        /// The stage.
        stage: Stage,
    },
    /// The device is busy or warming up and is being tried again.
    Preparing,
    /// Answer to [`Order::List`].
    Scanners {
        /// What was found.
        scanners: Vec<FoundScanner>,
    },
    /// Answer to [`Order::Inspect`].
    Capabilities(Capabilities),
    /// A page begins.
    PageStarted(PageParameters),
    /// Pixels; sent as a row frame, never as JSON.
    #[serde(skip)]
    Rows(Vec<u8>),
    /// The driver says the page is complete.
    PageEnded,
    /// What a camera sees, as a small JPEG of at most [`PAYLOAD_BYTES_MAX`]; sent as a frame of its own, never as JSON.
    #[serde(skip)]
    Preview(Vec<u8>),
    /// What the picture told last means; said when that changes.
    Looked {
        /// Its meaning.
        look: Look,
    },
    /// The camera gives nothing more.
    CameraFailed {
        /// Why.
        fault: CameraFault,
    },
    /// The batch is over: no more paper, or the glass was scanned.
    Finished,
    /// The feeder said jam although no sheet went in, so the glass was scanned in its place; the batch goes on to its end.
    GlassInstead,
    /// The feeder says jam although no sheet went in, which some say when they are empty.
    JamOrEmpty,
    /// The batch reached its bound.
    TooManyPages,
    /// A page came that has more pixels than any paper wants.
    PageTooLarge {
        /// Its number.
        sequence: u32,
    },
    /// The source asked for does not exist.
    SourceMissing,
    /// The driver returned an error.
    Failed {
        /// At which stage.
        stage: Stage,
        /// `SANE_Status`.
        status: i32,
        /// The device says that two sheets went in.
        double_feed: bool,
    },
}

/// A scanner as the driver names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct FoundScanner {
    /// Name to open it by.
    pub name: String,
    /// Maker.
    pub vendor: String,
    /// Model.
    pub model: String,
    /// Its kind in the driver's words.
    pub kind: String,
}

/// Why a frame could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum PipeError {
    /// The pipe broke, or ended within a frame.
    #[error("the pipe broke")]
    Broken(#[from] io::Error),
    /// The frame's length is above [`PAYLOAD_BYTES_MAX`] or its kind is unknown.
    #[error("a frame of kind {kind} with {length} bytes is not part of the protocol")]
    Malformed {
        /// Kind found.
        kind: u8,
        /// Length found.
        length: usize,
    },
    /// A control frame is not one of ours.
    #[error("a control frame cannot be read")]
    Unreadable(#[from] serde_json::Error),
}

/// Writes an order.
///
/// # Errors
/// When the pipe is broken or the order is too long for a frame.
pub fn write_order(pipe: &mut impl Write, order: &Order) -> Result<(), PipeError> {
    write_frame(pipe, KIND_CONTROL, &serde_json::to_vec(order)?)
}

/// Reads an order; `None` when the other end has closed the pipe between frames.
///
/// # Errors
/// When the pipe breaks or the bytes are not of this protocol.
pub fn read_order(pipe: &mut impl Read) -> Result<Option<Order>, PipeError> {
    match read_frame(pipe)? {
        None => Ok(None),
        Some((KIND_CONTROL, payload)) => Ok(Some(serde_json::from_slice(&payload)?)),
        Some((kind, payload)) => Err(PipeError::Malformed { kind, length: payload.len() }),
    }
}

/// Writes a report; rows longer than a frame are split.
///
/// # Errors
/// When the pipe is broken or a control report is too long for a frame.
pub fn write_report(pipe: &mut impl Write, report: &Report) -> Result<(), PipeError> {
    match report {
        Report::Rows(rows) => write_rows(pipe, rows),
        Report::Preview(jpeg) => write_frame(pipe, KIND_PREVIEW, jpeg),
        control => write_frame(pipe, KIND_CONTROL, &serde_json::to_vec(control)?),
    }
}

/// Writes rows without taking them over.
///
/// # Errors
/// When the pipe is broken.
pub fn write_rows(pipe: &mut impl Write, rows: &[u8]) -> Result<(), PipeError> {
    rows.chunks(PAYLOAD_BYTES_MAX).try_for_each(|piece| write_frame(pipe, KIND_ROWS, piece))
}

/// Reads a report; `None` when the other end has closed the pipe between frames.
///
/// # Errors
/// When the pipe breaks or the bytes are not of this protocol.
pub fn read_report(pipe: &mut impl Read) -> Result<Option<Report>, PipeError> {
    match read_frame(pipe)? {
        None => Ok(None),
        Some((KIND_ROWS, payload)) => Ok(Some(Report::Rows(payload))),
        Some((KIND_PREVIEW, payload)) => Ok(Some(Report::Preview(payload))),
        Some((_, payload)) => Ok(Some(serde_json::from_slice(&payload)?)),
    }
}

fn write_frame(pipe: &mut impl Write, kind: u8, payload: &[u8]) -> Result<(), PipeError> {
    let length = payload.len();
    if length > PAYLOAD_BYTES_MAX {
        return Err(PipeError::Malformed { kind, length });
    }
    let mut header = [kind, 0, 0, 0, 0];
    header[1..].copy_from_slice(&(length as u32).to_le_bytes());
    pipe.write_all(&header)?;
    pipe.write_all(payload)?;
    pipe.flush()?;
    Ok(())
}

fn read_frame(pipe: &mut impl Read) -> Result<Option<(u8, Vec<u8>)>, PipeError> {
    let mut header = [0_u8; 5];
    // An end before the first byte is a clean end; read() rather than read_exact() tells them apart.
    loop {
        match pipe.read(&mut header[..1]) {
            Ok(0) => return Ok(None),
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    pipe.read_exact(&mut header[1..])?;
    let kind = header[0];
    let length = u32::from_le_bytes([header[1], header[2], header[3], header[4]]) as usize;
    if length > PAYLOAD_BYTES_MAX || !matches!(kind, KIND_CONTROL | KIND_ROWS | KIND_PREVIEW) {
        return Err(PipeError::Malformed { kind, length });
    }
    let mut payload = vec![0; length];
    pipe.read_exact(&mut payload)?;
    Ok(Some((kind, payload)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;
    use crate::page::FrameKind;

    fn reports() -> impl Strategy<Value = Report> {
        let page = (any::<u32>(), any::<i32>(), any::<i32>()).prop_map(|(sequence, width, lines)| PageParameters {
            sequence,
            frame: FrameKind::Rgb,
            depth: 8,
            bytes_per_line: width,
            pixels_per_line: width,
            lines,
            dpi: 300,
        });
        prop_oneof![
            any::<u16>().prop_map(|version| Report::Hello { version }),
            page.prop_map(Report::PageStarted),
            proptest::collection::vec(any::<u8>(), 1..2000).prop_map(Report::Rows),
            Just(Report::PageEnded),
            proptest::collection::vec(any::<u8>(), 0..2000).prop_map(Report::Preview),
            Just(Report::Looked { look: Look::AtRest }),
            Just(Report::CameraFailed { fault: CameraFault::Busy }),
            Just(Report::GlassInstead),
            Just(Report::JamOrEmpty),
            any::<i32>().prop_map(|status| Report::Failed {
                stage: Stage::Reading,
                status,
                double_feed: true
            }),
        ]
    }

    proptest! {
        #[test]
        fn reports_come_out_as_they_went_in(sent in proptest::collection::vec(reports(), 0..20)) {
            let mut pipe = Vec::new();
            for report in &sent {
                write_report(&mut pipe, report).unwrap();
            }
            let mut end = Cursor::new(pipe);
            let mut came = Vec::new();
            while let Some(report) = read_report(&mut end).unwrap() {
                came.push(report);
            }
            prop_assert_eq!(came, sent);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..4000)) {
            let mut end = Cursor::new(&bytes);
            while let Ok(Some(_)) = read_report(&mut end) {}
            let mut end = Cursor::new(&bytes);
            while let Ok(Some(_)) = read_order(&mut end) {}
        }

        #[test]
        fn a_spoiled_stream_is_read_or_refused(sent in proptest::collection::vec(reports(), 1..6), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut pipe = Vec::new();
            for report in &sent {
                write_report(&mut pipe, report).unwrap();
            }
            let at = at.index(pipe.len());
            pipe[at] = byte;
            pipe.truncate(pipe.len() - at % 3);
            let mut end = Cursor::new(pipe);
            while let Ok(Some(_)) = read_report(&mut end) {}
        }
    }

    #[test]
    fn a_frame_that_claims_gigabytes_is_refused_before_memory_is_taken() {
        let error = read_report(&mut Cursor::new([KIND_ROWS, 0xff, 0xff, 0xff, 0xff])).unwrap_err();
        assert!(matches!(error, PipeError::Malformed { .. }), "{error}");
    }

    #[test]
    fn orders_come_out_as_they_went_in() {
        let order = Order::Scan(ScanOrder {
            scanner: "test:0".into(),
            profile: Profile::default(),
            first_sequence: 3,
            pages_max: 9,
            device_options: vec![("brightness".into(), "1".into())],
            live: true,
            after_jam: true,
        });
        let mut pipe = Vec::new();
        write_order(&mut pipe, &order).unwrap();
        write_order(&mut pipe, &Order::Cancel).unwrap();
        let mut end = Cursor::new(pipe);
        assert_eq!(read_order(&mut end).unwrap(), Some(order));
        assert_eq!(read_order(&mut end).unwrap(), Some(Order::Cancel));
        assert_eq!(read_order(&mut end).unwrap(), None);
    }
}
