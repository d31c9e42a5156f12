//! Bytes and back.

use onewindow_case::CaseEvent;
use onewindow_case::event::Judgement;
use onewindow_case::ids::{CaseId, CounterId, Digest, PageId, StaffNo};
use onewindow_journal::{Actor, DecodeFault, ENTRY_LIMIT_BYTES, Entry, Event, Role, decode, encode};
use proptest::prelude::*;
use time::macros::date;
use uuid::Uuid;

use crate::generated;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_entry_comes_back_as_it_was(entry in generated::entry()) {
        let bytes = encode(&entry);
        prop_assert_eq!(decode(&bytes).expect("own bytes are readable"), entry.clone());
        prop_assert_eq!(encode(&entry), bytes, "equal entries give equal bytes");
    }

    #[test]
    fn hostile_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = decode(&bytes);
    }

    #[test]
    fn a_changed_byte_never_panics(entry in generated::entry(), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let mut bytes = encode(&entry);
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        let _ = decode(&bytes);
    }
}

fn opened() -> Entry {
    Entry {
        counter: CounterId::new("330302-01-003"),
        epoch: 1,
        seq: 7,
        prev: Digest::new([0xab; 32]),
        case: Some(CaseId::new(Uuid::from_u128(1))),
        revision: 1,
        time_ms: 1_795_312_800_000,
        business_date: date!(2026 - 11 - 22),
        actor: Actor {
            staff_no: StaffNo::new("1001"),
            role: Role::Clerk,
        },
        event: Event::Case(CaseEvent::Opened {
            case_no: "330302010032026112200071".to_owned(),
            bundle: "newborn".into(),
            catalogue_version: "2026.11".to_owned(),
            ticket: None,
        }),
    }
}

#[test]
fn the_bytes_of_format_one_never_change() {
    insta::assert_snapshot!(String::from_utf8(encode(&opened())).expect("JSON is text"), @r#"{"v":1,"c":"330302-01-003","e":1,"s":7,"p":"abababababababababababababababababababababababababababababababab","k":"00000000-0000-0000-0000-000000000001","r":1,"t":1795312800000,"d":"2026-11-22","a":"1001","ar":"clerk","x":{"case":{"e":"opened","case_no":"330302010032026112200071","bundle":"newborn","catalogue_version":"2026.11","ticket":null}}}"#);
}

#[test]
fn a_newer_format_is_said_and_not_guessed() {
    let check = |text: &str, expected: DecodeFault| assert_eq!(decode(text.as_bytes()), Err(expected), "{text}");
    check(r#"{"v":9,"something":"else"}"#, DecodeFault::NewerFormat { found: 9 });
    let newer = String::from_utf8(encode(&opened())).expect("JSON is text").replacen("\"v\":1", "\"v\":2", 1);
    check(&newer, DecodeFault::NewerFormat { found: 2 });
}

#[test]
fn faults_quote_nothing_of_the_entry() {
    let mut text = String::from_utf8(encode(&opened()))
        .expect("JSON is text")
        .replace("2026-11-22", "张小明的生日");
    let said = format!("{:?} {}", decode(text.as_bytes()), decode(text.as_bytes()).expect_err("no day"));
    assert!(!said.contains('张'), "a fault may be logged, so it must not quote: {said}");
    text.push_str(&" ".repeat(ENTRY_LIMIT_BYTES));
    assert!(matches!(decode(text.as_bytes()), Err(DecodeFault::TooLong { .. })));
}

#[test]
fn entries_written_before_corners_and_guesses_were_noted_are_still_read() {
    let check = |event: &str, expected: CaseEvent| {
        let page = "\"page\":\"00000000-0000-0000-0000-000000000002\"";
        let text = String::from_utf8(encode(&opened())).expect("JSON is text");
        let (head, _) = text.split_once("\"x\":").expect("an entry has an event");
        let old = format!("{head}\"x\":{{\"case\":{{{}}}}}}}", event.replace("PAGE", page));
        let entry = decode(old.as_bytes()).expect("an old entry");
        assert_eq!(entry.event, Event::Case(expected));
        assert_eq!(
            encode(&entry),
            old.as_bytes(),
            "what was not known is not written either: the chain is over these bytes"
        );
    };
    let page = PageId::new(Uuid::from_u128(2));
    check(
        r#""e":"page_assigned",PAGE,"material":"hukou""#,
        CaseEvent::PageAssigned {
            page,
            material: Some("hukou".into()),
            guess_percent: None,
        },
    );
    let digest = "ab".repeat(32);
    let judged = r#""e":"page_judged",PAGE,"corrected":"AB","thumb":"AB","judgement":{"verdict":"usable","width_px":1,"height_px":2,"dpi":3,"width_tenth_mm":4,"height_tenth_mm":5,"skew_centideg":6,"perceptual_hash":7,"findings":[]}"#;
    check(
        &judged.replace("AB", &digest),
        CaseEvent::PageJudged {
            page,
            corrected: Digest::new([0xab; 32]),
            thumb: Digest::new([0xab; 32]),
            judgement: Judgement {
                verdict: "usable".to_owned(),
                width_px: 1,
                height_px: 2,
                dpi: 3,
                width_tenth_mm: 4,
                height_tenth_mm: 5,
                skew_centideg: 6,
                perceptual_hash: 7,
                findings: Vec::new(),
                corners: None,
            },
        },
    );
}
