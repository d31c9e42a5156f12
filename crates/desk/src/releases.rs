//! New catalogues while the counter works: signed releases in the data folder's `catalogue/` are taken up without a restart.
//! Open cases keep the version they began with. Absent on purpose: fetching releases; the installer or the centre's mirror puts them there.

use std::collections::BTreeSet;

use onewindow_catalogue::release::ReleaseFolder;
use onewindow_journal::CounterEvent;

use crate::clock::day;
use crate::desk::{Desk, lock};
use crate::fault::DeskFault;

/// Folder of releases inside the data folder.
const FOLDER: &str = "catalogue";
/// Before the version, in the name of the setting that notes a release.
const SETTING: &str = "catalogue/";

/// Release files that were looked at, and why some may not be used.
#[derive(Debug, Default)]
pub(crate) struct Looked {
    names: BTreeSet<String>,
    refused: Vec<(String, String)>,
}

impl Desk {
    /// Takes up releases that were not looked at yet; those that may not be used are remembered with the reason.
    ///
    /// # Errors
    /// When the journal can not note a new version.
    pub fn look_for_releases(&self) -> Result<(), DeskFault> {
        let folder = self.shared.data.join(FOLDER);
        let names = ReleaseFolder::names(&folder);
        let mut looked = lock(&self.shared.releases);
        if names.iter().all(|name| looked.names.contains(name)) {
            return Ok(());
        }
        let found = ReleaseFolder::read(&folder, &|name| looked.names.contains(name));
        looked.names.extend(names);
        for (name, fault) in found.faults {
            tracing::warn!(%fault, "a catalogue release is not used");
            looked.refused.push((name, fault.to_string()));
        }
        drop(looked);
        for catalogue in found.catalogues {
            let (version, effective) = (catalogue.version().to_owned(), day(catalogue.effective()));
            let new = self.shared.shelf.write().unwrap_or_else(std::sync::PoisonError::into_inner).put(catalogue);
            let key = format!("{SETTING}{version}");
            if new && self.shared.store.find_setting(&key)?.is_none() {
                self.note(None, CounterEvent::SettingChanged { key, value: effective })?;
            }
        }
        Ok(())
    }

    /// Releases that may not be used, by file name, with the reason.
    pub(crate) fn refused_releases(&self) -> Vec<(String, String)> {
        lock(&self.shared.releases).refused.clone()
    }
}
