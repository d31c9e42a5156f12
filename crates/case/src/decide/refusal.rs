//! Why an outcome is not allowed now. Absent on purpose: words for people; the desk has them in both languages.

/// Not allowed now; the clerk is told why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// The state of the case does not allow it.
    #[error("the state of the case does not allow this")]
    WrongState,
    /// No applicant named yet.
    #[error("no applicant is named")]
    ApplicantMissing,
    /// A notice with nothing in it.
    #[error("there is nothing to tell")]
    NothingToTell,
    /// The one-time notice was already given (licensing law art. 32); a supervisor may allow another.
    #[error("the one-time notice was already given")]
    SecondNotice,
    /// A written reason is required.
    #[error("a reason is required")]
    ReasonMissing,
    /// The supervisor gave the case back and the clerk has not dealt with it.
    #[error("the case was sent back and is not settled")]
    SentBackOpen,
    /// The applicant has not signed the promise to bring what is missing.
    #[error("the undertaking for outstanding papers is not signed")]
    UndertakingUnsigned,
    /// An open bad credit entry excludes acceptance with papers outstanding.
    #[error("an open credit entry excludes this")]
    CreditNotClean,
    /// The period that has to pass still runs.
    #[error("the period still runs")]
    PeriodRuns,
    /// Something was brought in time or later: it has to be judged, not counted as withdrawn.
    #[error("something was brought and has to be judged")]
    SomethingBrought,
    /// Papers are outstanding: what is granted cannot be taken back by a paper that never comes.
    #[error("papers are still outstanding")]
    PapersOutstanding,
    /// Matters that come before this one are not granted.
    #[error("matters before this one are not granted")]
    WaitsForOthers,
}

impl Refusal {
    /// Every refusal, for tables and tests.
    pub const ALL: [Self; 12] = [
        Self::WrongState,
        Self::ApplicantMissing,
        Self::NothingToTell,
        Self::SecondNotice,
        Self::ReasonMissing,
        Self::SentBackOpen,
        Self::UndertakingUnsigned,
        Self::CreditNotClean,
        Self::PeriodRuns,
        Self::SomethingBrought,
        Self::PapersOutstanding,
        Self::WaitsForOthers,
    ];

    /// The closed word the UI branches on.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WrongState => "wrong-state",
            Self::ApplicantMissing => "applicant-missing",
            Self::NothingToTell => "nothing-to-tell",
            Self::SecondNotice => "second-notice",
            Self::ReasonMissing => "reason-missing",
            Self::SentBackOpen => "sent-back-open",
            Self::UndertakingUnsigned => "undertaking-unsigned",
            Self::CreditNotClean => "credit-not-clean",
            Self::PeriodRuns => "period-runs",
            Self::SomethingBrought => "something-brought",
            Self::PapersOutstanding => "papers-outstanding",
            Self::WaitsForOthers => "waits-for-others",
        }
    }
}
