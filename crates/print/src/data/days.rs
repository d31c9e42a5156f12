//! How days and minutes are written in JSON.

/// Days as `2026-11-22`.
pub(crate) mod day {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _, ser::Error as _};
    use time::{Date, format_description::BorrowedFormatItem, macros::format_description};

    pub(super) const FORM: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

    pub(crate) fn serialize<S: Serializer>(day: &Date, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&day.format(FORM).map_err(S::Error::custom)?)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Date, D::Error> {
        Date::parse(&String::deserialize(input)?, FORM).map_err(D::Error::custom)
    }
}

/// Days as `2026-11-22`, or null.
pub(super) mod day_or_none {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _};
    use time::Date;

    use super::day;

    pub(crate) fn serialize<S: Serializer>(value: &Option<Date>, out: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => day::serialize(value, out),
            None => out.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Date>, D::Error> {
        Option::<String>::deserialize(input)?
            .map(|text| Date::parse(&text, day::FORM).map_err(D::Error::custom))
            .transpose()
    }
}

/// Minutes as `2026-11-22T14:54`, or null.
pub(super) mod minute_or_none {
    use serde::{Deserialize, Deserializer, Serializer, de::Error as _, ser::Error as _};
    use time::{PrimitiveDateTime, format_description::BorrowedFormatItem, macros::format_description};

    const FORM: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]");

    pub(crate) fn serialize<S: Serializer>(value: &Option<PrimitiveDateTime>, out: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => out.serialize_str(&value.format(FORM).map_err(S::Error::custom)?),
            None => out.serialize_none(),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Option<PrimitiveDateTime>, D::Error> {
        Option::<String>::deserialize(input)?
            .map(|text| PrimitiveDateTime::parse(&text, FORM).map_err(D::Error::custom))
            .transpose()
    }
}
