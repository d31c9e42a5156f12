//! The centre's recovery key, with which it opens packets and, when a counter's own key is gone, that counter's store; and the
//! packet keys of the branches, derived from it. Absent on purpose: handing the secret to anybody; `onewindow-central recovery-key`
//! shows the public half, for installers who set counters up before they ever had a line.

use std::path::Path;

use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use onewindow_journal::packet::{OpenKey, Recipient};
use onewindow_journal::sealed_box::box_public_key;

use crate::fault::CentreFault;
use crate::office::read_or_make_seed;

const SEED_FILE: &str = "recovery.x25519";

/// The recovery key.
pub(crate) struct Recovery {
    secret: [u8; 32],
}

impl Recovery {
    /// Reads the key of a folder, or makes one.
    pub(crate) fn open(dir: &Path) -> Result<Self, CentreFault> {
        Ok(Self {
            secret: read_or_make_seed(dir, SEED_FILE)?,
        })
    }

    /// Hex.
    pub(crate) fn public_key(&self) -> Result<String, CentreFault> {
        box_public_key(&self.secret)
            .map(hex::encode)
            .ok_or(CentreFault::Defect("the recovery key is no key"))
    }

    /// Opens packets as the centre.
    pub(crate) fn open_key(&self) -> OpenKey {
        OpenKey {
            recipient: Recipient::Centre,
            secret: self.secret,
        }
    }

    /// The secret that the counters of a branch share, hex.
    pub(crate) fn branch_key(&self, branch: &str) -> Result<String, CentreFault> {
        let mut key = [0; 32];
        let extracted = Salt::new(HKDF_SHA256, b"onewindow branch key 1").extract(&self.secret);
        let named = [branch.as_bytes()];
        let filled = extracted.expand(&named, HKDF_SHA256).and_then(|expanded| expanded.fill(&mut key));
        filled.map_err(|_| CentreFault::Defect("the key of a branch cannot be derived"))?;
        Ok(hex::encode(key))
    }
}

impl std::fmt::Debug for Recovery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recovery")
    }
}
