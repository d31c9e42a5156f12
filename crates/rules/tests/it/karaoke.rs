//! Opening a karaoke bar.

use onewindow_case::decide::Completeness;
use onewindow_case::event::{ApplicantKind, MaterialMark};
use onewindow_rules::{CaseFacts, RequirementStatus, assess};

use crate::{answer, applicant, blocking, bundle, date, fill, paper, typed};

const TODAY: &str = "2026-11-24";

fn complete() -> CaseFacts {
    let karaoke = bundle("karaoke");
    let mut facts = CaseFacts {
        applicant: applicant(ApplicantKind::Organisation, "星隅歌舞娱乐（筹）", ""),
        ..CaseFacts::default()
    };
    answer(
        &mut facts,
        karaoke,
        &[
            ("legal_form", "company"),
            ("foreign", "no"),
            ("premises", "rented"),
            ("location", "ground_or_above"),
            ("building", "commercial"),
            ("school_distance_m", "350"),
            ("food", "no"),
        ],
    );
    for (number, key) in [
        "app_form",
        "id_card.legal_rep",
        "shareholder_id",
        "articles",
        "appoint_doc",
        "tenancy_contract",
        "no_bar_decl",
        "site_map",
        "floor_plan",
        "audio_list",
    ]
    .iter()
    .enumerate()
    {
        facts.papers.insert((*key).into(), paper(number as u128 * 10, 2, &[]));
    }
    facts.marks.insert("premises_proof".into(), MaterialMark::CommitmentSigned);
    fill(
        &mut facts,
        &[
            ("enterprise_name", "云溪市星隅歌舞娱乐有限公司"),
            ("registered_capital", "1000000"),
            ("business_scope", "歌舞娱乐活动"),
            ("legal_rep_name", "滕予安"),
            ("legal_rep_id", "330302198603149990"),
            ("managers", "滕予安"),
            ("shareholders", "滕予安、周予川"),
            ("official_relatives", "no"),
            ("address", "云溪市南塘街道江心路66号3楼"),
            ("premises_owner", "云溪市江心置业有限公司"),
            ("use_area_m2", "600"),
            ("room_count", "18"),
            ("guests", "400"),
            ("floor", "3"),
            ("contact_phone", "13800000000"),
            ("delivery_address", "云溪市南塘街道江心路66号3楼"),
        ],
    );
    facts
}

#[test]
fn ten_papers_and_a_commitment_are_complete() {
    let assessment = assess(bundle("karaoke"), &complete(), date(TODAY));
    assert_eq!(blocking(&assessment), Vec::<String>::new());
    assert_eq!(assessment.completeness, Completeness::Complete);
    assert!(
        assessment.findings.iter().any(|finding| finding.code == "rule.rooms-fitting"),
        "a note goes along"
    );
}

#[test]
fn five_deficiencies_are_told_in_one_notice() {
    let mut facts = complete();
    facts.papers.remove(&"floor_plan".into());
    facts.papers.get_mut(&"tenancy_contract".into()).unwrap().pages.truncate(1);
    for key in ["no_bar_decl", "audio_list", "appoint_doc"] {
        facts.papers.remove(&key.into());
    }
    let assessment = assess(bundle("karaoke"), &facts, date(TODAY));
    let told: Vec<String> = assessment.deficiencies().into_iter().map(|item| item.subject_zh).collect();
    assert_eq!(told.len(), 5, "{told:?}");
    assert_eq!(assessment.completeness, Completeness::Incomplete(3), "two of them may follow");
    assert_eq!(assessment.may_follow().len(), 2);
}

#[test]
fn an_unsigned_commitment_holds_up_the_case() {
    let mut facts = complete();
    facts.marks.clear();
    let assessment = assess(bundle("karaoke"), &facts, date(TODAY));
    assert_eq!(blocking(&assessment), ["paper.commitment-unsigned premises_proof"]);
    let line = assessment.requirements.iter().find(|line| line.key.as_str() == "premises_proof").unwrap();
    assert_eq!(line.status, RequirementStatus::Commitment);
}

#[test]
fn area_guests_and_relatives_are_checked() {
    let check = |changes: &[(&str, &str)], expected: &[&str]| {
        let mut facts = complete();
        for (key, value) in changes {
            facts.fields.insert((*key).into(), typed(value));
        }
        assert_eq!(blocking(&assess(bundle("karaoke"), &facts, date(TODAY))), expected, "{changes:?}");
    };
    check(
        &[("use_area_m2", "199"), ("guests", "100"), ("room_count", "5")],
        &["rule.use-area use_area_m2"],
    );
    check(&[("use_area_m2", "200"), ("guests", "133"), ("room_count", "5")], &[]);
    check(&[("guests", "401")], &["rule.guests-by-area guests"]);
    check(&[("official_relatives", "yes")], &["rule.official-relatives official_relatives"]);
    check(&[("floor", "-1")], &["rule.floor-agrees floor"]);
    check(&[("guests", "9223372036854775807")], &["field.not-in-range guests"]);
}

#[test]
fn a_site_below_the_first_basement_is_refused() {
    let karaoke = bundle("karaoke");
    let mut facts = complete();
    answer(&mut facts, karaoke, &[("location", "below_basement_1")]);
    let assessment = assess(karaoke, &facts, date(TODAY));
    assert_eq!(blocking(&assessment), ["refusal.below-basement"]);
    assert!(assessment.refusals[0].law.zh.contains("第七条"));
}
