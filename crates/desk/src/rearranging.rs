//! What a clerk does with pages besides filing and turning: cut anew, halve, join, move, scan again. Each step can be undone (see
//! `undoing`): the original stays, a page taken out stays in the history, and cutting anew starts from the original every time.

use onewindow_capture::{Limits, ProcessedPage, RawPage, cut, halves, joined};
use onewindow_case::CaseEvent;
use onewindow_case::decide::may_edit;
use onewindow_case::event::PageOrigin;
use onewindow_case::ids::{CaseId, MaterialKey, PageId};
use onewindow_ipc::case_view::{CaseView, ShareView};
use onewindow_ipc::page_act::PageAct;
use onewindow_journal::Actor;

use crate::desk::Desk;
use crate::fault::DeskFault;
use crate::judging::{Unjudged, from_shares, judgement};
use crate::undoing::WayBack;

impl Desk {
    /// Cuts a page out of its original by corners the clerk gave on it (top left, top right,
    /// bottom right, bottom left of the page). It is judged and read again.
    ///
    /// # Errors
    /// Case not editable, page unknown, corners that hold no page.
    pub fn crop_page(&self, id: CaseId, page: PageId, corners: &[ShareView; 4]) -> Result<CaseView, DeskFault> {
        let case = self.get_case(id)?;
        let known = case.find_page(page).ok_or(DeskFault::Unknown { what: "page" })?;
        let material = known.material.as_ref().map(|key| key.as_str().to_owned());
        let hint = crate::judging::hint(&case, material.as_deref(), self);
        let raw = self.raw_page(known.original)?;
        let shares = [0, 1, 2, 3].map(|corner| from_shares([corners[corner].x, corners[corner].y]));
        let processed = cut(&raw, &shares, &hint, &Limits::default())?;
        self.show_again(id, page, PageAct::Cropped, processed)
    }

    /// Takes the clerk's cutting and turning back: the page as the counter itself corrects it.
    ///
    /// # Errors
    /// Case not editable, page unknown.
    pub fn reset_page(&self, id: CaseId, page: PageId) -> Result<CaseView, DeskFault> {
        let case = self.get_case(id)?;
        let known = case.find_page(page).ok_or(DeskFault::Unknown { what: "page" })?;
        let processed = self.process_again(&case, page, known.original)?;
        self.show_again(id, page, PageAct::Reset, processed)
    }

    /// Makes two pages of one, left and right or top and bottom; the whole one is taken out and can come back.
    ///
    /// # Errors
    /// Case not editable, page unknown.
    pub fn split_page(&self, id: CaseId, page: PageId) -> Result<CaseView, DeskFault> {
        let case = self.get_case(id)?;
        let known = case.find_page(page).ok_or(DeskFault::Unknown { what: "page" })?;
        let parts = halves(&self.shared.store.read_page(&known.corrected)?)?;
        self.put_in_place(id, PageAct::Split, &[page], parts.into())
    }

    /// Puts two pages on one sheet, the first above the second; both are taken out and can come back.
    ///
    /// # Errors
    /// Case not editable, a page unknown, twice the same page.
    pub fn join_pages(&self, id: CaseId, first: PageId, second: PageId) -> Result<CaseView, DeskFault> {
        let case = self.get_case(id)?;
        let bytes = |page| -> Result<Vec<u8>, DeskFault> {
            let known = case.find_page(page).ok_or(DeskFault::Unknown { what: "page" })?;
            Ok(self.shared.store.read_page(&known.corrected)?)
        };
        if first == second {
            return Err(DeskFault::Unknown { what: "second page" });
        }
        let sheet = joined(&bytes(first)?, &bytes(second)?)?;
        self.put_in_place(id, PageAct::Joined, &[first, second], vec![sheet])
    }

    /// Moves a page before another one, or to the end.
    ///
    /// # Errors
    /// Case not editable, a page unknown.
    pub fn move_page(&self, id: CaseId, page: PageId, before: Option<PageId>) -> Result<CaseView, DeskFault> {
        self.edit_page(id, page, PageAct::Moved, |case, _| {
            if let Some(before) = before {
                case.find_page(before).ok_or(DeskFault::Unknown { what: "page" })?;
            }
            Ok(if before == Some(page) {
                Vec::new()
            } else {
                vec![CaseEvent::PageMoved { page, before }]
            })
        })
    }

    /// Keeps a page's new picture with its judgement and queues it for reading.
    fn show_again(&self, id: CaseId, page: PageId, act: PageAct, processed: ProcessedPage) -> Result<CaseView, DeskFault> {
        let (corrected, thumb) = self.keep_pictures(id, &processed)?;
        let judgement = judgement(&processed);
        let view = self.edit_page(id, page, act, |_, _| {
            Ok(vec![CaseEvent::PageJudged {
                page,
                corrected,
                thumb,
                judgement,
            }])
        })?;
        self.shared.reading.put_anew(id, page, Some(Box::new(processed)));
        Ok(view)
    }

    /// Keeps a page that was scanned again: in one append it takes place and paper of the old one, and the old one is taken out.
    pub(crate) fn keep_in_place_of(&self, actor: &Actor, id: CaseId, old: PageId, raw: RawPage, origin: PageOrigin) -> Result<Unjudged, DeskFault> {
        let case = self.get_case(id)?;
        let known = case.find_page(old).ok_or(DeskFault::Unknown { what: "page" })?;
        let material = known.material.as_ref().map(MaterialKey::as_str);
        let mut before = None;
        let kept = self.keep_raw_and(actor, id, material, raw, origin, |case, page| {
            before = Some(case.clone());
            let moved = CaseEvent::PageMoved { page, before: Some(old) };
            let removed = CaseEvent::PageRemoved { page: old };
            vec![moved, removed]
        })?;
        if let Some(before) = before {
            self.remember(WayBack {
                act: PageAct::Replaced,
                before,
                changed: vec![old],
                made: vec![kept.page()],
            });
        }
        Ok(kept)
    }

    /// Keeps new pages, then, in one append, puts them where the first of the old ones stands and takes the old ones out.
    fn put_in_place(&self, id: CaseId, act: PageAct, old: &[PageId], new: Vec<RawPage>) -> Result<CaseView, DeskFault> {
        let actor = self.actor()?;
        let case = self.get_case(id)?;
        may_edit(&case)?;
        let first = old.first().and_then(|page| case.find_page(*page)).ok_or(DeskFault::Unknown { what: "page" })?;
        let (origin, material) = (first.origin.clone(), first.material.as_ref().map(|key| key.as_str().to_owned()));
        let mut made = Vec::new();
        for raw in new {
            let kept = self.keep_raw(&actor, id, material.as_deref(), raw, origin.clone())?;
            made.push(kept.page());
            self.judge_kept_as_one(kept)?;
        }
        let moved = made.iter().map(|page| CaseEvent::PageMoved {
            page: *page,
            before: Some(first.id),
        });
        let removed = old.iter().map(|page| CaseEvent::PageRemoved { page: *page });
        let events = moved.chain(removed).collect();
        let mut before = None;
        let case = self.act(id, |case| {
            may_edit(case)?;
            before = Some(case.clone());
            Ok(events)
        })?;
        if let Some(before) = before {
            self.remember(WayBack {
                act,
                before,
                changed: old.to_vec(),
                made,
            });
        }
        self.case_view(&case)
    }
}
