//! Names of people as papers write them: which differences matter and which do not.
//!
//! Width, spaces, invisible marks and the many middle dots are no difference. A variant form of a character, a name in pinyin
//! instead of characters, a character that a machine could not write, or a dot left out are differences that only a person may
//! call none; [`compare_names`] tells them apart from another name. Absent on purpose: rewriting any of them.

use std::collections::HashMap;
use std::sync::LazyLock;

use pinyin::ToPinyinMulti;
use unicode_normalization::UnicodeNormalization;

/// Longest name compared, in characters; the rest is cut off so that a hostile value costs nothing.
const NAME_MAX: usize = 256;

/// The name reduced to what distinguishes it: half width, no spaces or invisible marks, one kind of middle dot, upper case.
pub fn normalise_name(name: &str) -> String {
    name.chars().take(NAME_MAX).filter_map(normal_char).flat_map(char::to_uppercase).collect()
}

/// Whether two papers name the same person or organisation, as far as a machine may say.
pub fn same_name(a: &str, b: &str) -> bool {
    let (a, b) = (normalise_name(a), normalise_name(b));
    !a.is_empty() && a == b
}

/// How far two papers agree on a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameAgreement {
    /// The same, as far as a machine may say.
    Same,
    /// Traditional or variant forms of the same characters (蘇 and 苏).
    Variant,
    /// The same but for a middle dot that one of them leaves out, as older registers do.
    DotMissing,
    /// One is the other in pinyin, surname first or last, whatever the spelling of ü.
    Pinyin,
    /// One has a sign where a rare character could not be written (□, ?, *), the rest agrees.
    Unwritten,
    /// Another name.
    Different,
}

/// Compares two names with care. Never says [`NameAgreement::Same`] where [`same_name`] does not.
pub fn compare_names(a: &str, b: &str) -> NameAgreement {
    let (a, b) = (normalise_name(a), normalise_name(b));
    if a.is_empty() || b.is_empty() {
        return NameAgreement::Different;
    }
    if a == b {
        return NameAgreement::Same;
    }
    let (folded_a, folded_b) = (fold(&a), fold(&b));
    if folded_a == folded_b {
        return NameAgreement::Variant;
    }
    let without_dot = |name: &str| name.replace('·', "");
    if without_dot(&folded_a) == without_dot(&folded_b) {
        return NameAgreement::DotMissing;
    }
    if is_pinyin_of(&a, &b) || is_pinyin_of(&b, &a) {
        return NameAgreement::Pinyin;
    }
    if agrees_but_for_unwritten(&folded_a, &folded_b) {
        return NameAgreement::Unwritten;
    }
    NameAgreement::Different
}

/// A personal name of 2 to 6 Han characters, or of up to 30 with a middle dot between parts, as minorities write it.
pub fn is_chinese_name(name: &str) -> bool {
    let name = normalise_name(name);
    if name.chars().any(|c| c != '·' && !is_han(c)) {
        return false;
    }
    let parts: Vec<usize> = name.split('·').map(|part| part.chars().count()).collect();
    let count: usize = parts.iter().sum();
    match parts.len() {
        0 => false,
        1 => (2..=6).contains(&count),
        _ => count <= 30 && parts.iter().all(|part| *part > 0),
    }
}

/// Surnames of two characters that are still borne.
const DOUBLE_SURNAMES: &[&str] = &[
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "司空", "夏侯", "轩辕", "长孙", "宇文", "闻人", "端木", "南宫",
    "独孤", "西门", "东郭", "淳于", "单于", "太史", "申屠", "钟离", "呼延", "公羊", "万俟", "赫连", "澹台", "濮阳", "鲜于", "百里", "拓跋",
];

/// The surname of a Chinese name: the first character, or one of the double surnames.
pub(crate) fn surname_of(name: &str) -> String {
    let name = normalise_name(name);
    let double = DOUBLE_SURNAMES.iter().find(|surname| name.starts_with(**surname));
    double.map_or_else(|| name.chars().take(1).collect(), |surname| (*surname).to_owned())
}

/// Number of Han characters in a text.
pub(crate) fn han_count(text: &str) -> usize {
    text.chars().filter(|c| is_han(*c)).count()
}

pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}' | '〇')
}

/// Simplified form of every character, compatibility forms resolved.
fn fold(name: &str) -> String {
    name.nfkc().map(|c| VARIANTS.get(&c).copied().unwrap_or(c)).collect()
}

/// Traditional or variant character to its simplified form.
static VARIANTS: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let mut variants = HashMap::new();
    for line in include_str!("../../../assets/han-variants.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut characters = line.chars();
        let Some(simplified) = characters.next() else { continue };
        variants.extend(characters.map(|variant| (variant, simplified)));
    }
    variants
});

/// Longest name of characters that is compared with pinyin.
const PINYIN_NAME_MAX: usize = 12;
/// Most readings tried in all.
const READINGS_MAX: usize = 256;

/// Whether `latin` spells the characters of `han`: whole name, or given name before surname.
fn is_pinyin_of(latin: &str, han: &str) -> bool {
    let letters: String = latin.chars().filter(|c| c.is_ascii_alphabetic()).collect::<String>().to_ascii_lowercase();
    let characters: Vec<char> = fold(han).chars().filter(|c| is_han(*c)).collect();
    let plain = latin.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, '·' | ',' | '-' | '\'' | '.'));
    if letters.is_empty()
        || !plain
        || characters.is_empty()
        || characters.len() > PINYIN_NAME_MAX
        || han_count(han) != han.chars().filter(|c| *c != '·').count()
    {
        return false;
    }
    let surname = surname_of(&characters.iter().collect::<String>()).chars().count().min(characters.len());
    let given_first: Vec<char> = characters[surname..].iter().chain(&characters[..surname]).copied().collect();
    spells(&letters, &characters) || spells(&letters, &given_first)
}

/// Whether the letters are one reading after the other; ü may be written v, yu, u or ue.
fn spells(letters: &str, characters: &[char]) -> bool {
    let mut open: Vec<&str> = vec![letters];
    for character in characters {
        let readings = readings(*character);
        let mut next: Vec<&str> = Vec::new();
        for rest in open {
            next.extend(readings.iter().filter_map(|reading| rest.strip_prefix(reading.as_str())));
        }
        next.sort_unstable();
        next.dedup();
        next.truncate(READINGS_MAX);
        if next.is_empty() {
            return false;
        }
        open = next;
    }
    open.contains(&"")
}

fn readings(character: char) -> Vec<String> {
    let Some(multi) = character.to_pinyin_multi() else { return Vec::new() };
    let mut readings = Vec::new();
    for reading in multi {
        let plain = reading.plain();
        if plain.contains('ü') {
            readings.extend(["v", "yu", "u"].map(|spelling| plain.replace('ü', spelling)));
        } else {
            readings.push(plain.to_owned());
            // Identity papers of the last years write lü and nü as LYU and NYU; older ones as LV and LU.
            if plain.starts_with('l') || plain.starts_with('n') {
                readings.extend(plain.contains('v').then(|| plain.replace('v', "yu")));
                readings.extend(plain.contains('v').then(|| plain.replace('v', "u")));
            }
        }
    }
    readings
}

/// Signs that stand where a machine could not write a character, private use characters among them.
fn is_unwritten(c: char) -> bool {
    matches!(c, '□' | '〓' | '?' | '*' | '■' | '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

fn agrees_but_for_unwritten(a: &str, b: &str) -> bool {
    let same_length = a.chars().count() == b.chars().count();
    let mut written = 0;
    let agrees = a.chars().zip(b.chars()).all(|(a, b)| {
        let unwritten = is_unwritten(a) != is_unwritten(b);
        written += usize::from(!unwritten && a == b);
        unwritten || a == b
    });
    // At least one character must be there to agree on.
    same_length && agrees && written > 0
}

fn normal_char(c: char) -> Option<char> {
    match c {
        '·' | '•' | '・' | '･' | '‧' | '∙' | '⋅' | '●' | '．' | '﹒' | '\u{1427}' => Some('·'),
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0),
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{00AD}' => None,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => None,
        c if c.is_whitespace() || c.is_control() => None,
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_spaces_and_dots_are_no_difference() {
        for (a, b) in [
            ("阿依古丽·买买提", "阿依古丽•买买提"),
            ("周 予 川", "周予川"),
            ("ＬＩＵ　Ｙａｎ", "liu yan"),
            ("\u{202E}苏念安", "苏念安\u{200B}"),
        ] {
            assert!(same_name(a, b), "{a} {b}");
        }
    }

    #[test]
    fn differences_that_only_a_person_may_call_none_are_told_apart() {
        use NameAgreement::{Different, DotMissing, Pinyin, Same, Unwritten, Variant};
        for (a, b, expected) in [
            ("苏念安", "苏 念 安", Same),
            ("蘇念安", "苏念安", Variant),
            ("陳曉燕", "陈晓燕", Variant),
            ("王昇峯", "王升峰", Variant),
            ("阿依古丽·买买提", "阿依古丽买买提", DotMissing),
            ("SU NIANAN", "苏念安", Pinyin),
            ("Nianan, Su", "苏念安", Pinyin),
            ("苏念安", "NIANAN SU", Pinyin),
            ("LYU XIAOMING", "吕晓明", Pinyin),
            ("LV XIAOMING", "吕晓明", Pinyin),
            ("OUYANG MIN", "欧阳敏", Pinyin),
            ("MIN OUYANG", "欧阳敏", Pinyin),
            ("王□明", "王䶮明", Unwritten),
            ("王?明", "王喆明", Unwritten),
            ("王\u{E815}明", "王䶮明", Unwritten),
            ("□□", "王明", Different),
            ("苏念安", "苏念宁", Different),
            ("苏念安", "念安苏", Different),
            ("SU NIANNING", "苏念安", Different),
            ("苏念", "苏念安", Different),
            ("", "", Different),
        ] {
            assert_eq!(compare_names(a, b), expected, "{a} {b}");
            assert_eq!(compare_names(b, a), expected, "{b} {a}: the order does not matter");
        }
    }

    #[test]
    fn the_table_of_variants_folds_in_one_step() {
        for (variant, simplified) in VARIANTS.iter() {
            assert!(!VARIANTS.contains_key(simplified), "{variant} folds to {simplified}, which folds on");
        }
        assert!(VARIANTS.len() > 3_500, "{}", VARIANTS.len());
    }

    proptest::proptest! {
        #[test]
        fn comparing_never_breaks_and_has_no_order(a in "\\PC{0,40}", b in "\\PC{0,40}") {
            proptest::prop_assert_eq!(compare_names(&a, &b), compare_names(&b, &a));
            proptest::prop_assert_eq!(compare_names(&a, &b) == NameAgreement::Same, same_name(&a, &b));
        }
    }

    #[test]
    fn another_character_is_a_difference() {
        assert!(!same_name("苏念安", "苏念宁"));
        assert!(!same_name("", ""), "two missing names agree on nothing");
    }

    #[test]
    fn the_form_of_a_name_is_known() {
        for (name, expected) in [
            ("周知夏", true),
            ("阿依古丽·买买提", true),
            ("周", false),
            ("周知夏夏夏夏夏", false),
            ("周A", false),
            ("·周", false),
            ("", false),
            ("周😀", false),
        ] {
            assert_eq!(is_chinese_name(name), expected, "{name}");
        }
    }
}
