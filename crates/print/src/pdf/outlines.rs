//! Fonts of CFF outlines, put together from the programs of single glyphs. Programs are taken from the subsetter once, freed
//! of their hints and kept: most of a document's glyphs were in the one before.
//!
//! Hints move stems to whole dots on coarse screens; printers and readers at 200 dpi and more draw the same without, and a
//! sixth of an ideographic font is hints. Widths are written anew, so that all glyphs share one private dictionary.

use std::{collections::HashMap, ops::Range, sync::Arc};

use crate::fonts::FontMeasures;

/// Operators of dictionaries (Adobe Technical Note 5176, tables 9, 10 and 23); two bytes are one with an escape.
mod operator {
    pub(super) const NOTICE: &[u8] = &[1];
    pub(super) const FONT_BOX: &[u8] = &[5];
    pub(super) const CHARSET: &[u8] = &[15];
    pub(super) const CHARSTRINGS: &[u8] = &[17];
    pub(super) const PRIVATE: &[u8] = &[18];
    pub(super) const DEFAULT_WIDTH: &[u8] = &[20];
    pub(super) const ROS: &[u8] = &[12, 30];
    pub(super) const CID_COUNT: &[u8] = &[12, 34];
    pub(super) const FD_ARRAY: &[u8] = &[12, 36];
    pub(super) const FD_SELECT: &[u8] = &[12, 37];
}

/// Number of the first string that a font brings itself; smaller ones are standard.
const OWN_STRINGS: i32 = 391;
/// Width that is not written; that of an ideograph.
const DEFAULT_WIDTH: i64 = 1000;

/// Programs of glyphs without width and hints, by their numbers in the whole font.
pub(crate) type Programs = HashMap<u16, Arc<[u8]>>;

/// Takes the programs out of a subset that the subsetter made: no subroutines, charstrings last. `gids` are the glyphs behind
/// the first, which is the box for what is missing. `None` when the font is built in a way that is not known here.
pub(super) fn learn(cff: &[u8], gids: &[u16], programs: &mut Programs) -> Option<()> {
    let header_size = usize::from(*cff.get(2)?);
    let names = Index::read(cff, header_size)?;
    let tops = Index::read(cff, names.end)?;
    let start = find_offset(cff.get(tops.item(0)?)?, operator::CHARSTRINGS[0])?;
    let glyphs = Index::read(cff, start)?;
    if glyphs.count != gids.len() + 1 {
        return None;
    }
    for (number, gid) in std::iter::once(&0).chain(gids).enumerate() {
        let mut plain = Vec::new();
        strip(cff.get(glyphs.item(number)?)?, &mut plain)?;
        programs.insert(*gid, plain.into());
    }
    Some(())
}

/// A font of the box for what is missing and these glyphs with their widths, numbered from 1 as CIDs, too. `None` when one is
/// not known.
pub(super) fn assemble(measures: &FontMeasures, glyphs: &[(u16, i64)], programs: &Programs) -> Option<Vec<u8>> {
    let mut charstrings = Vec::with_capacity(glyphs.len());
    for &(gid, width) in glyphs {
        let mut program = Vec::new();
        if width != DEFAULT_WIDTH {
            number(i32::try_from(width).ok()?, &mut program);
        }
        program.extend(programs.get(&gid)?.iter());
        charstrings.push(program);
    }
    let count = u16::try_from(glyphs.len()).ok()?;
    let mut private = Vec::new();
    entry(&[DEFAULT_WIDTH as i32], operator::DEFAULT_WIDTH, &mut private);
    let charset = [&[2][..], &1_u16.to_be_bytes(), &count.saturating_sub(2).to_be_bytes()].concat();
    let select = [&[3, 0, 1, 0, 0, 0][..], &count.to_be_bytes()].concat();
    let head = [&[1, 0, 4, 4][..], &index(&[measures.postscript_name.as_bytes()])?].concat();
    let strings = [&index(&[b"Adobe".as_slice(), b"Identity", measures.notice.as_bytes()])?[..], &[0, 0]].concat();
    let charstrings = index(&charstrings)?;
    // Offsets are written with five bytes, so the length of the top dictionary is known before they are.
    let top = |start: usize| -> Option<Vec<u8>> {
        let place = |offset: usize| i32::try_from(start + offset).ok();
        let at_select = charset.len();
        let at_charstrings = at_select + select.len();
        let at_private = at_charstrings + charstrings.len();
        let mut top = Vec::new();
        entry(&[OWN_STRINGS, OWN_STRINGS + 1, 0], operator::ROS, &mut top);
        entry(&[OWN_STRINGS + 2], operator::NOTICE, &mut top);
        entry(&measures.bounds.map(|edge| edge as i32), operator::FONT_BOX, &mut top);
        entry(&[i32::from(count)], operator::CID_COUNT, &mut top);
        entry(&[place(0)?], operator::CHARSET, &mut top);
        entry(&[place(at_select)?], operator::FD_SELECT, &mut top);
        entry(&[place(at_charstrings)?], operator::CHARSTRINGS, &mut top);
        entry(&[place(at_private + private.len())?], operator::FD_ARRAY, &mut top);
        index(&[top])
    };
    let start = head.len() + top(0)?.len() + strings.len();
    let mut face = Vec::new();
    let at_private = start + charset.len() + select.len() + charstrings.len();
    entry(&[private.len() as i32, i32::try_from(at_private).ok()?], operator::PRIVATE, &mut face);
    Some([head, top(start)?, strings, charset, select, charstrings, private, index(&[face])?].concat())
}

/// Operands and operator of a dictionary; every number takes five bytes.
fn entry(operands: &[i32], operator: &[u8], out: &mut Vec<u8>) {
    for operand in operands {
        out.push(29);
        out.extend(operand.to_be_bytes());
    }
    out.extend(operator);
}

/// An INDEX of these items (note 5176, section 5).
fn index<T: AsRef<[u8]>>(items: &[T]) -> Option<Vec<u8>> {
    let length = items.iter().map(|item| item.as_ref().len()).sum::<usize>() + 1;
    let mut out = u16::try_from(items.len()).ok()?.to_be_bytes().to_vec();
    let offset_size = (1..=4).find(|bytes| length < 1 << (8 * bytes))?;
    out.push(offset_size as u8);
    let mut offset = 1;
    for size in std::iter::once(0).chain(items.iter().map(|item| item.as_ref().len())) {
        offset += size;
        out.extend(&u32::try_from(offset).ok()?.to_be_bytes()[4 - offset_size..]);
    }
    items.iter().for_each(|item| out.extend(item.as_ref()));
    Some(out)
}

/// A number of a charstring (Adobe Technical Note 5177, section 3.2), up to 16 bits.
fn number(value: i32, out: &mut Vec<u8>) {
    match value {
        -107..=107 => out.push((value + 139) as u8),
        108..=1131 => out.extend([(247 + (value - 108) / 256) as u8, ((value - 108) % 256) as u8]),
        _ => {
            out.push(28);
            out.extend((value as i16).to_be_bytes());
        }
    }
}

/// An INDEX: items of different lengths one after the other (note 5176, section 5).
struct Index<'a> {
    bytes: &'a [u8],
    count: usize,
    offset_size: usize,
    offsets: usize,
    /// One before the first item.
    base: usize,
    /// First byte after the whole.
    end: usize,
}

impl<'a> Index<'a> {
    fn read(bytes: &'a [u8], start: usize) -> Option<Self> {
        let count = usize::from(u16::from_be_bytes(bytes.get(start..start + 2)?.try_into().ok()?));
        let offset_size = usize::from(*bytes.get(start + 2)?);
        if count == 0 || !(1..=4).contains(&offset_size) {
            return None;
        }
        let offsets = start + 3;
        let mut index = Self {
            bytes,
            count,
            offset_size,
            offsets,
            base: offsets + (count + 1) * offset_size - 1,
            end: 0,
        };
        index.end = index.base + index.offset(count)?;
        Some(index)
    }

    fn offset(&self, number: usize) -> Option<usize> {
        let at = self.offsets + number * self.offset_size;
        let digits = self.bytes.get(at..at + self.offset_size)?;
        Some(digits.iter().fold(0, |value, &digit| value << 8 | usize::from(digit)))
    }

    fn item(&self, number: usize) -> Option<Range<usize>> {
        Some(self.base + self.offset(number)?..self.base + self.offset(number + 1)?)
    }
}

/// The operand of an operator of a dictionary, when it is written with five bytes.
fn find_offset(dictionary: &[u8], wanted: u8) -> Option<usize> {
    let (mut at, mut last) = (0, None);
    while let Some(&byte) = dictionary.get(at) {
        at += match byte {
            29 => {
                let digits = dictionary.get(at + 1..at + 5)?;
                last = usize::try_from(u32::from_be_bytes(digits.try_into().ok()?)).ok();
                5
            }
            28 => 3,
            30 => 1 + dictionary.get(at + 1..)?.iter().position(|&pair| pair >> 4 == 0xF || pair & 0xF == 0xF)? + 1,
            32..=246 => 1,
            247..=254 => 2,
            12 => {
                last = None;
                2
            }
            operator if operator == wanted => return last,
            _ => {
                last = None;
                1
            }
        };
    }
    None
}

/// Copies a program without its hints and its width (Adobe Technical Note 5177). The width stands, where there is one, before
/// the first operator that clears the stack, as one operand too many.
fn strip(program: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let (mut at, mut stems, mut is_first) = (0, 0, true);
    let mut operands: Vec<Range<usize>> = Vec::with_capacity(48);
    while let Some(&byte) = program.get(at) {
        let length = match byte {
            28 => 3,
            32..=246 => 1,
            247..=254 => 2,
            255 => 5,
            _ => 0,
        };
        if length > 0 {
            operands.push(at..at + length);
            at += length;
            continue;
        }
        at += 1;
        match byte {
            // Stems; masks may have the last stems before them without an operator.
            1 | 3 | 18 | 23 | 19 | 20 => {
                is_first = false;
                stems += operands.len() / 2;
                if matches!(byte, 19 | 20) {
                    at += stems.div_ceil(8);
                }
            }
            // Moves, lines, curves and the end; an end with operands composes accents and is not known here.
            4..=8 | 14 | 21 | 22 | 24..=27 | 30 | 31 => {
                let wanted = match byte {
                    21 => 2,
                    4 | 22 => 1,
                    14 => 0,
                    _ => operands.len(),
                };
                if std::mem::take(&mut is_first) && operands.len() == wanted + 1 {
                    operands.remove(0);
                }
                if operands.len() != wanted {
                    return None;
                }
                operands
                    .iter()
                    .try_for_each(|operand| program.get(operand.clone()).map(|bytes| out.extend(bytes)))?;
                out.push(byte);
            }
            // The four flexes.
            12 if (34..=37).contains(program.get(at)?) => {
                operands
                    .iter()
                    .try_for_each(|operand| program.get(operand.clone()).map(|bytes| out.extend(bytes)))?;
                out.extend([12, *program.get(at)?]);
                at += 1;
            }
            _ => return None,
        }
        operands.clear();
    }
    (operands.is_empty() && at == program.len()).then_some(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn stripped(program: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        strip(program, &mut out).map(|()| out)
    }

    #[test]
    fn hints_and_widths_go_and_outlines_stay() {
        // width, a stem, a mask with a second stem before it, a move and the end
        assert_eq!(stripped(&[140, 150, 160, 18, 150, 160, 19, 0xC0, 170, 22, 14]).unwrap(), [170, 22, 14]);
        // no width
        assert_eq!(stripped(&[150, 160, 1, 170, 180, 21, 139, 5, 14]).unwrap(), [170, 180, 21, 139, 5, 14]);
        // more than eight stems: the mask has two bytes
        let many: Vec<u8> = [vec![150; 18], vec![19, 14, 14, 170, 22, 14]].concat();
        assert_eq!(stripped(&many).unwrap(), [170, 22, 14]);
        // a width and no hints
        assert_eq!(stripped(&[140, 170, 180, 21, 170, 22, 14]).unwrap(), [170, 180, 21, 170, 22, 14]);
        assert_eq!(stripped(&[140, 170, 4, 14]).unwrap(), [170, 4, 14]);
        // a space has a width and nothing else
        assert_eq!(stripped(&[140, 14]).unwrap(), [14]);
    }

    #[test]
    fn numbers_are_copied_in_every_length() {
        let program: Vec<u8> = [vec![28, 0xFE, 0xD4], vec![247, 9], vec![21, 255, 1, 2, 3, 4, 150, 12, 36, 14]].concat();
        assert_eq!(stripped(&program).unwrap(), program);
    }

    #[test]
    fn what_is_not_known_is_left_alone() {
        for program in [
            &[150, 10, 14][..],
            &[150, 29],
            &[12, 10, 14],
            &[150],
            &[28, 1],
            &[19, 12],
            &[1, 2, 3, 4].map(|_| 139),
            &[139, 139, 139, 139, 14],
        ] {
            assert_eq!(stripped(program), None, "{program:?}");
        }
        for broken in [&b""[..], b"\x01\0\x04\x04", &[1, 0, 4, 4, 0, 1, 1, 1, 2, 65, 0, 1, 1, 1, 3, 139, 17]] {
            assert_eq!(learn(broken, &[], &mut Programs::new()), None);
        }
    }

    #[test]
    fn a_font_is_put_together_from_what_was_learnt() {
        let bounds = [0, -120, 1000, 880];
        let measures = FontMeasures::of_nothing("Test-Regular", bounds);
        let plain = |program: &[u8]| -> Arc<[u8]> { program.into() };
        let programs = Programs::from([(0, plain(&[14])), (7, plain(&[170, 22, 14])), (9, plain(&[180, 22, 14]))]);
        let font = assemble(&measures, &[(0, 1000), (9, 1000), (7, 512)], &programs).unwrap();
        assert_eq!(assemble(&measures, &[(0, 1000), (8, 1000)], &programs), None, "a glyph that nobody learnt");
        let read = ttf_parser::cff::Table::parse(&font).unwrap();
        assert_eq!(read.number_of_glyphs(), 3);
        assert_eq!(
            (read.glyph_cid(ttf_parser::GlyphId(1)), read.glyph_cid(ttf_parser::GlyphId(2))),
            (Some(1), Some(2))
        );
        let mut again = Programs::new();
        learn(&font, &[9, 7], &mut again).unwrap();
        assert_eq!(again, programs, "what is written is learnt back");
    }

    #[test]
    fn widths_are_written_as_short_as_they_can_be() {
        let written = |value| {
            let mut out = Vec::new();
            number(value, &mut out);
            out
        };
        assert_eq!(written(100), [239]);
        assert_eq!(written(512), [248, 148]);
        assert_eq!(written(1131), [250, 255]);
        assert_eq!(written(1132), [28, 4, 108]);
    }
}
