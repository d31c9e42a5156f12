//! What one more entry does to the index, and rolling many of them in: after a crash, or all of them for a rebuild.
//! Absent on purpose: writing the journal. An entry is only ever applied after it is durable.

use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use onewindow_case::Case;
use onewindow_case::event::CaseEvent;
use onewindow_case::ids::{CaseId, Digest};
use onewindow_journal::{CounterEvent, Entry, Event, Head};

use crate::fault::StoreFault;
use crate::index::IndexFault;
use crate::ledger::{CaseHead, Draft, Ledger, Position};
use crate::segments::Segments;
use crate::summary::{CaseSummary, Touch};

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

/// Changes that durable entries make. What several entries of one case change together (its head, its line) is worked out
/// once, at the end.
pub(crate) struct Changes<'l> {
    draft: Draft<'l>,
    touched: BTreeMap<CaseId, Touched>,
}

struct Touched {
    before: Option<CaseHead>,
    head: CaseHead,
    touch: Option<Touch>,
    /// The centre says it holds the case up to this revision.
    received: Option<u32>,
}

/// A line of the work list and the position of the line it replaces.
pub(crate) type NewLine = (Option<u64>, CaseSummary);

impl<'l> Changes<'l> {
    pub(crate) fn new(ledger: &'l Ledger) -> Self {
        Self {
            draft: ledger.draft(),
            touched: BTreeMap::new(),
        }
    }

    /// About how many rows will change.
    fn len(&self) -> usize {
        self.draft.len() + self.touched.len()
    }

    fn find_head(&self, id: CaseId) -> Result<Option<CaseHead>, IndexFault> {
        match self.touched.get(&id) {
            Some(touched) => Ok(Some(touched.head)),
            None => self.draft.find_head(id),
        }
    }

    /// Applies one durable entry; `foldable` tells whether its case can still be folded after it.
    pub(crate) fn apply(&mut self, entry: &Entry, position: Position, foldable: bool) -> Result<(), IndexFault> {
        let (id, event) = match (&entry.event, entry.case) {
            (Event::Counter(CounterEvent::CaseErased { case, .. }), _) => return self.forget(*case),
            (Event::Counter(event), _) => return self.apply_counter(event),
            (Event::Case(_), None) => return Ok(()),
            (Event::Case(event), Some(id)) => (id, event),
        };
        self.draft.add_position(id, entry.revision, position)?;
        for (slot, digest) in pages_named(event).into_iter().enumerate() {
            self.draft
                .name_page(&digest, Some(id), entry.seq, u8::try_from(slot).unwrap_or(u8::MAX), entry.revision)?;
        }
        let touched = self.touch(id, entry.seq)?;
        touched.head.revision = entry.revision;
        if !foldable {
            touched.head.damaged = true;
            return Ok(());
        }
        touched.head.last_seq = entry.seq;
        if let CaseEvent::ReceivedByCentre { revision, .. } = event {
            touched.received = touched.received.max(Some(*revision));
        }
        let opening = touched.touch.take().and_then(|touch| touch.opening);
        touched.touch = Some(Touch::by(entry, opening));
        Ok(())
    }

    /// An entry of a case that cannot be read leaves the case damaged: it can be looked at, not continued.
    fn apply_unreadable(&mut self, id: CaseId, position: Position) -> Result<(), IndexFault> {
        self.touch(id, position.seq)?.head.damaged = true;
        Ok(())
    }

    fn touch(&mut self, id: CaseId, seq: u64) -> Result<&mut Touched, IndexFault> {
        match self.touched.entry(id) {
            Slot::Occupied(slot) => Ok(slot.into_mut()),
            Slot::Vacant(slot) => {
                let before = self.draft.find_head(id)?;
                if before.is_none() {
                    self.draft.meta.cases += 1;
                }
                let head = before.unwrap_or(CaseHead {
                    revision: 0,
                    last_seq: seq,
                    damaged: false,
                });
                Ok(slot.insert(Touched {
                    before,
                    head,
                    touch: None,
                    received: None,
                }))
            }
        }
    }

    /// A case whose key was destroyed is not in the index any more.
    fn forget(&mut self, id: CaseId) -> Result<(), IndexFault> {
        if let Some(touched) = self.touched.remove(&id)
            && touched.before.is_none()
        {
            self.draft.meta.cases = self.draft.meta.cases.saturating_sub(1);
        }
        self.draft.forget_case(id)
    }

    fn apply_counter(&mut self, event: &CounterEvent) -> Result<(), IndexFault> {
        let draft = &mut self.draft;
        match event {
            CounterEvent::FeedApplied { cursor } => draft.meta.feed_cursor = draft.meta.feed_cursor.max(*cursor),
            CounterEvent::NumberTaken { series, number } => draft.take_number(series, *number)?,
            CounterEvent::SettingChanged { key, value } => draft.set(key, value)?,
            CounterEvent::Started { .. }
            | CounterEvent::SignedIn
            | CounterEvent::SignInFailed { .. }
            | CounterEvent::SignedOut
            | CounterEvent::Locked
            | CounterEvent::Unlocked
            | CounterEvent::BlanksStocked { .. }
            | CounterEvent::BlanksReturned { .. }
            | CounterEvent::BlankSpoiled { .. }
            | CounterEvent::DayClosed { .. }
            | CounterEvent::StoreRebuilt { .. }
            | CounterEvent::EntriesLost { .. }
            | CounterEvent::ClockWarned { .. }
            | CounterEvent::CaseShownInFull { .. }
            | CounterEvent::PacketExported { .. }
            | CounterEvent::PacketImported { .. }
            | CounterEvent::BranchCaseReturned { .. }
            | CounterEvent::BranchFindingPassed { .. }
            | CounterEvent::DeliveryRejected { .. }
            | CounterEvent::CaseErased { .. }
            | CounterEvent::JournalPurged { .. }
            | CounterEvent::StateRestored { .. }
            | CounterEvent::ClockAccepted { .. }
            | CounterEvent::KeyRotated { .. }
            | CounterEvent::AuditExported { .. } => {}
        }
        Ok(())
    }

    /// Makes all changes visible at once, applied through `head`. `case_of` gives every touched case as it is now.
    pub(crate) fn commit(mut self, head: Head, case_of: impl Fn(CaseId) -> Option<Arc<Case>>) -> Result<Vec<NewLine>, IndexFault> {
        let mut lines = Vec::new();
        for (id, touched) in std::mem::take(&mut self.touched) {
            self.draft.set_head(id, touched.head)?;
            let (Some(touch), Some(case)) = (touched.touch, case_of(id)) else { continue };
            if let Some(revision) = touched.received {
                for digest in pages_of(&case) {
                    self.draft.deliver_page(&digest, Some(revision))?;
                }
            }
            let before_seq = touched.before.map(|before| before.last_seq);
            let before_line = before_seq.map(|seq| self.draft.find_summary(seq)).transpose()?.flatten();
            let line = CaseSummary::after(before_line.as_ref(), &case, &touch);
            self.draft.replace_summary(before_seq, &line)?;
            lines.push((before_seq, line));
        }
        self.draft.applied_through(head);
        self.draft.commit()?;
        Ok(lines)
    }
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
        | CaseEvent::PageMoved { .. }
        | CaseEvent::MaterialMarked { .. }
        | CaseEvent::FindingOverridden { .. }
        | CaseEvent::Received { .. }
        | CaseEvent::Accepted { .. }
        | CaseEvent::AcceptedConditionally { .. }
        | CaseEvent::SupplementTold { .. }
        | CaseEvent::AcceptanceRefused { .. }
        | CaseEvent::NotRequired { .. }
        | CaseEvent::Withdrawn { .. }
        | CaseEvent::DeemedAccepted { .. }
        | CaseEvent::DeemedWithdrawn { .. }
        | CaseEvent::AcceptanceRevoked { .. }
        | CaseEvent::DecidedHere { .. }
        | CaseEvent::VisitNoted { .. }
        | CaseEvent::SentBack { .. }
        | CaseEvent::SentBackSettled
        | CaseEvent::PrintStepped { .. }
        | CaseEvent::ReceivedByCentre { .. }
        | CaseEvent::MatterMoved { .. }
        | CaseEvent::DecidedAtWindow { .. }
        | CaseEvent::BlankBooked { .. }
        | CaseEvent::BlankSettled { .. }
        | CaseEvent::HandedOver { .. } => Vec::new(),
    }
}

pub(crate) fn pages_of(case: &Case) -> impl Iterator<Item = Digest> {
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

/// Batches of entries read ahead while rolling, and entries in each.
const READ_AHEAD: usize = 8;
const READ_TOGETHER: usize = 256;

/// One entry on its way from the journal into the index.
struct ReadEntry {
    position: Position,
    digest: Digest,
    owner: Option<CaseId>,
    /// `None` when it cannot be read.
    entry: Option<Entry>,
}

/// Reads, opens and decodes entries and hands them over in order, until the other side has had enough.
fn read_ahead(segments: &Segments, first: u64, hand_over: &SyncSender<Vec<ReadEntry>>) -> Result<(), StoreFault> {
    let mut together = Vec::with_capacity(READ_TOGETHER);
    let mut wanted = true;
    segments.walk::<StoreFault>(
        first,
        |_, _| {},
        |located| {
            if !wanted {
                return Ok(());
            }
            together.push(ReadEntry {
                entry: Segments::decode(&located).ok().flatten(),
                position: located.position,
                digest: located.digest,
                owner: located.owner,
            });
            if together.len() == READ_TOGETHER {
                let full = std::mem::replace(&mut together, Vec::with_capacity(READ_TOGETHER));
                wanted = hand_over.send(full).is_ok();
            }
            Ok(())
        },
    )?;
    let _other_side_gone = hand_over.send(together);
    Ok(())
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
        let applied = self.ledger.meta().applied().unwrap_or_default();
        if applied.seq >= head.seq {
            return Ok(());
        }
        let segments = self.segments;
        std::thread::scope(|scope| {
            let (hand_over, take) = sync_channel(READ_AHEAD);
            // Opening and decoding entries takes as long as folding them: two threads share the work.
            let reader = scope.spawn(move || read_ahead(segments, applied.seq + 1, &hand_over));
            let rolled = self.roll_in(applied, head, &take, progress);
            drop(take);
            match reader.join() {
                Ok(Err(fault)) => Err(fault.into()),
                Ok(Ok(())) => rolled,
                Err(_panicked) => Err(StoreFault::Stopped.into()),
            }
        })
    }

    fn roll_in(&mut self, mut applied: Head, head: Head, take: &Receiver<Vec<ReadEntry>>, progress: &dyn Fn(Progress)) -> Result<(), FoldFault> {
        let ledger = self.ledger;
        let mut changes = Changes::new(ledger);
        // What lies behind the head is being written just now.
        for read in take.iter().flatten().take_while(|read| read.position.seq <= head.seq) {
            if changes.len() >= DRAFT_ROWS || self.cases.len() >= CASES_LIMIT {
                let full = std::mem::replace(&mut changes, Changes::new(ledger));
                self.commit(full, applied)?;
                // Changes begin from what is committed, so they begin anew.
                changes = Changes::new(ledger);
                progress(Progress {
                    entries: applied.seq,
                    of_entries: head.seq,
                });
            }
            self.apply(&mut changes, &read)?;
            applied = Head {
                seq: read.position.seq,
                digest: read.digest,
            };
        }
        self.commit(changes, applied)?;
        progress(Progress {
            entries: head.seq,
            of_entries: head.seq,
        });
        Ok(())
    }

    /// Cases are let go only here, when all their rows are committed: a case that is not at hand can always be folded.
    fn commit(&mut self, changes: Changes<'_>, applied: Head) -> Result<(), FoldFault> {
        changes.commit(applied, |id| self.cases.get(&id).cloned().flatten())?;
        if self.cases.len() >= CASES_LIMIT {
            self.cases.clear();
        }
        Ok(())
    }

    fn apply(&mut self, changes: &mut Changes<'_>, read: &ReadEntry) -> Result<(), FoldFault> {
        let Some(entry) = &read.entry else {
            if let Some(id) = read.owner {
                self.cases.insert(id, None);
                changes.apply_unreadable(id, read.position)?;
            }
            return Ok(());
        };
        let mut foldable = false;
        if let (Some(id), Event::Case(event)) = (entry.case, &entry.event) {
            let case = self.case_after(changes, id, entry.revision, event)?;
            foldable = case.is_some();
            self.cases.insert(id, case);
        }
        changes.apply(entry, read.position, foldable)?;
        Ok(())
    }

    fn case_after(&mut self, changes: &Changes<'_>, id: CaseId, revision: u32, event: &CaseEvent) -> Result<Option<Arc<Case>>, FoldFault> {
        let Some(head) = changes.find_head(id)? else {
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
