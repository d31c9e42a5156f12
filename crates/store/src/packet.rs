//! Case packets of this counter, written to a folder or stick, and packets of other counters of the branch, carried for them.
//!
//! A packet holds the journal from behind what the centre has received up to the last entry of the chosen cases, unbroken, so that
//! its chain can be followed; *chosen* cases decide which pages go along, which is nearly all of its size. See [`onewindow_journal::packet`] for the
//! format. A carried packet is kept whole, sealed as it came, until it was handed on: this counter's own journal is not touched by
//! what another one wrote. Absent on purpose: the line, and whom to trust as an office.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};
use onewindow_case::ids::{CaseId, Digest};
use onewindow_journal::packet::parts::{PART_BYTES, PART_HEAD_BYTES, PART_LAST_AT, PART_LIMIT, PartHead, Parts};
use onewindow_journal::packet::{DeviceCertificate, OpenKey, PackedEntry, PacketFault, PacketHead, PacketOpener, PacketSealer, Recipient, SealKit};
use onewindow_journal::sealed_box::box_public_key;
use onewindow_journal::{ENTRY_LIMIT_BYTES, Head};
use uuid::Uuid;

use crate::core::Core;
use crate::fault::StoreFault;
use crate::keys::{RECOVERY_KEY, random};
use crate::open::recovery_key;
use crate::retention::pages_of_case;

/// Secret under which the branch's packet key is kept (X25519 secret, hex).
pub const BRANCH_KEY: &str = "branch-key";
/// Secret under which the office's word for this device is kept (JSON of [`DeviceCertificate`]).
pub const DEVICE_CERTIFICATE: &str = "device-certificate";
/// Ending of packet files.
pub const PACKET_ENDING: &str = "owp";

const CARRIED_FOLDER: &str = "carried";
/// Entries in one chunk of a packet.
const ENTRIES_TOGETHER: usize = 256;
/// Pages that may wait for a packet.
const PAGES_LIMIT: usize = 200_000;

/// What to export.
#[derive(Debug, Clone)]
pub struct PacketWish {
    /// Cases whose pages go along; `None`: everything that the centre does not hold.
    pub cases: Option<Vec<CaseId>>,
    /// Wall clock, ms since 1970 UTC.
    pub made_ms: i64,
    /// File name without ending.
    pub name: String,
    /// Longest file, in bytes; [`PART_BYTES`] fits FAT32.
    pub part_bytes: u64,
}

impl PacketWish {
    /// Everything unsent, under a name that says whose it is, in parts that fit FAT32.
    pub fn all(counter: &str, made_ms: i64) -> Self {
        Self {
            cases: None,
            made_ms,
            name: format!("onewindow-{counter}-{made_ms}"),
            part_bytes: PART_BYTES,
        }
    }
}

/// A packet that was written and read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PacketMade {
    /// Its files, in order.
    pub files: Vec<PathBuf>,
    /// SHA-256 of the packet.
    pub digest: Digest,
    /// Entries in it.
    pub entries: u64,
    /// Pages in it.
    pub pages: u64,
    /// Cases it was made for.
    pub cases: u32,
    /// Its length in bytes.
    pub bytes: u64,
    /// Who can open it.
    pub recipients: Vec<Recipient>,
}

/// A packet of another counter, kept until it is handed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried {
    /// SHA-256 of the packet; also its name here.
    pub digest: Digest,
    /// Its clear part.
    pub head: PacketHead,
    /// It had been taken before.
    pub known: bool,
}

/// Why a packet was not taken.
#[derive(Debug, thiserror::Error)]
pub enum CarryFault {
    /// The packet is refused whole.
    #[error(transparent)]
    Packet(#[from] PacketFault),
    /// Made by this very counter: it holds all of it.
    #[error("the packet is this counter's own")]
    Own,
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreFault),
}

/// Writes a packet.
pub(crate) fn export(core: &Core, folder: &Path, wish: &PacketWish) -> Result<PacketMade, StoreFault> {
    let content = choose(core, wish)?;
    let signer = core.device.signing();
    let recipients = recipients(core)?;
    let kit = SealKit {
        packet_key: random()?,
        recipients: recipients
            .iter()
            .map(|(recipient, public)| Ok((*recipient, *public, random()?)))
            .collect::<Result<_, StoreFault>>()?,
        signer,
    };
    let certificate = core
        .secrets
        .find(DEVICE_CERTIFICATE)?
        .and_then(|text| serde_json::from_str::<DeviceCertificate>(&text).ok());
    let packet = Uuid::from_bytes(random()?);
    let head = PacketHead {
        packet,
        counter: core.counter.to_string(),
        made_ms: wish.made_ms,
        after_seq: content.after.seq,
        after_digest: content.after.digest.to_string(),
        through_seq: content.through,
        cases: content.cases,
        signer: String::new(),
        certificate,
        recipients: Vec::new(),
    };
    let mut writer = PartWriter::new(folder, &wish.name, packet, wish.part_bytes);
    let written = write_packet(core, &content, kit, head, &mut writer);
    let (digest, entries, pages) = match written.and_then(|told| writer.finish().map(|()| told)) {
        Ok(told) => told,
        Err(fault) => {
            writer.discard();
            return Err(fault);
        }
    };
    let made = PacketMade {
        files: writer.files.clone(),
        digest,
        entries,
        pages,
        cases: content.cases,
        bytes: writer.total,
        recipients: recipients.iter().map(|(recipient, _)| *recipient).collect(),
    };
    read_back(&made).inspect_err(|_| writer.discard())?;
    Ok(made)
}

struct Content {
    after: Head,
    through: u64,
    pages: Vec<Digest>,
    cases: u32,
}

fn choose(core: &Core, wish: &PacketWish) -> Result<Content, StoreFault> {
    let ledger = core.settled();
    let index = |fault: crate::index::IndexFault| StoreFault::damaged(fault.to_string());
    let base = core.segments.base();
    let delivered = ledger.meta().delivered_through.max(base.seq);
    let mut pages = BTreeSet::new();
    let (through, cases) = match &wish.cases {
        None => {
            pages.extend(ledger.waiting(PAGES_LIMIT).map_err(index)?.into_iter().map(|waiting| waiting.digest));
            let unsent = core.lines.read().unwrap_or_else(std::sync::PoisonError::into_inner);
            let count = unsent.newest_first().take_while(|line| line.last_seq > delivered).count();
            (core.head().seq, u32::try_from(count).unwrap_or(u32::MAX))
        }
        Some(chosen) => {
            let mut through = delivered;
            for id in chosen {
                let head = ledger.find_head(*id).map_err(index)?.ok_or(StoreFault::UnknownCase(*id))?;
                through = through.max(head.last_seq);
                let case = core.find_case(*id).map_err(|_fault| StoreFault::damaged(format!("case {id}")))?;
                for digest in case.iter().flat_map(|case| pages_of_case(case)) {
                    if !ledger.find_page(&digest).map_err(index)?.is_some_and(|mark| mark.delivered) {
                        pages.insert(digest);
                    }
                }
            }
            (through, u32::try_from(chosen.len()).unwrap_or(u32::MAX))
        }
    };
    let digest = if delivered == base.seq {
        base.digest
    } else {
        core.segments
            .find_digest(delivered)
            .ok_or_else(|| StoreFault::damaged(format!("entry {delivered}")))?
    };
    Ok(Content {
        after: Head { seq: delivered, digest },
        through,
        pages: pages.into_iter().collect(),
        cases,
    })
}

/// The centre, and the branch where it has a key; a packet that nobody could open is not made.
fn recipients(core: &Core) -> Result<Vec<(Recipient, [u8; 32])>, StoreFault> {
    let mut recipients = Vec::new();
    if let Some(text) = core.secrets.find(RECOVERY_KEY)? {
        recipients.push((Recipient::Centre, recovery_key(&text)?));
    }
    if let Some(text) = core.secrets.find(BRANCH_KEY)? {
        let public = box_public_key(&recovery_key(&text)?).ok_or_else(|| StoreFault::damaged("the branch's key"))?;
        recipients.push((Recipient::Branch, public));
    }
    if recipients.is_empty() {
        Err(StoreFault::NoRecipient)
    } else {
        Ok(recipients)
    }
}

fn write_packet(core: &Core, content: &Content, kit: SealKit<'_>, head: PacketHead, writer: &mut PartWriter) -> Result<(Digest, u64, u64), StoreFault> {
    let too_large = |_fault: PacketFault| StoreFault::TooLarge;
    let (mut sealer, bytes) = PacketSealer::begin(kit, head).map_err(|_fault| StoreFault::NoRecipient)?;
    writer.write(&bytes)?;
    let mut after = content.after.seq;
    let mut entries = 0;
    while after < content.through {
        let batch = core
            .segments
            .entries_after(after, content.through, ENTRIES_TOGETHER, ENTRIES_TOGETHER * ENTRY_LIMIT_BYTES)?;
        let Some((last, _)) = batch.entries.last() else {
            return Err(StoreFault::damaged(format!("entry {}", after + 1)));
        };
        after = *last;
        let epoch = batch.epoch;
        let packed: Vec<_> = batch.entries.into_iter().map(|(seq, bytes)| PackedEntry { epoch, seq, bytes }).collect();
        entries += packed.len() as u64;
        writer.write(&sealer.entries(&packed).map_err(too_large)?)?;
    }
    let mut pages = 0;
    for digest in &content.pages {
        let bytes = match core.pages.read(digest) {
            Ok(bytes) => bytes,
            // One page that cannot be read holds up nothing else; the centre asks for it when the line is back.
            Err(fault @ (StoreFault::Damaged { .. } | StoreFault::UnknownPage(_))) => {
                tracing::warn!(%fault, "a page is left out of the packet");
                continue;
            }
            Err(fault) => return Err(fault),
        };
        writer.write(&sealer.page(digest, &bytes).map_err(too_large)?)?;
        pages += 1;
    }
    let (bytes, digest) = sealer.end().map_err(too_large)?;
    writer.write(&bytes)?;
    Ok((digest, entries, pages))
}

/// Writes a stream as files none of which is too long.
struct PartWriter {
    folder: PathBuf,
    name: String,
    packet: Uuid,
    limit: u64,
    files: Vec<PathBuf>,
    open: Option<(File, u64)>,
    total: u64,
}

impl PartWriter {
    fn new(folder: &Path, name: &str, packet: Uuid, part_bytes: u64) -> Self {
        Self {
            folder: folder.to_owned(),
            name: name.to_owned(),
            packet,
            limit: part_bytes.max(PART_HEAD_BYTES as u64 + 1),
            files: Vec::new(),
            open: None,
            total: 0,
        }
    }

    fn write(&mut self, mut bytes: &[u8]) -> Result<(), StoreFault> {
        let writing = StoreFault::io("writing a packet");
        while !bytes.is_empty() {
            if self.open.as_ref().is_none_or(|(_, length)| *length >= self.limit) {
                self.next_part()?;
            }
            let Some((file, length)) = self.open.as_mut() else {
                return Err(StoreFault::Stopped);
            };
            let room = usize::try_from(self.limit - *length).unwrap_or(usize::MAX).min(bytes.len());
            let (now, later) = bytes.split_at(room);
            if let Err(fault) = file.write_all(now) {
                return Err(writing(fault));
            }
            *length += now.len() as u64;
            self.total += now.len() as u64;
            bytes = later;
        }
        Ok(())
    }

    fn next_part(&mut self) -> Result<(), StoreFault> {
        self.close_part(false)?;
        let number = u16::try_from(self.files.len() + 1)
            .ok()
            .filter(|number| *number <= PART_LIMIT)
            .ok_or(StoreFault::TooLarge)?;
        let path = self.folder.join(match number {
            1 => format!("{}.{PACKET_ENDING}", self.name),
            _ => format!("{}.{number:03}.{PACKET_ENDING}", self.name),
        });
        let head = PartHead {
            packet: self.packet,
            number,
            last: false,
        };
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(StoreFault::io("creating a packet"))?;
        self.files.push(path);
        file.write_all(&head.to_bytes()).map_err(StoreFault::io("writing a packet"))?;
        self.open = Some((file, PART_HEAD_BYTES as u64));
        Ok(())
    }

    fn close_part(&mut self, last: bool) -> Result<(), StoreFault> {
        let Some((mut file, _)) = self.open.take() else { return Ok(()) };
        if last {
            file.seek(SeekFrom::Start(PART_LAST_AT))
                .and_then(|_| file.write_all(&[1]))
                .map_err(StoreFault::io("writing a packet"))?;
        }
        file.sync_all().map_err(StoreFault::io("syncing a packet"))
    }

    fn finish(&mut self) -> Result<(), StoreFault> {
        self.close_part(true)?;
        if cfg!(unix) {
            let folder = File::open(&self.folder).map_err(StoreFault::io("opening a folder"))?;
            folder.sync_all().map_err(StoreFault::io("syncing a folder"))?;
        }
        Ok(())
    }

    /// Half a packet helps nobody.
    fn discard(&mut self) {
        self.open = None;
        for file in &self.files {
            let _stays = fs::remove_file(file);
        }
    }
}

/// What lies on the stick must be what was made: sticks lie.
fn read_back(made: &PacketMade) -> Result<(), StoreFault> {
    let mut parts = open_parts(&made.files).map_err(|_fault| StoreFault::damaged("the packet just written"))?;
    if digest_of_stream(&mut parts).map_err(StoreFault::io("reading a packet"))? == made.digest {
        Ok(())
    } else {
        Err(StoreFault::damaged("the packet just written"))
    }
}

fn open_parts(files: &[PathBuf]) -> Result<Parts<BufReader<File>>, CarryFault> {
    let open = |path: &PathBuf| File::open(path).map(BufReader::new).map_err(StoreFault::io("opening a packet"));
    Ok(Parts::new(files.iter().map(open).collect::<Result<Vec<_>, _>>()?)?)
}

fn digest_of_stream(from: &mut impl Read) -> io::Result<Digest> {
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; 1 << 20];
    loop {
        let count = from.read(&mut buffer)?;
        if count == 0 {
            let mut digest = [0; 32];
            digest.copy_from_slice(context.finish().as_ref());
            return Ok(Digest::new(digest));
        }
        context.update(&buffer[..count]);
    }
}

/// Takes a packet of another counter of the branch: proven whole first, `is_trusted` says whether its device is the counter's, and
/// only then kept.
pub(crate) fn carry(core: &Core, files: &[PathBuf], is_trusted: impl Fn(&PacketHead) -> bool) -> Result<Carried, CarryFault> {
    let text = core.secrets.find(BRANCH_KEY)?.ok_or(PacketFault::NotForUs)?;
    let key = OpenKey {
        recipient: Recipient::Branch,
        secret: recovery_key(&text)?,
    };
    let opener = PacketOpener::begin(open_parts(files)?, &key)?;
    let head = opener.head().clone();
    if head.counter == core.counter.as_str() {
        return Err(CarryFault::Own);
    }
    if !is_trusted(&head) {
        return Err(PacketFault::BadSignature.into());
    }
    let digest = opener.prove()?;
    let folder = core.dir.join(CARRIED_FOLDER);
    let path = carried_path(&folder, &digest);
    if path.exists() {
        return Ok(Carried { digest, head, known: true });
    }
    core.disk.create_dir(&folder).map_err(StoreFault::io("creating a folder"))?;
    core.disk.sync_dir(&core.dir).map_err(StoreFault::io("syncing a folder"))?;
    let temporary = core.dir.join("tmp").join(format!("packet-{digest}"));
    let mut file = core.disk.create(&temporary).map_err(StoreFault::io("creating a packet"))?;
    let mut parts = open_parts(files)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        let count = parts.read(&mut buffer).map_err(StoreFault::io("reading a packet"))?;
        if count == 0 {
            break;
        }
        core.disk.write(&mut file, &buffer[..count]).map_err(StoreFault::io("writing a packet"))?;
    }
    core.disk.sync(&file).map_err(StoreFault::io("syncing a packet"))?;
    // What was copied must be what was proven.
    let mut copy = File::open(&temporary).map_err(StoreFault::io("reading a packet"))?;
    if digest_of_stream(&mut copy).map_err(StoreFault::io("reading a packet"))? != digest {
        return Err(PacketFault::Damaged.into());
    }
    core.disk.rename(&temporary, &path).map_err(StoreFault::io("renaming a packet"))?;
    core.disk.sync_dir(&folder).map_err(StoreFault::io("syncing a folder"))?;
    Ok(Carried { digest, head, known: false })
}

/// Packets that are carried, oldest first by their counter's clock.
pub(crate) fn carried(core: &Core) -> Result<Vec<Carried>, StoreFault> {
    let folder = core.dir.join(CARRIED_FOLDER);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let Some(text) = core.secrets.find(BRANCH_KEY)? else { return Ok(Vec::new()) };
    let key = OpenKey {
        recipient: Recipient::Branch,
        secret: recovery_key(&text)?,
    };
    let mut found = Vec::new();
    for file in fs::read_dir(&folder).map_err(StoreFault::io("listing packets"))?.flatten() {
        let digest = file.path().file_stem().and_then(|name| Digest::parse_hex(name.to_str()?));
        let Some(digest) = digest else { continue };
        let opened = File::open(file.path()).ok().and_then(|file| PacketOpener::begin(file, &key).ok());
        if let Some(opened) = opened {
            found.push(Carried {
                digest,
                head: opened.head().clone(),
                known: true,
            });
        }
    }
    found.sort_by_key(|carried| carried.head.made_ms);
    Ok(found)
}

/// Where a carried packet lies, for handing it on.
pub(crate) fn carried_file(core: &Core, digest: &Digest) -> PathBuf {
    carried_path(&core.dir.join(CARRIED_FOLDER), digest)
}

/// Lets a carried packet go: it was handed on.
pub(crate) fn let_go(core: &Core, digest: &Digest) -> Result<(), StoreFault> {
    let path = carried_file(core, digest);
    if path.exists() {
        core.disk.remove(&path).map_err(StoreFault::io("removing a packet"))?;
    }
    Ok(())
}

fn carried_path(folder: &Path, digest: &Digest) -> PathBuf {
    folder.join(format!("{digest}.{PACKET_ENDING}"))
}
