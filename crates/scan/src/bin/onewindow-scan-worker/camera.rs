//! Document cameras: devices of the system ([`video`]) and the services on loopback that makers install ([`service`]). Each is an adapter
//! behind [`FrameSource`]; everything after it is the same for all. A thread of its own reads the frames, so that a driver that does not
//! come back is noticed here, and the parent notices when this process does not come back. Never run with a real camera.

mod newest;
mod service;
mod video;

use std::time::{Duration, Instant};

use image::DynamicImage;
use onewindow_scan::camera::{Frame, SERVICE_PREFIX, V4L2_PREFIX, is_camera};
use onewindow_scan::pipe::{PAYLOAD_BYTES_MAX, PipeError, Report, ScanOrder};
use onewindow_scan::{
    CameraFault, Capabilities, ColourMode, Look, PixelColour, RawScan, Resolutions, Source, SourceCapabilities, Stage, StillWatch, THUMB_SIDES,
};

use crate::Stop;
use crate::camera::newest::Newest;
use crate::outbox::Outbox;
use crate::picture;
use crate::status::{self, Status};

pub(crate) use video::list;

/// From opening to the first picture; cameras take seconds to adapt.
const FIRST_PICTURE: Duration = Duration::from_secs(8);
/// Between two pictures.
const PICTURE: Duration = Duration::from_secs(3);
/// At most this many pictures a second are looked at and shown: a hand is seen to move, and half a core stays free.
const LOOK_PAUSE: Duration = Duration::from_millis(80);
/// Pictures in a row that can not be read before the camera is given up.
const UNREADABLE_MAX: u32 = 20;
/// A camera that is gone or silent is opened again this often, after a pause, before the clerk is told.
const REOPEN_TRIES: u32 = 2;
const REOPEN_PAUSE: Duration = Duration::from_millis(700);
/// Without a window a batch is over after this long without another paper.
const IDLE: Duration = Duration::from_secs(20);
/// Longest sides of the picture for the window; the papers' screen has no more room.
const PREVIEW_PX_MAX: (u32, u32) = (960, 960);
const PREVIEW_QUALITY: u8 = 72;

/// A camera above the desk, whatever it is.
pub(crate) trait FrameSource {
    /// The next frame; waits for it.
    ///
    /// # Errors
    /// Why there is none; the source is of no more use then.
    fn next(&mut self) -> Result<Frame, CameraFault>;
}

fn open(id: &str) -> Result<Box<dyn FrameSource>, CameraFault> {
    match (id.strip_prefix(V4L2_PREFIX), id.strip_prefix(SERVICE_PREFIX)) {
        (Some(path), _) => video::open(path),
        (None, Some(url)) => service::open(url),
        (None, None) => Err(CameraFault::Missing),
    }
}

/// Whether this order is for a camera.
pub(crate) fn is_ours(scanner: &str) -> bool {
    is_camera(scanner)
}

/// Tells what a camera can do. The status line asks often: a device of the system is opened without starting its stream, so that its
/// light stays off; a service is asked for one picture.
pub(crate) fn inspect(id: &str, outbox: &mut Outbox, stop: &Stop) -> Result<(), PipeError> {
    outbox.enter(Stage::Opening)?;
    let reached = match id.strip_prefix(V4L2_PREFIX) {
        Some(path) => video::check(path),
        None => Newest::start(id)
            .wait(FIRST_PICTURE, stop)
            .and_then(|frame| frame.picture().map(|_| ()).ok_or(CameraFault::Unreadable)),
    };
    let report = match reached {
        Ok(()) => Report::Capabilities(Capabilities {
            sources: vec![SourceCapabilities {
                source: Source::Flatbed,
                colours: vec![ColourMode::Colour, ColourMode::Gray],
                dpi: Resolutions::default(),
                area_max_mm: None,
            }],
        }),
        Err(fault) => Report::CameraFailed { fault },
    };
    outbox.send(&report)
}

/// Shows a camera and takes pages until stopped (live), or takes each paper that comes to rest: one for the glass, one after the other
/// for the feeder.
pub(crate) fn scan(order: &ScanOrder, outbox: &mut Outbox, stop: &Stop) -> Result<(), PipeError> {
    let mut session = Session {
        order,
        outbox,
        stop,
        began: Instant::now(),
        watch: StillWatch::default(),
        look: None,
        pages: 0,
        last_page: Instant::now(),
        unreadable: 0,
    };
    let report = session.run()?;
    session.outbox.send(&report)
}

/// One order carried out.
struct Session<'run> {
    order: &'run ScanOrder,
    outbox: &'run mut Outbox,
    stop: &'run Stop,
    began: Instant,
    watch: StillWatch,
    /// What was told last.
    look: Option<Look>,
    pages: u32,
    last_page: Instant,
    unreadable: u32,
}

impl Session<'_> {
    /// Returns the report that ends the session.
    fn run(&mut self) -> Result<Report, PipeError> {
        let mut reopened = 0;
        loop {
            self.outbox.enter(Stage::Opening)?;
            let newest = Newest::start(&self.order.scanner);
            let fault = match self.follow(&newest)? {
                Ok(report) => return Ok(report),
                Err(fault) => fault,
            };
            // A cable that moved, a service that was started anew: the picture comes back by itself.
            let may_return = matches!(fault, CameraFault::Unplugged | CameraFault::Silent) && self.look.is_some();
            let comes_up = reopened > 0 && fault == CameraFault::Missing;
            if !(may_return || comes_up) || reopened >= REOPEN_TRIES {
                let fault = if comes_up { CameraFault::Unplugged } else { fault };
                return Ok(Report::CameraFailed { fault });
            }
            reopened += 1;
            self.outbox.send(&Report::Preparing)?;
            std::thread::sleep(REOPEN_PAUSE);
        }
    }

    /// Follows one opening of the camera to the end of the session or of the camera.
    fn follow(&mut self, newest: &Newest) -> Result<Result<Report, CameraFault>, PipeError> {
        let mut patience = FIRST_PICTURE;
        loop {
            if self.stop.is_wanted() {
                return Ok(Ok(cancelled()));
            }
            if let Some(report) = self.ended() {
                return Ok(Ok(report));
            }
            let wishes = self.stop.take_shots();
            let looked = Instant::now();
            let frame = match newest.wait(patience, self.stop) {
                Ok(frame) => frame,
                Err(_) if self.stop.is_wanted() => return Ok(Ok(cancelled())),
                Err(fault) => return Ok(Err(fault)),
            };
            if patience == FIRST_PICTURE {
                patience = PICTURE;
                self.outbox.enter(Stage::Watching)?;
            }
            if let Some(picture) = frame.picture() {
                self.unreadable = 0;
                self.look_at(picture, wishes > 0)?;
            } else {
                self.unreadable += 1;
                if self.unreadable > UNREADABLE_MAX {
                    return Ok(Err(CameraFault::Unreadable));
                }
                self.stop.give_back_shots(wishes);
            }
            std::thread::sleep(LOOK_PAUSE.saturating_sub(looked.elapsed()));
        }
    }

    /// The report that ends the session, if it is over without anybody's wish.
    fn ended(&self) -> Option<Report> {
        let single = matches!(self.order.profile.source, Source::Flatbed | Source::Auto);
        match () {
            () if self.pages >= self.order.pages_max => Some(Report::TooManyPages),
            () if self.order.live => None,
            () if single && self.pages > 0 => Some(Report::Finished),
            () if self.last_page.elapsed() <= IDLE => None,
            () if self.pages > 0 => Some(Report::Finished),
            () => Some(failed(Stage::Starting, status::NO_DOCS)),
        }
    }

    fn look_at(&mut self, picture: DynamicImage, is_wanted: bool) -> Result<(), PipeError> {
        let (width, height) = THUMB_SIDES;
        let thumb = picture.thumbnail_exact(width, height).into_luma8().into_raw();
        let look = self.watch.look(thumb, self.began.elapsed().as_millis() as u64);
        if self.order.live {
            if let Some(jpeg) = preview(&picture) {
                self.outbox.send(&Report::Preview(jpeg))?;
            }
            if self.look != Some(look) {
                self.outbox.send(&Report::Looked { look })?;
            }
        } else {
            // A sign of life: the parent's clock begins anew.
            self.outbox.enter(Stage::Watching)?;
        }
        self.look = Some(look);
        if is_wanted {
            self.watch.note_taken();
        }
        if is_wanted || (look == Look::AtRest && !self.order.live) {
            self.take(picture)?;
        }
        Ok(())
    }

    fn take(&mut self, picture: DynamicImage) -> Result<(), PipeError> {
        self.outbox.enter(Stage::Reading)?;
        let colour = self.order.profile.colour == ColourMode::Colour;
        let sequence = self.order.first_sequence.saturating_add(self.pages);
        // Only the paper's size tells the resolution: the page is treated like a photograph.
        picture::send(self.outbox, picture, colour, true, sequence, 0)?;
        self.pages += 1;
        self.last_page = Instant::now();
        self.outbox.enter(Stage::Watching)
    }
}

/// A small picture for the window; `None` when it would not go through the pipe, which is then no picture of papers.
fn preview(picture: &DynamicImage) -> Option<Vec<u8>> {
    let (width_max, height_max) = PREVIEW_PX_MAX;
    let small = if picture.width() > width_max || picture.height() > height_max {
        picture.thumbnail(width_max, height_max).into_rgb8()
    } else {
        picture.to_rgb8()
    };
    let page = RawScan {
        sequence: 0,
        width_px: small.width(),
        height_px: small.height(),
        dpi: 0,
        colour: PixelColour::Rgb,
        pixels: small.into_raw(),
        room: None,
    };
    page.to_jpeg(PREVIEW_QUALITY).ok().filter(|jpeg| jpeg.len() <= PAYLOAD_BYTES_MAX)
}

fn cancelled() -> Report {
    failed(Stage::Watching, status::CANCELLED)
}

fn failed(stage: Stage, status: Status) -> Report {
    let double_feed = false;
    Report::Failed { stage, status, double_feed }
}
