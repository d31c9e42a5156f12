//! What the catalogue demands of a scan of a paper decides over its pages.

use std::path::Path;

use onewindow_case::ids::CaseId;
use onewindow_desk::{Desk, DeskFolder};
use onewindow_ipc::case_view::CaseView;
use onewindow_testkit::papers::{Cast, DrawOptions, PaperKind, draw, encode_jpeg};

const DEMO_COUNTER: &str = include_str!("../../../../assets/demo/counter.json");

/// A desk with a case of a bundle.
fn desk_with(data: &Path, bundle: &str) -> (Desk, CaseId) {
    std::fs::write(data.join("counter.json"), DEMO_COUNTER).unwrap();
    let desk = Desk::open(&DeskFolder::with_key_file(data), &|_| {}).unwrap();
    desk.sign_in("0307", "246810").unwrap();
    let case = desk.open_case(bundle, None).unwrap();
    let id = CaseId::parse(&case.case_id).unwrap();
    (desk, id)
}

fn take(desk: &Desk, id: CaseId, material: &str, file: &Path) -> CaseView {
    desk.import_files(id, Some(material.to_owned()), &[file.to_path_buf()]).unwrap()
}

#[test]
fn the_limit_of_a_material_changes_the_verdict_of_the_same_picture() {
    let data = tempfile::tempdir().unwrap();
    let (desk, id) = desk_with(data.path(), "newborn");
    let options = DrawOptions {
        dpi: 200,
        ..DrawOptions::default()
    };
    let file = data.path().join("certificate.jpg");
    let paper = draw(PaperKind::BirthCertificate, &Cast::demo(), &options).unwrap();
    std::fs::write(&file, encode_jpeg(&paper, 90).unwrap()).unwrap();
    for (material, verdict) in [("app_form", "usable"), ("birth_cert", "low-dpi")] {
        take(&desk, id, material, &file);
        let case = desk.get_case(id).unwrap();
        let page = case.counted_pages().last().unwrap();
        assert_eq!(
            page.judgement.verdict, verdict,
            "{material}: 200 dpi will do for a form, a certificate wants 300"
        );
    }
    desk.close();
}

#[test]
fn one_empty_page_of_a_property_certificate_counts_and_a_second_does_not() {
    let data = tempfile::tempdir().unwrap();
    let (desk, id) = desk_with(data.path(), "property_transfer");
    let file = data.path().join("notes.png");
    image::RgbImage::from_pixel(1476, 2079, image::Rgb([250, 248, 243])).save(&file).unwrap();
    let of_pages = |view: &CaseView| view.findings.iter().filter(|finding| finding.page_id.is_some()).count();
    let is_missing = |view: &CaseView| {
        view.findings
            .iter()
            .any(|finding| finding.code == "paper.missing" && finding.material.as_deref() == Some("prop_cert"))
    };

    let before = desk.show_case(id).unwrap();
    assert!(is_missing(&before), "nothing was scanned");
    let first = take(&desk, id, "prop_cert", &file);
    assert_eq!(desk.get_case(id).unwrap().counted_pages().last().unwrap().judgement.verdict, "blank");
    assert!(
        !is_missing(&first) && of_pages(&first) == 0,
        "the notes page may be empty: {:?}",
        first.findings
    );
    let second = take(&desk, id, "prop_cert", &file);
    assert_eq!(of_pages(&second), 1, "a second empty page is none of the certificate: {:?}", second.findings);
    desk.close();
}
