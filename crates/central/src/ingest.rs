//! Entries on their way into the books: chain, fork and change are checked, every well-formed entry is kept once.
//!
//! A batch is one transaction. The same entry again gets the same answer; other bytes at a position that is taken are a
//! conflict and an alarm. What comes before a break is kept, what comes behind it is not; an empty batch only asks.
//!
//! A counter whose old state was put back unnoticed has written other entries at positions that are taken. It learns so by the conflict,
//! asks for an epoch above all others and sends those entries under that: they are a branch of the chain, beside what is here, and
//! nobody's word is lost. Their own bytes still name the epoch under which they were written.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use onewindow_journal::receipt::CommitReceipt;
use onewindow_journal::{ChainBreak, ChainBreakKind, Entry, Head, decode};
use onewindow_wire::entries::{EntriesBatch, EntriesReceipt, Rejection, SignedCommit};
use onewindow_wire::{MAX_BATCH_BYTES, MAX_BATCH_ENTRIES};

use crate::access::CounterCaller;
use crate::centre::Centre;
use crate::database::{Change, NewEntry, View};
use crate::fault::CentreFault;
use crate::registry::{is_echo, pages_named};

/// An entry of a batch with its bytes in the clear.
struct Sent {
    seq: u64,
    bytes: Vec<u8>,
}

/// Where the entries of a batch go.
struct Line<'l> {
    caller: &'l CounterCaller,
    epoch: u32,
    head: Option<Head>,
    rejected: Vec<Rejection>,
    touched: BTreeSet<onewindow_case::ids::CaseId>,
}

impl Centre {
    /// Keeps entries and says what is here now.
    ///
    /// # Errors
    /// [`CentreFault::Malformed`], [`CentreFault::TooLarge`], [`CentreFault::ChainBroken`], [`CentreFault::Forked`]; what came
    /// before the broken entry is kept all the same.
    pub(crate) async fn ingest(&self, caller: &CounterCaller, batch: &EntriesBatch) -> Result<EntriesReceipt, CentreFault> {
        if batch.counter != caller.counter {
            return Err(CentreFault::Unauthorised);
        }
        let sent = unpack(batch)?;
        let mut change = self.database.change().await?;
        let head = change.find_head(&caller.counter, batch.epoch).await?;
        let mut line = Line {
            caller,
            epoch: batch.epoch,
            head,
            rejected: Vec::new(),
            touched: BTreeSet::new(),
        };
        let mut broken = None;
        for item in &sent {
            match self.take(&mut change, &mut line, item).await {
                Ok(()) => {}
                Err(fault @ (CentreFault::Malformed(_) | CentreFault::ChainBroken(_) | CentreFault::Forked { .. })) => {
                    if !is_only_early(&fault) {
                        self.alarm(&mut change, &line, item.seq, &fault).await?;
                    }
                    broken = Some(fault);
                    break;
                }
                Err(fault) => return Err(fault),
            }
        }
        for case in &line.touched {
            self.advance(&mut change, *case).await?;
        }
        let receipt = self.receipt(&mut change, line).await?;
        change.commit().await?;
        self.bell.notify_waiters();
        broken.map_or(Ok(receipt), Err)
    }

    async fn take(&self, change: &mut Change, line: &mut Line<'_>, item: &Sent) -> Result<(), CentreFault> {
        let counter = &line.caller.counter;
        if let Some((bytes, rejection)) = change.find_entry(counter, line.epoch, item.seq).await? {
            if bytes != item.bytes {
                return Err(CentreFault::Forked { at_seq: item.seq });
            }
            line.rejected.extend(rejection.map(|code| Rejection { seq: item.seq, code }));
            return Ok(());
        }
        let head = match line.head {
            Some(head) => head,
            None => first_head(change, counter, line.epoch, item).await?,
        };
        if line.epoch < change.highest_epoch(counter).await? {
            // The counter that has begun it is this one before it was restored, or another one of its name.
            return Err(CentreFault::Forked { at_seq: item.seq });
        }
        let (entry, next) = follow(head, item, counter, line.epoch)?;
        if entry.epoch < line.epoch
            && let Some((bytes, _)) = change.find_entry(counter, entry.epoch, item.seq).await?
            && bytes == item.bytes
        {
            return Err(CentreFault::Malformed("an entry that is here under its own epoch"));
        }
        let filed = self.file(change, &entry).await?;
        let kept = NewEntry {
            counter,
            epoch: line.epoch,
            seq: item.seq,
            case: entry.case,
            revision: entry.revision,
            applied: filed.applied,
            echo: is_echo(&entry.event),
            rejection: filed.rejection,
            chain: next.digest,
            received_ms: self.clock.now_ms(),
            bytes: &item.bytes,
        };
        change.add_entry(&kept).await?;
        if let Some(case) = entry.case.filter(|_| filed.applied) {
            for digest in pages_named(&entry.event) {
                change.name_page(&digest, &line.caller.branch, case, &kept).await?;
            }
            line.touched.insert(case);
        }
        line.rejected.extend(filed.rejection.map(|code| Rejection {
            seq: item.seq,
            code: code.to_owned(),
        }));
        line.head = Some(next);
        Ok(())
    }

    /// What is here now, with the office's signature under what is committed.
    async fn receipt(&self, view: &mut View, line: Line<'_>) -> Result<EntriesReceipt, CentreFault> {
        let (counter, epoch) = (&line.caller.counter, line.epoch);
        let time_ms = self.clock.now_ms();
        let received_through = line.head.map_or(0, |head| head.seq);
        let waiting = view.first_waiting_seq(counter, epoch).await?;
        let committed_through = waiting.map_or(received_through, |seq| seq.saturating_sub(1));
        let mut signed = None;
        // What the counter may let go is signed only when nothing of its earlier lives waits for a page either.
        let waits_earlier = view.waits_before_epoch(counter, epoch).await?;
        if !waits_earlier && let Some(chain) = view.find_chain(counter, epoch, committed_through).await? {
            let mut said = CommitReceipt {
                counter: counter.clone(),
                epoch,
                committed_through,
                chain,
                time_ms,
                signature: String::new(),
            };
            said.signature = self.office.sign_message(&said.message())?;
            signed = Some(SignedCommit {
                epoch,
                chain: chain.to_string(),
                key_id: self.office.key_id().to_owned(),
                signature: said.signature,
            });
        }
        Ok(EntriesReceipt {
            received_through,
            committed_through,
            rejected: line.rejected,
            time_ms,
            signed,
        })
    }

    async fn alarm(&self, change: &mut Change, line: &Line<'_>, seq: u64, fault: &CentreFault) -> Result<(), CentreFault> {
        tracing::warn!(
            counter = line.caller.counter,
            epoch = line.epoch,
            seq,
            code = fault.code(),
            "an entry does not fit"
        );
        Ok(change
            .raise_alarm(self.clock.now_ms(), &line.caller.counter, line.epoch, seq, fault.code())
            .await?)
    }
}

/// Entries that came before those in front of them are nobody's fault; everything else that does not fit is looked at.
fn is_only_early(fault: &CentreFault) -> bool {
    matches!(
        fault,
        CentreFault::ChainBroken(ChainBreak {
            kind: ChainBreakKind::Missing,
            ..
        })
    )
}

/// Decodes and bounds a batch; its entries must follow one another.
fn unpack(batch: &EntriesBatch) -> Result<Vec<Sent>, CentreFault> {
    if batch.entries.len() > MAX_BATCH_ENTRIES {
        return Err(CentreFault::TooLarge);
    }
    let mut sent: Vec<Sent> = Vec::with_capacity(batch.entries.len());
    let mut size = 0_usize;
    for entry in &batch.entries {
        let bytes = STANDARD.decode(&entry.bytes).map_err(|_| CentreFault::Malformed("base64 of an entry"))?;
        size = size.saturating_add(bytes.len());
        let follows = sent.last().is_none_or(|last| last.seq.checked_add(1) == Some(entry.seq));
        if entry.seq == 0 || entry.seq > i64::MAX as u64 || !follows {
            return Err(CentreFault::Malformed("positions of the entries"));
        }
        sent.push(Sent { seq: entry.seq, bytes });
    }
    if size > MAX_BATCH_BYTES {
        return Err(CentreFault::TooLarge);
    }
    if batch.epoch == 0 {
        return Err(CentreFault::Malformed("epoch"));
    }
    Ok(sent)
}

/// The head before the first entry of an epoch: nothing, or the last entry that survived in the epoch before.
async fn first_head(view: &mut View, counter: &str, epoch: u32, item: &Sent) -> Result<Head, CentreFault> {
    if item.seq == 1 {
        return Ok(Head::EMPTY);
    }
    let entry = decode(&item.bytes).map_err(|_| CentreFault::Malformed("bytes of an entry"))?;
    let ancestor = view.find_ancestor(counter, epoch, &entry.prev).await?;
    match ancestor {
        Some(seq) if seq < item.seq => Ok(Head {
            seq: item.seq.saturating_sub(1),
            digest: entry.prev,
        }),
        Some(_) | None => Err(CentreFault::ChainBroken(ChainBreak {
            at_seq: item.seq,
            kind: ChainBreakKind::Missing,
        })),
    }
}

/// Checks one entry against the head before it.
fn follow(head: Head, item: &Sent, counter: &str, epoch: u32) -> Result<(Entry, Head), CentreFault> {
    let broken = |kind| CentreFault::ChainBroken(ChainBreak { at_seq: item.seq, kind });
    if item.seq != head.seq.saturating_add(1) {
        return Err(broken(ChainBreakKind::Missing));
    }
    let entry = decode(&item.bytes).map_err(|_| CentreFault::Malformed("bytes of an entry"))?;
    // An entry of a branch names the epoch under which it was written, never a later one.
    if entry.counter.as_str() != counter || entry.epoch > epoch {
        return Err(CentreFault::Malformed("counter or epoch of an entry"));
    }
    if entry.seq != item.seq {
        return Err(broken(ChainBreakKind::WrongSequence { found: entry.seq }));
    }
    if entry.prev != head.digest {
        return Err(broken(ChainBreakKind::WrongPredecessor));
    }
    Ok((entry, head.after(&item.bytes)))
}
