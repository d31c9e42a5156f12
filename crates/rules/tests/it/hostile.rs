//! Hostile and senseless input: a check never fails and never loops. How long it takes is measured by `cargo xtask bench rules`.

use onewindow_case::event::{ApplicantKind, FieldSource, MaterialMark, QualityRemark};
use onewindow_catalogue::Answer;
use onewindow_rules::{
    CaseFacts, FieldFact, OverrideFact, PageFact, PageVerdict, PaperFact, ReadFact, RepresentativeFact, assess, form, known_answers, proposals,
};
use proptest::prelude::*;

use crate::{CATALOGUE, applicant, date, page};

fn hostile_text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("'; DROP TABLE cases; --".to_owned()),
        Just("\u{202E}\u{2066}周\u{200F}".to_owned()),
        Just("👨‍👩‍👧‍👦".repeat(20)),
        Just("\u{0}\u{1b}[31m".to_owned()),
        Just("阿".repeat(200)),
        Just("9".repeat(5_000)),
        Just("9223372036854775808".to_owned()),
        Just("-0".to_owned()),
        Just("0000-00-00".to_owned()),
        Just("9999-12-31".to_owned()),
        Just("9999-12-31T23:59".to_owned()),
        Just("33030219900230999X".to_owned()),
        Just("yes".to_owned()),
        Just("\u{FFFD}\u{10FFFF}".to_owned()),
        Just("2999-01-01".to_owned()),
        Just("王□明".to_owned()),
        Just("SU NIANAN".to_owned()),
        Just("阿依古丽·买买提".repeat(30)),
        "\\PC{0,40}",
        "[0-9X]{17,19}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_values_break_a_check(texts in prop::collection::vec(hostile_text(), 60), flags in prop::collection::vec(any::<bool>(), 60), day in 0_i64..20_000) {
        let today = onewindow_catalogue::plus_days(date("1990-01-01"), day).unwrap();
        for bundle in CATALOGUE.bundles() {
            let mut text = texts.iter().cycle().cloned();
            let mut flag = flags.iter().cycle().copied();
            let mut next = || text.next().unwrap_or_default();
            let mut yes = || flag.next().unwrap_or_default();
            let kind = if yes() { ApplicantKind::Person } else { ApplicantKind::Organisation };
            let mut facts = CaseFacts { applicant: applicant(kind, &next(), &next()), ..CaseFacts::default() };
            for question in &bundle.guidance {
                let answer = bundle.figures.usual.get(&question.id).cloned().filter(|_| yes()).unwrap_or(Answer::Choice(next()));
                facts.answers.insert(question.id.clone(), answer);
            }
            for field in &bundle.fields {
                let source = if yes() { FieldSource::Typed } else { FieldSource::Page(page(1)) };
                facts.fields.insert(field.key.clone(), FieldFact { value: next(), confirmed: yes(), source });
            }
            for material in &bundle.materials {
                let verdict = if yes() { PageVerdict::Usable } else { PageVerdict::Doubtful };
                let remarks = vec![QualityRemark { code: next(), zh: next(), en: next() }];
                let reads = material.paper.reads.iter().map(|read| ReadFact { key: read.key.clone(), value: next(), page: None, confirmed: yes() }).collect();
                facts.papers.insert(material.key.clone(), PaperFact { pages: vec![PageFact { page: page(1), verdict, remarks }], reads });
                facts.marks.insert(material.key.clone(), MaterialMark::OtherProof(next()));
            }
            facts.representative = yes().then(|| RepresentativeFact { guardian: yes(), name: next(), id_number: next(), authority: next() });
            facts.consents.insert(next());
            facts.overrides.push(OverrideFact { code: next(), material: None, field: None });
            let first = assess(bundle, &facts, today);
            let second = assess(bundle, &facts, today);
            prop_assert_eq!(&first.findings, &second.findings);
            prop_assert_eq!(first.completeness, second.completeness);
            // Every finding says the same to clerk and applicant, in both languages, and names its code.
            for finding in &first.findings {
                let told = finding.told_to_applicant();
                prop_assert!(!finding.code.is_empty() && !told.zh.is_empty() && !told.en.is_empty(), "{:?}", finding);
            }
            // What is known without asking is an answer of the question, and the same each time.
            let known = known_answers(bundle, &facts, today);
            prop_assert_eq!(&known, &known_answers(bundle, &facts, today));
            for known in &known {
                prop_assert!(bundle.parse_answer(&known.question, &known.answer.to_string()).is_ok());
            }
            let _ = proposals(bundle, &facts, today).len() + form(bundle, &facts, today).len();
        }
    }
}
