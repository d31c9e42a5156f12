//! Further samples, so that every field of every template is printed once.

use onewindow_print::{DocumentData, DocumentKind, Language};

use crate::sample::{data_for, outstanding, pick, reprint};

/// Further samples of a kind: a copy, one with everything that may be said and many papers, and one with as little as can be.
/// Together with [`data_for`] they fill every field of every template.
pub(crate) fn more_for(kind: DocumentKind, language: Language) -> Vec<DocumentData> {
    let mut copy = data_for(kind, language);
    copy.copy = reprint(language);
    copy.blank_serial = "00412908".into();
    let mut bare = data_for(kind, language);
    bare.outstanding.clear();
    bare.mandating_body.clear();
    if !kind.needs_blank() {
        bare.qr_text.clear();
    }
    vec![copy, full(data_for(kind, language), language), bare]
}

/// Everything said, and lists that go on to further sheets.
fn full(mut data: DocumentData, language: Language) -> DocumentData {
    let say = |zh: &str, en: &str| pick(language, zh, en);
    data.outstanding = outstanding(language);
    data.fee = say("不动产登记费80元", "registration fee of 80 yuan");
    for (number, material) in data.materials.iter_mut().enumerate() {
        material.note = say(&format!("第{}盒", number + 1), &format!("in box {}", number + 1));
    }
    data.materials = data.materials.iter().cycle().take(40).cloned().collect();
    data.guide = data.guide.iter().cycle().take(40).cloned().collect();
    data.deficiencies.iter_mut().for_each(|line| line.basis = say("办事指南第3项", "guide, item 3"));
    if let Some(refusal) = &mut data.refusal {
        refusal.competent_body = say("云江市公安局", "Yunjiang Public Security Bureau");
        refusal.competent_address = say("云江市江滨路9号", "9 Jiangbin Road, Yunjiang");
    }
    if let Some(procedure) = &mut data.procedure {
        procedure.basis = say("《中华人民共和国行政许可法》第四十五条", "Administrative Licensing Law, article 45");
    }
    if let Some(decision) = &mut data.decision {
        decision.at_window = say("本决定由窗口依授权当场作出", "Decided at the counter by mandate");
    }
    if let Some(commitment) = &mut data.commitment {
        commitment.effects = say("承诺不实的，撤销决定", "A false promise revokes the decision");
    }
    if let Some(service) = &mut data.service {
        service.witness = say("何立", "He Li");
        service.remark = say("证照两件装一袋", "two licences in one bag");
    }
    if let Some(hand_over) = &mut data.hand_over {
        hand_over.difference = say("缺章程1份", "one set of articles is missing");
        hand_over.lines = hand_over.lines.iter().cycle().take(40).cloned().collect();
    }
    data
}
