//! Machine-readable zones of travel documents: TD1, TD2, TD3 and visas after ICAO Doc 9303, and the one line of the exit-entry card.
//!
//! Every check digit is verified before a date is read. Reading errors are repaired only by [`Mrz::repair`], never by [`Mrz::parse`].
//! Absent on purpose: whether the document has expired (a fact for the rules), and the lines inside the chip.

use std::fmt;

use time::Date;

use super::{Checked, Expected, Fields, Identifier, IdentifierFault, Lengths, Sex, checksum, masked, normal};

/// A machine-readable zone whose check digits all fit.
#[derive(Clone, PartialEq, Eq)]
pub struct Mrz {
    lines: Vec<String>,
    format: MrzFormat,
    document: Option<Document>,
    number: String,
    nationality: Option<String>,
    birth_date: Option<Date>,
    sex: Option<Sex>,
    expiry_date: Option<Date>,
    surname: Option<String>,
    given_names: Option<String>,
}

/// The layouts of machine-readable zones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MrzFormat {
    /// Cards: three lines of 30.
    Td1,
    /// Larger cards: two lines of 36.
    Td2,
    /// Passports: two lines of 44.
    Td3,
    /// Visa stickers of two lines of 44, without a composite digit.
    VisaA,
    /// Visa stickers of two lines of 36, without a composite digit.
    VisaB,
    /// Exit-entry cards 往来港澳通行证, 往来台湾通行证: one line of 30, expiry before birth.
    ExitEntryCard,
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

/// What the first line says about the document.
#[derive(Clone, PartialEq, Eq)]
struct Document {
    kind: String,
    issuer: String,
}

impl Mrz {
    /// Reads a zone on the given business date. Lines are divided by line breaks, or all follow one another without any.
    /// A single line of a larger zone is accepted with a warning when everything in it fits.
    pub fn parse(raw: &str, today: Date) -> Result<Checked<Self>, IdentifierFault> {
        let lines = lines(raw);
        normal::admitted(raw, lines.concat())?;
        let zone = Zone::of(lines)?;
        match zone.layout() {
            Some(Layout::Td1) => zone.td1(today).map(Checked::sound),
            Some(Layout::TwoLines(width)) => zone.two_lines(width, today).map(Checked::sound),
            Some(Layout::ExitEntryCard) => zone.exit_entry_card(today).map(Checked::sound),
            Some(Layout::LastOfTwo(width)) => partial(zone.last_of_two(0, width, None, today)),
            Some(Layout::FirstOfThree) => partial(zone.first_of_three()),
            Some(Layout::SecondOfThree) => partial(zone.second_of_three(0, today)),
            None => Err(zone.wrong_length()),
        }
    }

    /// Reads a zone that [`Mrz::parse`] refuses by taking back known misreadings: in places for digits only O, I, B, S, Z for
    /// 0, 1, 8, 5, 2, and runs of K and C at the end of a line for `<`. Nothing unless every check digit then fits.
    pub fn repair(raw: &str, today: Date) -> Option<MrzRepair> {
        if raw.chars().nth(super::INPUT_LIMIT_CHARS).is_some() || Self::parse(raw, today).is_ok() {
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

    /// The layout of the zone.
    pub fn format(&self) -> MrzFormat {
        self.format
    }

    /// The lines that were read.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// The document code of the first line, for example `P`, `PO`, `CR`, `CS`.
    pub fn document_code(&self) -> Option<&str> {
        self.document.as_ref().map(|document| document.kind.as_str())
    }

    /// The issuing state in letters of ICAO Doc 9303.
    pub fn issuer(&self) -> Option<&str> {
        self.document.as_ref().map(|document| document.issuer.as_str())
    }

    /// The document number without fillers; empty when only a line without it was read.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// The nationality in letters of ICAO Doc 9303.
    pub fn nationality(&self) -> Option<&str> {
        self.nationality.as_deref()
    }

    /// The day of birth, when the document tells it completely.
    pub fn birth_date(&self) -> Option<Date> {
        self.birth_date
    }

    /// The sex, when the document tells it.
    pub fn sex(&self) -> Option<Sex> {
        self.sex
    }

    /// The last day of validity, when the document tells it.
    pub fn expiry_date(&self) -> Option<Date> {
        self.expiry_date
    }

    /// The family name in letters, words divided by spaces.
    pub fn surname(&self) -> Option<&str> {
        self.surname.as_deref()
    }

    /// The given names in letters, words divided by spaces.
    pub fn given_names(&self) -> Option<&str> {
        self.given_names.as_deref()
    }

    fn blank(format: MrzFormat, lines: &[String]) -> Self {
        Self {
            lines: lines.to_vec(),
            format,
            document: None,
            number: String::new(),
            nationality: None,
            birth_date: None,
            sex: None,
            expiry_date: None,
            surname: None,
            given_names: None,
        }
    }
}

impl MrzFormat {
    /// The machine name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Td1 => "td1",
            Self::Td2 => "td2",
            Self::Td3 => "td3",
            Self::VisaA => "mrv-a",
            Self::VisaB => "mrv-b",
            Self::ExitEntryCard => "eep",
        }
    }
}

impl Identifier for Mrz {
    fn fields(&self) -> Fields {
        let mut fields = Fields::from([("format", self.format.name().to_owned())]);
        let mut insert = |name, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                fields.insert(name, value);
            }
        };
        insert("document_code", self.document_code().map(str::to_owned));
        insert("issuer", self.issuer().map(str::to_owned));
        insert("number", Some(self.number.clone()));
        insert("nationality", self.nationality.clone());
        insert("birth_date", self.birth_date.map(|date| date.to_string()));
        insert("sex", self.sex.map(|sex| sex.name().to_owned()));
        insert("expiry_date", self.expiry_date.map(|date| date.to_string()));
        insert("surname", self.surname.clone());
        insert("given_names", self.given_names.clone());
        fields
    }
}

/// The lines joined by line breaks.
impl fmt::Display for Mrz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines.join("\n"))
    }
}

impl fmt::Debug for Mrz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mrz({}, {})", self.format.name(), masked(super::IdentifierKind::Mrz, &self.number))
    }
}

impl fmt::Debug for MrzRepair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MrzRepair({} changes)", self.changes.len())
    }
}

/// Normalised lines; one long line is divided by its length where that is unambiguous.
pub(super) fn lines(raw: &str) -> Vec<String> {
    let lines: Vec<String> = raw.lines().map(normal::compact).filter(|line| !line.is_empty()).take(4).collect();
    let [whole] = lines.as_slice() else { return lines };
    let width = match whole.chars().count() {
        88 => 44,
        90 => 30,
        72 => 36,
        _ => return lines,
    };
    let whole: Vec<char> = whole.chars().collect();
    whole.chunks(width).map(|line| line.iter().collect()).collect()
}

fn partial(mrz: Result<Mrz, IdentifierFault>) -> Result<Checked<Mrz>, IdentifierFault> {
    Ok(Checked {
        value: mrz?,
        warning: Some(IdentifierFault::LinesMissing),
    })
}

/// How the lines that are there are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Td1,
    TwoLines(usize),
    ExitEntryCard,
    LastOfTwo(usize),
    FirstOfThree,
    SecondOfThree,
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

/// Lines that hold nothing but the characters of a machine-readable zone, so they may be sliced by position.
struct Zone {
    lines: Vec<String>,
}

impl Zone {
    fn of(lines: Vec<String>) -> Result<Self, IdentifierFault> {
        let mut position = 0;
        for line in &lines {
            line.chars()
                .enumerate()
                .try_for_each(|(column, c)| normal::admit(c, position + column, Expected::MrzCharacter))?;
            position += line.len() + 1;
        }
        Ok(Self { lines })
    }

    fn layout(&self) -> Option<Layout> {
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
    fn wrong_length(&self) -> IdentifierFault {
        const WIDTHS: &[usize] = &[30, 36, 44];
        let odd = self.lines.iter().map(String::len).find(|width| !WIDTHS.contains(width));
        IdentifierFault::Length {
            expected: Lengths::AnyOf(WIDTHS),
            found: odd.unwrap_or_else(|| self.lines.concat().len()),
        }
    }

    fn is_visa(&self) -> bool {
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

    fn td1(&self, today: Date) -> Result<Mrz, IdentifierFault> {
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

    fn first_of_three(&self) -> Result<Mrz, IdentifierFault> {
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

    fn second_of_three(&self, line: usize, today: Date) -> Result<Mrz, IdentifierFault> {
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

    fn two_lines(&self, width: usize, today: Date) -> Result<Mrz, IdentifierFault> {
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
    fn last_of_two(&self, line: usize, width: usize, document: Option<char>, today: Date) -> Result<Mrz, IdentifierFault> {
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

    fn exit_entry_card(&self, today: Date) -> Result<Mrz, IdentifierFault> {
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

/// Without the fillers at the end; fillers between words become spaces.
fn plain(text: &str) -> String {
    text.trim_end_matches('<').replace('<', " ")
}

/// Family name and given names, which are divided by two fillers.
fn names(text: &str) -> (String, String) {
    let (surname, given) = text.split_once("<<").unwrap_or((text, ""));
    (plain(surname), plain(given.trim_start_matches('<')))
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
