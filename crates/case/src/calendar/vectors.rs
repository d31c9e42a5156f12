//! The vectors of the calendar, one test a rule, and the comparison with a counter that goes day by day.

use std::collections::BTreeMap;

use proptest::prelude::*;
use time::{
    Date, Duration, Weekday,
    macros::{date, datetime},
};

use super::*;

fn calendar() -> &'static WorkingCalendar {
    WorkingCalendar::mainland()
}

fn hours() -> OfficeHours {
    OfficeHours::default()
}

/// Start, working days, due, weekday of the due day. The start is day 0.
const WORKING_DAYS: &[(Date, u32, Date, Weekday)] = &[
    (date!(2017 - 01 - 20), 5, date!(2017 - 01 - 26), Weekday::Thursday),
    (date!(2017 - 09 - 29), 5, date!(2017 - 10 - 12), Weekday::Thursday),
    (date!(2018 - 02 - 09), 5, date!(2018 - 02 - 22), Weekday::Thursday),
    (date!(2018 - 02 - 14), 1, date!(2018 - 02 - 22), Weekday::Thursday),
    (date!(2018 - 03 - 05), 20, date!(2018 - 04 - 02), Weekday::Monday),
    (date!(2018 - 03 - 05), 30, date!(2018 - 04 - 17), Weekday::Tuesday),
    (date!(2018 - 03 - 05), 100, date!(2018 - 07 - 26), Weekday::Thursday),
    (date!(2018 - 04 - 04), 3, date!(2018 - 04 - 10), Weekday::Tuesday),
    (date!(2018 - 04 - 27), 2, date!(2018 - 05 - 02), Weekday::Wednesday),
    (date!(2018 - 09 - 28), 5, date!(2018 - 10 - 10), Weekday::Wednesday),
    (date!(2018 - 12 - 27), 20, date!(2019 - 01 - 25), Weekday::Friday),
    (date!(2018 - 12 - 28), 5, date!(2019 - 01 - 07), Weekday::Monday),
    (date!(2019 - 04 - 26), 5, date!(2019 - 05 - 06), Weekday::Monday),
    (date!(2019 - 04 - 30), 1, date!(2019 - 05 - 05), Weekday::Sunday),
    (date!(2019 - 09 - 27), 10, date!(2019 - 10 - 16), Weekday::Wednesday),
    (date!(2025 - 01 - 24), 5, date!(2025 - 02 - 07), Weekday::Friday),
    (date!(2025 - 01 - 27), 1, date!(2025 - 02 - 05), Weekday::Wednesday),
    (date!(2025 - 09 - 26), 10, date!(2025 - 10 - 16), Weekday::Thursday),
    (date!(2026 - 01 - 01), 1, date!(2026 - 01 - 04), Weekday::Sunday),
    (date!(2026 - 02 - 13), 5, date!(2026 - 02 - 27), Weekday::Friday),
    (date!(2026 - 09 - 18), 10, date!(2026 - 10 - 09), Weekday::Friday),
    (date!(2026 - 09 - 30), 20, date!(2026 - 11 - 03), Weekday::Tuesday),
];

/// Start, calendar days, due after moving to a working day.
const CALENDAR_DAYS: &[(Date, u32, Date)] = &[
    (date!(2018 - 02 - 06), 10, date!(2018 - 02 - 22)),
    (date!(2018 - 09 - 16), 15, date!(2018 - 10 - 08)),
    (date!(2019 - 04 - 21), 10, date!(2019 - 05 - 05)),
    (date!(2026 - 02 - 05), 10, date!(2026 - 02 - 24)),
    (date!(2026 - 09 - 17), 15, date!(2026 - 10 - 08)),
];

const IS_WORKING_DAY: &[(Date, bool)] = &[
    (date!(2017 - 10 - 08), false),
    (date!(2018 - 02 - 11), true),
    (date!(2018 - 04 - 08), true),
    (date!(2018 - 09 - 29), true),
    (date!(2018 - 12 - 29), true),
    (date!(2018 - 12 - 31), false),
    (date!(2019 - 05 - 04), false),
    (date!(2019 - 05 - 05), true),
    (date!(2019 - 10 - 12), true),
    (date!(2025 - 01 - 26), true),
    (date!(2025 - 10 - 11), true),
    (date!(2026 - 01 - 04), true),
    (date!(2026 - 02 - 14), true),
    (date!(2026 - 09 - 20), true),
    (date!(2026 - 11 - 21), false),
];

const WORKING_DAYS_A_YEAR: [(i32, i64); 10] = [
    (2017, 249),
    (2018, 250),
    (2019, 250),
    (2020, 249),
    (2021, 250),
    (2022, 249),
    (2023, 249),
    (2024, 251),
    (2025, 248),
    (2026, 248),
];

#[test]
fn working_days_are_counted_over_holidays_and_make_up_days() {
    for (start, days, due, weekday) in WORKING_DAYS {
        let found = calendar().add_working_days(*start, *days);
        assert_eq!(found, Ok(*due), "{start} + {days}");
        assert_eq!(due.weekday(), *weekday);
        assert_eq!(calendar().working_days_between(*start, *due), Ok(i64::from(*days)), "{start} to {due}");
    }
}

#[test]
fn calendar_days_end_on_a_working_day() {
    for (start, days, due) in CALENDAR_DAYS {
        assert_eq!(calendar().add_calendar_days(*start, *days), Ok(*due), "{start} + {days}");
    }
}

#[test]
fn notices_decide_about_single_days() {
    for (date, working) in IS_WORKING_DAY {
        assert_eq!(calendar().is_working_day(*date), Ok(*working), "{date}");
    }
}

#[test]
fn a_year_has_the_published_count_of_working_days() {
    for (year, days) in WORKING_DAYS_A_YEAR {
        let day = |year, month, day| Date::from_calendar_date(year, month, day).expect("a real day");
        let new_year = day(year, Month::January, 1);
        let days_found = calendar()
            .working_days_between(new_year, day(year, Month::December, 31))
            .expect("a loaded year");
        let first = i64::from(calendar().is_working_day(new_year).expect("a loaded year"));
        assert_eq!(days_found + first, days, "{year}");
    }
}

#[test]
fn a_year_without_notice_is_a_fault_and_never_guessed() {
    let unknown = |year| Err(CalendarFault::YearUnknown(year));
    assert_eq!(calendar().is_working_day(date!(2027 - 01 - 04)), Err(CalendarFault::YearUnknown(2027)));
    assert_eq!(calendar().is_working_day(date!(2016 - 12 - 31)), Err(CalendarFault::YearUnknown(2016)));
    assert_eq!(calendar().add_working_days(date!(2026 - 12 - 30), 5), unknown(2027));
    assert_eq!(calendar().add_calendar_days(date!(2026 - 12 - 30), 5), unknown(2027));
    assert_eq!(calendar().add_months(date!(2026 - 12 - 30), 2), unknown(2027));
    assert_eq!(calendar().add_working_days(date!(2026 - 12 - 30), u32::MAX), unknown(2027));
}

#[test]
fn an_assumed_year_gives_provisional_days() {
    let assumed = calendar().assuming_years(1).expect("few years");
    let due = assumed.add_working_days(date!(2026 - 12 - 30), 5).expect("an assumed year");
    assert_eq!(due, date!(2027 - 01 - 06));
    assert!(assumed.is_provisional(due));
    assert!(
        assumed.is_provisional(date!(2026 - 12 - 30)),
        "a notice of 2027 may move days at the end of 2026"
    );
    assert!(!assumed.is_provisional(date!(2026 - 11 - 03)));
    assert_eq!(assumed.last_notice_year(), 2026);
    assert_eq!(assumed.is_working_day(date!(2028 - 01 - 03)), Err(CalendarFault::YearUnknown(2028)));
}

#[test]
fn a_damaged_calendar_is_refused_with_its_line() {
    let check = |text: &str, fault| assert_eq!(WorkingCalendar::parse(text), Err(fault), "{text}");
    check("", CalendarFault::NoYears);
    check("2026,notice,通知,notice\n2026-02-30,off,春节,Spring Festival", CalendarFault::LineUnreadable(2));
    check(
        "2026,notice,通知,notice\n2026-02-03,closed,春节,Spring Festival",
        CalendarFault::LineUnreadable(2),
    );
    check("2026,notice,通知,notice\n\n2026,notice,通知,notice", CalendarFault::DayTwice(3));
    check("2024,notice,通知,notice\n2026,notice,通知,notice", CalendarFault::YearUnknown(2025));
    check("2026,notice", CalendarFault::LineUnreadable(1));
}

#[test]
fn a_local_notice_lies_above_the_general_one() {
    let typhoon = SpecialDay {
        working: false,
        name: Bilingual {
            zh: "台风停工".to_owned(),
            en: "Typhoon closing".to_owned(),
        },
    };
    let local = calendar()
        .with_local_days(BTreeMap::from([(date!(2026 - 08 - 11), typhoon)]))
        .expect("a sound calendar");
    assert_eq!(local.add_working_days(date!(2026 - 08 - 10), 1), Ok(date!(2026 - 08 - 12)));
    assert_eq!(calendar().add_working_days(date!(2026 - 08 - 10), 1), Ok(date!(2026 - 08 - 11)));
}

#[test]
fn what_comes_after_closing_counts_for_the_next_working_day() {
    let start = |at, on_duty| calendar().clock_start(at, on_duty, &hours()).expect("a loaded year");
    assert_eq!(start(datetime!(2018-03-05 17:30), false), datetime!(2018-03-05 17:30));
    assert_eq!(start(datetime!(2018-03-05 17:31), false), datetime!(2018-03-06 08:30));
    assert_eq!(start(datetime!(2018-03-10 10:00), false), datetime!(2018-03-12 08:30));
    assert_eq!(
        start(datetime!(2018-03-10 10:00), true),
        datetime!(2018-03-10 10:00),
        "a weekend duty window accepts on its day"
    );
    let due = calendar().due_at(Limit::WorkingDays(1), datetime!(2018-03-10 10:00), &hours());
    assert_eq!(due, Ok(datetime!(2018-03-12 17:30)), "the next working day is day 1 then");
}

#[test]
fn every_unit_of_a_limit_ends_at_its_own_moment() {
    let check = |limit, due| assert_eq!(calendar().due_at(limit, datetime!(2018-09-28 16:00), &hours()), Ok(due), "{limit:?}");
    check(Limit::AtOnce, datetime!(2018-09-28 17:30));
    check(Limit::OfficeMinutes(30), datetime!(2018-09-28 16:30));
    check(Limit::OfficeMinutes(90), datetime!(2018-09-28 17:30));
    check(Limit::OfficeMinutes(120), datetime!(2018-09-29 09:00));
    check(Limit::WorkingDays(5), datetime!(2018-10-10 17:30));
    check(Limit::CalendarDays(4), datetime!(2018-10-08 17:30));
    check(Limit::Months(1), datetime!(2018-10-29 17:30));
    check(Limit::Years(1), datetime!(2019-09-29 17:30));
    assert_eq!(
        calendar().add_months(date!(2018 - 01 - 31), 1),
        Ok(date!(2018 - 02 - 28)),
        "the last day when the same one is missing"
    );
}

#[test]
fn a_promise_in_minutes_rests_at_noon_and_in_summer_longer() {
    let after = |start, minutes| calendar().add_office_minutes(start, minutes, &hours()).expect("a loaded year");
    assert_eq!(after(datetime!(2018-03-05 11:30), 60), datetime!(2018-03-05 14:30));
    assert_eq!(after(datetime!(2018-07-05 11:30), 60), datetime!(2018-07-05 15:00));
    assert_eq!(after(datetime!(2018-03-05 12:30), 30), datetime!(2018-03-05 14:30));
    assert_eq!(after(datetime!(2018-03-05 07:00), 30), datetime!(2018-03-05 09:00));
    assert_eq!(after(datetime!(2018-03-04 10:00), 30), datetime!(2018-03-05 09:00));
    assert_eq!(after(datetime!(2018-03-05 08:30), 420), datetime!(2018-03-05 17:30));
    assert_eq!(after(datetime!(2018-03-05 08:30), 421), datetime!(2018-03-06 08:31));
}

#[test]
fn a_promise_is_never_later_than_the_law() {
    let day = date!(2018 - 04 - 02);
    assert_eq!(earlier_due(Some(day), Some(date!(2018 - 04 - 17))), Some(day));
    assert_eq!(earlier_due(Some(date!(2018 - 05 - 02)), Some(day)), Some(day));
    assert_eq!(earlier_due(None, Some(day)), Some(day));
    assert_eq!(earlier_due::<Date>(None, None), None);
}

#[test]
fn terms_of_the_law_are_counted_and_extended() {
    let due = |key: &str| {
        let term = find_statutory_term(key).expect("a known term");
        let due = calendar().add_working_days(date!(2018 - 03 - 05), term.working_days).expect("a loaded year");
        (due, calendar().extended_due(due, term).expect("a loaded year"))
    };
    assert_eq!(due("licensing-decision"), (date!(2018 - 04 - 02), date!(2018 - 04 - 17)));
    assert_eq!(due("property-registration"), (date!(2018 - 04 - 17), date!(2018 - 04 - 17)));
    let days = |key: &str| find_statutory_term(key).map(|term| (term.working_days, term.extension_days, term.approver));
    assert_eq!(days("joint-decision"), Some((45, 15, Some(Approver::HeadOfGovernment))));
    assert_eq!(days("market-registration"), Some((3, 3, Some(Approver::HeadOfBody))));
    assert_eq!(days("delivery"), Some((10, 0, None)));
    assert_eq!(days("supplement-notice"), Some((5, 0, None)));
    let social = [
        "social-insurance-registration",
        "pension-claim",
        "medical-reimbursement",
        "maternity-allowance",
        "unemployment-benefit",
    ];
    assert_eq!(social.map(|key| days(key).map_or(0, |(days, ..)| days)), [10, 20, 30, 10, 10]);
    assert!(find_statutory_term("unheard-of").is_none());
}

#[test]
fn silence_counts_as_acceptance_as_of_the_receipt() {
    let received = date!(2018 - 09 - 28);
    let deemed = |rule, told, today| calendar().deemed_accepted_on(rule, received, told, today).expect("a loaded year");
    use DeemedAcceptance::{Licensing, PropertyRegistration};
    assert_eq!(deemed(Licensing, None, date!(2018 - 10 - 10)), None, "the fifth working day has not passed");
    assert_eq!(deemed(Licensing, None, date!(2018 - 10 - 11)), Some(received));
    assert_eq!(deemed(Licensing, Some(date!(2018 - 10 - 10)), date!(2018 - 10 - 11)), None);
    assert_eq!(
        deemed(Licensing, Some(date!(2018 - 10 - 11)), date!(2018 - 10 - 11)),
        Some(received),
        "too late"
    );
    assert_eq!(deemed(PropertyRegistration, None, date!(2018 - 09 - 29)), Some(received));
    assert_eq!(deemed(PropertyRegistration, Some(received), date!(2018 - 09 - 29)), None);
}

#[test]
fn what_is_not_supplied_in_time_counts_as_withdrawn() {
    let last_day = date!(2018 - 10 - 10);
    assert!(!deemed_withdrawn(last_day, None, last_day));
    assert!(deemed_withdrawn(last_day, None, date!(2018 - 10 - 11)));
    assert!(!deemed_withdrawn(last_day, Some(last_day), date!(2018 - 10 - 11)));
    assert!(deemed_withdrawn(last_day, Some(date!(2018 - 10 - 11)), date!(2018 - 10 - 11)));
}

#[test]
fn a_printed_promise_is_never_made_later_alone() {
    let (earlier, later) = (date!(2019 - 05 - 05), date!(2019 - 05 - 06));
    assert_eq!(revised_due(earlier, earlier).due(), earlier);
    assert_eq!(
        revised_due(earlier, later),
        DueRevision::Later {
            printed: earlier,
            proposed: later
        }
    );
    assert_eq!(revised_due(earlier, later).due(), earlier);
    assert_eq!(revised_due(later, earlier).due(), earlier);
}

#[test]
fn a_suspended_clock_keeps_its_days() {
    let due = date!(2018 - 03 - 30);
    let frozen = calendar().suspend(due, date!(2018 - 03 - 20)).expect("a loaded year");
    assert_eq!((frozen.remaining_days, frozen.lapsed_due), (8, None));
    assert_eq!(calendar().resume(&frozen, date!(2018 - 04 - 02)), Ok(date!(2018 - 04 - 13)));
    let last_day = calendar().suspend(due, due).expect("a loaded year");
    assert_eq!(
        calendar().resume(&last_day, date!(2018 - 04 - 05)),
        Ok(date!(2018 - 04 - 08)),
        "ends on a working day"
    );
    let late = calendar().suspend(due, date!(2018 - 04 - 02)).expect("a loaded year");
    assert_eq!(
        calendar().resume(&late, date!(2018 - 05 - 02)),
        Ok(due),
        "stopping the clock does not heal an overdue case"
    );
}

#[test]
fn the_light_changes_at_half_time_on_the_last_day_and_after_closing() {
    let (start, due) = (date!(2018 - 03 - 05), date!(2018 - 03 - 15));
    let check = |now, level| assert_eq!(calendar().alert_level(start, due, now, &hours()), Ok(level), "{now}");
    check(datetime!(2018-03-05 09:00), AlertLevel::Green);
    check(datetime!(2018-03-08 09:00), AlertLevel::Green);
    check(datetime!(2018-03-09 09:00), AlertLevel::Yellow);
    check(datetime!(2018-03-14 17:31), AlertLevel::Yellow);
    check(datetime!(2018-03-15 00:00), AlertLevel::Orange);
    check(datetime!(2018-03-15 17:30), AlertLevel::Orange);
    check(datetime!(2018-03-15 17:30:01), AlertLevel::Red);
    check(datetime!(2018-03-16 08:00), AlertLevel::Red);
    assert_eq!(
        calendar().alert_level(start, start, datetime!(2018-03-05 09:00), &hours()),
        Ok(AlertLevel::Orange),
        "promised at once"
    );
}

fn matter(key: &'static str, limit: Limit, after: &[&'static str]) -> BundleMatter<&'static str> {
    BundleMatter {
        key,
        limit,
        after: after.to_vec(),
        completed_at: None,
    }
}

#[test]
fn a_bundle_is_due_at_the_end_of_its_critical_path() {
    let mut matters = vec![
        matter("permit", Limit::WorkingDays(10), &["fire", "licence"]),
        matter("licence", Limit::WorkingDays(1), &[]),
        matter("fire", Limit::WorkingDays(3), &["licence"]),
        matter("seal", Limit::WorkingDays(5), &[]),
    ];
    let start = datetime!(2018-03-05 10:00);
    let schedule = calendar().bundle_schedule(&matters, start, &hours()).expect("a sound bundle");
    assert_eq!(schedule.due, datetime!(2018-03-23 17:30), "1 + 3 + 10 working days one after another");
    assert_eq!(schedule.critical_path, ["licence", "fire", "permit"]);
    let order: Vec<_> = schedule.matters.iter().map(|matter| matter.key).collect();
    assert_eq!(order, ["licence", "fire", "permit", "seal"]);
    assert_eq!(schedule.matters[3].start, start, "a matter without predecessors shares the acceptance");

    matters[2].completed_at = Some(datetime!(2018-03-07 11:00));
    let schedule = calendar().bundle_schedule(&matters, start, &hours()).expect("a sound bundle");
    assert_eq!(schedule.due, datetime!(2018-03-21 17:30), "the next clock starts with the written completion");
}

#[test]
fn a_bundle_that_waits_for_itself_is_refused() {
    let check = |matters: &[BundleMatter<&str>], fault| {
        assert_eq!(calendar().bundle_schedule(matters, datetime!(2018-03-05 10:00), &hours()), Err(fault));
    };
    let days = Limit::WorkingDays(1);
    check(&[matter("a", days, &["b"]), matter("b", days, &["a"])], CalendarFault::MatterCycle(0));
    check(&[matter("a", days, &[]), matter("b", days, &["b"])], CalendarFault::MatterCycle(1));
    check(&[matter("a", days, &["c"])], CalendarFault::MatterUnknown(0));
    check(&[matter("a", days, &[]), matter("a", days, &[])], CalendarFault::MatterTwice(1));
    let empty = calendar()
        .bundle_schedule::<&str>(&[], datetime!(2018-03-05 10:00), &hours())
        .expect("nothing to wait for");
    assert_eq!(empty.due, datetime!(2018-03-05 10:00));
}

/// Counts day by day, as a person with a wall calendar would.
fn counted_by_hand(start: Date, days: u32) -> Option<Date> {
    let mut date = start;
    for _ in 0..days {
        date = date.next_day()?;
        while !calendar().is_working_day(date).ok()? {
            date = date.next_day()?;
        }
    }
    Some(date)
}

fn any_day() -> impl Strategy<Value = Date> {
    (0i64..3652).prop_map(|days| date!(2017 - 01 - 01) + Duration::days(days))
}

proptest! {
    #[test]
    fn counting_agrees_with_a_wall_calendar(start in any_day(), days in 0u32..400) {
        prop_assert_eq!(calendar().add_working_days(start, days).ok(), counted_by_hand(start, days));
    }

    #[test]
    fn adding_and_counting_between_are_inverse(start in any_day(), days in 0u32..400) {
        if let Ok(due) = calendar().add_working_days(start, days) {
            prop_assert_eq!(calendar().working_days_between(start, due), Ok(i64::from(days)));
            prop_assert_eq!(calendar().working_days_between(due, start), Ok(-i64::from(days)));
        }
    }

    #[test]
    fn a_clock_that_goes_on_at_once_loses_nothing(start in any_day(), passed in 1u32..100, left in 0u32..100) {
        if let (Ok(due), Ok(on)) = (calendar().add_working_days(start, passed + left), calendar().add_working_days(start, passed)) {
            let frozen = calendar().suspend(due, on).expect("a loaded year");
            prop_assert_eq!(frozen.remaining_days, left);
            prop_assert_eq!(calendar().resume(&frozen, on), Ok(due));
        }
    }

    #[test]
    fn the_light_never_goes_back(start in any_day(), days in 0u32..60, first in 0i64..90_000, second in 0i64..90_000) {
        if let Ok(due) = calendar().add_working_days(start, days) {
            let at = |minutes| start.midnight() + Duration::minutes(minutes);
            let level = |minutes| calendar().alert_level(start, due, at(minutes), &hours());
            if let (Ok(earlier), Ok(later)) = (level(first.min(second)), level(first.max(second))) {
                prop_assert!(earlier <= later);
            }
        }
    }

    #[test]
    fn office_minutes_add_up(start in any_day(), minute in 0i64..1440, first in 1u32..2000, second in 1u32..2000) {
        let start = start.midnight() + Duration::minutes(minute);
        let add = |from, minutes| calendar().add_office_minutes(from, minutes, &hours());
        if let Ok(whole) = add(start, first + second) {
            prop_assert_eq!(add(start, first).and_then(|between| add(between, second)), Ok(whole));
        }
    }

    #[test]
    fn no_text_makes_the_calendar_panic(text in "(2026,notice,a,b\n)?([0-9]{4}(-[0-9]{2}-[0-9]{2})?,(off|work|notice),.{0,4},.{0,4}\n|.{0,20}\n){0,6}") {
        let _ = WorkingCalendar::parse(&text);
    }
}
