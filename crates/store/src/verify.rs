//! Proof that what is on disk is what was written: the whole chain, and every page that an entry names.
//! Absent on purpose: mending. A report names what is wrong and leaves it as it is.

use std::collections::{BTreeMap, BTreeSet};

use onewindow_case::ids::{CaseId, Digest};
use onewindow_journal::chain::verify_next;
use onewindow_journal::{ChainBreak, ChainBreakKind, CounterEvent, Event, Head};

use crate::core::Core;
use crate::fault::StoreFault;
use crate::fold::pages_named;
use crate::open::Loss;
use crate::segments::{Located, Segments};

/// Breaks of the chain that are remembered while following it.
const BREAKS_LIMIT: usize = 1_000;

/// The chain from the first entry to the last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChainReport {
    /// Entries read.
    pub entries: u64,
    /// Entries whose case's key is lost: their place in the chain is there, their content is not. They count as losses.
    pub unreadable: u64,
    /// The last entry.
    pub head: Head,
    /// The first break, if any.
    pub first_break: Option<ChainBreak>,
    /// Entries that were acknowledged and cannot be read.
    pub losses: Vec<Loss>,
    /// Entries of cases that were erased on purpose: their place in the chain holds, their content is gone for good.
    pub erased: u64,
    /// Position up to which the journal was purged, 0 when it is there from its beginning.
    pub purged_through: u64,
    /// Stretches of positions that this journal never held: an older state was put back, and an entry says so.
    pub restored: Vec<(u64, u64)>,
}

/// Pages named by entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageReport {
    /// Pages read and found right.
    pub whole: u64,
    /// Pages that are not there.
    pub missing: Vec<Digest>,
    /// Pages that cannot be read.
    pub damaged: Vec<Digest>,
}

impl ChainReport {
    /// Whether nothing is wrong.
    pub fn holds(&self) -> bool {
        self.first_break.is_none() && self.losses.is_empty()
    }

    fn follow(&mut self, located: &Located, breaks: &mut Vec<ChainBreak>) {
        let mut note = |at_seq, kind| {
            if breaks.len() < BREAKS_LIMIT {
                breaks.push(ChainBreak { at_seq, kind });
            }
        };
        let seq = located.position.seq;
        if seq != self.head.seq + 1 {
            note(self.head.seq + 1, ChainBreakKind::Missing);
            self.head.seq = seq - 1;
        } else if let Some(bytes) = &located.bytes {
            match verify_next(self.head, bytes) {
                Ok(next) if next.digest == located.digest => {}
                Ok(_) => note(seq, ChainBreakKind::Changed),
                Err(fault) => note(fault.at_seq, fault.kind),
            }
        }
        self.entries += 1;
        self.head = Head { seq, digest: located.digest };
    }
}

pub(crate) fn verify_chain(core: &Core) -> Result<ChainReport, StoreFault> {
    let through = core.head().seq;
    let base = core.segments.base();
    let mut report = ChainReport {
        head: base,
        purged_through: base.seq,
        ..ChainReport::default()
    };
    let mut losses = Vec::new();
    let mut breaks = Vec::new();
    let mut sealed: BTreeMap<Option<CaseId>, Vec<Loss>> = BTreeMap::new();
    let mut erased = BTreeSet::new();
    core.segments.walk::<StoreFault>(
        1,
        |segment, damage| {
            losses.push(Loss {
                segment,
                from_seq: damage.from_seq,
                to_seq: damage.to_seq,
            })
        },
        |located| {
            // The writer may be adding entries that nobody was told of yet.
            if located.position.seq > through {
                return Ok(());
            }
            report.follow(&located, &mut breaks);
            if located.bytes.is_none() {
                let seq = located.position.seq;
                sealed.entry(located.owner).or_default().push(Loss {
                    segment: located.position.segment,
                    from_seq: seq,
                    to_seq: seq,
                });
            } else if located.owner.is_none()
                && let Ok(Some(entry)) = Segments::decode(&located)
            {
                match entry.event {
                    Event::Counter(CounterEvent::CaseErased { case, .. }) => drop(erased.insert(case)),
                    Event::Counter(CounterEvent::StateRestored { from, to }) => report.restored.push((from + 1, to)),
                    Event::Counter(_) | Event::Case(_) => {}
                }
            }
            Ok(())
        },
    )?;
    for (owner, entries) in sealed {
        if owner.is_some_and(|case| erased.contains(&case)) {
            report.erased += entries.len() as u64;
        } else {
            report.unreadable += entries.len() as u64;
            losses.extend(entries);
        }
    }
    // What an entry says was put back is no loss, and the gap it left no break.
    let told = report.restored.clone();
    losses.retain(|loss| !told.iter().any(|(from, to)| *from <= loss.from_seq && loss.to_seq <= *to));
    report.first_break = breaks.into_iter().find(|found| {
        let named = told.iter().any(|(from, _)| *from == found.at_seq);
        !(named && found.kind == ChainBreakKind::Missing)
    });
    report.losses.extend(losses);
    report.losses.sort_by_key(|loss| loss.from_seq);
    if report.head.seq < through {
        report.first_break.get_or_insert(ChainBreak {
            at_seq: report.head.seq + 1,
            kind: ChainBreakKind::Missing,
        });
    }
    Ok(report)
}

pub(crate) fn verify_pages(core: &Core) -> Result<PageReport, StoreFault> {
    let mut named = BTreeSet::new();
    core.segments.walk::<StoreFault>(
        1,
        |_, _| {},
        |located| {
            if let Ok(Some(entry)) = Segments::decode(&located)
                && let Event::Case(event) = &entry.event
            {
                named.extend(pages_named(event));
            }
            Ok(())
        },
    )?;
    let mut report = PageReport::default();
    for digest in named {
        match core.pages.read(&digest) {
            Ok(_) => report.whole += 1,
            Err(StoreFault::UnknownPage(_)) => report.missing.push(digest),
            Err(StoreFault::Damaged { .. }) => report.damaged.push(digest),
            Err(fault) => return Err(fault),
        }
    }
    Ok(report)
}
