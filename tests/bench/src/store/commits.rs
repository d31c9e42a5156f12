//! Durable commits a second of records of some 600 bytes: one caller, and 16 at once. The peers are measured turn by turn with ours.

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Instant;

use anyhow::Result;
use onewindow_bench::Report;
use onewindow_store::Store;
use redb::{Database, TableDefinition};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::runtime::Runtime;

use super::many::Hasty;
use super::work::{applicant, field, middle, noise, open, open_on, opened};

const ROUNDS: u32 = 200;
const TURNS: usize = 5;
const WRITERS: u32 = 16;
const RECORD_BYTES: usize = 600;

pub fn measure(ground: &Path, report: &mut Report) -> Result<()> {
    let dir = ground.join("commits");
    std::fs::create_dir_all(&dir)?;
    let store = open(&dir.join("ours"))?;
    store.append(vec![opened(1), applicant(1)])?;
    // What the store itself costs, when the disk costs nothing: the rest of the two figures is the disk's.
    let hasty = open_on(&dir.join("hasty"), Arc::new(Hasty))?;
    hasty.append(vec![opened(1), applicant(1)])?;
    let peers = Peers::open(&dir)?;
    let mut figures: Vec<(&str, Vec<f64>)> = Vec::new();
    let mut note = |name: &'static str, value: f64| match figures.iter_mut().find(|(known, _)| *known == name) {
        Some((_, values)) => values.push(value),
        None => figures.push((name, vec![value])),
    };
    for turn in 0..TURNS {
        let raw = raw(&dir)?;
        let single = ours_single(&store)?;
        let many = ours_many(&store);
        note("raw append + fdatasync, one caller", raw);
        note("ours, one caller", single);
        note("ours, 16 callers", many);
        note("ours, one caller, disk that does not wait", ours_single(&hasty)?);
        note("ours, 16 callers, disk that does not wait", ours_many(&hasty));
        note("ours one caller / raw", single / raw);
        note("ours 16 callers / one caller", many / single);
        let together = Together::open(&dir)?.per_second();
        note("the same bytes appended and synced together, 16 callers", together);
        note("the same bytes together, 16 callers / raw one caller", together / raw);
        let (sqlite, sqlite_many) = peers.sqlite(turn)?;
        let (redb, fjall) = (peers.redb(turn)?, peers.fjall(turn)?);
        note("SQLite WAL FULL, one caller", sqlite);
        note("SQLite WAL FULL, 16 callers", sqlite_many);
        note("redb, one caller", redb);
        note("fjall, one caller", fjall);
        note("ours / SQLite, one caller", single / sqlite);
        note("ours / SQLite, 16 callers", many / sqlite_many);
        note("ours / redb, one caller", single / redb);
        note("ours / fjall, one caller", single / fjall);
    }
    for (name, mut values) in figures {
        let value = middle(&mut values);
        match name {
            "ours one caller / raw" => report.note_against(name, value, "x", "at least 0.8"),
            "ours 16 callers / one caller" => report.note_against(name, value, "x", "at least 8"),
            ratio if ratio.contains('/') => report.note(ratio, value, "x"),
            rate => report.note(rate, value, "commits/s"),
        }
    }
    Ok(())
}

fn per_second(count: u32, begun: Instant) -> f64 {
    f64::from(count) / begun.elapsed().as_secs_f64()
}

fn raw(dir: &Path) -> Result<f64> {
    let mut file = File::options().create(true).append(true).open(dir.join("raw"))?;
    let record = noise(7, RECORD_BYTES);
    let begun = Instant::now();
    for _ in 0..ROUNDS {
        file.write_all(&record)?;
        file.sync_data()?;
    }
    Ok(per_second(ROUNDS, begun))
}

fn ours_single(store: &Store) -> Result<f64> {
    let value = "x".repeat(200);
    let begun = Instant::now();
    for _ in 0..ROUNDS {
        store.append(vec![field(1, &value)])?;
    }
    Ok(per_second(ROUNDS, begun))
}

fn ours_many(store: &Store) -> f64 {
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for n in 0..WRITERS {
            scope.spawn(move || {
                let value = format!("{n}{}", "x".repeat(200));
                for _ in 0..ROUNDS {
                    if let Err(fault) = store.append(vec![field(1, &value)]) {
                        eprintln!("{fault}");
                    }
                }
            });
        }
    });
    per_second(WRITERS * ROUNDS, begun)
}

/// What 16 callers can have at most on this disk: those who wait are written and synced together, and nothing else is done; no
/// numbers, chain, seal or index.
struct Together {
    state: Mutex<Waiting>,
    written: Condvar,
    file: Mutex<File>,
}

#[derive(Default)]
struct Waiting {
    bytes: Vec<u8>,
    /// The round that those who wait belong to, and the last one that is durable.
    round: u64,
    durable: u64,
    is_led: bool,
}

impl Together {
    fn open(dir: &Path) -> Result<Self> {
        Ok(Self {
            state: Mutex::default(),
            written: Condvar::new(),
            file: Mutex::new(File::options().create(true).append(true).open(dir.join("together"))?),
        })
    }

    fn per_second(&self) -> f64 {
        let record = noise(8, RECORD_BYTES);
        let begun = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..WRITERS {
                scope.spawn(|| {
                    for _ in 0..ROUNDS {
                        if let Err(fault) = self.append(&record) {
                            eprintln!("{fault}");
                        }
                    }
                });
            }
        });
        per_second(WRITERS * ROUNDS, begun)
    }

    fn append(&self, record: &[u8]) -> std::io::Result<()> {
        let lock = || self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = lock();
        state.bytes.extend_from_slice(record);
        let round = state.round;
        loop {
            if state.durable > round {
                return Ok(());
            }
            if !state.is_led {
                break;
            }
            state = self.written.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.is_led = true;
        drop(state);
        // Those who were just answered come back meanwhile.
        for _ in 0..WRITERS {
            std::thread::yield_now();
        }
        let mut state = lock();
        let (bytes, led) = (std::mem::take(&mut state.bytes), state.round);
        state.round += 1;
        drop(state);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let synced = file.write_all(&bytes).and_then(|()| file.sync_data());
        drop(file);
        let mut state = lock();
        (state.durable, state.is_led) = (led + 1, false);
        self.written.notify_all();
        synced
    }
}

const ROWS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("rows");

struct Peers {
    runtime: Runtime,
    sqlite: sqlx::SqlitePool,
    redb: Database,
    fjall: fjall::Database,
    fjall_rows: fjall::Keyspace,
}

impl Peers {
    fn open(dir: &Path) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let sqlite = runtime.block_on(async {
            let options = SqliteConnectOptions::new()
                .filename(dir.join("sqlite"))
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(std::time::Duration::from_secs(30));
            let pool = SqlitePoolOptions::new().max_connections(WRITERS).connect_with(options).await?;
            sqlx::query("CREATE TABLE rows (id INTEGER PRIMARY KEY, value BLOB NOT NULL)")
                .execute(&pool)
                .await?;
            Ok::<_, sqlx::Error>(pool)
        })?;
        let redb = Database::create(dir.join("redb"))?;
        let fjall = fjall::Database::builder(dir.join("fjall")).open()?;
        let fjall_rows = fjall.keyspace("rows", fjall::KeyspaceCreateOptions::default)?;
        Ok(Self {
            runtime,
            sqlite,
            redb,
            fjall,
            fjall_rows,
        })
    }

    /// One caller, and 16 connections that each commit on their own.
    fn sqlite(&self, turn: usize) -> Result<(f64, f64)> {
        let record = noise(turn as u64, RECORD_BYTES);
        self.runtime.block_on(async {
            let begun = Instant::now();
            for _ in 0..ROUNDS {
                sqlx::query("INSERT INTO rows (value) VALUES (?)").bind(&record).execute(&self.sqlite).await?;
            }
            let single = per_second(ROUNDS, begun);
            let rounds = ROUNDS / 4;
            let begun = Instant::now();
            let writers = (0..WRITERS).map(|_| {
                let (pool, record) = (self.sqlite.clone(), record.clone());
                tokio::spawn(async move {
                    for _ in 0..rounds {
                        sqlx::query("INSERT INTO rows (value) VALUES (?)").bind(&record).execute(&pool).await?;
                    }
                    Ok::<_, sqlx::Error>(())
                })
            });
            for writer in writers.collect::<Vec<_>>() {
                writer.await??;
            }
            Ok((single, per_second(WRITERS * rounds, begun)))
        })
    }

    fn redb(&self, turn: usize) -> Result<f64> {
        let record = noise(turn as u64, RECORD_BYTES);
        let begun = Instant::now();
        for round in 0..ROUNDS {
            let write = self.redb.begin_write()?;
            write.open_table(ROWS)?.insert(turn as u64 * 1_000_000 + u64::from(round), record.as_slice())?;
            write.commit()?;
        }
        Ok(per_second(ROUNDS, begun))
    }

    fn fjall(&self, turn: usize) -> Result<f64> {
        let record = noise(turn as u64, RECORD_BYTES);
        let begun = Instant::now();
        for round in 0..ROUNDS {
            let key = (turn as u64 * 1_000_000 + u64::from(round)).to_be_bytes();
            self.fjall_rows.insert(key, record.as_slice())?;
            self.fjall.persist(fjall::PersistMode::SyncData)?;
        }
        Ok(per_second(ROUNDS, begun))
    }
}
