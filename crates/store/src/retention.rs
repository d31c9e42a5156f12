//! What may go, and how it goes: a closed case that the centre has committed, with every page, by its signed receipt and whose
//! local period is over. Its key is destroyed and its pages are removed; then whole segments at the front of the journal go in
//! which nothing is left that anybody could read or needs. What the index must know for good (settings, numbers, the feed's
//! cursor) is stated once more at the end of the journal before that.
//!
//! ```text
//! BASE  BASE.copy   where the chain stood before the first kept segment, sealed
//! ```
//! Every step is journalled first and can be done again, so a crash between any two of them costs nothing.
//! Absent on purpose: when to do it, and asking the centre.

use std::fs;
use std::path::Path;

use onewindow_case::ids::{CaseId, CounterId, Digest};
use onewindow_case::state::CaseState;
use onewindow_journal::Head;
use onewindow_journal::receipt::ProvenReceipt;
use serde::{Deserialize, Serialize};

use crate::disk::{Disk, write_whole};
use crate::fault::StoreFault;
use crate::keys::DeviceKeys;
use crate::summary::CaseSummary;
use crate::writer::Stamp;

const BASE_FILES: [&str; 2] = ["BASE", "BASE.copy"];
/// Cases erased by one call.
pub(crate) const ERASE_LIMIT: usize = 200;

/// What is to go.
#[derive(Debug, Clone)]
pub struct Retention {
    /// What the centre holds.
    pub receipt: ProvenReceipt,
    /// Cases that changed after this stay, ms since 1970 UTC.
    pub unchanged_since_ms: i64,
    /// When and by whom.
    pub stamp: Stamp,
}

/// What went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retained {
    /// Cases whose keys were destroyed.
    pub cases_erased: u32,
    /// Page files removed.
    pub pages_removed: u32,
    /// Segments removed.
    pub segments_removed: u32,
    /// The chain goes on behind this position.
    pub purged_through: u64,
    /// Device keys destroyed, because nothing needs them any more.
    pub device_keys_destroyed: bool,
}

impl Retention {
    /// Whether a case may go.
    pub(crate) fn covers(&self, line: &CaseSummary) -> bool {
        let closed = match line.state {
            CaseState::Completed | CaseState::Withdrawn | CaseState::DeemedWithdrawn | CaseState::Revoked | CaseState::Rejected | CaseState::NotRequired => {
                true
            }
            CaseState::Draft
            | CaseState::Received
            | CaseState::Supplement
            | CaseState::Accepted
            | CaseState::AcceptedConditional
            | CaseState::InReview
            | CaseState::Suspended
            | CaseState::Ready => false,
        };
        closed && line.last_seq <= self.receipt.committed().seq && line.changed_ms < self.unchanged_since_ms && !line.print_uncertain && !line.sent_back
    }
}

#[derive(Serialize, Deserialize)]
struct BaseTwin {
    format: u32,
    seq: u64,
    digest: String,
}

/// Where the chain stood before the first kept segment; the very beginning when nothing was ever purged or nobody knows any more
/// (then what is missing is named as lost).
pub(crate) fn read_base(dir: &Path, counter: &CounterId, device: &DeviceKeys) -> Head {
    let base = |name: &&str| {
        let sealed = fs::read(dir.join(name)).ok()?;
        let (_, plain) = device.unwrap(&base_aad(counter), &sealed)?;
        let twin: BaseTwin = serde_json::from_slice(&plain).ok()?;
        Digest::parse_hex(&twin.digest).map(|digest| Head { seq: twin.seq, digest })
    };
    BASE_FILES.iter().filter_map(base).max_by_key(|head| head.seq).unwrap_or(Head::EMPTY)
}

/// Notes where the chain stands before the first segment that will be kept; durable when this returns.
pub(crate) fn write_base(disk: &dyn Disk, dir: &Path, counter: &CounterId, device: &DeviceKeys, base: Head) -> Result<(), StoreFault> {
    let twin = BaseTwin {
        format: 1,
        seq: base.seq,
        digest: base.digest.to_string(),
    };
    let plain = serde_json::to_vec(&twin).map_err(|_plain_data| StoreFault::TooLarge)?;
    for name in BASE_FILES {
        let sealed = device.wrap(&base_aad(counter), &plain)?;
        write_whole(disk, &dir.join("tmp").join(name), &dir.join(name), &sealed)?;
    }
    Ok(())
}

fn base_aad(counter: &CounterId) -> Vec<u8> {
    format!("onewindow base|1|{counter}").into_bytes()
}

/// Pages of a case, each once.
pub(crate) fn pages_of_case(case: &onewindow_case::Case) -> Vec<Digest> {
    let mut pages: Vec<Digest> = crate::fold::pages_of(case).collect();
    pages.sort_unstable();
    pages.dedup();
    pages
}

/// Whether nothing in a segment is needed any more: entries of erased cases and old acts of the counter.
pub(crate) fn is_spent(owners: impl IntoIterator<Item = CaseId>, is_known: impl Fn(CaseId) -> Result<bool, StoreFault>) -> Result<bool, StoreFault> {
    for case in owners {
        if is_known(case)? {
            return Ok(false);
        }
    }
    Ok(true)
}
