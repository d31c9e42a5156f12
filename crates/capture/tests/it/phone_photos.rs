//! HEIC photographs of phones. The fixtures are pictures of x265 (through heif-enc 1.15.1) of a gradient drawn by formula, in boxes that name
//! their colours: one plain, one as phones store photographs, in tiles with the turn told beside them. libheif decodes both as the tests expect.
//! Built separately: `cargo test -p onewindow-capture --features heic phone_photos`.

#[cfg(not(feature = "heic"))]
use onewindow_capture::CaptureFault;
use onewindow_capture::{Limits, import};

const PLAIN: &[u8] = include_bytes!("../fixtures/gradient.heic");
const TILES_TURNED: &[u8] = include_bytes!("../fixtures/gradient-tiles-turned.heic");

#[cfg(not(feature = "heic"))]
#[test]
fn without_the_decoder_a_phone_photo_is_refused_with_what_to_do() {
    for file in [PLAIN, TILES_TURNED] {
        let fault = import::split(file, "IMG_0001.HEIC", &Limits::default()).unwrap_err();
        assert_eq!(fault, CaptureFault::HeicNotTaken);
        assert!(fault.message().zh.contains("兼容性最佳") && fault.message().en.contains("most compatible"));
    }
}

#[cfg(feature = "heic")]
mod decoded {
    use onewindow_capture::{Raster, RawContent};
    use proptest::prelude::*;

    use super::*;

    /// Sides of the gradient.
    const SIDES: (u32, u32) = (640, 480);

    fn gradient(x: u32, y: u32) -> [u8; 3] {
        let blue = if (x / 64 + y / 64) % 2 == 1 { 60 } else { 200 };
        [(x * 255 / SIDES.0) as u8, (y * 255 / SIDES.1) as u8, blue]
    }

    fn page(file: &[u8]) -> Raster {
        let pages = import::split(file, "IMG_0001.HEIC", &Limits::default()).unwrap();
        assert!(pages.len() == 1 && pages[0].notes.is_empty(), "one picture, rightly named");
        assert!(matches!(pages[0].content, RawContent::File { .. }), "kept as a file that everything else opens");
        pages[0].decode(&Limits::default()).unwrap().into_owned()
    }

    /// Mean difference from the formula, with the place in the gradient of each pixel.
    fn off(picture: &Raster, place: impl Fn(u32, u32) -> (u32, u32)) -> f64 {
        let mut sum = 0_u64;
        for (at, pixel) in picture.rgb.as_chunks::<3>().0.iter().enumerate() {
            let (x, y) = place(at as u32 % picture.width, at as u32 / picture.width);
            sum += gradient(x, y).iter().zip(pixel).map(|(a, b)| u64::from(a.abs_diff(*b))).sum::<u64>();
        }
        sum as f64 / picture.rgb.len() as f64
    }

    #[test]
    fn a_phone_photo_is_the_picture_that_was_taken() {
        let plain = page(PLAIN);
        assert_eq!((plain.width, plain.height), SIDES);
        assert!(off(&plain, |x, y| (x, y)) < 3.0, "{}", off(&plain, |x, y| (x, y)));
    }

    #[test]
    fn tiles_are_put_together_and_turned_as_told() {
        let turned = page(TILES_TURNED);
        assert_eq!((turned.width, turned.height), (SIDES.1, SIDES.0), "a quarter turn anticlockwise");
        let place = |x: u32, y: u32| (SIDES.0 - 1 - y, x);
        assert!(off(&turned, place) < 3.0, "{}", off(&turned, place));
    }

    #[test]
    fn a_photo_larger_than_the_limit_is_not_decoded() {
        let limits = Limits {
            max_pixels: 100_000,
            ..Limits::default()
        };
        let fault = import::split(PLAIN, "a.heic", &limits).unwrap_err();
        assert_eq!(fault.code(), "image-too-large");
    }

    #[test]
    fn a_cut_off_photo_is_refused() {
        for length in [30, 200, 400, PLAIN.len() / 2, PLAIN.len() - 1] {
            let fault = import::split(&PLAIN[..length], "a.heic", &Limits::default()).expect_err("half a file");
            assert_eq!(fault.code(), "file-unreadable", "{length} bytes");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn a_spoiled_photo_is_taken_or_refused(at in any::<prop::sample::Index>(), byte in any::<u8>(), tiles in any::<bool>()) {
            let mut file = if tiles { TILES_TURNED } else { PLAIN }.to_vec();
            let at = at.index(file.len());
            file[at] = byte;
            let _ = import::split(&file, "a.heic", &Limits::default());
        }
    }
}
