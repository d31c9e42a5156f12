//! Takes the hints out of a subset of CFF outlines. Hints move stems to whole dots on coarse screens; printers and readers at
//! 200 dpi and more draw the same without, and a sixth of an ideographic font is hints.
//!
//! Works on what the subsetter writes (no subroutines, charstrings last in the file); anything else is left as it is.

use std::ops::Range;

/// Operator of the top dictionary that tells where the charstrings are (Adobe Technical Note 5176, table 9).
const CHARSTRINGS: u8 = 17;

/// The same font without hints; `None` when it is built in a way that is not known here.
pub(super) fn without_hints(cff: &[u8]) -> Option<Vec<u8>> {
    let header_size = usize::from(*cff.get(2)?);
    let names = Index::read(cff, header_size)?;
    let tops = Index::read(cff, names.end)?;
    let start = find_offset(cff.get(tops.item(0)?)?, CHARSTRINGS)?;
    let glyphs = Index::read(cff, start)?;
    if glyphs.end != cff.len() {
        return None;
    }
    let mut programs = Vec::with_capacity(cff.len() - start);
    let mut ends = Vec::with_capacity(glyphs.count);
    for glyph in 0..glyphs.count {
        strip(cff.get(glyphs.item(glyph)?)?, &mut programs)?;
        ends.push(programs.len());
    }
    let mut font = cff[..start].to_vec();
    font.extend(u16::try_from(glyphs.count).ok()?.to_be_bytes());
    // Offsets are of four bytes, counted from 1; packed they cost next to nothing.
    font.push(4);
    for end in std::iter::once(0).chain(ends) {
        font.extend(u32::try_from(end + 1).ok()?.to_be_bytes());
    }
    font.extend(programs);
    Some(font)
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
        if count == 0 {
            return None;
        }
        let offset_size = usize::from(*bytes.get(start + 2)?);
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
        (1..=4).contains(&offset_size).then_some(index)
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

/// Copies a program without its hints (Adobe Technical Note 5177). The width of the glyph stands before the first operator
/// that clears the stack, which may be a hint: it is kept for the next.
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
                if std::mem::take(&mut is_first) && operands.len() % 2 == 1 {
                    out.extend(program.get(operands[0].clone())?);
                }
                stems += operands.len() / 2;
                if matches!(byte, 19 | 20) {
                    at += stems.div_ceil(8);
                }
            }
            // Moves, lines, curves and the end.
            4..=8 | 14 | 21 | 22 | 24..=27 | 30 | 31 => {
                is_first = false;
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

    fn number(value: i16) -> Vec<u8> {
        [&[28], value.to_be_bytes().as_slice()].concat()
    }

    fn stripped(program: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        strip(program, &mut out).map(|()| out)
    }

    #[test]
    fn the_width_outlives_the_hint_that_it_stood_before() {
        // width, a stem, a mask with a second stem before it, a move and the end
        let hinted = [&[140, 150, 160, 18, 150, 160, 19, 0xC0, 170, 22, 14][..]].concat();
        assert_eq!(stripped(&hinted).unwrap(), [140, 170, 22, 14]);
        // no width
        assert_eq!(stripped(&[150, 160, 1, 170, 180, 21, 139, 5, 14]).unwrap(), [170, 180, 21, 139, 5, 14]);
        // more than eight stems: the mask has two bytes
        let many: Vec<u8> = [vec![150; 18], vec![19, 14, 14, 170, 22, 14]].concat();
        assert_eq!(stripped(&many).unwrap(), [170, 22, 14]);
    }

    #[test]
    fn numbers_are_copied_in_every_length() {
        let program: Vec<u8> = [number(-300), vec![247, 9], vec![21, 255, 1, 2, 3, 4, 150, 12, 36, 14]].concat();
        assert_eq!(stripped(&program).unwrap(), program);
    }

    #[test]
    fn what_is_not_known_is_left_alone() {
        for program in [&[150, 10, 14][..], &[150, 29], &[12, 10, 14], &[150], &[28, 1], &[19, 12]] {
            assert_eq!(stripped(program), None, "{program:?}");
        }
        for broken in [&b""[..], b"\x01\0\x04\x04", &[1, 0, 4, 4, 0, 1, 1, 1, 2, 65, 0, 1, 1, 1, 3, 139, 17]] {
            assert_eq!(without_hints(broken), None);
        }
    }
}
