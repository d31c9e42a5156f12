//! What is done to a store now and then: retention, keys, packets, going through the whole journal.

use std::path::{Path, PathBuf};
use std::sync::PoisonError;

use onewindow_case::ids::Digest;
use onewindow_journal::Entry;
use onewindow_journal::packet::PacketHead;

use super::Store;
use crate::fault::StoreFault;
use crate::keys::{KeySource, RECOVERY_KEY, Rotation};
use crate::open::{recovery_key, rotate};
use crate::packet::{self, Carried, CarryFault, PacketMade, PacketWish};
use crate::retention::{Retained, Retention};
use crate::segments::Segments;
use crate::writer::Call;

impl Store {
    /// Lets go what the centre holds and whose local period is over: see [`Retention`].
    ///
    /// # Errors
    /// [`StoreFault::Damaged`] when the receipt does not fit the journal; [`StoreFault::Stopped`], [`StoreFault::Io`].
    pub fn retain(&self, wish: Retention) -> Result<Retained, StoreFault> {
        self.ask(|answer| Call::Retain { wish: Box::new(wish), answer })
    }

    /// Removes page files that no entry names and that are older than `before_ms` (ms since 1970 UTC); gives how many.
    ///
    /// # Errors
    /// [`StoreFault::Stopped`], [`StoreFault::Io`].
    pub fn collect_orphans(&self, before_ms: i64) -> Result<u32, StoreFault> {
        self.ask(|answer| Call::CollectOrphans { before_ms, answer })
    }

    /// Keeps the centre's recovery key (X25519, public): from now on the centre, and nobody else, can read this store without this
    /// PC's key. Every case that is here already is included. The same key again changes nothing.
    ///
    /// # Errors
    /// [`StoreFault::Io`], [`StoreFault::DiskFull`].
    pub fn set_recovery_key(&self, public: [u8; 32]) -> Result<(), StoreFault> {
        let core = &self.0.core;
        let text = hex::encode(public);
        if core.secrets.find(RECOVERY_KEY)?.is_some_and(|known| *known == text) {
            return Ok(());
        }
        core.secrets.keep(RECOVERY_KEY, &text)?;
        core.case_keys.set_recovery(public);
        core.case_keys.wrap_anew()?;
        let ring = core.ring.lock().unwrap_or_else(PoisonError::into_inner);
        ring.keep_for_recovery(&*core.disk, &public)
    }

    /// The centre's recovery key, when it is known.
    ///
    /// # Errors
    /// [`StoreFault::Damaged`], [`StoreFault::Io`].
    pub fn find_recovery_key(&self) -> Result<Option<[u8; 32]>, StoreFault> {
        self.find_secret(RECOVERY_KEY)?.map(|text| recovery_key(&text)).transpose()
    }

    /// Keeps a small secret that the centre gave, sealed under the device key; `name` is a closed word in kebab case.
    ///
    /// # Errors
    /// [`StoreFault::Io`], [`StoreFault::DiskFull`].
    pub fn keep_secret(&self, name: &str, value: &str) -> Result<(), StoreFault> {
        self.0.core.secrets.keep(name, value)
    }

    /// A secret that was kept.
    ///
    /// # Errors
    /// [`StoreFault::Damaged`], [`StoreFault::Io`].
    pub fn find_secret(&self, name: &str) -> Result<Option<zeroize::Zeroizing<String>>, StoreFault> {
        self.0.core.secrets.find(name)
    }

    /// Public key (Ed25519, hex) under which this device signs packets and exports.
    pub fn device_key(&self) -> String {
        self.0.core.device.public_signing_key()
    }

    /// Signs as this device.
    pub fn sign(&self, message: &[u8]) -> String {
        hex::encode(self.0.core.device.signing().sign(message).as_ref())
    }

    /// Adds a device key or changes where the root of all keys is kept; the store must be closed. The next opening wraps every
    /// case's key anew and begins a new segment.
    ///
    /// # Errors
    /// [`StoreFault::Locked`], [`StoreFault::WrongKey`], [`StoreFault::KeyStoreUnavailable`], [`StoreFault::Io`].
    pub fn rotate_keys(dir: &Path, keys: &KeySource, rotation: &Rotation) -> Result<(), StoreFault> {
        rotate(dir, keys, rotation, &crate::disk::RealDisk)
    }

    /// Goes through the journal from `first` on, in order, also entries of no case; entries that cannot be read are left out.
    /// `each` says whether to go on.
    ///
    /// # Errors
    /// [`StoreFault::Io`].
    pub fn each_entry(&self, first: u64, mut each: impl FnMut(&Entry) -> bool) -> Result<(), StoreFault> {
        let mut wanted = true;
        self.0.core.segments.walk::<StoreFault>(
            first,
            |_, _| {},
            |located| {
                if wanted && let Ok(Some(entry)) = Segments::decode(&located) {
                    wanted = each(&entry);
                }
                Ok(())
            },
        )
    }

    /// Writes a case packet into a folder and reads it back. Half a packet is never left behind.
    ///
    /// # Errors
    /// [`StoreFault::NoRecipient`] before the centre's recovery key is known; [`StoreFault::UnknownCase`], [`StoreFault::DiskFull`],
    /// [`StoreFault::NotWritable`], [`StoreFault::Damaged`] when entries cannot be read or the medium returns other bytes.
    pub fn export_packet(&self, folder: &Path, wish: &PacketWish) -> Result<PacketMade, StoreFault> {
        packet::export(&self.0.core, folder, wish)
    }

    /// Takes a packet of another counter of the branch, to hand it on. Taking it again changes nothing. `is_trusted` says whether the
    /// packet's device is really the counter's.
    ///
    /// # Errors
    /// [`CarryFault::Packet`]: refused whole; [`CarryFault::Own`]; [`CarryFault::Store`].
    pub fn carry_packet(&self, files: &[PathBuf], is_trusted: impl Fn(&PacketHead) -> bool) -> Result<Carried, CarryFault> {
        packet::carry(&self.0.core, files, is_trusted)
    }

    /// Packets that are carried for other counters.
    ///
    /// # Errors
    /// [`StoreFault::Io`].
    pub fn carried_packets(&self) -> Result<Vec<Carried>, StoreFault> {
        packet::carried(&self.0.core)
    }

    /// Where a carried packet lies.
    pub fn carried_file(&self, digest: &Digest) -> PathBuf {
        packet::carried_file(&self.0.core, digest)
    }

    /// Lets a carried packet go, because it was handed on.
    ///
    /// # Errors
    /// [`StoreFault::Io`].
    pub fn let_go_packet(&self, digest: &Digest) -> Result<(), StoreFault> {
        packet::let_go(&self.0.core, digest)
    }
}
