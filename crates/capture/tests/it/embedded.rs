//! PDF pages that are one picture, and those that only look like it.

use jpeg_encoder::{ColorType, Encoder, PixelDensity};
use onewindow_capture::Limits;
use onewindow_capture::import::{self, RawContent, RawPage};

use crate::drawing::pdf_of;

/// A picture at 200 dpi of an A4 page, dark at the top left corner only, so that a turn is seen.
const WIDTH: u16 = 1654;
const HEIGHT: u16 = 2339;
const DPI: f32 = 200.0;
/// The page, in points.
const PAGE: (f32, f32) = (595.3, 841.9);
/// The picture over the whole page.
const FULL: &str = "q 595.3 0 0 841.9 0 0 cm /Im Do Q";

fn shade(x: u16, y: u16) -> u8 {
    match (x < WIDTH / 3, y < HEIGHT / 4) {
        (true, true) => 40,
        _ if (x / 40 + y / 40).is_multiple_of(2) => 200,
        _ => 235,
    }
}

fn pixels(channels: usize) -> Vec<u8> {
    let all = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
    all.flat_map(|(x, y)| std::iter::repeat_n(shade(x, y), channels)).collect()
}

/// The picture as a scanner's program stores it, with a resolution in its header that means nothing.
fn jpeg(colour: ColorType) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 85);
    encoder.set_density(PixelDensity::dpi(72));
    let channels = if colour == ColorType::Luma { 1 } else { 3 };
    encoder.encode(&pixels(channels), WIDTH, HEIGHT, colour).unwrap();
    bytes
}

fn stream(dict: &str, data: &[u8]) -> Vec<u8> {
    let mut object = format!("<< {dict} /Length {} >>\nstream\n", data.len()).into_bytes();
    object.extend_from_slice(data);
    object.extend_from_slice(b"\nendstream");
    object
}

fn picture(filter: &str, space: &str, more: &str, data: &[u8]) -> Vec<u8> {
    stream(
        &format!("/Type /XObject /Subtype /Image /Width {WIDTH} /Height {HEIGHT} /BitsPerComponent 8 /ColorSpace /{space} {filter} {more}"),
        data,
    )
}

/// A page with this content; `/Im` is the picture, `/F1` a font. `page` goes into the dictionary of the page.
fn page_of(content: &str, page: &str, picture: Vec<u8>) -> Vec<u8> {
    let (width, height) = PAGE;
    let size = if page.contains("MediaBox") {
        String::new()
    } else {
        format!("/MediaBox [0 0 {width} {height}]")
    };
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        format!(
            "<< /Type /Page /Parent 2 0 R {size} /Contents 4 0 R {page} \
             /Resources << /XObject << /Im 5 0 R >> /Font << /F1 6 0 R >> /ExtGState << /Half << /ca 0.5 >> >> >> >>"
        )
        .into_bytes(),
        stream("", content.as_bytes()),
        picture,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    pdf_of(&objects, "")
}

fn scan(content: &str, page: &str) -> RawPage {
    let picture = picture("/Filter /DCTDecode", "DeviceRGB", "", &jpeg(ColorType::Rgb));
    import::split(&page_of(content, page, picture), "scan.pdf", &Limits::default())
        .unwrap()
        .remove(0)
}

fn bytes(page: &RawPage) -> &[u8] {
    match &page.content {
        RawContent::File { bytes, .. } => bytes,
        RawContent::Pixels(_) => panic!("an import gives files"),
    }
}

/// Size of the page's picture, whether it is at its own resolution, and in which corner its dark field lies.
fn look(page: &RawPage) -> (u32, u32, &'static str) {
    let raster = page.decode(&Limits::default()).unwrap();
    let dark = |right: bool, low: bool| {
        let x = if right { raster.width - raster.width / 10 } else { raster.width / 10 };
        let y = if low { raster.height - raster.height / 10 } else { raster.height / 10 };
        raster.rgb[((y * raster.width + x) * 3) as usize] < 90
    };
    let corner = match (dark(false, false), dark(true, false), dark(true, true), dark(false, true)) {
        (true, false, false, false) => "top left",
        (false, true, false, false) => "top right",
        (false, false, true, false) => "bottom right",
        (false, false, false, true) => "bottom left",
        _ => "nowhere",
    };
    (raster.width, raster.height, corner)
}

/// What an A4 page is drawn at.
fn is_drawn(page: &RawPage) -> bool {
    let (width, height, _) = look(page);
    width.abs_diff(2480) <= 2 && height.abs_diff(3508) <= 2 && page.dpi.is_some_and(|dpi| (dpi - 300.0).abs() < 0.5)
}

/// The data of a JPEG behind its header segments.
fn picture_data(jpeg: &[u8]) -> &[u8] {
    let from = jpeg.windows(2).position(|pair| pair == [0xFF, 0xDB]).unwrap();
    &jpeg[from..]
}

#[test]
fn a_scan_as_pdf_is_taken_at_its_own_resolution_in_the_bytes_it_came_in() {
    let page = scan(FULL, "");
    assert_eq!(look(&page), (u32::from(WIDTH), u32::from(HEIGHT), "top left"));
    assert!((page.dpi.unwrap() - DPI).abs() < 0.5, "{:?}", page.dpi);
    let own = jpeg(ColorType::Rgb);
    assert_eq!(picture_data(bytes(&page)), picture_data(&own), "the picture is not encoded a second time");
    // Opened as a file later, it says the same resolution.
    let again = import::split(bytes(&page), "", &Limits::default()).unwrap().remove(0);
    assert_eq!(again.dpi.map(f32::round), Some(DPI));
}

#[test]
fn grey_and_uncompressed_pictures_are_taken_as_they_are() {
    let take = |filter: &str, space: &str, more: &str, data: &[u8]| {
        let bytes = page_of(FULL, "", picture(filter, space, more, data));
        import::split(&bytes, "scan.pdf", &Limits::default()).unwrap().remove(0)
    };
    let own = (u32::from(WIDTH), u32::from(HEIGHT), "top left");
    let grey = jpeg(ColorType::Luma);
    let page = take("/Filter [/DCTDecode]", "DeviceGray", "", &grey);
    assert_eq!((look(&page), picture_data(bytes(&page))), (own, picture_data(&grey)));
    let raw = take("", "DeviceGray", "", &pixels(1));
    assert_eq!(look(&raw), own);
    // The page turns light into dark: the bytes alone would show the opposite.
    let inverted = take("/Filter /DCTDecode", "DeviceGray", "/Decode [1 0]", &grey);
    let raster = inverted.decode(&Limits::default()).unwrap();
    let dark_at = (100 * usize::from(WIDTH) + 100) * 3;
    assert_eq!(raster.width, u32::from(WIDTH));
    assert!(raster.rgb[dark_at] > 180, "as the page shows it: {}", raster.rgb[dark_at]);
}

#[test]
fn a_picture_that_lies_turned_is_turned() {
    let check = |content: &str, page: &str, expected: (u32, u32, &str)| assert_eq!(look(&scan(content, page)), expected, "{content} {page}");
    let (width, height) = (u32::from(WIDTH), u32::from(HEIGHT));
    check(FULL, "/Rotate 90", (height, width, "top right"));
    check(FULL, "/Rotate 180", (width, height, "bottom right"));
    check(FULL, "/Rotate 270", (height, width, "bottom left"));
    check("q -595.3 0 0 -841.9 595.3 841.9 cm /Im Do Q", "", (width, height, "bottom right"));
}

#[test]
fn what_a_scanners_program_read_and_what_lies_under_the_picture_is_nothing_to_be_seen() {
    let own = (u32::from(WIDTH), u32::from(HEIGHT), "top left");
    let unseen = format!("{FULL} BT 3 Tr /F1 12 Tf 100 500 Td (read by a program) Tj ET");
    assert_eq!(look(&scan(&unseen, "")), own);
    let under = format!("1 g 0 0 595.3 841.9 re f BT 0 g /F1 12 Tf 100 500 Td (under the picture) Tj ET {FULL}");
    assert_eq!(look(&scan(&under, "")), own);
    let margins = "q 535.3 0 0 757.0 30 42 cm /Im Do Q";
    let page = scan(margins, "");
    assert_eq!(look(&page), own, "white margins are no content");
    assert!((page.dpi.unwrap() - 222.4).abs() < 1.0, "{:?}", page.dpi);
}

#[test]
fn a_page_with_more_than_its_picture_is_drawn() {
    let check = |content: &str, what: &str| assert!(is_drawn(&scan(content, "")), "{what}: {:?}", look(&scan(content, "")));
    check(&format!("{FULL} BT /F1 24 Tf 100 500 Td (a stamp) Tj ET"), "text over the picture");
    check(&format!("{FULL} 100 100 200 50 re f"), "a field blacked out");
    check(&format!("{FULL} 100 100 m 300 100 l S"), "a line");
    check(&format!("{FULL} q 100 0 0 100 0 0 cm /Im Do Q"), "two pictures");
    check("q 200 0 0 283 30 500 cm /Im Do Q", "a small picture");
    check("q 0 0 595.3 420 re W n 595.3 0 0 841.9 0 0 cm /Im Do Q", "half of it cut away");
    check(
        "q 300 400 m 500 700 l 100 700 l h W n 595.3 0 0 841.9 0 0 cm /Im Do Q",
        "a cut of another shape",
    );
    check("q 595.3 0 0 -841.9 0 841.9 cm /Im Do Q", "mirrored");
    check("q 595.3 0 0 421 0 210 cm /Im Do Q", "squeezed");
    check("q 580 60 -60 830 60 -20 cm /Im Do Q", "aslant");
    check("q /Half gs 595.3 0 0 841.9 0 0 cm /Im Do Q", "half transparent");
    check(
        "BT 0 g /F1 24 Tf 10 10 Td (beside it) Tj ET q 535.3 0 0 757 30 60 cm /Im Do Q",
        "text beside the picture",
    );
    check("q 1190 0 0 1684 -300 -400 cm /Im Do Q", "a part of it, larger");
}

#[test]
fn a_picture_with_a_mask_and_a_damaged_one_are_left_to_the_drawer() {
    let masked = picture("/Filter /DCTDecode", "DeviceRGB", "/Mask [0 60 0 60 0 60]", &jpeg(ColorType::Rgb));
    let page = import::split(&page_of(FULL, "", masked), "a.pdf", &Limits::default()).unwrap().remove(0);
    assert!(is_drawn(&page), "what is masked shows the paper");
    let mut half = jpeg(ColorType::Rgb);
    half.truncate(half.len() / 2);
    let damaged = page_of(FULL, "", picture("/Filter /DCTDecode", "DeviceRGB", "", &half));
    let taken = import::split(&damaged, "a.pdf", &Limits::default());
    if let Ok(pages) = taken {
        assert!(pages[0].decode(&Limits::default()).is_ok(), "whatever is taken opens again");
    }
}

#[test]
fn a_phones_page_as_large_as_its_pixels_has_no_resolution() {
    let picture = picture("/Filter /DCTDecode", "DeviceRGB", "", &jpeg(ColorType::Rgb));
    let large = page_of("q 1654 0 0 2339 0 0 cm /Im Do Q", "/MediaBox [0 0 1654 2339]", picture);
    let page = import::split(&large, "a.pdf", &Limits::default()).unwrap().remove(0);
    assert_eq!((look(&page).0, page.dpi), (u32::from(WIDTH), None));
    let again = import::split(bytes(&page), "", &Limits::default()).unwrap().remove(0);
    assert_eq!(again.dpi, None, "nor does it claim one later");
}
