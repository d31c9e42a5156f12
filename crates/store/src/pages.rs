//! Pages: sealed files named by a keyed digest of their content, one copy however often used.
//!
//! ```text
//! "OWP1" holders:2  holders × ( case:16 (0 = none)  page key wrapped by the case's key:60 )  content sealed by the page key
//! ```
//! A page is written, renamed and synced, and its folder synced, before any entry may name it. The page's own key is
//! wrapped for every case that holds the page; when the last of them is erased, so is the page.
//! Absent on purpose: what a page shows.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use aws_lc_rs::digest::{SHA256, digest as hash};
use onewindow_case::ids::{CaseId, CounterId, Digest};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::disk::{Disk, ensure_dir, sync_with_folder, write_proven, write_whole};
use crate::fault::StoreFault;
use crate::keys::{CaseKeys, DeviceKeys, SEAL_BYTES, SealKey, random};

/// Longest page that is taken, in bytes.
pub const PAGE_LIMIT_BYTES: usize = 64 * 1024 * 1024;

const MAGIC: &[u8; 4] = b"OWP1";
const HEAD_BYTES: usize = 6;
const WRAP_BYTES: usize = 32 + SEAL_BYTES;
const HOLDER_BYTES: usize = 16 + WRAP_BYTES;
/// Beyond this many cases a page is wrapped for the device, which all of them share.
const HOLDER_LIMIT: usize = 1_024;
const STRIPES: usize = 64;
/// Pages written at the same time by one call.
const TOGETHER_LIMIT: usize = 8;

pub(crate) struct Pages {
    dir: PathBuf,
    temporary: PathBuf,
    counter: CounterId,
    disk: Arc<dyn Disk>,
    device: Arc<DeviceKeys>,
    cases: Arc<CaseKeys>,
    /// Two calls with the same page must not write it at once.
    stripes: [Mutex<()>; STRIPES],
}

/// The folders that pages are spread over, by the first byte of their names.
pub(crate) fn shards(dir: &Path) -> Vec<PathBuf> {
    (0..=u8::MAX).map(|first| dir.join(hex::encode([first]))).collect()
}

struct Opened {
    holders: Vec<(Uuid, Vec<u8>)>,
    secret: Zeroizing<[u8; 32]>,
    content: Vec<u8>,
}

impl Pages {
    pub(crate) fn new(dir: PathBuf, temporary: PathBuf, counter: CounterId, disk: Arc<dyn Disk>, device: Arc<DeviceKeys>, cases: Arc<CaseKeys>) -> Self {
        Self {
            dir,
            temporary,
            counter,
            disk,
            device,
            cases,
            stripes: std::array::from_fn(|_| Mutex::new(())),
        }
    }

    /// Keeps a page for a case (`None`: for the counter itself); durable when this returns.
    pub(crate) fn keep(&self, case: Option<CaseId>, bytes: &[u8]) -> Result<Digest, StoreFault> {
        if bytes.len() > PAGE_LIMIT_BYTES {
            return Err(StoreFault::TooLarge);
        }
        let digest = digest_of(bytes);
        let name = self.device.page_name(&digest);
        let holder = case.map_or(Uuid::nil(), |case| case.as_uuid());
        let _one_at_a_time = self.stripes[usize::from(name[0]) % STRIPES].lock().unwrap_or_else(PoisonError::into_inner);
        let path = self.path(&name);
        match self.open(&digest) {
            Ok(opened) if opened.holders.iter().any(|(known, _)| *known == holder) => {
                // It may have been renamed by a process that died before it could sync it.
                let file = self.disk.open_append(&path).map_err(StoreFault::io("opening a page"))?;
                sync_with_folder(&*self.disk, &file, &path)?;
            }
            Ok(opened) => self.write(&name, &digest, opened.holders, holder, &opened.secret, bytes)?,
            // Not there yet, or damaged: here are the right bytes.
            Err(StoreFault::UnknownPage(_) | StoreFault::Damaged { .. }) => {
                let secret = Zeroizing::new(random::<32>()?);
                self.write(&name, &digest, Vec::new(), holder, &secret, bytes)?;
            }
            Err(fault) => return Err(fault),
        }
        Ok(digest)
    }

    /// Keeps several pages at once: their syncs wait for the disk together. This thread keeps the first of them, which is the largest
    /// when they are the original, the corrected page and its thumbnail.
    pub(crate) fn keep_all(&self, case: Option<CaseId>, pages: &[&[u8]]) -> Result<Vec<Digest>, StoreFault> {
        let mut kept = Vec::with_capacity(pages.len());
        for together in pages.chunks(TOGETHER_LIMIT) {
            let results = std::thread::scope(|scope| {
                let (first, others) = together.split_at(1);
                let threads: Vec<_> = others.iter().map(|bytes| scope.spawn(|| self.keep(case, bytes))).collect();
                let first = first.iter().map(|bytes| self.keep(case, bytes)).collect::<Vec<_>>();
                let others = threads.into_iter().map(|thread| thread.join().unwrap_or(Err(StoreFault::Stopped)));
                first.into_iter().chain(others).collect::<Vec<_>>()
            });
            for result in results {
                kept.push(result?);
            }
        }
        Ok(kept)
    }

    /// Takes a case off a page's holders; a page that nobody else holds is removed. Gives whether it was removed.
    pub(crate) fn release(&self, digest: &Digest, case: CaseId) -> Result<bool, StoreFault> {
        let name = self.device.page_name(digest);
        let _one_at_a_time = self.stripes[usize::from(name[0]) % STRIPES].lock().unwrap_or_else(PoisonError::into_inner);
        let opened = match self.open(digest) {
            Ok(opened) => opened,
            Err(StoreFault::UnknownPage(_)) => return Ok(true),
            // What cannot be read cannot be given back to anybody: it goes with its case.
            Err(StoreFault::Damaged { .. }) => return self.remove(&name).map(|()| true),
            Err(fault) => return Err(fault),
        };
        let holders: Vec<_> = opened.holders.into_iter().filter(|(holder, _)| *holder != case.as_uuid()).collect();
        let Some((first, _)) = holders.first() else {
            return self.remove(&name).map(|()| true);
        };
        let first = *first;
        self.write(&name, digest, holders, first, &opened.secret, &opened.content)?;
        Ok(false)
    }

    /// Removes page files older than `before_ms` (ms since 1970 UTC) that no entry names; gives how many. They are left when a process
    /// dies between keeping a page and naming it.
    pub(crate) fn collect_orphans(&self, before_ms: i64, is_named: impl Fn(&[u8]) -> Result<bool, StoreFault>) -> Result<u32, StoreFault> {
        let mut removed = 0;
        for shard in fs::read_dir(&self.dir).map_err(StoreFault::io("listing pages"))?.flatten() {
            for file in fs::read_dir(shard.path()).map_err(StoreFault::io("listing pages"))?.flatten() {
                let named: Option<[u8; 32]> = file
                    .file_name()
                    .to_str()
                    .and_then(|name| hex::decode(name).ok())
                    .and_then(|name| name.try_into().ok());
                let Some(name) = named else { continue };
                let changed = file.metadata().and_then(|about| about.modified()).map_err(StoreFault::io("reading a page"))?;
                let changed_ms = changed.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
                if i64::try_from(changed_ms).unwrap_or(i64::MAX) >= before_ms || is_named(&name)? {
                    continue;
                }
                // A page of the counter itself is named by acts that the index does not follow: it stays.
                if is_of_counter(&file.path()) {
                    continue;
                }
                let _one_at_a_time = self.stripes[usize::from(name[0]) % STRIPES].lock().unwrap_or_else(PoisonError::into_inner);
                self.remove(&name)?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// Wraps the key of a page that belongs to no case anew, with the newest device key. Other pages need nothing: their keys are
    /// wrapped by keys of cases.
    pub(crate) fn wrap_anew(&self, digest: &Digest) -> Result<(), StoreFault> {
        let name = self.device.page_name(digest);
        let opened = match self.open(digest) {
            Ok(opened) => opened,
            Err(StoreFault::UnknownPage(_) | StoreFault::Damaged { .. }) => return Ok(()),
            Err(fault) => return Err(fault),
        };
        if !opened.holders.iter().any(|(holder, _)| holder.is_nil()) {
            return Ok(());
        }
        let others: Vec<_> = opened.holders.into_iter().filter(|(holder, _)| !holder.is_nil()).collect();
        self.write(&name, digest, others, Uuid::nil(), &opened.secret, &opened.content)
    }

    fn remove(&self, name: &[u8; 32]) -> Result<(), StoreFault> {
        let path = self.path(name);
        match self.disk.remove(&path) {
            Ok(()) => {}
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => {}
            Err(fault) => return Err(StoreFault::io("removing a page")(fault)),
        }
        self.disk
            .sync_dir(path.parent().unwrap_or(&self.dir))
            .map_err(StoreFault::io("syncing a folder"))
    }

    /// The bytes of a page, checked against its digest.
    pub(crate) fn read(&self, digest: &Digest) -> Result<Vec<u8>, StoreFault> {
        self.open(digest).map(|opened| opened.content)
    }

    /// Size of a page's content in bytes, without reading it; `None` when it is not there.
    pub(crate) fn find_size(&self, digest: &Digest) -> Option<u64> {
        let mut file = File::open(self.path(&self.device.page_name(digest))).ok()?;
        let mut head = [0; HEAD_BYTES];
        file.read_exact(&mut head).ok()?;
        let holders = u64::from(u16::from_be_bytes([head[4], head[5]]));
        let around = (HEAD_BYTES + SEAL_BYTES) as u64 + holders * HOLDER_BYTES as u64;
        file.metadata().ok()?.len().checked_sub(around)
    }

    fn write(
        &self,
        name: &[u8; 32],
        digest: &Digest,
        mut holders: Vec<(Uuid, Vec<u8>)>,
        holder: Uuid,
        secret: &[u8; 32],
        bytes: &[u8],
    ) -> Result<(), StoreFault> {
        let in_use = !holders.is_empty();
        let holder = if holders.len() >= HOLDER_LIMIT { Uuid::nil() } else { holder };
        if !holders.iter().any(|(known, _)| *known == holder) {
            holders.push((holder, self.wrap(digest, holder, secret)?));
        }
        let count = u16::try_from(holders.len()).map_err(|_too_many| StoreFault::TooLarge)?;
        let mut content = Vec::with_capacity(HEAD_BYTES + holders.len() * HOLDER_BYTES + bytes.len() + SEAL_BYTES);
        content.extend_from_slice(MAGIC);
        content.extend_from_slice(&count.to_be_bytes());
        for (case, wrapped) in &holders {
            content.extend_from_slice(case.as_bytes());
            content.extend_from_slice(wrapped);
        }
        SealKey::new(secret)?.seal_onto(&self.aad(digest, "content"), bytes, &mut content)?;
        let path = self.path(name);
        let temporary = self.temporary.join(format!("page-{}", hex::encode(name)));
        if in_use {
            return write_whole(&*self.disk, &temporary, &path, &content);
        }
        // Made when the store was opened, unless the disk was full then.
        ensure_dir(&*self.disk, path.parent().unwrap_or(&self.dir))?;
        write_proven(&*self.disk, &temporary, &path, &content)
    }

    fn open(&self, digest: &Digest) -> Result<Opened, StoreFault> {
        let damaged = || StoreFault::damaged(format!("page {digest}"));
        let mut content = match fs::read(self.path(&self.device.page_name(digest))) {
            Ok(content) => content,
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Err(StoreFault::UnknownPage(*digest)),
            Err(fault) => return Err(StoreFault::io("reading a page")(fault)),
        };
        let head = content.get(..HEAD_BYTES).ok_or_else(damaged)?;
        if &head[..4] != MAGIC {
            return Err(damaged());
        }
        let count = usize::from(u16::from_be_bytes([head[4], head[5]]));
        let start = HEAD_BYTES + count * HOLDER_BYTES;
        let wraps = content.get(HEAD_BYTES..start).ok_or_else(damaged)?;
        let holders: Vec<_> = wraps.chunks_exact(HOLDER_BYTES).map(|wrap| (holder_of(wrap), wrap[16..].to_vec())).collect();
        let secret = holders
            .iter()
            .find_map(|(holder, wrapped)| self.unwrap(digest, *holder, wrapped))
            .ok_or_else(damaged)?;
        content.drain(..start);
        let content = SealKey::new(&secret)?.open(&self.aad(digest, "content"), content).ok_or_else(damaged)?;
        if digest_of(&content) != *digest {
            return Err(damaged());
        }
        Ok(Opened { holders, secret, content })
    }

    fn wrap(&self, digest: &Digest, holder: Uuid, secret: &[u8; 32]) -> Result<Vec<u8>, StoreFault> {
        let aad = self.aad(digest, &holder.to_string());
        if holder.is_nil() {
            return self.device.wrap(&aad, secret);
        }
        let case = CaseId::new(holder);
        let key = self.cases.find(case)?.ok_or(StoreFault::UnknownCase(case))?;
        key.seal(&aad, secret)
    }

    fn unwrap(&self, digest: &Digest, holder: Uuid, wrapped: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
        let aad = self.aad(digest, &holder.to_string());
        let secret = if holder.is_nil() {
            self.device.unwrap(&aad, wrapped)?.1
        } else {
            Zeroizing::new(self.cases.find(CaseId::new(holder)).ok()??.open(&aad, wrapped.to_vec())?)
        };
        <[u8; 32]>::try_from(secret.as_slice()).ok().map(Zeroizing::new)
    }

    fn path(&self, name: &[u8; 32]) -> PathBuf {
        let name = hex::encode(name);
        self.dir.join(&name[..2]).join(name)
    }

    fn aad(&self, digest: &Digest, part: &str) -> Vec<u8> {
        format!("onewindow page|1|{}|{digest}|{part}", self.counter).into_bytes()
    }
}

/// Whether a page file has the counter itself among its holders; also when that cannot be told.
fn is_of_counter(path: &Path) -> bool {
    let Ok(content) = fs::read(path) else { return true };
    let Some(head) = content.get(..HEAD_BYTES) else { return false };
    let count = usize::from(u16::from_be_bytes([head[4], head[5]]));
    let wraps = content.get(HEAD_BYTES..HEAD_BYTES + count * HOLDER_BYTES).unwrap_or_default();
    wraps.chunks_exact(HOLDER_BYTES).any(|wrap| holder_of(wrap).is_nil())
}

/// SHA-256 of a page's bytes.
pub fn digest_of(bytes: &[u8]) -> Digest {
    let mut digest = [0; 32];
    digest.copy_from_slice(hash(&SHA256, bytes).as_ref());
    Digest::new(digest)
}

fn holder_of(wrap: &[u8]) -> Uuid {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&wrap[..16]);
    Uuid::from_bytes(bytes)
}
