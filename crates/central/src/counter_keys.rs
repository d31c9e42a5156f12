//! What an enrolled counter gets besides its token: the keys for sealing and packets, and, after a restore, a new epoch.

use onewindow_journal::packet::DeviceCertificate;
use onewindow_wire::counter::{CounterKeysReply, CounterKeysRequest, DeviceWord, EpochReply};

use crate::access::CounterCaller;
use crate::centre::Centre;
use crate::fault::CentreFault;

impl Centre {
    /// Keeps the device key of a counter and gives it the centre's keys. Asking again changes nothing.
    pub(crate) async fn counter_keys(&self, caller: &CounterCaller, request: &CounterKeysRequest) -> Result<CounterKeysReply, CentreFault> {
        let is_key = request.device_key.len() == 64 && request.device_key.bytes().all(|digit| digit.is_ascii_hexdigit());
        if !is_key {
            return Err(CentreFault::Malformed("device key"));
        }
        let mut change = self.database.change().await?;
        change.set_device_key(&caller.counter, &request.device_key).await?;
        change.commit().await?;
        let word = DeviceCertificate::message(&caller.counter, &request.device_key);
        Ok(CounterKeysReply {
            recovery_key: self.recovery.public_key()?,
            branch_key: self.recovery.branch_key(&caller.branch)?,
            device_certificate: DeviceWord {
                key_id: self.office.key_id().to_owned(),
                signature: self.office.sign_message(&word)?,
            },
        })
    }

    /// An epoch for a counter that goes on from an older state of its journal.
    pub(crate) async fn next_epoch(&self, caller: &CounterCaller) -> Result<EpochReply, CentreFault> {
        let epoch = self.database.view().await?.highest_epoch(&caller.counter).await?.saturating_add(1);
        tracing::warn!(counter = caller.counter, epoch, "a counter was restored and begins a new epoch");
        Ok(EpochReply { epoch })
    }
}
