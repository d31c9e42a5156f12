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
        let folder = tempfile::tempdir().unwrap();
        let config = include_str!("../../../../assets/demo/counter.json");
        std::fs::write(folder.path().join(FILE_NAME), config).unwrap();
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
