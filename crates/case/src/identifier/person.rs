//! The resident identity number and, in the same layout, the residence permit of Hong Kong, Macao and Taiwan residents.

use time::{Date, Month};

use super::{Checked, Fields, Identifier, IdentifierFault, RegionCode, checksum, describe_region, normal, region::RegionStanding, text_identifier};

text_identifier! {
    /// A resident identity number 公民身份号码 of 18 characters (GB 11643-1999): region of first registration, birth date,
    /// sequence, check character. Residence permits 居住证 of Hong Kong, Macao and Taiwan residents use 810000, 820000, 830000 as region.
    ResidentId, ResidentId
}

/// Male or female, as identity documents know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

/// Whose number it is, by its region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ResidentHolder {
    /// A citizen with household registration.
    Mainland,
    /// A Hong Kong resident with a residence permit.
    HongKong,
    /// A Macao resident with a residence permit.
    Macao,
    /// A Taiwan resident with a residence permit.
    Taiwan,
}

/// The region code that stands for Taiwan on residence permits; it is no region of GB/T 2260.
const TAIWAN_PERMIT_REGION: &str = "830000";

impl ResidentId {
    /// Reads a number on the given business date. An unknown county of a listed province is a warning; everything else refuses.
    pub fn parse(raw: &str, today: Date) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        if text.len() == 15 && normal::digits(&text).is_ok() {
            return Err(IdentifierFault::HistoricNumber);
        }
        normal::fit(&text, "#################$")?;
        let warning = if text.starts_with(TAIWAN_PERMIT_REGION) {
            None
        } else {
            RegionCode::within(&text, 0).judged(0)?
        };
        lived_date(&text[6..14], 6, today)?;
        expect_check(checksum::mod_11_2(&text[..17]), &text, 17)?;
        Ok(Checked { value: Self(text), warning })
    }

    /// Reads a 15-digit number of before October 1999 from a historic paper and gives the 18 characters it became:
    /// `19` before the year, the check character at the end.
    pub fn upgrade_historic(raw: &str, today: Date) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        normal::fit(&text, "###############")?;
        let body = format!("{}19{}", &text[..6], &text[6..]);
        let check = checksum::mod_11_2(&body);
        Self::parse(&format!("{body}{check}"), today)
    }

    /// Compares the number with what was entered beside it; what was not entered is not compared.
    pub fn agree_with(&self, birth_date: Option<Date>, sex: Option<Sex>) -> Result<(), IdentifierFault> {
        if birth_date.is_some_and(|entered| entered != self.birth_date()) {
            return Err(IdentifierFault::BirthDateDiffers);
        }
        if sex.is_some_and(|entered| entered != self.sex()) {
            return Err(IdentifierFault::SexDiffers);
        }
        Ok(())
    }

    /// The day of birth.
    pub fn birth_date(&self) -> Date {
        // Proven by `parse`; the constructor has no other way.
        normal::full_date(&self.0[6..14], 6).unwrap_or(FIRST_BIRTH_DATE)
    }

    /// The sex: the 17th digit is odd for men.
    pub fn sex(&self) -> Sex {
        sex_of(self.0.as_bytes()[16])
    }

    /// The region of the first registration.
    pub fn region(&self) -> RegionCode {
        RegionCode::within(&self.0, 0)
    }

    /// Whose number it is.
    pub fn holder(&self) -> ResidentHolder {
        match &self.0[..2] {
            "81" => ResidentHolder::HongKong,
            "82" => ResidentHolder::Macao,
            "83" => ResidentHolder::Taiwan,
            _ => ResidentHolder::Mainland,
        }
    }
}

impl Identifier for ResidentId {
    fn fields(&self) -> Fields {
        let mut fields = Fields::from([
            ("birth_date", self.birth_date().to_string()),
            ("sex", self.sex().name().to_owned()),
            ("holder", self.holder().name().to_owned()),
            ("masked", self.masked()),
        ]);
        describe_region(&mut fields, self.region());
        if self.holder() == ResidentHolder::Taiwan {
            fields.insert("region_name", "台湾".to_owned());
            fields.insert("region_name_en", "Taiwan".to_owned());
        }
        fields
    }
}

impl Sex {
    /// The machine name: `male`, `female`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }
}

impl ResidentHolder {
    /// The machine name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mainland => "mainland",
            Self::HongKong => "hong-kong",
            Self::Macao => "macao",
            Self::Taiwan => "taiwan",
        }
    }
}

const FIRST_BIRTH_DATE: Date = match Date::from_calendar_date(1900, Month::January, 1) {
    Ok(date) => date,
    Err(_) => Date::MIN,
};

/// Reads `YYYYMMDD` as the birth date of somebody who can stand at the counter: from 1900 to today.
pub(super) fn lived_date(text: &str, position: usize, today: Date) -> Result<Date, IdentifierFault> {
    let date = normal::full_date(text, position)?;
    if date < FIRST_BIRTH_DATE {
        Err(IdentifierFault::DateTooEarly { position })
    } else if date > today {
        Err(IdentifierFault::DateInFuture { position })
    } else {
        Ok(date)
    }
}

/// Requires the check character at a position of an ASCII value.
pub(super) fn expect_check(expected: char, text: &str, position: usize) -> Result<(), IdentifierFault> {
    let found = text.as_bytes().get(position).copied().map(char::from);
    if found == Some(expected) {
        Ok(())
    } else {
        Err(IdentifierFault::CheckCharacter { position, expected })
    }
}

/// Odd sequence digits belong to men.
pub(super) fn sex_of(digit: u8) -> Sex {
    if digit % 2 == 1 { Sex::Male } else { Sex::Female }
}

/// Whether the first two digits name a province.
pub(super) fn is_province(digits: &str) -> bool {
    RegionCode::parse(&format!("{digits}0000")).is_ok_and(|code| matches!(code.standing(), RegionStanding::Listed(_)))
}
