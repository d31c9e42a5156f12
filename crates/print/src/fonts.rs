//! The fonts on this computer that documents are printed with, and what they can draw.
//!
//! The shelf looks for four files in the usual system folders and reads each at its first use. It never substitutes a
//! font silently: a character that none of them has stops the print. Fonts are not bundled with the program; the
//! Debian packages that hold them are dependencies of ours.

use std::{
    env, fmt,
    num::NonZeroU16,
    ops::Range,
    path::{Path, PathBuf},
    sync::{Mutex, OnceLock},
};

use ttf_parser::{Face, GlyphId, RawFace, Tag, cmap, hmtx, name_id};

use crate::{fault::PrintFault, pdf::Programs};

/// Folders are searched this deep; system font folders are flatter than that.
const MAX_FOLDER_DEPTH: usize = 4;
/// Larger files are not fonts of ours; the largest is 31 MB.
const MAX_FONT_BYTES: u64 = 80 * 1024 * 1024;

/// The four fonts that documents use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum FontName {
    /// Noto Serif CJK SC: text of notices and licences.
    Song,
    /// Noto Serif CJK SC Bold: titles.
    SongBold,
    /// Noto Sans CJK SC: slips, and the characters that the serif lacks.
    Hei,
    /// HanaMinB: the rare ideographs of the extensions B to F.
    Rare,
}

impl FontName {
    const ALL: [Self; 4] = [Self::Song, Self::SongBold, Self::Hei, Self::Rare];

    /// File name, family to look for inside the file (a collection holds several regions), Debian package.
    const fn source(self) -> (&'static str, Option<&'static str>, &'static str) {
        match self {
            Self::Song => ("NotoSerifCJK-Regular.ttc", Some("Noto Serif CJK SC"), "fonts-noto-cjk"),
            Self::SongBold => ("NotoSerifCJK-Bold.ttc", Some("Noto Serif CJK SC"), "fonts-noto-cjk"),
            Self::Hei => ("NotoSansCJK-Regular.ttc", Some("Noto Sans CJK SC"), "fonts-noto-cjk"),
            Self::Rare => ("HanaMinB.ttf", None, "fonts-hanazono"),
        }
    }

    /// Where a character is looked for when text is set in this font.
    const fn fallbacks(self) -> &'static [Self] {
        match self {
            Self::Song => &[Self::Song, Self::Hei, Self::Rare],
            Self::SongBold => &[Self::SongBold, Self::Song, Self::Hei, Self::Rare],
            Self::Hei | Self::Rare => &[Self::Hei, Self::Rare],
        }
    }

    /// Stable resource name in the PDF.
    pub(crate) const fn pdf_id(self) -> &'static str {
        match self {
            Self::Song => "OWSONG",
            Self::SongBold => "OWBOLD",
            Self::Hei => "OWHEIX",
            Self::Rare => "OWRARE",
        }
    }
}

/// The fonts found on this computer. Make one when the program starts and keep it: reading the files takes tens of
/// milliseconds, finding a glyph none.
#[derive(Debug)]
pub struct FontShelf {
    slots: [FontSlot; 4],
}

#[derive(Debug)]
struct FontSlot {
    path: PathBuf,
    loaded: OnceLock<Result<LoadedFont, PrintFault>>,
}

/// A font in memory, and where in its bytes glyphs are looked up.
pub(crate) struct LoadedFont {
    pub(crate) bytes: Vec<u8>,
    pub(crate) face_index: u32,
    pub(crate) measures: FontMeasures,
    /// Outlines that documents have used so far, ready to be embedded.
    pub(crate) programs: Mutex<Programs>,
    cmap: Range<usize>,
    hmtx: Range<usize>,
    metrics: u16,
    glyphs: NonZeroU16,
}

/// What a PDF says about a font, lengths in thousandths of an em (ISO 32000-1, table 122).
#[derive(Debug, Clone)]
pub(crate) struct FontMeasures {
    pub(crate) postscript_name: String,
    pub(crate) ascent: i64,
    pub(crate) descent: i64,
    pub(crate) cap_height: i64,
    /// Left, bottom, right, top of a box around every glyph.
    pub(crate) bounds: [i64; 4],
    /// Width of vertical stems, estimated from the weight.
    pub(crate) stem: i64,
    /// Whose font it is; embedded with it.
    pub(crate) notice: String,
    pub(crate) units_per_em: u16,
}

impl fmt::Debug for LoadedFont {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The bytes are megabytes; nobody wants them in a log.
        write!(out, "LoadedFont({} bytes, face {})", self.bytes.len(), self.face_index)
    }
}

/// A glyph that draws one character.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FoundGlyph {
    pub(crate) font: FontName,
    pub(crate) gid: u16,
    /// Advance in em.
    pub(crate) advance_em: f32,
}

impl FontShelf {
    /// Finds the fonts in the usual folders of the system and the user.
    ///
    /// # Errors
    /// [`PrintFault::FontsMissing`] names every file that is missing with the Debian package that holds it.
    pub fn find() -> Result<Self, PrintFault> {
        let mut folders: Vec<PathBuf> = ["/usr/share/fonts", "/usr/local/share/fonts"].into_iter().map(PathBuf::from).collect();
        if let Some(home) = env::var_os("HOME") {
            folders.push(Path::new(&home).join(".local/share/fonts"));
        }
        if let Some(windows) = env::var_os("WINDIR") {
            folders.push(Path::new(&windows).join("Fonts"));
        }
        Self::in_folders(&folders)
    }

    /// Finds the fonts in the given folders and their sub-folders, the first hit wins.
    ///
    /// # Errors
    /// [`PrintFault::FontsMissing`] names every file that is missing with the Debian package that holds it.
    pub fn in_folders(folders: &[PathBuf]) -> Result<Self, PrintFault> {
        let mut missing = Vec::new();
        let slots = FontName::ALL.map(|name| {
            let (file, _, package) = name.source();
            let path = folders.iter().find_map(|folder| find_file(folder, file, MAX_FOLDER_DEPTH));
            if path.is_none() {
                missing.push(format!("{file} ({package})"));
            }
            FontSlot {
                path: path.unwrap_or_default(),
                loaded: OnceLock::new(),
            }
        });
        if missing.is_empty() {
            Ok(Self { slots })
        } else {
            Err(PrintFault::FontsMissing { missing })
        }
    }

    /// Whether every character of `text` can be printed; call it when a form is saved, not at the printer.
    ///
    /// # Errors
    /// [`PrintFault::MissingGlyph`] for the first character that no font has, or that must not be printed: control
    /// and private-use characters, invisible format characters and variation selectors.
    pub fn check_printable(&self, field: &str, text: &str) -> Result<(), PrintFault> {
        text.chars()
            .filter(|character| *character != '\n')
            .try_for_each(|character| self.get_glyph(FontName::Song, field, character).map(|_| ()))
    }

    pub(crate) fn get_glyph(&self, wanted: FontName, field: &str, character: char) -> Result<FoundGlyph, PrintFault> {
        if is_drawable(character) {
            for &name in wanted.fallbacks() {
                if let Some(glyph) = self.get_font(name)?.find_glyph(name, character) {
                    return Ok(glyph);
                }
            }
        }
        Err(PrintFault::MissingGlyph {
            field: field.to_owned(),
            character,
            code_point: u32::from(character),
        })
    }

    pub(crate) fn get_font(&self, name: FontName) -> Result<&LoadedFont, PrintFault> {
        let slot = &self.slots[name as usize];
        slot.loaded.get_or_init(|| load(name, &slot.path)).as_ref().map_err(Clone::clone)
    }
}

impl LoadedFont {
    /// Reads where the tables are and what a PDF says about the font.
    fn new(bytes: Vec<u8>, face_index: u32) -> Option<Self> {
        let face = Face::parse(&bytes, face_index).ok()?;
        let raw = RawFace::parse(&bytes, face_index).ok()?;
        let place = |tag: &[u8; 4]| {
            let record = raw.table_records.into_iter().find(|record| record.tag == Tag::from_bytes(tag))?;
            let start = usize::try_from(record.offset).ok()?;
            let end = start.checked_add(usize::try_from(record.length).ok()?)?;
            (end <= bytes.len()).then_some(start..end)
        };
        let (cmap, hmtx) = (place(b"cmap")?, place(b"hmtx")?);
        let metrics = face.tables().hhea.number_of_metrics;
        let glyphs = NonZeroU16::new(face.number_of_glyphs())?;
        let measures = measure(&face)?;
        Some(Self {
            bytes,
            face_index,
            measures,
            programs: Mutex::default(),
            cmap,
            hmtx,
            metrics,
            glyphs,
        })
    }

    fn find_glyph(&self, font: FontName, character: char) -> Option<FoundGlyph> {
        // Two tables only: reading all that a face has would cost more than the rest of a document.
        let cmap = cmap::Table::parse(self.bytes.get(self.cmap.clone())?)?;
        let GlyphId(gid) = cmap
            .subtables
            .into_iter()
            .filter(cmap::Subtable::is_unicode)
            .find_map(|subtable| subtable.glyph_index(u32::from(character)))
            .filter(|glyph| glyph.0 != 0)?;
        Some(FoundGlyph {
            font,
            gid,
            advance_em: self.find_advance_em(gid)?,
        })
    }

    fn find_advance_em(&self, gid: u16) -> Option<f32> {
        let hmtx = hmtx::Table::parse(self.metrics, self.glyphs, self.bytes.get(self.hmtx.clone())?)?;
        Some(f32::from(hmtx.advance(GlyphId(gid))?) / f32::from(self.measures.units_per_em))
    }

    /// Advance in thousandths of an em.
    pub(crate) fn advance(&self, gid: u16) -> i64 {
        self.find_advance_em(gid).map_or(1000, |advance_em| (advance_em * 1000.0).round() as i64)
    }
}

#[cfg(test)]
impl FontMeasures {
    /// A font of which only name and box are known.
    pub(crate) fn of_nothing(name: &str, bounds: [i64; 4]) -> Self {
        Self {
            postscript_name: name.to_owned(),
            ascent: 0,
            descent: 0,
            cap_height: 0,
            bounds,
            stem: 0,
            notice: String::new(),
            units_per_em: 1000,
        }
    }
}

fn measure(face: &Face<'_>) -> Option<FontMeasures> {
    let units_per_em = face.units_per_em();
    let scaled = |units: i16| (f32::from(units) * 1000.0 / f32::from(units_per_em)).round() as i64;
    let bounds = face.global_bounding_box();
    let named = |id: u16| {
        let names = face.names().into_iter().filter(|name| name.name_id == id);
        names.filter_map(|name| name.to_string()).next()
    };
    Some(FontMeasures {
        postscript_name: named(name_id::POST_SCRIPT_NAME)?,
        notice: named(name_id::COPYRIGHT_NOTICE).unwrap_or_default(),
        ascent: scaled(face.ascender()),
        descent: scaled(face.descender()),
        cap_height: scaled(face.capital_height().unwrap_or_else(|| face.ascender())),
        bounds: [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(scaled),
        // The estimate that PDF writers agree on: 88 at weight 400, 166 at 700.
        stem: 50 + (f32::from(face.weight().to_number()) / 65.0).powi(2).round() as i64,
        units_per_em,
    })
}

/// Invisible and private characters would print as nothing or as something else; both are worse than a refusal.
fn is_drawable(character: char) -> bool {
    !character.is_control()
        && !matches!(
            u32::from(character),
            0xE000..=0xF8FF | 0xF_0000..=0x10_FFFF   // private use
                | 0xFE00..=0xFE0F | 0xE_0100..=0xE_01EF // variation selectors
                | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F | 0xFEFF | 0xFFF9..=0xFFFD
        )
}

fn load(name: FontName, path: &Path) -> Result<LoadedFont, PrintFault> {
    let (file, family, _) = name.source();
    let unusable = |reason: String| PrintFault::FontUnusable { file: file.to_owned(), reason };
    let bytes = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
    let face_index = find_face(&bytes, family).ok_or_else(|| unusable(format!("it holds no face of the family {}", family.unwrap_or(file))))?;
    let font = LoadedFont::new(bytes, face_index).ok_or_else(|| unusable("a table that is needed is missing or damaged".to_owned()))?;
    tracing::debug!(file, face_index, "font loaded");
    Ok(font)
}

/// The index of the face with the family name wanted; the first face when no family is asked for.
fn find_face(bytes: &[u8], family: Option<&str>) -> Option<u32> {
    let faces = ttf_parser::fonts_in_collection(bytes).unwrap_or(1).min(64);
    (0..faces).find(|&index| {
        Face::parse(bytes, index).is_ok_and(|face| {
            family.is_none_or(|family| {
                face.names()
                    .into_iter()
                    .filter(|name| name.name_id == name_id::FAMILY || name.name_id == name_id::TYPOGRAPHIC_FAMILY)
                    .any(|name| name.to_string().as_deref() == Some(family))
            })
        })
    })
}

fn find_file(folder: &Path, file: &str, depth: usize) -> Option<PathBuf> {
    let here = folder.join(file);
    if here.metadata().is_ok_and(|found| found.is_file() && found.len() <= MAX_FONT_BYTES) {
        return Some(here);
    }
    if depth == 0 {
        return None;
    }
    let mut inner: Vec<PathBuf> = std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    inner.sort();
    inner.iter().find_map(|path| find_file(path, file, depth - 1))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn missing_fonts_are_named_with_their_packages() {
        let empty = tempfile::tempdir().unwrap();
        let fault = FontShelf::in_folders(&[empty.path().to_owned()]).unwrap_err();
        let PrintFault::FontsMissing { missing } = fault else {
            panic!("wrong fault {fault}")
        };
        assert_eq!(missing.len(), 4, "every font must be named at once, not one after the other");
        assert!(missing.contains(&"HanaMinB.ttf (fonts-hanazono)".to_owned()));
    }

    #[test]
    fn rare_name_characters_are_printable() {
        let fonts = FontShelf::find().unwrap();
        for character in "䶮𠮷㛃𬱖𫟹𬀩𣲗𦙶鿫鿍𰻞".chars() {
            fonts.check_printable("applicant.name", &character.to_string()).unwrap();
        }
    }

    #[test]
    fn a_character_without_a_glyph_is_named() {
        let fonts = FontShelf::find().unwrap();
        let check = |text: &str, code_point: u32| {
            let fault = fonts.check_printable("applicant.name", text).unwrap_err();
            let character = char::from_u32(code_point).unwrap();
            assert_eq!(
                fault,
                PrintFault::MissingGlyph {
                    field: "applicant.name".into(),
                    character,
                    code_point
                }
            );
        };
        check("王\u{31349}", 0x31349);
        check("王\u{E000}", 0xE000);
        check("王\u{FE00}", 0xFE00);
        check("王\u{0007}", 7);
        check("王\u{202E}明", 0x202E);
    }
}
