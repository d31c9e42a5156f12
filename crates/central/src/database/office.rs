//! Keys that licences are signed with, numbers that were given, licences that no longer hold.

use super::{Change, DatabaseFault, View, fault};

/// A key of the office, also an old one.
#[derive(Debug, Clone)]
pub(crate) struct OfficeKeyRow {
    pub(crate) key_id: String,
    /// Hex.
    pub(crate) public_key: String,
    pub(crate) office: String,
    /// First day for which it may sign.
    pub(crate) valid_from: String,
    /// Last day.
    pub(crate) valid_to: String,
    /// Kinds of licences that it may sign; empty for all.
    pub(crate) kinds: Vec<String>,
}

impl View {
    pub(crate) async fn office_keys(&mut self) -> Result<Vec<OfficeKeyRow>, DatabaseFault> {
        let rows = sqlx::query_as::<_, (String, String, String, String, String, String)>(
            "SELECT key_id, public_key, office, valid_from, valid_to, kinds FROM office_keys ORDER BY valid_from, key_id",
        )
        .fetch_all(self.connection())
        .await
        .map_err(fault("reading the keys"))?;
        let key = |(key_id, public_key, office, valid_from, valid_to, kinds): (String, String, String, String, String, String)| OfficeKeyRow {
            key_id,
            public_key,
            office,
            valid_from,
            valid_to,
            kinds: kinds.split_whitespace().map(str::to_owned).collect(),
        };
        Ok(rows.into_iter().map(key).collect())
    }

    pub(crate) async fn revoked_licences(&mut self) -> Result<Vec<String>, DatabaseFault> {
        sqlx::query_scalar("SELECT licence_no FROM revocations ORDER BY licence_no")
            .fetch_all(self.connection())
            .await
            .map_err(fault("reading the revocations"))
    }

    pub(crate) async fn void_prints(&mut self) -> Result<Vec<String>, DatabaseFault> {
        sqlx::query_scalar("SELECT print_id FROM void_sheets ORDER BY print_id")
            .fetch_all(self.connection())
            .await
            .map_err(fault("reading the void sheets"))
    }
}

impl Change {
    /// A key that is known stays as it is, but for the name of its office.
    pub(crate) async fn keep_office_key(&mut self, key: &OfficeKeyRow) -> Result<(), DatabaseFault> {
        sqlx::query(
            "INSERT INTO office_keys (key_id, public_key, office, valid_from, valid_to) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (key_id) DO UPDATE SET office = excluded.office",
        )
        .bind(&key.key_id)
        .bind(&key.public_key)
        .bind(&key.office)
        .bind(&key.valid_from)
        .bind(&key.valid_to)
        .execute(self.connection())
        .await
        .map_err(fault("writing a key"))?;
        Ok(())
    }

    /// A counter's own key: its days and kinds follow what it may do now.
    pub(crate) async fn keep_counter_key(&mut self, key: &OfficeKeyRow) -> Result<(), DatabaseFault> {
        sqlx::query(
            "INSERT INTO office_keys (key_id, public_key, office, valid_from, valid_to, kinds) VALUES (?, ?, ?, ?, ?, ?)
             ON CONFLICT (key_id) DO UPDATE SET valid_to = excluded.valid_to, kinds = excluded.kinds WHERE public_key = excluded.public_key",
        )
        .bind(&key.key_id)
        .bind(&key.public_key)
        .bind(&key.office)
        .bind(&key.valid_from)
        .bind(&key.valid_to)
        .bind(key.kinds.join(" "))
        .execute(self.connection())
        .await
        .map_err(fault("writing a counter's key"))?;
        Ok(())
    }

    /// The next number of a series, from 1; given once, whatever becomes of it.
    pub(crate) async fn take_number(&mut self, series: &str) -> Result<u32, DatabaseFault> {
        sqlx::query_scalar("INSERT INTO series (name, last) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET last = last + 1 RETURNING last")
            .bind(series)
            .fetch_one(self.connection())
            .await
            .map_err(fault("taking a number"))
    }

    pub(crate) async fn void_sheet(&mut self, print_id: &str, reason: &str, voided_ms: i64) -> Result<(), DatabaseFault> {
        sqlx::query("INSERT OR IGNORE INTO void_sheets (print_id, reason, voided_ms) VALUES (?, ?, ?)")
            .bind(print_id)
            .bind(reason)
            .bind(voided_ms)
            .execute(self.connection())
            .await
            .map_err(fault("voiding a sheet"))?;
        Ok(())
    }

    pub(crate) async fn add_revocation(&mut self, licence_no: &str, reason: &str, revoked_ms: i64) -> Result<(), DatabaseFault> {
        sqlx::query("INSERT OR IGNORE INTO revocations (licence_no, reason, revoked_ms) VALUES (?, ?, ?)")
            .bind(licence_no)
            .bind(reason)
            .bind(revoked_ms)
            .execute(self.connection())
            .await
            .map_err(fault("revoking a licence"))?;
        Ok(())
    }
}
