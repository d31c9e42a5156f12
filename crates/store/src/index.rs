//! The index: what can be rebuilt from the journal at any time. Behind a trait, so that every engine passes the same suite.
//! Absent on purpose: meaning and sealing of rows; see `ledger`.

mod memory;
#[cfg(test)]
mod redb_index;
mod sled_index;

pub(crate) use memory::MemoryIndex;
pub(crate) use sled_index::SledIndex;

/// Kinds of rows. The number is part of the key on disk and never changes its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Table {
    /// One row: how far the journal is applied, and the witness of the other tables.
    Meta = 0,
    /// Case → revision and last entry.
    Heads = 1,
    /// Case and revision → place in the journal.
    Positions = 2,
    /// Newest first → sealed summary of a case.
    Summaries = 3,
    /// In order of naming → sealed page that the centre does not hold yet.
    Waiting = 4,
    /// Name of a page → where it was named and whether it is delivered.
    Pages = 5,
    /// Series → highest number taken.
    Numbers = 6,
    /// Name of a setting → its sealed value.
    Settings = 7,
}

impl Table {
    /// Tables whose rows are counted and summed in the witness: a lost row of these would be a silent loss.
    pub(crate) const WITNESSED: [Self; 5] = [Self::Heads, Self::Summaries, Self::Waiting, Self::Numbers, Self::Settings];
}

/// One changed row; `None` removes it.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) table: Table,
    pub(crate) key: Vec<u8>,
    pub(crate) value: Option<Vec<u8>>,
}

/// A key and its value.
pub(crate) type Row = (Vec<u8>, Vec<u8>);

/// An ordered store of rows. A call may block on the disk.
pub(crate) trait Index: Send + Sync {
    fn find(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, IndexFault>;

    /// Rows with `from <= key < to` in order, at most `max`; no `to` means the end of the table.
    fn scan(&self, table: Table, from: &[u8], to: Option<&[u8]>, max: usize) -> Result<Vec<Row>, IndexFault>;

    /// All changes or none.
    fn write(&self, changes: &[Change]) -> Result<(), IndexFault>;

    /// Returns when everything written would survive a power cut.
    fn make_durable(&self) -> Result<(), IndexFault>;
}

/// The engine failed or panicked: the index is to be set aside and rebuilt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the index failed while {op}: {reason}")]
pub(crate) struct IndexFault {
    pub(crate) op: &'static str,
    pub(crate) reason: String,
}

/// A row's key in an engine that keeps all tables together.
fn full_key(table: Table, key: &[u8]) -> Vec<u8> {
    let mut full = Vec::with_capacity(key.len() + 1);
    full.push(table as u8);
    full.extend_from_slice(key);
    full
}

#[cfg(test)]
mod tests {
    //! Every engine passes the same suite: as rows, under damage, and as the index of a store.

    use std::path::Path;
    use std::sync::Arc;

    use onewindow_case::CaseEvent;
    use onewindow_case::ids::{CaseId, CounterId, StaffNo};
    use onewindow_journal::{Actor, Event, Role};
    use proptest::prelude::*;
    use time::macros::date;
    use uuid::Uuid;

    use super::redb_index::RedbIndex;
    use super::{Change, Index, IndexFault, MemoryIndex, SledIndex, Table};
    use crate::fold::Roll;
    use crate::ledger::Ledger;
    use crate::{Identity, KeySource, NewEntry, Options, Store};

    type Engine = fn(&Path) -> Result<Box<dyn Index>, IndexFault>;

    const ENGINES: [(&str, &str, Engine); 2] = [
        ("sled", "db", |dir| SledIndex::open(dir).map(|index| Box::new(index) as Box<dyn Index>)),
        ("redb", "redb", |dir| RedbIndex::open(dir).map(|index| Box::new(index) as Box<dyn Index>)),
    ];

    fn table() -> impl Strategy<Value = Table> {
        prop_oneof![Just(Table::Meta), Just(Table::Heads), Just(Table::Waiting), Just(Table::Settings)]
    }

    fn change() -> impl Strategy<Value = Change> {
        let key = proptest::collection::vec(0_u8..4, 0..4);
        let value = proptest::option::of(proptest::collection::vec(any::<u8>(), 0..40));
        (table(), key, value).prop_map(|(table, key, value)| Change { table, key, value })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]

        #[test]
        fn engines_agree(batches in proptest::collection::vec(proptest::collection::vec(change(), 0..12), 0..12), from in proptest::collection::vec(0_u8..4, 0..3), to in proptest::option::of(proptest::collection::vec(0_u8..4, 0..3)), max in 0_usize..8) {
            for (name, _, open) in ENGINES {
                let dir = tempfile::tempdir().expect("a temporary folder");
                let memory = MemoryIndex::default();
                let mut engine = open(&dir.path().join("index")).expect("opens");
                for (turn, batch) in batches.iter().enumerate() {
                    memory.write(batch).expect("written");
                    engine.write(batch).expect("written");
                    if turn % 5 == 4 {
                        engine.make_durable().expect("flushed");
                        drop(engine);
                        engine = open(&dir.path().join("index")).expect("opens");
                    }
                }
                for table in [Table::Meta, Table::Heads, Table::Waiting, Table::Settings] {
                    let all = memory.scan(table, &[], None, usize::MAX).expect("readable");
                    prop_assert_eq!(&engine.scan(table, &[], None, usize::MAX).expect("readable"), &all, "{}", name);
                    for (key, value) in all {
                        prop_assert_eq!(engine.find(table, &key).expect("readable"), Some(value), "{}", name);
                    }
                    let part = memory.scan(table, &from, to.as_deref(), max).expect("readable");
                    prop_assert_eq!(engine.scan(table, &from, to.as_deref(), max).expect("readable"), part, "{}", name);
                }
            }
        }
    }

    fn entry(n: u128, event: CaseEvent) -> NewEntry {
        NewEntry {
            case: Some(CaseId::new(Uuid::from_u128(n))),
            time_ms: 0,
            business_date: date!(2026 - 11 - 22),
            actor: Actor {
                staff_no: StaffNo::new("1001"),
                role: Role::Clerk,
            },
            event: Event::Case(event),
        }
    }

    fn store_of_some_cases(dir: &Path) -> Store {
        let identity = Identity {
            counter: CounterId::new("330302-01-003"),
        };
        let options = Options {
            ballast_bytes: 0,
            reserve_bytes: 0,
            ..Options::default()
        };
        let (store, _) = Store::open_with(dir, &identity, &KeySource::File, &options, &|_| {}).expect("opens");
        for n in 0..40 {
            let opened = CaseEvent::Opened {
                case_no: n.to_string(),
                bundle: "newborn".into(),
                catalogue_version: String::new(),
                ticket: None,
            };
            store.append(vec![entry(n, opened), entry(n, CaseEvent::SentBackSettled)]).expect("appended");
        }
        store
    }

    /// Rolls the whole journal of a store into an engine.
    fn rolled(engine: Box<dyn Index>, store: &Store) -> Ledger {
        let core = store.core();
        let ledger = Ledger::empty(engine, Arc::clone(&core.device));
        let done = Roll::new(&ledger, &core.segments).forward(core.head(), &|_| {});
        assert!(done.is_ok(), "the journal can be rolled into any engine");
        ledger.make_durable().expect("flushed");
        ledger
    }

    #[test]
    fn every_engine_rebuilt_from_the_journal_shows_the_same() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let store = store_of_some_cases(&dir.path().join("store"));
        let expected = rolled(Box::new(MemoryIndex::default()), &store);
        let lines = expected.summaries(usize::MAX).expect("readable");
        for (name, _, open) in ENGINES {
            let folder = dir.path().join(name);
            drop(rolled(open(&folder).expect("opens"), &store));
            let again = Ledger::load(open(&folder).expect("opens"), Arc::clone(&store.core().device));
            let again = again.expect("readable").expect("whole");
            assert_eq!(again.summaries(usize::MAX).expect("readable"), lines, "{name}");
            assert_eq!(again.meta().applied(), expected.meta().applied(), "{name}");
        }
    }

    /// Whatever is harmed, an engine says so or its witness does; a wrong line is never shown.
    #[test]
    fn damage_to_any_engine_is_seen() {
        let trials: usize = if std::env::var_os("ONEWINDOW_SLOW").is_some_and(|value| !value.is_empty()) {
            100
        } else {
            8
        };
        let dir = tempfile::tempdir().expect("a temporary folder");
        let store = store_of_some_cases(&dir.path().join("store"));
        for (name, file, open) in ENGINES {
            let folder = dir.path().join(name);
            let lines = rolled(open(&folder).expect("opens"), &store).summaries(usize::MAX).expect("readable");
            let files: Vec<_> = std::fs::read_dir(&folder)
                .expect("listed")
                .flatten()
                .filter(|file| file.path().is_file())
                .collect();
            let files: Vec<_> = files.iter().map(|file| (file.path(), std::fs::read(file.path()).expect("readable"))).collect();
            let (mut seen, mut harmless) = (0, 0);
            for trial in 0..trials {
                std::fs::remove_dir_all(&folder).expect("removed");
                std::fs::create_dir_all(&folder).expect("made");
                for (path, whole) in &files {
                    let mut bytes = whole.clone();
                    if path.ends_with(file) {
                        let at = bytes.len() * trial / trials;
                        let end = (at + 700).min(bytes.len());
                        bytes[at..end].iter_mut().for_each(|byte| *byte ^= 0x5a);
                    }
                    std::fs::write(path, bytes).expect("written");
                }
                match open(&folder).and_then(|engine| Ledger::load(engine, Arc::clone(&store.core().device))) {
                    Err(_) | Ok(None) => seen += 1,
                    Ok(Some(ledger)) => match ledger.summaries(usize::MAX) {
                        Err(_) | Ok(None) => seen += 1,
                        Ok(found) => {
                            assert_eq!(found, lines, "{name}, trial {trial}: a changed line was shown");
                            harmless += 1;
                        }
                    },
                }
            }
            assert!(seen > 0, "{name}: {seen} seen, {harmless} harmless");
        }
    }
}
