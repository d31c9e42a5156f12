//! Twin of the acts of a counter.

use onewindow_case::ids::{CaseId, FieldKey, MaterialKey, StaffNo};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::value::Hex;
use crate::entry::CounterEvent;

#[derive(Serialize, Deserialize)]
#[serde(tag = "e", rename_all = "snake_case")]
pub(crate) enum CounterEventTwin {
    Started {
        version: String,
    },
    SignedIn {},
    SignInFailed {
        staff_no: String,
    },
    SignedOut {},
    Locked {},
    Unlocked {},
    SettingChanged {
        key: String,
        value: String,
    },
    FeedApplied {
        cursor: u64,
    },
    BlanksStocked {
        kind: String,
        first: String,
        last: String,
    },
    BlanksReturned {
        kind: String,
        first: String,
        last: String,
        witness: String,
    },
    BlankSpoiled {
        kind: String,
        serial: String,
        reason: String,
        witness: String,
    },
    DayClosed {
        supervisor: String,
        sheet: Hex,
        remark: Option<String>,
    },
    NumberTaken {
        series: String,
        number: u32,
    },
    StoreRebuilt {
        reason: String,
    },
    EntriesLost {
        from: u64,
        to: u64,
    },
    ClockWarned {
        offset_ms: i64,
    },
    CaseShownInFull {
        case: Uuid,
        reason: String,
    },
    PacketExported {
        cases: u32,
        digest: Hex,
    },
    PacketImported {
        cases: u32,
        digest: Hex,
    },
    BranchCaseReturned {
        case: Uuid,
        reason: String,
    },
    BranchFindingPassed {
        case: Uuid,
        code: String,
        material: Option<String>,
        field: Option<String>,
        reason: String,
    },
    DeliveryRejected {
        seq: u64,
        code: String,
    },
    CaseErased {
        case: Uuid,
        reason: String,
    },
    JournalPurged {
        through: u64,
    },
    StateRestored {
        from: u64,
        to: u64,
    },
    ClockAccepted {
        behind_ms: i64,
        reason: String,
    },
    KeyRotated {
        version: u32,
    },
    AuditExported {
        entries: u64,
        digest: Hex,
    },
}

impl From<&CounterEvent> for CounterEventTwin {
    fn from(event: &CounterEvent) -> Self {
        match event.clone() {
            CounterEvent::Started { version } => Self::Started { version },
            CounterEvent::SignedIn => Self::SignedIn {},
            CounterEvent::SignInFailed { staff_no } => Self::SignInFailed {
                staff_no: staff_no.as_str().to_owned(),
            },
            CounterEvent::SignedOut => Self::SignedOut {},
            CounterEvent::Locked => Self::Locked {},
            CounterEvent::Unlocked => Self::Unlocked {},
            CounterEvent::SettingChanged { key, value } => Self::SettingChanged { key, value },
            CounterEvent::FeedApplied { cursor } => Self::FeedApplied { cursor },
            CounterEvent::BlanksStocked { kind, first, last } => Self::BlanksStocked { kind, first, last },
            CounterEvent::BlanksReturned { kind, first, last, witness } => Self::BlanksReturned {
                kind,
                first,
                last,
                witness: witness.as_str().to_owned(),
            },
            CounterEvent::BlankSpoiled { kind, serial, reason, witness } => Self::BlankSpoiled {
                kind,
                serial,
                reason,
                witness: witness.as_str().to_owned(),
            },
            CounterEvent::DayClosed { supervisor, sheet, remark } => Self::DayClosed {
                supervisor: supervisor.as_str().to_owned(),
                sheet: sheet.into(),
                remark,
            },
            CounterEvent::NumberTaken { series, number } => Self::NumberTaken { series, number },
            CounterEvent::StoreRebuilt { reason } => Self::StoreRebuilt { reason },
            CounterEvent::EntriesLost { from, to } => Self::EntriesLost { from, to },
            CounterEvent::ClockWarned { offset_ms } => Self::ClockWarned { offset_ms },
            CounterEvent::CaseShownInFull { case, reason } => Self::CaseShownInFull { case: case.as_uuid(), reason },
            CounterEvent::PacketExported { cases, digest } => Self::PacketExported { cases, digest: digest.into() },
            CounterEvent::PacketImported { cases, digest } => Self::PacketImported { cases, digest: digest.into() },
            CounterEvent::BranchCaseReturned { case, reason } => Self::BranchCaseReturned { case: case.as_uuid(), reason },
            CounterEvent::BranchFindingPassed {
                case,
                code,
                material,
                field,
                reason,
            } => Self::BranchFindingPassed {
                case: case.as_uuid(),
                code,
                material: material.map(|key| key.to_string()),
                field: field.map(|key| key.to_string()),
                reason,
            },
            CounterEvent::DeliveryRejected { seq, code } => Self::DeliveryRejected { seq, code },
            CounterEvent::CaseErased { case, reason } => Self::CaseErased { case: case.as_uuid(), reason },
            CounterEvent::JournalPurged { through } => Self::JournalPurged { through },
            CounterEvent::StateRestored { from, to } => Self::StateRestored { from, to },
            CounterEvent::ClockAccepted { behind_ms, reason } => Self::ClockAccepted { behind_ms, reason },
            CounterEvent::KeyRotated { version } => Self::KeyRotated { version },
            CounterEvent::AuditExported { entries, digest } => Self::AuditExported {
                entries,
                digest: digest.into(),
            },
        }
    }
}

impl From<CounterEventTwin> for CounterEvent {
    fn from(twin: CounterEventTwin) -> Self {
        match twin {
            CounterEventTwin::Started { version } => Self::Started { version },
            CounterEventTwin::SignedIn {} => Self::SignedIn,
            CounterEventTwin::SignInFailed { staff_no } => Self::SignInFailed {
                staff_no: StaffNo::new(staff_no),
            },
            CounterEventTwin::SignedOut {} => Self::SignedOut,
            CounterEventTwin::Locked {} => Self::Locked,
            CounterEventTwin::Unlocked {} => Self::Unlocked,
            CounterEventTwin::SettingChanged { key, value } => Self::SettingChanged { key, value },
            CounterEventTwin::FeedApplied { cursor } => Self::FeedApplied { cursor },
            CounterEventTwin::BlanksStocked { kind, first, last } => Self::BlanksStocked { kind, first, last },
            CounterEventTwin::BlanksReturned { kind, first, last, witness } => Self::BlanksReturned {
                kind,
                first,
                last,
                witness: StaffNo::new(witness),
            },
            CounterEventTwin::BlankSpoiled { kind, serial, reason, witness } => Self::BlankSpoiled {
                kind,
                serial,
                reason,
                witness: StaffNo::new(witness),
            },
            CounterEventTwin::DayClosed { supervisor, sheet, remark } => Self::DayClosed {
                supervisor: StaffNo::new(supervisor),
                sheet: sheet.into(),
                remark,
            },
            CounterEventTwin::NumberTaken { series, number } => Self::NumberTaken { series, number },
            CounterEventTwin::StoreRebuilt { reason } => Self::StoreRebuilt { reason },
            CounterEventTwin::EntriesLost { from, to } => Self::EntriesLost { from, to },
            CounterEventTwin::ClockWarned { offset_ms } => Self::ClockWarned { offset_ms },
            CounterEventTwin::CaseShownInFull { case, reason } => Self::CaseShownInFull {
                case: CaseId::new(case),
                reason,
            },
            CounterEventTwin::PacketExported { cases, digest } => Self::PacketExported { cases, digest: digest.into() },
            CounterEventTwin::PacketImported { cases, digest } => Self::PacketImported { cases, digest: digest.into() },
            CounterEventTwin::BranchCaseReturned { case, reason } => Self::BranchCaseReturned {
                case: CaseId::new(case),
                reason,
            },
            CounterEventTwin::BranchFindingPassed {
                case,
                code,
                material,
                field,
                reason,
            } => Self::BranchFindingPassed {
                case: CaseId::new(case),
                code,
                material: material.map(MaterialKey::new),
                field: field.map(FieldKey::new),
                reason,
            },
            CounterEventTwin::DeliveryRejected { seq, code } => Self::DeliveryRejected { seq, code },
            CounterEventTwin::CaseErased { case, reason } => Self::CaseErased {
                case: CaseId::new(case),
                reason,
            },
            CounterEventTwin::JournalPurged { through } => Self::JournalPurged { through },
            CounterEventTwin::StateRestored { from, to } => Self::StateRestored { from, to },
            CounterEventTwin::ClockAccepted { behind_ms, reason } => Self::ClockAccepted { behind_ms, reason },
            CounterEventTwin::KeyRotated { version } => Self::KeyRotated { version },
            CounterEventTwin::AuditExported { entries, digest } => Self::AuditExported {
                entries,
                digest: digest.into(),
            },
        }
    }
}
