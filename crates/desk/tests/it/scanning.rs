//! Papers on the glass and in the feeder of a network scanner, as they reach the case.

use onewindow_ipc::case_view::{CaseView, ScanColour, ScanPaper, ScanProfile, ScanSource, ShareView};
use onewindow_testkit::escl::{Device, Fault};
use onewindow_testkit::papers::{Cast, DrawOptions, Paper, PaperKind, PhotoOptions, Placement, draw, encode_jpeg, on_glass, photographed};

use crate::counter::{Counter, sides};

fn paper(kind: PaperKind, dpi: u32) -> Paper {
    let options = DrawOptions { dpi, ..DrawOptions::default() };
    draw(kind, &Cast::demo(), &options).unwrap()
}

fn assert_card(page: &onewindow_case::case::Page, what: &str) {
    let (longer, shorter) = sides(page);
    assert!(
        longer.abs_diff(856) <= 8 && shorter.abs_diff(540) <= 8,
        "{what} must be cut out of the glass, {longer} x {shorter} tenths of a millimetre are not a card"
    );
}

#[test]
fn a_card_on_the_glass_reaches_the_case_as_a_card() {
    let Some(counter) = Counter::open() else { return };
    for (count, (kind, place)) in [
        (PaperKind::IdCardPortrait, Placement::at(12.0, 14.0, -1.4)),
        (PaperKind::IdCardEmblem, Placement::at(16.0, 11.0, 1.1)),
        (PaperKind::IdCardPortrait, Placement::at(90.0, 150.0, 0.0)),
        (PaperKind::IdCardEmblem, Placement::at(60.0, 60.0, 91.0)),
    ]
    .into_iter()
    .enumerate()
    {
        let glass = on_glass(&paper(kind, 300), &place);
        counter.scanner.put_on_glass(encode_jpeg(&glass, 90).unwrap());
        let case = counter.scan("id_card.mother", ScanSource::Auto, count + 1);
        let page = case.counted_pages().last().unwrap();
        assert_card(page, &format!("{kind:?} at {place:?}"));
    }
}

#[test]
fn a_photographed_card_imported_as_a_file_becomes_a_card() {
    let Some(counter) = Counter::open() else { return };
    let photo = photographed(&paper(PaperKind::IdCardPortrait, 300), &PhotoOptions::default());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("card.jpg");
    std::fs::write(&path, encode_jpeg(&photo, 90).unwrap()).unwrap();
    let case = counter.import("id_card.mother", &path);
    assert_card(case.counted_pages().last().unwrap(), "a card seen aslant");
}

#[test]
fn a_sheet_scanned_twice_is_told_and_kept() {
    let Some(counter) = Counter::open() else { return };
    let sheet = encode_jpeg(&paper(PaperKind::NewbornForm, 300), 85).unwrap();
    counter.scanner.load_feeder([sheet.clone(), sheet]);
    let case = counter.scan("app_form", ScanSource::Feeder, 2);
    assert_eq!(case.counted_pages().count(), 2);
    let told = |view: &CaseView| view.findings.iter().filter(|finding| finding.code == "page.duplicate-page").count();
    assert_eq!(told(&counter.desk.show_case(counter.case).unwrap()), 1);
    let first = case.counted_pages().next().unwrap().id;
    let view = counter.desk.remove_page(counter.case, first).unwrap();
    assert_eq!(told(&view), 0, "a page that is there once is not called doubled");
}

#[test]
fn a_card_shown_twice_from_the_same_side_lacks_the_other() {
    let Some(counter) = Counter::open_reading() else { return };
    for (count, place) in [Placement::at(20.0, 20.0, 0.0), Placement::at(80.0, 120.0, 0.0)].into_iter().enumerate() {
        let glass = on_glass(&paper(PaperKind::IdCardEmblem, 300), &place);
        counter.scanner.put_on_glass(encode_jpeg(&glass, 90).unwrap());
        counter.scan("id_card.mother", ScanSource::Flatbed, count + 1);
    }
    let view = counter.await_reading();
    let told: Vec<_> = view.findings.iter().filter(|finding| finding.code == "page.wrong-side").collect();
    assert_eq!(told.len(), 1, "{:?}", view.findings);
    assert_eq!(
        told[0].page_id.as_deref(),
        Some(view.pages[1].page_id.as_str()),
        "the later page is the spare one"
    );
}

#[test]
fn a_name_that_another_paper_shows_too_says_so_and_is_still_looked_at() {
    let Some(counter) = Counter::open_reading() else { return };
    let read = |view: &CaseView, key: &str| {
        let mut readings = view.pages.iter().flat_map(|page| &page.readings);
        let found = readings.find(|reading| reading.key == key).unwrap_or_else(|| panic!("{key} is read"));
        (found.evidence.clone(), found.proven, found.evidence_words.en.clone())
    };
    let only = ("ocr_only".to_owned(), false, "read only; compare with the paper".to_owned());
    counter
        .scanner
        .put_on_glass(encode_jpeg(&on_glass(&paper(PaperKind::IdCardPortrait, 300), &Placement::at(20.0, 20.0, 0.0)), 90).unwrap());
    counter.scan("id_card.mother", ScanSource::Flatbed, 1);
    assert_eq!(read(&counter.await_reading(), "name"), only, "no other paper is there yet");
    counter.scanner.put_on_glass(encode_jpeg(&paper(PaperKind::BirthCertificate, 300), 90).unwrap());
    counter.scan("birth_cert", ScanSource::Flatbed, 2);
    let view = counter.await_reading();
    for (key, paper) in [("name", "Birth medical certificate"), ("mother_name", "Resident ID card")] {
        let (evidence, proven, words) = read(&view, key);
        assert_eq!((evidence.as_str(), proven), ("other_document", false), "{key}");
        assert!(words.to_lowercase().contains(&paper.to_lowercase()), "{key}: {words}");
    }
    let (evidence, proven, _) = read(&view, "mother_resident_id");
    assert_eq!((evidence.as_str(), proven), ("check_digit", true), "what proves a value by itself stands");
}

#[test]
fn two_cards_on_one_glass_become_two_pages() {
    let Some(counter) = Counter::open() else { return };
    let mut glass = on_glass(&paper(PaperKind::IdCardPortrait, 300), &Placement::at(20.0, 20.0, 0.6));
    let other = on_glass(&paper(PaperKind::IdCardEmblem, 300), &Placement::at(25.0, 120.0, -0.8));
    let half = glass.image.height() / 3;
    let lower = image::imageops::crop_imm(&other.image, 0, half, other.image.width(), other.image.height() - half).to_image();
    image::imageops::replace(&mut glass.image, &lower, 0, i64::from(half));
    counter.scanner.put_on_glass(encode_jpeg(&glass, 90).unwrap());
    let case = counter.scan("id_card.mother", ScanSource::Flatbed, 2);
    let pages: Vec<_> = case.counted_pages().collect();
    assert_eq!(pages.len(), 2, "one glass, two cards");
    pages.iter().for_each(|page| assert_card(page, "each of two cards"));
    assert_eq!(pages[0].original, pages[1].original, "both keep the whole glass as their original");
}

#[test]
fn every_step_of_a_clerk_with_pages_can_be_undone() {
    let Some(counter) = Counter::open() else { return };
    let (desk, id) = (&counter.desk, counter.case);
    let glass = on_glass(&paper(PaperKind::IdCardPortrait, 300), &Placement::at(20.0, 20.0, 0.0));
    counter.scanner.put_on_glass(encode_jpeg(&glass, 90).unwrap());
    let case = counter.scan("id_card.mother", ScanSource::Flatbed, 1);
    let page = case.counted_pages().next().unwrap().id;
    // The whole glass, as if the counter had not found the card; then back.
    let corners = |shares: [[i32; 2]; 4]| shares.map(|[x, y]| ShareView { x, y });
    desk.crop_page(id, page, &corners([[0, 0], [10_000, 0], [10_000, 10_000], [0, 10_000]]))
        .unwrap();
    assert!(sides(desk.get_case(id).unwrap().find_page(page).unwrap()).0 > 2900, "the clerk's corners count");
    let wrong_way = corners([[0, 0], [0, 10_000], [10_000, 10_000], [10_000, 0]]);
    assert!(desk.crop_page(id, page, &wrong_way).is_err(), "corners the wrong way round hold no page");
    desk.reset_page(id, page).unwrap();
    assert_card(desk.get_case(id).unwrap().find_page(page).unwrap(), "the page as the counter corrects it");
    desk.split_page(id, page).unwrap();
    let halves: Vec<_> = desk.get_case(id).unwrap().counted_pages().map(|page| (page.id, sides(page))).collect();
    assert_eq!(halves.len(), 2, "the whole page is out, its halves are in");
    assert!(
        halves
            .iter()
            .all(|(_, (longer, shorter))| longer.abs_diff(540) <= 10 && shorter.abs_diff(428) <= 10),
        "{halves:?}"
    );
    desk.join_pages(id, halves[1].0, halves[0].0).unwrap();
    assert_eq!(desk.get_case(id).unwrap().counted_pages().count(), 1);
    for (half, _) in &halves {
        desk.restore_page(id, *half).unwrap();
    }
    desk.restore_page(id, page).unwrap();
    let order = || desk.get_case(id).unwrap().counted_pages().map(|page| page.id).collect::<Vec<_>>();
    let before = order();
    desk.move_page(id, before[0], None).unwrap();
    assert_eq!(order().last(), before.first(), "moved to the end");
    desk.move_page(id, before[0], Some(before[1])).unwrap();
    assert_eq!(order(), before, "and back");
}

#[test]
fn after_a_jam_pages_are_kept_and_the_rest_follows() {
    let Some(counter) = Counter::open() else { return };
    let sheets = (1..=3).map(|page_no| {
        let options = DrawOptions {
            dpi: 150,
            page_no,
            ..DrawOptions::default()
        };
        encode_jpeg(&draw(PaperKind::TenancyContract, &Cast::demo(), &options).unwrap(), 85).unwrap()
    });
    counter.scanner.load_feeder(sheets);
    counter.scanner.script(Fault::JamAfter { pages: 1 });
    let case = counter.scan("app_form", ScanSource::Feeder, 1);
    assert_eq!(case.counted_pages().count(), 1);
    counter.scanner.clear_faults();
    let case = counter.scan("app_form", ScanSource::Feeder, 3);
    let order: Vec<u32> = case.counted_pages().map(|page| page.sequence).collect();
    assert_eq!(order, [1, 2, 3], "numbers go on where the jam was");
}

#[test]
fn the_window_is_offered_what_the_scanner_can_do() {
    use ScanSource::{Auto, Both, Feeder, Flatbed, Fronts};
    let check = |device: Device, sources: &[ScanSource], largest: ScanPaper| {
        let Some(counter) = Counter::open_with(device) else { return };
        let able = counter.desk.inspect_scanner(Some(&counter.scanner_id())).unwrap();
        let offered: Vec<ScanSource> = able.sources.iter().map(|offer| offer.source).collect();
        assert_eq!(offered, sources, "{}", device.model);
        for offer in &able.sources {
            assert!(!offer.colours.is_empty() && !offer.dpi.is_empty(), "{}: {offer:?}", device.model);
            assert_eq!(offer.papers.last(), Some(&ScanPaper::Whole), "{}: {offer:?}", device.model);
            assert_eq!(offer.papers.iter().rev().nth(1), Some(&largest), "{}: {offer:?}", device.model);
        }
    };
    check(Device::FLATBED, &[Flatbed], ScanPaper::A4);
    check(Device::SIMPLEX, &[Auto, Flatbed, Feeder, Fronts], ScanPaper::A4);
    check(Device::OFFICE, &[Auto, Flatbed, Feeder, Both, Fronts], ScanPaper::A4);
    check(Device::SHEETFED, &[Feeder, Both, Fronts], ScanPaper::A4);
    check(Device::A3, &[Auto, Flatbed, Feeder, Both, Fronts], ScanPaper::A3);
    check(Device::ODD, &[Auto, Flatbed, Feeder, Fronts], ScanPaper::A4);
}

#[test]
fn a_paper_is_scanned_at_what_it_demands_and_the_device_can() {
    let check = |device: Device, source, material: &str, dpi, asked: (u32, bool)| {
        let Some(counter) = Counter::open_with(device) else { return };
        let glass = on_glass(&paper(PaperKind::IdCardPortrait, 300), &Placement::at(20.0, 20.0, 0.0));
        counter.scanner.put_on_glass(encode_jpeg(&glass, 90).unwrap());
        counter.scanner.load_feeder([encode_jpeg(&paper(PaperKind::NewbornForm, 150), 85).unwrap()]);
        let profile = ScanProfile {
            scanner: Some(counter.scanner_id()),
            source,
            colour: ScanColour::Colour,
            dpi,
            paper: ScanPaper::A4,
        };
        counter.scan_as(material, &profile, 1);
        let came = counter.scanner.state().asked.map(|asked| (asked.dpi, asked.colour));
        assert_eq!(came, Some(asked), "{} {source:?} {material} at {dpi}", device.model);
    };
    check(Device::OFFICE, ScanSource::Flatbed, "id_card.mother", 200, (300, true));
    check(Device::OFFICE, ScanSource::Feeder, "app_form", 200, (200, true));
    check(Device::FLATBED, ScanSource::Flatbed, "app_form", 200, (300, true));
    check(Device::ODD, ScanSource::Flatbed, "id_card.mother", 300, (350, true));
    check(Device::ODD, ScanSource::Feeder, "app_form", 300, (400, false));
}

#[test]
fn both_sides_of_a_sheet_come_in_one_pass_front_before_back() {
    let Some(counter) = Counter::open_with(Device::SHEETFED) else { return };
    let sides = (1..=4).map(|page_no| {
        let options = DrawOptions {
            dpi: 150,
            page_no,
            ..DrawOptions::default()
        };
        encode_jpeg(&draw(PaperKind::TenancyContract, &Cast::demo(), &options).unwrap(), 85).unwrap()
    });
    counter.scanner.load_feeder(sides);
    let case = counter.scan("app_form", ScanSource::Both, 4);
    let order: Vec<u32> = case.counted_pages().map(|page| page.sequence).collect();
    assert_eq!(order, [1, 2, 3, 4]);
    assert_eq!(counter.scanner.state().asked.map(|asked| (asked.feeder, asked.duplex)), Some((true, true)));
}
