//! Names of people as papers write them: which differences matter and which do not.
//!
//! Width, spaces, invisible marks and the many middle dots are no difference. Absent on purpose: traditional and simplified
//! variants and pinyin order, which only a person may equate.

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
