//! The one form of each kind of value: dates, sexes, numbers, names. A value that cannot be one gives nothing.
//! Absent on purpose: check digits, which `onewindow_case::identifier` owns.

use onewindow_case::identifier::guess_ethnic_group;
use time::{Date, Month};

/// Text as printed, without the signs that separate it from its label. Nothing when nothing is left.
pub(super) fn plain(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | ';' | ',' | '.' | '、' | '。' | '|' | '_' | '-' | '/' | '—'));
    (!text.is_empty()).then(|| text.to_owned())
}

/// A name of a person: two to thirty characters up to a digit or bracket. Where a Chinese name stands, Latin letters are the
/// translation of the label.
pub(super) fn person(text: &str) -> Option<String> {
    let is_han = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c) || ('\u{3400}'..='\u{4DBF}').contains(&c) || c >= '\u{20000}';
    let chinese = text.chars().any(is_han);
    let text: String = plain(text)?
        .chars()
        .skip_while(|c| chinese && !is_han(*c))
        .take_while(|c| !(c.is_ascii_digit() || matches!(c, ':' | ',' | '(' | ')') || chinese && c.is_ascii_alphabetic()))
        .collect();
    let text = plain(&text)?;
    (2..=30).contains(&text.chars().count()).then_some(text)
}

/// A name of an institution: the text without the translation of its label.
pub(super) fn han(text: &str) -> Option<String> {
    plain(text.trim_start_matches(|c: char| c.is_ascii()))
}

/// An ethnic group: the name without 族, as the list of groups writes it where one is near; any other as read.
pub(super) fn ethnic(text: &str) -> Option<String> {
    let text: String = plain(text)?.chars().filter(|c| !c.is_ascii()).collect();
    let name = text.strip_suffix('族').filter(|name| !name.is_empty()).unwrap_or(&text);
    match guess_ethnic_group(name) {
        Some(group) => Some(group.zh.to_owned()),
        None => (1..=6).contains(&name.chars().count()).then(|| name.to_owned()),
    }
}

/// `male` or `female`.
pub(super) fn sex(text: &str) -> Option<String> {
    let first = text.chars().find(|c| matches!(c, '男' | '女'))?;
    Some(if first == '男' { "male" } else { "female" }.to_owned())
}

/// Never a value: for labels that only end the value before them.
pub(super) fn nothing(_: &str) -> Option<String> {
    None
}

/// The first date in the text, `YYYY-MM-DD`.
pub(super) fn date(text: &str) -> Option<String> {
    dates(text).into_iter().next()
}

/// The first date of a term.
pub(super) fn term_start(text: &str) -> Option<String> {
    date(text)
}

/// The last date of a term, or `long-term`.
pub(super) fn term_end(text: &str) -> Option<String> {
    if text.contains("长期") {
        return Some("long-term".to_owned());
    }
    let found = dates(text);
    (found.len() >= 2).then(|| found.last().cloned()).flatten()
}

/// A resident number: 17 digits and a digit or X. Letters that are printed like digits are read as digits, since none can stand
/// there; the check digit decides afterwards.
pub(super) fn resident_id(text: &str) -> Option<String> {
    let read: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | ':' | '.' | ','))
        .map(|c| match c {
            'O' | 'o' | 'D' => '0',
            'l' | 'I' | '|' => '1',
            'x' | '×' | 'χ' => 'X',
            other => other,
        })
        .collect();
    let characters: Vec<char> = read.chars().collect();
    let fits = |part: &[char]| part[..17].iter().all(char::is_ascii_digit) && (part[17].is_ascii_digit() || part[17] == 'X');
    // A longer run of digits is another number.
    let start = characters.windows(18).position(fits)?;
    let lonely = |at: Option<&char>| at.is_none_or(|c| !c.is_ascii_digit());
    let before = start.checked_sub(1).and_then(|i| characters.get(i));
    (lonely(before) && lonely(characters.get(start + 18))).then(|| characters[start..start + 18].iter().collect())
}

/// A unified social credit code: 18 capitals and digits.
pub(super) fn credit_code(text: &str) -> Option<String> {
    run(text, 18, |c| c.is_ascii_digit() || c.is_ascii_uppercase())
}

/// A certificate or invoice number: the longest run of letters, digits, brackets and the characters of such numbers, at least 6.
pub(super) fn number(text: &str) -> Option<String> {
    let text = plain(text)?;
    (6..=60).contains(&text.chars().count()).then_some(text)
}

/// A number of digits only, 8 to 20 of them: codes and numbers of invoices.
pub(super) fn digits_only(text: &str) -> Option<String> {
    let digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != ':')
        .take_while(char::is_ascii_digit)
        .collect();
    (8..=20).contains(&digits.len()).then_some(digits)
}

/// A sum of money as `1234.56`.
pub(super) fn sum(text: &str) -> Option<String> {
    let from = text.find(|c: char| c.is_ascii_digit())?;
    let number: String = text[from..]
        .chars()
        .filter(|c| *c != ',')
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let (whole, cents) = number.split_once('.')?;
    (!whole.is_empty() && cents.len() == 2 && whole.len() <= 12).then_some(number)
}

/// A property certificate number anywhere in a text: from the province's short name to 号.
pub(super) fn property_certificate_no(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let word = text.find("不动产权第").or_else(|| text.find("不动产证明第"))?;
    let start = text[..word].rfind(['(', '（'])?;
    let province = text[..start].chars().next_back()?;
    let end = word + text[word..].find('号')? + '号'.len_utf8();
    Some(format!("{province}{}", &text[start..end]).replace('（', "(").replace('）', ")"))
}

/// A birth certificate number: a capital and nine digits.
pub(super) fn birth_certificate_no(text: &str) -> Option<String> {
    let characters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let fits = |part: &&[char]| part[0].is_ascii_uppercase() && part[1..].iter().all(char::is_ascii_digit);
    characters.windows(10).find(fits).map(|part| part.iter().collect())
}

/// A run of exactly `length` characters of a kind.
fn run(text: &str, length: usize, of: impl Fn(char) -> bool) -> Option<String> {
    text.split(|c: char| !of(c)).find(|part| part.len() == length).map(str::to_owned)
}

/// All dates like 1986年3月14日, 1986-03-14, 2018.05.20, 20180520 in order.
fn dates(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let characters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut at = 0;
    while at < characters.len() && found.len() < 8 {
        match date_at(&characters[at..]) {
            Some((date, length)) => {
                found.push(date);
                at += length;
            }
            None => at += 1,
        }
    }
    found
}

fn date_at(text: &[char]) -> Option<(String, usize)> {
    let (year, mut at) = digits(text, 4, 4)?;
    let separated = text.get(at).is_some_and(|c| !c.is_ascii_digit());
    let skip = |at: &mut usize| {
        if separated {
            let is_separator = text.get(*at).is_some_and(|c| matches!(c, '年' | '月' | '.' | '-' | '/' | '—' | '·' | ','));
            *at += usize::from(is_separator);
            is_separator
        } else {
            true
        }
    };
    if !skip(&mut at) {
        return None;
    }
    let (month, used) = digits(&text[at..], if separated { 1 } else { 2 }, 2)?;
    at += used;
    if !skip(&mut at) {
        return None;
    }
    let (day, used) = digits(&text[at..], if separated { 1 } else { 2 }, 2)?;
    at += used;
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(i32::try_from(year).ok()?, month, u8::try_from(day).ok()?).ok()?;
    (1890..2200).contains(&date.year()).then(|| (date.to_string(), at))
}

fn digits(text: &[char], least: usize, most: usize) -> Option<(u32, usize)> {
    let count = text.iter().take(most).take_while(|c| c.is_ascii_digit()).count();
    (count >= least).then(|| (text[..count].iter().filter_map(|c| c.to_digit(10)).fold(0, |n, d| n * 10 + d), count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_are_read_in_every_printed_form() {
        for (text, expected) in [
            ("1986年3月14日", Some("1986-03-14")),
            ("1986 年 03 月 14 日", Some("1986-03-14")),
            ("2018.05.20-2038.05.20", Some("2018-05-20")),
            ("20180520", Some("2018-05-20")),
            ("2026年01月05日08时30分", Some("2026-01-05")),
            ("1986年13月14日", None),
            ("2001年2月29日", None),
            ("", None),
        ] {
            assert_eq!(date(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_resident_number_is_cut_out_but_never_guessed() {
        assert_eq!(resident_id("号码330302198603149990").as_deref(), Some("330302198603149990"));
        assert_eq!(resident_id("33052319970620999x").as_deref(), Some("33052319970620999X"));
        assert_eq!(resident_id("33O302I98603149990").as_deref(), Some("330302198603149990"));
        assert_eq!(resident_id("3303021986031499901"), None);
        assert_eq!(resident_id("33030219860314999"), None);
    }

    #[test]
    fn an_ethnic_group_is_written_as_its_list_writes_it() {
        for (text, expected) in [
            ("汉", Some("汉")),
            ("朝鮮族", Some("朝鲜")),
            ("Ethnicity 土家族", Some("土家")),
            ("穿青人", Some("穿青人")), // not of the list, yet on identity cards
            ("外国血统中国籍人士", Some("外国血统中国籍人士")),
            ("浙江省云溪市城东街道", None),
            ("", None),
        ] {
            assert_eq!(ethnic(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn sums_and_numbers_of_certificates_are_cut_out() {
        assert_eq!(sum("¥1,234.56").as_deref(), Some("1234.56"));
        assert_eq!(sum("壹佰元整"), None);
        assert_eq!(digits_only(":033002600111"), Some("033002600111".to_owned()));
        assert_eq!(digits_only("0330A"), None);
        let number = property_certificate_no("浙（2023）云溪市不动产权第0000123号 附记");
        assert_eq!(number.as_deref(), Some("浙(2023)云溪市不动产权第0000123号"));
        assert_eq!(property_certificate_no("不动产权证书"), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_a_form_panic(text in "\\PC{0,60}") {
            for form in [
                plain, person, han, nothing, ethnic, sex, date, term_start, term_end, resident_id, credit_code, number, birth_certificate_no, digits_only, sum,
                property_certificate_no,
            ] {
                let _ = form(&text);
            }
        }

        #[test]
        fn every_printed_date_is_read_back(year in 1900i32..2100, ordinal in 1u16..=365) {
            let day = Date::from_ordinal_date(year, ordinal).expect("365 days in every year");
            let printed = format!("出生{}年{}月{}日", day.year(), u8::from(day.month()), day.day());
            prop_assert_eq!(date(&printed), Some(day.to_string()));
        }
    }
}
