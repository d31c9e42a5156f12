//! Pages coming in from the scanner. Each is on disk before anything else is done with it; judging follows beside the scan, on both
//! cores, reading after it. What becomes of a page is in `judging`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use onewindow_capture::{Raster, RawPage};
use onewindow_case::decide::may_edit;
use onewindow_case::event::PageOrigin;
use onewindow_case::ids::{CaseId, PageId};
use onewindow_ipc::Words;
use onewindow_ipc::case_view::{ScanProfile, ScanSource};
use onewindow_ipc::news::{CameraLook, ScanNews, ScanState};
use onewindow_scan::camera::is_camera;
use onewindow_scan::{Batch, Canceller, PixelColour, RawScan, Scan, ScanEvent, ScanFault, WorkerConfig};

use crate::camera::{Aim, RunningCamera};
use crate::desk::{Desk, News, lock};
use crate::fault::DeskFault;
use crate::judging::{Unjudged, hint};
use crate::scanners;
use crate::stacks::Remark;

/// A scan under way for a case.
pub(crate) struct RunningScan {
    canceller: Canceller,
    /// It was the clerk who stopped it.
    cancelled: Arc<AtomicBool>,
    /// The camera whose picture the window shows.
    pub(crate) camera: Option<RunningCamera>,
}

/// Pages of a camera's session; the clerk closes it long before.
const CAMERA_PAGES_MAX: u32 = 2_000;
/// How often it is looked whether anybody watches a camera.
const WATCH_LOOK: Duration = Duration::from_millis(500);
/// How often the growth of a page is told: rows come some hundred times a second, and the window draws itself anew for each word of it.
const TELL_GROWTH: Duration = Duration::from_millis(150);

/// What a scan has told so far.
struct Progress {
    case: CaseId,
    material: Option<String>,
    /// The page whose place the next one takes.
    replacing: Option<PageId>,
    kept: u32,
    /// The pages kept, in their order.
    pages: Vec<PageId>,
    /// What the camera sees; nothing with another device.
    look: Option<CameraLook>,
    /// When the growth of the page under the lamp was last told.
    told: Instant,
    /// What the clerk has to look at when all went well.
    remark: Option<Remark>,
}

impl Progress {
    /// Whether it is time to tell again how far a page is.
    fn is_due(&mut self) -> bool {
        let due = self.told.elapsed() >= TELL_GROWTH;
        if due {
            self.told = Instant::now();
        }
        due
    }
}

/// Where pages come from.
struct PageSource<'run> {
    scanner: &'run str,
    scan: &'run Scan,
    camera: Option<&'run RunningCamera>,
}

impl PageSource<'_> {
    /// The next event; a camera that nobody looks at is let go meanwhile.
    fn next_event(&self) -> Option<ScanEvent> {
        let Some(camera) = self.camera else { return self.scan.next_event() };
        loop {
            match self.scan.next_event_within(WATCH_LOOK) {
                Ok(event) => return event,
                Err(_) if camera.is_unwatched() => self.scan.cancel(),
                Err(_) => {}
            }
        }
    }
}

impl Desk {
    /// Starts a scan into a case; returns at once. Pages come as news, each after it is on disk.
    ///
    /// # Errors
    /// Case not editable, a scan is under way already, no scanner.
    pub fn scan_into(&self, id: CaseId, material: Option<String>, profile: &ScanProfile) -> Result<(), DeskFault> {
        self.begin_scan(id, material, None, profile)
    }

    /// Scans a page again: as [`Desk::scan_into`], but the first page that comes in takes the place of this one and its paper, and this
    /// one is taken out. It stays where it is as long as none comes. A camera takes one page and is let go.
    ///
    /// # Errors
    /// As [`Desk::scan_into`]; page unknown.
    pub fn rescan_page(&self, id: CaseId, page: PageId, profile: &ScanProfile) -> Result<(), DeskFault> {
        let case = self.get_case(id)?;
        let known = case.find_page(page).ok_or(DeskFault::Unknown { what: "page" })?;
        let material = known.material.as_ref().map(ToString::to_string);
        // One page is no side of a stack.
        let source = match profile.source {
            ScanSource::Fronts | ScanSource::Backs => ScanSource::Feeder,
            ScanSource::Auto | ScanSource::Flatbed | ScanSource::Feeder | ScanSource::Both => profile.source,
        };
        self.begin_scan(id, material, Some(page), &ScanProfile { source, ..profile.clone() })
    }

    fn begin_scan(&self, id: CaseId, material: Option<String>, replacing: Option<PageId>, profile: &ScanProfile) -> Result<(), DeskFault> {
        let actor = self.actor()?;
        may_edit(self.get_case(id)?.as_ref())?;
        let canceller = Canceller::default();
        let cancelled = Arc::new(AtomicBool::new(false));
        {
            let mut scans = lock(&self.shared.scans);
            if !scans.is_empty() {
                return Err(DeskFault::ScanRunning);
            }
            scans.insert(
                id,
                RunningScan {
                    canceller: canceller.clone(),
                    cancelled: Arc::clone(&cancelled),
                    camera: None,
                },
            );
        }
        let desk = self.clone();
        let profile = profile.clone();
        let spawned = std::thread::Builder::new().name("scan".into()).spawn(move || {
            let mut progress = Progress {
                case: id,
                material,
                replacing,
                kept: 0,
                pages: Vec::new(),
                look: None,
                told: Instant::now(),
                remark: None,
            };
            desk.tell_scan(&progress, ScanState::Starting, 0, None);
            let end = match desk.run_scan(&actor, &mut progress, &profile, &canceller) {
                Err(DeskFault::Scan(ScanFault::Cancelled)) => Ok(()),
                end => end,
            };
            progress.look = None;
            let is_whole = end.is_ok() && !cancelled.load(Ordering::Relaxed);
            let sides = desk.note_sides(&actor, id, profile.source, std::mem::take(&mut progress.pages), is_whole);
            let remark = sides.or(progress.remark.take());
            lock(&desk.shared.scans).remove(&id);
            lock(&desk.shared.standing).scanner_said(end.as_ref().err());
            match end {
                Ok(()) if cancelled.load(Ordering::Relaxed) => desk.tell_scan(&progress, ScanState::Cancelled, 0, None),
                Ok(()) => desk.tell_end(&progress, remark),
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
        let canceller = lock(&self.shared.scans).get(&id).map(|scan| {
            scan.cancelled.store(true, Ordering::Relaxed);
            scan.canceller.clone()
        });
        if let Some(canceller) = canceller {
            canceller.cancel();
        }
    }

    /// Whether a scan into this case is under way.
    pub fn is_scanning(&self, id: CaseId) -> bool {
        lock(&self.shared.scans).contains_key(&id)
    }

    fn run_scan(&self, actor: &onewindow_journal::Actor, progress: &mut Progress, profile: &ScanProfile, canceller: &Canceller) -> Result<(), DeskFault> {
        let worker = WorkerConfig::find()?;
        let scanner = self.choose_scanner(&worker, profile.scanner.as_deref(), canceller)?;
        let case = self.get_case(progress.case)?;
        let wanted = scanners::profile(profile, &hint(&case, progress.material.as_deref(), self));
        let mut batch = Batch::new(&scanner, wanted);
        batch.after_jam = lock(&self.shared.scanners).is_jammed(&scanner);
        if is_camera(&scanner) {
            batch.live = true;
            batch.pages_max = CAMERA_PAGES_MAX;
            progress.look = Some(CameraLook::Opening);
            self.tell_scan(progress, ScanState::Starting, 0, None);
        }
        let scan = Scan::start_within(&worker, &batch, Some(&self.shared.rooms), canceller)?;
        let camera = batch.live.then(|| RunningCamera::of(&scan, Aim::at(progress.material.clone())));
        if let Some(running) = lock(&self.shared.scans).get_mut(&progress.case) {
            running.camera.clone_from(&camera);
        }
        self.beside_judges(|judges| {
            let from = PageSource {
                scanner: &scanner,
                scan: &scan,
                camera: camera.as_ref(),
            };
            let end = self.keep_pages(actor, progress, &from, |page| {
                judges.send(page).map_err(|_| DeskFault::Defect("no judge is left".into()))
            });
            lock(&self.shared.scanners).note_end(&scanner, wanted.source, &end, progress.kept);
            end
        })
    }

    /// Keeps every page of a scan and hands it on; returns at the end of the batch.
    fn keep_pages(
        &self,
        actor: &onewindow_journal::Actor,
        progress: &mut Progress,
        from: &PageSource<'_>,
        hand_on: impl Fn(Unjudged) -> Result<(), DeskFault>,
    ) -> Result<(), DeskFault> {
        while let Some(event) = from.next_event() {
            match event {
                ScanEvent::Preparing => {
                    progress.look = progress.look.map(|_| CameraLook::Opening);
                    self.tell_scan(progress, ScanState::Starting, 0, None);
                }
                ScanEvent::Looked(look) => {
                    if let Some(camera) = from.camera {
                        progress.look = Some(camera.heed(look));
                        self.tell_scan(progress, ScanState::Watching, 0, None);
                    }
                }
                ScanEvent::GlassInstead => progress.remark = Some(scanners::glass_instead()),
                ScanEvent::PageStarted { .. } => {
                    progress.look = progress.look.map(|_| CameraLook::Taking);
                    self.tell_scan(progress, ScanState::Page, 0, None);
                }
                ScanEvent::Progress { rows, rows_total, .. } if progress.is_due() => {
                    let percent = rows_total.filter(|total| *total > 0).map_or(50, |total| rows.saturating_mul(100) / total);
                    self.tell_scan(progress, ScanState::Page, percent, None);
                }
                ScanEvent::Page(raw) => {
                    let replaces = progress.replacing.is_some();
                    if let Some(camera) = from.camera {
                        if !replaces {
                            progress.material = camera.material();
                        }
                        progress.look = Some(camera.note_taken());
                    }
                    hand_on(self.keep_scan(actor, progress, from.scanner, raw)?)?;
                    if replaces && from.camera.is_some() {
                        from.scan.cancel();
                    }
                }
                ScanEvent::Progress { .. } | ScanEvent::Finished { .. } => {}
                ScanEvent::Fault(ScanFault::Cancelled) => return Ok(()),
                // An automatic batch that took its pages ends when the feeder is empty: that is no fault.
                ScanEvent::Fault(ScanFault::FeederEmpty) if progress.kept > 0 => return Ok(()),
                ScanEvent::Fault(fault) => {
                    if fault == ScanFault::SourceMissing {
                        lock(&self.shared.scanners).forget(from.scanner);
                    }
                    return Err(fault.into());
                }
            }
        }
        Ok(())
    }

    fn keep_scan(&self, actor: &onewindow_journal::Actor, progress: &mut Progress, scanner: &str, raw: RawScan) -> Result<Unjudged, DeskFault> {
        let (dpi, room) = (raw.dpi, raw.room.clone());
        let raster = match raw.colour {
            PixelColour::Rgb => Raster::from_rgb(raw.width_px, raw.height_px, raw.pixels),
            PixelColour::Gray => Raster::from_gray(raw.width_px, raw.height_px, &raw.pixels),
        }
        .ok_or(DeskFault::Scan(ScanFault::ShortPage { sequence: raw.sequence }))?;
        #[allow(clippy::cast_precision_loss, reason = "a resolution is a small number")]
        let mut page = RawPage::from_pixels(raw.sequence, raster, dpi as f32);
        if dpi == 0 {
            // A camera does not know how far away the paper lies.
            page.dpi = None;
        }
        let origin = PageOrigin::Scanner(scanner.to_owned());
        let material = progress.material.as_deref();
        let kept = match progress.replacing.take() {
            Some(old) => self.keep_in_place_of(actor, progress.case, old, page, origin)?,
            None => self.keep_raw(actor, progress.case, material, page, origin)?,
        };
        let kept = kept.in_room(room);
        progress.kept += 1;
        progress.pages.push(kept.page());
        self.tell_scan(progress, ScanState::Kept, 100, None);
        Ok(kept)
    }

    fn tell_end(&self, progress: &Progress, remark: Option<Remark>) {
        let (code, words) = remark.unzip();
        self.tell(News::Scan(ScanNews {
            case_id: progress.case.to_string(),
            material: progress.material.clone(),
            state: ScanState::Finished,
            pages_kept: progress.kept,
            percent: 100,
            words,
            code: code.map(str::to_owned),
            look: None,
        }));
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
            look: progress.look,
        }));
    }
}
