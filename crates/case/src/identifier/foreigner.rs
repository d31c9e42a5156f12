//! The number of a foreigner's permanent residence identity card 外国人永久居留身份证, both versions in circulation.

use std::sync::LazyLock;

use time::Date;

use super::{
    Checked, Expected, Fields, Identifier, IdentifierFault, Lengths, Sex, checksum, masked, normal,
    person::{expect_check, is_province, lived_date, sex_of},
};

/// A permanent residence number: 18 characters since 2023-12-01 (9, province, nationality in digits, birth date, sequence, MOD 11-2),
/// 15 characters before (nationality in letters, place of acceptance, birth date, sequence, 7-3-1 digit).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ForeignerId {
    text: String,
    birth_date: Date,
    nationality: &'static str,
}

impl ForeignerId {
    /// Reads a number of either version on the given business date.
    pub fn parse(raw: &str, today: Date) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        normal::length(&text, Lengths::AnyOf(&[15, 18]))?;
        let value = if text.chars().count() == 18 {
            Self::version_2023(text, today)?
        } else {
            Self::version_2017(text, today)?
        };
        Ok(Checked::sound(value))
    }

    fn version_2023(text: String, today: Date) -> Result<Self, IdentifierFault> {
        normal::fit(&text, "9################$")?;
        expect_province(&text[1..3], 1)?;
        let nationality = find_country(|country| country.numeric == &text[3..6]).ok_or(IdentifierFault::NationalityUnknown { position: 3 })?;
        let birth_date = lived_date(&text[6..14], 6, today)?;
        expect_check(checksum::mod_11_2(&text[..17]), &text, 17)?;
        Ok(Self { text, birth_date, nationality })
    }

    fn version_2017(text: String, today: Date) -> Result<Self, IdentifierFault> {
        normal::fit(&text, "@@@############")?;
        let nationality = find_country(|country| country.alpha_3 == &text[..3]).ok_or(IdentifierFault::NationalityUnknown { position: 0 })?;
        expect_province(&text[3..5], 3)?;
        let birth_date = normal::short_birth_date(&text[7..13], 7, today)?;
        expect_check(checksum::icao(text[..14].chars()), &text, 14)?;
        Ok(Self { text, birth_date, nationality })
    }

    /// The number in its one form.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The number as slips and lists show it.
    pub fn masked(&self) -> String {
        masked(super::IdentifierKind::ForeignerId, &self.text)
    }

    /// The day of birth.
    pub fn birth_date(&self) -> Date {
        self.birth_date
    }

    /// The nationality in three letters (ISO 3166-1).
    pub fn nationality(&self) -> &'static str {
        self.nationality
    }

    /// The sex, which only the version of 2023 tells.
    pub fn sex(&self) -> Option<Sex> {
        (self.text.len() == 18).then(|| sex_of(self.text.as_bytes()[16]))
    }
}

impl Identifier for ForeignerId {
    fn fields(&self) -> Fields {
        let province = if self.text.len() == 18 { &self.text[1..3] } else { &self.text[3..5] };
        let mut fields = Fields::from([
            ("birth_date", self.birth_date.to_string()),
            ("nationality", self.nationality.to_owned()),
            ("province_code", format!("{province}0000")),
            ("version", if self.text.len() == 18 { "2023" } else { "2017" }.to_owned()),
        ]);
        if let Some(sex) = self.sex() {
            fields.insert("sex", sex.name().to_owned());
        }
        fields
    }
}

impl std::fmt::Display for ForeignerId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::fmt::Debug for ForeignerId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ForeignerId({})", self.masked())
    }
}

struct Country {
    alpha_3: &'static str,
    numeric: &'static str,
}

static COUNTRIES: LazyLock<Vec<Country>> = LazyLock::new(|| {
    let rows = include_str!("../../../../assets/country-codes.csv")
        .lines()
        .filter_map(|line| line.split_once(','));
    rows.filter(|(_, numeric)| numeric.chars().all(|c| Expected::Digit.admits(c)))
        .map(|(alpha_3, numeric)| Country { alpha_3, numeric })
        .collect()
});

fn find_country(wanted: impl Fn(&&Country) -> bool) -> Option<&'static str> {
    COUNTRIES.iter().find(wanted).map(|country| country.alpha_3)
}

fn expect_province(digits: &str, position: usize) -> Result<(), IdentifierFault> {
    if is_province(digits) {
        Ok(())
    } else {
        Err(IdentifierFault::ProvinceUnknown { position })
    }
}
