//! The live picture of a document camera while pages come in from it: shown to the window, watched for papers that come to rest, taken
//! from when one does or the clerk presses the key. Where the pages go afterwards is `scanning`, as for any scanner.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use onewindow_capture::{PaperInView, paper_in_view};
use onewindow_case::ids::CaseId;
use onewindow_ipc::news::CameraLook;
use onewindow_scan::{LivePicture, Look, Scan, Shutter};

use crate::desk::{Desk, lock};
use crate::fault::DeskFault;

/// How long a request for the next picture waits for it.
const PICTURE_WAIT: Duration = Duration::from_millis(800);
/// A camera nobody looks at for this long is let go: the clerk has left the screen.
const UNWATCHED_MAX: Duration = Duration::from_secs(10);

/// A camera in use. Cloning gives another handle to the same one.
#[derive(Clone)]
pub(crate) struct RunningCamera {
    live: LivePicture,
    shutter: Shutter,
    /// Number of the picture that the window got last.
    given: Arc<AtomicU64>,
    opened: Instant,
    aim: Arc<Aim>,
    /// What was made of the paper that came to rest last.
    verdict: Arc<Mutex<CameraLook>>,
}

/// Where pages go and who takes them; the clerk changes both while the camera is on.
pub(crate) struct Aim {
    material: Mutex<Option<String>>,
    automatic: AtomicBool,
}

impl Aim {
    pub(crate) fn at(material: Option<String>) -> Arc<Self> {
        Arc::new(Self {
            material: Mutex::new(material),
            automatic: AtomicBool::new(true),
        })
    }

    pub(crate) fn material(&self) -> Option<String> {
        lock(&self.material).clone()
    }
}

impl RunningCamera {
    pub(crate) fn of(scan: &Scan, aim: Arc<Aim>) -> Self {
        Self {
            live: scan.live(),
            shutter: scan.shutter(),
            given: Arc::default(),
            opened: Instant::now(),
            aim,
            verdict: Arc::new(Mutex::new(CameraLook::NoPaper)),
        }
    }

    pub(crate) fn material(&self) -> Option<String> {
        self.aim.material()
    }

    /// Whether the window has not asked for a picture for so long that nobody can be looking.
    pub(crate) fn is_unwatched(&self) -> bool {
        self.live.last_asked().unwrap_or(self.opened).elapsed() > UNWATCHED_MAX
    }

    /// What a change of the picture means for the clerk; takes a page when a paper has come to rest.
    pub(crate) fn heed(&self, look: Look) -> CameraLook {
        match look {
            Look::Moving => CameraLook::Moving,
            Look::Settling => CameraLook::Settling,
            Look::Known => *lock(&self.verdict),
            Look::AtRest => {
                let verdict = self.judge_rest();
                *lock(&self.verdict) = verdict;
                verdict
            }
        }
    }

    /// A page came, by whoever's wish.
    pub(crate) fn note_taken(&self) -> CameraLook {
        *lock(&self.verdict) = CameraLook::Taken;
        CameraLook::Taken
    }

    fn judge_rest(&self) -> CameraLook {
        match self.live.newest().as_deref().map(paper_in_view) {
            None | Some(PaperInView::Nothing) => CameraLook::NoPaper,
            Some(PaperInView::Cut) => CameraLook::Cut,
            Some(PaperInView::Whole) if self.aim.automatic.load(Ordering::Relaxed) => {
                self.shutter.press();
                CameraLook::Taking
            }
            Some(PaperInView::Whole) => CameraLook::Ready,
        }
    }
}

impl Desk {
    /// The next live picture of the camera in use, as JPEG; each is given once, those that came too fast are left out. Waits for it for
    /// less than a second.
    ///
    /// # Errors
    /// Nobody is signed in; no camera is in use for this case, or no picture came in time.
    pub fn live_picture(&self, id: CaseId) -> Result<Vec<u8>, DeskFault> {
        self.actor()?;
        let camera = self.find_camera(id)?;
        let given = camera.given.load(Ordering::SeqCst);
        let (number, jpeg) = camera.live.newer_than(given, PICTURE_WAIT).ok_or(DeskFault::Unknown { what: "live picture" })?;
        camera.given.store(number, Ordering::SeqCst);
        Ok(jpeg.to_vec())
    }

    /// Takes a page of what the camera sees now.
    ///
    /// # Errors
    /// Nobody is signed in; no camera is in use for this case.
    pub fn take_shot(&self, id: CaseId) -> Result<(), DeskFault> {
        self.actor()?;
        self.find_camera(id)?.shutter.press();
        Ok(())
    }

    /// Says to which paper the camera's next pages go, and whether papers that come to rest are taken.
    ///
    /// # Errors
    /// Nobody is signed in; no camera is in use for this case.
    pub fn aim_camera(&self, id: CaseId, material: Option<String>, automatic: bool) -> Result<(), DeskFault> {
        self.actor()?;
        let camera = self.find_camera(id)?;
        *lock(&camera.aim.material) = material;
        let was_automatic = camera.aim.automatic.swap(automatic, Ordering::Relaxed);
        if automatic && !was_automatic && *lock(&camera.verdict) == CameraLook::Ready {
            camera.shutter.press();
        }
        Ok(())
    }

    fn find_camera(&self, id: CaseId) -> Result<RunningCamera, DeskFault> {
        let camera = lock(&self.shared.scans).get(&id).and_then(|scan| scan.camera.clone());
        camera.ok_or(DeskFault::Unknown { what: "camera in use" })
    }
}
