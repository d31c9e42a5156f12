//! Files that are empty, cut off, mislabelled, too large, locked or made to harm: each gets a fault with words, none a panic.

use image::ImageFormat;
use onewindow_capture::{CaptureFault, FileKind, Limits, PaperHint, RawContent, import, process};
use proptest::prelude::*;

use crate::drawing::{encoded, pdf, pdf_of, tiff};

fn code(bytes: &[u8], name: &str) -> &'static str {
    import::split(bytes, name, &Limits::default()).map_or_else(|fault| fault.code(), |_| "taken")
}

fn small_picture(format: ImageFormat) -> Vec<u8> {
    encoded(&onewindow_capture::Raster::filled(90, 120, [200, 220, 240]), format)
}

#[test]
fn every_accepted_kind_is_taken_by_content_and_a_wrong_name_is_noted() {
    let kinds = [
        (small_picture(ImageFormat::Jpeg), FileKind::Jpeg),
        (small_picture(ImageFormat::Png), FileKind::Png),
        (small_picture(ImageFormat::Tiff), FileKind::Tiff),
        (small_picture(ImageFormat::WebP), FileKind::WebP),
        (small_picture(ImageFormat::Bmp), FileKind::Bmp),
    ];
    for (bytes, expected) in kinds {
        let pages = import::split(&bytes, "scan.PDF", &Limits::default()).unwrap();
        assert!(matches!(&pages[0].content, RawContent::File { kind, .. } if *kind == expected), "{expected:?}");
        assert_eq!(pages[0].notes[0].code, "wrong-extension");
        let named = format!("scan.{}", expected.extensions()[0]);
        assert!(import::split(&bytes, &named, &Limits::default()).unwrap()[0].notes.is_empty(), "{named}");
    }
}

#[test]
fn what_cannot_be_a_page_is_refused_with_a_code() {
    assert_eq!(code(b"", "a.jpg"), "file-empty");
    assert_eq!(code(b"GIF89a.......................", "a.gif"), "file-type-unsupported");
    assert_eq!(code(b"PK\x03\x04..............", "a.ofd"), "file-type-unsupported");
    assert_eq!(code(b"<html><script>alert(1)</script>", "a.jpg"), "file-type-unsupported");
    assert_eq!(code(&[0xFF, 0xD8, 0xFF], "a.jpg"), "file-unreadable");
    assert_eq!(code(b"%PDF-1.7\nnothing follows", "a.pdf"), "file-unreadable");
    assert_eq!(
        code(&encoded(&onewindow_capture::Raster::filled(1, 1, [0; 3]), ImageFormat::Png), "a.png"),
        "image-too-small"
    );
    let limits = Limits {
        max_bytes: 100,
        ..Limits::default()
    };
    assert_eq!(import::split(&[0; 101], "a", &limits).unwrap_err().code(), "file-too-large");
}

/// Each limit holds at its edge: the first limits take the file, the others refuse it with this code.
#[test]
fn every_limit_takes_what_just_fits_and_refuses_what_is_one_more() {
    let check = |file: &[u8], fits: Limits, is_over: Limits, code: &str| {
        assert!(import::split(file, "a", &fits).is_ok(), "{code}: {fits:?}");
        assert_eq!(import::split(file, "a", &is_over).map_err(|fault| fault.code()), Err(code), "{is_over:?}");
    };
    let limits = Limits::default();
    let png = small_picture(ImageFormat::Png);
    let max_bytes = |max_bytes| Limits { max_bytes, ..limits };
    check(&png, max_bytes(png.len() as u64), max_bytes(png.len() as u64 - 1), "file-too-large");
    let max_pixels = |max_pixels| Limits { max_pixels, ..limits };
    check(&png, max_pixels(90 * 120), max_pixels(90 * 120 - 1), "image-too-large");
    let max_side_px = |max_side_px| Limits { max_side_px, ..limits };
    check(&png, max_side_px(120), max_side_px(119), "image-too-large");
    let min_side_px = |min_side_px| Limits { min_side_px, ..limits };
    check(&png, min_side_px(120), min_side_px(121), "image-too-small");
    let strip = encoded(&onewindow_capture::Raster::filled(400, 20, [200; 3]), ImageFormat::Png);
    check(&strip, min_side_px(83), min_side_px(84), "image-too-small");
    let max_pages = |max_pages| Limits { max_pages, ..limits };
    for stack in [tiff(3, 90, 120, false), pdf(3, 72, 72, false)] {
        check(&stack, max_pages(3), max_pages(2), "too-many-pages");
    }
    let max_import_ms = |max_import_ms| Limits { max_import_ms, ..limits };
    check(&tiff(40, 400, 400, false), limits, max_import_ms(0), "file-too-slow");
    for pdf_dpi in [72, 144] {
        let drawn = import::split(&pdf(1, 360, 504, false), "a", &Limits { pdf_dpi, ..limits }).unwrap();
        let page = drawn[0].decode(&limits).unwrap();
        assert_eq!((page.width, page.height), (360 * pdf_dpi / 72, 504 * pdf_dpi / 72), "drawn at {pdf_dpi}");
    }
}

#[test]
fn a_cut_off_picture_is_refused_at_the_door() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Tiff, ImageFormat::WebP, ImageFormat::Bmp] {
        let whole = encoded(&onewindow_capture::Raster::filled(300, 400, [180, 190, 200]), format);
        let fault = import::split(&whole[..whole.len() / 2], "a", &Limits::default()).expect_err("half a file");
        assert_eq!(fault.code(), "file-unreadable", "{format:?}: {fault}");
        assert!(!fault.message().zh.is_empty() && fault.message().en.len() > 20);
    }
}

#[test]
fn a_bomb_is_refused_by_its_header() {
    // The header of a PNG of 60,000 x 60,000 with almost no data behind it.
    let mut png = small_picture(ImageFormat::Png);
    png[16..20].copy_from_slice(&60_000u32.to_be_bytes());
    png[20..24].copy_from_slice(&60_000u32.to_be_bytes());
    assert_eq!(code(&png, "a.png"), "image-too-large");
    let mut jpeg = small_picture(ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xEA, 0x60, 0xEA, 0x60]);
    assert_eq!(code(&jpeg, "a.jpg"), "image-too-large");
    let mut bmp = small_picture(ImageFormat::Bmp);
    bmp[18..22].copy_from_slice(&60_000i32.to_le_bytes());
    bmp[22..26].copy_from_slice(&60_000i32.to_le_bytes());
    assert_eq!(code(&bmp, "a.bmp"), "image-too-large");
}

#[test]
fn a_tiff_gives_all_its_pages_and_no_more_than_allowed() {
    let pages = import::split(&tiff(3, 90, 120, false), "a.tif", &Limits::default()).unwrap();
    assert_eq!(pages.iter().map(|p| p.number).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(pages.iter().all(|p| p.dpi == Some(200.0)));
    let lumas: Vec<u8> = pages.iter().map(|p| p.decode(&Limits::default()).unwrap().rgb[0]).collect();
    assert_eq!(lumas, [255, 254, 253], "each page is its own picture");
    assert_eq!(code(&tiff(61, 64, 64, false), "a.tif"), "too-many-pages");
    assert_eq!(code(&tiff(2, 90, 120, true), "a.tif"), "file-unreadable", "a chain that loops");
    assert_eq!(code(&tiff(1, 60_000, 4, false)[..200], "a.tif"), "image-too-large");
}

#[test]
fn a_pdf_is_drawn_within_limits() {
    let pages = import::split(&pdf(2, 595, 842, false), "a.pdf", &Limits::default()).unwrap();
    assert_eq!(pages.len(), 2);
    let raster = pages[0].decode(&Limits::default()).unwrap();
    assert!(
        (2470..2485).contains(&raster.width) && (3500..3512).contains(&raster.height),
        "{}x{}",
        raster.width,
        raster.height
    );
    assert!(raster.rgb.iter().any(|&v| v < 60), "the text is drawn");
    // A poster of 200 inches is drawn smaller, not refused and not at full size.
    let poster = import::split(&pdf(1, 14_400, 14_400, false), "a.pdf", &Limits::default()).unwrap();
    assert!(poster[0].dpi.unwrap() < 50.0);
    assert_eq!(code(&pdf(5000, 595, 842, false), "a.pdf"), "too-many-pages");
    assert_eq!(code(&pdf(1, 595, 842, true), "a.pdf"), "pdf-encrypted");
    assert_eq!(code(&pdf(0, 595, 842, false), "a.pdf"), "no-pages");
    let limits = Limits {
        max_import_ms: 0,
        ..Limits::default()
    };
    let fault = import::split(&pdf(30, 595, 842, false), "a.pdf", &limits).unwrap_err();
    assert!(matches!(fault, CaptureFault::TooSlow { .. }), "{fault}");
}

/// A page whose content is `content`, with `catalogue` and `resources` added to its dictionaries; objects 5 and on are `more`.
fn odd_pdf(catalogue: &str, resources: &str, content: &str, more: &[String]) -> Vec<u8> {
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 2 0 R {catalogue} >>"),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] /Contents 4 0 R /Resources << {resources} >> >>"),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
    ];
    objects.extend_from_slice(more);
    pdf_of(&objects, "")
}

#[test]
fn scripts_in_a_pdf_are_never_run_and_its_page_is_drawn() {
    let marker = tempfile::tempdir().unwrap();
    let path = marker.path().join("ran");
    let actions = format!(
        "/OpenAction << /S /JavaScript /JS (app.launchURL('file://{0}')) >> /AA << /WC << /S /Launch /F ({0}) >> >>",
        path.display()
    );
    let bytes = odd_pdf(&actions, "", "0.2 g 20 20 100 200 re f", &[]);
    let pages = import::split(&bytes, "a.pdf", &Limits::default()).unwrap();
    assert!(
        pages[0].decode(&Limits::default()).unwrap().rgb.iter().any(|&value| value < 80),
        "the page itself is drawn"
    );
    assert!(!path.exists());
}

#[test]
fn a_pdf_that_goes_in_circles_comes_to_an_end() {
    let form = |calls: &str| {
        let content = format!("0.2 g 20 20 50 50 re f {calls}");
        format!(
            "<< /Type /XObject /Subtype /Form /BBox [0 0 200 300] /Resources << /XObject << /A 5 0 R /B 6 0 R >> >> /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        )
    };
    let within_itself = odd_pdf("", "/XObject << /A 5 0 R >>", "/A Do", &[form("/A Do /B Do"), form("/A Do /A Do")]);
    let tree = pdf_of(
        &[
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            "<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>".to_owned(),
            "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>".to_owned(),
        ],
        "",
    );
    let worker = std::path::Path::new(env!("CARGO_BIN_EXE_onewindow-import-worker"));
    let limits = Limits {
        max_import_ms: 5_000,
        ..Limits::default()
    };
    for bytes in [within_itself, tree] {
        let started = std::time::Instant::now();
        // Drawn as far as it goes, or refused: the worker process decides, and its parent's clock has the last word.
        if let Err(fault) = onewindow_capture::isolated::split_in(worker, &bytes, "a.pdf", &limits) {
            assert!(["file-unreadable", "file-too-slow", "no-pages"].contains(&fault.code()), "{fault}");
        }
        assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
    }
}

/// The same answers through the worker process as in this one.
#[test]
fn the_worker_splits_and_refuses_like_the_library() {
    let worker = std::path::Path::new(env!("CARGO_BIN_EXE_onewindow-import-worker"));
    let limits = Limits::default();
    for (bytes, name) in [
        (small_picture(ImageFormat::Jpeg), "a.png"),
        (tiff(3, 90, 120, false), "a.tif"),
        (tiff(2, 90, 120, true), "loop.tif"),
        (pdf(2, 595, 842, false), "a.pdf"),
        (pdf(1, 595, 842, true), "locked.pdf"),
        (pdf(5000, 595, 842, false), "many.pdf"),
        (b"GIF89a.......................".to_vec(), "a.gif"),
        (Vec::new(), "empty.jpg"),
    ] {
        let here = import::split(&bytes, name, &limits);
        let there = onewindow_capture::isolated::split_in(worker, &bytes, name, &limits);
        assert_eq!(there, here, "{name}");
    }
}

/// A program of this text, which takes the worker's place.
#[cfg(unix)]
fn stand_in(folder: &tempfile::TempDir, script: &str) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;

    let path = folder.path().join("worker");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

#[cfg(unix)]
#[test]
fn a_worker_that_never_answers_is_killed_in_its_time_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("pid");
    let limits = Limits {
        max_import_ms: 200,
        ..Limits::default()
    };
    // Takes the whole order, says nothing; and one that says half a page first.
    let page = r#"{"answer":"page","number":1,"kind":"jpeg","dpi":null,"notes":[],"bytes":500000}"#;
    for silence in ["cat > /dev/null; exec sleep 600", &format!("echo '{page}'; exec sleep 600")] {
        let worker = stand_in(&folder, &format!("echo $$ > '{}'; {silence}", note.display()));
        let started = std::time::Instant::now();
        let fault = onewindow_capture::isolated::split_in(&worker, &small_picture(ImageFormat::Jpeg), "a.jpg", &limits).unwrap_err();
        assert_eq!(fault.code(), "file-too-slow", "{silence}: {fault}");
        let taken = started.elapsed();
        assert!(
            (std::time::Duration::from_millis(200)..std::time::Duration::from_secs(15)).contains(&taken),
            "{silence}: {taken:?}"
        );
        let pid = std::fs::read_to_string(&note).unwrap();
        assert!(!std::path::Path::new("/proc").join(pid.trim()).exists(), "{silence}: the worker is gone");
    }
}

#[cfg(unix)]
#[test]
fn a_worker_that_talks_nonsense_dies_or_is_not_there_is_a_fault_and_no_more() {
    let limits = Limits {
        max_import_ms: 0,
        ..Limits::default()
    };
    let code = |program: &str| {
        let started = std::time::Instant::now();
        let fault = onewindow_capture::isolated::split_in(std::path::Path::new(program), b"x", "a.jpg", &limits).unwrap_err();
        assert!(
            started.elapsed() < std::time::Duration::from_secs(4),
            "{program} is not waited for: {:?}",
            started.elapsed()
        );
        fault.code()
    };
    assert_eq!(code("/usr/bin/yes"), "file-unreadable", "noise is not an answer");
    assert_eq!(code("/usr/bin/true"), "file-unreadable");
    assert_eq!(code("/nowhere/onewindow-import-worker"), "import-worker-missing", "and the file is not blamed");
}

/// The bounds that the worker gives itself, as the kernel tells them.
#[cfg(target_os = "linux")]
#[test]
fn the_worker_bounds_its_memory_and_time_before_it_reads() {
    let mut worker = std::process::Command::new(env!("CARGO_BIN_EXE_onewindow-import-worker"))
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let limits = std::path::Path::new("/proc").join(worker.id().to_string()).join("limits");
    let wanted = [("Max address space", "3221225472"), ("Max cpu time", "120"), ("Max core file size", "0")];
    let holds = |told: &str| {
        wanted.iter().all(|(name, most)| {
            let line = told.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            let mut parts = line.split_whitespace();
            parts.next() == Some(*most) && parts.next() == Some(*most)
        })
    };
    let started = std::time::Instant::now();
    let mut told = String::new();
    while !holds(&told) && started.elapsed() < std::time::Duration::from_secs(10) {
        std::thread::sleep(std::time::Duration::from_millis(5));
        told = std::fs::read_to_string(&limits).unwrap();
    }
    worker.kill().unwrap();
    worker.wait().unwrap();
    assert!(holds(&told), "{told}");
}

#[test]
fn a_scanner_page_of_impossible_size_is_refused() {
    let raw = onewindow_capture::RawPage::from_pixels(1, onewindow_capture::Raster::filled(2000, 3, [0; 3]), 300.0);
    assert_eq!(
        process(&raw, &PaperHint::default(), &Limits::default(), None).unwrap_err().code(),
        "image-too-small"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn damaged_files_never_panic(kind in 0usize..7, cut in 0.0f64..1.0, hits in prop::collection::vec((0.0f64..1.0, any::<u8>()), 0..12)) {
        let mut bytes = match kind {
            0 => small_picture(ImageFormat::Jpeg),
            1 => small_picture(ImageFormat::Png),
            2 => small_picture(ImageFormat::Tiff),
            3 => small_picture(ImageFormat::WebP),
            4 => small_picture(ImageFormat::Bmp),
            5 => tiff(2, 64, 64, false),
            _ => pdf(1, 72, 72, false),
        };
        bytes.truncate((bytes.len() as f64 * cut) as usize + 1);
        for (place, value) in hits {
            let at = ((bytes.len() - 1) as f64 * place) as usize;
            bytes[at] = value;
        }
        if let Ok(pages) = import::split(&bytes, "x", &Limits { max_pixels: 4_000_000, pdf_dpi: 72, ..Limits::default() }) {
            for page in pages {
                let _ = process(&page, &PaperHint::default(), &Limits::default(), None);
            }
        }
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = import::split(&bytes, "x.pdf", &Limits::default());
    }
}
