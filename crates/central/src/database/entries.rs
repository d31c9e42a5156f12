//! Entries as the counters chained them, and alarms about those that do not fit.

use onewindow_case::ids::{CaseId, Digest};
use onewindow_journal::Head;

use super::{Change, DatabaseFault, View, digest_of, fault, revision_of, signed, unsigned};

/// An entry to be kept.
#[derive(Debug)]
pub(crate) struct NewEntry<'e> {
    pub(crate) counter: &'e str,
    pub(crate) epoch: u32,
    pub(crate) seq: u64,
    pub(crate) case: Option<CaseId>,
    pub(crate) revision: u32,
    /// It is part of its case.
    pub(crate) applied: bool,
    /// It repeats what the centre said.
    pub(crate) echo: bool,
    pub(crate) rejection: Option<&'static str>,
    /// Chain digest after it.
    pub(crate) chain: Digest,
    pub(crate) received_ms: i64,
    pub(crate) bytes: &'e [u8],
}

impl View {
    /// The last entry held of a counter's epoch.
    pub(crate) async fn find_head(&mut self, counter: &str, epoch: u32) -> Result<Option<Head>, DatabaseFault> {
        let found = sqlx::query_as::<_, (i64, Vec<u8>)>("SELECT seq, chain FROM entries WHERE counter = ? AND epoch = ? ORDER BY seq DESC LIMIT 1")
            .bind(counter)
            .bind(epoch)
            .fetch_optional(self.connection())
            .await
            .map_err(fault("finding the head of a journal"))?;
        Ok(found.map(|(seq, chain)| Head {
            seq: unsigned(seq),
            digest: digest_of(&chain),
        }))
    }

    /// Chain digest after an entry that is held.
    pub(crate) async fn find_chain(&mut self, counter: &str, epoch: u32, seq: u64) -> Result<Option<Digest>, DatabaseFault> {
        let found: Option<Vec<u8>> = sqlx::query_scalar("SELECT chain FROM entries WHERE counter = ? AND epoch = ? AND seq = ?")
            .bind(counter)
            .bind(epoch)
            .bind(signed(seq))
            .fetch_optional(self.connection())
            .await
            .map_err(fault("finding the chain at an entry"))?;
        Ok(found.map(|chain| digest_of(&chain)))
    }

    /// 0 when nothing of the counter is held.
    pub(crate) async fn highest_epoch(&mut self, counter: &str) -> Result<u32, DatabaseFault> {
        let found: Option<i64> = sqlx::query_scalar("SELECT MAX(epoch) FROM entries WHERE counter = ?")
            .bind(counter)
            .fetch_one(self.connection())
            .await
            .map_err(fault("finding the epoch of a counter"))?;
        Ok(found.map_or(0, revision_of))
    }

    /// Bytes and rejection of an entry.
    pub(crate) async fn find_entry(&mut self, counter: &str, epoch: u32, seq: u64) -> Result<Option<(Vec<u8>, Option<String>)>, DatabaseFault> {
        sqlx::query_as("SELECT bytes, rejection FROM entries WHERE counter = ? AND epoch = ? AND seq = ?")
            .bind(counter)
            .bind(epoch)
            .bind(signed(seq))
            .fetch_optional(self.connection())
            .await
            .map_err(fault("finding an entry"))
    }

    /// Position of the entry of an earlier epoch after which the chain stood at `chain`.
    pub(crate) async fn find_ancestor(&mut self, counter: &str, epoch: u32, chain: &Digest) -> Result<Option<u64>, DatabaseFault> {
        let found: Option<i64> = sqlx::query_scalar("SELECT seq FROM entries WHERE counter = ? AND chain = ? AND epoch < ?")
            .bind(counter)
            .bind(chain.as_bytes().as_slice())
            .bind(epoch)
            .fetch_optional(self.connection())
            .await
            .map_err(fault("finding where an epoch begins"))?;
        Ok(found.map(unsigned))
    }

    /// The first entry of an epoch that still waits for a page.
    pub(crate) async fn first_waiting_seq(&mut self, counter: &str, epoch: u32) -> Result<Option<u64>, DatabaseFault> {
        let found: Option<i64> = sqlx::query_scalar("SELECT MIN(seq) FROM page_needs WHERE counter = ? AND epoch = ?")
            .bind(counter)
            .bind(epoch)
            .fetch_one(self.connection())
            .await
            .map_err(fault("finding entries without their pages"))?;
        Ok(found.map(unsigned))
    }

    /// Whether entries of an earlier epoch still wait for a page.
    pub(crate) async fn waits_before_epoch(&mut self, counter: &str, epoch: u32) -> Result<bool, DatabaseFault> {
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM page_needs WHERE counter = ? AND epoch < ?)")
            .bind(counter)
            .bind(epoch)
            .fetch_one(self.connection())
            .await
            .map_err(fault("finding entries without their pages"))
    }

    /// Bytes of all entries of a case in order of revision.
    pub(crate) async fn entries_of_case(&mut self, case: CaseId) -> Result<Vec<Vec<u8>>, DatabaseFault> {
        sqlx::query_scalar("SELECT bytes FROM entries WHERE case_id = ? AND applied = 1 ORDER BY revision")
            .bind(case.to_string())
            .fetch_all(self.connection())
            .await
            .map_err(fault("reading the entries of a case"))
    }

    /// The highest revision up to `through` that is more than an echo.
    pub(crate) async fn newest_own_revision(&mut self, case: CaseId, through: u32) -> Result<u32, DatabaseFault> {
        let found: Option<i64> = sqlx::query_scalar("SELECT MAX(revision) FROM entries WHERE case_id = ? AND applied = 1 AND echo = 0 AND revision <= ?")
            .bind(case.to_string())
            .bind(through)
            .fetch_one(self.connection())
            .await
            .map_err(fault("finding the newest revision"))?;
        Ok(found.map_or(0, revision_of))
    }
}

impl Change {
    pub(crate) async fn add_entry(&mut self, entry: &NewEntry<'_>) -> Result<(), DatabaseFault> {
        sqlx::query(
            "INSERT INTO entries (counter, epoch, seq, case_id, revision, applied, echo, rejection, chain, received_ms, bytes)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(entry.counter)
        .bind(entry.epoch)
        .bind(signed(entry.seq))
        .bind(entry.case.map(|case| case.to_string()))
        .bind(entry.revision)
        .bind(entry.applied)
        .bind(entry.echo)
        .bind(entry.rejection)
        .bind(entry.chain.as_bytes().as_slice())
        .bind(entry.received_ms)
        .bind(entry.bytes)
        .execute(self.connection())
        .await
        .map_err(fault("keeping an entry"))?;
        Ok(())
    }

    /// Notes something that a person must look at; the same thing is noted once.
    pub(crate) async fn raise_alarm(&mut self, at_ms: i64, counter: &str, epoch: u32, seq: u64, kind: &'static str) -> Result<(), DatabaseFault> {
        sqlx::query(
            "INSERT INTO alarms (at_ms, counter, epoch, seq, kind)
             SELECT ?1, ?2, ?3, ?4, ?5
             WHERE NOT EXISTS (SELECT 1 FROM alarms WHERE counter = ?2 AND epoch = ?3 AND seq = ?4 AND kind = ?5)",
        )
        .bind(at_ms)
        .bind(counter)
        .bind(epoch)
        .bind(signed(seq))
        .bind(kind)
        .execute(self.connection())
        .await
        .map_err(fault("noting an alarm"))?;
        Ok(())
    }
}
