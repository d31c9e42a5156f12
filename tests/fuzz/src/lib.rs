//! What the fuzz targets do with bytes: every decoder of something that comes from a disk, a stick or the line, with what must hold
//! whatever the bytes are. A target returns when all is well and panics when not; it never judges by what it returns.
//!
//! The targets are plain functions so that two can call them: libFuzzer (`cargo xtask fuzz`), and the ordinary test suite with the corpus
//! that is kept in `corpus/`. Absent on purpose: time limits and memory limits, which libFuzzer brings.

mod devices;
mod journal;
mod packets;
mod store;

pub use devices::{camera, discovery, escl, import, import_answers, scan_pipe, scanned_picture};
pub use journal::{entry, record, segment};
pub use packets::{packet, packet_inside};
pub use store::{store_file_names, store_files};

/// A target and its name; also the name of its program and of the folder of its corpus.
pub type Target = (&'static str, fn(&[u8]));

/// Every target there is.
pub const TARGETS: [Target; 13] = [
    ("camera", camera),
    ("discovery", discovery),
    ("entry", entry),
    ("escl", escl),
    ("import", import),
    ("import_answers", import_answers),
    ("packet", packet),
    ("packet_inside", packet_inside),
    ("record", record),
    ("scan_pipe", scan_pipe),
    ("scanned_picture", scanned_picture),
    ("segment", segment),
    ("store_files", store_files),
];
