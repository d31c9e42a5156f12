//! The catalogue's own files, its guidance and search, and what it says about faulty files.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod faults;
mod generated;
mod guidance;
mod releases;
mod search;

use onewindow_catalogue::{Bundle, Catalogue};

/// The built-in catalogue, which must be clean.
fn catalogue() -> Catalogue {
    match Catalogue::built_in() {
        Ok(catalogue) => catalogue,
        Err(onewindow_catalogue::CatalogueError::Faulty(faults)) => {
            panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        }
        Err(error) => panic!("{error}"),
    }
}

fn bundle<'a>(catalogue: &'a Catalogue, id: &str) -> &'a Bundle {
    catalogue.find_bundle(&id.into()).unwrap()
}
