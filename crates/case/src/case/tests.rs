//! Folding of pages.

use uuid::Uuid;

use super::*;
use crate::event::PageOrigin;

const PAGE: u128 = 9;

fn page() -> PageId {
    PageId::new(Uuid::from_u128(PAGE))
}

/// A case with one judged page that lies in the left half of its original.
fn with_page() -> Case {
    let digest = Digest::new([7; 32]);
    let events = [
        CaseEvent::Opened {
            case_no: "330302010032026112200071".to_owned(),
            bundle: BundleId::new("newborn"),
            catalogue_version: "2026.11".to_owned(),
            ticket: None,
        },
        CaseEvent::PageKept {
            page: page(),
            original: digest,
            corrected: digest,
            thumb: digest,
            material: None,
            sequence: 1,
            origin: PageOrigin::File("photo.jpg".to_owned()),
            judgement: Judgement {
                width_px: 300,
                height_px: 400,
                width_tenth_mm: 750,
                height_tenth_mm: 1_000,
                corners: Some([[0, 0], [5_000, 0], [5_000, 10_000], [0, 10_000]]),
                ..Judgement::pending()
            },
        },
    ];
    Case::replay(CaseId::new(Uuid::from_u128(1)), &events).unwrap_or_else(|| unreachable!("the first event opens it"))
}

fn turned(quarter_turns: u8) -> Judgement {
    let mut case = with_page();
    case.apply(&CaseEvent::PageTurned {
        page: page(),
        corrected: Digest::new([8; 32]),
        thumb: Digest::new([9; 32]),
        quarter_turns,
    });
    case.pages.remove(0).judgement
}

#[test]
fn sizes_and_corners_of_a_turned_page_follow_its_picture() {
    let check = |quarter_turns: u8, size: [u32; 4], first: [i32; 2]| {
        let judgement = turned(quarter_turns);
        let found = [judgement.width_px, judgement.height_px, judgement.width_tenth_mm, judgement.height_tenth_mm];
        assert_eq!(found, size, "{quarter_turns} quarter turns");
        assert_eq!(
            judgement.corners.map(|corners| corners[0]),
            Some(first),
            "top left after {quarter_turns} quarter turns"
        );
    };
    check(0, [300, 400, 750, 1_000], [0, 0]);
    // Clockwise: what lay at the bottom left is at the top left now.
    check(1, [400, 300, 1_000, 750], [0, 10_000]);
    check(2, [300, 400, 750, 1_000], [5_000, 10_000]);
    check(3, [400, 300, 1_000, 750], [5_000, 0]);
}

#[test]
fn what_was_read_stays_where_it_stands_when_its_page_is_turned() {
    let read_at = |region: [u32; 4]| {
        let mut case = with_page();
        case.apply(&CaseEvent::PageRead {
            page: page(),
            readings: vec![Reading {
                key: "name".to_owned(),
                value: "沈青".to_owned(),
                evidence: "ocr_only".to_owned(),
                region: Some(region),
            }],
            paper_guess: None,
        });
        case
    };
    let turned = |mut case: Case, quarter_turns: u8| {
        case.apply(&CaseEvent::PageTurned {
            page: page(),
            corrected: Digest::new([8; 32]),
            thumb: Digest::new([9; 32]),
            quarter_turns,
        });
        case
    };
    let place = |case: &Case| case.pages[0].readings[0].region;
    // The page has 300 by 400 elements; the value stands near its top left corner.
    for (quarter_turns, expected) in [(0, [10, 20, 50, 30]), (1, [350, 10, 30, 50]), (2, [240, 350, 50, 30]), (3, [20, 240, 30, 50])] {
        let once = turned(read_at([10, 20, 50, 30]), quarter_turns);
        assert_eq!(place(&once), Some(expected), "{quarter_turns} quarter turns");
        let back = turned(once, 4 - quarter_turns);
        assert_eq!(place(&back), Some([10, 20, 50, 30]), "{quarter_turns} quarter turns and back");
    }
    assert_eq!(place(&turned(read_at([290, 0, 20, 20]), 1)), None, "beyond the page");
    assert_eq!(place(&turned(read_at([u32::MAX, 0, 20, 20]), 2)), None);
}

#[test]
fn a_page_filed_by_a_person_is_no_guess_any_more() {
    let mut case = with_page();
    let mut file = |guess_percent| {
        case.apply(&CaseEvent::PageAssigned {
            page: page(),
            material: Some(MaterialKey::new("hukou")),
            guess_percent,
        });
        case.pages[0].guess_percent
    };
    assert_eq!(file(Some(61)), Some(61));
    assert_eq!(file(None), None);
}
