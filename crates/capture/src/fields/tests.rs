//! Fields from lines as a reader gives them.

use super::*;
use time::macros::date;

/// Lines as a reader gives them, each at its place.
fn lines(placed: &[(u32, u32, &str)]) -> Vec<TextLine> {
    placed
        .iter()
        .map(|&(x, y, text)| {
            let count = text.chars().count() as u32;
            TextLine {
                text: text.to_owned(),
                region: Region {
                    x,
                    y,
                    width: count * 30,
                    height: 34,
                },
                confidence: 0.97,
                places: (0..count).map(|i| (i as f32 + 0.5) / count as f32).collect(),
            }
        })
        .collect()
}

fn read(kind: PaperKind, placed: &[(u32, u32, &str)], codes: &[Code]) -> Vec<ReadField> {
    let lines = lines(placed);
    extract(
        kind,
        &Sources {
            lines: &lines,
            codes,
            mrz: None,
            today: date!(2026 - 11 - 22),
        },
    )
}

fn check_field(fields: &[ReadField], key: &str, value: &str, evidence: Evidence) {
    let field = fields.iter().find(|f| f.key == key).unwrap_or_else(|| panic!("{key} is missing in {fields:?}"));
    assert_eq!((field.value.as_str(), field.evidence), (value, evidence), "{key}");
}

const CARD: [(u32, u32, &str); 7] = [
    (60, 60, "姓名 林晓民"),
    (60, 120, "性别男"),
    (240, 122, "民族汉"),
    (60, 180, "出生 1986年3月14日"),
    (60, 240, "住址浙江省温州市鹿城区民族路"),
    (150, 284, "12号3单元402室"),
    (60, 420, "公民身份号码 330302198603149990"),
];

#[test]
fn an_identity_card_is_read_with_its_evidence() {
    let fields = read(PaperKind::IdCardPortrait, &CARD, &[]);
    check_field(&fields, "name", "林晓民", Evidence::OcrOnly);
    check_field(&fields, "sex", "male", Evidence::Agreement);
    check_field(&fields, "ethnic_group", "汉", Evidence::OcrOnly);
    check_field(&fields, "birth_date", "1986-03-14", Evidence::Agreement);
    check_field(&fields, "address", "浙江省温州市鹿城区民族路12号3单元402室", Evidence::OcrOnly);
    check_field(&fields, "resident_id", "330302198603149990", Evidence::CheckDigit);
}

#[test]
fn a_misread_number_is_never_proven() {
    let mut card = CARD;
    card[6].2 = "公民身份号码 330302198603149991";
    let fields = read(PaperKind::IdCardPortrait, &card, &[]);
    check_field(&fields, "resident_id", "330302198603149991", Evidence::OcrOnly);
    check_field(&fields, "birth_date", "1986-03-14", Evidence::OcrOnly);
    assert!(fields.iter().all(|f| !f.evidence.is_proven()), "{fields:?}");
}

#[test]
fn a_printed_date_that_differs_from_the_number_is_a_conflict() {
    let mut card = CARD;
    card[3].2 = "出生 1986年3月15日";
    check_field(&read(PaperKind::IdCardPortrait, &card, &[]), "birth_date", "1986-03-15", Evidence::Conflict);
}

#[test]
fn the_emblem_side_gives_office_and_term() {
    let placed = [
        (300, 60, "中华人民共和国"),
        (300, 140, "居民身份证"),
        (100, 400, "签发机关 永嘉县公安局"),
        (100, 470, "有效期限 2018.05.20-2038.05.20"),
    ];
    let fields = read(PaperKind::IdCardEmblem, &placed, &[]);
    check_field(&fields, "issuer", "永嘉县公安局", Evidence::OcrOnly);
    check_field(&fields, "valid_from", "2018-05-20", Evidence::OcrOnly);
    check_field(&fields, "valid_until", "2038-05-20", Evidence::OcrOnly);
    let long = [(100, 470, "有效期限 2018.05.20-长期")];
    check_field(&read(PaperKind::IdCardEmblem, &long, &[]), "valid_until", "long-term", Evidence::OcrOnly);
}

#[test]
fn a_business_licence_is_proven_by_check_character_or_code() {
    let placed = [
        (900, 100, "营业执照"),
        (200, 200, "统一社会信用代码 91330402MAYYYY016L"),
        (200, 300, "名称 嘉兴星河娱乐有限公司"),
        (1400, 300, "注册资本 伍拾万元整"),
        (200, 360, "类型 有限责任公司"),
        (1400, 360, "成立日期 2019年03月01日"),
        (200, 420, "法定代表人 林晓民"),
        (200, 480, "经营范围 歌舞娱乐服务;预包装食品销售"),
    ];
    let fields = read(PaperKind::BusinessLicence, &placed, &[]);
    check_field(&fields, "uscc", "91330402MAYYYY016L", Evidence::CheckDigit);
    check_field(&fields, "organisation_name", "嘉兴星河娱乐有限公司", Evidence::OcrOnly);
    check_field(&fields, "legal_representative", "林晓民", Evidence::OcrOnly);
    check_field(&fields, "founded_on", "2019-03-01", Evidence::OcrOnly);
    let code = qr("https://e.invalid/?n=91330402MAYYYY0115");
    let mut other = placed;
    other[1].2 = "统一社会信用代码 91330402MAYYYY0115";
    check_field(
        &read(PaperKind::BusinessLicence, &other, &[code]),
        "uscc",
        "91330402MAYYYY0115",
        Evidence::Barcode,
    );
}

#[test]
fn words_beside_the_next_row_are_no_part_of_a_value() {
    let placed = [
        (900, 200, "营业执照"),
        (200, 120, "统一社会信用代码"),
        (200, 166, "91330402MAYYYY016L"),
        // The emblem's word stands between both rows, the seal's beside the last row.
        (1500, 168, "SPECIMEN"),
        (200, 480, "经营范围 歌舞娱乐服务;预包装"),
        (350, 530, "食品销售"),
        (1400, 534, "场监"),
    ];
    let fields = read(PaperKind::BusinessLicence, &placed, &[]);
    check_field(&fields, "uscc", "91330402MAYYYY016L", Evidence::CheckDigit);
    check_field(&fields, "business_scope", "歌舞娱乐服务;预包装食品销售", Evidence::OcrOnly);
}

#[test]
fn a_seal_whose_words_go_down_beside_the_last_row_does_not_draw_it_away_from_the_one_above() {
    let placed = [
        (200, 480, "经营范围 歌舞娱乐服务;预包装"),
        (350, 530, "食品销售"),
        (1400, 546, "场"),
        (1500, 562, "监"),
        (1600, 578, "督"),
    ];
    let fields = read(PaperKind::BusinessLicence, &placed, &[]);
    check_field(&fields, "business_scope", "歌舞娱乐服务;预包装食品销售", Evidence::OcrOnly);
}

#[test]
fn a_translation_below_its_label_is_a_row_of_its_own_though_a_value_is_near_to_both() {
    let placed = [
        (180, 750, "母亲姓名"),
        (700, 757, "季榕夏"),
        (900, 762, "年龄"),
        (1000, 764, "24"),
        (180, 776, "Mother's name"),
        (900, 778, "Age"),
        (180, 900, "有效身份证件号码330106200202289962"),
    ];
    let fields = read(PaperKind::BirthCertificate, &placed, &[]);
    check_field(&fields, "mother_name", "季榕夏", Evidence::OcrOnly);
    check_field(&fields, "mother_resident_id", "330106200202289962", Evidence::CheckDigit);
}

fn qr(text: &str) -> Code {
    Code {
        format: "QRCode".into(),
        text: text.into(),
        region: Region {
            x: 1,
            y: 1,
            width: 9,
            height: 9,
        },
    }
}

#[test]
fn a_licence_gives_its_credit_code_by_the_code_on_it() {
    let code = [qr("https://e.invalid/?uniscid=91330402MAYYYY016L")];
    let check = |printed: &str, codes: &[Code], value: &str, evidence| {
        let fields = read(PaperKind::BusinessLicence, &[(200, 200, printed)], codes);
        check_field(&fields, "uscc", value, evidence);
    };
    check("营业执照", &code, "91330402MAYYYY016L", Evidence::Barcode);
    check("统一社会信用代码91330402MAYYYY016L", &code, "91330402MAYYYY016L", Evidence::CheckDigit);
    // Misread in print: `8` for `6`.
    check("统一社会信用代码91330402MAYYYY018L", &code, "91330402MAYYYY016L", Evidence::Barcode);
    // Another enterprise's number, and one that is far from the printed one.
    let other = [qr("https://e.invalid/?uniscid=91330111MAXXXX015B"), code[0].clone()];
    check("统一社会信用代码91330402MAYYYY016L", &other, "91330402MAYYYY016L", Evidence::Conflict);
    check("统一社会信用代码91330111MAXXXX015B", &code, "91330111MAXXXX015B", Evidence::Conflict);
    check("统一社会信用代码91330111MAXXXX016L", &code, "91330111MAXXXX016L", Evidence::Conflict);
    // Without a check character that fits, and on other papers, a code gives nothing.
    let none = read(PaperKind::BusinessLicence, &[(200, 200, "营业执照")], &[qr("91330402MAYYYY0115")]);
    assert!(none.is_empty(), "{none:?}");
    assert!(read(PaperKind::Contract, &[(200, 200, "合同")], &code).is_empty());
}

#[test]
fn the_sum_of_an_invoice_is_proven_by_its_code_and_the_tax() {
    let check = |tax: &str, code: &str, evidence| {
        let placed = [(200, 200, tax), (200, 600, "价税合计(小写)"), (700, 600, "¥106,000.00")];
        check_field(&read(PaperKind::Invoice, &placed, &[qr(code)]), "total", "106000.00", evidence);
    };
    let net = "01,10,033002600111,12345678,100000.00,20260105,330302198603149990042,";
    check("6% 6000.00", net, Evidence::Agreement);
    check("6% 6,000.00", net, Evidence::Agreement);
    check("6% 8000.00", net, Evidence::OcrOnly);
    check("6% 16000.00", net, Evidence::OcrOnly);
    check("", "https://e.invalid/?a=100000.00", Evidence::OcrOnly);
    // More tax than there ever was is no tax.
    check("66000.00", &net.replace("100000.00", "40000.00"), Evidence::OcrOnly);
    check("", &net.replace("100000.00", "106000.00"), Evidence::Barcode);
}

#[test]
fn both_parents_of_a_birth_certificate_are_told_apart() {
    let placed = [
        (900, 100, "出生医学证明"),
        (200, 200, "新生儿姓名 林小禾"),
        (900, 200, "性别 女"),
        (1300, 200, "出生时间 2026年01月05日08时30分"),
        (200, 400, "母亲姓名 王晴"),
        (900, 400, "有效身份证件号码 330324199011089982"),
        (200, 500, "父亲姓名 林晓民"),
        (900, 500, "有效身份证件号码 330302198603149990"),
        (200, 700, "出生证编号 W330000003"),
    ];
    let fields = read(PaperKind::BirthCertificate, &placed, &[]);
    check_field(&fields, "name", "林小禾", Evidence::OcrOnly);
    check_field(&fields, "birth_date", "2026-01-05", Evidence::OcrOnly);
    check_field(&fields, "mother_name", "王晴", Evidence::OcrOnly);
    check_field(&fields, "mother_resident_id", "330324199011089982", Evidence::CheckDigit);
    check_field(&fields, "father_resident_id", "330302198603149990", Evidence::CheckDigit);
    check_field(&fields, "birth_certificate_no", "W330000003", Evidence::OcrOnly);
}

#[test]
fn spouses_are_told_apart_by_sex() {
    let placed = [
        (400, 40, "结婚证"),
        (60, 300, "登记日期 2024年05月20日"),
        (900, 100, "姓名 周予川"),
        (1300, 100, "性别 男"),
        (900, 200, "身份证件号 330302198603149990"),
        (900, 400, "姓名 苏念安"),
        (1300, 400, "性别 女"),
        (900, 500, "身份证件号 330324199011089982"),
    ];
    let fields = read(PaperKind::MarriageCertificate, &placed, &[]);
    check_field(&fields, "husband_name", "周予川", Evidence::OcrOnly);
    check_field(&fields, "husband_sex", "male", Evidence::Agreement);
    check_field(&fields, "husband_resident_id", "330302198603149990", Evidence::CheckDigit);
    check_field(&fields, "wife_name", "苏念安", Evidence::OcrOnly);
    check_field(&fields, "wife_resident_id", "330324199011089982", Evidence::CheckDigit);
    check_field(&fields, "registered_on", "2024-05-20", Evidence::OcrOnly);
}

#[test]
fn a_spouse_whose_label_was_not_read_is_shown_but_not_believed() {
    let mut placed = [
        (400, 40, "结婚证"),
        (900, 100, "姓名 周予川"),
        (1300, 100, "性别 男"),
        (900, 200, "身份证件号 330302198603149990"),
        // A wide gap is read as a sign.
        (900, 400, "姓☑名苏念安"),
        (1300, 400, "性别 女"),
        (900, 500, "身份证件号 330324199011089982"),
    ];
    let fields = read(PaperKind::MarriageCertificate, &placed, &[]);
    check_field(&fields, "wife_name", "苏念安", Evidence::OcrOnly);
    check_field(&fields, "wife_resident_id", "330324199011089982", Evidence::CheckDigit);
    placed[4].2 = "名苏念安";
    let fields = read(PaperKind::MarriageCertificate, &placed, &[]);
    check_field(&fields, "husband_resident_id", "330302198603149990", Evidence::OcrOnly);
    check_field(&fields, "wife_resident_id", "330324199011089982", Evidence::OcrOnly);
    assert!(!fields.iter().any(|f| f.key.ends_with("wife_name")), "{fields:?}");
}

#[test]
fn a_household_page_gives_the_relation() {
    let placed = [
        (500, 40, "常住人口登记卡"),
        (60, 120, "姓名"),
        (220, 120, "林小禾"),
        (600, 120, "户主或与户主关系"),
        (900, 120, "女"),
        (60, 180, "曾用名"),
        (600, 180, "性别"),
        (900, 180, "女"),
        (60, 360, "公民身份号码 330106202601059987"),
    ];
    let fields = read(PaperKind::HouseholdPage, &placed, &[]);
    check_field(&fields, "name", "林小禾", Evidence::OcrOnly);
    check_field(&fields, "relation", "女", Evidence::OcrOnly);
    check_field(&fields, "sex", "female", Evidence::Agreement);
    check_field(&fields, "resident_id", "330106202601059987", Evidence::CheckDigit);
    assert!(!fields.iter().any(|f| f.key == "former_name"), "an empty slot gives no field");
}

#[test]
fn a_number_is_never_given_to_the_other_parent() {
    let placed = [
        (900, 100, "出生医学证明"),
        (200, 400, "母亲姓名 王晴"),
        // The mother's label was not read.
        (900, 400, "330324199011089982"),
        (200, 500, "父亲姓名 林晓民"),
        (900, 500, "有效身份证件号码 330302198603149990"),
    ];
    let fields = read(PaperKind::BirthCertificate, &placed, &[]);
    check_field(&fields, "father_resident_id", "330302198603149990", Evidence::CheckDigit);
    assert!(!fields.iter().any(|f| f.key == "mother_resident_id"), "{fields:?}");
    // The father's name was not read either: his number stands after the mother's name, but says that it is a man's.
    let placed = [(200, 400, "母亲姓名 王晴"), (900, 500, "有效身份证件号码 330302198603149990")];
    let fields = read(PaperKind::BirthCertificate, &placed, &[]);
    check_field(&fields, "mother_resident_id", "330302198603149990", Evidence::Conflict);
}

#[test]
fn a_seller_whose_buyer_was_not_read_is_not_believed_to_be_the_buyer() {
    let both = [
        (200, 200, "名称:嘉兴星河娱乐有限公司"),
        (200, 240, "纳税人识别号:91330402MAYYYY016L"),
        (200, 600, "名称:云溪百货有限公司"),
        (200, 640, "纳税人识别号:91330402MAYYYY016L"),
    ];
    check_field(&read(PaperKind::Invoice, &both, &[]), "buyer_uscc", "91330402MAYYYY016L", Evidence::CheckDigit);
    check_field(&read(PaperKind::Invoice, &both, &[]), "seller_uscc", "91330402MAYYYY016L", Evidence::CheckDigit);
    let fields = read(PaperKind::Invoice, &both[2..], &[]);
    check_field(&fields, "buyer_uscc", "91330402MAYYYY016L", Evidence::OcrOnly);
}

#[test]
fn a_part_of_a_longer_number_in_a_code_proves_nothing() {
    for (code, value, stands) in [
        ("https://e.invalid/?n=91330402MAYYYY0115&v=2", "91330402MAYYYY0115", true),
        ("01,10,033002600111,12345678,20260105", "2026-01-05", true),
        ("033002026010511", "2026-01-05", false),
        ("W3300000031", "W330000003", false),
        ("1234", "1234", false),
    ] {
        assert_eq!(stands_in(code, value), stands, "{value} in {code}");
    }
}

#[test]
fn a_zone_number_that_its_check_digit_can_not_tell_apart_needs_the_printed_one() {
    let place = |y| Region {
        x: 10,
        y,
        width: 800,
        height: 60,
    };
    let zone = |number: &str| MrzReading {
        lines: vec![format!("{number}UTO7408122F1204159ZE184226B<<<<<10")],
        kind: "td3".to_owned(),
        valid: true,
        repaired: false,
        fields: [("number".to_owned(), number.to_owned())].into(),
        region: place(600),
    };
    let printed = |text: &str| TextLine {
        text: text.to_owned(),
        region: place(100),
        confidence: 0.9,
        places: Vec::new(),
    };
    let evidence = |number: &str, lines: &[TextLine]| of_zone(&zone(number), lines)[0].evidence;
    assert_eq!(evidence("L202902C3", &[]), Evidence::Mrz);
    assert_eq!(evidence("LS02902C3", &[]), Evidence::OcrOnly, "8 and S have the same check digit");
    assert_eq!(evidence("LS02902C3", &[printed("No. LS02902C3")]), Evidence::Mrz);
    assert_eq!(evidence("LS02902C3", &[printed("No. L802902C3")]), Evidence::OcrOnly);
}

#[test]
fn the_cover_of_a_household_booklet_names_its_head() {
    let placed = [
        (60, 60, "户别 家庭户"),
        (700, 60, "户主姓名 周予川"),
        (60, 140, "户号 330302001234"),
        (60, 220, "住址 云溪市听泉路18号"),
    ];
    let fields = read(PaperKind::HouseholdCover, &placed, &[]);
    check_field(&fields, "household_head", "周予川", Evidence::OcrOnly);
    check_field(&fields, "household_no", "330302001234", Evidence::OcrOnly);
    assert!(
        fields.iter().all(|field| field.key != "name"),
        "the head is one of several who stand in the booklet: {fields:?}"
    );
}

#[test]
fn a_medical_receipt_gives_its_whole_number_and_the_patient() {
    let placed = [
        (300, 60, "票据代码：33060126"),
        (900, 60, "票据号码：0012345678"),
        (300, 130, "交款人：苏念安"),
        (900, 130, "开票日期：2026年11月16日"),
        (60, 400, "合计（小写）5,610.87"),
    ];
    let fields = read(PaperKind::Invoice, &placed, &[]);
    check_field(&fields, "receipt_no", "33060126+0012345678", Evidence::OcrOnly);
    check_field(&fields, "patient_name", "苏念安", Evidence::OcrOnly);
    let coded = read(
        PaperKind::Invoice,
        &placed,
        &[qr("https://pj.example.invalid/v?c=33060126&n=0012345678&k=199603")],
    );
    check_field(&coded, "receipt_no", "33060126+0012345678", Evidence::Barcode);
    // A VAT invoice has a code of ten or twelve digits and a number of eight.
    let tax = read(PaperKind::Invoice, &[(60, 60, "发票代码 033000000011"), (700, 60, "发票号码 00000002")], &[]);
    assert!(tax.iter().all(|field| field.key != "receipt_no"), "{tax:?}");
}

#[test]
fn what_is_read_is_among_the_keys_of_its_kind() {
    let check = |kind: PaperKind, placed: &[(u32, u32, &str)]| {
        let known = field_keys(kind);
        let fields = read(kind, placed, &[]);
        assert!(!fields.is_empty(), "{kind:?}");
        assert!(fields.iter().all(|field| known.contains(&field.key)), "{kind:?}: {fields:?} in {known:?}");
    };
    check(PaperKind::IdCardPortrait, &CARD);
    // A number alone tells birth and sex of its holder.
    check(
        PaperKind::BirthCertificate,
        &[(60, 60, "母亲姓名 苏念安"), (60, 140, "有效身份证件号码 330324199011089982")],
    );
    check(
        PaperKind::MarriageCertificate,
        &[(60, 60, "姓名 林晓民"), (60, 140, "性别 男"), (60, 220, "身份证件号 330302198603149990")],
    );
    check(
        PaperKind::PropertyCertificate,
        &[(60, 60, "浙（2026）云溪市不动产权第0001234号"), (60, 140, "权利人 苏念安")],
    );
}
