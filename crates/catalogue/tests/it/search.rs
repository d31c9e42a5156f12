//! What a clerk types and what is found.

use crate::catalogue;

#[test]
fn every_way_of_typing_finds_the_bundle() {
    let catalogue = catalogue();
    let check = |query: &str, expected: &str| {
        let hits = catalogue.search(query);
        assert_eq!(hits.first().map(|hit| hit.bundle.as_str()), Some(expected), "{query}: {hits:?}");
    };
    for query in [
        "xse",
        "XSE",
        "xinsheng",
        "xinshenger",
        "新生儿",
        "newborn",
        "newbron",
        "baby",
        "xinshegner",
        "生孩子",
        "给孩子上户口",
        "xsecs",
        "Birth of a child",
        "shanghukou",
        "ｎｅｗｂｏｒｎ",
        "新生而",
    ] {
        check(query, "newborn");
    }
    for query in [
        "KTV",
        "ktv",
        "卡拉",
        "klok",
        "kalaok",
        "karaoke",
        "karoake",
        "歌厅",
        "想开一家KTV",
        "wants to open a KTV",
        "gewuyule",
        "entertainment permit",
        "ylcs",
    ] {
        check(query, "karaoke");
    }
}

#[test]
fn every_bundle_is_found_by_name_initials_and_words() {
    let catalogue = catalogue();
    for bundle in catalogue.bundles() {
        let words = bundle.words.iter().map(String::as_str);
        for query in words.chain([bundle.name.zh.as_str(), bundle.name.en.as_str(), bundle.id.as_str()]) {
            let hits = catalogue.search(query);
            assert!(
                hits.iter().take(3).any(|hit| hit.bundle == bundle.id),
                "{query} should find {}: {hits:?}",
                bundle.id
            );
        }
    }
    for (query, expected) in [
        ("gjj", "provident_fund"),
        ("gongjijin", "provident_fund"),
        ("hz", "exit_entry"),
        ("huzhao", "exit_entry"),
        ("pasport", "exit_entry"),
        ("tuixiu", "retirement"),
        ("txiu", "retirement"),
        ("ershoufang", "property_transfer"),
        ("kaifandian", "restaurant"),
        ("开餐馆", "restaurant"),
        ("qykb", "business_registration"),
        ("gongzufang", "public_rental"),
        ("公积金怎么取", "provident_fund"),
        ("小孩上小学", "school_enrolment"),
    ] {
        let hits = catalogue.search(query);
        assert!(hits.first().is_some_and(|hit| hit.bundle.as_str() == expected), "{query}: {hits:?}");
    }
}

#[test]
fn a_department_finds_its_bundles() {
    let hits = catalogue().search("卫健局");
    assert!(
        hits.iter().any(|hit| hit.bundle.as_str() == "newborn") && hits.iter().any(|hit| hit.bundle.as_str() == "karaoke"),
        "{hits:?}"
    );
}

#[test]
fn nonsense_finds_nothing_and_nothing_finds_all() {
    let catalogue = catalogue();
    for query in ["zzzzqqq", "😀😀", "';--", &"x".repeat(10_000)] {
        let hits = catalogue.search(query);
        assert!(hits.is_empty(), "{query}: {hits:?}");
    }
    for query in ["", "  ", "\u{202E}\u{202D}"] {
        assert_eq!(catalogue.search(query).len(), catalogue.bundles().len().min(20), "an empty query lists all");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 64, ..proptest::prelude::ProptestConfig::default() })]

    #[test]
    fn no_query_breaks_the_search(query in "\\PC{0,80}") {
        use std::sync::LazyLock;
        static CATALOGUE: LazyLock<onewindow_catalogue::Catalogue> = LazyLock::new(crate::catalogue);
        let hits = CATALOGUE.search(&query);
        proptest::prop_assert!(hits.len() <= 20 && hits.iter().all(|hit| hit.score <= 100));
    }
}
