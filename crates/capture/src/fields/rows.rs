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
    /// Lines whose middles lie within half a line height of each other are one row.
    pub fn of(lines: &[TextLine]) -> Self {
        let mut sorted: Vec<&TextLine> = lines.iter().collect();
        sorted.sort_by_key(|line| line.region.middle_y());
        let mut groups: Vec<Vec<&TextLine>> = Vec::new();
        for line in sorted {
            let near = |other: &TextLine| {
                let height = line.region.height.min(other.region.height);
                line.region.middle_y().abs_diff(other.region.middle_y()) * 2 <= height
            };
            match groups.last_mut() {
                Some(group) if group.iter().any(|other| near(other)) => group.push(line),
                _ => groups.push(vec![line]),
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
