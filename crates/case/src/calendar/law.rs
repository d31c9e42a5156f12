//! Times set by law, and what happens when one passes. Amounts are data with their source; counting them is done by the calendar.

use time::Date;

use super::{CalendarFault, WorkingCalendar};
use crate::text::Bilingual;

/// A time set by law, in working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatutoryTerm {
    /// The machine name.
    pub key: &'static str,
    /// Working days.
    pub working_days: u32,
    /// Working days by which it may be extended once, the reason told to the applicant; 0 when it may not.
    pub extension_days: u32,
    /// Who approves the extension.
    pub approver: Option<Approver>,
    /// The law and its article.
    pub basis: &'static str,
}

/// Who may approve an extension.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Approver {
    /// The head of the deciding body.
    HeadOfBody,
    /// The head of the government at that level.
    HeadOfGovernment,
}

/// Every term of the laws that the counter counts.
pub const STATUTORY_TERMS: [StatutoryTerm; 11] = [
    // From acceptance to decision of one department.
    extendable("licensing-decision", 20, 10, Approver::HeadOfBody, "行政许可法 art. 42"),
    // From acceptance to decision when several departments handle it jointly (art. 26).
    extendable("joint-decision", 45, 15, Approver::HeadOfGovernment, "行政许可法 art. 42"),
    // From decision to delivery.
    fixed("delivery", 10, "行政许可法 art. 44"),
    // From receipt to the one-time notice of everything that is missing.
    fixed("supplement-notice", 5, "行政许可法 art. 32"),
    fixed("property-registration", 30, "不动产登记暂行条例 art. 20"),
    fixed("social-insurance-registration", 10, "社会保险经办条例 art. 6"),
    fixed("pension-claim", 20, "社会保险经办条例 art. 18"),
    fixed("medical-reimbursement", 30, "社会保险经办条例 art. 20"),
    fixed("maternity-allowance", 10, "社会保险经办条例 art. 20"),
    fixed("unemployment-benefit", 10, "社会保险经办条例 art. 24"),
    extendable("market-registration", 3, 3, Approver::HeadOfBody, "市场主体登记管理条例 art. 19"),
];

const fn fixed(key: &'static str, working_days: u32, basis: &'static str) -> StatutoryTerm {
    StatutoryTerm {
        key,
        working_days,
        extension_days: 0,
        approver: None,
        basis,
    }
}

const fn extendable(key: &'static str, working_days: u32, extension_days: u32, approver: Approver, basis: &'static str) -> StatutoryTerm {
    StatutoryTerm {
        key,
        working_days,
        extension_days,
        approver: Some(approver),
        basis,
    }
}

/// The term with this machine name.
pub fn find_statutory_term(key: &str) -> Option<&'static StatutoryTerm> {
    STATUTORY_TERMS.iter().find(|term| term.key == key)
}

/// The earlier one of promise and law: a promise may be shorter than the law, never longer
/// (浙江省保障最多跑一次改革规定 art. 12; 优化营商环境条例 art. 36).
pub fn earlier_due<D: Ord>(promised: Option<D>, statutory: Option<D>) -> Option<D> {
    match (promised, statutory) {
        (Some(promised), Some(statutory)) => Some(promised.min(statutory)),
        (promised, statutory) => promised.or(statutory),
    }
}

/// Which law says when silence counts as acceptance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeemedAcceptance {
    /// No notice within 5 working days: accepted as of the receipt (行政许可法 art. 32).
    Licensing,
    /// Nothing told in writing on the spot: accepted as of the receipt (不动产登记暂行条例 art. 17).
    PropertyRegistration,
}

impl WorkingCalendar {
    /// The day since which an application counts as accepted although nobody said so, once the time for a notice has passed.
    /// `told_on` is the day on which the one-time notice or the refusal was given in writing.
    pub fn deemed_accepted_on(&self, rule: DeemedAcceptance, received_on: Date, told_on: Option<Date>, today: Date) -> Result<Option<Date>, CalendarFault> {
        let last_day = match rule {
            DeemedAcceptance::Licensing => self.add_working_days(received_on, SUPPLEMENT_NOTICE_DAYS)?,
            DeemedAcceptance::PropertyRegistration => received_on,
        };
        let told_in_time = told_on.is_some_and(|day| day <= last_day);
        Ok((!told_in_time && today > last_day).then_some(received_on))
    }

    /// The due day after an extension that was approved before it passed.
    pub fn extended_due(&self, due: Date, term: &StatutoryTerm) -> Result<Date, CalendarFault> {
        self.add_working_days(due, term.extension_days)
    }
}

/// Working days within which everything that is missing has to be told at once (行政许可法 art. 32).
const SUPPLEMENT_NOTICE_DAYS: u32 = 5;

/// Whether an application counts as withdrawn: the period for supplying what is missing has passed and nothing was brought in it
/// (浙江省保障最多跑一次改革规定 art. 11).
pub fn deemed_withdrawn(last_day: Date, supplied_on: Option<Date>, today: Date) -> bool {
    today > last_day && supplied_on.is_none_or(|day| day > last_day)
}

/// What becomes of a printed promise when a later notice changes the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueRevision {
    /// The day stays.
    Unchanged(Date),
    /// The new day is earlier and holds at once.
    Earlier {
        /// What was printed.
        printed: Date,
        /// What holds now.
        due: Date,
    },
    /// The new day would be later: both are shown, the printed one holds until a supervisor confirms.
    Later {
        /// What was printed and holds.
        printed: Date,
        /// What a supervisor may confirm.
        proposed: Date,
    },
}

/// Compares a printed due day with the one counted after a change of the calendar.
pub fn revised_due(printed: Date, recounted: Date) -> DueRevision {
    match recounted.cmp(&printed) {
        std::cmp::Ordering::Equal => DueRevision::Unchanged(printed),
        std::cmp::Ordering::Less => DueRevision::Earlier { printed, due: recounted },
        std::cmp::Ordering::Greater => DueRevision::Later { printed, proposed: recounted },
    }
}

impl DueRevision {
    /// The day that holds without anybody's confirmation.
    pub fn due(self) -> Date {
        match self {
            Self::Unchanged(due) | Self::Earlier { due, .. } => due,
            Self::Later { printed, .. } => printed,
        }
    }

    /// The reason for the journal in both languages.
    pub fn reason(self) -> Bilingual {
        let (zh, en) = match self {
            Self::Unchanged(_) => ("节假日安排变化，期限不变", "the holiday notice changed, the due day stays"),
            Self::Earlier { .. } => ("节假日安排变化，期限提前", "the holiday notice changed, the due day is earlier"),
            Self::Later { .. } => (
                "节假日安排变化，期限延后待值班长确认",
                "the holiday notice changed, a later due day waits for the supervisor",
            ),
        };
        Bilingual {
            zh: zh.to_owned(),
            en: en.to_owned(),
        }
    }
}
