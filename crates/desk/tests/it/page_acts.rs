//! What a clerk does with pages, and the way back from each act.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use onewindow_case::Case;
use onewindow_case::case::{FieldValue, Page};
use onewindow_case::ids::{FieldKey, PageId};
use onewindow_desk::DeskFault;
use onewindow_ipc::case_view::{CaseView, PageView, ScanColour, ScanPaper, ScanProfile, ScanSource, ShareView};
use onewindow_ipc::page_act::PageAct;
use onewindow_testkit::escl::Fault;
use onewindow_testkit::papers::{Cast, DrawOptions, PaperKind, Placement, draw, encode_jpeg, on_glass};

use crate::counter::{Counter, sides};

const CARD: &str = "id_card.mother";
const FORM: &str = "app_form";
const PATIENCE: Duration = Duration::from_secs(60);

fn card_on_glass(kind: PaperKind) -> Vec<u8> {
    let card = draw(
        kind,
        &Cast::demo(),
        &DrawOptions {
            dpi: 300,
            ..DrawOptions::default()
        },
    )
    .unwrap();
    encode_jpeg(&on_glass(&card, &Placement::at(20.0, 30.0, 0.0)), 90).unwrap()
}

fn form(page_no: u32) -> Vec<u8> {
    let options = DrawOptions {
        dpi: 100,
        page_no,
        ..DrawOptions::default()
    };
    encode_jpeg(&draw(PaperKind::NewbornForm, &Cast::demo(), &options).unwrap(), 85).unwrap()
}

/// The pages at the counter, by their places in this list: a card that the clerk cut and turned, two pages of a form, and one of it that
/// was taken out.
fn with_pages() -> Option<(Counter, [PageId; 4])> {
    let counter = Counter::open()?;
    counter.scanner.put_on_glass(card_on_glass(PaperKind::IdCardPortrait));
    counter.scan(CARD, ScanSource::Flatbed, 1);
    let folder = tempfile::tempdir().unwrap();
    for page_no in 1..=3 {
        let path = folder.path().join(format!("form-{page_no}.jpg"));
        std::fs::write(&path, form(page_no)).unwrap();
        counter.import(FORM, &path);
    }
    let case = counter.await_pages(4);
    let pages = [0, 1, 2, 3].map(|at| case.pages[at].id);
    counter.desk.crop_page(counter.case, pages[0], &HALF).unwrap();
    counter.desk.turn_page(counter.case, pages[0], 1).unwrap();
    counter.desk.remove_page(counter.case, pages[3]).unwrap();
    Some((counter, pages))
}

const HALF: [ShareView; 4] = [
    ShareView { x: 0, y: 0 },
    ShareView { x: 5_000, y: 0 },
    ShareView { x: 5_000, y: 5_000 },
    ShareView { x: 0, y: 5_000 },
];

/// What the clerk has before the eyes: the pages that count in their order, those taken out, and what is filled in.
fn seen(case: &Case, pages: &[PageId]) -> (Vec<Page>, Vec<Page>, BTreeMap<FieldKey, FieldValue>) {
    let fields = case.fields.iter().filter(|(_, value)| !value.value.is_empty());
    (
        case.counted_pages().cloned().collect(),
        case.pages.iter().filter(|page| page.removed && pages.contains(&page.id)).cloned().collect(),
        fields.map(|(key, value)| (key.clone(), value.clone())).collect(),
    )
}

type Act = fn(&Counter, [PageId; 4]) -> Result<CaseView, DeskFault>;

const ACTS: [(PageAct, &str, Act); 12] = [
    (PageAct::Turned, "turned", |at, [card, ..]| at.desk.turn_page(at.case, card, 3)),
    (PageAct::Cropped, "cropped again", |at, [card, ..]| {
        at.desk.crop_page(at.case, card, &HALF.map(|corner| ShareView { x: corner.x * 2, ..corner }))
    }),
    (PageAct::Reset, "cropped by the counter", |at, [card, ..]| at.desk.reset_page(at.case, card)),
    (PageAct::Removed, "taken out", |at, [_, first, ..]| at.desk.remove_page(at.case, first)),
    (PageAct::Restored, "brought back", |at, [.., out]| at.desk.restore_page(at.case, out)),
    (PageAct::Filed, "filed elsewhere", |at, [_, first, ..]| {
        at.desk.assign_page(at.case, first, Some("hukou.register"))
    }),
    (PageAct::Filed, "filed nowhere", |at, [card, ..]| at.desk.assign_page(at.case, card, None)),
    (PageAct::Moved, "moved to the end", |at, [_, first, ..]| at.desk.move_page(at.case, first, None)),
    (PageAct::Moved, "moved to the front", |at, [card, _, second, _]| {
        at.desk.move_page(at.case, second, Some(card))
    }),
    (PageAct::Split, "split", |at, [_, first, ..]| at.desk.split_page(at.case, first)),
    (PageAct::Joined, "joined", |at, [_, first, second, _]| {
        at.desk.join_pages(at.case, first, second)
    }),
    (PageAct::Replaced, "scanned again", |at, [card, ..]| {
        at.scanner.put_on_glass(card_on_glass(PaperKind::IdCardEmblem));
        at.desk.rescan_page(at.case, card, &glass(at))?;
        at.await_pages(3);
        at.desk.show_case(at.case)
    }),
];

fn glass(at: &Counter) -> ScanProfile {
    ScanProfile {
        scanner: Some(at.scanner_id()),
        source: ScanSource::Flatbed,
        colour: ScanColour::Colour,
        dpi: 300,
        paper: ScanPaper::A4,
    }
}

#[test]
fn every_act_on_pages_has_a_way_back_to_the_pages_as_they_were() {
    let Some((counter, pages)) = with_pages() else { return };
    let (desk, id) = (&counter.desk, counter.case);
    let case = || desk.get_case(id).unwrap();
    let before = seen(&case(), &pages);
    for (act, name, doing) in ACTS {
        let revision = case().revision;
        let view = doing(&counter, pages).unwrap();
        assert_ne!(seen(&case(), &pages), before, "a page {name} is another state");
        let undo = view.undo.unwrap_or_else(|| panic!("a page {name} has a way back"));
        assert_eq!(undo.act, act, "a page {name}");
        assert!(undo.revision >= revision, "the way leads from after what was before");
        let view = desk.undo_page_act(id, undo.revision).unwrap();
        assert_eq!(seen(&case(), &pages), before, "a page {name}, undone");
        assert_eq!(view.undo.map(|undo| undo.act), Some(PageAct::Removed), "the act before it can be undone next");
        let revision = case().revision;
        desk.undo_page_act(id, undo.revision).unwrap();
        assert_eq!(case().revision, revision, "undoing twice is undoing once");
    }
}

#[test]
fn acts_on_pages_are_undone_one_after_another_the_last_one_first() {
    let Some((counter, pages)) = with_pages() else { return };
    let (desk, id) = (&counter.desk, counter.case);
    let case = || desk.get_case(id).unwrap();
    let before = seen(&case(), &pages);
    let [card, first, second, out] = pages;
    let revision = case().revision;
    desk.turn_page(id, card, 2).unwrap();
    desk.move_page(id, second, Some(first)).unwrap();
    desk.split_page(id, second).unwrap();
    desk.restore_page(id, out).unwrap();
    let between = seen(&case(), &pages);
    let undo = desk.join_pages(id, first, out).unwrap().undo.unwrap();
    desk.undo_page_act(id, undo.revision).unwrap();
    assert_eq!(seen(&case(), &pages), between, "only the last act");
    let view = desk.undo_page_act(id, revision).unwrap();
    assert_eq!(seen(&case(), &pages), before, "all that came after a revision");
    assert_eq!(view.undo.map(|undo| undo.act), Some(PageAct::Removed));
}

#[test]
fn a_page_scanned_again_takes_the_place_and_the_paper_of_the_old_one() {
    let Some((counter, [card, first, second, _])) = with_pages() else { return };
    let (desk, id) = (&counter.desk, counter.case);
    counter.scanner.load_feeder([form(1)]);
    // Whatever the window has chosen: the page belongs to the paper of the page that it stands for.
    let feeder = ScanProfile {
        source: ScanSource::Fronts,
        ..glass(&counter)
    };
    let old = desk.get_case(id).unwrap().find_page(first).unwrap().clone();
    desk.rescan_page(id, first, &feeder).unwrap();
    let case = counter.await_pages(3);
    let order: Vec<PageId> = case.counted_pages().map(|page| page.id).collect();
    assert_eq!((order[0], order[2]), (card, second), "the new page stands where the old one stood");
    let new = case.find_page(order[1]).unwrap();
    assert_eq!(new.material, old.material);
    let kept = case.find_page(first).unwrap();
    assert!(kept.removed && kept.original == old.original, "the old page is out, and in the history");
    assert_eq!(
        new.judgement.findings.iter().find(|remark| remark.code == "duplicate-page"),
        None,
        "a page that is out has no twin"
    );
    let told = desk.history(id).unwrap();
    let words: Vec<&str> = told.iter().rev().take(4).map(|row| row.event.as_str()).collect();
    assert_eq!(
        words,
        ["page_judged", "page_removed", "page_moved", "page_kept"],
        "old and new change in one append"
    );
}

#[test]
fn a_page_stays_when_scanning_it_again_fails() {
    let Some((counter, pages)) = with_pages() else { return };
    let (desk, id) = (&counter.desk, counter.case);
    let before = seen(&desk.get_case(id).unwrap(), &pages);
    let check = |fault: Fault, source: ScanSource, what: &str| {
        counter.scanner.load_feeder([form(2)]);
        counter.scanner.put_on_glass(card_on_glass(PaperKind::IdCardEmblem));
        counter.scanner.script(fault);
        desk.rescan_page(id, pages[1], &ScanProfile { source, ..glass(&counter) }).unwrap();
        let case = counter.await_pages(3);
        assert_eq!(seen(&case, &pages), before, "{what}: nothing may change");
        counter.scanner.clear_faults();
    };
    check(Fault::JamAfter { pages: 0 }, ScanSource::Feeder, "a jam");
    check(Fault::Empty, ScanSource::Feeder, "no paper");
    check(Fault::CoverOpen, ScanSource::Feeder, "an open cover");
    check(Fault::OutOfOrder, ScanSource::Flatbed, "a broken device");
    // Stopped by the clerk before anything came.
    counter.scanner.script(Fault::PageDelay { delay_ms: 4_000 });
    desk.rescan_page(id, pages[1], &glass(&counter)).unwrap();
    desk.cancel_scan(id);
    assert_eq!(seen(&counter.await_pages(3), &pages), before, "stopped: nothing may change");
}

#[test]
fn a_recognised_page_says_how_sure_its_place_is_until_a_person_files_it() {
    let Some(counter) = Counter::open_reading() else { return };
    let (desk, id) = (&counter.desk, counter.case);
    for (question, answer) in [
        ("register_with", "father"),
        ("married", "yes"),
        ("born_here", "yes"),
        ("insured", "mother"),
        ("foreign_parent", "no"),
        ("children", "1"),
    ] {
        desk.answer_question(id, question, Some(answer)).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let import = |kind: PaperKind| -> PageView {
        let path = folder.path().join(format!("{kind:?}.jpg"));
        std::fs::write(&path, card_on_glass(kind)).unwrap();
        desk.import_files(id, None, &[path]).unwrap();
        let begun = Instant::now();
        loop {
            if desk.get_case(id).unwrap().pages.last().is_some_and(|page| page.read) {
                return desk.show_case(id).unwrap().pages.last().unwrap().clone();
            }
            assert!(begun.elapsed() < PATIENCE, "the page is not read");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    // The back of a card alone: the card of the mother or of the father, nobody can tell.
    let back = import(PaperKind::IdCardEmblem);
    assert_eq!(back.material.as_deref(), Some(CARD));
    let percent = back.guess_percent.unwrap();
    assert!((20..=50).contains(&percent), "one of two is never surer than half: {percent}");
    // A portrait says whose it is.
    let portrait = import(PaperKind::IdCardPortrait);
    assert!(
        portrait.material.as_deref().is_some_and(|key| key.starts_with("id_card.")),
        "{:?}",
        portrait.material
    );
    assert_eq!(portrait.guess_percent, None, "sure");
    let view = desk.show_case(id).unwrap();
    let number = portrait.readings.iter().find(|reading| reading.key == "resident_id").unwrap();
    assert!(number.proven, "by its check digit: {number:?}");
    let field = view
        .fields
        .iter()
        .find(|field| field.page_id.as_deref() == Some(&portrait.page_id) && field.value == number.value);
    let field = field.unwrap();
    assert!(
        field.proven && !field.confirmed && field.finding.is_none(),
        "nobody is asked to look at it: {field:?}"
    );
    let name = portrait.readings.iter().find(|reading| reading.key == "name").unwrap();
    let asked = |code: &str, field: &str| {
        let findings = &view.findings;
        findings.iter().any(|finding| finding.code == code && finding.field.as_deref() == Some(field))
    };
    assert!(!name.proven && asked("field.unconfirmed", name.field.as_deref().unwrap()), "{name:?}");
    assert!(!asked("field.unconfirmed", &field.field));
    // The guess is right: filed by a person, it is none any more; taken back, it is one again.
    let page = PageId::parse(&back.page_id).unwrap();
    let filed = desk.assign_page(id, page, back.material.as_deref()).unwrap();
    assert_eq!(filed.pages[0].guess_percent, None);
    let undone = desk.undo_page_act(id, filed.undo.unwrap().revision).unwrap();
    assert_eq!(undone.pages[0].guess_percent, Some(percent));
}

#[test]
fn corners_in_the_view_are_those_found_then_those_given_and_follow_a_turn() {
    let Some(counter) = Counter::open() else { return };
    let (desk, id) = (&counter.desk, counter.case);
    counter.scanner.put_on_glass(card_on_glass(PaperKind::IdCardPortrait));
    let case = counter.scan(CARD, ScanSource::Flatbed, 1);
    let page = case.counted_pages().next().unwrap().id;
    let corners = |view: &CaseView| view.pages[0].corners.clone().unwrap();
    // The card lies 20 mm from the left and 30 mm from the top of a glass of A4; it is 85.6 by 54.0 mm.
    let share = |mm: f64, of_mm: f64| (mm / of_mm * 10_000.0).round() as i32;
    let truth = [[20.0, 30.0], [105.6, 30.0], [105.6, 84.0], [20.0, 84.0]].map(|[x, y]| ShareView {
        x: share(x, 210.0),
        y: share(y, 297.0),
    });
    let found = corners(&desk.show_case(id).unwrap());
    for (found, truth) in found.iter().zip(&truth) {
        assert!(
            found.x.abs_diff(truth.x) < 40 && found.y.abs_diff(truth.y) < 40,
            "found at {found:?}, lies at {truth:?}"
        );
    }
    assert_eq!(corners(&desk.crop_page(id, page, &HALF).unwrap()), HALF);
    let turned = desk.turn_page(id, page, 1).unwrap();
    let turned_corners = corners(&turned);
    assert_eq!(turned_corners[0], HALF[3], "the page's top left is what was its bottom left");
    let (width_px, height_px) = (turned.pages[0].width_px, turned.pages[0].height_px);
    // Cut again by the corners it has, the page stays turned: nothing of an earlier step is lost.
    let again = desk.crop_page(id, page, &turned_corners.clone().try_into().unwrap()).unwrap();
    assert_eq!(corners(&again), turned_corners);
    assert_eq!((again.pages[0].width_px, again.pages[0].height_px), (width_px, height_px));
    assert!(width_px > height_px, "half of an A4 page by half of it, lying: {width_px} x {height_px}");
    let card = desk.reset_page(id, page).unwrap();
    assert_eq!(corners(&card), found);
    let case = desk.get_case(id).unwrap();
    assert!(sides(case.find_page(page).unwrap()).0.abs_diff(856) <= 8);
}
