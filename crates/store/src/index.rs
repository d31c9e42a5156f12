//! The index: what can be rebuilt from the journal at any time. Behind a trait, so that every engine passes the same suite.
//! Absent on purpose: meaning and sealing of rows; see `ledger`.

mod memory;
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

#[cfg(test)]
mod tests {
    //! Every engine passes the same suite.

    use proptest::prelude::*;

    use super::{Change, Index, MemoryIndex, SledIndex, Table};

    fn table() -> impl Strategy<Value = Table> {
        prop_oneof![Just(Table::Meta), Just(Table::Heads), Just(Table::Waiting), Just(Table::Settings)]
    }

    fn change() -> impl Strategy<Value = Change> {
        let key = proptest::collection::vec(0_u8..4, 0..4);
        let value = proptest::option::of(proptest::collection::vec(any::<u8>(), 0..40));
        (table(), key, value).prop_map(|(table, key, value)| Change { table, key, value })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn engines_agree(batches in proptest::collection::vec(proptest::collection::vec(change(), 0..12), 0..12), from in proptest::collection::vec(0_u8..4, 0..3), to in proptest::option::of(proptest::collection::vec(0_u8..4, 0..3)), max in 0_usize..8) {
            let dir = tempfile::tempdir().expect("a temporary folder");
            let memory = MemoryIndex::default();
            let mut sled = SledIndex::open(&dir.path().join("index")).expect("opens");
            for (turn, batch) in batches.iter().enumerate() {
                memory.write(batch).expect("written");
                sled.write(batch).expect("written");
                if turn % 5 == 4 {
                    sled.make_durable().expect("flushed");
                    drop(sled);
                    sled = SledIndex::open(&dir.path().join("index")).expect("opens");
                }
            }
            for table in [Table::Meta, Table::Heads, Table::Waiting, Table::Settings] {
                let all = memory.scan(table, &[], None, usize::MAX).expect("readable");
                prop_assert_eq!(&sled.scan(table, &[], None, usize::MAX).expect("readable"), &all);
                for (key, value) in all {
                    prop_assert_eq!(sled.find(table, &key).expect("readable"), Some(value));
                }
                let part = memory.scan(table, &from, to.as_deref(), max).expect("readable");
                prop_assert_eq!(sled.scan(table, &from, to.as_deref(), max).expect("readable"), part);
            }
        }
    }
}
