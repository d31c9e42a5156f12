//! Packets that were taken, and the device keys that sign them.

use onewindow_case::ids::Digest;

use super::{Change, DatabaseFault, View, fault, signed, unsigned};

impl View {
    /// Entries and pages of a packet that was taken.
    pub(crate) async fn find_packet(&mut self, digest: &Digest) -> Result<Option<(u64, u64)>, DatabaseFault> {
        let found = sqlx::query_as::<_, (i64, i64)>("SELECT entries, pages FROM packets WHERE digest = ?")
            .bind(digest.as_bytes().as_slice())
            .fetch_optional(self.connection())
            .await
            .map_err(fault("finding a packet"))?;
        Ok(found.map(|(entries, pages)| (unsigned(entries), unsigned(pages))))
    }

    /// Hex.
    pub(crate) async fn find_device_key(&mut self, counter: &str) -> Result<Option<String>, DatabaseFault> {
        let found: Option<Option<String>> = sqlx::query_scalar("SELECT device_key FROM counters WHERE counter = ?")
            .bind(counter)
            .fetch_optional(self.connection())
            .await
            .map_err(fault("finding a device key"))?;
        Ok(found.flatten())
    }
}

impl Change {
    pub(crate) async fn add_packet(&mut self, digest: &Digest, counter: &str, counts: (u64, u64), received_ms: i64) -> Result<(), DatabaseFault> {
        sqlx::query("INSERT OR IGNORE INTO packets (digest, counter, entries, pages, received_ms) VALUES (?, ?, ?, ?, ?)")
            .bind(digest.as_bytes().as_slice())
            .bind(counter)
            .bind(signed(counts.0))
            .bind(signed(counts.1))
            .bind(received_ms)
            .execute(self.connection())
            .await
            .map_err(fault("noting a packet"))?;
        Ok(())
    }

    pub(crate) async fn set_device_key(&mut self, counter: &str, device_key: &str) -> Result<(), DatabaseFault> {
        sqlx::query("UPDATE counters SET device_key = ? WHERE counter = ?")
            .bind(device_key)
            .bind(counter)
            .execute(self.connection())
            .await
            .map_err(fault("writing a device key"))?;
        Ok(())
    }
}
