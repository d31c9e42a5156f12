//! Letting go what the centre holds: asked for with a fresh signed receipt, so only while there is a line (deleting is never done
//! offline), and only after the counter's local period.

use onewindow_case::ids::Digest;
use onewindow_journal::receipt::{CommitReceipt, ProvenReceipt};
use onewindow_link::Link;
use onewindow_store::{Retained, Retention};
use onewindow_wire::entries::{EntriesBatch, EntriesReceipt};

use crate::desk::{Desk, system};
use crate::fault::DeskFault;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// Pages that no entry names are left by a crash only; one this old is named by nobody any more.
const ORPHAN_AGE_MS: i64 = DAY_MS;

impl Desk {
    /// Asks the centre what it has committed, and lets go what may go.
    ///
    /// # Errors
    /// The centre is silent, or its receipt does not fit.
    pub(crate) async fn retain(&self, link: &Link) -> Result<Retained, DeskFault> {
        let store = &self.shared.store;
        let now_ms = self.shared.clock.now_ms();
        store.collect_orphans(now_ms - ORPHAN_AGE_MS)?;
        let asked = EntriesBatch {
            counter: self.shared.config.counter.clone(),
            epoch: store.epoch(),
            entries: Vec::new(),
        };
        let receipt = link.send_entries(&asked).await?;
        let Some(proven) = self.prove(&receipt)? else {
            return Ok(Retained::default());
        };
        let days = i64::from(self.shared.config.keep_days);
        let done = store.retain(Retention {
            receipt: proven,
            unchanged_since_ms: now_ms - days * DAY_MS,
            stamp: self.stamp(system()),
        })?;
        if done.cases_erased > 0 || done.segments_removed > 0 {
            tracing::info!(?done, "what the centre holds and whose time is over was let go");
        }
        Ok(done)
    }

    /// The centre's receipt, when an office on the list signed it.
    fn prove(&self, receipt: &EntriesReceipt) -> Result<Option<ProvenReceipt>, DeskFault> {
        let (Some(signed), Some(keys)) = (&receipt.signed, self.licence_keys()?) else {
            return Ok(None);
        };
        let Some(chain) = Digest::parse_hex(&signed.chain) else { return Ok(None) };
        let office = keys.keys.iter().find(|key| key.key_id == signed.key_id);
        let said = CommitReceipt {
            counter: self.shared.config.counter.clone(),
            epoch: signed.epoch,
            committed_through: receipt.committed_through,
            chain,
            time_ms: receipt.time_ms,
            signature: signed.signature.clone(),
        };
        Ok(office.and_then(|office| said.prove(&self.shared.config.counter, &office.public_key)))
    }
}
