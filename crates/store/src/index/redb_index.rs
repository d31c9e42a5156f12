//! The index in redb: only a test peer of the real one. It shows that the trait hides the engine, and that another one can take
//! its place when it must (docs/decisions/0009).

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use redb::{Database, Durability, ReadableDatabase, TableDefinition};

use super::{Change, Index, IndexFault, Row, Table, full_key};

const ROWS: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("rows");

pub(crate) struct RedbIndex {
    database: Database,
}

impl RedbIndex {
    /// Opens or makes the index in this folder.
    pub(crate) fn open(dir: &Path) -> Result<Self, IndexFault> {
        caught("opening", || {
            std::fs::create_dir_all(dir).map_err(redb::Error::Io)?;
            let database = Database::create(dir.join("redb"))?;
            let begun = database.begin_write()?;
            drop(begun.open_table(ROWS)?);
            begun.commit()?;
            Ok(Self { database })
        })
    }
}

impl Index for RedbIndex {
    fn find(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, IndexFault> {
        caught("reading", || {
            let rows = self.database.begin_read()?.open_table(ROWS)?;
            Ok(rows.get(full_key(table, key).as_slice())?.map(|value| value.value().to_vec()))
        })
    }

    fn scan(&self, table: Table, from: &[u8], to: Option<&[u8]>, max: usize) -> Result<Vec<Row>, IndexFault> {
        caught("reading", || {
            let from = full_key(table, from);
            let to = to.map_or_else(|| vec![table as u8 + 1], |to| full_key(table, to));
            if from >= to {
                return Ok(Vec::new());
            }
            let rows = self.database.begin_read()?.open_table(ROWS)?;
            let mut found = Vec::new();
            for row in rows.range::<&[u8]>(from.as_slice()..to.as_slice())?.take(max) {
                let (key, value) = row?;
                found.push((key.value()[1..].to_vec(), value.value().to_vec()));
            }
            Ok(found)
        })
    }

    fn write(&self, changes: &[Change]) -> Result<(), IndexFault> {
        self.commit(changes, Durability::None)
    }

    fn make_durable(&self) -> Result<(), IndexFault> {
        self.commit(&[], Durability::Immediate)
    }
}

impl RedbIndex {
    fn commit(&self, changes: &[Change], durability: Durability) -> Result<(), IndexFault> {
        caught("writing", || {
            let mut begun = self.database.begin_write()?;
            begun.set_durability(durability)?;
            {
                let mut rows = begun.open_table(ROWS)?;
                for change in changes {
                    let key = full_key(change.table, &change.key);
                    match &change.value {
                        Some(value) => drop(rows.insert(key.as_slice(), value.as_slice())?),
                        None => drop(rows.remove(key.as_slice())?),
                    }
                }
            }
            begun.commit()?;
            Ok(())
        })
    }
}

fn caught<T>(op: &'static str, act: impl FnOnce() -> Result<T, redb::Error>) -> Result<T, IndexFault> {
    match catch_unwind(AssertUnwindSafe(act)) {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(fault)) => Err(IndexFault { op, reason: fault.to_string() }),
        Err(_panic) => Err(IndexFault {
            op,
            reason: "the engine panicked".to_owned(),
        }),
    }
}
