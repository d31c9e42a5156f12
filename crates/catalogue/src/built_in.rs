//! The catalogue files that come with the program, as text. Absent on purpose: parsing.

use crate::catalogue::CatalogueSource;

/// Files of a catalogue besides the bundles.
pub(crate) const SHARED_FILES: &[&str] = &["catalogue.yaml", "departments.yaml", "data-sources.yaml", "materials.yaml", "refusals.yaml"];

const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/catalogue_files.rs"));

pub(crate) fn files() -> CatalogueSource {
    FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}
