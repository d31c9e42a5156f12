//! What becomes of a page that came in: kept as it is, then corrected and judged, then queued for reading. Nothing is lost in between:
//! a page that was kept but not judged when the app ended is judged at the next start.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use onewindow_capture::{Limits, PaperHint, ProcessedPage, RawPage, cut, give_way, import, process_each};
use onewindow_case::case::Page;
use onewindow_case::event::{Judgement, PageOrigin, QualityRemark};
use onewindow_case::ids::{CaseId, Digest, MaterialKey, PageId};
use onewindow_case::{Case, CaseEvent};
use onewindow_journal::Actor;
use onewindow_scan::PageRoom;
use uuid::Uuid;

use crate::desk::{Desk, lock, system};
use crate::fault::DeskFault;
use crate::papers;

/// Decoded pages in memory at once: from a scanner's first row to the page's judgement, and while a page is read.
pub(crate) const DECODED_PAGES: usize = 3;
/// Threads that judge, one for each processor of a small counter.
const JUDGES: usize = 2;

/// A page on disk that waits for its judgement.
pub(crate) struct Unjudged {
    actor: Actor,
    case: CaseId,
    page: PageId,
    original: Digest,
    material: Option<String>,
    origin: PageOrigin,
    raw: RawPage,
    /// The place of its pixels, where it has one already.
    room: Option<PageRoom>,
}

impl Unjudged {
    /// The page with the place that its pixels have.
    pub(crate) fn in_room(mut self, room: Option<PageRoom>) -> Self {
        self.room = room;
        self
    }

    /// The page's identity.
    pub(crate) fn page(&self) -> PageId {
        self.page
    }
}

impl Desk {
    /// Keeps a page durably, as it came.
    pub(crate) fn keep_raw(&self, actor: &Actor, id: CaseId, material: Option<&str>, raw: RawPage, origin: PageOrigin) -> Result<Unjudged, DeskFault> {
        self.keep_raw_and(actor, id, material, raw, origin, |_, _| Vec::new())
    }

    /// As [`Desk::keep_raw`], with what else happens because this page came: all of it is on disk, or nothing.
    pub(crate) fn keep_raw_and(
        &self,
        actor: &Actor,
        id: CaseId,
        material: Option<&str>,
        raw: RawPage,
        origin: PageOrigin,
        more: impl FnOnce(&Case, PageId) -> Vec<CaseEvent>,
    ) -> Result<Unjudged, DeskFault> {
        let (_, bytes) = raw.to_file()?;
        let original = self.shared.store.keep_page(Some(id), &bytes)?;
        let page = PageId::new(Uuid::now_v7());
        self.act_as(actor.clone(), id, |case| {
            let mut events = vec![kept(case, page, original, material, &origin)];
            events.extend(more(case, page));
            Ok(events)
        })?;
        Ok(Unjudged {
            actor: actor.clone(),
            case: id,
            page,
            original,
            material: material.map(str::to_owned),
            origin,
            raw,
            room: None,
        })
    }

    /// Corrects and judges a kept page, then queues it for reading. Several cards on one glass become pages of their own.
    pub(crate) fn judge_kept(&self, kept_page: Unjudged) -> Result<(), DeskFault> {
        let Unjudged {
            actor,
            case: id,
            page,
            original,
            material,
            origin,
            raw,
            room,
        } = kept_page;
        let _room = room.unwrap_or_else(|| self.shared.rooms.enter());
        let case = self.get_case(id)?;
        let processed = match process_each(&raw, &hint(&case, material.as_deref(), self), &Limits::default(), None) {
            Ok(pages) => pages,
            Err(fault) => {
                // The page is safe and stays; that it can not be shown is told as its verdict.
                self.act_as(actor, id, |_| {
                    Ok(vec![CaseEvent::PageJudged {
                        page,
                        corrected: original,
                        thumb: original,
                        judgement: unreadable(&fault),
                    }])
                })?;
                return Ok(());
            }
        };
        drop(raw);
        let mut target = Some(page);
        for processed in processed {
            let page = match target.take() {
                Some(page) => page,
                None => {
                    // Several cards lay on the glass: each becomes a page of its own with the same original.
                    let page = PageId::new(Uuid::now_v7());
                    self.act_as(actor.clone(), id, |case| Ok(vec![kept(case, page, original, material.as_deref(), &origin)]))?;
                    page
                }
            };
            self.judge(&actor, id, page, processed)?;
        }
        Ok(())
    }

    /// As [`Desk::judge_kept`] for a picture that is itself the page: nothing is cut out of it.
    pub(crate) fn judge_kept_as_one(&self, kept_page: Unjudged) -> Result<(), DeskFault> {
        const WHOLE: [[f32; 2]; 4] = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
        let case = self.get_case(kept_page.case)?;
        let hint = hint(&case, kept_page.material.as_deref(), self);
        let processed = cut(&kept_page.raw, &WHOLE, &hint, &Limits::default())?;
        self.judge(&kept_page.actor, kept_page.case, kept_page.page, processed)
    }

    /// Does something that brings pages, and judges them beside it as they are sent; returns when the last one is judged.
    pub(crate) fn beside_judges<T>(&self, bring: impl FnOnce(SyncSender<Unjudged>) -> T) -> T {
        let (judges, waiting) = sync_channel(1);
        let waiting = Mutex::new(waiting);
        std::thread::scope(|scope| {
            for _ in 0..JUDGES {
                scope.spawn(|| {
                    give_way();
                    self.judge_waiting(&waiting);
                });
            }
            // The judges end when the last page is judged and this sender is gone.
            bring(judges)
        })
    }

    fn judge_waiting(&self, waiting: &Mutex<Receiver<Unjudged>>) {
        loop {
            let next = lock(waiting).recv();
            let Ok(page) = next else { return };
            if let Err(fault) = self.judge_kept(page) {
                // It is on disk and will be judged at the next start.
                tracing::warn!(%fault, "judging a page");
            }
        }
    }

    /// Judges pages that were kept but not judged when the app ended.
    pub(crate) fn resume_judging(&self) {
        let desk = self.clone();
        let resume = move || {
            give_way();
            for case in desk.newest_cases() {
                for page in case.counted_pages() {
                    let pending = page.judgement.verdict == Judgement::PENDING;
                    let done = if pending { desk.judge_again(&case, page.id, page.original) } else { Ok(()) };
                    if let Err(fault) = done {
                        tracing::warn!(%fault, "judging a page again");
                    }
                    if !page.read {
                        desk.shared.reading.put(case.id, page.id, None);
                    }
                }
            }
        };
        if let Err(error) = std::thread::Builder::new().name("judge".into()).spawn(resume) {
            tracing::error!(%error, "starting to judge");
        }
    }

    fn judge(&self, actor: &onewindow_journal::Actor, id: CaseId, page: PageId, processed: ProcessedPage) -> Result<(), DeskFault> {
        let (corrected, thumb) = self.keep_pictures(id, &processed)?;
        let judgement = judgement(&processed);
        let case = self.act_as(actor.clone(), id, |_| {
            Ok(vec![CaseEvent::PageJudged {
                page,
                corrected,
                thumb,
                judgement,
            }])
        })?;
        self.shared.reading.put(id, page, Some(Box::new(processed)));
        // Told once more, since who asked between the two saw a page that nobody reads.
        self.tell_case(&case);
        Ok(())
    }

    /// Keeps the corrected picture of a page and its small one.
    pub(crate) fn keep_pictures(&self, id: CaseId, processed: &ProcessedPage) -> Result<(Digest, Digest), DeskFault> {
        let corrected = self.shared.store.keep_page(Some(id), &processed.jpeg)?;
        let thumb = self.shared.store.keep_page(Some(id), &processed.thumb_jpeg)?;
        Ok((corrected, thumb))
    }

    fn judge_again(&self, case: &Case, page: PageId, original: Digest) -> Result<(), DeskFault> {
        let _room = self.shared.rooms.enter();
        let processed = self.process_again(case, page, original)?;
        self.judge(&system(), case.id, page, processed)
    }

    /// Processes a kept page so that the picture is the one shown: where the clerk cut or turned it, by the corners noted then.
    pub(crate) fn process_as_shown(&self, case: &Case, page: &Page) -> Result<ProcessedPage, DeskFault> {
        let processed = self.process_again(case, page.id, page.original)?;
        let Some(shown) = page.judgement.corners.filter(|shown| Some(*shown) != corner_shares(&processed)) else {
            return Ok(processed);
        };
        let hint = hint(case, page.material.as_ref().map(MaterialKey::as_str), self);
        Ok(cut(&self.raw_page(page.original)?, &shown.map(from_shares), &hint, &Limits::default())?)
    }

    /// The picture as it came in.
    pub(crate) fn raw_page(&self, original: Digest) -> Result<RawPage, DeskFault> {
        let bytes = self.shared.store.read_page(&original)?;
        let pages = import::split(&bytes, "", &Limits::default())?;
        pages.into_iter().next().ok_or(DeskFault::Unknown { what: "page" })
    }

    /// Processes a kept page anew from its original. Pages cut out of one glass share their original; each is found again by its corners,
    /// or by its place among them where the clerk gave other corners.
    pub(crate) fn process_again(&self, case: &Case, page: PageId, original: Digest) -> Result<ProcessedPage, DeskFault> {
        let raw = self.raw_page(original)?;
        let material = case.find_page(page).and_then(|page| page.material.clone());
        let hint = hint(case, material.as_ref().map(MaterialKey::as_str), self);
        let place = case.pages.iter().filter(|other| other.original == original).position(|other| other.id == page);
        let mut parts = process_each(&raw, &hint, &Limits::default(), None)?;
        let noted = case.find_page(page).and_then(|page| page.judgement.corners);
        let lies_there = |noted| parts.iter().position(|part| corner_shares(part) == Some(noted));
        let place = noted.and_then(lies_there).or(place).unwrap_or(0).min(parts.len().saturating_sub(1));
        Ok(parts.swap_remove(place))
    }
}

fn kept(case: &Case, page: PageId, original: Digest, material: Option<&str>, origin: &PageOrigin) -> CaseEvent {
    let sequence = u32::try_from(case.pages.len()).unwrap_or(u32::MAX).saturating_add(1);
    CaseEvent::PageKept {
        page,
        original,
        corrected: original,
        thumb: original,
        material: material.map(MaterialKey::new),
        sequence,
        origin: origin.clone(),
        judgement: Judgement::pending(),
    }
}

pub(crate) fn hint(case: &Case, material: Option<&str>, desk: &Desk) -> PaperHint {
    let bundle = material.and_then(|_| desk.get_bundle(case).ok());
    let known = material.and_then(|key| bundle.as_ref()?.find_material(&MaterialKey::new(key)));
    let Some(paper) = known.map(|material| &material.paper) else {
        return PaperHint::default();
    };
    PaperHint {
        kind: papers::kind_of(&paper.id),
        size_mm: paper.scan.size_mm,
        other_size_mm: paper.scan.other_size_mm,
        min_dpi: paper.scan.dpi_min,
        blur_max_mm: paper.scan.blur_max_mm,
        glare_max: paper.scan.glare_max,
        brightness_min: paper.scan.brightness_min,
        sealed: paper.scan.sealed,
    }
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sizes of paper in tenths of a millimetre fit"
)]
pub(crate) fn judgement(page: &ProcessedPage) -> Judgement {
    let tenths = |size_mm: Option<f32>| (size_mm.unwrap_or_default() * 10.0).round().clamp(0.0, 100_000.0) as u32;
    Judgement {
        verdict: page.verdict.code().to_owned(),
        width_px: page.width_px,
        height_px: page.height_px,
        dpi: page.dpi.unwrap_or_default().round().clamp(0.0, 10_000.0) as u32,
        width_tenth_mm: tenths(page.width_mm),
        height_tenth_mm: tenths(page.height_mm),
        skew_centideg: if page.skew_corrected { (page.skew_deg * 100.0).round() as i32 } else { 0 },
        perceptual_hash: page.perceptual_hash,
        findings: page
            .findings
            .iter()
            .map(|finding| QualityRemark {
                code: finding.code.clone(),
                zh: finding.message.zh.clone(),
                en: finding.message.en.clone(),
            })
            .collect(),
        corners: corner_shares(page),
    }
}

/// A whole side of a picture, in the shares in which corners are noted.
const WHOLE_SIDE: f32 = 10_000.0;

/// The corners of a page as shares of its original.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "sides of pictures are small numbers")]
fn corner_shares(page: &ProcessedPage) -> Option<[[i32; 2]; 4]> {
    let share = |at: f32, side_px: u32| (at / side_px as f32 * WHOLE_SIDE).round() as i32;
    let is_known = page.raw_width_px > 0 && page.raw_height_px > 0;
    is_known.then(|| {
        page.corners
            .map(|corner| [share(corner.x, page.raw_width_px), share(corner.y, page.raw_height_px)])
    })
}

/// A noted corner as parts of the original's width and height.
#[allow(clippy::cast_precision_loss, reason = "ten-thousandths are small numbers")]
pub(crate) fn from_shares(corner: [i32; 2]) -> [f32; 2] {
    corner.map(|share| share.clamp(-10_000, 20_000) as f32 / WHOLE_SIDE)
}

fn unreadable(fault: &onewindow_capture::CaptureFault) -> Judgement {
    let words = fault.message();
    Judgement {
        verdict: fault.code().to_owned(),
        findings: vec![QualityRemark {
            code: fault.code().to_owned(),
            zh: words.zh,
            en: words.en,
        }],
        ..Judgement::default()
    }
}
