//! What one more entry does to the index, and rolling many of them in: after a crash, or all of them for a rebuild.
//! Absent on purpose: writing the journal. An entry is only ever applied after it is durable.

use std::collections::HashMap;
use std::sync::Arc;

use onewindow_case::Case;
use onewindow_case::event::CaseEvent;
use onewindow_case::ids::{CaseId, Digest};
use onewindow_journal::{CounterEvent, Entry, Event, Head};

use crate::fault::StoreFault;
use crate::index::IndexFault;
use crate::ledger::{CaseHead, Draft, Ledger, Position};
use crate::segments::{Located, Segments};
use crate::summary::CaseSummary;

/// Cases kept folded while rolling.
const CASES_LIMIT: usize = 512;
/// Rows changed before a draft is committed while rolling.
const DRAFT_ROWS: usize = 4_096;

/// How far an opening or rebuilding store is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Entries applied so far.
    pub entries: u64,
    /// Entries there are, as far as is known.
    pub of_entries: u64,
}

#[derive(Debug)]
pub(crate) enum FoldFault {
    Index(IndexFault),
    Store(StoreFault),
}

impl From<IndexFault> for FoldFault {
    fn from(fault: IndexFault) -> Self {
        Self::Index(fault)
    }
}

impl From<StoreFault> for FoldFault {
    fn from(fault: StoreFault) -> Self {
        Self::Store(fault)
    }
}

/// Applies one durable entry. `case` is the case after the entry; `None` when it can no longer be folded. Gives the new
/// line of the work list and the position of the line it replaces.
pub(crate) fn apply(draft: &mut Draft<'_>, entry: &Entry, position: Position, case: Option<&Case>) -> Result<Option<(Option<u64>, CaseSummary)>, IndexFault> {
    let (id, event) = match (&entry.event, entry.case) {
        (Event::Counter(event), _) => {
            apply_counter(draft, event)?;
            return Ok(None);
        }
        (Event::Case(_), None) => return Ok(None),
        (Event::Case(event), Some(id)) => (id, event),
    };
    let before = draft.find_head(id)?;
    draft.add_position(id, entry.revision, position)?;
    for (slot, digest) in pages_named(event).into_iter().enumerate() {
        draft.name_page(&digest, Some(id), entry.seq, u8::try_from(slot).unwrap_or(u8::MAX), entry.revision)?;
    }
    if before.is_none() {
        draft.meta.cases += 1;
    }
    let Some(case) = case else {
        let last_seq = before.map_or(entry.seq, |head| head.last_seq);
        draft.set_head(
            id,
            CaseHead {
                revision: entry.revision,
                last_seq,
                damaged: true,
            },
        )?;
        return Ok(None);
    };
    if let CaseEvent::ReceivedByCentre { revision, .. } = event {
        for digest in pages_of(case) {
            draft.deliver_page(&digest, Some(*revision))?;
        }
    }
    draft.set_head(
        id,
        CaseHead {
            revision: entry.revision,
            last_seq: entry.seq,
            damaged: false,
        },
    )?;
    let before_seq = before.map(|head| head.last_seq);
    let before_line = before_seq.map(|seq| draft.find_summary(seq)).transpose()?.flatten();
    let line = CaseSummary::after(before_line.as_ref(), case, entry);
    draft.replace_summary(before_seq, &line)?;
    Ok(Some((before_seq, line)))
}

/// An entry of a case that cannot be read leaves the case damaged: it can be looked at, not continued.
fn apply_unreadable(draft: &mut Draft<'_>, id: CaseId, position: Position) -> Result<(), IndexFault> {
    let before = draft.find_head(id)?;
    if before.is_none() {
        draft.meta.cases += 1;
    }
    let (revision, last_seq) = before.map_or((0, position.seq), |head| (head.revision, head.last_seq));
    draft.set_head(
        id,
        CaseHead {
            revision,
            last_seq,
            damaged: true,
        },
    )
}

fn apply_counter(draft: &mut Draft<'_>, event: &CounterEvent) -> Result<(), IndexFault> {
    match event {
        CounterEvent::FeedApplied { cursor } => draft.meta.feed_cursor = draft.meta.feed_cursor.max(*cursor),
        CounterEvent::NumberTaken { series, number } => draft.take_number(series, *number)?,
        CounterEvent::Started { .. }
        | CounterEvent::SignedIn
        | CounterEvent::SignInFailed { .. }
        | CounterEvent::SignedOut
        | CounterEvent::Locked
        | CounterEvent::Unlocked
        | CounterEvent::SettingChanged { .. }
        | CounterEvent::BlanksStocked { .. }
        | CounterEvent::StoreRebuilt { .. }
        | CounterEvent::EntriesLost { .. }
        | CounterEvent::ClockWarned { .. }
        | CounterEvent::CaseShownInFull { .. }
        | CounterEvent::PacketExported { .. }
        | CounterEvent::PacketImported { .. }
        | CounterEvent::DeliveryRejected { .. } => {}
    }
    Ok(())
}

/// Pages that an event names; they are kept before the event is written.
pub(crate) fn pages_named(event: &CaseEvent) -> Vec<Digest> {
    match event {
        CaseEvent::PageKept {
            original, corrected, thumb, ..
        } => vec![*original, *corrected, *thumb],
        CaseEvent::PageJudged { corrected, thumb, .. } | CaseEvent::PageTurned { corrected, thumb, .. } => vec![*corrected, *thumb],
        CaseEvent::DocumentMade { bytes, .. } => vec![*bytes],
        CaseEvent::Opened { .. }
        | CaseEvent::ApplicantSet { .. }
        | CaseEvent::Answered { .. }
        | CaseEvent::FieldSet { .. }
        | CaseEvent::FieldConfirmed { .. }
        | CaseEvent::PageRead { .. }
        | CaseEvent::PageAssigned { .. }
        | CaseEvent::PageRemoved { .. }
        | CaseEvent::PageRestored { .. }
        | CaseEvent::MaterialMarked { .. }
        | CaseEvent::FindingOverridden { .. }
        | CaseEvent::Received { .. }
        | CaseEvent::Accepted { .. }
        | CaseEvent::AcceptedConditionally { .. }
        | CaseEvent::SupplementTold { .. }
        | CaseEvent::AcceptanceRefused { .. }
        | CaseEvent::NotRequired { .. }
        | CaseEvent::Withdrawn { .. }
        | CaseEvent::SentBack { .. }
        | CaseEvent::SentBackSettled
        | CaseEvent::PrintStepped { .. }
        | CaseEvent::ReceivedByCentre { .. }
        | CaseEvent::MatterMoved { .. }
        | CaseEvent::BlankBooked { .. }
        | CaseEvent::BlankSettled { .. }
        | CaseEvent::HandedOver { .. } => Vec::new(),
    }
}

fn pages_of(case: &Case) -> impl Iterator<Item = Digest> {
    let pages = case.pages.iter().flat_map(|page| [page.original, page.corrected, page.thumb]);
    pages.chain(case.documents.iter().map(|document| document.bytes))
}

/// Folds a case from its entries in the journal; `Ok(None)` when some of them are missing.
pub(crate) fn fold_case(ledger: &Ledger, segments: &Segments, id: CaseId) -> Result<Option<Case>, FoldFault> {
    let positions = ledger.positions(id)?;
    if positions.iter().zip(1..).any(|((revision, _), expected)| *revision != expected) {
        return Ok(None);
    }
    let positions: Vec<_> = positions.into_iter().map(|(_, position)| position).collect();
    let mut events = Vec::with_capacity(positions.len());
    for located in segments.read(&positions)? {
        match Segments::decode(&located)? {
            Some(Entry {
                case: Some(case),
                event: Event::Case(event),
                ..
            }) if case == id => events.push(event),
            Some(_) | None => return Ok(None),
        }
    }
    Ok(Case::replay(id, &events))
}

/// Rolls entries of the journal into an index.
pub(crate) struct Roll<'s> {
    pub(crate) ledger: &'s Ledger,
    pub(crate) segments: &'s Segments,
    cases: HashMap<CaseId, Option<Arc<Case>>>,
}

impl<'s> Roll<'s> {
    pub(crate) fn new(ledger: &'s Ledger, segments: &'s Segments) -> Self {
        Self {
            ledger,
            segments,
            cases: HashMap::new(),
        }
    }

    /// Applies everything after what is applied already, up to `head`.
    pub(crate) fn forward(&mut self, head: Head, progress: &dyn Fn(Progress)) -> Result<(), FoldFault> {
        let ledger = self.ledger;
        let segments = self.segments;
        let first = ledger.meta().applied().unwrap_or_default().seq + 1;
        let mut draft = ledger.draft();
        let mut applied = Head::EMPTY;
        segments.walk(
            first,
            |_, _| {},
            |located| {
                applied = Head {
                    seq: located.position.seq,
                    digest: located.digest,
                };
                if self.needs_commit(&draft, located.owner) {
                    std::mem::replace(&mut draft, ledger.draft()).commit()?;
                    // A draft begins from what is committed, so this one begins anew.
                    draft = ledger.draft();
                    progress(Progress {
                        entries: applied.seq,
                        of_entries: head.seq,
                    });
                }
                self.apply(&mut draft, &located)?;
                draft.applied_through(applied);
                Ok::<_, FoldFault>(())
            },
        )?;
        if applied.seq > 0 {
            draft.commit()?;
        }
        progress(Progress {
            entries: head.seq,
            of_entries: head.seq,
        });
        Ok(())
    }

    fn apply(&mut self, draft: &mut Draft<'_>, located: &Located) -> Result<(), FoldFault> {
        let Ok(Some(entry)) = Segments::decode(located) else {
            if let Some(id) = located.owner {
                self.cases.insert(id, None);
                apply_unreadable(draft, id, located.position)?;
            }
            return Ok(());
        };
        let case = match (entry.case, &entry.event) {
            (Some(id), Event::Case(event)) => {
                let case = self.case_after(draft, id, entry.revision, event)?;
                self.cases.insert(id, case.clone());
                case
            }
            (Some(_) | None, Event::Case(_) | Event::Counter(_)) => None,
        };
        apply(draft, &entry, located.position, case.as_deref())?;
        Ok(())
    }

    /// A case that is not at hand is folded from committed rows. Cases are let go all at once and what is drafted is committed
    /// then, so the rows of a case that is not at hand are always committed.
    fn needs_commit(&mut self, draft: &Draft<'_>, owner: Option<CaseId>) -> bool {
        if self.cases.len() > CASES_LIMIT {
            self.cases.clear();
        }
        draft.len() >= DRAFT_ROWS || (draft.len() > 0 && owner.is_some() && self.cases.is_empty())
    }

    fn case_after(&mut self, draft: &Draft<'_>, id: CaseId, revision: u32, event: &CaseEvent) -> Result<Option<Arc<Case>>, FoldFault> {
        let Some(head) = draft.find_head(id)? else {
            return Ok(Case::open(id, event).filter(|_| revision == 1).map(Arc::new));
        };
        if head.damaged || head.revision + 1 != revision {
            return Ok(None);
        }
        let before = match self.cases.remove(&id) {
            Some(case) => case,
            None => fold_case(self.ledger, self.segments, id)?.map(Arc::new),
        };
        let Some(mut case) = before.filter(|case| case.revision == head.revision) else {
            return Ok(None);
        };
        Arc::make_mut(&mut case).apply(event);
        Ok(Some(case))
    }
}
