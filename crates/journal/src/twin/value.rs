//! Values that refuse to be read when they are wrong: digests as 64 hexadecimal digits, days as `2026-11-22`.

use onewindow_case::ids::Digest;
use serde::de::{Error, Unexpected};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// A digest, 64 hexadecimal digits in lower case.
#[derive(Clone, Copy)]
pub(crate) struct Hex(Digest);

impl From<Digest> for Hex {
    fn from(digest: Digest) -> Self {
        Self(digest)
    }
}

impl From<Hex> for Digest {
    fn from(hex: Hex) -> Self {
        hex.0
    }
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Digest::parse_hex(&text)
            .map(Self)
            .ok_or_else(|| D::Error::invalid_value(Unexpected::Other("text"), &"64 hexadecimal digits"))
    }
}

/// A calendar day of the years 1 to 9999.
#[derive(Clone, Copy)]
pub(crate) struct Day(Date);

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self(date)
    }
}

impl From<Day> for Date {
    fn from(day: Day) -> Self {
        day.0
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:04}-{:02}-{:02}", self.0.year(), u8::from(self.0.month()), self.0.day()))
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Date::parse(&text, DAY)
            .map(Self)
            .map_err(|_no_day| D::Error::invalid_value(Unexpected::Other("text"), &"a day like 2026-11-22"))
    }
}
