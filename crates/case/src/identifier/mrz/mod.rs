//! Machine-readable zones of travel documents: TD1, TD2, TD3 and visas after ICAO Doc 9303, and the one line of the exit-entry card.
//!
//! Every check digit is verified before a date is read. Reading errors are repaired only by [`Mrz::repair`], never by [`Mrz::parse`].
//! Absent on purpose: whether the document has expired (a fact for the rules), and the lines inside the chip.

use std::fmt;

use time::Date;

use super::{Checked, Fields, Identifier, IdentifierFault, Sex, masked, normal};
use zone::{Layout, Zone};

mod repair;
mod zone;

pub use repair::{MrzChange, MrzRepair};

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
        if zone.is_names_only() {
            return Err(IdentifierFault::LinesMissing);
        }
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
