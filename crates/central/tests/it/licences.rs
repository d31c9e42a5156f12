//! Licences: numbered, signed, verified by anybody.

use onewindow_case::identifier::CreditCode;
use onewindow_print::licence_code;
use onewindow_wire::department::Decision;
use onewindow_wire::feed::{CentreWord, ContentLine};
use onewindow_wire::licence::{KeyList, VerifyReply, VerifyRequest};
use onewindow_wire::path;

use crate::counter::Counter;
use crate::stand::{FIRST, Stand, answer};

async fn verify(stand: &Stand, code: &str) -> VerifyReply {
    let request = stand.client.post(stand.at(path::VERIFY)).json(&VerifyRequest { code: code.to_owned() });
    answer(request.send().await.unwrap()).await.unwrap()
}

/// Grants a matter and gives what was told of it: number, lines, code.
async fn granted(stand: &Stand, counter: &Counter, department: &str, case: &str, matter: &str, added: &[(&str, &str)]) -> (String, Vec<ContentLine>, String) {
    let content = added
        .iter()
        .map(|(key, value)| ContentLine {
            key: (*key).to_owned(),
            value: (*value).to_owned(),
        })
        .collect();
    stand.decide(department, case, matter, Decision::Grant { content }).await;
    let items = counter.feed(0, 0).await.unwrap().items;
    items
        .into_iter()
        .find_map(|item| match item.word {
            CentreWord::Granted {
                matter: of,
                licence_no,
                content,
                signed_code,
            } if of == matter && item.case == case => Some((licence_no, content, signed_code.unwrap())),
            _other => None,
        })
        .unwrap()
}

#[tokio::test]
async fn a_business_licence_says_what_form_department_and_office_know() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let case = counter.arrived_karaoke().await;
    let added = [("kind", "有限责任公司"), ("number", "made-up"), ("issued", "1999-01-01")];
    let (licence_no, content, code) = granted(&stand, &counter, "SCJ", &case, "business_licence", &added).await;
    assert_eq!(CreditCode::parse(&licence_no).unwrap().warning, None, "{licence_no}");
    let lines: Vec<(&str, &str)> = content.iter().map(|line| (line.key.as_str(), line.value.as_str())).collect();
    assert_eq!(
        lines,
        [
            ("number", licence_no.as_str()),
            ("name", "云江市星隅歌舞娱乐有限公司"),
            ("kind", "有限责任公司"),
            ("legal_representative", "测试甲"),
            ("scope", "歌舞娱乐服务"),
            ("capital", "人民币壹佰万元整"),
            ("founded", "2026-11-23"),
            ("address", "云江市样例路1号"),
            ("area", "860平方米"),
            ("guests", "300"),
            ("authority", "云江市市场监督管理局"),
            ("issued", "2026-11-23"),
            ("duplicate_number", "1-1"),
        ],
        "the office's own lines cannot be written by a department"
    );
    assert!(code.len() < 520, "it must fit the corner of a licence, has {} characters", code.len());
}

#[tokio::test]
async fn a_good_code_is_verified_and_every_changed_one_is_not() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let case = counter.arrived_karaoke().await;
    let (licence_no, _, code) = granted(&stand, &counter, "SCJ", &case, "business_licence", &[]).await;
    let reply = verify(&stand, &code).await;
    assert_eq!((reply.valid, reply.reason), (true, None));
    assert!(reply.content.contains(&ContentLine {
        key: "number".to_owned(),
        value: licence_no
    }));
    for at in (0..code.len()).step_by(7) {
        let mut changed: Vec<char> = code.chars().collect();
        changed[at] = if changed[at] == 'A' { 'B' } else { 'A' };
        let reply = verify(&stand, &changed.into_iter().collect::<String>()).await;
        assert!(!reply.valid, "character {at}");
        assert!(reply.content.is_empty(), "nothing of a false code is repeated");
        assert!(["malformed", "bad_signature", "unknown_key"].contains(&reply.reason.unwrap().as_str()));
    }
    assert_eq!(verify(&stand, "").await.reason.as_deref(), Some("malformed"));
}

#[tokio::test]
async fn the_list_of_keys_verifies_without_the_centre() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let case = counter.arrived_karaoke().await;
    let (_, _, code) = granted(&stand, &counter, "SCJ", &case, "business_licence", &[]).await;
    let list: KeyList = answer(stand.client.get(stand.at(path::KEYS)).send().await.unwrap()).await.unwrap();
    let day = |text: &Option<String>| licence_code::Day(onewindow_catalogue::parse_date(text.as_deref().unwrap()).unwrap());
    let keys = list.keys.iter().map(|key| {
        let office = licence_code::OfficeKey {
            office: key.office.clone(),
            public_key: key.public_key.clone(),
            valid_from: day(&key.valid_from),
            valid_to: day(&key.valid_to),
            kinds: key.kinds.iter().cloned().collect(),
        };
        (key.key_id.clone(), office)
    });
    let keys = licence_code::KeyList {
        version: 1,
        keys: keys.collect(),
    };
    let revoked = licence_code::RevocationList {
        as_of: licence_code::Day(time::macros::date!(2026 - 11 - 23)),
        licences: list.revoked.into_iter().collect(),
        prints: [].into(),
    };
    assert!(licence_code::verify(&code, &keys, &revoked).is_ok());
}

#[tokio::test]
async fn revoked_and_expired_licences_are_not_valid() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let case = counter.arrived_karaoke().await;
    let (_, _, first) = granted(&stand, &counter, "SCJ", &case, "business_licence", &[]).await;
    let (hygiene_no, _, hygiene) = granted(&stand, &counter, "WJW", &case, "hygiene", &[]).await;
    stand.centre.revoke_licence(&hygiene_no, "骗取许可").await.unwrap();
    assert_eq!(verify(&stand, &hygiene).await.reason.as_deref(), Some("revoked"));
    let list: KeyList = answer(stand.client.get(stand.at(path::KEYS)).send().await.unwrap()).await.unwrap();
    assert_eq!(list.revoked, [hygiene_no]);
    stand.pass_days(5 * 366);
    assert_eq!(verify(&stand, &first).await.reason, None, "a business licence does not expire");
    let again = counter.arrived_karaoke().await;
    stand.pass_days(-5 * 366);
    for (department, matter) in [("SCJ", "business_licence"), ("XF", "fire_check"), ("HBJ", "environment"), ("WGL", "hearing")] {
        stand.grant(department, &again, matter).await;
    }
    let (_, _, permit) = granted(&stand, &counter, "WGL", &again, "entertainment_permit", &[]).await;
    assert_eq!(verify(&stand, &permit).await.reason, None);
    stand.pass_days(731);
    let expired = verify(&stand, &permit).await;
    assert_eq!((expired.valid, expired.reason.as_deref()), (false, Some("expired")));
    assert!(!expired.content.is_empty(), "what it says is still true");
}

#[tokio::test]
async fn numbers_are_never_given_twice() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let mut numbers = Vec::new();
    for _ in 0..3 {
        let case = counter.arrived_karaoke().await;
        numbers.push(stand.grant("SCJ", &case, "business_licence").await);
        numbers.push(stand.grant("XF", &case, "fire_check").await);
        numbers.push(stand.grant("HBJ", &case, "environment").await);
    }
    let count = numbers.len();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), count);
}

#[tokio::test]
async fn the_public_page_shows_the_verdict_in_both_languages() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let case = counter.arrived_karaoke().await;
    let (_, _, code) = granted(&stand, &counter, "SCJ", &case, "business_licence", &[]).await;
    let page = async |code: Option<&str>| {
        let mut request = stand.client.get(stand.at(path::VERIFY_PAGE));
        if let Some(code) = code {
            request = request.query(&[("code", code)]);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
        assert!(response.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
        response.text().await.unwrap()
    };
    let empty = page(None).await;
    assert!(empty.contains("<form") && !empty.contains("role=\"status\"") && !empty.contains("<script"));
    let good = page(Some(&code)).await;
    assert!(good.contains("有效：") && good.contains("Valid:") && good.contains("云江市星隅歌舞娱乐有限公司"));
    let bad = page(Some("\"><script>x</script>")).await;
    assert!(bad.contains("Invalid:") && !bad.contains("<script>x"));
}
