//! Case packets: carrying cases by stick when there is no line, and handing on packets of other counters of the branch.

use std::path::{Path, PathBuf};

use onewindow_case::ids::CaseId;
use onewindow_journal::CounterEvent;
use onewindow_journal::packet::{DeviceCertificate, PacketHead};
use onewindow_link::Link;
use onewindow_store::{Carried, CarryFault, PacketMade, PacketWish};
use onewindow_wire::MAX_PACKET_BYTES;
use onewindow_wire::counter::CounterKeysRequest;

use crate::desk::Desk;
use crate::fault::DeskFault;

impl Desk {
    /// Writes a packet with these cases, or with everything that is not at the centre, into a folder.
    ///
    /// # Errors
    /// Nobody is known who could open it; the folder can not be written; a case is unknown.
    pub fn export_packet(&self, cases: Option<Vec<CaseId>>, folder: &Path) -> Result<PacketMade, DeskFault> {
        let made_ms = self.shared.clock.now_ms();
        let wish = PacketWish {
            cases,
            ..PacketWish::all(&self.shared.config.counter, made_ms)
        };
        let made = self.shared.store.export_packet(folder, &wish)?;
        let actor = self.actor().ok();
        self.note(
            actor,
            CounterEvent::PacketExported {
                cases: made.cases,
                digest: made.digest,
            },
        )?;
        Ok(made)
    }

    /// Takes a packet of another counter of the branch, to hand it on to the centre. Taking it again changes nothing.
    ///
    /// # Errors
    /// The packet is refused whole: damaged, not for this branch, not signed by a device for which the office vouches.
    pub fn import_packet(&self, files: &[PathBuf]) -> Result<Carried, DeskFault> {
        let keys = self.licence_keys()?;
        let vouched = |head: &PacketHead| {
            let (Some(keys), Some(certificate)) = (&keys, &head.certificate) else {
                return false;
            };
            let office = keys.keys.iter().find(|key| key.key_id == certificate.key_id);
            office.is_some_and(|office| certificate.holds(&office.public_key, &head.counter, &head.signer))
        };
        let carried = self.shared.store.carry_packet(files, vouched)?;
        if !carried.known {
            let cases = carried.head.cases;
            self.note(self.actor().ok(), CounterEvent::PacketImported { cases, digest: carried.digest })?;
        }
        Ok(carried)
    }

    /// Packets of other counters that wait to be handed on.
    ///
    /// # Errors
    /// The store can not be read.
    pub fn carried_packets(&self) -> Result<Vec<Carried>, DeskFault> {
        Ok(self.shared.store.carried_packets()?)
    }

    /// Hands on what is carried; one that the centre can not take yet (what comes before it is missing) waits.
    pub(crate) async fn hand_on_packets(&self, link: &Link) {
        let carried = self.shared.store.carried_packets().unwrap_or_default();
        for packet in carried {
            let file = self.shared.store.carried_file(&packet.digest);
            let size = std::fs::metadata(&file).map_or(u64::MAX, |about| about.len());
            if size > MAX_PACKET_BYTES {
                tracing::warn!(digest = %packet.digest, size, "a carried packet is too long for the line");
                continue;
            }
            let Ok(bytes) = tokio::fs::read(&file).await else { continue };
            match link.send_packet(bytes).await {
                Ok(receipt) if receipt.digest == packet.digest.to_string() => {
                    if let Err(fault) = self.shared.store.let_go_packet(&packet.digest) {
                        tracing::warn!(%fault, "a packet that was handed on stays");
                    }
                }
                Ok(_) => tracing::error!(digest = %packet.digest, "the centre answered for another packet"),
                Err(fault) => tracing::warn!(%fault, digest = %packet.digest, "a carried packet was not handed on"),
            }
        }
    }

    /// Asks the centre once for the keys that packets and recovery need.
    pub(crate) async fn know_keys(&self, link: &Link) -> Result<(), DeskFault> {
        let store = &self.shared.store;
        if store.find_recovery_key()?.is_some() && store.find_secret(onewindow_store::DEVICE_CERTIFICATE)?.is_some() {
            return Ok(());
        }
        let reply = link
            .counter_keys(&CounterKeysRequest {
                device_key: store.device_key(),
            })
            .await?;
        let certificate = DeviceCertificate {
            key_id: reply.device_certificate.key_id,
            signature: reply.device_certificate.signature,
        };
        let certificate = serde_json::to_string(&certificate).map_err(|error| DeskFault::Defect(error.to_string()))?;
        store.keep_secret(onewindow_store::BRANCH_KEY, &reply.branch_key)?;
        store.keep_secret(onewindow_store::DEVICE_CERTIFICATE, &certificate)?;
        self.set_recovery_key(&reply.recovery_key)
    }

    /// Keeps the centre's recovery key (hex), from the centre or from the installer's set-up.
    pub(crate) fn set_recovery_key(&self, text: &str) -> Result<(), DeskFault> {
        let mut key = [0; 32];
        hex::decode_to_slice(text.trim(), &mut key).map_err(|_| DeskFault::Defect("the recovery key is no key".to_owned()))?;
        Ok(self.shared.store.set_recovery_key(key)?)
    }
}

impl From<CarryFault> for DeskFault {
    fn from(fault: CarryFault) -> Self {
        match fault {
            CarryFault::Packet(fault) => Self::Packet(fault),
            CarryFault::Own => Self::PacketOwn,
            CarryFault::Store(fault) => Self::Store(fault),
        }
    }
}
