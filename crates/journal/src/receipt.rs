//! The centre's signed word on what it holds. Only what such a receipt covers may be removed from a counter.
//! Absent on purpose: which keys an office has; the caller brings the one that is named.

use onewindow_case::ids::Digest;

use crate::chain::Head;
use crate::packet::verify_signature;

/// What the centre says it holds of one counter, with every page, as it came over the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitReceipt {
    /// The counter.
    pub counter: String,
    /// Epoch of the last entry it speaks of.
    pub epoch: u32,
    /// Highest entry up to which all entries and all pages they name are durable at the centre.
    pub committed_through: u64,
    /// Chain digest after that entry.
    pub chain: Digest,
    /// The centre's clock, ms since 1970 UTC.
    pub time_ms: i64,
    /// Ed25519 signature of the office over [`CommitReceipt::message`], hex.
    pub signature: String,
}

/// A receipt whose signature was checked. There is no other way to make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProvenReceipt {
    committed: Head,
    time_ms: i64,
}

impl CommitReceipt {
    /// What the office signs.
    pub fn message(&self) -> Vec<u8> {
        let Self {
            counter,
            epoch,
            committed_through,
            chain,
            time_ms,
            signature: _,
        } = self;
        format!("onewindow receipt|1|{counter}|{epoch}|{committed_through}|{chain}|{time_ms}").into_bytes()
    }

    /// The receipt, once it is known that the office with this key (hex) signed it for this counter.
    pub fn prove(&self, counter: &str, office_key: &str) -> Option<ProvenReceipt> {
        let holds = self.counter == counter && verify_signature(office_key, &self.message(), &self.signature);
        holds.then_some(ProvenReceipt {
            committed: Head {
                seq: self.committed_through,
                digest: self.chain,
            },
            time_ms: self.time_ms,
        })
    }
}

impl ProvenReceipt {
    /// Up to where, and what the chain is there.
    pub const fn committed(&self) -> Head {
        self.committed
    }

    /// The centre's clock when it said so, ms since 1970 UTC.
    pub const fn time_ms(&self) -> i64 {
        self.time_ms
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};

    use super::*;

    #[test]
    fn only_the_office_can_say_what_it_holds() {
        let office = Ed25519KeyPair::from_seed_unchecked(&[5; 32]).expect("a key");
        let key = hex::encode(office.public_key().as_ref());
        let mut receipt = CommitReceipt {
            counter: "330302-01-003".to_owned(),
            epoch: 2,
            committed_through: 70,
            chain: Digest::new([3; 32]),
            time_ms: 9,
            signature: String::new(),
        };
        assert_eq!(receipt.prove("330302-01-003", &key), None, "unsigned");
        receipt.signature = hex::encode(office.sign(&receipt.message()).as_ref());
        assert_eq!(receipt.prove("330302-01-003", &key).map(|proven| proven.committed().seq), Some(70));
        assert_eq!(receipt.prove("330302-01-004", &key), None, "of another counter");
        let more = CommitReceipt {
            committed_through: 71,
            ..receipt.clone()
        };
        assert_eq!(more.prove("330302-01-003", &key), None, "more than was signed");
    }
}
