//! Both sides of a stack on a scanner that sees one: the fronts, then the stack turned over.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use onewindow_case::ids::CaseId;
use onewindow_desk::News;
use onewindow_ipc::case_view::{ScanColour, ScanPaper, ScanProfile, ScanSource};
use onewindow_ipc::news::{ScanNews, ScanState};
use onewindow_testkit::escl::{Device, Fault};
use onewindow_testkit::papers::{Cast, DrawOptions, PaperKind, draw, encode_jpeg};

use crate::counter::Counter;

/// A counter with a scanner that does not turn sheets, and what it told at the end of each scan.
struct Turning {
    counter: Counter,
    ends: Arc<Mutex<Vec<ScanNews>>>,
}

impl Turning {
    fn open() -> Option<Self> {
        let counter = Counter::open_with(Device::SIMPLEX)?;
        let ends: Arc<Mutex<Vec<ScanNews>>> = Arc::default();
        let heard = Arc::clone(&ends);
        counter.desk.listen(move |news| {
            if let News::Scan(scan) = news
                && matches!(scan.state, ScanState::Finished | ScanState::Failed | ScanState::Cancelled)
            {
                heard.lock().unwrap().push(scan);
            }
        });
        Some(Self { counter, ends })
    }

    fn lay_in(&self, sides: impl IntoIterator<Item = u32>) {
        self.counter.scanner.load_feeder(sides.into_iter().map(side));
    }

    /// Scans into a case until the scanner stops; how it ended.
    fn scan_into(&self, case: CaseId, source: ScanSource) -> ScanNews {
        let before = self.ends.lock().unwrap().len();
        let profile = ScanProfile {
            scanner: Some(self.counter.scanner_id()),
            source,
            colour: ScanColour::Colour,
            dpi: 150,
            paper: ScanPaper::A4,
        };
        self.counter.desk.scan_into(case, Some("app_form".to_owned()), &profile).unwrap();
        let begun = Instant::now();
        loop {
            if let Some(end) = self.ends.lock().unwrap().get(before) {
                return end.clone();
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{source:?} did not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn scan(&self, source: ScanSource) -> ScanNews {
        self.scan_into(self.counter.case, source)
    }

    /// The numbers given at acquisition, in the order in which the pages now lie.
    fn order(&self) -> Vec<u32> {
        let case = self.counter.desk.get_case(self.counter.case).unwrap();
        case.counted_pages().map(|page| page.sequence).collect()
    }
}

fn side(page_no: u32) -> Vec<u8> {
    let options = DrawOptions {
        dpi: 150,
        page_no,
        ..DrawOptions::default()
    };
    encode_jpeg(&draw(PaperKind::TenancyContract, &Cast::demo(), &options).unwrap(), 85).unwrap()
}

fn told(end: &ScanNews) -> (ScanState, u32, Option<&str>) {
    (end.state, end.pages_kept, end.code.as_deref())
}

#[test]
fn the_backs_of_a_turned_stack_end_behind_their_fronts() {
    let Some(turning) = Turning::open() else { return };
    turning.lay_in([1, 3, 5]);
    assert_eq!(told(&turning.scan(ScanSource::Fronts)), (ScanState::Finished, 3, None));
    turning.lay_in([6, 4, 2]);
    assert_eq!(told(&turning.scan(ScanSource::Backs)), (ScanState::Finished, 3, None));
    assert_eq!(turning.order(), [1, 6, 2, 5, 3, 4]);
}

#[test]
fn a_jam_on_either_side_ends_a_batch_and_not_the_stack() {
    let Some(turning) = Turning::open() else { return };
    let jam_after_one = || turning.counter.scanner.script(Fault::JamAfter { pages: 1 });
    turning.lay_in([1, 3, 5]);
    jam_after_one();
    assert_eq!(told(&turning.scan(ScanSource::Fronts)), (ScanState::Failed, 1, Some("jam")));
    turning.counter.scanner.clear_faults();
    assert_eq!(told(&turning.scan(ScanSource::Fronts)), (ScanState::Finished, 2, None));
    turning.lay_in([6, 4, 2]);
    jam_after_one();
    assert_eq!(told(&turning.scan(ScanSource::Backs)), (ScanState::Failed, 1, Some("jam")));
    assert_eq!(turning.order(), [1, 2, 3, 4], "half of the backs stand where they came");
    assert_eq!(
        told(&turning.scan(ScanSource::Backs)),
        (ScanState::Failed, 0, Some("jam")),
        "the sheet is still stuck"
    );
    turning.counter.scanner.clear_faults();
    assert_eq!(told(&turning.scan(ScanSource::Backs)), (ScanState::Finished, 2, None));
    assert_eq!(turning.order(), [1, 6, 2, 5, 3, 4]);
}

#[test]
fn sides_that_do_not_fit_stay_as_they_came_and_the_clerk_is_told() {
    let Some(turning) = Turning::open() else { return };
    turning.lay_in([1, 3, 5]);
    turning.scan(ScanSource::Fronts);
    turning.lay_in([6, 2]);
    let end = turning.scan(ScanSource::Backs);
    assert_eq!(told(&end), (ScanState::Finished, 2, Some("stack-uneven")));
    let words = end.words.unwrap();
    assert!(words.en.contains("3 fronts and 2 backs") && words.zh.contains("正面 3 页"), "{words:?}");
    assert_eq!(turning.order(), [1, 2, 3, 4, 5], "no page is lost and none is guessed");
}

#[test]
fn another_case_between_fronts_and_backs_changes_nothing() {
    let Some(turning) = Turning::open() else { return };
    turning.lay_in([1, 3]);
    turning.scan(ScanSource::Fronts);
    let other = CaseId::parse(&turning.counter.desk.open_case("newborn", None).unwrap().case_id).unwrap();
    turning.lay_in([5]);
    turning.scan_into(other, ScanSource::Auto);
    // A stack of the other case waits at the same time.
    turning.lay_in([7, 9]);
    turning.scan_into(other, ScanSource::Fronts);
    turning.lay_in([4, 2]);
    assert_eq!(told(&turning.scan(ScanSource::Backs)), (ScanState::Finished, 2, None));
    assert_eq!(turning.order(), [1, 4, 2, 3]);
    turning.lay_in([10, 8]);
    assert_eq!(told(&turning.scan_into(other, ScanSource::Backs)), (ScanState::Finished, 2, None));
    let case = turning.counter.await_pages_of(other, 5);
    assert_eq!(case.counted_pages().map(|page| page.sequence).collect::<Vec<_>>(), [1, 2, 5, 3, 4]);
}

#[test]
fn backs_that_no_fronts_wait_for_are_kept_and_told() {
    let Some(turning) = Turning::open() else { return };
    turning.lay_in([1, 3]);
    turning.scan(ScanSource::Fronts);
    assert_eq!(
        told(&turning.scan(ScanSource::Fronts)),
        (ScanState::Failed, 0, Some("feeder-empty")),
        "pressed once more by mistake"
    );
    turning.lay_in([4, 2]);
    assert_eq!(told(&turning.scan(ScanSource::Backs)), (ScanState::Finished, 2, None));
    assert_eq!(turning.order(), [1, 4, 2, 3], "the stack still waited");
    turning.lay_in([6]);
    assert_eq!(told(&turning.scan(ScanSource::Backs)), (ScanState::Finished, 1, Some("stack-without-fronts")));
    assert_eq!(turning.order(), [1, 4, 2, 3, 5]);
}
