//! A counter of the demonstration.

use onewindow_desk::{Desk, DeskFolder, FILE_NAME};
use tempfile::TempDir;

/// A clerk and the supervisor of the demonstration: number and PIN.
pub const CLERK: (&str, &str) = ("0307", "246810");
pub const SUPERVISOR: (&str, &str) = ("0012", "975310");

pub struct LoneCounter {
    pub desk: Desk,
    folder: TempDir,
}

impl LoneCounter {
    /// A new counter, nobody signed in.
    pub fn new() -> Self {
        Self::with(&serde_json::json!({}))
    }

    /// As [`LoneCounter::new`], set up otherwise in these points.
    pub fn with(changed: &serde_json::Value) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config: serde_json::Value = serde_json::from_str(include_str!("../../../../assets/demo/counter.json")).unwrap();
        for (key, value) in changed.as_object().unwrap() {
            config[key] = value.clone();
        }
        std::fs::write(folder.path().join(FILE_NAME), config.to_string()).unwrap();
        Self {
            desk: Desk::open(&DeskFolder::with_key_file(folder.path()), &|_percent| {}).unwrap(),
            folder,
        }
    }

    /// The same counter after its program ended.
    pub fn again(self) -> Self {
        let Self { desk, folder } = self;
        desk.close();
        drop(desk);
        // Threads that still hold the desk let go soon.
        for _ in 0..100 {
            match Desk::open(&DeskFolder::with_key_file(folder.path()), &|_percent| {}) {
                Ok(desk) => return Self { desk, folder },
                Err(_locked) => std::thread::sleep(std::time::Duration::from_millis(50)),
            }
        }
        panic!("the folder is still locked");
    }

    pub fn sign_in(&self, (number, pin): (&str, &str)) {
        self.desk.sign_in(number, pin).unwrap();
    }
}
