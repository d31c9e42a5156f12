//! Which matters of a case may start and which can never start any more. Pure.
//!
//! A matter waits for those named by its `after` that belong to the case. It starts when all of them were decided positively,
//! and is stopped when one of them was refused or stopped itself; independent matters go on (`one-window.md` section 4).
//! Absent on purpose: time, departments and words.

use onewindow_case::ids::MatterId;
use onewindow_case::state::MatterState;

/// Where one matter stands and what it waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) matter: MatterId,
    /// Also matters that are not in the case; those are not waited for.
    pub(crate) after: Vec<MatterId>,
    pub(crate) state: MatterState,
}

/// What is to be done with a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Move {
    /// It goes to its department.
    Start(MatterId),
    /// It ends.
    Stop {
        /// Which.
        matter: MatterId,
        /// The matter that was refused or stopped.
        because_of: MatterId,
    },
}

/// Every move that is possible now, in the order of the matters; doing them leaves none.
pub(crate) fn moves(standings: &[Standing]) -> Vec<Move> {
    let mut standings = standings.to_vec();
    let mut moves = Vec::new();
    // Each round moves one matter at least, so there are no more rounds than matters.
    for _round in 0..standings.len() {
        let Some((at, next)) = standings.iter().enumerate().find_map(|(at, one)| Some((at, move_of(one, &standings)?))) else {
            break;
        };
        standings[at].state = match next {
            Move::Start(_) => MatterState::InReview,
            Move::Stop { .. } => MatterState::Terminated,
        };
        moves.push(next);
    }
    moves
}

fn move_of(one: &Standing, all: &[Standing]) -> Option<Move> {
    if !matches!(one.state, MatterState::Accepted | MatterState::AcceptedConditional) {
        return None;
    }
    let before: Vec<&Standing> = all.iter().filter(|other| one.after.contains(&other.matter)).collect();
    if let Some(lost) = before
        .iter()
        .find(|other| matches!(other.state, MatterState::Refused | MatterState::Terminated | MatterState::Withdrawn))
    {
        return Some(Move::Stop {
            matter: one.matter.clone(),
            because_of: lost.matter.clone(),
        });
    }
    let done = before.iter().all(|other| matches!(other.state, MatterState::Granted | MatterState::Delivered));
    done.then(|| Move::Start(one.matter.clone()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn standing(matter: &str, after: &[&str], state: MatterState) -> Standing {
        Standing {
            matter: MatterId::new(matter),
            after: after.iter().map(|id| MatterId::new(*id)).collect(),
            state,
        }
    }

    fn words(standings: &[Standing]) -> Vec<String> {
        let word = |one: &Move| match one {
            Move::Start(matter) => format!("start {matter}"),
            Move::Stop { matter, because_of } => format!("stop {matter} because of {because_of}"),
        };
        moves(standings).iter().map(word).collect()
    }

    #[test]
    fn matters_start_when_those_before_them_are_granted() {
        let case = |licence, permit| [standing("licence", &[], licence), standing("permit", &["licence", "not_in_this_case"], permit)];
        let open = MatterState::Accepted;
        assert_eq!(words(&case(open, open)), ["start licence"]);
        assert_eq!(words(&case(MatterState::InReview, open)), Vec::<String>::new());
        assert_eq!(words(&case(MatterState::Granted, open)), ["start permit"]);
        assert_eq!(words(&case(MatterState::Delivered, open)), ["start permit"]);
        assert_eq!(words(&case(MatterState::Granted, MatterState::InReview)), Vec::<String>::new());
    }

    #[test]
    fn a_refusal_stops_everything_behind_it_and_nothing_else() {
        let open = MatterState::Accepted;
        let case = [
            standing("licence", &[], MatterState::Refused),
            standing("environment", &[], open),
            standing("permit", &["licence", "environment"], open),
            standing("filing", &["permit"], open),
        ];
        assert_eq!(
            words(&case),
            ["start environment", "stop permit because of licence", "stop filing because of permit"]
        );
    }

    proptest! {
        #[test]
        fn moves_are_complete_and_never_overtake(edges in prop::collection::vec(any::<u8>(), 8), states in prop::collection::vec(0_usize..MatterState::ALL.len(), 8)) {
            let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
            let mut standings: Vec<Standing> = (0..8).map(|at| {
                // Only matters earlier in the list may be waited for, as the catalogue checks.
                let after: Vec<&str> = (0..at).filter(|other| edges[at] & (1 << other) != 0).map(|other| names[other]).collect();
                standing(names[at], &after, MatterState::ALL[states[at]])
            }).collect();
            for next in moves(&standings) {
                let (id, to) = match &next {
                    Move::Start(id) => (id, MatterState::InReview),
                    Move::Stop { matter, .. } => (matter, MatterState::Terminated),
                };
                let at = standings.iter().position(|one| &one.matter == id).expect("a matter of the case");
                prop_assert!(matches!(standings[at].state, MatterState::Accepted | MatterState::AcceptedConditional), "only waiting matters move");
                if to == MatterState::InReview {
                    let after = standings[at].after.clone();
                    let granted = |id: &MatterId| standings.iter().any(|one| &one.matter == id && matches!(one.state, MatterState::Granted | MatterState::Delivered));
                    prop_assert!(after.iter().all(granted), "nothing starts before its predecessors are granted");
                }
                standings[at].state = to;
            }
            prop_assert_eq!(moves(&standings), Vec::new(), "nothing is left to do");
        }
    }
}
