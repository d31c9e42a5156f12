//! The typefaces that papers are set in, taken from the machine (Debian: fonts-noto-cjk, and fonts-ocr-b where present).
//! No font is part of the repository; a missing one is an error that names the package.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use ab_glyph::FontRef;

use super::PaperError;

/// A typeface by its job on the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    /// 宋体, the text of certificates and forms.
    Song,
    /// Bold 宋体, titles.
    SongBold,
    /// 黑体, cards and labels.
    Hei,
    /// Bold 黑体.
    HeiBold,
    /// OCR-B for numbers that machines read; always set on a fixed pitch. Falls back to 黑体, which has no look-alike 0 and O either.
    Machine,
}

pub(super) struct Fonts {
    song: FontRef<'static>,
    song_bold: FontRef<'static>,
    hei: FontRef<'static>,
    hei_bold: FontRef<'static>,
    machine: FontRef<'static>,
}

impl Fonts {
    /// Loads the typefaces once per process.
    pub(super) fn get() -> Result<&'static Self, PaperError> {
        static LOADED: OnceLock<Result<Fonts, PaperError>> = OnceLock::new();
        LOADED.get_or_init(Self::load).as_ref().map_err(Clone::clone)
    }

    pub(super) fn face(&self, face: Face) -> &FontRef<'static> {
        match face {
            Face::Song => &self.song,
            Face::SongBold => &self.song_bold,
            Face::Hei => &self.hei,
            Face::HeiBold => &self.hei_bold,
            Face::Machine => &self.machine,
        }
    }

    fn load() -> Result<Self, PaperError> {
        // In the Noto CJK collections the faces come in the order JP, KR, SC, TC, HK; the forms of the mainland are number 2.
        const SIMPLIFIED: u32 = 2;
        let hei = load("NotoSansCJK-Regular.ttc", SIMPLIFIED)?;
        let machine = load("OCRB.otf", 0).unwrap_or_else(|_| hei.clone());
        Ok(Self {
            song: load("NotoSerifCJK-Regular.ttc", SIMPLIFIED)?,
            song_bold: load("NotoSerifCJK-Bold.ttc", SIMPLIFIED)?,
            hei_bold: load("NotoSansCJK-Bold.ttc", SIMPLIFIED)?,
            hei,
            machine,
        })
    }
}

fn load(file_name: &str, index: u32) -> Result<FontRef<'static>, PaperError> {
    let missing = || PaperError::FontMissing {
        file_name: file_name.to_owned(),
    };
    let path = font_folders().iter().find_map(|folder| find_file(folder, file_name, 4)).ok_or_else(missing)?;
    let bytes = std::fs::read(&path).map_err(|_| missing())?;
    // The faces live as long as the process; leaking them once is what lets every drawing borrow them.
    FontRef::try_from_slice_and_index(Box::leak(bytes.into_boxed_slice()), index).map_err(|_| missing())
}

fn font_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:\\Windows\\Fonts"]
        .iter()
        .map(PathBuf::from)
        .collect();
    if let Some(home) = std::env::var_os("HOME") {
        folders.push(Path::new(&home).join(".local/share/fonts"));
    }
    folders
}

fn find_file(folder: &Path, file_name: &str, depth_left: u32) -> Option<PathBuf> {
    let direct = folder.join(file_name);
    if direct.is_file() {
        return Some(direct);
    }
    if depth_left == 0 {
        return None;
    }
    let mut inner: Vec<PathBuf> = std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    inner.sort();
    inner.iter().find_map(|path| find_file(path, file_name, depth_left - 1))
}

/// Whether the typeface can show the character at all.
#[cfg(test)]
pub(super) fn can_show(face: Face, character: char) -> bool {
    use ab_glyph::Font;
    character == ' ' || character == '\u{3000}' || Fonts::get().is_ok_and(|fonts| fonts.face(face).glyph_id(character).0 != 0)
}
