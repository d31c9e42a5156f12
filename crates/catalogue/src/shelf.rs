//! Catalogues of several versions side by side: the one in force on a day for new cases, the one at receipt for every other.
//!
//! A version once put on the shelf never changes: a case that began with it keeps its rules to the end. Absent on purpose:
//! files and signatures (see `release`), and the clock.

use std::ops::Deref;
use std::sync::Arc;

use onewindow_case::ids::BundleId;
use time::Date;

use crate::bundle::Bundle;
use crate::catalogue::Catalogue;

/// Every version that is known, by the first day on which it is used.
#[derive(Debug, Clone)]
pub struct Shelf {
    versions: Vec<Arc<Catalogue>>,
}

impl Shelf {
    /// A shelf with one catalogue.
    pub fn of(first: Arc<Catalogue>) -> Self {
        Self { versions: vec![first] }
    }

    /// Puts a version on the shelf; false when it is there already, which changes nothing.
    pub fn put(&mut self, catalogue: Arc<Catalogue>) -> bool {
        if self.find(catalogue.version()).is_some() {
            return false;
        }
        self.versions.push(catalogue);
        self.versions.sort_by(|a, b| (a.effective(), a.version()).cmp(&(b.effective(), b.version())));
        true
    }

    /// The version in force on a day: the last one whose first day is not after it, else the first there is.
    pub fn on(&self, day: Date) -> &Arc<Catalogue> {
        let in_force = self.versions.iter().rev().find(|catalogue| catalogue.effective() <= day);
        in_force.unwrap_or(&self.versions[0])
    }

    /// The version with this name.
    pub fn find(&self, version: &str) -> Option<&Arc<Catalogue>> {
        self.versions.iter().find(|catalogue| catalogue.version() == version)
    }

    /// All versions, the earliest first.
    pub fn versions(&self) -> &[Arc<Catalogue>] {
        &self.versions
    }
}

/// A bundle that keeps its catalogue alive, so that a new release never takes it away from who works with it.
#[derive(Debug, Clone)]
pub struct SharedBundle {
    catalogue: Arc<Catalogue>,
    place: usize,
}

impl SharedBundle {
    /// The bundle of this id in a catalogue.
    pub fn find(catalogue: &Arc<Catalogue>, id: &BundleId) -> Option<Self> {
        let place = catalogue.bundles().iter().position(|bundle| &bundle.id == id)?;
        Some(Self {
            catalogue: Arc::clone(catalogue),
            place,
        })
    }

    /// The catalogue it stands in.
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }
}

impl Deref for SharedBundle {
    type Target = Bundle;

    fn deref(&self) -> &Bundle {
        &self.catalogue.bundles()[self.place]
    }
}
