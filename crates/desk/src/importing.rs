//! Pages coming in from files. Absent on purpose: decoding by name; the content decides (`capture::import`).

use std::path::{Path, PathBuf};
use std::sync::mpsc::SyncSender;

use onewindow_capture::{Limits, import, isolated};
use onewindow_case::decide::may_edit;
use onewindow_case::event::PageOrigin;
use onewindow_case::ids::CaseId;
use onewindow_ipc::case_view::CaseView;

use crate::desk::Desk;
use crate::fault::DeskFault;
use crate::judging::Unjudged;

/// Most files taken at once.
const FILES_MAX: usize = 100;

impl Desk {
    /// Takes files (JPEG, PNG, TIFF, WebP, BMP, PDF) into a case. Good files are kept also when another one is not.
    ///
    /// # Errors
    /// Case not editable; more files than are taken at once, of which none is; the first file that could not be taken, after all others were.
    pub fn import_files(&self, id: CaseId, material: Option<String>, paths: &[PathBuf]) -> Result<CaseView, DeskFault> {
        may_edit(self.get_case(id)?.as_ref())?;
        if paths.len() > FILES_MAX {
            return Err(DeskFault::TooManyFiles(paths.len()));
        }
        let first_fault = self.beside_judges(|judges| {
            let mut first_fault = None;
            for path in paths {
                if let Err(fault) = self.keep_file(id, material.as_deref(), path, &judges) {
                    tracing::warn!(code = fault.to_command_fault().code, "a file was not taken");
                    first_fault.get_or_insert(fault);
                }
            }
            first_fault
        });
        match first_fault {
            Some(fault) => Err(fault),
            None => self.show(id),
        }
    }

    /// Keeps all pages of a file and hands each on to be judged, or says why not.
    pub(crate) fn keep_file(&self, id: CaseId, material: Option<&str>, path: &Path, judges: &SyncSender<Unjudged>) -> Result<(), DeskFault> {
        let actor = self.actor()?;
        let limits = Limits::default();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let bytes = import::read_file(path, &limits).map_err(|source| DeskFault::FileUnreadable { source })??;
        for page in isolated::split_apart(&bytes, &name, &limits)? {
            let kept = self.keep_raw(&actor, id, material, page, PageOrigin::File(name.clone()))?;
            self.tell_case(self.get_case(id)?.as_ref());
            judges.send(kept).map_err(|_| DeskFault::Defect("no judge is left".into()))?;
        }
        Ok(())
    }
}
