//! Both sides of a stack on a scanner that sees one side only: the fronts first, then the whole stack turned over, so that the back of
//! the last sheet comes first. A jam on the way ends a batch, not the stack: what follows is added to it; nor do scans into other cases end
//! it. Absent on purpose: any change of order while the numbers do not fit; the pages then stay as they came and the clerk is told.

use onewindow_case::CaseEvent;
use onewindow_case::ids::{CaseId, PageId};
use onewindow_ipc::Words;
use onewindow_ipc::case_view::ScanSource;
use onewindow_journal::Actor;

use crate::desk::{Desk, lock};

/// Stacks that wait for their backs; nobody turns over more at one counter.
const STACKS_MAX: usize = 16;

/// Something the clerk has to look at after a scan that went well: its closed word and what to read.
pub(crate) type Remark = (&'static str, Words);

/// A stack of which not all sides are in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Stack {
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
    /// Takes note of a batch that ended and, when the backs of a stack are all in, puts them between their fronts. A remark when they do
    /// not fit. `is_whole`: the feeder ran empty, without a fault and without being stopped.
    pub(crate) fn note_sides(&self, actor: &Actor, case: CaseId, source: ScanSource, pages: Vec<PageId>, is_whole: bool) -> Option<Remark> {
        if pages.is_empty() && !is_whole {
            return None;
        }
        let mut waiting = lock(&self.shared.stacks);
        match source {
            ScanSource::Auto | ScanSource::Flatbed | ScanSource::Feeder | ScanSource::Both => {
                waiting.remove(&case);
                None
            }
            ScanSource::Fronts => {
                let mut stack = waiting.remove(&case).filter(|stack| !stack.fronts_whole).unwrap_or_default();
                stack.fronts.extend(pages);
                stack.fronts_whole = is_whole;
                if waiting.len() >= STACKS_MAX {
                    waiting.clear();
                }
                waiting.insert(case, stack);
                None
            }
            ScanSource::Backs => {
                let Some(mut stack) = waiting.remove(&case) else {
                    return Some(no_fronts(pages.len()));
                };
                stack.backs.extend(pages);
                if !is_whole {
                    waiting.insert(case, stack);
                    return None;
                }
                drop(waiting);
                self.put_between(actor, case, &stack)
            }
        }
    }

    fn put_between(&self, actor: &Actor, case: CaseId, stack: &Stack) -> Option<Remark> {
        let Some(moves) = stack.moves() else {
            return Some(uneven(stack.fronts.len(), stack.backs.len()));
        };
        if let Err(fault) = self.act_as(actor.clone(), case, |_| Ok(moves)) {
            tracing::warn!(%fault, "putting backs between their fronts");
            return Some(uneven(stack.fronts.len(), stack.backs.len()));
        }
        None
    }
}

fn uneven(fronts: usize, backs: usize) -> Remark {
    let words = Words::new(
        format!("正面 {fronts} 页，背面 {backs} 页，对不上：背面按扫入顺序排在正面之后。请看有没有漏页、粘页，再排顺序或重扫。"),
        format!(
            "{fronts} fronts and {backs} backs do not fit: the backs stand behind the fronts as they came. Look for missing or stuck sheets, then put them in order or scan again."
        ),
    );
    ("stack-uneven", words)
}

fn no_fronts(backs: usize) -> Remark {
    let words = Words::new(
        format!("背面 {backs} 页没有等着的正面：背面按扫入顺序排在最后。请排顺序，或从正面起重扫。"),
        format!("No fronts wait for these {backs} backs: they stand last, as they came. Put them in order, or scan again from the fronts."),
    );
    ("stack-without-fronts", words)
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
