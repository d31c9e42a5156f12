//! The lines of a machine-readable zone, read by their layout with every check digit verified.

use time::Date;

use super::{Document, Mrz, MrzFormat};
use crate::identifier::{Expected, IdentifierFault, Lengths, Sex, checksum, normal};

/// Lines that hold nothing but the characters of a machine-readable zone, so they may be sliced by position.
pub(super) struct Zone {
    pub(super) lines: Vec<String>,
}

impl Zone {
    pub(super) fn of(lines: Vec<String>) -> Result<Self, IdentifierFault> {
        let mut position = 0;
        for line in &lines {
            line.chars()
                .enumerate()
                .try_for_each(|(column, c)| normal::admit(c, position + column, Expected::MrzCharacter))?;
            position += line.len() + 1;
        }
        Ok(Self { lines })
    }

    pub(super) fn layout(&self) -> Option<Layout> {
        let widths: Vec<usize> = self.lines.iter().map(String::len).collect();
        let first = self.lines.first()?;
        let card = first.starts_with("CS") || first.starts_with("CD");
        match widths.as_slice() {
            [30] if card => Some(Layout::ExitEntryCard),
            // The two lines behind hold names and endorsements; the counter does not need them.
            [30, 30, 30] if card => Some(Layout::ExitEntryCard),
            [30, 30, 30] => Some(Layout::Td1),
            [44, 44] => Some(Layout::TwoLines(44)),
            [36, 36] => Some(Layout::TwoLines(36)),
            [44] => Some(Layout::LastOfTwo(44)),
            [36] => Some(Layout::LastOfTwo(36)),
            [30] if first.starts_with(|c: char| c.is_ascii_digit()) => Some(Layout::SecondOfThree),
            [30] => Some(Layout::FirstOfThree),
            _ => None,
        }
    }

    /// Names the line that is too long or too short, else the count of lines.
    pub(super) fn wrong_length(&self) -> IdentifierFault {
        const WIDTHS: &[usize] = &[30, 36, 44];
        let odd = self.lines.iter().map(String::len).find(|width| !WIDTHS.contains(width));
        IdentifierFault::Length {
            expected: Lengths::AnyOf(WIDTHS),
            found: odd.unwrap_or_else(|| self.lines.concat().len()),
        }
    }

    /// Whether there is only a line of names, which holds nothing that a check digit could prove.
    pub(super) fn is_names_only(&self) -> bool {
        matches!(self.lines.as_slice(), [line] if line.len() > 30 && !line.contains(|c: char| c.is_ascii_digit()))
    }

    pub(super) fn is_visa(&self) -> bool {
        self.lines.len() == 2 && self.lines[0].starts_with('V')
    }

    /// The characters of a line between two columns.
    fn span(&self, line: usize, from: usize, to: usize) -> &str {
        &self.lines[line][from..to]
    }

    /// Where a column lies in the lines joined by line breaks.
    fn position(&self, line: usize, column: usize) -> usize {
        self.lines.iter().take(line).map(|line| line.len() + 1).sum::<usize>() + column
    }

    /// Verifies one check digit over parts of the zone.
    fn expect_digit(&self, parts: &[(usize, usize, usize)], line: usize, column: usize) -> Result<(), IdentifierFault> {
        let text = parts.iter().flat_map(|(line, from, to)| self.span(*line, *from, *to).chars());
        self.expect(checksum::icao(text), line, column)
    }

    fn expect(&self, expected: char, line: usize, column: usize) -> Result<(), IdentifierFault> {
        if self.lines[line][column..].starts_with(expected) {
            return Ok(());
        }
        Err(IdentifierFault::CheckCharacter {
            position: self.position(line, column),
            expected,
        })
    }

    /// A birth date with its digit behind it; a document may leave month and day open with `<`.
    fn birth(&self, line: usize, from: usize, today: Date) -> Result<Option<Date>, IdentifierFault> {
        self.expect_digit(&[(line, from, from + 6)], line, from + 6)?;
        let text = self.span(line, from, from + 6);
        if text.contains('<') {
            return Ok(None);
        }
        normal::short_birth_date(text, self.position(line, from), today).map(Some)
    }

    /// An expiry date with its digit behind it; a document without an end has only `<`.
    fn expiry(&self, line: usize, from: usize) -> Result<Option<Date>, IdentifierFault> {
        self.expect_digit(&[(line, from, from + 6)], line, from + 6)?;
        let text = self.span(line, from, from + 6);
        if text == "<<<<<<" {
            return Ok(None);
        }
        normal::short_expiry_date(text, self.position(line, from)).map(Some)
    }

    fn sex(&self, line: usize, column: usize) -> Result<Option<Sex>, IdentifierFault> {
        match self.lines[line].as_bytes()[column] {
            b'M' => Ok(Some(Sex::Male)),
            b'F' => Ok(Some(Sex::Female)),
            b'<' | b'X' => Ok(None),
            _ => Err(IdentifierFault::Character {
                position: self.position(line, column),
                expected: Expected::OneOf("MF<X"),
            }),
        }
    }

    fn document(&self) -> Document {
        Document {
            kind: plain(self.span(0, 0, 2)),
            issuer: plain(self.span(0, 2, 5)),
        }
    }

    pub(super) fn td1(&self, today: Date) -> Result<Mrz, IdentifierFault> {
        let first = self.first_of_three()?;
        let second = self.second_of_three(1, today)?;
        self.expect_digit(&[(0, 5, 30), (1, 0, 7), (1, 8, 15), (1, 18, 29)], 1, 29)?;
        let (surname, given_names) = names(&self.lines[2]);
        Ok(Mrz {
            document: first.document,
            number: first.number,
            surname: Some(surname),
            given_names: Some(given_names),
            ..second
        })
    }

    pub(super) fn first_of_three(&self) -> Result<Mrz, IdentifierFault> {
        let number = match self.long_number() {
            Some((number, column)) => {
                self.expect(checksum::icao(number.chars()), 0, column)?;
                number
            }
            None => {
                self.expect_digit(&[(0, 5, 14)], 0, 14)?;
                plain(self.span(0, 5, 14))
            }
        };
        Ok(Mrz {
            document: Some(self.document()),
            number,
            ..Mrz::blank(MrzFormat::Td1, &self.lines)
        })
    }

    /// A number of more than nine characters goes on in the optional data and has its digit there; `<` stands in the usual place.
    fn long_number(&self) -> Option<(String, usize)> {
        let rest = self.span(0, 15, 30).split('<').next().filter(|rest| rest.len() >= 2)?;
        let column = 15 + rest.len() - 1;
        (self.span(0, 14, 15) == "<").then(|| (format!("{}{}", self.span(0, 5, 14), self.span(0, 15, column)), column))
    }

    pub(super) fn second_of_three(&self, line: usize, today: Date) -> Result<Mrz, IdentifierFault> {
        let birth_date = self.birth(line, 0, today)?;
        let sex = self.sex(line, 7)?;
        let expiry_date = self.expiry(line, 8)?;
        let nationality = Some(plain(self.span(line, 15, 18)));
        Ok(Mrz {
            birth_date,
            sex,
            expiry_date,
            nationality,
            ..Mrz::blank(MrzFormat::Td1, &self.lines)
        })
    }

    pub(super) fn two_lines(&self, width: usize, today: Date) -> Result<Mrz, IdentifierFault> {
        let document = self.document();
        let first = self.lines[0].chars().next().unwrap_or(' ');
        let expected = if width == 44 { Expected::OneOf("PV") } else { Expected::OneOf("IACPV") };
        normal::admit(first, 0, expected)?;
        let last = self.last_of_two(1, width, Some(first), today)?;
        let (surname, given_names) = names(self.span(0, 5, width));
        Ok(Mrz {
            document: Some(document),
            surname: Some(surname),
            given_names: Some(given_names),
            ..last
        })
    }

    /// The second of two lines; without the first one it is taken for a passport's or card's, which have a composite digit.
    pub(super) fn last_of_two(&self, line: usize, width: usize, document: Option<char>, today: Date) -> Result<Mrz, IdentifierFault> {
        let format = match (width, document) {
            (44, Some('V')) => MrzFormat::VisaA,
            (44, _) => MrzFormat::Td3,
            (_, Some('V')) => MrzFormat::VisaB,
            _ => MrzFormat::Td2,
        };
        self.expect_digit(&[(line, 0, 9)], line, 9)?;
        let birth_date = self.birth(line, 13, today)?;
        let sex = self.sex(line, 20)?;
        let expiry_date = self.expiry(line, 21)?;
        if format == MrzFormat::Td3 {
            self.expect_optional(line)?;
        }
        if matches!(format, MrzFormat::Td3 | MrzFormat::Td2) {
            self.expect_digit(&[(line, 0, 10), (line, 13, 20), (line, 21, width - 1)], line, width - 1)?;
        }
        let number = plain(self.span(line, 0, 9));
        let nationality = Some(plain(self.span(line, 10, 13)));
        Ok(Mrz {
            number,
            nationality,
            birth_date,
            sex,
            expiry_date,
            ..Mrz::blank(format, &self.lines)
        })
    }

    /// The digit over a passport's optional data may be left out as `<` when there is none.
    fn expect_optional(&self, line: usize) -> Result<(), IdentifierFault> {
        let empty = self.span(line, 28, 42).chars().all(|c| c == '<');
        if empty && self.span(line, 42, 43) == "<" {
            return Ok(());
        }
        self.expect_digit(&[(line, 28, 42)], line, 42)
    }

    pub(super) fn exit_entry_card(&self, today: Date) -> Result<Mrz, IdentifierFault> {
        for column in [12, 20, 28] {
            self.expect('<', 0, column).map_err(|_| IdentifierFault::Character {
                position: column,
                expected: Expected::OneOf("<"),
            })?;
        }
        self.expect_digit(&[(0, 2, 11)], 0, 11)?;
        let expiry_date = self.expiry(0, 13)?;
        let birth_date = self.birth(0, 21, today)?;
        self.expect_digit(&[(0, 2, 12), (0, 13, 20), (0, 21, 28)], 0, 29)?;
        let document = Some(Document {
            kind: self.span(0, 0, 2).to_owned(),
            issuer: "CHN".to_owned(),
        });
        let number = plain(self.span(0, 2, 11));
        let nationality = Some("CHN".to_owned());
        Ok(Mrz {
            document,
            number,
            nationality,
            birth_date,
            expiry_date,
            ..Mrz::blank(MrzFormat::ExitEntryCard, &self.lines[..1])
        })
    }
}

/// How the lines that are there are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    Td1,
    TwoLines(usize),
    ExitEntryCard,
    LastOfTwo(usize),
    FirstOfThree,
    SecondOfThree,
}

/// Without the fillers at the end; fillers between words become spaces.
fn plain(text: &str) -> String {
    text.trim_end_matches('<').replace('<', " ")
}

/// Family name and given names, which are divided by two fillers; two more end them.
fn names(text: &str) -> (String, String) {
    let mut parts = text.split("<<");
    let mut next = || plain(parts.next().unwrap_or_default());
    (next(), next())
}
