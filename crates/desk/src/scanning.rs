//! Pages coming in: from the scanner or from files. Each is on disk before anything else is done with it; judging and reading follow.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use onewindow_capture::{Limits, PaperHint, ProcessedPage, Raster, RawPage, import, process_each};
use onewindow_case::decide::may_edit;
use onewindow_case::event::{Judgement, PageOrigin, QualityRemark};
use onewindow_case::ids::{CaseId, Digest, MaterialKey, PageId};
use onewindow_case::{Case, CaseEvent};
use onewindow_ipc::Words;
use onewindow_ipc::case_view::{CaseView, ScanProfile, ScanSource};
use onewindow_ipc::devices::ScannerView;
use onewindow_ipc::news::{ScanNews, ScanState};
use onewindow_scan::{Batch, Canceller, PixelColour, Profile, RawScan, Scan, ScanEvent, ScanFault, Source, WorkerConfig};
use uuid::Uuid;

use crate::desk::{Desk, News, lock};
use crate::fault::DeskFault;
use crate::papers;

/// Most bytes of a file that is looked at; larger ones are refused before they are read.
const FILE_MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Most files taken at once.
const FILES_MAX: usize = 100;

/// A scan under way for a case.
pub(crate) struct RunningScan {
    canceller: Option<Canceller>,
    cancelled: Arc<AtomicBool>,
}

/// What a scan has told so far.
struct Progress {
    case: CaseId,
    material: Option<String>,
    kept: u32,
}

impl Desk {
    /// Starts a scan into a case; returns at once. Pages come as news, each after it is on disk.
    ///
    /// # Errors
    /// Case not editable, a scan is under way already, no scanner.
    pub fn scan_into(&self, id: CaseId, material: Option<String>, profile: &ScanProfile) -> Result<(), DeskFault> {
        let actor = self.actor()?;
        may_edit(self.get_case(id)?.as_ref())?;
        let cancelled = Arc::new(AtomicBool::new(false));
        {
            let mut scans = lock(&self.shared.scans);
            if !scans.is_empty() {
                return Err(DeskFault::ScanRunning);
            }
            scans.insert(
                id,
                RunningScan {
                    canceller: None,
                    cancelled: Arc::clone(&cancelled),
                },
            );
        }
        let desk = self.clone();
        let profile = profile.clone();
        let spawned = std::thread::Builder::new().name("scan".into()).spawn(move || {
            let mut progress = Progress { case: id, material, kept: 0 };
            desk.tell_scan(&progress, ScanState::Starting, 0, None);
            let end = desk.run_scan(&actor, &mut progress, &profile, &cancelled);
            lock(&desk.shared.scans).remove(&id);
            lock(&desk.shared.standing).scanner_said(end.as_ref().err());
            match end {
                Ok(()) if cancelled.load(Ordering::Relaxed) => desk.tell_scan(&progress, ScanState::Cancelled, 0, None),
                Ok(()) => desk.tell_scan(&progress, ScanState::Finished, 100, None),
                Err(fault) => desk.tell_scan(&progress, ScanState::Failed, 0, Some(&fault)),
            }
        });
        if let Err(error) = spawned {
            lock(&self.shared.scans).remove(&id);
            return Err(DeskFault::Defect(error.to_string()));
        }
        Ok(())
    }

    /// Stops the scan of a case; pages already in stay.
    pub fn cancel_scan(&self, id: CaseId) {
        if let Some(scan) = lock(&self.shared.scans).get(&id) {
            scan.cancelled.store(true, Ordering::Relaxed);
            if let Some(canceller) = &scan.canceller {
                canceller.cancel();
            }
        }
    }

    /// Takes files (JPEG, PNG, TIFF, WebP, BMP, PDF) into a case. Good files are kept also when another one is not.
    ///
    /// # Errors
    /// Case not editable; the first file that could not be taken, after all others were.
    pub fn import_files(&self, id: CaseId, material: Option<String>, paths: &[PathBuf]) -> Result<CaseView, DeskFault> {
        may_edit(self.get_case(id)?.as_ref())?;
        let mut first_fault = None;
        for path in paths.iter().take(FILES_MAX) {
            if let Err(fault) = self.import_file(id, material.as_deref(), path) {
                tracing::warn!(code = fault.to_command_fault().code, "a file was not taken");
                first_fault.get_or_insert(fault);
            }
        }
        match first_fault {
            Some(fault) => Err(fault),
            None => self.show(id),
        }
    }

    /// Scanners that answer now.
    ///
    /// # Errors
    /// The scan worker is missing or hung.
    pub fn list_scanners(&self) -> Result<Vec<ScannerView>, DeskFault> {
        let found = onewindow_scan::list_scanners(&WorkerConfig::find()?)?;
        let own = self.shared.config.scanner.clone();
        Ok(found
            .into_iter()
            .map(|scanner| ScannerView {
                chosen: own.as_deref() == Some(scanner.id.as_str()),
                name: format!("{} {}", scanner.vendor, scanner.model),
                id: scanner.id,
            })
            .collect())
    }

    /// Judges pages that were kept but not judged when the app ended.
    pub(crate) fn resume_judging(&self) {
        let desk = self.clone();
        let resume = move || {
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

    fn run_scan(&self, actor: &onewindow_journal::Actor, progress: &mut Progress, profile: &ScanProfile, cancelled: &AtomicBool) -> Result<(), DeskFault> {
        let worker = WorkerConfig::find()?;
        let scanner = self.choose_scanner(&worker, profile)?;
        let source = match profile.source {
            ScanSource::Auto => Source::Auto,
            ScanSource::Flatbed => Source::Flatbed,
            ScanSource::Feeder => Source::Feeder,
        };
        let profile = Profile {
            source,
            dpi: profile.dpi.clamp(150, 600),
            ..Profile::default()
        };
        let scan = Scan::start(&worker, &Batch::new(&scanner, profile))?;
        if let Some(running) = lock(&self.shared.scans).get_mut(&progress.case) {
            running.canceller = Some(scan.canceller());
        }
        if cancelled.load(Ordering::Relaxed) {
            scan.cancel();
        }
        while let Some(event) = scan.next_event() {
            match event {
                ScanEvent::Preparing => self.tell_scan(progress, ScanState::Starting, 0, None),
                ScanEvent::PageStarted { .. } => self.tell_scan(progress, ScanState::Page, 0, None),
                ScanEvent::Progress { rows, rows_total, .. } => {
                    let percent = rows_total.filter(|total| *total > 0).map_or(50, |total| rows.saturating_mul(100) / total);
                    self.tell_scan(progress, ScanState::Page, percent, None);
                }
                ScanEvent::Page(raw) => self.keep_scan(actor, progress, &scanner, raw)?,
                ScanEvent::Finished { .. } => {}
                ScanEvent::Fault(ScanFault::Cancelled) => return Ok(()),
                // An automatic batch that took its pages ends when the feeder is empty: that is no fault.
                ScanEvent::Fault(ScanFault::FeederEmpty) if progress.kept > 0 => return Ok(()),
                ScanEvent::Fault(fault) => return Err(fault.into()),
            }
        }
        Ok(())
    }

    fn choose_scanner(&self, worker: &WorkerConfig, profile: &ScanProfile) -> Result<String, DeskFault> {
        if let Some(scanner) = profile.scanner.clone().or_else(|| self.shared.config.scanner.clone()) {
            return Ok(scanner);
        }
        let found = onewindow_scan::list_scanners(worker)?;
        found.into_iter().next().map(|scanner| scanner.id).ok_or(DeskFault::Scan(ScanFault::NoScanner))
    }

    fn keep_scan(&self, actor: &onewindow_journal::Actor, progress: &mut Progress, scanner: &str, raw: RawScan) -> Result<(), DeskFault> {
        let dpi = raw.dpi;
        let raster = match raw.colour {
            PixelColour::Rgb => Raster::from_rgb(raw.width_px, raw.height_px, raw.pixels),
            PixelColour::Gray => Raster::from_gray(raw.width_px, raw.height_px, &raw.pixels),
        }
        .ok_or(DeskFault::Scan(ScanFault::ShortPage { sequence: raw.sequence }))?;
        #[allow(clippy::cast_precision_loss, reason = "a resolution is a small number")]
        let page = RawPage::from_pixels(raw.sequence, raster, dpi as f32);
        self.take_page(
            actor,
            progress.case,
            progress.material.as_deref(),
            &page,
            &PageOrigin::Scanner(scanner.to_owned()),
        )?;
        progress.kept += 1;
        self.tell_scan(progress, ScanState::Kept, 100, None);
        Ok(())
    }

    fn import_file(&self, id: CaseId, material: Option<&str>, path: &Path) -> Result<(), DeskFault> {
        let actor = self.actor()?;
        let size = std::fs::metadata(path).map_err(|source| DeskFault::FileUnreadable { source })?.len();
        let limits = Limits::default();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if size > FILE_MAX_BYTES.min(limits.max_bytes) {
            return Err(onewindow_capture::CaptureFault::TooManyBytes {
                bytes: size,
                max_bytes: FILE_MAX_BYTES.min(limits.max_bytes),
            }
            .into());
        }
        let bytes = std::fs::read(path).map_err(|source| DeskFault::FileUnreadable { source })?;
        for page in import::split(&bytes, &name, &limits)? {
            self.take_page(&actor, id, material, &page, &PageOrigin::File(name.clone()))?;
        }
        Ok(())
    }

    /// Keeps a page durably, then judges it, then queues it for reading.
    fn take_page(&self, actor: &onewindow_journal::Actor, id: CaseId, material: Option<&str>, raw: &RawPage, origin: &PageOrigin) -> Result<(), DeskFault> {
        let (_, bytes) = raw.to_file()?;
        let original = self.shared.store.keep_page(Some(id), &bytes)?;
        let page = PageId::new(Uuid::now_v7());
        let case = self.act_as(actor.clone(), id, |case| Ok(vec![kept(case, page, original, material, origin)]))?;
        let processed = match process_each(raw, &hint(&case, material, self), &Limits::default(), None) {
            Ok(pages) => pages,
            Err(fault) => {
                // The page is safe and stays; that it can not be shown is told as its verdict.
                self.act_as(actor.clone(), id, |_| {
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
        let mut target = Some(page);
        for processed in processed {
            let page = match target.take() {
                Some(page) => page,
                None => {
                    // Several cards lay on the glass: each becomes a page of its own with the same original.
                    let page = PageId::new(Uuid::now_v7());
                    self.act_as(actor.clone(), id, |case| Ok(vec![kept(case, page, original, material, origin)]))?;
                    page
                }
            };
            self.judge(actor, id, page, processed)?;
        }
        Ok(())
    }

    fn judge(&self, actor: &onewindow_journal::Actor, id: CaseId, page: PageId, processed: ProcessedPage) -> Result<(), DeskFault> {
        let corrected = self.shared.store.keep_page(Some(id), &processed.jpeg)?;
        let thumb = self.shared.store.keep_page(Some(id), &processed.thumb_jpeg)?;
        let judgement = judgement(&processed);
        self.act_as(actor.clone(), id, |_| {
            Ok(vec![CaseEvent::PageJudged {
                page,
                corrected,
                thumb,
                judgement,
            }])
        })?;
        self.shared.reading.put(id, page, Some(Box::new(processed)));
        Ok(())
    }

    fn judge_again(&self, case: &Case, page: PageId, original: Digest) -> Result<(), DeskFault> {
        let processed = self.process_again(case, page, original)?;
        self.judge(&crate::desk::system(), case.id, page, processed)
    }

    /// Processes a kept page anew from its original.
    pub(crate) fn process_again(&self, case: &Case, page: PageId, original: Digest) -> Result<ProcessedPage, DeskFault> {
        let bytes = self.shared.store.read_page(&original)?;
        let limits = Limits::default();
        let raw = import::split(&bytes, "", &limits)?
            .into_iter()
            .next()
            .ok_or(DeskFault::Unknown { what: "page" })?;
        let material = case.find_page(page).and_then(|page| page.material.clone());
        let hint = hint(case, material.as_ref().map(MaterialKey::as_str), self);
        Ok(onewindow_capture::process(&raw, &hint, &limits, None)?)
    }

    fn tell_scan(&self, progress: &Progress, state: ScanState, percent: u32, fault: Option<&DeskFault>) {
        let told = fault.map(DeskFault::to_command_fault);
        self.tell(News::Scan(ScanNews {
            case_id: progress.case.to_string(),
            material: progress.material.clone(),
            state,
            pages_kept: progress.kept,
            percent,
            words: told
                .as_ref()
                .map(|told| Words::new(format!("{}{}", told.what.zh, told.remedy.zh), format!("{} {}", told.what.en, told.remedy.en))),
            code: told.map(|told| told.code),
        }));
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

fn hint(case: &Case, material: Option<&str>, desk: &Desk) -> PaperHint {
    let paper = material.and_then(|key| {
        desk.get_bundle(case)
            .ok()?
            .find_material(&MaterialKey::new(key))
            .map(|material| material.paper.id.clone())
    });
    paper.and_then(|paper| papers::kind_of(&paper)).map_or_else(PaperHint::default, PaperHint::of)
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sizes of paper in tenths of a millimetre fit"
)]
fn judgement(page: &ProcessedPage) -> Judgement {
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
    }
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
