//! Finding a bundle by what a clerk types: Chinese, pinyin in full or initials, English, a department, common words, small typing errors.
//!
//! Everything is prepared when the catalogue is loaded; a search is one walk over the prepared terms. Absent on purpose: learning from past searches.

use onewindow_case::ids::{BundleId, MatterId};

use crate::bundle::Bundle;
use crate::distance::{distance_within, prefix_within};
use crate::letters::Letters;
use crate::pinyin_match::{self, Prepared, QUERY_MAX};

/// One bundle that a query may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The bundle.
    pub bundle: BundleId,
    /// The matter, when it was a matter's name that matched.
    pub matter: Option<MatterId>,
    /// What matched.
    pub matched: Matched,
    /// The text that matched.
    pub text: String,
    /// How well, 0 to 100.
    pub score: u32,
}

/// What a query matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matched {
    /// Nothing: the query was empty.
    Nothing,
    /// The bundle's name.
    Name,
    /// A word people use for it.
    Word,
    /// The name of one of its matters.
    Matter,
    /// The name of a department that takes part.
    Department,
}

/// Most hits returned.
const HITS_MAX: usize = 20;
/// Most words of a query that are looked at.
const TOKENS_MAX: usize = 8;
/// Words of a query that say nothing about the matter.
const EMPTY_WORDS: &[&str] = &[
    "a", "an", "the", "to", "of", "for", "i", "my", "want", "wants", "would", "like", "in", "on", "and", "open", "apply", "get", "我", "想", "我想", "要",
    "我要", "办", "办理",
];

/// Terms of all bundles, ready to be matched.
#[derive(Debug)]
pub(crate) struct SearchIndex {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    bundle: BundleId,
    name: String,
    terms: Vec<Term>,
}

#[derive(Debug)]
struct Term {
    matter: Option<MatterId>,
    matched: Matched,
    text: String,
    plain: String,
    plain_letters: Letters,
    typed: Prepared,
    readings: String,
    readings_letters: Letters,
    words: Vec<Word>,
    long_enough: bool,
}

/// A word of a term with the letters it has.
#[derive(Debug)]
struct Word {
    text: String,
    letters: Letters,
}

impl SearchIndex {
    pub fn new(bundles: &[Bundle]) -> Self {
        Self {
            entries: bundles.iter().map(entry).collect(),
        }
    }

    pub fn search(&self, query: &str) -> Vec<Hit> {
        let query = plain(&query.chars().take(QUERY_MAX).collect::<String>());
        if query.is_empty() {
            return self.entries.iter().map(Entry::unmatched).take(HITS_MAX).collect();
        }
        let whole = Needle::new(&query);
        let parts: Vec<Needle> = tokens(&query).iter().map(|token| Needle::new(token)).collect();
        let parts = if parts.len() == 1 && parts[0].text == query { Vec::new() } else { parts };
        let mut hits: Vec<Hit> = self.entries.iter().filter_map(|entry| entry.best(&whole, &parts)).collect();
        hits.sort_by_key(|hit| std::cmp::Reverse(hit.score));
        hits.truncate(HITS_MAX);
        hits
    }
}

impl Entry {
    fn unmatched(&self) -> Hit {
        Hit {
            bundle: self.bundle.clone(),
            matter: None,
            matched: Matched::Nothing,
            text: self.name.clone(),
            score: 0,
        }
    }

    /// The best of: the whole query on one term; else the mean over the query's words.
    fn best(&self, whole: &Needle, parts: &[Needle]) -> Option<Hit> {
        let whole = self.best_of(whole);
        let parts: Vec<Option<Hit>> = parts.iter().map(|part| self.best_of(part)).collect();
        let total: u32 = parts.iter().flatten().map(|hit| hit.score).sum();
        let count = u32::try_from(parts.len()).unwrap_or(1).max(1);
        let best_part = parts.into_iter().flatten().max_by_key(|hit| hit.score);
        let by_parts = best_part.map(|hit| Hit { score: total / count, ..hit });
        [whole, by_parts]
            .into_iter()
            .flatten()
            .max_by_key(|hit| hit.score)
            .filter(|hit| hit.score >= 20)
    }

    fn best_of(&self, needle: &Needle) -> Option<Hit> {
        let scored = self
            .terms
            .iter()
            .filter_map(|term| term.score(needle).map(|score| (term, score * term.weight() / 100)));
        // The first of equals is kept: names stand before words, words before matters.
        let best = scored.fold(None, |best: Option<(&Term, u32)>, (term, score)| match best {
            Some((_, known)) if known >= score => best,
            Some(_) | None => Some((term, score)),
        });
        best.map(|(term, score)| Hit {
            bundle: self.bundle.clone(),
            matter: term.matter.clone(),
            matched: term.matched,
            text: term.text.clone(),
            score,
        })
    }
}

impl Term {
    fn new(text: &str, matched: Matched, matter: Option<MatterId>) -> Self {
        let plain = plain(text);
        let words = plain
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| word.len() > 1)
            .map(|word| Word {
                text: word.to_owned(),
                letters: Letters::of(word),
            })
            .collect();
        let has_han = plain.chars().any(crate::names::is_han);
        let typed = if has_han { Prepared::of(&plain) } else { Prepared::default() };
        let readings = if has_han { pinyin_match::first_readings(&plain) } else { String::new() };
        let long_enough = plain.chars().count() >= 2;
        Self {
            matter,
            matched,
            text: text.to_owned(),
            plain_letters: Letters::of(&plain),
            plain,
            typed,
            readings_letters: Letters::of(&readings),
            readings,
            words,
            // A single character inside a longer query says nothing.
            long_enough,
        }
    }

    fn weight(&self) -> u32 {
        match self.matched {
            Matched::Name => 100,
            Matched::Word => 97,
            Matched::Matter => 85,
            Matched::Department => 60,
            Matched::Nothing => 0,
        }
    }

    fn score(&self, needle: &Needle) -> Option<u32> {
        self.literal_score(needle)
            .or_else(|| self.pinyin_score(needle))
            .or_else(|| self.near_score(needle))
    }

    fn literal_score(&self, needle: &Needle) -> Option<u32> {
        let query = needle.text.as_str();
        let may_occur = needle.bits.missing_in(self.plain_letters) == 0;
        match may_occur.then(|| self.plain.find(query)).flatten() {
            Some(0) if self.plain.len() == query.len() => return Some(100),
            Some(0) => return Some(92),
            Some(_) if needle.ascii && self.words.iter().any(|word| word.text.starts_with(query)) => return Some(86),
            Some(_) if needle.ascii && query.len() < 3 => return None,
            Some(_) if needle.ascii => return Some(60),
            Some(_) => return Some(84),
            None => {}
        }
        let contained = self.long_enough && query.len() > self.plain.len() && query.contains(self.plain.as_str());
        contained.then_some(80)
    }

    fn pinyin_score(&self, needle: &Needle) -> Option<u32> {
        if needle.ascii {
            let found = self.typed.find(&needle.letters, needle.bits)?;
            return Some(if found.at_start { 78 } else { 68 } + if found.to_end { 6 } else { 0 });
        }
        // Characters typed wrong but sounding right.
        let same_sound = needle.letters.len() >= 4 && self.readings.contains(&needle.letters);
        same_sound.then_some(62)
    }

    fn near_score(&self, needle: &Needle) -> Option<u32> {
        let query = needle.text.as_str();
        if !needle.ascii {
            return self.pair_score(needle);
        }
        let allowed = match query.len() {
            0..=3 => return None,
            4..=7 => 1,
            _ => 2,
        };
        let own = needle.bits;
        let may_be = |word: &Word| {
            word.text.len() >= 4
                && word.text.len().abs_diff(query.len()) <= allowed
                && own.missing_in(word.letters) <= allowed
                && word.letters.missing_in(own) <= allowed
        };
        let word = self.words.iter().any(|word| may_be(word) && distance_within(query, &word.text, allowed));
        if word {
            return Some(56);
        }
        let long_enough = !self.readings.is_empty() && self.readings.len() + allowed >= query.len();
        let may_begin = long_enough && own.missing_in(self.readings_letters) <= allowed;
        let reading = may_begin && prefix_within(query, &self.readings, allowed);
        reading.then_some(50)
    }

    /// Share of neighbouring Chinese characters of a query that the term has; nothing under one half.
    fn pair_score(&self, needle: &Needle) -> Option<u32> {
        let count = u32::try_from(needle.pairs.len()).unwrap_or(u32::MAX);
        let found = needle.pairs.iter().filter(|pair| self.plain.contains(pair.as_str())).count();
        let found = u32::try_from(found).unwrap_or(u32::MAX);
        (count > 0 && found * 2 >= count).then(|| 30 + 30 * found / count)
    }
}

/// A query, or one word of it, prepared once for all terms.
struct Needle {
    text: String,
    ascii: bool,
    /// Letters and digits of an ASCII query; else how the query sounds.
    letters: String,
    /// Which letters the query has.
    bits: Letters,
    /// Neighbouring Chinese characters.
    pairs: Vec<String>,
}

impl Needle {
    fn new(text: &str) -> Self {
        let ascii = text.is_ascii();
        let letters = if ascii {
            text.chars().filter(char::is_ascii_alphanumeric).collect()
        } else {
            pinyin_match::first_readings(text)
        };
        let characters: Vec<char> = text.chars().collect();
        let han = characters.windows(2).filter(|pair| pair.iter().all(|c| crate::names::is_han(*c)));
        Self {
            text: text.to_owned(),
            ascii,
            bits: Letters::of(text),
            letters,
            pairs: han.map(|pair| pair.iter().collect()).collect(),
        }
    }
}

fn entry(bundle: &Bundle) -> Entry {
    let mut terms = vec![Term::new(&bundle.name.zh, Matched::Name, None), Term::new(&bundle.name.en, Matched::Name, None)];
    terms.push(Term::new(bundle.id.as_str(), Matched::Word, None));
    terms.extend(bundle.words.iter().map(|word| Term::new(word, Matched::Word, None)));
    for matter in &bundle.matters {
        let id = || Some(matter.id.clone());
        terms.extend([
            Term::new(&matter.name.zh, Matched::Matter, id()),
            Term::new(&matter.name.en, Matched::Matter, id()),
        ]);
    }
    for department in bundle.departments.values() {
        for name in [&department.name.zh, &department.name.en, &department.short.zh] {
            terms.push(Term::new(name, Matched::Department, None));
        }
    }
    Entry {
        bundle: bundle.id.clone(),
        name: bundle.name.zh.clone(),
        terms,
    }
}

/// Lower case, half width, one space between words, no marks at the ends.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if ('\u{FF01}'..='\u{FF5E}').contains(&c) {
            char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c)
        } else {
            c
        };
        if c.is_whitespace() || c.is_control() || c == '_' {
            if !plain.ends_with(' ') && !plain.is_empty() {
                plain.push(' ');
            }
        } else if !matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}') {
            plain.extend(c.to_lowercase());
        }
    }
    plain.trim_end().to_owned()
}

/// Words of a query: split at spaces and where Chinese and letters meet, without empty words.
fn tokens(query: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut last = None;
    for c in query.chars() {
        let class = if crate::names::is_han(c) { 1 } else { u8::from(c.is_alphanumeric()) * 2 };
        match tokens.last_mut() {
            Some(token) if last == Some(class) && class != 0 => token.push(c),
            _ if class != 0 => tokens.push(c.to_string()),
            _ => {}
        }
        last = Some(class);
    }
    tokens.retain(|token| !EMPTY_WORDS.contains(&token.as_str()));
    tokens.truncate(TOKENS_MAX);
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_where_scripts_meet() {
        assert_eq!(tokens("想开一家ktv"), ["想开一家", "ktv"]);
        assert_eq!(tokens("wants to open a ktv"), ["ktv"]);
    }
}
