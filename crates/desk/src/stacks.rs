//! Both sides of a stack on a scanner that sees one side only: the fronts first, then the whole stack turned over, so that the back of
//! the last sheet comes first. A jam on the way ends a batch, not the stack: what follows is added to it. Absent on purpose: any
//! change of order while the numbers do not fit; the pages then stay as they came and the clerk is told.

use onewindow_case::CaseEvent;
use onewindow_case::ids::{CaseId, PageId};
use onewindow_ipc::Words;
use onewindow_ipc::case_view::ScanSource;
use onewindow_journal::Actor;

use crate::desk::{Desk, lock};

/// A stack of which not all sides are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stack {
    case: CaseId,
    fronts: Vec<PageId>,
    fronts_whole: bool,
    backs: Vec<PageId>,
}

impl Stack {
    /// The moves that put every back behind its front; nothing when the numbers differ.
    fn moves(&self) -> Option<Vec<CaseEvent>> {
        let count = self.fronts.len();
        (count == self.backs.len()).then(|| {
            let behind = |at: usize| CaseEvent::PageMoved {
                page: self.backs[count - 1 - at],
                before: self.fronts.get(at + 1).copied(),
            };
            (0..count).map(behind).collect()
        })
    }
}

impl Desk {
    /// Takes note of a batch that ended and, when the backs of a stack are all in, puts them between their fronts. Words when the
    /// numbers do not fit. `is_whole`: the feeder ran empty, without a fault and without being stopped.
    pub(crate) fn note_sides(&self, actor: &Actor, case: CaseId, source: ScanSource, pages: Vec<PageId>, is_whole: bool) -> Option<Words> {
        let mut kept = lock(&self.shared.stack);
        match source {
            ScanSource::Auto | ScanSource::Flatbed | ScanSource::Feeder | ScanSource::Both => {
                *kept = None;
                None
            }
            ScanSource::Fronts => {
                let begun = kept.take().filter(|stack| stack.case == case && !stack.fronts_whole);
                let mut stack = begun.unwrap_or(Stack {
                    case,
                    fronts: Vec::new(),
                    fronts_whole: false,
                    backs: Vec::new(),
                });
                stack.fronts.extend(pages);
                stack.fronts_whole = is_whole;
                *kept = Some(stack);
                None
            }
            ScanSource::Backs => {
                let mut stack = kept.take().filter(|stack| stack.case == case)?;
                stack.backs.extend(pages);
                if !is_whole {
                    *kept = Some(stack);
                    return None;
                }
                drop(kept);
                self.put_between(actor, &stack)
            }
        }
    }

    fn put_between(&self, actor: &Actor, stack: &Stack) -> Option<Words> {
        let Some(moves) = stack.moves() else {
            return Some(uneven(stack.fronts.len(), stack.backs.len()));
        };
        if let Err(fault) = self.act_as(actor.clone(), stack.case, |_| Ok(moves)) {
            tracing::warn!(%fault, "putting backs between their fronts");
            return Some(uneven(stack.fronts.len(), stack.backs.len()));
        }
        None
    }
}

fn uneven(fronts: usize, backs: usize) -> Words {
    Words::new(
        format!("正面 {fronts} 页，背面 {backs} 页，对不上：背面按扫入顺序排在正面之后。请看有没有漏页、粘页，再排顺序或重扫。"),
        format!(
            "{fronts} fronts and {backs} backs do not fit: the backs stand behind the fronts as they came. Look for missing or stuck sheets, then put them in order or scan again."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn page(number: u128) -> PageId {
        PageId::new(Uuid::from_u128(number))
    }

    /// The pages of a case after the moves.
    fn ordered(stack: &Stack) -> Option<Vec<PageId>> {
        let mut pages: Vec<PageId> = stack.fronts.iter().chain(&stack.backs).copied().collect();
        for event in stack.moves()? {
            let CaseEvent::PageMoved { page, before } = event else { continue };
            pages.retain(|other| *other != page);
            let at = before.and_then(|before| pages.iter().position(|other| *other == before)).unwrap_or(pages.len());
            pages.insert(at, page);
        }
        Some(pages)
    }

    #[test]
    fn backs_come_last_sheet_first_and_end_behind_their_fronts() {
        let stack = Stack {
            case: CaseId::new(Uuid::nil()),
            fronts: [1, 3, 5].map(page).into(),
            fronts_whole: true,
            backs: [6, 4, 2].map(page).into(),
        };
        assert_eq!(ordered(&stack), Some([1, 2, 3, 4, 5, 6].map(page).to_vec()));
        let short = Stack {
            backs: [6, 4].map(page).into(),
            ..stack
        };
        assert_eq!(ordered(&short), None, "with a sheet missing nothing may be guessed");
    }
}
