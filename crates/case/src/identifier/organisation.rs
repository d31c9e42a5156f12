//! Numbers of enterprises and bodies: unified social credit code, the registration number before it, and their licences.

use super::{
    Checked, Expected, Fields, Identifier, IdentifierFault, Lengths, RegionCode, checksum, describe_region, normal, person::expect_check, text_identifier,
};

text_identifier! {
    /// A unified social credit code 统一社会信用代码 of 18 characters (GB 32100-2015).
    CreditCode, CreditCode
}

text_identifier! {
    /// A business registration number 工商注册号 of 15 digits, used before October 2015 (GS 15-2006).
    RegistrationNo, RegistrationNo
}

text_identifier! {
    /// A food business licence number 食品经营许可证编号: `JY` and 14 digits.
    FoodLicenceNo, FoodLicence
}

text_identifier! {
    /// An entertainment business licence number 娱乐经营许可证号; its form differs by place, only its length is known.
    EntertainmentLicenceNo, EntertainmentLicence
}

/// Registering authority and category, the first two characters of a credit code.
const CREDIT_CODE_CATEGORIES: [&str; 36] = [
    "11", "12", "13", "19", "21", "29", "31", "32", "33", "34", "35", "39", "41", "49", "51", "52", "53", "59", "61", "62", "69", "71", "72", "79", "81", "89",
    "91", "92", "93", "A1", "A9", "N1", "N2", "N3", "N9", "Y1",
];

/// The place of codes given by central authorities instead of a region.
const CENTRAL_REGION_PREFIX: &str = "10";

impl CreditCode {
    /// Reads a code. A wrong check of the organisation code inside, an unknown category or an unknown county are warnings.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let checked = Self::parse_confirmed(raw)?;
        expect_check(checksum::mod_31(&checked.value.0), &checked.value.0, 17)?;
        Ok(checked)
    }

    /// Reads a code that the enterprise register has confirmed: there are early official codes whose last character does not fit,
    /// so that check only warns here.
    pub fn parse_confirmed(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        normal::fit(&text, "%%######%%%%%%%%%%")?;
        let check = expect_check(checksum::mod_31(&text), &text, 17).err();
        let warning = check.or_else(|| Self::doubt(&text));
        Ok(Checked { value: Self(text), warning })
    }

    fn doubt(text: &str) -> Option<IdentifierFault> {
        if !CREDIT_CODE_CATEGORIES.contains(&&text[..2]) {
            return Some(IdentifierFault::CategoryUnknown { position: 0 });
        }
        let region = if text[2..].starts_with(CENTRAL_REGION_PREFIX) {
            Ok(None)
        } else {
            RegionCode::within(text, 2).judged(2)
        };
        let expected = checksum::organisation_code(&text[8..16]);
        let body = (!text[16..].starts_with(expected)).then_some(IdentifierFault::BodyCheck { position: 16, expected });
        body.or_else(|| region.unwrap_or_else(Some))
    }

    /// The region of the registering authority.
    pub fn region(&self) -> RegionCode {
        RegionCode::within(&self.0, 2)
    }

    /// The organisation code inside, nine characters.
    pub fn organisation_code(&self) -> &str {
        &self.0[8..17]
    }
}

impl Identifier for CreditCode {
    fn fields(&self) -> Fields {
        let mut fields = Fields::from([("category", self.0[..2].to_owned()), ("organisation_code", self.organisation_code().to_owned())]);
        describe_region(&mut fields, self.region());
        fields
    }
}

impl RegistrationNo {
    /// Reads a number; an unknown county is a warning.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        normal::fit(&text, "###############")?;
        expect_check(checksum::mod_11_10(&text[..14]), &text, 14)?;
        // The register of the state itself begins with 100000, which is no region of the list.
        let warning = if text.starts_with(CENTRAL_REGION_PREFIX) {
            None
        } else {
            RegionCode::within(&text, 0).judged(0).unwrap_or_else(Some)
        };
        Ok(Checked { value: Self(text), warning })
    }

    /// Whose registration it is: `domestic`, `foreign-invested` or `individual`.
    pub fn category(&self) -> &'static str {
        match self.0.as_bytes()[6] {
            b'0'..=b'3' => "domestic",
            b'4' | b'5' => "foreign-invested",
            _ => "individual",
        }
    }
}

impl Identifier for RegistrationNo {
    fn fields(&self) -> Fields {
        let mut fields = Fields::from([("category", self.category().to_owned())]);
        describe_region(&mut fields, RegionCode::within(&self.0, 0));
        fields
    }
}

impl FoodLicenceNo {
    /// Reads a number. A wrong check digit is a warning: its rule is not published everywhere.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        normal::fit(&text, "JY##############")?;
        normal::admit(char::from(text.as_bytes()[2]), 2, Expected::OneOf("123"))?;
        let region = RegionCode::within(&text, 3).judged(3).unwrap_or_else(Some);
        let warning = expect_check(checksum::mod_11_10(&text[2..15]), &text, 15).err().or(region);
        Ok(Checked { value: Self(text), warning })
    }

    /// The main form of business: `sales`, `catering` or `canteen`.
    pub fn business_form(&self) -> &'static str {
        match self.0.as_bytes()[2] {
            b'1' => "sales",
            b'2' => "catering",
            _ => "canteen",
        }
    }
}

impl Identifier for FoodLicenceNo {
    fn fields(&self) -> Fields {
        let mut fields = Fields::from([("business_form", self.business_form().to_owned())]);
        describe_region(&mut fields, RegionCode::within(&self.0, 3));
        fields
    }
}

impl EntertainmentLicenceNo {
    /// Reads a number of 6 to 30 characters.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::hyphenated(raw))?;
        text.chars()
            .enumerate()
            .try_for_each(|(position, c)| normal::admit(c, position, Expected::Printable))?;
        normal::length(&text, Lengths::Between(6, 30))?;
        Ok(Checked::sound(Self(text)))
    }
}

impl Identifier for EntertainmentLicenceNo {
    fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        // The form of 12 digits begins with the region; other forms say nothing that a program could read.
        if self.0.len() == 12 && normal::digits(&self.0).is_ok() {
            describe_region(&mut fields, RegionCode::within(&self.0, 0));
            fields.insert("year", format!("20{}", &self.0[6..8]));
        }
        fields
    }
}
