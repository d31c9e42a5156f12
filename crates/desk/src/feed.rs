//! What the centre says of our cases: applied once, in the same append as the position in its feed.

use onewindow_case::event::MatterProgress;
use onewindow_case::ids::{CaseId, DepartmentId, FieldKey, MaterialKey, MatterId, StaffNo};
use onewindow_case::{Case, CaseEvent};
use onewindow_journal::{CounterEvent, Event};
use onewindow_wire::feed::{CentreWord, Feed, FeedItem};

use crate::clock::parse_day;
use crate::desk::{Desk, centre};
use crate::fault::DeskFault;

impl Desk {
    /// Applies news in order. A word about a case that is not ours is passed over.
    pub(crate) fn apply_feed(&self, feed: &Feed) -> Result<(), DeskFault> {
        for item in &feed.items {
            if item.cursor > self.shared.store.feed_cursor() {
                self.apply_word(item)?;
            }
        }
        Ok(())
    }

    fn apply_word(&self, item: &FeedItem) -> Result<(), DeskFault> {
        let _turn = self.take_turn();
        let case = match CaseId::parse(&item.case) {
            Some(id) => self.shared.store.find_case(id)?,
            None => None,
        };
        let applied = self.entry(centre(), None, Event::Counter(CounterEvent::FeedApplied { cursor: item.cursor }));
        match case.as_ref().and_then(|case| Some((case, event_of(case, item)?))) {
            Some((case, event)) => {
                let entry = self.entry(centre(), Some(case.id), Event::Case(event));
                self.shared.store.append_if(case.id, case.revision, vec![entry, applied])?;
                self.tell_case(self.get_case(case.id)?.as_ref());
            }
            None => {
                self.shared.store.append(vec![applied])?;
            }
        }
        self.shared.waker.wake();
        Ok(())
    }
}

/// What a word means for a case; nothing when it says what is known already.
fn event_of(case: &Case, item: &FeedItem) -> Option<CaseEvent> {
    let moved = |matter: &str, to: MatterProgress| {
        let matter = MatterId::new(matter);
        case.find_matter(&matter).map(|_| CaseEvent::MatterMoved { matter, to })
    };
    match &item.word {
        CentreWord::Received { revision } => {
            let known = case.received_by_centre.is_some_and(|(known, _)| known >= case.own_revision.min(*revision));
            (!known).then_some(CaseEvent::ReceivedByCentre {
                revision: *revision,
                at_ms: item.at_ms,
            })
        }
        CentreWord::WithDepartment { matter, department, due } => moved(
            matter,
            MatterProgress::WithDepartment {
                department: DepartmentId::new(department),
                due: due.as_deref().and_then(parse_day),
            },
        ),
        CentreWord::Suspended { matter, reason } => moved(matter, MatterProgress::Suspended { reason: reason.clone() }),
        CentreWord::Granted {
            matter,
            licence_no,
            content,
            signed_code,
        } => moved(
            matter,
            MatterProgress::Granted {
                licence_no: licence_no.clone(),
                content: content.iter().map(|line| (line.key.clone(), line.value.clone())).collect(),
                signed_code: signed_code.clone(),
            },
        ),
        CentreWord::Extended { matter, due, reason } => moved(
            matter,
            MatterProgress::Extended {
                due: due.as_deref().and_then(parse_day),
                reason: reason.clone(),
            },
        ),
        CentreWord::Refused { matter, reason } => moved(matter, MatterProgress::Refused { reason: reason.clone() }),
        CentreWord::Stopped { matter, reason } => moved(matter, MatterProgress::Stopped { reason: reason.clone() }),
        CentreWord::Returned { reason, by, .. } => Some(CaseEvent::SentBack {
            by: StaffNo::new(by.as_deref().unwrap_or("centre")),
            reason: reason.clone(),
        }),
        CentreWord::FindingPassed {
            code,
            material,
            field,
            reason,
            by,
        } => Some(CaseEvent::FindingOverridden {
            code: code.clone(),
            material: material.as_deref().map(MaterialKey::new),
            field: field.as_deref().map(FieldKey::new),
            reason: reason.clone(),
            approved_by: StaffNo::new(by),
        }),
    }
}
