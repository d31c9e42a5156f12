//! What can be wrong with a number, as a closed list of causes that a clerk can act on.
//!
//! A fault never carries the number itself, so it may be logged. Absent on purpose: the weight. Whether a cause is an error or
//! only a warning is decided by the parser that met it.

use std::fmt;

use crate::text::Bilingual;

/// One cause for doubting or refusing a number. Positions count characters of the normalised value from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentifierFault {
    /// Nothing is left after trimming.
    #[error("nothing was entered")]
    Empty,
    /// The input is longer than any number; it was not looked at.
    #[error("longer than {limit} characters")]
    TooLong {
        /// The most characters that are read.
        limit: usize,
    },
    /// The number has a wrong count of characters.
    #[error("{expected} characters are needed, {found} were entered")]
    Length {
        /// The lengths that the format knows.
        expected: Lengths,
        /// The length that was met.
        found: usize,
    },
    /// A character cannot stand where it stands.
    #[error("character {}: {expected} is needed", position + 1)]
    Character {
        /// Where it stands.
        position: usize,
        /// What could stand there.
        expected: Expected,
    },
    /// The check character does not belong to the other characters.
    #[error("the check character does not fit: {expected} would; a character was mistyped or misread")]
    CheckCharacter {
        /// Where the check character stands.
        position: usize,
        /// The character that would fit.
        expected: char,
    },
    /// The organisation code inside a credit code fails its own check (GB 11714) although the whole code is sound.
    #[error("the organisation code inside does not fit its own check character, {expected} would")]
    BodyCheck {
        /// Where the inner check character stands.
        position: usize,
        /// The character that would fit.
        expected: char,
    },
    /// No province has these two digits.
    #[error("the region code belongs to no province")]
    ProvinceUnknown {
        /// Where the region code begins.
        position: usize,
    },
    /// The province is known, the county is in neither the current nor the historic list.
    #[error("the region code is not in the list of the province, neither now nor formerly")]
    CountyUnknown {
        /// Where the region code begins.
        position: usize,
    },
    /// The country code is not in ISO 3166-1.
    #[error("the nationality is not in the list of countries")]
    NationalityUnknown {
        /// Where the country code begins.
        position: usize,
    },
    /// The day does not exist.
    #[error("the date inside does not exist")]
    DateImpossible {
        /// Where the date begins.
        position: usize,
    },
    /// The day has not come yet.
    #[error("the date inside is in the future")]
    DateInFuture {
        /// Where the date begins.
        position: usize,
    },
    /// The day lies before the first one that the format can hold.
    #[error("the date inside is too early")]
    DateTooEarly {
        /// Where the date begins.
        position: usize,
    },
    /// The birth date inside is not the one that was entered beside it.
    #[error("the birth date inside the number differs from the one entered")]
    BirthDateDiffers,
    /// The sex inside is not the one that was entered beside it.
    #[error("the sex inside the number differs from the one entered")]
    SexDiffers,
    /// A resident number of 15 digits, issued before October 1999.
    #[error("a 15-digit number counts only on historic papers; enter the 18 characters")]
    HistoricNumber,
    /// A booklet that is no longer valid.
    #[error("this is the number of an old booklet, which has expired")]
    HistoricBooklet,
    /// The category (registering authority, kind of holder) is not in the published list.
    #[error("the category at the beginning is not in the list")]
    CategoryUnknown {
        /// Where the category stands.
        position: usize,
    },
    /// The number fits a rare form of this document and the usual form of another one.
    #[error("the number may belong to a mainland travel permit; look at the document again")]
    DocumentAmbiguous,
    /// The place named in a certificate is not in the region list.
    #[error("the place is not in the region list")]
    PlaceUnknown {
        /// Where the place name begins.
        position: usize,
    },
    /// The year cannot be right for this kind of number.
    #[error("the year cannot be right")]
    YearOutOfRange {
        /// Where the year begins.
        position: usize,
    },
    /// A kind, level, queue or department letter that the format does not know.
    #[error("character {}: this kind is not known", position + 1)]
    KindUnknown {
        /// Where the kind stands.
        position: usize,
    },
    /// A form that occurs but is not described; somebody has to compare it with the paper.
    #[error("an unusual form; compare it with the paper")]
    FormUnusual,
    /// Only some lines of a machine-readable zone are there.
    #[error("not all lines of the machine-readable zone are there")]
    LinesMissing,
    /// A part given to a constructor does not fit into its digits.
    #[error("{part} does not fit into its digits")]
    PartOutOfRange {
        /// The name of the part.
        part: &'static str,
    },
}

impl IdentifierFault {
    /// The machine code that a program branches on; the UI never branches on the text.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too-long",
            Self::Length { .. } => "length",
            Self::Character { .. } => "character",
            Self::CheckCharacter { .. } => "check-character",
            Self::BodyCheck { .. } => "organisation-code-check",
            Self::ProvinceUnknown { .. } => "province-unknown",
            Self::CountyUnknown { .. } => "county-unknown",
            Self::NationalityUnknown { .. } => "nationality-unknown",
            Self::DateImpossible { .. } => "date-impossible",
            Self::DateInFuture { .. } => "date-in-future",
            Self::DateTooEarly { .. } => "date-too-early",
            Self::BirthDateDiffers => "birth-date-differs",
            Self::SexDiffers => "sex-differs",
            Self::HistoricNumber => "historic-number",
            Self::HistoricBooklet => "historic-booklet",
            Self::CategoryUnknown { .. } => "category-unknown",
            Self::DocumentAmbiguous => "document-ambiguous",
            Self::PlaceUnknown { .. } => "place-unknown",
            Self::YearOutOfRange { .. } => "year-out-of-range",
            Self::KindUnknown { .. } => "kind-unknown",
            Self::FormUnusual => "form-unusual",
            Self::LinesMissing => "lines-missing",
            Self::PartOutOfRange { .. } => "part-out-of-range",
        }
    }

    /// Where in the normalised value the cause lies, in characters from 0, when it lies in one place.
    pub fn position(&self) -> Option<usize> {
        match self {
            Self::Character { position, .. }
            | Self::CheckCharacter { position, .. }
            | Self::BodyCheck { position, .. }
            | Self::ProvinceUnknown { position }
            | Self::CountyUnknown { position }
            | Self::NationalityUnknown { position }
            | Self::DateImpossible { position }
            | Self::DateInFuture { position }
            | Self::DateTooEarly { position }
            | Self::CategoryUnknown { position }
            | Self::PlaceUnknown { position }
            | Self::YearOutOfRange { position }
            | Self::KindUnknown { position } => Some(*position),
            Self::Empty
            | Self::TooLong { .. }
            | Self::Length { .. }
            | Self::BirthDateDiffers
            | Self::SexDiffers
            | Self::HistoricNumber
            | Self::HistoricBooklet
            | Self::DocumentAmbiguous
            | Self::FormUnusual
            | Self::LinesMissing
            | Self::PartOutOfRange { .. } => None,
        }
    }

    /// The check character that would fit, for faults that know it.
    pub fn check_expected(&self) -> Option<char> {
        match self {
            Self::CheckCharacter { expected, .. } | Self::BodyCheck { expected, .. } => Some(*expected),
            _ => None,
        }
    }

    /// The sentence for the clerk in both languages.
    pub fn message(&self) -> Bilingual {
        let zh = match self {
            Self::Empty => "未填写".to_owned(),
            Self::TooLong { limit } => format!("超过 {limit} 个字符"),
            Self::Length { expected, found } => format!("应为 {} 个字符，现为 {found} 个", expected.zh()),
            Self::Character { position, expected } => format!("第 {} 个字符应为{}", position + 1, expected.zh()),
            Self::CheckCharacter { expected, .. } => format!("校验码不符，应为 {expected}；有字符输错或识别错"),
            Self::BodyCheck { expected, .. } => format!("其中的组织机构代码校验码不符，应为 {expected}"),
            Self::ProvinceUnknown { .. } => "区划代码不属于任何省份".to_owned(),
            Self::CountyUnknown { .. } => "区划代码不在该省现行或历史名单中".to_owned(),
            Self::NationalityUnknown { .. } => "国籍代码不在国家和地区名单中".to_owned(),
            Self::DateImpossible { .. } => "其中的日期不存在".to_owned(),
            Self::DateInFuture { .. } => "其中的日期在将来".to_owned(),
            Self::DateTooEarly { .. } => "其中的日期过早".to_owned(),
            Self::BirthDateDiffers => "号码中的出生日期与填写的不一致".to_owned(),
            Self::SexDiffers => "号码中的性别与填写的不一致".to_owned(),
            Self::HistoricNumber => "15 位号码只用于历史材料，请填写 18 位号码".to_owned(),
            Self::HistoricBooklet => "这是旧版本式证件的号码，证件已失效".to_owned(),
            Self::CategoryUnknown { .. } => "开头的类别不在名单中".to_owned(),
            Self::DocumentAmbiguous => "也可能是回乡证号码，请再核对证件".to_owned(),
            Self::PlaceUnknown { .. } => "地名不在区划名单中".to_owned(),
            Self::YearOutOfRange { .. } => "年份不合理".to_owned(),
            Self::KindUnknown { position } => format!("第 {} 个字符表示的种类未知", position + 1),
            Self::FormUnusual => "号码形式少见，请与纸质材料核对".to_owned(),
            Self::LinesMissing => "机读区不完整，缺少其他行".to_owned(),
            Self::PartOutOfRange { part } => format!("{part} 超出位数"),
        };
        Bilingual { zh, en: self.to_string() }
    }
}

/// The lengths that a format knows, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lengths {
    /// One length.
    Exactly(usize),
    /// One of a few lengths.
    AnyOf(&'static [usize]),
    /// From the first to the second length, both included.
    Between(usize, usize),
}

impl Lengths {
    fn joined(self, or: &str, to: &str) -> String {
        match self {
            Self::Exactly(one) => one.to_string(),
            Self::AnyOf(some) => some.iter().map(usize::to_string).collect::<Vec<_>>().join(or),
            Self::Between(from, until) => format!("{from}{to}{until}"),
        }
    }

    fn zh(self) -> String {
        self.joined("或", "至")
    }
}

impl fmt::Display for Lengths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.joined(" or ", " to "))
    }
}

/// What could stand in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// `0` to `9`.
    Digit,
    /// `A` to `Z`.
    Letter,
    /// `A` to `Z` without `I` and `O`, or a digit.
    DigitOrLetterExceptIo,
    /// A digit or a letter.
    DigitOrLetter,
    /// A digit or `X`.
    DigitOrX,
    /// One of the 31 characters of GB 32100 (no I, O, S, V, Z).
    CreditCodeCharacter,
    /// `A` to `Z`, `0` to `9` or `<`.
    MrzCharacter,
    /// A Chinese character.
    Han,
    /// Anything but a control character.
    Printable,
    /// One of the listed characters.
    OneOf(&'static str),
}

impl Expected {
    /// Whether the character may stand in the place.
    pub fn admits(self, c: char) -> bool {
        match self {
            Self::Digit => c.is_ascii_digit(),
            Self::Letter => c.is_ascii_uppercase(),
            Self::DigitOrLetterExceptIo => Self::DigitOrLetter.admits(c) && c != 'I' && c != 'O',
            Self::DigitOrLetter => c.is_ascii_digit() || c.is_ascii_uppercase(),
            Self::DigitOrX => c.is_ascii_digit() || c == 'X',
            Self::CreditCodeCharacter => super::checksum::CREDIT_CODE_CHARACTERS.contains(c),
            Self::MrzCharacter => Self::DigitOrLetter.admits(c) || c == '<',
            Self::Han => ('\u{4e00}'..='\u{9fa5}').contains(&c),
            Self::Printable => !c.is_control(),
            Self::OneOf(list) => list.contains(c),
        }
    }

    fn zh(self) -> String {
        match self {
            Self::Digit => "数字".to_owned(),
            Self::Letter => "字母".to_owned(),
            Self::DigitOrLetterExceptIo => "数字或字母（无 I、O）".to_owned(),
            Self::DigitOrLetter => "数字或字母".to_owned(),
            Self::DigitOrX => "数字或 X".to_owned(),
            Self::CreditCodeCharacter => "数字或字母（无 I、O、S、V、Z）".to_owned(),
            Self::MrzCharacter => "数字、字母或 <".to_owned(),
            Self::Han => "汉字".to_owned(),
            Self::Printable => "可显示的字符".to_owned(),
            Self::OneOf(list) => format!("“{list}”之一"),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digit => f.write_str("a digit"),
            Self::Letter => f.write_str("a letter"),
            Self::DigitOrLetterExceptIo => f.write_str("a digit or a letter except I and O"),
            Self::DigitOrLetter => f.write_str("a digit or a letter"),
            Self::DigitOrX => f.write_str("a digit or X"),
            Self::CreditCodeCharacter => f.write_str("a digit or a letter except I, O, S, V and Z"),
            Self::MrzCharacter => f.write_str("a digit, a letter or <"),
            Self::Han => f.write_str("a Chinese character"),
            Self::Printable => f.write_str("a printable character"),
            Self::OneOf(list) => write!(f, "one of \"{list}\""),
        }
    }
}
