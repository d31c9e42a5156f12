//! Document cameras. Vendors ship a service on loopback that hands out pictures over HTTP; each speaks its own dialect, so each is an
//! adapter behind [`DocumentCamera`]. The worked example, [`SnapshotService`], is the commonest dialect: one address that answers every
//! request with the newest picture as JPEG (as mjpg-streamer's `?action=snapshot` does). A picture is taken when the paper lies still.
//! Never run with a real camera; devices reached directly (V4L2) are not here yet.

use std::io::Read;
use std::time::{Duration, Instant};

use onewindow_scan::pipe::{PipeError, Report, ScanOrder};
use onewindow_scan::{ColourMode, FrameKind, Look, PageParameters, Source, Stage, StillWatch, THUMB_SIDES};
use ureq::Agent;

use crate::Stop;
use crate::network::decoded;
use crate::sane::{STATUS_NO_DOCS, Status};
use crate::session::Outbox;

const STATUS_IO: Status = 9;
const STATUS_CANCELLED: Status = 2;
/// Pictures looked at a second.
const LOOK_PAUSE: Duration = Duration::from_millis(150);
/// After this long without another paper the batch is over.
const IDLE: Duration = Duration::from_secs(20);
/// A picture takes no longer than this.
const ANSWER: Duration = Duration::from_secs(5);
const FRAME_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// A camera above the desk, whatever its maker's service looks like.
pub(crate) trait DocumentCamera {
    /// The newest picture as JPEG.
    ///
    /// # Errors
    /// A `SANE_Status` that names why there is none.
    fn frame(&mut self) -> Result<Vec<u8>, Status>;
}

/// A service that answers every request with the newest picture.
pub(crate) struct SnapshotService {
    agent: Agent,
    url: String,
}

impl SnapshotService {
    pub(crate) fn new(url: &str) -> Self {
        let config = Agent::config_builder().timeout_global(Some(ANSWER)).proxy(None).max_redirects(0).build();
        Self {
            agent: config.into(),
            url: url.to_owned(),
        }
    }
}

impl DocumentCamera for SnapshotService {
    fn frame(&mut self) -> Result<Vec<u8>, Status> {
        let answer = self.agent.get(&self.url).call().map_err(|_| STATUS_IO)?;
        let mut bytes = Vec::new();
        let mut body = answer.into_body().into_with_config().limit(FRAME_BYTES_MAX).reader();
        body.read_to_end(&mut bytes).map_err(|_| STATUS_IO)?;
        Ok(bytes)
    }
}

/// Takes a page whenever a paper lies still: one for the glass, one after the other for the feeder.
pub(crate) fn scan(camera: &mut dyn DocumentCamera, order: &ScanOrder, outbox: &mut Outbox, stop: &Stop) -> Result<(), PipeError> {
    outbox.enter(Stage::Opening)?;
    let began = Instant::now();
    let mut watch = StillWatch::default();
    let (mut pages, mut last_page) = (0, Instant::now());
    outbox.enter(Stage::Starting)?;
    let report = loop {
        if stop.is_wanted() {
            break failed(Stage::Starting, STATUS_CANCELLED);
        }
        if last_page.elapsed() > IDLE {
            break if pages > 0 {
                Report::Finished
            } else {
                failed(Stage::Starting, STATUS_NO_DOCS)
            };
        }
        let bytes = match camera.frame() {
            Ok(bytes) => bytes,
            Err(status) => break failed(if pages == 0 { Stage::Opening } else { Stage::Starting }, status),
        };
        let Some(picture) = decoded(&bytes) else {
            break failed(Stage::Reading, STATUS_IO);
        };
        let (width, height) = THUMB_SIDES;
        let thumb = picture.thumbnail_exact(width, height).into_luma8().into_raw();
        let at_ms = began.elapsed().as_millis() as u64;
        if watch.look(thumb, at_ms) == Look::Shot {
            send(picture, order, order.first_sequence.saturating_add(pages), outbox)?;
            pages += 1;
            last_page = Instant::now();
            let single = matches!(order.profile.source, Source::Flatbed | Source::Auto);
            if single {
                break Report::Finished;
            }
            if pages >= order.pages_max {
                break Report::TooManyPages;
            }
            outbox.enter(Stage::Starting)?;
        }
        std::thread::sleep(LOOK_PAUSE);
    };
    outbox.send(&report)
}

fn send(picture: image::DynamicImage, order: &ScanOrder, sequence: u32, outbox: &mut Outbox) -> Result<(), PipeError> {
    let (width, height) = (picture.width(), picture.height());
    let (frame, samples, pixels) = if order.profile.colour == ColourMode::Colour {
        (FrameKind::Rgb, 3, picture.into_rgb8().into_raw())
    } else {
        (FrameKind::Gray, 1, picture.into_luma8().into_raw())
    };
    outbox.send(&Report::PageStarted(PageParameters {
        sequence,
        frame,
        depth: 8,
        bytes_per_line: (width * samples) as i32,
        pixels_per_line: width as i32,
        lines: height as i32,
        // Only the paper's size tells: the page is treated like a photograph.
        dpi: 0,
    }))?;
    outbox.enter(Stage::Reading)?;
    outbox.send_rows(&pixels)?;
    outbox.send(&Report::PageEnded)
}

fn failed(stage: Stage, status: Status) -> Report {
    let double_feed = false;
    Report::Failed { stage, status, double_feed }
}
