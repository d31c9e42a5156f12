//! The index in sled 0.34.7. Two of its habits are worked around here: on Linux its flush does not survive a power cut
//! (it uses `sync_file_range`), so its file is synced once more by us; and it panics on some damage, so every call is caught.
//! It also drops records silently behind a flipped bit; that is found by the witness in `ledger`.

use std::fs::{File, OpenOptions};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use super::{Change, Index, IndexFault, Row, Table, full_key};

const CACHE_BYTES: u64 = 16 * 1024 * 1024;
/// Its own thread flushes this often; that flush is a real one.
const FLUSH_EVERY_MS: u64 = 500;
/// How long a closed index may take to let go of its lock.
const CLOSING_LIMIT: Duration = Duration::from_secs(5);

pub(crate) struct SledIndex {
    db: sled::Db,
    /// Our own handle of its file, for the sync that it does not do itself.
    file: Option<File>,
}

impl SledIndex {
    /// Opens or makes the index in this folder.
    pub(crate) fn open(dir: &Path) -> Result<Self, IndexFault> {
        caught("opening", || {
            let config = sled::Config::new()
                .path(dir)
                .cache_capacity(CACHE_BYTES)
                .flush_every_ms(Some(FLUSH_EVERY_MS))
                .use_compression(false)
                .print_profile_on_drop(false);
            let db = open_when_free(&config)?;
            let file = if cfg!(target_os = "linux") {
                Some(OpenOptions::new().write(true).open(dir.join("db"))?)
            } else {
                None
            };
            Ok(Self { db, file })
        })
    }
}

/// An index that was just closed keeps its lock until sled's own threads have ended, a moment later. Our lock file (opened first) has
/// made sure that no other process is in this folder, so waiting is right.
fn open_when_free(config: &sled::Config) -> sled::Result<sled::Db> {
    let begun = Instant::now();
    loop {
        match config.open() {
            // sled words the refused lock anew and gives it the kind `Other`.
            Err(sled::Error::Io(error)) if error.to_string().contains("could not acquire lock") && begun.elapsed() < CLOSING_LIMIT => {
                std::thread::sleep(Duration::from_millis(20));
            }
            opened => return opened,
        }
    }
}

impl Index for SledIndex {
    fn find(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, IndexFault> {
        caught("reading", || Ok(self.db.get(full_key(table, key))?.map(|value| value.to_vec())))
    }

    fn scan(&self, table: Table, from: &[u8], to: Option<&[u8]>, max: usize) -> Result<Vec<Row>, IndexFault> {
        caught("reading", || {
            let from = full_key(table, from);
            let to = to.map_or_else(|| vec![table as u8 + 1], |to| full_key(table, to));
            if from >= to {
                return Ok(Vec::new());
            }
            let rows = self.db.range(from..to).take(max);
            rows.map(|row| row.map(|(key, value)| (key[1..].to_vec(), value.to_vec()))).collect()
        })
    }

    fn write(&self, changes: &[Change]) -> Result<(), IndexFault> {
        caught("writing", || {
            let mut batch = sled::Batch::default();
            for change in changes {
                match &change.value {
                    Some(value) => batch.insert(full_key(change.table, &change.key), value.as_slice()),
                    None => batch.remove(full_key(change.table, &change.key)),
                }
            }
            self.db.apply_batch(batch)
        })
    }

    fn make_durable(&self) -> Result<(), IndexFault> {
        caught("flushing", || {
            self.db.flush()?;
            if let Some(file) = &self.file {
                file.sync_data()?;
            }
            Ok(())
        })
    }
}

fn caught<T>(op: &'static str, act: impl FnOnce() -> sled::Result<T>) -> Result<T, IndexFault> {
    match catch_unwind(AssertUnwindSafe(act)) {
        Ok(Ok(done)) => Ok(done),
        // The words of sled name files and offsets, never values.
        Ok(Err(fault)) => Err(IndexFault { op, reason: fault.to_string() }),
        Err(_panic) => Err(IndexFault {
            op,
            reason: "the engine panicked".to_owned(),
        }),
    }
}
