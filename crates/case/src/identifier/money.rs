//! Numbers about money: bank cards, investment projects, invoices and receipts.

use super::{
    Checked, Expected, Fields, Identifier, IdentifierFault, Lengths, RegionCode, checksum, describe_region, normal, person::expect_check, text_identifier,
};

text_identifier! {
    /// A bank card number of 16 to 19 digits with a Luhn digit (ISO/IEC 7812).
    BankCardNo, BankCard
}

text_identifier! {
    /// An investment project code 投资项目代码: `YYYY-RRRRRR-II-TT-SSSSSS-NNN` until 2020, `YYMM-RRRRRR-TT-NN-SSSSSS` later.
    ProjectCode, ProjectCode
}

text_identifier! {
    /// A VAT invoice number: code of 10 or 12 digits and number of 8, written `code+number`; or 20 digits of a fully digital invoice.
    VatInvoiceNo, VatInvoice
}

text_identifier! {
    /// A fiscal (medical) electronic receipt number: code of 8 digits and number of 10, written `code+number`, perhaps `+check` of 6 characters.
    FiscalReceiptNo, FiscalReceipt
}

impl BankCardNo {
    /// Reads a number.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        normal::digits(&text)?;
        normal::length(&text, Lengths::Between(16, 19))?;
        let last = text.len() - 1;
        expect_check(checksum::luhn(&text[..last]), &text, last)?;
        Ok(Checked::sound(Self(text)))
    }
}

impl Identifier for BankCardNo {
    fn fields(&self) -> Fields {
        Fields::from([("masked", self.masked())])
    }
}

impl ProjectCode {
    /// Reads a code with or without its hyphens. An unknown kind of project or county is a warning, as the code's rule varies by place.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::hyphenated(raw))?;
        let undivided = text.replace('-', "");
        let earlier = undivided.chars().count() == 23;
        let shape = match (text.contains('-'), earlier) {
            (true, true) => "####-######-##-##-######-###",
            (true, false) => "####-######-##-##-######",
            (false, true) => "#######################",
            (false, false) => "####################",
        };
        normal::fit(&text, shape)?;
        let mut parts = vec![&undivided[..4], &undivided[4..10], &undivided[10..12], &undivided[12..14], &undivided[14..20]];
        if earlier {
            parts.push(&undivided[20..]);
        }
        let region = RegionCode::within(&undivided, 4).judged(5).unwrap_or_else(Some);
        let (kind, position) = if earlier { (parts[3], 15) } else { (parts[2], 12) };
        let unknown = (!matches!(kind, "01" | "02" | "03" | "04")).then_some(IdentifierFault::KindUnknown { position });
        Ok(Checked {
            value: Self(parts.join("-")),
            warning: unknown.or(region),
        })
    }

    /// What the project needs: `approval`, `verification` or `filing`, when the digits are known.
    pub fn kind(&self) -> Option<&'static str> {
        let parts: Vec<_> = self.0.split('-').collect();
        match *parts.get(if parts.len() == 6 { 3 } else { 2 })? {
            "01" => Some("approval"),
            "02" => Some("verification"),
            "03" | "04" => Some("filing"),
            _ => None,
        }
    }
}

impl Identifier for ProjectCode {
    fn fields(&self) -> Fields {
        let mut fields = Fields::new();
        if let Some(kind) = self.kind() {
            fields.insert("project_kind", kind.to_owned());
        }
        describe_region(&mut fields, RegionCode::within(&self.0, 5));
        fields
    }
}

impl VatInvoiceNo {
    /// Reads `code+number`, both without a divider, or the 20 digits of a fully digital invoice. Twenty digits in one piece are a
    /// code of 12 and a number when they begin with 0, as such codes do, else a digital invoice, which begins with its year.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        if let Some((code, number)) = text.split_once('+') {
            normal::digits(code)?;
            normal::digits(number)?;
            normal::length(code, Lengths::AnyOf(&[10, 12]))?;
            normal::length(number, Lengths::Exactly(8))?;
            return Ok(Checked::sound(Self(text)));
        }
        normal::digits(&text)?;
        normal::length(&text, Lengths::AnyOf(&[18, 20]))?;
        let digital = text.len() == 20 && !text.starts_with('0');
        let (code, number) = text.split_at(text.len() - 8);
        Ok(Checked::sound(Self(if digital { text } else { format!("{code}+{number}") })))
    }

    /// Code and number, for invoices that have both.
    pub fn code_and_number(&self) -> Option<(&str, &str)> {
        self.0.split_once('+')
    }
}

impl Identifier for VatInvoiceNo {
    fn fields(&self) -> Fields {
        match self.code_and_number() {
            Some((code, number)) => Fields::from([("invoice_code", code.to_owned()), ("invoice_number", number.to_owned())]),
            None => Fields::from([("invoice_number", self.0.clone())]),
        }
    }
}

impl FiscalReceiptNo {
    /// Reads `code+number` or `code+number+check`, with or without the dividers.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        let parts: Vec<&str> = if text.contains('+') { text.split('+').collect() } else { undivided(&text)? };
        let (code, number, check) = match *parts.as_slice() {
            [code, number] => (code, number, None),
            [code, number, check] => (code, number, Some(check)),
            _ => {
                return Err(IdentifierFault::Length {
                    expected: Lengths::AnyOf(&[18, 24]),
                    found: text.chars().count(),
                });
            }
        };
        normal::fit(code, "########")?;
        normal::fit(number, "##########")?;
        check.map_or(Ok(()), |check| normal::fit(check, "******"))?;
        Ok(Checked::sound(Self(parts.join("+"))))
    }
}

/// Divides 18 or 24 characters by their places.
fn undivided(text: &str) -> Result<Vec<&str>, IdentifierFault> {
    text.chars().enumerate().try_for_each(|(position, c)| {
        let expected = if position < 18 { Expected::Digit } else { Expected::DigitOrLetter };
        normal::admit(c, position, expected)
    })?;
    normal::length(text, Lengths::AnyOf(&[18, 24]))?;
    let (code, rest) = text.split_at(8);
    let (number, check) = rest.split_at(10);
    Ok(if check.is_empty() { vec![code, number] } else { vec![code, number, check] })
}

impl Identifier for FiscalReceiptNo {
    fn fields(&self) -> Fields {
        let names = ["receipt_code", "receipt_number", "receipt_check"];
        names.into_iter().zip(self.0.split('+').map(str::to_owned)).collect()
    }
}
