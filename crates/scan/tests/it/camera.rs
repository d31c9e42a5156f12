//! Document cameras over the real protocol of a maker's service: a virtual camera that sees a table, hands and synthetic papers.

use std::time::{Duration, Instant};

use onewindow_scan::{
    Batch, CameraFault, ColourMode, Look, PaperSize, PixelColour, Profile, RawScan, Scan, ScanEvent, ScanFault, Source, WorkerConfig, inspect_scanner,
};
use onewindow_testkit::camera::{Scene, Trouble, VirtualCamera};
use onewindow_testkit::papers::{Cast, DrawOptions, PaperKind, draw};

use crate::run;

fn worker() -> WorkerConfig {
    WorkerConfig::new(env!("CARGO_BIN_EXE_onewindow-scan-worker"))
}

fn profile(source: Source) -> Profile {
    Profile {
        source,
        colour: ColourMode::Colour,
        dpi: 300,
        paper: PaperSize::A4,
    }
}

fn lying(kind: PaperKind, page_no: u32) -> Scene {
    let options = DrawOptions {
        dpi: 200,
        page_no,
        ..DrawOptions::default()
    };
    Scene::paper(&draw(kind, &Cast::demo(), &options).unwrap())
}

/// A live camera and what was heard of it.
struct Live {
    scan: Scan,
    looks: Vec<Look>,
    pages: Vec<RawScan>,
    end: Option<ScanFault>,
}

impl Live {
    fn start(config: &WorkerConfig, id: String) -> Self {
        let mut batch = Batch::new(id, profile(Source::Auto));
        batch.live = true;
        Self {
            scan: Scan::start(config, &batch).unwrap(),
            looks: Vec::new(),
            pages: Vec::new(),
            end: None,
        }
    }

    /// Hears events until something is true; fails after a time in which any of these tests would be over.
    fn until(&mut self, what: &str, is_true: impl Fn(&Self) -> bool) {
        let until = Instant::now() + Duration::from_secs(40);
        while !is_true(self) {
            assert!(
                Instant::now() < until,
                "{what} did not come: looks {:?}, {} pages, end {:?}",
                self.looks,
                self.pages.len(),
                self.end
            );
            match self.scan.next_event_within(Duration::from_millis(50)) {
                Ok(Some(ScanEvent::Looked(look))) => self.looks.push(look),
                Ok(Some(ScanEvent::Page(page))) => self.pages.push(page),
                Ok(Some(ScanEvent::Fault(fault))) => self.end = Some(fault),
                Ok(Some(_)) | Err(_) => {}
                Ok(None) => assert!(self.end.is_some(), "{what} did not come before the end"),
            }
        }
    }

    fn rests(&self) -> usize {
        self.looks.iter().filter(|look| **look == Look::AtRest).count()
    }

    /// Shows what the camera sees for a while and hears what it makes of it.
    fn watch(&mut self, camera: &VirtualCamera, scenes: &[Scene]) {
        for scene in scenes {
            camera.show(scene);
            let until = Instant::now() + Duration::from_millis(300);
            self.until("time", |_| Instant::now() >= until);
        }
    }

    fn end_of(mut self) -> ScanFault {
        self.until("the end", |live| live.end.is_some());
        self.end.unwrap()
    }
}

#[test]
fn a_paper_that_lies_still_is_taken_by_itself() {
    let camera = VirtualCamera::start().unwrap();
    camera.show(&lying(PaperKind::IdCardPortrait, 1));
    let outcome = run(&worker(), &Batch::new(camera.snapshot_id(), profile(Source::Flatbed)));
    assert_eq!(outcome.end, Ok(1));
    let page = &outcome.pages[0];
    assert_eq!(
        (page.width_px, page.height_px, page.dpi, page.colour),
        (1600, 1200, 0, PixelColour::Rgb),
        "a photograph does not know its resolution"
    );
}

#[test]
fn one_paper_after_another_is_taken_until_enough() {
    let camera = VirtualCamera::start().unwrap();
    let papers = [
        lying(PaperKind::HouseholdMember, 1),
        lying(PaperKind::HouseholdMember, 2),
        lying(PaperKind::IdCardEmblem, 1),
    ];
    let mut batch = Batch::new(camera.stream_id(), profile(Source::Feeder));
    batch.pages_max = 3;
    camera.show(&papers[0]);
    let outcome = std::thread::scope(|scope| {
        scope.spawn(|| {
            for paper in &papers {
                camera.play(paper.hand_passing().iter().map(|scene| (scene, Duration::from_millis(300))));
                camera.play([(paper, Duration::from_millis(3000))]);
            }
        });
        run(&worker(), &batch)
    });
    assert_eq!(outcome.end, Err(ScanFault::TooManyPages));
    assert_eq!(outcome.pages.len(), 3, "two pages of one form are two papers");
}

#[test]
fn a_live_camera_shows_its_picture_and_takes_a_page_when_told() {
    let camera = VirtualCamera::start().unwrap();
    let mut live = Live::start(&worker(), camera.stream_id());
    let (first, picture) = live.scan.live().newer_than(0, Duration::from_secs(20)).expect("a picture");
    let seen = image::load_from_memory(&picture).unwrap();
    assert_eq!((seen.width(), seen.height()), (960, 720), "reduced to what the window has room for");
    let (second, _) = live.scan.live().newer_than(first, Duration::from_secs(5)).expect("the next");
    assert!(second > first);
    let paper = lying(PaperKind::MarriageCertificate, 1);
    live.watch(&camera, &paper.hand_passing());
    assert!(live.looks.contains(&Look::Moving), "{:?}", live.looks);
    let before = live.rests();
    live.watch(&camera, std::slice::from_ref(&paper));
    live.until("rest", |live| live.rests() > before);
    assert!(live.pages.is_empty(), "a live camera takes nothing unasked");
    live.scan.shutter().press();
    live.until("a page", |live| live.pages.len() == 1);
    assert_eq!((live.pages[0].width_px, live.pages[0].height_px, live.pages[0].sequence), (1600, 1200, 1));
    // The hand points at something; the same paper lies there afterwards.
    let before = live.rests();
    live.watch(&camera, &paper.hand_passing());
    live.watch(&camera, &[paper.clone(), paper.clone(), paper.clone(), paper.clone(), paper]);
    assert_eq!(live.rests(), before, "the same paper is not new: {:?}", live.looks);
    live.scan.cancel();
    assert_eq!(live.end_of(), ScanFault::Cancelled);
}

#[test]
fn what_a_careless_service_sends_is_read() {
    for trouble in [Trouble::Garbage, Trouble::NoLength] {
        let camera = VirtualCamera::start().unwrap();
        camera.trouble(trouble);
        let mut live = Live::start(&worker(), camera.stream_id());
        live.scan.shutter().press();
        live.until("a page", |live| live.pages.len() == 1);
    }
}

#[test]
fn troubles_before_the_first_picture_are_named() {
    let check = |trouble: Trouble, fault| {
        let camera = VirtualCamera::start().unwrap();
        camera.trouble(trouble);
        let live = Live::start(&worker(), camera.stream_id());
        assert_eq!(live.end_of(), ScanFault::Camera(fault), "{trouble:?}");
    };
    check(Trouble::Busy, CameraFault::Busy);
    check(Trouble::Denied, CameraFault::Denied);
    check(Trouble::NotACamera, CameraFault::Unreadable);
    check(Trouble::Oversized, CameraFault::Unreadable);
    check(Trouble::Bomb, CameraFault::Unreadable);
    check(Trouble::Torn, CameraFault::Unreadable);
    check(Trouble::Silent, CameraFault::Silent);
    for missing in ["camera:http://127.0.0.1:9/stream", "v4l2:/dev/video987", "camera:nonsense"] {
        assert_eq!(
            Live::start(&worker(), missing.into()).end_of(),
            ScanFault::Camera(CameraFault::Missing),
            "{missing}"
        );
    }
}

#[test]
fn a_camera_that_goes_away_in_the_middle_is_named_and_its_pages_stay() {
    let check = |harm: &dyn Fn(&VirtualCamera), fault| {
        let camera = VirtualCamera::start().unwrap();
        let mut live = Live::start(&worker(), camera.stream_id());
        live.scan.shutter().press();
        live.until("a page", |live| live.pages.len() == 1);
        harm(&camera);
        live.until("the end", |live| live.end.is_some());
        assert_eq!((live.end, live.pages.len()), (Some(ScanFault::Camera(fault)), 1));
        assert_eq!(live.scan.live().newest(), None, "no picture of before is shown");
    };
    check(&|camera| camera.plug(false), CameraFault::Unplugged);
    check(&|camera| camera.trouble(Trouble::Drip), CameraFault::Silent);
    check(&|camera| camera.trouble(Trouble::Silent), CameraFault::Silent);
    check(&|camera| camera.trouble(Trouble::Oversized), CameraFault::Unreadable);
}

#[test]
fn a_stream_cut_in_mid_frame_comes_back_by_itself() {
    let camera = VirtualCamera::start().unwrap();
    let mut live = Live::start(&worker(), camera.stream_id());
    live.scan.live().newer_than(0, Duration::from_secs(20)).expect("a picture");
    camera.trouble(Trouble::CutInFrame);
    let before = camera.pictures_sent();
    live.until("more pictures", |_| camera.pictures_sent() > before + 5);
    live.scan.shutter().press();
    live.until("a page", |live| live.pages.len() == 1);
    assert_eq!(live.end, None);
}

#[test]
fn a_camera_is_let_go_within_half_a_second() {
    let camera = VirtualCamera::start().unwrap();
    let live = Live::start(&worker(), camera.stream_id());
    live.scan.live().newer_than(0, Duration::from_secs(20)).expect("a picture");
    for trouble in [None, Some(Trouble::Drip)] {
        let live = Live::start(&worker(), camera.stream_id());
        live.scan.live().newer_than(0, Duration::from_secs(20)).expect("a picture");
        if let Some(trouble) = trouble {
            camera.trouble(trouble);
            std::thread::sleep(Duration::from_millis(300));
        }
        let start = Instant::now();
        live.scan.cancel();
        assert!(start.elapsed() < Duration::from_millis(500), "{trouble:?}: {:?}", start.elapsed());
        assert!(!live.scan.wait().worker_killed, "{trouble:?}: the worker leaves by itself");
    }
}

#[test]
fn a_camera_can_be_asked_what_it_is() {
    let camera = VirtualCamera::start().unwrap();
    let can = inspect_scanner(&worker(), &camera.stream_id()).unwrap();
    assert_eq!(can.sources.len(), 1, "a camera has one place for papers");
    assert_eq!(
        can.find(Source::Flatbed).map(|able| able.colours.as_slice()),
        Some([ColourMode::Colour, ColourMode::Gray].as_slice())
    );
    camera.plug(false);
    assert_eq!(inspect_scanner(&worker(), &camera.snapshot_id()), Err(ScanFault::Camera(CameraFault::Missing)));
}
