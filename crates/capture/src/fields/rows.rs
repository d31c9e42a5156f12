//! Lines of text put together to rows as the eye sees them, each character with its place. Absent on purpose: meaning.

use crate::ocr::TextLine;
use crate::page::Region;

/// One character of a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    pub character: char,
    /// Horizontal middle.
    pub x: f32,
    /// Half its width.
    half: f32,
    top: u32,
    bottom: u32,
    confidence: f32,
}

/// Characters side by side, from left to right, without spaces and pictograms.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub characters: Vec<Placed>,
}

/// All rows of a page from top to bottom.
#[derive(Debug)]
pub(super) struct Rows(Vec<Row>);

impl Rows {
    /// Lines whose middles lie within half a line height of each other are one row, unless one stands below the other: a label and its
    /// translation under it are two rows, though both are near to a value beside them.
    pub fn of(lines: &[TextLine]) -> Self {
        /// Rows a line may belong to: it can be a little lower than the first line of the row after its own.
        const OPEN_ROWS: usize = 2;
        let mut sorted: Vec<&TextLine> = lines.iter().collect();
        sorted.sort_by_key(|line| line.region.middle_y());
        let mut groups: Vec<Vec<&TextLine>> = Vec::new();
        for line in sorted {
            let apart = |group: &&mut Vec<&TextLine>| {
                let apart = |other: &&TextLine| line.region.middle_y().abs_diff(other.region.middle_y());
                group.iter().map(apart).min()
            };
            let belongs = |group: &&mut Vec<&TextLine>| {
                let beside = group.iter().any(|other| is_beside(line.region, other.region));
                beside && !group.iter().any(|other| is_stacked(line.region, other.region))
            };
            match groups.iter_mut().rev().take(OPEN_ROWS).filter(belongs).min_by_key(apart) {
                Some(group) => group.push(line),
                None => groups.push(vec![line]),
            }
        }
        Self(groups.into_iter().map(Row::of).collect())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Row> {
        self.0.iter()
    }

    pub fn get(&self, index: usize) -> Option<&Row> {
        self.0.get(index)
    }
}

/// Whether two lines are at the same height.
fn is_beside(one: Region, other: Region) -> bool {
    one.middle_y().abs_diff(other.middle_y()) * 2 <= one.height.min(other.height)
}

/// Whether one line stands below the other: in the same columns, and for the most part not at the same height.
fn is_stacked(one: Region, other: Region) -> bool {
    let (width, height) = one.overlap(other);
    width * 2 > one.width.min(other.width) && height * 2 < one.height.min(other.height)
}

impl Row {
    fn of(mut lines: Vec<&TextLine>) -> Self {
        lines.sort_by_key(|line| line.region.x);
        let mut row = Self::default();
        for line in lines {
            let count = line.text.chars().count().max(1) as f32;
            let width = line.region.width as f32;
            for (index, character) in line.text.chars().enumerate() {
                // The reader's places are exact; without them characters are taken as evenly spread.
                let place = line.places.get(index).copied().unwrap_or((index as f32 + 0.5) / count);
                let character = to_half_width(character);
                if !character.is_whitespace() && !is_pictogram(character) {
                    row.characters.push(Placed {
                        character,
                        x: line.region.x as f32 + place * width,
                        half: (width / count / 2.0).max(1.0),
                        top: line.region.y,
                        bottom: line.region.y + line.region.height,
                        confidence: line.confidence,
                    });
                }
            }
        }
        row
    }

    pub fn len(&self) -> usize {
        self.characters.len()
    }

    pub fn text(&self) -> String {
        self.characters.iter().map(|c| c.character).collect()
    }

    /// The region of characters `from..to`.
    pub fn region(&self, from: usize, to: usize) -> Option<Region> {
        let part = self.characters.get(from..to)?;
        let left = part.iter().map(|c| c.x - c.half).fold(f32::MAX, f32::min).max(0.0) as u32;
        let right = part.iter().map(|c| c.x + c.half).fold(0.0, f32::max) as u32;
        let top = part.iter().map(|c| c.top).min()?;
        let bottom = part.iter().map(|c| c.bottom).max()?;
        Some(Region {
            x: left,
            y: top,
            width: right.saturating_sub(left).max(1),
            height: (bottom - top).max(1),
        })
    }

    /// Where the text from `from` on ends before a gap wider than three of its characters: what stands beyond (a seal, an emblem,
    /// another column) is not part of it. The height is that of the text before the gap, since a seal's box may be far taller.
    pub fn unbroken(&self, from: usize, end: usize) -> usize {
        let is_gap = |at: &usize| {
            let (before, after) = (&self.characters[*at - 1], &self.characters[*at]);
            after.x - before.x > (before.bottom - before.top) as f32 * 3.0
        };
        (from + 1..end).find(is_gap).unwrap_or(end)
    }

    /// Mean confidence of characters `from..to`.
    pub fn confidence(&self, from: usize, to: usize) -> f32 {
        let part = self.characters.get(from..to).unwrap_or_default();
        part.iter().map(|c| c.confidence).sum::<f32>() / part.len().max(1) as f32
    }
}

/// A ballot box or another small picture: readers see one in the wide gap of a spaced label (`姓☑名`), and no paper prints one in a value.
fn is_pictogram(c: char) -> bool {
    ('\u{2600}'..='\u{27BF}').contains(&c)
}

/// Full-width Latin letters, digits and signs as their usual form.
fn to_half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}
