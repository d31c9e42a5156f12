//! Taking back known misreadings of a machine-readable zone, accepted only when every check digit then fits.

use std::fmt;

use time::Date;

use super::{
    Mrz, lines,
    zone::{Layout, Zone},
};
use crate::identifier::{Checked, INPUT_LIMIT_CHARS};

impl Mrz {
    /// Reads a zone that [`Mrz::parse`] refuses by taking back known misreadings: in places for digits only O, I, B, S, Z for
    /// 0, 1, 8, 5, 2, and runs of K and C at the end of a line for `<`. Nothing unless every check digit then fits.
    pub fn repair(raw: &str, today: Date) -> Option<MrzRepair> {
        if raw.chars().nth(INPUT_LIMIT_CHARS).is_some() || Self::parse(raw, today).is_ok() {
            return None;
        }
        let zone = Zone::of(lines(raw)).ok()?;
        let layout = zone.layout()?;
        let mut repaired: Vec<Vec<char>> = zone.lines.iter().map(|line| line.chars().collect()).collect();
        for (line, from, to) in layout.filler_ends() {
            repair_fillers(&mut repaired[line][from..to]);
        }
        for (line, column) in layout.digit_places(&zone) {
            let place = &mut repaired[line][column];
            *place = as_digit(*place);
        }
        let changes = changes(&zone.lines, &repaired);
        let text = repaired.iter().map(|line| line.iter().collect::<String>()).collect::<Vec<_>>().join("\n");
        let mrz = Self::parse(&text, today).ok()?;
        Some(MrzRepair { mrz, changes })
    }
}

/// A zone that was misread and whose repair makes every check digit fit.
#[derive(Clone, PartialEq, Eq)]
pub struct MrzRepair {
    /// The repaired zone.
    pub mrz: Checked<Mrz>,
    /// What was changed, for the clerk to compare with the paper.
    pub changes: Vec<MrzChange>,
}

/// One character that was read differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MrzChange {
    /// Line from 0.
    pub line: usize,
    /// Character in the line from 0.
    pub column: usize,
    /// What was read.
    pub read: char,
    /// What it was taken for.
    pub taken_for: char,
}

impl fmt::Debug for MrzRepair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MrzRepair({} changes)", self.changes.len())
    }
}

impl Layout {
    /// Places (line, from, to) that may end in a run of fillers.
    fn filler_ends(self) -> Vec<(usize, usize, usize)> {
        match self {
            Self::Td1 => vec![(0, 15, 30), (1, 18, 29), (2, 0, 30)],
            Self::TwoLines(width) => vec![(0, 5, width), (1, 28, optional_end(width))],
            Self::LastOfTwo(width) => vec![(0, 28, optional_end(width))],
            Self::FirstOfThree => vec![(0, 15, 30)],
            Self::SecondOfThree => vec![(0, 18, 29)],
            Self::ExitEntryCard => Vec::new(),
        }
    }

    /// Places (line, column) where only a digit can stand. The number itself is such a place only on Chinese documents,
    /// whose second character is never I or O and whose others behind it are digits.
    fn digit_places(self, zone: &Zone) -> Vec<(usize, usize)> {
        let chinese = |line: usize, from: usize| zone.lines[line].get(from..from + 3) == Some("CHN");
        let on = |line: usize, columns: &[usize]| columns.iter().map(|column| (line, *column)).collect::<Vec<_>>();
        let range = |line: usize, from: usize, to: usize| (from..to).map(|column| (line, column)).collect::<Vec<_>>();
        let number = |line: usize, from: usize, is_chinese: bool| {
            let second = zone.lines[line].chars().nth(from + 1);
            let first_digit = if matches!(second, Some('O' | 'I')) { from + 1 } else { from + 2 };
            if is_chinese { range(line, first_digit, from + 9) } else { Vec::new() }
        };
        let second_of_three = |line| [range(line, 0, 7), range(line, 8, 15), on(line, &[29])].concat();
        let first_of_three = |line| [number(line, 5, chinese(line, 2)), on(line, &[14])].concat();
        let last_of_two = |line, width| {
            // Visas have no composite digit; their last place is optional data, but then it is no letter that could be meant.
            let dates = [on(line, &[9]), range(line, 13, 20), range(line, 21, 28)].concat();
            let composite = if zone.is_visa() { Vec::new() } else { on(line, &[width - 1]) };
            [number(line, 0, chinese(line, 10)), dates, composite].concat()
        };
        match self {
            Self::Td1 => [first_of_three(0), second_of_three(1)].concat(),
            Self::FirstOfThree => first_of_three(0),
            Self::SecondOfThree => second_of_three(0),
            Self::TwoLines(width) => last_of_two(1, width),
            Self::LastOfTwo(width) => last_of_two(0, width),
            Self::ExitEntryCard => [number(0, 2, true), on(0, &[11]), range(0, 13, 20), range(0, 21, 28), on(0, &[29])].concat(),
        }
    }
}

/// Where optional data ends in the second line of two.
fn optional_end(width: usize) -> usize {
    if width == 44 { 42 } else { 35 }
}

fn as_digit(c: char) -> char {
    match c {
        'O' => '0',
        'I' => '1',
        'B' => '8',
        'S' => '5',
        'Z' => '2',
        other => other,
    }
}

/// Turns a run of at least two K or C at the very end into fillers when it follows one; a name that ends in K or C stays.
fn repair_fillers(places: &mut [char]) {
    let run = places.iter().rev().take_while(|c| matches!(c, 'K' | 'C')).count();
    let start = places.len() - run;
    if run >= 2 && start > 0 && places[start - 1] == '<' {
        places[start..].fill('<');
    }
}

fn changes(read: &[String], repaired: &[Vec<char>]) -> Vec<MrzChange> {
    let lines = read.iter().zip(repaired).enumerate();
    lines
        .flat_map(|(line, (read, repaired))| {
            let pairs = read.chars().zip(repaired.iter().copied()).enumerate();
            pairs
                .filter(|(_, (read, taken_for))| read != taken_for)
                .map(move |(column, (read, taken_for))| MrzChange { line, column, read, taken_for })
        })
        .collect()
}
