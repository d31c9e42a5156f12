//! An old state of this PC was put back (a backup, a disk image), and what follows from it.
//!
//! ```text
//!            p            r
//! centre  ───┬── A ── A ──┤                the past that was put back is gone from here, the centre has it
//!            └── B ── B ── B ─┐            what was done here since, at positions that are taken
//!                         q   └── C ──▶    from now on, under a new epoch, behind all of them
//! ```
//! Most often the store notices it at opening, by a mark that lies outside of it, before anything is written (`B` is empty then). When the
//! mark went back too, the centre notices: it holds more than is here, or another entry at a position. Nothing of `B` is lost and nothing of
//! it is hidden: it goes to the centre as a branch of its own, under an epoch that the centre gives, and where both pasts say something about
//! one case the centre keeps both and rejects the later one by a word that a person must look at.
//!
//! Absent on purpose: bringing `A` back to this PC. Its cases are at the centre; the branch's supervisor sees them there.

use onewindow_ipc::Words;
use onewindow_journal::CounterEvent;
use onewindow_link::Link;
use onewindow_wire::entries::{EntriesBatch, EntryBytes};
use serde::{Deserialize, Serialize};

use crate::desk::{Desk, lock};
use crate::fault::DeskFault;

/// Setting under which the branches are kept, oldest first.
const BRANCHES_SETTING: &str = "journal_branches";

/// Entries that are sent under another epoch than they were written under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Branch {
    /// Epoch in the entries.
    written_under: u32,
    /// Last position that this PC and the centre have in common (`p`).
    after_seq: u64,
    /// Epoch under which the centre files what comes behind it.
    sent_under: u32,
}

/// What a person is told of a restored state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Restored {
    /// Last position in common.
    pub after_seq: u64,
    /// Last position that was written on the old state; as `after_seq` when nothing was.
    pub through_seq: u64,
    /// Highest position that is known to have been given before.
    pub given_through: u64,
}

impl Desk {
    /// The batch as the centre files it: entries of a branch under the branch's epoch, and never entries of two epochs together.
    pub(crate) fn as_branch(&self, written_under: u32, mut entries: Vec<EntryBytes>) -> Result<EntriesBatch, DeskFault> {
        let branches = self.branches()?;
        let filed_under = |seq: u64| {
            let branch = branches
                .iter()
                .rev()
                .find(|branch| branch.written_under == written_under && branch.after_seq < seq);
            branch.map_or(written_under, |branch| branch.sent_under)
        };
        let epoch = entries.first().map_or(written_under, |first| filed_under(first.seq));
        let together = entries.iter().take_while(|entry| filed_under(entry.seq) == epoch).count();
        entries.truncate(together);
        Ok(EntriesBatch {
            counter: self.shared.config.counter.clone(),
            epoch,
            entries,
        })
    }

    /// The centre holds another entry at `at_seq`: from there on this PC's entries are a branch. Nothing is sent until that is kept.
    pub(crate) async fn part_ways(&self, link: &Link, refused: &EntriesBatch, written_under: u32, at_seq: u64) -> Result<(), DeskFault> {
        let asked = EntriesBatch {
            entries: Vec::new(),
            ..refused.clone()
        };
        let received_through = link.send_entries(&asked).await?.received_through;
        let branch = Branch {
            written_under,
            after_seq: at_seq.saturating_sub(1),
            sent_under: link.next_epoch().await?.epoch,
        };
        self.begin_branch(branch, received_through)
    }

    /// Goes on under an epoch above the branch's, behind every position that was given by either past.
    fn begin_branch(&self, branch: Branch, received_through: u64) -> Result<(), DeskFault> {
        let from = self.shared.store.head().seq;
        tracing::error!(
            ?branch,
            received_through,
            from,
            "the centre holds another past of this journal: an old state was restored"
        );
        let next = branch.sent_under.max(self.shared.store.epoch()) + 1;
        self.shared.store.begin_epoch_behind(next, received_through)?;
        let mut branches = self.branches()?;
        branches.push(branch);
        let value = serde_json::to_string(&branches).map_err(|error| DeskFault::Defect(error.to_string()))?;
        let key = BRANCHES_SETTING.to_owned();
        let to = received_through.max(from);
        self.note_all(
            None,
            vec![CounterEvent::SettingChanged { key, value }, CounterEvent::StateRestored { from, to }],
        )?;
        self.say_restored(Restored {
            after_seq: branch.after_seq,
            through_seq: from,
            given_through: to,
        });
        Ok(())
    }

    /// The centre holds more of this journal than is here, and all that is here: positions that were given are not given again.
    pub(crate) fn go_on_behind(&self, received_through: u64) -> Result<(), DeskFault> {
        let from = self.shared.store.head().seq;
        if received_through <= from {
            return Ok(());
        }
        tracing::error!(received_through, from, "the centre holds more than this journal: an old state was restored");
        self.shared.store.begin_epoch_behind(self.shared.store.epoch() + 1, received_through)?;
        self.note(None, CounterEvent::StateRestored { from, to: received_through })?;
        self.say_restored(Restored {
            after_seq: from,
            through_seq: from,
            given_through: received_through,
        });
        Ok(())
    }

    /// What to tell whoever works here, while this PC runs; afterwards it stands in the audit view.
    pub(crate) fn restored(&self) -> Option<Restored> {
        let at_work = lock(&self.shared.standing).restored;
        at_work.or_else(|| self.restored_at_opening())
    }

    /// As the store noticed it by its mark, before anything was written on the old state.
    pub(crate) fn restored_at_opening(&self) -> Option<Restored> {
        self.shared.opened.restored.map(|(from, to)| Restored {
            after_seq: from,
            through_seq: from,
            given_through: to,
        })
    }

    fn say_restored(&self, restored: Restored) {
        // The status line tells it within a second.
        lock(&self.shared.standing).restored = Some(restored);
    }

    fn branches(&self) -> Result<Vec<Branch>, DeskFault> {
        match self.shared.store.find_setting(BRANCHES_SETTING)? {
            Some(text) => serde_json::from_str(&text).map_err(|error| DeskFault::Defect(error.to_string())),
            None => Ok(Vec::new()),
        }
    }
}

impl Restored {
    /// What happened and what to do about it.
    pub(crate) fn words(self) -> Words {
        let Self {
            after_seq,
            through_seq,
            given_through,
        } = self;
        if through_seq == after_seq {
            return Words::new(
                format!("本机恢复过旧备份（到第 {after_seq} 条，曾到第 {given_through} 条）。缺的办件在中心，不要在本机重办；请通知主管和安装员。"),
                format!(
                    "An old backup was restored (up to entry {after_seq}, it had been {given_through}). The missing cases are at the centre: do not take them again here; tell the supervisor and the installer."
                ),
            );
        }
        Words::new(
            format!(
                "本机恢复过旧备份，发现前又记了第 {} 至 {through_seq} 条，已另作一支送中心。其间发出的受理号、证照号、空白证照可能与之前重号：请主管在审计中核对，并通知安装员。",
                after_seq + 1
            ),
            format!(
                "An old backup was restored, and entries {} to {through_seq} were written before that was noticed; they go to the centre as a branch. Case numbers, licence numbers and blanks given in between may have been given before: the supervisor compares them in the audit view and tells the installer.",
                after_seq + 1
            ),
        )
    }
}
