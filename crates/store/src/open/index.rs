//! Finding the index: the one on disk, rolled forward, or a new one rolled from the whole journal. Absent on purpose: what rows mean.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use onewindow_journal::Head;

use super::ground::Ground;
use super::{BROKEN_INDEX_FILE, Loss, RebuildReason};
use crate::fault::StoreFault;
use crate::fold::{FoldFault, Progress, Roll};
use crate::index::{Index, IndexFault, MemoryIndex, SledIndex};
use crate::ledger::Ledger;
use crate::segments::Segments;

/// Indexes set aside that are kept for whoever wants to know why.
const SET_ASIDE_LIMIT: usize = 3;

pub(super) struct Found {
    pub(super) ledger: Ledger,
    pub(super) rebuilt: Option<RebuildReason>,
    pub(super) in_memory: bool,
    /// The highest position that is known to have been acknowledged.
    pub(super) witness: u64,
}

/// The index on disk, rolled forward; or a new one.
pub(super) fn find_index(dir: &Path, ground: &mut Ground, progress: &dyn Fn(Progress)) -> Result<Found, StoreFault> {
    let path = dir.join("index");
    let mut witness = ground.head.seq;
    let mut delivered_through = 0;
    let base = ground.segments.base();
    let reason = match load_index(dir, &path, ground) {
        Loaded::Whole(ledger) => {
            let meta = ledger.meta();
            let applied = meta.applied().unwrap_or_default();
            witness = witness.max(applied.seq).max(meta.delivered_through);
            delivered_through = meta.delivered_through.min(ground.head.seq);
            match judge(ground, applied, witness) {
                None => match Roll::new(&ledger, &ground.segments).forward(ground.head, progress) {
                    Ok(()) => {
                        return Ok(Found {
                            ledger,
                            rebuilt: None,
                            in_memory: false,
                            witness,
                        });
                    }
                    Err(FoldFault::Store(fault)) => return Err(fault),
                    Err(FoldFault::Index(fault)) => {
                        tracing::warn!(%fault, "the index failed at opening");
                        RebuildReason::Failed
                    }
                },
                Some(reason) => reason,
            }
        }
        Loaded::Unusable(reason) => reason,
    };
    set_aside(dir, &path);
    tracing::warn!(reason = reason.code(), "building the index anew from the journal");
    let (ledger, in_memory) = rebuild(&path, ground, delivered_through.max(base.seq), progress)?;
    ground.losses = losses(&ground.segments)?;
    // A store that never had an entry has nothing to rebuild.
    let rebuilt = Some(reason).filter(|_| ground.head.seq > 0);
    Ok(Found {
        ledger,
        rebuilt,
        in_memory,
        witness,
    })
}

enum Loaded {
    Whole(Ledger),
    Unusable(RebuildReason),
}

fn load_index(dir: &Path, path: &Path, ground: &Ground) -> Loaded {
    let broken = dir.join(BROKEN_INDEX_FILE);
    if broken.exists() {
        let _removed = fs::remove_file(broken);
        return Loaded::Unusable(RebuildReason::Failed);
    }
    if !path.exists() {
        return Loaded::Unusable(RebuildReason::Missing);
    }
    if ground.rotated {
        return Loaded::Unusable(RebuildReason::KeyRotated);
    }
    match SledIndex::open(path).and_then(|index| Ledger::load(Box::new(index), Arc::clone(&ground.device))) {
        Ok(Some(ledger)) => Loaded::Whole(ledger),
        Ok(None) => Loaded::Unusable(RebuildReason::NotWhole),
        Err(fault) => {
            tracing::warn!(%fault, "the index cannot be opened");
            Loaded::Unusable(RebuildReason::Unopenable)
        }
    }
}

/// Whether an index fits the journal; `None` when it does.
fn judge(ground: &Ground, applied: Head, witness: u64) -> Option<RebuildReason> {
    if witness > ground.head.seq {
        return Some(RebuildReason::Ahead);
    }
    if applied.seq > 0 && ground.segments.find_digest(applied.seq) != Some(applied.digest) {
        return Some(RebuildReason::Foreign);
    }
    None
}

fn rebuild(path: &Path, ground: &Ground, delivered_through: u64, progress: &dyn Fn(Progress)) -> Result<(Ledger, bool), StoreFault> {
    let on_disk = SledIndex::open(path).and_then(|index| fill(Box::new(index), ground, delivered_through, progress));
    match on_disk {
        Ok(filled) => filled.map(|ledger| (ledger, false)),
        Err(fault) => {
            tracing::error!(%fault, "no index can be made on disk; going on with one in memory");
            match fill(Box::new(MemoryIndex::default()), ground, delivered_through, progress) {
                Ok(filled) => filled.map(|ledger| (ledger, true)),
                Err(fault) => Err(StoreFault::damaged(fault.to_string())),
            }
        }
    }
}

/// An index made from the whole journal. The outer result is about the index, the inner about the journal.
fn fill(index: Box<dyn Index>, ground: &Ground, delivered_through: u64, progress: &dyn Fn(Progress)) -> Result<Result<Ledger, StoreFault>, IndexFault> {
    let ledger = Ledger::empty(index, Arc::clone(&ground.device));
    match Roll::new(&ledger, &ground.segments).forward(ground.head, progress) {
        Ok(()) => {}
        Err(FoldFault::Store(fault)) => return Ok(Err(fault)),
        Err(FoldFault::Index(fault)) => return Err(fault),
    }
    let mut draft = ledger.draft();
    draft.meta.delivered_through = delivered_through;
    draft.commit()?;
    ledger.make_durable()?;
    Ok(Ok(ledger))
}

fn losses(segments: &Segments) -> Result<Vec<Loss>, StoreFault> {
    let mut losses = Vec::new();
    segments.walk::<StoreFault>(
        1,
        |segment, damage| {
            losses.push(Loss {
                segment,
                from_seq: damage.from_seq,
                to_seq: damage.to_seq,
            })
        },
        |_| Ok(()),
    )?;
    Ok(losses)
}

/// Moves an index away that cannot be used. Failing to is no reason not to open: what is in the way is removed then.
fn set_aside(dir: &Path, path: &Path) {
    if !path.exists() {
        return;
    }
    let aside = dir.join("set-aside");
    let now_ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    if fs::rename(path, aside.join(format!("{now_ms}-index"))).is_err() {
        let _removed = fs::remove_dir_all(path);
    }
    let mut kept: Vec<PathBuf> = fs::read_dir(&aside)
        .map(|files| files.filter_map(|file| file.ok().map(|file| file.path())).collect())
        .unwrap_or_default();
    kept.sort();
    for old in kept.iter().rev().skip(SET_ASIDE_LIMIT) {
        let _removed = fs::remove_dir_all(old);
    }
}
