//! Opening a store: lock, format, keys, journal, index; whatever a crash or damage has left is put right or named.
//!
//! ```text
//! store.lock   FORMAT   ballast
//! keys/        device key, cases/xx/<case>
//! journal/     00000001.owj ...           the truth
//! pages/xx/    sealed pages
//! index/       sled, rebuilt when missing, behind, ahead, not whole
//! set-aside/   indexes that could not be used, the last few
//! tmp/         files not yet renamed; emptied at every start
//! ```
//! Absent on purpose: repairing the journal. It is never rewritten: a torn tail is cut off, damage stays where it is.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, RwLock};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use onewindow_case::ids::CounterId;
use onewindow_journal::Head;
use onewindow_journal::segment::Scan;
use serde::{Deserialize, Serialize};

use crate::core::{CaseCache, Core, LINES_LIMIT, Lines};
use crate::disk::{Disk, RealDisk, write_whole};
use crate::fault::StoreFault;
use crate::fold::{FoldFault, Progress, Roll};
use crate::index::{Index, IndexFault, MemoryIndex, SledIndex};
use crate::keys::{CaseKeys, DeviceKeys, KeySource, load_or_create};
use crate::ledger::Ledger;
use crate::pages::Pages;
use crate::segments::{ActiveSegment, Segments};

pub(crate) const BALLAST_FILE: &str = "ballast";
pub(crate) const BROKEN_INDEX_FILE: &str = "index-broken";
const FORMAT_FILE: &str = "FORMAT";
const STORE_FORMAT: u32 = 1;
const FOLDERS: [&str; 6] = ["keys", "keys/cases", "journal", "pages", "set-aside", "tmp"];
/// Indexes set aside that are kept for whoever wants to know why.
const SET_ASIDE_LIMIT: usize = 3;

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
}

impl Default for Options {
    fn default() -> Self {
        Self {
            segment_bytes: 4 << 20,
            ballast_bytes: 64 << 20,
            reserve_bytes: 200 << 20,
            disk: Arc::new(RealDisk),
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
        }
    }
}

pub(crate) struct OpenedStore {
    pub(crate) core: Arc<Core>,
    pub(crate) active: ActiveSegment,
    pub(crate) lock: File,
    pub(crate) report: OpenReport,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Format {
    format: u32,
    counter: String,
    key_check: String,
}

/// Everything below the index.
struct Ground {
    device: Arc<DeviceKeys>,
    case_keys: Arc<CaseKeys>,
    segments: Segments,
    reconstructed: Vec<u32>,
    last: Option<Scan>,
    head: Head,
    losses: Vec<Loss>,
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
    let torn_tail_bytes = ground.last.as_ref().map_or(0, |last| last.torn_tail_bytes as u64);
    let active = continue_journal(&mut ground, witness)?;
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
        duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    };
    let core = Core {
        dir: dir.to_owned(),
        counter: identity.counter.clone(),
        segment_bytes: options.segment_bytes,
        reserve_bytes: options.reserve_bytes,
        disk: Arc::clone(disk),
        pages: Pages::new(
            dir.join("pages"),
            dir.join("tmp"),
            identity.counter.clone(),
            Arc::clone(disk),
            Arc::clone(&ground.device),
            Arc::clone(&ground.case_keys),
        ),
        device: ground.device,
        case_keys: ground.case_keys,
        segments: ground.segments,
        ledger: RwLock::new(Arc::new(ledger)),
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

fn make_folders(disk: &dyn Disk, dir: &Path) -> Result<(), StoreFault> {
    let mut made = false;
    for folder in FOLDERS {
        made |= disk.create_dir(&dir.join(folder)).map_err(StoreFault::io("creating a folder"))?;
    }
    if made {
        for parent in [dir.to_owned(), dir.join("keys")] {
            disk.sync_dir(&parent).map_err(StoreFault::io("syncing a folder"))?;
        }
    }
    Ok(())
}

/// The store's own folder, readable by its owner only.
fn make_root(dir: &Path) -> Result<(), StoreFault> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(StoreFault::io("creating the store folder"))
}

fn take_lock(dir: &Path) -> Result<File, StoreFault> {
    let lock = File::options()
        .create(true)
        .write(true)
        .truncate(false)
        .open(dir.join("store.lock"))
        .map_err(StoreFault::io("opening the lock file"))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(StoreFault::Locked),
        Err(TryLockError::Error(fault)) => Err(StoreFault::io("locking the store")(fault)),
    }
}

/// Keys and journal. The order of making a new store is keys, format, first segment, so that a crash between any two of
/// them leaves something that can be gone on with.
fn lay_ground(dir: &Path, identity: &Identity, keys: &KeySource, options: &Options) -> Result<Ground, StoreFault> {
    let disk = &options.disk;
    let temporary = dir.join("tmp");
    let found = read_format(dir)?;
    let has_journal = fs::read_dir(dir.join("journal")).map_err(StoreFault::io("listing segments"))?.next().is_some();
    let fresh = found == FoundFormat::None && !has_journal;
    let device = Arc::new(load_or_create(&**disk, &dir.join("keys"), &temporary.join("device"), keys, fresh)?);
    let ours = Format {
        format: STORE_FORMAT,
        counter: identity.counter.to_string(),
        key_check: hex::encode(device.check()),
    };
    let case_keys = Arc::new(CaseKeys::new(
        dir.join("keys/cases"),
        temporary.clone(),
        identity.counter.clone(),
        Arc::clone(disk),
        Arc::clone(&device),
    ));
    let (segments, reconstructed) = Segments::load(
        dir.join("journal"),
        temporary.clone(),
        identity.counter.clone(),
        Arc::clone(disk),
        Arc::clone(&device),
        Arc::clone(&case_keys),
    )?;
    if found != FoundFormat::Whole(ours.clone()) {
        // The headers of the journal prove key and counter as well as the file does, so a damaged file is written anew.
        if has_journal && segments.headers().is_empty() {
            return Err(found.contradiction(&ours));
        }
        if let FoundFormat::Whole(_) = found
            && !has_journal
        {
            return Err(found.contradiction(&ours));
        }
        let bytes = serde_json::to_vec(&ours).map_err(|_plain_data| StoreFault::TooLarge)?;
        write_whole(&**disk, &temporary.join(FORMAT_FILE), &dir.join(FORMAT_FILE), &bytes)?;
    }
    let mut ground = Ground {
        device,
        case_keys,
        segments,
        reconstructed,
        last: None,
        head: Head::EMPTY,
        losses: Vec::new(),
    };
    find_head(&mut ground)?;
    Ok(ground)
}

/// Reads the last segment in full: it alone can be torn.
fn find_head(ground: &mut Ground) -> Result<(), StoreFault> {
    let headers = ground.segments.headers();
    let Some(header) = headers.last() else { return Ok(()) };
    let found = ground.segments.scan(header)?;
    let digest = found
        .records
        .last()
        .and_then(|last| last.record.items.last())
        .map_or(header.prev, |item| item.digest);
    ground.head = Head {
        seq: found.next_seq.saturating_sub(1),
        digest,
    };
    ground.losses = found
        .damages
        .iter()
        .map(|damage| Loss {
            segment: header.number,
            from_seq: damage.from_seq,
            to_seq: damage.to_seq,
        })
        .collect();
    ground.last = Some(found);
    Ok(())
}

struct Found {
    ledger: Ledger,
    rebuilt: Option<RebuildReason>,
    in_memory: bool,
    /// The highest position that is known to have been acknowledged.
    witness: u64,
}

/// The index on disk, rolled forward; or a new one.
fn find_index(dir: &Path, ground: &mut Ground, progress: &dyn Fn(Progress)) -> Result<Found, StoreFault> {
    let path = dir.join("index");
    let mut witness = ground.head.seq;
    let mut delivered_through = 0;
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
    let (ledger, in_memory) = rebuild(&path, ground, delivered_through, progress)?;
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

/// Goes on behind the last entry. When the index or the centre knows of entries that the journal has lost at its end, their
/// positions must never be given again, so a new epoch begins behind them.
fn continue_journal(ground: &mut Ground, witness: u64) -> Result<ActiveSegment, StoreFault> {
    let headers = ground.segments.headers();
    let (Some(header), Some(found)) = (headers.last(), ground.last.as_ref()) else {
        return ground.segments.begin(1, ground.head);
    };
    if witness > ground.head.seq {
        ground.losses.push(Loss {
            segment: header.number,
            from_seq: ground.head.seq + 1,
            to_seq: witness,
        });
        ground.head.seq = witness;
        return ground.segments.begin(header.epoch + 1, ground.head);
    }
    if !found.damages.is_empty() || ground.reconstructed.contains(&header.number) {
        // Nothing more is written into a file that has been damaged.
        return if found.records.is_empty() && found.damages.is_empty() {
            ground.segments.resume(header, found)
        } else {
            ground.segments.begin(header.epoch, ground.head)
        };
    }
    ground.segments.resume(header, found)
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum FoundFormat {
    None,
    Damaged,
    Whole(Format),
}

impl FoundFormat {
    /// Why a store with this format is not ours to open.
    fn contradiction(&self, ours: &Format) -> StoreFault {
        match self {
            Self::Whole(theirs) if theirs.key_check == ours.key_check => StoreFault::damaged("the store belongs to another counter"),
            Self::Whole(_) | Self::None | Self::Damaged => StoreFault::WrongKey,
        }
    }
}

fn read_format(dir: &Path) -> Result<FoundFormat, StoreFault> {
    let path = dir.join(FORMAT_FILE);
    if !path.exists() {
        return Ok(FoundFormat::None);
    }
    let bytes = fs::read(&path).map_err(StoreFault::io("reading the format"))?;
    match serde_json::from_slice::<Format>(&bytes) {
        Ok(format) if format.format > STORE_FORMAT => Err(StoreFault::NewerFormat { found: format.format }),
        Ok(format) => Ok(FoundFormat::Whole(format)),
        Err(_damaged) => Ok(FoundFormat::Damaged),
    }
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
