//! The fonts of a document: subsets of the files on this computer with what a PDF says about them.
//!
//! The subsetter numbers glyphs anew, in the order of the font; those numbers are the codes in the text, the keys of the widths
//! and of the map to Unicode, and the CIDs of the font program, so that no reader needs a further map.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::PoisonError,
};

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use subsetter::GlyphRemapper;
use ttf_parser::{RawFace, Tag};

use super::outlines;
use crate::{
    drawing::{Mark, Sheet},
    fault::PrintFault,
    fonts::{FontName, FontShelf, LoadedFont},
    typeset::SetGlyph,
};

/// Width of a glyph of which nothing else is said, in thousandths of an em: an ideograph.
const FULL_WIDTH: i64 = 1000;
/// Units of an em for which programs can be put together without a matrix.
const THOUSAND: u16 = 1000;
/// Entries of one block of a map to Unicode (Adobe Technical Note 5014 allows no more).
const CMAP_BLOCK: usize = 100;

/// A glyph and the character that it draws. One glyph may draw several (`·` and `・`): each is an entry of its own, so that every
/// character is read back as it was written.
type Drawn = (u16, char);

/// The glyphs that sheets use, by font.
pub(super) struct Subsets(BTreeMap<FontName, BTreeSet<Drawn>>);

impl Subsets {
    pub(super) fn of<'a>(sheets: impl Iterator<Item = &'a Sheet>) -> Self {
        let mut fonts: BTreeMap<FontName, BTreeSet<Drawn>> = BTreeMap::new();
        for mark in sheets.flat_map(|sheet| &sheet.marks) {
            let Mark::Text { glyphs, .. } = mark else { continue };
            for glyph in glyphs {
                fonts.entry(glyph.font).or_default().insert((glyph.gid, glyph.character));
            }
        }
        Self(fonts)
    }

    /// Codes of the glyphs of each font.
    pub(super) fn codes(&self) -> Codes {
        let numbered = |glyphs: &BTreeSet<Drawn>| (1..).zip(glyphs).map(|(code, drawn)| (*drawn, code)).collect();
        Codes(self.0.iter().map(|(font, glyphs)| (*font, numbered(glyphs))).collect())
    }

    /// Adds the fonts to a document; the dictionary names them as the text does. `tag` begins the six letters that tell
    /// subsets of one font in one file apart.
    pub(super) fn embed(&self, document: &mut Document, fonts: &FontShelf, tag: &str) -> Result<Dictionary, PrintFault> {
        let mut named = Dictionary::new();
        for (font, glyphs) in &self.0 {
            let name = font.pdf_id();
            let tag = format!("{tag}{}", &name[tag.len()..]);
            named.set(name, add_font(document, fonts.get_font(*font)?, glyphs, &tag)?);
        }
        Ok(named)
    }
}

/// What stands in the text for a glyph.
pub(super) struct Codes(BTreeMap<FontName, BTreeMap<Drawn, u16>>);

impl Codes {
    /// The code of a glyph of these sheets; 0, the box for what is missing, for others.
    pub(super) fn get(&self, glyph: &SetGlyph) -> u16 {
        let codes = self.0.get(&glyph.font);
        codes.and_then(|codes| codes.get(&(glyph.gid, glyph.character))).copied().unwrap_or_default()
    }
}

fn add_font(document: &mut Document, font: &LoadedFont, glyphs: &BTreeSet<Drawn>, tag: &str) -> Result<ObjectId, PrintFault> {
    let measures = &font.measures;
    let name = format!("{tag}+{}", measures.postscript_name);
    let gids: Vec<u16> = glyphs.iter().map(|(gid, _)| *gid).collect();
    let program = program(font, &gids).map_err(|error| PrintFault::FontUnusable {
        file: measures.postscript_name.clone(),
        reason: error.to_string(),
    })?;
    let mut descriptor = dictionary! {
        "Type" => "FontDescriptor",
        "FontName" => Object::Name(name.clone().into_bytes()),
        "Flags" => 32,
        "FontBBox" => measures.bounds.map(Object::Integer).to_vec(),
        "ItalicAngle" => 0,
        "Ascent" => measures.ascent,
        "Descent" => measures.descent,
        "CapHeight" => measures.cap_height,
        "StemV" => measures.stem,
    };
    let mut face = dictionary! {
        "Type" => "Font",
        "BaseFont" => Object::Name(name.clone().into_bytes()),
        "CIDSystemInfo" => dictionary! {
            "Registry" => Object::string_literal("Adobe"),
            "Ordering" => Object::string_literal("Identity"),
            "Supplement" => 0,
        },
        "DW" => FULL_WIDTH,
    };
    match program {
        Program::Cff(cff) => {
            let program = document.add_object(Stream::new(dictionary! { "Subtype" => "CIDFontType0C" }, cff));
            descriptor.set("FontFile3", program);
            face.set("Subtype", "CIDFontType0");
        }
        Program::TrueType(subset) => {
            let program = document.add_object(Stream::new(dictionary! { "Length1" => subset.len() as i64 }, subset));
            descriptor.set("FontFile2", program);
            face.set("Subtype", "CIDFontType2");
            face.set("CIDToGIDMap", "Identity");
        }
    }
    face.set("FontDescriptor", document.add_object(descriptor));
    let widths = widths(font, &gids);
    if !widths.is_empty() {
        face.set("W", widths);
    }
    let face = document.add_object(face);
    let to_unicode = document.add_object(Stream::new(
        Dictionary::new(),
        to_unicode(glyphs.iter().map(|(_, character)| *character)).into_bytes(),
    ));
    Ok(document.add_object(dictionary! {
        "Type" => "Font",
        "Subtype" => "Type0",
        "BaseFont" => Object::Name(name.into_bytes()),
        "Encoding" => "Identity-H",
        "DescendantFonts" => vec![Object::Reference(face)],
        "ToUnicode" => to_unicode,
    }))
}

/// What draws the glyphs.
enum Program {
    /// A bare table of CFF outlines.
    Cff(Vec<u8>),
    /// A font of TrueType outlines.
    TrueType(Vec<u8>),
}

/// The glyphs, put together from programs that are known; the subsetter is asked for the others only.
fn program(font: &LoadedFont, gids: &[u16]) -> Result<Program, subsetter::Error> {
    let widths: Vec<(u16, i64)> = std::iter::once(&0).chain(gids).map(|gid| (*gid, font.advance(*gid))).collect();
    // What was learnt before a panic is as good as ever.
    let mut programs = font.programs.lock().unwrap_or_else(PoisonError::into_inner);
    if font.measures.units_per_em == THOUSAND {
        let mut new: Vec<u16> = gids.iter().copied().filter(|gid| !programs.contains_key(gid)).collect();
        new.dedup();
        if !new.is_empty() {
            let subset = subset(font, &new)?;
            let Some(cff) = cff_of(&subset) else { return subset_whole(font, gids) };
            outlines::learn(cff, &new, &mut programs);
        }
        if let Some(cff) = outlines::assemble(&font.measures, &widths, &programs) {
            return Ok(Program::Cff(cff));
        }
    }
    subset_whole(font, gids)
}

/// The glyphs as the subsetter writes them, which can not give one glyph two numbers.
fn subset_whole(font: &LoadedFont, gids: &[u16]) -> Result<Program, subsetter::Error> {
    if gids.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(subsetter::Error::SubsetError);
    }
    let subset = subset(font, gids)?;
    Ok(match cff_of(&subset) {
        Some(cff) => Program::Cff(cff.to_vec()),
        None => Program::TrueType(subset),
    })
}

fn subset(font: &LoadedFont, gids: &[u16]) -> Result<Vec<u8>, subsetter::Error> {
    subsetter::subset(&font.bytes, font.face_index, &GlyphRemapper::new_from_glyphs(gids))
}

fn cff_of(subset: &[u8]) -> Option<&[u8]> {
    RawFace::parse(subset, 0).ok()?.table(Tag::from_bytes(b"CFF "))
}

/// Widths that are not those of an ideograph, as stretches of codes: first code, list of widths.
fn widths(font: &LoadedFont, gids: &[u16]) -> Vec<Object> {
    let mut stretches: Vec<(i64, Vec<Object>)> = Vec::new();
    // Code 0 is the box for a glyph that is missing.
    for (code, gid) in (0..).zip(std::iter::once(&0).chain(gids)) {
        let width = font.advance(*gid);
        if width == FULL_WIDTH {
            continue;
        }
        match stretches.last_mut() {
            Some((first, widths)) if *first + widths.len() as i64 == code => widths.push(width.into()),
            Some(_) | None => stretches.push((code, vec![width.into()])),
        }
    }
    stretches
        .into_iter()
        .flat_map(|(first, widths)| [Object::Integer(first), Object::Array(widths)])
        .collect()
}

/// The map from codes, counted from 1, to Unicode (ISO 32000-1, 9.10.3).
fn to_unicode(characters: impl Iterator<Item = char>) -> String {
    let mut entries = Vec::new();
    let mut units = [0; 2];
    for (code, character) in (1_u16..).zip(characters) {
        let mut entry = format!("<{code:04X}><");
        for unit in character.encode_utf16(&mut units) {
            // Writing into a String can not fail.
            let _written = write!(entry, "{unit:04X}");
        }
        entries.push(entry + ">\n");
    }
    let mut map = String::from(
        "/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n",
    );
    for block in entries.chunks(CMAP_BLOCK) {
        let _written = writeln!(map, "{} beginbfchar", block.len());
        map.extend(block.iter().map(String::as_str));
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend");
    map
}
