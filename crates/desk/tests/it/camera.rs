//! A document camera from its live picture to the pages of a case.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use onewindow_desk::{DeskFault, News};
use onewindow_ipc::case_view::{ScanColour, ScanPaper, ScanProfile, ScanSource};
use onewindow_ipc::news::{CameraLook, ScanNews, ScanState};
use onewindow_testkit::camera::{Scene, Trouble, VirtualCamera};
use onewindow_testkit::papers::{Cast, DrawOptions, PaperKind, draw};

use crate::counter::{Counter, sides};

const PATIENCE: Duration = Duration::from_secs(60);

/// A counter whose camera is on, and what it told.
struct AtCamera {
    counter: Counter,
    camera: VirtualCamera,
    heard: Arc<Mutex<Vec<ScanNews>>>,
}

impl AtCamera {
    fn open() -> Option<Self> {
        let counter = Counter::open()?;
        let camera = VirtualCamera::start().unwrap();
        let heard = Arc::<Mutex<Vec<ScanNews>>>::default();
        let hearing = Arc::clone(&heard);
        counter.desk.listen(move |news| {
            if let News::Scan(scan) = news {
                hearing.lock().unwrap().push(scan);
            }
        });
        let at = Self { counter, camera, heard };
        at.begin();
        Some(at)
    }

    fn begin(&self) {
        let profile = ScanProfile {
            scanner: Some(self.camera.stream_id()),
            source: ScanSource::Auto,
            colour: ScanColour::Colour,
            dpi: 300,
            paper: ScanPaper::A4,
        };
        let material = Some("id_card.mother".to_owned());
        self.counter.desk.scan_into(self.counter.case, material, &profile).unwrap();
    }

    /// Watches the live picture, as the window does, until something is true of what was told.
    fn watch_until(&self, what: &str, is_true: impl Fn(&[ScanNews]) -> bool) {
        let begun = Instant::now();
        while !is_true(&self.heard.lock().unwrap()) {
            assert!(begun.elapsed() < PATIENCE, "{what} did not come: {:?}", self.looks());
            let _ = self.counter.desk.live_picture(self.counter.case);
        }
    }

    fn watch_for(&self, time: Duration) {
        let begun = Instant::now();
        self.watch_until("the time", |_| begun.elapsed() >= time);
    }

    fn looks(&self) -> Vec<(ScanState, Option<CameraLook>)> {
        self.heard.lock().unwrap().iter().map(|news| (news.state, news.look)).collect()
    }

    fn pages(&self) -> usize {
        self.counter.desk.get_case(self.counter.case).unwrap().counted_pages().count()
    }

    fn close(&self) {
        self.counter.desk.cancel_scan(self.counter.case);
        self.watch_until("the end", |heard| {
            heard.last().is_some_and(|news| news.look.is_none() && news.state == ScanState::Cancelled)
        });
    }
}

fn saw(look: CameraLook) -> impl Fn(&[ScanNews]) -> bool {
    move |heard| heard.last().is_some_and(|news| news.look == Some(look))
}

fn lying(kind: PaperKind, page_no: u32) -> Scene {
    let options = DrawOptions {
        dpi: 300,
        page_no,
        ..DrawOptions::default()
    };
    Scene::paper(&draw(kind, &Cast::demo(), &options).unwrap())
}

#[test]
fn papers_that_come_to_rest_are_taken_once_each_and_cut_out() {
    let Some(at) = AtCamera::open() else { return };
    at.watch_until("the empty table", saw(CameraLook::NoPaper));
    assert_eq!(at.pages(), 0, "an empty table is no page");
    let card = lying(PaperKind::IdCardPortrait, 1);
    for scene in card.hand_passing() {
        at.camera.show(&scene);
        at.watch_for(Duration::from_millis(250));
    }
    at.camera.show(&card);
    at.watch_until("the card", |heard| heard.iter().any(|news| news.state == ScanState::Kept));
    // The hand points at it; then another paper lies there, for another place on the checklist.
    for scene in card.hand_passing() {
        at.camera.show(&scene);
        at.watch_for(Duration::from_millis(250));
    }
    at.camera.show(&card);
    at.watch_until("the same card", saw(CameraLook::Taken));
    at.counter.desk.aim_camera(at.counter.case, Some("app_form".to_owned()), true).unwrap();
    at.camera.show(&lying(PaperKind::HouseholdMember, 1));
    at.watch_until("the booklet", |heard| heard.iter().filter(|news| news.state == ScanState::Kept).count() == 2);
    at.close();
    let case = at.counter.await_pages(2);
    let pages: Vec<_> = case.counted_pages().collect();
    assert_eq!(pages.len(), 2, "each paper once: {:?}", at.looks());
    let (longer, shorter) = sides(pages[0]);
    let ratio = f64::from(longer) / f64::from(shorter);
    assert!((ratio - 85.6 / 54.0).abs() < 0.04, "the card is cut out of the table, {longer} x {shorter}");
    assert_eq!(pages[1].material.as_ref().map(ToString::to_string).as_deref(), Some("app_form"));
}

#[test]
fn without_the_automatic_shot_the_key_takes_the_page() {
    let Some(at) = AtCamera::open() else { return };
    at.watch_until("the empty table", saw(CameraLook::NoPaper));
    let desk = &at.counter.desk;
    desk.aim_camera(at.counter.case, Some("id_card.mother".to_owned()), false).unwrap();
    at.camera.show(&lying(PaperKind::IdCardPortrait, 1));
    at.watch_until("the card at rest", saw(CameraLook::Ready));
    at.watch_for(Duration::from_millis(600));
    assert_eq!(at.pages(), 0, "nobody pressed the key");
    desk.take_shot(at.counter.case).unwrap();
    at.watch_until("the page", saw(CameraLook::Taken));
    at.close();
    assert_eq!(at.counter.await_pages(1).counted_pages().count(), 1);
}

#[test]
fn a_camera_pulled_out_is_told_and_its_pages_are_kept() {
    let Some(at) = AtCamera::open() else { return };
    at.camera.show(&lying(PaperKind::IdCardEmblem, 1));
    at.watch_until("a page", |heard| heard.iter().any(|news| news.state == ScanState::Kept));
    at.camera.plug(false);
    at.watch_until("the end", |heard| heard.last().is_some_and(|news| news.state == ScanState::Failed));
    let last = at.heard.lock().unwrap().last().cloned().unwrap();
    assert_eq!((last.code.as_deref(), last.pages_kept, last.look), (Some("camera-unplugged"), 1, None));
    assert_eq!(at.counter.await_pages(1).counted_pages().count(), 1);
    assert!(matches!(at.counter.desk.live_picture(at.counter.case), Err(DeskFault::Unknown { .. })));
    // Plugged in again, it is opened again.
    at.camera.plug(true);
    at.begin();
    at.watch_until("the picture", saw(CameraLook::Taken));
    at.close();
}

#[test]
fn a_page_taken_again_replaces_the_old_one_and_lets_the_camera_go() {
    let Some(at) = AtCamera::open() else { return };
    let (desk, id) = (&at.counter.desk, at.counter.case);
    for (page_no, kind) in [(1, PaperKind::IdCardPortrait), (2, PaperKind::HouseholdMember)] {
        at.camera.show(&lying(kind, 1));
        at.watch_until("the page", |heard| heard.iter().filter(|news| news.state == ScanState::Kept).count() == page_no);
    }
    at.close();
    let old: Vec<_> = at.counter.await_pages(2).counted_pages().map(|page| page.id).collect();
    at.heard.lock().unwrap().clear();
    let profile = ScanProfile {
        scanner: Some(at.camera.stream_id()),
        source: ScanSource::Auto,
        colour: ScanColour::Colour,
        dpi: 300,
        paper: ScanPaper::A4,
    };
    at.camera.show(&lying(PaperKind::IdCardEmblem, 1));
    desk.rescan_page(id, old[0], &profile).unwrap();
    // The window shows another paper meanwhile, and says so.
    at.watch_until("the picture", |heard| heard.iter().any(|news| news.state == ScanState::Watching));
    let _ = desk.aim_camera(id, Some("app_form".to_owned()), true);
    at.watch_until("the end", |heard| heard.last().is_some_and(|news| news.state == ScanState::Finished));
    let case = at.counter.await_pages(2);
    let now: Vec<_> = case.counted_pages().collect();
    assert_eq!((now.len(), now[1].id), (2, old[1]), "one page, in the place of the old one: {:?}", at.looks());
    assert_ne!(now[0].id, old[0]);
    assert_eq!(now[0].material, case.find_page(old[0]).unwrap().material, "its paper too");
}

#[test]
fn a_busy_camera_is_named() {
    let Some(at) = AtCamera::open() else { return };
    at.close();
    at.camera.trouble(Trouble::Busy);
    at.begin();
    at.watch_until("the refusal", |heard| {
        heard.last().is_some_and(|news| news.code.as_deref() == Some("camera-busy"))
    });
}

#[test]
fn a_camera_that_nobody_looks_at_is_let_go() {
    let Some(at) = AtCamera::open() else { return };
    at.watch_until("the empty table", saw(CameraLook::NoPaper));
    let begun = Instant::now();
    while at.counter.desk.is_scanning(at.counter.case) {
        assert!(begun.elapsed() < PATIENCE, "the clerk has left and the camera is still on");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(begun.elapsed() > Duration::from_secs(5), "a short pause of the window is no leaving");
}
