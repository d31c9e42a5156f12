//! Ways to reach a person: mobile number, land line, postcode.

use super::{Checked, Expected, Fields, Identifier, IdentifierFault, Lengths, normal, text_identifier};

text_identifier! {
    /// A mobile number of mainland China: 11 digits from 13 to 19; a leading +86 is taken off.
    Mobile, Mobile
}

text_identifier! {
    /// A land line of mainland China: area code, hyphen, 7 or 8 digits, perhaps hyphen and extension.
    Landline, Landline
}

text_identifier! {
    /// A postcode of mainland China.
    Postcode, Postcode
}

/// The normalised number without the prefix of the country, however often it was put before it.
pub(super) fn without_country_prefix(raw: &str) -> String {
    normal::compact(raw).trim_start_matches("+86").trim().to_owned()
}

impl Mobile {
    /// Reads a number.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, without_country_prefix(raw))?;
        normal::fit(&text, "1##########")?;
        normal::admit(char::from(text.as_bytes()[1]), 1, Expected::OneOf("3456789"))?;
        Ok(Checked::sound(Self(text)))
    }
}

impl Identifier for Mobile {
    fn fields(&self) -> Fields {
        Fields::from([("masked", self.masked())])
    }
}

impl Landline {
    /// Reads a number with or without a hyphen behind the area code; an extension needs its hyphen.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::hyphenated(raw))?;
        let area = area_code_digits(&text);
        text.chars().enumerate().try_for_each(|(position, c)| {
            let expected = match position {
                0 => Expected::OneOf("0"),
                at if at < area => Expected::Digit,
                _ => Expected::OneOf("0123456789-"),
            };
            normal::admit(c, position, expected)
        })?;
        let (code, rest) = text.split_at_checked(area).ok_or(IdentifierFault::Length {
            expected: Lengths::Between(10, 19),
            found: text.len(),
        })?;
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        let (number, extension) = rest.split_once('-').map_or((rest, None), |(number, extension)| (number, Some(extension)));
        normal::digits(number)?;
        normal::length(number, Lengths::AnyOf(&[7, 8]))?;
        if let Some(extension) = extension {
            normal::digits(extension)?;
            normal::length(extension, Lengths::Between(1, 6))?;
        }
        let tail = extension.map(|extension| format!("-{extension}")).unwrap_or_default();
        Ok(Checked::sound(Self(format!("{code}-{number}{tail}"))))
    }

    /// The area code with its leading 0.
    pub fn area_code(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }
}

/// Beijing and the 02x cities have three digits, all other areas four.
fn area_code_digits(text: &str) -> usize {
    if text.starts_with("010") || text.starts_with("02") { 3 } else { 4 }
}

impl Identifier for Landline {
    fn fields(&self) -> Fields {
        let city = match self.area_code() {
            "0570" => "330800",
            "0571" => "330100",
            "0572" => "330500",
            "0573" => "330400",
            "0574" => "330200",
            "0575" => "330600",
            "0576" => "331000",
            "0577" => "330300",
            "0578" => "331100",
            "0579" => "330700",
            "0580" => "330900",
            _ => "",
        };
        let mut fields = Fields::from([("area_code", self.area_code().to_owned())]);
        if let Ok(code) = super::RegionCode::parse(city) {
            super::describe_region(&mut fields, code);
        }
        fields
    }
}

impl Postcode {
    /// Reads a postcode; one outside Zhejiang is a warning.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        normal::fit(&text, "######")?;
        let zhejiang = ("310".."319").contains(&&text[..3]) || ("321".."326").contains(&&text[..3]);
        let warning = (!zhejiang).then_some(IdentifierFault::PlaceUnknown { position: 0 });
        Ok(Checked { value: Self(text), warning })
    }
}

impl Identifier for Postcode {
    fn fields(&self) -> Fields {
        Fields::new()
    }
}
