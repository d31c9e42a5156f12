//! Everything below the index: lock, format, keys and journal, made or found in an order in which a crash between any two steps leaves
//! something that can be gone on with. Absent on purpose: the index (`index`).

use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::sync::Arc;

use onewindow_case::ids::CounterId;
use onewindow_journal::segment::Scan;
use onewindow_journal::{CounterEvent, Event, Head};
use serde::{Deserialize, Serialize};

use super::{Identity, Loss, Options};
use crate::disk::{Disk, write_whole};
use crate::fault::StoreFault;
use crate::fold::pages_named;
use crate::keys::{Age, CaseKeys, DeviceKeys, KeySource, Laid, RECOVERY_KEY, Ring, Rotation, Secrets, lay_keys};
use crate::pages::{Pages, shards};
use crate::retention::{read_base, write_base};
use crate::segments::Segments;

const FORMAT_FILE: &str = "FORMAT";
/// 1: one device key, which was the root itself. 2: a ring of device keys.
const STORE_FORMAT: u32 = 2;
const FOLDERS: [&str; 7] = ["keys", "keys/cases", "keys/secrets", "journal", "pages", "set-aside", "tmp"];

/// Everything below the index.
pub(super) struct Ground {
    pub(super) device: Arc<DeviceKeys>,
    pub(super) ring: Ring,
    pub(super) case_keys: Arc<CaseKeys>,
    pub(super) secrets: Secrets,
    pub(super) pages: Pages,
    pub(super) rotated: bool,
    pub(super) migrated_from: Option<u32>,
    pub(super) segments: Segments,
    pub(super) reconstructed: Vec<u32>,
    pub(super) last: Option<Scan>,
    pub(super) head: Head,
    pub(super) losses: Vec<Loss>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Format {
    format: u32,
    counter: String,
    key_check: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum FoundFormat {
    None,
    Damaged,
    Whole(Format),
}

/// Keys and journal. The order of making a new store is keys, format, first segment, so that a crash between any two of
/// them leaves something that can be gone on with.
pub(super) fn lay_ground(dir: &Path, identity: &Identity, keys: &KeySource, options: &Options) -> Result<Ground, StoreFault> {
    let disk = &options.disk;
    let temporary = dir.join("tmp");
    let found = read_format(dir)?;
    let has_journal = fs::read_dir(dir.join("journal")).map_err(StoreFault::io("listing segments"))?.next().is_some();
    let age = match &found {
        FoundFormat::None if !has_journal => Age::New,
        FoundFormat::Whole(format) if format.format > 1 => Age::WithRing,
        FoundFormat::Whole(_) | FoundFormat::None | FoundFormat::Damaged => Age::BeforeRings,
    };
    let Laid { keys, ring } = lay_keys(&**disk, &dir.join("keys"), &temporary.join("device"), keys, age)?;
    let device = Arc::new(keys);
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
    let secrets = Secrets::new(
        dir.join("keys/secrets"),
        temporary.clone(),
        identity.counter.clone(),
        Arc::clone(disk),
        Arc::clone(&device),
    );
    let (segments, reconstructed) = Segments::load(
        dir.join("journal"),
        temporary.clone(),
        identity.counter.clone(),
        Arc::clone(disk),
        Arc::clone(&device),
        Arc::clone(&case_keys),
        read_base(dir, &identity.counter, &device),
    )?;
    let migrated_from = keep_format(&**disk, dir, &found, &ours, has_journal, &segments)?;
    let pages = Pages::new(
        dir.join("pages"),
        temporary,
        identity.counter.clone(),
        Arc::clone(disk),
        Arc::clone(&device),
        Arc::clone(&case_keys),
    );
    let mut ground = Ground {
        device,
        rotated: ring.wrapping_is_open(),
        ring,
        case_keys,
        secrets,
        pages,
        migrated_from,
        segments,
        reconstructed,
        last: None,
        head: Head::EMPTY,
        losses: Vec::new(),
    };
    if let Some(text) = ground.secrets.find(RECOVERY_KEY)? {
        ground.case_keys.set_recovery(recovery_key(&text)?);
    }
    if ground.rotated {
        wrap_anew(disk, dir, &identity.counter, &mut ground)?;
    }
    find_head(&mut ground)?;
    Ok(ground)
}

/// Writes the format file where it is missing, damaged or of an older format; gives the older format. The headers of the journal
/// prove key and counter as well as the file does.
fn keep_format(disk: &dyn Disk, dir: &Path, found: &FoundFormat, ours: &Format, has_journal: bool, segments: &Segments) -> Result<Option<u32>, StoreFault> {
    let older = match found {
        FoundFormat::Whole(theirs) if theirs == ours => return Ok(None),
        FoundFormat::Whole(theirs) if theirs.format < ours.format && theirs.counter == ours.counter && theirs.key_check == ours.key_check => {
            Some(theirs.format)
        }
        FoundFormat::Whole(_) if !has_journal => return Err(found.contradiction(ours)),
        FoundFormat::Whole(_) | FoundFormat::None | FoundFormat::Damaged => None,
    };
    if has_journal && segments.headers().is_empty() {
        return Err(found.contradiction(ours));
    }
    let bytes = serde_json::to_vec(ours).map_err(|_plain_data| StoreFault::TooLarge)?;
    write_whole(disk, &dir.join("tmp").join(FORMAT_FILE), &dir.join(FORMAT_FILE), &bytes)?;
    Ok(older)
}

/// Adds a device key, changes where the root is kept, or both. The store must be closed; the next opening wraps every key anew.
pub(crate) fn rotate(dir: &Path, keys: &KeySource, rotation: &Rotation, disk: &dyn Disk) -> Result<(), StoreFault> {
    let _lock = take_lock(dir)?;
    let FoundFormat::Whole(format) = read_format(dir)? else {
        return Err(StoreFault::WrongKey);
    };
    if format.format < STORE_FORMAT {
        return Err(StoreFault::damaged("the store has to be opened once before its keys can be rotated"));
    }
    let mut laid = lay_keys(disk, &dir.join("keys"), &dir.join("tmp/device"), keys, Age::WithRing)?;
    if hex::encode(laid.keys.check()) != format.key_check {
        return Err(StoreFault::WrongKey);
    }
    if rotation.new_device_key {
        laid.ring.add_version(disk)?;
    }
    laid.ring.change_root(disk, &rotation.root)
}

/// The centre's recovery key as it is kept.
pub(crate) fn recovery_key(text: &str) -> Result<[u8; 32], StoreFault> {
    let mut key = [0; 32];
    hex::decode_to_slice(text, &mut key).map_err(|_no_key| StoreFault::damaged("the recovery key"))?;
    Ok(key)
}

/// Finishes a rotation: everything that a former device key wraps is wrapped by the newest. Begun again, it does no harm.
fn wrap_anew(disk: &Arc<dyn Disk>, dir: &Path, counter: &CounterId, ground: &mut Ground) -> Result<(), StoreFault> {
    ground.case_keys.wrap_anew()?;
    ground.secrets.wrap_anew()?;
    let base = ground.segments.base();
    if base.seq > 0 {
        write_base(&**disk, dir, counter, &ground.device, base)?;
    }
    let mut named = std::collections::BTreeSet::new();
    ground.segments.walk::<StoreFault>(
        1,
        |_, _| {},
        |located| {
            if let Ok(Some(entry)) = Segments::decode(&located) {
                match &entry.event {
                    Event::Case(event) => named.extend(pages_named(event)),
                    Event::Counter(CounterEvent::DayClosed { sheet, .. }) => drop(named.insert(*sheet)),
                    Event::Counter(_) => {}
                }
            }
            Ok(())
        },
    )?;
    named.iter().try_for_each(|digest| ground.pages.wrap_anew(digest))?;
    ground.ring.wrapping_done(&**disk)?;
    if let Some(text) = ground.secrets.find(RECOVERY_KEY)? {
        ground.ring.keep_for_recovery(&**disk, &recovery_key(&text)?)?;
    }
    Ok(())
}

/// Reads the last segment in full: it alone can be torn.
fn find_head(ground: &mut Ground) -> Result<(), StoreFault> {
    let headers = ground.segments.headers();
    let Some(header) = headers.last() else {
        ground.head = ground.segments.base();
        return Ok(());
    };
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

/// Makes all folders there are, and their names durable: also when all are there, since who made them may have died before that.
pub(super) fn make_folders(disk: &dyn Disk, dir: &Path) -> Result<(), StoreFault> {
    for folder in FOLDERS {
        disk.create_dir(&dir.join(folder)).map_err(StoreFault::io("creating a folder"))?;
    }
    let pages = dir.join("pages");
    if let Err(fault) = disk.create_dirs(&shards(&pages)) {
        // A full disk must not keep a store from being opened; a page makes its folder itself then.
        tracing::warn!(%fault, "not all folders of pages could be made");
    }
    for parent in [dir.to_owned(), dir.join("keys"), pages] {
        disk.sync_dir(&parent).map_err(StoreFault::io("syncing a folder"))?;
    }
    Ok(())
}

/// The store's own folder, readable by its owner only.
pub(super) fn make_root(dir: &Path) -> Result<(), StoreFault> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(StoreFault::io("creating the store folder"))
}

pub(super) fn take_lock(dir: &Path) -> Result<File, StoreFault> {
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

impl FoundFormat {
    /// Why a store with this format is not ours to open.
    fn contradiction(&self, ours: &Format) -> StoreFault {
        match self {
            Self::Whole(theirs) if theirs.key_check == ours.key_check => StoreFault::damaged("the store belongs to another counter"),
            Self::Whole(_) | Self::None | Self::Damaged => StoreFault::WrongKey,
        }
    }
}
