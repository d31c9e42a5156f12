//! Counted blanks: runs by counter, sheets by case.

use super::{Change, DatabaseFault, fault};

/// A run of serial numbers that a counter received.
#[derive(Debug, Clone)]
pub(crate) struct BlankRun<'r> {
    pub(crate) counter: &'r str,
    pub(crate) kind: &'r str,
    pub(crate) prefix: &'r str,
    /// Digits of the number.
    pub(crate) width: u32,
    pub(crate) first: u32,
    pub(crate) last: u32,
}

impl Change {
    /// Another counter that was given one of these numbers, if there is one.
    pub(crate) async fn find_blank_owner(&mut self, run: &BlankRun<'_>) -> Result<Option<String>, DatabaseFault> {
        sqlx::query_scalar("SELECT counter FROM blank_runs WHERE prefix = ? AND width = ? AND counter <> ? AND first_no <= ? AND last_no >= ? LIMIT 1")
            .bind(run.prefix)
            .bind(run.width)
            .bind(run.counter)
            .bind(run.last)
            .bind(run.first)
            .fetch_optional(self.connection())
            .await
            .map_err(fault("looking for blanks"))
    }

    pub(crate) async fn add_blank_run(&mut self, run: &BlankRun<'_>) -> Result<(), DatabaseFault> {
        sqlx::query("INSERT OR IGNORE INTO blank_runs (counter, kind, prefix, width, first_no, last_no) VALUES (?, ?, ?, ?, ?, ?)")
            .bind(run.counter)
            .bind(run.kind)
            .bind(run.prefix)
            .bind(run.width)
            .bind(run.first)
            .bind(run.last)
            .execute(self.connection())
            .await
            .map_err(fault("writing blanks"))?;
        Ok(())
    }

    /// The case for which a sheet was taken: this one now, or the one that took it before.
    pub(crate) async fn book_sheet(&mut self, serial: &str, counter: &str, case: &str) -> Result<String, DatabaseFault> {
        sqlx::query("INSERT OR IGNORE INTO blank_sheets (serial, counter, case_id) VALUES (?, ?, ?)")
            .bind(serial)
            .bind(counter)
            .bind(case)
            .execute(self.connection())
            .await
            .map_err(fault("booking a blank"))?;
        sqlx::query_scalar("SELECT case_id FROM blank_sheets WHERE serial = ?")
            .bind(serial)
            .fetch_one(self.connection())
            .await
            .map_err(fault("reading a booked blank"))
    }
}
