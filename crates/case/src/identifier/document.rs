//! Numbers of the documents that an office issues, for example 鹿行受〔2018〕第000123号.

use std::fmt;

use super::{Checked, Expected, Fields, Identifier, IdentifierFault, Lengths, normal};

/// A document number 文书编号: short name of the office, kind, year, serial of six digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DocumentNo {
    office: String,
    kind: DocumentKind,
    year: u16,
    serial: u32,
}

/// The kinds of documents that are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DocumentKind {
    /// 受: notice of acceptance.
    Acceptance,
    /// 补: supplement notice.
    Supplement,
    /// 不受: notice of refusal to accept.
    AcceptanceRefusal,
    /// 准: grant.
    Grant,
    /// 不准: refusal.
    Refusal,
    /// 延: extension.
    Extension,
    /// 送: delivery.
    Delivery,
}

impl DocumentKind {
    /// Every kind; a kind whose sign ends in another's stands before it.
    pub const ALL: [Self; 7] = [
        Self::AcceptanceRefusal,
        Self::Acceptance,
        Self::Supplement,
        Self::Refusal,
        Self::Grant,
        Self::Extension,
        Self::Delivery,
    ];

    /// The sign in the number.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Acceptance => "受",
            Self::Supplement => "补",
            Self::AcceptanceRefusal => "不受",
            Self::Grant => "准",
            Self::Refusal => "不准",
            Self::Extension => "延",
            Self::Delivery => "送",
        }
    }

    /// The machine name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance",
            Self::Supplement => "supplement",
            Self::AcceptanceRefusal => "acceptance-refusal",
            Self::Grant => "grant",
            Self::Refusal => "refusal",
            Self::Extension => "extension",
            Self::Delivery => "delivery",
        }
    }
}

impl DocumentNo {
    /// A number from its parts: office of 1 to 10 Chinese characters that does not end in 不, year 2000..=2099, serial 1..=999999.
    pub fn new(office: &str, kind: DocumentKind, year: u16, serial: u32) -> Result<Self, IdentifierFault> {
        let refuse = |part| Err(IdentifierFault::PartOutOfRange { part });
        let office_fits = (1..=10).contains(&office.chars().count()) && office.chars().all(|c| Expected::Han.admits(c));
        // An office ending in 不 would turn an acceptance into a refusal when read back.
        if !office_fits || office.ends_with('不') {
            refuse("office")
        } else if !(2000..=2099).contains(&year) {
            refuse("year")
        } else if !(1..=999_999).contains(&serial) {
            refuse("serial")
        } else {
            Ok(Self {
                office: office.to_owned(),
                kind,
                year,
                serial,
            })
        }
    }

    /// Reads a number with any kind of brackets round the year.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::bracketed(raw, '〔', '〕'))?;
        let chars: Vec<char> = text.chars().collect();
        let open = chars.iter().position(|c| *c == '〔').ok_or(IdentifierFault::Character {
            position: chars.len(),
            expected: Expected::OneOf("〔"),
        })?;
        let head: String = chars[..open].iter().collect();
        head.chars().enumerate().try_for_each(|(at, c)| normal::admit(c, at, Expected::Han))?;
        let kind = DocumentKind::ALL.into_iter().find(|kind| head.ends_with(kind.sign()));
        let kind = kind.ok_or(IdentifierFault::KindUnknown {
            position: open.saturating_sub(1),
        })?;
        let tail: String = chars[open..].iter().collect();
        fit_tail(&tail, open)?;
        let number = |from: usize, to: usize| chars[open + from..open + to].iter().collect::<String>().parse::<u32>().unwrap_or(0);
        let office = head.strip_suffix(kind.sign()).unwrap_or(&head);
        let value = Self::new(office, kind, number(1, 5) as u16, number(7, 13))?;
        Ok(Checked::sound(value))
    }

    /// The short name of the office.
    pub fn office(&self) -> &str {
        &self.office
    }

    /// The kind of document.
    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The year of issue.
    pub fn year(&self) -> u16 {
        self.year
    }

    /// Which document of the office, kind and year, from 1.
    pub fn serial(&self) -> u32 {
        self.serial
    }
}

/// Compares what begins with the bracket at `open` with `〔year〕第serial号`, naming positions of the whole number.
fn fit_tail(tail: &str, open: usize) -> Result<(), IdentifierFault> {
    const SHAPE: &str = "〔####〕第######号";
    for (at, (c, mark)) in tail.chars().zip(SHAPE.chars()).enumerate() {
        let expected = match mark {
            '#' => Expected::Digit,
            '〔' => Expected::OneOf("〔"),
            '〕' => Expected::OneOf("〕"),
            '第' => Expected::OneOf("第"),
            _ => Expected::OneOf("号"),
        };
        normal::admit(c, open + at, expected)?;
    }
    normal::length(tail, Lengths::Exactly(SHAPE.chars().count()))
}

impl Identifier for DocumentNo {
    fn fields(&self) -> Fields {
        Fields::from([
            ("office", self.office.clone()),
            ("document_kind", self.kind.name().to_owned()),
            ("year", self.year.to_string()),
            ("serial", self.serial.to_string()),
        ])
    }
}

impl fmt::Display for DocumentNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}〔{}〕第{:06}号", self.office, self.kind.sign(), self.year, self.serial)
    }
}
