//! Entries as bytes: JSON with short keys and tagged events, carrying its format number.
//! JSON, because an entry must still be readable by other people's tools in thirty years; sealing and chaining come after it.
//! Absent on purpose: a second encoding. Once written, bytes are only copied.

use onewindow_case::ids::{CaseId, CounterId, StaffNo};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entry::{Actor, Entry, Event, Role};
use crate::twin::{CaseEventTwin, CounterEventTwin, Day, Hex};

/// Format number written into every entry.
pub const ENTRY_FORMAT: u32 = 1;

/// Longest entry that is read or should be written, in bytes.
pub const ENTRY_LIMIT_BYTES: usize = 256 * 1024;

/// Why bytes are no entry. Never quotes the bytes: they may hold personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeFault {
    /// Longer than [`ENTRY_LIMIT_BYTES`].
    #[error("the entry has {len} bytes, more than the limit")]
    TooLong {
        /// Its length in bytes.
        len: usize,
    },
    /// Written by a newer version of the software.
    #[error("the entry has format {found}, newer than this software")]
    NewerFormat {
        /// The format it carries.
        found: u32,
    },
    /// Not an entry, or one with an impossible value.
    #[error("the bytes are no entry (column {column})")]
    Malformed {
        /// Where reading stopped, counted in bytes from 1.
        column: usize,
    },
}

/// The bytes of an entry. Stable: equal entries give equal bytes.
pub fn encode(entry: &Entry) -> Vec<u8> {
    // Writing plain data into memory cannot fail: no maps with odd keys, no floats, no fallible writer.
    serde_json::to_vec(&EntryTwin::from(entry)).unwrap_or_default()
}

/// Reads an entry. Bounded in memory and time by [`ENTRY_LIMIT_BYTES`]; never panics.
///
/// # Errors
/// A [`DecodeFault`]; anything but a whole entry of a known format is one.
pub fn decode(bytes: &[u8]) -> Result<Entry, DecodeFault> {
    if bytes.len() > ENTRY_LIMIT_BYTES {
        return Err(DecodeFault::TooLong { len: bytes.len() });
    }
    match serde_json::from_slice::<EntryTwin>(bytes) {
        Ok(twin) if twin.format <= ENTRY_FORMAT => Ok(twin.into()),
        Ok(twin) => Err(DecodeFault::NewerFormat { found: twin.format }),
        Err(fault) => match serde_json::from_slice::<FormatTwin>(bytes) {
            Ok(twin) if twin.format > ENTRY_FORMAT => Err(DecodeFault::NewerFormat { found: twin.format }),
            Ok(_) | Err(_) => Err(DecodeFault::Malformed { column: fault.column() }),
        },
    }
}

#[derive(Deserialize)]
struct FormatTwin {
    #[serde(rename = "v")]
    format: u32,
}

#[derive(Serialize, Deserialize)]
struct EntryTwin {
    #[serde(rename = "v")]
    format: u32,
    #[serde(rename = "c")]
    counter: String,
    #[serde(rename = "e")]
    epoch: u32,
    #[serde(rename = "s")]
    seq: u64,
    #[serde(rename = "p")]
    prev: Hex,
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    case: Option<Uuid>,
    #[serde(rename = "r")]
    revision: u32,
    #[serde(rename = "t")]
    time_ms: i64,
    #[serde(rename = "d")]
    business_date: Day,
    #[serde(rename = "a")]
    staff_no: String,
    #[serde(rename = "ar")]
    role: RoleTwin,
    #[serde(rename = "x")]
    event: EventTwin,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum EventTwin {
    Case(CaseEventTwin),
    Counter(CounterEventTwin),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RoleTwin {
    Clerk,
    Supervisor,
    Installer,
    System,
}

impl From<&Entry> for EntryTwin {
    fn from(entry: &Entry) -> Self {
        Self {
            format: ENTRY_FORMAT,
            counter: entry.counter.as_str().to_owned(),
            epoch: entry.epoch,
            seq: entry.seq,
            prev: entry.prev.into(),
            case: entry.case.map(|case| case.as_uuid()),
            revision: entry.revision,
            time_ms: entry.time_ms,
            business_date: entry.business_date.into(),
            staff_no: entry.actor.staff_no.as_str().to_owned(),
            role: match entry.actor.role {
                Role::Clerk => RoleTwin::Clerk,
                Role::Supervisor => RoleTwin::Supervisor,
                Role::Installer => RoleTwin::Installer,
                Role::System => RoleTwin::System,
            },
            event: match &entry.event {
                Event::Case(event) => EventTwin::Case(event.into()),
                Event::Counter(event) => EventTwin::Counter(event.into()),
            },
        }
    }
}

impl From<EntryTwin> for Entry {
    fn from(twin: EntryTwin) -> Self {
        Self {
            counter: CounterId::new(twin.counter),
            epoch: twin.epoch,
            seq: twin.seq,
            prev: twin.prev.into(),
            case: twin.case.map(CaseId::new),
            revision: twin.revision,
            time_ms: twin.time_ms,
            business_date: twin.business_date.into(),
            actor: Actor {
                staff_no: StaffNo::new(twin.staff_no),
                role: match twin.role {
                    RoleTwin::Clerk => Role::Clerk,
                    RoleTwin::Supervisor => Role::Supervisor,
                    RoleTwin::Installer => Role::Installer,
                    RoleTwin::System => Role::System,
                },
            },
            event: match twin.event {
                EventTwin::Case(event) => Event::Case(event.into()),
                EventTwin::Counter(event) => Event::Counter(event.into()),
            },
        }
    }
}
