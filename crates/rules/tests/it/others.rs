//! Rules of the other bundles that carry figures of a law.

use onewindow_rules::{CaseFacts, assess};

use crate::{answer, bundle, date, fill};

/// Whether a rule is broken by these answers and values.
fn broken(id: &str, answers: &[(&str, &str)], fields: &[(&str, &str)], today: &str, rule: &str) -> bool {
    let bundle = bundle(id);
    let mut facts = CaseFacts {
        answers: bundle.figures.usual.clone(),
        ..CaseFacts::default()
    };
    answer(&mut facts, bundle, answers);
    fill(&mut facts, fields);
    assess(bundle, &facts, date(today))
        .findings
        .iter()
        .any(|finding| finding.code == format!("rule.{rule}"))
}

#[test]
fn retirement_age_rises_by_month_of_birth() {
    let check = |sex: &str, position: &str, birth: &str, month: &str, rule: &str, expected: bool| {
        let fields = [("sex", sex), ("position_kind", position), ("birth_date", birth), ("retire_month", month)];
        assert_eq!(
            broken("retirement", &[("kind", "normal")], &fields, "2025-01-15", rule),
            expected,
            "{sex} {birth} {month}"
        );
    };
    check("M", "worker", "1964-12-31", "2024-12-01", "age-men", false);
    check("M", "worker", "1965-01-15", "2025-01-01", "age-men", true);
    check("M", "worker", "1965-01-15", "2025-02-01", "age-men", false);
    check("M", "worker", "1965-05-15", "2025-06-01", "age-men", true);
    check("M", "worker", "1965-05-15", "2025-07-01", "age-men", false);
    check("M", "cadre", "1980-03-15", "2043-02-01", "age-men", true);
    check("M", "cadre", "1980-03-15", "2043-03-01", "age-men", false);
    check("F", "cadre", "1970-01-15", "2025-02-01", "age-women-cadre", false);
    check("F", "cadre", "1970-01-15", "2025-01-01", "age-women-cadre", true);
    check("F", "worker", "1975-01-15", "2025-02-01", "age-women-worker", false);
    check("F", "worker", "1975-03-15", "2025-04-01", "age-women-worker", true);
    check("F", "worker", "1975-03-15", "2025-05-01", "age-women-worker", false);
    check("F", "worker", "1990-03-15", "2045-03-01", "age-women-worker", false);
}

#[test]
fn primary_school_begins_at_six() {
    let check = |birth: &str, expected: bool| {
        let fields = [("child_birth", birth), ("school_year_start", "2026-08-31")];
        assert_eq!(broken("school_enrolment", &[], &fields, "2026-06-01", "age-six"), expected, "{birth}");
    };
    check("2020-08-31", false);
    check("2020-09-01", true);
}

#[test]
fn tax_is_rounded_half_up_to_the_fen() {
    let check = |price: &str, rate: &str, due: &str, expected: bool| {
        let fields = [("price", price), ("tax_rate_bp", rate), ("tax_due", due)];
        assert_eq!(
            broken("real_estate_tax", &[], &fields, "2026-06-01", "tax-amount"),
            expected,
            "{price} {rate} {due}"
        );
    };
    check("1000000", "100", "10000", false);
    check("0.50", "100", "0.01", false);
    check("0.49", "100", "0.01", true);
    check("1234567.89", "150", "18518.52", false);
    check("1234567.89", "150", "18518.51", true);
}

#[test]
fn a_lease_is_at_most_twenty_years() {
    let check = |end: &str, expected: bool| {
        assert_eq!(
            broken("tenancy", &[], &[("start_date", "2026-03-01"), ("end_date", end)], "2026-06-01", "twenty-years"),
            expected,
            "{end}"
        );
    };
    check("2046-03-01", false);
    check("2046-03-02", true);
}

#[test]
fn the_base_of_insurance_has_two_limits() {
    let check = |base: &str, expected: bool| {
        assert_eq!(
            broken(
                "social_insurance",
                &[],
                &[("base_amount", base), ("average_wage", "8000")],
                "2026-06-01",
                "base-range"
            ),
            expected,
            "{base}"
        );
    };
    check("4799.99", true);
    check("4800", false);
    check("24000", false);
    check("24000.01", true);
}

#[test]
fn contributions_make_up_the_capital() {
    let check = |sum: &str, expected: bool| {
        assert_eq!(
            broken(
                "business_registration",
                &[],
                &[("registered_capital", "1000000"), ("contributions_total", sum)],
                "2026-06-01",
                "contributions"
            ),
            expected
        );
    };
    check("1,000,000.00", false);
    check("999999.99", true);
}

#[test]
fn co_applicants_are_counted_per_head() {
    let check = |area: &str, expected: bool| {
        assert_eq!(
            broken(
                "public_rental",
                &[("co_applicants", "2")],
                &[("home_area_m2", area)],
                "2026-06-01",
                "area-per-head"
            ),
            expected,
            "{area}"
        );
    };
    check("54", false);
    check("55", true);
}
