//! Bringing what was typed or read into one form before any check, and comparing it with a shape.
//!
//! Absent on purpose: guessing. A letter O is never taken for a zero here; the repair of machine-read lines is a step of its own
//! in `mrz`, and it accepts a change only when the check digits then fit.

use time::{Date, Month};

use super::fault::{Expected, IdentifierFault, Lengths};

/// The most characters that are looked at; the longest format (a machine-readable zone) has 92.
pub const INPUT_LIMIT_CHARS: usize = 256;

/// Full-width to half-width, upper case, without spaces and hyphens, trimmed.
pub(super) fn compact(raw: &str) -> String {
    kept(raw, |c| !is_space(c) && !is_hyphen(c))
}

/// As [`compact`], but every kind of hyphen stays as `-`, for numbers whose hyphens divide parts.
pub(super) fn hyphenated(raw: &str) -> String {
    kept(raw, |c| !is_space(c)).chars().map(|c| if is_hyphen(c) { '-' } else { c }).collect()
}

/// As [`compact`], with every kind of bracket as the given pair.
pub(super) fn bracketed(raw: &str, open: char, close: char) -> String {
    let brackets = |c| match c {
        '(' | '[' | '〔' | '【' => open,
        ')' | ']' | '〕' | '】' => close,
        other => other,
    };
    compact(raw).chars().map(brackets).collect()
}

/// Refuses input that is empty once normalised, or too long to be a number.
pub(super) fn admitted(raw: &str, normalised: String) -> Result<String, IdentifierFault> {
    if raw.chars().nth(INPUT_LIMIT_CHARS).is_some() {
        return Err(IdentifierFault::TooLong { limit: INPUT_LIMIT_CHARS });
    }
    if normalised.is_empty() { Err(IdentifierFault::Empty) } else { Ok(normalised) }
}

/// Compares a value with a shape of the same length: `#` a digit, `@` a letter, `&` a digit or letter but not I and O,
/// `*` a digit or letter, `$` a digit or X, `%` a character of GB 32100; anything else stands for itself.
/// A value that fits is ASCII wherever the shape is, so it may be sliced by position.
pub(super) fn fit(value: &str, shape: &'static str) -> Result<(), IdentifierFault> {
    length(value, Lengths::Exactly(shape.chars().count()))?;
    let mut rest = shape;
    for (position, c) in value.chars().enumerate() {
        let Some(mark) = rest.chars().next() else { break };
        let (own, next) = rest.split_at(mark.len_utf8());
        let expected = match mark {
            '#' => Expected::Digit,
            '@' => Expected::Letter,
            '&' => Expected::DigitOrLetterExceptIo,
            '*' => Expected::DigitOrLetter,
            '$' => Expected::DigitOrX,
            '%' => Expected::CreditCodeCharacter,
            _ => Expected::OneOf(own),
        };
        admit(c, position, expected)?;
        rest = next;
    }
    Ok(())
}

/// Compares one character with what may stand in its place.
pub(super) fn admit(c: char, position: usize, expected: Expected) -> Result<(), IdentifierFault> {
    if expected.admits(c) {
        Ok(())
    } else {
        Err(IdentifierFault::Character { position, expected })
    }
}

/// Requires digits only.
pub(super) fn digits(value: &str) -> Result<(), IdentifierFault> {
    value.chars().enumerate().try_for_each(|(position, c)| admit(c, position, Expected::Digit))
}

/// Requires one of the lengths, in characters.
pub(super) fn length(value: &str, expected: Lengths) -> Result<(), IdentifierFault> {
    let found = value.chars().count();
    let fits = match expected {
        Lengths::Exactly(one) => found == one,
        Lengths::AnyOf(some) => some.contains(&found),
        Lengths::Between(from, to) => (from..=to).contains(&found),
    };
    if fits { Ok(()) } else { Err(IdentifierFault::Length { expected, found }) }
}

/// Reads `YYYYMMDD` digits that begin at `position` of the whole number.
pub(super) fn full_date(text: &str, position: usize) -> Result<Date, IdentifierFault> {
    let (Some(year), Some(rest)) = (text.get(..4), text.get(4..)) else {
        return Err(IdentifierFault::DateImpossible { position });
    };
    dated(year.parse().unwrap_or(0), rest, position)
}

/// Reads `YYMMDD` digits of a birth: a year after today's belongs to the century before (a person over 100 has to be typed in full).
pub(super) fn short_birth_date(text: &str, position: usize, today: Date) -> Result<Date, IdentifierFault> {
    let (Some(year), Some(rest)) = (text.get(..2), text.get(2..)) else {
        return Err(IdentifierFault::DateImpossible { position });
    };
    let year: i32 = year.parse().unwrap_or(0);
    let century = if year > today.year().rem_euclid(100) { 1900 } else { 2000 };
    let date = dated(century + year, rest, position)?;
    if date > today {
        Err(IdentifierFault::DateInFuture { position })
    } else {
        Ok(date)
    }
}

/// Reads `YYMMDD` digits of an expiry, always in this century.
pub(super) fn short_expiry_date(text: &str, position: usize) -> Result<Date, IdentifierFault> {
    let (Some(year), Some(rest)) = (text.get(..2), text.get(2..)) else {
        return Err(IdentifierFault::DateImpossible { position });
    };
    dated(2000 + year.parse().unwrap_or(0), rest, position)
}

fn dated(year: i32, month_day: &str, position: usize) -> Result<Date, IdentifierFault> {
    let number = |from: usize, to: usize| month_day.get(from..to).and_then(|part| part.parse::<u8>().ok());
    let date = number(0, 2)
        .and_then(|month| Month::try_from(month).ok())
        .zip(number(2, 4))
        .and_then(|(month, day)| Date::from_calendar_date(year, month, day).ok());
    date.ok_or(IdentifierFault::DateImpossible { position })
}

fn kept(raw: &str, keep: impl Fn(char) -> bool) -> String {
    let text: String = raw.chars().take(INPUT_LIMIT_CHARS).map(half_width).filter(|c| keep(*c)).collect();
    text.trim().to_ascii_uppercase()
}

/// Full-width forms lie 0xFEE0 above ASCII.
fn half_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    }
}

fn is_space(c: char) -> bool {
    matches!(
        c,
        ' ' | '\u{a0}' | '\u{2000}'..='\u{200b}' | '\u{202f}' | '\u{205f}' | '\u{2060}' | '\u{3000}' | '\u{feff}'
    )
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{ad}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}')
}
