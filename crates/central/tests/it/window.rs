//! Decisions at the window: numbers in blocks, a key that the centre vouches for, and what of it holds when it arrives.

use onewindow_case::event::CaseEvent;
use onewindow_case::ids::MatterId;
use onewindow_print::licence_code::{Day, Ed25519Signer, LicenceClaims, sign};
use onewindow_wire::allotment::{Allotment, AllotmentRequest};
use onewindow_wire::feed::CentreWord;
use onewindow_wire::licence::{VerifyReply, VerifyRequest};
use onewindow_wire::path;
use time::macros::date;

use crate::counter::{Counter, Draft};
use crate::stand::{FIRST, SECOND, Stand, answer, refused};

const SEED: [u8; 32] = [9; 32];

async fn allotted(counter: &Counter, seed: &[u8]) -> Allotment {
    let public_key = Ed25519Signer::from_seed("", seed).unwrap().public_key();
    counter.ask_allotment(&AllotmentRequest { public_key }).await.unwrap()
}

/// An accepted tenancy, and a decision on its filing with this number.
fn filed(counter: &mut Counter, allotment: &Allotment, number: &str, seed: &[u8]) -> (Draft, String) {
    let mut draft = counter.open("tenancy", "2026.1");
    counter.accept(&mut draft, &[("filing", "JSJ")]);
    let signer = Ed25519Signer::from_seed(&allotment.key_id, seed).unwrap();
    let claims = LicenceClaims {
        issuer: "云江市住房和城乡建设局".into(),
        licence_number: number.to_owned(),
        holder: "测试甲".into(),
        kind: "tenancy-proof".into(),
        issued: Day(date!(2026 - 11 - 23)),
        valid_to: None,
        copy: 0,
        print_id: draft.id.to_string(),
    };
    let code = sign(&claims, &signer).unwrap();
    let decided = CaseEvent::DecidedAtWindow {
        matter: MatterId::new("filing"),
        licence_no: number.to_owned(),
        content: vec![("number".into(), number.to_owned()), ("issued".into(), "2026-11-23".into())],
        signed_code: code.clone(),
    };
    counter.add(&mut draft, decided);
    (draft, code)
}

async fn returned(counter: &Counter, draft: &Draft) -> Option<String> {
    let items = counter.feed(0, 0).await.unwrap().items;
    items.into_iter().find_map(|item| match item.word {
        CentreWord::Returned { code, .. } if item.case == draft.id.to_string() => Some(code),
        _other => None,
    })
}

async fn verify(stand: &Stand, code: &str) -> VerifyReply {
    let request = stand.client.post(stand.at(path::VERIFY)).json(&VerifyRequest { code: code.to_owned() });
    answer(request.send().await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_counter_gets_numbers_of_its_own_and_the_same_answer_again() {
    let stand = Stand::start().await;
    let (first, second) = (stand.counter(FIRST).await, stand.counter(SECOND).await);
    let one = allotted(&first, &SEED).await;
    let block = one.blocks.iter().find(|block| block.matter == "filing").unwrap();
    assert_eq!((block.bundle.as_str(), block.numbers.len(), block.revoked), ("tenancy", 20, false));
    assert_eq!(allotted(&first, &SEED).await.blocks, one.blocks, "asking again gives nothing new");
    let other = allotted(&second, &[8; 32]).await;
    let all: Vec<&String> = one.blocks.iter().chain(&other.blocks).flat_map(|block| &block.numbers).collect();
    let mut distinct = all.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), all.len(), "no number is given twice");
    let key = one.keys.keys.iter().find(|key| key.key_id == one.key_id).unwrap();
    assert!(key.kinds.contains(&"tenancy-proof".to_owned()) && !key.kinds.contains(&"business-licence".to_owned()));
    let bad = AllotmentRequest { public_key: "00".to_owned() };
    assert_eq!(first.ask_allotment(&bad).await, Err(refused(400, "malformed")));
}

#[tokio::test]
async fn a_decision_at_the_window_is_kept_and_its_code_verified() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let allotment = allotted(&counter, &SEED).await;
    let number = allotment.blocks.iter().find(|block| block.matter == "filing").unwrap().numbers[0].clone();
    let (draft, code) = filed(&mut counter, &allotment, &number, &SEED);
    assert!(counter.send_all().await.unwrap().rejected.is_empty());
    assert_eq!(returned(&counter, &draft).await, None);
    assert!(verify(&stand, &code).await.valid, "anybody can check it");
    // The same number on another case: the sheet is out, so it is returned.
    let (again, _) = filed(&mut counter, &allotment, &number, &SEED);
    let receipt = counter.send_all().await.unwrap();
    assert_eq!(receipt.rejected.last().map(|rejection| rejection.code.as_str()), Some("number_used_twice"));
    assert_eq!(returned(&counter, &again).await.as_deref(), Some("number_used_twice"));
}

#[tokio::test]
async fn what_does_not_hold_is_kept_and_returned() {
    let stand = Stand::start().await;
    let mut counter = stand.counter(FIRST).await;
    let allotment = allotted(&counter, &SEED).await;
    let block = allotment.blocks.iter().find(|block| block.matter == "filing").unwrap().clone();
    let (foreign, _) = filed(&mut counter, &allotment, "JSJ3303022699999", &SEED);
    let (forged, code) = filed(&mut counter, &allotment, &block.numbers[1], &[7; 32]);
    counter.send_all().await.unwrap();
    assert_eq!(returned(&counter, &foreign).await.as_deref(), Some("number_not_allotted"));
    assert_eq!(returned(&counter, &forged).await.as_deref(), Some("signature_wrong"));
    assert!(!verify(&stand, &code).await.valid);
    stand.centre.revoke_block(&block.block).await.unwrap();
    let (late, _) = filed(&mut counter, &allotment, &block.numbers[2], &SEED);
    counter.send_all().await.unwrap();
    assert_eq!(returned(&counter, &late).await.as_deref(), Some("block_revoked"));
    let now = allotted(&counter, &SEED).await;
    assert!(
        now.blocks.iter().any(|known| known.block == block.block && known.revoked),
        "the counter hears of it"
    );
    let fresh = |known: &&onewindow_wire::allotment::NumberBlock| known.matter == "filing" && !known.revoked;
    assert!(now.blocks.iter().any(|known| fresh(&known)), "and gets another one");
}
