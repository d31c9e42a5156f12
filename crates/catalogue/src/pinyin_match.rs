//! Matching typed letters against Chinese text by pinyin: full, initials, or mixed, with every reading of a character.
//!
//! Absent on purpose: tones and guessing which reading is meant; any reading matches.

use pinyin::{ToPinyin, ToPinyinMulti};

use crate::letters::Letters;

/// Longest query that is matched, in bytes.
pub(crate) const QUERY_MAX: usize = 63;
/// Most readings kept of one character.
const READINGS_MAX: usize = 4;

/// One character of a text, with what may be typed for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Typed {
    readings: Vec<String>,
    han: bool,
}

/// How a query met a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PinyinMatch {
    /// It began at the first character.
    pub at_start: bool,
    /// It reached the last character.
    pub to_end: bool,
}

/// A text, ready to be matched.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    characters: Vec<Typed>,
    /// What may be typed first for each character, beside them so that a look at a text touches little memory.
    firsts: Vec<Letters>,
    /// Everything that may be typed for it.
    letters: Letters,
}

impl Prepared {
    /// Prepares a text (lower case). Signs that nobody types are left out.
    pub fn of(text: &str) -> Self {
        let characters: Vec<Typed> = text.chars().filter_map(typed).collect();
        let readings = || characters.iter().flat_map(|typed| &typed.readings);
        Self {
            letters: readings().flat_map(|reading| reading.bytes()).fold(Letters::default(), Letters::with),
            firsts: characters.iter().map(Typed::firsts).collect(),
            characters,
        }
    }

    /// Finds a query, lower-case letters and digits, whose letters are `of_query`.
    pub fn find(&self, query: &str, of_query: Letters) -> Option<PinyinMatch> {
        let first = *query.as_bytes().first()?;
        if query.len() > QUERY_MAX || !query.is_ascii() || of_query.missing_in(self.letters) > 0 {
            return None;
        }
        // A single letter in the middle of a name says nothing.
        let starts = if query.len() < 2 { 1 } else { self.firsts.len() };
        let candidates = self.firsts.iter().take(starts).enumerate().filter(|(_, firsts)| firsts.has(first));
        candidates.map(|(start, _)| start).find_map(|start| {
            let end = matched_end(query.as_bytes(), &self.characters[start..])?;
            Some(PinyinMatch {
                at_start: start == 0,
                to_end: start + end == self.characters.len(),
            })
        })
    }
}

impl Typed {
    fn firsts(&self) -> Letters {
        let firsts = self.readings.iter().filter_map(|reading| reading.bytes().next());
        firsts.fold(Letters::default(), Letters::with)
    }
}

/// The text as one string of its first readings, for comparison with mistyped queries.
pub(crate) fn first_readings(text: &str) -> String {
    let characters = text.chars().filter_map(typed);
    characters.filter_map(|typed| typed.readings.into_iter().next()).collect()
}

/// Number of characters used up when the whole query is matched from the first character on.
fn matched_end(query: &[u8], text: &[Typed]) -> Option<usize> {
    let mut reached: u64 = 1;
    for (index, typed) in text.iter().enumerate() {
        let mut next: u64 = 0;
        for offset in (0..query.len()).filter(|offset| reached & (1 << offset) != 0) {
            for reading in &typed.readings {
                next |= ends(&query[offset..], reading.as_bytes(), typed.han) << offset;
            }
        }
        if next & (1 << query.len()) != 0 {
            return Some(index + 1);
        }
        if next == 0 {
            return None;
        }
        reached = next;
    }
    None
}

/// Lengths of the rest that one reading may take, as bits: its initial, the whole of it, or, at the very end, any beginning.
fn ends(rest: &[u8], reading: &[u8], han: bool) -> u64 {
    let common = rest.iter().zip(reading).take_while(|(a, b)| a == b).count();
    if common == 0 {
        return 0;
    }
    let mut bits = 0;
    if common == reading.len() || common == rest.len() {
        bits |= 1 << common;
    }
    if han {
        bits |= 1 << 1;
        let double = matches!(reading, [b'z' | b'c' | b's', b'h', ..]);
        if double && common >= 2 {
            bits |= 1 << 2;
        }
    }
    bits
}

fn typed(c: char) -> Option<Typed> {
    let mut readings: Vec<String> = Vec::new();
    if let Some(multi) = c.to_pinyin_multi() {
        readings.extend(c.to_pinyin().map(|reading| reading.plain().replace('ü', "v")));
        for reading in multi {
            let plain = reading.plain().replace('ü', "v");
            if readings.len() < READINGS_MAX && !readings.contains(&plain) {
                readings.push(plain);
            }
        }
    }
    if !readings.is_empty() {
        return Some(Typed { readings, han: true });
    }
    c.is_ascii_alphanumeric().then(|| Typed {
        readings: vec![c.to_ascii_lowercase().to_string()],
        han: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(query: &str, text: &Prepared) -> Option<PinyinMatch> {
        text.find(query, Letters::of(query))
    }

    #[test]
    fn initials_full_pinyin_and_both_mixed_are_found() {
        let text = Prepared::of("新生儿出生");
        for query in ["x", "xs", "xse", "xse", "xinsheng", "xinshengerchusheng", "xinse", "xinshe", "xshe", "xsec"] {
            assert!(find(query, &text).is_some_and(|found| found.at_start), "{query}");
        }
        for query in ["xsx", "xinshengg", "q", ""] {
            assert_eq!(find(query, &text), None, "{query}");
        }
    }

    #[test]
    fn every_reading_of_a_character_is_found() {
        let text = Prepared::of("银行");
        assert!(find("yinhang", &text).is_some());
        assert!(find("yinxing", &text).is_some());
    }

    #[test]
    fn letters_inside_chinese_stand_for_themselves() {
        let text = Prepared::of("卡拉ok");
        for query in ["klok", "kalaok", "kl", "ok"] {
            assert!(find(query, &text).is_some(), "{query}");
        }
    }
}
