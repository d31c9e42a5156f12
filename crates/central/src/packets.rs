//! Case packets, over the line or from a stick. A packet is proven whole (every seal, its chain, its signature, whose device signed)
//! before anything of it is used; then its entries and pages take the very way of those that come over the line, so that a packet
//! may come twice, late, or together with them.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use axum::body::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::{Stream, StreamExt, stream};
use onewindow_case::ids::Digest;
use onewindow_journal::packet::parts::Parts;
use onewindow_journal::packet::{DeviceCertificate, OpenKey, PackedEntry, PacketFault, PacketHead, PacketItem, PacketOpener};
use onewindow_wire::MAX_PACKET_BYTES;
use onewindow_wire::counter::PacketReceipt;
use onewindow_wire::entries::{EntriesBatch, EntryBytes};

use crate::access::CounterCaller;
use crate::centre::Centre;
use crate::fault::CentreFault;

/// Entries of a packet that are taken in one transaction.
const ENTRIES_TOGETHER: usize = 64;
/// Bytes of entries that are taken in one transaction.
const BYTES_TOGETHER: usize = 128 * 1024;
/// How long a sender may pause in the middle of a packet.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(60);

impl Centre {
    /// Takes a packet that a counter hands on: its own or one of its branch.
    pub(crate) async fn receive_packet<E>(
        &self,
        caller: &CounterCaller,
        mut body: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<PacketReceipt, CentreFault> {
        let mut incoming = self.pages.begin_packet().await?;
        let mut size = 0_u64;
        loop {
            match tokio::time::timeout(PAUSE, body.next()).await {
                Ok(Some(Ok(bytes))) => {
                    size = size.saturating_add(bytes.len() as u64);
                    if size > MAX_PACKET_BYTES {
                        return Err(CentreFault::TooLarge);
                    }
                    incoming.write(&bytes).await?;
                }
                Ok(None) => break,
                Ok(Some(Err(_))) | Err(_) => return Err(PacketFault::Truncated.into()),
            }
        }
        let source = Source::Whole(incoming.arrived().await?.to_owned());
        self.take_packet(source, Some(caller)).await
    }

    /// Takes a packet from its files, given in any order, as they lie on a stick.
    ///
    /// # Errors
    /// [`CentreFault::Packet`] refuses the packet whole; [`CentreFault::ChainBroken`] when what comes before it is not here yet.
    pub async fn import_packet(&self, files: Vec<PathBuf>) -> Result<PacketReceipt, CentreFault> {
        self.take_packet(Source::Parts(files), None).await
    }

    async fn take_packet(&self, source: Source, bearer: Option<&CounterCaller>) -> Result<PacketReceipt, CentreFault> {
        let key = self.recovery.open_key();
        let (proving, proving_key) = (source.clone(), key.clone());
        let proven = tokio::task::spawn_blocking(move || {
            let opener = proving.open(&proving_key)?;
            let head = opener.head().clone();
            opener.prove().map(|digest| (head, digest))
        });
        let (head, digest) = proven.await.map_err(|_| CentreFault::Defect("proving a packet ended in a panic"))??;
        let owner = self.owner_of(&head, bearer).await?;
        let known = self.database.view().await?.find_packet(&digest).await?;
        if let Some((entries, pages)) = known {
            return Ok(receipt(&head, &digest, (entries, pages), true));
        }
        let counts = self.apply_packet(&source, &key, &owner).await?;
        let mut change = self.database.change().await?;
        change.add_packet(&digest, &owner.counter, counts, self.clock.now_ms()).await?;
        change.commit().await?;
        tracing::info!(counter = owner.counter, entries = counts.0, pages = counts.1, "a packet was taken");
        Ok(receipt(&head, &digest, counts, false))
    }

    /// The counter whose packet it is, when its device is really the counter's.
    async fn owner_of(&self, head: &PacketHead, bearer: Option<&CounterCaller>) -> Result<CounterCaller, CentreFault> {
        let mut view = self.database.view().await?;
        let row = view.find_counter(&head.counter).await?.ok_or(PacketFault::BadSignature)?;
        if bearer.is_some_and(|bearer| bearer.branch != row.branch) {
            return Err(CentreFault::Unauthorised);
        }
        let registered = view.find_device_key(&head.counter).await?;
        let vouched = |certificate: &DeviceCertificate| {
            certificate.key_id == self.office.key_id() && certificate.holds(&self.office.public_key(), &head.counter, &head.signer)
        };
        if registered.as_deref() != Some(head.signer.as_str()) && !head.certificate.as_ref().is_some_and(vouched) {
            return Err(PacketFault::BadSignature.into());
        }
        Ok(CounterCaller {
            counter: row.counter,
            branch: row.branch,
        })
    }

    async fn apply_packet(&self, source: &Source, key: &OpenKey, owner: &CounterCaller) -> Result<(u64, u64), CentreFault> {
        let mut opener = source.open(key)?;
        let (mut entries, mut pages) = (0, 0);
        loop {
            // A packet is read in pieces of at most one page; the disk is fast against what is done with each.
            let (back, item) = tokio::task::spawn_blocking(move || {
                let item = opener.next_item();
                (opener, item)
            })
            .await
            .map_err(|_| CentreFault::Defect("reading a packet ended in a panic"))?;
            opener = back;
            match item? {
                None => return Ok((entries, pages)),
                Some(PacketItem::Entries(packed)) => {
                    entries += packed.len() as u64;
                    self.ingest_packed(owner, &packed).await?;
                }
                Some(PacketItem::Page { digest, bytes }) => {
                    pages += 1;
                    let whole = stream::iter([Ok::<_, std::convert::Infallible>(Bytes::from(bytes))]);
                    self.receive_page(owner, &digest.to_string(), whole).await?;
                }
            }
        }
    }

    async fn ingest_packed(&self, owner: &CounterCaller, packed: &[PackedEntry]) -> Result<(), CentreFault> {
        let mut rest = packed;
        while let Some(first) = rest.first() {
            let mut bytes = 0;
            let fits = |entry: &&PackedEntry| {
                bytes += entry.bytes.len();
                entry.epoch == first.epoch && (bytes <= BYTES_TOGETHER || entry.seq == first.seq)
            };
            let count = rest.iter().take(ENTRIES_TOGETHER).take_while(fits).count().max(1);
            let (now, later) = rest.split_at(count);
            rest = later;
            let batch = EntriesBatch {
                counter: owner.counter.clone(),
                epoch: first.epoch,
                entries: now
                    .iter()
                    .map(|entry| EntryBytes {
                        seq: entry.seq,
                        bytes: STANDARD.encode(&entry.bytes),
                    })
                    .collect(),
            };
            self.ingest(owner, &batch).await?;
        }
        Ok(())
    }
}

/// Where a packet's bytes are.
#[derive(Debug, Clone)]
enum Source {
    /// In one file without heads of parts.
    Whole(PathBuf),
    /// In the files of a stick.
    Parts(Vec<PathBuf>),
}

type Opener = PacketOpener<Box<dyn Read + Send>>;

impl Source {
    fn open(&self, key: &OpenKey) -> Result<Opener, PacketFault> {
        let file = |path: &Path| File::open(path).map(BufReader::new).map_err(|_unreadable| PacketFault::Truncated);
        let from: Box<dyn Read + Send> = match self {
            Self::Whole(path) => Box::new(file(path)?),
            Self::Parts(paths) => Box::new(Parts::new(paths.iter().map(|path| file(path)).collect::<Result<Vec<_>, _>>()?)?),
        };
        PacketOpener::begin(from, key)
    }
}

fn receipt(head: &PacketHead, digest: &Digest, (entries, pages): (u64, u64), known: bool) -> PacketReceipt {
    PacketReceipt {
        digest: digest.to_string(),
        counter: head.counter.clone(),
        entries,
        pages,
        known,
    }
}
