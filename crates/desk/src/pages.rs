//! What a clerk does with pages after they came in: file them elsewhere, turn them, take them out and back. Nothing is ever deleted.
//! And the pictures of pages and documents for the window.

use onewindow_case::decide::may_edit;
use onewindow_case::ids::{CaseId, DocumentId, MaterialKey, PageId};
use onewindow_case::{Case, CaseEvent};
use onewindow_ipc::case_view::CaseView;
use onewindow_ipc::page_act::PageAct;
use onewindow_ipc::session::Role;
use onewindow_print::preview_png;

use crate::desk::{Desk, lock};
use crate::fault::DeskFault;
use crate::reading::fields_from_page;
use crate::undoing::WayBack;

/// Which picture of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// As acquired.
    Original,
    /// Upright and cropped.
    Corrected,
    /// Upright and cropped, with at least so many elements on its longer side: as much as a screen can show.
    Fitted(u32),
    /// Small.
    Thumb,
    /// A part of the corrected page: x, y, width, height in px.
    Snippet([u32; 4]),
}

impl Desk {
    /// Files a page under another paper of the checklist, or under none; the form follows what was read on it.
    ///
    /// # Errors
    /// Case not editable, page or paper unknown.
    pub fn assign_page(&self, id: CaseId, page: PageId, material: Option<&str>) -> Result<CaseView, DeskFault> {
        let material = material.map(MaterialKey::new);
        self.edit_page(id, page, PageAct::Filed, |case, bundle| {
            if let Some(material) = &material {
                bundle.find_material(material).ok_or(DeskFault::Unknown { what: "paper" })?;
            }
            let readings = case.find_page(page).map(|page| page.readings.clone()).unwrap_or_default();
            let mut events = vec![CaseEvent::PageAssigned {
                page,
                material: material.clone(),
                guess_percent: None,
            }];
            events.extend(material.iter().flat_map(|material| fields_from_page(bundle, case, page, material, &readings)));
            Ok(events)
        })
    }

    /// Turns a page clockwise by quarter turns; the original stays as acquired.
    ///
    /// # Errors
    /// Case not editable, page unknown or not readable.
    pub fn turn_page(&self, id: CaseId, page: PageId, quarter_turns: u8) -> Result<CaseView, DeskFault> {
        let case = self.get_case(id)?;
        let known = case.find_page(page).ok_or(DeskFault::Unknown { what: "page" })?;
        let upright = onewindow_capture::turn(&self.shared.store.read_page(&known.corrected)?, quarter_turns % 4)?;
        let corrected = self.shared.store.keep_page(Some(id), &upright.jpeg)?;
        let thumb = self.shared.store.keep_page(Some(id), &upright.thumb_jpeg)?;
        let view = self.edit_page(id, page, PageAct::Turned, |_, _| {
            Ok(vec![CaseEvent::PageTurned {
                page,
                corrected,
                thumb,
                quarter_turns: quarter_turns % 4,
            }])
        })?;
        if !known.read {
            self.shared.reading.put_anew(id, page, None);
        }
        Ok(view)
    }

    /// Takes a page out; it stays in the history and can come back.
    ///
    /// # Errors
    /// Case not editable, page unknown.
    pub fn remove_page(&self, id: CaseId, page: PageId) -> Result<CaseView, DeskFault> {
        self.edit_page(id, page, PageAct::Removed, |_, _| Ok(vec![CaseEvent::PageRemoved { page }]))
    }

    /// Brings a page back that was taken out.
    ///
    /// # Errors
    /// Case not editable, page unknown.
    pub fn restore_page(&self, id: CaseId, page: PageId) -> Result<CaseView, DeskFault> {
        self.edit_page(id, page, PageAct::Restored, |_, _| Ok(vec![CaseEvent::PageRestored { page }]))
    }

    /// The bytes of a picture of a page (JPEG, PNG or as imported).
    ///
    /// # Errors
    /// Nobody signed in, page unknown, picture damaged.
    pub fn page_picture(&self, id: CaseId, page: PageId, picture: Picture) -> Result<Vec<u8>, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let case = self.case_to_read(id)?;
        let page = case.find_page(page).ok_or(DeskFault::Unknown { what: "page" })?;
        match picture {
            Picture::Original => Ok(onewindow_capture::viewable(self.page_to_read(id, &page.original)?)?),
            Picture::Corrected => self.page_to_read(id, &page.corrected),
            Picture::Fitted(side_px) => Ok(onewindow_capture::fitted(self.page_to_read(id, &page.corrected)?, side_px)?),
            Picture::Thumb => self.page_to_read(id, &page.thumb),
            Picture::Snippet(region) => Ok(onewindow_capture::snippet(&self.page_to_read(id, &page.corrected)?, region)?),
        }
    }

    /// A page of a made document as PNG, pages from 1.
    ///
    /// # Errors
    /// Nobody signed in, document or page unknown.
    pub fn document_picture(&self, id: CaseId, document: DocumentId, page_no: usize) -> Result<Vec<u8>, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        let case = self.case_to_read(id)?;
        let document = case.find_document(document).ok_or(DeskFault::Unknown { what: "document" })?;
        let pdf = self.page_to_read(id, &document.bytes)?;
        let sheet = page_no.checked_sub(1).ok_or(DeskFault::Unknown { what: "page of the document" })?;
        Ok(preview_png(&pdf, sheet, 110.0)?)
    }

    /// A page of a preview as PNG, pages from 1.
    ///
    /// # Errors
    /// The preview is no longer kept.
    pub fn preview_picture(&self, token: &str, page_no: usize) -> Result<Vec<u8>, DeskFault> {
        self.require(&[Role::Clerk, Role::Supervisor])?;
        lock(&self.shared.previews).find(token, page_no).ok_or(DeskFault::Unknown { what: "preview" })
    }

    /// Does something with one page, if the case may be changed, and keeps the way back.
    pub(crate) fn edit_page(
        &self,
        id: CaseId,
        page: PageId,
        act: PageAct,
        decide: impl FnOnce(&Case, &onewindow_catalogue::Bundle) -> Result<Vec<CaseEvent>, DeskFault>,
    ) -> Result<CaseView, DeskFault> {
        let mut way = None;
        let case = self.act(id, |case| {
            may_edit(case)?;
            case.find_page(page).ok_or(DeskFault::Unknown { what: "page" })?;
            let events = decide(case, &*self.get_bundle(case)?)?;
            way = (!events.is_empty()).then(|| WayBack {
                act,
                before: case.clone(),
                changed: vec![page],
                made: Vec::new(),
            });
            Ok(events)
        })?;
        if let Some(way) = way {
            self.remember(way);
        }
        self.case_view(&case)
    }
}
