//! The folder into which a scanner that stands by itself, or another program, puts files. They wait there until the clerk takes them
//! into a case: no file is ever filed by guessing. A file leaves the folder only after all its pages are on disk here, since it
//! holds personal data in clear. Absent on purpose: telling when a file is whole (crate `scan`) and its format (crate `capture`).

use std::time::{Duration, Instant};

use onewindow_case::decide::may_edit;
use onewindow_case::ids::CaseId;
use onewindow_ipc::Words;
use onewindow_ipc::case_view::CaseView;
use onewindow_ipc::status::InboxStatus;
use onewindow_scan::{FolderInbox, RestingFile, ScanFault};

use crate::desk::{Desk, lock};
use crate::fault::DeskFault;

/// How long a file must have kept its size and time; devices on a network write in pieces.
const SETTLE: Duration = Duration::from_secs(2);
/// Most files taken by one act.
const FILES_MAX: usize = 100;

/// The watched folder and what rests in it.
#[derive(Debug)]
pub(crate) struct Inbox {
    folder: FolderInbox,
    resting: Vec<RestingFile>,
    /// Files of which the pages are kept but that could not be removed.
    left: usize,
    unreadable: bool,
}

impl Inbox {
    /// A folder to be watched from now on.
    pub fn of(folder: &std::path::Path) -> Self {
        Self {
            folder: FolderInbox::new(folder, SETTLE),
            resting: Vec::new(),
            left: 0,
            unreadable: false,
        }
    }

    fn look(&mut self, now: Instant) {
        match self.folder.poll(now) {
            Ok(resting) => {
                self.resting = resting;
                self.unreadable = false;
            }
            Err(fault) => {
                if !self.unreadable {
                    tracing::warn!(%fault, "looking into the folder of the scanner");
                }
                self.resting.clear();
                self.unreadable = true;
            }
        }
    }

    fn status(&self) -> InboxStatus {
        let words = if self.unreadable {
            let told = DeskFault::Scan(ScanFault::InboxUnreadable).to_command_fault();
            Some(Words::new(
                format!("{}{}", told.what.zh, told.remedy.zh),
                format!("{} {}", told.what.en, told.remedy.en),
            ))
        } else if self.left > 0 {
            Some(Words::new(
                format!("收件夹有 {} 个文件已收进办件，但删不掉。请通知安装员。", self.left),
                format!(
                    "{} files of the scanner's folder are kept here but can not be removed there. Tell the installer.",
                    self.left
                ),
            ))
        } else {
            None
        };
        InboxStatus {
            files: u32::try_from(self.resting.len()).unwrap_or(u32::MAX),
            words,
        }
    }
}

impl Desk {
    /// Looks into the folder; called once a second.
    pub(crate) fn look_into_inbox(&self) {
        if let Some(inbox) = lock(&self.shared.inbox).as_mut() {
            inbox.look(Instant::now());
        }
    }

    /// What waits in the folder; nothing when none is set up.
    pub(crate) fn inbox_status(&self) -> Option<InboxStatus> {
        lock(&self.shared.inbox).as_ref().map(Inbox::status)
    }

    /// Takes the files that wait in the folder into a case, by name. Each is removed from the folder once all its pages are on disk;
    /// a file that can not be taken stays where it is, and the others are taken all the same.
    ///
    /// # Errors
    /// Case not editable, [`ScanFault::InboxUnreadable`]; the first file that could not be taken, after all others were.
    pub fn take_inbox(&self, id: CaseId, material: Option<String>) -> Result<CaseView, DeskFault> {
        may_edit(self.get_case(id)?.as_ref())?;
        let waiting = {
            let mut inbox = lock(&self.shared.inbox);
            let inbox = inbox.as_mut().ok_or(DeskFault::Scan(ScanFault::InboxUnreadable))?;
            inbox.look(Instant::now());
            if inbox.unreadable {
                return Err(DeskFault::Scan(ScanFault::InboxUnreadable));
            }
            inbox.resting.clone()
        };
        let first_fault = self.beside_judges(|judges| {
            let mut first_fault = None;
            for file in waiting.iter().take(FILES_MAX) {
                match self.keep_file(id, material.as_deref(), &file.path, &judges) {
                    Ok(()) => self.remove_taken(file),
                    Err(fault) => {
                        tracing::warn!(code = fault.to_command_fault().code, "a file of the folder was not taken");
                        first_fault.get_or_insert(fault);
                    }
                }
            }
            first_fault
        });
        self.look_into_inbox();
        match first_fault {
            Some(fault) => Err(fault),
            None => self.show(id),
        }
    }

    /// Takes a file whose pages are kept out of the folder, unless it was written anew meanwhile.
    fn remove_taken(&self, file: &RestingFile) {
        let now = std::fs::symlink_metadata(&file.path);
        let is_same = now.is_ok_and(|data| data.len() == file.length && data.modified().ok() == file.changed);
        if !is_same {
            return;
        }
        let removed = std::fs::remove_file(&file.path);
        if let Some(inbox) = lock(&self.shared.inbox).as_mut() {
            inbox.folder.take(&file.path);
            if let Err(error) = removed {
                tracing::warn!(%error, "removing a file whose pages are kept");
                inbox.left += 1;
            }
        }
    }
}
