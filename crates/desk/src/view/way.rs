//! The way of a case, step by step, each done only by the word of whoever can know; and the words for a matter's state.

use onewindow_case::Case;
use onewindow_case::state::MatterState;
use onewindow_ipc::Words;
use onewindow_ipc::case_view::WayStep;

use crate::clock::stamp;
use crate::desk::Desk;

impl Desk {
    pub(super) fn way(&self, case: &Case) -> Vec<WayStep> {
        let accepted = case.accepted_on.is_some();
        let received = case.received_by_centre;
        let silent = crate::desk::lock(&self.shared.standing).centre_silent_since_ms;
        let any = |states: &[MatterState]| case.matters.iter().any(|matter| states.contains(&matter.state));
        let with_department = any(&[
            MatterState::InReview,
            MatterState::Suspended,
            MatterState::Granted,
            MatterState::Refused,
            MatterState::Delivered,
        ]);
        let open = case.matters.iter().filter(|matter| matter.state.is_before_decision()).count();
        let decided = accepted && !case.matters.is_empty() && open == 0;
        let handed = decided && !any(&[MatterState::Granted]);
        let step = |step: &str, zh: String, en: String, done: bool, at: Option<i64>| WayStep {
            step: step.to_owned(),
            words: Words::new(zh, en),
            done,
            at: at.map(stamp),
        };
        let to_centre = match (received, silent) {
            (Some(_), _) => ("中心已收".to_owned(), "Received by the centre".to_owned()),
            (None, Some(_)) => ("中心待送，中心没有应答".to_owned(), "Waiting for the centre; it does not answer".to_owned()),
            (None, None) => ("正在送中心".to_owned(), "Being sent to the centre".to_owned()),
        };
        let review = if open > 0 && with_department {
            (format!("部门办理，余 {open} 项"), format!("With departments, {open} open"))
        } else {
            ("部门办理".to_owned(), "With departments".to_owned())
        };
        vec![
            step("safe_here", "已存本机".to_owned(), "Safe on this PC".to_owned(), true, None),
            step("received", to_centre.0, to_centre.1, received.is_some(), received.map(|(_, at_ms)| at_ms)),
            step("with_department", review.0, review.1, with_department, None),
            step("decided", "已决定".to_owned(), "Decided".to_owned(), decided, None),
            step("handed_over", "已送达".to_owned(), "Handed over".to_owned(), handed, None),
        ]
    }
}

/// The word of a matter's state for people.
pub(super) fn matter_words(state: MatterState) -> Words {
    match state {
        MatterState::Accepted => Words::new("已受理", "Accepted"),
        MatterState::AcceptedConditional => Words::new("容缺受理", "Accepted, papers outstanding"),
        MatterState::InReview => Words::new("审查中", "Under review"),
        MatterState::Suspended => Words::new("特别程序", "Suspended"),
        MatterState::Granted => Words::new("准予", "Granted"),
        MatterState::Refused => Words::new("不予许可", "Refused"),
        MatterState::Delivered => Words::new("已送达", "Handed over"),
        MatterState::Withdrawn => Words::new("已撤回", "Withdrawn"),
        MatterState::Terminated => Words::new("终止办理", "Terminated"),
    }
}
