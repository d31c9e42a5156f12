//! Numbers of real property: the certificate 不动产权证书 and the unit 不动产单元.

use std::fmt;

use time::Date;

use super::{Checked, Expected, Fields, Identifier, IdentifierFault, Lengths, RegionCode, describe_region, normal, region::is_region_name, text_identifier};

/// A property certificate number, for example 浙（2018）杭州市不动产权第0000001号, or the free text of a deed from before 2015.
/// Brackets are half-width in the one form and full-width in [`PropertyCertificateNo::printed`].
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PropertyCertificateNo {
    text: String,
    form: PropertyCertificateForm,
}

/// Which paper carries the number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PropertyCertificateForm {
    /// 不动产权证书, the title.
    Title {
        /// The place named in the number.
        place: String,
        /// The year of registration.
        year: i32,
    },
    /// 不动产登记证明, the proof of a mortgage or advance notice.
    Proof {
        /// The place named in the number.
        place: String,
        /// The year of registration.
        year: i32,
    },
    /// A deed of a house or land from before the uniform register.
    OldDeed,
}

text_identifier! {
    /// A property unit number 不动产单元号 of 28 characters: county, cadastral district and sub-district, parcel, building and unit.
    PropertyUnitNo, PropertyUnit
}

/// The short names of the provinces as certificates begin with them.
const PROVINCE_SHORT_NAMES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
/// Words that only deeds from before the uniform register carry.
const OLD_DEED_WORDS: [&str; 5] = ["房权证", "房产证", "国用", "集用", "土地证"];
/// The year of the first certificates.
const FIRST_YEAR: i32 = 2015;

impl PropertyCertificateNo {
    /// Reads a number on the given business date. A Zhejiang place that is not in the region list is a warning.
    pub fn parse(raw: &str, today: Date) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::bracketed(raw, '(', ')'))?;
        if OLD_DEED_WORDS.iter().any(|word| text.contains(word)) {
            return Ok(Checked::sound(Self {
                text,
                form: PropertyCertificateForm::OldDeed,
            }));
        }
        let chars: Vec<char> = text.chars().collect();
        let at = |position: usize| chars.get(position).copied().unwrap_or(' ');
        normal::admit(at(0), 0, Expected::OneOf(PROVINCE_SHORT_NAMES))?;
        normal::admit(at(1), 1, Expected::OneOf("("))?;
        (2..6).try_for_each(|position| normal::admit(at(position), position, Expected::Digit))?;
        normal::admit(at(6), 6, Expected::OneOf(")"))?;
        let year = chars[2..6].iter().fold(0, |year, digit| year * 10 + digit.to_digit(10).unwrap_or(0) as i32);
        if !(FIRST_YEAR..=today.year()).contains(&year) {
            return Err(IdentifierFault::YearOutOfRange { position: 2 });
        }
        let form = read_place(&chars[7..], year)?;
        let unknown = at(0) == '浙' && !form.place().is_some_and(is_region_name);
        Ok(Checked {
            value: Self { text, form },
            warning: unknown.then_some(IdentifierFault::PlaceUnknown { position: 7 }),
        })
    }

    /// Which paper carries the number.
    pub fn form(&self) -> &PropertyCertificateForm {
        &self.form
    }

    /// The number as papers print it, with full-width brackets.
    pub fn printed(&self) -> String {
        self.text.replace('(', "（").replace(')', "）")
    }
}

impl PropertyCertificateForm {
    /// The place named in the number.
    pub fn place(&self) -> Option<&str> {
        match self {
            Self::Title { place, .. } | Self::Proof { place, .. } => Some(place),
            Self::OldDeed => None,
        }
    }

    /// The year of registration.
    pub fn year(&self) -> Option<i32> {
        match self {
            Self::Title { year, .. } | Self::Proof { year, .. } => Some(*year),
            Self::OldDeed => None,
        }
    }

    /// The machine name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Title { .. } => "title",
            Self::Proof { .. } => "proof",
            Self::OldDeed => "old-deed",
        }
    }
}

/// Reads what follows the bracket at position 6: place, the word for the paper, seven digits, 号.
fn read_place(rest: &[char], year: i32) -> Result<PropertyCertificateForm, IdentifierFault> {
    const OFFSET: usize = 7;
    let text: String = rest.iter().collect();
    let title = text.split_once("不动产权第").map(|(place, serial)| (place, serial, false));
    let proof = text.split_once("不动产证明第").map(|(place, serial)| (place, serial, true));
    let Some((place, serial, is_proof)) = title.or(proof) else {
        return Err(IdentifierFault::KindUnknown { position: OFFSET });
    };
    place.chars().enumerate().try_for_each(|(at, c)| normal::admit(c, OFFSET + at, Expected::Han))?;
    normal::length(place, Lengths::Between(2, 15))?;
    let begin = OFFSET + rest.len() - serial.chars().count();
    let digits = serial.trim_end_matches('号');
    digits
        .chars()
        .enumerate()
        .try_for_each(|(at, c)| normal::admit(c, begin + at, Expected::Digit))?;
    normal::length(digits, Lengths::Exactly(7))?;
    normal::length(serial, Lengths::Exactly(8))?;
    let place = place.to_owned();
    Ok(if is_proof {
        PropertyCertificateForm::Proof { place, year }
    } else {
        PropertyCertificateForm::Title { place, year }
    })
}

impl Identifier for PropertyCertificateNo {
    fn fields(&self) -> Fields {
        let mut fields = Fields::from([("form", self.form.name().to_owned()), ("printed", self.printed())]);
        if let (Some(place), Some(year)) = (self.form.place(), self.form.year()) {
            fields.insert("place", place.to_owned());
            fields.insert("year", year.to_string());
        }
        fields
    }
}

/// The one form, with half-width brackets.
impl fmt::Display for PropertyCertificateNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for PropertyCertificateNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PropertyCertificateNo({})", self.form.name())
    }
}

impl PropertyUnitNo {
    /// Reads a number; an unknown county, or unit digits behind `W` (no attachment), are warnings.
    pub fn parse(raw: &str) -> Result<Checked<Self>, IdentifierFault> {
        let text = normal::admitted(raw, normal::compact(raw))?;
        normal::fit(&text, "############@@#####@########")?;
        let at = |position: usize| char::from(text.as_bytes()[position]);
        normal::admit(at(12), 12, Expected::OneOf("GJZ"))?;
        normal::admit(at(19), 19, Expected::OneOf("FLQW"))?;
        let county = RegionCode::within(&text, 0).judged(0)?;
        let stray = at(19) == 'W' && &text[20..] != "00000000";
        Ok(Checked {
            warning: county.or(stray.then_some(IdentifierFault::FormUnusual)),
            value: Self(text),
        })
    }

    /// The number in its four groups, as papers print it.
    pub fn printed(&self) -> String {
        [&self.0[..6], &self.0[6..12], &self.0[12..19], &self.0[19..]].join(" ")
    }
}

impl Identifier for PropertyUnitNo {
    fn fields(&self) -> Fields {
        let ownership = match self.0.as_bytes()[12] {
            b'G' => "state",
            b'J' => "collective",
            _ => "disputed",
        };
        let attachment = match self.0.as_bytes()[19] {
            b'F' => "building",
            b'L' => "forest",
            b'Q' => "other",
            _ => "none",
        };
        let mut fields = Fields::from([
            ("printed", self.printed()),
            ("ownership", ownership.to_owned()),
            ("attachment", attachment.to_owned()),
        ]);
        describe_region(&mut fields, RegionCode::within(&self.0, 0));
        fields
    }
}
