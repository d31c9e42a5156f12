//! How far a journal had come, remembered outside of its folder: a restored backup of the folder can not bring this back, so an old
//! state is seen before anything is written under it. Never newer than the journal itself, and holds nothing secret: a mark that is
//! missing only means that an old state is noticed later, by the centre.

use std::fs;
use std::path::{Path, PathBuf};

use onewindow_journal::Head;
use serde::{Deserialize, Serialize};

/// Where the mark of one store lies.
pub(crate) struct Mark(Option<PathBuf>);

#[derive(Serialize, Deserialize)]
struct MarkTwin {
    seq: u64,
}

impl Mark {
    /// The mark of the store with this check; `dir` is a folder outside of it, or nothing is remembered.
    pub(crate) fn of(dir: Option<&Path>, check: &[u8; 32]) -> Self {
        Self(dir.map(|dir| dir.join(format!("{}.json", hex::encode(&check[..8])))))
    }

    /// Highest position known to have been given; 0 when nobody knows.
    pub(crate) fn read(&self) -> u64 {
        let twin = self
            .0
            .as_ref()
            .and_then(|path| fs::read(path).ok())
            .and_then(|bytes| serde_json::from_slice::<MarkTwin>(&bytes).ok());
        twin.map_or(0, |twin| twin.seq)
    }

    /// Remembers. Best effort, and never backwards.
    pub(crate) fn keep(&self, head: Head) {
        let Some(path) = &self.0 else { return };
        if self.read() >= head.seq {
            return;
        }
        let next = path.with_extension("next");
        let kept = path
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&next, serde_json::to_vec(&MarkTwin { seq: head.seq }).unwrap_or_default()))
            .and_then(|()| fs::rename(&next, path));
        if let Err(error) = kept {
            tracing::debug!(%error, "the mark could not be kept");
        }
    }
}
