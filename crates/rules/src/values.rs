//! Single values: does a text fit its kind, and what does it mean? Absent on purpose: guessing; a wrong value is named, never mended.

use onewindow_case::event::ApplicantKind;
use onewindow_case::identifier::{self, Check, IdentifierKind, Verdict};
use onewindow_case::text::Bilingual;
use onewindow_catalogue::{Choice, Fact, FieldKind, Override, parse_date};
use time::Date;

use crate::DOUBT;
use crate::facts::ApplicantFact;
use crate::finding::{Finding, Findings, Severity};
use crate::papers::sex_word;

/// Longest text given to a condition, in characters.
pub(crate) const TEXT_MAX: usize = 2_000;

/// What a value means to conditions; `None` when it is empty or does not fit.
pub(crate) fn fact(kind: &FieldKind, value: &str) -> Option<Fact> {
    let value = value.trim();
    if value.is_empty() || value.chars().count() > TEXT_MAX {
        return None;
    }
    match kind {
        FieldKind::Integer { min, max, .. } => whole_number(value).filter(|number| (min..=max).contains(&number)).map(Fact::Integer),
        FieldKind::Money => fen(value).map(Fact::Integer),
        FieldKind::Bool => yes_no(value).map(Fact::Bool),
        FieldKind::Choice(options) => find_option(options, value).map(|option| Fact::Text(option.id.clone())),
        FieldKind::Date => parse_date(value).filter(|_| value.len() == 10).map(|_| Fact::Text(value.to_owned())),
        FieldKind::DateTime => moment(value).map(|()| Fact::Text(value.to_owned())),
        FieldKind::Identifier(kind) => Some(Fact::Text(identifier::normalise(*kind, value))),
        FieldKind::Text { .. } | FieldKind::Name | FieldKind::Phone | FieldKind::Address => Some(Fact::Text(value.to_owned())),
    }
}

/// What is wrong with a value that is not empty.
pub(crate) fn check(kind: &FieldKind, value: &str, today: Date) -> Option<Finding> {
    let value = value.trim();
    if let Some(finding) = unreadable(value) {
        return Some(finding);
    }
    match kind {
        FieldKind::Text { .. } | FieldKind::Address => too_long(value, kind.max_chars()),
        FieldKind::Name => too_long(value, kind.max_chars()).or_else(|| odd_name(value)),
        FieldKind::Identifier(kind) => identifier_finding(&identifier::check(*kind, value, today)),
        FieldKind::Phone => phone(value, today),
        FieldKind::Integer { min, max, .. } => whole_number(value).filter(|number| (min..=max).contains(&number)).is_none().then(|| {
            wrong(
                "field.not-in-range",
                format!("应为 {min} 到 {max} 的整数"),
                format!("a whole number from {min} to {max} is wanted"),
            )
        }),
        FieldKind::Money => fen(value).is_none().then(|| {
            wrong(
                "field.not-money",
                "不是金额（元，最多两位小数）".into(),
                "not an amount in yuan with at most two decimals".into(),
            )
        }),
        FieldKind::Bool => yes_no(value)
            .is_none()
            .then(|| wrong("field.not-yes-no", "应答是或否".into(), "yes or no is wanted".into())),
        FieldKind::Choice(_) => fact(kind, value)
            .is_none()
            .then(|| wrong("field.not-an-option", "不是可选的一项".into(), "not one of the options".into())),
        FieldKind::Date => fact(kind, value)
            .is_none()
            .then(|| wrong("field.not-a-date", "不是日期，应如 2026-01-31".into(), "not a date such as 2026-01-31".into())),
        FieldKind::DateTime => moment(value).is_none().then(|| {
            wrong(
                "field.not-a-time",
                "不是时间，应如 2026-01-31T14:20".into(),
                "not a time such as 2026-01-31T14:20".into(),
            )
        }),
    }
}

/// The option that a text means: its id, its label, or another word for the same sex, as papers write it.
fn find_option<'a>(options: &'a [Choice], value: &str) -> Option<&'a Choice> {
    let named = options
        .iter()
        .find(|option| option.id == value || option.name.zh == value || option.name.en == value);
    named.or_else(|| sex_word(value).and_then(|sex| options.iter().find(|option| sex_word(&option.id) == Some(sex))))
}

/// The applicant must be known, with a number that passes its check.
pub(crate) fn check_applicant(applicant: Option<&ApplicantFact>, today: Date, findings: &mut Findings<'_>) {
    let about = |finding: Finding| Finding {
        subject: Bilingual::new("申请人", "Applicant"),
        ..finding
    };
    let Some(applicant) = applicant.filter(|applicant| !applicant.name.trim().is_empty()) else {
        findings.push(about(Finding::error(
            "applicant.missing",
            Bilingual::new("还没有申请人", "the applicant is not known yet"),
            Bilingual::new("读身份证，或手工录入姓名和证件号码", "read the ID card, or type name and number"),
        )));
        return;
    };
    if let Some(finding) = check(&FieldKind::Name, &applicant.name, today) {
        findings.push(about(finding));
    }
    if applicant.id_number.trim().is_empty() {
        // An enterprise about to be founded has no number yet.
        if applicant.kind == ApplicantKind::Person {
            findings.push(about(Finding::error(
                "applicant.number-missing",
                Bilingual::new("申请人没有证件号码", "the applicant's ID number is missing"),
                Bilingual::new("读身份证，或手工录入号码", "read the ID card, or type the number"),
            )));
        }
    } else if let Some(finding) = identity_number(applicant, today) {
        findings.push(about(finding));
    }
}

/// A number of any kind that identifies such an applicant will do; the finding is about the likeliest kind.
fn identity_number(applicant: &ApplicantFact, today: Date) -> Option<Finding> {
    let kinds: &[IdentifierKind] = match applicant.kind {
        ApplicantKind::Organisation => &[IdentifierKind::CreditCode, IdentifierKind::RegistrationNo, IdentifierKind::ResidentId],
        ApplicantKind::Person => &[
            IdentifierKind::ResidentId,
            IdentifierKind::ForeignerId,
            IdentifierKind::Passport,
            IdentifierKind::ExitEntryPermit,
            IdentifierKind::HomeReturnPermit,
            IdentifierKind::TaiwanPermit,
        ],
    };
    let checks: Vec<Check> = kinds.iter().map(|kind| identifier::check(*kind, &applicant.id_number, today)).collect();
    let best = checks.iter().min_by_key(|check| check.verdict)?;
    if best.verdict == Verdict::Ok {
        None
    } else {
        checks.iter().find(|check| check.verdict == best.verdict).and_then(identifier_finding)
    }
}

pub(crate) fn identifier_finding(check: &Check) -> Option<Finding> {
    let remedy = Bilingual::new("对照原件；读错或录错的改正", "compare with the original and correct a misreading");
    match check.verdict {
        Verdict::Ok => None,
        Verdict::Warning => Some(Finding {
            override_by: DOUBT,
            ..Finding::warning(&format!("identifier.{}", check.code), check.message.clone(), remedy)
        }),
        Verdict::Error => Some(Finding {
            override_by: Override::SecondPerson,
            ..Finding::error(&format!("identifier.{}", check.code), check.message.clone(), remedy)
        }),
    }
}

fn phone(value: &str, today: Date) -> Option<Finding> {
    let mobile = identifier::check(IdentifierKind::Mobile, value, today);
    let landline = identifier::check(IdentifierKind::Landline, value, today);
    let best = if landline.verdict < mobile.verdict { landline } else { mobile };
    identifier_finding(&best).map(|finding| Finding {
        override_by: Override::Reason,
        ..finding
    })
}

/// Marks that nobody types on purpose: they hide or turn round what is printed.
fn unreadable(value: &str) -> Option<Finding> {
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFFC}'..='\u{FFFD}' | '\u{E000}'..='\u{F8FF}')
    };
    value.chars().any(hidden).then(|| {
        wrong(
            "field.hidden-characters",
            "含有看不见或不能印出的字符".into(),
            "it contains hidden or unprintable characters".into(),
        )
    })
}

fn odd_name(value: &str) -> Option<Finding> {
    let odd = |c: char| {
        !(c.is_alphanumeric()
            || c.is_whitespace()
            || matches!(
                c,
                '·' | '•'
                    | '・'
                    | '‧'
                    | '（'
                    | '）'
                    | '('
                    | ')'
                    | '-'
                    | '－'
                    | '\''
                    | '’'
                    | '.'
                    | '．'
                    | ','
                    | '，'
                    | '、'
                    | '&'
                    | '＆'
                    | '/'
                    | '“'
                    | '”'
            ))
    };
    value.chars().any(odd).then(|| {
        Finding::warning(
            "field.odd-name",
            Bilingual::new("名称里有少见的符号", "the name has unusual signs"),
            Bilingual::new("对照证件核对", "compare with the paper"),
        )
    })
}

fn too_long(value: &str, max: u32) -> Option<Finding> {
    (value.chars().nth(max as usize).is_some()).then(|| wrong("field.too-long", format!("超过 {max} 个字"), format!("longer than {max} characters")))
}

fn wrong(code: &str, zh: String, en: String) -> Finding {
    Finding {
        severity: Severity::Error,
        ..Finding::error(code, Bilingual { zh, en }, Bilingual::new("对照材料改正", "correct it from the papers"))
    }
}

fn whole_number(value: &str) -> Option<i64> {
    let plain: String = value.chars().filter(|c| *c != ',').collect();
    plain.parse().ok()
}

/// Whole fen of an amount in yuan.
pub(crate) fn fen(value: &str) -> Option<i64> {
    let plain: String = value.chars().filter(|c| !matches!(c, ',' | '￥' | '¥')).collect();
    let (yuan, cents) = plain.split_once('.').unwrap_or((&plain, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if yuan.is_empty() || cents.len() > 2 || !digits(yuan) || !digits(cents) || (plain.contains('.') && cents.is_empty()) {
        return None;
    }
    let cents: i64 = format!("{cents:0<2}").parse().ok()?;
    yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)
}

fn yes_no(value: &str) -> Option<bool> {
    match value {
        "yes" | "true" | "是" | "有" => Some(true),
        "no" | "false" | "否" | "无" => Some(false),
        _ => None,
    }
}

/// `2026-01-31T14:20`, a blank instead of T and seconds are allowed.
fn moment(value: &str) -> Option<()> {
    parse_date(value)?;
    let clock = value.get(11..)?;
    let parts: Vec<&str> = clock.split(':').collect();
    let fits = |part: &str, max: u32| part.len() == 2 && part.parse::<u32>().is_ok_and(|number| number <= max);
    match parts.as_slice() {
        [hour, minute] if fits(hour, 23) && fits(minute, 59) => Some(()),
        [hour, minute, second] if fits(hour, 23) && fits(minute, 59) && fits(second, 59) => Some(()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yuan_become_whole_fen() {
        for (text, expected) in [
            ("1", Some(100)),
            ("1.5", Some(150)),
            ("12,000.05", Some(1_200_005)),
            ("0.01", Some(1)),
            ("", None),
            ("-1", None),
            ("1.234", None),
            ("1.", None),
            ("99999999999999999999", None),
            ("一", None),
        ] {
            assert_eq!(fen(text), expected, "{text}");
        }
    }

    #[test]
    fn a_moment_has_a_day_and_a_clock_time() {
        for (text, expected) in [
            ("2026-11-24T14:20", true),
            ("2026-11-24 14:20:59", true),
            ("2026-11-24", false),
            ("2026-11-24T24:00", false),
            ("2026-02-30T10:00", false),
            ("2026-11-24T1:20", false),
        ] {
            assert_eq!(moment(text).is_some(), expected, "{text}");
        }
    }
}
