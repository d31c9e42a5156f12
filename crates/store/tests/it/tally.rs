//! The counts of the fault tests, printed and kept in `target/faults.json`: faults tried, losses and undetected damages (both must be 0).
//! Tests run in processes of their own, so the file is changed under a lock.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

/// What one kind of fault did. A test counts what is lost and goes on; [`report`] fails it at the end.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    /// Faults tried.
    pub faults: u64,
    /// Acknowledged things that were gone after a fault that must cost nothing, in words.
    pub lost: Vec<String>,
    /// Damages that nobody noticed, in words.
    pub undetected: Vec<String>,
    /// Further figures.
    pub notes: Vec<(&'static str, u64)>,
}

impl Tally {
    /// Counts a loss unless what was acknowledged is there.
    pub fn expect(&mut self, is_there: bool, said: impl FnOnce() -> String) {
        if !is_there {
            self.lost.push(said());
        }
    }
}

/// Prints a tally and keeps it in the file, then fails the test if anything was lost or passed unseen.
pub fn report(kind: &str, tally: &Tally) {
    let mut told = Map::new();
    told.insert("faults".to_owned(), json!(tally.faults));
    told.insert("losses".to_owned(), json!(tally.lost.len()));
    told.insert("undetected".to_owned(), json!(tally.undetected.len()));
    told.insert("full".to_owned(), json!(in_full()));
    for (name, count) in &tally.notes {
        told.insert((*name).to_owned(), json!(count));
    }
    println!("{kind}: {}", Value::Object(told.clone()));
    keep(kind, Value::Object(told));
    assert!(tally.lost.is_empty(), "{kind}: lost: {:#?}", tally.lost);
    assert!(tally.undetected.is_empty(), "{kind}: undetected: {:#?}", tally.undetected);
}

/// Says that faults of a kind could not be tried here, and why.
pub fn not_here(kind: &str, why: &str) {
    println!("{kind}: not tried here: {why}");
    keep(kind, json!({ "faults": 0, "losses": 0, "undetected": 0, "not_tried": why }));
}

/// Whether the long form is asked for.
pub fn in_full() -> bool {
    std::env::var_os("ONEWINDOW_SLOW").is_some_and(|value| !value.is_empty())
}

fn keep(kind: &str, told: Value) {
    let path = file();
    let lock = File::create(path.with_extension("lock")).expect("the target folder can be written");
    lock.lock().expect("locked");
    let known = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Map<String, Value>>(&bytes).ok());
    let mut all = known.unwrap_or_default();
    all.insert(kind.to_owned(), told);
    fs::write(&path, serde_json::to_vec_pretty(&all).expect("plain data")).expect("written");
}

fn file() -> PathBuf {
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    temporary.parent().unwrap_or(temporary).join("faults.json")
}
