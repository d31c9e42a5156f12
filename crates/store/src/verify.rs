//! Proof that what is on disk is what was written: the whole chain, and every page that an entry names.
//! Absent on purpose: mending. A report names what is wrong and leaves it as it is.

use std::collections::BTreeSet;

use onewindow_case::ids::Digest;
use onewindow_journal::chain::verify_next;
use onewindow_journal::{ChainBreak, ChainBreakKind, Event, Head};

use crate::core::Core;
use crate::fault::StoreFault;
use crate::fold::pages_named;
use crate::open::Loss;
use crate::segments::{Located, Segments};

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

    fn note(&mut self, at_seq: u64, kind: ChainBreakKind) {
        self.first_break.get_or_insert(ChainBreak { at_seq, kind });
    }

    fn follow(&mut self, located: &Located) {
        let seq = located.position.seq;
        if seq != self.head.seq + 1 {
            self.note(self.head.seq + 1, ChainBreakKind::Missing);
            self.head.seq = seq - 1;
        } else if let Some(bytes) = &located.bytes {
            match verify_next(self.head, bytes) {
                Ok(next) if next.digest == located.digest => {}
                Ok(_) => self.note(seq, ChainBreakKind::Changed),
                Err(fault) => self.note(fault.at_seq, fault.kind),
            }
        }
        self.entries += 1;
        if located.bytes.is_none() {
            self.unreadable += 1;
            self.losses.push(Loss {
                segment: located.position.segment,
                from_seq: seq,
                to_seq: seq,
            });
        }
        self.head = Head { seq, digest: located.digest };
    }
}

pub(crate) fn verify_chain(core: &Core) -> Result<ChainReport, StoreFault> {
    let through = core.head().seq;
    let mut report = ChainReport::default();
    let mut losses = Vec::new();
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
            if located.position.seq <= through {
                report.follow(&located);
            }
            Ok(())
        },
    )?;
    report.losses.extend(losses);
    report.losses.sort_by_key(|loss| loss.from_seq);
    if report.head.seq < through {
        report.note(report.head.seq + 1, ChainBreakKind::Missing);
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
