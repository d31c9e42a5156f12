//! The published and computed vectors of every kind of number, and the properties that hold for all of them.
//! All numbers are synthetic.

use proptest::prelude::*;
use time::{Date, macros::date};

use super::{IdentifierKind as Kind, *};

const TODAY: Date = date!(2026 - 11 - 21);

const OK: &[(Kind, &[&str])] = &[
    (
        Kind::ResidentId,
        &[
            "330302198603149990",
            "330324199011089982",
            "331121195802289975",
            "330402200002299964",
            "332522196107159996",
            "330106202601059987",
            "33052319970620999X",
            "810000197904129994",
            "820000198509239989",
            "830000197904129998",
        ],
    ),
    (
        Kind::ForeignerId,
        &[
            "933840198603149990",
            "93339219911130998X",
            "931276196505059978",
            "USA330186031412",
            "JPN330291113022",
            "DEU310065050539",
        ],
    ),
    (
        Kind::CreditCode,
        &[
            "91350100M000100Y43",
            "91330402MAYYYY016L",
            "92330802MAYYYY0241",
            "1133030200YYYY036N",
            "1233010647YYYY0499",
            "52330523MJYYYY051D",
            "93331121MAYYYY0674",
        ],
    ),
    (Kind::RegistrationNo, &["330402600990010", "330302200990023", "330100300990039"]),
    (Kind::FoodLicence, &["JY13304020099014", "JY23303020099022", "JY33301060099037"]),
    (
        Kind::Passport,
        &[
            "E00000001",
            "EA0000002",
            "EY0000003",
            "G00000001",
            "G99999999",
            "150000001",
            "PE0000001",
            "SE0000002",
            "DE0000003",
            "P.0000001",
            "D0000001",
            "K00000001",
            "KJ0000001",
            "MA0000001",
        ],
    ),
    (Kind::ExitEntryPermit, &["C00000001", "CA0000002", "CB9999993"]),
    (Kind::HomeReturnPermit, &["H00000001", "M00000002", "H0000000101"]),
    (Kind::TaiwanPermit, &["00000002", "99999998", "01234567", "0000000201"]),
    (Kind::PermitToTaiwan, &["L00000001", "L12345678", "L99999999"]),
    (
        Kind::PropertyCertificate,
        &[
            "浙（2018）杭州市不动产权第0000001号",
            "浙（2026）温州市不动产权第0099999号",
            "浙（2019）安吉县不动产证明第0000123号",
            "杭房权证西移字第00000001号",
            "杭国用(2010)第000001号",
        ],
    ),
    (
        Kind::PropertyUnit,
        &["330106001002GB00003F00010005", "330302010011GB00120W00000000", "330523003004JC00007F00020001"],
    ),
    (
        Kind::CaseNo,
        &[
            "330302010122018102500077",
            "330402010052026112300013",
            "331121021032019040101233",
            "330302-01-012-20181025-0007-7",
        ],
    ),
    (
        Kind::MatterCode,
        &[
            "1133040200YYYY13254000131001000",
            "1133030200YYYY140T4000122005000",
            "1233030200YYYY159L4332009101000",
            "000131001000",
        ],
    ),
    (Kind::Ticket, &["A001", "C123", "V007"]),
    (Kind::PickupCode, &["042917", "730055", "000318"]),
    (
        Kind::DocumentNo,
        &["鹿行受〔2018〕第000123号", "南行补〔2019〕第000001号", "安行不受〔2026〕第000010号"],
    ),
    (Kind::Mobile, &["13800000000", "19900000001", "+86 15700000002"]),
    (
        Kind::Landline,
        &["0571-00000000", "0577-00000001", "0580-0000002", "057100000000", "010-00000000-123"],
    ),
    (Kind::Postcode, &["310000", "325000", "323900"]),
    (Kind::BirthCertificate, &["R330000001", "T330000002", "W330000003"]),
    (
        Kind::MarriageCertificate,
        &["J330302-2018-000001", "J330402-2019-000002", "L331121-2020-000003"],
    ),
    (Kind::SocialCard, &["A00000001", "B12345678", "C99999999"]),
    (Kind::BankCard, &["6217000000000006", "622840000000000005", "6222020000000000018"]),
    (
        Kind::ProjectCode,
        &["2018-330402-47-03-000001-000", "2019-330523-29-02-000002-000", "2611-330302-04-01-000003"],
    ),
    (
        Kind::VatInvoice,
        &["3300000000+00000001", "033000000011+00000002", "26332000000000000001", "03300000001100000002"],
    ),
    (
        Kind::FiscalReceipt,
        &["33060124+0000000001", "33060125+0000000002", "330601260000000003", "33060124+0000000001+a1b2c3"],
    ),
    (Kind::EntertainmentLicence, &["330402180001", "330302190002", "浙嘉南娱001"]),
];

const WARNINGS: &[(Kind, &str, &str)] = &[
    (Kind::ResidentId, "339999198603149990", "county-unknown"),
    (Kind::CreditCode, "91330402MAYYYY0115", "organisation-code-check"),
    (Kind::FoodLicence, "JY13304020099017", "check-character"),
    (Kind::FoodLicence, "JY23303020099025", "check-character"),
    (Kind::FoodLicence, "JY33301060099030", "check-character"),
    (Kind::Passport, "H00000001", "document-ambiguous"),
    (Kind::PropertyCertificate, "浙（2019）不知县不动产权第0000123号", "place-unknown"),
    (Kind::PropertyUnit, "330302010011GB00120W00000001", "form-unusual"),
    (Kind::Postcode, "100000", "place-unknown"),
    (Kind::MarriageCertificate, "J123456789", "form-unusual"),
    (Kind::BirthCertificate, "R990000001", "province-unknown"),
    (Kind::ProjectCode, "2018-330402-47-99-000001-000", "kind-unknown"),
    (Kind::Mrz, "E000000019CHN8603142M2810191<<<<<<<<<<<<<<<2", "lines-missing"),
    (Kind::Mrz, "7904129M3306301CHN<<<<<<<<<<<7", "lines-missing"),
];

const ERRORS: &[(Kind, &str, &str)] = &[
    (Kind::ResidentId, "", "empty"),
    (Kind::ResidentId, "330302198603149991", "check-character"),
    (Kind::ResidentId, "33030219900230999X", "date-impossible"),
    (Kind::ResidentId, "330302200102299990", "date-impossible"),
    (Kind::ResidentId, "330302190002299997", "date-impossible"),
    (Kind::ResidentId, "000000198603149995", "province-unknown"),
    (Kind::ResidentId, "330302209901019992", "date-in-future"),
    (Kind::ResidentId, "330302196803149990", "check-character"),
    (Kind::ResidentId, "33030219860314999", "length"),
    (Kind::ResidentId, "330302860314999", "historic-number"),
    (Kind::ResidentId, "81000019790412999X", "check-character"),
    (Kind::ResidentId, "84000019790412999X", "province-unknown"),
    (Kind::ResidentId, "81010019790412999X", "province-unknown"),
    (Kind::ResidentId, "33O302198603149990", "character"),
    (Kind::ForeignerId, "933840198603149991", "check-character"),
    (Kind::ForeignerId, "833840198603149997", "character"),
    (Kind::ForeignerId, "933999198603149997", "nationality-unknown"),
    (Kind::ForeignerId, "USA330186031413", "check-character"),
    (Kind::ForeignerId, "US3330186031415", "character"),
    (Kind::CreditCode, "91330402MAYYYY016M", "check-character"),
    (Kind::CreditCode, "91330402MOYYYY016L", "character"),
    (Kind::CreditCode, "91330402MAYYYY016", "length"),
    (Kind::CreditCode, "91350100M000100Y4Z", "character"),
    (Kind::CreditCode, "9133O402MAYYYY016L", "character"),
    (Kind::RegistrationNo, "330402600990011", "check-character"),
    (Kind::RegistrationNo, "330302200990024", "check-character"),
    (Kind::RegistrationNo, "330100300990030", "check-character"),
    (Kind::FoodLicence, "JZ13304020099014", "character"),
    (Kind::FoodLicence, "JY4330402009901", "length"),
    (Kind::Passport, "EI0000002", "character"),
    (Kind::Passport, "E0000001", "length"),
    (Kind::Passport, "EA000002", "length"),
    (Kind::Passport, "G0000001", "length"),
    (Kind::Passport, "131234567", "character"),
    (Kind::Passport, "PE000001", "length"),
    (Kind::Passport, "XE0000001", "character"),
    (Kind::Passport, "SEA000002", "character"),
    (Kind::Passport, "KK1", "length"),
    (Kind::Passport, "MC000001", "character"),
    (Kind::ExitEntryPermit, "CI0000001", "character"),
    (Kind::ExitEntryPermit, "C0000001", "length"),
    (Kind::ExitEntryPermit, "W00000001", "historic-booklet"),
    (Kind::HomeReturnPermit, "T00000001", "character"),
    (Kind::HomeReturnPermit, "H0000001", "length"),
    (Kind::HomeReturnPermit, "HA0000001", "character"),
    (Kind::TaiwanPermit, "T0000002", "character"),
    (Kind::TaiwanPermit, "0000002", "length"),
    (Kind::TaiwanPermit, "000000021", "length"),
    (Kind::PermitToTaiwan, "T00000001", "character"),
    (Kind::PermitToTaiwan, "L0000001", "length"),
    (Kind::PermitToTaiwan, "LA0000001", "character"),
    (Kind::PropertyCertificate, "浙（2018）杭州市不动产权第000001号", "length"),
    (Kind::PropertyCertificate, "浙（2014）温州市不动产权第0000001号", "year-out-of-range"),
    (Kind::PropertyCertificate, "浙（2027）温州市不动产权第0000001号", "year-out-of-range"),
    (Kind::PropertyCertificate, "江（2019）安吉县不动产权第0000123号", "character"),
    (Kind::PropertyUnit, "330106001002XB00003F00010005", "character"),
    (Kind::PropertyUnit, "330302010011GB00120F0001", "length"),
    (Kind::PropertyUnit, "3305230030O4JC00007F00020001", "character"),
    (Kind::CaseNo, "330302010122018102500078", "check-character"),
    (Kind::CaseNo, "330402010052026133100013", "date-impossible"),
    (Kind::CaseNo, "33112102103201904010123", "length"),
    (Kind::MatterCode, "113304020YYYY13254000131001000", "length"),
    (Kind::MatterCode, "1133040200YYYY13264000131001000", "check-character"),
    (Kind::MatterCode, "1133040200YYYY13259000131001000", "kind-unknown"),
    (Kind::Ticket, "A1", "length"),
    (Kind::Ticket, "1A23", "character"),
    (Kind::Ticket, "AA01", "character"),
    (Kind::PickupCode, "42917", "length"),
    (Kind::PickupCode, "A42917", "character"),
    (Kind::PickupCode, "0429170", "length"),
    (Kind::DocumentNo, "鹿行受第000123号", "character"),
    (Kind::DocumentNo, "鹿行受〔18〕第000123号", "character"),
    (Kind::DocumentNo, "鹿行受〔2018〕第123号", "character"),
    (Kind::DocumentNo, "鹿行〔2018〕第000123号", "kind-unknown"),
    (Kind::Mobile, "12800000000", "character"),
    (Kind::Mobile, "1380000000", "length"),
    (Kind::Mobile, "138000000000", "length"),
    (Kind::Landline, "571-00000000", "character"),
    (Kind::Landline, "0571-000000", "length"),
    (Kind::Landline, "05771-000", "length"),
    (Kind::Postcode, "31000", "length"),
    (Kind::Postcode, "3250000", "length"),
    (Kind::Postcode, "32500A", "character"),
    (Kind::BirthCertificate, "330000001", "length"),
    (Kind::BirthCertificate, "RR33000001", "character"),
    (Kind::BirthCertificate, "R33000001", "length"),
    (Kind::MarriageCertificate, "J330302-18-1", "length"),
    (Kind::MarriageCertificate, "M330302-2018-000001", "character"),
    (Kind::MarriageCertificate, "J33030-2018-000001", "length"),
    (Kind::SocialCard, "A0000001", "length"),
    (Kind::SocialCard, "AA0000001", "character"),
    (Kind::SocialCard, "A000000011", "length"),
    (Kind::BankCard, "6217000000000007", "check-character"),
    (Kind::BankCard, "622840000000000006", "check-character"),
    (Kind::BankCard, "621700", "length"),
    (Kind::ProjectCode, "2018-33040-47-03-000001-000", "length"),
    (Kind::ProjectCode, "18-330402-47", "length"),
    (Kind::VatInvoice, "330000000", "length"),
    (Kind::VatInvoice, "0000001", "length"),
    (Kind::VatInvoice, "2633200000000000001", "length"),
    (Kind::FiscalReceipt, "3306012+0000000001", "length"),
    (Kind::FiscalReceipt, "33060124+000000001", "length"),
    (Kind::FiscalReceipt, "3306012A+0000000001", "character"),
    (Kind::EntertainmentLicence, "", "empty"),
    (
        Kind::EntertainmentLicence,
        "浙嘉南娱浙嘉南娱浙嘉南娱浙嘉南娱浙嘉南娱浙嘉南娱浙嘉南娱001",
        "length",
    ),
    (Kind::EntertainmentLicence, "浙嘉南娱\u{7}001", "character"),
    (Kind::Mrz, "POCHNCESHI<<JIA<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "lines-missing"),
    (Kind::Mrz, "E000000019CHN8603152M2810191<<<<<<<<<<<<<<<2", "check-character"),
    (Kind::Mrz, "E000000019CHN8603142M2810191<<<<<<<<<<<<<<<3", "check-character"),
    (Kind::Mrz, "E000000019CHN8603142M2810191<<<<<<<<<<<<<<<", "length"),
    (Kind::Mrz, "E0O0000019CHN8603142M2810191<<<<<<<<<<<<<<<2", "check-character"),
    (
        Kind::Mrz,
        "CRCHNH00000001001<<<<<<<<<<<<<\n7904129M3306301CHN<<<<<<<<<<<8\nCESHI<<BING<<<<<<<<<<<<<<<<<<<",
        "check-character",
    ),
    (Kind::Mrz, "CRCHNH00000002001<<<<<<<<<<<<<", "check-character"),
    (Kind::Mrz, "7904129M3313301CHN<<<<<<<<<<<7", "date-impossible"),
    (Kind::Mrz, "A000000033UTO6505057M3101012<<<<<<<5", "check-character"),
    (Kind::Mrz, "A000000033UTO6505067M3101012<<<<<<<4", "check-character"),
    (Kind::Mrz, "A000000033UTO6505057M3101012<<<<<<<", "length"),
    (Kind::Mrz, "CSC000000016<2810191<8603142<2", "check-character"),
    (Kind::Mrz, "CSC000000015<2810191<8603142<3", "check-character"),
    (Kind::Mrz, "CSC000000015<2310191<8603142<2", "check-character"),
];

/// Zones with the format, number, birth and expiry that must be read out of them.
const ZONES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
        "td3",
        "L898902C3",
        "1974-08-12",
        "2012-04-15",
    ),
    (
        "POCHNCESHI<<JIA<<<<<<<<<<<<<<<<<<<<<<<<<<<<<\nE000000019CHN8603142M2810191<<<<<<<<<<<<<<<2",
        "td3",
        "E00000001",
        "1986-03-14",
        "2028-10-19",
    ),
    (
        "POCHNYANGBEN<<YI<<<<<<<<<<<<<<<<<<<<<<<<<<<<\nEA00000020CHN9011089F2906302MNLPKPAALOPBHC42",
        "td3",
        "EA0000002",
        "1990-11-08",
        "2029-06-30",
    ),
    (
        "P<UTOSAMPLE<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<<<\nX1234567<7UTO7912300F3012316<<<<<<<<<<<<<<<0",
        "td3",
        "X1234567",
        "1979-12-30",
        "2030-12-31",
    ),
    (
        "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
        "td1",
        "D23145890",
        "1974-08-12",
        "2012-04-15",
    ),
    (
        "CRCHNH00000001001<<<<<<<<<<<<<\n7904129M3306301CHN<<<<<<<<<<<7\nCESHI<<BING<<<<<<<<<<<<<<<<<<<",
        "td1",
        "H00000001",
        "1979-04-12",
        "2033-06-30",
    ),
    (
        "CTCHN00000002<603<<<<<<<<<<<<<\n8509233F3001156CHN<<<<<<<<<<<1\nYANGBEN<<DING<<<<<<<<<<<<<<<<<",
        "td1",
        "00000002",
        "1985-09-23",
        "2030-01-15",
    ),
    (
        "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
        "td2",
        "D23145890",
        "1974-08-12",
        "2012-04-15",
    ),
    (
        "I<UTOSAMPLE<<WU<<<<<<<<<<<<<<<<<<<<<\nA000000033UTO6505057M3101012<<<<<<<4",
        "td2",
        "A00000003",
        "1965-05-05",
        "2031-01-01",
    ),
    (
        "I<UTOCESHI<<LIU<<<<<<<<<<<<<<<<<<<<<\nZ999999944UTO0002299F2912316AB12<<<8",
        "td2",
        "Z99999994",
        "2000-02-29",
        "2029-12-31",
    ),
    ("CSC000000015<2810191<8603142<2", "eep", "C00000001", "1986-03-14", "2028-10-19"),
    ("CSCA00000026<2906302<9011089<6", "eep", "CA0000002", "1990-11-08", "2029-06-30"),
    ("CSCB99999938<3301018<0002299<2", "eep", "CB9999993", "2000-02-29", "2033-01-01"),
];

fn run(kind: Kind, raw: &str) -> Check {
    check(kind, raw, TODAY)
}

fn field<'a>(check: &'a Check, name: &str) -> &'a str {
    check.fields.get(name).map_or("", String::as_str)
}

#[test]
fn sound_numbers_pass() {
    for (kind, numbers) in OK {
        for number in *numbers {
            let found = run(*kind, number);
            assert_eq!((found.verdict, found.code), (Verdict::Ok, "ok"), "{kind} {number}");
        }
    }
}

#[test]
fn doubtful_numbers_warn_and_name_the_doubt() {
    for (kind, number, code) in WARNINGS {
        let found = run(*kind, number);
        assert_eq!((found.verdict, found.code), (Verdict::Warning, *code), "{kind} {number}");
    }
}

#[test]
fn wrong_numbers_are_refused_and_the_cause_is_named() {
    for (kind, number, code) in ERRORS {
        let found = run(*kind, number);
        assert_eq!((found.verdict, found.code), (Verdict::Error, *code), "{kind} {number}");
    }
}

#[test]
fn every_kind_of_document_gives_up_its_zone() {
    for (zone, format, number, birth, expiry) in ZONES {
        for raw in [(*zone).to_owned(), zone.replace('\n', ""), zone.replace('\n', "\r\n").to_lowercase()] {
            let found = run(Kind::Mrz, &raw);
            assert_eq!(found.verdict, Verdict::Ok, "{zone}: {}", found.message.en);
            let read = ["format", "number", "birth_date", "expiry_date"].map(|name| field(&found, name).to_owned());
            assert_eq!(read, [*format, *number, *birth, *expiry], "{zone}");
        }
    }
    let named = run(Kind::Mrz, ZONES[0].0);
    assert_eq!((field(&named, "surname"), field(&named, "given_names")), ("ERIKSSON", "ANNA MARIA"));
}

#[test]
fn a_visa_has_no_composite_digit() {
    let found = run(
        Kind::Mrz,
        "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<<<<<<<<<",
    );
    assert_eq!((found.verdict, field(&found, "format")), (Verdict::Ok, "mrv-a"));
}

#[test]
fn a_long_card_number_goes_on_in_the_optional_data() {
    let number = "D23145890734";
    let digit = checksum::icao(number.chars());
    let first = format!("{:<<30}", format!("I<UTOD23145890<734{digit}"));
    let composite = checksum::icao(
        first[5..]
            .chars()
            .chain("7408122".chars())
            .chain("1204159".chars())
            .chain("<<<<<<<<<<<".chars()),
    );
    let found = run(
        Kind::Mrz,
        &format!("{first}\n7408122F1204159UTO<<<<<<<<<<<{composite}\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"),
    );
    assert_eq!((found.verdict, field(&found, "number")), (Verdict::Ok, number));
}

#[test]
fn a_misread_zone_is_repaired_only_when_the_digits_then_fit() {
    let repair = Mrz::repair("E0O0000019CHN8603142M2810191<<<<<<<<<<<<<<<2", TODAY).expect("O stands where only a digit can");
    assert_eq!(repair.mrz.value.number(), "E00000001");
    assert_eq!(
        repair.changes,
        [MrzChange {
            line: 0,
            column: 2,
            read: 'O',
            taken_for: '0'
        }]
    );

    let misread = "POCHNCESHI<<JIA<<<<<<<<<<<<<<<<<<<<<<<KCKKCK\nE000000019CHNB6O3I42M28I0I91<<<<<<<<<<<<<<<Z";
    let repair = Mrz::repair(misread, TODAY).expect("every digit fits after the repair");
    assert_eq!((repair.mrz.value.given_names(), repair.changes.len()), (Some("JIA"), 12));

    for hopeless in [
        "E000000019CHN8603152M2810191<<<<<<<<<<<<<<<2",
        "E0O0000019CHN8603152M2810191<<<<<<<<<<<<<<<2",
        "hello",
        "",
    ] {
        assert!(Mrz::repair(hopeless, TODAY).is_none(), "{hopeless} must not be guessed");
    }
    assert!(Mrz::repair(ZONES[1].0, TODAY).is_none(), "nothing is changed in a sound zone");
}

#[test]
fn a_resident_number_tells_birth_sex_and_region() {
    let found = run(Kind::ResidentId, "330324199011089982");
    let read = ["birth_date", "sex", "region_code", "region_name", "region_status", "masked"].map(|name| field(&found, name).to_owned());
    assert_eq!(read, ["1990-11-08", "female", "330324", "浙江省温州市永嘉县", "current", "330324********9982"]);
    assert_eq!(field(&run(Kind::ResidentId, "332522196107159996"), "region_status"), "historic");
    assert_eq!(field(&run(Kind::ResidentId, "830000197904129998"), "holder"), "taiwan");
}

#[test]
fn a_wrong_check_character_is_named_with_its_place() {
    let found = run(Kind::ResidentId, "330302198603149991");
    assert_eq!((found.position, field(&found, "check_expected")), (Some(17), "0"));
    let found = run(Kind::CreditCode, "9133O402MAYYYY016L");
    assert_eq!((found.position, found.value.as_str()), (Some(4), "9133O402MAYYYY016L"));
}

#[test]
fn a_resident_number_must_agree_with_what_was_entered() {
    let id = ResidentId::parse("330302198603149990", TODAY).expect("sound").value;
    assert_eq!(id.agree_with(Some(date!(1986 - 03 - 14)), Some(Sex::Male)), Ok(()));
    assert_eq!(id.agree_with(None, None), Ok(()));
    assert_eq!(id.agree_with(Some(date!(1986 - 03 - 15)), None), Err(IdentifierFault::BirthDateDiffers));
    assert_eq!(id.agree_with(None, Some(Sex::Female)), Err(IdentifierFault::SexDiffers));
}

#[test]
fn a_number_of_an_old_deed_is_upgraded() {
    let upgraded = ResidentId::upgrade_historic("330302860314999", TODAY).expect("sound").value;
    assert_eq!(upgraded.as_str(), "330302198603149990");
}

#[test]
fn a_code_confirmed_by_the_register_only_warns() {
    let checked = CreditCode::parse_confirmed("91330402MAYYYY016M").expect("confirmed by the register");
    assert_eq!(checked.warning.map(|fault| fault.code()), Some("check-character"));
}

#[test]
fn what_was_typed_is_brought_into_one_form() {
    let same = |kind, raw: &str, value: &str| assert_eq!(run(kind, raw).value, value, "{raw}");
    same(Kind::ResidentId, "　３３０５２３ 1997-0620\u{a0}９９９ｘ ", "33052319970620999X");
    same(Kind::CreditCode, "91330402 mayyyy 016l", "91330402MAYYYY016L");
    same(Kind::Mobile, "+86 138-0000-0000", "13800000000");
    same(Kind::Landline, "０５７１—00000000", "0571-00000000");
    same(Kind::CaseNo, "330302-01-012-20181025-0007-7", "330302010122018102500077");
    same(
        Kind::PropertyCertificate,
        "浙（2018）杭州市不动产权第0000001号",
        "浙(2018)杭州市不动产权第0000001号",
    );
    same(Kind::DocumentNo, "鹿行受[2018]第000123号", "鹿行受〔2018〕第000123号");
    same(Kind::MarriageCertificate, "j3303022018000001", "J330302-2018-000001");
    same(Kind::ProjectCode, "26113303020401000003", "2611-330302-04-01-000003");
    same(Kind::VatInvoice, "330000000000000001", "3300000000+00000001");
}

#[test]
fn a_case_number_is_built_and_read_back() {
    let region = RegionCode::parse("330302").expect("six digits");
    let case_no = CaseNo::new(region, 1, 12, date!(2018 - 10 - 25), 7).expect("every part fits");
    assert_eq!(case_no.to_string(), "330302010122018102500077");
    assert_eq!(case_no.display_form(), "330302-01-012-20181025-0007-7");
    assert_eq!(CaseNo::parse(&case_no.display_form()).expect("its own form").value, case_no);
    for (centre, device, sequence) in [(100, 1, 1), (1, 1000, 1), (1, 1, 0), (1, 1, 10_000)] {
        assert!(
            CaseNo::new(region, centre, device, date!(2018 - 10 - 25), sequence).is_err(),
            "{centre} {device} {sequence}"
        );
    }
    let sub_case = SubCaseNo::new(case_no, 2).expect("two digits");
    assert_eq!(sub_case.to_string(), "330302010122018102500077-02");
    assert_eq!(SubCaseNo::parse(&sub_case.to_string()).expect("its own form").value, sub_case);
    let pickup_code = PickupCode::from_number(42_917);
    assert_eq!(case_no.slip_code(&pickup_code), "OW1|330302010122018102500077|042917");
    assert_eq!(read_slip_code(&case_no.slip_code(&pickup_code)), Ok((case_no, pickup_code)));
}

#[test]
fn a_document_number_is_built_and_read_back() {
    for kind in DocumentKind::ALL {
        let built = DocumentNo::new("鹿行", kind, 2026, 10).expect("every part fits");
        assert_eq!(DocumentNo::parse(&built.to_string()).expect("its own form").value, built);
    }
}

#[test]
fn a_log_never_shows_a_number() {
    let id = ResidentId::parse("330302198603149990", TODAY).expect("sound");
    assert_eq!(format!("{:?}", id.value), "ResidentId(330302********9990)");
    assert!(!format!("{:?}", run(Kind::ResidentId, "330302198603149990")).contains("1986"));
}

#[test]
fn every_kind_has_one_name_that_reads_back() {
    for kind in Kind::ALL {
        assert_eq!(kind.name().parse(), Ok(*kind));
    }
    assert!("passports".parse::<Kind>().is_err());
}

/// Every sound number of the vectors, to be damaged by the properties below.
fn sound_numbers(kind: Kind) -> Vec<&'static str> {
    OK.iter()
        .filter(|(one, _)| *one == kind)
        .flat_map(|(_, numbers)| numbers.iter().copied())
        .collect()
}

fn any_kind() -> impl Strategy<Value = Kind> {
    prop::sample::select(Kind::ALL)
}

/// Text near a number: characters that occur in numbers, in all widths, and line breaks.
fn near_number() -> impl Strategy<Value = String> {
    prop_oneof![
        ".{0,60}",
        "[0-9A-Z<]{0,95}",
        "[0-9０-９A-ZxX<+ \u{a0}\u{200b}\u{ad}\n（）〔〕号第浙不受动产权证明-]{0,60}",
        "[0-9]{4,26}"
    ]
}

proptest! {
    #[test]
    fn no_text_makes_a_check_panic_and_its_value_checks_the_same(kind in any_kind(), raw in near_number()) {
        let first = run(kind, &raw);
        let again = run(kind, &first.value);
        prop_assert_eq!(&again.value, &first.value, "normalising twice changes nothing");
        prop_assert_eq!(again.verdict, first.verdict);
        prop_assert_eq!(normalise(kind, &normalise(kind, &raw)), normalise(kind, &raw));
        let _ = (Mrz::repair(&raw, TODAY), read_slip_code(&raw), SubCaseNo::parse(&raw), ResidentId::upgrade_historic(&raw, TODAY), masked(kind, &raw));
    }

    #[test]
    fn one_changed_character_of_a_checked_number_is_refused(
        kind in prop::sample::select(vec![Kind::ResidentId, Kind::CreditCode, Kind::CaseNo, Kind::BankCard, Kind::RegistrationNo]),
        pick in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), shift in 1u32..10,
    ) {
        let numbers = sound_numbers(kind);
        let number = normalise(kind, numbers[pick.index(numbers.len())]);
        let at = place.index(number.len());
        let mut changed = number.clone();
        let with = number[at..].chars().next().and_then(|c| c.to_digit(10)).unwrap_or(0) + shift;
        changed.replace_range(at..=at, &(with % 10).to_string());
        prop_assert_eq!(run(kind, &changed).verdict, Verdict::Error, "{} at {}", changed, at);
    }

    #[test]
    fn a_constructed_resident_number_reads_back(day in 0i64..46_000, sequence in 0u16..1000, region in prop::sample::select(vec!["330302", "332522", "110105", "710000"])) {
        let birth = date!(1900 - 01 - 01) + time::Duration::days(day);
        prop_assume!(birth <= TODAY);
        let body = format!("{region}{:04}{:02}{:02}{sequence:03}", birth.year(), u8::from(birth.month()), birth.day());
        let id = ResidentId::parse(&format!("{body}{}", checksum::mod_11_2(&body)), TODAY).expect("constructed by the rule");
        prop_assert_eq!(id.value.birth_date(), birth);
        prop_assert_eq!(id.value.sex() == Sex::Male, sequence % 2 == 1);
        prop_assert_eq!(id.warning, None);
    }

    #[test]
    fn a_constructed_credit_code_passes_its_final_check(body in "91330402[0-9A-HJ-NPQRTUWXY]{8}") {
        let body = format!("{body}{}", checksum::organisation_code(&body[8..]));
        let code = CreditCode::parse(&format!("{body}{}", checksum::mod_31(&body))).expect("constructed by the rule");
        prop_assert_eq!(code.warning, None);
    }

    #[test]
    fn any_case_number_reads_back(centre in 0u8..100, device in 0u16..1000, day in 0i64..20_000, sequence in 1u16..10_000) {
        let region = RegionCode::parse("330402").expect("six digits");
        let case_no = CaseNo::new(region, centre, device, date!(2015 - 01 - 01) + time::Duration::days(day), sequence).expect("every part fits");
        prop_assert_eq!(CaseNo::parse(&case_no.to_string()).map(|checked| checked.value), Ok(case_no));
    }

    #[test]
    fn a_repair_never_changes_what_a_digit_does_not_prove(raw in "[A-Z0-9<]{44}") {
        if let Some(repair) = Mrz::repair(&raw, TODAY) {
            prop_assert!(Mrz::parse(&repair.mrz.value.to_string(), TODAY).is_ok());
        }
    }
}
