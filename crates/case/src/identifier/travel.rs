//! Numbers of passports and exit-entry documents. They carry no check digit of their own; the machine-readable zone does.

use super::{Checked, Expected, Fields, Identifier, IdentifierFault, Lengths, normal, text_identifier};

text_identifier! {
    /// A Chinese passport number 护照号码: ordinary (`E`), older (`G`, `14`, `15`), public affairs, service, diplomatic, Hong Kong, Macao.
    PassportNo, Passport
}

text_identifier! {
    /// A number of an exit-entry permit for Hong Kong and Macao 往来港澳通行证 (card, since 2014).
    ExitEntryPermitNo, ExitEntryPermit
}

text_identifier! {
    /// A number of a mainland travel permit for Hong Kong and Macao residents 回乡证, with or without the renewal count.
    HomeReturnPermitNo, HomeReturnPermit
}

text_identifier! {
    /// A number of a mainland travel permit for Taiwan residents 台胞证 (since 2015), with or without the renewal count.
    TaiwanPermitNo, TaiwanPermit
}

text_identifier! {
    /// A number of a mainland resident's permit to Taiwan 往来台湾通行证 (card, since 2017).
    PermitToTaiwanNo, PermitToTaiwan
}

/// The kinds of Chinese passports, by their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PassportKind {
    /// 普通护照, with a chip, since 2012.
    Ordinary,
    /// 普通护照 of an earlier version.
    OrdinaryOlder,
    /// 公务普通护照.
    PublicAffairs,
    /// 公务护照.
    Service,
    /// 外交护照.
    Diplomatic,
    /// Passport of the Hong Kong Special Administrative Region.
    HongKong,
    /// Passport of the Macao Special Administrative Region.
    Macao,
}

impl PassportNo {
    /// Reads a number. `H` with eight digits is a warning: it is a rare form here and the usual one of a mainland travel permit.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        Self::fit_kind(&text)?;
        let ambiguous = text.starts_with('H') && text.len() == 9 && normal::digits(&text[1..]).is_ok();
        Ok(Checked {
            value: Self(text),
            warning: ambiguous.then_some(IdentifierFault::DocumentAmbiguous),
        })
    }

    fn fit_kind(text: &str) -> Result<(), IdentifierFault> {
        let second = text.chars().nth(1).unwrap_or(' ');
        match text.chars().next().unwrap_or(' ') {
            'E' => normal::fit(text, "E&#######"),
            'G' => normal::fit(text, "G########"),
            '1' => {
                normal::admit(second, 1, Expected::OneOf("45"))?;
                normal::fit(text, "1########")
            }
            'P' if second == '.' => normal::fit(text, "P.#######"),
            'P' => normal::fit(text, "PE#######"),
            'S' if second == '.' => normal::fit(text, "S.#######"),
            'S' => normal::fit(text, "SE#######"),
            'D' if second == 'E' => normal::fit(text, "DE#######"),
            'D' => normal::fit(text, "D#######"),
            'M' => {
                normal::admit(second, 1, Expected::OneOf("AB"))?;
                normal::fit(text, "M@#######")
            }
            'H' | 'K' => Self::fit_hong_kong(text, second),
            _ => Err(IdentifierFault::Character {
                position: 0,
                expected: Expected::OneOf("EG1PSDHKM"),
            }),
        }
    }

    fn fit_hong_kong(text: &str, second: char) -> Result<(), IdentifierFault> {
        match (second.is_ascii_uppercase(), text.chars().count()) {
            (false, 8) => normal::fit(text, "@#######"),
            (false, 9) => normal::fit(text, "@########"),
            (false, found) => Err(IdentifierFault::Length {
                expected: Lengths::AnyOf(&[8, 9]),
                found,
            }),
            (true, 9) => normal::fit(text, "@@#######"),
            (true, 10) => normal::fit(text, "@@########"),
            (true, found) => Err(IdentifierFault::Length {
                expected: Lengths::AnyOf(&[9, 10]),
                found,
            }),
        }
    }

    /// The kind of passport.
    pub fn kind(&self) -> PassportKind {
        match self.0.as_bytes()[0] {
            b'E' => PassportKind::Ordinary,
            b'P' => PassportKind::PublicAffairs,
            b'S' => PassportKind::Service,
            b'D' => PassportKind::Diplomatic,
            b'H' | b'K' => PassportKind::HongKong,
            b'M' => PassportKind::Macao,
            _ => PassportKind::OrdinaryOlder,
        }
    }
}

impl PassportKind {
    /// The machine name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::OrdinaryOlder => "ordinary-older",
            Self::PublicAffairs => "public-affairs",
            Self::Service => "service",
            Self::Diplomatic => "diplomatic",
            Self::HongKong => "hong-kong",
            Self::Macao => "macao",
        }
    }
}

impl Identifier for PassportNo {
    fn fields(&self) -> Fields {
        Fields::from([("passport_kind", self.kind().name().to_owned())])
    }
}

impl ExitEntryPermitNo {
    /// Reads a number of the card; the number of the old booklet (`W`) is refused as expired.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        if normal::fit(&text, "W########").is_ok() {
            return Err(IdentifierFault::HistoricBooklet);
        }
        normal::fit(&text, "C&#######")?;
        Ok(Checked::sound(Self(text)))
    }
}

impl Identifier for ExitEntryPermitNo {
    fn fields(&self) -> Fields {
        Fields::new()
    }
}

impl HomeReturnPermitNo {
    /// Reads a number: `H` (Hong Kong) or `M` (Macao), eight digits, and the two digits of the renewal count where they are printed behind it.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        normal::admit(text.chars().next().unwrap_or(' '), 0, Expected::OneOf("HM"))?;
        fit_renewable(&text, "@########", "@##########")?;
        Ok(Checked::sound(Self(text)))
    }

    /// The lifelong number without the renewal count.
    pub fn number(&self) -> &str {
        &self.0[..9]
    }

    /// How often the permit was renewed, when it is printed behind the number.
    pub fn renewal(&self) -> Option<&str> {
        self.0.get(9..).filter(|count| !count.is_empty())
    }
}

impl Identifier for HomeReturnPermitNo {
    fn fields(&self) -> Fields {
        renewable_fields(self.number(), self.renewal())
    }
}

impl TaiwanPermitNo {
    /// Reads a number: eight digits, and the two digits of the renewal count where they are printed behind it.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        fit_renewable(&text, "########", "##########")?;
        Ok(Checked::sound(Self(text)))
    }

    /// The lifelong number without the renewal count.
    pub fn number(&self) -> &str {
        &self.0[..8]
    }

    /// How often the permit was renewed, when it is printed behind the number.
    pub fn renewal(&self) -> Option<&str> {
        self.0.get(8..).filter(|count| !count.is_empty())
    }
}

impl Identifier for TaiwanPermitNo {
    fn fields(&self) -> Fields {
        renewable_fields(self.number(), self.renewal())
    }
}

impl PermitToTaiwanNo {
    /// Reads a number of the card: `L` and eight digits.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        normal::fit(&text, "L########")?;
        Ok(Checked::sound(Self(text)))
    }
}

impl Identifier for PermitToTaiwanNo {
    fn fields(&self) -> Fields {
        Fields::new()
    }
}

fn fit_renewable(text: &str, number: &'static str, with_renewal: &'static str) -> Result<(), IdentifierFault> {
    if text.chars().count() == with_renewal.len() {
        normal::fit(text, with_renewal)
    } else {
        normal::fit(text, number)
    }
}

fn renewable_fields(number: &str, renewal: Option<&str>) -> Fields {
    let mut fields = Fields::from([("number", number.to_owned())]);
    if let Some(renewal) = renewal {
        fields.insert("renewal", renewal.to_owned());
    }
    fields
}
