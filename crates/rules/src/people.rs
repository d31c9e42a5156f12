//! Who may act: minors through a guardian, others in person or through an agent with a letter. Absent on purpose: papers; what
//! proves the tie is a line of the checklist.

use onewindow_case::event::ApplicantKind;
use onewindow_case::identifier::{self, IdentifierKind, Verdict};
use onewindow_case::text::Bilingual;
use onewindow_catalogue::{FieldKind, Override, full_years, parse_date};
use time::Date;

use crate::facts::CaseFacts;
use crate::finding::{Finding, Findings};
use crate::values;

/// Age of full capacity (Civil Code, art. 17).
const ADULT_YEARS: i64 = 18;
/// Age from which a minor may do what fits their age, with the guardian's consent (Civil Code, art. 19).
const LIMITED_CAPACITY_YEARS: i64 = 8;

/// What is wrong with who stands at the counter.
pub(crate) fn check(facts: &CaseFacts, today: Date, findings: &mut Findings<'_>) {
    minor(facts, today, findings);
    representative(facts, today, findings);
}

fn minor(facts: &CaseFacts, today: Date, findings: &mut Findings<'_>) {
    let Some(applicant) = facts.applicant.as_ref().filter(|applicant| applicant.kind == ApplicantKind::Person) else {
        return;
    };
    let guarded = facts.representative.as_ref().is_some_and(|representative| representative.guardian);
    let Some(age) = age_of(&applicant.id_number, today).filter(|age| *age < ADULT_YEARS) else {
        return;
    };
    if guarded {
        return;
    }
    let source = Some(Bilingual::new("《民法典》第十九条、第二十条", "Civil Code, arts. 19 and 20"));
    let about = |finding: Finding| Finding {
        subject: Bilingual::new("申请人", "Applicant"),
        source: source.clone(),
        ..finding
    };
    let what = Bilingual::new(
        format!("申请人 {age} 岁，没有监护人"),
        format!("the applicant is {age} years old and no guardian is named"),
    );
    let remedy = Bilingual::new(
        "请监护人到场，录入监护人及关系证明",
        "ask the guardian to come; name them and what proves the tie",
    );
    findings.push(about(if age < LIMITED_CAPACITY_YEARS {
        Finding::error("applicant.guardian-missing", what, remedy)
    } else {
        Finding {
            override_by: Override::SecondPerson,
            ..Finding::error("applicant.guardian-missing", what, remedy)
        }
    }));
}

fn representative(facts: &CaseFacts, today: Date, findings: &mut Findings<'_>) {
    let Some(representative) = &facts.representative else { return };
    let subject = if representative.guardian {
        Bilingual::new("监护人", "Guardian")
    } else {
        Bilingual::new("代理人", "Agent")
    };
    let about = |finding: Finding| Finding {
        subject: subject.clone(),
        ..finding
    };
    if let Some(finding) = values::check(&FieldKind::Name, &representative.name, today) {
        findings.push(about(finding));
    }
    if representative.id_number.trim().is_empty() {
        findings.push(about(Finding::error(
            "representative.number-missing",
            Bilingual::new("没有证件号码", "the ID number is missing"),
            Bilingual::new("读身份证，或手工录入号码", "read the ID card, or type the number"),
        )));
    } else {
        let check = identifier::check(IdentifierKind::ResidentId, &representative.id_number, today);
        if check.verdict == Verdict::Error
            && let Some(finding) = values::identifier_finding(&check)
        {
            findings.push(about(Finding {
                override_by: Override::Reason,
                ..finding
            }));
        }
        if age_of(&representative.id_number, today).is_some_and(|age| age < ADULT_YEARS) {
            findings.push(about(Finding::error(
                "representative.minor",
                Bilingual::new("未满十八岁，不能代办", "is under 18 and can not act for another"),
                Bilingual::new("请成年的代理人或监护人办理", "ask an adult to act"),
            )));
        }
    }
    let same = facts.applicant.as_ref().is_some_and(|applicant| {
        let number = |text: &str| identifier::normalise(IdentifierKind::ResidentId, text);
        !applicant.id_number.trim().is_empty() && number(&applicant.id_number) == number(&representative.id_number)
    });
    if same {
        findings.push(about(Finding::error(
            "representative.is-applicant",
            Bilingual::new("与申请人是同一人", "is the applicant"),
            Bilingual::new("本人办理的去掉代理人", "remove the representative if the applicant came in person"),
        )));
    }
    if representative.authority.trim().is_empty() {
        let (zh, en) = if representative.guardian {
            ("没写监护关系的证明", "nothing proves the guardianship")
        } else {
            ("没写授权委托书", "no letter of authorisation is noted")
        };
        findings.push(about(Finding {
            override_by: Override::Reason,
            source: Some(Bilingual::new("《行政许可法》第二十九条", "Administrative Licensing Law, art. 29")),
            ..Finding::error(
                "representative.authority-missing",
                Bilingual::new(zh, en),
                Bilingual::new("写明证明名称和授权范围", "note the paper and the scope of the authorisation"),
            )
        }));
    }
}

/// Whole years by a resident number; `None` when it has no birth date.
fn age_of(number: &str, today: Date) -> Option<i64> {
    let check = identifier::check(IdentifierKind::ResidentId, number, today);
    let birth = check.fields.get("birth_date").and_then(|text| parse_date(text))?;
    Some(full_years(birth, today))
}
