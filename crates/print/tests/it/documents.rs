//! Every document in both languages: small, valid, complete, and readable by other programs.

use std::{fs, path::PathBuf};

use onewindow_print::{
    Calibration, DocumentKind, FontShelf, Language, MaterialLine, Mode, PrintFault, TemplateShelf, check_template, check_templates, preview_png, render,
};

use crate::{
    sample::{data_for, karaoke},
    tools::{FONTS, LANGUAGES, draw, keep, probe, read_codes, text_of, without_space},
};

#[test]
fn built_in_templates_are_right() {
    check_templates().unwrap();
}

#[test]
fn every_document_renders_in_both_languages() {
    for kind in DocumentKind::ALL {
        for language in LANGUAGES {
            let document = draw(kind, &data_for(kind, language), language);
            let name = format!("{}-{}", kind.name(), language.tag());
            let (_folder, file) = keep(&document, &name);
            if document.pages == 1 {
                // The goal is 80 kB a receipt; a page full of sentences embeds more characters.
                let most = if matches!(kind, DocumentKind::ReceiptSlip | DocumentKind::ReceiptSlipRoll) {
                    80_000
                } else {
                    100_000
                };
                assert!(document.pdf.len() <= most, "{name} has {} bytes", document.pdf.len());
            }
            if let Some(output) = probe("qpdf", &["--check", file.to_str().unwrap()]) {
                assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
            }
        }
    }
}

#[test]
fn texts_are_copied_out_as_they_were_put_in() {
    for language in LANGUAGES {
        let mut data = karaoke(language);
        data.applicant.name = "星隅䶮𠮷㛃𬱖歌舞娱乐（筹）".into();
        let document = draw(DocumentKind::AcceptanceNotice, &data, language);
        let Some(text) = text_of(&document, "round-trip") else { return };
        let text = without_space(&text);
        let mut wanted = vec![
            data.applicant.name.clone(),
            data.applicant.id_full.clone(),
            data.applicant.credit_code.clone(),
            data.applicant.address.clone(),
            data.case_number.clone(),
            data.document_number.clone(),
            data.clerk.clone(),
            data.phone.clone(),
            data.issuing_body.clone(),
        ];
        wanted.extend(
            data.materials
                .iter()
                .filter(|material| material.name.chars().count() < 20)
                .map(|m| m.name.clone()),
        );
        for field in wanted {
            assert!(text.contains(&without_space(&field)), "{field} is missing from {text}");
        }
    }
}

/// The ideographs of GB 18030-2022 level 3: URO to 9FEF, extensions A to F, twelve compatibility ideographs.
fn level_3() -> Vec<char> {
    let twelve = [0xFA0E, 0xFA0F, 0xFA11, 0xFA13, 0xFA14, 0xFA1F, 0xFA21, 0xFA23, 0xFA24, 0xFA27, 0xFA28, 0xFA29];
    let ranges = [
        0x4E00..=0x9FEF_u32,
        0x3400..=0x4DB5,
        0x2_0000..=0x2_A6D6,
        0x2_A700..=0x2_B734,
        0x2_B740..=0x2_B81D,
        0x2_B820..=0x2_CEA1,
        0x2_CEB0..=0x2_EBE0,
    ];
    ranges.into_iter().flatten().chain(twelve).map(|code| char::from_u32(code).unwrap()).collect()
}

#[test]
fn every_ideograph_of_level_3_has_a_glyph() {
    let fonts = FontShelf::find().unwrap();
    let all = level_3();
    assert_eq!(all.len(), 87_887, "the repertoire of level 3");
    let missing: Vec<char> = all.into_iter().filter(|c| fonts.check_printable("name", &c.to_string()).is_err()).collect();
    assert_eq!(missing, Vec::<char>::new());
}

#[test]
fn every_ideograph_of_level_3_is_printed_and_read_back() {
    let all = level_3();
    assert_eq!(all.len(), 87_887);
    let mut data = data_for(DocumentKind::AcceptanceNotice, Language::Zh);
    let paper = data.materials[0].clone();
    for (number, part) in all.chunks(15_000).enumerate() {
        data.materials = part
            .chunks(150)
            .map(|name| MaterialLine {
                name: name.iter().collect(),
                ..paper.clone()
            })
            .collect();
        let document = draw(DocumentKind::AcceptanceNotice, &data, Language::Zh);
        let (_folder, file) = keep(&document, &format!("level-3-{number}"));
        let Some(output) = probe("pdftotext", &["-raw", file.to_str().unwrap(), "-"]) else {
            return;
        };
        let text = without_space(&String::from_utf8(output.stdout).unwrap());
        let torn = data.materials.iter().filter(|line| !text.contains(&line.name));
        let lost: Vec<char> = torn.flat_map(|line| line.name.chars()).filter(|one| !text.contains(*one)).collect();
        let torn = data.materials.iter().filter(|line| !text.contains(&line.name)).count();
        assert_eq!(torn, 0, "lines are not read back; {} characters are lost: {lost:?}", lost.len());
    }
}

#[test]
fn characters_that_share_a_glyph_are_read_back_as_they_were_written() {
    let mut data = data_for(DocumentKind::AcceptanceNotice, Language::Zh);
    data.materials[0].name = "阿依古丽·买买提 阿依古丽・买买提 3‑4 3-4 戶户 ⑤➄".into();
    let document = draw(DocumentKind::AcceptanceNotice, &data, Language::Zh);
    let Some(text) = text_of(&document, "shared") else { return };
    assert!(without_space(&text).contains(&without_space(&data.materials[0].name)), "{text}");
}

#[test]
fn chinese_text_is_copied_out_without_false_spaces() {
    let document = draw(DocumentKind::SupplementNotice, &karaoke(Language::Zh), Language::Zh);
    let Some(text) = text_of(&document, "spaces") else { return };
    assert!(
        text.contains("你（单位）于2026年11月24日提交的“开办歌舞娱乐场所一件事”申请，经审查，"),
        "{text}"
    );
}

#[test]
fn long_lists_flow_on_with_heads_and_page_numbers_and_lose_nothing() {
    for language in LANGUAGES {
        // All sixty where there is time; otherwise those around the end of a sheet.
        let counts: Vec<usize> = match std::env::var_os("ONEWINDOW_SLOW") {
            Some(_) => (1..=60).collect(),
            None => vec![1, 7, 19, 20, 21, 22, 60],
        };
        for count in counts {
            let mut data = karaoke(language);
            data.materials = (1..=count).map(long_material).collect();
            let document = draw(DocumentKind::AcceptanceNotice, &data, language);
            let Some(text) = text_of(&document, "long") else { return };
            let flat = without_space(&text);
            for index in 1..=count {
                assert!(
                    flat.contains(&format!("材料{index:03}首")) && flat.contains(&format!("尾{index:03}")),
                    "{index} of {count}"
                );
            }
            let last = match language {
                Language::Zh => format!("第{0}页共{0}页", document.pages),
                Language::En => format!("Page{0}of{0}", document.pages),
            };
            assert!(flat.contains(&last), "the last sheet is numbered {last}");
            if count == 60 {
                let head = if language == Language::Zh { "材料名称" } else { "Copies" };
                assert!(flat.matches(head).count() + 1 >= document.pages, "the head is repeated");
            }
        }
    }
}

/// A paper with a name of 200 characters.
fn long_material(index: usize) -> MaterialLine {
    let middle = "关于某某歌舞娱乐场所内部装修工程消防设计审查验收情况的补充说明".chars().cycle().take(200 - 9);
    MaterialLine {
        name: format!("材料{index:03}首{}尾{index:03}", middle.collect::<String>()),
        form: "原件".into(),
        copies: 1,
        pages: 12,
        note: String::new(),
    }
}

#[test]
fn names_of_200_characters_stay_inside_every_document() {
    let long = "云江市南塘街道星隅歌舞娱乐有限责任公司".chars().cycle().take(200).collect::<String>();
    let latin = "Donaudampfschifffahrtsgesellschaft".chars().cycle().take(200).collect::<String>();
    for name in [long, latin] {
        for kind in DocumentKind::ALL {
            let mut data = data_for(kind, Language::Zh);
            data.applicant.name.clone_from(&name);
            data.bundle.clone_from(&name);
            match render(kind, &data, Language::Zh, Mode::Demonstration, &FONTS) {
                Ok(document) => {
                    let Some(text) = text_of(&document, "long-name") else { return };
                    let used = !kind.needs_blank()
                        && !matches!(
                            kind,
                            DocumentKind::QueueTicket
                                | DocumentKind::RatingSlip
                                | DocumentKind::HandOverList
                                | DocumentKind::DaySheet
                                | DocumentKind::PaymentDecision
                        );
                    assert_eq!(
                        without_space(&text).contains(&name.chars().take(8).collect::<String>()),
                        used,
                        "{}",
                        kind.name()
                    );
                }
                Err(fault) => panic!("{}: {fault}", kind.name()),
            }
        }
    }
}

#[test]
fn what_does_not_fit_stops_the_print() {
    let mut data = karaoke(Language::Zh);
    if let Some(licence) = &mut data.licence {
        licence.name = "星".repeat(400);
    }
    let fault = render(DocumentKind::BusinessLicence, &data, Language::Zh, Mode::Demonstration, &FONTS).unwrap_err();
    assert_eq!(fault, PrintFault::DoesNotFit { field: "licence.name".into() });
}

#[test]
fn a_character_that_cannot_be_printed_stops_the_print_and_is_named() {
    let mut data = karaoke(Language::Zh);
    data.applicant.name = "滕\u{31349}安".into();
    let fault = render(DocumentKind::ReceiptSlip, &data, Language::Zh, Mode::Demonstration, &FONTS).unwrap_err();
    let PrintFault::MissingGlyph { field, code_point, .. } = fault else {
        panic!("{fault}")
    };
    assert_eq!((field.as_str(), code_point), ("applicant.name", 0x31349));
}

#[test]
fn an_empty_field_stops_the_print_and_is_named() {
    let mut data = karaoke(Language::Zh);
    data.dates.supplement_last = None;
    let fault = render(DocumentKind::SupplementNotice, &data, Language::Zh, Mode::Demonstration, &FONTS).unwrap_err();
    assert_eq!(
        fault,
        PrintFault::MissingField {
            field: "dates.supplement_last".into()
        }
    );
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    let data = karaoke(Language::Zh);
    let first = draw(DocumentKind::AcceptanceNotice, &data, Language::Zh);
    let second = draw(DocumentKind::AcceptanceNotice, &data, Language::Zh);
    assert!(first.pdf == second.pdf && first.sha256 == second.sha256);
}

#[test]
fn an_overlay_leaves_frame_and_specimen_to_the_blank() {
    let data = karaoke(Language::Zh);
    let shifted = Calibration {
        offset_x_mm: 1.5,
        offset_y_mm: -0.7,
        scale: 1.002,
    };
    let plain = Mode::Overlay(Calibration::default());
    let [plain, shifted] = [plain, Mode::Overlay(shifted)].map(|mode| render(DocumentKind::BusinessLicence, &data, Language::Zh, mode, &FONTS).unwrap());
    assert!(plain.pdf != shifted.pdf);
    let Some(text) = text_of(&plain, "overlay-business-licence") else { return };
    assert!(text.contains("91330402MAYYYY016L"));
    assert!(!text.contains("样张") && !text.contains("SPECIMEN") && !text.contains("营业执照"), "{text}");
}

#[test]
fn the_document_knows_its_title_language_and_day() {
    let document = draw(DocumentKind::AcceptanceNotice, &karaoke(Language::Zh), Language::Zh);
    let (_folder, file) = keep(&document, "properties");
    let Some(output) = probe("pdfinfo", &["-isodates", file.to_str().unwrap()]) else {
        return;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("受理通知书") && text.contains("云江市行政服务中心"), "{text}");
    assert!(text.contains("2026-11-2") && !text.contains("1970"), "{text}");
    let parsed = lopdf_catalog_language(&document.pdf);
    assert_eq!(parsed, "zh-CN");
}

fn lopdf_catalog_language(pdf: &[u8]) -> String {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let language = document.catalog().unwrap().get(b"Lang").unwrap().as_str().unwrap();
    String::from_utf8(language.to_vec()).unwrap()
}

#[test]
fn fonts_are_embedded_as_subsets_with_unicode() {
    for kind in DocumentKind::ALL {
        let language = LANGUAGES[(kind as usize + 1) % LANGUAGES.len()];
        let document = draw(kind, &data_for(kind, language), language);
        let (_folder, file) = keep(&document, "fonts");
        let Some(output) = probe("pdffonts", &[file.to_str().unwrap()]) else { return };
        let text = String::from_utf8(output.stdout).unwrap();
        let fonts: Vec<&str> = text.lines().skip(2).collect();
        assert!(!fonts.is_empty(), "{}", kind.name());
        assert!(fonts.iter().all(|line| line.contains("yes yes yes")), "{}: {text}", kind.name());
    }
}

#[test]
fn codes_are_read_back_by_an_independent_reader() {
    let data = karaoke(Language::Zh);
    for kind in [DocumentKind::AcceptanceNotice, DocumentKind::ReceiptSlipRoll, DocumentKind::PickupSlip] {
        let document = draw(kind, &data, Language::Zh);
        for dpi in [200, 300] {
            let Some(text) = read_codes(&document, dpi) else { return };
            let digits: String = data.case_number.chars().filter(char::is_ascii_digit).collect();
            assert!(text.contains(&format!("CODE-128:{digits}")), "{} at {dpi} dpi: {text}", kind.name());
            assert!(text.contains(&format!("QR-Code:{}", data.qr_text)), "{} at {dpi} dpi: {text}", kind.name());
        }
    }
}

#[test]
fn a_signed_licence_is_verified_from_its_print() {
    use onewindow_print::licence_code::{Day, Ed25519Signer, KeyList, LicenceClaims, OfficeKey, RevocationList, sign, verify};
    use time::macros::date;

    let mut data = karaoke(Language::Zh);
    let licence = data.licence.clone().unwrap();
    let signer = Ed25519Signer::from_seed("yunjiang-01", &[7; 32]).unwrap();
    let claims = LicenceClaims {
        issuer: licence.authority.clone(),
        licence_number: licence.number.clone(),
        holder: licence.name.clone(),
        kind: DocumentKind::BusinessLicence.name().into(),
        issued: Day(licence.issued.unwrap()),
        valid_to: None,
        copy: 0,
        print_id: "0193a3f0-6c7e-7c50-9d0a-2f4f6d2f8a11".into(),
    };
    data.qr_text = sign(&claims, &signer).unwrap();
    let document = draw(DocumentKind::BusinessLicence, &data, Language::Zh);
    keep(&document, "signed-business-licence");
    let key = OfficeKey {
        office: "云江市".into(),
        public_key: signer.public_key(),
        valid_from: Day(date!(2026 - 01 - 01)),
        valid_to: Day(date!(2027 - 12 - 31)),
        kinds: [].into(),
    };
    let keys = KeyList {
        version: 1,
        keys: [("yunjiang-01".to_owned(), key)].into(),
    };
    let revoked = RevocationList {
        as_of: Day(date!(2026 - 11 - 26)),
        licences: [].into(),
        prints: [].into(),
    };
    for dpi in [200, 300] {
        let Some(text) = read_codes(&document, dpi) else { return };
        let code = text.lines().find_map(|line| line.strip_prefix("QR-Code:")).unwrap();
        assert_eq!(verify(code, &keys, &revoked).unwrap().claims, claims, "{dpi} dpi");
    }
}

#[test]
fn the_preview_shows_what_is_printed() {
    let document = draw(DocumentKind::PickupSlip, &karaoke(Language::Zh), Language::Zh);
    let picture = preview_png(&document.pdf, 0, 96.0).unwrap();
    if let Some(gallery) = std::env::var_os("ONEWINDOW_GALLERY") {
        fs::write(PathBuf::from(gallery).join("preview-pickup-slip.png"), &picture).unwrap();
    }
    assert_eq!(&picture[..8], b"\x89PNG\r\n\x1a\n");
    let side = |at: usize| u32::from_be_bytes(picture[at..at + 4].try_into().unwrap());
    assert!(side(16).abs_diff(559) <= 1 && side(20).abs_diff(794) <= 1, "{} x {}", side(16), side(20));
    assert!(preview_png(&document.pdf, 9, 96.0).is_err());
    assert!(preview_png(b"not a pdf", 0, 96.0).is_err());
}

#[test]
fn broken_templates_are_refused_when_they_are_read() {
    let check = |yaml: &str, said: &str| {
        let fault = check_template("changed", yaml).unwrap_err();
        let PrintFault::Template { reason, .. } = fault else { panic!("{fault}") };
        assert!(reason.contains(said), "{reason}");
    };
    let head = "paper: {width_mm: 210, height_mm: 297}\nmargin_mm: {top: 20, right: 20, bottom: 20, left: 20}\n\
                title: {zh: a, en: b}\ntext_pt: 12\ntable_pt: 10\n";
    check_template("good", &format!("{head}flow:\n  - paragraph: {{text: \"{{applicant.name}}\"}}\n")).unwrap();
    check(&format!("{head}flow:\n  - paragraph: {{text: \"{{applicant.nam}}\"}}\n"), "applicant.nam");
    check(&format!("{head}flow:\n  - paragraph: {{text: \"{{applicant.name\"}}\n"), "brace");
    check(&format!("{head}flow:\n  - paragraf: {{text: a}}\n"), "paragraf");
    check(
        &format!("{head}flow:\n  - table: {{rows: materials, columns: [{{head: a, text: b, width_mm: 171}}]}}\n"),
        "wider",
    );
    check("paper: [", "");
}

/// A picture of a seal as large as offices hand in, put into a template by somebody who thinks that it belongs there.
fn seal_of_ten_megabytes() -> String {
    let picture = "iVBORw0K".repeat(10 * 1024 * 1024 / 8);
    format!("  - picture: {{x_mm: 150, y_mm: 230, width_mm: 42, data: {picture}}}\n")
}

#[test]
fn a_changed_folder_is_used_whole_or_refused_by_name() {
    let built_in = include_str!("../../../../assets/templates/pickup-slip.yaml");
    let frame = include_str!("../../../../assets/templates/frames/slip.yaml");
    let seal = seal_of_ten_megabytes();
    // What lies in the folder, and what the fault says of it; nothing for what is used.
    let cases: [(&str, &str, String, Option<&str>); 7] = [
        ("an equal copy", "pickup-slip.yaml", built_in.to_owned(), None),
        ("an equal frame", "frames/slip.yaml", frame.to_owned(), None),
        ("a file that is no template of ours", "holiday.yaml", seal.clone(), None),
        (
            "a picture as a seal",
            "pickup-slip.yaml",
            format!("{built_in}first:\n{seal}"),
            Some("bytes; a template has a few thousand"),
        ),
        (
            "a picture as a seal, in a frame",
            "frames/slip.yaml",
            format!("{frame}every:\n{seal}"),
            Some("frame slip: it has"),
        ),
        (
            "a frame cut off in the middle",
            "frames/slip.yaml",
            "paper: {width_mm: 1".to_owned(),
            Some("frame slip: "),
        ),
        ("something that is no text", "pickup-slip.yaml", "\u{0}".repeat(64), Some("")),
    ];
    for (what, file, text, said) in cases {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("frames")).unwrap();
        fs::write(folder.path().join(file), text).unwrap();
        match (TemplateShelf::load(folder.path()), said) {
            (Ok(_), None) => {}
            (Err(PrintFault::Template { reason, .. }), Some(said)) => {
                assert!(reason.contains(said), "{what}: {reason}");
                assert!(reason.len() < 1_000, "{what} is told in {} bytes", reason.len());
            }
            (found, _) => panic!("{what}: {found:?}"),
        }
    }
}
