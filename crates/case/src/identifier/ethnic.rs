//! Ethnic groups and their codes (GB/T 3304), as household registers and birth certificates name them.

/// An ethnic group of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EthnicGroup {
    /// Two digits.
    pub code: &'static str,
    /// The Chinese name without 族.
    pub zh: &'static str,
    /// The English name.
    pub en: &'static str,
}

/// Every group in the order of the codes; 97 stands for other groups, 98 for naturalised persons of foreign descent.
pub fn ethnic_groups() -> &'static [EthnicGroup] {
    &GROUPS
}

/// The group with this code of two digits or this Chinese name, with or without 族.
pub fn find_ethnic_group(code_or_name: &str) -> Option<&'static EthnicGroup> {
    let wanted = code_or_name.trim();
    let name = wanted.strip_suffix('族').unwrap_or(wanted);
    GROUPS.iter().find(|group| group.code == wanted || group.zh == name)
}

/// The group a name read from paper stands for: the one of this name, else the only one of as many characters that differs in a
/// single one. A guess for a person to look at, never a proof: names of one character are taken only as they are.
pub fn guess_ethnic_group(read: &str) -> Option<&'static EthnicGroup> {
    find_ethnic_group(read).or_else(|| {
        let read = read.trim();
        let name = read.strip_suffix('族').unwrap_or(read);
        let length = name.chars().count();
        let mut near = GROUPS
            .iter()
            .filter(|group| length > 1 && group.zh.chars().count() == length && group.zh.chars().zip(name.chars()).filter(|(a, b)| a != b).count() == 1);
        near.next().filter(|_| near.next().is_none())
    })
}

const fn group(code: &'static str, zh: &'static str, en: &'static str) -> EthnicGroup {
    EthnicGroup { code, zh, en }
}

const GROUPS: [EthnicGroup; 58] = [
    group("01", "汉", "Han"),
    group("02", "蒙古", "Mongol"),
    group("03", "回", "Hui"),
    group("04", "藏", "Tibetan"),
    group("05", "维吾尔", "Uyghur"),
    group("06", "苗", "Miao"),
    group("07", "彝", "Yi"),
    group("08", "壮", "Zhuang"),
    group("09", "布依", "Bouyei"),
    group("10", "朝鲜", "Korean"),
    group("11", "满", "Manchu"),
    group("12", "侗", "Dong"),
    group("13", "瑶", "Yao"),
    group("14", "白", "Bai"),
    group("15", "土家", "Tujia"),
    group("16", "哈尼", "Hani"),
    group("17", "哈萨克", "Kazakh"),
    group("18", "傣", "Dai"),
    group("19", "黎", "Li"),
    group("20", "傈僳", "Lisu"),
    group("21", "佤", "Wa"),
    group("22", "畲", "She"),
    group("23", "高山", "Gaoshan"),
    group("24", "拉祜", "Lahu"),
    group("25", "水", "Sui"),
    group("26", "东乡", "Dongxiang"),
    group("27", "纳西", "Naxi"),
    group("28", "景颇", "Jingpo"),
    group("29", "柯尔克孜", "Kirgiz"),
    group("30", "土", "Tu"),
    group("31", "达斡尔", "Daur"),
    group("32", "仫佬", "Mulao"),
    group("33", "羌", "Qiang"),
    group("34", "布朗", "Blang"),
    group("35", "撒拉", "Salar"),
    group("36", "毛南", "Maonan"),
    group("37", "仡佬", "Gelao"),
    group("38", "锡伯", "Xibe"),
    group("39", "阿昌", "Achang"),
    group("40", "普米", "Pumi"),
    group("41", "塔吉克", "Tajik"),
    group("42", "怒", "Nu"),
    group("43", "乌孜别克", "Uzbek"),
    group("44", "俄罗斯", "Russian"),
    group("45", "鄂温克", "Ewenki"),
    group("46", "德昂", "De'ang"),
    group("47", "保安", "Bonan"),
    group("48", "裕固", "Yugur"),
    group("49", "京", "Gin"),
    group("50", "塔塔尔", "Tatar"),
    group("51", "独龙", "Derung"),
    group("52", "鄂伦春", "Oroqen"),
    group("53", "赫哲", "Hezhen"),
    group("54", "门巴", "Monba"),
    group("55", "珞巴", "Lhoba"),
    group("56", "基诺", "Jino"),
    group("97", "其他", "Other"),
    group("98", "外国血统中国籍人士", "Naturalised, of foreign descent"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_found_by_code_and_by_both_forms_of_its_name() {
        for wanted in ["22", "畲", "畲族"] {
            assert_eq!(find_ethnic_group(wanted).map(|group| group.en), Some("She"), "{wanted}");
        }
        assert_eq!(find_ethnic_group("57"), None);
    }

    #[test]
    fn a_name_with_one_character_misread_is_guessed_where_only_one_group_is_near() {
        let cases = [
            ("朝鮮", Some("朝鲜")),
            ("维吾雨族", Some("维吾尔")),
            ("朝鲜族", Some("朝鲜")),
            ("口佬", None), // 仫佬 and 仡佬 are as near
            ("漢", None),
            ("朝", None),
            ("汉族朝鲜", None),
            ("", None),
        ];
        for (read, name) in cases {
            assert_eq!(guess_ethnic_group(read).map(|group| group.zh), name, "{read}");
        }
    }

    #[test]
    fn codes_are_unique_and_in_order() {
        assert!(ethnic_groups().windows(2).all(|pair| pair[0].code < pair[1].code));
    }
}
