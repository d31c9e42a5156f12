//! One entry of the journal: who did what, when, at which counter, after which entry.
//! Absent on purpose: how it is written (see [`crate::encode`]).

use onewindow_case::CaseEvent;
use onewindow_case::ids::{CaseId, CounterId, Digest, FieldKey, MaterialKey, StaffNo};
use time::Date;

/// One act at a counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The counter that wrote it.
    pub counter: CounterId,
    /// Life of the counter's journal: a restored or re-installed counter begins a higher one.
    pub epoch: u32,
    /// Position in the counter's journal: from 1, without gaps.
    pub seq: u64,
    /// Chain digest of the entry before; 32 zero bytes before the first.
    pub prev: Digest,
    /// The case it belongs to; `None` for acts of the counter itself.
    pub case: Option<CaseId>,
    /// Revision of the case after this entry, from 1; 0 when there is no case.
    pub revision: u32,
    /// Wall clock of the counter in milliseconds since 1970-01-01 UTC. Never used for ordering.
    pub time_ms: i64,
    /// The day it counts for.
    pub business_date: Date,
    /// Who did it.
    pub actor: Actor,
    /// What happened.
    pub event: Event,
}

/// Who did something, in which capacity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Number on the badge; for [`Role::System`] the name of the part, such as `store`.
    pub staff_no: StaffNo,
    /// In which capacity.
    pub role: Role,
}

/// Capacity in which somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// 窗口人员.
    Clerk,
    /// 值班长.
    Supervisor,
    /// Sets up counters.
    Installer,
    /// The software itself.
    System,
}

/// What happened: to a case, or at the counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Folded into its case.
    Case(CaseEvent),
    /// Concerns no single case, or only the audit of one.
    Counter(CounterEvent),
}

/// Acts of a counter that change no case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CounterEvent {
    /// The software started.
    Started {
        /// Its version.
        version: String,
    },
    /// The actor signed in.
    SignedIn,
    /// Somebody failed to sign in.
    SignInFailed {
        /// The number they gave.
        staff_no: StaffNo,
    },
    /// The actor signed out.
    SignedOut,
    /// The screen was locked.
    Locked,
    /// The screen was unlocked.
    Unlocked,
    /// A setting of the counter has a new value.
    SettingChanged {
        /// Which setting.
        key: String,
        /// Its new value; secrets are never settings.
        value: String,
    },
    /// Everything the centre said up to `cursor` has been applied, in the same append as this entry.
    FeedApplied {
        /// Position in the centre's feed.
        cursor: u64,
    },
    /// Counted blanks were put into stock.
    BlanksStocked {
        /// Kind of blank.
        kind: String,
        /// First serial number.
        first: String,
        /// Last serial number.
        last: String,
    },
    /// Counted blanks went back to the store.
    BlanksReturned {
        /// Kind of blank.
        kind: String,
        /// First serial number.
        first: String,
        /// Last serial number.
        last: String,
        /// The second person.
        witness: StaffNo,
    },
    /// A blank was found spoiled before it was put under the printer.
    BlankSpoiled {
        /// Kind of blank.
        kind: String,
        /// Its serial number.
        serial: String,
        /// What happened to it.
        reason: String,
        /// The second person.
        witness: StaffNo,
    },
    /// Clerk and supervisor counted and signed the day; nothing was unaccounted for.
    DayClosed {
        /// The supervisor who signed with an own PIN.
        supervisor: StaffNo,
        /// The stored sheet.
        sheet: Digest,
        /// What the clerk had to remark.
        remark: Option<String>,
    },
    /// A number of a series was taken and is never given again, whether or not it was used.
    NumberTaken {
        /// The series, such as `case/2026-11-22`.
        series: String,
        /// The number, from 1.
        number: u32,
    },
    /// The index was built anew from the journal.
    StoreRebuilt {
        /// Closed word, such as `index-missing`.
        reason: String,
    },
    /// Acknowledged entries could not be read any more; a new epoch began after them.
    EntriesLost {
        /// First lost position.
        from: u64,
        /// Last lost position.
        to: u64,
    },
    /// The wall clock is off the centre's.
    ClockWarned {
        /// Counter minus centre.
        offset_ms: i64,
    },
    /// Somebody looked at a case with nothing masked.
    CaseShownInFull {
        /// Which case.
        case: CaseId,
        /// Why.
        reason: String,
    },
    /// Cases were written to a packet for transport.
    PacketExported {
        /// How many cases.
        cases: u32,
        /// SHA-256 of the packet.
        digest: Digest,
    },
    /// A packet was read in.
    PacketImported {
        /// How many cases.
        cases: u32,
        /// SHA-256 of the packet.
        digest: Digest,
    },
    /// The supervisor gives a case of another counter of the branch back to its clerk; the centre passes it on.
    BranchCaseReturned {
        /// Which case.
        case: CaseId,
        /// Why.
        reason: String,
    },
    /// The supervisor lets a finding of another counter's case pass; the centre passes it on.
    BranchFindingPassed {
        /// Which case.
        case: CaseId,
        /// Code of the finding.
        code: String,
        /// Paper concerned.
        material: Option<MaterialKey>,
        /// Field concerned.
        field: Option<FieldKey>,
        /// Why.
        reason: String,
    },
    /// The centre keeps an entry but rejects its content; a person must look.
    DeliveryRejected {
        /// Position of the rejected entry.
        seq: u64,
        /// Closed word of the centre.
        code: String,
    },
    /// The key of a case was destroyed: its entries and pages can not be read any more, here. Only after the centre's signed
    /// receipt and the local period.
    CaseErased {
        /// Which case.
        case: CaseId,
        /// Closed word, such as `retention`.
        reason: String,
    },
    /// Segments of the journal were removed; the chain goes on from there.
    JournalPurged {
        /// Last removed position.
        through: u64,
    },
    /// An older state of this journal was put back: positions that had been given before are not given again.
    StateRestored {
        /// Last position in the restored state.
        from: u64,
        /// Highest position known to have been given.
        to: u64,
    },
    /// A supervisor accepted that the wall clock was put back.
    ClockAccepted {
        /// How far back, ms.
        behind_ms: i64,
        /// Why it was.
        reason: String,
    },
    /// A device key was added and every case's key wrapped anew.
    KeyRotated {
        /// Number of the new key.
        version: u32,
    },
    /// The record of acts was written to a file.
    AuditExported {
        /// How many entries.
        entries: u64,
        /// SHA-256 of the file.
        digest: Digest,
    },
}
