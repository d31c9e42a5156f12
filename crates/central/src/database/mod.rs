//! The centre's books in SQLite: the only module that names sqlx.
//!
//! A [`View`] sees one consistent state; a [`Change`] is a view that may also write, and everything it wrote is durable when
//! [`Change::commit`] returns, or gone. There is one writer at a time, so positions given inside a change are seen in order.
//! Absent on purpose: rules. Another engine (PostgreSQL) is another set of these functions with the same names.

mod blanks;
mod blocks;
mod branch;
mod cases;
mod counters;
mod departments;
mod entries;
mod feed;
mod office;
mod packets;
mod pages;

use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::time::Duration;

use onewindow_case::ids::Digest;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqliteConnection, Transaction};

pub(crate) use blanks::BlankRun;
pub(crate) use blocks::BlockRow;
pub(crate) use cases::{CaseRow, MatterRow, NewMatter};
pub(crate) use departments::{LicenceRow, RecordedDecision};
pub(crate) use entries::NewEntry;
pub(crate) use office::OfficeKeyRow;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// How long a request waits for its turn before the centre says that it is busy.
const TURN: Duration = Duration::from_secs(10);
/// Connections that only read.
const READERS: u32 = 6;

/// The books could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{operation} failed in the database")]
pub struct DatabaseFault {
    operation: &'static str,
    #[source]
    source: sqlx::Error,
}

impl DatabaseFault {
    /// Whether waiting may help: everybody else was faster.
    pub(crate) fn is_busy(&self) -> bool {
        matches!(self.source, sqlx::Error::PoolTimedOut)
    }
}

fn fault(operation: &'static str) -> impl FnOnce(sqlx::Error) -> DatabaseFault {
    move |source| DatabaseFault { operation, source }
}

/// The open books.
#[derive(Debug)]
pub(crate) struct Database {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl Database {
    /// Opens the books, makes them when missing and brings their tables up to date.
    pub(crate) async fn open(path: &Path) -> Result<Self, DatabaseFault> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(TURN);
        let writers = SqlitePoolOptions::new().max_connections(1).acquire_timeout(TURN);
        let writer = writers.connect_with(options.clone()).await.map_err(fault("opening"))?;
        MIGRATIONS
            .run(&writer)
            .await
            .map_err(|error| fault("bringing the tables up to date")(error.into()))?;
        let readers = SqlitePoolOptions::new().max_connections(READERS).acquire_timeout(TURN);
        let readers = readers
            .connect_with(options.pragma("query_only", "ON"))
            .await
            .map_err(fault("opening for reading"))?;
        Ok(Self { writer, readers })
    }

    /// A consistent state to read from.
    pub(crate) async fn view(&self) -> Result<View, DatabaseFault> {
        Ok(View {
            transaction: self.readers.begin().await.map_err(fault("beginning to read"))?,
        })
    }

    /// The turn to write.
    pub(crate) async fn change(&self) -> Result<Change, DatabaseFault> {
        let transaction = self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(fault("beginning to write"))?;
        Ok(Change { view: View { transaction } })
    }

    /// Waits for the last change and closes the files.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// One consistent state of the books.
pub(crate) struct View {
    transaction: Transaction<'static, Sqlite>,
}

impl View {
    fn connection(&mut self) -> &mut SqliteConnection {
        &mut self.transaction
    }
}

/// A view that may write; dropped without [`Change::commit`] nothing of it remains.
pub(crate) struct Change {
    view: View,
}

impl Change {
    /// Makes the change durable.
    pub(crate) async fn commit(self) -> Result<(), DatabaseFault> {
        self.view.transaction.commit().await.map_err(fault("committing"))
    }
}

impl Deref for Change {
    type Target = View;

    fn deref(&self) -> &View {
        &self.view
    }
}

impl DerefMut for Change {
    fn deref_mut(&mut self) -> &mut View {
        &mut self.view
    }
}

/// SQLite counts in signed numbers; no journal ever gets near the difference.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn revision_of(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

/// A digest column; anything but 32 bytes reads as zeros, which no content has.
fn digest_of(bytes: &[u8]) -> Digest {
    Digest::new(<[u8; 32]>::try_from(bytes).unwrap_or([0; 32]))
}
