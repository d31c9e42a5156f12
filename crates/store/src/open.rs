//! Opening a store: lock, format, keys, journal, index; whatever a crash or damage has left is put right or named.
//!
//! ```text
//! store.lock   FORMAT   ballast
//! keys/        root, ring of device keys, cases/xx/<case>
//! BASE         where the chain stood before the first kept segment
//! journal/     00000001.owj ...           the truth
//! pages/xx/    sealed pages
//! index/       sled, rebuilt when missing, behind, ahead, not whole
//! set-aside/   indexes that could not be used, the last few
//! tmp/         files not yet renamed; emptied at every start
//! ```
//! Absent on purpose: repairing the journal. It is never rewritten: a torn tail is cut off, damage stays where it is.

mod ground;
mod index;

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Instant;

use onewindow_case::ids::CounterId;

use crate::core::{CaseCache, Core, LINES_LIMIT, Lines};
use crate::disk::{Disk, RealDisk};
use crate::fault::StoreFault;
use crate::fold::Progress;
use crate::indexing::Backlog;
use crate::keys::KeySource;
use crate::mark::Mark;
use crate::segments::ActiveSegment;
use ground::{Ground, lay_ground, make_folders, make_root, take_lock};
pub(crate) use ground::{recovery_key, rotate};
use index::{Found, find_index};

pub(crate) const BALLAST_FILE: &str = "ballast";
pub(crate) const BROKEN_INDEX_FILE: &str = "index-broken";

/// Whose store it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The counter.
    pub counter: CounterId,
}

/// Figures that a test or an installer may want to change.
#[derive(Clone)]
pub struct Options {
    /// A new segment is begun when the last one is longer than this, in bytes.
    pub segment_bytes: u64,
    /// Size of the file that is given up when the disk is full, in bytes; 0 for none.
    pub ballast_bytes: u64,
    /// No new case begins when less space than this is free, in bytes.
    pub reserve_bytes: u64,
    /// The disk; only tests bring another.
    pub disk: Arc<dyn Disk>,
    /// A folder outside of the store in which it is remembered how far the journal had come, so that a restored old state is noticed;
    /// `None` remembers nothing.
    pub marks: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            segment_bytes: 4 << 20,
            ballast_bytes: 64 << 20,
            reserve_bytes: 200 << 20,
            disk: Arc::new(RealDisk),
            marks: None,
        }
    }
}

/// What was found and done at opening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenReport {
    /// Position of the last entry.
    pub entries: u64,
    /// Cases there are.
    pub cases: u64,
    /// Epoch under which entries are written.
    pub epoch: u32,
    /// Why the index was built anew, if it was.
    pub rebuilt: Option<RebuildReason>,
    /// Whether the new index had to stay in memory, because none can be made on disk.
    pub index_in_memory: bool,
    /// Bytes of a batch torn by a crash, cut off; nobody was told they were safe.
    pub torn_tail_bytes: u64,
    /// Acknowledged entries that cannot be read any more; a new epoch was begun when the last ones are among them.
    pub losses: Vec<Loss>,
    /// Segments whose header had to be reconstructed.
    pub reconstructed_segments: Vec<u32>,
    /// Format from which the store was migrated, if it was.
    pub migrated_from: Option<u32>,
    /// An older state was put back: its last position, and the highest one known to have been given. Positions go on behind that,
    /// under a new epoch.
    pub restored: Option<(u64, u64)>,
    /// How long opening took, ms.
    pub duration_ms: u64,
}

/// Acknowledged entries that cannot be read any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Loss {
    /// Segment in which they were.
    pub segment: u32,
    /// First lost position.
    pub from_seq: u64,
    /// Last lost position.
    pub to_seq: u64,
}

/// Why the index was built anew from the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RebuildReason {
    /// There was none although there are entries.
    Missing,
    /// It could not be opened.
    Unopenable,
    /// Rows are missing or changed.
    NotWhole,
    /// It knows entries that the journal does not have.
    Ahead,
    /// It was made from another journal.
    Foreign,
    /// It failed while at work.
    Failed,
    /// It was sealed under a former device key.
    KeyRotated,
}

impl RebuildReason {
    /// The closed word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "index-missing",
            Self::Unopenable => "index-unopenable",
            Self::NotWhole => "index-not-whole",
            Self::Ahead => "index-ahead",
            Self::Foreign => "index-foreign",
            Self::Failed => "index-failed",
            Self::KeyRotated => "key-rotated",
        }
    }
}

pub(crate) struct OpenedStore {
    pub(crate) core: Arc<Core>,
    pub(crate) active: ActiveSegment,
    pub(crate) lock: File,
    pub(crate) report: OpenReport,
}

pub(crate) fn open(dir: &Path, identity: &Identity, keys: &KeySource, options: &Options, progress: &dyn Fn(Progress)) -> Result<OpenedStore, StoreFault> {
    let started = Instant::now();
    let disk = &options.disk;
    make_root(dir)?;
    let lock = take_lock(dir)?;
    make_folders(&**disk, dir)?;
    empty_folder(&dir.join("tmp"));
    let mut ground = lay_ground(dir, identity, keys, options)?;
    let Found {
        ledger,
        rebuilt,
        in_memory,
        witness,
    } = find_index(dir, &mut ground, progress)?;
    let mark = Mark::of(options.marks.as_deref(), ground.device.check());
    let remembered = mark.read();
    let restored = Some((ground.head.seq, remembered)).filter(|_| remembered > witness);
    let torn_tail_bytes = ground.last.as_ref().map_or(0, |last| last.torn_tail_bytes as u64);
    let active = continue_journal(&mut ground, witness, restored)?;
    keep_ballast(dir, options);
    let lines = ledger.summaries(LINES_LIMIT).ok().flatten().unwrap_or_default();
    let report = OpenReport {
        entries: ground.head.seq,
        cases: ledger.meta().cases,
        epoch: active.header.epoch,
        rebuilt,
        index_in_memory: in_memory,
        torn_tail_bytes,
        losses: ground.losses,
        reconstructed_segments: ground.reconstructed,
        migrated_from: ground.migrated_from,
        restored,
        duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    };
    let core = Core {
        dir: dir.to_owned(),
        counter: identity.counter.clone(),
        segment_bytes: options.segment_bytes,
        reserve_bytes: options.reserve_bytes,
        disk: Arc::clone(disk),
        pages: ground.pages,
        ring: Mutex::new(ground.ring),
        secrets: ground.secrets,
        mark,
        device: ground.device,
        case_keys: ground.case_keys,
        segments: ground.segments,
        ledger: RwLock::new(Arc::new(ledger)),
        backlog: Backlog::default(),
        index_care: Mutex::new(()),
        head: RwLock::new(ground.head),
        epoch: RwLock::new(active.header.epoch),
        stopped: AtomicBool::new(false),
        index_in_memory: AtomicBool::new(in_memory),
        cases: Mutex::new(CaseCache::default()),
        lines: RwLock::new(Lines::new(lines)),
    };
    Ok(OpenedStore {
        core: Arc::new(core),
        active,
        lock,
        report,
    })
}

/// Goes on behind the last entry. When the index or the centre knows of entries that the journal has lost at its end, their
/// positions must never be given again, so a new epoch begins behind them.
///
/// A state that was put back goes on in the same way, but nothing of it is lost: what came after it is at the centre or nowhere.
fn continue_journal(ground: &mut Ground, witness: u64, restored: Option<(u64, u64)>) -> Result<ActiveSegment, StoreFault> {
    let headers = ground.segments.headers();
    let (Some(header), Some(found)) = (headers.last(), ground.last.as_ref()) else {
        return ground.segments.begin(1, ground.head);
    };
    if let Some((_, given_through)) = restored {
        ground.head.seq = given_through;
        return ground.segments.begin(header.epoch + 1, ground.head);
    }
    if witness > ground.head.seq {
        ground.losses.push(Loss {
            segment: header.number,
            from_seq: ground.head.seq + 1,
            to_seq: witness,
        });
        ground.head.seq = witness;
        return ground.segments.begin(header.epoch + 1, ground.head);
    }
    if ground.segments.version_of(header.number) != ground.device.version() {
        // The device key was rotated: what is written from now on is sealed by the new one.
        return ground.segments.begin(header.epoch, ground.head);
    }
    if !found.damages.is_empty() || found.stray_bytes > 0 || ground.reconstructed.contains(&header.number) {
        // Nothing more is written into a file that has been damaged.
        return if found.records.is_empty() && found.damages.is_empty() {
            ground.segments.resume(header, found)
        } else {
            ground.segments.begin(header.epoch, ground.head)
        };
    }
    ground.segments.resume(header, found)
}

fn empty_folder(dir: &Path) {
    for file in fs::read_dir(dir).into_iter().flatten().flatten() {
        // Best effort: a file that stays is overwritten by the next one of its name.
        let _removed = fs::remove_file(file.path());
    }
}

/// Makes the ballast file when there is ample space; without it the store works as well, it only has less to give up.
fn keep_ballast(dir: &Path, options: &Options) {
    let path = dir.join(BALLAST_FILE);
    let ample = options
        .disk
        .free_bytes(dir)
        .is_ok_and(|free_bytes| free_bytes > options.reserve_bytes.saturating_add(2 * options.ballast_bytes));
    if options.ballast_bytes == 0 || path.exists() || !ample {
        return;
    }
    let chunk = vec![0_u8; 1 << 20];
    let made = options.disk.create(&path).and_then(|mut file| {
        for _ in 0..options.ballast_bytes.div_ceil(1 << 20) {
            options.disk.write(&mut file, &chunk)?;
        }
        options.disk.sync(&file)
    });
    if made.is_err() {
        let _removed = options.disk.remove(&path);
    }
}
