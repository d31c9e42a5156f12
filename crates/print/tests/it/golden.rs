//! How every document looks, as ink in a grid: drawn by two independent programs that must agree, and compared with what
//! was looked at and kept under `tests/golden/`. `ONEWINDOW_BLESS=1` keeps what is drawn now.

use std::{fmt::Write as _, fs, path::Path};

use onewindow_print::{DocumentKind, RenderedDocument};

use crate::{
    sample::data_for,
    tools::{LANGUAGES, draw, keep, probe},
};

/// Resolution of the pictures.
const DPI: &str = "150";
/// Side of a square of the grid: 4 mm.
const CELL_PX: usize = 24;
/// Steps of ink, 0 for white.
const STEPS: usize = 10;

/// A grey picture.
struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

#[test]
fn documents_look_as_they_were_approved() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for kind in DocumentKind::ALL {
        for language in LANGUAGES {
            let document = draw(kind, &data_for(kind, language), language);
            let Some(poppler) = by_poppler(&document) else { return };
            let drawn = write_grid(&poppler);
            let file = folder.join(format!("{}-{}.txt", kind.name(), language.tag()));
            if std::env::var_os("ONEWINDOW_BLESS").is_some() {
                fs::create_dir_all(&folder).unwrap();
                fs::write(&file, &drawn).unwrap();
                continue;
            }
            let kept = fs::read_to_string(&file).unwrap_or_else(|_| panic!("{} was never approved", file.display()));
            let changed = differences(&kept, &drawn);
            assert!(changed <= 3, "{changed} squares of {} changed:\n{drawn}", file.display());
        }
    }
}

#[test]
fn two_independent_programs_draw_the_same() {
    for kind in DocumentKind::ALL {
        let language = LANGUAGES[kind as usize % LANGUAGES.len()];
        let document = draw(kind, &data_for(kind, language), language);
        let (Some(poppler), Some(mupdf)) = (by_poppler(&document), by_mupdf(&document)) else {
            return;
        };
        let (poppler, mupdf) = (write_grid(&poppler), write_grid(&mupdf));
        let apart = differences(&poppler, &mupdf);
        assert!(apart <= 6, "{}: {apart} squares differ\n{poppler}\n{mupdf}", kind.name());
    }
}

/// The first sheet, by poppler.
fn by_poppler(document: &RenderedDocument) -> Option<Grey> {
    let (folder, file) = keep(document, "poppler");
    let picture = folder.path().join("sheet");
    probe(
        "pdftoppm",
        &["-r", DPI, "-gray", "-singlefile", file.to_str().unwrap(), picture.to_str().unwrap()],
    )?;
    Some(read_pgm(&fs::read(picture.with_extension("pgm")).unwrap()))
}

/// The first sheet, by MuPDF.
fn by_mupdf(document: &RenderedDocument) -> Option<Grey> {
    let (folder, file) = keep(document, "mupdf");
    let picture = folder.path().join("sheet.pgm");
    let arguments = [
        "draw",
        "-q",
        "-r",
        DPI,
        "-F",
        "pgm",
        "-o",
        picture.to_str().unwrap(),
        file.to_str().unwrap(),
        "1",
    ];
    let output = probe("mutool", &arguments)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(read_pgm(&fs::read(picture).unwrap()))
}

/// A binary PGM with 8 bits a pixel.
fn read_pgm(bytes: &[u8]) -> Grey {
    let mut words = Vec::new();
    let mut at = 0;
    while words.len() < 4 {
        while bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        if bytes[at] == b'#' {
            at += bytes[at..].iter().position(|byte| *byte == b'\n').unwrap();
            continue;
        }
        let end = at + bytes[at..].iter().position(u8::is_ascii_whitespace).unwrap();
        words.push(String::from_utf8(bytes[at..end].to_vec()).unwrap());
        at = end;
    }
    assert_eq!(words[0], "P5");
    let (width, height) = (words[1].parse().unwrap(), words[2].parse().unwrap());
    Grey {
        width,
        height,
        pixels: bytes[at + 1..].to_vec(),
    }
}

/// Ink a square as a digit; a blank square is a point, so that the file can be looked at.
fn write_grid(picture: &Grey) -> String {
    let mut grid = String::new();
    for top in (0..picture.height).step_by(CELL_PX) {
        for left in (0..picture.width).step_by(CELL_PX) {
            let (bottom, right) = ((top + CELL_PX).min(picture.height), (left + CELL_PX).min(picture.width));
            let ink: usize = (top..bottom)
                .map(|y| {
                    picture.pixels[y * picture.width + left..y * picture.width + right]
                        .iter()
                        .map(|grey| usize::from(255 - grey))
                        .sum::<usize>()
                })
                .sum();
            // Text inks about a fifth of its square.
            let share = ink as f32 / (255 * CELL_PX * CELL_PX) as f32;
            let step = ((share * 2.5 * STEPS as f32).round() as usize).min(STEPS - 1);
            match step {
                0 => grid.push('.'),
                step => write!(grid, "{step}").unwrap(),
            }
        }
        grid.push('\n');
    }
    grid
}

/// Squares that differ by more than rounding; another size differs everywhere.
fn differences(one: &str, other: &str) -> usize {
    if one.len() != other.len() {
        return one.len().max(other.len());
    }
    let step = |letter: char| letter.to_digit(10).unwrap_or(0);
    one.chars()
        .zip(other.chars())
        .filter(|(one, other)| step(*one).abs_diff(step(*other)) > 1)
        .count()
}
