//! States of a case and of its matters (`one-window.md` section 4: names are ours, events follow the licensing law).
//!
//! ```text
//! draft ─ receive ─▶ received ─ complete ───────────────▶ accepted ───┐
//!                      │  └─ main papers complete ─▶ accepted_conditional ─▶ with departments
//!                      ├─ incomplete ─▶ supplement ─ all brought ─▶ accepted
//!                      ├─ not ours ─▶ rejected        └─ still wrong ─▶ rejected
//!                      └─ no licence needed ─▶ not_required
//! received ─ nothing told in time ─▶ accepted (deemed)
//! supplement ─ period passed, nothing brought ─▶ deemed_withdrawn
//! accepted_conditional ─ late or wrong, supervisor ─▶ revoked
//! any state before a decision ─ applicant withdraws ─▶ withdrawn
//! matter: accepted ─▶ in_review ⇄ suspended ─▶ granted ─▶ delivered │ refused │ terminated
//! ```

/// Where the intake of a case is; also the word shown for the whole case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CaseState {
    /// 草稿.
    Draft,
    /// 已收件.
    Received,
    /// 待补正.
    Supplement,
    /// 不受理.
    NotRequired,
    /// 不予受理.
    Rejected,
    /// 撤回.
    Withdrawn,
    /// 视为撤回: the period for bringing what is missing passed.
    DeemedWithdrawn,
    /// 撤销受理: outstanding papers came late or wrong.
    Revoked,
    /// 已受理.
    Accepted,
    /// 容缺受理.
    AcceptedConditional,
    /// 审查中: at least one matter is with its department.
    InReview,
    /// 特别程序: every open matter is suspended.
    Suspended,
    /// 待领取: at least one result may be printed or collected.
    Ready,
    /// 办结: nothing is open.
    Completed,
}

/// Where one matter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MatterState {
    /// 已受理.
    Accepted,
    /// 容缺受理.
    AcceptedConditional,
    /// 审查中.
    InReview,
    /// 特别程序.
    Suspended,
    /// 准予.
    Granted,
    /// 不予许可.
    Refused,
    /// 已送达.
    Delivered,
    /// 撤回.
    Withdrawn,
    /// 终止办理.
    Terminated,
}

impl MatterState {
    /// Every state, for tables and tests.
    pub const ALL: [Self; 9] = [
        Self::Accepted,
        Self::AcceptedConditional,
        Self::InReview,
        Self::Suspended,
        Self::Granted,
        Self::Refused,
        Self::Delivered,
        Self::Withdrawn,
        Self::Terminated,
    ];

    /// The closed word used on the wire, in the UI and in tests.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::AcceptedConditional => "accepted_conditional",
            Self::InReview => "in_review",
            Self::Suspended => "suspended",
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Delivered => "delivered",
            Self::Withdrawn => "withdrawn",
            Self::Terminated => "terminated",
        }
    }

    /// Whether the department has still to decide.
    pub const fn is_before_decision(self) -> bool {
        match self {
            Self::Accepted | Self::AcceptedConditional | Self::InReview | Self::Suspended => true,
            Self::Granted | Self::Refused | Self::Delivered | Self::Withdrawn | Self::Terminated => false,
        }
    }
}

impl CaseState {
    /// Every state, for tables and tests.
    pub const ALL: [Self; 14] = [
        Self::Draft,
        Self::Received,
        Self::Supplement,
        Self::NotRequired,
        Self::Rejected,
        Self::Withdrawn,
        Self::DeemedWithdrawn,
        Self::Revoked,
        Self::Accepted,
        Self::AcceptedConditional,
        Self::InReview,
        Self::Suspended,
        Self::Ready,
        Self::Completed,
    ];

    /// The closed word used on the wire, in the UI and in tests.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Received => "received",
            Self::Supplement => "supplement",
            Self::NotRequired => "not_required",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::DeemedWithdrawn => "deemed_withdrawn",
            Self::Revoked => "revoked",
            Self::Accepted => "accepted",
            Self::AcceptedConditional => "accepted_conditional",
            Self::InReview => "in_review",
            Self::Suspended => "suspended",
            Self::Ready => "ready",
            Self::Completed => "completed",
        }
    }

    /// Whether papers and form may still be changed.
    pub const fn is_editable(self) -> bool {
        match self {
            Self::Draft | Self::Received | Self::Supplement | Self::AcceptedConditional => true,
            Self::NotRequired
            | Self::Rejected
            | Self::Withdrawn
            | Self::DeemedWithdrawn
            | Self::Revoked
            | Self::Accepted
            | Self::InReview
            | Self::Suspended
            | Self::Ready
            | Self::Completed => false,
        }
    }

    /// The word for the whole case: the intake until matters move, then the most urgent of their states.
    pub fn derive(intake: Self, matters: impl Iterator<Item = MatterState> + Clone) -> Self {
        let any = |state: MatterState| matters.clone().any(|matter| matter == state);
        if matches!(intake, Self::Withdrawn | Self::Revoked) || matters.clone().next().is_none() {
            return intake;
        }
        if any(MatterState::Granted) && !matters.clone().any(MatterState::is_before_decision) {
            Self::Ready
        } else if any(MatterState::InReview) {
            Self::InReview
        } else if any(MatterState::Suspended) {
            Self::Suspended
        } else if any(MatterState::Accepted) || any(MatterState::AcceptedConditional) {
            // Some matters wait for others; while a decided one is among them the case is with the departments.
            if any(MatterState::Granted) { Self::InReview } else { intake }
        } else {
            Self::Completed
        }
    }
}
