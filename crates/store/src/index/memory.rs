//! An index in memory: peer of the real one in tests, and what the store falls back to when the real one fails while at
//! work. It is rebuilt from the journal like any other, so falling back loses nothing but time at the next start.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{PoisonError, RwLock};

use super::{Change, Index, IndexFault, Row, Table};

#[derive(Default)]
pub(crate) struct MemoryIndex(RwLock<Rows>);

type Rows = BTreeMap<(Table, Vec<u8>), Vec<u8>>;

impl Index for MemoryIndex {
    fn find(&self, table: Table, key: &[u8]) -> Result<Option<Vec<u8>>, IndexFault> {
        Ok(self.0.read().unwrap_or_else(PoisonError::into_inner).get(&(table, key.to_vec())).cloned())
    }

    fn scan(&self, table: Table, from: &[u8], to: Option<&[u8]>, max: usize) -> Result<Vec<Row>, IndexFault> {
        let rows = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let range = rows.range((Bound::Included((table, from.to_vec())), Bound::Unbounded));
        let inside = range.take_while(|((row_table, key), _)| *row_table == table && to.is_none_or(|to| key.as_slice() < to));
        Ok(inside.take(max).map(|((_, key), value)| (key.clone(), value.clone())).collect())
    }

    fn write(&self, changes: &[Change]) -> Result<(), IndexFault> {
        let mut rows = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for change in changes {
            let key = (change.table, change.key.clone());
            match &change.value {
                Some(value) => rows.insert(key, value.clone()),
                None => rows.remove(&key),
            };
        }
        Ok(())
    }

    fn make_durable(&self) -> Result<(), IndexFault> {
        Ok(())
    }
}
