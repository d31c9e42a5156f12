//! Numbers of papers of civil status and of the social security card.

use time::Date;

use super::{Checked, Expected, Fields, Identifier, IdentifierFault, Lengths, RegionCode, describe_region, normal, person::is_province, text_identifier};

text_identifier! {
    /// A birth medical certificate number 出生医学证明编号: letter of the version, province, serial.
    BirthCertificateNo, BirthCertificate
}

text_identifier! {
    /// A marriage (`J`) or divorce (`L`) certificate number: region, year, serial; newer forms of 9 to 12 characters occur.
    MarriageCertificateNo, MarriageCertificate
}

text_identifier! {
    /// A social security card number of nine characters. The social security number itself is the resident number.
    SocialCardNo, SocialCard
}

impl BirthCertificateNo {
    /// Reads a number; digits that belong to no province are a warning.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        normal::fit(&text, "@#########")?;
        let warning = (!is_province(&text[1..3])).then_some(IdentifierFault::ProvinceUnknown { position: 1 });
        Ok(Checked { value: Self(text), warning })
    }
}

impl Identifier for BirthCertificateNo {
    fn fields(&self) -> Fields {
        Fields::from([("version", self.0[..1].to_owned()), ("province_code", format!("{}0000", &self.0[1..3]))])
    }
}

impl MarriageCertificateNo {
    /// Reads a number on the given business date, with or without its hyphens. An undivided form of 9 to 12 characters is a warning.
    pub fn parse(raw: &str, today: Date) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::hyphenated(raw))?;
        normal::admit(text.chars().next().unwrap_or(' '), 0, Expected::OneOf("JL"))?;
        if (9..=12).contains(&text.chars().count()) && !text.contains('-') {
            text.chars()
                .enumerate()
                .try_for_each(|(position, c)| normal::admit(c, position, Expected::DigitOrLetter))?;
            return Ok(Checked {
                value: Self(text),
                warning: Some(IdentifierFault::FormUnusual),
            });
        }
        if text.contains('-') {
            normal::fit(&text, "@######-####-######")?;
        } else {
            normal::fit(&text, "@################")?;
        }
        let digits = text.replace('-', "");
        let year: i32 = digits[7..11].parse().unwrap_or(0);
        if !(1949..=today.year()).contains(&year) {
            return Err(IdentifierFault::YearOutOfRange { position: 8 });
        }
        let warning = RegionCode::within(&digits, 1).judged(1).unwrap_or_else(Some);
        Ok(Checked {
            value: Self([&digits[..7], &digits[7..11], &digits[11..]].join("-")),
            warning,
        })
    }

    /// Whether it is the certificate of a divorce.
    pub fn is_divorce(&self) -> bool {
        self.0.starts_with('L')
    }
}

impl Identifier for MarriageCertificateNo {
    fn fields(&self) -> Fields {
        let mut fields = Fields::from([("certificate", if self.is_divorce() { "divorce" } else { "marriage" }.to_owned())]);
        if let Some(year) = self.0.split('-').nth(1) {
            fields.insert("year", year.to_owned());
            describe_region(&mut fields, RegionCode::within(&self.0, 1));
        }
        fields
    }
}

impl SocialCardNo {
    /// Reads a number: a letter or digit and eight digits.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        normal::length(&text, Lengths::Exactly(9))?;
        normal::fit(&text, "*########")?;
        Ok(Checked::sound(Self(text)))
    }
}

impl Identifier for SocialCardNo {
    fn fields(&self) -> Fields {
        Fields::new()
    }
}
