//! Official codes of matters (GB/T 39554.1-2020): basic, implementation and handling-item code.

use super::{Checked, CreditCode, Expected, Fields, Identifier, IdentifierFault, Lengths, normal, text_identifier};

text_identifier! {
    /// An official matter code 事项编码 of 12 (basic), 31 (implementation) or 33 (handling item) characters.
    MatterCode, MatterCode
}

/// How much of the code is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MatterCodeForm {
    /// 12 digits: scope 2, kind 2, department 2, main item 3, sub-item 3.
    Basic,
    /// 31 characters: credit code of the implementing body, level, basic code.
    Implementation,
    /// 33 characters: implementation code and two digits of the handling item.
    HandlingItem,
}

impl MatterCode {
    /// Reads a code of any of the three forms; a doubt about the credit code inside is a warning.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        normal::length(&text, Lengths::AnyOf(&[12, 31, 33]))?;
        if text.chars().count() == 12 {
            normal::digits(&text)?;
            return Ok(Checked::sound(Self(text)));
        }
        text.chars().enumerate().try_for_each(|(position, c)| {
            let expected = if position < 18 { Expected::CreditCodeCharacter } else { Expected::Digit };
            normal::admit(c, position, expected)
        })?;
        let warning = CreditCode::parse(&text[..18])?.warning;
        // State, province, city, county, township, village.
        if !Expected::OneOf("123456").admits(char::from(text.as_bytes()[18])) {
            return Err(IdentifierFault::KindUnknown { position: 18 });
        }
        Ok(Checked { value: Self(text), warning })
    }

    /// Which form it is.
    pub fn form(&self) -> MatterCodeForm {
        match self.0.len() {
            12 => MatterCodeForm::Basic,
            31 => MatterCodeForm::Implementation,
            _ => MatterCodeForm::HandlingItem,
        }
    }

    /// The 12 digits that all bodies share.
    pub fn basic(&self) -> &str {
        if self.0.len() == 12 { &self.0 } else { &self.0[19..31] }
    }

    /// The credit code of the implementing body.
    pub fn body(&self) -> Option<&str> {
        (self.0.len() > 12).then(|| &self.0[..18])
    }

    /// The kind of administrative act by the digits of the basic code, where they are known.
    pub fn act(&self) -> Option<&'static str> {
        match &self.basic()[2..4] {
            "01" => Some("licence"),
            "05" => Some("payment"),
            "07" => Some("confirmation"),
            "10" => Some("other-power"),
            "20" => Some("public-service"),
            _ => None,
        }
    }
}

impl Identifier for MatterCode {
    fn fields(&self) -> Fields {
        let mut fields = Fields::from([("basic_code", self.basic().to_owned()), ("department", self.basic()[4..6].to_owned())]);
        if let Some(body) = self.body() {
            fields.insert("body_uscc", body.to_owned());
            fields.insert("level", self.0[18..19].to_owned());
        }
        if let Some(act) = self.act() {
            fields.insert("act", act.to_owned());
        }
        fields
    }
}
